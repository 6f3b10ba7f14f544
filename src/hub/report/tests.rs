use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

/// One occurrence as a log tells it: where, which day, how it ended, and what was sent of each bulletin.
#[derive(Debug, Clone)]
struct Raw {
    commune: &'static str,
    station: &'static str,
    day: i64,
    outcome: &'static str,
    why: &'static str,
    count: i64,
    sent: Vec<(&'static str, &'static str, i64, bool)>,
}

fn raw() -> impl Strategy<Value = Raw> {
    let place = select(vec![("xa-a", "tram-1"), ("xa-a", "tram-2"), ("xa-b", "tram-3"), ("xa-c", "tram-3")]);
    let end = select(vec![
        ("played", ""),
        ("partial", "hold"),
        ("preempted", ""),
        ("interrupted", "power"),
        ("missed", "off"),
        ("missed", "hold"),
        ("skipped", "declined"),
        ("newer", "word"),
    ]);
    let item =
        (select(vec!["law", "tricks", ""]), select(vec!["vi", "tyz"]), 0i64..20_000_000, any::<bool>());
    (place, 0i64..4, end, 1i64..30, vec(item, 0..4)).prop_map(
        |((commune, station), day, (outcome, why), count, sent)| Raw {
            commune,
            station,
            day,
            outcome,
            why,
            count,
            sent,
        },
    )
}

/// As `db::records::take` sums them, row by row.
fn rolled(all: &[Raw]) -> Rows {
    let mut rows = Rows::default();
    for raw in all {
        let frames = raw.sent.iter().map(|s| s.2).sum();
        let (commune, station) = (raw.commune.to_owned(), raw.station.to_owned());
        let same = |r: &&mut OutcomeRow| {
            (r.commune.as_str(), r.station.as_str(), r.day, r.outcome.as_str(), r.why.as_str())
                == (raw.commune, raw.station, raw.day, raw.outcome, raw.why)
        };
        match rows.outcomes.iter_mut().find(same) {
            Some(row) => {
                row.count += raw.count;
                row.frames += frames;
            }
            None => rows.outcomes.push(OutcomeRow {
                commune: commune.clone(),
                day: raw.day,
                station: station.clone(),
                outcome: raw.outcome.into(),
                why: raw.why.into(),
                count: raw.count,
                frames,
            }),
        }
        for (category, language, frames, hotline) in &raw.sent {
            rows.airings.push(AiringRow {
                commune: commune.clone(),
                station: station.clone(),
                category: (*category).into(),
                language: (*language).into(),
                airings: 1,
                frames: *frames,
                hotline: i64::from(*hotline),
            });
        }
    }
    rows
}

proptest! {
    #[test]
    fn every_figure_is_the_sum_over_the_raw_occurrences(all in vec(raw(), 0..60)) {
        let report = report(&rolled(&all));
        let count = |f: &dyn Fn(&Raw) -> bool| all.iter().filter(|r| f(r)).map(|r| r.count).sum::<i64>();
        let part = ["partial", "preempted", "interrupted"];
        prop_assert_eq!(report.ended.whole, count(&|r| r.outcome == "played"));
        prop_assert_eq!(report.ended.part, count(&|r| part.contains(&r.outcome)));
        prop_assert_eq!(report.ended.skipped, count(&|r| r.outcome == "skipped"));
        prop_assert_eq!(report.ended.missed, count(&|r| r.outcome == "missed" || r.outcome == "newer"));
        prop_assert_eq!(report.ended.planned, count(&|_| true), "without a plan, the log says what was owed");
        let spoken = || all.iter().flat_map(|r| r.sent.iter().map(move |s| (r, s))).filter(|(_, s)| !s.0.is_empty());
        prop_assert_eq!(report.aired.airings, spoken().count() as i64);
        prop_assert_eq!(report.aired.frames, spoken().map(|(_, s)| s.2).sum::<i64>());
        prop_assert_eq!(report.aired.hotline, spoken().filter(|(_, s)| s.3).count() as i64);
        for (category, (aired, reached)) in &report.categories {
            let of = || spoken().filter(|(_, s)| s.0 == category);
            prop_assert_eq!(aired.frames, of().map(|(_, s)| s.2).sum::<i64>());
            let communes: BTreeSet<_> = of().filter(|(_, s)| s.2 > 0).map(|(r, _)| r.commune.to_owned()).collect();
            prop_assert_eq!(reached, &communes);
        }
        for (language, aired) in &report.languages {
            prop_assert_eq!(aired.airings, spoken().filter(|(_, s)| s.1 == language).count() as i64);
        }
        for ((outcome, why), n) in &report.reasons {
            prop_assert_eq!(*n, count(&|r| r.outcome == outcome && r.why == why));
        }
        for (commune, lines) in &report.lines {
            for (station, line) in lines {
                let here = |r: &Raw| r.commune == commune && r.station == station;
                prop_assert_eq!(line.ended.accounted(), count(&|r| here(r)));
                for day in 0..4 {
                    let owed = count(&|r| here(r) && r.day == day && r.outcome != "skipped");
                    let sent = count(&|r| here(r) && r.day == day && class(r.outcome) as u8 <= Class::Part as u8);
                    prop_assert_eq!(line.silent_days.contains(&day), owed > 0 && sent == 0);
                }
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(all in vec(raw(), 0..30)) {
        let rows = rolled(&all);
        let mut turned = rows.clone();
        turned.outcomes.reverse();
        turned.airings.reverse();
        prop_assert_eq!(report(&rows), report(&turned));
    }
}

fn planned(day: i64, count: i64) -> PlannedRow {
    PlannedRow { commune: "xa-a".into(), day, station: "tram-1".into(), count }
}

#[test]
fn a_day_that_was_planned_and_of_which_no_line_came_is_silent() {
    let rows = Rows { planned: vec![planned(1, 4), planned(2, 0)], ..Rows::default() };
    let report = report(&rows);
    let line = &report.lines["xa-a"]["tram-1"];
    assert_eq!((line.ended.planned, line.ended.sent()), (4, 0));
    assert_eq!((line.owed_days, line.silent_days.as_slice()), (1, [1].as_slice()));
}

#[test]
fn a_station_and_a_commune_without_any_figure_still_stand_in_the_report() {
    let rows = Rows {
        communes: ["xa-a", "xa-b"].map(str::to_owned).into(),
        stations: [("tram-1".to_owned(), "xa-a".to_owned())].into(),
        ..Rows::default()
    };
    let report = report(&rows);
    assert_eq!((report.commune_count(), report.station_count()), (2, 1));
    assert!(report.unheard.contains("tram-1"));
    assert_eq!(report.categories.len(), 5, "also those that nobody heard");
}

#[test]
fn minutes_are_rounded_half_up_to_a_tenth() {
    let second = i64::from(RATE);
    assert_eq!([0, 2, 3, 12, 60, 63].map(|s| tenths(s * second)), [0, 0, 1, 2, 10, 11]);
    assert_eq!(Report::share(1, 3), Some(333));
    assert_eq!(Report::share(0, 0), None);
}
