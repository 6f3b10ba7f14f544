//! A fault at every durable step of a station: power cuts, torn writes, a disk that fails once or for good. What a station
//! does on an ordinary day is here; what it clears away after a bad one, and that no step is left out, in `aftermath`.

#![cfg(feature = "faults")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
    fs,
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    after::{self, Dense},
    r#box::{Station, loaxa, now},
};

#[path = "aftermath.rs"]
mod aftermath;

const SLOTS: [Dense; 1] =
    [Dense { id: "ngan", bulletin: "ngan", every: 3, start_within: 2, seconds: 1, class: "priority" }];
const KINDS: [&str; 6] = ["abort", "torn", "eio", "enospc", "dead", "full"];
const WORKERS: usize = 10;
/// Of a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// `LOAXA_FAULTS=all`: every kind at every step. Else every step once, the kinds in turn.
fn all() -> bool {
    std::env::var("LOAXA_FAULTS").is_ok_and(|v| v == "all")
}

/// A served feed, and a box in the states that scenes begin with.
struct Scene {
    station: Station,
    /// Recordings of the feed.
    recordings: u64,
}

/// One copy of the box, for one fault.
struct Copy {
    dir: tempfile::TempDir,
    recordings: u64,
}

fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let goal = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_dir(&entry.path(), &goal);
        } else {
            fs::copy(entry.path(), &goal).unwrap();
        }
    }
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
}

impl Scene {
    fn new() -> Self {
        let mut station = Station::new();
        station.repo.policy(after::POLICY);
        station.bulletin("ngan", "viec-nhe-luong-cao.ogg", 1);
        station.bulletin("khac", "duong-day-nong-111.ogg", 2);
        station.repo.schedule("yen-the", &after::schedule("0", &SLOTS));
        station.publish();
        Self { station, recordings: 2 }
    }

    fn copy(&self, with_state: bool) -> Copy {
        let dir = tempfile::tempdir().unwrap();
        for name in ["station.yaml", "root.json"] {
            fs::copy(self.station.path(name), dir.path().join(name)).unwrap();
        }
        if with_state {
            copy_dir(&self.station.path("state"), &dir.path().join("state"));
        }
        Copy { dir, recordings: self.recordings }
    }
}

impl Copy {
    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn command(&self, words: &[&str], fault: Option<&Fault>) -> Command {
        let mut command = loaxa();
        command.current_dir(self.dir.path()).args(["--config", "station.yaml"]);
        if let Some(fault) = fault {
            command.args(["--lang", fault.lang()]).env("LOAXA_FAULT", fault.to_string());
        }
        command.env("LOAXA_STEPS", self.path("steps"));
        command.args(words);
        command
    }

    fn run(&self, words: &[&str], fault: Option<&Fault>) -> Output {
        self.command(words, fault).output().unwrap()
    }

    /// Lines of durable.rs that were passed, in order.
    fn steps(&self) -> Vec<u32> {
        let text = fs::read_to_string(self.path("steps")).unwrap_or_default();
        text.lines().map(|line| line.split_once(' ').unwrap().1.parse().unwrap()).collect()
    }

    fn log(&self) -> String {
        let mut text = String::new();
        let mut segments: Vec<_> = fs::read_dir(self.path("state/asrun"))
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .collect();
        segments.sort();
        for segment in segments.iter().filter(|p| p.extension().is_some_and(|e| e == "jsonl")) {
            text += &String::from_utf8_lossy(&fs::read(segment).unwrap_or_default());
        }
        text
    }

    fn records(&self) -> Vec<Value> {
        let shown = self.run(&["log", "show", "state/asrun", "--json"], None);
        let shown: Value = serde_json::from_slice(&shown.stdout).unwrap_or_else(|_| panic!("{shown:?}"));
        shown["records"].as_array().unwrap().clone()
    }

    /// Samples on the virtual PA that are sound. A busy machine may leave holes in it, never add to it.
    fn sounded(&self) -> usize {
        let wav = fs::read(self.path("pa.wav")).unwrap_or_default();
        let data = wav.windows(4).position(|w| w == b"data").map_or(wav.len(), |at| at + 8);
        let samples = wav.get(data..).unwrap_or_default().chunks_exact(2);
        samples.filter(|s| i16::from_le_bytes([s[0], s[1]]).unsigned_abs() > 100).count()
    }
}

/// The n-th step of a process, of all or of one line, fails in one way.
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    step: usize,
    line: Option<u32>,
    kind: &'static str,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let line = self.line.map_or(String::new(), |line| format!("@{line}"));
        write!(f, "{}{line}:{}", self.step, self.kind)
    }
}

