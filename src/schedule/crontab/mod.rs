//! crontab(5) lines, as Debian 12's cron and cronie match them, by a stricter grammar.
//!
//! `parse` reads a line into six sets and refuses what crons read differently, with a hint. The crate `cron` finds the
//! days, from explicit lists, on naive UTC (its own weekdays, its AND of both day fields and its zones are not
//! crontab's); `place` puts local times on UTC. Nothing here knows of slots.

mod parse;

use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::place::{self, Stretch};
use crate::text::Text;

/// A line that was understood and that fires.
#[derive(Debug, Clone)]
pub struct CronLine {
    source: String,
    /// One, or two whose union counts: both day fields are restricted.
    days: Vec<cron::Schedule>,
    hours: u64,
    minutes: u64,
    seconds: u64,
    /// The minute or hour begins with `*`: it follows the clock where that is set forward or back.
    follows_clock: bool,
}

/// Why a line was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronFault {
    /// What is wrong, as a sentence.
    pub what: Text,
    /// What to write instead.
    pub remedy: Text,
    /// The character that is meant, from 1; 0 for the line as a whole.
    pub column: u32,
}

impl PartialEq for CronLine {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}
impl Eq for CronLine {}

impl CronLine {
    /// Reads five fields, six with seconds before them, or `@daily` and its like.
    ///
    /// # Errors
    /// Whatever crontab(5) does not say, and a line that never fires.
    pub fn parse(line: &str) -> Result<Self, CronFault> {
        parse::line(line)
    }

    /// The line as written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// How often it fires on a day on which it fires, changes of the clock aside.
    pub fn times_a_day(&self) -> usize {
        [self.hours, self.minutes, self.seconds].map(|set| set.count_ones() as usize).iter().product()
    }

    /// The instants from `from` (included) to `to` (excluded), each once, in order. The calendar ends with 2100.
    pub fn fires(
        &self,
        zone: Tz,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        self.fires_on(place::stretches(zone, from, to), from, to)
    }

    /// Like [`CronLine::fires`], with the zone's stretches of that span at hand.
    pub fn fires_on<'a, S>(
        &'a self,
        stretches: S,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl Iterator<Item = DateTime<Utc>> + 'a
    where
        S: IntoIterator<Item = Stretch>,
        S::IntoIter: 'a,
    {
        let mut last = None;
        stretches
            .into_iter()
            .flat_map(move |stretch| self.on(stretch, from))
            .filter(move |at| from <= *at && *at < to)
            .filter(move |at| last.replace(*at) != Some(*at))
    }

    /// What fires in one stretch, the catching up at its beginning included.
    fn on(&self, stretch: Stretch, from: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        let (start, end) = (stretch.local(stretch.from), stretch.local(stretch.to));
        let change = if self.follows_clock { TimeDelta::zero() } else { stretch.change };
        let caught_up = change > TimeDelta::zero() && self.local(start - change, start).next().is_some();
        let start = if change < TimeDelta::zero() { start - change } else { start.max(stretch.local(from)) };
        let first = caught_up.then_some(stretch.from);
        first.into_iter().chain(self.local(start, end).map(move |local| stretch.utc(local)))
    }

    /// Matching local times from `start` (included) to `end` (excluded), as if clocks never changed.
    fn local(&self, start: NaiveDateTime, end: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> + '_ {
        let days = self.days_from(start.date()).take_while(move |day| *day <= end.date());
        days.flat_map(move |day| self.times().map(move |time| day.and_time(time)))
            .skip_while(move |at| *at < start)
            .take_while(move |at| *at < end)
    }

    /// Matching days from `first` on.
    fn days_from(&self, first: NaiveDate) -> impl Iterator<Item = NaiveDate> + '_ {
        let before = first.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(1);
        let mut each: Vec<_> =
            self.days.iter().map(|days| days.after(&before).map(|at| at.date_naive()).peekable()).collect();
        std::iter::from_fn(move || {
            let next = each.iter_mut().filter_map(|days| days.peek().copied()).min()?;
            for days in &mut each {
                days.next_if_eq(&next);
            }
            Some(next)
        })
    }

    fn times(&self) -> impl Iterator<Item = NaiveTime> + '_ {
        let of_hour =
            move |h| bits(self.minutes).flat_map(move |m| bits(self.seconds).map(move |s| (h, m, s)));
        bits(self.hours).flat_map(of_hour).filter_map(|(h, m, s)| NaiveTime::from_hms_opt(h, m, s))
    }
}

impl FromStr for CronLine {
    type Err = CronFault;

    fn from_str(line: &str) -> Result<Self, CronFault> {
        Self::parse(line)
    }
}

/// The members of a set, in order.
fn bits(mut set: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (lowest < 64).then_some(lowest)
    })
}

/// Days that a month can have, in a leap year.
fn longest(month: u32) -> u32 {
    let first = NaiveDate::from_ymd_opt(2024, month, 1).unwrap_or_default();
    (first + chrono::Months::new(1)).pred_opt().unwrap_or_default().day()
}
