//! The station: enrolled, run on the virtual PA, watched, killed, started again.

use std::{
    path::{Path, PathBuf},
    process::{Child, Output, Stdio},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use loaxa::{
    bulletin::RATE,
    clock::{Clock, system::SystemClock},
    station::status::Status,
};
use serde_json::Value;

use crate::{
    office::{Office, STATION},
    view::View,
};

pub fn now() -> DateTime<Utc> {
    SystemClock::new().now().wall
}

pub struct Station {
    out: PathBuf,
    /// Public key of its log, hex.
    pub key: String,
    daemon: Option<Child>,
    view: View,
}

/// What the evening was.
pub struct Evening {
    pub killed_at: DateTime<Utc>,
    pub back_at: DateTime<Utc>,
    /// All records of the log.
    pub records: Vec<Value>,
}

impl Station {
    pub fn enrol(out: &Path, url: &str, device: &str) -> Self {
        println!("4. Đài ghi danh / the station enrols");
        let device = if device == "wav" { "wav:pa.wav" } else { device };
        let config = format!(
            "format: 1\nstation: {STATION}\nfeed: {url}\nstate: state\nsocket: station.sock\ndevice: {device}\nwarm_up: 1s\nclock: {{ trust: always }}\npoll: 1m\n"
        );
        std::fs::write(out.join("station.yaml"), config).unwrap();
        let mut station = Self { out: out.to_owned(), key: String::new(), daemon: None, view: View::new() };
        let args =
            ["station", "enroll", "--station", STATION, "--root", "feed/metadata/1.root.json", "--feed", url];
        let done = station.run(&[&args[..], &["--json"]].concat());
        let answer: Value = serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"));
        station.key = answer["log_key"].as_str().expect("the log's key").to_owned();
        station
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = crate::loaxa();
        command.current_dir(&self.out).args(["--config", "station.yaml", "--lang", "vi"]).args(args);
        command.output().unwrap()
    }

    fn start(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.out.join("station.log")).unwrap();
        let mut command = crate::loaxa();
        command.current_dir(&self.out).args(["--config", "station.yaml", "station", "run"]);
        command.env_remove("JOURNAL_STREAM").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.daemon = Some(command.spawn().unwrap());
    }

    fn status(&self) -> Option<Status> {
        serde_json::from_slice(&self.run(&["station", "status", "--json"]).stdout).ok()
    }

    /// Shows how it is until `wanted`, or the patience ends.
    fn watch(&mut self, seconds: u64, what: &str, wanted: impl Fn(&Status) -> bool) {
        let start = Instant::now();
        loop {
            if let Some(status) = self.status() {
                if status.log.seq > self.view.shown() {
                    let table = self.run(&["log", "show", "state/asrun"]);
                    self.view.log(&String::from_utf8_lossy(&table.stdout));
                }
                self.view.show(&status);
                if wanted(&status) {
                    return;
                }
            }
            let log = std::fs::read_to_string(self.out.join("station.log")).unwrap_or_default();
            assert!(start.elapsed().as_secs() < seconds, "{what}: not within {seconds} s\n{log}");
            std::thread::sleep(Duration::from_millis(250));
        }
    }

    pub fn records(&self) -> Vec<Value> {
        let shown = self.run(&["log", "show", "state/asrun", "--json"]);
        let shown: Value = serde_json::from_slice(&shown.stdout).unwrap_or(Value::Null);
        shown["records"].as_array().cloned().unwrap_or_default()
    }

    /// The log verifies with its key; its segments and the public key are put beside the results.
    pub fn verify(&self) {
        let to = self.out.join("asrun");
        std::fs::create_dir(&to).unwrap();
        for entry in std::fs::read_dir(self.out.join("state/asrun")).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".jsonl") || name.ends_with(".pem") {
                std::fs::copy(entry.path(), to.join(name)).unwrap();
            }
        }
        let proof = self.run(&["log", "verify", "asrun", "--feed", "feed"]);
        print!("{}", String::from_utf8_lossy(&proof.stdout));
        assert!(proof.status.success(), "the log does not verify: {proof:?}");
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().ok();
            daemon.wait().ok();
        }
    }
}

/// The story of the evening.
pub fn evening(station: &mut Station, office: &Office) -> Evening {
    println!("6. Khu vực gửi lịch phát; đài chạy / the area pushes its schedule; the station runs");
    let dues = office.push();
    station.start();
    station.watch(30, "the station holds all recordings", |s| s.library.missing == 0 && s.library.held >= 6);
    station.watch(90, "the second slot sounds", |s| sounds(s, "canh-giac", 5));
    station.view.headline("7. Tin khẩn cấp chen vào / an urgent bulletin cuts in");
    office.urgent();
    station.run(&["station", "sync"]);
    station.watch(90, "the last slot sounds", |s| sounds(s, "phap-luat", 9));
    station
        .view
        .headline("8. Mất điện giữa bản tin (kill -9), rồi có điện lại / the power goes, and comes back");
    let killed_at = now();
    if let Some(mut daemon) = station.daemon.take() {
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }
    station.start();
    let back_at = now();
    station.watch(20, "the station is back", |s| s.now.is_none() && s.log.seq > 0);
    station.view.end();
    if let Some(mut daemon) = station.daemon.take() {
        let pid = rustix::process::Pid::from_raw(daemon.id() as i32).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        daemon.wait().unwrap();
    }
    assert!(dues[2] < back_at);
    Evening { killed_at, back_at, records: station.records() }
}

/// Whether this slot has sounded for so many seconds of its item.
fn sounds(status: &Status, slot: &str, seconds: u64) -> bool {
    let now = status.now.as_ref();
    now.is_some_and(|n| n.occurrence.slot.as_str() == slot && n.frames.0 > seconds * u64::from(RATE))
}
