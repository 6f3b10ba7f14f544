//! On a PulseAudio null sink, by cpal's own host and through ALSA's pulse plugin. Each story runs in a child process.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::playout::{Command, Ended, Event, mix::FADE};

use crate::{
    listen::{find, peak_db, quantile},
    pulse_server::{Pulse, Recording, cpu},
    rig::{Rig, late_us, program},
    speech::{CLOSE, LONG, OPEN, OTHER, SHORT, Speech, URGENT},
    stories::{Stories, dir},
    wait,
};

static STORIES: LazyLock<Stories> = LazyLock::new(|| {
    Stories::start(&[
        "pulse::story_of_slots",
        "pulse::story_of_slots_through_alsa",
        "pulse::story_of_cut_in",
        "pulse::story_of_a_killed_server",
        "pulse::story_of_a_killed_server_through_alsa",
        "pulse::story_of_a_hanging_server",
        "pulse::story_of_a_device_that_stays_away",
        "pulse::story_of_null",
        "wav::story_of_rest",
    ])
});

#[test]
fn slots_start_within_20_ms_without_a_drop_out() {
    STORIES.told("pulse::story_of_slots");
}

#[test]
fn the_same_through_alsa() {
    STORIES.told("pulse::story_of_slots_through_alsa");
}

#[test]
fn chime_bulletins_chime_and_an_urgent_cut_in() {
    STORIES.told("pulse::story_of_cut_in");
}

#[test]
fn a_killed_server_is_told_once_and_the_program_goes_on_when_it_is_back() {
    STORIES.told("pulse::story_of_a_killed_server");
}

#[test]
fn the_same_loss_through_alsa() {
    STORIES.told("pulse::story_of_a_killed_server_through_alsa");
}

#[test]
fn a_server_that_hangs_is_noticed_by_its_heartbeat() {
    STORIES.told("pulse::story_of_a_hanging_server");
}

#[test]
fn a_device_that_does_not_come_back_in_time_ends_the_program() {
    STORIES.told("pulse::story_of_a_device_that_stays_away");
}

#[test]
fn null_takes_frames_faster_than_time_and_is_refused() {
    STORIES.told("pulse::story_of_null");
}

