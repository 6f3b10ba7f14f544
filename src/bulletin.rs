//! What is signed with each recording. The JSON form is the `custom` object of its TUF target.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    digest::Digest,
    ids::{BulletinId, WorkId},
    text::Lang,
};

/// Frames of canonical audio and of all sinks, a second. One frame is one sample: the canonical form is mono.
pub const RATE: u32 = 48_000;

/// A length or position in canonical audio: 1/48,000 s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Frames(pub u64);

impl Frames {
    /// Whole seconds, rounded up: what a person reserves for it.
    pub fn seconds_up(self) -> u64 {
        self.0.div_ceil(u64::from(RATE))
    }

    /// The span in time, to the microsecond, rounded down.
    pub fn span(self) -> chrono::TimeDelta {
        chrono::TimeDelta::microseconds((self.0 as i128 * 1_000_000 / i128::from(RATE)) as i64)
    }

    /// The number of frames that fit in `span`; none in a negative one.
    pub fn within(span: chrono::TimeDelta) -> Self {
        let us = span.num_microseconds().unwrap_or(i64::MAX).max(0);
        Self((us as u128 * u128::from(RATE) / 1_000_000) as u64)
    }
}

/// The five kinds of content that the campaign asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Law and policy.
    Law,
    /// Tricks of traffickers, and who is at risk.
    Tricks,
    /// Investigations and trials.
    Justice,
    /// Victims' rights, support and hotlines.
    Support,
    /// Good people and models.
    Models,
}

impl Category {
    /// All five, in the order of the provincial letter.
    pub const ALL: [Self; 5] = [Self::Law, Self::Tricks, Self::Justice, Self::Support, Self::Models];

    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Tricks => "tricks",
            Self::Justice => "justice",
            Self::Support => "support",
            Self::Models => "models",
        }
    }
}

/// What a recording is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Something to say.
    Bulletin,
    /// A signal around bulletins; never plays alone.
    Chime,
}

/// A BCP 47 language tag in lower case, such as `vi`, `tyz` or `mlc`: letters, digits and hyphens, 2 to 16 long.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LangTag(Box<str>);

impl LangTag {
    /// The tag as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Not a language tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a language is a tag such as vi, tyz or mlc")]
pub struct NotALanguage;

impl FromStr for LangTag {
    type Err = NotALanguage;

    fn from_str(s: &str) -> Result<Self, NotALanguage> {
        let primary = s.split('-').next().unwrap_or_default();
        let good = (2..=3).contains(&primary.len())
            && primary.bytes().all(|b| b.is_ascii_lowercase())
            && s.len() <= 16
            && crate::ids::is_slug(s);
        if good { Ok(Self(s.into())) } else { Err(NotALanguage) }
    }
}

impl fmt::Display for LangTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for LangTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &self.0)
    }
}

impl Serialize for LangTag {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LangTag {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// A title in Vietnamese and, if there is one, English.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    /// Vietnamese, NFC.
    pub vi: String,
    /// English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

impl Title {
    /// In `lang`, else in Vietnamese.
    pub fn to(&self, lang: Lang) -> &str {
        match (lang, &self.en) {
            (Lang::En, Some(en)) => en,
            _ => &self.vi,
        }
    }
}

/// The signed description of a recording: `custom` of its TUF target. Integers only (canonical JSON has no floats).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Bulletin or chime.
    pub kind: Kind,
    /// Shared with its translations.
    pub work: WorkId,
    /// What people call it.
    pub title: Title,
    /// None for a chime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// What is spoken in it, main language first; empty for a chime.
    pub languages: Vec<LangTag>,
    /// Exact length of the decoded canonical form.
    pub frames: Frames,
    /// Integrated loudness (ITU-R BS.1770) in hundredths of LUFS, such as -1600.
    pub loudness_clufs: i32,
    /// True peak in hundredths of dBTP.
    pub true_peak_cdb: i32,
    /// A hotline that it names, such as 111.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hotline: Option<String>,
    /// The directive that it answers, such as 4219/UBND-NC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directive: Option<String>,
    /// From then on it may air.
    pub valid_from: DateTime<Utc>,
    /// Until then (exclusive) it may air.
    pub valid_until: DateTime<Utc>,
    /// The people whose keys sign it, by their names in the feed.
    pub approved_by: Vec<String>,
    /// What is said, as text.
    pub transcript: String,
    /// SHA-256 of the recording as it came to the office.
    pub original_sha256: Digest,
}

/// An approved recording: its signed description and the bytes that it describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    /// Its name; the target is `bulletins/<id>.opus` (or `urgent-audio/<id>.opus`).
    pub id: BulletinId,
    /// SHA-256 of the canonical file: its name in the library.
    pub sha256: Digest,
    /// Bytes of the canonical file.
    pub length: u64,
    /// The rest.
    pub meta: Meta,
}

impl Bulletin {
    /// Whether it may air at `at`.
    pub fn is_valid_at(&self, at: DateTime<Utc>) -> bool {
        self.meta.valid_from <= at && at < self.meta.valid_until
    }
}
