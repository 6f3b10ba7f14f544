//! `office withdraw` and `office recall`: one person suffices, since taking away must be quick. The list only grows.

use std::collections::BTreeSet;

use chrono::SubsecRound;
use tough::schema::Targets;

use super::{
    Error, Result,
    approve::{self, Signature},
    desk::Desk,
    hand::Hand,
    init, meta,
};
use crate::{
    feed::{
        formats::{Withdrawal, Withdrawals},
        roles::WITHDRAWN,
    },
    text::office as say,
};

/// The role that lists [`WITHDRAWN`].
pub const ROLE: &str = "withdrawals";

/// The list of a feed from which nothing was taken away yet.
pub fn none() -> Withdrawals {
    Withdrawals { format: 1, withdrawn: Vec::new() }
}

/// Reads the list that `role` signs.
pub fn read(desk: &Desk<'_>, role: &Targets) -> Result<Withdrawals> {
    let name = init::named(WITHDRAWN)?;
    let Some(target) = role.targets.get(&name) else { return Ok(none()) };
    let bytes = meta::target_digest(target).and_then(|sha| desk.office.content(&sha, WITHDRAWN));
    let bytes = bytes.ok_or_else(|| Error::Refused(say::content_gone(WITHDRAWN)))?;
    Withdrawals::read(&bytes).map_err(|why| Error::Refused(say::metadata_unreadable(WITHDRAWN, why)))
}

/// Every id withdrawn, drafts included.
pub fn ids(desk: &Desk<'_>) -> Result<BTreeSet<String>> {
    match desk.draft(ROLE).or_else(|| desk.held(ROLE)) {
        Some(role) => Ok(read(desk, &role.signed)?.withdrawn.into_iter().map(|w| w.id).collect()),
        None => Ok(BTreeSet::new()),
    }
}

/// The id in a target's name: `bulletins/a.opus`, `urgent/a.json` -> `a`.
pub fn id_of(target: &str) -> Option<&str> {
    let (dir, file) = target.rsplit_once('/')?;
    let ending = match dir {
        "bulletins" | "urgent-audio" => ".opus",
        "urgent" => ".json",
        _ => return None,
    };
    file.strip_suffix(ending)
}

/// Adds `id` to the list and signs it. What sounds now fades as soon as stations know.
///
/// # Errors
/// Usage: nothing published or waiting has this id. Refused: it is withdrawn already, or there is no reason.
pub fn withdraw(desk: &mut Desk<'_>, id: &str, reason: &str, hand: &Hand) -> Result<Signature> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Error::Usage(say::reason_needed()));
    }
    let known = |(name, _): (&str, &_)| id_of(name) == Some(id);
    let waiting =
        desk.drafts.roles.values().flat_map(|r| r.signed.targets.keys()).any(|n| id_of(n.raw()) == Some(id));
    if !desk.files().any(known) && !waiting {
        return Err(Error::Usage(say::not_listed(id)));
    }
    let mut next = desk.next(ROLE)?;
    let mut list = read(desk, &next)?;
    if list.withdrawn.iter().any(|w| w.id == id) {
        return Err(Error::Refused(say::withdrawn_already(id)));
    }
    let at = Some(desk.now.trunc_subsecs(0));
    list.withdrawn.push(Withdrawal { id: id.to_owned(), at, reason: Some(reason.to_owned()) });
    list.withdrawn.sort_by(|a, b| a.id.cmp(&b.id));
    init::put(desk.office, &mut next, WITHDRAWN, &meta::to_json(&list)?)?;
    let draft = desk.sign_new(ROLE, next, hand)?.clone();
    approve::state(desk, ROLE, &draft)
}
