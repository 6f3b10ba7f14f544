//! Why something of a feed was not accepted: facts here, words in `text/feed.rs`.

use std::fmt;

use chrono::{DateTime, Utc};

use super::source::FetchError;
use crate::text::{Lang, Text, feed as say};

/// One refusal. The old state stays in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The file or role: `timestamp`, `area-yen-the`, `urgent/bao-so-3.json`.
    pub what: String,
    /// Why.
    pub why: Why,
}

/// The kinds of refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The source has no such file.
    Absent,
    /// Network or disk of the source: try again.
    Broken(Text),
    /// Endless, too slow, not gzip.
    Limits(Text),
    /// Not the JSON of this kind of metadata.
    Malformed(Text),
    /// Too few people signed it.
    Signatures {
        /// How many are needed.
        need: u64,
    },
    /// Older than what was seen: a rollback.
    Rollback {
        /// The version that was seen.
        seen: u64,
        /// The version that was offered.
        offered: u64,
    },
    /// The same version as the one held, with other content.
    Changed {
        /// The version.
        version: u64,
    },
    /// A snapshot no longer lists a role that it listed.
    Vanished {
        /// The role.
        role: String,
    },
    /// The version inside is not the one that was asked for.
    Version {
        /// The version that was asked for.
        listed: u64,
        /// The version inside.
        found: u64,
    },
    /// Length or SHA-256 is not the signed one.
    Hash,
    /// Expired.
    Expired {
        /// When.
        at: DateTime<Utc>,
    },
    /// `signed_at` is more than five minutes ahead of a trusted clock, or after the root expires.
    Future {
        /// What it says.
        signed_at: DateTime<Utc>,
    },
    /// The timestamp has no `signed_at`.
    NoSignedAt,
    /// Nobody delegates to it, or the snapshot does not list it.
    NotListed,
    /// It lists a path that is not its own.
    Foreign {
        /// The path.
        path: String,
    },
    /// It delegates on, which nobody below targets may.
    SubDelegation,
    /// The delegation lets fewer people sign than loaxa's table of roles.
    LowThreshold {
        /// The delegation's.
        given: u64,
        /// The table's.
        need: u64,
    },
    /// Only keys that live in browsers signed it.
    BrowserOnly,
    /// The file is what was signed, but its content makes no sense.
    Content(Text),
    /// Nothing of it was received yet.
    NotYet,
    /// A newer version is listed than the one held, and was not received yet.
    Behind {
        /// The version that is listed.
        listed: u64,
        /// The version held.
        held: u64,
    },
    /// Another process is at the store.
    Busy,
    /// What is stored is damaged.
    Damaged,
    /// The disk of this machine.
    Disk(Text),
}

impl Refusal {
    /// A refusal of `what`.
    pub fn new(what: impl Into<String>, why: Why) -> Self {
        Self { what: what.into(), why }
    }

    /// Of a fetch that failed.
    pub fn fetch(what: impl Into<String>, error: FetchError) -> Self {
        let why = match error {
            FetchError::Absent => Why::Absent,
            FetchError::Broken(text) => Why::Broken(text),
            FetchError::Refused(text) => Why::Limits(text),
        };
        Self::new(what, why)
    }

    /// Whether the network or a disk failed, so that trying again soon may help.
    pub fn try_again(&self) -> bool {
        matches!(self.why, Why::Broken(_) | Why::Disk(_) | Why::Busy)
    }

    /// For people, with the name of the file or role.
    pub fn text(&self) -> Text {
        say::of(say::name(&self.what), self.reason())
    }

    /// For people, without the name.
    pub fn reason(&self) -> Text {
        match &self.why {
            Why::Absent => say::absent(),
            Why::Broken(text) => say::broken(text),
            Why::Limits(text) => say::limits(text),
            Why::Malformed(detail) => say::malformed(detail),
            Why::Signatures { need } => say::signatures(*need),
            Why::Rollback { seen, offered } => say::rollback(*seen, *offered),
            Why::Changed { version } => say::changed(*version),
            Why::Vanished { role } => say::vanished(role),
            Why::Version { listed, found } => say::version(*listed, *found),
            Why::Hash => say::hash(),
            Why::Expired { at } => say::expired(minute(at)),
            Why::Future { signed_at } => say::future(minute(signed_at)),
            Why::NoSignedAt => say::no_signed_at(),
            Why::NotListed => say::not_listed(),
            Why::Foreign { path } => say::foreign(path),
            Why::SubDelegation => say::sub_delegation(),
            Why::LowThreshold { given, need } => say::low_threshold(*given, *need),
            Why::BrowserOnly => say::browser_only(),
            Why::Content(text) => text.clone(),
            Why::NotYet => say::not_yet(),
            Why::Behind { listed, held } => say::behind(*listed, *held),
            Why::Busy => say::busy(),
            Why::Damaged => say::damaged(),
            Why::Disk(detail) => say::disk(detail),
        }
    }
}

impl fmt::Display for Refusal {
    /// English, for logs; people get [`Refusal::text`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text().to(Lang::En))
    }
}

impl std::error::Error for Refusal {}

/// An instant for people, to the minute.
pub fn minute(at: &DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
