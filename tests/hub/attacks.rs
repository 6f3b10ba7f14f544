//! Whoever bends a log is named, and what was taken before stays as it was.

use loaxa::{asrun::record::Continues, link};
use reqwest::Method;

use crate::province::{Province, Talker};

/// A box whose first `held` lines the hub has.
async fn held(province: &mut Province, seed: u8, slots: usize) -> Talker {
    let mut log = province.register(&format!("xa-{seed}"), seed);
    log.boot(None);
    for _ in 0..slots {
        log.air(1000);
    }
    let (status, said) = log.send(1, log.head.seq).await;
    assert_eq!(status, 200, "{said}");
    log
}

async fn assert_untouched(province: &Province, log: &Talker, count: usize) {
    assert_eq!(province.lines(&log.key.id()).await, log.lines[..count]);
    province.assert_sums().await;
}

#[tokio::test]
async fn a_hole_in_the_log_is_a_gap() {
    let mut province = Province::start();
    let mut log = held(&mut province, 7, 1).await;
    log.air(1).air(2);
    assert_eq!(log.send(5, 7).await.0, 409);
    assert!(province.alarms().await.is_empty(), "it may have overtaken another");
    assert_eq!(log.send(5, 7).await.0, 409);
    assert_eq!(log.send(5, 7).await.0, 409);
    assert_eq!(province.alarms().await, ["gap"]);
    // Lines left out in the middle of a batch: what comes before is good.
    let body = [log.body(4, 5), log.body(7, 7)].concat();
    assert_eq!(log.post(&body).await.0, 409);
    assert_untouched(&province, &log, 5).await;
}

#[tokio::test]
async fn a_line_written_again_is_kept_beside_the_first_and_counted_nowhere() {
    let mut province = Province::start();
    let mut log = held(&mut province, 7, 3).await;
    let mut other = Talker::new(&province.hub.url, "xa-7", 7);
    other.boot(None).air(1000).air(999_999).air(1);
    let (status, said) = other.send(1, 7).await;
    assert_eq!((status, said["head"]["seq"].as_u64()), (409, Some(7)), "{said}");
    assert_eq!(province.alarms().await, ["rewritten"]);
    // Only the lines after the rewritten ones are sent: they do not follow.
    other.air(5);
    assert_eq!(other.send(8, 9).await.0, 409);
    assert_untouched(&province, &log, 7).await;
    let kept: Vec<(i64, Vec<u8>)> = province.rows("SELECT seq, line FROM branch ORDER BY seq").await;
    let expected: Vec<_> = (4..).zip(other.lines[3..].iter().cloned()).collect();
    assert_eq!(kept, expected, "the other branch");
    let (status, _) = log.send(1, 7).await;
    assert_eq!(status, 200, "the first branch is as it was");
}

#[tokio::test]
async fn a_cloned_box_is_a_fork() {
    let mut province = Province::start();
    let mut log = held(&mut province, 7, 2).await;
    let mut clone = log.clone_box().with_key(7);
    log.boot(None);
    clone.at += chrono::TimeDelta::seconds(20);
    clone.boot(None);
    assert_eq!(log.send(6, 6).await.0, 200);
    assert_eq!(clone.send(6, 6).await.0, 409);
    log.air(10);
    clone.air(20);
    assert_eq!(log.send(7, 8).await.0, 200, "the first one goes on");
    assert_eq!(clone.send(6, 8).await.0, 409);
    assert_untouched(&province, &log, 8).await;
    let alarms = province.alarms().await;
    assert_eq!(alarms, ["rewritten", "fork"], "each is told once");
}

