//! The feed is a TUF 1.0 repository; whoever hosts it is not trusted.
//!
//! `roles` names the roles, their paths and thresholds; `source` is where files come from; `verify` judges one file of
//! metadata; `trust` is TUF's client workflow, time passed in; `content` makes the [`Feed`] of one station; `store` is
//! what other rooms call, `memory` and `disk` are what it keeps. Nothing unverified leaves this room. No planning, no
//! sound here.

pub mod audio;
pub mod content;
pub mod disk;
pub mod download;
pub mod folder;
pub mod formats;
pub mod http;
pub mod library;
pub mod memory;
pub mod paths;
pub mod refusal;
pub mod roles;
pub mod source;
pub mod store;
pub mod trust;
pub mod verify;

pub use refusal::Refusal;
pub use store::Store;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    bulletin::Bulletin,
    digest::Digest,
    ids::{AreaId, BulletinId, SlotId, StationId},
    text::Text,
};

/// A signed file: its verified bytes, which are UTF-8, and which version of which role signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The content.
    pub text: String,
    /// Of the content.
    pub sha256: Digest,
    /// The version of the role that lists it.
    pub version: u64,
}

/// All that a station knows from its feed, each part verified. What was never seen is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Feed {
    /// Version of each role in use: `root`, `timestamp`, `snapshot`, `targets`, …
    pub versions: BTreeMap<String, u64>,
    /// `signed_at` of the newest timestamp: a lower bound of time.
    pub signed_at: Option<DateTime<Utc>>,
    /// When this box last verified a timestamp.
    pub checked_at: Option<DateTime<Utc>>,
    /// `policy.yaml`.
    pub policy: Option<Signed>,
    /// `registry/stations.yaml`.
    pub registry: Option<Signed>,
    /// `areas/<id>/schedule.yaml`, of the areas that this station obeys.
    pub schedules: BTreeMap<AreaId, Signed>,
    /// `areas/<id>/stations.yaml`, likewise.
    pub area_stations: BTreeMap<AreaId, Signed>,
    /// Approved recordings by id, chimes and urgent audio too, withdrawn ones left out.
    pub bulletins: BTreeMap<BulletinId, Arc<Bulletin>>,
    /// Those of `bulletins` that were made for urgent orders: no schedule airs them.
    pub urgent_audio: BTreeSet<BulletinId>,
    /// Every id ever seen withdrawn, and every urgent id recalled.
    pub withdrawn: BTreeSet<String>,
    /// Orders to air now, recalled ones left out.
    pub urgents: BTreeMap<SlotId, UrgentOrder>,
    /// Roles and files that are expired or were refused, with the reason for people. Empty: fresh.
    pub stale: BTreeMap<String, Text>,
    /// Of those, what came and verified but this machine's disk did not keep: to be asked for again soon.
    pub unkept: Vec<Text>,
    /// What will need somebody soon (a role expires), or weakens trust for as long as it is so (one root key suffices).
    pub warnings: BTreeMap<String, Text>,
    /// When the newest signature by an offline key was made, as its metadata says: a stolen online key can hide newer
    /// ones, so this age is shown.
    pub offline_signed_at: Option<DateTime<Utc>>,
    /// Bulletins and schedules are in force until then at most: 90 days after `signed_at`. Past it, with a trusted
    /// clock, [`Store::load`] leaves them out; who holds a feed for long asks again.
    pub held_until: Option<DateTime<Utc>>,
    /// The areas that this station obeys, in the registry's order: the first goes first.
    pub areas: Vec<AreaId>,
}

/// Whose feed it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The box.
    pub station: StationId,
    /// The raw Ed25519 public key of its log: the registry's entry must carry it.
    pub key: [u8; 32],
}

/// The time at which an update begins (TUF 1.0.34 §5.1) and whether it can be believed (DESIGN, time).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// The wall clock.
    pub wall: DateTime<Utc>,
    /// False: expiry is judged by the newest `signed_at`, which is a lower bound of the time.
    pub trusted: bool,
}

/// What brings the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A server: everything must be unexpired.
    Online,
    /// A stick that took its time: an expired timestamp and snapshot are accepted if no version goes back and root,
    /// targets and the fixed delegations are unexpired. The feed is then stale.
    Stick,
}

/// An order to air something now: `urgent/<id>.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgentOrder {
    /// Never used again once ended, recalled or played out.
    pub id: SlotId,
    /// A bulletin of `bulletins` or `urgent-audio`.
    pub audio: BulletinId,
    /// Stations that obey one of these air it.
    pub areas: BTreeSet<AreaId>,
    /// Not before.
    pub not_before: DateTime<Utc>,
    /// Not after; at most 24 h after `not_before`.
    pub until: DateTime<Utc>,
    /// How many times, 1 to 20.
    pub repeats: u32,
    /// Seconds from the end of one airing to the next, 0 to 3,600.
    pub gap_s: u32,
    /// Why, for the as-run log and for people.
    pub reason: String,
}
