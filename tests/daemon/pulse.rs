//! The station on a real sound server: a PulseAudio null sink of the test's own, whose monitor is recorded, so that what
//! the log says is held against what went over the line.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::playout::decode;

use crate::{
    r#box::{Station, now},
    heard::{self, Item},
    pulse_server::{Pulse, Recording, environment},
    wait,
    witness::Witness,
};

const PATIENCE: Duration = Duration::from_secs(60);
/// What is promised of the first frame, on any sound server.
const ON_TIME_MS: f64 = 20.0;

/// A station on the sink `pa`, with recordings of audio/ in its library and no schedule yet.
fn station(server: &std::path::Path) -> Station {
    let mut station = Station::new();
    (station.env, station.prompt) = (environment(server), true);
    let text = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    let text =
        text.replace("device: wav:pa.wav", "device: pulseaudio:pa").replace("warm_up: 0s", "warm_up: 3s");
    std::fs::write(station.path("station.yaml"), text).unwrap();
    station.chime("open", "open.ogg", 3);
    station.chime("close", "close.ogg", 3);
    station.bulletin("duong-day-nong", "duong-day-nong-111.ogg", 4);
    station.bulletin("viec-nhe", "viec-nhe-luong-cao.ogg", 3);
    station.bulletin("bao-tin", "bao-tin-cho-cong-an.ogg", 3);
    station.bulletin("dieu-tra", "dieu-tra-va-xet-xu.ogg", 16);
    station.urgent_audio("dien-tap", "dien-tap-thong-bao-khan.ogg", 4);
    station
}

fn hold(station: &Station) {
    let out = station.run(&["station", "hold", "5m", "--reason", "micro"], |_| {});
    assert!(out.status.success(), "{out:?}");
}

/// The operator takes the PA and gives it back at a random instant a few seconds before `due`: then the device opens, so that its
/// periods lie at any phase to the slot. Left alone it would always open the same span before.
fn open_at_any_phase(station: &Station, due: DateTime<Utc>) {
    if due - now() < TimeDelta::milliseconds(5_500) {
        // This machine is too busy for it: the slot is not to be touched.
        return;
    }
    hold(station);
    wait::past(due - TimeDelta::milliseconds(fastrand::i64(3_800..5_000)));
    let out = station.run(&["station", "release"], |_| {});
    assert!(out.status.success(), "{out:?}");
}

#[test]
fn through_a_sound_server_each_bulletin_is_heard_whole_and_on_time_and_an_urgent_one_cuts_in() {
    for told in 1.. {
        let witness = Witness::start();
        let fault = story();
        let stood = witness.stop();
        match fault {
            None => return,
            // Then this was no test of the station; it is told again, and must hold.
            Some(fault) if !stood.is_empty() && told < 3 => {
                println!("told again, since the machine stood still for {stood:?}: {fault}");
            }
            Some(fault) => panic!("{fault} (the machine stood still for {stood:?})"),
        }
    }
}

/// Tells the story; what was not as promised.
fn story() -> Option<String> {
    let dir = tempfile::tempdir().unwrap();
    let pulse = Pulse::start(dir.path());
    let mut station = station(dir.path());
    let recorder = pulse.record();
    // Time to take the PA before the device opens by itself.
    let first = station.soon() + TimeDelta::seconds(4);
    let dues = [0, 20, 31].map(|s| first + TimeDelta::seconds(s));
    station.schedule(&[
        ("sang", dues[0], &["chime: open", "duong-day-nong", "viec-nhe", "chime: close"]),
        ("trua", dues[1], &["bao-tin"]),
        ("chieu", dues[2], &["dieu-tra"]),
    ]);
    station.push();
    open_at_any_phase(&station, dues[0]);
    for (done, due) in [(1, dues[1]), (2, dues[2])] {
        station.until_outcomes(done, PATIENCE);
        open_at_any_phase(&station, due);
    }
    station.until(PATIENCE, "the last slot sounds", |s| s["now"]["frames"].as_u64() > Some(48_000));
    let order = station.repo.order("dien-tap-1", "dien-tap", &["yen-the"]);
    station.repo.urgent(&order);
    station.push();
    station.until_outcomes(4, PATIENCE);
    // Silence after the last frame is part of the promise.
    recorder.hear(Duration::from_millis(700));
    station.stop();
    judge(&station, &recorder.stop())
}

fn judge(station: &Station, recording: &Recording) -> Option<String> {
    station.assert_log_verifies();
    assert_eq!(station.outcomes(), ["sang played", "trua played", "chieu preempted", "dien-tap-1 played"]);
    let canonical = |sha256: &str| {
        decode::decode_file(&station.path("state/library").join(format!("{sha256}.opus"))).unwrap()
    };
    let items = heard::items(&station.records(), &recording.samples, recording.first, canonical);
    assert_eq!(items.len(), 7);
    let outside = heard::outside_db(&recording.samples, &heard::spoken(&items, recording.samples.len()));
    for item in &items {
        println!(
            "figure: {:<14} {:>8} frames, {:+.2} ms from its instant, log {:+.2} ms from the sound, score {:.5}, {} windows torn",
            item.bulletin,
            item.frames,
            item.late_ms(),
            item.log_off_ms(),
            item.score,
            item.torn.len()
        );
    }
    println!("figure: {outside:.1} dBFS where nothing was sent");
    println!("{}", std::fs::read_to_string(station.path("stderr")).unwrap());
    let kept = |item: &&Item| {
        item.score >= 0.95
            && item.torn.is_empty()
            && item.late_ms().abs() < ON_TIME_MS
            && item.log_off_ms().abs() < ON_TIME_MS
    };
    if let Some(item) = items.iter().find(|item| !kept(item)) {
        return Some(format!("not as promised: {item:?}"));
    }
    (outside >= -60.0).then(|| format!("{outside:.1} dBFS where the log says that nothing was sent"))
}
