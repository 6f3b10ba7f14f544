//! What loaxa asks of a delegated role beyond TUF. Pure; office gates ask the same.

use tough::schema::{DelegatedRole, Targets};

use crate::feed::{
    paths,
    refusal::{Refusal, Why},
    roles,
    verify::Verified,
};

/// Checks that a delegation asks for as many people as loaxa's table does.
pub fn check_delegation(role: &DelegatedRole) -> Result<(), Refusal> {
    let (given, need) = (role.threshold.get(), roles::threshold(&role.name));
    if given >= need { Ok(()) } else { Err(Refusal::new(&role.name, Why::LowThreshold { given, need })) }
}

/// Checks what a role lists: its own paths only, by its delegation and by the table, and nothing delegated on. One
/// foreign path refuses the whole: who re-lists another's bulletin means no good, or has lost the key.
pub fn check_listing(role: &DelegatedRole, targets: &Targets) -> Result<(), Refusal> {
    let own = |path: &str| roles::may_list(&role.name, path) && paths::covers(&role.paths, path);
    if let Some(path) = targets.targets.keys().map(|name| name.raw()).find(|path| !own(path)) {
        return Err(Refusal::new(&role.name, Why::Foreign { path: path.to_owned() }));
    }
    match &targets.delegations {
        Some(delegations) if !delegations.roles.is_empty() => {
            Err(Refusal::new(&role.name, Why::SubDelegation))
        }
        _ => Ok(()),
    }
}

/// Checks that somebody signed whose key does not live in a browser: a page that a stolen hub serves can make a
/// browser sign anything. Asked of `bulletins`.
pub fn check_browsers(
    role: &str,
    verified: &Verified<Targets>,
    browser_keys: &[Vec<u8>],
) -> Result<(), Refusal> {
    match verified.signers.iter().any(|key| !browser_keys.contains(key)) {
        true => Ok(()),
        false => Err(Refusal::new(role, Why::BrowserOnly)),
    }
}
