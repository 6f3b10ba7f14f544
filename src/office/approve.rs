//! `office approve` and `office sign`. Two people sign the same bytes: the first writes the draft and names himself and
//! the second in `approved_by` of everything new; only those two can complete it. If another is to stand in, the draft
//! is written again (`again`), naming him, and signed again by both: so `approved_by` never names who did not sign.

use std::collections::{BTreeSet, HashMap};

use tough::{
    TargetName,
    schema::{Signed, Target, Targets},
};

use super::{
    Error, Result,
    desk::Desk,
    draft,
    hand::Hand,
    init::named,
    keys::PublicKey,
    meta::{self, Authority},
    people::means,
    staging::{self, Shelf, Staged},
    withdraw,
    words::{Change, meta_of},
};
use crate::{ids::BulletinId, text::office as say};

/// What the person wants approved.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Only these of the waiting recordings; empty: all.
    pub only: BTreeSet<BulletinId>,
    /// Published ones that are to leave the list.
    pub remove: BTreeSet<BulletinId>,
    /// Who signs second; needed where more than one other could.
    pub second: Option<String>,
    /// Write the draft anew even if one waits; its signatures are lost.
    pub again: bool,
}

/// What a person is about to sign. Nothing is written before [`sign`].
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Of which role.
    pub role: String,
    /// What is to be signed.
    pub signed: Targets,
    /// The draft that waits, when this is the second signature.
    pub waiting: Option<Signed<Targets>>,
    /// Against the published version.
    pub changes: Vec<Change>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The role.
    pub role: String,
    /// Its version.
    pub version: u64,
    /// Who has signed so far, by name.
    pub signed_by: Vec<String>,
    /// How many signatures are still missing.
    pub missing: u64,
}

/// What `hand` would sign: the draft that waits for him, else a new one with what was imported.
///
/// # Errors
/// Refused: nothing to approve; he signed already; the draft names other people.
pub fn propose(desk: &Desk<'_>, shelf: Shelf, choice: &Choice, hand: &Hand) -> Result<Proposal> {
    let role = shelf.role();
    let may = desk.authority(role)?;
    if let Some(waiting) = desk.draft(role).filter(|_| !choice.again)
        && !may.signers(waiting)?.is_empty()
    {
        not_twice(desk, &may, waiting, hand)?;
        let named = approvers(desk, waiting);
        if !named.is_empty() && !named.contains(&hand.name) {
            let named: Vec<_> = named.into_iter().collect();
            return Err(Error::Refused(say::names_others(named.join(", "), &hand.name)));
        }
        return second_of(desk, role, waiting);
    }
    let names = [hand.name.clone(), second(desk, role, choice, hand)?];
    let signed = build(desk, shelf, choice, &names)?;
    let changes = desk.changes(role, &signed);
    let unpublished = desk.held(role).is_none();
    if changes.is_empty() && !unpublished {
        return Err(Error::Refused(say::nothing_to_approve()));
    }
    here(desk, role, &signed)?;
    Ok(Proposal { role: role.into(), signed, waiting: None, changes })
}

/// Refuses a second signature of one person, be it by another key of his.
fn not_twice(desk: &Desk<'_>, may: &Authority, draft: &Signed<Targets>, hand: &Hand) -> Result<()> {
    let (signers, people) = (may.signers(draft)?, desk.people());
    let his = |key: &PublicKey| *key == hand.key.public() || people.name(key) == Some(&*hand.name);
    if signers.iter().any(his) { Err(Error::Refused(say::signed_already(&hand.name))) } else { Ok(()) }
}

/// The draft that waits, as a proposal.
fn second_of(desk: &Desk<'_>, role: &str, waiting: &Signed<Targets>) -> Result<Proposal> {
    here(desk, role, &waiting.signed)?;
    let (signed, changes) = (waiting.signed.clone(), desk.changes(role, &waiting.signed));
    Ok(Proposal { role: role.into(), signed, waiting: Some(waiting.clone()), changes })
}

/// Nobody signs what he cannot see or hear: all that is new in `next` lies in the folder with the hash that is signed.
fn here(desk: &Desk<'_>, role: &str, next: &Targets) -> Result<()> {
    for (name, target) in fresh_targets(desk, role, next) {
        let content = meta::target_digest(target).and_then(|sha256| desk.office.content(&sha256, name));
        if content.is_none() {
            return Err(Error::Refused(say::content_gone(name)));
        }
    }
    Ok(())
}

/// What `next` lists otherwise than the published version of `role`, by name.
pub fn fresh_targets<'a>(desk: &Desk<'_>, role: &str, next: &'a Targets) -> Vec<(&'a str, &'a Target)> {
    let old = desk.held(role).map(|r| &r.signed.targets);
    let fresh = next.targets.iter().filter(|(n, t)| old.and_then(|o| o.get(n)) != Some(t));
    let mut out: Vec<_> = fresh.map(|(n, t)| (n.raw(), t)).collect();
    out.sort_by_key(|(name, _)| *name);
    out
}

/// Signs. The proposal is first held against the draft on disk, which another machine may have changed.
pub fn sign(desk: &mut Desk<'_>, proposal: Proposal, hand: &Hand) -> Result<Signature> {
    let role = proposal.role;
    let mut signed = match proposal.waiting {
        Some(waiting) => waiting,
        None => Signed { signed: proposal.signed, signatures: Vec::new() },
    };
    meta::sign(&mut signed, &hand.key)?;
    draft::save(desk.office, &role, &signed)?;
    let done = state(desk, &role, &signed)?;
    desk.drafts.roles.insert(role, signed);
    Ok(done)
}

