//! How a station is, as one word. Pure: whoever takes a heartbeat, looks for silent stations or draws the overview asks here.
//!
//! | state | when, the first that fits |
//! |---|---|
//! | `log-alarm` | an alarm of its log stands: a gap, a fork, a rewrite or a cut |
//! | `new` | it never spoke |
//! | `silent` | its last word is [`SILENT`] old |
//! | `clock-not-trusted` | it does not trust its clock, so it plays nothing |
//! | `on-air` | something sounds |
//! | `held` | its PA is held |
//! | `late` | something is due since [`LATE`] and cannot start |
//! | `stale` | a role of its feed is expired or was refused |
//! | `idle` | none of these |

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    asrun::record::ClockTrust,
    text::{Text, hub_account as acc},
};

/// How a station is. The order is how soon somebody should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its log was tampered with, cut or copied.
    LogAlarm,
    /// It has not spoken for long.
    Silent,
    /// It does not know the time.
    ClockNotTrusted,
    /// Something is due and cannot start.
    Late,
    /// Its feed is old: what is new does not reach it.
    Stale,
    /// The PA is taken.
    Held,
    /// It plays.
    OnAir,
    /// All is well.
    Idle,
    /// It never spoke.
    New,
}

impl State {
    /// All, the worst first.
    pub const ALL: [Self; 9] = [
        Self::LogAlarm,
        Self::Silent,
        Self::ClockNotTrusted,
        Self::Late,
        Self::Stale,
        Self::Held,
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
            Self::Stale => "stale",
            Self::Late => "late",
            Self::Held => "held",
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
            Self::LogAlarm => acc::state_log_alarm(),
            Self::Silent => acc::state_silent(),
            Self::ClockNotTrusted => acc::state_clock(),
            Self::Stale => acc::state_stale(),
            Self::Late => acc::state_late(),
            Self::Held => acc::state_held(),
            Self::OnAir => acc::state_on_air(),
            Self::Idle => acc::state_idle(),
            Self::New => acc::state_new(),
        }
    }
}

/// A station that was not heard of for so long is silent.
pub const SILENT: TimeDelta = TimeDelta::minutes(15);
/// What is due waits for so long before it is called late.
pub const LATE: TimeDelta = TimeDelta::seconds(30);

/// What is read of a station's one Status (`station/status.rs`). A station of another version may say more, or less.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Heard {
    /// When this was so, by the station's clock.
    #[serde(default)]
    pub at: Option<DateTime<Utc>>,
    /// What sounds.
    #[serde(default)]
    pub now: Option<Sounds>,
    /// Due, and kept from starting.
    #[serde(default)]
    pub waiting: Vec<Waiting>,
    /// What comes next.
    #[serde(default)]
    pub next: Option<Comes>,
    /// The PA is held until then.
    #[serde(default)]
    pub hold: Option<DateTime<Utc>>,
    /// Roles that are expired or were refused, with the reason.
    #[serde(default)]
    pub stale: BTreeMap<String, Text>,
    /// How the clock is believed.
    #[serde(default)]
    pub clock: Option<Believed>,
    /// Seconds since the feed's newest timestamp was signed.
    #[serde(default)]
    pub feed_age_s: Option<i64>,
    /// What a person should do something about.
    #[serde(default)]
    pub warnings: Vec<Text>,
    /// The program's version.
    #[serde(default)]
    pub version: String,
}

/// What sounds.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Sounds {
    /// What people call it; none before the first frame.
    #[serde(default)]
    pub title: Option<String>,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Comes {
    /// Which occurrence.
    pub occurrence: Due,
    /// Titles of its bulletins.
    #[serde(default)]
    pub titles: Vec<String>,
}

/// What is read of an occurrence.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Due {
    /// When its first frame is due.
    pub due: DateTime<Utc>,
}

/// Due, and kept from starting.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Waiting {
    /// Which occurrence.
    pub occurrence: Due,
}

/// The clock.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Believed {
    /// How it is believed.
    pub trust: ClockTrust,
    /// What it shows is earlier than this, which is proven past.
    #[serde(default)]
    pub before: Option<DateTime<Utc>>,
}

/// How a station is. `seen_at`: when `heard` came, by the hub's clock; `alarm`: an alarm of its log stands.
pub fn state(
    heard: Option<&Heard>,
    seen_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    alarm: bool,
) -> State {
    aged(heard.map(told), seen_at, now, alarm)
}

/// [`state`], when what the heartbeat told was kept as a word.
pub fn aged(kept: Option<State>, seen_at: Option<DateTime<Utc>>, now: DateTime<Utc>, alarm: bool) -> State {
    if alarm {
        return State::LogAlarm;
    }
    let Some(seen_at) = seen_at else { return State::New };
    // A word from the future is a hub whose clock was set back: it counts as fresh.
    if now - seen_at >= SILENT {
        return State::Silent;
    }
    // What an older look found by age or alarm alone is over once a word has come.
    kept.filter(|k| !matches!(k, State::Silent | State::New | State::LogAlarm)).unwrap_or(State::Idle)
}

/// What a heartbeat says by itself.
fn told(heard: &Heard) -> State {
    let doubted = heard.clock.as_ref().is_some_and(|c| c.trust == ClockTrust::No || c.before.is_some());
    let late = |w: &Waiting| heard.at.is_some_and(|at| at - w.occurrence.due >= LATE);
    if doubted {
        State::ClockNotTrusted
    } else if heard.now.is_some() {
        State::OnAir
    } else if heard.hold.is_some() {
        State::Held
    } else if heard.waiting.iter().any(late) {
        State::Late
    } else if !heard.stale.is_empty() {
        State::Stale
    } else {
        State::Idle
    }
}

#[cfg(test)]
#[path = "overview_tests.rs"]
mod tests;
