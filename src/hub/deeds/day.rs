//! Days and times of people, in the province's zone.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::{Asia::Ho_Chi_Minh, Tz};

use crate::hub::db::{instant, micros};

/// The zone of days and times, until a policy says otherwise.
pub const ZONE: Tz = Ho_Chi_Minh;

/// When a day begins, microseconds.
pub fn begins(day: NaiveDate) -> i64 {
    // A day that begins in a gap of the clock begins where the gap ends.
    let begin = (0..24)
        .find_map(|h| ZONE.from_local_datetime(&day.and_time(NaiveTime::from_hms_opt(h, 0, 0)?)).earliest());
    begin.map_or(i64::MAX, |at| micros(at.with_timezone(&Utc)))
}

/// `25/11/2026 15:04`.
pub fn shown(at: DateTime<Utc>) -> String {
    at.with_timezone(&ZONE).format("%d/%m/%Y %H:%M").to_string()
}

/// [`shown`], of microseconds.
pub fn at(micros: i64) -> String {
    shown(instant(micros))
}

/// [`shown`], of RFC 3339.
pub fn rfc(text: &str) -> String {
    DateTime::parse_from_rfc3339(text).map_or_else(|_| text.to_owned(), |at| shown(at.with_timezone(&Utc)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_the_province() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        assert_eq!(instant(begins(day)).to_rfc3339(), "2026-11-24T17:00:00+00:00");
        assert_eq!(shown(instant(begins(day))), "25/11/2026 00:00");
        assert_eq!(rfc("2026-11-25T08:04:59+00:00"), "25/11/2026 15:04");
    }
}
