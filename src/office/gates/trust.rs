//! Roles, keys, signatures, versions, expiries.

use chrono::TimeDelta;
use tough::schema::{DelegatedRole, PathSet, Role, RoleType, Signed, Targets};

use super::Gates;
use crate::{
    feed::roles::{AREA_DAYS, DELEGATIONS, ROOT_DAYS},
    office::{
        meta::{self, Authority},
        words::day,
    },
    text::office as say,
};

/// What is about to expire helps nobody: the least that a role must have left.
const LEAST: TimeDelta = TimeDelta::days(1);

pub(super) fn check(gates: &mut Gates<'_>) {
    root(gates);
    delegations(gates);
    let targets = gates.next.targets.clone();
    role(
        gates,
        "targets",
        &targets,
        Authority::in_root(&gates.next.root.signed, RoleType::Targets),
        ROOT_DAYS,
    );
    for (name, signed) in &gates.next.roles {
        let days = DELEGATIONS.iter().find(|r| r.name == name).map_or(AREA_DAYS, |r| r.days);
        role(gates, name, signed, Authority::in_targets(&gates.next.targets.signed, name), days);
        if signed.signed.delegations.as_ref().is_some_and(|d| !d.roles.is_empty() || !d.keys.is_empty()) {
            gates.wrong(name, say::gate_subdelegation(), say::gate_subdelegation_remedy());
        }
    }
}

fn root(gates: &mut Gates<'_>) {
    let root = &gates.next.root.signed;
    let online = [RoleType::Snapshot, RoleType::Timestamp];
    for role in [RoleType::Root, RoleType::Targets].into_iter().chain(online) {
        match Authority::in_root(root, role) {
            Some(who) if who.keys.len() as u64 >= who.threshold && who.other == 0 => {
                let named = who.keys.iter().all(|k| gates.people.name(k).is_some());
                if !online.contains(&role) && !named {
                    gates.wrong("root", say::gate_nameless(role.to_string()), say::gate_nameless_remedy());
                }
            }
            _ => gates.wrong("root", say::gate_keys(role.to_string()), say::gate_keys_remedy()),
        }
    }
    if !root.consistent_snapshot {
        gates.wrong("root", say::gate_consistent(), say::gate_again_remedy("root"));
    }
    expiry(gates, "root", &gates.next.root.signed, ROOT_DAYS);
    signed(gates, "root", &gates.next.root, Authority::in_root(root, RoleType::Root));
}

/// Each delegation is as the table of roles says; areas have their own folder and no other.
fn delegations(gates: &mut Gates<'_>) {
    let targets = &gates.next.targets.signed;
    let roles: &[DelegatedRole] =
        targets.delegations.as_ref().map(|d| d.roles.as_slice()).unwrap_or_default();
    for table in DELEGATIONS {
        match roles.iter().filter(|r| r.name == table.name).count() {
            1 => {}
            0 => {
                gates.wrong(table.name, say::gate_undelegated(table.name), say::gate_again_remedy("targets"))
            }
            _ => gates.wrong(table.name, say::gate_twice(table.name), say::gate_again_remedy("targets")),
        }
    }
    let front = roles.iter().map(|r| r.name.as_str()).take(DELEGATIONS.len());
    if !front.eq(DELEGATIONS.iter().map(|r| r.name)) {
        gates.wrong("targets", say::gate_order(), say::gate_again_remedy("targets"));
    }
    for role in roles {
        let table = DELEGATIONS.iter().find(|t| t.name == role.name);
        let own: Vec<String> = match (table, role.name.strip_prefix("area-")) {
            (Some(table), _) => table.paths.iter().map(|p| (*p).to_owned()).collect(),
            (None, Some(area)) if crate::ids::is_slug(area) && area != "urgent" => {
                vec![format!("areas/{area}/*")]
            }
            _ => {
                gates.wrong(
                    &role.name,
                    say::gate_unknown_role(&role.name),
                    say::gate_again_remedy("targets"),
                );
                continue;
            }
        };
        let paths = match &role.paths {
            PathSet::Paths(paths) => paths.iter().map(|p| p.value().to_owned()).collect(),
            PathSet::PathHashPrefixes(_) => Vec::new(),
        };
        if paths != own {
            gates.wrong(&role.name, say::gate_paths(&role.name), say::gate_again_remedy("targets"));
        }
        authority(gates, role, table.map_or(1, |t| t.threshold));
        if !gates.next.roles.contains_key(&role.name) {
            gates.wrong(&role.name, say::role_missing(&role.name), say::role_missing_remedy(&role.name));
        }
    }
}

/// Enough different people may sign, as many as the table asks for must, and each has a name.
fn authority(gates: &mut Gates<'_>, role: &DelegatedRole, least: u64) {
    let Some(who) = Authority::in_targets(&gates.next.targets.signed, &role.name) else { return };
    if who.threshold < least {
        gates.wrong(&role.name, say::gate_threshold(who.threshold, least), say::gate_again_remedy("targets"));
    }
    if who.keys.len() != role.keyids.len() || (who.keys.len() as u64) < who.threshold {
        gates.wrong(&role.name, say::gate_keys(&role.name), say::gate_keys_remedy());
    }
    if who.keys.iter().any(|k| gates.people.name(k).is_none()) {
        gates.wrong(&role.name, say::gate_nameless(&role.name), say::gate_nameless_remedy());
    }
}

fn role(gates: &mut Gates<'_>, name: &str, role: &Signed<Targets>, who: Option<Authority>, days: u64) {
    signed(gates, name, role, who);
    expiry(gates, name, &role.signed, days);
    let held = gates.before.and_then(|b| b.listed_version(name));
    let (old, new) = (held.unwrap_or(0), role.signed.version.get());
    if gates.next.new.iter().any(|n| n == name) && new != old + 1 {
        gates.wrong(name, say::gate_version(new, old + 1), say::gate_again_remedy(name));
    }
}

/// Enough different people signed: counted by public key, and by the names of the keys' holders.
fn signed<T: Role>(gates: &mut Gates<'_>, name: &str, role: &Signed<T>, who: Option<Authority>) {
    let Some(who) = who else { return };
    let Ok(signers) = who.signers(role) else {
        return gates.wrong(name, say::gate_form(), say::gate_again_remedy(name));
    };
    let people: std::collections::BTreeSet<&str> =
        signers.iter().filter_map(|k| gates.people.name(k)).collect();
    let have = people.len().min(signers.len()) as u64;
    if have < who.threshold {
        gates.wrong(name, say::gate_signatures(have, who.threshold), say::gate_signatures_remedy(name));
    }
}

fn expiry<T: Role>(gates: &mut Gates<'_>, name: &str, role: &T, days: u64) {
    let expires = meta::instant(role.expires());
    if expires < gates.now + LEAST {
        gates.wrong(name, say::gate_expired(day(expires)), say::gate_expired_remedy(name));
    }
    if gates.next.new.iter().any(|n| n == name) && expires > gates.now + TimeDelta::days(days as i64) + LEAST
    {
        gates.wrong(name, say::gate_far(day(expires), days), say::gate_again_remedy(name));
    }
}
