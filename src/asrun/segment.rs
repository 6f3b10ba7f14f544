//! Names of the files of a log: `<first seq, 12 digits>-<UTC month>.jsonl`, so that names sort as lines do. Pure.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, Utc};

/// The public key in the folder of a log, as PEM: a convenience, proof of nothing.
pub const PUBLIC_KEY: &str = "public.pem";

/// Receipts in the folder of a log, one a line, as the hub sent them.
pub const RECEIPTS: &str = "receipts.jsonl";

/// The name of a segment. Every line in it has its `at` in that month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentName {
    /// Number of its first line, 1 to 10^12 - 1.
    pub first: u64,
    /// The month of all its lines.
    pub month: Month,
}

/// A month of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// 1970 to 9999.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month in which `at` lies.
    pub fn of(at: DateTime<Utc>) -> Self {
        Self { year: at.year(), month: at.month() }
    }

    /// The month `n` months earlier.
    pub fn back(self, n: i32) -> Self {
        let months = self.year * 12 + self.month as i32 - 1 - n;
        Self { year: months.div_euclid(12), month: months.rem_euclid(12) as u32 + 1 }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for SegmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}-{}.jsonl", self.first, self.month)
    }
}

/// The file is named otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a segment is named like 000000000001-2026-12.jsonl")]
pub struct NotASegment;

impl FromStr for SegmentName {
    type Err = NotASegment;

    fn from_str(name: &str) -> Result<Self, NotASegment> {
        let digits = |s: Option<&str>| {
            let s = s.filter(|s| s.bytes().all(|b| b.is_ascii_digit())).ok_or(NotASegment)?;
            s.parse::<u64>().map_err(|_| NotASegment)
        };
        let first = digits(name.get(..12))?;
        let year = digits(name.get(13..17))? as i32;
        let month = digits(name.get(18..20))? as u32;
        let read = Self { first, month: Month { year, month } };
        let good = first >= 1 && year >= 1970 && (1..=12).contains(&month);
        if good && read.to_string() == name { Ok(read) } else { Err(NotASegment) }
    }
}

/// Whether a file of this name in the folder of a log is meant as a segment, well named or not.
pub fn is_segment(file_name: &str) -> bool {
    file_name.ends_with(".jsonl") && file_name != RECEIPTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_no_other_spelling_does() {
        let name = SegmentName { first: 42, month: Month { year: 2026, month: 12 } };
        assert_eq!(name.to_string(), "000000000042-2026-12.jsonl");
        assert_eq!("000000000042-2026-12.jsonl".parse(), Ok(name));
        for bad in [
            "42-2026-12.jsonl",
            "000000000042-2026-13.jsonl",
            "000000000000-2026-12.jsonl",
            "+00000000042-2026-12.jsonl",
            "000000000042-2026-12.json",
            "000000000042_2026-12.jsonl",
            "đ00000000042-2026-12.jsonl",
            "",
        ] {
            assert_eq!(bad.parse::<SegmentName>(), Err(NotASegment), "{bad}");
        }
    }

    #[test]
    fn months_count_back_over_the_year() {
        let december = Month { year: 2026, month: 12 };
        assert_eq!(december.back(12), Month { year: 2025, month: 12 });
        assert_eq!(Month { year: 2026, month: 1 }.back(1), Month { year: 2025, month: 12 });
    }
}
