//! The sound against the log: each item that the log says was sent is looked for in a recording of the PA.
#![allow(clippy::unwrap_used, dead_code)]

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::bulletin::{Frames, RATE};
use serde_json::Value;

use super::listen::{find, peak_db};

/// What a fade takes at most: it does not count when sounds are compared.
const FADE: usize = 300 * 48;
/// How far from its place an item is looked for.
const NEAR: usize = RATE as usize / 2;
/// What is compared at a time: 20 ms.
const WINDOW: usize = 960;

/// One item that was started.
#[derive(Debug)]
pub struct Item {
    pub occurrence: Value,
    pub outcome: String,
    pub bulletin: String,
    pub sha256: String,
    /// Sent, by the log.
    pub frames: u64,
    pub first_of_occurrence: bool,
    /// Where its first frame is due, where the log says that it was, and where it is: in frames of the recording.
    pub expected: i64,
    pub logged: i64,
    pub measured: i64,
    /// Likeness to the canonical decode, over all that was sent but a fade.
    pub score: f64,
    /// Frames of the item from which a window is not what was sent: a drop-out, a click, another lag.
    pub torn: Vec<usize>,
}

impl Item {
    pub fn late_ms(&self) -> f64 {
        (self.measured - self.expected) as f64 / 48.0
    }

    /// How far the log is from the sound.
    pub fn log_off_ms(&self) -> f64 {
        (self.logged - self.measured) as f64 / 48.0
    }
}

/// Frames from `first` to `at`.
pub fn frame_of(at: DateTime<Utc>, first: DateTime<Utc>) -> i64 {
    let span = at - first;
    let frames = Frames::within(span.abs()).0 as i64;
    if span < TimeDelta::zero() { -frames } else { frames }
}

/// All items that `records` say were sent, as heard in `samples`, whose frame 0 was at `first`. `canonical` gives the
/// decoded recording of a hash.
pub fn items(
    records: &[Value],
    samples: &[f32],
    first: DateTime<Utc>,
    canonical: impl Fn(&str) -> Vec<f32>,
) -> Vec<Item> {
    let instant = |v: &Value| v.as_str().map(|t| t.parse::<DateTime<Utc>>().unwrap());
    let mut items = Vec::new();
    for outcome in records.iter().filter(|r| r["kind"] == "outcome") {
        let mut expected = frame_of(instant(&outcome["occurrence"]["due"]).unwrap(), first);
        for (i, sent) in outcome["items"].as_array().into_iter().flatten().enumerate() {
            let sha256 = sent["sha256"].as_str().unwrap().to_owned();
            let whole = canonical(&sha256);
            let frames = sent["frames"].as_u64().unwrap();
            let cut = (frames as usize) < whole.len();
            let length = (frames as usize).min(whole.len()).saturating_sub(if cut { FADE } else { 0 });
            let from = (expected.max(0) as usize).saturating_sub(NEAR).min(samples.len());
            let to = (expected.max(0) as usize + length + NEAR).min(samples.len());
            let found = find(&samples[from..to], &whole[..length]);
            let at = from + found.at;
            items.push(Item {
                occurrence: outcome["occurrence"].clone(),
                outcome: outcome["outcome"].as_str().unwrap().to_owned(),
                bulletin: sent["bulletin"].as_str().unwrap().to_owned(),
                sha256,
                frames,
                first_of_occurrence: i == 0,
                expected,
                logged: instant(&sent["first_frame"]).map_or(i64::MIN / 2, |t| frame_of(t, first)),
                measured: at as i64,
                score: found.score,
                torn: torn(&samples[at..(at + length).min(samples.len())], &whole[..length]),
            });
            expected += frames as i64;
        }
    }
    items
}

/// Where `heard` is not `sent`, but for its level, within -60 dBFS.
fn torn(heard: &[f32], sent: &[f32]) -> Vec<usize> {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let gain = (dot(heard, sent) / dot(sent, sent)) as f32;
    let mut torn = Vec::new();
    for (i, window) in sent.chunks(WINDOW).enumerate() {
        let rest = heard.get(i * WINDOW..).unwrap_or_default();
        let differs = window.iter().enumerate().any(|(k, s)| {
            let heard = rest.get(k).copied().unwrap_or_default();
            (heard - (gain * s).clamp(-1.0, 1.0)).abs() > 1e-3
        });
        if differs {
            torn.push(i * WINDOW);
        }
    }
    torn
}

/// For each frame of a recording of `length`, whether an item sounds there.
pub fn spoken(items: &[Item], length: usize) -> Vec<bool> {
    let mut spoken = vec![false; length];
    for item in items {
        let from = (item.measured.max(0) as usize).min(length);
        let to = (item.measured.max(0) as usize + item.frames as usize).min(length);
        spoken[from..to].fill(true);
    }
    spoken
}

/// Loudest sample where nothing is `spoken`, in dBFS.
pub fn outside_db(samples: &[f32], spoken: &[bool]) -> f64 {
    let outside: Vec<f32> = samples.iter().zip(spoken).filter(|(_, s)| !**s).map(|(x, _)| *x).collect();
    peak_db(&outside)
}
