//! The sound against the log of the evening, and what is promised of it.

use std::{ops::Deref, path::Path};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use loaxa::playout::{decode, sink::wav_file};
use serde_json::{Value, json};

use crate::{
    heard::{self, frame_of},
    listen::read_wav,
    station::Evening,
};

/// The log of a killed process may lack so much: one interval of progress.
const INTERVAL: TimeDelta = TimeDelta::milliseconds(5_500);

/// One item that was started.
pub struct Item {
    heard: heard::Item,
    pub title: String,
    /// Its canonical file, below the folder of results.
    pub path: String,
}

impl Deref for Item {
    type Target = heard::Item;

    fn deref(&self) -> &heard::Item {
        &self.heard
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

pub fn measure(out: &Path, evening: &Evening) -> Measured {
    let wav = out.join("pa.wav");
    let (first_frame, _) = wav_file::first_frame(&wav).expect("the instant of frame 0");
    let samples = read_wav(&wav).samples;
    let decoded =
        |sha256: &str| decode::decode_file(&out.join(canonical(out, sha256))).expect("canonical audio");
    let items = heard::items(&evening.records, &samples, first_frame, decoded);
    let mut spoken = heard::spoken(&items, samples.len());
    let (killed_frame, back_frame) =
        (frame_of(evening.killed_at, first_frame), frame_of(evening.back_at, first_frame));
    let grace = frame_of(evening.killed_at - INTERVAL, first_frame).max(0) as usize;
    let end = (back_frame.max(0) as usize).min(samples.len());
    spoken[grace.min(end)..end].fill(true);
    let outside_db = heard::outside_db(&samples, &spoken);
    let title = |id: &str| {
        let items = evening.records.iter().filter_map(|r| r["items"].as_array()).flatten();
        let item = items.into_iter().find(|i| i["bulletin"] == id && i["title"].is_string());
        item.and_then(|i| i["title"].as_str()).unwrap_or_default().to_owned()
    };
    let told = |heard: heard::Item| Item {
        title: title(&heard.bulletin),
        path: canonical(out, &heard.sha256),
        heard,
    };
    let items = items.into_iter().map(told).collect();
    Measured { first_frame, items, outside_db, samples, killed_frame, back_frame }
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
