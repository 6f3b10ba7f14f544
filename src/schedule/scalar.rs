//! Single values of the YAML files: one rule, one example and one fault for each kind.

use std::{collections::BTreeSet, str::FromStr};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;

use super::yaml::{self, Positions};
use crate::{
    fault::{Faults, Place},
    ids::is_slug,
    text::{Text, schedule as words},
};

/// Lowest level in hundredths of dB.
pub const MIN_LEVEL_CDB: i32 = -2000;

/// What a kind of value looks like, for messages.
#[derive(Clone, Copy)]
pub struct Rule {
    /// A sentence that states it.
    pub says: fn() -> Text,
    /// A value that obeys it, as written in YAML.
    pub like: &'static str,
}

/// A slot.
pub const SLOT: Rule = Rule { says: words::rule_slug, like: "ban-tin-sang" };
/// An area.
pub const AREA: Rule = Rule { says: words::rule_slug, like: "yen-the" };
/// A station.
pub const STATION: Rule = Rule { says: words::rule_slug, like: "xuan-luong-1" };
/// A recording.
pub const BULLETIN: Rule = Rule { says: words::rule_slug, like: "duong-day-nong-111" };
/// A tag of stations.
pub const TAG: Rule = Rule { says: words::rule_slug, like: "vung-cao" };
/// A language.
pub const LANGUAGE: Rule = Rule { says: words::rule_language, like: "tyz" };
/// A day.
pub const DATE: Rule = Rule { says: words::rule_date, like: "2026-12-01" };
/// A time of day.
pub const TIME: Rule = Rule { says: words::rule_time, like: "\"05:00\"" };
/// A length of time.
pub const DURATION: Rule = Rule { says: words::rule_duration, like: "10m" };
/// A level.
pub const LEVEL: Rule = Rule { says: words::rule_level, like: "-6dB" };
/// A public key.
pub const KEY: Rule = Rule {
    says: words::rule_hex,
    like: "\"0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0\"",
};
/// A time zone.
pub const ZONE: Rule = Rule { says: words::rule_zone, like: "Asia/Ho_Chi_Minh" };
/// How many works.
pub const COUNT: Rule = Rule { says: words::rule_count, like: "2" };

/// `2026-12-01`, and no other form.
pub fn date(s: &str) -> Option<NaiveDate> {
    let shape = s.len() == 10
        && s.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let day = NaiveDate::parse_from_str(s, "%Y-%m-%d").ok()?;
    // Years of four digits, with room for a day on either side.
    (shape && (NaiveDate::from_ymd_opt(1970, 1, 2)?..NaiveDate::from_ymd_opt(2100, 1, 1)?).contains(&day))
        .then_some(day)
}

/// `HH:MM` as minutes since midnight; `24:00` is the end of the day.
pub fn time(s: &str) -> Option<u32> {
    let (h, m) = s.split_once(':')?;
    let two = |s: &str| {
        (s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse::<u32>().ok()).flatten()
    };
    let (h, m) = (two(h)?, two(m)?);
    (m < 60 && h * 60 + m <= 24 * 60).then_some(h * 60 + m)
}

/// `90s`, `10m`, `1h`, `1h30m`; from a second to a day.
pub fn duration(s: &str) -> Option<TimeDelta> {
    let (mut total, mut rest, mut last) = (0u32, s, u32::MAX);
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let n: u32 = rest[..digits].parse().ok().filter(|_| digits <= 5)?;
        let unit = match rest.as_bytes().get(digits)? {
            b'h' => 3600,
            b'm' => 60,
            b's' => 1,
            _ => return None,
        };
        if unit >= last {
            return None;
        }
        (total, last, rest) = (total.checked_add(n.checked_mul(unit)?)?, unit, &rest[digits + 1..]);
    }
    (1..=86_400).contains(&total).then(|| TimeDelta::seconds(i64::from(total)))
}

/// `-6dB`, `-4.5dB`, `0dB`, as hundredths of dB.
pub fn level(s: &str) -> Option<i32> {
    let number = s.strip_suffix("dB")?.trim_end();
    let negative = number.starts_with('-');
    let (whole, part) =
        number.trim_start_matches('-').split_once('.').unwrap_or((number.trim_start_matches('-'), "0"));
    let digits = |s: &str| (1..=2).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || number.starts_with("--") {
        return None;
    }
    let hundredths = part.parse::<i32>().ok()? * if part.len() == 1 { 10 } else { 1 };
    let magnitude = whole.parse::<i32>().ok()? * 100 + hundredths;
    let cdb = if negative { -magnitude } else { magnitude };
    (MIN_LEVEL_CDB..=0).contains(&cdb).then_some(cdb)
}

