//! `policy.yaml`: what the province allows. It stands above whoever writes slots.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use serde::Deserialize;

use super::{
    scalar::{self, Form},
    yaml::{self, Positions},
};
use crate::{bulletin::LangTag, fault::Faults, text::schedule as words};

/// Minutes of a day.
pub const DAY_MINUTES: u32 = 24 * 60;

const EXAMPLE: &str = r#"
format: 1
timezone: Asia/Ho_Chi_Minh
airtime: [{ from: "05:00", to: "07:00" }]
quiet_hours: [{ from: "05:00", to: "05:30", level: -6dB }]
silent_days: ["2026-12-22"]
longest_session: 45m
daily_cap: 3h
languages: [vi, tyz]
hotlines: ["111"]
browser_keys: ["0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"]
urgent: { level: 0dB, daily_cap: 1h }
"#;

/// The province's rules, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The zone of all dates and times of day.
    pub timezone: Tz,
    /// When stations may sound, each local day; in order, without overlap. Urgent orders pass over it.
    pub airtime: Vec<Window>,
    /// Times of day with a ceiling on the level, in hundredths of dB.
    pub quiet_hours: Vec<(Window, i32)>,
    /// Local days on which no schedule makes an occurrence.
    pub silent_days: BTreeSet<NaiveDate>,
    /// Longest sound of one station; pauses shorter than [`super::plan::SESSION_PAUSE`] do not end a session.
    pub longest_session: TimeDelta,
    /// Most sound of one station in a local day, urgent orders apart.
    pub daily_cap: TimeDelta,
    /// Languages that may follow a station's own, in order.
    pub languages: Vec<LangTag>,
    /// Numbers that bulletins may name.
    pub hotlines: Vec<String>,
    /// Public keys that live in browsers: not one bulletin is trusted on their word alone.
    pub browser_keys: Vec<[u8; 32]>,
    /// What holds for urgent orders.
    pub urgent: UrgentRules,
}

/// What holds for urgent orders, which pass over airtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrgentRules {
    /// In hundredths of dB, -2000 to 0.
    pub level_cdb: i32,
    /// Most urgent sound of one station in a local day.
    pub daily_cap: TimeDelta,
}

/// A part of a local day, half-open, in minutes since midnight: `from < to <= 1440`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// Its first minute.
    pub from: u32,
    /// The first minute after it.
    pub to: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPolicy {
    format: String,
    timezone: String,
    airtime: Vec<RawWindow>,
    #[serde(default)]
    quiet_hours: Vec<RawQuiet>,
    #[serde(default)]
    silent_days: Vec<String>,
    longest_session: String,
    daily_cap: String,
    languages: Vec<String>,
    #[serde(default)]
    hotlines: Vec<String>,
    #[serde(default)]
    browser_keys: Vec<String>,
    urgent: RawUrgent,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    from: String,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuiet {
    from: String,
    to: String,
    level: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawUrgent {
    level: String,
    daily_cap: String,
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(file: &str, text: &str) -> Result<(Self, Positions), Faults> {
        let loaded = yaml::load::<RawPolicy>(file, text, EXAMPLE)?;
        let positions = loaded.positions;
        let mut form = Form::new(&positions, loaded.faults);
        let policy = policy(&mut form, loaded.value);
        let faults = form.faults;
        match policy {
            Some(policy) => faults.or((policy, positions)),
            None => Err(faults.or(()).err().unwrap_or_default()),
        }
    }
}

fn policy(form: &mut Form<'_>, raw: RawPolicy) -> Option<Policy> {
    form.format(&raw.format);
    let timezone = form.value("timezone", &raw.timezone, scalar::ZONE, scalar::zone);
    let airtime = airtime(form, &raw.airtime);
    let quiet_hours = quiet_hours(form, &raw.quiet_hours);
    let silent_days = form.list("silent_days", &raw.silent_days, scalar::DATE, scalar::date);
    let longest_session =
        form.value("longest_session", &raw.longest_session, scalar::DURATION, scalar::duration);
    let daily_cap = form.value("daily_cap", &raw.daily_cap, scalar::DURATION, scalar::duration);
    let languages = form.list("languages", &raw.languages, scalar::LANGUAGE, |s| s.parse().ok());
    if raw.languages.is_empty() {
        form.wrong("languages", words::no_language(), words::write_like("languages: [vi]"));
    }
    let hotlines = form.list("hotlines", &raw.hotlines, HOTLINE, hotline);
    let browser_keys = form.list("browser_keys", &raw.browser_keys, scalar::KEY, scalar::key);
    let level = form.value("urgent.level", &raw.urgent.level, scalar::LEVEL, scalar::level);
    let urgent_cap =
        form.value("urgent.daily_cap", &raw.urgent.daily_cap, scalar::DURATION, scalar::duration);
    Some(Policy {
        timezone: timezone?,
        airtime: airtime?,
        quiet_hours: quiet_hours?,
        silent_days: silent_days.into_iter().collect(),
        longest_session: longest_session?,
        daily_cap: daily_cap?,
        languages,
        hotlines,
        browser_keys,
        urgent: UrgentRules { level_cdb: level?, daily_cap: urgent_cap? },
    })
}

const HOTLINE: scalar::Rule = scalar::Rule { says: words::rule_hotline, like: "\"111\"" };

/// 3 to 15 digits, spaces and dots allowed between them.
/// A telephone number as policies and recordings name it.
pub(crate) fn hotline(s: &str) -> Option<String> {
    let digits = s.bytes().filter(u8::is_ascii_digit).count();
    let signs = s.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'.' | b'+'));
    (signs && (3..=15).contains(&digits) && s.len() <= 24).then(|| s.to_owned())
}

