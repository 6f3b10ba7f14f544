//! What each kind of record holds: the tables of docs/asrun.md. Pure.
//!
//! A line of a known kind must fit its table. Kinds, words and later keys that are not in it are a newer writer's:
//! they verify, and are counted.

use super::canon::Json;
use chrono::{DateTime, Timelike, Utc};

/// What a value must be.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A whole number from the given one up.
    Int(i64),
    /// `true` or `false`.
    Bool,
    /// `true`; left out otherwise.
    True,
    /// Any text.
    Text,
    /// An id: [`crate::ids::is_slug`].
    Slug,
    /// 64 lower-case hex digits.
    Hash,
    /// `2026-12-01T06:00:00.000000Z`, years 1970 to 9999.
    Instant,
    /// One of these words, or one in lower case that a newer writer added.
    Word(&'static [&'static str]),
    /// Keys in byte order, each with such a value.
    MapOf(&'static Shape),
    /// At least so many of such values.
    ListOf(&'static Shape, usize),
    /// Known keys in this order, then newer ones.
    Object(&'static [Key]),
}

/// A key of an object.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Whether it always stands.
    pub always: bool,
    /// What it holds.
    pub shape: Shape,
}

const fn must(name: &'static str, shape: Shape) -> Key {
    Key { name, always: true, shape }
}

const fn may(name: &'static str, shape: Shape) -> Key {
    Key { name, always: false, shape }
}

/// What begins every line; the keys of its kind follow, and `sig` is last.
pub const ENVELOPE: [Key; 5] = [
    must("format", Shape::Int(1)),
    must("seq", Shape::Int(1)),
    must("prev", Shape::Hash),
    must("at", Shape::Instant),
    must("kind", Shape::Slug),
];

/// A receipt, without `sig`.
pub const RECEIPT: [Key; 4] = [
    must("log", Shape::Hash),
    must("seq", Shape::Int(1)),
    must("hash", Shape::Hash),
    must("at", Shape::Instant),
];

const OCCURRENCE: Shape = Shape::Object(&[
    must("area", Shape::Slug),
    must("slot", Shape::Slug),
    must("due", Shape::Instant),
    may("repeat", Shape::Int(1)),
]);
const TRUST: Shape = Shape::Word(&["no", "synced", "set", "rtc", "always"]);
const VERSIONS: Shape = Shape::MapOf(&Shape::Int(0));

/// The keys of each kind.
pub const KINDS: [(&str, &[Key]); 10] = [
    (
        "boot",
        &[
            must("station", Shape::Slug),
            must("log", Shape::Hash),
            must("version", Shape::Text),
            must("cut", Shape::Int(0)),
            may(
                "continues",
                Shape::Object(&[
                    must("log", Shape::Hash),
                    must("seq", Shape::Int(1)),
                    must("hash", Shape::Hash),
                ]),
            ),
            may("boot_id", Shape::Text),
        ],
    ),
    (
        "clock",
        &[
            must("event", Shape::Word(&["trusted", "distrusted", "set", "stepped"])),
            must("trust", TRUST),
            may("from", Shape::Instant),
            must("to", Shape::Instant),
            may("reason", Shape::Text),
            may("alarm", Shape::True),
        ],
    ),
    (
        "applied",
        &[must("feed", VERSIONS), may("policy", Shape::Hash), must("schedules", Shape::MapOf(&Shape::Hash))],
    ),
    ("feed", &[must("stale", Shape::Bool), must("roles", Shape::ListOf(&Shape::Text, 0))]),
    (
        "device",
        &[
            must("state", Shape::Word(&["lost", "back"])),
            must("device", Shape::Text),
            may("why", Shape::Text),
        ],
    ),
    ("hold", &[may("area", Shape::Slug), must("until", Shape::Instant), must("reason", Shape::Text)]),
    ("release", &[may("area", Shape::Slug), must("expired", Shape::Bool)]),
    (
        "action",
        &[
            must("what", Shape::Text),
            may("of", Shape::Text),
            may("reason", Shape::Text),
            may("occurrence", OCCURRENCE),
        ],
    ),
    (
        "intent",
        &[
            must("occurrence", OCCURRENCE),
            must("class", Shape::Word(&["normal", "priority", "urgent"])),
            must(
                "items",
                Shape::ListOf(
                    &Shape::Object(&[
                        must("bulletin", Shape::Slug),
                        must("sha256", Shape::Hash),
                        must("title", Shape::Text),
                        may("category", Shape::Word(&["law", "tricks", "justice", "support", "models"])),
                        must("languages", Shape::ListOf(&Shape::Text, 0)),
                        must("length", Shape::Int(0)),
                    ]),
                    0,
                ),
            ),
            must("feed", VERSIONS),
            must("level_cdb", Shape::Int(-super::canon::MAX_INT)),
            must("clock", TRUST),
            must("device", Shape::Text),
        ],
    ),
    (
        "outcome",
        &[
            must("occurrence", OCCURRENCE),
            must(
                "outcome",
                Shape::Word(&["played", "preempted", "interrupted", "partial", "missed", "skipped"]),
            ),
            may("why", Shape::Word(WHY)),
            may("by", OCCURRENCE),
            may(
                "items",
                Shape::ListOf(
                    &Shape::Object(&[
                        must("bulletin", Shape::Slug),
                        must("sha256", Shape::Hash),
                        must("frames", Shape::Int(0)),
                        may("first_frame", Shape::Instant),
                    ]),
                    1,
                ),
            ),
            may("late_us", Shape::Int(-super::canon::MAX_INT)),
            may(
                "run",
                Shape::Object(&[
                    must("first", Shape::Instant),
                    must("last", Shape::Instant),
                    must("count", Shape::Int(1)),
                ]),
            ),
        ],
    ),
];

/// The closed list of reasons.
const WHY: &[&str] = &[
    "power",
    "kill",
    "sigterm",
    "time",
    "missing-item",
    "stopped",
    "withdrawn",
    "frames",
    "hold",
    "device",
    "off",
    "clock",
    "late",
    "busy",
    "integrity",
    "nothing-to-play",
    "declined",
    "slot-gone",
];

/// A value is not what its table says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The key, such as `occurrence.due`; empty for the line itself.
    pub key: String,
}

