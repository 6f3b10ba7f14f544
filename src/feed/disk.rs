//! The folder in which verified files of a feed lie: `<role>.json` as fetched, `root.copy`, `files/<sha256>`.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use tough::schema::{Root, Signed};

use super::{
    refusal::{Refusal, Why},
    roles, verify,
};
use crate::{digest::Digest, durable};

const ROOT_COPY: &str = "root.copy";
const FILES: &str = "files";

/// See the module.
#[derive(Debug, Clone)]
pub struct Disk(PathBuf);

impl Disk {
    /// The folder `dir`, which need not exist.
    pub fn new(dir: &Path) -> Self {
        Self(dir.to_owned())
    }

    /// Makes the folder and clears what a power cut left unfinished.
    pub fn prepare(&self) -> io::Result<()> {
        durable::create_dir(&self.0.join(FILES))?;
        durable::sweep(&self.0)?;
        durable::sweep(&self.0.join(FILES)).map(|_| ())
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.0
    }

    /// Stored metadata of a role; none if there is none, or if it cannot be read (then it is as good as damaged).
    pub fn metadata(&self, role: &str) -> Option<Vec<u8>> {
        fs::read(self.0.join(format!("{}.json", roles::file_name(role)))).ok()
    }

    /// Whether metadata of a role is stored at all.
    pub fn has(&self, role: &str) -> bool {
        self.0.join(format!("{}.json", roles::file_name(role))).exists()
    }

    /// Stores verified metadata as it was fetched.
    pub fn put(&self, role: &str, bytes: &[u8]) -> Result<(), Refusal> {
        let path = self.0.join(format!("{}.json", roles::file_name(role)));
        durable::replace(&path, bytes).map_err(|e| disk(role, &e))
    }

    /// Forgets metadata of a role.
    pub fn remove(&self, role: &str) -> Result<(), Refusal> {
        let path = self.0.join(format!("{}.json", roles::file_name(role)));
        durable::remove(&path).map_err(|e| disk(role, &e))
    }

    /// Stores a root twice, so that damage to one file does not end trust.
    pub fn put_root(&self, bytes: &[u8]) -> Result<(), Refusal> {
        durable::replace(&self.0.join(ROOT_COPY), bytes).map_err(|e| disk("root", &e))?;
        self.put("root", bytes)
    }

    /// The newest stored root that verifies by its own keys and is not older than `seen` (TUF 1.0.34 §5.2).
    pub fn root(&self, seen: u64) -> Result<Signed<Root>, Refusal> {
        let read = |bytes: Option<Vec<u8>>| {
            let root = verify::parse::<Root>("root", &bytes?).ok()?;
            verify::by_root(&root.signed, &root, "root").ok()?;
            Some(root)
        };
        let both = [read(self.metadata("root")), read(fs::read(self.0.join(ROOT_COPY)).ok())];
        let newest = both.into_iter().flatten().max_by_key(|root| root.signed.version);
        newest.filter(|root| root.signed.version.get() >= seen).ok_or(Refusal::new("root", Why::Damaged))
    }

    /// A small file by its hash, which is checked.
    pub fn file(&self, sha256: &Digest) -> Option<Vec<u8>> {
        let bytes = fs::read(self.0.join(FILES).join(sha256.to_string())).ok()?;
        (Digest::of(&bytes) == *sha256).then_some(bytes)
    }

    /// Stores a verified small file.
    pub fn put_file(&self, what: &str, sha256: &Digest, bytes: &[u8]) -> Result<(), Refusal> {
        durable::replace(&self.0.join(FILES).join(sha256.to_string()), bytes).map_err(|e| disk(what, &e))
    }

    /// Removes small files that nothing refers to any more.
    pub fn keep_only(&self, wanted: &BTreeSet<Digest>) -> io::Result<()> {
        for entry in fs::read_dir(self.0.join(FILES))? {
            let entry = entry?;
            let known =
                entry.file_name().to_str().and_then(|n| n.parse().ok()).is_some_and(|d| wanted.contains(&d));
            if !known {
                durable::remove(&entry.path())?;
            }
        }
        Ok(())
    }
}

/// A refusal of this machine's disk.
pub fn disk(what: &str, error: &io::Error) -> Refusal {
    Refusal::new(what, Why::Disk(crate::text::machine::io(error)))
}
