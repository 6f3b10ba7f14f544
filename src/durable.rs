//! The only place that makes bytes survive a power cut. Nobody else renames or syncs a file.
//!
//! Each step passes [`step`], where a test build (feature `faults`) can cut the power or fail the disk:
//! `LOAXA_FAULT=<n>:<kind>` hits the n-th step of the process, `LOAXA_FAULT=<n>@<line>:<kind>` the n-th at that line of this
//! file. The kinds: `abort`; `torn`, half of the work and then abort; `eio`, an error; `enospc`, half of the work and then
//! an error; `dead` and `full`, the same two from that step on for good.
//! `LOAXA_STEPS=<file>` gets a line `<n> <line of this file>` for each step taken.
//!
//! What root makes in somebody's folder is that somebody's: after `sudo loaxa station import` the service, which is not
//! root, must still be able to write. So each new file and folder takes the owner of the folder in which it is made.

#![allow(clippy::disallowed_methods, reason = "this is the one place that syncs and renames")]

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use crate::lock::Held;

/// Names of unfinished files begin so; [`sweep`] removes them at start.
const UNFINISHED: &str = ".unfinished-";

/// Old or new content after a power cut, never a mix: write beside, fsync, rename over, fsync the folder.
/// The file is readable by its owner and group (0640) or, if `private`, by its owner alone (0600).
pub fn replace_with_mode(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let mut new = Incoming::create_with_mode(parent(path)?, mode)?;
    new.write_all(bytes)?;
    new.commit(path)
}

/// [`replace_with_mode`] with mode 0644: for files that hold no secret.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace_with_mode(path, bytes, 0o644)
}

/// Returns when the line is on the medium (fdatasync). After a power cut the tail may be torn; who opens the log cuts it.
pub fn append(log: &mut File, line: &[u8]) -> io::Result<()> {
    step(|| {
        log.write_all(&line[..line.len() / 2])?;
        log.sync_data()
    })?;
    log.write_all(line)?;
    log.sync_data()?;
    step(|| Ok(()))
}

/// Writes `bytes` at `offset` in place and returns when they are on the medium. After a power cut that place may be
/// torn: the content needs a checksum of its own, and another place to fall back to.
pub fn overwrite(file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    step(|| {
        file.write_all_at(&bytes[..bytes.len() / 2], offset)?;
        file.sync_data()
    })?;
    file.write_all_at(bytes, offset)?;
    file.sync_data()?;
    step(|| Ok(()))
}

/// Gives a file another name in the same file system, durably; over what may be there.
pub fn relocate(from: &Path, to: &Path) -> io::Result<()> {
    step(|| Ok(()))?;
    fs::rename(from, to)?;
    step(|| Ok(()))?;
    sync_dir(parent(to)?)?;
    sync_dir(parent(from)?)
}

/// Cuts `log` to `len` bytes, durably: the torn tail that a power cut left.
pub fn cut(log: &File, len: u64) -> io::Result<()> {
    step(|| Ok(()))?;
    log.set_len(len)?;
    log.sync_all()
}

/// Makes a folder and those above it, and makes their names survive.
pub fn create_dir(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        create_dir(above)?;
    }
    step(|| Ok(()))?;
    match fs::create_dir(path) {
        Ok(()) => give_to_owner_of(parent(path)?, &open_dir(path)?)?,
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
        Err(_) => {}
    }
    sync_dir(parent(path)?)
}

/// A folder, never one behind a link.
fn open_dir(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

/// Makes `new`, which this process has just made in `dir`, belong to whom `dir` belongs. Only root can and need do that.
fn give_to_owner_of(dir: &Path, new: &File) -> io::Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let dir = fs::metadata(dir)?;
    if (dir.uid(), dir.gid()) == (0, 0) {
        return Ok(());
    }
    let (user, group) = (rustix::fs::Uid::from_raw(dir.uid()), rustix::fs::Gid::from_raw(dir.gid()));
    Ok(rustix::fs::fchown(new, Some(user), Some(group))?)
}

/// Opens `path` by `how`, or makes it with `mode`; whether it was made. What lies there already, a link perhaps, never
/// changes its owner.
///
/// # Errors
/// The file system's.
pub fn open_or_make(path: &Path, how: &OpenOptions, mode: u32) -> io::Result<(File, bool)> {
    match how.clone().create_new(true).mode(mode).open(path) {
        Ok(file) => {
            give_to_owner_of(parent(path)?, &file)?;
            Ok((file, true))
        }
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok((how.open(path)?, false)),
        Err(e) => Err(e),
    }
}

