//! Drafts that have their signatures become the feed: gates, then target files, role metadata, snapshot and, last,
//! the timestamp, by which alone clients learn of the rest. A power cut at any line leaves the feed before or after.

mod write;

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use tough::schema::{RoleType, Root, Signed, Snapshot, Targets, Timestamp};

use super::{
    Error, Result,
    draft::{self, Drafts},
    feed_files::Published,
    folder::Office,
    gates,
    keys::SecretKey,
    meta::{self, Authority},
    renew, tidy,
};
use crate::{
    feed::roles::{SNAPSHOT_DAYS, TIMESTAMP_DAYS},
    text::{Text, office as say},
};

/// The extra signed field of the timestamp: RFC 3339, UTC, whole seconds. A lower bound of time for stations.
pub const SIGNED_AT: &str = "signed_at";

/// The keys that sign snapshot and timestamp, opened. During a rotation those of before may be among them.
pub type Online = Vec<SecretKey>;

/// What a publication changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// Version of the new snapshot.
    pub snapshot: u64,
    /// Version of the new timestamp.
    pub timestamp: u64,
    /// The roles that got a new version.
    pub roles: BTreeMap<String, u64>,
    /// Drafts that still lack signatures, with how many they lack.
    pub waiting: BTreeMap<String, u64>,
    /// What wants a person soon: [`renew::warnings`], and a clock that is behind.
    pub warnings: Vec<Text>,
}

/// What the feed is to become. Made by [`next`], checked by the gates, then written.
#[derive(Debug, Clone)]
pub struct Next {
    /// The newest root: the published one, or a draft.
    pub root: Signed<Root>,
    /// `targets`, likewise.
    pub targets: Signed<Targets>,
    /// Every delegated role that has metadata, likewise.
    pub roles: BTreeMap<String, Signed<Targets>>,
    /// Which of them are new.
    pub new: Vec<String>,
}

/// Publishes the drafts that are complete, or only those named in `only`.
///
/// # Errors
/// Refused by a gate, with all reasons, or since another process is at work: the feed is as it was.
pub fn publish(
    office: &Office,
    now: DateTime<Utc>,
    online: &Online,
    only: Option<&[&str]>,
) -> Result<Publication> {
    let _lock = office.lock()?;
    publish_locked(office, now, online, only)
}

/// [`publish`] for a verb that holds the lock.
pub fn publish_locked(
    office: &Office,
    now: DateTime<Utc>,
    online: &Online,
    only: Option<&[&str]>,
) -> Result<Publication> {
    let before = Published::load(office)?;
    let drafts = draft::all(office)?;
    let (next, waiting) = next(before.as_ref(), drafts, only)?;
    gates::check(before.as_ref(), &next, now, &|sha256, name| office.content(sha256, name))?;
    let (snapshot, timestamp) = top(before.as_ref(), &next, now, online)?;
    write::write(office, before.as_ref(), &next, &snapshot, &timestamp)?;
    let mut warnings: Vec<_> =
        before.as_ref().and_then(|b| renew::clock_behind(b, now)).into_iter().collect();
    if let Some(after) = Published::load(office)? {
        tidy::tidy(office, &after, now)?;
        warnings.extend(renew::warnings(&after, now));
    }
    let roles = next.new.iter().map(|name| (name.clone(), next.version(name))).collect();
    Ok(Publication {
        snapshot: snapshot.signed.version.get(),
        timestamp: timestamp.signed.version.get(),
        roles,
        waiting,
        warnings,
    })
}

impl Next {
    /// The version that `name` will have.
    pub fn version(&self, name: &str) -> u64 {
        match name {
            "root" => self.root.signed.version.get(),
            "targets" => self.targets.signed.version.get(),
            _ => self.roles.get(name).map_or(0, |r| r.signed.version.get()),
        }
    }
}

/// Takes each role from its draft, if that follows the published version and has its signatures; else as published.
/// Also says how many signatures each other draft lacks.
pub fn next(
    before: Option<&Published>,
    drafts: Drafts,
    only: Option<&[&str]>,
) -> Result<(Next, BTreeMap<String, u64>)> {
    let wanted = |name: &str| only.is_none_or(|only| only.contains(&name));
    let (mut new, mut waiting) = (Vec::new(), BTreeMap::new());
    let mut root = before.map(|b| b.root.clone());
    if let Some(draft) = drafts.root.filter(|_| wanted("root")) {
        let lacking = lacking_root(root.as_ref(), &draft)?;
        if lacking == 0 && follows(root.as_ref().map(|r| r.signed.version.get()), draft.signed.version.get())
        {
            new.push("root".to_owned());
            root = Some(draft);
        } else {
            waiting.insert("root".to_owned(), lacking);
        }
    }
    let root = root.ok_or_else(|| Error::Refused(say::root_incomplete()))?;
    let mut roles = before.map(|b| b.roles.clone()).unwrap_or_default();
    let mut targets = before.map(|b| b.targets.clone());
    let mut drafts = drafts.roles;
    if let Some(draft) = drafts.remove("targets").filter(|_| wanted("targets")) {
        let who = Authority::in_root(&root.signed, RoleType::Targets);
        let old = before.and_then(|b| b.listed_version("targets"));
        take(("targets", old), draft, who, &mut targets, &mut new, &mut waiting)?;
    }
    let targets = targets.ok_or_else(|| Error::Refused(say::targets_incomplete()))?;
    for (name, draft) in drafts {
        if !wanted(&name) {
            continue;
        }
        let who = Authority::in_targets(&targets.signed, &name);
        let mut held = roles.remove(&name);
        let old = before.and_then(|b| b.listed_version(&name));
        take((&name, old), draft, who, &mut held, &mut new, &mut waiting)?;
        roles.extend(held.map(|role| (name, role)));
    }
    let delegated: Vec<&str> = meta::delegated(&targets.signed).collect();
    roles.retain(|name, _| delegated.contains(&name.as_str()));
    Ok((Next { root, targets, roles, new }, waiting))
}