impl Fault {
    fn lang(&self) -> &'static str {
        if (self.step + self.kind.len()).is_multiple_of(2) { "vi" } else { "en" }
    }

    /// The process ended as such a fault may end it: died, went on where that is right, or said what failed and gave 3.
    fn ended_well(&self, code: Option<i32>, said: &str) -> Result<(), String> {
        if said.contains("panicked") {
            return Err(format!("it panicked: {said}"));
        }
        match (self.kind, code) {
            ("abort" | "torn", None) | (_, Some(0)) => Ok(()),
            ("abort" | "torn", _) => Err(format!("exit {code:?}: {said}")),
            (_, Some(3)) => {
                let number = if matches!(self.kind, "eio" | "dead") { 5 } else { 28 };
                let code = if self.lang() == "vi" { "mã lỗi" } else { "os error" };
                let cause = format!("({code} {number})");
                let vietnamese =
                    said.chars().any(|c| "ăâđêôơưạảấầậắằặẹẻếềểệịọỏốồổộớờởợụủứừửựỳỹỵ".contains(c));
                let in_words = said.contains(&cause) && (vietnamese == (self.lang() == "vi"));
                if in_words { Ok(()) } else { Err(format!("unclear in {}: {said}", self.lang())) }
            }
            _ => Err(format!("exit {code:?}: {said}")),
        }
    }
}

/// Faults for a process of `steps` steps.
fn faults(steps: usize) -> Vec<Fault> {
    let of = |step: usize| {
        let turn = KINDS.into_iter().enumerate().filter(move |(i, _)| all() || step % KINDS.len() == *i);
        turn.map(move |(_, kind)| Fault { step, line: None, kind })
    };
    (1..=steps).flat_map(of).collect()
}