/// 64 lower-case hex digits: a raw Ed25519 public key.
pub fn key(s: &str) -> Option<[u8; 32]> {
    s.parse::<crate::digest::Digest>().ok().map(|d| d.0)
}

/// A name of the tz database.
pub fn zone(s: &str) -> Option<Tz> {
    s.parse().ok()
}

/// 1 to 20.
pub fn count(s: &str) -> Option<usize> {
    s.parse().ok().filter(|n| (1..=20).contains(n) && !s.starts_with('+'))
}

/// A tag: the same signs as an id.
pub fn tag(s: &str) -> Option<String> {
    is_slug(s).then(|| s.to_owned())
}

/// Reads values one by one and keeps all faults, so that one run names them all.
pub struct Form<'a> {
    /// Where things stand.
    pub positions: &'a Positions,
    /// What was wrong so far.
    pub faults: Faults,
}

impl<'a> Form<'a> {
    /// Goes on from faults already found.
    pub fn new(positions: &'a Positions, faults: Faults) -> Self {
        Self { positions, faults }
    }

    /// Notes a fault of the value at `path`.
    pub fn wrong(&mut self, path: &str, what: Text, remedy: Text) {
        self.faults.push(self.positions.at(path), what, remedy);
    }

    /// Notes a fault at a place.
    pub fn wrong_at(&mut self, place: Place, what: Text, remedy: Text) {
        self.faults.push(place, what, remedy);
    }

    /// The value at `path`, read by `read`, or a fault that quotes `rule`.
    pub fn value<T>(
        &mut self,
        path: &str,
        text: &str,
        rule: Rule,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = read(text).filter(|_| text != yaml::BLANK);
        if value.is_none() {
            let name = name(path);
            let (what, like) = match path.ends_with(']') {
                _ if text == yaml::BLANK => (words::blank(name), rule.like.to_owned()),
                true => (words::bad_item(text, name, (rule.says)()), format!("[{}]", rule.like)),
                false => (words::bad_value(name, text, (rule.says)()), rule.like.to_owned()),
            };
            self.wrong(path, what, words::write_like(format!("{name}: {like}")));
        }
        value
    }

    /// Like [`Form::value`], for what reads itself.
    pub fn parse<T: FromStr>(&mut self, path: &str, text: &str, rule: Rule) -> Option<T> {
        self.value(path, text, rule, |s| s.parse().ok())
    }

    /// A list of values, without repetition.
    pub fn list<T: Ord + Clone>(
        &mut self,
        path: &str,
        texts: &[String],
        rule: Rule,
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (i, text) in texts.iter().enumerate() {
            let at = format!("{path}[{i}]");
            let Some(value) = self.value(&at, text, rule, &read) else { continue };
            if seen.insert(value.clone()) {
                out.push(value);
            } else {
                self.wrong(&at, words::twice_in_list(text), words::twice_in_list_remedy());
            }
        }
        out
    }

    /// `format: 1`, the only one so far.
    pub fn format(&mut self, text: &str) {
        if text != "1" {
            self.wrong("format", words::bad_format(text), words::bad_format_remedy());
        }
    }

    /// Text for people: not empty, one line, at most 200 characters; NFC on the way out.
    pub fn words(&mut self, path: &str, text: &str) -> String {
        use unicode_normalization::UnicodeNormalization;
        let text: String = text.trim().nfc().collect();
        if text.is_empty()
            || text == yaml::BLANK
            || text.chars().count() > 200
            || text.chars().any(char::is_control)
        {
            self.wrong(path, words::bad_words(name(path)), words::bad_words_remedy());
        }
        text
    }
}

/// The key that names the value at a path.
fn name(path: &str) -> &str {
    let end =
        path.find('[').filter(|_| path.ends_with(']')).map_or(path.len(), |_| path.rfind('[').unwrap_or(0));
    let path = &path[..end];
    path.rsplit('.').next().unwrap_or(path)
}