/// `name` comes with the version that is published.
fn take(
    (name, old): (&str, Option<u64>),
    draft: Signed<Targets>,
    who: Option<Authority>,
    held: &mut Option<Signed<Targets>>,
    new: &mut Vec<String>,
    waiting: &mut BTreeMap<String, u64>,
) -> Result<()> {
    let lacking = match who {
        Some(who) => who.threshold.saturating_sub(who.signers(&draft)?.len() as u64),
        None => 1,
    };
    if lacking == 0 && follows(old, draft.signed.version.get()) {
        *held = Some(draft);
        new.push(name.to_owned());
    } else if old.is_none_or(|old| draft.signed.version.get() > old) {
        waiting.insert(name.to_owned(), lacking);
    }
    Ok(())
}

fn follows(old: Option<u64>, new: u64) -> bool {
    new == old.unwrap_or(0) + 1
}

/// A new root needs the threshold of the one before and its own (TUF 1.0.34 §5.3.4).
fn lacking_root(before: Option<&Signed<Root>>, draft: &Signed<Root>) -> Result<u64> {
    let mut lacking = 0;
    for by in [before.map(|b| &b.signed), Some(&draft.signed)].into_iter().flatten() {
        if let Some(who) = Authority::in_root(by, RoleType::Root) {
            lacking = lacking.max(who.threshold.saturating_sub(who.signers(draft)?.len() as u64));
        }
    }
    Ok(lacking)
}

/// Snapshot and timestamp over `next`, signed by those of `online` that the old or the new root names.
pub fn top(
    before: Option<&Published>,
    next: &Next,
    now: DateTime<Utc>,
    online: &Online,
) -> Result<(Signed<Snapshot>, Signed<Timestamp>)> {
    let number = before.map_or(1, |b| b.snapshot.signed.version.get() + 1);
    let mut snapshot =
        Snapshot::new(meta::SPEC.into(), meta::version(number), meta::in_days(now, SNAPSHOT_DAYS)?);
    let all =
        std::iter::once(("targets", &next.targets)).chain(next.roles.iter().map(|(n, r)| (n.as_str(), r)));
    for (name, role) in all {
        let entry = meta::metafile(role.signed.version, &meta::to_json(role)?);
        snapshot.meta.insert(format!("{name}.json"), entry);
    }
    // A closed area stays listed, else stations refuse the snapshot (TUF 1.0.34 §5.5.5); nobody asks for it any more.
    for (name, entry) in before.iter().flat_map(|b| &b.snapshot.signed.meta) {
        snapshot.meta.entry(name.clone()).or_insert_with(|| entry.clone());
    }
    let roots: Vec<&Signed<Root>> = before.map(|b| &b.root).into_iter().chain([&next.root]).collect();
    let snapshot = sign_online(&roots, &next.root, RoleType::Snapshot, snapshot, online)?;
    let timestamp = timestamp(before, &snapshot, now)?;
    let timestamp = sign_online(&roots, &next.root, RoleType::Timestamp, timestamp, online)?;
    Ok((snapshot, timestamp))
}

/// The unsigned timestamp that follows the published one.
pub fn timestamp(
    before: Option<&Published>,
    snapshot: &Signed<Snapshot>,
    now: DateTime<Utc>,
) -> Result<Timestamp> {
    let number = before.map_or(1, |b| b.timestamp.signed.version.get() + 1);
    let mut timestamp =
        Timestamp::new(meta::SPEC.into(), meta::version(number), meta::in_days(now, TIMESTAMP_DAYS)?);
    let entry = meta::metafile(snapshot.signed.version, &meta::to_json(snapshot)?);
    timestamp.meta.insert("snapshot.json".into(), entry);
    timestamp._extra.insert(SIGNED_AT.into(), now.to_rfc3339_opts(SecondsFormat::Secs, true).into());
    Ok(timestamp)
}

/// Signs with each of `online` that one of `roots` names for `role`; those that `root` names must suffice.
pub fn sign_online<T: tough::schema::Role>(
    roots: &[&Signed<Root>],
    root: &Signed<Root>,
    role: RoleType,
    signed: T,
    online: &Online,
) -> Result<Signed<T>> {
    let named: Vec<Authority> = roots.iter().filter_map(|r| Authority::in_root(&r.signed, role)).collect();
    let able = online.iter().filter(|key| named.iter().any(|who| who.keys.contains(&key.public())));
    let signed = meta::signed_by(signed, able)?;
    match Authority::in_root(&root.signed, role) {
        Some(who) if who.is_met_by(&signed)? => Ok(signed),
        _ => Err(Error::Usage(say::online_key_absent(role.to_string()))),
    }
}
