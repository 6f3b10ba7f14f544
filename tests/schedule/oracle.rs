//! crontab(5) by brute force, written from the manual page and not from the code: minute after minute, is it due?

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use loaxa::schedule::crontab::CronLine;

use crate::support::Rng;

const NAMES: [&[&str]; 5] = [
    &[],
    &[],
    &[],
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
];
const LOW: [u32; 5] = [0, 0, 1, 1, 0];
const HIGH: [u32; 5] = [59, 23, 31, 12, 7];

/// Whether a value is named by a field, item by item.
fn named(field: usize, text: &str, value: u32) -> bool {
    let number = |s: &str| {
        let name = NAMES[field].iter().position(|n| s.eq_ignore_ascii_case(n));
        name.map_or_else(|| s.parse().unwrap(), |at| at as u32 + LOW[field])
    };
    let item = |item: &str, value: u32| {
        let (range, step) = item.split_once('/').map_or((item, 1), |(r, s)| (r, s.parse::<u32>().unwrap()));
        let (low, high) = match range.split_once('-') {
            _ if range == "*" => (LOW[field], HIGH[field]),
            Some((low, high)) => (number(low), number(high)),
            None => (number(range), number(range)),
        };
        low <= value && value <= high && (value - low).is_multiple_of(step)
    };
    text.split(',').any(|i| item(i, value) || (field == 4 && value == 0 && item(i, 7)))
}

/// A line taken apart into tables, so that two years of minutes are quick.
pub struct Oracle {
    minutes: Vec<u32>,
    hours: Vec<u32>,
    months: Vec<u32>,
    days: Vec<u32>,
    weekdays: Vec<u32>,
    both: bool,
    pub follows_clock: bool,
}

impl Oracle {
    pub fn new(line: &str) -> Self {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let table = |at: usize, values: std::ops::RangeInclusive<u32>| -> Vec<u32> {
            values.filter(|value| named(at, fields[at], *value)).collect()
        };
        Self {
            minutes: table(0, 0..=59),
            hours: table(1, 0..=23),
            days: table(2, 1..=31),
            months: table(3, 1..=12),
            weekdays: table(4, 0..=6),
            both: !fields[2].starts_with('*') && !fields[4].starts_with('*'),
            follows_clock: fields[0].starts_with('*') || fields[1].starts_with('*'),
        }
    }

    pub fn day(&self, day: NaiveDate) -> bool {
        let dom = self.days.contains(&day.day());
        let dow = self.weekdays.contains(&day.weekday().num_days_from_sunday());
        self.months.contains(&day.month()) && if self.both { dom || dow } else { dom && dow }
    }

    pub fn minute(&self, at: NaiveDateTime) -> bool {
        self.hours.contains(&at.hour()) && self.minutes.contains(&at.minute()) && self.day(at.date())
    }

    /// All matching minutes of `days` days from `first`.
    pub fn minutes(&self, first: NaiveDate, days: u64) -> Vec<NaiveDateTime> {
        let mut out = Vec::new();
        for day in (0..days).map(|d| first + Days::new(d)).filter(|day| self.day(*day)) {
            for hour in &self.hours {
                out.extend(self.minutes.iter().map(|m| day.and_hms_opt(*hour, *m, 0).unwrap()));
            }
        }
        out
    }

    fn per_day(&self) -> usize {
        self.minutes.len() * self.hours.len()
    }

    /// vixie's rule, minute by minute of real time: fixed lines run every local minute that is new to the clock, those
    /// that were skipped at once, and none twice.
    pub fn in_zone(&self, zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let local = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
        let mut newest = local(from - TimeDelta::minutes(1));
        let (mut out, mut at) = (Vec::new(), from);
        while at < to {
            let now = local(at);
            if self.follows_clock {
                if self.minute(now) {
                    out.push(at);
                }
            } else {
                let mut due = false;
                while newest < now {
                    newest += TimeDelta::minutes(1);
                    due |= self.minute(newest);
                }
                if due {
                    out.push(at);
                }
            }
            at += TimeDelta::minutes(1);
        }
        out
    }
}

/// A random field of the strict grammar.
fn field(rng: &mut Rng, at: usize) -> String {
    let (low, high) = (LOW[at], HIGH[at]);
    let name = |rng: &mut Rng, value: u32| match NAMES[at].get((value - low) as usize) {
        Some(name) if rng.below(3) == 0 => {
            if rng.below(2) == 0 {
                name.to_uppercase()
            } else {
                (*name).to_owned()
            }
        }
        _ if value < 10 && rng.below(8) == 0 => format!("0{value}"),
        _ => value.to_string(),
    };
    let mut items = Vec::new();
    for _ in 0..[1, 1, 1, 2, 3][rng.below(5)] {
        let a = low + rng.below((high - low + 1) as usize) as u32;
        let b = low + rng.below((high - low + 1) as usize) as u32;
        let (a, b) = (a.min(b), a.max(b));
        let step = 1 + rng.below(high as usize);
        items.push(match rng.below(10) {
            0 if at == 0 && rng.below(4) > 0 => name(rng, a),
            0..=1 if at > 0 => "*".to_owned(),
            2 => format!("*/{step}"),
            3..=4 => format!("{}-{}", name(rng, a), name(rng, b)),
            5 => format!("{}-{}/{step}", name(rng, a), name(rng, b)),
            _ => name(rng, a),
        });
    }
    if at > 1 && rng.below(3) == 0 { "*".to_owned() } else { items.join(",") }
}

