//! crontab lines: cases that other schedulers got wrong, and what is refused.

use chrono::{TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use loaxa::{schedule::crontab::CronLine, text::Lang};

use crate::support::at;

const HOME: Tz = Tz::Asia__Ho_Chi_Minh;

fn fires(line: &str, zone: Tz, from: &str, to: &str) -> Vec<String> {
    let line = CronLine::parse(line).unwrap();
    let show = |at: chrono::DateTime<Utc>| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S %z").to_string();
    line.fires(zone, at(from), at(to)).map(show).collect()
}

fn days(line: &str, from: &str, to: &str) -> Vec<String> {
    fires(line, HOME, from, to).iter().map(|at| at[8..10].to_owned()).collect()
}

#[test]
fn weekday_four_is_thursday() {
    assert_eq!(
        fires("30 7 * * 4", HOME, "2026-12-01 00:00", "2026-12-08 00:00"),
        ["2026-12-03 07:30:00 +0700"]
    );
}

#[test]
fn zero_and_seven_are_sunday_and_ranges_may_end_there() {
    let sundays = ["06", "13"];
    for line in ["0 6 * * 0", "0 6 * * 7", "0 6 * * SUN", "0 6 * * sun", "0 6 * * */7", "0 6 * * 0,7"] {
        assert_eq!(days(line, "2026-12-01 00:00", "2026-12-15 00:00"), sundays, "{line}");
    }
    assert_eq!(days("0 6 * * 5-7", "2026-12-01 00:00", "2026-12-08 00:00"), ["04", "05", "06"]);
}

#[test]
fn both_days_restricted_means_either() {
    assert_eq!(days("0 0 1 * MON", "2026-12-01 00:00", "2027-01-01 00:00"), ["01", "07", "14", "21", "28"]);
    // A field that begins with a star is not restricted, whatever follows.
    assert_eq!(days("0 0 */10 * MON", "2026-12-01 00:00", "2027-01-01 00:00"), ["21"]);
    assert_eq!(days("0 0 *,5 * MON", "2026-12-01 00:00", "2026-12-10 00:00"), ["07"]);
    assert_eq!(days("0 0 1-31 * MON", "2026-12-01 00:00", "2026-12-05 00:00"), ["01", "02", "03", "04"]);
}

#[test]
fn a_step_of_59_has_two_minutes() {
    let got = fires("*/59 5 * * *", HOME, "2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(got, ["2026-12-01 05:00:00 +0700", "2026-12-01 05:59:00 +0700"]);
}

#[test]
fn the_leap_day_comes_every_four_years() {
    let got = fires("0 9 29 2 *", HOME, "2028-02-29 09:01", "2037-01-01 00:00");
    assert_eq!(got, ["2032-02-29 09:00:00 +0700", "2036-02-29 09:00:00 +0700"]);
}

#[test]
fn seconds_may_stand_first() {
    let got = fires("*/20 0 6 * * *", HOME, "2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(got.len(), 3);
    assert_eq!(got[1], "2026-12-01 06:00:20 +0700");
}

#[test]
fn nicknames_mean_what_the_manual_says() {
    let same = [
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
        ("@monthly", "0 0 1 * *"),
        ("@weekly", "0 0 * * 0"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@hourly", "0 * * * *"),
    ];
    for (word, line) in same {
        let of = |line| fires(line, HOME, "2026-01-01 00:00", "2027-02-01 00:00");
        assert_eq!(of(word), of(line), "{word}");
        assert_eq!(CronLine::parse(word).unwrap().as_str(), word);
    }
}

#[test]
fn a_span_holds_its_start_and_not_its_end() {
    let got = fires("0 6 * * *", HOME, "2026-12-01 06:00", "2026-12-02 06:00");
    assert_eq!(got, ["2026-12-01 06:00:00 +0700"]);
    assert!(fires("0 6 * * *", HOME, "2026-12-01 06:00", "2026-12-01 06:00").is_empty());
    let line = CronLine::parse("0 6 * * *").unwrap();
    let just_after = at("2026-12-01 06:00") + TimeDelta::microseconds(1);
    assert_eq!(line.fires(HOME, just_after, at("2026-12-02 00:00")).count(), 0);
}

#[test]
fn a_day_in_vietnam_begins_at_17_utc() {
    let got = fires("30 5 * * *", HOME, "2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(got, ["2026-12-01 05:30:00 +0700"]);
    assert_eq!(at("2026-12-01 05:30"), Utc.with_ymd_and_hms(2026, 11, 30, 22, 30, 0).unwrap());
}

#[test]
fn in_the_repeated_hour_a_fixed_time_comes_once() {
    let got =
        fires("0 2 * * *", Tz::Europe__Berlin, "2027-10-31T00:00:00+02:00", "2027-11-01T00:00:00+01:00");
    assert_eq!(got, ["2027-10-31 02:00:00 +0200"]);
}

#[test]
fn daily_0230_in_paris_differs_only_on_the_day_of_the_change() {
    let spring =
        fires("30 2 * * *", Tz::Europe__Paris, "2027-03-27T00:00:00+01:00", "2027-03-30T00:00:00+02:00");
    let want = ["2027-03-27 02:30:00 +0100", "2027-03-28 03:00:00 +0200", "2027-03-29 02:30:00 +0200"];
    assert_eq!(spring, want);
    let autumn =
        fires("30 2 * * *", Tz::Europe__Paris, "2027-10-30T00:00:00+02:00", "2027-11-02T00:00:00+01:00");
    let want = ["2027-10-30 02:30:00 +0200", "2027-10-31 02:30:00 +0200", "2027-11-01 02:30:00 +0100"];
    assert_eq!(autumn, want);
}

#[test]
fn several_fixed_times_in_the_gap_come_once_at_its_end() {
    let got =
        fires("0,30 2,3 * * *", Tz::Europe__Berlin, "2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00");
    assert_eq!(got, ["2027-03-28 03:00:00 +0200", "2027-03-28 03:30:00 +0200"]);
}

#[test]
fn lines_that_follow_the_clock_skip_the_gap_and_repeat_the_fold() {
    let spring =
        fires("30 * * * *", Tz::Europe__Berlin, "2027-03-28T01:00:00+01:00", "2027-03-28T04:00:00+02:00");
    assert_eq!(spring, ["2027-03-28 01:30:00 +0100", "2027-03-28 03:30:00 +0200"]);
    let autumn =
        fires("*/30 2 * * *", Tz::Europe__Berlin, "2027-10-31T00:00:00+02:00", "2027-11-01T00:00:00+01:00");
    assert_eq!(autumn.len(), 4);
}

#[test]
fn where_a_whole_day_is_dropped_its_times_are_not_made_up() {
    // Samoa crossed the date line: no 30 December 2011.
    let got = fires("0 6 * * *", Tz::Pacific__Apia, "2011-12-29T00:00:00-10:00", "2012-01-01T00:00:00+14:00");
    assert_eq!(got, ["2011-12-29 06:00:00 -1000", "2011-12-31 06:00:00 +1400"]);
}

#[test]
fn beyond_the_calendar_nothing_fires_and_nothing_breaks() {
    let line = CronLine::parse("* * * * *").unwrap();
    let (min, max) = (chrono::DateTime::<Utc>::MIN_UTC, chrono::DateTime::<Utc>::MAX_UTC);
    assert_eq!(line.fires(HOME, min, min + TimeDelta::days(2)).count(), 0);
    assert_eq!(line.fires(HOME, max - TimeDelta::days(1), max).count(), 0);
    assert_eq!(line.fires(HOME, max, min).count(), 0);
}

/// Everything that is refused, with its words.
pub const REFUSED: &[&str] = &[
    "",
    "   ",
    "* * * *",
    "* * * * * * *",
    "0 0 6 * * * 2027",
    "0 6 * * * /usr/bin/play tin.mp3",
    "60 6 * * *",
    "0 24 * * *",
    "0 6 0 * *",
    "0 6 32 * *",
    "0 6 * 13 *",
    "0 6 * 0 *",
    "0 6 * * 8",
    "-1 6 * * *",
    "5/10 * * * *",
    "0 6 * * FRI-MON",
    "50-10 * * * *",
    "0 6 * * FRI-SUN",
    "0 6 * * 7-1",
    "*/61 * * * *",
    "*/0 * * * *",
    "*/ * * * *",
    "*/x * * * *",
    "0 6 L * *",
    "0 6 * * 5L",
    "0 6 L-3 * *",
    "0 6 15W * *",
    "0 6 LW * *",
    "0 6 * * MON#1",
    "0 6 ? * *",
    "0 6 * * ?",
    "@reboot",
    "@Daily",
    "@tuesday",
    "@daily 6",
    "0 6 * * Monday",
    "0 6 * January *",
    "0 6 * * T2",
    "1.5 6 * * *",
    "*5 6 * * *",
    "*-5 6 * * *",
    "1-5-7 6 * * *",
    "1/2/3 6 * * *",
    "4294967297 6 * * *",
    "99999999999999999999 6 * * *",
    "0 6 1, * *",
    "0 6 ,1 * *",
    "0 6 1-/2 * *",
    "0 6 -5 * *",
    "０ 6 * * *",
    "0\u{a0}6 * * *",
    "0 6 * * \u{2013}",
    "0 6 * *\n*",
    "0 6 31 2 *",
    "0 6 30 2 *",
    "0 6 31 4,6,9,11 *",
    "0 6 31 2 */2",
    "0 6 30-31 2 *",
    "TZ=UTC 0 6 * * *",
    "~ 6 * * *",
    "H 6 * * *",
    "0 6 * * mon-",
];

#[test]
fn what_crontab_does_not_say_is_refused_with_a_hint() {
    let mut out = String::new();
    for line in REFUSED {
        let fault = CronLine::parse(line).err().unwrap_or_else(|| panic!("{line:?} was accepted"));
        out.push_str(&format!("{line:?} @{}\n", fault.column));
        for lang in [Lang::Vi, Lang::En] {
            out.push_str(&format!("  {}\n    -> {}\n", fault.what.to(lang), fault.remedy.to(lang)));
        }
    }
    insta::assert_snapshot!("crontab_refused", out);
}

#[test]
fn what_crontab_says_is_accepted() {
    let lines = [
        "0 6 * * *",
        "\t0 6\t* * *  ",
        "05 06 01 01 *",
        "0 6 29 2 *",
        "0 6 31 2 1",
        "0 6 31 2,3 *",
        "*/59 * * * *",
        "0 6 * * 1-5",
        "0 6 * * MON-FRI",
        "0 6 * jan,JUL *",
        "1-10/3,40 0-23/6 * * *",
        "0 6 1-31 * *",
        "59 23 31 12 7",
        "*/15,7 * * * *",
        "0 0 0 1 1 *",
        "30 0 6 * * *",
    ];
    for line in lines {
        assert!(CronLine::parse(line).is_ok(), "{line:?}: {:?}", CronLine::parse(line));
    }
}

#[test]
fn the_suggestion_for_a_lone_step_is_itself_accepted() {
    for (line, meant) in [
        ("5/10 * * * *", "5-59/10"),
        ("0 6/6 * * *", "6-23/6"),
        ("0 6 2/2 * *", "2-31/2"),
        ("0 6 * * 1/2", "1-6/2"),
    ] {
        let fault = CronLine::parse(line).unwrap_err();
        assert!(fault.remedy.en.ends_with(meant), "{line}: {}", fault.remedy.en);
        assert!(
            CronLine::parse(&line.replacen(line.split(' ').find(|f| f.contains('/')).unwrap(), meant, 1))
                .is_ok()
        );
    }
}
