//! What must hold after a start, whatever ended the process before: used by random kills and by faults of the disk.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use loaxa::digest::Digest;
use serde_json::Value;

use crate::r#box::{hours, now};

/// Limits that a slot every few seconds does not reach.
pub const POLICY: &str = "format: 1
timezone: Asia/Ho_Chi_Minh
airtime: [{ from: \"00:00\", to: \"24:00\" }]
longest_session: 24h
daily_cap: 24h
languages: [vi]
urgent: { level: 0dB, daily_cap: 10h }
";

/// A slot that comes every few seconds.
pub struct Dense {
    pub id: &'static str,
    pub bulletin: &'static str,
    /// Divides 60.
    pub every: u32,
    pub start_within: u32,
    /// Its bulletin's length.
    pub seconds: u32,
    pub class: &'static str,
}

impl Dense {
    /// The instants after `from`, before `to`.
    fn due(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let mut due = from - TimeDelta::nanoseconds(i64::from(from.timestamp_subsec_nanos()));
        due -= TimeDelta::seconds(i64::from(due.second() % self.every));
        let mut all = Vec::new();
        while due < to {
            all.extend(Some(due).filter(|due| *due > from));
            due += TimeDelta::seconds(i64::from(self.every));
        }
        all
    }
}

/// The schedule of these slots, in this hour and the next, so that a plan stays short.
pub fn schedule(title: &str, slots: &[Dense]) -> String {
    let local = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
    let (from, until) = (local.date_naive() - TimeDelta::days(1), local.date_naive() + TimeDelta::days(20));
    let hours = hours();
    let mut yaml = format!(
        "format: 1\narea: yen-the\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: {from}, until: {until} }}\nslots:\n"
    );
    for Dense { id, bulletin, every, start_within, class, .. } in slots {
        yaml += &format!(
            "  - {{ id: {id}, title: {{ vi: \"{title}\" }}, cron: \"*/{every} * {hours} * * *\", class: {class}, start_within: {start_within}s, max_duration: 1m, playlist: [{{ bulletin: {bulletin} }}] }}\n"
        );
    }
    yaml
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Temporary files below `dir` that no living process (of number `living`) writes. Parts of a download are meant to
/// outlive a process: they count once there is nothing left to fetch.
pub fn temporary(dir: &Path, living: Option<u32>, all_fetched: bool) -> Vec<String> {
    let mine = living.map(|pid| format!(".unfinished-{pid}-"));
    let is_temporary = |name: &str| {
        let part = name.ends_with(".part") || name.ends_with(".note");
        let living = mine.as_ref().is_some_and(|mine| name.starts_with(mine));
        name.starts_with(".unfinished-") && !living || all_fetched && part
    };
    let found = files(dir).into_iter().filter(|path| is_temporary(&name(path)));
    found.map(|path| path.strip_prefix(dir).unwrap().display().to_string()).collect()
}

/// Files of the library that are not what their name says.
pub fn not_whole(library: &Path) -> Vec<String> {
    let whole = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        format!("{}.opus", Digest::of(&bytes)) == name(path)
    };
    let audio = files(library).into_iter().filter(|path| name(path).ends_with(".opus"));
    audio.filter(|path| !whole(path)).map(|path| name(&path)).collect()
}

pub fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// How the log accounts for what was owed.
pub struct Account {
    /// Instants owed, and checked to have one outcome each.
    pub owed: usize,
    /// By outcome; of a run of misses, each.
    pub by_word: BTreeMap<String, usize>,
}

/// Every occurrence due after the schedule came into force, and over before `until` whenever it started, has one outcome;
/// later ones at most one.
pub fn account(records: &[Value], slots: &[Dense], until: DateTime<Utc>) -> Result<Account, String> {
    let mut counted: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut by_word = BTreeMap::new();
    for outcome in records.iter().filter(|r| r["kind"] == "outcome") {
        let of = &outcome["occurrence"];
        let id = of["slot"].as_str().unwrap().to_owned();
        let mut whens = vec![match of["repeat"].as_u64() {
            Some(repeat) => repeat.to_string(),
            None => instant(&of["due"]).to_rfc3339(),
        }];
        if outcome["run"].is_object() {
            let slot = slots.iter().find(|s| s.id == id).ok_or("a run of an unknown slot")?;
            let (first, last) = (instant(&outcome["run"]["first"]), instant(&outcome["run"]["last"]));
            let moment = TimeDelta::microseconds(1);
            whens = slot.due(first - moment, last + moment).iter().map(DateTime::to_rfc3339).collect();
            if whens.len() as u64 != outcome["run"]["count"].as_u64().unwrap() {
                return Err(format!("a run of {} instants says {}", whens.len(), outcome["run"]));
            }
        }
        *by_word.entry(outcome["outcome"].as_str().unwrap().to_owned()).or_default() += whens.len();
        for when in whens {
            *counted.entry((id.clone(), when)).or_default() += 1;
        }
    }
    if let Some(twice) = counted.iter().find(|(_, n)| **n > 1) {
        return Err(format!("more than one outcome: {twice:?}"));
    }
    let in_force = |r: &&Value| {
        r["kind"] == "applied" && r["schedules"].as_object().is_some_and(|schedules| !schedules.is_empty())
    };
    let since = records.iter().find(in_force).map(|r| instant(&r["at"]));
    let mut owed = 0;
    for (slot, since) in slots.iter().zip(std::iter::repeat(since)).filter_map(|(s, at)| Some((s, at?))) {
        let longest = TimeDelta::seconds(i64::from(slot.start_within + slot.seconds + 2));
        for due in slot.due(since, until - longest) {
            if !counted.contains_key(&(slot.id.to_owned(), due.to_rfc3339())) {
                return Err(format!("{} of {due} has no outcome", slot.id));
            }
            owed += 1;
        }
    }
    Ok(Account { owed, by_word })
}

/// The log in short lines, for whoever looks into a failure.
pub fn told(records: &[Value]) -> String {
    let short = |r: &Value| {
        let of = &r["occurrence"];
        let words = [
            &r["at"],
            &r["kind"],
            &of["slot"],
            &of["due"],
            &of["repeat"],
            &r["outcome"],
            &r["why"],
            &r["run"],
        ];
        let words: Vec<String> = words.iter().filter(|w| !w.is_null()).map(|w| w.to_string()).collect();
        words.join(" ").replace('"', "")
    };
    records.iter().map(short).collect::<Vec<_>>().join("\n")
}