#[test]
fn a_closed_player_does_not_wake_up() {
    STORIES.told("wav::story_of_rest");
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_slots() {
    slots("pulseaudio:pa", 10);
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_slots_through_alsa() {
    slots("alsa:town", 6);
}

fn slots(sink: &str, count: u64) {
    let Some(dir) = dir() else { return };
    let pulse = Pulse::start(&dir);
    let speech = SHORT.item();
    let recorder = pulse.record();
    let mut rig = Rig::open(sink);
    // As a station does: open a second and the amplifier's warm-up before the slot.
    let mut lead = 1_700_000;
    let mut dues = Vec::new();
    for token in 0..count {
        let due = rig.now() + TimeDelta::microseconds(lead + fastrand::i64(0..500_000));
        lead = 700_000;
        let (how, sent) = rig.play(program(token, vec![speech.clone()]), due);
        assert_eq!((how, sent[0].frames.0), (Ended::Complete, SHORT.samples.len() as u64));
        assert!(late_us(due, sent[0].first_frame.unwrap()).abs() < 1_000);
        dues.push(due);
    }
    rig.close();
    let heard = recorder.stop();
    let offsets = dues.iter().map(|due| onset_ms(&heard, *due, &SHORT)).collect::<Vec<_>>();
    let (p50, p99) = (quantile(&offsets, 0.5), quantile(&offsets, 0.99));
    println!("\nfigure: {sink}: start minus due, n {count}, p50 {p50:.2} ms, p99 {p99:.2} ms, {offsets:.2?}");
    assert!(offsets.iter().all(|ms| ms.abs() < 20.0));
}

/// Milliseconds from `due` until the speech is heard, which is found whole.
fn onset_ms(heard: &Recording, due: DateTime<Utc>, speech: &Speech) -> f64 {
    let near = (late_us(heard.first, due) as f64 * 0.048) as usize;
    let from = near.saturating_sub(12_000);
    let to = (near + speech.samples.len() + 12_000).min(heard.samples.len());
    let found = find(&heard.samples[from..to], &speech.samples);
    // A drop-out or a click would show here.
    assert!(found.score > 0.999, "{found:?}");
    late_us(due, heard.instant(from + found.at)) as f64 / 1_000.0
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_cut_in() {
    let Some(dir) = dir() else { return };
    let pulse = Pulse::start(&dir);
    let parts = [&*OPEN, &*SHORT, &*OTHER, &*CLOSE];
    let (items, urgent) = (parts.iter().map(|p| p.item()).collect(), URGENT.item());
    let recorder = pulse.record();
    let mut rig = Rig::open("pulseaudio:pa");
    let (how, _) = rig.play(program(1, items), rig.after_ms(600));
    assert_eq!(how, Ended::Complete);
    rig.load(program(2, vec![LONG.item()]));
    rig.player.send(Command::Start { token: 2, at: rig.after_ms(600) });
    rig.load(program(3, vec![urgent]));
    rig.until_sent(2, 24_000);
    rig.player.send(Command::Fade { token: 2 });
    rig.player.send(Command::Start { token: 3, at: rig.now() });
    let (how, cut) = rig.finished(2);
    assert_eq!(how, Ended::Faded);
    assert_eq!(rig.finished(3).0, Ended::Complete);
    rig.close();
    assert_eq!(rig.count(|e| matches!(e, Event::Opened(_))), 1);
    let heard = recorder.stop().samples;
    let all = parts.iter().flat_map(|p| p.samples.clone()).collect::<Vec<_>>();
    assert!(find(&heard, &all).score > 0.999);
    let frames = cut[0].frames.0 as usize;
    let (before, after) = (find(&heard, &LONG.samples[..frames - FADE]), find(&heard, &URGENT.samples));
    assert!(before.score > 0.999 && after.score > 0.999);
    assert_eq!(after.at, before.at + frames);
    // Closing cut nothing, and left nothing behind.
    assert!(peak_db(&heard[after.at + URGENT.samples.len()..]) < -80.0);
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_a_killed_server() {
    killed_server("pulseaudio:pa");
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_a_killed_server_through_alsa() {
    killed_server("alsa:town");
}

fn killed_server(sink: &str) {
    let Some(dir) = dir() else { return };
    let pulse = Pulse::start(&dir);
    let items = vec![LONG.item(), OTHER.item()];
    let recorder = pulse.record();
    let mut rig = Rig::open(sink);
    rig.load(program(1, items));
    rig.player.send(Command::Start { token: 1, at: rig.after_ms(300) });
    rig.until_sent(1, 96_000);
    let killed = Instant::now();
    pulse.kill();
    let before = recorder.stop();
    rig.wait_for("the loss", Duration::from_secs(5), |e| matches!(e, Event::Lost(_)));
    let noticed = killed.elapsed();
    // What it costs while the server is away for so long is what is under test.
    let spent = cpu();
    wait::past(rig.after_ms(2_000));
    let spent = cpu() - spent;
    println!(
        "\nfigure: {sink}: loss told after {} ms, CPU while gone {} ms in 2 s",
        noticed.as_millis(),
        spent.as_millis()
    );
    assert!(spent < Duration::from_millis(200), "a busy loop: {spent:?}");
    let pulse = Pulse::start(&dir);
    let recorder = pulse.record();
    rig.wait("the device again", |e| matches!(e, Event::Opened(_)));
    let (how, sent) = rig.finished(1);
    rig.close();
    assert_eq!(rig.count(|e| matches!(e, Event::Lost(_))), 1);
    let frames = sent.iter().map(|s| s.frames.0 as usize).collect::<Vec<_>>();
    assert_eq!((how, frames), (Ended::Complete, vec![LONG.samples.len(), OTHER.samples.len()]));
    // What was heard before and after is the whole, but for what the server still held.
    let after = recorder.stop();
    let all = [&LONG.samples[..], &OTHER.samples[..]].concat();
    let start = find(&before.samples, &all[..48_000]);
    let before_end = before.samples.len() - start.at;
    let tail = find(&after.samples, &all[all.len() - 48_000..]);
    let (first, _) = crate::listen::sounding(&after.samples, -60.0).unwrap();
    let resumed = all.len() as i64 - 48_000 - (tail.at as i64 - first as i64);
    let missing_ms = (resumed - before_end as i64) / 48;
    println!("figure: {sink}: went on {missing_ms} ms behind the place of the kill");
    assert!(start.score > 0.999 && tail.score > 0.999);
    assert!(missing_ms.abs() < 1_000, "{missing_ms} ms are missing or twice");
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_a_hanging_server() {
    let Some(dir) = dir() else { return };
    let pulse = Pulse::start(&dir);
    let items = vec![LONG.item()];
    let _recorder = pulse.record();
    let mut rig = Rig::open("pulseaudio:pa");
    rig.load(program(1, items));
    rig.player.send(Command::Start { token: 1, at: rig.now() });
    rig.wait("the start", |e| matches!(e, Event::Began { .. }));
    pulse.signal("STOP");
    rig.wait_for("the loss", Duration::from_secs(5), |e| matches!(e, Event::Lost(_)));
    // It still obeys.
    rig.player.send(Command::Fade { token: 1 });
    let end = Instant::now();
    assert_eq!(rig.finished(1).0, Ended::Faded);
    rig.player.send(Command::Shutdown);
    rig.wait("closed", |e| matches!(e, Event::Closed));
    assert!(end.elapsed() < Duration::from_secs(2), "{:?}", end.elapsed());
    pulse.signal("CONT");
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_a_device_that_stays_away() {
    let Some(dir) = dir() else { return };
    let pulse = Pulse::start(&dir);
    let mut long = program(1, vec![LONG.item()]);
    let _recorder = pulse.record();
    let mut rig = Rig::open("pulseaudio:pa");
    let at = rig.after_ms(900);
    long.must_end_by = at + TimeDelta::milliseconds(LONG.samples.len() as i64 / 48 + 500);
    rig.load(long);
    rig.player.send(Command::Start { token: 1, at });
    rig.until_sent(1, 48_000);
    pulse.kill();
    let sounded_ms = late_us(at, rig.now()) / 1_000;
    let (how, sent) = rig.finished(1);
    assert_eq!(how, Ended::Device);
    let heard_ms = sent[0].frames.0 as i64 / 48;
    assert!((1_000..sounded_ms + 200).contains(&heard_ms), "{heard_ms} ms of {sounded_ms}");
    assert!(sent[0].first_frame.is_some_and(|f| late_us(at, f).abs() < 20_000));
    // Nothing to open: a program that can still wait does not end before its time.
    let mut next = program(2, vec![SHORT.item()]);
    next.must_end_by = rig.after_ms(SHORT.samples.len() as i64 / 48 + 1_000);
    assert_eq!(rig.play(next, rig.now()), (Ended::Device, vec![]));
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_null() {
    if dir().is_none() {
        return;
    }
    let items = vec![LONG.item()];
    let mut rig = Rig::new("alsa:null");
    let spent = cpu();
    rig.player.send(Command::Open);
    rig.load(program(1, items));
    rig.player.send(Command::Start { token: 1, at: rig.now() });
    match rig.wait_for("the refusal", Duration::from_secs(2), |e| matches!(e, Event::Lost(_))) {
        Event::Lost(why) => assert!(why.en.contains("faster than time"), "{}", why.en),
        _ => unreachable!(),
    }
    // That it is not tried for ever, nor at full speed, in so long is what is under test.
    wait::past(rig.after_ms(4_000));
    println!("\nfigure: alsa:null: CPU {} ms in 4 s", (cpu() - spent).as_millis());
    assert_eq!(rig.count(|e| matches!(e, Event::Lost(_))), 1);
    assert_eq!(
        rig.count(|e| matches!(e, Event::Opened(_) | Event::Began { .. } | Event::Finished { .. })),
        0
    );
    assert!(cpu() - spent < Duration::from_millis(1_500));
}
