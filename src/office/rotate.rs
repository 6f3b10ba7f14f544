//! `office rotate`: a key was lost or stolen, somebody comes or goes. docs/key-drills.md walks through each case.
//!
//! A person's key is exchanged in every delegation in which it stands. What then lacks a valid signature is written as an
//! unsigned draft with the same content, for those who remain to look at and sign again.

use std::collections::BTreeSet;

use tough::schema::{RoleType, Root, Signed};

use super::{
    Error, Result, approve,
    approve::Signature,
    delegate::{authorities, settle},
    desk::Desk,
    draft,
    hand::{Ask, Hand, Question},
    import::fold,
    keys::{Cost, KeyFile, Public, PublicKey, SecretKey},
    meta::{self, Authority},
};
use crate::{feed::roles::ROOT_DAYS, text::office as say};

/// Who goes and who comes.
#[derive(Debug, Clone, Default)]
pub struct Swap {
    /// A holder's name, or the first 8 or more digits of a public key.
    pub remove: Option<String>,
    /// Who comes.
    pub add: Option<Public>,
    /// Another threshold (root alone).
    pub threshold: Option<u64>,
}

/// What a rotation left to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// The drafts signed by this person, and what they lack.
    pub signed: Vec<Signature>,
    /// Roles whose lists must be signed again by those who remain.
    pub sign_again: Vec<String>,
    /// A new online key, if one was made.
    pub made: Option<KeyFile>,
}

/// Exchanges a person's key: in root and targets if `role` is `root`, else in the delegations.
///
/// # Errors
/// Usage: nobody of that name, or several keys of his; a role would be left with too few people.
pub fn rotate(desk: &mut Desk<'_>, role: &str, swap: &Swap, hand: &Hand) -> Result<Rotation> {
    if swap.remove.is_none() && swap.add.is_none() && swap.threshold.is_none() {
        return Err(Error::Usage(say::rotate_nothing()));
    }
    match role {
        "root" | "targets" => root(desk, swap, hand),
        _ => delegated(desk, role, swap, hand),
    }
}

/// Gives `snapshot` or `timestamp` a new key, made here, by a new root. The old key file stays for one publication:
/// signed by both, the feed is valid at every instant of the change.
pub fn online(
    desk: &mut Desk<'_>,
    role: RoleType,
    protect: bool,
    cost: Cost,
    hand: &Hand,
    ask: Ask<'_>,
) -> Result<Rotation> {
    let name = role.to_string();
    let free = (2..)
        .map(|n| KeyFile::new(desk.office.keys(), &format!("{name}-{n}")))
        .find(|f| !f.secret().exists());
    let file = free.ok_or_else(|| Error::Usage(say::no_such_role(&name)))?;
    let words = if protect { Some(ask(&Question { name: &name, file: &file, new: true })?) } else { None };
    let key = SecretKey::generate()?;
    key.save(&file, &name, words.as_ref().map(|w| (w, cost)))?;
    let mut next = next_root(desk)?;
    next.roles.insert(role, meta::role_keys([&key.public()], 1)?);
    next.keys.extend(meta::key_map([&key.public()])?);
    let signed = vec![sign_root(desk, next, hand)?];
    Ok(Rotation { signed, sign_again: Vec::new(), made: Some(file) })
}

fn delegated(desk: &mut Desk<'_>, role: &str, swap: &Swap, hand: &Hand) -> Result<Rotation> {
    let mut people = desk.people();
    let mut next = desk.next("targets")?;
    let who = Authority::in_targets(&next, role).ok_or_else(|| Error::Usage(say::no_such_role(role)))?;
    let gone = swap.remove.as_deref().map(|name| find(&who.keys, desk, role, name)).transpose()?;
    let come = swap.add.as_ref().map(|p| p.public);
    let all: Vec<_> = authorities(&next).collect();
    let delegations = next.delegations.get_or_insert_default();
    for (name, who) in all {
        let touched = gone.map_or(name == role, |gone| who.keys.contains(&gone));
        let Some(entry) = delegations.roles.iter_mut().find(|r| touched && r.name == name) else { continue };
        let keys = exchanged(&who.keys, gone, come);
        if (keys.len() as u64) < who.threshold {
            return Err(Error::Usage(say::too_few(name, who.threshold, keys.len())));
        }
        entry.keyids = keys.iter().map(meta::key_id).collect::<Result<_>>()?;
        delegations.keys.extend(meta::key_map(&keys)?);
    }
    if let Some(add) = &swap.add {
        people.0.insert(add.public, add.name.clone());
    }
    settle(desk, &mut next, people)?;
    let signed = desk.sign_new("targets", next.clone(), hand)?.clone();
    let mut again = Vec::new();
    for (name, who) in authorities(&next) {
        let valid = match desk.held(&name) {
            Some(held) => who.is_met_by(held)?,
            None => true,
        };
        let drafted = match desk.draft(&name) {
            Some(draft) => who.is_met_by(draft)?,
            None => false,
        };
        if !valid && !drafted {
            let list = desk.next(&name)?;
            desk.leave(&name, list)?;
            again.push(name);
        }
    }
    Ok(Rotation { signed: vec![approve::state(desk, "targets", &signed)?], sign_again: again, made: None })
}

