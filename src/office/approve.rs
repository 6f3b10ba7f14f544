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
    meta,
    staging::{self, Shelf, Staged},
    withdraw,
    words::{self, Change, meta_of},
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
    if let Some(waiting) = desk.draft(role).filter(|_| !choice.again) {
        let signers = may.signers(waiting)?;
        if !signers.is_empty() {
            if signers.contains(&hand.key.public()) {
                return Err(Error::Refused(say::signed_already(&hand.name)));
            }
            let named = approvers(desk, waiting);
            if !named.is_empty() && !named.contains(&hand.name) {
                let named: Vec<_> = named.into_iter().collect();
                return Err(Error::Refused(say::names_others(named.join(", "), &hand.name)));
            }
            let changes = desk.changes(role, &waiting.signed);
            return Ok(Proposal {
                role: role.into(),
                signed: waiting.signed.clone(),
                waiting: Some(waiting.clone()),
                changes,
            });
        }
    }
    let names = [hand.name.clone(), second(desk, role, choice, hand)?];
    let signed = build(desk, shelf, choice, &names)?;
    let changes = desk.changes(role, &signed);
    let unpublished = desk.held(role).is_none();
    if changes.is_empty() && !unpublished {
        return Err(Error::Refused(say::nothing_to_approve()));
    }
    Ok(Proposal { role: role.into(), signed, waiting: None, changes })
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
    let waiting = desk.draft(role).ok_or_else(|| Error::Refused(say::no_draft(role)))?;
    if desk.authority(role)?.signers(waiting)?.contains(&hand.key.public()) {
        return Err(Error::Refused(say::signed_already(&hand.name)));
    }
    let changes = desk.changes(role, &waiting.signed);
    Ok(Proposal {
        role: role.into(),
        signed: waiting.signed.clone(),
        waiting: Some(waiting.clone()),
        changes,
    })
}

/// Who signed a draft so far, and how many are missing.
pub fn state(desk: &Desk<'_>, role: &str, draft: &Signed<Targets>) -> Result<Signature> {
    let may = desk.authority(role)?;
    let (signers, people) = (may.signers(draft)?, desk.people());
    let missing = may.threshold.saturating_sub(signers.len() as u64);
    let name = |k| people.name(k).unwrap_or("?").to_owned();
    let signed_by = signers.iter().map(name).collect();
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
            let wanted = super::import::fold(wanted);
            let found = others.iter().find(|name| super::import::fold(name) == wanted);
            found.map(|n| (*n).to_owned()).ok_or_else(|| Error::Usage(say::second_unknown(list())))
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
        if choice.only.is_empty() || wanted.remove(&staged.id) {
            if gone.contains(staged.id.as_str()) {
                return Err(Error::Refused(say::withdrawn_id(&staged.id)));
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
    let sound = added_or_changed(desk, proposal).filter(|(_, t)| words::meta_of(t).is_some());
    sound.map(|(n, t)| (n.raw().to_owned(), t.clone())).collect()
}

/// Something that a proposal adds or changes and that is not in this folder as it would be signed: nobody can see or hear
/// what he approves then.
pub fn unseen(desk: &Desk<'_>, proposal: &Proposal) -> Option<String> {
    let here = |name: &TargetName, target: &Target| {
        meta::target_digest(target).and_then(|sha256| desk.office.content(&sha256, name.raw())).is_some()
    };
    added_or_changed(desk, proposal)
        .find(|(name, target)| !here(name, target))
        .map(|(name, _)| name.raw().to_owned())
}

fn added_or_changed<'p>(
    desk: &Desk<'_>,
    proposal: &'p Proposal,
) -> impl Iterator<Item = (&'p TargetName, &'p Target)> {
    let old = desk.held(&proposal.role).map(|r| r.signed.targets.clone()).unwrap_or_default();
    proposal.signed.targets.iter().filter(move |(name, target)| old.get(name) != Some(target))
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
