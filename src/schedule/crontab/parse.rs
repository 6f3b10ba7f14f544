//! The grammar. Strict where crons disagree or read nonsense in silence (notes beside each refusal).

use std::str::FromStr;

use super::{CronFault, CronLine, bits, longest};
use crate::text::{Text, schedule as words};

/// Nicknames of crontab(5), and the five fields that they stand for. Lower case only, as vixie's.
const NICKNAMES: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

struct Field {
    name: fn() -> Text,
    low: u32,
    high: u32,
    names: &'static [&'static str],
}

const SECOND: Field = Field { name: words::field_second, low: 0, high: 59, names: &[] };
const MINUTE: Field = Field { name: words::field_minute, low: 0, high: 59, names: &[] };
const HOUR: Field = Field { name: words::field_hour, low: 0, high: 23, names: &[] };
const DAY: Field = Field { name: words::field_day, low: 1, high: 31, names: &[] };
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH: Field = Field { name: words::field_month, low: 1, high: 12, names: &MONTHS };
/// 0 and 7 are Sunday.
const WEEKDAY: Field = Field {
    name: words::field_weekday,
    low: 0,
    high: 7,
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

/// A field as a set of numbers; `star`: it begins with `*`, which is what vixie asks, so `*/2` counts and `1-31` does not.
#[derive(Clone, Copy)]
struct Set {
    bits: u64,
    star: bool,
}

/// A piece of the line and the column, from 1, of its first character.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    column: u32,
}

impl<'a> Piece<'a> {
    fn split(self, by: char) -> impl Iterator<Item = Piece<'a>> {
        let mut column = self.column;
        self.text.split(by).map(move |text| {
            let piece = Piece { text, column };
            column += text.chars().count() as u32 + 1;
            piece
        })
    }

    fn cut(self, by: char) -> (Piece<'a>, Option<Piece<'a>>) {
        match self.text.split_once(by) {
            None => (self, None),
            Some((head, tail)) => {
                let column = self.column + head.chars().count() as u32 + 1;
                (Piece { text: head, ..self }, Some(Piece { text: tail, column }))
            }
        }
    }

    fn fault(self, what: Text, remedy: Text) -> CronFault {
        CronFault { what, remedy, column: self.column }
    }
}

pub fn line(source: &str) -> Result<CronLine, CronFault> {
    if let Some((at, c)) =
        source.chars().enumerate().find(|(_, c)| !(c.is_ascii_graphic() || matches!(c, ' ' | '\t')))
    {
        let column = at as u32 + 1;
        let shown = if c.is_control() || c.is_whitespace() {
            format!("U+{:04X}", u32::from(c))
        } else {
            c.to_string()
        };
        return Err(CronFault {
            what: words::cron_foreign(shown),
            remedy: words::cron_foreign_remedy(),
            column,
        });
    }
    let pieces = fields(source);
    if let Some(first) = pieces.first().filter(|p| p.text.starts_with('@')) {
        return nickname(source, *first, pieces.len());
    }
    let sets = match pieces.as_slice() {
        [] => return Err(CronFault { what: words::cron_empty(), remedy: words::cron_shape(), column: 0 }),
        [m, h, d, mo, w] => sets(None, [m, h, d, mo, w])?,
        [s, m, h, d, mo, w] => sets(Some(s), [m, h, d, mo, w])?,
        [.., last] if pieces.len() == 7 => {
            return Err(last.fault(words::cron_year(last.text), words::cron_year_remedy()));
        }
        _ => {
            let (what, remedy) = (words::cron_count(pieces.len()), words::cron_shape());
            return Err(CronFault { what, remedy, column: 0 });
        }
    };
    build(source, sets)
}

fn fields(source: &str) -> Vec<Piece<'_>> {
    let whole = Piece { text: source, column: 1 };
    // All is ASCII here, so the two separators can be taken in turn.
    whole.split(' ').flat_map(|p| p.split('\t')).filter(|p| !p.text.is_empty()).collect()
}

