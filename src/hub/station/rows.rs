//! From verified lines to what is asked of them later. Pure. It reads words, not today's types, so that a newer word in
//! a record hides nothing; what an outcome's bulletins were called stands in its intent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use crate::hub::db::{
    micros,
    records::{Airing, Row},
};

/// What tells the occurrences of a station apart: area, slot, and the due instant or, of an urgent order, which repeat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Of {
    /// Its area.
    pub area: String,
    /// Its slot.
    pub slot: String,
    /// When it is due, microseconds.
    pub due: i64,
    /// Of an urgent order: 1 for the first airing.
    pub repeat: Option<i64>,
}

impl Of {
    /// The occurrence of a record, if it has one.
    pub fn read(record: &Value) -> Option<Self> {
        let of = record.get("occurrence")?;
        let area = text(of, "area");
        let urgent = area == "urgent";
        Some(Self {
            slot: text(of, "slot"),
            due: instant(of.get("due"))?,
            repeat: of.get("repeat").and_then(Value::as_i64).filter(|_| urgent),
            area,
        })
    }

    /// Whether both are the same occurrence (docs/asrun.md section 4).
    pub fn is(&self, other: &Self) -> bool {
        let when = match (self.repeat, other.repeat) {
            (Some(a), Some(b)) => a == b,
            (None, None) => self.due == other.due,
            _ => false,
        };
        when && (&self.area, &self.slot) == (&other.area, &other.slot)
    }
}

/// Bulletins as an intent calls them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called(BTreeMap<String, (String, String, String)>);

impl Called {
    /// Of an intent.
    pub fn read(intent: &Value) -> Self {
        let one = |item: &Value| {
            let language = item["languages"].get(0).and_then(Value::as_str).unwrap_or_default();
            (text(item, "bulletin"), (text(item, "title"), text(item, "category"), language.to_owned()))
        };
        Self(list(intent, "items").map(one).collect())
    }
}

/// Intents by occurrence.
#[derive(Debug, Default)]
pub struct Intents(Vec<(Of, Called)>);

impl Intents {
    /// Adds one; the newest counts.
    pub fn add(&mut self, intent: &Value) {
        if let Some(of) = Of::read(intent) {
            self.0.retain(|(other, _)| !other.is(&of));
            self.0.push((of, Called::read(intent)));
        }
    }

    fn get(&self, of: &Of) -> Option<&Called> {
        self.0.iter().find(|(other, _)| other.is(of)).map(|(_, called)| called)
    }
}

/// The occurrences whose intent stands in none of these records: it came earlier.
pub fn wanting(records: &[Value]) -> Vec<Of> {
    let mut here = Intents::default();
    let mut wanting = Vec::new();
    for record in records {
        match record["kind"].as_str() {
            Some("intent") => here.add(record),
            Some("outcome") if list(record, "items").next().is_some() => {
                wanting.extend(Of::read(record).filter(|of| here.get(of).is_none()));
            }
            _ => {}
        }
    }
    wanting
}

/// The rows of verified lines. `before` holds intents that came earlier; `hotline` says whether a bulletin names one.
pub fn rows(
    lines: &[(&[u8], Value)],
    mut before: Intents,
    zone: Tz,
    hotline: impl Fn(&str) -> bool,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for (line, record) in lines {
        if record["kind"] == "intent" {
            before.add(record);
        }
        rows.push(row(line, record, &before, zone, &hotline));
    }
    rows
}

fn row(line: &[u8], record: &Value, intents: &Intents, zone: Tz, hotline: &impl Fn(&str) -> bool) -> Row {
    let of = Of::read(record);
    let at = instant(record.get("at")).unwrap_or_default();
    let ts = of.as_ref().map_or(at, |of| of.due);
    let is_outcome = record["kind"] == "outcome";
    let called = of.as_ref().and_then(|of| intents.get(of));
    let airings: Vec<_> = list(record, "items")
        .filter(|_| is_outcome)
        .map(|item| {
            let bulletin = text(item, "bulletin");
            let (title, category, language) =
                called.and_then(|c| c.0.get(&bulletin)).cloned().unwrap_or_default();
            let frames = item["frames"].as_i64().unwrap_or_default();
            Airing { hotline: i64::from(hotline(&bulletin)), bulletin, title, category, language, frames }
        })
        .collect();
    let (area, slot) = of.map(|of| (of.area, of.slot)).unwrap_or_default();
    let count = record["run"]["count"].as_i64().unwrap_or(1);
    Row {
        seq: record["seq"].as_i64().unwrap_or_default(),
        at,
        ts,
        day: day(ts, zone),
        kind: text(record, "kind"),
        area,
        slot,
        outcome: if is_outcome { text(record, "outcome") } else { String::new() },
        why: if is_outcome { text(record, "why") } else { String::new() },
        count: if is_outcome { count } else { 0 },
        frames: airings.iter().map(|a| a.frames).sum(),
        line: line.to_vec(),
        airings,
    }
}

