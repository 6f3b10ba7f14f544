//! An import from the outside: what it keeps, what it leaves, what it says on the way.

use std::{
    fs::{self, File},
    time::Duration,
};

use loaxa::{
    bulletin::{Bulletin, Kind, Meta, Title},
    digest::Digest,
    office::import::{
        self, ImportFault, Options, Progress, Stage, Store, Tools, Trim, Warning, already, digest_of,
    },
};

use crate::bench::{MATERIAL, Office, loudness, runtime, samples};

#[test]
fn a_recording_becomes_its_canonical_form_and_the_original_is_kept() {
    let office = Office::new();
    let source = MATERIAL.path("x.mp3");
    let made = office.import(&source).unwrap();
    assert_eq!(fs::read(&made.original).unwrap(), fs::read(&source).unwrap());
    assert_eq!(made.original_sha256, digest_of(&source).unwrap());
    assert_eq!(made.sha256, digest_of(&made.canonical).unwrap());
    assert_eq!(made.length, fs::metadata(&made.canonical).unwrap().len());
    assert_eq!(made.frames.0, 480_000, "an mp3 with a LAME header gives what was put in");
    // An independent decoder, an independent measurement.
    assert_eq!(samples(&made.canonical).len() as u64, made.frames.0);
    let (lufs, peak) = loudness(&made.canonical);
    assert!((lufs + 16.0).abs() <= 0.45 && peak <= -1.45, "{lufs} LUFS, {peak} dBTP");
    assert!((lufs * 100.0 - f64::from(made.loudness_clufs)).abs() <= 10.0);
    assert!((peak * 100.0 - f64::from(made.true_peak_cdb)).abs() <= 10.0);
}

#[test]
fn the_same_bytes_under_another_name_give_the_same_bulletin() {
    let office = Office::new();
    let first = office.import(&MATERIAL.path("x.mp3")).unwrap();
    let copy = MATERIAL.path("=Bản tin \"sáng\", số 1\u{1F4E2}.wav");
    fs::copy(MATERIAL.path("x.mp3"), &copy).unwrap();
    let second = Office::new().import(&copy).unwrap();
    assert_eq!((second.sha256, second.original_sha256), (first.sha256, first.original_sha256));
    let known = [bulletin(&first)];
    assert_eq!(already(&digest_of(&copy).unwrap(), &known).map(|b| b.id.as_str()), Some("x"));
    assert_eq!(already(&Digest::ZERO, &known), None);
    // Imported again into the same store, nothing is doubled.
    let before = office.files();
    office.import(&copy).unwrap();
    assert_eq!(office.files(), before);
}

fn bulletin(made: &import::Imported) -> Bulletin {
    let at = "2026-11-01T00:00:00Z".parse().unwrap();
    let meta = Meta {
        kind: Kind::Chime,
        work: "x".parse().unwrap(),
        title: Title { vi: "x".into(), en: None },
        category: None,
        languages: vec![],
        frames: made.frames,
        loudness_clufs: made.loudness_clufs,
        true_peak_cdb: made.true_peak_cdb,
        hotline: None,
        directive: None,
        valid_from: at,
        valid_until: at,
        approved_by: vec![],
        transcript: String::new(),
        original_sha256: made.original_sha256,
    };
    Bulletin { id: "x".parse().unwrap(), sha256: made.sha256, length: made.length, meta }
}

#[test]
fn silence_at_the_ends_is_cut_only_when_asked() {
    let office = Office::new();
    let file = MATERIAL.made("padded.wav", "sox -D s10.wav $1 pad 4 30");
    assert!(matches!(office.import(&file), Err(ImportFault::SilentEnd(..))));
    let options = Options { trim: Trim::Ends, ..Options::default() };
    let made = office.import_with(&file, options, &mut |_| ()).unwrap();
    let seconds = made.frames.0 as f64 / 48_000.0;
    // The speech itself may begin and end with a little silence.
    assert!((10.0..=10.7).contains(&seconds), "{seconds}");
    assert_eq!(made.decoded.0, 44_000);
    let named = |w: &Warning| {
        matches!(w, Warning::LeadingSilence(_) | Warning::TrailingSilence(_) | Warning::Trimmed(..))
    };
    assert_eq!(made.warnings.iter().filter(|w| named(w)).count(), 3, "{:?}", made.warnings);
    // What is left is the speech: its loudest second lies where it should.
    assert!(samples(&made.canonical).len() as u64 == made.frames.0);
}

