//! Devices and folders that are not as they should be: the station says so, to the right person, and recovers alone.

use std::{path::Path, process::Command, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    r#box::{Station, now},
    pulse_server::{Pulse, environment},
    wait,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// Processor time of a process so far.
fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields = stat.rsplit_once(") ").unwrap().1.split(' ').collect::<Vec<_>>();
    let ticks = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

#[test]
fn a_sound_card_that_goes_away_is_told_within_five_seconds_costs_nothing_and_comes_back_alone() {
    let dir = tempfile::tempdir().unwrap();
    let pulse = Pulse::start(dir.path());
    // A recorder keeps the sink awake, as a loudspeaker does.
    let recorder = pulse.record();
    let mut station = Station::new();
    (station.env, station.prompt) = (environment(dir.path()), true);
    let text = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    std::fs::write(station.path("station.yaml"), text.replace("wav:pa.wav", "pulseaudio:pa")).unwrap();
    station.bulletin("viec-nhe", "viec-nhe-luong-cao.ogg", 25);
    station.bulletin("ngan", "bao-tin-cho-cong-an.ogg", 2);
    let first = station.soon();
    station.schedule(&[("sang", first, &["viec-nhe"]), ("trua", first + TimeDelta::seconds(45), &["ngan"])]);
    station.push();
    station.until(PATIENCE, "it sounds", |s| s["now"]["frames"].as_u64() > Some(48_000));

    let gone = now();
    pulse.kill();
    drop(recorder.stop());
    let status = station.until(PATIENCE, "the loss is shown", |s| s["device"]["state"] == "lost");
    let why = status["device"]["why"]["vi"].as_str().unwrap_or_default();
    assert!(why.contains("pulseaudio:pa"), "{status}");
    let lost = |state: &str| {
        let record = station.records().into_iter().find(|r| r["kind"] == "device" && r["state"] == state)?;
        Some(record["at"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap())
    };
    let told = wait::until_some("the loss is logged", PATIENCE, || lost("lost"));
    assert!(told - gone < TimeDelta::seconds(5), "told after {}", told - gone);
    // What it costs while the device is away, over several attempts to open it, is what is under test.
    let pid = station.daemon.as_ref().unwrap().id();
    let (spent, from) = (cpu(pid), now());
    wait::past(from + TimeDelta::seconds(5));
    let spent = cpu(pid) - spent;
    assert!(spent < Duration::from_millis(500), "a busy loop: {spent:?} in 5 s");
    let journal = std::fs::read_to_string(station.path("stderr")).unwrap();
    let of_the_loss =
        |l: &&str| l.contains("pulseaudio:pa") && !l.contains("interrupted") && !l.contains("INFO");
    let complaints = journal.lines().filter(of_the_loss).count();
    assert_eq!(complaints, 1, "the same again and again:\n{journal}");

    let pulse = Pulse::start(dir.path());
    wait::until_some("the device is back", PATIENCE, || lost("back"));
    let _recorder = pulse.record();
    let outcomes = station.until_outcomes(2, PATIENCE);
    assert_eq!(outcomes[1], "trua played");
    assert!(outcomes[0] == "sang played" || outcomes[0] == "sang partial device", "{outcomes:?}");
    station.stop();
    station.assert_log_verifies();
}

/// Runs as the user `nobody` where the test itself may do everything.
fn as_nobody(station: &Station) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_loaxa")]);
    command.current_dir(station.dir.path()).env("LC_ALL", "C.UTF-8");
    command.args(["--lang", "vi", "--config", "station.yaml", "station", "run"]);
    command
}

fn make_theirs(path: &Path) {
    assert!(Command::new("chown").args(["-R", "65534:65534"]).arg(path).status().unwrap().success());
}

#[test]
fn a_folder_or_a_file_that_the_service_may_not_write_is_named_with_its_user_and_the_remedy() {
    if !rustix::process::geteuid().is_root() {
        println!("not checked: to run as another user takes root");
        return;
    }
    let mut station = Station::new();
    station.bulletin("viec-nhe", "viec-nhe-luong-cao.ogg", 3);
    make_theirs(station.dir.path());
    let denied = |folder: &Path, mode: &str| {
        assert!(Command::new("chown").arg("root").arg(folder).status().unwrap().success());
        assert!(Command::new("chmod").arg(mode).arg(folder).status().unwrap().success());
    };
    for mine in ["state/asrun", "state/feed", "state/library", "state/run"] {
        let folder = station.path(mine);
        std::fs::create_dir_all(&folder).unwrap();
        denied(&folder, "go=");
        let out = as_nobody(&station).output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(3), "{mine}: {said}");
        for part in [mine, "nobody", "chown"] {
            assert!(said.contains(part), "{mine}: no {part}: {said}");
        }
        make_theirs(&folder);
    }
    // The device is opened when a slot comes: then the status says it.
    std::fs::write(station.path("pa.wav"), b"").unwrap();
    let log = std::fs::File::create(station.path("stderr")).unwrap();
    station.publish();
    station.daemon = Some(as_nobody(&station).stderr(log).spawn().unwrap());
    station.until(PATIENCE, "the daemon answers", |_| true);
    let due = station.soon();
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.push();
    let status = station.until(PATIENCE, "it says why", |s| s["device"]["why"].is_object());
    let why = status["device"]["why"]["vi"].as_str().unwrap();
    for part in ["pa.wav", "nobody", "chown"] {
        assert!(why.contains(part), "no {part}: {why}");
    }
    assert_eq!(station.until_outcomes(1, Duration::from_secs(120)), ["sang missed device"]);
}
