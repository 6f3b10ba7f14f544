//! Expiry, freshness, and a clock that nobody vouches for.

use chrono::TimeDelta;
use loaxa::feed::{Mode, refusal::Why};

use crate::station::{Station, areas, at, ids, province, told, told_of};

const ALL: usize = 3;

#[test]
fn an_expired_feed_is_named_and_what_is_held_plays_on() {
    let repo = province();
    let mut station = Station::synced(&repo);
    station.pass(TimeDelta::days(8));
    let feed = station.load();
    assert_eq!((ids(&feed).len(), areas(&feed).len()), (ALL, 2));
    insta::assert_snapshot!(told(&feed.stale));
    let refusal = station.sync(&repo.source()).unwrap_err();
    assert_eq!(
        (refusal.what.as_str(), &refusal.why),
        ("timestamp", &Why::Expired { at: at("2026-12-04T00:00:00Z") })
    );
}

#[test]
fn ninety_days_after_the_newest_signature_it_is_over() {
    let repo = province();
    let mut station = Station::synced(&repo);
    station.pass(TimeDelta::days(90) - TimeDelta::seconds(1));
    assert_eq!(ids(&station.load()).len(), ALL);
    station.pass(TimeDelta::seconds(1));
    let feed = station.load();
    assert!(feed.bulletins.is_empty() && feed.schedules.is_empty());
    assert!(feed.policy.is_some() && feed.registry.is_some(), "they stay in force");
    assert!(feed.stale.contains_key("feed"));
}

#[test]
fn an_expired_role_gives_nothing_new_while_the_others_do() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.pass(TimeDelta::days(1)).bulletin("moi", b"new").schedule("yen-the", "format: 1\n# newer\n");
    repo.expires("bulletins", repo.now).publish();
    station.pass(TimeDelta::days(1));
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!(ids(&feed).len(), ALL, "nothing new, nothing lost");
    assert!(feed.schedules.values().any(|s| s.text.contains("newer")));
    insta::assert_snapshot!(told(&feed.stale));
}

#[test]
fn a_root_that_expired_brings_nothing_new() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.expires("root", repo.now).bulletin("moi", b"new").publish();
    assert!(matches!(station.sync(&repo.source()).unwrap_err().why, Why::Expired { .. }));
    assert_eq!(station.load().versions["root"], 2, "the new root is kept: 5.3.10 comes after 5.3.8");
    assert_eq!(ids(&station.load()).len(), ALL);
}

#[test]
fn expired_targets_or_snapshot_bring_nothing_new() {
    for role in ["targets", "snapshot"] {
        let mut repo = province();
        let mut station = Station::synced(&repo);
        let now = repo.now;
        repo.bulletin("moi", b"new").expires(role, now).publish();
        let refusal = station.sync(&repo.source()).unwrap_err();
        assert!(refusal.what == role && matches!(refusal.why, Why::Expired { .. }), "{refusal}");
        assert_eq!(ids(&station.reboot().load()).len(), ALL);
    }
}

#[test]
fn a_signature_from_the_future_is_refused() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.pass(TimeDelta::minutes(5)).publish();
    station.sync(&repo.source()).unwrap();
    repo.pass(TimeDelta::seconds(1)).publish();
    let refusal = station.sync(&repo.source()).unwrap_err();
    assert!(matches!(refusal.why, Why::Future { .. }));
    insta::assert_snapshot!(told_of(&refusal));
    assert_eq!(station.load().signed_at, Some(at("2026-12-01T00:05:00Z")));
}

#[test]
fn a_timestamp_without_the_time_of_signing_is_refused() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.publish();
    repo.roles.get_mut("timestamp").unwrap().signed.as_object_mut().unwrap().remove("signed_at");
    repo.put("timestamp");
    assert_eq!(station.sync(&repo.source()).unwrap_err().why, Why::NoSignedAt);
}

