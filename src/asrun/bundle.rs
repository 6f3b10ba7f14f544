//! Reads a bundle: logs of several stations, their keys and receipts, and the signed feed, in one tar archive (as a hub
//! makes it) or in the folder that it was unpacked to. An archive is read where it lies, never unpacked: its parts are
//! listed first, and whatever a hub would not have written there is refused by name.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{
    findings::Findings,
    inspect::{self, Known, Unreadable},
    key::Verifying,
    segment,
    verify::Expect,
};
use crate::{
    digest::Digest,
    feed::audio::is_safe_name,
    ids::StationId,
    schedule::occurrence::micros,
    text::{Text, asrun as words},
};

/// What the archive says first.
const ABOUT: &str = "bundle.json";
const README: &str = "README.txt";
const LOGS: &str = "logs";
/// The folder of the feed in it.
pub const FEED: &str = "feed";
/// Parts of an archive, at most.
const MOST_PARTS: usize = 500_000;
/// Files that are read whole (keys, receipts, metadata), in bytes at most.
const MOST_WHOLE: u64 = 64 << 20;
/// The feed in all, in bytes at most.
const MOST_FEED: u64 = 256 << 20;

/// Why a bundle is not read.
#[derive(Debug, thiserror::Error)]
pub enum BadBundle {
    /// A file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Not one that a hub made: what is wrong, in words.
    #[error("{}", .0.en)]
    Refused(Text),
}

fn refused<T>(text: Text) -> Result<T, BadBundle> {
    Err(BadBundle::Refused(text))
}

#[derive(Debug, Deserialize)]
struct About {
    format: u32,
    #[serde(with = "micros")]
    made_at: DateTime<Utc>,
    logs: Vec<Listed>,
}

/// A log that a bundle says it holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Listed {
    /// Its id.
    pub log: Digest,
    /// Whose.
    pub station: StationId,
    /// Number of its first line here.
    pub first: u64,
    /// Number of its last line here.
    pub last: u64,
}

/// Where a part of an archive lies.
#[derive(Debug, Clone, Copy)]
struct Part {
    at: u64,
    length: u64,
}

#[derive(Debug)]
enum Place {
    Folder(PathBuf),
    Archive(PathBuf, BTreeMap<String, Part>),
}

/// A bundle, its parts known.
#[derive(Debug)]
pub struct Bundle {
    place: Place,
    /// When a hub made it, by its own word.
    pub made_at: DateTime<Utc>,
    /// What it says it holds.
    pub logs: Vec<Listed>,
}

impl Bundle {
    /// Whether `path` is a bundle: a file, or a folder that holds what a bundle holds.
    pub fn is_one(path: &Path) -> bool {
        path.is_file() || (path.join(ABOUT).is_file() && path.join(LOGS).is_dir())
    }

    /// Reads what it holds.
    ///
    /// # Errors
    /// It cannot be read, or no hub made it.
    pub fn open(path: &Path) -> Result<Self, BadBundle> {
        let place = if path.is_dir() {
            Place::Folder(path.to_owned())
        } else {
            Place::Archive(path.to_owned(), parts(path)?)
        };
        let mut bundle = Self { place, made_at: DateTime::<Utc>::MIN_UTC, logs: Vec::new() };
        let about = bundle.whole(ABOUT)?;
        let about: Option<About> = about.and_then(|content| serde_json::from_slice(&content).ok());
        let Some(about) = about.filter(|a| a.format == 1) else {
            return refused(words::bundle_not_one(path.display()));
        };
        let unique: BTreeSet<_> = about.logs.iter().map(|l| l.log).collect();
        if unique.len() != about.logs.len() {
            return refused(words::bundle_not_one(path.display()));
        }
        if let Some(log) = bundle.present()?.into_iter().find(|log| !unique.contains(log)) {
            return refused(words::bundle_unlisted(log));
        }
        (bundle.made_at, bundle.logs) = (about.made_at, about.logs);
        Ok(bundle)
    }

