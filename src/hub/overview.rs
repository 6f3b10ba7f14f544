//! How a station is, as one word. Pure: whoever takes a heartbeat, looks for silent stations or draws the overview asks here.
//!
//! | state | when, the first that fits |
//! |---|---|
//! | `log-alarm` | nothing more is taken of a log of its: a gap, a fork, a rewrite or a cut |
//! | `new` | it never spoke |
//! | `silent` | its last word is older than [`Limits::silent`] |
//! | `late` | older than [`Limits::late`] |
//! | `clock` | it does not trust its clock, so it plays nothing |
//! | `stale` | a role of its feed is expired or was refused |
//! | `held` | its PA is held |
//! | `on-air` | something sounds |
//! | `idle` | none of these |

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    asrun::record::ClockTrust,
    schedule::occurrence::Occurrence,
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
    Clock,
    /// Its feed is old.
    Stale,
    /// Its heartbeat is overdue.
    Late,
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
        Self::Clock,
        Self::Stale,
        Self::Late,
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
            Self::Clock => "clock",
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
            Self::Clock => acc::state_clock(),
            Self::Stale => acc::state_stale(),
            Self::Late => acc::state_late(),
            Self::Held => acc::state_held(),
            Self::OnAir => acc::state_on_air(),
            Self::Idle => acc::state_idle(),
            Self::New => acc::state_new(),
        }
    }
}

/// After how long without a word a station is late, and silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Late: more than one heartbeat is missing.
    pub late: TimeDelta,
    /// Silent: somebody should go there.
    pub silent: TimeDelta,
}

impl Default for Limits {
    fn default() -> Self {
        Self { late: TimeDelta::minutes(15), silent: TimeDelta::hours(1) }
    }
}

/// What is read of a station's one Status (`station/status.rs`). A station of another version may say more, or less.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Heard {
    /// What sounds.
    #[serde(default)]
    pub now: Option<Sounds>,
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
    pub occurrence: Occurrence,
    /// Titles of its bulletins.
    #[serde(default)]
    pub titles: Vec<String>,
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

/// What a heartbeat says by itself.
pub fn told(heard: &Heard) -> State {
    let doubted = heard.clock.as_ref().is_some_and(|c| c.trust == ClockTrust::No || c.before.is_some());
    if doubted {
        State::Clock
    } else if !heard.stale.is_empty() {
        State::Stale
    } else if heard.hold.is_some() {
        State::Held
    } else if heard.now.is_some() {
        State::OnAir
    } else {
        State::Idle
    }
}

/// How a station is now: `told` by its newest heartbeat, which came at `seen_at`; `log_stopped`: nothing more is taken of a
/// log of its.
pub fn state(
    told: Option<State>,
    seen_at: Option<DateTime<Utc>>,
    log_stopped: bool,
    now: DateTime<Utc>,
    limits: Limits,
) -> State {
    let Some(seen) = seen_at else { return if log_stopped { State::LogAlarm } else { State::New } };
    // A heartbeat from the future is a hub whose clock was set back: it counts as fresh.
    match now - seen {
        _ if log_stopped => State::LogAlarm,
        age if age > limits.silent => State::Silent,
        age if age > limits.late => State::Late,
        // What an older look found by age alone is over once a word has come.
        _ => told.filter(|t| !matches!(t, State::Silent | State::Late | State::New | State::LogAlarm)).unwrap_or(State::Idle),
    }
}

#[cfg(test)]
#[path = "overview_tests.rs"]
mod tests;
