//! The YAML beside a recording: `<name>.yaml`, and its text `<name>.txt`.

use std::{
    fmt,
    fs::File,
    io::{self, Read},
    path::Path,
};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de};
use unicode_normalization::UnicodeNormalization;

use crate::{
    bulletin::{Category, Kind, LangTag, Title},
    fault::{Faults, Place},
    ids::{BulletinId, WorkId},
    schedule::yaml::{self, Loaded},
    text::import as words,
};

/// Largest text that is read beside a recording, in bytes.
const TEXT_MAX: u64 = 256 * 1024;

/// What the office writes about one recording. Everything may be left out here and given as options.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    /// Its name in the feed; suggested from the title when absent.
    pub id: Option<BulletinId>,
    /// What its translations share; the id when absent.
    pub work: Option<WorkId>,
    /// `bulletin` when absent.
    pub kind: Option<Kind>,
    /// Vietnamese and English.
    pub title: Option<Title>,
    /// Of the five.
    pub category: Option<Category>,
    /// Main language first.
    pub languages: Option<Vec<LangTag>>,
    /// Such as "111".
    #[serde(default, deserialize_with = "text_or_number")]
    pub hotline: Option<String>,
    /// Such as 4219/UBND-NC.
    pub directive: Option<String>,
    /// First local day.
    pub valid_from: Option<NaiveDate>,
    /// Last local day.
    pub valid_until: Option<NaiveDate>,
    /// What is said.
    pub transcript: Option<String>,
    /// A text file beside this one, instead of `transcript`.
    pub transcript_file: Option<String>,
}

/// A text file that lies beside a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// As the person would name it, for messages.
    pub file: String,
    /// Its content.
    pub text: String,
}

/// `<name>.yaml` (or `.yml`) beside `recording`, if there is one.
pub fn sidecar_beside(recording: &Path) -> Result<Option<Beside>, Faults> {
    beside(recording, &["yaml", "yml"])
}

/// `<name>.txt` beside `recording`, if there is one: its transcript.
pub fn transcript_beside(recording: &Path) -> Result<Option<Beside>, Faults> {
    beside(recording, &["txt"])
}

fn beside(recording: &Path, extensions: &[&str]) -> Result<Option<Beside>, Faults> {
    for ext in extensions {
        let path = recording.with_extension(ext);
        if path != recording
            && let Some(found) = read_text(&path)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The text that `transcript_file` names: a bare name, in the folder of the recording.
pub(super) fn named_transcript(recording: &Path, name: &str) -> Result<Beside, Faults> {
    let bare = Path::new(name).file_name().is_some_and(|f| f == name);
    let place = Place::file(recording.with_file_name("").join(name).display().to_string());
    if !bare {
        return Err(Faults::one(
            Place::file(name),
            words::text_not_beside(),
            words::text_not_beside_remedy(),
        ));
    }
    read_text(&recording.with_file_name(name))?
        .ok_or_else(|| Faults::one(place, words::text_missing(), words::text_missing_remedy()))
}

/// Reads a text file by its name as given or, since archives and other systems write names in either normal form, in NFC
/// or NFD.
fn read_text(path: &Path) -> Result<Option<Beside>, Faults> {
    if let Some(found) = read_exactly(path)? {
        return Ok(Some(found));
    }
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Ok(None) };
    for other in [name.nfc().collect::<String>(), name.nfd().collect()] {
        if other != name
            && let Some(found) = read_exactly(&path.with_file_name(other))?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn read_exactly(path: &Path) -> Result<Option<Beside>, Faults> {
    let file = path.display().to_string();
    let place = Place::file(&file);
    let mut bytes = Vec::new();
    match File::open(path).and_then(|f| f.take(TEXT_MAX + 1).read_to_end(&mut bytes)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => {
            return Err(Faults::one(place, words::text_unreadable(&e), words::text_unreadable_remedy()));
        }
        Ok(_) => {}
    }
    if bytes.len() as u64 > TEXT_MAX {
        return Err(Faults::one(place, words::text_too_large(TEXT_MAX), words::text_too_large_remedy()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(Beside { file, text: text.trim_start_matches('\u{feff}').to_owned() })),
        Err(_) => Err(Faults::one(place, words::text_not_utf8(), words::text_not_utf8_remedy())),
    }
}

/// What remedies quote, and what stands in for what is wrong while the rest is checked.
const EXAMPLE: &str = r#"
id: duong-day-nong-111
work: duong-day-nong-111
kind: bulletin
title: { vi: "Đường dây nóng 111", en: "Hotline 111" }
category: support
languages: [vi]
hotline: "111"
directive: "4219/UBND-NC"
valid_from: 2026-11-01
valid_until: 2027-12-31
transcript: "Mời bà con ghi nhớ số 111."
transcript_file: duong-day-nong-111.txt
"#;

/// Reads a sidecar, as far as it can be read. Faults name line and column.
///
/// # Errors
/// When it is no YAML of this kind at all.
pub fn parse(file: &str, text: &str) -> Result<Loaded<Sidecar>, Faults> {
    yaml::load(file, text, EXAMPLE)
}

/// A hotline may stand without quotes.
fn text_or_number<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    struct Either;
    impl de::Visitor<'_> for Either {
        type Value = Option<String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_str<E: de::Error>(self, s: &str) -> Result<Self::Value, E> {
            Ok(Some(s.to_owned()))
        }
        fn visit_u64<E: de::Error>(self, n: u64) -> Result<Self::Value, E> {
            Ok(Some(n.to_string()))
        }
    }
    d.deserialize_any(Either)
}
