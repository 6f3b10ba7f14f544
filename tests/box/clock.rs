//! What the station believes of its clock, by a false systemd-timedated on a private bus.

use std::{os::unix::net::UnixListener, process::Output, time::Duration};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::Value;

use crate::{
    r#box::{Station, now},
    bus::Bus,
};

const SPEECH: &str = "viec-nhe-luong-cao.ogg";
const LONG: Duration = Duration::from_secs(60);

/// A station that believes only a synchronised clock, and asks `bus`.
fn station(bus: &str) -> Station {
    let mut station = Station::new();
    synced(&mut station, bus);
    station
}

fn synced(station: &mut Station, bus: &str) {
    let yaml = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    std::fs::write(station.path("station.yaml"), yaml.replace("trust: always", "trust: synced")).unwrap();
    station.env.push(("DBUS_SYSTEM_BUS_ADDRESS", bus.to_owned()));
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

fn trust(status: &Value) -> &str {
    status["clock"]["trust"].as_str().unwrap()
}

fn set(station: &Station, to: DateTime<Utc>, more: &[&str]) -> Output {
    let to = to.to_rfc3339_opts(SecondsFormat::Secs, true);
    station.run(&["station", "clock", "set", &to, "--reason", "theo đồng hồ của xã"], |c| {
        c.args(more);
    })
}

fn clock_records(station: &Station) -> Vec<Value> {
    station.records().into_iter().filter(|r| r["kind"] == "clock").collect()
}

/// What the station knows of its clock was learnt in an earlier boot than this.
fn another_boot(station: &Station) {
    let file = station.path("state/run/clock.json");
    let mut latch: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(latch["synced"], true);
    latch["boot"] = "5f0c6f3e-0000-4000-8000-000000000000".into();
    std::fs::write(&file, latch.to_string()).unwrap();
}

#[test]
fn nothing_plays_until_the_clock_was_synchronised_once_in_this_boot() {
    let dir = tempfile::tempdir().unwrap();
    let bus = Bus::new(dir.path());
    let mut station = station(&bus.address());
    station.bulletin("viec-nhe", SPEECH, 3);
    station.publish();
    // A station that has lived: it knows until when everything is settled.
    bus.set(|t| t.synchronised = true);
    station.start().until_held(1);
    station.until(LONG, "the clock is trusted", |s| trust(s) == "synced");
    station.stop();

    // The power fails and comes back, the line does not.
    bus.set(|t| t.synchronised = false);
    another_boot(&station);
    let due = station.start().schedule_soon("sang", 10, &["viec-nhe"]);

    // Not synchronised: due, and silent; status says what to do.
    let status = station.until(LONG, "the slot is due", |_| now() > due + TimeDelta::seconds(2));
    assert_eq!(trust(&status), "no");
    assert!(station.outcomes().is_empty() && !station.path("pa.wav").exists(), "{status}");
    let shown = station.run(&["station", "status", "--lang", "vi"], |_| {});
    assert!(said(&shown).contains("CHƯA TIN ĐƯỢC") && said(&shown).contains("clock set"), "{}", said(&shown));

    // Synchronised: it plays what may still start.
    bus.set(|t| t.synchronised = true);
    station.until(LONG, "the clock is trusted", |s| trust(s) == "synced");
    assert_eq!(station.until_outcomes(1, LONG), ["sang played"]);

    // Hours without a line turn the kernel's flag off; that forgets nothing, nor does a restart.
    bus.set(|t| t.synchronised = false);
    station.stop();
    station.start();
    station.until(LONG, "still trusted", |s| trust(s) == "synced");
    station.stop();

    // Another boot: what was known belongs to the one before.
    another_boot(&station);
    station.start();
    let status = station.until(LONG, "it answers", |_| true);
    assert_eq!(trust(&status), "no");
    station.stop();
    station.assert_log_verifies();
}

#[test]
fn without_timedated_the_status_says_what_to_install() {
    let dir = tempfile::tempdir().unwrap();
    let bus = Bus::empty(dir.path());
    for address in ["unix:path=/nowhere/bus".to_owned(), bus.address()] {
        let mut station = station(&address);
        station.start();
        let says = |s: &Value| {
            let texts = s["warnings"].as_array().unwrap();
            texts.iter().any(|t| t["en"].as_str().unwrap().contains("systemd-timesyncd"))
        };
        let status = station.until(LONG, "it says what to install", says);
        assert_eq!(trust(&status), "no");
        station.stop();
    }
}

#[test]
fn a_bus_that_never_answers_holds_nobody_up() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bus");
    let _deaf = UnixListener::bind(&path).unwrap();
    let mut station = station(&format!("unix:path={}", path.display()));
    // Believed by the battery clock after a reload: the slot is on time although the bus is asked all the while.
    station.bulletin("viec-nhe", SPEECH, 2);
    station.publish();
    station.start().until_held(1);
    let yaml = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    std::fs::write(station.path("station.yaml"), yaml.replace("trust: synced", "trust: rtc")).unwrap();
    let reload = station.run(&["station", "reload"], |_| {});
    assert!(reload.status.success(), "{}", said(&reload));
    station.schedule_soon("sang", 10, &["viec-nhe"]);
    assert_eq!(station.until_outcomes(1, LONG), ["sang played"]);
    station.stop();
}

