//! What is approved and due is heard on time and logged; what is not, is not.

use std::time::Duration;

use chrono::TimeDelta;
use loaxa::playout::decode;

use crate::{
    r#box::{Station, canonical, now},
    listen,
};

const SPEECH: &str = "viec-nhe-luong-cao.ogg";

#[test]
fn an_approved_bulletin_is_heard_on_time_and_the_log_proves_it() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 5);
    let due = now() + TimeDelta::seconds(9);
    let due = due - TimeDelta::nanoseconds(i64::from(due.timestamp_subsec_nanos()));
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.publish();
    station.start().until_held(1);
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
