//! A change of who may sign what: first a plan, which people look at, then signatures. The same plan made again while
//! they look must come out equal, else nothing is signed.

use tough::schema::{Root, Targets};

use super::{
    Result,
    approve::{self, Signature},
    desk::Desk,
    hand::Hand,
    root,
    words::Change,
};

/// What a root holder is about to sign. Nothing is written before [`sign`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// The next root.
    pub root: Option<Root>,
    /// The next `targets`.
    pub targets: Option<Targets>,
}

impl Plan {
    /// Everything that it changes of what is published, drafts of others included, in words.
    pub fn changes(&self, desk: &Desk<'_>) -> Vec<Change> {
        let root = self.root.iter().flat_map(|next| root::changes(desk, next));
        let targets = self.targets.iter().flat_map(|next| desk.changes("targets", next));
        root.chain(targets).collect()
    }
}

/// Signs the drafts of the plan, root first.
pub fn sign(desk: &mut Desk<'_>, plan: Plan, hand: &Hand) -> Result<Vec<Signature>> {
    let mut done = Vec::new();
    if let Some(next) = plan.root {
        done.push(root::sign_new(desk, next, hand)?);
    }
    if let Some(next) = plan.targets {
        let signed = desk.sign_new("targets", next, hand)?.clone();
        done.push(approve::state(desk, "targets", &signed)?);
    }
    Ok(done)
}
