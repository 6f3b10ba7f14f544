//! How a station is, by its newest heartbeat. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::{
    asrun::chain::Head,
    digest::Digest,
    text::{Text, hub_station as say},
};

/// A station that was not heard of for so long is silent.
pub const SILENT: TimeDelta = TimeDelta::minutes(15);
/// What is due waits for so long before it is called late.
pub const LATE: TimeDelta = TimeDelta::seconds(30);

/// How a station is, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Something is wrong with its log, and nobody has looked yet.
    LogAlarm,
    /// Not heard of.
    Silent,
    /// It plays nothing: nobody knows what time it is there.
    ClockNotTrusted,
    /// Something is due and cannot start.
    Late,
    /// Somebody took the PA.
    Held,
    /// It plays what it holds; what is new does not reach it.
    Stale,
    /// Something sounds.
    OnAir,
    /// All is well.
    Idle,
    /// Never heard of.
    New,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::LogAlarm,
        Self::Silent,
        Self::ClockNotTrusted,
        Self::Late,
        Self::Held,
        Self::Stale,
        Self::OnAir,
        Self::Idle,
        Self::New,
    ];

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::LogAlarm => "log-alarm",
            Self::Silent => "silent",
            Self::ClockNotTrusted => "clock-not-trusted",
            Self::Late => "late",
            Self::Held => "held",
            Self::Stale => "stale",
            Self::OnAir => "on-air",
            Self::Idle => "idle",
            Self::New => "new",
        }
    }

    /// The state of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// As people call it.
    pub fn name(self) -> Text {
        match self {
            Self::LogAlarm => say::state_alarm(),
            Self::Silent => say::state_silent(),
            Self::ClockNotTrusted => say::state_clock(),
            Self::Late => say::state_late(),
            Self::Held => say::state_held(),
            Self::Stale => say::state_stale(),
            Self::OnAir => say::state_on_air(),
            Self::Idle => say::state_idle(),
            Self::New => say::state_new(),
        }
    }
}

/// What the hub reads of a station's Status; the rest is for people.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Heard {
    /// Which station it says it is.
    pub station: String,
    /// By its clock.
    pub at: DateTime<Utc>,
    now: Option<serde_json::Value>,
    hold: Option<DateTime<Utc>>,
    stale: serde_json::Map<String, serde_json::Value>,
    clock: Clock,
    waiting: Vec<Waiting>,
    /// The head of its log.
    pub log: Log,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Clock {
    trust: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Waiting {
    occurrence: Due,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Due {
    due: DateTime<Utc>,
}

/// See [`Heard`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Log {
    /// The log's id.
    pub id: Digest,
    /// Its last line.
    pub seq: u64,
    /// Its hash.
    pub hash: Digest,
}

impl Log {
    /// Number and hash.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }
}

/// How a station is. `seen_at`: when `status` came, by the hub's clock; `alarm`: an alarm of its log stands.
pub fn state(
    status: Option<&Heard>,
    seen_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    alarm: bool,
) -> State {
    if alarm {
        return State::LogAlarm;
    }
    let (Some(status), Some(seen_at)) = (status, seen_at) else { return State::New };
    let late = |w: &Waiting| status.at - w.occurrence.due >= LATE;
    if now - seen_at >= SILENT {
        State::Silent
    } else if status.clock.trust == "no" {
        State::ClockNotTrusted
    } else if status.now.is_some() {
        State::OnAir
    } else if status.hold.is_some() {
        State::Held
    } else if status.waiting.iter().any(late) {
        State::Late
    } else if !status.stale.is_empty() {
        State::Stale
    } else {
        State::Idle
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_station_is_as_it_last_said_until_it_is_silent() {
        let at: DateTime<Utc> = "2026-12-01T06:00:00Z".parse().unwrap();
        let base = json!({"station": "xa-1", "at": at, "now": null, "hold": null, "stale": {}, "clock": {"trust": "synced"},
            "waiting": [], "log": {"id": Digest::ZERO, "seq": 1, "hash": Digest::ZERO}, "newer": 1});
        let with = |key: &str, value: serde_json::Value| {
            let mut status = base.clone();
            status[key] = value;
            serde_json::from_value::<Heard>(status).unwrap()
        };
        let wait =
            |seconds: i64| json!([{"occurrence": {"due": at - TimeDelta::seconds(seconds)}, "why": "busy"}]);
        for (status, expected) in [
            (with("newer", json!(2)), State::Idle),
            (with("now", json!({"item": 1})), State::OnAir),
            (with("hold", json!(at)), State::Held),
            (with("waiting", wait(5)), State::Idle),
            (with("waiting", wait(31)), State::Late),
            (with("stale", json!({"timestamp": {}})), State::Stale),
            (with("clock", json!({"trust": "no"})), State::ClockNotTrusted),
        ] {
            assert_eq!(state(Some(&status), Some(at), at, false), expected);
            assert_eq!(state(Some(&status), Some(at), at + TimeDelta::seconds(899), false), expected);
            assert_eq!(state(Some(&status), Some(at), at + SILENT, false), State::Silent);
            assert_eq!(state(Some(&status), Some(at), at, true), State::LogAlarm);
        }
        assert_eq!(state(None, None, at, false), State::New);
    }

    #[test]
    fn each_state_has_a_word_of_its_own() {
        for state in State::ALL {
            assert_eq!(State::parse(state.word()), Some(state));
        }
    }
}
