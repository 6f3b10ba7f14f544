//! `office export DIR`: the feed on a stick, for stations without a line. Whole files first, the timestamp last: a stick
//! pulled too early holds the feed of before.

use std::{fs, path::Path};

use super::{
    Error, Result,
    feed_files::{Published, walk},
    folder::Office,
};
use crate::{durable, feed::roles::metadata_name, text::office as say};

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// Files of the feed.
    pub files: usize,
    /// Files that were not there yet.
    pub written: usize,
    /// Files of an older export that were removed.
    pub removed: usize,
}

/// Copies the feed into `dir` (a folder of its own), with a page for people beside it.
///
/// # Errors
/// Refused: nothing was published, or `dir` holds something else than an earlier export.
pub fn export(office: &Office, dir: &Path) -> Result<Exported> {
    let _lock = office.lock()?;
    Published::load(office)?.ok_or_else(|| Error::Refused(say::not_published()))?;
    let last = Path::new(&metadata_name("timestamp", None)).to_owned();
    let page = Path::new(README);
    let held = if dir.exists() { walk(dir)? } else { Default::default() };
    if !held.is_empty() && !held.contains(&last) && !held.contains(page) {
        return Err(Error::Refused(say::export_not_empty(dir.display())));
    }
    let mut files = walk(&office.feed())?;
    files.retain(|path| path.extension().is_none_or(|e| e != "gz"));
    let mut done = Exported { files: files.len(), written: 0, removed: 0 };
    let words = say::stick_readme();
    replace(&dir.join(page), format!("{}\n{}", words.vi, words.en).as_bytes())?;
    for path in files.iter().filter(|p| **p != last) {
        let (from, to) = (office.feed().join(path), dir.join(path));
        let bytes = fs::read(&from).map_err(Error::io(&from))?;
        if fs::read(&to).ok().as_deref() != Some(&bytes) {
            replace(&to, &bytes)?;
            done.written += 1;
        }
    }
    let from = office.feed().join(&last);
    replace(&dir.join(&last), &fs::read(&from).map_err(Error::io(&from))?)?;
    for old in held.iter().filter(|p| !files.contains(*p) && *p != page && is_feed(p)) {
        let path = dir.join(old);
        durable::remove(&path).map_err(Error::io(&path))?;
        done.removed += 1;
    }
    Ok(done)
}

/// The page for people on the stick; both languages in one.
pub const README: &str = "DOC-TRUOC.txt";

fn is_feed(path: &Path) -> bool {
    path.starts_with("metadata") || path.starts_with("targets")
}

fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    durable::create_dir(dir).map_err(Error::io(dir))?;
    durable::replace(path, bytes).map_err(Error::io(path))
}
