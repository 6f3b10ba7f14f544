//! Who signed, and whether it was enough people.

use loaxa::feed::refusal::Why;
use serde_json::json;

use crate::{
    repo::{BROWSERS, EDITORS, PROVINCE, Repo, key_id, tuf_key},
    station::{Station, ids, province, told, told_of},
};

/// A new bulletin whose role is signed by `signers`, as a synced station sees it: the old bulletins stay, and why.
fn offered(signers: &[&str], alter: impl FnOnce(&mut Repo)) -> String {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.bulletin("chua-duyet", b"not approved").signed_by("bulletins", signers);
    alter(&mut repo);
    repo.publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!(ids(&feed), ["duong-day-nong-111", "open", "phap-luat-1"], "signed by {signers:?}");
    assert_eq!(feed.stale.keys().collect::<Vec<_>>(), ["bulletins"]);
    assert_eq!(ids(&station.reboot().load()).len(), 3);
    // A new station gets nothing of it either.
    assert!(Station::enrolled(&repo).sync(&repo.source()).unwrap().bulletins.is_empty());
    told(&feed.stale)
}

#[test]
fn one_approval_only_brings_nothing() {
    insta::assert_snapshot!(offered(&[EDITORS[0]], |_| ()));
}

#[test]
fn two_browser_keys_only_bring_nothing() {
    insta::assert_snapshot!(offered(&BROWSERS, |_| ()));
}

#[test]
fn a_stranger_counts_for_nobody() {
    offered(&[EDITORS[0], "nguoi-la"], |_| ());
}

#[test]
fn the_same_signature_twice_is_one_person() {
    offered(&[EDITORS[0], EDITORS[0]], |_| ());
}

#[test]
fn one_persons_key_under_two_ids_is_one_person() {
    let alias = format!("{}+alias", EDITORS[0]);
    offered(&[EDITORS[0], &alias], |repo| {
        let (id, key) = tuf_key(&alias);
        repo.edit("targets", |t| {
            t["delegations"]["keys"][&id] = key;
            let roles = t["delegations"]["roles"].as_array_mut().unwrap();
            let bulletins = roles.iter_mut().find(|r| r["name"] == "bulletins").unwrap();
            bulletins["keyids"].as_array_mut().unwrap().push(json!(id));
        });
    });
}

#[test]
fn an_editor_and_a_browser_are_two_people() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.bulletin("da-duyet", b"approved").signed_by("bulletins", &[EDITORS[1], BROWSERS[0]]).publish();
    assert!(ids(&station.sync(&repo.source()).unwrap()).contains(&"da-duyet"));
}

#[test]
fn a_delegation_that_asks_for_one_person_is_not_obeyed() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.bulletin("chua-duyet", b"not approved").signed_by("bulletins", &[EDITORS[0]]);
    repo.edit("targets", |t| {
        let roles = t["delegations"]["roles"].as_array_mut().unwrap();
        roles.iter_mut().find(|r| r["name"] == "bulletins").unwrap()["threshold"] = json!(1);
    });
    repo.publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert!(feed.bulletins.is_empty());
    insta::assert_snapshot!(told(&feed.stale));
}

#[test]
fn a_revoked_approver_approves_nothing_any_more() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.edit("targets", |t| {
        let roles = t["delegations"]["roles"].as_array_mut().unwrap();
        let bulletins = roles.iter_mut().find(|r| r["name"] == "bulletins").unwrap();
        bulletins["keyids"] = json!([key_id(EDITORS[1]), key_id(BROWSERS[0])]);
    });
    repo.publish();
    assert!(station.sync(&repo.source()).unwrap().bulletins.is_empty());
    repo.signed_by("bulletins", &[EDITORS[1], BROWSERS[0]]).publish();
    assert_eq!(ids(&station.sync(&repo.source()).unwrap()).len(), 3);
}

#[test]
fn each_top_level_role_wants_its_own_keys() {
    for (role, signers) in [
        ("timestamp", vec!["nguoi-la"]),
        ("snapshot", vec![PROVINCE[0]]),
        ("targets", vec![PROVINCE[0]]),
        ("targets", vec![PROVINCE[0], PROVINCE[0]]),
        ("root", vec![PROVINCE[0], "nguoi-la"]),
    ] {
        let mut repo = province();
        let mut station = Station::synced(&repo);
        repo.signed_by(role, &signers).publish();
        let refusal = station.sync(&repo.source()).unwrap_err();
        assert!(refusal.what == role && matches!(refusal.why, Why::Signatures { .. }), "{role}: {refusal}");
        assert_eq!(ids(&station.reboot().load()).len(), 3);
    }
}

#[test]
fn one_person_of_the_province_cannot_sign_for_two() {
    let alias = format!("{}+alias", PROVINCE[0]);
    let mut repo = province();
    repo.rotate("targets", &[PROVINCE[0], &alias], 2).publish();
    let refusal = Station::enrolled(&repo).sync(&repo.source()).unwrap_err();
    assert_eq!((refusal.what.as_str(), &refusal.why), ("targets", &Why::Signatures { need: 2 }));
    insta::assert_snapshot!(told_of(&refusal));
}

#[test]
fn a_new_root_needs_the_old_keys_and_the_new() {
    for (keys, signers, good) in [
        (["tinh-4", "tinh-5"], vec!["tinh-1", "tinh-2", "tinh-4", "tinh-5"], true),
        (["tinh-4", "tinh-5"], vec!["tinh-4", "tinh-5"], false),
        (["tinh-4", "tinh-5"], vec!["tinh-1", "tinh-2"], false),
        (["tinh-4", "tinh-5"], vec!["tinh-1", "tinh-4", "tinh-5"], false),
        (["tinh-2", "tinh-4"], vec!["tinh-1", "tinh-2", "tinh-4"], true),
    ] {
        let mut repo = province();
        let mut station = Station::synced(&repo);
        repo.rotate("root", &keys, 2).signed_by("root", &signers).publish();
        let done = station.sync(&repo.source());
        assert_eq!(done.is_ok(), good, "{keys:?} by {signers:?}: {done:?}");
        assert_eq!(station.reboot().load().versions["root"], if good { 2 } else { 1 });
    }
}

#[test]
fn a_root_that_its_own_keys_did_not_sign_cannot_be_enrolled() {
    let mut repo = province();
    repo.signed_by("root", &[PROVINCE[0], "nguoi-la"]);
    repo.sign("root");
    let dir = tempfile::tempdir().unwrap();
    assert!(loaxa::feed::Store::enrol(dir.path(), &repo.files["metadata/2.root.json"]).is_err());
    assert!(loaxa::feed::Store::enrol(dir.path(), b"<html>").is_err());
}

#[test]
fn a_province_where_one_signature_suffices_is_warned_for_as_long() {
    let mut repo = province();
    repo.rotate("targets", &[PROVINCE[0]], 1).publish();
    let mut station = Station::enrolled(&repo);
    let feed = station.sync(&repo.source()).unwrap();
    insta::assert_snapshot!(told(&feed.warnings));
    assert_eq!(station.load().warnings, feed.warnings);
}
