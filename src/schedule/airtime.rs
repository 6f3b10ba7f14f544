//! When a station may sound, and how loud, by the policy.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use super::{
    place,
    policy::{DAY_MINUTES, Policy, Window},
};

/// Airtime that goes on over midnight is followed this many days: longer than any session.
const FOLLOW_DAYS: usize = 3;

impl Policy {
    /// The end of the airtime in which `at` lies; none outside. Adjoining days are one airtime; silent days have none.
    pub fn airtime_end(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = at.with_timezone(&self.timezone).naive_local();
        let mut window = self.window(local.date(), local.time())?;
        let mut day = local.date();
        for _ in 0..FOLLOW_DAYS {
            let next = day.succ_opt()?;
            match self.window(next, NaiveTime::MIN).filter(|_| window.to == DAY_MINUTES) {
                Some(more) => (window, day) = (more, next),
                None => break,
            }
        }
        Some(place::instant(self.timezone, minute(day, window.to)))
    }

    fn window(&self, day: NaiveDate, time: NaiveTime) -> Option<Window> {
        let minute = time.num_seconds_from_midnight() / 60;
        let window = self.airtime.iter().find(|w| (w.from..w.to).contains(&minute));
        window.copied().filter(|_| !self.silent_days.contains(&day))
    }

    /// The level for sound in `from..to` of a slot that asks for `wanted`, in hundredths of dB: at most the ceiling of
    /// every quiet hour that it touches.
    pub fn level(&self, wanted: i32, from: DateTime<Utc>, to: DateTime<Utc>) -> i32 {
        if self.quiet_hours.is_empty() {
            return wanted;
        }
        let zone = self.timezone;
        let (from, to) = (from.with_timezone(&zone).naive_local(), to.with_timezone(&zone).naive_local());
        let mut level = wanted;
        let mut day = from.date();
        while day <= to.date() {
            for (window, ceiling) in &self.quiet_hours {
                if minute(day, window.from) < to && from < minute(day, window.to) {
                    level = level.min(*ceiling);
                }
            }
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        level
    }
}

fn minute(day: NaiveDate, minute: u32) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute))
}