/// Opens a file for appending; when it is made anew (mode 0640) its name survives.
pub fn open_append(path: &Path) -> io::Result<File> {
    let (file, new) = open_or_make(path, OpenOptions::new().append(true).read(true), 0o640)?;
    if new {
        step(|| Ok(()))?;
        file.sync_all()?;
        sync_dir(parent(path)?)?;
    }
    Ok(file)
}

/// Removes a file if it is there, durably.
pub fn remove(path: &Path) -> io::Result<()> {
    step(|| Ok(()))?;
    match fs::remove_file(path) {
        Ok(()) => sync_dir(parent(path)?),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
    }
}

/// Removes what an earlier process left unfinished in `dir`; says how many files that were. What another process is
/// writing just now (it holds a lock on it) stays.
pub fn sweep(dir: &Path) -> io::Result<usize> {
    let mut swept = 0;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) && !is_in_use(&entry.path()) {
            remove(&entry.path())?;
            swept += 1;
        }
    }
    Ok(swept)
}

fn is_in_use(path: &Path) -> bool {
    File::open(path).is_ok_and(Held::is_taken)
}

/// A file under way, beside its goal. Gone when dropped, whole under its name once committed.
#[derive(Debug)]
pub struct Incoming {
    file: Held,
    path: PathBuf,
    kept: bool,
}

impl Incoming {
    /// A new unfinished file in `dir`, mode 0644.
    pub fn create(dir: &Path) -> io::Result<Self> {
        Self::create_with_mode(dir, 0o644)
    }

    /// A new unfinished file in `dir` with permissions `mode`.
    pub fn create_with_mode(dir: &Path, mode: u32) -> io::Result<Self> {
        let path = dir.join(format!("{UNFINISHED}{}-{:016x}", std::process::id(), fastrand::u64(..)));
        step(|| Ok(()))?;
        let file = OpenOptions::new().write(true).read(true).create_new(true).mode(mode).open(&path)?;
        if let Err(e) = give_to_owner_of(dir, &file) {
            fs::remove_file(&path).ok();
            return Err(e);
        }
        Ok(Self { file: Held::take_or_bare(file)?, path, kept: false })
    }

    /// A file that outlives its process, so that work on it can go on later: the first `len` bytes of what lies at `path`,
    /// or an empty one (mode 0644). It is neither swept nor removed when dropped. `WouldBlock`: another process has it.
    pub fn resume(path: &Path, len: u64) -> io::Result<Self> {
        let (file, new) = open_or_make(path, OpenOptions::new().append(true).read(true), 0o644)?;
        let file = Held::take_or_bare(file)?;
        if file.metadata()?.len() > len {
            cut(&file, len)?;
        }
        if new {
            sync_dir(parent(path)?)?;
        }
        Ok(Self { file, path: path.to_owned(), kept: true })
    }

    /// Returns when all that was written is on the medium, under the unfinished name.
    pub fn sync(&self) -> io::Result<()> {
        step(|| Ok(()))?;
        self.file.sync_data()
    }

    /// The file, for reading back what is there.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Where it lies meanwhile.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it durable under `goal`, in the same file system, over what may be there.
    pub fn commit(mut self, goal: &Path) -> io::Result<()> {
        step(|| Ok(()))?;
        self.file.sync_all()?;
        step(|| Ok(()))?;
        fs::rename(&self.path, goal)?;
        self.kept = true;
        step(|| Ok(()))?;
        sync_dir(parent(goal)?)
    }
}

impl Write for Incoming {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        step(|| self.file.write_all(&buf[..buf.len() / 2]))?;
        self.file.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.kept {
            // Whoever gave up on the file already has the error that matters; `sweep` gets what stays.
            fs::remove_file(&self.path).ok();
        }
    }
}

fn parent(path: &Path) -> io::Result<&Path> {
    match path.parent() {
        Some(p) if p.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(p) => Ok(p),
        None => Err(io::Error::new(io::ErrorKind::InvalidInput, "a path without a folder")),
    }
}

fn sync_dir(dir: &Path) -> io::Result<()> {
    step(|| Ok(()))?;
    File::open(dir)?.sync_all()
}

