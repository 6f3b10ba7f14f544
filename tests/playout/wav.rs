//! On the virtual PA.

use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::playout::{
    Command, Ended, Event, Unfit,
    mix::FADE,
    sink::{Settings, SinkSpec, wav_file::first_frame},
    sound_test::sound_test,
};

use crate::{
    listen::{find, peak_db, quantile, read_wav, sounding},
    rig::{Rig, late_us, program},
    speech::{CLOSE, LONG, OPEN, OTHER, SHORT, Speech, URGENT},
};

struct Pa {
    _dir: tempfile::TempDir,
    path: PathBuf,
    sink: String,
}

fn pa() -> Pa {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pa.wav");
    let sink = format!("wav:{}", path.display());
    Pa { _dir: dir, path, sink }
}

/// Wall instant of a frame of the file.
fn instant(path: &Path, frame: usize) -> DateTime<Utc> {
    first_frame(path).unwrap().0 + TimeDelta::nanoseconds(frame as i64 * 1_000_000_000 / 48_000)
}

fn joined(parts: &[&Speech]) -> Vec<f32> {
    parts.iter().flat_map(|s| s.samples.clone()).collect()
}

#[test]
fn each_slot_starts_on_its_frame_at_any_phase() {
    let offsets = thread::scope(|scope| {
        let lines = (0..6).map(|_| scope.spawn(one_line_of_slots)).collect::<Vec<_>>();
        lines.into_iter().flat_map(|l| l.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(offsets.len(), 24);
    let (p50, p99) = (quantile(&offsets, 0.5), quantile(&offsets, 0.99));
    println!("wav: start minus due, n {}, p50 {p50:.1} us, p99 {p99:.1} us", offsets.len());
    // Within one frame (20.8 us) and the microsecond of the file's first instant.
    assert!(offsets.iter().all(|us| (-1.0..=22.0).contains(us)), "{offsets:?}");
}

fn one_line_of_slots() -> Vec<f64> {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    let mut dues = Vec::new();
    for token in 0..4 {
        let due = rig.now() + TimeDelta::microseconds(250_000 + fastrand::i64(0..400_000));
        let (how, sent) = rig.play(program(token, vec![SHORT.item()]), due);
        assert_eq!((how, sent[0].frames.0), (Ended::Complete, SHORT.samples.len() as u64));
        assert!((0..=22).contains(&late_us(due, sent[0].first_frame.unwrap())));
        dues.push(due);
    }
    rig.close();
    let heard = read_wav(&pa.path).samples;
    let (first, _) = first_frame(&pa.path).unwrap();
    let mut offsets = Vec::new();
    let mut from = 0;
    for due in dues {
        let near = (late_us(first, due) as f64 * 0.048) as usize;
        assert!(peak_db(&heard[from..near - 1]) < -150.0, "sound between slots");
        let end = (near + SHORT.samples.len() + 4_800).min(heard.len());
        let found = find(&heard[near.saturating_sub(4_800)..end], &SHORT.samples);
        assert!(found.score > 0.999, "{found:?}");
        let at = near.saturating_sub(4_800) + found.at;
        from = at + SHORT.samples.len();
        let exact = (instant(&pa.path, at) - due).num_nanoseconds().unwrap();
        offsets.push(exact as f64 / 1_000.0);
    }
    offsets
}

#[test]
fn chime_bulletins_chime_come_without_a_gap_and_bit_for_bit() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    let parts = [&*OPEN, &*SHORT, &*URGENT, &*CLOSE];
    let items = parts.iter().map(|p| p.item()).collect();
    let (how, sent) = rig.play(program(1, items), rig.after_ms(300));
    rig.close();
    assert_eq!(how, Ended::Complete);
    let signed = parts.iter().map(|p| p.samples.len() as u64).collect::<Vec<_>>();
    assert_eq!(sent.iter().map(|s| s.frames.0).collect::<Vec<_>>(), signed);
    let heard = read_wav(&pa.path).samples;
    let all = joined(&parts);
    let at = find(&heard, &all).at;
    let same = heard[at..].iter().zip(&all).all(|(h, a)| (h - a.clamp(-1.0, 1.0)).abs() <= 1.0 / 32_768.0);
    assert!(same, "more than one step apart");
    assert!(peak_db(&heard[at + all.len()..]) < -150.0 && peak_db(&heard[..at]) < -150.0);
    // Each item's first frame is told where it is.
    let mut frame = at;
    for (sent, part) in sent.iter().zip(parts) {
        assert!(late_us(instant(&pa.path, frame), sent.first_frame.unwrap()).abs() <= 25);
        frame += part.samples.len();
    }
    assert_eq!(rig.count(|e| matches!(e, Event::Began { .. })), 4);
    assert!(rig.count(|e| matches!(e, Event::Progress { .. })) >= 3);
}

#[test]
fn a_level_lowers_and_a_fade_ends_within_300_ms() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    let mut quiet = program(7, vec![LONG.item()]);
    quiet.level_cdb = -600;
    rig.load(quiet);
    rig.player.send(Command::Start { token: 7, at: rig.after_ms(100) });
    rig.wait("the start", |e| matches!(e, Event::Began { .. }));
    thread::sleep(Duration::from_millis(1_500));
    let asked = rig.now();
    rig.player.send(Command::Fade { token: 7 });
    let (how, sent) = rig.finished(7);
    rig.close();
    assert_eq!(how, Ended::Faded);
    let heard = read_wav(&pa.path).samples;
    let frames = sent[0].frames.0 as usize;
    let found = find(&heard, &LONG.samples[..frames - FADE]);
    let at = found.at;
    assert!(found.score > 0.999, "{found:?}");
    let loud = peak_db(&LONG.samples[..frames - FADE]) - peak_db(&heard[at..at + frames - FADE]);
    assert!((loud - 6.0).abs() < 0.1, "{loud} dB lower");
    assert!(peak_db(&heard[at + frames..]) < -150.0, "sound after the fade");
    let end = instant(&pa.path, at + frames);
    assert!(late_us(asked, end) <= 330_000, "over {} us after the command", late_us(asked, end));
}

#[test]
fn an_urgent_program_cuts_in_on_the_open_device() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    rig.load(program(1, vec![LONG.item(), OTHER.item()]));
    rig.player.send(Command::Start { token: 1, at: rig.after_ms(100) });
    rig.wait("the start", |e| matches!(e, Event::Began { .. }));
    rig.load(program(2, vec![URGENT.item()]));
    thread::sleep(Duration::from_millis(700));
    rig.player.send(Command::Fade { token: 1 });
    rig.player.send(Command::Start { token: 2, at: rig.now() });
    let (how, cut) = rig.finished(1);
    assert_eq!(how, Ended::Faded);
    let (how, sent) = rig.finished(2);
    assert_eq!((how, sent[0].frames.0), (Ended::Complete, URGENT.samples.len() as u64));
    assert_eq!(rig.count(|e| matches!(e, Event::Opened(_))), 1);
    rig.close();
    let heard = read_wav(&pa.path).samples;
    let cut_at = find(&heard, &LONG.samples[..cut[0].frames.0 as usize - FADE]).at;
    let urgent = find(&heard, &URGENT.samples);
    assert!(urgent.score > 0.999, "{urgent:?}");
    // On the very frame after the fade: no gap, and never two at once.
    assert_eq!(urgent.at, cut_at + cut[0].frames.0 as usize);
}

