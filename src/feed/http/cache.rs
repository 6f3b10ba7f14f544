//! ETags with the bytes that they belong to, each pair in one file, so that a power cut cannot part them.
//!
//! What lies here is as untrusted as what came: callers verify it again. It only saves bytes on the wire.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{digest::Digest, durable};

/// Longer answers are not kept; the file that every poll asks for has half a kilobyte.
const LONGEST: usize = 64 * 1024;

pub(super) struct TagCache {
    dir: PathBuf,
    /// Whose answers these are: another server's ETags mean nothing.
    base: String,
}

/// An answer from before.
pub(super) struct Held {
    pub(super) tag: String,
    pub(super) bytes: Vec<u8>,
}

/// First line of a file; the bytes follow it.
#[derive(Serialize, Deserialize)]
struct Head {
    base: String,
    name: String,
    tag: String,
    sha256: Digest,
}

impl TagCache {
    pub(super) fn open(dir: &Path, base: &str) -> io::Result<Self> {
        durable::create_dir(dir)?;
        durable::sweep(dir)?;
        Ok(Self { dir: dir.to_owned(), base: base.to_owned() })
    }

    /// What was kept for `name`, if it is whole and from the same place.
    pub(super) fn get(&self, name: &str) -> Option<Held> {
        let mut bytes = fs::read(self.file(name)).ok()?;
        let end = bytes.iter().position(|b| *b == b'\n')?;
        let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
        bytes.drain(..=end);
        let same = head.base == self.base && head.name == name && head.sha256 == Digest::of(&bytes);
        same.then_some(Held { tag: head.tag, bytes })
    }

    /// Keeps `bytes`, if `name` is one that changes under the same name.
    pub(super) fn put(&self, name: &str, tag: &str, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() > LONGEST || tag.len() > 256 || !changes(name) {
            return Ok(());
        }
        let (base, name, tag) = (self.base.clone(), name.to_owned(), tag.to_owned());
        let file = self.file(&name);
        let mut content = serde_json::to_vec(&Head { base, name, tag, sha256: Digest::of(bytes) })?;
        content.push(b'\n');
        content.extend_from_slice(bytes);
        durable::replace(&file, &content)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{}.etag", &Digest::of(name.as_bytes()).to_string()[..32]))
    }
}

/// Whether a file may change under its name: consistent snapshots (TUF 1.0.34 §6.2) put a version or hash before the others.
fn changes(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    let first = last.split('.').next().unwrap_or(last);
    let version = !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit());
    let hash = first.len() == 64 && first.bytes().all(|b| b.is_ascii_hexdigit());
    !version && !hash
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests make and damage files")]
    use super::*;

    #[test]
    fn only_whole_answers_of_the_same_place_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let cache = TagCache::open(dir.path(), "https://a/").unwrap();
        cache.put("timestamp.json", "\"1\"", b"{}\n{}").unwrap();
        assert_eq!(
            cache.get("timestamp.json").map(|h| (h.tag, h.bytes)),
            Some(("\"1\"".into(), b"{}\n{}".to_vec()))
        );
        assert!(cache.get("snapshot.json").is_none());
        assert!(TagCache::open(dir.path(), "https://b/").unwrap().get("timestamp.json").is_none());
        let file = cache.file("timestamp.json");
        let whole = fs::read(&file).unwrap();
        fs::write(&file, &whole[..whole.len() - 1]).unwrap();
        assert!(cache.get("timestamp.json").is_none());
    }

    #[test]
    fn versioned_files_are_not_kept() {
        let hash = "a".repeat(64);
        assert!(changes("timestamp.json") && changes("areas/a/schedule.yaml"));
        assert!(!changes("3.root.json") && !changes(&format!("bulletins/{hash}.x.opus")));
    }
}
