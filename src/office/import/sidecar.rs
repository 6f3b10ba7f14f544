//! The YAML beside a recording: `<name>.yaml`, and its text `<name>.txt`.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use serde::Deserialize;

use crate::{
    bulletin::{Category, Kind, LangTag, Title},
    fault::{Faults, Place},
    ids::{BulletinId, WorkId},
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

fn read_text(path: &PathBuf) -> Result<Option<Beside>, Faults> {
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

/// Reads a sidecar. Faults name line and column.
pub fn parse(file: &str, text: &str) -> Result<Sidecar, Faults> {
    let value = serde_yaml::Deserializer::from_str(text);
    serde_path_to_error::deserialize(value).map_err(|e| {
        let inner = e.inner();
        let (line, column) = inner.location().map_or((0, 0), |l| (l.line() as u32, l.column() as u32));
        let place = Place { file: file.to_owned(), line, column };
        Faults::one(place, words::sidecar_bad(inner.to_string()), words::sidecar_bad_remedy())
    })
}
