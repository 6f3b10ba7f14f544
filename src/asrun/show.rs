//! Records as people read them: lines of a table, rows of a spreadsheet. Pure.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    record::{Body, Outcome, OutcomeRecord, Record, Why},
    words::{self, local},
};
use crate::{
    bulletin::Frames,
    schedule::occurrence::Occurrence,
    text::{Lang, Text, asrun as say, plain},
};

/// Which records to show.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub to: Option<DateTime<Utc>>,
    /// Only outcomes of this word and, if given, this reason.
    pub outcome: Option<(Outcome, Option<Why>)>,
    /// Only records of this slot: `slot` or `area/slot`.
    pub slot: Option<String>,
}

impl Filter {
    /// Whether `record` is wanted. Records of an occurrence count by its due instant, others by when they were written.
    pub fn takes(&self, record: &Record) -> bool {
        let of = record.occurrence();
        let (first, last) = match &record.body {
            Some(Body::Outcome(OutcomeRecord { run: Some(run), .. })) => (run.first, run.last),
            _ => of.map_or((record.at, record.at), |of| (of.due, of.due)),
        };
        let in_span = self.from.is_none_or(|from| last >= from) && self.to.is_none_or(|to| first < to);
        let in_slot = self.slot.as_ref().is_none_or(|wanted| {
            of.is_some_and(|of| of.slot.as_str() == wanted || format!("{}/{}", of.area, of.slot) == *wanted)
        });
        let ended = self.outcome.is_none_or(|(outcome, why)| match &record.body {
            Some(Body::Outcome(o)) => o.outcome == outcome && (why.is_none() || o.why == why),
            _ => false,
        });
        in_span && in_slot && ended
    }
}

impl Record {
    /// The occurrence that it is about.
    pub fn occurrence(&self) -> Option<&Occurrence> {
        match self.body.as_ref()? {
            Body::Intent(intent) => Some(&intent.occurrence),
            Body::Outcome(outcome) => Some(&outcome.occurrence),
            Body::Action(action) => action.occurrence.as_ref(),
            _ => None,
        }
    }
}

impl OutcomeRecord {
    /// All frames that were sent to the PA.
    pub fn frames(&self) -> Frames {
        Frames(self.items.iter().map(|i| i.frames.0).fold(0, u64::saturating_add))
    }
}

/// A record in one sentence.
pub fn sentence(record: &Record, zone: Tz) -> Text {
    match &record.body {
        None => say::shows_newer(),
        Some(Body::Boot(boot)) if boot.cut > 0 => say::shows_boot_cut(&boot.version, boot.cut),
        Some(Body::Boot(boot)) => say::shows_boot(&boot.version),
        Some(Body::Clock(clock)) => {
            let (event, trust) = (words::clock_event(clock.event), words::trust(clock.trust));
            let said = say::shows_clock(event, local(&clock.to, zone), trust);
            with_reason(said, clock.reason.as_deref())
        }
        Some(Body::Applied(applied)) => say::shows_applied(applied.schedules.len()),
        Some(Body::Feed(feed)) if feed.stale => say::shows_stale(feed.roles.join(", ")),
        Some(Body::Feed(_)) => say::shows_fresh(),
        Some(Body::Device(device)) => words::device(device.state, &device.device),
        Some(Body::Hold(hold)) => with_reason(say::shows_hold(local(&hold.until, zone)), Some(&hold.reason)),
        Some(Body::Release(release)) if release.expired => say::shows_expired(),
        Some(Body::Release(_)) => say::shows_release(),
        Some(Body::Action(action)) => {
            let what = words::action(&action.what);
            let said = match (&action.of, &action.occurrence) {
                (_, Some(of)) => say::shows_action_of(what, occurrence(of, zone)),
                (Some(of), None) => say::shows_action_of(what, of),
                (None, None) => say::shows_action(what),
            };
            with_reason(said, action.reason.as_deref())
        }
        Some(Body::Intent(intent)) => {
            let titles: Vec<_> = intent.items.iter().map(|i| i.title.as_str()).collect();
            say::shows_intent(occurrence(&intent.occurrence, zone), titles.join(", "))
        }
        Some(Body::Outcome(outcome)) => {
            say::shows_outcome(occurrence(&outcome.occurrence, zone), outcome_text(outcome, zone))
        }
    }
}

fn with_reason(said: Text, reason: Option<&str>) -> Text {
    match reason {
        Some(reason) => say::shows_reason(said, reason),
        None => said,
    }
}

