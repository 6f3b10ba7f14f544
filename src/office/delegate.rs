//! `office delegate`: an area office gets its role, another key, or loses it. It is a change of `targets`, so as many
//! people of the province must sign as root asks for; the office then signs its first list with its own key.

use std::collections::BTreeSet;

use tough::schema::{Delegations, Targets};

use super::{
    Error, Result,
    approve::{self, Signature},
    desk::Desk,
    draft,
    hand::Hand,
    init,
    keys::{Public, PublicKey},
    meta::{self, Authority},
    people::People,
};
use crate::{feed::roles::area_role, ids::AreaId, text::office as say};

/// What is to happen to an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// This key signs for it from now on, in place of any other.
    Grant(AreaId, Public),
    /// Nobody signs for it any more.
    Revoke(AreaId),
}

/// Writes the draft of `targets`, signed by `hand`; for a grant also the unsigned draft of the area's list.
///
/// # Errors
/// Usage: the area is unknown (revoke). Refused: the name is reserved.
pub fn delegate(desk: &mut Desk<'_>, deed: Deed, hand: &Hand) -> Result<Signature> {
    let mut next = desk.next("targets")?;
    let mut people = desk.people();
    let area = match &deed {
        Deed::Grant(area, _) | Deed::Revoke(area) => area,
    };
    if area.is_urgent() {
        return Err(Error::Refused(say::area_reserved(area)));
    }
    let role = area_role(area);
    let delegations = next.delegations.get_or_insert_default();
    let known = delegations.roles.iter().any(|r| r.name == role);
    delegations.roles.retain(|r| r.name != role);
    match &deed {
        Deed::Revoke(area) if !known => return Err(Error::Usage(say::area_unknown(area))),
        Deed::Revoke(_) => {}
        Deed::Grant(_, public) => {
            let keys = BTreeSet::from([public.public]);
            delegations.keys.extend(meta::key_map(&keys)?);
            let path = format!("areas/{area}/*");
            delegations.roles.push(init::delegate(&role, &[path.as_str()], &keys, 1)?);
            people.0.insert(public.public, public.name.clone());
        }
    }
    settle(desk, &mut next, people)?;
    let done = desk.sign_new("targets", next, hand)?.clone();
    match deed {
        Deed::Grant(..) => {
            let list = desk.next(&role)?;
            desk.leave(&role, list)?;
        }
        Deed::Revoke(_) => {
            draft::discard(desk.office, &role)?;
            desk.drafts.roles.remove(&role);
        }
    }
    approve::state(desk, "targets", &done)
}

/// Leaves out keys that no delegation names, and people whose key stands nowhere.
pub fn settle(desk: &Desk<'_>, targets: &mut Targets, mut people: People) -> Result<()> {
    let used = authorities(targets).flat_map(|(_, who)| who.keys).collect::<BTreeSet<PublicKey>>();
    if let Some(delegations) = &mut targets.delegations {
        delegations.keys = meta::key_map(&used)?;
    }
    let root = desk.authority("root")?.keys;
    people.0.retain(|key, _| used.contains(key) || root.contains(key));
    people.put_into(targets);
    Ok(())
}

/// Every delegated role of `targets` with those who may sign it.
pub fn authorities(targets: &Targets) -> impl Iterator<Item = (String, Authority)> {
    let roles = targets.delegations.iter().flat_map(|d: &Delegations| &d.roles);
    roles.filter_map(|r| Some((r.name.clone(), Authority::in_targets(targets, &r.name)?)))
}
