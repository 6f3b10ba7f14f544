//! The next root: who may sign it, what it changes, and its signatures.

use std::collections::BTreeSet;

use tough::schema::{RoleType, Root, Signed};

use super::{
    Error, Result,
    approve::Signature,
    desk::Desk,
    draft,
    hand::Hand,
    meta::{self, Authority},
    words::{Change, Sort, keys_changed},
};
use crate::{feed::roles::ROOT_DAYS, text::office as say};

/// The draft of root, or the published one with the next number; with a fresh expiry.
///
/// # Errors
/// Refused: nothing was published yet.
pub fn next(desk: &Desk<'_>) -> Result<Root> {
    let held = desk.root().ok_or_else(|| Error::Refused(say::not_published()))?;
    let mut next = draft_of(desk).unwrap_or(held).signed.clone();
    next.version = meta::version(number(desk));
    next.expires = meta::in_days(desk.now, ROOT_DAYS)?;
    Ok(next)
}

/// The draft that would be the next root; an overtaken one does not count.
pub fn draft_of<'a>(desk: &'a Desk<'_>) -> Option<&'a Signed<Root>> {
    desk.drafts.root.as_ref().filter(|d| d.signed.version.get() == number(desk))
}

fn number(desk: &Desk<'_>) -> u64 {
    desk.root().map_or(1, |held| held.signed.version.get() + 1)
}

/// Signs `next` as the new draft, in place of the one there. Keys that no role names are left out.
pub fn sign_new(desk: &mut Desk<'_>, mut next: Root, hand: &Hand) -> Result<Signature> {
    let roles = next.roles.clone();
    next.keys.retain(|id, _| roles.values().any(|role| role.keyids.contains(id)));
    keep(desk, meta::signed_by(next, [&hand.key])?)
}

/// Root as it is, with a fresh expiry.
///
/// # Errors
/// Refused: a draft waits; it brings a fresh expiry by itself.
pub fn fresh(desk: &mut Desk<'_>, hand: &Hand) -> Result<Signature> {
    if draft_of(desk).is_some() {
        return Err(Error::Refused(say::draft_waits("root")));
    }
    let next = next(desk)?;
    sign_new(desk, next, hand)
}

/// The draft of root that waits for this person.
///
/// # Errors
/// Refused: there is no draft of the next root, or he signed it already.
pub fn waiting<'a>(desk: &'a Desk<'_>, hand: &Hand) -> Result<&'a Signed<Root>> {
    let draft = draft_of(desk).ok_or_else(|| Error::Refused(say::no_draft(say::role("root"))))?;
    if signers(desk, draft)?.contains(&hand.key.public()) {
        return Err(Error::Refused(say::signed_already(&hand.name)));
    }
    Ok(draft)
}

/// Adds a signature to the draft of root.
///
/// # Errors
/// See [`waiting`].
pub fn sign_draft(desk: &mut Desk<'_>, hand: &Hand) -> Result<Signature> {
    let mut draft = waiting(desk, hand)?.clone();
    meta::sign(&mut draft, &hand.key)?;
    keep(desk, draft)
}

fn keep(desk: &mut Desk<'_>, draft: Signed<Root>) -> Result<Signature> {
    draft::save(desk.office, "root", &draft)?;
    let state = state(desk, &draft)?;
    desk.drafts.root = Some(draft);
    Ok(state)
}

/// What `next` changes, in words.
pub fn changes(desk: &Desk<'_>, next: &Root) -> Vec<Change> {
    let people = desk.people();
    let nobody = || Authority { keys: BTreeSet::new(), threshold: 0, other: 0 };
    let mut out = Vec::new();
    for role in [RoleType::Root, RoleType::Targets, RoleType::Snapshot, RoleType::Timestamp] {
        let old = desk.root().and_then(|r| Authority::in_root(&r.signed, role)).unwrap_or_else(nobody);
        let new = Authority::in_root(next, role).unwrap_or_else(nobody);
        if old != new {
            let text = keys_changed(&role.to_string(), &old, &new, &people, &people);
            out.push(Change { sort: Sort::Changed, subject: role.to_string(), text });
        }
    }
    out
}

/// Those whose signature is good by the published root or by the draft itself.
fn signers(desk: &Desk<'_>, draft: &Signed<Root>) -> Result<BTreeSet<super::keys::PublicKey>> {
    let mut out = BTreeSet::new();
    for root in desk.root().into_iter().chain([draft]) {
        if let Some(who) = Authority::in_root(&root.signed, RoleType::Root) {
            out.extend(who.signers(draft)?);
        }
    }
    Ok(out)
}

/// A new root wants the threshold of the one before and its own (TUF 1.0.34 §5.3.4).
fn state(desk: &Desk<'_>, draft: &Signed<Root>) -> Result<Signature> {
    let (mut missing, people) = (0, desk.people());
    for root in desk.root().into_iter().chain([draft]) {
        if let Some(who) = Authority::in_root(&root.signed, RoleType::Root) {
            missing = missing.max(who.missing(draft, &people)?);
        }
    }
    let signed_by = people.names(&signers(desk, draft)?);
    Ok(Signature { role: "root".into(), version: draft.signed.version.get(), signed_by, missing })
}
