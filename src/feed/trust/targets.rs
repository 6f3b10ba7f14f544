//! §5.6.1 to §5.6.6: top-level targets, and the same steps for each delegated role.

use std::sync::Arc;

use tough::schema::{DelegatedRole, Delegations, Metafile, Root, Signed, Targets};

use super::{TARGETS_MAX, Update};
use crate::feed::{
    refusal::{Refusal, Why},
    roles,
    verify::{self, Verified},
};

/// What became of a role: the one in force, and why it is not the newest.
#[derive(Debug)]
pub struct Outcome {
    /// Verified, listed or held from before.
    pub role: Option<Verified<Targets>>,
    /// Why nothing newer came, or why there is nothing.
    pub refused: Option<Refusal>,
}

/// What a caller asks of a role beyond the specification, before it is stored and when it is read again.
pub type Accept<'f> = &'f (dyn Fn(&Verified<Targets>) -> Result<(), Refusal> + Sync);

/// Who may sign.
#[derive(Clone, Copy)]
enum Authority<'k> {
    Root(&'k Root),
    Delegated(&'k Delegations, &'k DelegatedRole),
}

impl Update<'_> {
    /// Top-level targets. With a source, anything but the listed version ends the pass.
    pub(super) async fn update_targets(&mut self) -> Result<(), Refusal> {
        let root = self.root.clone();
        let outcome = self.targets_role("targets", Authority::Root(&root), &|_| Ok(())).await;
        self.targets = outcome.role.map(Arc::new);
        match outcome.refused {
            Some(refusal) => Err(refusal),
            None => Ok(()),
        }
    }

    /// A role that `delegator` delegates to by `role`. Its own file stands on its own: whatever is wrong with it harms
    /// no other role.
    pub async fn delegated(
        &mut self,
        delegator: &Targets,
        role: &DelegatedRole,
        accept: Accept<'_>,
    ) -> Outcome {
        // Names of the four would overwrite their files.
        let reserved = matches!(role.name.as_str(), "root" | "timestamp" | "snapshot" | "targets");
        match &delegator.delegations {
            Some(delegations) if !reserved => {
                self.targets_role(&role.name, Authority::Delegated(delegations, role), accept).await
            }
            _ => Outcome { role: None, refused: Some(Refusal::new(&role.name, Why::NotListed)) },
        }
    }

    async fn targets_role(&mut self, name: &str, by: Authority<'_>, accept: Accept<'_>) -> Outcome {
        let listing = match &self.snapshot {
            Some(snapshot) => match snapshot.meta.get(&format!("{name}.json")) {
                Some(listing) => Some(listing.clone()),
                None => return Outcome { role: None, refused: Some(Refusal::new(name, Why::NotListed)) },
            },
            None => None,
        };
        let stored = self.disk.metadata(name);
        let held = stored.as_ref().map(|bytes| (check(name, bytes, by, accept), bytes));
        // Held and, as far as is known, the newest: nothing to fetch.
        let current = |bytes: &[u8], version: u64| {
            let newest = |m: &Metafile| m.version.get() == version && verify::listed(name, bytes, m).is_ok();
            listing.as_ref().is_none_or(newest)
        };
        let held = match held {
            Some((Ok(held), bytes)) if current(bytes, held.role.version.get()) => {
                let refused = verify::unexpired(name, &held.role, self.start).err();
                return Outcome { role: Some(held), refused };
            }
            Some((held, _)) => Some(held),
            None => None,
        };
        let listed = listing.as_ref().map(|m| m.version.get());
        let newest = match listing {
            Some(listing) => self.fetch_role(name, &listing, by, accept).await,
            None => Err(Refusal::new(name, Why::NotYet)),
        };
        let held = match (newest, held) {
            (Ok(role), _) => return Outcome { role: Some(role), refused: None },
            (Err(refusal), Some(Ok(held))) => (Some(held), refusal),
            (Err(Refusal { why: Why::NotYet, .. }), Some(Err(damage))) => (None, damage),
            (Err(refusal), _) => (None, refusal),
        };
        let refused = match held {
            (Some(ref held), Refusal { why: Why::NotYet, .. }) => {
                let version = held.role.version.get();
                Refusal::new(name, Why::Behind { listed: listed.unwrap_or(version), held: version })
            }
            (_, ref refusal) => refusal.clone(),
        };
        Outcome { role: held.0, refused: Some(refused) }
    }

    /// Steps 5.6.1 to 5.6.6.
    async fn fetch_role(
        &mut self,
        name: &str,
        listing: &Metafile,
        by: Authority<'_>,
        accept: Accept<'_>,
    ) -> Result<Verified<Targets>, Refusal> {
        // 5.6.1
        let version = listing.version.get();
        let file = roles::metadata_name(name, self.root.consistent_snapshot.then_some(version));
        let max = listing.length.unwrap_or(TARGETS_MAX).min(TARGETS_MAX);
        let bytes = self.fetch(name, &file, max).await?;
        // 5.6.2
        verify::listed(name, &bytes, listing)?;
        // 5.6.3; what the caller asks counts as a signature that is wanting.
        let new = check(name, &bytes, by, accept)?;
        // 5.6.4, 5.6.5, 5.6.6
        verify::version(name, &new.role, version)?;
        verify::unexpired(name, &new.role, self.start)?;
        self.keep(name, bytes)?;
        Ok(new)
    }
}

fn check(
    name: &str,
    bytes: &[u8],
    by: Authority<'_>,
    accept: Accept<'_>,
) -> Result<Verified<Targets>, Refusal> {
    let signed: Signed<Targets> = verify::parse(name, bytes)?;
    let signers = match by {
        Authority::Root(root) => verify::by_root(root, &signed, name)?,
        Authority::Delegated(delegations, role) => verify::by_delegation(delegations, role, &signed)?,
    };
    let verified = Verified { role: signed.signed, signers };
    accept(&verified)?;
    Ok(verified)
}