pub fn random_line(rng: &mut Rng) -> String {
    (0..5).map(|at| field(rng, at)).collect::<Vec<_>>().join([" ", "  ", "\t"][rng.below(3)])
}

/// No month has the first of the days named, and weekdays cannot help.
fn never(line: &str) -> bool {
    let oracle = Oracle::new(line);
    // 28 years hold every weekday on every date.
    let first = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    !(0..28 * 366).any(|d| oracle.day(first + Days::new(d)))
}

#[test]
fn ten_thousand_random_lines_fire_exactly_when_two_years_of_minutes_say_so() {
    let first = NaiveDate::from_ymd_opt(2027, 3, 1).unwrap();
    let days = 731; // over 29 February 2028
    let mut rng = Rng(0x6c6f_6178);
    let (mut fired, mut refused) = (0u64, 0);
    for _ in 0..10_000 {
        let line = random_line(&mut rng);
        let oracle = Oracle::new(&line);
        let Ok(parsed) = CronLine::parse(&line) else {
            assert!(never(&line), "{line:?} was refused: {:?}", CronLine::parse(&line));
            refused += 1;
            continue;
        };
        // Lines that fire often are compared in four windows, all others in full.
        let windows = if oracle.per_day() <= 8 {
            vec![(first, days)]
        } else {
            (0..4).map(|_| (first + Days::new(rng.below(731 - 15) as u64), 15)).collect()
        };
        for (first, days) in windows {
            let midnight = |day: NaiveDate| day.and_hms_opt(0, 0, 0).unwrap().and_utc();
            let want = oracle.minutes(first, days);
            let got: Vec<_> = parsed
                .fires(Tz::UTC, midnight(first), midnight(first + Days::new(days)))
                .map(|at| at.naive_utc())
                .collect();
            assert!(got == want, "{line:?}: {:?}", got.iter().zip(&want).find(|(a, b)| a != b));
            fired += got.len() as u64;
        }
    }
    assert!(fired > 1_000_000 && refused < 2_000, "{fired} fired, {refused} refused");
}

#[test]
fn where_clocks_change_random_lines_follow_vixies_rule() {
    let changes = [
        (Tz::Europe__Berlin, 2027, 3, 28),
        (Tz::Europe__Berlin, 2027, 10, 31),
        (Tz::America__New_York, 2027, 3, 14),
        (Tz::America__New_York, 2027, 11, 7),
        (Tz::Australia__Lord_Howe, 2027, 4, 4),
        (Tz::Australia__Lord_Howe, 2027, 10, 3),
        (Tz::America__Havana, 2027, 3, 14),   // the gap begins at midnight
        (Tz::Antarctica__Troll, 2027, 3, 28), // two hours
        (Tz::Asia__Ho_Chi_Minh, 2027, 3, 28), // none
    ];
    let mut rng = Rng(7);
    for (zone, year, month, day) in changes {
        let from = Utc.with_ymd_and_hms(year, month, day, 0, 0, 0).unwrap() - TimeDelta::hours(30);
        let to = from + TimeDelta::hours(78);
        for _ in 0..60 {
            // Many lines within the hours that matter.
            let hour = if rng.below(2) == 0 {
                ["0-4", "1,2,3", "*", "2"][rng.below(4)].to_owned()
            } else {
                field(&mut rng, 1)
            };
            let line = format!("{} {hour} * * {}", field(&mut rng, 0), ["*", "0", "sat,sun"][rng.below(3)]);
            let got: Vec<_> = CronLine::parse(&line).unwrap().fires(zone, from, to).collect();
            let want = Oracle::new(&line).in_zone(zone, from, to);
            assert!(got == want, "{zone} {line:?}\n got {got:?}\nwant {want:?}");
        }
    }
}

#[test]
fn a_span_asked_for_in_pieces_gives_the_same_instants_once_and_in_order() {
    let mut rng = Rng(11);
    for _ in 0..200 {
        let line = CronLine::parse(&format!("{} {} * * *", field(&mut rng, 0), field(&mut rng, 1))).unwrap();
        let start = Utc.with_ymd_and_hms(2027, 10, 29, 0, 0, 0).unwrap();
        let end = start + TimeDelta::days(5);
        let whole: Vec<_> = line.fires(Tz::Europe__Paris, start, end).collect();
        let (mut pieces, mut at) = (Vec::new(), start);
        while at < end {
            let next = (at + TimeDelta::seconds(1 + rng.below(20_000) as i64)).min(end);
            pieces.extend(line.fires(Tz::Europe__Paris, at, next));
            at = next;
        }
        assert_eq!(pieces, whole, "{}", line.as_str());
        assert!(whole.windows(2).all(|w| w[0] < w[1]), "{}", line.as_str());
    }
}