fn nickname(source: &str, word: Piece<'_>, pieces: usize) -> Result<CronLine, CronFault> {
    if word.text.eq_ignore_ascii_case("@reboot") {
        return Err(word.fault(words::cron_reboot(), words::cron_reboot_remedy()));
    }
    let known = NICKNAMES.iter().find(|(name, _)| *name == word.text);
    match known {
        Some((_, meant)) if pieces == 1 => Ok(CronLine { source: source.to_owned(), ..line(meant)? }),
        Some(_) => {
            Err(word.fault(words::cron_nickname_alone(word.text), words::cron_nickname_alone_remedy()))
        }
        None => {
            let lower = word.text.to_ascii_lowercase();
            let near = NICKNAMES.iter().find(|(name, _)| *name == lower).map(|(name, _)| *name);
            Err(word.fault(
                words::cron_nickname(word.text),
                match near {
                    Some(near) => words::cron_write(near),
                    None => words::cron_nicknames(),
                },
            ))
        }
    }
}

fn sets(second: Option<&Piece<'_>>, rest: [&Piece<'_>; 5]) -> Result<[Set; 6], CronFault> {
    let [minute, hour, day, month, weekday] = rest;
    let second = second.map_or(Ok(Set { bits: 1, star: false }), |s| field(&SECOND, *s))?;
    let mut weekday = field(&WEEKDAY, *weekday)?;
    if weekday.bits & 1 << 7 != 0 {
        weekday.bits = weekday.bits & !(1 << 7) | 1;
    }
    Ok([
        second,
        field(&MINUTE, *minute)?,
        field(&HOUR, *hour)?,
        field(&DAY, *day)?,
        field(&MONTH, *month)?,
        weekday,
    ])
}

fn field(spec: &Field, piece: Piece<'_>) -> Result<Set, CronFault> {
    let mut bits = 0;
    for part in piece.split(',') {
        if part.text.is_empty() {
            return Err(part.fault(words::cron_comma((spec.name)()), words::cron_comma_remedy()));
        }
        bits |= item(spec, part)?;
    }
    Ok(Set { bits, star: piece.text.starts_with('*') })
}

/// `*`, `5`, `5-10`, each of the first and last with `/step`.
fn item(spec: &Field, part: Piece<'_>) -> Result<u64, CronFault> {
    refuse_extensions(spec, part)?;
    let (range, step) = part.cut('/');
    let (low, high) = if range.text == "*" {
        (spec.low, spec.high)
    } else {
        let (from, to) = range.cut('-');
        let low = number(spec, from)?;
        match to {
            Some(to) => (low, number(spec, to)?),
            None => {
                if let Some(step) = step {
                    // cronie reads 5/10 as 5, others as 5-59/10.
                    let meant = format!(
                        "{}-{}/{}",
                        low,
                        spec.high.min(if spec.high == 7 { 6 } else { 59 }),
                        step.text
                    );
                    return Err(part.fault(words::cron_step_alone(part.text), words::cron_write(meant)));
                }
                (low, low)
            }
        }
    };
    if low > high {
        return Err(part.fault(words::cron_backwards((spec.name)(), part.text), backwards(spec, low, high)));
    }
    let step = step.map_or(Ok(1), |step| self::step(spec, step))?;
    Ok((low..=high).step_by(step as usize).fold(0, |set, n| set | 1 << n))
}

/// What Quartz and others add; Debian refuses some and reads others as nonsense.
fn refuse_extensions(spec: &Field, part: Piece<'_>) -> Result<(), CronFault> {
    let text = part.text;
    let upper = text.to_ascii_uppercase();
    if text.contains('?') {
        return Err(part.fault(words::cron_question(), words::cron_write("*")));
    }
    if text.contains('#') {
        return Err(part.fault(words::cron_hash(text), words::cron_hash_remedy()));
    }
    let last =
        upper == "L" || upper == "LW" || upper.strip_suffix('L').is_some_and(|n| n.parse::<u32>().is_ok());
    if last || upper.starts_with("L-") {
        return Err(part.fault(words::cron_last(text), words::cron_last_remedy()));
    }
    if upper.strip_suffix('W').is_some_and(|n| n.parse::<u32>().is_ok()) {
        return Err(part.fault(words::cron_workday(text), words::cron_workday_remedy()));
    }
    if text.contains('*') && text != "*" && !text.starts_with("*/") {
        return Err(part.fault(words::cron_star((spec.name)(), text), words::cron_star_remedy()));
    }
    if text.matches('-').count() > 1 || text.matches('/').count() > 1 {
        return Err(part.fault(words::cron_twice((spec.name)(), text), words::cron_twice_remedy()));
    }
    Ok(())
}

