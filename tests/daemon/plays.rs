//! What is approved and due is heard on time and logged; what is not, is not.

use std::time::Duration;

use chrono::TimeDelta;
use loaxa::playout::{decode, sink::wav_file::first_frame};

use crate::{
    r#box::{Station, canonical},
    heard, listen,
    server::Server,
};

const SPEECH: &str = "viec-nhe-luong-cao.ogg";

#[test]
fn an_approved_bulletin_is_heard_on_time_and_the_log_proves_it() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 5);
    let due = station.soon();
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.push();
    station.until_outcomes(1, Duration::from_secs(40));
    assert!(station.stop() < Duration::from_secs(2));
    assert_eq!(station.outcomes(), ["sang played"]);
    station.assert_log_verifies();

    let outcome = station.records().into_iter().find(|r| r["kind"] == "outcome").unwrap();
    assert_eq!(outcome["items"][0]["bulletin"], "viec-nhe");
    assert!(outcome["late_us"].as_i64().unwrap().abs() < 5_000, "{outcome}");
    let heard = listen::read_wav(&station.path("pa.wav")).samples;
    let spoken = decode::decode(&canonical(SPEECH, 5, station.dir.path())).unwrap();
    let found = listen::find(&heard, &spoken);
    assert!(found.score > 0.95, "{found:?}");
}

#[test]
fn with_the_line_cut_after_the_push_it_plays_and_an_amplifier_that_wakes_late_loses_nothing() {
    let mut station = Station::new();
    let text = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    std::fs::write(station.path("station.yaml"), text.replace("warm_up: 0s", "warm_up: 2s")).unwrap();
    station.bulletin("viec-nhe", SPEECH, 4);
    let due = station.soon();
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.push();
    // Whoever asks now finds nobody at the feed's address.
    let elsewhere = station.path("elsewhere");
    std::fs::create_dir(&elsewhere).unwrap();
    drop(std::mem::replace(&mut station.server, Server::start(&elsewhere)));
    station.run(&["station", "sync"], |_| {});
    station.until_outcomes(1, Duration::from_secs(40));
    station.stop();
    assert_eq!(station.outcomes(), ["sang played"]);

    let (first, _) = first_frame(&station.path("pa.wav")).unwrap();
    // Silence is sent for the warm-up, so that the amplifier is awake; then the bulletin from its first sample on.
    assert!(due - first >= TimeDelta::seconds(2), "opened {} before", due - first);
    let samples = listen::read_wav(&station.path("pa.wav")).samples;
    let spoken = decode::decode(&canonical(SPEECH, 4, station.dir.path())).unwrap();
    let items = heard::items(&station.records(), &samples, first, |_| spoken.clone());
    assert_eq!(items.len(), 1);
    assert!(items[0].torn.is_empty() && items[0].late_ms().abs() < 5.0, "{:?}", items[0]);
    // What the log calls the first frame is where the sound is.
    assert!(items[0].log_off_ms().abs() < 50.0, "{:?}", items[0]);
    assert!(heard::outside_db(&samples, &heard::spoken(&items, samples.len())) < -60.0);
}
