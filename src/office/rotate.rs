//! `office rotate`: a key was lost or stolen, somebody comes or goes. docs/key-drills.md walks through each case.
//!
//! A person's key is exchanged in every delegation in which it stands. What then lacks a valid signature is written as an
//! unsigned draft with the same content, for those who remain to look at and sign again.

use std::collections::BTreeSet;

use tough::schema::{RoleType, Targets};

use super::{
    Error, Result,
    approve::Signature,
    ceremony::{self, Plan},
    delegate::{authorities, settle, settle_for},
    desk::Desk,
    hand::Hand,
    keys::{KeyFile, Public, PublicKey, SecretKey},
    meta::{self, Authority},
    people::means,
    root,
};
use crate::text::office as say;

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
/// See [`plan`].
pub fn rotate(desk: &mut Desk<'_>, role: &str, swap: &Swap, hand: &Hand) -> Result<Rotation> {
    let plan = plan(desk, role, swap)?;
    sign(desk, plan, hand)
}

/// What [`rotate`] would sign.
///
/// # Errors
/// Usage: nobody of that name, or several keys of his; a role would be left with too few people.
pub fn plan(desk: &Desk<'_>, role: &str, swap: &Swap) -> Result<Plan> {
    if swap.remove.is_none() && swap.add.is_none() && swap.threshold.is_none() {
        return Err(Error::Usage(say::rotate_nothing()));
    }
    match role {
        "root" | "targets" => in_root(desk, swap),
        _ => Ok(Plan { root: None, targets: Some(delegated(desk, role, swap)?) }),
    }
}

/// Signs the plan. Lists that what remains of their signatures does not carry any more are left to be signed again.
pub fn sign(desk: &mut Desk<'_>, plan: Plan, hand: &Hand) -> Result<Rotation> {
    let exchanged = plan.root.is_none().then(|| plan.targets.clone()).flatten();
    let signed = ceremony::sign(desk, plan, hand)?;
    let sign_again = exchanged.map(|targets| stale(desk, &targets)).transpose()?.unwrap_or_default();
    Ok(Rotation { signed, sign_again, made: None })
}

/// A new key for `snapshot` or `timestamp`, in memory, and the file that it is to have on this machine.
///
/// # Errors
/// The passphrase, if one is wanted; no random numbers.
pub fn new_online(desk: &Desk<'_>, role: RoleType) -> Result<(SecretKey, KeyFile)> {
    let name = role.to_string();
    let free = (2..)
        .map(|n| KeyFile::new(desk.office.keys(), &format!("{name}-{n}")))
        .find(|f| !f.secret().exists());
    Ok((SecretKey::generate()?, free.ok_or_else(|| Error::Usage(say::no_such_role(&name)))?))
}

/// Gives `snapshot` or `timestamp` the key `public` by a new root. The old key file stays for one publication: signed
/// by both, the feed is valid at every instant of the change.
pub fn plan_online(desk: &Desk<'_>, role: RoleType, public: &PublicKey) -> Result<Plan> {
    let mut next = root::next(desk)?;
    next.roles.insert(role, meta::role_keys([public], 1)?);
    next.keys.extend(meta::key_map([public])?);
    Ok(Plan { root: Some(next), targets: None })
}

fn delegated(desk: &Desk<'_>, role: &str, swap: &Swap) -> Result<Targets> {
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
            return Err(Error::Usage(say::too_few(say::role(&name), who.threshold, keys.len())));
        }
        entry.keyids = keys.iter().map(meta::key_id).collect::<Result<_>>()?;
        delegations.keys.extend(meta::key_map(&keys)?);
    }
    if let Some(add) = &swap.add {
        people.0.insert(add.public, add.name.clone());
    }
    settle(desk, &mut next, people)?;
    Ok(next)
}

/// Leaves each list that lacks signatures under `targets` as an unsigned draft of the same content; says which.
fn stale(desk: &mut Desk<'_>, targets: &Targets) -> Result<Vec<String>> {
    let mut again = Vec::new();
    for (name, who) in authorities(targets) {
        let valid = match desk.held(&name) {
            Some(held) => who.is_met_by(held)?,
            None => true,
        };
        let drafted = match desk.draft(&name) {
            Some(draft) => who.is_met_by(draft)?,
            None => false,
        };
        if !valid && !drafted {
            let list = desk.renumbered(&name)?;
            desk.leave(&name, list)?;
            again.push(name);
        }
    }
    Ok(again)
}

fn in_root(desk: &Desk<'_>, swap: &Swap) -> Result<Plan> {
    let mut next = root::next(desk)?;
    let who = desk.authority("root")?;
    let gone = swap.remove.as_deref().map(|name| find(&who.keys, desk, "root", name)).transpose()?;
    let keys = exchanged(&who.keys, gone, swap.add.as_ref().map(|p| p.public));
    let threshold = swap.threshold.unwrap_or(who.threshold);
    if threshold == 0 || (keys.len() as u64) < threshold {
        return Err(Error::Usage(say::too_few(say::role("root"), threshold.max(1), keys.len())));
    }
    for role in [RoleType::Root, RoleType::Targets] {
        next.roles.insert(role, meta::role_keys(&keys, threshold)?);
    }
    next.keys.extend(meta::key_map(&keys)?);
    // The names of root's people stand in `targets`, which the new root's people must sign as well.
    let (mut targets, mut people) = (desk.next("targets")?, desk.people());
    if let Some(add) = &swap.add {
        people.0.insert(add.public, add.name.clone());
    }
    settle_for(&keys, &mut targets, people)?;
    Ok(Plan { root: Some(next), targets: Some(targets) })
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
    let exact = keys.iter().any(|k| people.name(k) == Some(wanted));
    let named = |n: &str| if exact { n == wanted } else { means(wanted, n) };
    let by_name = |k: &PublicKey| people.name(k).is_some_and(named);
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
