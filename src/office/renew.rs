//! `office renew`: snapshot and timestamp with a fresh expiry, for a timer. It also says which offline roles want a
//! person soon, since nobody reads an expiry date by himself.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Error, Result,
    feed_files::{Published, write_lasting},
    folder::Office,
    meta::{self, Authority},
    publish::{self, Online},
    words::day,
};
use crate::{
    durable,
    feed::roles::{SNAPSHOT_DAYS, metadata_name},
    text::{Text, office as say},
};
use tough::schema::RoleType;

/// The snapshot is signed again once it has no more than this left, so that clients seldom fetch it for nothing.
const SNAPSHOT_LEFT: TimeDelta = TimeDelta::days(SNAPSHOT_DAYS as i64 / 2 + 1);
/// From then on people are told that an offline role expires.
pub const WARNED: TimeDelta = TimeDelta::days(60);

/// Two clocks of one province may differ by so much: what stations allow (`signed_at`).
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// What was signed, and what wants a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// Version of the new timestamp.
    pub timestamp: u64,
    /// Version of the new snapshot, if it was due.
    pub snapshot: Option<u64>,
    /// See [`warnings`].
    pub warnings: Vec<Text>,
}

/// Signs a new timestamp and, when due, a new snapshot over the feed as it is. Drafts are left alone.
pub fn renew(office: &Office, now: DateTime<Utc>, online: &Online) -> Result<Renewal> {
    let _lock = office.lock()?;
    renew_locked(office, now, online)
}

/// [`renew`] for who holds the lock.
///
/// # Errors
/// Nothing was published yet, a key is not here, or the disk fails.
pub fn renew_locked(office: &Office, now: DateTime<Utc>, online: &Online) -> Result<Renewal> {
    let feed = Published::load(office)?.ok_or_else(|| Error::Refused(say::not_published()))?;
    let mut snapshot = feed.snapshot.clone();
    let due = meta::instant(snapshot.signed.expires) - now <= SNAPSHOT_LEFT;
    if due {
        snapshot.signed.version = meta::version(snapshot.signed.version.get() + 1);
        snapshot.signed.expires = meta::in_days(now, SNAPSHOT_DAYS)?;
        snapshot =
            publish::sign_online(&[&feed.root], &feed.root, RoleType::Snapshot, snapshot.signed, online)?;
    }
    let timestamp = publish::timestamp(Some(&feed), &snapshot, now)?;
    let timestamp = publish::sign_online(&[&feed.root], &feed.root, RoleType::Timestamp, timestamp, online)?;
    if due {
        let path = office.feed().join(metadata_name("snapshot", Some(snapshot.signed.version.get())));
        write_lasting(&path, &meta::to_json(&snapshot)?)?;
    }
    let path = office.feed().join(metadata_name("timestamp", None));
    durable::replace(&path, &meta::to_json(&timestamp)?).map_err(Error::io(&path))?;
    Ok(Renewal {
        timestamp: timestamp.signed.version.get(),
        snapshot: due.then(|| snapshot.signed.version.get()),
        warnings: clock_behind(&feed, now).into_iter().chain(warnings(&feed, now)).collect(),
    })
}

/// Signs snapshot and timestamp with numbers that are `by` higher: after a server was rebuilt from a copy, stations have
/// seen higher ones than the copy has. The caller holds the lock.
///
/// # Errors
/// See [`renew_locked`].
pub fn leap(office: &Office, now: DateTime<Utc>, online: &Online, by: u64) -> Result<()> {
    let mut feed = Published::load(office)?.ok_or_else(|| Error::Refused(say::not_published()))?;
    let mut snapshot = feed.snapshot.signed.clone();
    snapshot.version = meta::version(snapshot.version.get() + by);
    snapshot.expires = meta::in_days(now, SNAPSHOT_DAYS)?;
    let snapshot = publish::sign_online(&[&feed.root], &feed.root, RoleType::Snapshot, snapshot, online)?;
    let next = feed.timestamp.signed.version.get() + by;
    feed.timestamp.signed.version = meta::version(next);
    let timestamp = publish::timestamp(Some(&feed), &snapshot, now)?;
    let timestamp = publish::sign_online(&[&feed.root], &feed.root, RoleType::Timestamp, timestamp, online)?;
    let path = office.feed().join(metadata_name("snapshot", Some(snapshot.signed.version.get())));
    write_lasting(&path, &meta::to_json(&snapshot)?)?;
    let path = office.feed().join(metadata_name("timestamp", None));
    durable::replace(&path, &meta::to_json(&timestamp)?).map_err(Error::io(&path))
}

/// Says so when the feed was signed later than now: this clock is behind, or that of whoever published before was ahead.
/// Nothing is refused, since stations judge by their own clocks and a wrong date must be mendable by the next publication.
pub fn clock_behind(feed: &Published, now: DateTime<Utc>) -> Option<Text> {
    let before = crate::feed::verify::signed_at(&feed.timestamp.signed._extra)?;
    (before > now + SKEW).then(|| say::clock_behind(day(before)))
}

/// Offline roles that expire within 60 days or have expired, and a root that one person can change. Pure.
pub fn warnings(feed: &Published, now: DateTime<Utc>) -> Vec<Text> {
    let mut out = Vec::new();
    let top = [("root", feed.root.signed.expires), ("targets", feed.targets.signed.expires)];
    let roles = feed.roles.iter().map(|(name, role)| (name.as_str(), role.signed.expires));
    for (name, expires) in top.into_iter().chain(roles) {
        let expires = meta::instant(expires);
        if expires <= now {
            out.push(say::role_expired(say::role(name), day(expires), name));
        } else if expires - now < WARNED {
            out.push(say::role_expires(say::role(name), day(expires), name));
        }
    }
    if Authority::in_root(&feed.root.signed, RoleType::Root).is_some_and(|who| who.threshold < 2) {
        out.push(say::root_threshold_one());
    }
    out
}
