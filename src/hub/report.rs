//! What an office owes the province for a period, counted from the sums that are kept by day. Pure: rows in, figures out,
//! and every face (page, print, CSV, XLSX, API) shows these figures. What each count means stands beside it in the
//! catalogue (`text::hub_inspect::define_…`).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sqlx::FromRow;

use crate::bulletin::{Category, RATE};

/// What the planner says that a station owes on a day.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PlannedRow {
    /// Where the station belonged when it was planned.
    pub commune: String,
    /// Days since 1970-01-01 in the province's zone.
    pub day: i64,
    /// The station.
    pub station: String,
    /// Occurrences.
    pub count: i64,
}

/// Occurrences that ended alike.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OutcomeRow {
    /// Where the station belonged when they were received.
    pub commune: String,
    /// Days since 1970-01-01.
    pub day: i64,
    /// The station.
    pub station: String,
    /// As in the log.
    pub outcome: String,
    /// Likewise; empty when there is none.
    pub why: String,
    /// How many occurrences.
    pub count: i64,
    /// Frames sent in them, chimes included.
    pub frames: i64,
}

/// Bulletins that were sent.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct AiringRow {
    /// Where the station belonged when they were received.
    pub commune: String,
    /// The station.
    pub station: String,
    /// Empty for a chime.
    pub category: String,
    /// First language.
    pub language: String,
    /// How many airings.
    pub airings: i64,
    /// Frames sent.
    pub frames: i64,
    /// Of the airings, those that name a hotline.
    pub hotline: i64,
}

/// Everything that [`report`] counts.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Communes of the area that are not part of another one: those without a station count too.
    pub communes: BTreeSet<String>,
    /// Stations of the area with their commune: those that sent nothing at all count too.
    pub stations: BTreeMap<String, String>,
    /// What was owed.
    pub planned: Vec<PlannedRow>,
    /// How it ended.
    pub outcomes: Vec<OutcomeRow>,
    /// What was sent.
    pub airings: Vec<AiringRow>,
}

/// How an outcome counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Every item whole.
    Whole,
    /// Some of it sounded.
    Part,
    /// None of it, though it was due.
    Missed,
    /// It was not to sound after all.
    Skipped,
}

/// How an outcome of this word counts. A word that a newer station wrote counts as missed: nothing is claimed for it.
pub fn class(outcome: &str) -> Class {
    match outcome {
        "played" => Class::Whole,
        "preempted" | "interrupted" | "partial" => Class::Part,
        "skipped" => Class::Skipped,
        _ => Class::Missed,
    }
}

/// Occurrences, by how they ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// What the planner says was owed or, where the log accounts for more, that.
    pub planned: i64,
    /// Sent whole.
    pub whole: i64,
    /// Sent in part.
    pub part: i64,
    /// Due, and nothing was sent.
    pub missed: i64,
    /// Declined, or its slot was gone.
    pub skipped: i64,
}

impl Ended {
    /// Whole or in part.
    pub fn sent(&self) -> i64 {
        self.whole + self.part
    }

    /// All that the log accounts for.
    pub fn accounted(&self) -> i64 {
        self.sent() + self.missed + self.skipped
    }

    /// Owed, and the hub holds no line that says how it ended.
    pub fn unknown(&self) -> i64 {
        self.planned - self.accounted()
    }

    /// Adds occurrences that ended so.
    pub fn count(&mut self, outcome: &str, count: i64) {
        match class(outcome) {
            Class::Whole => self.whole += count,
            Class::Part => self.part += count,
            Class::Missed => self.missed += count,
            Class::Skipped => self.skipped += count,
        }
    }

    /// After all outcomes of one station's day are counted: what was owed that day.
    pub fn owed(&mut self, planned: i64) {
        self.planned = planned.max(self.accounted());
    }

    /// Adds another sum.
    pub fn add(&mut self, other: &Self) {
        self.planned += other.planned;
        self.whole += other.whole;
        self.part += other.part;
        self.missed += other.missed;
        self.skipped += other.skipped;
    }
}

/// Bulletins sent, chimes left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Aired {
    /// One bulletin that began in one occurrence.
    pub airings: i64,
    /// Frames sent to the PA.
    pub frames: i64,
    /// Frames that an ear heard: stations have none yet.
    pub confirmed: i64,
    /// Airings of bulletins that name a hotline.
    pub hotline: i64,
}

impl Aired {
    /// Adds another sum.
    pub fn add(&mut self, other: &Self) {
        self.airings += other.airings;
        self.frames += other.frames;
        self.confirmed += other.confirmed;
        self.hotline += other.hotline;
    }
}

/// Tenths of a minute, rounded half up.
pub fn tenths(frames: i64) -> i64 {
    let minute = i128::from(RATE) * 60;
    ((i128::from(frames) * 10 + minute / 2) / minute) as i64
}

