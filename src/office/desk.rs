//! An office at work: the folder locked, the feed read and verified, the drafts at hand, the time known.

use chrono::{DateTime, Utc};
use tough::schema::{RoleType, Root, Signed, Target, Targets};

use super::{
    Error, Result,
    draft::{self, Drafts},
    feed_files::Published,
    folder::{Lock, Office},
    hand::{self, Ask, Found, Hand},
    keys::{KeyFile, Public},
    meta::{self, Authority},
    people::People,
    words::{self, Change},
};
use crate::{
    feed::roles::{AREA_DAYS, DELEGATIONS, ROOT_DAYS},
    text::office as say,
};

/// See the module. While it lives, no other process changes the folder.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The folder.
    pub office: &'a Office,
    /// The feed as the public has it; none before the first publication.
    pub published: Option<Published>,
    /// What waits for signatures or for publication.
    pub drafts: Drafts,
    /// This machine's keys.
    pub keys: Vec<(KeyFile, Public)>,
    /// Now.
    pub now: DateTime<Utc>,
    _lock: Lock,
}

impl<'a> Desk<'a> {
    /// Locks the folder and reads everything.
    ///
    /// # Errors
    /// Refused: another process is at work, there is neither feed nor first draft, or the feed does not verify.
    pub fn open(office: &'a Office, now: DateTime<Utc>) -> Result<Self> {
        let lock = office.lock()?;
        let published = Published::load(office)?;
        let (drafts, keys) = (draft::all(office)?, KeyFile::all(office.keys())?);
        if published.is_none() && (drafts.root.is_none() || !drafts.roles.contains_key("targets")) {
            return Err(Error::Refused(say::not_published()));
        }
        Ok(Self { office, published, drafts, keys, now, _lock: lock })
    }

    /// Who holds which key: as published, with those whom a draft of `targets` would add.
    pub fn people(&self) -> People {
        let both = [self.held("targets"), self.drafts.roles.get("targets")];
        People(both.into_iter().flatten().flat_map(|role| People::of(&role.signed).0).collect())
    }

    /// The keys that may sign `role` once the drafts are in force.
    pub fn authority(&self, role: &str) -> Result<Authority> {
        let root = self.drafts.root.as_ref().or(self.root());
        let found = match role {
            "root" => root.and_then(|r| Authority::in_root(&r.signed, RoleType::Root)),
            "targets" => root.and_then(|r| Authority::in_root(&r.signed, RoleType::Targets)),
            _ => self.delegations().and_then(|t| Authority::in_targets(&t.signed, role)),
        };
        found.ok_or_else(|| Error::Usage(say::no_such_role(role)))
    }

    /// [`Desk::whose`], opened at once.
    pub fn hand(&self, role: &str, who: Option<&str>, ask: Ask<'_>) -> Result<Hand> {
        self.whose(role, who)?.open(ask)
    }

    /// The key on this machine that may sign `role`. A new root also takes signatures of those whom the old one names.
    pub fn whose(&self, role: &str, who: Option<&str>) -> Result<Found> {
        let mut may = self.authority(role)?;
        if let Some(old) = self.root().filter(|_| role == "root") {
            may.keys.extend(Authority::in_root(&old.signed, RoleType::Root).into_iter().flat_map(|a| a.keys));
        }
        hand::find(&self.keys, role, &may, &self.people(), who)
    }

    /// `targets` or a delegated role as published.
    pub fn held(&self, role: &str) -> Option<&Signed<Targets>> {
        self.published.as_ref().and_then(|p| p.role(role))
    }

    /// The published root.
    pub fn root(&self) -> Option<&Signed<Root>> {
        self.published.as_ref().map(|p| &p.root)
    }

    /// `targets` as it will be: the draft, else as published.
    pub fn delegations(&self) -> Option<&Signed<Targets>> {
        self.drafts.roles.get("targets").or_else(|| self.held("targets"))
    }

    /// Every published target.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Target)> {
        self.published.iter().flat_map(Published::files)
    }

    /// The version that a draft of `role` must have to be published next.
    pub fn next_version(&self, role: &str) -> u64 {
        self.published.as_ref().and_then(|p| p.listed_version(role)).map_or(1, |listed| listed + 1)
    }

    /// The draft of `role` that would be published next; an overtaken one does not count.
    pub fn draft(&self, role: &str) -> Option<&Signed<Targets>> {
        self.drafts.roles.get(role).filter(|d| d.signed.version.get() == self.next_version(role))
    }

    /// What a new version of `role` starts from: the draft if there is one, else the published version; unsigned, with
    /// the next number and a fresh expiry.
    ///
    /// # Errors
    /// Refused: the draft holds what nobody who may sign the role has signed. Whoever built on it would sign it unseen.
    pub fn next(&self, role: &str) -> Result<Targets> {
        if let Some(draft) = self.draft(role)
            && self.authority(role)?.signers(draft)?.is_empty()
            && !self.held(role).is_some_and(|held| same_content(&held.signed, &draft.signed))
        {
            return Err(Error::Refused(say::draft_unsigned(role)));
        }
        self.renumbered(role)
    }

    /// [`Desk::next`] of a draft as it is, for a list that is only left to be looked at and signed.
    pub fn renumbered(&self, role: &str) -> Result<Targets> {
        let base = self.draft(role).or_else(|| self.held(role)).map(|r| r.signed.clone());
        let mut next = match base {
            Some(base) => base,
            None => super::init::empty(days(role), self.now)?,
        };
        next.version = meta::version(self.next_version(role));
        next.expires = meta::in_days(self.now, days(role))?;
        Ok(next)
    }

    /// Signs `next` as the new draft of `role`, in place of the one there.
    pub fn sign_new(&mut self, role: &str, next: Targets, hand: &Hand) -> Result<&Signed<Targets>> {
        let signed = meta::signed_by(next, [&hand.key])?;
        draft::save(self.office, role, &signed)?;
        self.drafts.roles.insert(role.to_owned(), signed);
        self.drafts.roles.get(role).ok_or_else(|| Error::Usage(say::no_such_role(role)))
    }

    /// Writes an unsigned draft, for others to sign.
    pub fn leave(&mut self, role: &str, next: Targets) -> Result<()> {
        let draft = Signed { signed: next, signatures: Vec::new() };
        draft::save(self.office, role, &draft)?;
        self.drafts.roles.insert(role.to_owned(), draft);
        Ok(())
    }

    /// What `next` would change, in words.
    pub fn changes(&self, role: &str, next: &Targets) -> Vec<Change> {
        words::changes(self.held(role).map(|r| &r.signed), next, &|sha, name| self.office.content(sha, name))
    }
}

/// Whether two versions of a role differ in nothing but number and expiry.
pub fn same_content(a: &Targets, b: &Targets) -> bool {
    let mut a = a.clone();
    (a.version, a.expires) = (b.version, b.expires);
    a == *b
}

/// Days until metadata of `role` expires.
pub fn days(role: &str) -> u64 {
    match DELEGATIONS.iter().find(|r| r.name == role) {
        Some(role) => role.days,
        None if role == "targets" || role == "root" => ROOT_DAYS,
        None => AREA_DAYS,
    }
}
