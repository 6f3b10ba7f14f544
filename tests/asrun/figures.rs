//! Figures for people, by hand: `cargo test --release --test asrun -- --ignored figures --nocapture`.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use loaxa::asrun::{
    inspect::{self, Known},
    journal::{HORIZON, Journal, Session},
    record::*,
    verify::{Expect, Verifier},
};

use crate::support::*;

fn bodies(n: i64) -> [Body; 2] {
    let mut of = slot("2026-12-01T00:00:00Z");
    of.due += TimeDelta::seconds(n);
    [intent(of.clone()), outcome(of, Outcome::Played, None)]
}

fn at_percent(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

#[test]
#[ignore = "prints figures, promises nothing"]
fn figures() {
    let home = std::env::var_os("LOAXA_FIGURES").map_or_else(std::env::temp_dir, Into::into);
    let dir = tempfile::tempdir_in(home).unwrap();
    let session = || Session {
        station: station(),
        version: "0.1.0".into(),
        boot_id: None,
        at: at("2026-12-01T00:00:00Z"),
        horizon: HORIZON,
    };
    let (mut journal, _) = Journal::open(dir.path(), key(1), session()).unwrap();
    let mut times = Vec::new();
    for n in 0..500 {
        for body in bodies(n) {
            let begin = Instant::now();
            journal.append(at("2026-12-01T00:00:00Z"), &body).unwrap();
            times.push(begin.elapsed());
        }
    }
    drop(journal);
    let (p50, p99) = (at_percent(&mut times, 50), at_percent(&mut times, 99));
    println!("append with fdatasync: p50 {p50:?}, p99 {p99:?}, worst {:?}", times.last().unwrap());
    let begin = Instant::now();
    drop(Journal::open(dir.path(), key(1), session()).unwrap());
    println!("open with a newest segment of {} lines: {:?}", times.len() + 1, begin.elapsed());

    let mut log = Log::new(1);
    log.add("2026-12-01T00:00:00Z", &boot(&key(1)));
    let begin = Instant::now();
    for n in 0..25_000 {
        for body in bodies(n) {
            log.add("2026-12-01T00:00:00Z", &body);
        }
    }
    println!("made 50,000 lines in {:?}", begin.elapsed());
    let files = log.files();
    let bytes: usize = files.values().map(Vec::len).sum();
    for expect in [Expect::Key(public(&key(1))), Expect::Anyone] {
        let begin = Instant::now();
        let mut verifier = Verifier::new(expect.clone(), Vec::new());
        for (name, content) in &files {
            verifier.take(name, content);
        }
        let findings = verifier.finish();
        assert!(findings.ok());
        let per_second = findings.records as f64 / begin.elapsed().as_secs_f64();
        let signed = matches!(expect, Expect::Key(_));
        println!(
            "verify, signatures {signed}: {per_second:.0} lines/s of {} bytes",
            bytes as u64 / findings.records
        );
    }
    write(dir.path(), &files);
    let begin = Instant::now();
    let known = Known { expect: Expect::Key(public(&key(1))), ..Known::default() };
    assert!(inspect::folder(dir.path(), known, |_, _, _| {}).unwrap().ok());
    println!("verify the folder: {:?}", begin.elapsed());
}
