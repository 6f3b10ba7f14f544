//! Taking a draft: it must follow what is published, be signed by those alone who may sign it, and not undo unseen what
//! another office handed over. Whether it may be published, the gates say later.

use std::collections::BTreeSet;

use serde::{Serialize, de::DeserializeOwned};
use tough::schema::{Role, RoleType, Root, Signed, Targets};

use crate::{
    digest::Digest,
    ids::is_slug,
    office::{
        Error, Result, desk,
        draft::{self, Drafts},
        feed_files::Published,
        folder::{Office, read_plain},
        handover::Waiting,
        meta::{self, Authority},
        people::People,
    },
    text::{hub_feed as say, office},
};

/// What lies in the folder: the feed, and what waits.
pub struct Books {
    /// As the public has it.
    pub published: Option<Published>,
    /// What waits.
    pub drafts: Drafts,
}

impl Books {
    /// Reads both.
    ///
    /// # Errors
    /// The feed does not verify, or the disk fails.
    pub fn open(office: &Office) -> Result<Self> {
        Ok(Self { published: Published::load(office)?, drafts: draft::all(office)? })
    }

    /// The roles that can have a draft: those of the feed, and those that the drafts name.
    pub fn roles(&self) -> BTreeSet<String> {
        let lists = self.published.iter().map(|p| &p.targets).chain(self.drafts.roles.get("targets"));
        let delegated = lists.flat_map(|t| meta::delegated(&t.signed)).map(str::to_owned);
        ["root", "targets"].map(str::to_owned).into_iter().chain(delegated).collect()
    }

    /// The version that a draft of `role` must have.
    fn next_version(&self, role: &str) -> u64 {
        let published = self.published.as_ref();
        let held = match role {
            "root" => published.map(|p| p.root.signed.version.get()),
            _ => published.and_then(|p| p.listed_version(role)),
        };
        held.map_or(1, |held| held + 1)
    }

    /// Those who may sign `role`: by what is published, and by the drafts that are to follow.
    fn authorities(&self, role: &str, own: Option<&Root>) -> Vec<Authority> {
        let roots = self.published.iter().map(|p| &p.root.signed);
        let roots = roots.chain(self.drafts.root.iter().map(|d| &d.signed));
        let lists = self.published.iter().map(|p| &p.targets.signed);
        let lists = lists.chain(self.drafts.roles.get("targets").map(|d| &d.signed));
        match role {
            "root" => {
                let held = self.published.iter().map(|p| &p.root.signed);
                held.chain(own).filter_map(|r| Authority::in_root(r, RoleType::Root)).collect()
            }
            "targets" => roots.filter_map(|r| Authority::in_root(r, RoleType::Targets)).collect(),
            _ => lists.filter_map(|t| Authority::in_targets(t, role)).collect(),
        }
    }

    /// Who holds which key, drafts included.
    fn people(&self) -> People {
        let lists = self.published.iter().map(|p| &p.targets).chain(self.drafts.roles.get("targets"));
        People(lists.flat_map(|t| People::of(&t.signed).0).collect())
    }

    /// How many people signed, and how many must still.
    fn counted<T: Role>(&self, role: &str, draft: &Signed<T>, own: Option<&Root>) -> Result<(u64, u64)> {
        let (people, all) = (self.people(), self.authorities(role, own));
        // A new root needs what the old one asks for and what it asks for itself; else the newest list of keys counts.
        let asked =
            if role == "root" { all.as_slice() } else { all.last().map_or(&[][..], std::slice::from_ref) };
        let (mut have, mut missing) = (BTreeSet::new(), 0);
        for who in asked {
            have.extend(who.signers(draft)?);
            missing = missing.max(who.missing(draft, &people)?);
        }
        Ok((have.len() as u64, missing))
    }

    /// Every draft of the folder as the state tells of it, and the contents of drafts that lie here.
    ///
    /// # Errors
    /// The disk.
    pub fn waiting(&self, office: &Office, role: &str) -> Result<Option<(Waiting, Vec<Digest>)>> {
        let (version, (signatures, missing), listed) = match (role, &self.drafts.root) {
            ("root", Some(d)) => (d.signed.version, self.counted(role, d, Some(&d.signed))?, BTreeSet::new()),
            _ => match self.drafts.roles.get(role) {
                Some(d) => (d.signed.version, self.counted(role, d, None)?, self.fresh(role, &d.signed)),
                None => return Ok(None),
            },
        };
        let (here, lacks) = listed.into_iter().partition(|sha256| held(office, sha256));
        let sha256 = Digest::of(&bytes(office, role)?);
        Ok(Some((Waiting { version: version.get(), sha256, signatures, missing, lacks }, here)))
    }

    /// The contents that a draft lists and the published version of its role does not.
    pub fn fresh(&self, role: &str, next: &Targets) -> BTreeSet<Digest> {
        let held = self.published.as_ref().and_then(|p| p.role(role)).map(|r| &r.signed.targets);
        let new = next.targets.iter().filter(|(n, t)| held.and_then(|h| h.get(n)) != Some(t));
        new.filter_map(|(_, t)| meta::target_digest(t)).collect()
    }
}

