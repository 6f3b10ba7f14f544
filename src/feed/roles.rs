//! The roles of the feed: who may sign what. One table for office, station and hub.

use super::paths;
use crate::{
    digest::Digest,
    ids::{AreaId, BulletinId, SlotId},
};

/// A role's fixed facts. Root, snapshot and timestamp are TUF's own; the rest are delegations of `targets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Role {
    /// Its name in metadata.
    pub name: &'static str,
    /// The target paths that it may list; empty for TUF's own roles.
    pub paths: &'static [&'static str],
    /// How many people must sign.
    pub threshold: u64,
    /// Days until its metadata expires.
    pub days: u64,
}

/// Paths that top-level `targets` itself lists.
pub const POLICY: &str = "policy.yaml";
/// Withdrawn bulletins and recalled urgent orders.
pub const WITHDRAWN: &str = "withdrawn.json";
/// Station id -> public key, areas.
pub const REGISTRY: &str = "registry/stations.yaml";

/// Delegations in the order in which a client searches them (TUF 1.0.34 §5.6.7, pre-order). Areas follow.
pub const DELEGATIONS: [Role; 5] = [
    Role { name: "withdrawals", paths: &[WITHDRAWN], threshold: 1, days: 365 },
    Role { name: "urgent", paths: &["urgent/*.json"], threshold: 1, days: 365 },
    Role { name: "urgent-audio", paths: &["urgent-audio/*"], threshold: 2, days: 365 },
    Role { name: "registry", paths: &[REGISTRY], threshold: 1, days: 365 },
    Role { name: "bulletins", paths: &["bulletins/*"], threshold: 2, days: 365 },
];

/// Days until an area's metadata expires.
pub const AREA_DAYS: u64 = 365;
/// Days until root and targets expire.
pub const ROOT_DAYS: u64 = 730;
/// Days until the snapshot expires.
pub const SNAPSHOT_DAYS: u64 = 7;
/// Days until the timestamp expires.
pub const TIMESTAMP_DAYS: u64 = 3;

/// The table's row for a delegated role; none for areas and for names that it does not know.
pub fn delegation(name: &str) -> Option<&'static Role> {
    DELEGATIONS.iter().find(|role| role.name == name)
}

/// How many people must sign a delegated role at least, whatever its delegation says.
pub fn threshold(name: &str) -> u64 {
    delegation(name).map_or(1, |role| role.threshold)
}

/// Days until metadata of a role expires.
pub fn days(name: &str) -> u64 {
    match name {
        "root" | "targets" => ROOT_DAYS,
        "snapshot" => SNAPSHOT_DAYS,
        "timestamp" => TIMESTAMP_DAYS,
        _ => delegation(name).map_or(AREA_DAYS, |role| role.days),
    }
}

/// Whether a delegated role may list `path` by loaxa's table, whatever its delegation says.
pub fn may_list(name: &str, path: &str) -> bool {
    match (delegation(name), name.strip_prefix("area-")) {
        (Some(role), _) => role.paths.iter().any(|pattern| paths::matches(pattern, path)),
        (None, Some(area)) => paths::matches(&format!("areas/{area}/*"), path),
        (None, None) => false,
    }
}

/// The delegation of an area.
pub fn area_role(area: &AreaId) -> String {
    format!("area-{area}")
}

/// `areas/<id>/schedule.yaml`.
pub fn schedule_path(area: &AreaId) -> String {
    format!("areas/{area}/schedule.yaml")
}

/// `areas/<id>/stations.yaml`.
pub fn area_stations_path(area: &AreaId) -> String {
    format!("areas/{area}/stations.yaml")
}

/// `bulletins/<id>.opus`.
pub fn bulletin_path(id: &BulletinId) -> String {
    format!("bulletins/{id}.opus")
}

/// `urgent-audio/<id>.opus`.
pub fn urgent_audio_path(id: &BulletinId) -> String {
    format!("urgent-audio/{id}.opus")
}

/// `urgent/<id>.json`.
pub fn urgent_path(id: &SlotId) -> String {
    format!("urgent/{id}.json")
}

/// Where metadata lies below the feed's root.
pub const METADATA_DIR: &str = "metadata";
/// Where targets lie below the feed's root.
pub const TARGETS_DIR: &str = "targets";

/// The name of a metadata file below the feed's root: `metadata/3.root.json`, `metadata/timestamp.json`
/// (TUF 1.0.34 §6.2.1). Without a version: `timestamp`, and everything if the root says that snapshots are not consistent.
pub fn metadata_name(role: &str, version: Option<u64>) -> String {
    let role = file_name(role);
    match version {
        Some(version) => format!("{METADATA_DIR}/{version}.{role}.json"),
        None => format!("{METADATA_DIR}/{role}.json"),
    }
}

/// The name of a target below the feed's root: `targets/bulletins/<sha256>.<id>.opus` (TUF 1.0.34 §5.7.3 and §6.2.1).
pub fn target_name(path: &str, sha256: &Digest) -> String {
    match path.rsplit_once('/') {
        Some((dir, file)) => format!("{TARGETS_DIR}/{dir}/{sha256}.{file}"),
        None => format!("{TARGETS_DIR}/{sha256}.{path}"),
    }
}

/// A role's name as a file name that leaves no folder: every byte but letters, digits, `-`, `.`, `_`, `~` is percent-encoded.
pub fn file_name(role: &str) -> String {
    let mut out = String::with_capacity(role.len());
    for b in role.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(b as char),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}