/// The day of an instant (microseconds) in a zone, days since 1970-01-01.
pub fn day(ts: i64, zone: Tz) -> i64 {
    let local = crate::hub::db::instant(ts).with_timezone(&zone).date_naive();
    (local - chrono::NaiveDate::default()).num_days()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn instant(value: Option<&Value>) -> Option<i64> {
    value?.as_str()?.parse::<DateTime<Utc>>().ok().map(micros)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows_of(records: &[Value], before: Intents) -> Vec<Row> {
        let lines: Vec<_> = records.iter().map(|r| (&b"line"[..], r.clone())).collect();
        rows(&lines, before, chrono_tz::Asia::Ho_Chi_Minh, |id| id == "luat-1")
    }

    fn intent(due: &str) -> Value {
        json!({"seq": 2, "at": "2026-12-01T22:29:58.000000Z", "kind": "intent",
               "occurrence": {"area": "yen-the", "slot": "sang", "due": due},
               "items": [{"bulletin": "chuong", "title": "Nhạc hiệu", "languages": []},
                         {"bulletin": "luat-1", "title": "Luật", "category": "law", "languages": ["tyz", "vi"]}]})
    }

    fn outcome(due: &str) -> Value {
        json!({"seq": 3, "at": "2026-12-01T22:31:00.000000Z", "kind": "outcome", "outcome": "partial", "why": "hold",
               "occurrence": {"area": "yen-the", "slot": "sang", "due": due},
               "items": [{"bulletin": "chuong", "frames": 100}, {"bulletin": "luat-1", "frames": 2000}]})
    }

    #[test]
    fn an_outcome_is_called_as_its_intent_called_it() {
        let due = "2026-12-01T22:30:00.000000Z";
        let rows = rows_of(&[intent(due), outcome(due)], Intents::default());
        let row = &rows[1];
        assert_eq!(
            (row.outcome.as_str(), row.why.as_str(), row.count, row.frames),
            ("partial", "hold", 1, 2100)
        );
        assert_eq!(row.ts, micros(due.parse().unwrap()), "it counts for when it was due");
        assert_eq!(row.day, 20_789, "05:30 on 2 December in the province");
        let law = &row.airings[1];
        let called = (law.title.as_str(), law.category.as_str(), law.language.as_str(), law.hotline);
        assert_eq!(called, ("Luật", "law", "tyz", 1));
        assert_eq!((row.airings[0].category.as_str(), row.airings[0].hotline), ("", 0));
        assert_eq!((rows[0].count, rows[0].airings.len()), (0, 0), "an intent is nothing that aired");
    }

    #[test]
    fn an_intent_that_came_earlier_is_asked_for() {
        let due = "2026-12-01T22:30:00.000000Z";
        assert!(wanting(&[intent(due), outcome(due)]).is_empty());
        assert_eq!(wanting(&[outcome(due)]), [Of::read(&outcome(due)).unwrap()]);
        let mut before = Intents::default();
        before.add(&intent(due));
        assert_eq!(rows_of(&[outcome(due)], before)[0].airings[1].title, "Luật");
    }

    #[test]
    fn repeats_of_an_urgent_order_are_told_apart_by_number_alone() {
        let of = |due: &str, repeat: i64| {
            Of::read(&json!({"occurrence": {"area": "urgent", "slot": "bao", "due": due, "repeat": repeat}}))
                .unwrap()
        };
        let (a, b) = ("2026-12-01T06:00:00.000000Z", "2026-12-01T06:05:00.000000Z");
        assert!(of(a, 1).is(&of(b, 1)) && !of(a, 1).is(&of(a, 2)));
    }

    #[test]
    fn a_run_of_misses_counts_each_and_a_newer_record_hides_nothing() {
        let run = json!({"seq": 9, "at": "2026-12-05T00:00:00.000000Z", "kind": "outcome", "outcome": "missed", "why": "off",
            "occurrence": {"area": "a", "slot": "s", "due": "2026-12-01T00:00:00.000000Z"}, "run": {"count": 12}});
        let newer = json!({"seq": 10, "at": "2026-12-05T00:00:00.000000Z", "kind": "heard", "level": 3});
        let rows = rows_of(&[run, newer], Intents::default());
        assert_eq!((rows[0].count, rows[1].count, rows[1].kind.as_str()), (12, 0, "heard"));
    }
}
