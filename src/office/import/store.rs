//! Where recordings lie at the office: by hash, whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use crate::{
    digest::{Digest, Hasher},
    durable::{self, Incoming},
};

/// `originals/<sha256>`, `canonical/<sha256>.opus` and `work/` for what is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// Makes the folders if need be, and removes what imports that were killed left behind.
    pub fn open(root: &Path) -> io::Result<Self> {
        let store = Self { root: root.to_owned() };
        for dir in ["originals", "canonical", "work"] {
            durable::create_dir(&root.join(dir))?;
        }
        store.sweep()?;
        Ok(store)
    }

    /// Where the recording with this hash lies as it came.
    pub fn original(&self, sha256: &Digest) -> PathBuf {
        self.root.join("originals").join(sha256.to_string())
    }

    /// Where the canonical form with this hash lies.
    pub fn canonical(&self, sha256: &Digest) -> PathBuf {
        self.root.join("canonical").join(format!("{sha256}.opus"))
    }

    /// A folder of its own for one import; gone when dropped. While it lives, nobody sweeps.
    pub(super) fn work(&self) -> io::Result<Work> {
        let lock = File::open(self.root.join("work"))?;
        lock.lock_shared()?;
        let dir = self.root.join("work").join(format!("{}-{:016x}", std::process::id(), fastrand::u64(..)));
        fs::create_dir(&dir)?;
        let work = Work { dir: dir.canonicalize()?, _lock: lock };
        fs::create_dir(work.cwd())?;
        Ok(work)
    }

    /// Left-overs go only when no import is under way: each holds `work/` locked.
    fn sweep(&self) -> io::Result<()> {
        let lock = File::open(self.root.join("work"))?;
        if lock.try_lock().is_err() {
            return Ok(());
        }
        for entry in fs::read_dir(self.root.join("work"))? {
            fs::remove_dir_all(entry?.path())?;
        }
        for dir in ["originals", "canonical"] {
            durable::sweep(&self.root.join(dir))?;
        }
        Ok(())
    }
}

/// See [`Store::work`].
#[derive(Debug)]
pub(super) struct Work {
    dir: PathBuf,
    _lock: File,
}

impl Work {
    /// A file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// The empty folder in which children run.
    pub fn cwd(&self) -> PathBuf {
        self.dir.join("cwd")
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What cannot be removed now is swept when the store is opened next.
        fs::remove_dir_all(&self.dir).ok();
    }
}

/// The hash of a file, to ask [`super::already`] before importing it.
pub fn digest_of(path: &Path) -> io::Result<Digest> {
    Ok(copy(&mut File::open(path)?, &mut io::sink(), |_| ())?.0)
}

/// Copies and hashes; `told` gets the bytes done so far.
pub(super) fn copy(
    from: &mut impl Read,
    to: &mut impl Write,
    mut told: impl FnMut(u64),
) -> io::Result<(Digest, u64)> {
    let (mut hasher, mut total, mut piece) = (Hasher::new(), 0, vec![0; 1 << 16]);
    loop {
        let n = match from.read(&mut piece) {
            Ok(0) => return Ok((hasher.finish(), total)),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        hasher.update(&piece[..n]);
        to.write_all(&piece[..n])?;
        total += n as u64;
        told(total);
    }
}

/// Puts `from` durably at `goal`, unless something lies there already: a name by hash has one content.
pub(super) fn keep(from: &Path, goal: &Path) -> io::Result<()> {
    if goal.exists() {
        return Ok(());
    }
    let dir = goal.parent().unwrap_or(Path::new("."));
    let mut new = Incoming::create(dir)?;
    io::copy(&mut File::open(from)?, &mut new)?;
    new.commit(goal)
}
