//! The office folder: what one person hands to the next, on a stick or a share.
//!
//! ```text
//! DIR/office.json      marks a finished `init`
//! DIR/feed/            what the public gets, and nothing else
//! DIR/drafts/          <role>.json, waiting for signatures
//! DIR/files/<sha256>   contents that a draft lists and the feed does not hold yet
//! DIR/recordings/      imported recordings: canonical/ and, as they came, originals/
//! DIR/staging/         <id>.json: descriptions of recordings that nobody approved yet
//! DIR/keys/            this machine's keys. Never handed on.
//! ```

use std::{
    fs::{self, OpenOptions, TryLockError},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;

use super::{Error, Result};
use crate::{digest::Digest, durable, feed::roles::target_name, lock::Held, text::office as say};

/// Bytes of the longest file of the folder that is read; an hour of canonical audio has 15 MB.
const LONGEST: u64 = 256 << 20;

/// The folders of one office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    dir: PathBuf,
    keys: PathBuf,
}

/// While it lives, no other process changes the folder.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not read")] Held);

impl Office {
    /// The office in `dir`, with this machine's keys in `keys` (else `dir/keys`).
    pub fn at(dir: &Path, keys: Option<&Path>) -> Self {
        Self { dir: dir.to_owned(), keys: keys.map_or_else(|| dir.join("keys"), Path::to_owned) }
    }

    /// [`Office::at`], refused when no `init` was finished there.
    pub fn open(dir: &Path, keys: Option<&Path>) -> Result<Self> {
        let office = Self::at(dir, keys);
        if office.marker().exists() { Ok(office) } else { Err(Error::Usage(say::no_office(dir.display()))) }
    }

    /// The folder itself.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Written last by `init`.
    pub fn marker(&self) -> PathBuf {
        self.dir.join("office.json")
    }

    /// This machine's keys.
    pub fn keys(&self) -> &Path {
        &self.keys
    }

    /// What is served to the public.
    pub fn feed(&self) -> PathBuf {
        self.dir.join("feed")
    }

    /// The draft of a role.
    pub fn draft(&self, role: &str) -> PathBuf {
        self.drafts().join(format!("{role}.json"))
    }

    /// All drafts.
    pub fn drafts(&self) -> PathBuf {
        self.dir.join("drafts")
    }

    /// Where a content waits that a draft lists.
    pub fn file(&self, sha256: &Digest) -> PathBuf {
        self.dir.join("files").join(sha256.to_string())
    }

    /// Descriptions of recordings, not yet approved.
    pub fn staging(&self) -> PathBuf {
        self.dir.join("staging")
    }

    /// The store of imported recordings.
    pub fn recordings(&self) -> PathBuf {
        self.dir.join("recordings")
    }

    /// The content with this hash that is to be, or is, the target `name`, wherever it lies. What lies there altered is
    /// not it.
    pub fn content(&self, sha256: &Digest, name: &str) -> Option<Vec<u8>> {
        self.found(sha256, name).map(|(_, bytes)| bytes)
    }

    /// Where that content lies.
    pub fn content_path(&self, sha256: &Digest, name: &str) -> Option<PathBuf> {
        self.found(sha256, name).map(|(path, _)| path)
    }

    fn found(&self, sha256: &Digest, name: &str) -> Option<(PathBuf, Vec<u8>)> {
        let served = self.feed().join(target_name(name, sha256));
        let canonical = self.recordings().join("canonical").join(format!("{sha256}.opus"));
        let read = |path: PathBuf| read_plain(&path).ok().map(|bytes| (path, bytes));
        let mut all = [served, self.file(sha256), canonical].into_iter().filter_map(read);
        all.find(|(_, bytes)| Digest::of(bytes) == *sha256)
    }

    /// Makes the folders.
    pub fn create(&self) -> Result<()> {
        let plain = [self.feed(), self.drafts(), self.dir.join("files"), self.staging(), self.recordings()];
        for dir in plain.iter().chain([&self.keys]) {
            durable::create_dir(dir).map_err(Error::io(dir))?;
        }
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&self.keys, fs::Permissions::from_mode(0o700)).map_err(Error::io(&self.keys))
    }

    /// Locks the folder, sweeps what a power cut left, or says that somebody else is at work.
    pub fn lock(&self) -> Result<Lock> {
        let path = self.dir.join(".lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(Error::io(&path))?;
        let held = Held::take(file).map_err(|e| match e {
            TryLockError::WouldBlock => Error::Refused(say::locked(self.dir.display())),
            TryLockError::Error(e) => Error::io(&path)(e),
        })?;
        // The store of recordings sweeps itself: an import may be at work there without this lock.
        for dir in [self.feed(), self.drafts(), self.dir.join("files"), self.staging(), self.keys.clone()] {
            if dir.is_dir() {
                sweep(&dir)?;
            }
        }
        durable::sweep(&self.dir).map_err(Error::io(&self.dir))?;
        Ok(Lock(held))
    }

    /// Keeps `bytes` for a draft; says what they hash to.
    pub fn keep(&self, bytes: &[u8]) -> Result<Digest> {
        let sha256 = Digest::of(bytes);
        let path = self.file(&sha256);
        if !path.exists() {
            durable::replace(&path, bytes).map_err(Error::io(&path))?;
        }
        Ok(sha256)
    }
}

/// Reads a file of the folder. What somebody else put in its place, such as a pipe, a device or a link, is neither
/// followed nor waited for.
pub fn read_plain(path: &Path) -> io::Result<Vec<u8>> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path)?;
    let meta = file.metadata()?;
    if !meta.is_file() || meta.len() > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Removes what a power cut left unfinished, in `dir` and below.
fn sweep(dir: &Path) -> Result<()> {
    durable::sweep(dir).map_err(Error::io(dir))?;
    for entry in fs::read_dir(dir).map_err(Error::io(dir))? {
        let entry = entry.map_err(Error::io(dir))?;
        // A link to a folder leads out of this one.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            sweep(&entry.path())?;
        }
    }
    Ok(())
}
