//! Lines come in order, once, whatever happens to requests and to the hub.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use loaxa::{hub::db::stations, link};
use reqwest::Method;

use crate::province::{Province, receipt};

#[tokio::test]
async fn lost_replies_doubles_and_overtaking_uploads_leave_each_line_once() {
    let mut province = Province::start();
    let mut log = province.register("xa-1", 7);
    log.boot(None);
    for frames in 1..=7 {
        log.air(frames * 1000);
    }
    let (status, said) = log.send(1, 5).await;
    assert_eq!((status, said["head"]["seq"].as_u64()), (200, Some(5)), "{said}");
    let given = receipt(&said, &province.receipt_key());
    assert_eq!((given.log, given.seq), (log.key.id(), 5));
    let (status, again) = log.send(1, 5).await;
    assert_eq!((status, &again), (200, &said), "the reply was lost, and is given again");
    assert_eq!(log.send(3, 8).await.0, 200, "some are held, some are new");
    let (status, said) = log.send(12, 15).await;
    assert_eq!((status, said["head"]["seq"].as_u64()), (409, Some(8)), "it overtook another");
    assert_eq!(log.send(9, 11).await.0, 200);
    assert_eq!(log.send(12, 15).await.0, 200);
    assert_eq!(log.held().await, 15);
    assert_eq!(province.lines(&log.key.id()).await, log.lines);
    province.assert_sums().await;
    assert_eq!(province.alarms().await, Vec::<String>::new());
}

