//! The station: enrolled, run on the virtual PA, watched, killed, started again.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::{Child, Output, Stdio},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use loaxa::clock::{Clock, system::SystemClock};
use serde_json::Value;

use crate::office::{Office, STATION};

pub fn now() -> DateTime<Utc> {
    SystemClock::new().now().wall
}

pub struct Station {
    out: PathBuf,
    /// Public key of its log, hex.
    pub key: String,
    daemon: Option<Child>,
    shown: u64,
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
        let mut station = Self { out: out.to_owned(), key: String::new(), daemon: None, shown: 0 };
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

    fn status(&self) -> Option<Value> {
        serde_json::from_slice(&self.run(&["station", "status", "--json"]).stdout).ok()
    }

    /// Shows how it is until `wanted`, or the patience ends.
    fn watch(&mut self, seconds: u64, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            if let Some(status) = self.status() {
                self.show(&status);
                if wanted(&status) {
                    return status;
                }
            }
            let log = std::fs::read_to_string(self.out.join("station.log")).unwrap_or_default();
            assert!(start.elapsed().as_secs() < seconds, "{what}: not within {seconds} s\n{log}");
            std::thread::sleep(Duration::from_millis(250));
        }
    }

    /// One line that is redrawn on a terminal; log lines as they come.
    fn show(&mut self, status: &Value) {
        let seq = status["log"]["seq"].as_u64().unwrap_or(0);
        if seq > self.shown {
            for record in self.records().iter().filter(|r| r["seq"].as_u64() > Some(self.shown)) {
                println!("\r\x1b[K   nhật ký {:>3}  {}", record["seq"], line(record));
            }
            self.shown = seq;
        }
        if std::io::stdout().is_terminal() {
            print!("\r\x1b[K   {}", live(status));
            std::io::stdout().flush().ok();
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
    station.watch(30, "the station holds all recordings", |s| {
        s["library"]["missing"] == 0 && s["library"]["held"].as_u64() >= Some(6)
    });
    station.watch(90, "the second slot sounds", |s| {
        s["now"]["occurrence"]["slot"] == "canh-giac" && s["now"]["frames"].as_u64() > Some(5 * 48_000)
    });
    println!("\n7. Tin khẩn cấp chen vào / an urgent bulletin cuts in");
    office.urgent();
    station.run(&["station", "sync"]);
    station.watch(90, "the last slot sounds", |s| {
        s["now"]["occurrence"]["slot"] == "phap-luat" && s["now"]["frames"].as_u64() > Some(9 * 48_000)
    });
    println!("\n8. Mất điện giữa bản tin (kill -9), rồi có điện lại / the power goes, and comes back");
    let killed_at = now();
    if let Some(mut daemon) = station.daemon.take() {
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }
    station.start();
    let back_at = now();
    station.watch(20, "the cut is in the log", |s| s["now"].is_null() && s["log"]["seq"].as_u64() > Some(0));
    std::thread::sleep(Duration::from_millis(500));
    if let Some(mut daemon) = station.daemon.take() {
        let pid = rustix::process::Pid::from_raw(daemon.id() as i32).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        daemon.wait().unwrap();
    }
    assert!(dues[2] < back_at);
    Evening { killed_at, back_at, records: station.records() }
}

fn live(status: &Value) -> String {
    let seconds = |frames: &Value| frames.as_u64().unwrap_or(0) / 48_000;
    if let Some(now) = status["now"].as_object() {
        let (done, all) = (seconds(&now["frames"]), seconds(&now["length"]).max(1));
        let bar = (20 * done / all).min(20) as usize;
        let title = now["title"].as_str().unwrap_or("…");
        return format!("▶ {title} [{}{}] {done}/{all} s", "█".repeat(bar), "·".repeat(20 - bar));
    }
    let next = status["next"]["occurrence"]["slot"].as_str().unwrap_or("—");
    let held = &status["library"]["held"];
    format!("nguồn phát: {held} bản ghi; sắp phát: {next}")
}

fn line(record: &Value) -> String {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let slot = text(&record["occurrence"]["slot"]);
    format!("{:<8} {slot} {} {}", text(&record["kind"]), text(&record["outcome"]), text(&record["why"]))
}