#[test]
fn an_operator_sets_the_clock_although_a_time_service_runs_and_the_log_notes_it() {
    let dir = tempfile::tempdir().unwrap();
    let bus = Bus::new(dir.path());
    bus.set(|t| t.ntp = true);
    let mut station = station(&bus.address());
    // No station, no record: then the clock is not touched either.
    let out = set(&station, now(), &[]);
    assert_eq!((out.status.code(), bus.calls()), (Some(3), vec![]), "{}", said(&out));

    station.start();
    let to = now();
    let out = set(&station, to, &[]);
    assert!(out.status.success(), "{}", said(&out));
    let calls: Vec<String> = bus.calls().iter().map(|c| c.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(calls, ["SetTime", "SetNTP", "SetTime", "SetNTP"], "{:?}", bus.calls());
    assert_eq!(bus.calls()[3], "SetNTP true", "the next network must set the clock again");
    let asked: i64 = bus.calls()[2].split(' ').nth(1).unwrap().parse().unwrap();
    assert!((asked - to.timestamp()).abs() < 20, "{asked} for {to}");

    let status = station.until(LONG, "trusted", |s| trust(s) == "set");
    assert!(status["clock"]["before"].is_null(), "{status}");
    let records = clock_records(&station);
    let record = records.iter().find(|r| r["event"] == "set").unwrap_or_else(|| panic!("{records:?}"));
    assert_eq!((&record["reason"], &record["trust"]), (&"theo đồng hồ của xã".into(), &"set".into()));
    assert!(record.get("alarm").is_none_or(|a| a == false), "{record}");
    station.stop();
    station.assert_log_verifies();
}

#[test]
fn a_clock_earlier_than_what_the_feed_proves_is_believed_only_by_an_override_with_an_alarm() {
    let dir = tempfile::tempdir().unwrap();
    let bus = Bus::new(dir.path());
    let mut station = Station::new();
    station.repo.pass(TimeDelta::hours(1));
    station.publish();
    synced(&mut station, &bus.address());
    station.start();
    station.until(LONG, "the feed is here", |s| s["feed_age_s"].as_i64().is_some_and(|age| age < -3_000));

    // Refused, noted, and nothing of it stays.
    let out = set(&station, now(), &[]);
    assert_eq!(out.status.code(), Some(1), "{}", said(&out));
    assert!(said(&out).contains("feed and log prove"), "{}", said(&out));
    assert_eq!(trust(&station.status().unwrap()), "no");
    let latch = std::fs::read_to_string(station.path("state/run/clock.json")).unwrap_or_default();
    assert!(!latch.contains("\"set\":true"), "{latch}");
    // A synchronised clock is not believed there either.
    bus.set(|t| t.synchronised = true);
    station.until(LONG, "it was told", |_| {
        std::fs::read_to_string(station.path("state/run/clock.json"))
            .is_ok_and(|l| l.contains("\"synced\":true"))
    });
    assert_eq!(trust(&station.status().unwrap()), "no");

    let out = set(&station, now(), &["--override"]);
    assert!(out.status.success(), "{}", said(&out));
    let status = station.until(LONG, "trusted", |s| trust(s) != "no");
    assert!(status["clock"]["before"].is_null(), "{status}");
    let records = clock_records(&station);
    let sets: Vec<_> = records.iter().filter(|r| r["event"] == "set").collect();
    assert_eq!(sets.len(), 2, "{records:?}");
    assert_eq!((&sets[0]["trust"], sets[0].get("alarm")), (&"no".into(), None), "{sets:?}");
    assert_eq!(sets[1]["alarm"], true, "{sets:?}");
    station.stop();
    station.assert_log_verifies();
}
