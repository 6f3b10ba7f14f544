//! What loaxa costs and how punctual it is, beside what one would use without it: `scripts/bench` builds and runs this,
//! in an environment that names the sound server of this run. One table; every figure is measured in this run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    dead_code,
    reason = "a measurement that cannot go on ends; helpers are shared with tests"
)]

#[path = "../support/box.rs"]
mod r#box;
#[path = "../support/child.rs"]
mod child;
mod cpu;
mod cron;
mod idle;
#[path = "../support/listen.rs"]
mod listen;
mod offsets;
mod programme;
#[path = "../support/pulse.rs"]
mod pulse_server;
#[path = "../support/repo.rs"]
mod repo;
#[path = "../support/server.rs"]
mod server;
mod small;
#[path = "../support/speech.rs"]
mod speech;
#[path = "../schedule/support.rs"]
mod support;
mod sync;
mod table;
#[path = "../support/wait.rs"]
mod wait;
#[path = "../sync/world.rs"]
mod world;

use std::path::PathBuf;

/// How long to measure.
pub struct Scale {
    /// Seconds from one slot to the next; there are 50.
    pub slot_every: u32,
    /// Programmes of 60 s.
    pub plays: usize,
    /// Stations that idle side by side.
    pub idlers: usize,
    /// Repetitions of what is over soon.
    pub runs: usize,
}

const FULL: Scale = Scale { slot_every: 6, plays: 5, idlers: 3, runs: 11 };
const QUICK: Scale = Scale { slot_every: 3, plays: 1, idlers: 1, runs: 5 };

type Part = (&'static str, fn(&Scale) -> Vec<table::Line>);

const PARTS: [Part; 5] = [
    ("offset", offsets::measure),
    ("idle", idle::measure),
    ("cpu", cpu::measure),
    ("sync", sync::measure),
    ("small", small::measure),
];

fn main() {
    let (mut scale, mut json, mut only) = (FULL, None, Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--quick" => scale = QUICK,
            "--json" => json = Some(PathBuf::from(args.next().expect("--json FILE"))),
            part if PARTS.iter().any(|p| p.0 == part) => only.push(arg),
            other => panic!("unknown: {other}; there are --quick, --json FILE, {:?}", PARTS.map(|p| p.0)),
        }
    }
    let mut lines = Vec::new();
    for (name, measure) in PARTS {
        if only.is_empty() || only.iter().any(|o| o == name) {
            eprintln!("measuring: {name}");
            lines.extend(measure(&scale));
        }
    }
    let machine = machine();
    println!("\n{machine}\nMedian (least to most, number of measurements).\n\n{}", table::text(&lines));
    if let Some(file) = json {
        let text = serde_json::to_string_pretty(&table::json(&machine, &lines)).unwrap();
        std::fs::write(file, text + "\n").unwrap();
    }
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|l| l.strip_prefix("PRETTY_NAME=")).unwrap_or("unknown");
    let (version, arch) = (env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    format!("loaxa {version}, {arch}, {cores} cores, {}", name.trim_matches('"'))
}
