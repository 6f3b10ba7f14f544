//! Older metadata, mixed metadata, and how a province recovers when somebody ran the versions up.

use chrono::TimeDelta;
use loaxa::feed::refusal::Why;
use serde_json::json;

use crate::{
    repo::{ONLINE, Repo},
    station::{Station, ids, province, told_of},
};

/// A station that saw version 2 of everything that changed, and the feed of before.
fn updated() -> (Repo, Repo, Station) {
    let old = province();
    let mut repo = province();
    repo.bulletin("thu-doan-2", b"audio two").publish();
    let mut station = Station::synced(&old);
    station.sync(&repo.source()).unwrap();
    (old, repo, station)
}

#[test]
fn an_older_timestamp_is_refused_and_the_feed_stays() {
    let (old, _, mut station) = updated();
    let refusal = station.sync(&old.source()).unwrap_err();
    assert_eq!(refusal.why, Why::Rollback { seen: 3, offered: 2 });
    insta::assert_snapshot!(told_of(&refusal));
    assert!(ids(&station.reboot().load()).contains(&"thu-doan-2"));
}

#[test]
fn a_stolen_online_key_cannot_bring_back_an_older_snapshot() {
    let (_, mut repo, mut station) = updated();
    repo.edit("timestamp", |t| t["meta"]["snapshot.json"]["version"] = json!(1)).publish();
    let refusal = station.sync(&repo.source()).unwrap_err();
    assert_eq!((refusal.what.as_str(), refusal.why), ("snapshot", Why::Rollback { seen: 3, offered: 1 }));
    assert_eq!(station.load().versions["timestamp"], 3, "nothing of it was kept");
}

#[test]
fn a_stolen_online_key_cannot_bring_back_an_older_role() {
    for role in ["targets", "bulletins", "withdrawals", "area-yen-the"] {
        let (old, mut repo, mut station) = updated();
        repo.edit(role, |_| ()).publish();
        station.sync(&repo.source()).unwrap();
        let entry = old.roles["snapshot"].signed["meta"][format!("{role}.json")].clone();
        repo.edit("snapshot", |s| s["meta"][format!("{role}.json")] = entry).publish();
        let refusal = station.sync(&repo.source()).unwrap_err();
        assert!(refusal.what == role && matches!(refusal.why, Why::Rollback { .. }), "{role}: {refusal}");
        assert!(ids(&station.reboot().load()).contains(&"thu-doan-2"));
    }
}

#[test]
fn a_role_cannot_vanish_from_the_snapshot() {
    let (_, mut repo, mut station) = updated();
    repo.edit("snapshot", |s| drop(s["meta"].as_object_mut().unwrap().remove("withdrawals.json"))).publish();
    let refusal = station.sync(&repo.source()).unwrap_err();
    assert_eq!(refusal.why, Why::Vanished { role: "withdrawals".into() });
    insta::assert_snapshot!(told_of(&refusal));
}

#[test]
fn the_same_version_with_other_content_is_not_taken() {
    let (_, mut repo, mut station) = updated();
    repo.pass(TimeDelta::minutes(1));
    repo.roles.get_mut("timestamp").unwrap().signed["extra"] = json!(1);
    repo.put("timestamp");
    let feed = station.sync(&repo.source()).unwrap();
    insta::assert_snapshot!(crate::station::told(&feed.stale));
    assert_ne!(station.store.held("timestamp").as_ref(), Some(&repo.files["metadata/timestamp.json"]));
}

#[test]
fn a_root_is_neither_skipped_nor_taken_back() {
    let mut repo = province();
    for _ in 0..3 {
        repo.edit("root", |_| ()).publish();
    }
    let mut station = Station::synced(&repo);
    assert_eq!(station.load().versions["root"], 4);
    let mut host = repo.source();
    host.files.insert("metadata/5.root.json".into(), host.files["metadata/4.root.json"].clone());
    assert_eq!(station.sync(&host).unwrap_err().why, Why::Version { listed: 5, found: 4 });
    // A host that hides the newer roots takes nobody back.
    host.files.retain(|name, _| !name.ends_with(".root.json"));
    station.sync(&host).unwrap();
    assert_eq!(station.reboot().load().versions["root"], 4);
}

#[test]
fn enrolling_again_with_an_old_root_of_the_same_line_forgets_nothing() {
    let mut repo = province();
    repo.edit("root", |_| ()).withdraw("phap-luat-1").publish();
    let station = Station::synced(&repo);
    loaxa::feed::Store::enrol(&station.folder(), repo.root()).unwrap();
    let feed = station.load();
    assert_eq!(feed.versions["root"], 2);
    assert!(feed.withdrawn.contains("phap-luat-1"));
}

#[test]
fn versions_run_up_by_a_thief_count_from_anew_once_the_online_key_is_replaced() {
    let mut repo = province();
    repo.roles.get_mut("timestamp").unwrap().signed["version"] = json!(1_000_000);
    repo.roles.get_mut("snapshot").unwrap().signed["version"] = json!(1_000_000);
    repo.edit("snapshot", |s| s["meta"]["bulletins.json"]["version"] = json!(1_000_000)).publish();
    let mut station = Station::enrolled(&repo);
    // The thief lists a version of bulletins that does not exist: that role alone is behind.
    assert!(station.sync(&repo.source()).unwrap().stale.contains_key("bulletins"));
    repo.rotate("timestamp", &["truc-tuyen-2"], 1).rotate("snapshot", &["truc-tuyen-2"], 1);
    for role in ["timestamp", "snapshot", "bulletins"] {
        repo.roles.get_mut(role).unwrap().signed["version"] = json!(10);
        repo.edit(role, |_| ());
    }
    repo.publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!((feed.versions["timestamp"], feed.versions["snapshot"]), (11, 11));
    assert!(feed.stale.is_empty() && ids(&feed).len() == 3, "{:?}", feed.stale);
}

#[test]
fn a_key_that_is_only_added_forgets_nothing() {
    let (old, mut repo, mut station) = updated();
    repo.rotate("timestamp", &[ONLINE, "truc-tuyen-2"], 1).publish();
    station.sync(&repo.source()).unwrap();
    let mut host = repo.source();
    host.files.insert("metadata/timestamp.json".into(), old.files["metadata/timestamp.json"].clone());
    assert!(matches!(station.sync(&host).unwrap_err().why, Why::Rollback { .. }));
}

#[test]
fn a_pass_that_broke_off_after_the_timestamp_goes_on_the_next_time() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.bulletin("thu-doan-2", b"audio two").publish();
    let mut host = repo.source();
    host.broken.insert(repo.file("snapshot"));
    assert!(station.sync(&host).unwrap_err().try_again());
    assert_eq!(ids(&station.load()).len(), 3, "the old feed stays");
    host.broken.clear();
    assert_eq!(ids(&station.sync(&host).unwrap()).len(), 4);
}
