//! Withdrawals, recalls, urgent orders.

use chrono::TimeDelta;
use loaxa::feed::UrgentOrder;

use crate::{
    repo::Repo,
    station::{Station, ids, province, told},
};

fn with_order(change: impl FnOnce(&mut UrgentOrder)) -> (Repo, UrgentOrder) {
    let mut repo = province();
    repo.urgent_audio("bao", b"storm");
    let mut order = repo.order("bao-so-3", "bao", &["yen-the"]);
    change(&mut order);
    repo.urgent(&order).publish();
    (repo, order)
}

#[test]
fn one_person_takes_a_bulletin_away_for_good() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.withdraw("phap-luat-1").publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!(ids(&feed), ["duong-day-nong-111", "open"]);
    // A shorter list revives nothing, whoever signed it; not after a power cut, nor after enrolling again.
    repo.forget_withdrawal("phap-luat-1").publish();
    assert_eq!(ids(&station.reboot().sync(&repo.source()).unwrap()).len(), 2);
    loaxa::feed::Store::enrol(&station.folder(), repo.root()).unwrap();
    assert_eq!(ids(&station.reboot().load()).len(), 2);
    assert!(station.load().withdrawn.contains("phap-luat-1"));
}

#[test]
fn a_withdrawal_counts_even_if_all_that_follows_it_fails() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.withdraw("phap-luat-1").bulletin("moi", b"new").publish();
    let mut host = repo.source();
    for name in repo.files.keys().filter(|n| !n.contains("withdrawn.json") && n.starts_with("targets/")) {
        host.broken.insert(name.clone());
    }
    host.broken.insert(repo.file("bulletins"));
    let feed = station.sync(&host).unwrap();
    assert_eq!(ids(&feed), ["duong-day-nong-111", "open"]);
    assert_eq!(ids(&station.reboot().load()), ["duong-day-nong-111", "open"]);
}

#[test]
fn a_list_of_withdrawals_that_is_none_is_named_and_takes_nothing_back() {
    let mut repo = province();
    repo.withdraw("phap-luat-1").publish();
    let mut station = Station::synced(&repo);
    repo.target("withdrawals", "withdrawn.json", b"{\"withdrawn\":[{\"id\":\"PH\xe1\"}]}", None).publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!(ids(&feed).len(), 2);
    assert!(feed.stale.contains_key("withdrawn.json"));
    repo.target("withdrawals", "withdrawn.json", br#"{"format":2,"withdrawn":[]}"#, None).publish();
    insta::assert_snapshot!(told(&station.sync(&repo.source()).unwrap().stale));
}

#[test]
fn a_recalled_order_never_comes_back() {
    let (mut repo, order) = with_order(|_| ());
    let mut station = Station::synced(&repo);
    assert_eq!(station.load().urgents.len(), 1);
    repo.withdraw("bao-so-3").publish();
    assert!(station.sync(&repo.source()).unwrap().urgents.is_empty());
    // Replayed, and signed anew with other hours under the old id.
    let later = UrgentOrder { until: order.until + TimeDelta::hours(3), ..order };
    repo.urgent(&later).forget_withdrawal("bao-so-3").publish();
    assert!(station.reboot().sync(&repo.source()).unwrap().urgents.is_empty());
}

#[test]
fn an_order_that_is_over_is_left_out() {
    let (repo, _) = with_order(|_| ());
    let mut station = Station::synced(&repo);
    station.pass(TimeDelta::hours(2));
    assert!(station.load().urgents.is_empty());
}

#[test]
fn an_order_for_other_areas_is_not_ours() {
    let (repo, _) = with_order(|order| order.areas = ["dong-ky".parse().unwrap()].into());
    assert!(Station::synced(&repo).load().urgents.is_empty());
}

#[test]
fn an_order_out_of_bounds_is_refused_and_the_others_stand() {
    let mut messages = String::new();
    let changes: [fn(&mut UrgentOrder); 6] = [
        |o| o.until = o.not_before + TimeDelta::hours(24) + TimeDelta::seconds(1),
        |o| o.until = o.not_before,
        |o| o.repeats = 0,
        |o| o.repeats = 21,
        |o| o.gap_s = 3601,
        |o| o.areas.clear(),
    ];
    for change in changes {
        let (mut repo, _) = with_order(change);
        let good = repo.order("lu", "bao", &["bac-giang"]);
        repo.urgent(&good).publish();
        let feed = Station::enrolled(&repo).sync(&repo.source()).unwrap();
        assert_eq!(feed.urgents.values().collect::<Vec<_>>(), [&good]);
        messages += &told(&feed.stale);
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn an_order_counts_only_under_its_own_name() {
    let (mut repo, order) = with_order(|_| ());
    let bytes = serde_json::to_vec(&order).unwrap();
    repo.target("urgent", "urgent/khac.json", &bytes, None)
        .target("urgent", "urgent/KHAC.json", &bytes, None)
        .publish();
    let feed = Station::enrolled(&repo).sync(&repo.source()).unwrap();
    assert_eq!(feed.urgents.len(), 1);
    insta::assert_snapshot!(told(&feed.stale));
}

#[test]
fn urgent_audio_needs_two_duty_officers_though_an_order_needs_one() {
    let mut repo = province();
    repo.urgent_audio("bao", b"storm").signed_by("urgent-audio", &[crate::repo::DUTY[0]]);
    repo.urgent(&repo.order("bao-so-3", "bao", &["yen-the"])).publish();
    let feed = Station::enrolled(&repo).sync(&repo.source()).unwrap();
    assert_eq!(feed.urgents.len(), 1);
    assert!(!ids(&feed).contains(&"bao") && feed.stale.contains_key("urgent-audio"));
}

#[test]
fn a_bulletin_with_a_broken_description_hurts_only_itself() {
    let mut repo = province();
    repo.describe("phap-luat-1", |meta| meta["frames"] = "many".into());
    repo.target("bulletins", "bulletins/Kh\u{f4}ng.opus", b"x", None).publish();
    let feed = Station::enrolled(&repo).sync(&repo.source()).unwrap();
    assert_eq!(ids(&feed), ["duong-day-nong-111", "open"]);
    insta::assert_snapshot!(told(&feed.stale));
}
