//! A whole station over the real binary: a folder with its configuration, a feed served on loopback, the daemon.

#![allow(
    dead_code,
    clippy::disallowed_methods,
    reason = "shared by several test binaries; a real daemon runs in real time"
)]

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use chrono::{DateTime, SecondsFormat, TimeDelta, Timelike, Utc};
use loaxa::{
    clock::{Clock, system::SystemClock},
    playout::decode,
};
use serde_json::Value;

use crate::{child::prompt, repo::Repo, server::Server};

/// A loaded machine takes long for what is quick else.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program under test: what cargo built for a test; for measurements, what `scripts/bench` names.
pub fn loaxa() -> Command {
    in_english(Command::new(program()))
}

fn program() -> PathBuf {
    let named = || std::env::var_os("LOAXA_BENCH_PROGRAM").map(PathBuf::from).unwrap();
    option_env!("CARGO_BIN_EXE_loaxa").map_or_else(named, PathBuf::from)
}

fn as_service() -> Command {
    in_english(prompt(program().as_ref(), 1))
}

fn in_english(mut command: Command) -> Command {
    command.env("LC_ALL", "en_GB.UTF-8").env_remove("JOURNAL_STREAM");
    command
}

pub fn now() -> DateTime<Utc> {
    SystemClock::new().now().wall
}

/// This hour and the next, as a crontab line has them: a slot of every few seconds may not fill a whole day.
pub fn hours() -> String {
    let hour = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).hour();
    let next = (hour + 1) % 24;
    format!("{},{}", hour.min(next), hour.max(next))
}

/// A recording of the repository, brought into canonical form; `seconds` of it.
pub fn canonical(name: &str, seconds: u32, into: &Path) -> Vec<u8> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("audio").join(name);
    let out = into.join(format!("{name}-{seconds}.opus"));
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-i"]).arg(&source);
    ffmpeg.args(["-t", &seconds.to_string(), "-ar", "48000", "-ac", "1", "-c:a", "libopus", "-b:a", "32k"]);
    ffmpeg
        .args(["-application", "audio", "-frame_duration", "20", "-map_metadata", "-1", "-f", "ogg"])
        .arg(&out);
    assert!(ffmpeg.status().unwrap().success(), "ffmpeg cannot make {name}");
    std::fs::read(out).unwrap()
}

