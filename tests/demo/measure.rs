//! The sound against the log: each item is looked for in what the virtual PA recorded.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use loaxa::{
    bulletin::{Frames, RATE},
    playout::{decode, sink::wav_file},
};
use serde_json::{Value, json};

use crate::{
    listen::{find, peak_db, read_wav},
    station::Evening,
};

/// What a fade takes at most: it does not count when sounds are compared.
const FADE: usize = 300 * 48;
/// The log of a killed process may lack so much: one interval of progress.
const INTERVAL: TimeDelta = TimeDelta::milliseconds(5_500);

/// One item that was started.
pub struct Item {
    pub occurrence: Value,
    pub bulletin: String,
    pub title: String,
    pub path: String,
    pub frames: u64,
    pub first_of_occurrence: bool,
    /// In frames of pa.wav.
    pub expected: i64,
    pub measured: i64,
    pub score: f64,
    pub outcome: String,
}

impl Item {
    pub fn late_ms(&self) -> f64 {
        (self.measured - self.expected) as f64 / 48.0
    }
}

pub struct Measured {
    pub first_frame: DateTime<Utc>,
    pub samples: Vec<f32>,
    pub items: Vec<Item>,
    /// Loudest sample outside what the log says was sent, dBFS.
    pub outside_db: f64,
    pub killed_frame: i64,
    pub back_frame: i64,
}

impl Measured {
    /// What is not as promised; none: all is.
    pub fn fault(&self) -> Option<String> {
        for item in &self.items {
            if item.score < 0.95 {
                return Some(format!("{}: score {:.4}, below 0.95", item.bulletin, item.score));
            }
            if item.first_of_occurrence && item.late_ms().abs() > 5.0 {
                return Some(format!(
                    "{}: {:+.1} ms from its instant, more than 5",
                    item.bulletin,
                    item.late_ms()
                ));
            }
        }
        if self.items.len() < 6 {
            return Some(format!("{} items were started, not 6", self.items.len()));
        }
        (self.outside_db > -60.0)
            .then(|| format!("{:.1} dBFS where the log says that nothing was sent", self.outside_db))
    }
}

fn frame_of(at: DateTime<Utc>, first: DateTime<Utc>) -> i64 {
    let span = at - first;
    let frames = Frames::within(span.abs()).0 as i64;
    if span < TimeDelta::zero() { -frames } else { frames }
}

pub fn measure(out: &Path, evening: &Evening) -> Measured {
    let wav = out.join("pa.wav");
    let (first_frame, _) = wav_file::first_frame(&wav).expect("the instant of frame 0");
    let samples = read_wav(&wav).samples;
    let titles = |id: &Value| {
        let items = evening.records.iter().filter_map(|r| r["items"].as_array()).flatten();
        let item = items.into_iter().find(|i| i["bulletin"] == *id && i["title"].is_string());
        item.and_then(|i| i["title"].as_str()).unwrap_or_default().to_owned()
    };
    let mut items = Vec::new();
    let mut spoken = vec![false; samples.len()];
    for outcome in evening.records.iter().filter(|r| r["kind"] == "outcome") {
        let due: DateTime<Utc> = outcome["occurrence"]["due"].as_str().unwrap().parse().unwrap();
        let mut expected = frame_of(due, first_frame);
        for (i, sent) in outcome["items"].as_array().into_iter().flatten().enumerate() {
            let path = canonical(out, sent["sha256"].as_str().unwrap());
            let whole = decode::decode_file(&out.join(&path)).expect("canonical audio");
            let frames = sent["frames"].as_u64().unwrap();
            let cut = (frames as usize) < whole.len();
            let length = (frames as usize).min(whole.len()).saturating_sub(if cut { FADE } else { 0 });
            let from = (expected - i64::from(RATE) / 2).max(0) as usize;
            let to = (expected.max(0) as usize + length + RATE as usize / 2).min(samples.len());
            let found = find(&samples[from.min(to)..to], &whole[..length]);
            let measured = (from + found.at) as i64;
            let end = (measured.max(0) as usize + frames as usize).min(samples.len());
            spoken[measured.max(0) as usize..end].fill(true);
            items.push(Item {
                occurrence: outcome["occurrence"].clone(),
                bulletin: sent["bulletin"].as_str().unwrap().to_owned(),
                title: titles(&sent["bulletin"]),
                path,
                frames,
                first_of_occurrence: i == 0,
                expected,
                measured,
                score: found.score,
                outcome: outcome["outcome"].as_str().unwrap().to_owned(),
            });
            expected += frames as i64;
        }
    }
    let (killed_frame, back_frame) =
        (frame_of(evening.killed_at, first_frame), frame_of(evening.back_at, first_frame));
    let grace = frame_of(evening.killed_at - INTERVAL, first_frame).max(0) as usize;
    let end = (back_frame.max(0) as usize).min(samples.len());
    spoken[grace.min(end)..end].fill(true);
    let outside: Vec<f32> = samples.iter().zip(&spoken).filter(|(_, s)| !**s).map(|(x, _)| *x).collect();
    Measured { first_frame, items, outside_db: peak_db(&outside), samples, killed_frame, back_frame }
}

/// The canonical file of this hash, below the folder of results.
fn canonical(out: &Path, sha256: &str) -> String {
    let dir = "feed/targets/bulletins";
    let names = std::fs::read_dir(out.join(dir)).unwrap().flatten();
    let mut names = names.map(|e| e.file_name().to_string_lossy().into_owned());
    format!("{dir}/{}", names.find(|n| n.starts_with(sha256)).expect("the file in the feed"))
}

pub fn write_summary(out: &Path, measured: &Measured) {
    let items: Vec<Value> = measured
        .items
        .iter()
        .map(|i| {
            json!({
                "occurrence": i.occurrence, "bulletin": i.bulletin, "path": i.path, "frames": i.frames,
                "expected_first_frame": i.expected, "measured_first_frame": i.measured, "score": i.score,
                "outcome": i.outcome,
            })
        })
        .collect();
    let first = measured.first_frame.to_rfc3339_opts(SecondsFormat::Micros, true);
    let summary = json!({"pa_first_frame": first, "items": items});
    std::fs::write(out.join("summary.json"), format!("{summary:#}\n")).unwrap();
}
