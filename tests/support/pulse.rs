//! A PulseAudio of our own: socket, null sink `pa` and its monitor in a private folder.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]

use std::{
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{child::prompt, listen::samples, wait};

/// A loaded machine is slow to start a program.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where programs find the server of `dir`, and nothing of the machine's own.
pub fn environment(dir: &Path) -> Vec<(&'static str, String)> {
    let own = dir.display().to_string();
    vec![
        ("PULSE_SERVER", format!("unix:{own}/native")),
        ("PULSE_RUNTIME_PATH", own.clone()),
        ("XDG_RUNTIME_DIR", own.clone()),
        ("HOME", own),
    ]
}

/// A running server. Killed when dropped.
pub struct Pulse {
    child: Child,
    dir: PathBuf,
}

impl Pulse {
    /// Starts the server and waits until it answers.
    pub fn start(dir: &Path) -> Self {
        let socket = format!("module-native-protocol-unix socket={}/native auth-anonymous=1", dir.display());
        let sink = "module-null-sink sink_name=pa rate=48000 channels=2";
        let child = prompt("pulseaudio".as_ref(), 5)
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error", "--disable-shm=1"])
            .arg(format!("--load={socket}"))
            .arg(format!("--load={sink}"))
            .envs(environment(dir))
            .env_remove("PULSE_COOKIE")
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pulse = Self { child, dir: dir.to_owned() };
        wait::until("pulseaudio answers", PATIENCE, || pulse.ctl(&["info"]).status.success());
        pulse
    }

    fn ctl(&self, args: &[&str]) -> std::process::Output {
        Command::new("pactl").arg("-s").arg(self.server()).args(args).output().unwrap()
    }

    fn server(&self) -> String {
        format!("unix:{}/native", self.dir.display())
    }

    /// Sends a signal, such as `STOP`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(format!("-{name}")).arg(pid).status().unwrap().success());
    }

    /// As a power cut of the server.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Adds a null sink.
    pub fn add_sink(&self, name: &str) {
        let name = format!("sink_name={name}");
        let done = self.ctl(&["load-module", "module-null-sink", &name, "rate=48000", "channels=2"]);
        assert!(done.status.success(), "{done:?}");
    }

    /// Records the monitor from now on; returns once 3 s of it are there, since an idle sink is slow to begin.
    pub fn record(&self) -> Recorder {
        let recorder = self.record_from("pa");
        recorder.hear(Duration::from_secs(3));
        recorder
    }

    /// Records the monitor of a sink from now on; it is warm 3 s later.
    pub fn record_from(&self, sink: &str) -> Recorder {
        Recorder::start(&self.server(), &format!("{sink}.monitor"))
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What the monitor carried, mapped to wall time by the chunks that arrived earliest for their place.
pub struct Recorder {
    child: Child,
    taken: Arc<Mutex<Taken>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Taken {
    bytes: Vec<u8>,
    /// What each chunk says of the instant of frame 0.
    firsts: Vec<DateTime<Utc>>,
}

/// A finished recording.
pub struct Recording {
    pub samples: Vec<f32>,
    pub first: DateTime<Utc>,
}

impl Recorder {
    fn start(server: &str, device: &str) -> Self {
        let format = ["--rate=48000", "--channels=1", "--format=s16le", "--latency-msec=5", "-d", device];
        let mut child =
            Command::new("parec").arg("-s").arg(server).args(format).stdout(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdout.take().unwrap();
        let taken = Arc::new(Mutex::new(Taken::default()));
        let shared = taken.clone();
        let thread = thread::spawn(move || {
            let mut chunk = [0; 4_096];
            while let Ok(n @ 1..) = pipe.read(&mut chunk) {
                let now = Utc::now();
                let mut taken = shared.lock().unwrap();
                taken.bytes.extend(&chunk[..n]);
                let frames = taken.bytes.len() as i64 / 2;
                let first = now - TimeDelta::nanoseconds(frames * 1_000_000_000 / 48_000);
                taken.firsts.push(first);
            }
        });
        Self { child, taken, thread: Some(thread) }
    }

    /// Waits until `span` more is recorded.
    pub fn hear(&self, span: Duration) {
        let taken = || self.taken.lock().unwrap().bytes.len();
        let goal = taken() + 96 * span.as_millis() as usize;
        wait::until("the monitor is recorded", span + PATIENCE, || taken() >= goal);
    }

    pub fn stop(mut self) -> Recording {
        self.child.kill().ok();
        self.child.wait().unwrap();
        self.thread.take().unwrap().join().unwrap();
        let mut taken = self.taken.lock().unwrap();
        // The first chunks come while the recorder still settles.
        let settled = taken.firsts.len() / 10;
        taken.firsts.drain(..settled);
        taken.firsts.sort();
        let at = |share: f64| taken.firsts[(taken.firsts.len() as f64 * share) as usize];
        let spread = [0.0, 0.01, 0.1, 0.5].map(|s| (at(s) - at(0.01)).num_microseconds().unwrap() / 10);
        println!("figure: arrival spread (0, 1, 10, 50 %) {spread:?} x 10 us");
        Recording { samples: samples(&taken.bytes), first: at(0.01) }
    }
}

impl Recording {
    /// Wall instant of a frame.
    pub fn instant(&self, frame: usize) -> DateTime<Utc> {
        self.first + TimeDelta::nanoseconds(frame as i64 * 1_000_000_000 / 48_000)
    }
}

/// Processor time of this process so far.
pub fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(") ").unwrap().1.split(' ').collect::<Vec<_>>();
    let ticks = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}
