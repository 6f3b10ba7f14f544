//! `office delegate`: an area office gets its role, another key, or loses it. It is a change of `targets`, so as many
//! people of the province must sign as root asks for; the office then signs its first list with its own key.

use std::collections::BTreeSet;

use tough::schema::{Delegations, Targets};

use super::{
    Error, Result,
    approve::Signature,
    ceremony::{self, Plan},
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
/// See [`plan`].
pub fn delegate(desk: &mut Desk<'_>, deed: Deed, hand: &Hand) -> Result<Signature> {
    let plan = plan(desk, &deed)?;
    sign(desk, plan, &deed, hand)
}

/// What [`delegate`] would sign.
///
/// # Errors
/// Usage: the area is unknown (revoke). Refused: the name is reserved.
pub fn plan(desk: &Desk<'_>, deed: &Deed) -> Result<Plan> {
    let mut next = desk.next("targets")?;
    let mut people = desk.people();
    let (Deed::Grant(area, _) | Deed::Revoke(area)) = deed;
    if area.is_urgent() {
        return Err(Error::Refused(say::area_reserved(area)));
    }
    let role = area_role(area);
    let delegations = next.delegations.get_or_insert_default();
    let known = delegations.roles.iter().any(|r| r.name == role);
    delegations.roles.retain(|r| r.name != role);
    match deed {
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
    Ok(Plan { root: None, targets: Some(next) })
}

/// Signs the plan of `deed`.
pub fn sign(desk: &mut Desk<'_>, plan: Plan, deed: &Deed, hand: &Hand) -> Result<Signature> {
    let (Deed::Grant(area, _) | Deed::Revoke(area)) = deed;
    let role = area_role(area);
    let mut done = ceremony::sign(desk, plan, hand)?;
    match deed {
        Deed::Grant(..) => {
            let list = desk.renumbered(&role)?;
            desk.leave(&role, list)?;
        }
        Deed::Revoke(_) => {
            draft::discard(desk.office, &role)?;
            desk.drafts.roles.remove(&role);
        }
    }
    done.pop().ok_or_else(|| Error::Refused(say::no_draft(say::role("targets"))))
}

/// Leaves out keys that no delegation names, and people whose key stands nowhere.
pub fn settle(desk: &Desk<'_>, targets: &mut Targets, people: People) -> Result<()> {
    settle_for(&desk.authority("root")?.keys, targets, people)
}

/// [`settle`] under a root of these people.
pub fn settle_for(root: &BTreeSet<PublicKey>, targets: &mut Targets, mut people: People) -> Result<()> {
    let used = authorities(targets).flat_map(|(_, who)| who.keys).collect::<BTreeSet<PublicKey>>();
    if let Some(delegations) = &mut targets.delegations {
        delegations.keys = meta::key_map(&used)?;
    }
    people.0.retain(|key, _| used.contains(key) || root.contains(key));
    people.put_into(targets);
    Ok(())
}

/// Every delegated role of `targets` with those who may sign it.
pub fn authorities(targets: &Targets) -> impl Iterator<Item = (String, Authority)> {
    let roles = targets.delegations.iter().flat_map(|d: &Delegations| &d.roles);
    roles.filter_map(|r| Some((r.name.clone(), Authority::in_targets(targets, &r.name)?)))
}