#[test]
fn what_is_missing_or_altered_drops_out_and_the_rest_plays() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    let dir = tempfile::tempdir().unwrap();
    let mut missing = LONG.item();
    missing.path = dir.path().join("gone.opus");
    let mut altered = OTHER.item();
    altered.path = dir.path().join("altered.opus");
    let mut bytes = std::fs::read(&OTHER.path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&altered.path, &bytes).unwrap();
    let mut signed_but_not_opus = SHORT.item();
    signed_but_not_opus.path = dir.path().join("text.opus");
    std::fs::write(&signed_but_not_opus.path, b"hello").unwrap();
    signed_but_not_opus.sha256 = loaxa::digest::Digest::of(b"hello");
    let items = vec![missing, SHORT.item(), altered, signed_but_not_opus];
    let unfit = rig.load(program(3, items));
    assert_eq!(unfit, [(0, Unfit::Missing), (2, Unfit::Integrity), (3, Unfit::Integrity)]);
    rig.player.send(Command::Start { token: 3, at: rig.now() });
    let (how, sent) = rig.finished(3);
    assert_eq!((how, sent.len(), sent[0].item), (Ended::Complete, 1, 1));
    rig.close();
    let heard = read_wav(&pa.path).samples;
    let (first, last) = sounding(&heard, -60.0).unwrap();
    assert!(last - first <= SHORT.samples.len(), "something else sounded");
}