#[test]
fn without_a_trusted_clock_the_newest_signature_is_the_lower_bound_of_time() {
    let mut repo = province();
    let mut station = Station::enrolled(&repo);
    // A dead clock: nine years back, or ahead.
    for wall in ["2017-01-01T00:00:00Z", "2040-01-01T00:00:00Z"] {
        station.now = loaxa::feed::Now { wall: at(wall), trusted: false };
        let feed = station.sync(&repo.source()).unwrap();
        assert_eq!((ids(&feed).len(), feed.signed_at), (ALL, Some(repo.now)));
        assert!(feed.stale.is_empty() && feed.checked_at.is_none());
    }
    // What is expired by that bound is expired.
    repo.pass(TimeDelta::days(400)).edit("snapshot", |_| ()).publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert!(feed.stale.contains_key("bulletins"), "{:?}", feed.stale);
}

#[test]
fn a_stolen_online_key_cannot_push_an_untrusted_clock_past_the_root() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    station.now.trusted = false;
    repo.pass(TimeDelta::days(731)).publish();
    assert!(matches!(station.sync(&repo.source()).unwrap_err().why, Why::Future { .. }));
}

#[test]
fn a_freeze_by_a_stolen_online_key_shows_in_the_age_of_the_newest_offline_signature() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    // The thief signs timestamps and snapshots for 60 days and hides what the offices sign.
    repo.pass(TimeDelta::days(60)).edit("snapshot", |_| ()).publish();
    station.pass(TimeDelta::days(60));
    let feed = station.sync(&repo.source()).unwrap();
    assert!(feed.stale.is_empty());
    assert_eq!(feed.signed_at, Some(repo.now));
    assert_eq!(feed.offline_signed_at, Some(at("2026-12-01T00:00:00Z")));
}

#[test]
fn the_age_is_told_even_if_roles_do_not_say_when_they_were_signed() {
    let mut repo = province();
    let names: Vec<String> = repo.roles.keys().filter(|n| *n != "timestamp").cloned().collect();
    for name in names {
        repo.roles.get_mut(&name).unwrap().signed["signed_at"] = serde_json::Value::Null;
        repo.put(&name);
    }
    // Expiry less the table's days.
    let station = Station::enrolled(&repo);
    assert_eq!(station.load().offline_signed_at, Some(repo.now));
}

#[test]
fn warnings_begin_sixty_days_before_offline_roles_expire_and_one_day_before_online_ones() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    assert!(station.load().warnings.is_empty());
    station.pass(TimeDelta::days(2) + TimeDelta::seconds(1));
    assert_eq!(station.load().warnings.keys().collect::<Vec<_>>(), ["timestamp"]);
    repo.pass(TimeDelta::days(306)).edit("snapshot", |_| ()).publish();
    station.pass(TimeDelta::days(304));
    let feed = station.sync(&repo.source()).unwrap();
    insta::assert_snapshot!(told(&feed.warnings));
}

#[test]
fn a_late_stick_is_taken_and_the_feed_is_stale() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.pass(TimeDelta::hours(1)).bulletin("moi", b"new").publish();
    station.pass(TimeDelta::days(20));
    assert!(station.sync(&repo.source()).is_err());
    let feed = station.sync_by(&repo.source(), Mode::Stick).unwrap();
    assert_eq!(ids(&feed).len(), ALL + 1);
    insta::assert_snapshot!(told(&feed.stale));
    assert_eq!(ids(&station.reboot().load()).len(), ALL + 1);
}

#[test]
fn a_stick_takes_no_version_back() {
    let old = province();
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.bulletin("moi", b"new").publish();
    station.sync(&repo.source()).unwrap();
    let refusal = station.pass(TimeDelta::days(20)).sync_by(&old.source(), Mode::Stick).unwrap_err();
    assert!(matches!(refusal.why, Why::Rollback { .. }));
}

#[test]
fn a_late_stick_with_an_expired_offline_role_leaves_no_trace() {
    for role in ["targets", "bulletins", "withdrawals"] {
        let mut repo = province();
        let mut station = Station::synced(&repo);
        let end = repo.now + TimeDelta::days(10);
        repo.bulletin("moi", b"new").expires(role, end).publish();
        station.pass(TimeDelta::days(20));
        let before = station.load();
        let refusal = station.sync_by(&repo.source(), Mode::Stick).unwrap_err();
        assert!(refusal.what == role && matches!(refusal.why, Why::Expired { .. }), "{refusal}");
        assert_eq!(station.reboot().load(), before, "{role}");
    }
}
