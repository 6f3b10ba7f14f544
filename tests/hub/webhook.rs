//! A system that is told of alarms, and one that must not be reached.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    clock::SimClock,
    hub::{
        Hub,
        config::Config,
        db::{Db, areas, micros, webhooks},
        webhook::{look, signature},
    },
};
use tokio::net::TcpListener;

type Told = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// Answers with each status in turn, the last one for ever.
async fn receiver(statuses: &'static [u16]) -> (String, Told) {
    let told = Told::default();
    let kept = Arc::clone(&told);
    let handler = move |headers: HeaderMap, body: String| {
        let mut kept = kept.lock().unwrap();
        kept.push((headers, body));
        let status = statuses[(kept.len() - 1).min(statuses.len() - 1)];
        async move { (StatusCode::from_u16(status).unwrap(), [("location", "/elsewhere")]) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(post(handler))).await });
    (url, told)
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

async fn hub(dir: &std::path::Path, clock: &SimClock, url: &str, private: bool) -> Hub {
    let db = Db::sqlite(&dir.join("hub.sqlite")).await.unwrap();
    areas::put(&db, &"xa".parse().unwrap(), None, "Xã", "commune").await.unwrap();
    let hook = webhooks::Webhook {
        id: vec![7; 16],
        url: url.into(),
        area: "xa".into(),
        kinds: "silent log".into(),
        secret: b"secret".to_vec(),
        made_at: micros(at()),
        closed_at: None,
    };
    webhooks::make(&db, &hook).await.unwrap();
    let config = Config { private_webhooks: private, ..Config::default() };
    let dir = tempfile::tempdir().unwrap().keep();
    let feed = loaxa::hub::feed::Feed::open(&dir).unwrap_or_else(|_| panic!("no feed"));
    let desk = loaxa::hub::station::Desk::open(&dir).unwrap_or_else(|_| panic!("no desk"));
    Hub::new(config, db, feed, desk, Arc::new(clock.clone()))
}

fn alarm(n: u8, kind: &str) -> webhooks::Alarm {
    let text = str::to_owned;
    webhooks::Alarm {
        id: vec![n; 16],
        at: micros(at()),
        kind: text(kind),
        station: text("xa-1"),
        commune: text("xa"),
        detail: text(""),
        seen_by: text(""),
        seen_at: None,
    }
}

#[tokio::test]
async fn an_alarm_is_told_until_it_arrives_and_then_never_again() {
    let (url, told) = receiver(&[500, 302, 204]).await;
    let dir = tempfile::tempdir().unwrap();
    let clock = SimClock::at(at());
    let hub = hub(dir.path(), &clock, &url, true).await;
    webhooks::keep(&hub.db, &[alarm(1, "silent"), alarm(2, "back")]).await.unwrap();
    let count = || told.lock().unwrap().len();
    look(&hub).await.unwrap();
    look(&hub).await.unwrap();
    assert_eq!(count(), 1, "not before its time");
    clock.pass(Duration::from_secs(30));
    look(&hub).await.unwrap();
    assert_eq!(count(), 2, "a redirect is no arrival, and is not followed");
    clock.pass(Duration::from_secs(59));
    look(&hub).await.unwrap();
    assert_eq!(count(), 2, "the wait doubles");
    clock.pass(Duration::from_secs(1));
    look(&hub).await.unwrap();
    assert_eq!(count(), 3);
    clock.pass(Duration::from_secs(100_000));
    look(&hub).await.unwrap();
    assert_eq!(count(), 3, "it arrived");
    let told = told.lock().unwrap();
    let ids: std::collections::BTreeSet<_> = told
        .iter()
        .map(|(headers, _)| headers["loaxa-delivery"].clone().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids.len(), 1, "each try has the same name");
    let (headers, body) = &told[2];
    let sent_at = at() + TimeDelta::seconds(90);
    assert_eq!(headers["loaxa-signature"], signature(b"secret", sent_at, body).as_str());
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&body["kind"], &body["station"], &body["commune"]),
        (&"silent".into(), &"xa-1".into(), &"xa".into())
    );
}

#[tokio::test]
async fn a_private_address_is_never_reached_not_even_by_a_name() {
    let (url, told) = receiver(&[200]).await;
    let port = url.trim_end_matches('/').rsplit(':').next().unwrap().to_owned();
    let listens = [
        url,
        format!("https://localhost:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
    ];
    for url in listens {
        let dir = tempfile::tempdir().unwrap();
        let clock = SimClock::at(at());
        let hub = hub(dir.path(), &clock, &url, false).await;
        webhooks::keep(&hub.db, &[alarm(1, "silent")]).await.unwrap();
        look(&hub).await.unwrap();
        let went = webhooks::went(&hub.db).await.unwrap();
        assert_eq!((went[0].arrived, went[0].open), (0, 1), "{url}");
    }
    assert!(told.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_system_that_never_answers_is_given_up_and_keeps_nobody_else_waiting() {
    let (url, told) = receiver(&[503]).await;
    let dir = tempfile::tempdir().unwrap();
    let clock = SimClock::at(at());
    let hub = hub(dir.path(), &clock, &url, true).await;
    webhooks::keep(&hub.db, &[alarm(1, "gap")]).await.unwrap();
    for _ in 0..40 {
        look(&hub).await.unwrap();
        clock.pass(Duration::from_secs(6 * 3600));
    }
    assert_eq!(told.lock().unwrap().len(), 19);
}