fn root(desk: &mut Desk<'_>, swap: &Swap, hand: &Hand) -> Result<Rotation> {
    let mut next = next_root(desk)?;
    let who = desk.authority("root")?;
    let gone = swap.remove.as_deref().map(|name| find(&who.keys, desk, "root", name)).transpose()?;
    let keys = exchanged(&who.keys, gone, swap.add.as_ref().map(|p| p.public));
    let threshold = swap.threshold.unwrap_or(who.threshold);
    if threshold == 0 || (keys.len() as u64) < threshold {
        return Err(Error::Usage(say::too_few("root", threshold.max(1), keys.len())));
    }
    for role in [RoleType::Root, RoleType::Targets] {
        next.roles.insert(role, meta::role_keys(&keys, threshold)?);
    }
    next.keys.extend(meta::key_map(&keys)?);
    let first = sign_root(desk, next, hand)?;
    // The names of root's people stand in `targets`, which the new root's people must sign as well.
    let (mut targets, mut people) = (desk.next("targets")?, desk.people());
    if let Some(add) = &swap.add {
        people.0.insert(add.public, add.name.clone());
    }
    settle(desk, &mut targets, people)?;
    let targets = desk.sign_new("targets", targets, hand)?.clone();
    let second = approve::state(desk, "targets", &targets)?;
    Ok(Rotation { signed: vec![first, second], sign_again: Vec::new(), made: None })
}

/// The draft of root, or the published one with the next number; with a fresh expiry.
fn next_root(desk: &Desk<'_>) -> Result<Root> {
    let held = desk.root().ok_or_else(|| Error::Refused(say::not_published()))?;
    let version = meta::version(held.signed.version.get() + 1);
    let draft = desk.drafts.root.as_ref().filter(|d| d.signed.version == version);
    let mut next = draft.unwrap_or(held).signed.clone();
    next.version = version;
    next.expires = meta::in_days(desk.now, ROOT_DAYS)?;
    Ok(next)
}

fn sign_root(desk: &mut Desk<'_>, mut next: Root, hand: &Hand) -> Result<Signature> {
    let roles = next.roles.clone();
    next.keys.retain(|id, _| roles.values().any(|role| role.keyids.contains(id)));
    let signed = meta::signed_by(next, [&hand.key])?;
    draft::save(desk.office, "root", &signed)?;
    desk.drafts.root = Some(signed.clone());
    root_state(desk, &signed)
}

/// Root as it is, with a fresh expiry.
///
/// # Errors
/// Refused: a draft waits; it brings a fresh expiry by itself.
pub fn fresh_root(desk: &mut Desk<'_>, hand: &Hand) -> Result<Signature> {
    if desk.drafts.root.is_some() {
        return Err(Error::Refused(say::draft_waits("root")));
    }
    let next = next_root(desk)?;
    sign_root(desk, next, hand)
}

/// Adds a signature to the draft of root.
///
/// # Errors
/// Refused: there is no draft of the next root.
pub fn sign_root_draft(desk: &mut Desk<'_>, hand: &Hand) -> Result<Signature> {
    let mut draft = desk.drafts.root.clone().ok_or_else(|| Error::Refused(say::no_draft("root")))?;
    meta::sign(&mut draft, &hand.key)?;
    draft::save(desk.office, "root", &draft)?;
    desk.drafts.root = Some(draft.clone());
    root_state(desk, &draft)
}

/// What the draft of root changes, in words.
pub fn root_changes(desk: &Desk<'_>) -> Vec<super::words::Change> {
    use super::words::{Change, Sort, keys_changed};
    let (Some(new), people) = (&desk.drafts.root, desk.people()) else { return Vec::new() };
    let none = Authority { keys: BTreeSet::new(), threshold: 0 };
    let mut out = Vec::new();
    for role in [RoleType::Root, RoleType::Targets, RoleType::Snapshot, RoleType::Timestamp] {
        let old =
            desk.root().and_then(|r| Authority::in_root(&r.signed, role)).unwrap_or_else(|| none.clone());
        let new = Authority::in_root(&new.signed, role).unwrap_or_else(|| none.clone());
        if old != new {
            let text = keys_changed(&role.to_string(), &old, &new, &people, &people);
            out.push(Change { sort: Sort::Changed, subject: role.to_string(), text });
        }
    }
    out
}

fn root_state(desk: &Desk<'_>, draft: &Signed<Root>) -> Result<Signature> {
    let (mut missing, mut signers) = (0, BTreeSet::new());
    for root in desk.root().into_iter().chain([draft]) {
        if let Some(who) = Authority::in_root(&root.signed, RoleType::Root) {
            let good = who.signers(draft)?;
            missing = missing.max(who.threshold.saturating_sub(good.len() as u64));
            signers.extend(good);
        }
    }
    let people = desk.people();
    let signed_by = signers.iter().map(|k| people.name(k).unwrap_or("?").to_owned()).collect();
    Ok(Signature { role: "root".into(), version: draft.signed.version.get(), signed_by, missing })
}

fn exchanged(
    keys: &BTreeSet<PublicKey>,
    gone: Option<PublicKey>,
    come: Option<PublicKey>,
) -> BTreeSet<PublicKey> {
    keys.iter().copied().filter(|k| Some(*k) != gone).chain(come).collect()
}

/// The one key of `keys` that `wanted` means: by its holder's name, or by its first digits.
fn find(keys: &BTreeSet<PublicKey>, desk: &Desk<'_>, role: &str, wanted: &str) -> Result<PublicKey> {
    let people = desk.people();
    let by_digits = |k: &PublicKey| wanted.len() >= 8 && k.to_string().starts_with(wanted);
    let by_name = |k: &PublicKey| people.name(k).is_some_and(|n| fold(n) == fold(wanted));
    let mut found = keys.iter().filter(|k| by_digits(k) || by_name(k));
    match (found.next(), found.next()) {
        (Some(key), None) => Ok(*key),
        (Some(_), Some(_)) => Err(Error::Usage(say::several_keys(wanted, role))),
        (None, _) => {
            let names: Vec<_> = keys.iter().filter_map(|k| people.name(k)).collect();
            Err(Error::Usage(say::nobody_named(wanted, role, names.join(", "))))
        }
    }
}
