//! The feed is a TUF 1.0 repository; whoever hosts it is not trusted.
//!
//! `roles` names the roles, their paths and thresholds; `trust` verifies (time passed in); `library` keeps audio by its
//! hash. Nothing unverified leaves this room: a [`Feed`] is made by `trust` alone. No planning, no sound here.

pub mod audio;
pub mod http;
pub mod library;
pub mod roles;
pub mod source;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    bulletin::Bulletin,
    digest::Digest,
    ids::{AreaId, BulletinId, SlotId},
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
    pub bulletins: BTreeMap<BulletinId, Bulletin>,
    /// Every id ever seen withdrawn, and every urgent id recalled.
    pub withdrawn: BTreeSet<String>,
    /// Orders to air now, recalled ones left out.
    pub urgents: BTreeMap<SlotId, UrgentOrder>,
    /// Roles that are expired or were refused, with the reason for people. Empty: fresh.
    pub stale: BTreeMap<String, Text>,
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