/// How a value fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// All of it is known.
    Known,
    /// Something in it is newer than this version.
    Newer,
}

/// Whether a line, read but for `sig`, fits its envelope and, if its kind is known, the table of it.
pub fn line(members: &[(String, Json)]) -> Result<Fit, Misfit> {
    let (envelope, rest) = members.split_at(members.len().min(ENVELOPE.len()));
    let strange = object(envelope, &ENVELOPE)?;
    let kind = members.iter().find(|(k, _)| k == "kind").map(|(_, v)| v);
    let table = KINDS.iter().find(|(name, _)| kind.is_some_and(|k| *k == Json::Text((*name).to_owned())));
    match (strange, table) {
        // Only exactly the five keys of the envelope can begin a line.
        (Fit::Newer, _) => Err(Misfit { key: String::new() }),
        (Fit::Known, Some((_, keys))) => object(rest, keys),
        (Fit::Known, None) => Ok(Fit::Newer),
    }
}

/// Whether members fit a table: known keys in its order, then newer ones.
pub fn object(members: &[(String, Json)], keys: &[Key]) -> Result<Fit, Misfit> {
    let mut left = members.iter().peekable();
    let mut fit = Fit::Known;
    for key in keys {
        match left.peek() {
            Some((name, value)) if name == key.name => {
                fit = fit.max(value_fits(value, key.shape).map_err(|m| m.under(key.name))?);
                left.next();
            }
            _ if key.always => return Err(Misfit { key: key.name.to_owned() }),
            _ => {}
        }
    }
    for (name, _) in left {
        if keys.iter().any(|k| k.name == name) {
            return Err(Misfit { key: name.clone() });
        }
        fit = Fit::Newer;
    }
    Ok(fit)
}

impl Misfit {
    fn under(self, key: &str) -> Self {
        let dot = if self.key.is_empty() { "" } else { "." };
        Self { key: format!("{key}{dot}{}", self.key) }
    }
}

fn value_fits(value: &Json, shape: Shape) -> Result<Fit, Misfit> {
    let known = |good: bool| if good { Ok(Fit::Known) } else { Err(Misfit { key: String::new() }) };
    match (value, shape) {
        (Json::Int(n), Shape::Int(from)) => known(*n >= from),
        (Json::Bool(_), Shape::Bool) | (Json::Bool(true), Shape::True) | (Json::Text(_), Shape::Text) => {
            Ok(Fit::Known)
        }
        (Json::Text(s), Shape::Slug) => known(crate::ids::is_slug(s)),
        (Json::Text(s), Shape::Hash) => known(s.parse::<crate::digest::Digest>().is_ok()),
        (Json::Text(s), Shape::Instant) => known(instant(s).is_some()),
        (Json::Text(s), Shape::Word(words)) if words.contains(&s.as_str()) => Ok(Fit::Known),
        (Json::Text(s), Shape::Word(_)) if crate::ids::is_slug(s) => Ok(Fit::Newer),
        (Json::List(items), Shape::ListOf(shape, least)) => {
            known(items.len() >= least)?;
            items.iter().try_fold(Fit::Known, |fit, item| Ok(fit.max(value_fits(item, *shape)?)))
        }
        (Json::Map(members), Shape::MapOf(shape)) => {
            known(members.is_sorted_by(|a, b| a.0 < b.0))?;
            members.iter().try_fold(Fit::Known, |fit, (_, v)| Ok(fit.max(value_fits(v, *shape)?)))
        }
        (Json::Map(members), Shape::Object(keys)) => object(members, keys),
        _ => known(false),
    }
}

/// An instant in its one spelling.
pub fn instant(text: &str) -> Option<DateTime<Utc>> {
    let form = b"0000-00-00T00:00:00.000000Z";
    let fits = text.len() == form.len()
        && text.bytes().zip(form).all(|(c, f)| if *f == b'0' { c.is_ascii_digit() } else { c == *f });
    let at = text.parse::<DateTime<Utc>>().ok().filter(|_| fits && text >= "1970")?;
    // A leap second has no place in a log: POSIX clocks have none.
    (at.nanosecond() < 1_000_000_000).then_some(at)
}