#[tokio::test]
async fn a_cut_tail_is_told_by_the_second_heartbeat() {
    let mut province = Province::start();
    let mut log = held(&mut province, 7, 3).await;
    assert_eq!(log.beat(7).await.0, 200);
    assert_eq!(log.beat(5).await.0, 200);
    assert!(province.alarms().await.is_empty(), "an upload may have overtaken it");
    let (status, said) = log.beat(5).await;
    assert_eq!((status, said["head"]["seq"].as_u64()), (200, Some(7)));
    assert_eq!(province.alarms().await, ["truncated"]);
    let state = loaxa::hub::db::stations::get(&province.db().await, "xa-7").await.unwrap().unwrap().state;
    assert_eq!(state, "log-alarm");
    // And a head that is another line than the one that is held.
    log.lines[3] = log.lines[2].clone();
    log.beat(4).await;
    assert_eq!(province.alarms().await, ["truncated", "rewritten"]);
}

#[tokio::test]
async fn an_altered_line_is_refused_and_those_before_it_are_taken() {
    let mut province = Province::start();
    let mut log = held(&mut province, 7, 1).await;
    log.air(1000).air(2000);
    let whole = log.body(4, 7);
    let altered = String::from_utf8(whole.clone()).unwrap().replace("\"frames\":2000", "\"frames\":9000");
    let (status, said) = log.post(altered.as_bytes()).await;
    assert_eq!(status, 422, "{said}");
    assert!(said["error"]["vi"].as_str().unwrap().starts_with("Dòng 7"), "{said}");
    assert_eq!(province.alarms().await, ["altered"]);
    assert_untouched(&province, &log, 6).await;
    for junk in [&b"{}\n"[..], b"\n", b"x", b"", b"\xff\xfe\n"] {
        assert_eq!(log.post(junk).await.0, 422, "{junk:?}");
    }
    assert_eq!(log.send(4, 7).await.0, 200);
    assert_untouched(&province, &log, 7).await;
}

#[tokio::test]
async fn another_stations_key_and_another_stations_log_are_refused() {
    let mut province = Province::start();
    let log = held(&mut province, 7, 1).await;
    let mut other = held(&mut province, 8, 1).await;
    // Signed by the key of xa-8, sent by xa-8, but lines of xa-7.
    assert_eq!(other.post(&log.body(1, 3)).await.0, 422);
    let mut liar = province.register("xa-9", 9);
    liar.id = "xa-7".into();
    liar.boot(None);
    assert_eq!(liar.send(1, 1).await.0, 422, "its records say that they are xa-7's");
    let mut stranger = Talker::new(&province.hub.url, "xa-7", 99);
    stranger.boot(None);
    assert_eq!(stranger.send(1, 1).await.0, 403, "nobody knows this key");
    assert_untouched(&province, &log, 3).await;
    assert_eq!(province.lines(&other.key.id()).await, other.lines);
    assert!(province.alarms().await.contains(&"other-station".to_owned()));
}

#[tokio::test]
async fn a_new_key_continues_the_log_and_the_old_one_is_not_taken_any_more() {
    let mut province = Province::start();
    let mut old = held(&mut province, 7, 2).await;
    let mut new = province.register("xa-7", 8);
    let end = |log: &Talker| Continues { log: log.key.id(), seq: log.head.seq, hash: log.head.hash };
    new.boot(Some(end(&old))).air(5);
    assert_eq!(new.send(1, 3).await.0, 200);
    assert!(province.alarms().await.is_empty(), "it begins where the old one ends");
    old.air(1);
    assert_eq!(old.send(6, 7).await.0, 403);
    assert_eq!(province.alarms().await, ["other-key"]);
    // The next new key says that the log before it went further than is held.
    let mut third = province.register("xa-7", 9);
    new.air(6);
    third.boot(Some(end(&new)));
    assert_eq!(third.send(1, 1).await.0, 200);
    assert_eq!(province.alarms().await, ["other-key", "gap"]);
    assert_untouched(&province, &old, 5).await;
}

#[tokio::test]
async fn a_station_that_left_the_registry_is_refused() {
    let mut province = Province::start();
    let mut log = held(&mut province, 7, 1).await;
    province.repo.revoke("xa-7");
    province.publish();
    assert_eq!(log.ask(Method::GET, link::LOG, b"").await.unwrap().0, 403);
    assert_eq!(province.alarms().await, ["other-key"]);
}
