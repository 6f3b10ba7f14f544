//! Months in seconds, with all that befalls a box that nobody visits: what is owed has exactly one outcome, and nothing
//! sounds twice or over something else.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    asrun::record::{Body, OutcomeRecord},
    feed::UrgentOrder,
    schedule::occurrence::{Class, Occurrence},
    station::controller::Plans,
};

use crate::sim::{Sim, bulletin};

fn station() -> Sim {
    let day = TimeDelta::days(1);
    Sim::at("2026-12-01 00:00:00")
        .slot("sang", "2026-12-01 22:30:00", day, &[3, 240, 180, 3])
        .slot("trua", "2026-12-01 04:30:00", day, &[200])
        .with(|s| s.class = Class::Normal)
        .slot("chieu", "2026-12-01 10:00:00", day, &[300, 200])
        .slot("gio", "2026-12-01 00:15:00", TimeDelta::hours(1), &[40])
        .with(|s| s.start_within = TimeDelta::minutes(3))
        .slot("ba-muoi", "2026-12-01 00:15:20", TimeDelta::minutes(30), &[50])
        .up()
}

/// One thing that happens, some time after the last.
fn befall(sim: &mut Sim, dice: &mut fastrand::Rng, urgents: &mut u32) {
    let next = sim.now.wall + TimeDelta::seconds(dice.i64(60..14 * 3600));
    sim.run_to(next);
    let span = |dice: &mut fastrand::Rng, most: i64| TimeDelta::seconds(dice.i64(1..most));
    match dice.u32(0..9) {
        0 | 1 => {
            let back = sim.now.wall + span(dice, 8 * 3600);
            sim.power_cut_to(back);
        }
        2 => {
            let back = sim.now.wall + span(dice, 40);
            sim.power_cut_to(back);
        }
        3 => {
            sim.step_clock(span(dice, 5400));
        }
        4 => {
            sim.step_clock(-span(dice, 5400));
        }
        5 => {
            let wake = sim.now.wall + span(dice, 4 * 3600);
            sim.suspend_to(wake);
        }
        6 => sim.hold(dice.i64(1..200)),
        7 => sim.push(),
        _ => {
            *urgents += 1;
            let id = format!("khan-{urgents}");
            let order = UrgentOrder {
                id: id.parse().unwrap(),
                audio: format!("{id}-audio").parse().unwrap(),
                areas: ["yen-the".parse().unwrap()].into(),
                not_before: sim.now.wall + TimeDelta::seconds(dice.i64(-600..1200)),
                until: sim.now.wall + TimeDelta::hours(3),
                repeats: dice.u32(1..4),
                gap_s: dice.u32(0..600),
                reason: "diễn tập".into(),
            };
            let audio = bulletin(order.audio.as_str(), dice.u64(10..60));
            sim.urgents.push((order, audio));
            sim.push();
        }
    }
}

fn outcomes(sim: &Sim) -> Vec<OutcomeRecord> {
    let outcome = |b: &Body| match b {
        Body::Outcome(o) => Some(o.clone()),
        _ => None,
    };
    sim.log.iter().filter_map(|(_, b)| outcome(b)).collect()
}

/// How many outcomes `of` has, runs of misses included.
fn count(all: &BTreeMap<(String, DateTime<Utc>), usize>, runs: &[OutcomeRecord], of: &Occurrence) -> usize {
    let single = all.get(&(of.slot.to_string(), of.due)).copied().unwrap_or(0);
    let of_run = |o: &&OutcomeRecord| {
        let run = o.run.as_ref().unwrap();
        o.occurrence.slot == of.slot && (run.first..=run.last).contains(&of.due)
    };
    single + runs.iter().filter(of_run).count()
}

fn live(days: i64, seed: u64) {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut sim = station();
    let start = sim.now.wall;
    let (mut urgents, mut latest) = (0, start);
    while sim.now.wall < start + TimeDelta::days(days) {
        befall(&mut sim, &mut dice, &mut urgents);
        latest = latest.max(sim.now.wall);
    }
    // A clock that was set back has to pass what was settled; misses after a long gap wait until it has proved itself.
    let end = latest + TimeDelta::days(1);
    sim.run_to(end);

    let all = outcomes(&sim);
    let (runs, single): (Vec<_>, Vec<_>) = all.into_iter().partition(|o| o.run.is_some());
    let mut counted: BTreeMap<(String, DateTime<Utc>), usize> = BTreeMap::new();
    for o in &single {
        *counted.entry((o.occurrence.slot.to_string(), o.occurrence.due)).or_default() += 1;
    }
    let owed = sim.plans().between(start + TimeDelta::minutes(1), end - TimeDelta::hours(1));
    assert!(owed.len() as i64 > days * 70, "{} occurrences", owed.len());
    for planned in &owed {
        assert_eq!(count(&counted, &runs, &planned.of), 1, "seed {seed}: {:?}", planned.of);
    }
    for run in &runs {
        let r = run.run.as_ref().unwrap();
        let inside = owed
            .iter()
            .filter(|p| p.of.slot == run.occurrence.slot && (r.first..=r.last).contains(&p.of.due));
        assert_eq!(inside.count() as u64, r.count, "seed {seed}: {run:?}");
    }
    let mut repeats: BTreeMap<(String, Option<u32>), usize> = BTreeMap::new();
    for o in single.iter().filter(|o| o.occurrence.area.is_urgent()) {
        *repeats.entry((o.occurrence.slot.to_string(), o.occurrence.repeat)).or_default() += 1;
    }
    assert!(repeats.values().all(|n| *n == 1), "seed {seed}: {repeats:?}");
    let mut heard: BTreeMap<&Occurrence, usize> = BTreeMap::new();
    for (of, ..) in &sim.sound {
        *heard.entry(of).or_default() += 1;
    }
    assert!(heard.values().all(|n| *n == 1), "seed {seed}: something sounded twice");
    println!("seed {seed}: {} occurrences, {} sounded, {urgents} urgent orders", owed.len(), heard.len());
}

#[test]
fn a_month_of_mishaps_gives_every_occurrence_one_outcome() {
    for seed in 1..=4 {
        live(30, seed);
    }
}

#[test]
#[ignore = "a year; run by hand: cargo test --test station -- --ignored year --nocapture"]
fn a_year_of_mishaps_gives_every_occurrence_one_outcome() {
    for seed in 100..110 {
        live(365, seed);
    }
}
