//! Policy, registry, schedules: what `loaxa office check` would say of them, against everything that is published with them.

use std::collections::BTreeMap;

use super::{Gates, contents::owned};
use crate::{
    feed::roles::{POLICY, REGISTRY},
    office::view,
    schedule::{policy::Policy, registry::Registry},
};

pub(super) fn check(gates: &mut Gates<'_>) {
    let mut roles: BTreeMap<&str, _> =
        gates.next.roles.iter().map(|(name, role)| (name.as_str(), role)).collect();
    roles.insert("targets", &gates.next.targets);
    let feed = view::assemble(&roles, gates.contents);
    let mut faults = Vec::new();
    for (role, _) in gates.new_roles() {
        for (name, _) in gates.fresh(role).into_iter().filter(|(name, _)| owned(role, name)) {
            let Some(text) = gates.text(role, name) else { continue };
            let found = match name {
                POLICY => Policy::read(name, &text).map(|_| ()),
                REGISTRY => Registry::read(name, &text).map(|_| ()),
                _ => match role.strip_prefix("area-").and_then(|a| a.parse().ok()) {
                    Some(area) => view::area_file(&feed, &area, name, name, &text, gates.now),
                    None => Ok(()),
                },
            };
            faults.extend(found.err().into_iter().flat_map(|f| f.0));
        }
    }
    gates.faults.0.extend(faults);
}