/// One station in one commune.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its occurrences.
    pub ended: Ended,
    /// What it sent.
    pub aired: Aired,
    /// Days on which something was owed.
    pub owed_days: i64,
    /// Of those, the days on which nothing was sent.
    pub silent_days: Vec<i64>,
}

/// The figures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// By commune, then station. A station that moved stands in both.
    pub lines: BTreeMap<String, BTreeMap<String, Line>>,
    /// Sums by commune.
    pub communes: BTreeMap<String, (Ended, Aired)>,
    /// All occurrences.
    pub ended: Ended,
    /// All airings.
    pub aired: Aired,
    /// Airings by category, and the communes that each reached. The province's five are always there.
    pub categories: BTreeMap<String, (Aired, BTreeSet<String>)>,
    /// By first language.
    pub languages: BTreeMap<String, Aired>,
    /// By both.
    pub by_both: BTreeMap<(String, String), Aired>,
    /// Occurrences that were not sent whole, by outcome and reason.
    pub reasons: BTreeMap<(String, String), i64>,
    /// Stations of which nothing is known in the period: nothing planned, nothing logged.
    pub unheard: BTreeSet<String>,
}

impl Report {
    /// The communes that shares are taken of.
    pub fn commune_count(&self) -> usize {
        self.communes.len()
    }

    /// Stations that stand in it.
    pub fn station_count(&self) -> usize {
        self.lines.values().flat_map(BTreeMap::keys).collect::<BTreeSet<_>>().len()
    }

    /// Tenths of a percent of `part` in `whole`; none of nothing.
    pub fn share(part: i64, whole: i64) -> Option<i64> {
        (whole > 0).then(|| (part * 1000 + whole / 2) / whole)
    }
}

/// Counts. Same rows in any order, same figures.
pub fn report(rows: &Rows) -> Report {
    let mut report = Report::default();
    let mut days = BTreeMap::<(&str, &str, i64), (Ended, i64)>::new();
    for row in &rows.planned {
        days.entry((&row.commune, &row.station, row.day)).or_default().1 += row.count;
    }
    for row in &rows.outcomes {
        days.entry((&row.commune, &row.station, row.day)).or_default().0.count(&row.outcome, row.count);
        if class(&row.outcome) != Class::Whole {
            *report.reasons.entry((row.outcome.clone(), row.why.clone())).or_default() += row.count;
        }
    }
    for ((commune, station, day), (mut ended, planned)) in days {
        ended.owed(planned);
        let line = line(&mut report, commune, station);
        line.ended.add(&ended);
        // What was declined or taken off was not owed any more.
        if ended.planned > ended.skipped {
            line.owed_days += 1;
            if ended.sent() == 0 {
                line.silent_days.push(day);
            }
        }
    }
    airings(&mut report, &rows.airings);
    let known: BTreeSet<String> = report.lines.values().flat_map(BTreeMap::keys).cloned().collect();
    for (station, commune) in rows.stations.iter().filter(|(station, _)| !known.contains(*station)) {
        line(&mut report, commune, station);
        report.unheard.insert(station.clone());
    }
    sums(&mut report, &rows.communes);
    report
}

fn line<'a>(report: &'a mut Report, commune: &str, station: &str) -> &'a mut Line {
    let lines = report.lines.entry(commune.to_owned()).or_default();
    lines.entry(station.to_owned()).or_default()
}

fn airings(report: &mut Report, rows: &[AiringRow]) {
    for category in Category::ALL {
        report.categories.insert(category.as_str().to_owned(), Default::default());
    }
    for row in rows.iter().filter(|row| !row.category.is_empty()) {
        let aired = Aired { airings: row.airings, frames: row.frames, confirmed: 0, hotline: row.hotline };
        line(report, &row.commune, &row.station).aired.add(&aired);
        let (sum, reached) = report.categories.entry(row.category.clone()).or_default();
        sum.add(&aired);
        if row.frames > 0 {
            reached.insert(row.commune.clone());
        }
        report.languages.entry(row.language.clone()).or_default().add(&aired);
        report.by_both.entry((row.category.clone(), row.language.clone())).or_default().add(&aired);
    }
}

fn sums(report: &mut Report, communes: &BTreeSet<String>) {
    for commune in communes {
        report.communes.entry(commune.clone()).or_default();
    }
    for (commune, lines) in &report.lines {
        let sum = report.communes.entry(commune.clone()).or_default();
        for line in lines.values() {
            sum.0.add(&line.ended);
            sum.1.add(&line.aired);
        }
        report.ended.add(&sum.0);
        report.aired.add(&sum.1);
    }
}

#[cfg(test)]
mod tests;
