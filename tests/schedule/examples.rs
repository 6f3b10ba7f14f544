//! The examples of config/ are right, by the command that operators use.

use std::path::Path;

use loaxa::schedule::{
    check::{Given, check},
    file::Schedule,
    policy::Policy,
    registry::{AreaStations, Registry},
};

fn example(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config").join(name)).unwrap()
}

#[test]
fn the_examples_fit_together() {
    let policy = Policy::read("policy.yaml", &example("policy.yaml")).unwrap().0;
    let registry = Registry::read("registry.yaml", &example("registry.yaml")).unwrap().0;
    let (stations, positions) =
        AreaStations::read("area-stations.yaml", &example("area-stations.yaml")).unwrap();
    let mut given =
        Given { policy: Some(policy.into()), registry: Some(registry.into()), ..Given::default() };
    loaxa::schedule::check::area_stations(&stations, &positions, &given).unwrap();
    given.area_stations.push(stations);
    for name in ["schedule.yaml", "schedule-province.yaml"] {
        let (schedule, positions) = Schedule::read(name, &example(name)).unwrap();
        check(&schedule.into(), &positions, &given, "2026-11-20T00:00:00Z".parse().unwrap()).unwrap();
    }
}
