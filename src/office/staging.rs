//! Recordings that were imported and wait for approval: one small JSON each, so that the second person sees what the
//! first one saw.

use std::fs;

use serde::{Deserialize, Serialize};

use super::{Error, Result, folder::Office, meta};
use crate::{
    bulletin::{Bulletin, Meta},
    digest::Digest,
    durable,
    feed::roles::{bulletin_path, urgent_audio_path},
    ids::BulletinId,
    text::office as say,
};

/// The two roles that list recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shelf {
    /// What schedules use.
    Bulletins,
    /// Recordings made for urgent orders.
    UrgentAudio,
}

impl Shelf {
    /// The role.
    pub fn role(self) -> &'static str {
        match self {
            Self::Bulletins => "bulletins",
            Self::UrgentAudio => "urgent-audio",
        }
    }

    /// The target of a recording.
    pub fn path(self, id: &BulletinId) -> String {
        match self {
            Self::Bulletins => bulletin_path(id),
            Self::UrgentAudio => urgent_audio_path(id),
        }
    }
}

/// One recording that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staged {
    /// Its name.
    pub id: BulletinId,
    /// Where it is to stand.
    pub shelf: Shelf,
    /// SHA-256 of the canonical file, which lies in the store of recordings.
    pub sha256: Digest,
    /// Its bytes.
    pub length: u64,
    /// What will be signed; `approved_by` still empty.
    pub meta: Meta,
}

impl Staged {
    /// As `office::import` knows recordings.
    pub fn bulletin(&self) -> Bulletin {
        Bulletin { id: self.id.clone(), sha256: self.sha256, length: self.length, meta: self.meta.clone() }
    }
}

/// Writes it, in place of an earlier one of the same id.
pub fn put(office: &Office, staged: &Staged) -> Result<()> {
    let path = office.staging().join(format!("{}.json", staged.id));
    durable::replace(&path, &meta::to_json(staged)?).map_err(Error::io(&path))
}

/// Takes it away.
pub fn remove(office: &Office, id: &BulletinId) -> Result<()> {
    let path = office.staging().join(format!("{id}.json"));
    durable::remove(&path).map_err(Error::io(&path))
}

/// All that wait, by id.
pub fn all(office: &Office) -> Result<Vec<Staged>> {
    let dir = office.staging();
    let mut out: Vec<Staged> = Vec::new();
    for entry in fs::read_dir(&dir).map_err(Error::io(&dir))? {
        let path = entry.map_err(Error::io(&dir))?.path();
        if path.extension().is_some_and(|e| e == "json") {
            let bytes = super::folder::read_plain(&path).map_err(Error::io(&path))?;
            let unreadable = |e: serde_json::Error| {
                Error::Refused(say::metadata_unreadable(path.display(), e.to_string()))
            };
            out.push(serde_json::from_slice(&bytes).map_err(unreadable)?);
        }
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(out)
}