/// Where a test build may hit. `torn` runs first when the fault is to leave half of the work.
#[cfg(not(feature = "faults"))]
fn step(_torn: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    Ok(())
}

#[cfg(feature = "faults")]
#[track_caller]
fn step(torn: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    };
    /// Which step, of which line or of all, and how.
    static PLAN: LazyLock<Option<(u64, Option<u32>, String)>> = LazyLock::new(|| {
        let plan = std::env::var("LOAXA_FAULT").ok()?;
        let (at, how) = plan.split_once(':')?;
        let (at, line) = at.split_once('@').map_or((at, None), |(at, line)| (at, Some(line)));
        let line = line.map(str::parse).transpose().ok()?;
        Some((at.parse().ok()?, line, how.to_owned()))
    });
    static TOLD: LazyLock<Option<File>> = LazyLock::new(|| {
        let path = std::env::var_os("LOAXA_STEPS")?;
        OpenOptions::new().append(true).create(true).open(path).ok()
    });
    static DONE: AtomicU64 = AtomicU64::new(0);
    static COUNTED: AtomicU64 = AtomicU64::new(0);
    let this = DONE.fetch_add(1, Ordering::SeqCst) + 1;
    let here = std::panic::Location::caller().line();
    if let Some(mut told) = TOLD.as_ref() {
        told.write_all(format!("{this} {here}\n").as_bytes())?;
    }
    let Some((at, line, how)) = &*PLAN else {
        return Ok(());
    };
    let counts = u64::from(line.is_none_or(|line| line == here));
    let counted = COUNTED.fetch_add(counts, Ordering::SeqCst) + counts;
    let for_good = matches!(how.as_str(), "dead" | "full");
    if !(counts == 1 && counted == *at || for_good && counted >= *at) {
        return Ok(());
    }
    match how.as_str() {
        "eio" | "dead" => Err(io::Error::from_raw_os_error(5)),
        "enospc" | "full" => {
            torn()?;
            Err(io::Error::from_raw_os_error(28))
        }
        "torn" => {
            torn()?;
            std::process::abort()
        }
        _ => std::process::abort(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_file_leaves_nothing_and_a_committed_one_is_whole() -> io::Result<()> {
        let dir = tempfile::tempdir()?;
        let mut lost = Incoming::create(dir.path())?;
        lost.write_all(b"half")?;
        drop(lost);
        assert_eq!(fs::read_dir(dir.path())?.count(), 0);
        let goal = dir.path().join("whole");
        replace(&goal, b"one")?;
        replace(&goal, b"two")?;
        assert_eq!(fs::read(&goal)?, b"two");
        assert_eq!(fs::read_dir(dir.path())?.count(), 1);
        Ok(())
    }

    #[test]
    fn what_root_makes_in_somebodys_folder_is_that_somebodys() -> io::Result<()> {
        if !rustix::process::geteuid().is_root() {
            return Ok(()); // Nobody else can give files away.
        }
        let dir = tempfile::tempdir()?;
        let of = |path: &Path| fs::symlink_metadata(path).map(|m| (m.uid(), m.gid()));
        std::os::unix::fs::chown(dir.path(), Some(1234), Some(1235))?;
        let path = |name: &str| dir.path().join(name);
        replace_with_mode(&path("key"), b"k", 0o600)?;
        open_append(&path("log"))?;
        Incoming::resume(&path("part"), 0)?;
        create_dir(&path("a/b"))?;
        replace(&path("a/b/c"), b"c")?;
        for name in ["key", "log", "part", "a", "a/b", "a/b/c"] {
            assert_eq!(of(&path(name))?, (1234, 1235), "{name}");
        }
        // Somebody cannot make root give him what is not his.
        let theirs = tempfile::tempdir()?;
        fs::write(theirs.path().join("shadow"), b"s")?;
        std::os::unix::fs::symlink(theirs.path().join("shadow"), path("link"))?;
        open_append(&path("link"))?;
        assert_eq!(of(&theirs.path().join("shadow"))?, (0, 0));
        Ok(())
    }

    #[test]
    fn sweeping_takes_the_unfinished_and_leaves_the_rest() -> io::Result<()> {
        let dir = tempfile::tempdir()?;
        fs::write(dir.path().join(".unfinished-1-2"), b"x")?;
        fs::write(dir.path().join("kept"), b"x")?;
        assert_eq!(sweep(dir.path())?, 1);
        assert!(dir.path().join("kept").exists());
        Ok(())
    }
}
