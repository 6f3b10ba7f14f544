//! The feed as it lies in the folder: read back and verified before anything is built on it, written in an order that
//! leaves a valid feed at every instant.
//!
//! Layout, TUF 1.0.34 §3.1 with consistent snapshots (§6.2), named by `feed::roles`: `metadata/timestamp.json`,
//! `metadata/<n>.<role>.json` and `targets/<dir>/<sha256>.<file>`. Beside each JSON or YAML file whose content never changes lies its `.gz`, for servers
//! that send it as it is; `timestamp.json` has none, since two files cannot change at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use flate2::{Compression, GzBuilder};
use serde::de::DeserializeOwned;
use tough::schema::{RoleType, Root, Signed, Snapshot, Target, Targets, Timestamp};

use super::{
    Error, Result,
    folder::Office,
    meta::{self, Authority},
};
use crate::{digest::Digest, durable, feed::roles::metadata_name, text::office as say};

/// The newest published metadata, verified.
#[derive(Debug, Clone)]
pub struct Published {
    /// The newest root.
    pub root: Signed<Root>,
    /// Versions and hashes of the rest.
    pub snapshot: Signed<Snapshot>,
    /// What clients read first.
    pub timestamp: Signed<Timestamp>,
    /// The delegations, and `policy.yaml`.
    pub targets: Signed<Targets>,
    /// The delegated roles, by name.
    pub roles: BTreeMap<String, Signed<Targets>>,
}

impl Published {
    /// Reads the feed of `office`; none if nothing was published yet. Expired metadata is read too: whoever renews needs it.
    ///
    /// # Errors
    /// Refused: a file is missing or does not verify. Take the feed from a copy; nothing must be built on this one.
    pub fn load(office: &Office) -> Result<Option<Self>> {
        let dir = office.feed();
        if !dir.join(metadata_name("timestamp", None)).exists() {
            return Ok(None);
        }
        let root = newest_root(&dir)?;
        let timestamp: Signed<Timestamp> = read(&dir.join(metadata_name("timestamp", None)))?;
        met(Authority::in_root(&root.signed, RoleType::Timestamp), &timestamp, "timestamp")?;
        let snapshot: Signed<Snapshot> = listed(&dir, "snapshot", &timestamp.signed.meta)?;
        met(Authority::in_root(&root.signed, RoleType::Snapshot), &snapshot, "snapshot")?;
        let targets: Signed<Targets> = listed(&dir, "targets", &snapshot.signed.meta)?;
        met(Authority::in_root(&root.signed, RoleType::Targets), &targets, "targets")?;
        let mut roles = BTreeMap::new();
        for name in meta::delegated(&targets.signed) {
            let role: Signed<Targets> = listed(&dir, name, &snapshot.signed.meta)?;
            met(Authority::in_targets(&targets.signed, name), &role, name)?;
            roles.insert(name.to_owned(), role);
        }
        Ok(Some(Self { root, snapshot, timestamp, targets, roles }))
    }

    /// `targets` or a delegated role.
    pub fn role(&self, name: &str) -> Option<&Signed<Targets>> {
        if name == "targets" { Some(&self.targets) } else { self.roles.get(name) }
    }

    /// The version of `role` that the snapshot lists, be the role delegated still or not: a number never comes back.
    pub fn listed_version(&self, role: &str) -> Option<u64> {
        self.snapshot.signed.meta.get(&format!("{role}.json")).map(|entry| entry.version.get())
    }

    /// All target files of the feed: path below `targets/` with its description.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Target)> {
        let all = std::iter::once(&self.targets).chain(self.roles.values());
        all.flat_map(|role| role.signed.targets.iter().map(|(name, target)| (name.raw(), target)))
    }
}

/// The chain of roots from the first, each signed by the one before and by itself (TUF 1.0.34 §5.3); the last of it.
pub fn newest_root(dir: &Path) -> Result<Signed<Root>> {
    let mut root: Signed<Root> = read(&dir.join(metadata_name("root", Some(1))))?;
    met(Authority::in_root(&root.signed, RoleType::Root), &root, "root")?;
    loop {
        let next = dir.join(metadata_name("root", Some(root.signed.version.get() + 1)));
        if !next.exists() {
            return Ok(root);
        }
        let new: Signed<Root> = read(&next)?;
        met(Authority::in_root(&root.signed, RoleType::Root), &new, "root")?;
        met(Authority::in_root(&new.signed, RoleType::Root), &new, "root")?;
        if new.signed.version.get() != root.signed.version.get() + 1 {
            return Err(Error::Refused(say::feed_damaged(next.display())));
        }
        root = new;
    }
}

fn met<T: tough::schema::Role>(who: Option<Authority>, role: &Signed<T>, name: &str) -> Result<()> {
    match who {
        Some(who) if who.is_met_by(role)? => Ok(()),
        _ => Err(Error::Refused(say::feed_unsigned(say::role(name)))),
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = fs::read(path).map_err(Error::io(path))?;
    meta::from_json(&bytes, &path.display().to_string())
}

/// Reads `<version>.<role>.json` and holds it against what lists it.
fn listed<T: DeserializeOwned>(
    dir: &Path,
    role: &str,
    meta: &std::collections::HashMap<String, tough::schema::Metafile>,
) -> Result<T> {
    let entry =
        meta.get(&format!("{role}.json")).ok_or_else(|| Error::Refused(say::role_not_listed(role)))?;
    let path = dir.join(metadata_name(role, Some(entry.version.get())));
    let bytes = fs::read(&path).map_err(Error::io(&path))?;
    let fits = match &entry.hashes {
        Some(hashes) => hashes.sha256.as_ref() == Digest::of(&bytes).0,
        None => true,
    };
    if !fits {
        return Err(Error::Refused(say::feed_damaged(path.display())));
    }
    meta::from_json(&bytes, &path.display().to_string())
}

/// Writes a file of the feed whose content never changes, its `.gz` first when it is text.
pub fn write_lasting(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    durable::create_dir(dir).map_err(Error::io(dir))?;
    if matches!(path.extension().and_then(|e| e.to_str()), Some("json" | "yaml")) {
        let packed = gzip(bytes).map_err(Error::io(path))?;
        durable::replace(&gz(path), &packed).map_err(Error::io(path))?;
    }
    durable::replace(path, bytes).map_err(Error::io(path))
}

/// The path with `.gz` appended.
pub fn gz(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    PathBuf::from(name)
}

/// Always the same bytes for the same input: no time in the header.
fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    packer.write_all(bytes)?;
    packer.finish()
}

/// Every file below `dir`, as paths relative to it, sorted; unfinished files are left out.
pub fn walk(dir: &Path) -> Result<BTreeSet<PathBuf>> {
    let (mut out, mut todo) = (BTreeSet::new(), vec![dir.to_owned()]);
    while let Some(next) = todo.pop() {
        for entry in fs::read_dir(&next).map_err(Error::io(&next))? {
            let entry = entry.map_err(Error::io(&next))?;
            let path = entry.path();
            // A link to a folder may lead anywhere, also in circles.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                todo.push(path);
            } else if !path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
                && let Ok(below) = path.strip_prefix(dir)
            {
                out.insert(below.to_owned());
            }
        }
    }
    Ok(out)
}
