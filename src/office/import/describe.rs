//! From what the office wrote (sidecar, options) to the description that will be signed. Pure but for texts beside.

use std::path::Path;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    names::{Unclean, clean_title, clean_transcript, suggest_id},
    outcome::Imported,
    sidecar::{self, Sidecar},
};
use crate::{
    bulletin::{Category, Kind, LangTag, Meta, Title},
    fault::{Faults, Place},
    ids::{BulletinId, WorkId},
    schedule::{
        place,
        yaml::{Loaded, Positions},
    },
    text::{Text, import as words},
};

/// Options of the command line; each overrides the sidecar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overrides {
    /// `--id`
    pub id: Option<BulletinId>,
    /// `--work`
    pub work: Option<WorkId>,
    /// `--kind`
    pub kind: Option<Kind>,
    /// `--title`, Vietnamese.
    pub title: Option<String>,
    /// `--title-en`
    pub title_en: Option<String>,
    /// `--category`
    pub category: Option<Category>,
    /// `--language`, main language first; empty: not given.
    pub languages: Vec<LangTag>,
    /// `--hotline`
    pub hotline: Option<String>,
    /// `--directive`
    pub directive: Option<String>,
    /// `--valid-from`, first local day.
    pub valid_from: Option<NaiveDate>,
    /// `--valid-until`, last local day.
    pub valid_until: Option<NaiveDate>,
    /// `--transcript`, the text itself.
    pub transcript: Option<String>,
}

/// All that people say about a recording, checked and in NFC.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields of `Meta` under the same names")]
pub struct Description {
    pub id: BulletinId,
    pub work: WorkId,
    pub kind: Kind,
    pub title: Title,
    pub category: Option<Category>,
    pub languages: Vec<LangTag>,
    pub hotline: Option<String>,
    pub directive: Option<String>,
    pub valid_from: DateTime<Utc>,
    pub valid_until: DateTime<Utc>,
    pub transcript: String,
}

/// What a description needs to know beside the texts.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The policy's zone: days in files are local days.
    pub zone: Tz,
    /// The local day from which a recording is valid when nothing is said. Without an end it is valid for one year.
    pub today: NaiveDate,
}

/// Reads what lies beside `recording` (`<name>.yaml`, `<name>.txt`) and checks it together with the options. All faults at once.
pub fn describe(recording: &Path, options: &Overrides, setting: Setting) -> Result<Description, Faults> {
    let (written, file) = match sidecar::sidecar_beside(recording)? {
        Some(found) => (sidecar::parse(&found.file, &found.text)?, found.file),
        None => {
            let file = recording.display().to_string();
            let nothing = Loaded {
                value: Sidecar::default(),
                positions: Positions::default(),
                faults: Faults::default(),
            };
            (nothing, file)
        }
    };
    let Loaded { value: sidecar, positions, faults } = written;
    let mut checker = Checker { file, positions, faults, options, sidecar: &sidecar, setting };
    let transcript = checker.transcript(recording);
    checker.check(transcript)
}

/// The signed description; [`Meta::approved_by`] is filled in by those who approve.
pub fn meta(said: &Description, made: &Imported) -> Meta {
    Meta {
        kind: said.kind,
        work: said.work.clone(),
        title: said.title.clone(),
        category: said.category,
        languages: said.languages.clone(),
        frames: made.frames,
        loudness_clufs: made.loudness_clufs,
        true_peak_cdb: made.true_peak_cdb,
        hotline: said.hotline.clone(),
        directive: said.directive.clone(),
        valid_from: said.valid_from,
        valid_until: said.valid_until,
        approved_by: Vec::new(),
        transcript: said.transcript.clone(),
        original_sha256: made.original_sha256,
    }
}

/// Years that a validity may name; another is a slip.
const YEARS: std::ops::Range<i32> = 2000..2200;

struct Checker<'a> {
    /// The sidecar or, without one, the recording.
    file: String,
    positions: Positions,
    faults: Faults,
    options: &'a Overrides,
    sidecar: &'a Sidecar,
    setting: Setting,
}

