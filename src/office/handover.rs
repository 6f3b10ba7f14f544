//! What an office and the hub tell each other, as JSON under `/api/feed/`. Both sides read and write these types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{feed_files::Published, keys::Public, publish::Publication};
use crate::{digest::Digest, text::Text};

/// The largest content that is handed over, in bytes; a recording of 20 minutes has 4.8 MB, and more than 20 MB no gate
/// lets pass.
pub const CONTENT_MAX: u64 = 32 << 20;

/// `GET /api/feed/state`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What the public gets; none before the first publication.
    pub published: Option<Versions>,
    /// The drafts that this account may see, by role.
    pub drafts: BTreeMap<String, Waiting>,
    /// The contents of those drafts that lie at the hub, each with its hash.
    pub contents: Vec<Digest>,
    /// The roles whose drafts this account may hand over.
    pub may: Vec<String>,
    /// The hub's public keys for `snapshot` and `timestamp`.
    pub keys: BTreeMap<String, Public>,
    /// Why the feed is not renewed, while it is not.
    pub trouble: Option<Text>,
}

/// Numbers of what is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Of the newest root.
    pub root: u64,
    /// Of the timestamp.
    pub timestamp: u64,
    /// Of the snapshot.
    pub snapshot: u64,
    /// Of `targets` and of each role that the snapshot lists.
    pub roles: BTreeMap<String, u64>,
}

impl Versions {
    /// Of a feed.
    pub fn of(feed: &Published) -> Self {
        let listed = feed.snapshot.signed.meta.iter();
        let role = |(name, entry): (&String, &tough::schema::Metafile)| {
            Some((name.strip_suffix(".json")?.to_owned(), entry.version.get()))
        };
        Self {
            root: feed.root.signed.version.get(),
            timestamp: feed.timestamp.signed.version.get(),
            snapshot: feed.snapshot.signed.version.get(),
            roles: listed.filter_map(role).collect(),
        }
    }

    /// The first of these numbers that is lower than before: the role, now, before.
    pub fn went_back(&self, before: &Self) -> Option<(String, u64, u64)> {
        let top = [
            ("root", self.root, before.root),
            ("snapshot", self.snapshot, before.snapshot),
            ("timestamp", self.timestamp, before.timestamp),
        ];
        let roles = before
            .roles
            .iter()
            .map(|(name, old)| (name.as_str(), self.roles.get(name).copied().unwrap_or(0), *old));
        roles.chain(top).find(|(_, now, old)| now < old).map(|(name, now, old)| (name.to_owned(), now, old))
    }
}

/// A draft at the hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its version.
    pub version: u64,
    /// SHA-256 of the file: its ETag.
    pub sha256: Digest,
    /// How many people signed it.
    pub signatures: u64,
    /// How many must sign still.
    pub missing: u64,
    /// Contents that it lists anew and that the hub does not hold.
    pub lacks: Vec<Digest>,
}

/// `POST /api/feed/publish`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Only these roles; none: every draft that is complete.
    pub only: Option<Vec<String>>,
}

/// What it is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Version of the new snapshot.
    pub snapshot: u64,
    /// Version of the new timestamp.
    pub timestamp: u64,
    /// The roles that got a new version.
    pub roles: BTreeMap<String, u64>,
    /// Drafts that still lack signatures, with how many they lack.
    pub waiting: BTreeMap<String, u64>,
    /// What wants a person soon.
    pub warnings: Vec<Text>,
}

impl From<Publication> for Done {
    fn from(p: Publication) -> Self {
        let Publication { snapshot, timestamp, roles, waiting, warnings } = p;
        Self { snapshot, timestamp, roles, waiting, warnings }
    }
}

/// How a refusal is said under `/api/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The words.
    pub error: Text,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(timestamp: u64, bulletins: u64) -> Versions {
        let roles = BTreeMap::from([("bulletins".to_owned(), bulletins)]);
        Versions { root: 1, timestamp, snapshot: 1, roles }
    }

    #[test]
    fn a_number_that_went_back_is_named() {
        assert_eq!(versions(3, 2).went_back(&versions(2, 2)), None);
        assert_eq!(versions(3, 1).went_back(&versions(2, 2)), Some(("bulletins".into(), 1, 2)));
        assert_eq!(versions(1, 2).went_back(&versions(2, 2)), Some(("timestamp".into(), 1, 2)));
        let mut gone = versions(3, 2);
        gone.roles.clear();
        assert_eq!(gone.went_back(&versions(3, 2)), Some(("bulletins".into(), 0, 2)));
    }
}
