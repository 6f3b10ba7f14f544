//! Audio on disk under its hash: `<sha256>.opus`. What is here was whole and right when it came.
//!
//! `part` holds downloads under way across power cuts; `room` decides what goes when the disk budget is full.
//! A handle is cheap to clone: playout asks for paths while sync fills the folder.

pub mod part;
pub mod room;

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use chrono::{DateTime, Utc};

use super::Feed;
use crate::{
    bulletin::Bulletin,
    digest::{Digest, Hasher},
    durable,
};

/// A folder of canonical audio.
#[derive(Debug, Clone)]
pub struct Library {
    dir: Arc<Path>,
    /// Files whose hash was right, and how they looked then.
    checked: Arc<Mutex<HashMap<Digest, Stamp>>>,
}

/// Whatever writes to a file changes one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl Stamp {
    fn of(meta: &fs::Metadata) -> Self {
        Self { inode: meta.ino(), length: meta.len(), changed: (meta.ctime(), meta.ctime_nsec()) }
    }
}

impl Library {
    /// Opens or makes the folder, and clears what an earlier process left unfinished.
    pub fn open(dir: &Path) -> io::Result<Self> {
        durable::create_dir(dir)?;
        durable::sweep(dir)?;
        Ok(Self { dir: dir.into(), checked: Arc::default() })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the audio of that hash lies or would lie.
    pub fn path_of(&self, sha256: &Digest) -> PathBuf {
        self.dir.join(format!("{sha256}.opus"))
    }

    /// Whether a file of that hash and length is there. Cheap: content is not read, see [`Library::check`].
    pub fn has(&self, bulletin: &Bulletin) -> bool {
        fs::symlink_metadata(self.path_of(&bulletin.sha256))
            .is_ok_and(|m| m.is_file() && m.len() == bulletin.length)
    }

    /// What the feed lists, still or soon valid at `now`, and is not here; in the order of ids.
    pub fn missing<'a>(&self, feed: &'a Feed, now: DateTime<Utc>) -> Vec<&'a Bulletin> {
        let listed = feed.bulletins.values().map(|b| &**b);
        listed.filter(|b| now < b.meta.valid_until && !self.has(b)).collect()
    }

    /// Reads a file that has changed since it was last read here, and removes it if it is not what its name says.
    /// `false`: it was not there, or is gone now. A file that did not change costs one `stat`.
    pub fn check(&self, sha256: &Digest) -> io::Result<bool> {
        let path = self.path_of(sha256);
        let stamp = match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_file() => Stamp::of(&meta),
            Ok(_) => return self.discard(sha256).map(|()| false),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(e) => return Err(e),
        };
        if self.seen().get(sha256) == Some(&stamp) {
            return Ok(true);
        }
        if hash_file(&path)? != *sha256 {
            return self.discard(sha256).map(|()| false);
        }
        self.seen().insert(*sha256, stamp);
        Ok(true)
    }

    /// Removes a file that proved wrong elsewhere, such as when it was to play.
    pub fn discard(&self, sha256: &Digest) -> io::Result<()> {
        self.seen().remove(sha256);
        durable::remove(&self.path_of(sha256))
    }

    /// Notes that the audio was used at `at`: when room is needed, what was not used for longest goes first.
    pub fn used(&self, sha256: &Digest, at: DateTime<Utc>) -> io::Result<()> {
        let path = self.path_of(sha256);
        let known = self.check(sha256)?;
        File::options().append(true).open(&path)?.set_modified(SystemTime::from(at))?;
        if known {
            self.seen().insert(*sha256, Stamp::of(&fs::symlink_metadata(&path)?));
        }
        Ok(())
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, HashMap<Digest, Stamp>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A file has just been verified while it was written.
    fn trust(&self, sha256: &Digest) -> io::Result<()> {
        let stamp = Stamp::of(&fs::symlink_metadata(self.path_of(sha256))?);
        self.seen().insert(*sha256, stamp);
        Ok(())
    }
}

fn hash_file(path: &Path) -> io::Result<Digest> {
    let mut hasher = Hasher::new();
    hash_into(&mut hasher, File::open(path)?)?;
    Ok(hasher.finish())
}

/// Returns how many bytes went in.
fn hash_into(hasher: &mut Hasher, mut from: impl Read) -> io::Result<u64> {
    let mut buffer = vec![0; 64 * 1024];
    let mut sum = 0;
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(sum),
            Ok(n) => {
                hasher.update(&buffer[..n]);
                sum += n as u64;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}
