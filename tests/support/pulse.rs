//! A PulseAudio of our own: socket, null sink `pa` and its monitor in a private folder.
//!
//! The player finds a server by the environment, which a test must not change for its whole process: so each test here
//! runs its story in a child of the test binary, see [`Stories`].
#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]

use std::{
    collections::HashMap,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};

use super::listen::samples;

const DIR: &str = "LOAXA_TEST_PULSE_DIR";

type Told = JoinHandle<Result<String, String>>;

/// Starts all `stories` side by side (they mostly wait); each is an ignored test, run in a process whose environment
/// points at a folder of its own.
pub struct Stories(HashMap<&'static str, Mutex<Option<Told>>>);

impl Stories {
    pub fn start(stories: &[&'static str]) -> Self {
        super::speech::make_all();
        let told = |story: &&'static str| {
            let story = *story;
            (story, Mutex::new(Some(thread::spawn(move || run(story)))))
        };
        Self(stories.iter().map(told).collect())
    }

    /// Waits for a story; panics with what it printed if it failed, else prints its figures.
    pub fn told(&self, story: &str) {
        let thread = self.0[story].lock().unwrap().take().unwrap();
        match thread.join().unwrap() {
            Ok(told) => told.lines().filter(|l| l.starts_with("figure: ")).for_each(|l| println!("{l}")),
            Err(told) => panic!("{story}:\n{told}"),
        }
    }
}

fn run(story: &str) -> Result<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let alsa = dir.path().join("asound.conf");
    let socket = dir.path().join("native");
    let conf = format!(
        "</usr/share/alsa/alsa.conf>\npcm.town {{\n type pulse\n server \"unix:{}\"\n device pa\n hint {{ show on\n \
         description \"Pulse through ALSA\" }}\n}}\n",
        socket.display()
    );
    std::fs::write(&alsa, conf).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", story, "--ignored", "--nocapture"])
        .env(DIR, dir.path())
        .env(super::speech::DIR_NAME, super::speech::dir())
        .env("PULSE_SERVER", format!("unix:{}", socket.display()))
        .env("PULSE_RUNTIME_PATH", dir.path())
        .env("XDG_RUNTIME_DIR", dir.path())
        .env("HOME", dir.path())
        .env("ALSA_CONFIG_PATH", &alsa)
        .env_remove("PULSE_COOKIE")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    if child.status.success() && told.contains("1 passed") { Ok(told) } else { Err(told) }
}

/// The folder of a story; none when it was started by hand.
pub fn dir() -> Option<PathBuf> {
    std::env::var_os(DIR).map(PathBuf::from)
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
        let child = Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error", "--disable-shm=1"])
            .arg(format!("--load={socket}"))
            .arg(format!("--load={sink}"))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pulse = Self { child, dir: dir.to_owned() };
        let end = Instant::now() + Duration::from_secs(10);
        while !pulse.ctl(&["info"]).status.success() {
            assert!(Instant::now() < end, "pulseaudio does not answer");
            thread::sleep(Duration::from_millis(20));
        }
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

    /// Records the monitor from now on; warms the sink, which is slow to begin when idle.
    pub fn record(&self) -> Recorder {
        let recorder = self.record_from("pa");
        thread::sleep(Duration::from_secs(3));
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