/// The draft of any role that waits for more signatures, for whoever may sign it: delegations, a re-signed list after a
/// rotation, an area's first version.
pub fn propose_waiting(desk: &Desk<'_>, role: &str, hand: &Hand) -> Result<Proposal> {
    let waiting = desk.draft(role).ok_or_else(|| Error::Refused(say::no_draft(say::role(role))))?;
    not_twice(desk, &desk.authority(role)?, waiting, hand)?;
    second_of(desk, role, waiting)
}

/// Who signed a draft so far, and how many are missing.
pub fn state(desk: &Desk<'_>, role: &str, draft: &Signed<Targets>) -> Result<Signature> {
    let may = desk.authority(role)?;
    let people = desk.people();
    let (missing, signed_by) = (may.missing(draft, &people)?, people.names(&may.signers(draft)?));
    Ok(Signature { role: role.into(), version: draft.signed.version.get(), signed_by, missing })
}

/// The names that the draft gives to what is new in it.
fn approvers(desk: &Desk<'_>, draft: &Signed<Targets>) -> BTreeSet<String> {
    let held =
        |name: &TargetName| desk.files().find(|(held, _)| *held == name.raw()).map(|(_, target)| target);
    let fresh = draft.signed.targets.iter().filter(|(name, target)| held(name) != Some(target));
    fresh.filter_map(|(_, target)| meta_of(target)).flat_map(|meta| meta.approved_by).collect()
}

/// Who is to sign after `hand`: the one named, else the only other who can.
fn second(desk: &Desk<'_>, role: &str, choice: &Choice, hand: &Hand) -> Result<String> {
    let (may, people) = (desk.authority(role)?, desk.people());
    let others: BTreeSet<&str> =
        may.keys.iter().filter_map(|k| people.name(k)).filter(|name| *name != hand.name).collect();
    let list = || others.iter().copied().collect::<Vec<_>>().join(", ");
    match &choice.second {
        Some(wanted) => {
            let exact = others.iter().filter(|name| *name == wanted).collect::<Vec<_>>();
            let meant = others.iter().filter(|name| means(wanted, name)).collect::<Vec<_>>();
            match if exact.is_empty() { meant } else { exact }.as_slice() {
                [name] => Ok((**name).to_owned()),
                [] => Err(Error::Usage(say::second_unknown(list()))),
                _ => Err(Error::Usage(say::second_needed(list()))),
            }
        }
        None if others.len() == 1 => Ok(list()),
        None => Err(Error::Usage(say::second_needed(list()))),
    }
}

/// Published, less what expired, was withdrawn or is to go, and the waiting recordings.
fn build(desk: &Desk<'_>, shelf: Shelf, choice: &Choice, names: &[String; 2]) -> Result<Targets> {
    let role = shelf.role();
    let mut next = match desk.held(role) {
        Some(held) => held.signed.clone(),
        None => super::init::empty(super::desk::days(role), desk.now)?,
    };
    next.version = meta::version(desk.next_version(role));
    next.expires = meta::in_days(desk.now, super::desk::days(role))?;
    let gone = withdraw::ids(desk)?;
    for id in &choice.remove {
        if next.targets.remove(&named(&shelf.path(id))?).is_none() {
            return Err(Error::Usage(say::not_listed(id)));
        }
    }
    next.targets.retain(|name, target| {
        let expired = meta_of(target).is_some_and(|m| m.valid_until <= desk.now);
        !expired && !super::withdraw::id_of(name.raw()).is_some_and(|id| gone.contains(id))
    });
    let mut wanted = choice.only.clone();
    for staged in staging::all(desk.office)?.iter().filter(|s| s.shelf == shelf) {
        let by_id = wanted.remove(&staged.id);
        if choice.only.is_empty() || by_id {
            // Named, it is refused; among all, it does not stand in the way of the others.
            match gone.contains(staged.id.as_str()) {
                true if by_id => return Err(Error::Refused(say::withdrawn_id(&staged.id))),
                true => continue,
                false => {}
            }
            next.targets.insert(named(&shelf.path(&staged.id))?, approved(staged, names)?);
        }
    }
    match wanted.first() {
        Some(unknown) => Err(Error::Usage(say::not_staged(unknown))),
        None => Ok(next),
    }
}

fn approved(staged: &Staged, names: &[String; 2]) -> Result<Target> {
    let mut meta = staged.meta.clone();
    meta.approved_by = names.to_vec();
    let fail = |e: serde_json::Error| Error::Machine(say::other(e.to_string()));
    let custom: HashMap<_, _> =
        serde_json::from_value(serde_json::to_value(meta).map_err(fail)?).map_err(fail)?;
    Ok(meta::target(staged.length, &staged.sha256, custom))
}

/// The recordings that a proposal adds or changes, to be listened to.
pub fn to_hear(desk: &Desk<'_>, proposal: &Proposal) -> Vec<(String, Target)> {
    let fresh = fresh_targets(desk, &proposal.role, &proposal.signed).into_iter();
    fresh.filter(|(_, t)| meta_of(t).is_some()).map(|(name, t)| (name.to_owned(), t.clone())).collect()
}

/// The list of `role` as it is, with a fresh expiry, signed by `hand`: an offline role would expire otherwise.
///
/// # Errors
/// Refused: a draft with other content waits; it brings a fresh expiry by itself.
pub fn fresh(desk: &mut Desk<'_>, role: &str, hand: &Hand) -> Result<Signature> {
    if desk.draft(role).is_some() {
        return Err(Error::Refused(say::draft_waits(role)));
    }
    let next = desk.next(role)?;
    let draft = desk.sign_new(role, next, hand)?.clone();
    state(desk, role, &draft)
}
