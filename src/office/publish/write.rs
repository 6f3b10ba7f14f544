//! The files of a publication, in an order that leaves a valid feed at every instant.

use tough::schema::{RoleType, Root, Signed, Snapshot, Timestamp};

use super::Next;
use crate::{
    digest::Digest,
    durable,
    feed::roles::{metadata_name, target_name},
    office::{
        Error, Result, draft,
        feed_files::{Published, write_lasting},
        folder::{Office, read_plain},
        meta::{self, Authority},
    },
    text::office as say,
};

/// Target files, role metadata, snapshot and, last, the timestamp; then the drafts go.
pub(super) fn write(
    office: &Office,
    before: Option<&Published>,
    next: &Next,
    snapshot: &Signed<Snapshot>,
    timestamp: &Signed<Timestamp>,
) -> Result<()> {
    let fresh =
        next.new.iter().filter_map(|n| if n == "targets" { Some(&next.targets) } else { next.roles.get(n) });
    for (name, target) in fresh.flat_map(|role| &role.signed.targets) {
        let Some(sha256) = meta::target_digest(target) else { continue };
        let path = office.feed().join(target_name(name.raw(), &sha256));
        // What lies there and is not what was signed would be refused by every station.
        if !read_plain(&path).is_ok_and(|bytes| Digest::of(&bytes) == sha256) {
            let bytes = office
                .content(&sha256, name.raw())
                .ok_or_else(|| Error::Refused(say::content_gone(name.raw())))?;
            write_lasting(&path, &bytes)?;
        }
    }
    let metadata = |role: &str, version| office.feed().join(metadata_name(role, version));
    for name in next.new.iter().filter(|n| *n != "root") {
        let role = if name == "targets" { &next.targets } else { &next.roles[name] };
        write_lasting(&metadata(name, Some(role.signed.version.get())), &meta::to_json(role)?)?;
    }
    write_lasting(&metadata("snapshot", Some(snapshot.signed.version.get())), &meta::to_json(snapshot)?)?;
    let stamp = || -> Result<()> {
        let path = metadata("timestamp", None);
        durable::replace(&path, &meta::to_json(timestamp)?).map_err(Error::io(&path))
    };
    if next.new.iter().any(|n| n == "root") {
        let path = metadata("root", Some(next.root.signed.version.get()));
        // Both signed by the online keys of before: then the old root accepts the new timestamp, and nobody sees a gap.
        if before.is_some_and(|b| stands(&b.root.signed, next, snapshot, timestamp)) {
            stamp()?;
            write_lasting(&path, &meta::to_json(&next.root)?)?;
        } else {
            write_lasting(&path, &meta::to_json(&next.root)?)?;
            stamp()?;
        }
    } else {
        stamp()?;
    }
    for name in &next.new {
        draft::discard(office, name)?;
    }
    Ok(())
}

/// Whether `root` too accepts all three.
fn stands(root: &Root, next: &Next, snapshot: &Signed<Snapshot>, timestamp: &Signed<Timestamp>) -> bool {
    let met = |role, ok: &dyn Fn(&Authority) -> Result<bool>| {
        Authority::in_root(root, role).is_some_and(|who| ok(&who).unwrap_or(false))
    };
    met(RoleType::Timestamp, &|who| who.is_met_by(timestamp))
        && met(RoleType::Snapshot, &|who| who.is_met_by(snapshot))
        && met(RoleType::Targets, &|who| who.is_met_by(&next.targets))
}
