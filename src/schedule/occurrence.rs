//! The identity that everything counts by, and what the planner says of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    bulletin::{Bulletin, Frames, Kind},
    ids::{AreaId, SlotId},
    text::Text,
};

/// Circular 39/2020's three classes of broadcast, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// The commune chooses: an operator may decline it.
    Normal,
    /// Goes first, cuts nobody off.
    Priority,
    /// Plays at once; only from `urgent/`, never from a schedule.
    Urgent,
}

/// One slot on one instant. For an urgent order: area `urgent`, the order's id, and which repeat; its identity is then
/// (id, repeat), since its due instant depends on when its audio arrived.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Occurrence {
    /// Whose schedule.
    pub area: AreaId,
    /// Which slot of it.
    pub slot: SlotId,
    /// When the first frame is due.
    #[serde(with = "micros")]
    pub due: DateTime<Utc>,
    /// Of an urgent order: 1 for the first airing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u32>,
}

/// RFC 3339 in UTC with six decimals and `Z`: how instants stand in the as-run log.
pub mod micros {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de};

    /// The text of `at`.
    pub fn text(at: &DateTime<Utc>) -> String {
        at.to_rfc3339_opts(SecondsFormat::Micros, true)
    }

    /// Writes the text.
    pub fn serialize<S: Serializer>(at: &DateTime<Utc>, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&text(at))
    }

    /// Reads exactly what [`text`] writes.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<DateTime<Utc>, D::Error> {
        let raw = String::deserialize(d)?;
        let at = raw.parse().map_err(de::Error::custom)?;
        if text(&at) == raw {
            Ok(at)
        } else {
            Err(de::Error::custom("an instant is written like 2026-12-01T06:00:00.000000Z"))
        }
    }
}

/// An occurrence with all that the station needs to carry it out. The same inputs give the same on every box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Which.
    pub of: Occurrence,
    /// The latest instant at which it may start (due + `start_within`).
    pub start_by: DateTime<Utc>,
    /// How important.
    pub class: Class,
    /// 0 for the first area that the registry names for the station (the province), and so on: who goes first.
    pub rank: usize,
    /// In hundredths of dB, -2000 to 0, slot and quiet hours together, relative to the station's calibrated level.
    pub level_cdb: i32,
    /// Sound after this instant is not allowed: due + max_duration, airtime or session limit, whichever is first.
    /// When it starts late, `max_duration` counts from the start; see [`Planned::must_end_by`].
    pub max_duration: Frames,
    /// The end of the airtime (or quiet day, or session) in which `due` lies.
    pub airtime_end: DateTime<Utc>,
    /// What plays, in order; chimes too. Empty when there is nothing to play.
    pub items: Vec<Arc<Bulletin>>,
    /// What the plan foresees.
    pub will: Will,
}

impl Planned {
    /// The instant by which an item must have ended, if the occurrence starts at `start`.
    pub fn must_end_by(&self, start: DateTime<Utc>) -> DateTime<Utc> {
        (start + self.max_duration.span()).min(self.airtime_end)
    }

    /// The items that start when the first frame is heard at `start`: those before the first that would end too late.
    /// None when only chimes would be left, or when `start` is after `start_by`.
    pub fn starting(&self, start: DateTime<Utc>) -> &[Arc<Bulletin>] {
        let room = Frames::within(self.must_end_by(start) - start);
        let mut used = 0;
        let fits = self.items.iter().take_while(|b| {
            used += b.meta.frames.0;
            used <= room.0
        });
        let items = &self.items[..fits.count()];
        let speaks = items.iter().any(|b| b.meta.kind == Kind::Bulletin);
        if speaks && start <= self.start_by { items } else { &[] }
    }

    /// The sum of its items.
    pub fn frames(&self) -> Frames {
        Frames(self.items.iter().map(|b| b.meta.frames.0).sum())
    }
}

/// What the plan foresees for an occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Will {
    /// It plays.
    Play,
    /// It does not: nothing to play, outside airtime, over the daily cap.
    Skip(Text),
    /// It waits for, or loses to, another that goes first.
    Collide(Text),
}
