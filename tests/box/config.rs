//! `station.yaml`: each field's faults with their places, all at once, in both languages; and a running station that is
//! given a bad one.

use std::process::Output;

use loaxa::{station::config::Config, text::Lang};

use crate::r#box::Station;

const GOOD: &str = include_str!("../../config/station.yaml");

fn faults(text: &str) -> String {
    match Config::read("station.yaml", text) {
        Ok(config) => panic!("accepted:\n{text}\n{config:?}"),
        Err(faults) => format!("{}{}", faults.to(Lang::Vi), faults.to(Lang::En)),
    }
}

/// The example with one line put in place of the one that begins with `key`.
fn with(key: &str, line: &str) -> String {
    assert!(GOOD.lines().any(|l| l.trim_start().starts_with(key)), "no line {key}");
    let line = |l: &str| if l.trim_start().starts_with(key) { line.to_owned() } else { l.to_owned() };
    GOOD.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn each_field_is_checked_and_its_fault_has_a_place_and_a_remedy() {
    let mut said = String::new();
    for (key, line) in [
        ("format:", "format: 2"),
        ("format:", "version: 1"),
        ("station:", "station: Xã Đồng Kỳ"),
        ("station:", ""),
        ("feed:", "feed: loa.example.vn"),
        ("feed:", "feed: ftp://loa.example.vn/"),
        ("feed:", "feed: https://an:bi-mat@loa.example.vn/"),
        ("feed:", "feed: https://loa.example.vn/?a=b"),
        ("# hub:", "hub: loa.example.vn"),
        ("# hub:", "hub: https://an:bi-mat@loa.example.vn/"),
        ("# ca:", "ca: \"\""),
        ("state:", "state: \"\""),
        ("socket:", "socket: [a]"),
        ("device:", "device: hw:0,0"),
        ("device:", "device: alsa:hw:0,0"),
        ("device:", "device: \"wav:\""),
        ("volume:", "volume: 101"),
        ("volume:", "volume: to"),
        ("warm_up:", "warm_up: 61s"),
        ("warm_up:", "warm_up: 2"),
        ("trust:", "  trust: maybe"),
        ("trust:", "  trust: synced\n  zone: x"),
        ("clock:", "clock: {}\nx:"),
        ("poll:", "poll: 59s"),
        ("poll:", "poll: 25h"),
        ("data_budget_mb:", "data_budget_mb: 0"),
        ("data_budget_mb:", "data_budget_mb: 200 MB"),
        ("disk_budget_mb:", "disk_budget_mb: 1000001"),
        ("volume:", "volume: 80\nvolume: 90"),
        ("volume:", "speaker: 80"),
        ("volume:", "\tvolume: 80"),
        ("device:", "device: *x"),
    ] {
        // YAML itself may be what is broken: then the place is all that is promised.
        said += &format!("--- {line}\n{}", faults(&with(key, line)));
    }
    said += &format!("--- (empty)\n{}", faults(""));
    assert!(
        !said.lines().any(|l| l.starts_with("station.yaml") && l.contains("bi-mat")),
        "a password is shown"
    );
    insta::assert_snapshot!(said);
}

#[test]
fn all_faults_are_told_at_once() {
    let said = faults("format: 1\nstation: X\nfeed: y\ndevice: z\nvolume: 900\npoll: 1s\n");
    for place in
        ["station.yaml:2:", "station.yaml:3:", "station.yaml:4:", "station.yaml:5:", "station.yaml:6:"]
    {
        assert_eq!(said.matches(place).count(), 2, "{place} in both languages: {said}");
    }
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

#[test]
fn a_running_station_refuses_a_bad_configuration_whole_and_names_the_place() {
    let mut station = Station::new();
    station.start();
    let good = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    let before = station.status().unwrap()["device"]["name"].clone();
    // A good change and a bad one in one file: neither is taken.
    let bad = good.replace("device: wav:pa.wav", "device: wav:other.wav") + "volume: 900\n";
    std::fs::write(station.path("station.yaml"), &bad).unwrap();
    // The command line still finds the socket by a copy of the good file.
    std::fs::write(station.path("good.yaml"), &good).unwrap();
    let mut reload = crate::r#box::loaxa();
    reload.current_dir(station.dir.path()).args(["--config", "good.yaml", "station", "reload"]);
    let out = reload.output().unwrap();
    assert_eq!(out.status.code(), Some(1), "{}", said(&out));
    assert!(said(&out).contains("station.yaml:10:9"), "{}", said(&out));
    std::fs::write(station.path("station.yaml"), &good).unwrap();
    assert_eq!(station.status().unwrap()["device"]["name"], before);

    // What cannot change in a running station is refused with the remedy, and the rest of that file with it.
    let moved = good.replace("state: state", "state: elsewhere").replace("wav:pa.wav", "wav:other.wav");
    std::fs::write(station.path("station.yaml"), moved).unwrap();
    let out = reload.output().unwrap();
    assert_eq!(out.status.code(), Some(1), "{}", said(&out));
    assert!(said(&out).contains("restart"), "{}", said(&out));
    std::fs::write(station.path("station.yaml"), &good).unwrap();
    assert_eq!(station.status().unwrap()["device"]["name"], before);

    // A good one is taken up.
    std::fs::write(station.path("station.yaml"), good.replace("wav:pa.wav", "wav:other.wav")).unwrap();
    assert!(reload.output().unwrap().status.success());
    let status =
        station.until(std::time::Duration::from_secs(20), "the new sink", |s| s["device"]["name"] != before);
    assert!(status["device"]["name"].as_str().unwrap().ends_with("other.wav"), "{status}");
    station.stop();
    let reloads =
        station.records().iter().filter(|r| r["what"] == "reload" || r["action"] == "reload").count();
    assert_eq!(reloads, 1, "{:?}", station.records());
}