/// One station and its feed.
pub struct Station {
    pub dir: tempfile::TempDir,
    pub repo: Repo,
    pub server: Server,
    pub daemon: Option<Child>,
    /// What the daemon finds in its environment besides ours.
    pub env: Vec<(&'static str, String)>,
    /// The daemon is scheduled as its service file says; see [`prompt`].
    pub prompt: bool,
}

pub const POLICY: &str = "format: 1
timezone: Asia/Ho_Chi_Minh
airtime: [{ from: \"00:00\", to: \"24:00\" }]
longest_session: 1h
daily_cap: 10h
languages: [vi]
urgent: { level: 0dB, daily_cap: 1h }
";

impl Station {
    /// Enrolled and registered, with an empty schedule; nothing runs yet.
    pub fn new() -> Self {
        Self::founded(now())
    }

    /// The same, with a feed that was signed then.
    pub fn founded(at: DateTime<Utc>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let served = dir.path().join("feed");
        std::fs::create_dir(&served).unwrap();
        let mut repo = Repo::new(&at.to_rfc3339_opts(SecondsFormat::Secs, true));
        repo.policy(POLICY).publish();
        let server = Server::start(&served);
        let mut station = Self { dir, repo, server, daemon: None, env: Vec::new(), prompt: false };
        std::fs::write(station.path("root.json"), station.repo.root()).unwrap();
        station.configure("");
        let enrolled = station.run(&["station", "enroll", "--station", "xa-1", "--root"], |c| {
            c.arg("root.json").args(["--feed"]).arg(&station.server.url).arg("--json");
        });
        let answer: Value =
            serde_json::from_slice(&enrolled.stdout).unwrap_or_else(|_| panic!("{enrolled:?}"));
        let mut key = [0; 32];
        hex::decode_to_slice(answer["log_key"].as_str().unwrap(), &mut key).unwrap();
        station.repo.station("xa-1", key, &["tinh", "yen-the"]);
        station.publish();
        station
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes the configuration, with further lines.
    pub fn configure(&self, more: &str) {
        let text = format!(
            "format: 1\nstation: xa-1\nfeed: {}\nstate: state\nsocket: sock\ndevice: wav:pa.wav\nwarm_up: 0s\nclock: {{ trust: always }}\npoll: 1m\n{more}",
            self.server.url
        );
        std::fs::write(self.path("station.yaml"), text).unwrap();
    }

    /// Signs what changed and serves it.
    pub fn publish(&mut self) {
        self.repo.publish();
        self.repo.write(&self.path("feed"));
    }

    /// Adds a bulletin made from a recording of the repository.
    pub fn bulletin(&mut self, id: &str, recording: &str, seconds: u32) {
        let audio = canonical(recording, seconds, self.dir.path());
        let frames = decode::frames(&audio).unwrap().0;
        self.repo.bulletin(id, &audio);
        self.repo.describe(id, |meta| meta["frames"] = frames.into());
    }

    /// Adds a chime made from a recording of the repository.
    pub fn chime(&mut self, id: &str, recording: &str, seconds: u32) {
        let audio = canonical(recording, seconds, self.dir.path());
        let frames = decode::frames(&audio).unwrap().0;
        self.repo.chime(id, &audio);
        self.repo.describe(id, |meta| meta["frames"] = frames.into());
    }

    /// Adds a recording for urgent orders.
    pub fn urgent_audio(&mut self, id: &str, recording: &str, seconds: u32) {
        let audio = canonical(recording, seconds, self.dir.path());
        let frames = decode::frames(&audio).unwrap().0;
        self.repo.urgent_audio(id, &audio);
        let path = format!("urgent-audio/{id}.opus");
        self.repo.edit("urgent-audio", |r| r["targets"][&path]["custom"]["frames"] = frames.into());
    }

    /// A schedule of the area with these slots: id, first instant, bulletins; or any entries, such as `chime: open`.
    pub fn schedule(&mut self, slots: &[(&str, DateTime<Utc>, &[&str])]) {
        let day = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
        let (from, until) = (day - TimeDelta::days(1), day + TimeDelta::days(20));
        let mut yaml = format!(
            "format: 1\narea: yen-the\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: {from}, until: {until} }}\nslots:\n"
        );
        for (id, at, bulletins) in slots {
            let at = at.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
            yaml += &format!(
                "  - id: {id}\n    title: {{ vi: \"{id}\" }}\n    cron: \"{} {} {} * * *\"\n    class: priority\n    stations: all\n    start_within: 1m\n    max_duration: 10m\n    level: 0dB\n    playlist:\n",
                at.second(),
                at.minute(),
                at.hour()
            );
            for bulletin in *bulletins {
                let kind = if bulletin.contains(": ") { "" } else { "bulletin: " };
                yaml += &format!("      - {kind}{bulletin}\n");
            }
        }
        self.repo.schedule("yen-the", &yaml);
    }

    /// A full second some seconds ahead: far enough for slots to be put in force before it, as fast as this machine is
    /// just now. Starts the daemon if it does not run, has it fetch all audio, and tries how long a push takes.
    pub fn soon(&mut self) -> DateTime<Utc> {
        self.schedule(&[("thu", now() + TimeDelta::hours(12), &[&self.any_bulletin()])]);
        self.publish();
        if self.daemon.is_none() {
            self.start();
        }
        self.until(PATIENCE, "all audio is here", |s| {
            s["data"]["synced_at"].is_string() && s["library"]["missing"] == 0 && s["library"]["held"] != 0
        });
        let from = Instant::now();
        self.push();
        let took = TimeDelta::from_std(from.elapsed()).unwrap();
        let at = now() + TimeDelta::seconds(5) + took * 3;
        at + TimeDelta::nanoseconds(1_000_000_000 - i64::from(at.timestamp_subsec_nanos()))
    }

    fn any_bulletin(&self) -> String {
        let targets = self.repo.targets("bulletins");
        let bulletin = targets.iter().find(|(_, t)| t["custom"]["kind"] == "bulletin").expect("a bulletin");
        bulletin.0.trim_start_matches("bulletins/").trim_end_matches(".opus").to_owned()
    }

    /// Publishes, and waits until that is in force.
    pub fn push(&mut self) {
        self.publish();
        let version = self.repo.version("snapshot");
        self.run(&["station", "sync"], |_| {});
        self.until(PATIENCE, "what was published is in force", |s| s["feed"]["snapshot"] == version);
    }

    /// Runs the program once in the station's folder.
    pub fn run(&self, args: &[&str], more: impl FnOnce(&mut Command)) -> Output {
        let mut command = loaxa();
        command.current_dir(self.dir.path()).args(["--config", "station.yaml"]).args(args);
        command.envs(self.env.iter().cloned());
        more(&mut command);
        command.output().unwrap()
    }

    /// Starts the daemon and waits until it answers.
    pub fn start(&mut self) -> &mut Self {
        self.spawn();
        self.until(Duration::from_secs(20), "the daemon answers", |_| true);
        self
    }

    /// Starts the daemon.
    pub fn spawn(&mut self) {
        let log = std::fs::File::options().create(true).append(true).open(self.path("stderr")).unwrap();
        let mut command = if self.prompt { as_service() } else { loaxa() };
        command.current_dir(self.dir.path()).args(["--config", "station.yaml", "station", "run"]);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        self.daemon = Some(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap());
    }

    /// The daemon's status; none while it does not answer.
    pub fn status(&self) -> Option<Value> {
        let out = self.run(&["station", "status", "--json"], |_| {});
        serde_json::from_slice(&out.stdout).ok()
    }

    /// Waits until the status is as wanted.
    pub fn until(&self, patience: Duration, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let status = self.status();
            if let Some(status) = status.filter(|s| wanted(s)) {
                return status;
            }
            let log = std::fs::read_to_string(self.path("stderr")).unwrap_or_default();
            assert!(start.elapsed() < patience, "not in {patience:?}: {what}\n{:?}\n{log}", self.status());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until all audio of the feed is here.
    pub fn until_held(&self, count: u64) -> Value {
        self.until(Duration::from_secs(30), "audio is here", |s| s["library"]["held"] == count)
    }

    /// On a running station that holds its audio: a slot that comes in `seconds`, and is known well before that.
    pub fn schedule_soon(&mut self, slot: &str, seconds: i64, bulletins: &[&str]) -> DateTime<Utc> {
        let at = now() + TimeDelta::seconds(seconds);
        let at = at - TimeDelta::nanoseconds(i64::from(at.timestamp_subsec_nanos()));
        self.schedule(&[(slot, at, bulletins)]);
        self.publish();
        let version = self.repo.version("area-yen-the");
        self.run(&["station", "sync"], |_| {});
        self.until(Duration::from_secs(30), "the schedule is here", |s| s["feed"]["area-yen-the"] == version);
        assert!(now() < at, "too slow for a slot in {seconds} s");
        at
    }

    /// Waits until the log holds so many outcomes.
    pub fn until_outcomes(&self, count: usize, patience: Duration) -> Vec<String> {
        let start = Instant::now();
        loop {
            let outcomes = self.outcomes();
            if outcomes.len() >= count {
                return outcomes;
            }
            let log = std::fs::read_to_string(self.path("stderr")).unwrap_or_default();
            assert!(start.elapsed() < patience, "{outcomes:?} in {patience:?}\n{:?}\n{log}", self.status());
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Ends the daemon by SIGTERM; how long that took.
    pub fn stop(&mut self) -> Duration {
        let start = Instant::now();
        self.signal(rustix::process::Signal::TERM);
        self.daemon.take().unwrap().wait().unwrap();
        start.elapsed()
    }

    /// Sends the daemon a signal.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_raw(self.daemon.as_ref().unwrap().id() as i32).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }

    /// kill -9.
    pub fn kill(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }

    /// All records of the as-run log.
    pub fn records(&self) -> Vec<Value> {
        let out = self.run(&["log", "show", "state/asrun", "--json"], |_| {});
        let shown: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{out:?}"));
        shown["records"].as_array().unwrap().clone()
    }

    /// Outcomes as `slot outcome [why]`.
    pub fn outcomes(&self) -> Vec<String> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let outcomes = self.records().into_iter().filter(|r| r["kind"] == "outcome");
        outcomes
            .map(|r| {
                format!("{} {} {}", text(&r["occurrence"]["slot"]), text(&r["outcome"]), text(&r["why"]))
                    .trim()
                    .to_owned()
            })
            .collect()
    }

    /// The log verifies.
    pub fn assert_log_verifies(&self) {
        let out = self.run(&["log", "verify", "state/asrun"], |_| {});
        assert!(
            out.status.success(),
            "{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
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