#[test]
fn loudness_is_right_for_difficult_recordings_too() {
    let office = Office::new();
    for (name, line) in [
        ("hot.wav", "sox -D s10.wav $1 gain 20"),
        ("faint.wav", "sox -D s10.wav -b 24 $1 gain -25"),
        (
            "peaks.wav",
            "sox -n -r 44100 -c 1 p.wav synth 10 sine 50 vol 0 ; sox -D s10.wav -b 24 low.wav gain -22; \
                       sox -n -r 44100 -c 1 click.wav synth 0.002 square 500 vol 0.9 pad 3 6.998; sox -D -m -v 1 low.wav -v 1 click.wav $1",
        ),
        ("tone.wav", "sox -n -r 48000 -c 2 $1 synth 3 sine 440 sine 660 vol 0.1"),
        ("brief.wav", "sox -D s10.wav $1 trim 1 0.8"),
    ] {
        let file = MATERIAL.made(name, line);
        let made = office.import(&file).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        let (lufs, peak) = loudness(&made.canonical);
        assert!((lufs + 16.0).abs() <= 0.45 && peak <= -1.45, "{name}: {lufs} LUFS, {peak} dBTP");
        eprintln!(
            "{name}: {} -> {} cLUFS, {} cdB, {} rounds",
            made.source_loudness_clufs, made.loudness_clufs, made.true_peak_cdb, made.rounds
        );
    }
}

#[test]
fn progress_only_grows_and_ends_in_an_encoding_round() {
    let office = Office::new();
    let mut seen: Vec<Progress> = Vec::new();
    office.import_with(&MATERIAL.path("x.mp3"), Options::default(), &mut |p| seen.push(p)).unwrap();
    assert!(seen.windows(2).all(|w| (w[0].stage, w[0].permille) <= (w[1].stage, w[1].permille)), "{seen:?}");
    assert!(seen.iter().any(|p| p.stage == Stage::Copy && p.permille == 1000));
    assert!(seen.iter().any(|p| p.stage == Stage::Decode && p.permille > 900));
    assert!(
        matches!(seen.last(), Some(Progress { stage: Stage::Encode(_), permille: 1000 })),
        "{:?}",
        seen.last()
    );
}

#[test]
fn dropping_an_import_kills_its_child_and_leaves_nothing() {
    let office = Office::new();
    let file = MATERIAL.made("cancel.wav", "ffmpeg -f lavfi -i sine=300:r=48000:d=1100 $1");
    let marker = office.dir.path().canonicalize().unwrap().display().to_string();
    runtime().block_on(async {
        let (seen, mut decoding) = tokio::sync::mpsc::unbounded_channel();
        let mut told = |p: Progress| {
            if p.stage == Stage::Decode {
                seen.send(()).ok();
            }
        };
        let mut work =
            Box::pin(import::import(&office.tools, &file, &office.store, Options::default(), &mut told));
        tokio::select! {
            made = &mut work => panic!("not cancelled: {made:?}"),
            _ = decoding.recv() => {}
        }
        assert!(running(&marker) > 0, "a child is decoding");
        drop(work);
        // The kill is sent; the kernel carries it out.
        for _ in 0..200 {
            if running(&marker) == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    assert_eq!(running(&marker), 0);
    assert_eq!(office.files(), Vec::<String>::new());
}

/// Processes whose command line names the marker.
fn running(marker: &str) -> usize {
    let of = |dir: fs::DirEntry| fs::read(dir.path().join("cmdline")).ok();
    let names = |line: Vec<u8>| String::from_utf8_lossy(&line).contains(marker);
    fs::read_dir("/proc").unwrap().flatten().filter_map(of).filter(|l| names(l.clone())).count()
}

#[test]
fn what_a_killed_import_left_is_swept_but_never_that_of_a_living_one() {
    let office = Office::new();
    let work = office.dir.path().join("work");
    fs::create_dir_all(work.join("1-dead/cwd")).unwrap();
    fs::write(work.join("1-dead/source"), b"x").unwrap();
    fs::write(office.dir.path().join("originals/.unfinished-1-2"), b"x").unwrap();
    let living = File::open(&work).unwrap();
    living.lock_shared().unwrap();
    Store::open(office.dir.path()).unwrap();
    assert_eq!(office.files().len(), 2, "somebody is importing: nothing is touched");
    drop(living);
    Store::open(office.dir.path()).unwrap();
    assert_eq!(office.files(), Vec::<String>::new());
}

#[test]
fn a_missing_program_is_named_with_its_package() {
    let empty = tempfile::tempdir().unwrap();
    let fault = Tools::find(empty.path().as_os_str()).unwrap_err();
    assert!(fault.is_machine());
    assert_eq!(fault.what().en, "the program ffmpeg is not installed");
    assert!(fault.remedy().vi.contains("sudo apt install ffmpeg"));
}
