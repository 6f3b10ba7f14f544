//! Where local times fall on UTC, and vixie-cron's rule for the days on which clocks change.
//!
//! Source: cron(8) of Debian 12 and cronie 1.6: after a change of up to 3 hours, lines with fixed times that were skipped
//! run at once, and are not run again in an hour that is repeated; lines whose minute or hour begins with `*` follow
//! the clock. A larger change (a country crosses the date line) is taken as a new clock, for all lines.

use chrono::{DateTime, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Largest change of offset to which the rule applies.
const LARGEST_CHANGE: TimeDelta = TimeDelta::hours(3);

/// A span of time with one offset from UTC, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Its first instant.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
    /// Local time minus UTC.
    pub offset: TimeDelta,
    /// How the clock was set at `from`: positive forward (a gap), negative back (a fold). Zero at an end of the
    /// question, where no change is known, and where the change is too large for the rule.
    pub change: TimeDelta,
}

impl Stretch {
    /// Local time of an instant.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.naive_utc() + self.offset
    }

    /// The instant of a local time.
    pub fn utc(&self, local: NaiveDateTime) -> DateTime<Utc> {
        (local - self.offset).and_utc()
    }
}

/// The stretches that cover `from` to `to`, and begin a day earlier so that a change at `from` is seen. Empty when the
/// span is empty or beyond the calendar.
///
/// Offsets are sampled once a day; no zone of the tz database changes twice within one.
pub fn stretches(zone: Tz, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Stretch> {
    let Some(mut start) = from.checked_sub_signed(TimeDelta::days(1)) else { return Vec::new() };
    let mut out = Vec::new();
    if from >= to || to.checked_add_signed(TimeDelta::days(2)).is_none() {
        return out;
    }
    let mut offset = offset_at(zone, start);
    let mut change = TimeDelta::zero();
    let mut probe = start;
    while probe < to {
        let next = (probe + TimeDelta::days(1)).min(to);
        let then = offset_at(zone, next);
        if then != offset {
            let at = change_between(zone, probe, next, offset);
            out.push(Stretch { from: start, to: at, offset, change });
            change = if (then - offset).abs() <= LARGEST_CHANGE { then - offset } else { TimeDelta::zero() };
            (start, offset) = (at, then);
        }
        probe = next;
    }
    if start < to {
        out.push(Stretch { from: start, to, offset, change });
    }
    out
}

/// The instant at which a fixed local time is due: the first passage of a fold, the end of a gap. For times at least
/// two days within the calendar of chrono.
pub fn instant(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
        LocalResult::None => {
            let (before, after) =
                (local.and_utc() - TimeDelta::days(1), local.and_utc() + TimeDelta::days(1));
            change_between(zone, before, after, offset_at(zone, before))
        }
    }
}

/// The first instant of a local day.
pub fn midnight(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    instant(zone, day.and_time(NaiveTime::MIN))
}

/// The local day of an instant.
pub fn day(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

fn offset_at(zone: Tz, at: DateTime<Utc>) -> TimeDelta {
    TimeDelta::seconds(i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()))
}

/// The first instant after `low` whose offset is not `offset`, to the second; `high` is known to have another.
fn change_between(zone: Tz, low: DateTime<Utc>, high: DateTime<Utc>, offset: TimeDelta) -> DateTime<Utc> {
    let (mut low, mut high) = (low.timestamp(), high.timestamp());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let at = DateTime::from_timestamp(middle, 0).unwrap_or_default();
        if offset_at(zone, at) == offset { low = middle } else { high = middle }
    }
    DateTime::from_timestamp(high, 0).unwrap_or_default()
}