/// Does `work` for all faults, some at a time; panics with all that went wrong.
fn each<F: Debug + Send>(faults: Vec<F>, work: impl Fn(&F) -> Result<(), String> + Sync) -> usize {
    let count = faults.len();
    let (queue, wrong) = (Mutex::new(faults.into_iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let Some(fault) = queue.lock().unwrap().next() else { return };
                    if let Err(why) = work(&fault) {
                        wrong.lock().unwrap().push(format!("{fault:?}: {why}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    count
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

/// `last`: the process that ended last, as asked; what it was writing is the next start's to clear.
fn nothing_left(copy: &Copy, last: Option<u32>) -> Result<(), String> {
    let state = copy.path("state");
    let left = after::temporary(&state, last, true);
    let broken = after::not_whole(&copy.path("state/library"));
    if left.is_empty() && broken.is_empty() {
        Ok(())
    } else {
        Err(format!("left: {left:?}, broken: {broken:?}"))
    }
}

/// A command of the station, and whether the box is enrolled when it is given.
type Words = (&'static str, bool, Vec<String>);

fn commands(scene: &Scene) -> [Words; 3] {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let (feed, url) = (scene.station.path("feed").display().to_string(), scene.station.server.url.clone());
    let enroll = ["station", "enroll", "--station", "xa-1", "--root", "root.json", "--feed", &url];
    [
        ("enroll", false, words(&enroll)),
        ("sync", true, words(&["station", "sync"])),
        ("import", true, words(&["station", "import", &feed])),
    ]
}

/// The steps of a command that meets no fault.
fn whole_command(scene: &Scene, (_, enrolled, words): &Words) -> Vec<u32> {
    let whole = scene.copy(*enrolled);
    let out = whole.run(&strs(words), None);
    assert!(out.status.success(), "{}", said(&out));
    whole.steps()
}

fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// A command of the station at every step and in every way; then again without a fault.
fn command_with_faults(scene: &Scene, command: &Words) -> usize {
    let steps = whole_command(scene, command);
    let (_, enrolled, words) = command;
    let (enrolled, words) = (*enrolled, strs(words));
    lines(&steps);
    each(faults(steps.len()), |fault| {
        let copy = scene.copy(enrolled);
        let out = copy.run(&words, Some(fault));
        fault.ended_well(out.status.code(), &said(&out))?;
        let again = copy.run(&words, None);
        // An enrolment that is there already is not made twice.
        let there = !enrolled && copy.path("state/enrolment.json").exists();
        if !again.status.success() && !there {
            return Err(format!("again: {}", said(&again)));
        }
        nothing_left(&copy, None)
    })
}

/// The lines of durable.rs that are steps: each call, but for tests and what defines them.
fn steps_of_durable() -> BTreeSet<u32> {
    let source = include_str!("../../src/durable.rs");
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let called = |line: &str| {
        let line = line.split("//").next().unwrap_or_default();
        line.match_indices("step(").any(|(at, _)| {
            let before = line[..at].trim_end();
            !before.ends_with("fn") && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    };
    let lines = code.lines().zip(1..).filter(|(line, _)| called(line));
    lines.map(|(_, number)| number).collect()
}

/// What a process passed, and no line of it that this file does not know.
fn lines(steps: &[u32]) -> BTreeSet<u32> {
    let passed: BTreeSet<u32> = steps.iter().copied().collect();
    let unknown: Vec<_> = passed.difference(&steps_of_durable()).copied().collect();
    assert!(unknown.is_empty(), "steps at {unknown:?} of durable.rs are not seen by `steps_of_durable`");
    passed
}

#[test]
fn commands_of_a_station_survive_a_fault_at_every_durable_step() {
    let scene = Scene::new();
    let ran = commands(&scene).map(|command| (command.0, command_with_faults(&scene, &command)));
    println!("faults: {ran:?}");
}

/// The daemon, from its first sync over a broadcast and what people ask of it to SIGTERM.
struct Evening<'a> {
    copy: &'a Copy,
    daemon: Child,
}

impl<'a> Evening<'a> {
    fn begin(copy: &'a Copy, fault: Option<&Fault>) -> Self {
        let log = fs::File::options().create(true).append(true).open(copy.path("stderr")).unwrap();
        let mut command = copy.command(&["station", "run"], fault);
        let daemon = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Self { copy, daemon }
    }

    fn said(&self) -> String {
        fs::read_to_string(self.copy.path("stderr")).unwrap_or_default()
    }

    /// Waits until `wanted`, or until the daemon ended.
    fn until(&mut self, patience: Duration, wanted: impl Fn(&Self) -> bool) -> bool {
        let start = Instant::now();
        while start.elapsed() < patience && self.daemon.try_wait().unwrap().is_none() {
            if wanted(self) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }

    fn has_all(&self) -> bool {
        self.status().is_some_and(|status| status["library"]["held"] == self.copy.recordings)
    }

    fn status(&self) -> Option<Value> {
        let mut stream = UnixStream::connect(self.copy.path("sock")).ok()?;
        stream.write_all(b"{\"do\":\"status\"}\n").ok()?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply).ok()?;
        Some(serde_json::from_str::<Value>(&reply).ok()?["status"].take())
    }

    /// Asks what people ask, then SIGTERM; the exit code.
    fn end(&mut self, busy: bool) -> Option<i32> {
        for words in [&["volume", "40"][..], &["hold", "2s", "--reason", "họp"], &["release"]] {
            if busy && self.daemon.try_wait().unwrap().is_none() {
                self.copy.run(&[&["station"], words].concat(), None);
            }
        }
        if self.daemon.try_wait().unwrap().is_none() {
            let pid = rustix::process::Pid::from_raw(self.daemon.id() as i32).unwrap();
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        }
        self.daemon.wait().unwrap().code()
    }
}

impl Drop for Evening<'_> {
    fn drop(&mut self) {
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

fn evening(copy: &Copy, fault: Option<&Fault>) -> (Option<i32>, String) {
    let mut evening = Evening::begin(copy, fault);
    let done = |e: &Evening<'_>| {
        e.copy.log().contains("\"outcome\":\"played\"")
            || e.said().contains("could not be brought up to date")
    };
    evening.until(if fault.is_some() { Duration::from_secs(12) } else { PATIENCE }, done);
    let code = evening.end(true);
    (code, evening.said())
}

/// What must hold when the station has started again.
fn next_morning(copy: &Copy, plays: bool) -> Result<(), String> {
    let began = now();
    let mut morning = Evening::begin(copy, None);
    let pid = morning.daemon.id();
    let up = morning.until(PATIENCE, Evening::has_all);
    let ready = now();
    if plays {
        let heard = |e: &Evening<'_>| {
            let log = e.copy.log();
            let played = |line: &str| {
                let json: Value = serde_json::from_str(line).unwrap_or_default();
                json["outcome"] == "played" && after::instant(&json["at"]) > began
            };
            log.lines().any(played)
        };
        if !morning.until(PATIENCE, heard) {
            return Err(format!("it does not play any more: {}", morning.said()));
        }
    }
    let code = morning.end(false);
    if !up || code != Some(0) {
        return Err(format!("it does not start again ({up}, {code:?}): {}", morning.said()));
    }
    let verified = copy.run(&["log", "verify", "state/asrun"], None);
    if !verified.status.success() {
        return Err(said(&verified));
    }
    let records = copy.records();
    let intents = records.iter().filter(|r| r["kind"] == "intent").count();
    if copy.sounded() > intents * 49_000 {
        return Err(format!("{} samples sounded, {intents} times a second was announced", copy.sounded()));
    }
    after::account(&records, &SLOTS, ready)?;
    nothing_left(copy, Some(pid))
}

#[test]
fn the_daemon_survives_a_fault_at_every_durable_step() {
    let scene = Scene::new();
    let whole = scene.copy(true);
    let (code, told) = evening(&whole, None);
    assert_eq!(code, Some(0), "{told}");
    assert!(whole.log().contains("\"outcome\":\"played\""), "{}\n{told}", whole.log());
    let steps = whole.steps();
    lines(&steps);
    let outcomes = Mutex::new(BTreeMap::new());
    let runs = each(faults(steps.len()), |fault| {
        let copy = scene.copy(true);
        let (code, told) = evening(&copy, Some(fault));
        fault.ended_well(code, &told)?;
        let word = code.map_or("died".to_owned(), |code| format!("exit {code}"));
        *outcomes.lock().unwrap().entry((fault.kind, word)).or_insert(0) += 1;
        next_morning(&copy, all() || fault.step % 8 == 0)
    });
    println!("{} steps, {runs} faults: {:?}", steps.len(), outcomes.into_inner());
}
