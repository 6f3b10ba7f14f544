//! `areas/<id>/schedule.yaml`: what an office writes, as a type that has been read whole.

use std::{collections::BTreeSet, fmt};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, de};

use super::{
    crontab::CronLine,
    occurrence::Class,
    scalar::{self, Form},
    yaml::{self, Positions},
};
use crate::{
    bulletin::{Category, Title},
    fault::Faults,
    ids::{AreaId, BulletinId, SlotId, StationId},
    text::schedule as words,
};

/// The days of one file, at most: a year and a month.
pub const MAX_DAYS: i64 = 400;
/// Slots of one file, at most.
pub const MAX_SLOTS: usize = 200;
/// Occurrences of one file on one day, at most: two a minute. Each is planned, and is a record in the as-run log, which a
/// station keeps for years: nobody who holds an area's key may fill its memory or its disk.
pub const MAX_TIMES: usize = 3_000;
/// Items of all these, at most.
pub const MAX_ITEMS: usize = 60_000;

/// Longest wait for a free PA, or after a power cut.
pub const LONGEST_START_WITHIN: TimeDelta = TimeDelta::hours(12);

const EXAMPLE: &str = r#"
format: 1
area: yen-the
timezone: Asia/Ho_Chi_Minh
valid: { from: 2026-12-01, until: 2026-12-31 }
except: ["2026-12-22"]
slots:
  - id: ban-tin-sang
    title: { vi: "Bản tin sáng", en: "Morning bulletin" }
    cron: "0 6 * * *"
    class: priority
    stations: { tags: [vung-cao] }
    start_within: 10m
    max_duration: 15m
    level: -6dB
    playlist:
      - chime: open
      - category: tricks
        pick: rotate
        count: 2
      - bulletin: duong-day-nong-111
"#;

/// A schedule that has been read: every value is of its kind. Whether it fits policy and feed is [`super::check`]'s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Whose.
    pub area: AreaId,
    /// Must equal the policy's.
    pub timezone: Tz,
    /// First local day.
    pub from: NaiveDate,
    /// Last local day, included.
    pub until: NaiveDate,
    /// Days on which nothing of this file plays.
    pub except: BTreeSet<NaiveDate>,
    /// In the order of the file; ids are unique.
    pub slots: Vec<Slot>,
}

/// When and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Unique within the area.
    pub id: SlotId,
    /// For people; the id where the file has none.
    pub title: Title,
    /// When.
    pub cron: CronLine,
    /// Normal or priority.
    pub class: Class,
    /// Where.
    pub stations: Selector,
    /// Later than that it is missed; 1 s to 12 h, 10 min where the file has none.
    pub start_within: TimeDelta,
    /// Sound ends this long after the start; 1 s to 24 h. None: the policy's longest session alone bounds it.
    pub max_duration: Option<TimeDelta>,
    /// In hundredths of dB, -2000 to 0, relative to the station's calibrated level.
    pub level_cdb: i32,
    /// What, in order.
    pub playlist: Vec<Entry>,
}

/// Which stations of the area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// Every one.
    All,
    /// These.
    Ids(BTreeSet<StationId>),
    /// Those that have at least one of these tags.
    Tags(BTreeSet<String>),
}

impl Selector {
    /// Whether a station with these tags is meant.
    pub fn picks(&self, station: &StationId, tags: &BTreeSet<String>) -> bool {
        match self {
            Self::All => true,
            Self::Ids(ids) => ids.contains(station),
            Self::Tags(wanted) => !wanted.is_disjoint(tags),
        }
    }
}

/// One line of a playlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A chime, by its id.
    Chime(BulletinId),
    /// A bulletin, or its translation that suits the station.
    Bulletin(BulletinId),
    /// Works of a category.
    Category {
        /// Of which.
        category: Category,
        /// How.
        pick: Pick,
        /// How many, 1 to 20.
        count: usize,
    },
}

