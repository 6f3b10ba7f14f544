//! What is published while a station plays.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::playout::{decode, sink::wav_file};
use serde_json::Value;

use crate::{
    r#box::{Station, canonical},
    heard::{self, Item},
    listen::read_wav,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// What the log says was sent, found in the file of the virtual PA; and the loudest of the rest, in dBFS.
fn heard(station: &Station) -> (Vec<Item>, f64) {
    let (first, _) = wav_file::first_frame(&station.path("pa.wav")).unwrap();
    let samples = read_wav(&station.path("pa.wav")).samples;
    let decoded = |sha256: &str| {
        let held = station.path("state/library").join(format!("{sha256}.opus"));
        // A recording that was replaced may be gone from the library.
        let bytes = std::fs::read(&held).ok().or_else(|| {
            let files = station.repo.files.iter();
            files.into_iter().find(|(name, _)| name.contains(sha256)).map(|(_, bytes)| bytes.clone())
        });
        decode::decode(&bytes.unwrap()).unwrap()
    };
    let items = heard::items(&station.records(), &samples, first, decoded);
    let rest = heard::outside_db(&samples, &heard::spoken(&items, samples.len()));
    (items, rest)
}

#[test]
fn pushes_between_and_during_slots_make_one_onset_each_and_no_other_sound() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", "viec-nhe-luong-cao.ogg", 4);
    let first = station.soon();
    let ids = ["mot", "hai", "ba", "bon", "nam"];
    let slots: Vec<(&str, DateTime<Utc>, &[&str])> =
        (0..5).map(|i| (ids[i], first + TimeDelta::seconds(8 * i as i64), &["viec-nhe"][..])).collect();
    station.schedule(&slots);
    station.push();
    // The same slots again: while the first sounds, between the second and the third, and while the fourth sounds.
    let sounds = |slot: &'static str| move |s: &Value| s["now"]["occurrence"]["slot"] == slot;
    station.until(PATIENCE, "the first sounds", sounds("mot"));
    station.schedule(&slots);
    station.push();
    station.until_outcomes(2, PATIENCE);
    station.schedule(&slots);
    station.push();
    station.until(PATIENCE, "the fourth sounds", sounds("bon"));
    station.schedule(&slots);
    station.push();
    station.until_outcomes(5, PATIENCE);
    station.stop();
    station.assert_log_verifies();

    assert_eq!(station.outcomes(), ids.map(|id| format!("{id} played")));
    assert!(station.repo.version("area-yen-the") >= 4, "nothing was pushed");
    let (items, rest) = heard(&station);
    assert_eq!(items.len(), 5);
    for item in &items {
        assert!(item.score > 0.999 && item.torn.is_empty() && item.late_ms().abs() < 5.0, "{item:?}");
    }
    assert!(rest < -60.0, "{rest} dBFS beside the five");
}

#[test]
fn a_new_version_of_what_is_on_the_air_lets_the_old_end_whole_and_the_next_slot_has_the_new() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", "viec-nhe-luong-cao.ogg", 10);
    let first = station.soon();
    station
        .schedule(&[("sang", first, &["viec-nhe"]), ("trua", first + TimeDelta::seconds(18), &["viec-nhe"])]);
    station.push();
    station.until(PATIENCE, "it sounds", |s| s["now"]["frames"].as_u64() > Some(0));
    let old = canonical("viec-nhe-luong-cao.ogg", 10, station.dir.path());
    station.bulletin("viec-nhe", "bao-tin-cho-cong-an.ogg", 4);
    station.push();
    station.until_outcomes(2, PATIENCE);
    station.stop();
    station.assert_log_verifies();

    assert_eq!(station.outcomes(), ["sang played", "trua played"]);
    let (items, rest) = heard(&station);
    let frames: Vec<u64> = items.iter().map(|i| i.frames).collect();
    assert_eq!(frames, [decode::frames(&old).unwrap().0, 4 * 48_000]);
    assert!(items.iter().all(|i| i.score > 0.999 && i.torn.is_empty()), "{items:?}");
    assert!(rest < -60.0, "{rest} dBFS beside the two");
}
