//! One stream a station: it hears of a publication at once, and ends with the hub.

use std::time::{Duration, Instant};

use loaxa::link;
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
