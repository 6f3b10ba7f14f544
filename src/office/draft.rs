//! Metadata that waits for signatures. A draft is a plain TUF file; each person adds a signature to the same `signed`.
//!
//! Two copies of one draft, signed by two people on two machines, merge by uniting their signatures; drafts whose
//! `signed` differ never merge.

use std::{collections::BTreeMap, fs, path::Path};

use serde::{Serialize, de::DeserializeOwned};
use tough::schema::{Role, Root, Signed, Targets};

use super::{
    Error, Result,
    folder::{Office, read_plain},
    meta,
};
use crate::{durable, text::office as say};

/// All drafts of a folder.
#[derive(Debug, Clone, Default)]
pub struct Drafts {
    /// `drafts/root.json`.
    pub root: Option<Signed<Root>>,
    /// `targets` and the delegated roles, by name.
    pub roles: BTreeMap<String, Signed<Targets>>,
}

/// Reads every draft.
pub fn all(office: &Office) -> Result<Drafts> {
    let mut drafts = Drafts::default();
    let dir = office.drafts();
    for entry in fs::read_dir(&dir).map_err(Error::io(&dir))? {
        let path = entry.map_err(Error::io(&dir))?.path();
        let Some(role) = path.file_name().and_then(|n| n.to_str()?.strip_suffix(".json")) else {
            continue;
        };
        if role == "root" {
            drafts.root = Some(read(&path)?);
        } else {
            drafts.roles.insert(role.to_owned(), read(&path)?);
        }
    }
    Ok(drafts)
}

/// The draft of `role`, if there is one.
pub fn load<T: DeserializeOwned>(office: &Office, role: &str) -> Result<Option<Signed<T>>> {
    let path = office.draft(role);
    if path.exists() { read(&path).map(Some) } else { Ok(None) }
}

/// Writes the draft of `role`.
pub fn save<T: Serialize>(office: &Office, role: &str, draft: &Signed<T>) -> Result<()> {
    let path = office.draft(role);
    durable::replace(&path, &meta::to_json(draft)?).map_err(Error::io(&path))
}

/// Gives the draft of `role` up. Its contents stay until the next tidying.
pub fn discard(office: &Office, role: &str) -> Result<()> {
    let path = office.draft(role);
    durable::remove(&path).map_err(Error::io(&path))
}

/// One draft with the signatures of both, if both sign the same.
pub fn merge<T: Role>(role: &str, ours: Signed<T>, theirs: Signed<T>) -> Result<Signed<T>> {
    if meta::canonical(&ours.signed)? != meta::canonical(&theirs.signed)? {
        return Err(Error::Refused(say::drafts_differ(say::role(role))));
    }
    let mut all = ours;
    for signature in theirs.signatures {
        if !all.signatures.iter().any(|s| s.keyid == signature.keyid) {
            all.signatures.push(signature);
        }
    }
    Ok(all)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Signed<T>> {
    let bytes = read_plain(path).map_err(Error::io(path))?;
    meta::from_json(&bytes, &path.display().to_string())
}
