//! §5.6.7: a pre-order depth-first search for the role that describes a target.

use std::{collections::BTreeSet, sync::Arc};

use tough::{
    TargetName,
    schema::{DelegatedRole, Target, Targets},
};

use super::{Update, VISITS_MAX};
use crate::feed::{paths, refusal::Refusal, verify::Verified};

impl Update<'_> {
    /// The description of `path`, and the role that gave it; none if nobody describes it.
    ///
    /// # Errors
    /// A role on the way could not be fetched or verified: that ends the search.
    pub async fn find(&mut self, path: &str) -> Result<Option<Target>, Refusal> {
        let Some(top) = self.targets.clone() else {
            return Ok(None);
        };
        if let Some(target) = described(&top.role, path) {
            return Ok(Some(target));
        }
        let mut visited = BTreeSet::new();
        let mut to_visit = Vec::new();
        push_children(&mut to_visit, &top, path);
        while let Some((delegator, role)) = to_visit.pop() {
            // 5.6.7.1: no role twice, and not more than so many; top-level targets is the first.
            if visited.len() + 1 >= VISITS_MAX {
                break;
            }
            if !visited.insert(role.name.clone()) {
                continue;
            }
            let outcome = self.delegated(&delegator.role, &role, &|_| Ok(())).await;
            let found = match outcome {
                super::Outcome { role: Some(found), refused: None } => Arc::new(found),
                super::Outcome { refused: Some(refusal), .. } => return Err(refusal),
                super::Outcome { role: None, refused: None } => continue,
            };
            if let Some(target) = described(&found.role, path) {
                return Ok(Some(target));
            }
            push_children(&mut to_visit, &found, path);
        }
        Ok(None)
    }
}

type Visit = (Arc<Verified<Targets>>, DelegatedRole);

/// The delegations whose paths cover `path`, in such an order that the first is popped first. 5.6.7.2.1: a terminating
/// one is the last: of what waits, nothing else is searched after it and its descendants.
fn push_children(to_visit: &mut Vec<Visit>, delegator: &Arc<Verified<Targets>>, path: &str) {
    let roles = delegator.role.delegations.iter().flat_map(|d| &d.roles);
    let mut children = Vec::new();
    for role in roles.filter(|role| paths::covers(&role.paths, path)) {
        children.push((Arc::clone(delegator), role.clone()));
        if role.terminating {
            to_visit.clear();
            break;
        }
    }
    to_visit.extend(children.into_iter().rev());
}

fn described(targets: &Targets, path: &str) -> Option<Target> {
    targets.targets.get(&TargetName::new(path).ok()?).cloned()
}
