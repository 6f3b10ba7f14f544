//! What the line has carried, day by day: 'used today' and 'used this month', and the budget that keeps a plan from running out.
//!
//! Ordinary audio stops at the budget of the day and goes on tomorrow where it stopped. Metadata and urgent audio are
//! counted but never held back: a station that cannot hear a withdrawal or an order is worse than a dear bill.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::durable;

/// So many bytes may be lost from the count by a power cut: it is written when that many are new, and after each pass.
pub const UNSAVED: u64 = 4 * 1024 * 1024;

/// Days that are kept: this month's and last month's.
const DAYS: usize = 62;

/// One megabyte of a data plan.
pub const MB: u64 = 1_000_000;

/// Bytes over the line by local day, on disk.
#[derive(Debug)]
pub struct Ledger {
    file: PathBuf,
    zone: Tz,
    /// Bytes a day; `None`: no limit.
    budget: Option<u64>,
    days: BTreeMap<NaiveDate, u64>,
    unsaved: u64,
}

/// What status shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Bytes since local midnight.
    pub today: u64,
    /// Bytes since the first of the local month.
    pub this_month: u64,
    /// Bytes that a day may cost; none: no limit.
    pub budget: Option<u64>,
}

impl Ledger {
    /// Reads the count at `file`. One that cannot be read is begun anew: `true` beside it says so.
    pub fn open(file: &Path, zone: Tz, budget_mb: Option<u64>) -> io::Result<(Self, bool)> {
        let (days, lost) = match std::fs::read(file) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(days) => (days, false),
                Err(_) => (BTreeMap::new(), true),
            },
            Err(e) if e.kind() == io::ErrorKind::NotFound => (BTreeMap::new(), false),
            Err(e) => return Err(e),
        };
        if let Some(dir) = file.parent() {
            durable::create_dir(dir)?;
            durable::sweep(dir)?;
        }
        let budget = budget_mb.map(|mb| mb.saturating_mul(MB));
        Ok((Self { file: file.to_owned(), zone, budget, days, unsaved: 0 }, lost))
    }

    /// Counts `bytes` that went at `at`. A wrong clock books them on a wrong day; no day loses what it has.
    pub fn add(&mut self, bytes: u64, at: DateTime<Utc>) -> io::Result<()> {
        if bytes == 0 {
            return Ok(());
        }
        let day = self.days.entry(self.zone_day(at)).or_default();
        *day = day.saturating_add(bytes);
        self.unsaved += bytes;
        if self.unsaved >= UNSAVED { self.save() } else { Ok(()) }
    }

    /// Writes the count, if there is anything new.
    pub fn save(&mut self) -> io::Result<()> {
        if self.unsaved == 0 {
            return Ok(());
        }
        while self.days.len() > DAYS {
            self.days.pop_first();
        }
        durable::replace(&self.file, &serde_json::to_vec(&self.days)?)?;
        self.unsaved = 0;
        Ok(())
    }

    /// The figures at `at`.
    pub fn usage(&self, at: DateTime<Utc>) -> Usage {
        let day = self.zone_day(at);
        let of_month = |d: &NaiveDate| (d.year(), d.month()) == (day.year(), day.month());
        Usage {
            today: self.days.get(&day).copied().unwrap_or(0),
            this_month: self.days.iter().filter(|(d, _)| of_month(d)).map(|(_, bytes)| bytes).sum(),
            budget: self.budget,
        }
    }

    /// Bytes that ordinary audio may still cost today.
    pub fn left(&self, at: DateTime<Utc>) -> u64 {
        let used = self.usage(at).today;
        self.budget.map_or(u64::MAX, |budget| budget.saturating_sub(used))
    }

    fn zone_day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "tests make and damage files")]
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn ledger(file: &Path) -> Ledger {
        Ledger::open(file, chrono_tz::Asia::Ho_Chi_Minh, Some(10)).unwrap().0
    }

    #[test]
    fn a_day_is_local_and_a_month_sums_its_days() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("data.json");
        let mut ledger = ledger(&file);
        ledger.add(3 * MB, at("2026-11-30T16:59:59Z")).unwrap();
        ledger.add(4 * MB, at("2026-11-30T17:00:00Z")).unwrap();
        ledger.add(MB, at("2026-12-05T05:00:00Z")).unwrap();
        ledger.save().unwrap();
        let again = self::ledger(&file);
        let usage = again.usage(at("2026-12-05T06:00:00Z"));
        assert_eq!((usage.today, usage.this_month), (MB, 5 * MB));
        assert_eq!(again.usage(at("2026-11-30T10:00:00Z")).this_month, 3 * MB);
        assert_eq!(again.left(at("2026-12-05T06:00:00Z")), 9 * MB);
    }

    #[test]
    fn a_clock_that_was_wrong_for_a_while_loses_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = ledger(&dir.path().join("data.json"));
        ledger.add(9 * MB, at("2026-12-05T05:00:00Z")).unwrap();
        ledger.add(MB, at("1970-01-01T00:00:00Z")).unwrap();
        assert_eq!(ledger.left(at("2026-12-05T06:00:00Z")), MB);
    }

    #[test]
    fn the_count_is_written_seldom_and_a_torn_one_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("data.json");
        let mut ledger = ledger(&file);
        let noon = at("2026-12-05T05:00:00Z");
        ledger.add(UNSAVED - 1, noon).unwrap();
        assert!(!file.exists());
        ledger.add(1, noon).unwrap();
        assert!(file.exists());
        std::fs::write(&file, b"{\"2026-").unwrap();
        let (again, lost) = Ledger::open(&file, chrono_tz::UTC, None).unwrap();
        assert!(lost && again.usage(noon).today == 0 && again.left(noon) == u64::MAX);
    }
}