#[tokio::test]
async fn uploads_at_once_take_turns() {
    let mut province = Province::start();
    let mut log = province.register("xa-1", 7);
    log.boot(None);
    for _ in 0..20 {
        log.air(1000);
    }
    let last = log.head.seq;
    assert_eq!(log.send(1, 1).await.0, 200);
    let uploads = (0..8).map(|n| {
        let mut other = log.clone_box().with_key(7);
        async move { other.send(2, last - n).await.0 }
    });
    for status in futures_util::future::join_all(uploads).await {
        assert!(status == 200 || status == 500, "{status}");
    }
    assert_eq!(log.send(1, last).await.0, 200);
    assert_eq!(province.lines(&log.key.id()).await, log.lines);
    province.assert_sums().await;
    assert_eq!(province.alarms().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_line_that_comes_late_counts_for_the_commune_of_its_time() {
    let mut province = Province::start();
    let mut log = province.register("xa-1", 7);
    let add = ["--commune-title", "Xã Cũ", "--below", "bac-ninh"];
    province.hub.says(&[&["hub", "station", "add", "xa-1", "--commune", "xa-cu"][..], &add].concat());
    province.hub.says(&[
        "hub",
        "station",
        "add",
        "xa-2",
        "--commune",
        "xa-moi",
        "--commune-title",
        "Xã Mới",
        "--below",
        "bac-ninh",
    ]);
    log.boot(None).air(1000).air(2000);
    let moved = log.lines.len();
    stations::move_to(&province.db().await, "xa-1", "xa-moi", log.at).await.unwrap();
    log.air(4000);
    assert_eq!(log.send(1, 7).await.0, 200);
    const BY_COMMUNE: &str =
        "SELECT commune, COUNT(*), CAST(SUM(frames) AS BIGINT) FROM record GROUP BY commune ORDER BY commune";
    let by: Vec<(String, i64, i64)> = province.rows(BY_COMMUNE).await;
    let old = i64::try_from(moved).unwrap();
    assert_eq!(by, [("xa-cu".to_owned(), old, 3000), ("xa-moi".to_owned(), 2, 4000)]);
    province.assert_sums().await;
}

#[tokio::test]
async fn a_nonce_is_asked_for_and_nobody_goes_without_a_proof() {
    let mut province = Province::start();
    let mut log = province.register("xa-1", 7);
    log.boot(None);
    let client = reqwest::Client::new();
    let url = format!("{}{}", province.hub.url, link::LOG);
    let bare = client.get(&url).send().await.unwrap();
    assert_eq!(bare.status(), 401);
    assert_eq!(bare.headers()["www-authenticate"], "Loaxa nonce=");
    // A proof for one body is none for another, nor for another verb.
    let proof = log.proof(Method::POST, link::LOG, &log.body(1, 1)).await;
    let send = |body: Vec<u8>| client.post(&url).header("authorization", &proof).body(body).send();
    assert_eq!(send(b"other\n".to_vec()).await.unwrap().status(), 403);
    let get = client.get(&url).header("authorization", &proof).send().await.unwrap();
    assert_eq!(get.status(), 403);
    assert_eq!(send(log.body(1, 1)).await.unwrap().status(), 200);
    let stale = proof.replace("nonce=6", "nonce=7");
    let answer = client.post(&url).header("authorization", stale).body(log.body(1, 1)).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.headers()["www-authenticate"].to_str().unwrap().starts_with("Loaxa nonce="));
}

fn raw(url: &str, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

fn status(stream: &mut TcpStream) -> String {
    let mut first = [0; 12];
    stream.read_exact(&mut first).unwrap();
    String::from_utf8_lossy(&first[9..]).into_owned()
}

#[tokio::test]
async fn a_gigabyte_is_refused_before_it_is_sent_and_what_trickles_is_cut() {
    let mut province = Province::start();
    let mut log = province.register("xa-1", 7);
    let proof = log.proof(Method::POST, link::LOG, b"").await;
    let head = |length: u64| {
        format!(
            "POST /station/log HTTP/1.1\r\nhost: x\r\nauthorization: {proof}\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    assert_eq!(status(&mut raw(&province.hub.url, &head(1_000_000_000))), "413");
    let chunked = head(0).replace("content-length: 0", "transfer-encoding: chunked");
    let mut endless = raw(&province.hub.url, &chunked);
    let piece = [b"10000\r\n".as_slice(), &[b'x'; 0x10000], b"\r\n"].concat();
    // The hub closes while we still send.
    while endless.write_all(&piece).is_ok() {}
    let begun = Instant::now();
    let mut slow = raw(&province.hub.url, &head(1000));
    slow.write_all(b"x").unwrap();
    assert_eq!(status(&mut slow), "408");
    assert!(begun.elapsed() >= Duration::from_secs(14), "a slow line may think for a while");
    log.boot(None);
    assert_eq!(log.send(1, 1).await.0, 200, "the hub is well");
}

#[tokio::test]
async fn a_hub_that_is_killed_at_any_moment_loses_and_doubles_nothing() {
    let mut province = Province::start();
    let mut log = province.register("xa-1", 7);
    log.boot(None);
    for frames in 1..=900 {
        log.air(frames);
    }
    let last = log.head.seq;
    let (mut acknowledged, mut kills) = (0, 0);
    // So many kills while lines come; at the end one may find nothing more to do.
    while kills < 15 && acknowledged < last {
        kills += 1;
        let mut uploader = log.clone_box().with_key(7);
        let from = acknowledged;
        let answered = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&answered);
        let uploads = tokio::spawn(async move {
            let mut at = from;
            while at < last {
                let to = (at + 3).min(last);
                match uploader.ask(Method::POST, link::LOG, &uploader.body(at + 1, to)).await {
                    Some((200, said)) => {
                        at = said["head"]["seq"].as_u64().unwrap();
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    Some((409, said)) => at = said["head"]["seq"].as_u64().unwrap(),
                    Some((500, _)) => {}
                    Some(other) => panic!("{other:?}"),
                    None => return at,
                }
            }
            at
        });
        // Some way into the uploads, and somewhere within one.
        let enough = fastrand::u64(1..20);
        while answered.load(Ordering::Relaxed) < enough && !uploads.is_finished() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_micros(fastrand::u64(0..15_000))).await;
        province.hub.kill();
        acknowledged = uploads.await.unwrap();
        province.hub.run();
        let held = log.held().await;
        assert!(held >= acknowledged, "{acknowledged} were acknowledged, {held} are held");
        let lines = province.lines(&log.key.id()).await;
        assert_eq!(lines, log.lines[..held as usize]);
        province.assert_sums().await;
        acknowledged = held;
    }
    eprintln!("{kills} kills, {acknowledged} of {last} lines were held at the last one");
    let mut rest = log.held().await + 1;
    while rest <= last {
        let to = (rest + 299).min(last);
        assert_eq!(log.send(rest, to).await.0, 200);
        rest = to + 1;
    }
    assert_eq!(province.lines(&log.key.id()).await, log.lines);
    province.assert_sums().await;
    assert_eq!(province.alarms().await, Vec::<String>::new());
}
