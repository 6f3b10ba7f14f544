//! A store that a power cut or a bad disk damaged.

use std::{fs, path::Path};

use loaxa::feed::refusal::Why;

use crate::{
    repo::Repo,
    station::{Station, ids, province, told},
};

/// Two feeds, and a station that holds the newer one.
fn newer() -> (Repo, Repo, Station) {
    let old = province();
    let mut repo = province();
    repo.bulletin("moi", b"new").withdraw("phap-luat-1").publish();
    let mut station = Station::synced(&old);
    station.sync(&repo.source()).unwrap();
    (old, repo, station)
}

/// The ways in which one file is hurt.
fn hurt(path: &Path, way: usize) {
    let whole = fs::read(path).unwrap();
    match way {
        0 => fs::write(path, []).unwrap(),
        1 => fs::write(path, &whole[..whole.len() / 2]).unwrap(),
        2 => fs::write(path, whole.iter().map(|_| 0).collect::<Vec<u8>>()).unwrap(),
        _ => fs::remove_file(path).unwrap(),
    }
}

#[test]
fn one_damaged_file_never_lets_an_older_feed_in_and_heals_by_the_next_sync() {
    let (old, repo, station) = newer();
    let good = station.load();
    let count = station.files().len();
    for index in 0..count {
        for way in 0..4 {
            let mut station = station.copy();
            let path = station.files()[index].clone();
            hurt(&path, way);
            station.reboot();
            let feed = station.load();
            assert!(!ids(&feed).contains(&"phap-luat-1"), "{path:?} {way}: a withdrawn bulletin came back");
            assert!(feed.bulletins.iter().all(|(id, b)| good.bulletins[id] == *b));
            let refusal = station.sync(&old.source()).unwrap_err();
            assert!(matches!(refusal.why, Why::Rollback { .. }), "{path:?} {way}: {refusal}");
            assert_eq!(station.sync(&repo.source()).unwrap(), good, "{path:?} {way}");
            assert_eq!(station.reboot().load(), good, "{path:?} {way}");
        }
    }
}

#[test]
fn damage_is_named() {
    let mut messages = String::new();
    for role in ["timestamp", "snapshot", "targets", "bulletins"] {
        let (_, _, mut station) = newer();
        hurt(&station.folder().join(format!("{role}.json")), 1);
        messages += &told(&station.reboot().load().stale);
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn a_store_that_lost_its_memory_is_silent_until_it_is_enrolled_again() {
    let (_, repo, mut station) = newer();
    hurt(&station.folder().join("memory.1"), 1);
    hurt(&station.folder().join("memory.2"), 2);
    let feed = station.reboot().load();
    assert!(feed.bulletins.is_empty() && feed.policy.is_none());
    insta::assert_snapshot!(told(&feed.stale));
    assert_eq!(station.sync(&repo.source()).unwrap_err().why, Why::Damaged);
    loaxa::feed::Store::enrol(&station.folder(), repo.root()).unwrap();
    assert_eq!(ids(&station.sync(&repo.source()).unwrap()).len(), 3);
}

#[test]
fn a_store_that_lost_both_roots_is_silent_until_it_is_enrolled_again() {
    let (_, repo, mut station) = newer();
    hurt(&station.folder().join("root.json"), 3);
    hurt(&station.folder().join("root.copy"), 1);
    assert!(station.reboot().load().bulletins.is_empty());
    assert_eq!(station.sync(&repo.source()).unwrap_err().why, Why::Damaged);
    loaxa::feed::Store::enrol(&station.folder(), repo.root()).unwrap();
    let feed = station.sync(&repo.source()).unwrap();
    assert!(!ids(&feed).contains(&"phap-luat-1"), "the withdrawals outlived the new enrolment");
}

#[test]
fn a_power_cut_between_memory_and_metadata_costs_nothing() {
    // The memory of the newer feed beside the metadata of the older one: as if the power went between the two.
    let (_, repo, newer) = newer();
    let mut station = Station::synced(&province());
    for name in ["memory.1", "memory.2"] {
        fs::copy(newer.folder().join(name), station.folder().join(name)).unwrap();
    }
    assert_eq!(
        ids(&station.reboot().load()),
        ["duong-day-nong-111", "open"],
        "the old feed, less what was withdrawn"
    );
    assert!(station.sync(&province().source()).is_err());
    assert_eq!(station.sync(&repo.source()).unwrap(), newer.load());
}

#[test]
fn a_folder_that_was_never_enrolled_is_no_store() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(loaxa::feed::Store::open(dir.path()).unwrap_err().kind(), std::io::ErrorKind::NotFound);
}