impl Checker<'_> {
    fn check(mut self, transcript: String) -> Result<Description, Faults> {
        let (o, s) = (self.options, self.sidecar);
        let kind = o.kind.or(s.kind).unwrap_or(Kind::Bulletin);
        let title = self.title();
        let id = self.id(&title);
        let same = || id.as_ref().and_then(|id| id.as_str().parse().ok());
        let work = o.work.clone().or_else(|| s.work.clone()).or_else(same);
        let category = self.category(kind, o.category.or(s.category));
        let languages = self.languages(kind);
        let hotline = self.hotline(o.hotline.as_ref().or(s.hotline.as_ref()));
        let directive =
            self.line("directive", words::field_directive(), o.directive.as_ref().or(s.directive.as_ref()));
        let (valid_from, valid_until) = self.validity();
        // Either is missing only with a fault that says so.
        let (Some(id), Some(work)) = (id, work) else {
            return Err(self.faults);
        };
        let said = Description {
            id,
            work,
            kind,
            title,
            category,
            languages,
            hotline,
            directive,
            valid_from,
            valid_until,
            transcript,
        };
        self.faults.or(said)
    }

    /// A fault of the value at `path` of the sidecar, or of the file as a whole.
    fn fault(&mut self, path: &str, what: Text, remedy: Text) {
        let place = self.positions.at(path);
        let place = if place.line == 0 { Place::file(&self.file) } else { place };
        self.faults.push(place, what, remedy);
    }

    /// In order: the option, the sidecar, the file that it names, `<name>.txt`. Empty when there is none.
    fn transcript(&mut self, recording: &Path) -> String {
        let inline = self.options.transcript.as_ref().or(self.sidecar.transcript.as_ref());
        let beside = match (inline, &self.sidecar.transcript_file) {
            (Some(text), _) => return self.cleaned(None, text),
            (None, Some(name)) => sidecar::named_transcript(recording, name).map(Some),
            (None, None) => sidecar::transcript_beside(recording),
        };
        match beside {
            Ok(None) => String::new(),
            Ok(Some(found)) => self.cleaned(Some(Place::file(found.file)), &found.text),
            Err(more) => {
                self.faults.0.extend(more.0);
                String::new()
            }
        }
    }

    fn cleaned(&mut self, place: Option<Place>, text: &str) -> String {
        clean_transcript(text).unwrap_or_else(|why| {
            let place = place.unwrap_or_else(|| self.positions.at("transcript"));
            self.faults.push(place, unclean(words::field_transcript(), why), words::unclean_remedy());
            String::new()
        })
    }

    fn title(&mut self) -> Title {
        let given = self.sidecar.title.as_ref();
        let vi = self.options.title.as_ref().or(given.map(|t| &t.vi));
        let en = self.options.title_en.as_ref().or(given.and_then(|t| t.en.as_ref()));
        if vi.is_none() {
            self.fault("title", words::no_title(), words::no_title_remedy());
        }
        let vi = self.line("title.vi", words::field_title(), vi).unwrap_or_default();
        Title { vi, en: self.line("title.en", words::field_title_en(), en) }
    }

    /// Given, or suggested from the Vietnamese title, else from the English one.
    fn id(&mut self, title: &Title) -> Option<BulletinId> {
        let given = self.options.id.clone().or_else(|| self.sidecar.id.clone());
        let titles = [Some(&title.vi), title.en.as_ref()];
        let id = given.or_else(|| titles.into_iter().flatten().find_map(|t| suggest_id(t)));
        if id.is_none() && self.faults.0.is_empty() {
            self.fault("id", words::no_id(), words::no_id_remedy());
        }
        id
    }

    fn category(&mut self, kind: Kind, given: Option<Category>) -> Option<Category> {
        match (kind, given) {
            (Kind::Bulletin, None) => {
                self.fault("category", words::no_category(), words::no_category_remedy())
            }
            (Kind::Chime, Some(_)) => {
                self.fault("category", words::chime_with_category(), words::chime_with_category_remedy())
            }
            _ => {}
        }
        given
    }

    fn languages(&mut self, kind: Kind) -> Vec<LangTag> {
        let given = if self.options.languages.is_empty() {
            self.sidecar.languages.clone().unwrap_or_default()
        } else {
            self.options.languages.clone()
        };
        match (kind, given.is_empty()) {
            (Kind::Bulletin, true) => {
                self.fault("languages", words::no_language(), words::no_language_remedy())
            }
            (Kind::Chime, false) => {
                self.fault("languages", words::chime_with_language(), words::chime_with_language_remedy())
            }
            _ => {}
        }
        // An entry that could not be read stands as the example has it, which may be one of the others.
        if self.faults.0.is_empty()
            && let Some((_, twice)) = given.iter().enumerate().find(|(i, tag)| given[..*i].contains(tag))
        {
            let twice = crate::text::schedule::twice_in_list(twice.as_str());
            self.fault("languages", twice, crate::text::schedule::twice_in_list_remedy());
        }
        given
    }

    /// A telephone number, by the same rule as in the policy.
    fn hotline(&mut self, given: Option<&String>) -> Option<String> {
        use crate::{schedule::policy, text::schedule as say};
        let line = self.line("hotline", words::field_hotline(), given)?;
        let number = policy::hotline(&line);
        if number.is_none() {
            let what = say::bad_value("hotline", &line, say::rule_hotline());
            self.fault("hotline", what, say::write_like("hotline: 111"));
        }
        number
    }

    fn line(&mut self, path: &str, field: Text, given: Option<&String>) -> Option<String> {
        match clean_title(given?) {
            Ok(line) => Some(line),
            Err(why) => {
                self.fault(path, unclean(field, why), words::unclean_remedy());
                None
            }
        }
    }

    /// From the start of the first local day to the end of the last.
    fn validity(&mut self) -> (DateTime<Utc>, DateTime<Utc>) {
        let from = self.options.valid_from.or(self.sidecar.valid_from).unwrap_or(self.setting.today);
        let until = self.options.valid_until.or(self.sidecar.valid_until);
        let until = until.unwrap_or_else(|| from.checked_add_days(Days::new(364)).unwrap_or(from));
        if [from, until].iter().any(|day| !YEARS.contains(&day.year())) {
            self.fault("valid_until", words::wild_year(), words::ended_remedy());
            return (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
        }
        if until < from {
            self.fault(
                "valid_until",
                words::ends_before(from.to_string(), until.to_string()),
                words::ends_before_remedy(),
            );
        } else if until < self.setting.today {
            self.fault("valid_until", words::ended(until.to_string()), words::ended_remedy());
        }
        let after = until.checked_add_days(Days::new(1)).unwrap_or(until);
        (place::midnight(self.setting.zone, from), place::midnight(self.setting.zone, after))
    }
}

fn unclean(field: Text, why: Unclean) -> Text {
    match why {
        Unclean::Empty => words::unclean_empty(field),
        Unclean::TooLong(n) => words::unclean_long(field, n),
        Unclean::Forbidden(c) => words::unclean_char(field, format!("U+{:04X}", u32::from(c))),
    }
}
