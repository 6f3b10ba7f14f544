//! YAML that an office or a province writes, and crontab lines: no panic, no refusal without a word, what is read is
//! read the same again, and what is accepted can be checked against a feed and planned. The first byte chooses.
#![no_main]

use std::sync::{Arc, LazyLock};

use chrono::{NaiveTime, TimeDelta};
use libfuzzer_sys::fuzz_target;
use loaxa::{
    bulletin::Category,
    fault::Faults,
    feed::Feed,
    office::import::sidecar,
    schedule::{
        check::{self, Given},
        crontab::CronLine,
        file::Schedule,
        plan::plan,
        policy::Policy,
        registry::{AreaStations, Registry},
        world::World,
    },
    text::Lang,
};

#[allow(dead_code, missing_docs)]
#[path = "../../tests/schedule/support.rs"]
mod support;
use support::{Bench, at, bulletin, chime, signed};

/// Instants that are looked at of a line or a schedule.
const MOST: usize = 500;

static BENCH: LazyLock<Bench> = LazyLock::new(|| {
    let sounds = [
        bulletin("duong-day-nong-111", Category::Support, "vi", 45),
        bulletin("viec-nhe-luong-cao-vi", Category::Tricks, "vi", 50),
        bulletin("viec-nhe-luong-cao-tyz", Category::Tricks, "tyz", 55),
        chime("open", 4),
        chime("close", 4),
    ];
    Bench::new(support::POLICY).station("bo-ha-1", "bac-ninh, yen-the", "tyz, vi", "gan-cho").holds(sounds)
});

fn speaks(faults: &Faults) {
    assert!(!faults.0.is_empty(), "refused without a fault");
    for fault in &faults.0 {
        for lang in [Lang::Vi, Lang::En] {
            assert!(!fault.what.to(lang).is_empty() && !fault.remedy.to(lang).is_empty(), "{fault:?}");
        }
    }
}

fn schedule(text: &str) {
    let (schedule, positions) = match Schedule::read("f.yaml", text) {
        Ok((schedule, positions)) => (Arc::new(schedule), positions),
        Err(faults) => return speaks(&faults),
    };
    let mut feed = BENCH.feed.clone();
    feed.schedules.insert(schedule.area.clone(), signed(text));
    let from = schedule.from.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(7);
    // The planner is asked about days, not about a year of each second, which is slow and no fault.
    if schedule.slots.iter().all(|slot| slot.cron.fires(schedule.timezone, from, from + TimeDelta::days(30)).nth(MOST).is_none()) {
        let given = Given::from_feed(&feed).unwrap();
        if let Err(faults) = check::check(&schedule, &positions, &given, from) {
            speaks(&faults);
        }
        planned(&feed, from);
    }
}

fn planned(feed: &Feed, from: chrono::DateTime<chrono::Utc>) {
    for station in ["xuan-luong-1", "bo-ha-1"] {
        match World::for_station(feed, &station.parse().unwrap()) {
            Ok(world) => {
                let all = plan(&world, from..from + TimeDelta::days(7));
                assert!(all.is_sorted_by_key(|p| p.of.due), "out of order");
            }
            Err(faults) => speaks(&faults),
        }
    }
}

fn policy(text: &str) {
    if let Err(faults) = Policy::read("f.yaml", text) {
        return speaks(&faults);
    }
    let mut feed = BENCH.clone().slots(&support::slot("sang", "0 6 * * *", "", "category: tricks, chime: close")).feed;
    feed.schedules.insert(
        "bac-ninh".parse().unwrap(),
        signed(&support::december("bac-ninh", &support::slot("tinh", "*/20 5-21 * * *", "class: priority", "bulletin: duong-day-nong-111"))),
    );
    feed.policy = Some(signed(text));
    planned(&feed, at("2026-12-01 00:00"));
}

fn registry(text: &str) {
    match Registry::read("f.yaml", text) {
        Err(faults) => speaks(&faults),
        Ok((registry, _)) => {
            // What the office writes back must be what it read.
            let again = Registry::read("f.yaml", &registry.to_yaml()).map(|(again, _)| again);
            assert_eq!(again.ok().as_ref(), Some(&registry));
        }
    }
}

fn cron(line: &str) {
    match CronLine::parse(line) {
        Err(fault) => assert!(!fault.what.vi.is_empty() && !fault.remedy.en.is_empty()),
        Ok(parsed) => {
            let (from, to) = (at("2027-10-01 00:00"), at("2029-03-01 00:00"));
            for zone in [chrono_tz::Asia::Ho_Chi_Minh, chrono_tz::Europe::Berlin, chrono_tz::Australia::Lord_Howe] {
                let fires: Vec<_> = parsed.fires(zone, from, to).take(MOST).collect();
                assert!(fires.is_sorted_by(|a, b| a < b), "{line:?} in {zone}");
                assert!(fires.iter().all(|f| (from..to).contains(f)), "{line:?} in {zone}");
            }
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((which, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    match which % 6 {
        0 => schedule(text),
        1 => policy(text),
        2 => AreaStations::read("f.yaml", text).map_or_else(|faults| speaks(&faults), drop),
        3 => registry(text),
        4 => cron(text),
        _ => sidecar::parse("f.yaml", text).map_or_else(|faults| speaks(&faults), drop),
    }
});