/// How works of a category are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// In turn, occurrence by occurrence.
    Rotate,
    /// Those that became valid last.
    Newest,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSchedule {
    format: String,
    area: String,
    timezone: String,
    valid: RawValid,
    #[serde(default)]
    except: Vec<String>,
    slots: Vec<RawSlot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawValid {
    from: String,
    until: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlot {
    id: String,
    title: Option<RawTitle>,
    cron: String,
    class: Option<String>,
    #[serde(default)]
    stations: RawSelector,
    start_within: Option<String>,
    max_duration: Option<String>,
    level: Option<String>,
    playlist: Vec<RawEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTitle {
    vi: String,
    en: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    chime: Option<String>,
    bulletin: Option<String>,
    category: Option<String>,
    pick: Option<String>,
    count: Option<String>,
}

/// `all`, `[id, …]` or `{ tags: [tag, …] }`. Read by hand: an untagged enum would lose the place of a fault.
#[derive(Default)]
enum RawSelector {
    #[default]
    Missing,
    Word(String),
    Ids(Vec<String>),
    Tags(Vec<String>),
}

impl<'de> Deserialize<'de> for RawSelector {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct RawTags {
            tags: Vec<String>,
        }
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = RawSelector;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`all`, `[id, …]`, `{ tags: [tag, …] }`")
            }
            fn visit_str<E: de::Error>(self, s: &str) -> Result<RawSelector, E> {
                Ok(RawSelector::Word(s.to_owned()))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<RawSelector, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(RawSelector::Ids)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<RawSelector, A::Error> {
                RawTags::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(|t| RawSelector::Tags(t.tags))
            }
        }
        d.deserialize_any(Visitor)
    }
}

impl Schedule {
    /// Reads a schedule.
    ///
    /// # Errors
    /// Everything that is wrong with the file itself.
    pub fn read(file: &str, text: &str) -> Result<(Self, Positions), Faults> {
        let loaded = yaml::load::<RawSchedule>(file, text, EXAMPLE)?;
        let positions = loaded.positions;
        let mut form = Form::new(&positions, loaded.faults);
        let schedule = schedule(&mut form, loaded.value);
        let faults = form.faults;
        match schedule {
            Some(schedule) => faults.or((schedule, positions)),
            None => Err(faults.or(()).err().unwrap_or_default()),
        }
    }

    /// Whether this file makes occurrences on a local day.
    pub fn plays_on(&self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day) && !self.except.contains(&day)
    }
}

fn schedule(form: &mut Form<'_>, raw: RawSchedule) -> Option<Schedule> {
    form.format(&raw.format);
    let area = form.parse::<AreaId>("area", &raw.area, scalar::AREA);
    if area.as_ref().is_some_and(AreaId::is_urgent) {
        form.wrong("area", words::area_urgent(), words::area_urgent_remedy());
    }
    let timezone = form.value("timezone", &raw.timezone, scalar::ZONE, scalar::zone);
    let from = form.value("valid.from", &raw.valid.from, scalar::DATE, scalar::date);
    let until = form.value("valid.until", &raw.valid.until, scalar::DATE, scalar::date);
    let range = range(form, from, until);
    let except = form.list("except", &raw.except, scalar::DATE, scalar::date);
    if let Some((from, until)) = range {
        for (i, day) in except.iter().enumerate().filter(|(_, day)| !(from..=until).contains(*day)) {
            form.wrong(
                &format!("except[{i}]"),
                words::except_outside(day.to_string()),
                words::except_outside_remedy(),
            );
        }
    }
    let slots = slots(form, raw.slots);
    let (from, until) = range?;
    Some(Schedule {
        area: area?,
        timezone: timezone?,
        from,
        until,
        except: except.into_iter().collect(),
        slots: slots?,
    })
}

fn range(
    form: &mut Form<'_>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) -> Option<(NaiveDate, NaiveDate)> {
    let (from, until) = (from?, until?);
    if until < from {
        form.wrong(
            "valid.until",
            words::valid_backwards(until.to_string(), from.to_string()),
            words::valid_backwards_remedy(),
        );
        return None;
    }
    if (until - from).num_days() >= MAX_DAYS {
        form.wrong("valid.until", words::valid_too_long(MAX_DAYS), words::valid_too_long_remedy());
        return None;
    }
    Some((from, until))
}