#[test]
fn a_file_swapped_after_it_was_checked_never_sounds() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    let dir = tempfile::tempdir().unwrap();
    let mut swapped = OTHER.item();
    swapped.path = dir.path().join("swapped.opus");
    std::fs::copy(&OTHER.path, &swapped.path).unwrap();
    // The ring holds four seconds, so the first item is longer than that.
    assert!(LONG.samples.len() > 5 * 48_000);
    assert_eq!(rig.load(program(4, vec![LONG.item(), swapped.clone(), SHORT.item()])), []);
    std::fs::copy(&URGENT.path, &swapped.path).unwrap();
    rig.player.send(Command::Start { token: 4, at: rig.now() });
    let (how, sent) = rig.finished(4);
    rig.close();
    assert_eq!((how, sent.iter().map(|s| s.item).collect::<Vec<_>>()), (Ended::Short, vec![0, 2]));
    let heard = read_wav(&pa.path).samples;
    assert!(find(&heard, &URGENT.samples).score < 0.5);
    assert!(find(&heard, &joined(&[&LONG, &SHORT])).score > 0.999);
}

#[test]
fn an_item_that_would_end_too_late_does_not_start() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    let at = rig.after_ms(200);
    let first = TimeDelta::nanoseconds(OPEN.samples.len() as i64 * 1_000_000_000 / 48_000);
    let mut tight = program(5, vec![OPEN.item(), SHORT.item(), CLOSE.item()]);
    tight.must_end_by = at + first + TimeDelta::milliseconds(400);
    let (how, sent) = rig.play(tight.clone(), at);
    assert_eq!((how, sent.len(), sent[0].frames.0), (Ended::Time, 1, OPEN.samples.len() as u64));
    // One that fits to the frame is not cut.
    let at = rig.after_ms(100);
    let all = joined(&[&OPEN, &SHORT, &CLOSE]).len() as i64;
    (tight.token, tight.must_end_by) = (6, at + TimeDelta::nanoseconds(all * 1_000_000_000 / 48_000));
    assert_eq!(rig.play(tight.clone(), at).0, Ended::Complete);
    // One whose first item is too long makes no sound.
    (tight.token, tight.must_end_by) = (8, rig.after_ms(500));
    let now = rig.now();
    assert_eq!(rig.play(tight, now), (Ended::Time, vec![]));
    rig.close();
    let heard = read_wav(&pa.path).samples;
    let (_, last) = sounding(&heard, -60.0).unwrap();
    let end = find(&heard, &joined(&[&OPEN, &SHORT, &CLOSE])).at + all as usize;
    assert!(last <= end);
}

#[test]
fn a_loaded_program_that_is_faded_or_shut_down_makes_no_sound_and_ends_once() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    for token in [1, 2, 3] {
        rig.load(program(token, vec![SHORT.item()]));
    }
    rig.player.send(Command::Fade { token: 1 });
    assert_eq!(rig.finished(1), (Ended::Faded, vec![]));
    rig.player.send(Command::Start { token: 2, at: rig.after_ms(60_000) });
    rig.player.send(Command::Fade { token: 2 });
    assert_eq!(rig.finished(2), (Ended::Faded, vec![]));
    rig.player.send(Command::Shutdown);
    assert_eq!(rig.finished(3), (Ended::Faded, vec![]));
    rig.wait("closed", |e| matches!(e, Event::Closed));
    assert_eq!(rig.count(|e| matches!(e, Event::Finished { .. })), 3);
    assert_eq!(sounding(&read_wav(&pa.path).samples, -150.0), None);
}

#[test]
fn a_shutdown_in_the_middle_fades_and_ends_within_two_seconds() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    rig.load(program(1, vec![LONG.item()]));
    rig.player.send(Command::Start { token: 1, at: rig.now() });
    rig.wait("the start", |e| matches!(e, Event::Began { .. }));
    let asked = rig.now();
    rig.player.send(Command::Shutdown);
    let (how, sent) = rig.finished(1);
    rig.wait("closed", |e| matches!(e, Event::Closed));
    assert!(rig.now() - asked < TimeDelta::seconds(2));
    assert!(how == Ended::Faded && sent[0].frames.0 > FADE as u64);
    // The file is free again: the thread has ended.
    Rig::open(&pa.sink);
}

#[test]
fn while_closed_the_file_rests_and_the_next_opening_pads_it_with_silence() {
    let pa = pa();
    let mut rig = Rig::open(&pa.sink);
    rig.close();
    let length = std::fs::metadata(&pa.path).unwrap().len();
    thread::sleep(Duration::from_millis(1_200));
    assert_eq!(std::fs::metadata(&pa.path).unwrap().len(), length);
    rig.player.send(Command::Open);
    rig.wait("the device", |e| matches!(e, Event::Opened(_)));
    let due = rig.after_ms(200);
    rig.play(program(1, vec![SHORT.item()]), due);
    rig.close();
    let heard = read_wav(&pa.path).samples;
    let off = late_us(due, instant(&pa.path, find(&heard, &SHORT.samples).at));
    assert!((-1..=22).contains(&off), "{off} us");
}

