//! kill -9 at random moments of sync, playout and append: the log verifies, what was due has exactly one outcome, and
//! nothing unfinished stays.

use std::{collections::BTreeMap, path::Path, time::Duration};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde_json::Value;

use crate::r#box::{Station, hours, now};

/// `LOAXA_KILLS=300` for the thorough run.
fn kills() -> usize {
    std::env::var("LOAXA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(30)
}

fn unfinished(dir: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            found.extend(unfinished(&path));
        } else if name.starts_with(".unfinished-") || name.ends_with(".part") {
            found.push(path.display().to_string());
        }
    }
    found
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// How many outcomes each due instant has.
fn counted(records: &[Value]) -> BTreeMap<DateTime<Utc>, usize> {
    let mut all = BTreeMap::new();
    for outcome in records.iter().filter(|r| r["kind"] == "outcome") {
        let (mut due, mut last) =
            (instant(&outcome["occurrence"]["due"]), instant(&outcome["occurrence"]["due"]));
        if outcome["run"].is_object() {
            (due, last) = (instant(&outcome["run"]["first"]), instant(&outcome["run"]["last"]));
        }
        while due <= last {
            *all.entry(due).or_default() += 1;
            due += TimeDelta::seconds(5);
        }
    }
    all
}

#[test]
fn killed_at_random_every_occurrence_has_one_outcome_and_the_log_verifies() {
    let mut station = Station::new();
    station.bulletin("ngan", "viec-nhe-luong-cao.ogg", 2);
    let yaml = every_five_seconds();
    station.repo.schedule("yen-the", &yaml);
    station.publish();
    for _ in 0..kills() {
        station.start();
        std::thread::sleep(Duration::from_millis(fastrand::u64(0..3_000)));
        station.kill();
        station.assert_log_verifies();
    }
    station.start();
    std::thread::sleep(Duration::from_secs(8));
    station.stop();
    station.assert_log_verifies();
    assert_eq!(unfinished(&station.path("state")), Vec::<String>::new());

    let records = station.records();
    let counted = counted(&records);
    let since = records
        .iter()
        .find(|r| r["kind"] == "applied" && r["policy"].is_string())
        .map(|r| instant(&r["at"]))
        .unwrap();
    // What was due in the last seconds may still wait for its turn.
    let until = instant(&records.last().unwrap()["at"]) - TimeDelta::seconds(9);
    let mut due = since + TimeDelta::seconds(5 - i64::from(since.second() % 5));
    due -= TimeDelta::nanoseconds(i64::from(due.timestamp_subsec_nanos()));
    let mut owed = 0;
    while due < until {
        assert_eq!(counted.get(&due), Some(&1), "{due}: {counted:?}");
        due += TimeDelta::seconds(5);
        owed += 1;
    }
    assert!(counted.values().all(|n| *n == 1), "{counted:?}");
    let words = station.outcomes();
    let count = |word: &str| words.iter().filter(|w| w.contains(word)).count();
    println!(
        "{} kills: {owed} owed, {} played, {} interrupted, {} missed",
        kills(),
        count("played"),
        count("interrupted"),
        count("missed")
    );
}

fn every_five_seconds() -> String {
    let day = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    let (from, until) = (day - TimeDelta::days(1), day + TimeDelta::days(20));
    let hours = hours();
    format!(
        "format: 1
area: yen-the
timezone: Asia/Ho_Chi_Minh
valid: {{ from: {from}, until: {until} }}
slots:
  - id: nam-giay
    title: {{ vi: \"Năm giây\" }}
    cron: \"*/5 * {hours} * * *\"
    class: priority
    start_within: 4s
    max_duration: 1m
    playlist:
      - bulletin: ngan
"
    )
}