fn slots(form: &mut Form<'_>, raw: Vec<RawSlot>) -> Option<Vec<Slot>> {
    if raw.is_empty() || raw.len() > MAX_SLOTS {
        form.wrong("slots", words::slot_count(raw.len(), MAX_SLOTS), words::slot_count_remedy());
    }
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for (i, raw) in raw.into_iter().enumerate() {
        let path = format!("slots[{i}]");
        if form.positions.has(&format!("{path}.id")) && !seen.insert(raw.id.clone()) {
            form.wrong(&format!("{path}.id"), words::slot_twice(&raw.id), words::slot_twice_remedy());
        }
        out.push(slot(form, &path, raw));
    }
    let slots: Vec<Slot> = out.into_iter().collect::<Option<_>>()?;
    let times = slots.iter().map(|slot| slot.cron.times_a_day());
    let items = slots.iter().map(|slot| slot.cron.times_a_day().saturating_mul(slot.longest_playlist()));
    for (found, most) in [(times.sum::<usize>(), MAX_TIMES), (items.sum(), MAX_ITEMS)] {
        if found > most {
            form.wrong("slots", words::too_often(found, most), words::too_often_remedy());
            return None;
        }
    }
    Some(slots)
}

impl Slot {
    /// The most items that one occurrence can have.
    fn longest_playlist(&self) -> usize {
        let count = |entry: &Entry| if let Entry::Category { count, .. } = entry { *count } else { 1 };
        self.playlist.iter().map(count).sum()
    }
}

fn slot(form: &mut Form<'_>, path: &str, raw: RawSlot) -> Option<Slot> {
    let at = |name: &str| format!("{path}.{name}");
    let id = form.parse::<SlotId>(&at("id"), &raw.id, scalar::SLOT);
    let title = match raw.title {
        Some(title) => {
            let vi = form.words(&at("title.vi"), &title.vi);
            Title { vi, en: title.en.map(|en| form.words(&at("title.en"), &en)) }
        }
        None => Title { vi: raw.id.clone(), en: None },
    };
    let cron = cron(form, &at("cron"), &raw.id, &raw.cron);
    let class = class(form, &at("class"), raw.class.as_deref());
    let stations = selector(form, &at("stations"), raw.stations);
    let mut span = |name: &str, text: Option<&str>| {
        text.map(|text| form.value(&at(name), text, scalar::DURATION, scalar::duration))
    };
    let (start_within, max_duration) = (
        span("start_within", raw.start_within.as_deref()),
        span("max_duration", raw.max_duration.as_deref()),
    );
    if start_within.flatten().is_some_and(|d| d > LONGEST_START_WITHIN) {
        let hours = LONGEST_START_WITHIN.num_hours();
        form.wrong(
            &at("start_within"),
            words::start_within_too_long(hours),
            words::start_within_too_long_remedy(),
        );
    }
    let level =
        raw.level.map_or(Some(0), |text| form.value(&at("level"), &text, scalar::LEVEL, scalar::level));
    let playlist = playlist(form, &at("playlist"), raw.playlist);
    Some(Slot {
        id: id?,
        title,
        cron: cron?,
        class: class?,
        stations: stations?,
        start_within: start_within.unwrap_or(Some(TimeDelta::minutes(10)))?,
        max_duration: match max_duration {
            Some(given) => Some(given?),
            None => None,
        },
        level_cdb: level?,
        playlist: playlist?,
    })
}

fn cron(form: &mut Form<'_>, path: &str, slot: &str, text: &str) -> Option<CronLine> {
    match CronLine::parse(text) {
        _ if text == yaml::BLANK => {
            form.wrong(path, words::in_slot(slot, words::cron_empty()), words::cron_shape());
            None
        }
        Ok(line) => Some(line),
        Err(fault) => {
            let place = match fault.column {
                0 => form.positions.at(path),
                column => form.positions.inside(path, column),
            };
            form.wrong_at(place, words::in_slot(slot, fault.what), fault.remedy);
            None
        }
    }
}