/// Whether a content waits here. It was hashed when it came.
pub fn held(office: &Office, sha256: &Digest) -> bool {
    std::fs::symlink_metadata(office.file(sha256)).is_ok_and(|m| m.is_file())
}

/// The draft of `role` as it lies here.
///
/// # Errors
/// Machine: the disk.
pub fn bytes(office: &Office, role: &str) -> Result<Vec<u8>> {
    let path = office.draft(role);
    read_plain(&path).map_err(Error::io(&path))
}

/// Takes a draft of `role`. `seen` is the SHA-256 of the draft that its maker built on or replaces, if there was one.
///
/// # Errors
/// Refused: see the module. Nothing was changed.
pub fn take(office: &Office, role: &str, json: &[u8], seen: Option<Digest>) -> Result<Waiting> {
    let books = Books::open(office)?;
    if role != "root" && !(is_slug(role) && books.roles().contains(role)) {
        return Err(Error::Refused(say::no_such_role(role)));
    }
    if role == "root" {
        let new: Signed<Root> = meta::from_json(json, role)?;
        let own = new.signed.clone();
        let ours = books.drafts.root.clone();
        let new = books.judge(role, new, ours.as_ref(), Some(&own))?;
        if let Some(published) = &books.published {
            let by = Authority::in_root(&published.root.signed, RoleType::Root);
            if by.map_or(Ok(true), |by| by.signers(&new).map(|s| s.is_empty()))? {
                return Err(Error::Refused(say::unsigned(office::role(role))));
            }
        }
        keep(office, role, new, ours, seen)?;
    } else {
        let new: Signed<Targets> = meta::from_json(json, role)?;
        let ours = books.drafts.roles.get(role).cloned();
        let new = books.judge(role, new, ours.as_ref(), None)?;
        if new.signatures.is_empty() && !books.is_carried_over(role, &new.signed) {
            return Err(Error::Refused(say::unsigned(office::role(role))));
        }
        keep(office, role, new, ours, seen)?;
    }
    let waiting = Books::open(office)?.waiting(office, role)?;
    waiting.map(|(waiting, _)| waiting).ok_or_else(|| Error::Refused(say::no_such_role(role)))
}

impl Books {
    /// Whether an unsigned list says nothing new: after a rotation it is left for others to sign.
    fn is_carried_over(&self, role: &str, next: &Targets) -> bool {
        match self.published.as_ref().and_then(|p| p.role(role)) {
            Some(held) => desk::same_content(&held.signed, next),
            None => next.targets.is_empty() && next.delegations.is_none(),
        }
    }

    /// Version and signatures. Those that the draft here carries already and that do not count any more are left out.
    fn judge<T: Role>(
        &self,
        role: &str,
        mut new: Signed<T>,
        ours: Option<&Signed<T>>,
        own: Option<&Root>,
    ) -> Result<Signed<T>> {
        let (version, next) = (new.signed.version().get(), self.next_version(role));
        if version != next {
            return Err(Error::Refused(say::version(office::role(role), version, next)));
        }
        let may: BTreeSet<_> = self.authorities(role, own).into_iter().flat_map(|a| a.keys).collect();
        let (canonical, mut good) = (meta::canonical(&new.signed)?, Vec::new());
        for signature in std::mem::take(&mut new.signatures) {
            let mut by = may.iter();
            let is_his = |k: &&_| meta::key_id(k).is_ok_and(|id| id == signature.keyid);
            if by.find(is_his).is_some_and(|key| key.verifies(&canonical, &signature.sig)) {
                good.push(signature);
            } else if !ours.is_some_and(|o| o.signatures.iter().any(|s| s.keyid == signature.keyid)) {
                return Err(Error::Refused(say::foreign(office::role(role), hex::encode(&signature.keyid))));
            }
        }
        new.signatures = good;
        Ok(new)
    }
}

/// Writes it: with the signatures of both, if both sign the same; in place of the one that its maker saw, if not.
fn keep<T>(
    office: &Office,
    role: &str,
    new: Signed<T>,
    ours: Option<Signed<T>>,
    seen: Option<Digest>,
) -> Result<()>
where
    T: Role + Serialize + DeserializeOwned + Clone,
{
    let all = match ours {
        None => new,
        Some(ours) if meta::canonical(&ours.signed)? == meta::canonical(&new.signed)? => {
            draft::merge(role, new, ours)?
        }
        // An overtaken draft is nobody's work any more.
        Some(ours) if ours.signed.version() < new.signed.version() => new,
        Some(_) if seen == Some(Digest::of(&bytes(office, role)?)) => new,
        Some(_) => return Err(Error::Refused(say::another_draft(office::role(role)))),
    };
    draft::save(office, role, &all)
}
