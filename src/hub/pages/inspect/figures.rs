//! How figures, days and outcomes read. Pure.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{
    asrun::{
        record::{Outcome, Why},
        words::{self, ZONE},
    },
    bulletin::{Category, RATE},
    hub::{
        db::{instant, micros},
        report::{self, Class},
    },
    schedule::place,
    text::{Lang, Text, bulletin},
};

/// Days since 1970-01-01.
pub fn number_of(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

/// The day of that number.
pub fn date_of(day: i64) -> NaiveDate {
    i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days).unwrap_or_default()
}

/// Its first instant in the province's zone, as stored.
pub fn midnight(day: i64) -> i64 {
    micros(place::midnight(ZONE, date_of(day)))
}

/// The day in which `now` lies.
pub fn today(now: DateTime<Utc>) -> i64 {
    number_of(place::day(ZONE, now))
}

/// `01/12/2026`.
pub fn day(day: i64) -> String {
    date_of(day).format("%d/%m/%Y").to_string()
}

/// `2026-12-01`, for URLs and forms.
pub fn iso(day: i64) -> String {
    date_of(day).format("%Y-%m-%d").to_string()
}

/// `12/2026`.
pub fn month(day: i64) -> String {
    date_of(day).format("%m/%Y").to_string()
}

/// `01/12/2026 06:00:00` of stored microseconds.
pub fn time(micros: i64) -> String {
    words::local(&instant(micros), ZONE)
}

/// `T2` … `CN`, or `M` … `S`.
pub fn weekday(day: i64) -> Text {
    let index = date_of(day).weekday().num_days_from_monday() as usize;
    let pick = |names: [&str; 7]| names[index].to_owned();
    Text {
        vi: pick(["T2", "T3", "T4", "T5", "T6", "T7", "CN"]),
        en: pick(["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]),
    }
}

/// Thousands apart: `226.477` in Vietnamese, `226,477` in English.
pub fn number(n: i64, lang: Lang) -> String {
    let digits = n.unsigned_abs().to_string();
    let mark = if lang == Lang::Vi { '.' } else { ',' };
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    if n < 0 { format!("-{out}") } else { out }
}

/// Tenths, with the comma of Vietnamese or the point of English.
pub fn decimal(tenths: i64, lang: Lang) -> String {
    let mark = if lang == Lang::Vi { ',' } else { '.' };
    format!("{}{mark}{}", number(tenths / 10, lang), (tenths % 10).abs())
}

/// Minutes of `frames`, to a tenth.
pub fn minutes(frames: i64, lang: Lang) -> String {
    decimal(report::tenths(frames), lang)
}

/// `2:05`, rounded down to a second.
pub fn clock_length(frames: i64) -> String {
    let seconds = frames / i64::from(RATE);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// By what names are ordered: letters first, then the marks on them, so that `Đồng` stands between `Dĩnh` and `Giang`.
pub fn order(name: &str) -> (String, String) {
    let bare = name.nfd().filter(|c| !is_combining_mark(*c)).map(|c| match c {
        'đ' | 'Đ' => 'd',
        other => other,
    });
    (bare.collect::<String>().to_lowercase(), name.to_owned())
}

/// A word of the log's lists as a value; none for one that a newer station wrote.
pub fn parsed<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

/// An outcome in words.
pub fn outcome(word: &str) -> Text {
    parsed::<Outcome>(word).map_or_else(|| Text::same(word), words::outcome)
}

/// A reason in words; nothing for none.
pub fn why(word: &str) -> Text {
    parsed::<Why>(word).map_or_else(|| Text::same(word), words::why)
}

/// Both.
pub fn ending(out: &str, reason: &str) -> Text {
    if reason.is_empty() { outcome(out) } else { Text::join([&outcome(out), &why(reason)], ": ") }
}

/// A category in words.
pub fn category(word: &str) -> Text {
    if word.is_empty() {
        return bulletin::chime();
    }
    parsed::<Category>(word).map_or_else(|| Text::same(word), bulletin::category)
}

/// A language by its name.
pub fn language(tag: &str) -> Text {
    tag.parse().map_or_else(|_| Text::same(tag), |tag| bulletin::language(&tag))
}

/// The class of the mark that stands before an outcome: shape and colour are in the style sheet.
pub fn mark(word: &str) -> &'static str {
    match report::class(word) {
        Class::Whole => "whole",
        Class::Part => "part",
        Class::Missed => "none",
        Class::Skipped => "off",
    }
}

/// The words of all outcomes and of the reasons that each may have, as they are chosen in a form.
pub const ENDINGS: [&str; 26] = [
    "played",
    "preempted",
    "interrupted",
    "interrupted:power",
    "interrupted:kill",
    "interrupted:sigterm",
    "partial",
    "partial:time",
    "partial:missing-item",
    "partial:hold",
    "partial:stopped",
    "partial:withdrawn",
    "partial:device",
    "partial:frames",
    "missed",
    "missed:off",
    "missed:clock",
    "missed:late",
    "missed:busy",
    "missed:hold",
    "missed:device",
    "missed:integrity",
    "missed:nothing-to-play",
    "skipped",
    "skipped:declined",
    "skipped:slot-gone",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_of_the_language_write_them() {
        assert_eq!(number(226_477, Lang::Vi), "226.477");
        assert_eq!(number(1_000_000, Lang::En), "1,000,000");
        assert_eq!([0, 12, 999].map(|n| number(n, Lang::Vi)), ["0", "12", "999"]);
        assert_eq!(decimal(12_345, Lang::Vi), "1.234,5");
        assert_eq!(decimal(5, Lang::En), "0.5");
    }

    #[test]
    fn names_are_ordered_as_people_look_for_them() {
        let mut names = ["Xã Yên Thế", "Xã Đồng Kỳ", "Xã Dĩnh Trì", "Xã Giáp Sơn", "Xã Đông Kỳ"];
        names.sort_by_key(|name| order(name));
        assert_eq!(names, ["Xã Dĩnh Trì", "Xã Đông Kỳ", "Xã Đồng Kỳ", "Xã Giáp Sơn", "Xã Yên Thế"]);
    }

    #[test]
    fn days_are_counted_in_the_provinces_zone() {
        let late = "2026-11-30T17:00:00Z".parse().unwrap();
        assert_eq!(day(today(late)), "01/12/2026");
        assert_eq!(instant(midnight(today(late))), late);
        assert_eq!(number_of(date_of(20_788)), 20_788);
        assert_eq!(weekday(today(late)).vi, "T3");
    }

    #[test]
    fn every_ending_that_a_form_offers_is_one_of_the_log() {
        for ending in ENDINGS {
            assert!(crate::asrun::show::parse_outcome(ending).is_some(), "{ending}");
        }
    }
}
