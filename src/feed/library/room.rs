//! What goes when the disk budget is full. Never what the feed still holds valid.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use chrono::{DateTime, Utc};

use super::Library;
use crate::{digest::Digest, durable, feed::Feed};

/// Free space that audio never takes: the as-run log must always find room.
pub const RESERVE: u64 = 64 * 1024 * 1024;

/// Whether room was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// There is room; so many files went for it.
    Made(usize),
    /// There is not, even without all that may go: so many bytes are lacking.
    Lacking(u64),
}

/// One file of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    path: PathBuf,
    sha256: Digest,
    length: u64,
    used: SystemTime,
    /// `.part` and `.note` are not whole files.
    whole: bool,
}

/// Why a file may go; the first kind goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    /// Not listed by the feed: withdrawn, or taken off its list.
    Unlisted,
    /// Listed, but its time is over.
    Expired,
}

impl Library {
    /// Bytes in the folder, downloads under way included.
    pub fn size(&self) -> io::Result<u64> {
        Ok(self.list()?.iter().map(|k| k.length).sum())
    }

    /// Makes room for `more` bytes, so that all files together stay within `budget` bytes and [`RESERVE`] stays free on
    /// the disk. Valid bulletins, and those still to become valid, never go. `urgent`: the budget does not count, the
    /// disk does.
    pub fn make_room(
        &self,
        feed: &Feed,
        now: DateTime<Utc>,
        more: u64,
        budget: u64,
        urgent: bool,
    ) -> io::Result<Room> {
        let kept = self.list()?;
        let held: u64 = kept.iter().map(|k| k.length).sum();
        let over_budget = if urgent { 0 } else { (held + more).saturating_sub(budget) };
        let over_disk = (more + RESERVE).saturating_sub(free(&self.dir)?);
        let mut lacking = over_budget.max(over_disk);
        let mut gone = 0;
        for old in candidates(kept, &worths(feed, now)) {
            if lacking == 0 {
                break;
            }
            durable::remove(&old.path)?;
            lacking = lacking.saturating_sub(old.length);
            gone += 1;
        }
        Ok(if lacking == 0 { Room::Made(gone) } else { Room::Lacking(lacking) })
    }

    /// Removes parts of files that the feed does not list any more, or that are here as a whole.
    pub fn sweep_parts(&self, feed: &Feed) -> io::Result<usize> {
        let mut gone = 0;
        for part in self.list()?.into_iter().filter(|k| !k.whole) {
            let mut listed = feed.bulletins.values().filter(|b| b.sha256 == part.sha256);
            if listed.next().is_none_or(|b| self.has(b)) {
                durable::remove(&part.path)?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    fn list(&self) -> io::Result<Vec<Kept>> {
        let mut kept = Vec::new();
        for entry in fs::read_dir(&*self.dir)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some((stem, kind)) = name.to_str().and_then(|n| n.split_once('.')) else {
                continue;
            };
            let (Ok(sha256), true) = (stem.parse(), matches!(kind, "opus" | "part" | "note")) else {
                continue;
            };
            let meta = entry.metadata()?;
            let used = meta.modified()?;
            kept.push(Kept { path: entry.path(), sha256, length: meta.len(), used, whole: kind == "opus" });
        }
        Ok(kept)
    }
}

/// For each listed hash, `None` if it must stay.
fn worths(feed: &Feed, now: DateTime<Utc>) -> HashMap<Digest, Option<Worth>> {
    let mut worths = HashMap::new();
    for bulletin in feed.bulletins.values() {
        let worth = (bulletin.meta.valid_until <= now).then_some(Worth::Expired);
        let known = worths.entry(bulletin.sha256).or_insert(worth);
        if worth.is_none() {
            *known = None;
        }
    }
    worths
}

/// Whole files that may go, first to go first: unlisted before expired, then least recently used.
fn candidates(kept: Vec<Kept>, worths: &HashMap<Digest, Option<Worth>>) -> Vec<Kept> {
    // A feed that lists nothing at all is one that was never seen: then nothing goes.
    if worths.is_empty() {
        return Vec::new();
    }
    let mut may: Vec<(Worth, Kept)> = kept
        .into_iter()
        .filter(|k| k.whole)
        .filter_map(|k| Some((worths.get(&k.sha256).copied().unwrap_or(Some(Worth::Unlisted))?, k)))
        .collect();
    may.sort_by(|(a, x), (b, y)| (a, x.used, &x.path).cmp(&(b, y.used, &y.path)));
    may.into_iter().map(|(_, k)| k).collect()
}

/// Bytes that an ordinary process may still write in the file system of `dir`.
fn free(dir: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(dir)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}
