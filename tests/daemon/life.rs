//! Urgent orders, operators, kills: a day in which things happen.

use std::time::Duration;

use chrono::TimeDelta;

use loaxa::playout::sink::wav_file::HEADER;

use crate::{
    r#box::{Station, now},
    listen::{peak_db, read_wav},
    wait,
};

const SPEECH: &str = "viec-nhe-luong-cao.ogg";
const OTHER: &str = "dien-tap-thong-bao-khan.ogg";
const LONG: Duration = Duration::from_secs(60);

/// A station on whose PA a bulletin of 20 s sounds.
fn on_air() -> Station {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 20);
    let due = station.soon();
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.push();
    station.until(LONG, "it sounds", |s| s["now"]["frames"].as_u64() > Some(48_000));
    station
}

fn word(out: &std::process::Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

#[test]
fn an_urgent_order_cuts_in_and_the_log_tells_both() {
    let mut station = on_air();
    station.urgent_audio("bao-so-3", OTHER, 4);
    let order = station.repo.order("bao", "bao-so-3", &["yen-the"]);
    station.repo.urgent(&order);
    station.publish();
    let asked = station.run(&["station", "sync"], |_| {});
    assert!(asked.status.success(), "{}", word(&asked));
    let outcomes = station.until_outcomes(2, LONG);
    assert_eq!(outcomes, ["sang preempted", "bao played"]);
    let records = station.records();
    let cut = records.iter().find(|r| r["outcome"] == "preempted").unwrap();
    assert_eq!(cut["by"]["slot"], "bao");
    station.stop();
    station.assert_log_verifies();
}

#[test]
fn killed_in_the_middle_it_is_interrupted_by_the_next_start_and_never_resumed() {
    let mut station = on_air();
    // The first mark comes with the first progress, the second five seconds later.
    station.until(LONG, "it is marked again", |s| s["now"]["frames"].as_u64() > Some(6 * 48_000));
    station.kill();
    let killed = std::fs::metadata(station.path("pa.wav")).unwrap().len();
    station.start();
    assert_eq!(station.until_outcomes(1, LONG), ["sang interrupted kill"]);
    let records = station.records();
    let outcome = records.iter().find(|r| r["kind"] == "outcome").unwrap();
    let frames = outcome["items"][0]["frames"].as_u64().unwrap();
    assert!((4 * 48_000..20 * 48_000).contains(&frames), "{outcome}");
    assert!(station.status().unwrap()["now"].is_null());
    station.stop();
    station.assert_log_verifies();
    // Nor does a start make any other sound.
    let heard = read_wav(&station.path("pa.wav")).samples;
    let since = (killed as usize - HEADER as usize) / 2;
    assert!(peak_db(&heard[since.min(heard.len())..]) < -60.0);
}

#[test]
fn sigterm_while_it_sounds_fades_logs_and_ends_within_two_seconds() {
    let mut station = on_air();
    let took = station.stop();
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(station.outcomes(), ["sang interrupted sigterm"]);
    station.assert_log_verifies();
}

#[test]
fn an_operator_holds_releases_and_every_deed_is_a_record() {
    let mut station = on_air();
    let held = station.run(&["station", "hold", "30m", "--reason", "họp thôn"], |_| {});
    assert!(held.status.success(), "{}", word(&held));
    assert_eq!(station.until_outcomes(1, LONG), ["sang partial hold"]);
    let too_long = station.run(&["station", "hold", "5h", "--reason", "x"], |_| {});
    assert_eq!(too_long.status.code(), Some(1), "{}", word(&too_long));
    assert!(station.run(&["station", "release"], |_| {}).status.success());
    assert_eq!(station.run(&["station", "release"], |_| {}).status.code(), Some(1));
    let kinds: Vec<_> = station.records().iter().map(|r| r["kind"].as_str().unwrap().to_owned()).collect();
    assert!(kinds.contains(&"hold".to_owned()) && kinds.contains(&"release".to_owned()), "{kinds:?}");
    assert!(station.records().iter().any(|r| r["reason"] == "họp thôn"));
    station.stop();
    station.assert_log_verifies();
}

#[test]
fn a_bad_configuration_is_refused_whole_and_the_old_one_goes_on() {
    let mut station = Station::new();
    station.start();
    station.configure("volume: 900\nspeaker: x\n");
    let reload = station.run(&["station", "reload"], |c| {
        // The command line needs the socket's place, which the broken file no longer tells.
        c.args(["--config", "good.yaml"]);
    });
    assert_ne!(reload.status.code(), Some(0), "{}", word(&reload));
    let check = station.run(&["station", "check"], |_| {});
    assert_eq!(check.status.code(), Some(1));
    assert!(word(&check).contains("station.yaml:10:"), "{}", word(&check));
    station.configure("");
    assert!(station.run(&["station", "reload"], |_| {}).status.success());
    station.stop();
}

#[test]
fn a_box_that_is_not_registered_owes_silence_and_says_why() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 3);
    station.repo.station("xa-1", [9; 32], &["tinh", "yen-the"]);
    station.publish();
    let due = station.soon();
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.push();
    let status = station.until(LONG, "it says why", |s| {
        s["warnings"].as_array().is_some_and(|w| !w.is_empty() && s["data"]["synced_at"].is_string())
    });
    assert!(status["next"].is_null(), "{status}");
    // That the slot passes without a sound is what is under test.
    wait::past(due + TimeDelta::seconds(2));
    station.stop();
    assert!(station.outcomes().is_empty());
    assert!(!station.path("pa.wav").exists());
}

#[test]
fn a_feed_on_a_stick_plays_where_there_is_no_line() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 3);
    let due = station.soon();
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.publish();
    std::fs::rename(station.path("feed"), station.path("stick")).unwrap();
    let taken = station.run(&["station", "import", "stick"], |_| {});
    assert!(taken.status.success(), "{}", word(&taken));
    assert_eq!(station.until_outcomes(1, LONG), ["sang played"]);
    station.stop();
    station.assert_log_verifies();
}

#[test]
fn a_station_that_is_dropped_from_the_registry_falls_silent_at_once() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 3);
    // Far enough ahead for two pushes.
    let soon = station.soon();
    let due = soon + (soon - now());
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.push();
    station.until(LONG, "it has a plan", |s| s["next"]["occurrence"]["slot"] == "sang");
    station.repo.station("xa-1", [9; 32], &["tinh", "yen-the"]);
    station.push();
    station.until(LONG, "it has no plan any more", |s| s["next"].is_null());
    assert!(now() < due, "the registry came too late for this test");
    wait::past(due + TimeDelta::seconds(2));
    station.stop();
    assert!(station.outcomes().is_empty(), "{:?}", station.outcomes());
    assert!(!station.path("pa.wav").exists());
    station.assert_log_verifies();
}
