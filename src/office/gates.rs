//! What must hold before a snapshot is signed. Pure: metadata and contents in, faults out; all of them, not the first.
//!
//! `trust` looks at roles, keys, signatures, versions and expiries; `contents` at what the roles list, `files` asks `schedule`. A place is the
//! role, or the target. What was published is not judged again, but for its signatures: the keys may have changed.

mod contents;
mod files;
mod trust;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use tough::schema::{Signed, Target, Targets};

use super::{feed_files::Published, meta, people::People, publish::Next};
use crate::{
    digest::Digest,
    fault::{Faults, Place},
    text::Text,
};

/// How the gates see contents: the bytes with this hash that are to be the target of this name, if the office has them.
pub type Contents<'a> = &'a dyn Fn(&Digest, &str) -> Option<Vec<u8>>;

/// Passes, or says everything that stands in the way.
pub fn check(
    before: Option<&Published>,
    next: &Next,
    now: DateTime<Utc>,
    contents: Contents<'_>,
) -> Result<(), Faults> {
    let people = People::of(&next.targets.signed);
    let mut gates = Gates { before, next, now, contents, people, faults: Faults::default() };
    trust::check(&mut gates);
    contents::check(&mut gates);
    files::check(&mut gates);
    gates.faults.or(())
}

/// What the gates look at, and what they found.
struct Gates<'a> {
    before: Option<&'a Published>,
    next: &'a Next,
    now: DateTime<Utc>,
    contents: Contents<'a>,
    people: People,
    faults: Faults,
}

impl<'a> Gates<'a> {
    fn wrong(&mut self, at: impl Into<String>, what: Text, remedy: Text) {
        self.faults.push(Place::file(at), what, remedy);
    }

    /// `targets` or a delegated role as it is to be.
    fn role(&self, name: &str) -> Option<&'a Signed<Targets>> {
        if name == "targets" { Some(&self.next.targets) } else { self.next.roles.get(name) }
    }

    fn held(&self, name: &str) -> Option<&'a Signed<Targets>> {
        self.before.and_then(|b| b.role(name))
    }

    /// The new roles with what they list, `targets` first; root apart.
    fn new_roles(&self) -> Vec<(&'a str, &'a Targets)> {
        let names = self.next.new.iter().map(String::as_str).filter(|n| *n != "root");
        names.filter_map(|name| Some((name, &self.role(name)?.signed))).collect()
    }

    /// What the new version of `role` lists otherwise than the published one, by name.
    fn fresh(&self, role: &str) -> Vec<(&'a str, &'a Target)> {
        let held = self.held(role).map(|r| &r.signed.targets);
        let listed = self.role(role).into_iter().flat_map(|r| &r.signed.targets);
        let mut fresh: Vec<_> = listed
            .filter(|(n, t)| held.and_then(|h| h.get(n)) != Some(t))
            .map(|(n, t)| (n.raw(), t))
            .collect();
        fresh.sort_by_key(|(name, _)| *name);
        fresh
    }

    /// The bytes of a target, if they are there whole.
    fn bytes(&self, name: &str, target: &Target) -> Option<Vec<u8>> {
        let sha256 = meta::target_digest(target)?;
        let bytes = (self.contents)(&sha256, name)?;
        (bytes.len() as u64 == target.length && Digest::of(&bytes) == sha256).then_some(bytes)
    }

    /// The text of the file `name` that `role` lists, if it is there whole.
    fn text(&self, role: &str, name: &str) -> Option<String> {
        let listed = &self.role(role)?.signed.targets;
        let (_, target) = listed.iter().find(|(n, _)| n.raw() == name)?;
        String::from_utf8(self.bytes(name, target)?).ok()
    }

    /// The names of those who signed a role, each once.
    fn signers(&self, role: &str) -> BTreeSet<String> {
        let signed = self.role(role).zip(meta::Authority::in_targets(&self.next.targets.signed, role));
        let keys = signed.and_then(|(role, who)| who.signers(role).ok()).unwrap_or_default();
        keys.iter().filter_map(|k| self.people.name(k)).map(str::to_owned).collect()
    }
}