fn class(form: &mut Form<'_>, path: &str, text: Option<&str>) -> Option<Class> {
    match text {
        None | Some("normal") => Some(Class::Normal),
        Some("priority") => Some(Class::Priority),
        Some("urgent") => {
            form.wrong(path, words::class_urgent(), words::class_urgent_remedy());
            None
        }
        Some(other) => {
            form.wrong(
                path,
                words::wrong_word("class", other),
                words::wrong_word_remedy("normal`, `priority"),
            );
            None
        }
    }
}

fn selector(form: &mut Form<'_>, path: &str, raw: RawSelector) -> Option<Selector> {
    let before = form.faults.0.len();
    let selector = match raw {
        RawSelector::Missing => Selector::All,
        RawSelector::Word(word) if word == "all" => Selector::All,
        RawSelector::Word(word) => {
            form.wrong(path, words::bad_selector(word), words::bad_selector_remedy());
            return None;
        }
        RawSelector::Ids(ids) => {
            Selector::Ids(form.list(path, &ids, scalar::STATION, |s| s.parse().ok()).into_iter().collect())
        }
        RawSelector::Tags(tags) => Selector::Tags(
            form.list(&format!("{path}.tags"), &tags, scalar::TAG, scalar::tag).into_iter().collect(),
        ),
    };
    let empty = match &selector {
        Selector::All => false,
        Selector::Ids(ids) => ids.is_empty(),
        Selector::Tags(tags) => tags.is_empty(),
    };
    if empty && form.faults.0.len() == before {
        form.wrong(path, words::empty_selector(), words::bad_selector_remedy());
        return None;
    }
    Some(selector)
}

fn playlist(form: &mut Form<'_>, path: &str, raw: Vec<RawEntry>) -> Option<Vec<Entry>> {
    if raw.is_empty() || raw.len() > 50 {
        form.wrong(path, words::playlist_length(raw.len()), words::playlist_remedy());
        return None;
    }
    let entries: Vec<_> =
        raw.into_iter().enumerate().map(|(i, raw)| entry(form, &format!("{path}[{i}]"), raw)).collect();
    let in_file = |i: usize| form.positions.has(&format!("{path}[{i}].chime"));
    if entries.iter().enumerate().all(|(i, e)| matches!(e, Some(Entry::Chime(_))) && in_file(i)) {
        form.wrong(path, words::chimes_only(), words::chimes_only_remedy());
    }
    entries.into_iter().collect()
}

fn entry(form: &mut Form<'_>, path: &str, raw: RawEntry) -> Option<Entry> {
    let at = |name: &str| format!("{path}.{name}");
    let picks = raw.pick.is_some() || raw.count.is_some();
    match (raw.chime, raw.bulletin, raw.category) {
        (Some(_), None, None) | (None, Some(_), None) if picks => {
            form.wrong(path, words::pick_without_category(), words::pick_without_category_remedy());
            None
        }
        (Some(id), None, None) => form.parse(&at("chime"), &id, scalar::BULLETIN).map(Entry::Chime),
        (None, Some(id), None) => form.parse(&at("bulletin"), &id, scalar::BULLETIN).map(Entry::Bulletin),
        (None, None, Some(name)) => {
            let category = Category::ALL.into_iter().find(|c| c.as_str() == name);
            if category.is_none() {
                let known = Category::ALL.map(Category::as_str).join("`, `");
                form.wrong(
                    &at("category"),
                    words::wrong_word("category", name),
                    words::wrong_word_remedy(known),
                );
            }
            let pick = match raw.pick.as_deref() {
                None | Some("rotate") => Some(Pick::Rotate),
                Some("newest") => Some(Pick::Newest),
                Some(other) => {
                    let known = words::wrong_word_remedy("rotate`, `newest");
                    form.wrong(&at("pick"), words::wrong_word("pick", other), known);
                    None
                }
            };
            let count =
                raw.count.map_or(Some(1), |n| form.value(&at("count"), &n, scalar::COUNT, scalar::count));
            Some(Entry::Category { category: category?, pick: pick?, count: count? })
        }
        _ => {
            form.wrong(path, words::entry_kind(), words::entry_kind_remedy());
            None
        }
    }
}
