//! The ordinary life of a feed.

use chrono::TimeDelta;

use crate::{
    repo::Repo,
    station::{Station, areas, ids, province},
};

#[test]
fn the_first_sync_brings_all_that_concerns_the_station_and_no_more() {
    let repo = province();
    let mut station = Station::enrolled(&repo);
    let host = repo.source();
    let feed = station.sync(&host).unwrap();
    assert_eq!(ids(&feed), ["duong-day-nong-111", "open", "phap-luat-1"]);
    assert_eq!(areas(&feed), ["bac-giang", "yen-the"]);
    assert_eq!(feed.areas.iter().map(|a| a.as_str()).collect::<Vec<_>>(), ["bac-giang", "yen-the"]);
    assert!(feed.policy.is_some() && feed.registry.is_some() && feed.stale.is_empty(), "{:?}", feed.stale);
    assert_eq!(feed.signed_at, Some(repo.now));
    assert_eq!(feed.checked_at, Some(repo.now));
    assert_eq!(feed.held_until, Some(repo.now + TimeDelta::days(90)));
    let asked = host.take_asked();
    assert!(!asked.iter().any(|name| name.contains("dong-ky")), "an area of others was fetched: {asked:?}");
}

#[test]
fn withdrawals_and_urgent_orders_are_asked_for_before_all_else() {
    let mut repo = province();
    repo.urgent_audio("bao", b"storm");
    let order = repo.order("bao-so-3", "bao", &["yen-the"]);
    repo.urgent(&order).publish();
    let mut station = Station::enrolled(&repo);
    let host = repo.source();
    let feed = station.sync(&host).unwrap();
    assert_eq!(feed.urgents.values().collect::<Vec<_>>(), [&order]);
    assert!(ids(&feed).contains(&"bao"));
    let asked = host.take_asked();
    let place =
        |part: &str| asked.iter().position(|name| name.contains(part)).unwrap_or_else(|| panic!("{part}"));
    let order = [
        "withdrawn.json",
        ".bao-so-3.json",
        ".urgent-audio.json",
        ".policy.yaml",
        ".bulletins.json",
        ".area-",
    ];
    assert!(order.map(place).is_sorted(), "{asked:?}");
}

#[test]
fn nothing_changed_costs_two_requests() {
    let repo = province();
    let mut station = Station::synced(&repo);
    let host = repo.source();
    station.sync(&host).unwrap();
    assert_eq!(host.take_asked(), ["metadata/2.root.json", "metadata/timestamp.json"]);
}

#[test]
fn one_new_bulletin_costs_its_role_alone() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.bulletin("thu-doan-2", b"audio two").publish();
    let host = repo.source();
    let feed = station.sync(&host).unwrap();
    assert!(ids(&feed).contains(&"thu-doan-2"));
    let asked = host.take_asked();
    assert_eq!(asked[1..].len(), 3, "timestamp, snapshot, bulletins: {asked:?}");
}

#[test]
fn what_was_synced_is_there_after_a_reboot_without_a_network() {
    let repo = province();
    let mut station = Station::enrolled(&repo);
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!(station.reboot().load(), feed);
}

#[test]
fn metadata_is_stored_as_it_was_fetched() {
    let repo = province();
    let station = Station::synced(&repo);
    for role in ["root", "timestamp", "snapshot", "targets", "bulletins"] {
        assert_eq!(station.store.held(role).as_ref(), Some(&repo.files[&repo.file(role)]), "{role}");
    }
}

#[test]
fn small_files_that_nobody_lists_any_more_are_removed() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    let before = station.files().len();
    repo.schedule("yen-the", "format: 1\narea: yen-the\n# new\n").publish();
    station.sync(&repo.source()).unwrap();
    assert_eq!(station.files().len(), before);
}

#[test]
fn an_area_that_takes_its_schedule_away_has_none() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.edit("area-yen-the", |r| r["targets"] = serde_json::json!({})).publish();
    assert_eq!(areas(&station.sync(&repo.source()).unwrap()), ["bac-giang"]);
    assert_eq!(areas(&station.reboot().load()), ["bac-giang"]);
}

#[test]
fn a_station_that_never_synced_is_silent_and_says_why() {
    let repo = Repo::new("2026-12-01T00:00:00Z");
    let feed = Station::enrolled(&repo).load();
    assert!(feed.bulletins.is_empty() && feed.schedules.is_empty() && feed.policy.is_none());
    insta::assert_snapshot!(crate::station::told(&feed.stale));
}

#[test]
fn two_syncs_at_once_do_not_meet_in_the_store() {
    let repo = province();
    let station = Station::synced(&repo);
    let mut other = loaxa::feed::Store::open(&station.folder()).unwrap();
    let lock = std::fs::File::options().append(true).open(station.folder().join("lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).unwrap();
    let host = repo.source();
    let refused =
        crate::station::block_on(other.refresh(&host, loaxa::feed::Mode::Online, &station.who, station.now));
    assert!(refused.unwrap_err().try_again());
}
