//! One stream a station: it hears of a publication at once, and ends with the hub.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use loaxa::{
    clock::SimClock,
    digest::Digest,
    hub::{
        config::Config,
        db::{Db, areas, stations},
        live::News,
        station::{Desk, silence},
    },
    link,
};
use reqwest::Method;

use crate::{field::Field, province::Province};

/// The next `data:` line of a stream; none at its end.
async fn next(answer: &mut reqwest::Response) -> Option<u64> {
    let mut text = String::new();
    loop {
        let piece = tokio::time::timeout(Duration::from_secs(60), answer.chunk()).await.expect("in a minute");
        text += std::str::from_utf8(&piece.ok()??).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("data: "));
        if let (Some(version), true) = (line, text.ends_with("\n\n")) {
            return Some(version.parse().unwrap());
        }
    }
}

#[tokio::test]
async fn a_stream_tells_each_publication_and_ends_with_the_hub() {
    let mut province = Province::start();
    let mut log = province.register("xa-1", 7);
    let proof = log.proof(Method::GET, link::EVENTS, b"").await;
    let url = format!("{}{}", province.hub.url, link::EVENTS);
    let mut stream = reqwest::Client::new().get(url).header("authorization", proof).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert_eq!(next(&mut stream).await, Some(province.repo.version("timestamp")), "what is published now");
    province.repo.bulletin("luat-1", b"audio");
    province.publish();
    log.held().await;
    assert_eq!(next(&mut stream).await, Some(province.repo.version("timestamp")));
    let begun = Instant::now();
    province.hub.stop();
    assert!(begun.elapsed() < Duration::from_secs(4), "the hub did not wait for it");
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn a_station_that_says_nothing_for_a_quarter_of_an_hour_is_silent() {
    let dir = tempfile::tempdir().unwrap();
    let start = "2026-12-01T06:00:00Z".parse().unwrap();
    let clock = Arc::new(SimClock::at(start));
    let db = Db::sqlite(&dir.path().join("hub.sqlite")).await.unwrap();
    areas::put(&db, &"tinh".parse().unwrap(), None, "Tỉnh", "province").await.unwrap();
    let station = stations::Station { id: "xa-1".into(), commune: "tinh".into(), ..Default::default() };
    stations::add(&db, &station, start).await.unwrap();
    let desk = Desk::open(dir.path()).unwrap_or_else(|_| panic!("no desk"));
    let feed = loaxa::hub::feed::Feed::open(dir.path()).unwrap_or_else(|_| panic!("no feed"));
    let hub = loaxa::hub::Hub::new(Config::default(), db, feed, desk, clock.clone());
    let state = async || stations::get(&hub.db, "xa-1").await.unwrap().unwrap().state;
    assert_eq!((silence::look(&hub).await.unwrap(), state().await.as_str()), (0, "new"));
    let status = serde_json::json!({"station": "xa-1", "at": start, "now": null, "hold": null, "stale": {},
        "clock": {"trust": "synced"}, "waiting": [], "log": {"id": Digest::ZERO, "seq": 1, "hash": Digest::ZERO}});
    stations::heard(&hub.db, "xa-1", &Digest::ZERO, &status.to_string(), "idle", start).await.unwrap();
    let mut news = hub.live.news();
    clock.pass(Duration::from_secs(899));
    assert_eq!((silence::look(&hub).await.unwrap(), state().await.as_str()), (0, "idle"));
    clock.pass(Duration::from_secs(1));
    assert_eq!((silence::look(&hub).await.unwrap(), state().await.as_str()), (1, "silent"));
    assert_eq!(news.try_recv().unwrap(), News::Station("xa-1".parse().unwrap()));
    assert_eq!(silence::look(&hub).await.unwrap(), 0, "it is told once");
}

#[test]
fn a_publication_is_fetched_at_once_although_the_next_poll_is_tomorrow() {
    let mut field = Field::start("poll: 24h\n");
    field.station.start();
    field.until_held_lines(1);
    for turn in 0..3 {
        field.station.repo.withdraw(&format!("gone-{turn}"));
        field.publish();
        let version = field.station.repo.version("snapshot");
        field.touch();
        field.station.until(Duration::from_secs(60), "it is in force", |s| s["feed"]["snapshot"] == version);
    }
}