#[test]
fn the_test_tone_is_heard_whole_without_the_player() {
    let pa = pa();
    let spec = SinkSpec::parse(&pa.sink).unwrap();
    let span = Duration::from_millis(700);
    let name = sound_test(&spec, &Settings::default(), crate::clock::real(), span).unwrap();
    assert_eq!(name, pa.sink);
    let heard = read_wav(&pa.path).samples;
    let (first, last) = sounding(&heard, -60.0).unwrap();
    assert!((33_000..=33_600).contains(&(last - first)), "{}", last - first);
    assert!((peak_db(&heard) + 12.0).abs() < 0.2);
}

#[test]
fn a_file_that_another_plays_into_is_refused_until_it_is_free() {
    let pa = pa();
    let mut first = Rig::open(&pa.sink);
    let mut second = Rig::new(&pa.sink);
    second.player.send(Command::Open);
    match second.wait("refusal", |e| matches!(e, Event::Lost(_))) {
        Event::Lost(why) => assert!(why.en.contains("another process"), "{}", why.en),
        _ => unreachable!(),
    }
    first.close();
    second.wait("the device", |e| matches!(e, Event::Opened(_)));
    assert_eq!(second.count(|e| matches!(e, Event::Lost(_))), 1);
}

/// Times that each thread of the player in this process went to sleep.
fn naps() -> Vec<(String, u64)> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().map(|t| t.unwrap().path());
    let naps = tasks.filter_map(|task| {
        let name = std::fs::read_to_string(task.join("comm")).ok()?.trim().to_owned();
        let status = std::fs::read_to_string(task.join("status")).ok()?;
        let count = status.lines().find_map(|l| l.strip_prefix("voluntary_ctxt_switches:"))?;
        name.starts_with("loaxa").then(|| (name, count.trim().parse().unwrap()))
    });
    naps.collect()
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_rest() {
    let Some(dir) = crate::pulse_server::dir() else { return };
    let mut rig = Rig::open(&format!("wav:{}/pa.wav", dir.display()));
    rig.play(program(1, vec![SHORT.item()]), rig.now());
    rig.close();
    thread::sleep(Duration::from_millis(300));
    let before = naps();
    thread::sleep(Duration::from_secs(3));
    assert_eq!(naps(), before, "a closed player woke up");
    assert_eq!(before.iter().map(|n| n.0.as_str()).collect::<Vec<_>>(), ["loaxa-player"]);
}

/// Run by the test below in a process of its own.
#[test]
#[ignore = "a child of another test"]
fn child_that_is_killed() {
    let Ok(sink) = std::env::var("LOAXA_TEST_SINK") else {
        return;
    };
    let opus = std::env::var("LOAXA_TEST_OPUS").unwrap();
    let speech = Speech::read(Path::new(&opus));
    let mut rig = Rig::open(&sink);
    rig.play(program(1, vec![speech.item()]), rig.now());
    panic!("it should have been killed");
}

#[test]
fn a_kill_in_the_middle_leaves_a_file_that_the_next_opening_mends() {
    let pa = pa();
    let mut child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "wav::child_that_is_killed", "--ignored"])
        .env("LOAXA_TEST_SINK", &pa.sink)
        .env("LOAXA_TEST_OPUS", &LONG.path)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let two_seconds = 2 * 96_000;
    while !std::fs::metadata(&pa.path).is_ok_and(|m| m.len() > two_seconds) {
        assert_eq!(child.try_wait().unwrap(), None, "the child ended by itself");
        thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (first, left) = first_frame(&pa.path).unwrap();
    let mut rig = Rig::open(&pa.sink);
    let due = rig.after_ms(200);
    rig.play(program(2, vec![OTHER.item()]), due);
    rig.close();
    assert_eq!(first_frame(&pa.path).unwrap().0, first);
    let heard = read_wav(&pa.path).samples;
    let cut = find(&heard[..left.0 as usize], &LONG.samples[..48_000]);
    assert!(cut.score > 0.999, "{cut:?}");
    let again = find(&heard, &OTHER.samples);
    assert!(again.score > 0.999 && again.at >= left.0 as usize);
    assert!((-1..=22).contains(&late_us(due, instant(&pa.path, again.at))));
    assert!(peak_db(&heard[left.0 as usize..again.at]) < -150.0);
    // Players of every day read it.
    for player in [&["sox", "--i"][..], &["ffprobe", "-v", "error"]] {
        let out = std::process::Command::new(player[0]).args(&player[1..]).arg(&pa.path).output().unwrap();
        assert!(out.status.success() && out.stderr.is_empty(), "{}", String::from_utf8_lossy(&out.stderr));
    }
}
