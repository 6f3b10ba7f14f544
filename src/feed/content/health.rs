//! What will need somebody soon, and how old the newest signature by an offline key is.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tough::schema::{Role, RoleType};

use crate::{
    feed::{Feed, refusal, roles, trust::Update, verify},
    text::feed as say,
};

/// Warnings begin so many days before an offline role expires.
pub const OFFLINE_DAYS: i64 = 60;
/// And so many before an online one.
pub const ONLINE_DAYS: i64 = 1;

/// Notes version, coming expiry and age of a role in force. Root, targets and delegated roles are signed offline.
pub fn note_role<T: Role>(
    feed: &mut Feed,
    update: &Update<'_>,
    name: &str,
    role: &T,
    extra: &HashMap<String, Value>,
) {
    feed.versions.insert(name.to_owned(), role.version().get());
    let expires = verify::expires(role);
    let online = matches!(name, "timestamp" | "snapshot");
    let days = TimeDelta::days(if online { ONLINE_DAYS } else { OFFLINE_DAYS });
    if update.start < expires && expires - update.start < days {
        feed.warnings.insert(name.to_owned(), say::expires_soon(refusal::minute(&expires)));
    }
    if !online {
        feed.offline_signed_at = feed.offline_signed_at.max(Some(signed_at(name, expires, extra)));
    }
}

/// When a role was signed: as it says, or as its expiry tells if it lives as long as the table says.
fn signed_at(name: &str, expires: DateTime<Utc>, extra: &HashMap<String, Value>) -> DateTime<Utc> {
    verify::signed_at(extra).unwrap_or_else(|| expires - TimeDelta::days(roles::days(name) as i64))
}

/// Notes the four top-level roles.
pub fn examine(update: &Update<'_>, feed: &mut Feed) {
    note_role(feed, update, "root", &update.root, &update.root._extra);
    if let Some(role) = &update.timestamp {
        note_role(feed, update, "timestamp", role, &role._extra);
    }
    if let Some(role) = &update.snapshot {
        note_role(feed, update, "snapshot", role, &role._extra);
    }
    if let Some(targets) = &update.targets {
        note_role(feed, update, "targets", &targets.role, &targets.role._extra);
    }
    for (name, role) in [("root", RoleType::Root), ("targets", RoleType::Targets)] {
        if update.root.roles.get(&role).is_some_and(|keys| keys.threshold.get() < 2) {
            feed.warnings.insert(format!("{name}-threshold"), say::one_signature());
        }
    }
}
