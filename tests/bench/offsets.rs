//! How far from its instant the first sample of a slot is: the daemon on the virtual PA and on a PulseAudio null sink,
//! cron with mpg123 on another null sink of the same server, all at the same time.

use std::{path::PathBuf, thread::sleep, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::playout::sink::wav_file;

use crate::{
    Scale,
    r#box::Station,
    cron::Cron,
    listen::{find, read_wav},
    programme,
    pulse_server::{Pulse, Recording},
    speech::{SHORT, Speech},
    table::Line,
};

const SLOTS: usize = 50;

/// The folder of this run's sound server; `scripts/bench` points the environment at it.
pub fn pulse_dir() -> PathBuf {
    let server = std::env::var("PULSE_SERVER").expect("run scripts/bench: it names a sound server");
    PathBuf::from(server.strip_prefix("unix:").unwrap()).parent().unwrap().to_owned()
}

pub fn measure(scale: &Scale) -> Vec<Line> {
    let dir = pulse_dir();
    let speech = &*SHORT;
    let mp3 = dir.join("short.mp3");
    programme::ffmpeg(&["-i", speech.path.to_str().unwrap(), "-c:a", "libmp3lame", "-b:a", "64k"], &mp3);
    let pulse = Pulse::start(&dir);
    pulse.add_sink("town");
    let (ours, crons) = (pulse.record_from("pa"), pulse.record_from("town"));
    sleep(Duration::from_secs(3));
    let began = crate::r#box::now();
    let cron = Cron::start(&dir, &format!("unix:{}/native", dir.display()), "town", &mp3);
    let mut stations = ["wav:pa.wav", "pulseaudio:pa"].map(|device| station(device, scale, speech));
    let patience = Duration::from_secs(u64::from(scale.slot_every) * SLOTS as u64 + 120);
    for station in &mut stations {
        station.start();
    }
    stations.iter().for_each(|s| drop(s.until_outcomes(SLOTS, patience)));
    let ended = crate::r#box::now();
    for station in &mut stations {
        station.stop();
    }
    let cron = cron.map(drop);
    let (ours, crons) = (ours.stop(), crons.stop());
    let [wav, pa] = stations;
    let file = wav.path("pa.wav");
    let heard =
        Recording { samples: read_wav(&file).samples, first: wav_file::first_frame(&file).unwrap().0 };
    let minutes =
        cron.map(|()| minutes(began, ended).filter_map(|m| offset(&crons, m, 10, speech)).collect());
    vec![
        slots("first sample of 50 slots, virtual PA", &wav, &heard).all_within(5.0),
        slots("first sample of 50 slots, PulseAudio", &pa, &ours)
            .all_within(20.0)
            .beside("cron + mpg123", minutes),
    ]
}

fn station(device: &str, scale: &Scale, speech: &Speech) -> Station {
    let mut station = Station::new();
    programme::bulletin(&mut station, "chao", &speech.path);
    let cron = format!("*/{} * {} * * *", scale.slot_every, crate::r#box::hours());
    programme::schedule(&mut station, &[("chao", cron, "chao")]);
    station.publish();
    programme::device(&station, device);
    station
}

/// The first 50 occurrences that the log says were played.
fn slots(what: &'static str, station: &Station, heard: &Recording) -> Line {
    let records = station.records();
    let played = records.iter().filter(|r| r["kind"] == "outcome" && r["outcome"] == "played");
    let dues = played.map(|r| r["occurrence"]["due"].as_str().unwrap().parse::<DateTime<Utc>>().unwrap());
    let found = dues.take(SLOTS).map(|due| offset(heard, due, 1, &SHORT)).collect::<Vec<_>>();
    let mut line = Line::new(what, "ms after its instant", 2, found.iter().copied().flatten().collect());
    line.lost = found.iter().filter(|f| f.is_none()).count();
    line
}

/// Milliseconds from `due` until `speech` is heard, which is found whole within so many seconds.
fn offset(heard: &Recording, due: DateTime<Utc>, seconds: i64, speech: &Speech) -> Option<f64> {
    let frames = |span: TimeDelta| span.num_microseconds().unwrap() * 48 / 1_000;
    let near = frames(due - heard.first);
    let from = (near - 24_000).max(0) as usize;
    let to =
        (near + seconds * 48_000 + speech.samples.len() as i64).clamp(0, heard.samples.len() as i64) as usize;
    let found = find(heard.samples.get(from..to)?, &speech.samples);
    let at = (heard.instant(from + found.at) - due).num_microseconds().unwrap() as f64 / 1_000.0;
    (found.score > 0.9).then_some(at)
}

fn minutes(from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    let first = from.timestamp().div_euclid(60) + 1;
    let last = (to - TimeDelta::seconds(12)).timestamp().div_euclid(60);
    (first..=last).map(|m| DateTime::from_timestamp(m * 60, 0).unwrap())
}
