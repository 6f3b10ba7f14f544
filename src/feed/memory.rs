//! What a station must never forget: which versions it saw, which ids were withdrawn, which small files are in force.
//!
//! It is kept twice, each copy under its own SHA-256, so that one damaged file never makes an old feed look new.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tough::schema::{RoleType, Root};

use super::verify;
use crate::{digest::Digest, durable};

/// The copies, in the order of writing: after a power cut the first is the newer.
const COPIES: [&str; 2] = ["memory.1", "memory.2"];

/// A version that was seen, and the file that carried it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Version of the role.
    pub version: u64,
    /// Of the file.
    pub sha256: Digest,
}

/// See the module. Written before the metadata that it speaks of, so that it never knows less.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The newest root's version.
    pub root: u64,
    /// The newest timestamp.
    pub timestamp: Option<Seen>,
    /// The snapshot's version that it lists.
    pub snapshot: u64,
    /// The versions that the newest snapshot lists, by role.
    pub roles: BTreeMap<String, u64>,
    /// Public keys, in hex, of timestamp and snapshot when those versions were seen.
    pub online: BTreeSet<String>,
    /// The newest `signed_at` of a timestamp: a lower bound of time.
    pub signed_at: Option<DateTime<Utc>>,
    /// When a timestamp was last verified; not written for itself alone more than every six hours.
    pub checked_at: Option<DateTime<Utc>>,
    /// Every id ever seen withdrawn.
    pub withdrawn: BTreeSet<String>,
    /// The small files in force: by path the version of the role that lists it, and its hash.
    pub in_force: BTreeMap<String, Seen>,
}

impl Memory {
    /// Reads what is kept in `dir`.
    ///
    /// # Errors
    /// `NotFound` if there is nothing at all, `InvalidData` if no copy is whole.
    pub fn read(dir: &Path) -> io::Result<Self> {
        let mut worst = io::ErrorKind::NotFound;
        for name in COPIES {
            match fs::read(dir.join(name)) {
                Ok(bytes) => match Self::decode(&bytes) {
                    Some(memory) => return Ok(memory),
                    None => worst = io::ErrorKind::InvalidData,
                },
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e),
            }
        }
        Err(worst.into())
    }

    /// Keeps it, durably, twice.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        let body = serde_json::to_vec(self)?;
        let mut bytes = format!("{}\n", Digest::of(&body)).into_bytes();
        bytes.extend(body);
        for name in COPIES {
            durable::replace(&dir.join(name), &bytes)?;
        }
        Ok(())
    }

    /// Whether it is worth writing over `saved`: anything but `checked_at`, or that by six hours.
    pub fn differs(&self, saved: &Self) -> bool {
        let recent = match (self.checked_at, saved.checked_at) {
            (Some(new), Some(old)) => (new - old).abs() < TimeDelta::hours(6),
            (new, old) => new == old,
        };
        !recent || Self { checked_at: saved.checked_at, ..self.clone() } != *saved
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (digest, rest) = bytes.split_at_checked(64)?;
        let body = rest.strip_prefix(b"\n")?;
        let digest: Digest = std::str::from_utf8(digest).ok()?.parse().ok()?;
        if digest != Digest::of(body) {
            return None;
        }
        serde_json::from_slice(body).ok()
    }

    /// Takes note of `root`'s keys for timestamp and snapshot. True if a key was taken away: then versions of the
    /// online roles count from anew (TUF 1.0.34 §5.3.11, recovery from a fast-forward attack), and with them
    /// `signed_at`, which the same keys sign. A key that is only added forgets nothing.
    pub fn meet(&mut self, root: &Root) -> bool {
        let role = |role: RoleType, name: &'static str| {
            verify::keys_of(root, role).into_iter().map(move |key| format!("{name}:{}", hex::encode(key)))
        };
        let online: BTreeSet<String> =
            role(RoleType::Timestamp, "timestamp").chain(role(RoleType::Snapshot, "snapshot")).collect();
        let rotated = !self.online.is_subset(&online);
        if rotated {
            self.timestamp = None;
            self.snapshot = 0;
            self.roles.clear();
            self.signed_at = None;
        }
        self.online = online;
        rotated
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "damages files on purpose")]
    use super::*;

    #[test]
    fn one_damaged_copy_forgets_nothing_and_two_are_noticed() -> io::Result<()> {
        let dir = tempfile::tempdir()?;
        assert_eq!(Memory::read(dir.path()).unwrap_err().kind(), io::ErrorKind::NotFound);
        let memory = Memory { root: 3, snapshot: 7, ..Memory::default() };
        memory.write(dir.path())?;
        for name in COPIES {
            memory.write(dir.path())?;
            let path = dir.path().join(name);
            let whole = fs::read(&path)?;
            let older = String::from_utf8_lossy(&whole).replace("\"root\":3", "\"root\":1");
            for broken in [&whole[..0], &whole[..40], &whole[..whole.len() - 1], older.as_bytes()] {
                fs::write(&path, broken)?;
                assert_eq!(Memory::read(dir.path())?, memory);
            }
        }
        fs::write(dir.path().join(COPIES[0]), "x")?;
        assert_eq!(Memory::read(dir.path()).unwrap_err().kind(), io::ErrorKind::InvalidData);
        Ok(())
    }
}
