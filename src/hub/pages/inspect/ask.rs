//! What a form of these pages asks, read from the URL and written into it again. Every value is checked: a page either
//! answers what was asked or says what was wrong.

use serde::Deserialize;

use super::figures::{self, ENDINGS};
use crate::{
    asrun::show,
    bulletin::LangTag,
    hub::{
        Fail,
        db::inspect::{Key, Search},
    },
    ids::is_slug,
    text::hub_inspect as words,
};

/// The longest period of a page or file that is counted or packed whole, in days.
pub const LONGEST: i64 = 366;
/// How far back a page looks when nobody says.
const USUAL: i64 = 7;

/// The query string, empty values left out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "named as the fields of the forms")]
pub struct Asked {
    #[serde(deserialize_with = "filled")]
    pub area: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub by: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub station: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub from: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub to: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub month: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub category: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub language: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub bulletin: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub outcome: Option<String>,
    #[serde(deserialize_with = "filled")]
    pub after: Option<String>,
}

fn filled<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()))
}

/// Days, the last one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: i64,
    /// Last day.
    pub to: i64,
}

impl Asked {
    /// Whether communes are taken as they are now.
    pub fn now(&self) -> bool {
        self.by.as_deref() == Some("now")
    }

    /// The period, the last week by default.
    pub fn period(&self, today: i64) -> Result<Period, Fail> {
        let to = self.to.as_deref().map_or(Ok(today), day)?;
        let from = self.from.as_deref().map_or(Ok(to - USUAL + 1), day)?;
        if from > to { Err(Fail::Refused(words::bad_period())) } else { Ok(Period { from, to }) }
    }

    /// The first day of the month, this one by default, and of the next.
    pub fn month(&self, today: i64) -> Result<(i64, i64), Fail> {
        let first = match &self.month {
            Some(month) => day(&format!("{month}-01")).map_err(|_| Fail::Refused(words::bad_month(month)))?,
            None => day(&format!("{}-01", &figures::iso(today)[..7]))?,
        };
        Ok((first, next_month(first)))
    }

    /// The filters, checked. `cut` is the caller's.
    pub fn search(&self, cut: crate::hub::db::inspect::Cut, period: Period) -> Result<Search, Fail> {
        let bad = |what: crate::text::Text, text: &str| Err(Fail::Refused(words::bad_word(what, text)));
        for (what, value) in [(words::station(), &self.station), (words::bulletin(), &self.bulletin)] {
            if let Some(text) = value.as_deref().filter(|t| !is_slug(t)) {
                return bad(what, text);
            }
        }
        if let Some(text) = self.language.as_deref().filter(|t| t.parse::<LangTag>().is_err()) {
            return bad(words::language(), text);
        }
        if let Some(text) =
            self.category.as_deref().filter(|t| figures::parsed::<crate::bulletin::Category>(t).is_none())
        {
            return bad(words::category(), text);
        }
        if let Some(text) = self.outcome.as_deref().filter(|t| show::parse_outcome(t).is_none()) {
            return bad(words::outcome(), text);
        }
        let (outcome, why) = match self.outcome.as_deref().map(|o| o.split_once(':').unwrap_or((o, ""))) {
            Some((outcome, why)) => {
                (Some(outcome.to_owned()), Some(why.to_owned()).filter(|w| !w.is_empty()))
            }
            None => (None, None),
        };
        let after = self.after.as_deref().map(|text| key(text).ok_or(Fail::NotFound)).transpose()?;
        Ok(Search {
            cut,
            station: self.station.clone(),
            from: figures::midnight(period.from),
            to: figures::midnight(period.to + 1),
            category: self.category.clone(),
            language: self.language.clone(),
            bulletin: self.bulletin.clone(),
            outcome,
            why,
            after,
        })
    }

    /// The query string. What stands in it was checked: slugs, days, words of lists.
    pub fn query(&self) -> String {
        let fields = [
            ("area", &self.area),
            ("by", &self.by),
            ("station", &self.station),
            ("from", &self.from),
            ("to", &self.to),
            ("month", &self.month),
            ("category", &self.category),
            ("language", &self.language),
            ("bulletin", &self.bulletin),
            ("outcome", &self.outcome),
            ("after", &self.after),
        ];
        let safe = |value: &str| value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-:._".contains(&b));
        let pairs = fields.iter().filter_map(|(name, value)| {
            value.as_deref().filter(|v| safe(v)).map(|value| format!("{name}={value}"))
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Where this page is: `path` with the query.
    pub fn at(&self, path: &str) -> String {
        let query = self.query();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// The number of a day written as `2026-12-01`.
pub fn day(text: &str) -> Result<i64, Fail> {
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(figures::number_of);
    // Within what the rest of the product can place: 1970 to 2100.
    date.filter(|day| (0..47_482).contains(day)).ok_or_else(|| Fail::Refused(words::bad_day(text)))
}

/// The first day of the month after that of `first`.
pub fn next_month(first: i64) -> i64 {
    let date = figures::date_of(first);
    date.checked_add_months(chrono::Months::new(1)).map_or(first + 31, figures::number_of)
}

/// The first day of the month before.
pub fn previous_month(first: i64) -> i64 {
    let date = figures::date_of(first);
    date.checked_sub_months(chrono::Months::new(1)).map_or(first - 31, figures::number_of)
}

/// A place in the order of records, as it stands in a URL.
pub fn written(key: &Key) -> String {
    format!("{}.{}.{}", key.ts, hex::encode(&key.log), key.seq)
}

fn key(text: &str) -> Option<Key> {
    let mut parts = text.split('.');
    let key = Key {
        ts: parts.next()?.parse().ok()?,
        log: hex::decode(parts.next()?).ok().filter(|log| log.len() == 32)?,
        seq: parts.next()?.parse().ok()?,
    };
    parts.next().is_none().then_some(key)
}

/// The endings of a form, in words.
pub fn endings(chosen: Option<&str>, lang: crate::text::Lang) -> Vec<super::scope::Choice> {
    ENDINGS
        .iter()
        .map(|ending| {
            let (outcome, why) = ending.split_once(':').unwrap_or((ending, ""));
            let title = figures::ending(outcome, why).to(lang).to_owned();
            super::scope::Choice { value: (*ending).to_owned(), title, chosen: chosen == Some(*ending) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_order_reads_back() {
        let place = Key { ts: 1_796_079_600_000_000, log: vec![7; 32], seq: 42 };
        assert_eq!(key(&written(&place)), Some(place));
        for bad in ["", "1", "1.2.3", "1.zz.3", "a.b.c.d"] {
            assert_eq!(key(bad), None, "{bad}");
        }
    }

    #[test]
    fn nothing_foreign_gets_into_a_link() {
        let asked = Asked { station: Some("a\"&from=x".into()), by: Some("now".into()), ..Asked::default() };
        assert_eq!(asked.at("/inspect"), "/inspect?by=now");
    }

    #[test]
    fn a_period_is_the_last_week_and_never_backwards() {
        let usual = Asked::default().period(20_000).unwrap_or(Period { from: 0, to: 0 });
        assert_eq!(usual, Period { from: 19_994, to: 20_000 });
        let from = |from: &str, to: &str| {
            Asked { from: Some(from.into()), to: Some(to.into()), ..Asked::default() }.period(0)
        };
        assert!(from("2026-12-02", "2026-12-01").is_err());
        assert!(from("2026-02-30", "2026-12-01").is_err());
        assert!(from("2026-12-01", "2026-12-01").is_ok());
    }
}