fn number(spec: &Field, piece: Piece<'_>) -> Result<u32, CronFault> {
    let (low, high) = (spec.low, spec.high);
    let range = || words::cron_range_remedy((spec.name)(), low, high);
    if piece.text.is_empty() {
        return Err(piece.fault(words::cron_no_number((spec.name)()), range()));
    }
    if piece.text.bytes().all(|b| b.is_ascii_digit()) {
        let digits = piece.text.trim_start_matches('0');
        let n: u32 = if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u32::MAX) };
        if (low..=high).contains(&n) {
            return Ok(n);
        }
        return Err(piece.fault(words::cron_out_of_range((spec.name)(), piece.text), range()));
    }
    let lower = piece.text.to_ascii_lowercase();
    if let Some(at) = spec.names.iter().position(|name| *name == lower) {
        return Ok(at as u32 + u32::from(spec.low == 1));
    }
    let short = spec.names.iter().find(|name| lower.len() > 3 && lower.starts_with(**name));
    Err(match short {
        Some(short) => {
            piece.fault(words::cron_full_name(piece.text), words::cron_write(short.to_ascii_uppercase()))
        }
        None => piece.fault(words::cron_not_a_number((spec.name)(), piece.text), range()),
    })
}

fn step(spec: &Field, piece: Piece<'_>) -> Result<u32, CronFault> {
    let high = spec.high;
    let n = piece.text.parse::<u32>().ok().filter(|_| piece.text.bytes().all(|b| b.is_ascii_digit()));
    match n {
        Some(n) if (1..=high).contains(&n) => Ok(n),
        // Debian refuses a step beyond the range, cronie reads it as the first value alone.
        _ => Err(piece.fault(words::cron_step((spec.name)(), piece.text), words::cron_step_remedy(high))),
    }
}

/// For a range that runs over its end, the list that is meant.
fn backwards(spec: &Field, low: u32, high: u32) -> Text {
    let name = |n: u32| match spec.names.get((n - spec.low) as usize) {
        Some(name) => name.to_ascii_uppercase(),
        None => n.to_string(),
    };
    let top = if spec.high == 7 { 6 } else { spec.high };
    let run = |a: u32, b: u32| if a == b { name(a) } else { format!("{}-{}", name(a), name(b)) };
    if low > top {
        return words::cron_write(run(spec.low, high));
    }
    words::cron_backwards_remedy(run(high, low), format!("{},{}", run(low, top), run(spec.low, high)))
}

fn build(source: &str, [second, minute, hour, day, month, weekday]: [Set; 6]) -> Result<CronLine, CronFault> {
    let both = !day.star && !weekday.star;
    let shortest_day = day.bits.trailing_zeros();
    let longest_month = bits(month.bits).map(longest).max().unwrap_or(0);
    if !both && shortest_day > longest_month {
        let days = list(day.bits);
        let (what, remedy) =
            (words::cron_never(source, list(month.bits), days), words::cron_never_remedy(longest_month));
        return Err(CronFault { what, remedy, column: 0 });
    }
    let all = Set { bits: u64::MAX, star: true };
    let pairs = if both { vec![(day, all), (all, weekday)] } else { vec![(day, weekday)] };
    let days = pairs.into_iter().map(|(day, weekday)| calendar(day, month, weekday));
    let days = days.collect::<Result<_, _>>().map_err(|e| CronFault {
        what: words::cron_engine(e.to_string()),
        remedy: words::cron_shape(),
        column: 0,
    })?;
    Ok(CronLine {
        source: source.to_owned(),
        days,
        hours: hour.bits,
        minutes: minute.bits,
        seconds: second.bits,
        follows_clock: minute.star || hour.star,
    })
}

/// Matching days as midnights, in the words of the crate `cron`, whose Sunday is 1.
fn calendar(day: Set, month: Set, weekday: Set) -> Result<cron::Schedule, cron::error::Error> {
    let days = if day.bits == u64::MAX { "*".to_owned() } else { list(day.bits) };
    let weekdays =
        if weekday.bits & 0x7f == 0x7f { "*".to_owned() } else { list((weekday.bits & 0x7f) << 1) };
    cron::Schedule::from_str(&format!("0 0 0 {days} {} {weekdays}", list(month.bits)))
}

fn list(set: u64) -> String {
    bits(set).map(|n| n.to_string()).collect::<Vec<_>>().join(",")
}