fn occurrence(of: &Occurrence, zone: Tz) -> Text {
    match of.repeat {
        Some(n) if of.area.is_urgent() => say::urgent_occurrence(&of.slot, n),
        _ => say::occurrence(&of.slot, &of.area, local(&of.due, zone)),
    }
}

fn outcome_text(outcome: &OutcomeRecord, zone: Tz) -> Text {
    let mut parts = vec![words::outcome(outcome.outcome)];
    if let Some(why) = outcome.why {
        parts.push(words::why(why));
    }
    if let Some(by) = &outcome.by {
        parts.push(say::cut_by(occurrence(by, zone)));
    }
    if let Some(run) = &outcome.run {
        parts.push(say::run_of(run.count, local(&run.last, zone)));
    }
    if !outcome.items.is_empty() {
        parts.push(say::sent(minutes(outcome.frames())));
    }
    Text::join(&parts, ", ")
}

/// `2:05`, rounded down to a second.
fn minutes(frames: Frames) -> String {
    let seconds = frames.0 / u64::from(crate::bulletin::RATE);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The first row of a spreadsheet.
pub fn csv_header(lang: Lang) -> String {
    csv_line(&say::csv_header().to(lang).split('|').map(str::to_owned).collect::<Vec<_>>())
}

/// One row: RFC 4180, ended by CR LF.
pub fn csv_row(record: &Record, zone: Tz, lang: Lang) -> String {
    let of = record.occurrence();
    let outcome = match &record.body {
        Some(Body::Outcome(outcome)) => Some(outcome),
        _ => None,
    };
    let text = |of: Option<String>| of.unwrap_or_default();
    let items = outcome.map(|o| o.items.as_slice()).unwrap_or_default();
    let first = items.iter().find_map(|i| i.first_frame);
    csv_line(&[
        record.seq.to_string(),
        local(&record.at, zone),
        sentence(record, zone).to(lang).to_owned(),
        text(of.map(|of| of.area.to_string())),
        text(of.map(|of| of.slot.to_string())),
        text(of.map(|of| local(&of.due, zone))),
        text(outcome.map(|o| words::outcome(o.outcome).to(lang).to_owned())),
        text(outcome.and_then(|o| o.why).map(|why| words::why(why).to(lang).to_owned())),
        text(outcome.map(|o| o.run.as_ref().map_or(1, |run| run.count).to_string())),
        items.iter().map(|i| i.bulletin.as_str()).collect::<Vec<_>>().join(" "),
        text(outcome.map(|o| (o.frames().0 / u64::from(crate::bulletin::RATE)).to_string())),
        text(first.map(|at| at.with_timezone(&zone).format("%d/%m/%Y %H:%M:%S%.3f").to_string())),
        text(outcome.and_then(|o| o.late_us).map(|us| (us / 1000).to_string())),
    ])
}

/// One row of any table: RFC 4180, ended by CR LF, no cell a formula.
pub fn csv_line(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| csv_cell(cell)).collect();
    cells.join(",") + "\r\n"
}

/// A quoted cell that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe.
fn csv_cell(text: &str) -> String {
    let text = plain(text);
    let is_number = text.parse::<i64>().is_ok();
    let begins = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let guard = if begins && !is_number { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// `played`, or `missed:off`: an outcome as typed, with its reason if one is given.
pub fn parse_outcome(text: &str) -> Option<(Outcome, Option<Why>)> {
    fn word<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
        serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
    }
    match text.split_once(':') {
        Some((outcome, why)) => Some((word(outcome)?, Some(word(why)?))),
        None => Some((word(text)?, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_a_spreadsheet_runs_a_formula() {
        for evil in ["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "=HYPERLINK(\"x\")"] {
            let cell = csv_cell(evil);
            assert!(cell.starts_with("\"'"), "{cell}");
        }
        assert_eq!(csv_cell("-12"), "\"-12\"");
        assert_eq!(csv_cell("Bản tin \"sáng\""), "\"Bản tin \"\"sáng\"\"\"");
    }

    #[test]
    fn a_terminal_gets_no_controls() {
        assert_eq!(plain("a\u{1b}[2Jb\u{9b}c\u{202e}d\n"), "a [2Jb cd ");
    }

    #[test]
    fn outcomes_are_typed_as_in_the_log() {
        assert_eq!(
            parse_outcome("missed:nothing-to-play"),
            Some((Outcome::Missed, Some(Why::NothingToPlay)))
        );
        assert_eq!(parse_outcome("played"), Some((Outcome::Played, None)));
        assert_eq!(parse_outcome("Played"), None);
        assert_eq!(parse_outcome("missed:"), None);
    }
}