/// One window, or the two that an interval over midnight is.
fn window(form: &mut Form<'_>, path: &str, from: &str, to: &str) -> Option<Vec<Window>> {
    let from = form.value(&format!("{path}.from"), from, scalar::TIME, scalar::time);
    let to = form.value(&format!("{path}.to"), to, scalar::TIME, scalar::time);
    let (from, to) = (from?, to?);
    if from == to || from == DAY_MINUTES {
        form.wrong(path, words::empty_window(), words::empty_window_remedy());
        return None;
    }
    let parts = if from < to { vec![(from, to)] } else { vec![(0, to), (from, DAY_MINUTES)] };
    Some(parts.into_iter().filter(|(from, to)| from < to).map(|(from, to)| Window { from, to }).collect())
}

fn airtime(form: &mut Form<'_>, raw: &[RawWindow]) -> Option<Vec<Window>> {
    if raw.is_empty() {
        form.wrong(
            "airtime",
            words::no_airtime(),
            words::write_like("airtime: [{ from: \"05:00\", to: \"07:00\" }]"),
        );
        return None;
    }
    let windows: Vec<_> =
        raw.iter().enumerate().map(|(i, w)| window(form, &format!("airtime[{i}]"), &w.from, &w.to)).collect();
    let mut windows: Vec<Window> = windows.into_iter().collect::<Option<Vec<_>>>()?.concat();
    windows.sort();
    let mut merged: Vec<Window> = Vec::new();
    for window in windows {
        match merged.last_mut().filter(|last| window.from <= last.to) {
            Some(last) => last.to = last.to.max(window.to),
            None => merged.push(window),
        }
    }
    Some(merged)
}

fn quiet_hours(form: &mut Form<'_>, raw: &[RawQuiet]) -> Option<Vec<(Window, i32)>> {
    let mut out = Vec::new();
    let mut whole = true;
    for (i, quiet) in raw.iter().enumerate() {
        let path = format!("quiet_hours[{i}]");
        let windows = window(form, &path, &quiet.from, &quiet.to);
        let level = form.value(&format!("{path}.level"), &quiet.level, scalar::LEVEL, scalar::level);
        match (windows, level) {
            (Some(windows), Some(level)) => out.extend(windows.into_iter().map(|w| (w, level))),
            _ => whole = false,
        }
    }
    whole.then_some(out)
}