    /// Judges one of its logs by docs/asrun.md.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn verify(&self, log: &Digest, mut known: Known) -> Result<Findings, Unreadable> {
        match &self.place {
            Place::Folder(dir) => {
                let dir = dir.join(LOGS).join(log.to_string());
                if matches!(known.expect, Expect::Anyone) {
                    known.expect = inspect::enclosed(&dir);
                }
                if !dir.is_dir() {
                    return Ok(inspect::with_receipts(&[], known).finish());
                }
                inspect::folder(&dir, known, |_, _, _| {})
            }
            Place::Archive(path, parts) => {
                let folder = format!("{LOGS}/{log}/");
                let key = self.whole(&format!("{folder}{}", segment::PUBLIC_KEY))?;
                if let (Expect::Anyone, Some(key)) = (&known.expect, key.and_then(|k| Verifying::read(&k))) {
                    known.expect = Expect::Enclosed(key);
                }
                let receipts = self.whole(&format!("{folder}{}", segment::RECEIPTS))?.unwrap_or_default();
                let mut verifier = inspect::with_receipts(&receipts, known);
                let unreadable = |why| Unreadable { path: path.clone(), why };
                let mut file = File::open(path).map_err(unreadable)?;
                for (name, part) in parts.range(folder.clone()..) {
                    let Some(name) = name.strip_prefix(&folder) else { break };
                    if segment::is_segment(name) {
                        file.seek(SeekFrom::Start(part.at)).map_err(unreadable)?;
                        let reader = BufReader::new((&file).take(part.length));
                        inspect::segment_of(&mut verifier, name, reader, &mut |_, _, _| {})
                            .map_err(unreadable)?;
                    }
                }
                Ok(verifier.finish())
            }
        }
    }

    /// The feed's folder: as it lies, or its files written below `scratch`. None when the bundle has no feed.
    ///
    /// # Errors
    /// It cannot be read or written, or is larger than any feed's metadata.
    pub fn feed(&self, scratch: &Path) -> Result<Option<PathBuf>, BadBundle> {
        let parts = match &self.place {
            Place::Folder(dir) => return Ok(Some(dir.join(FEED)).filter(|feed| feed.is_dir())),
            Place::Archive(_, parts) => parts,
        };
        let prefix = format!("{FEED}/");
        let mut sum = 0;
        for (name, part) in parts.range(prefix.clone()..) {
            let Some(below) = name.strip_prefix(&prefix) else { break };
            sum += part.length;
            if sum > MOST_FEED {
                return refused(words::bundle_long(name));
            }
            let target = scratch.join(FEED).join(below);
            let unwritten = |why| Unreadable { path: target.clone(), why };
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).map_err(unwritten)?;
            }
            let content = self.whole(name)?.unwrap_or_default();
            File::create_new(&target)
                .and_then(|mut f| io::Write::write_all(&mut f, &content))
                .map_err(unwritten)?;
        }
        Ok((sum > 0).then(|| scratch.join(FEED)))
    }

    /// A small file; none if there is none.
    fn whole(&self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let (path, part) = match &self.place {
            Place::Folder(dir) => {
                let path = dir.join(name);
                match fs::metadata(&path) {
                    Ok(about) => (path, Part { at: 0, length: about.len() }),
                    Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
                    Err(why) => return Err(Unreadable { path, why }),
                }
            }
            Place::Archive(path, parts) => match parts.get(name) {
                Some(part) => (path.clone(), *part),
                None => return Ok(None),
            },
        };
        let read = || {
            if part.length > MOST_WHOLE {
                return Err(io::Error::from(io::ErrorKind::FileTooLarge));
            }
            let mut file = File::open(&path)?;
            file.seek(SeekFrom::Start(part.at))?;
            let mut content = Vec::new();
            file.take(part.length).read_to_end(&mut content)?;
            Ok(content)
        };
        read().map(Some).map_err(|why| Unreadable { path: path.clone(), why })
    }

    /// The logs that are there.
    fn present(&self) -> Result<BTreeSet<Digest>, Unreadable> {
        match &self.place {
            Place::Folder(dir) => {
                let dir = dir.join(LOGS);
                let unreadable = |why| Unreadable { path: dir.clone(), why };
                let names = fs::read_dir(&dir).map_err(unreadable)?.collect::<Result<Vec<_>, _>>();
                let names = names.map_err(unreadable)?;
                Ok(names.iter().filter_map(|n| n.file_name().to_str()?.parse().ok()).collect())
            }
            Place::Archive(_, parts) => Ok(parts
                .keys()
                .filter_map(|name| {
                    name.strip_prefix(LOGS)?.strip_prefix('/')?.split('/').next()?.parse().ok()
                })
                .collect()),
        }
    }
}

/// Lists the parts of an archive. Nothing is read but headers; names, kinds, counts and lengths are bounded.
fn parts(path: &Path) -> Result<BTreeMap<String, Part>, BadBundle> {
    let unreadable = |why| Unreadable { path: path.to_owned(), why };
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let mut archive = tar::Archive::new(file);
    let mut parts = BTreeMap::new();
    // `raw`: long names and other extensions are parts of their own, which are refused, and never held in memory.
    for entry in archive.entries_with_seek().map_err(unreadable)?.raw(true) {
        let Ok(entry) = entry else { return refused(words::bundle_not_one(path.display())) };
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() && is_safe_name(name.trim_end_matches('/')) {
            continue;
        }
        if !kind.is_file() || !expected(&name) {
            return refused(words::bundle_foreign(&name));
        }
        let part = Part { at: entry.raw_file_position(), length: entry.size() };
        if part.at.checked_add(part.length).is_none_or(|end| end > length) {
            return refused(words::bundle_cut(path.display()));
        }
        if parts.len() >= MOST_PARTS {
            return refused(words::bundle_long(&name));
        }
        if parts.insert(name.clone(), part).is_some() {
            return refused(words::bundle_foreign(&name));
        }
    }
    Ok(parts)
}

/// Whether a hub writes a file of this name.
fn expected(name: &str) -> bool {
    if name == ABOUT || name == README {
        return true;
    }
    if name.strip_prefix("feed/").is_some_and(is_safe_name) {
        return true;
    }
    let mut parts = name.split('/');
    let (folder, log, file, more) = (parts.next(), parts.next(), parts.next(), parts.next());
    let log = log.is_some_and(|log| log.parse::<Digest>().is_ok());
    let file = file.is_some_and(|f| {
        f == segment::PUBLIC_KEY || f == segment::RECEIPTS || f.parse::<segment::SegmentName>().is_ok()
    });
    folder == Some(LOGS) && log && file && more.is_none()
}

#[cfg(test)]
mod tests {
    use super::expected;

    #[test]
    fn only_what_a_hub_writes_is_expected_in_an_archive() {
        let log = "0".repeat(64);
        for good in [
            "bundle.json",
            "README.txt",
            "feed/metadata/1.root.json",
            &format!("logs/{log}/public.pem"),
            &format!("logs/{log}/000000000001-2026-12.jsonl"),
        ] {
            assert!(expected(good), "{good}");
        }
        for bad in [
            "",
            "/etc/passwd",
            "../bundle.json",
            "feed/../../x",
            "feed//x",
            "feed/",
            "logs/x/public.pem",
            &format!("logs/{log}/../public.pem"),
            &format!("logs/{log}/a/000000000001-2026-12.jsonl"),
            &format!("logs/{log}/x.jsonl"),
            "bundle.json/",
        ] {
            assert!(!expected(bad), "{bad}");
        }
    }
}
