//! The one Status: terminal, local page, metrics and heartbeat show the same. Keys are read by programs outside
//! (docs/ARCHITECTURE.md): they are added, never renamed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    asrun::record::{ClockTrust, Why},
    bulletin::Frames,
    digest::Digest,
    ids::{BulletinId, StationId},
    schedule::occurrence::{Class, Occurrence},
    text::Text,
};

/// Everything that a person wants to know of a station.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Which station.
    pub station: StationId,
    /// The program's version.
    pub version: String,
    /// When this was so, by the station's clock.
    pub at: DateTime<Utc>,
    /// The zone in which times are shown.
    pub zone: String,
    /// What sounds.
    pub now: Option<Now>,
    /// What comes next.
    pub next: Option<Next>,
    /// Due, and kept from starting.
    pub waiting: Vec<Waiting>,
    /// The PA is held until then.
    pub hold: Option<DateTime<Utc>>,
    /// Seconds since the newest timestamp that was verified was signed; none if none ever was.
    pub feed_age_s: Option<i64>,
    /// Seconds since the newest signature of an offline key: a feed that somebody freezes grows old here.
    pub offline_age_s: Option<i64>,
    /// Roles that are expired or were refused, with the reason. Empty: fresh.
    pub stale: BTreeMap<String, Text>,
    /// Versions of the roles in use.
    pub feed: BTreeMap<String, u64>,
    /// How the clock is believed.
    pub clock: Clock,
    /// The sink.
    pub device: Device,
    /// The head of the as-run log.
    pub log: Log,
    /// What the line has carried.
    pub data: Data,
    /// What is in the library.
    pub library: Library,
    /// What a person should do something about.
    pub warnings: Vec<Text>,
}

/// What sounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Now {
    /// Which occurrence.
    pub occurrence: Occurrence,
    /// Its class.
    pub class: Class,
    /// The item that sounds; none before the first frame.
    pub bulletin: Option<BulletinId>,
    /// What people call it.
    pub title: Option<String>,
    /// Frames of it sent so far.
    pub frames: Frames,
    /// Its whole length.
    pub length: Frames,
    /// Number of the item, from 1.
    pub item: usize,
    /// How many items there are.
    pub items: usize,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Next {
    /// Which occurrence.
    pub occurrence: Occurrence,
    /// Its class.
    pub class: Class,
    /// Titles of its bulletins, chimes left out.
    pub titles: Vec<String>,
    /// Its length, rounded up.
    pub seconds: u64,
}

/// Due, and kept from starting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Which occurrence.
    pub occurrence: Occurrence,
    /// By what.
    pub why: Option<Why>,
}

/// The clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// How it is believed.
    pub trust: ClockTrust,
    /// What it shows is earlier than this, which is proven past.
    pub before: Option<DateTime<Utc>>,
}

/// The sink.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// As configured.
    pub name: String,
    /// `closed`, `opening`, `open` or `lost`.
    pub state: String,
    /// Why it was lost.
    pub why: Option<Text>,
}

/// The head of the as-run log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Log {
    /// The log's id.
    pub id: Digest,
    /// The newest record.
    pub seq: u64,
    /// Its hash.
    pub hash: Digest,
}

/// What the line has carried, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Data {
    /// Today.
    pub today_bytes: u64,
    /// This month.
    pub month_bytes: u64,
    /// What a day may cost; none: no limit.
    pub day_budget_bytes: Option<u64>,
    /// When the feed was last asked with success.
    pub synced_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed, if it did.
    pub failed: Option<Text>,
}

/// What is in the library.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Library {
    /// Approved recordings that are here.
    pub held: usize,
    /// Approved recordings that are still to come.
    pub missing: usize,
    /// Of those, what was tried in vain, with the reason; a few.
    #[serde(default)]
    pub failed: BTreeMap<BulletinId, Text>,
}
