//! How long plans take. By hand: `cargo test --release --test schedule -- --ignored --nocapture bench`.

use std::time::{Duration, Instant};

use loaxa::{
    bulletin::Category,
    schedule::{plan::plan, world::World},
};

use crate::support::{Bench, OPEN, at, bulletin, chime, december, slot};

fn median(n: usize, mut run: impl FnMut() -> usize) -> (Duration, usize) {
    let mut times = Vec::new();
    let mut result = 0;
    for _ in 0..n {
        let start = Instant::now();
        result = run();
        times.push(start.elapsed());
    }
    times.sort();
    (times[n / 2], result)
}

#[test]
#[ignore = "a measurement"]
fn bench_a_year_of_a_station_with_twenty_slots() {
    let playlist =
        "{ chime: open }, { category: tricks, count: 2 }, { category: law, pick: newest }, { chime: open }";
    let slots: String = (0..20)
        .map(|i| slot(&format!("s{i}"), &format!("{} {} * * *", i * 7 % 60, 5 + i % 14), "", playlist))
        .collect();
    let text = december("yen-the", &slots)
        .replace("from: 2026-12-01, until: 2026-12-31", "from: 2027-01-01, until: 2027-12-31");
    let mut all = vec![chime("open", 5)];
    for i in 0..250 {
        let category = Category::ALL[i % 5];
        all.push(bulletin(&format!("w{i}-vi"), category, "vi", 30));
        all.push(bulletin(&format!("w{i}-tyz"), category, "tyz", 30));
    }
    let bench = Bench::new(OPEN).schedule("yen-the", &text).holds(all);
    let station = "xuan-luong-1".parse().unwrap();
    let (time, _) = median(11, || World::for_station(&bench.feed, &station).unwrap().areas.len());
    println!("world from a feed of 501 recordings: {time:?}");
    let year = || at("2027-01-01 00:00")..at("2028-01-01 00:00");
    let (time, n) = median(11, || plan(&bench.world(), year()).len());
    println!("world and plan of a year, {n} occurrences: {time:?}");
    let world = bench.world();
    let (time, n) = median(11, || plan(&world, year()).len());
    println!("plan of a year again, {n} occurrences: {time:?}");
    let (time, n) = median(101, || plan(&world, at("2027-12-01 00:00")..at("2027-12-03 00:00")).len());
    println!("plan of 48 h again, {n} occurrences: {time:?}");
    let line = loaxa::schedule::crontab::CronLine::parse("*/5 * * * *").unwrap();
    let zone = chrono_tz::Asia::Ho_Chi_Minh;
    let (time, n) = median(11, || line.fires(zone, at("2027-01-01 00:00"), at("2028-01-01 00:00")).count());
    println!("*/5 over a year, {n} instants: {time:?}");
}

#[test]
#[ignore = "a measurement"]
fn bench_a_registry_of_three_thousand_stations() {
    let mut bench = Bench::new(OPEN);
    for i in 0..3_000 {
        bench = bench.station(&format!("dai-{i}"), "bac-ninh, yen-the", "vi, tyz", "vung-cao, gan-cho");
    }
    let text = &bench.feed.registry.as_ref().unwrap().text;
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        status.lines().find(|l| l.starts_with("VmHWM")).unwrap().to_owned()
    };
    println!("before: {}", peak());
    let own = "dai-2999".parse().unwrap();
    let (time, n) =
        median(5, || loaxa::schedule::registry::Registry::read_own("r", text, &own).unwrap().stations.len());
    println!("{n} entry of it: {time:?}, after: {}", peak());
    let (time, n) =
        median(5, || loaxa::schedule::registry::Registry::read("r", text).unwrap().0.stations.len());
    println!("registry of {n} stations, {} kB: {time:?}, after: {}", text.len() / 1024, peak());
}
