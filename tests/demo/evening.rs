//! One evening of a commune, end to end, by the program's own command line: an office, two people, a feed, a station,
//! an urgent bulletin, a power cut; then the sound is measured against the log. `scripts/demo` builds and runs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that cannot go on ends"
)]

#[path = "../support/heard.rs"]
mod heard;
#[path = "../support/listen.rs"]
mod listen;
mod measure;
mod office;
mod picture;
mod report;
#[path = "../support/server.rs"]
mod server;
mod station;
mod view;

use std::{path::PathBuf, process::ExitCode, time::Instant};

fn main() -> ExitCode {
    let began = Instant::now();
    let (out, device) = arguments();
    println!("Kết quả sẽ ở / results will be in {}", out.display());
    std::fs::remove_dir_all(&out).ok();
    std::fs::create_dir_all(&out).expect("the folder for results");
    let out = out.canonicalize().expect("the folder for results");

    let office = office::Office::found(&out);
    let server = server::Server::start(&out.join("feed"));
    let mut station = station::Station::enrol(&out, &server.url, &device);
    office.register(&station.key);
    let evening = station::evening(&mut station, &office);
    office.hand_over();
    station.verify();
    clear_away(&out);
    if device != "wav" {
        println!("Xong / done: {:.0} s. The sound went to {device}.", began.elapsed().as_secs_f64());
        return ExitCode::SUCCESS;
    }
    let measured = measure::measure(&out, &evening);
    measure::write_summary(&out, &measured);
    picture::draw(&out, &measured);
    report::write(&out, &measured, &evening);
    for item in &measured.items {
        println!(
            "  {:<28} {:>9} frames  {:+.1} ms  score {:.4}  {}",
            item.bulletin,
            item.frames,
            item.late_ms(),
            item.score,
            item.outcome
        );
    }
    println!("{}", out.join("report.html").display());
    println!("Xong / done: {:.0} s", began.elapsed().as_secs_f64());
    match measured.fault() {
        None => ExitCode::SUCCESS,
        Some(fault) => {
            eprintln!("KHÔNG ĐẠT / NOT AS PROMISED: {fault}");
            ExitCode::from(1)
        }
    }
}

/// What the office and the station keep for themselves, private keys among it, is no result.
fn clear_away(out: &std::path::Path) {
    for own in ["office", "state", "brought"] {
        std::fs::remove_dir_all(out.join(own)).expect("the desk can be cleared");
    }
}

fn arguments() -> (PathBuf, String) {
    let (mut out, mut device) = (PathBuf::from("demo-out"), "wav".to_owned());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--out" => out = args.next().expect("--out DIR").into(),
            "--device" => device = args.next().expect("--device NAME"),
            other => panic!("scripts/demo [--device default] [--out DIR]; not {other}"),
        }
    }
    (out, device)
}

/// The program under demonstration: beside this one.
fn loaxa() -> std::process::Command {
    let me = std::env::current_exe().expect("this program's place");
    let beside = me.parent().and_then(|p| p.parent()).expect("target folder").join("loaxa");
    std::process::Command::new(beside)
}
