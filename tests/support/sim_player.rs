//! The player of the simulation: it sends every frame at its instant, and nothing else.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    asrun::record::OutcomeRecord,
    bulletin::Frames,
    playout::{Ended, Event as PlayerEvent, Program, Sent},
    schedule::occurrence::Occurrence,
};

/// Something that sounded.
#[derive(Debug, Clone)]
pub struct Aired {
    pub of: Occurrence,
    /// By the box's clock.
    pub wall: (DateTime<Utc>, DateTime<Utc>),
    /// By a clock that nobody sets.
    pub span: (TimeDelta, TimeDelta),
    /// The clock was set meanwhile.
    pub stepped: bool,
}

/// The player of the simulation.
#[derive(Debug, Default)]
pub struct Player {
    pub open: bool,
    pub loaded: BTreeMap<u64, Program>,
    pub playing: Vec<Playing>,
    pub queue: Vec<(DateTime<Utc>, PlayerEvent)>,
}

#[derive(Debug)]
pub struct Playing {
    pub token: u64,
    pub start: DateTime<Utc>,
    /// Lengths of the items that may start.
    pub items: Vec<Frames>,
    /// How it ends by itself.
    pub how: Ended,
    /// When it began on the clock that is never set.
    pub began: TimeDelta,
    /// The clock was set meanwhile.
    pub stepped: bool,
}

impl Playing {
    /// As the real player does: an item that would end too late does not start, nor what follows it.
    pub fn of(token: u64, start: DateTime<Utc>, lengths: Vec<Frames>, must_end_by: DateTime<Utc>) -> Self {
        let mut end = start;
        let count = lengths.len();
        let fits = |frames: &Frames| {
            end += frames.span();
            end <= must_end_by
        };
        let items: Vec<Frames> = lengths.into_iter().take_while(fits).collect();
        let how = if items.len() < count { Ended::Time } else { Ended::Complete };
        Self { token, start, items, how, began: TimeDelta::zero(), stepped: false }
    }

    pub fn sent(&self, now: DateTime<Utc>) -> Vec<Sent> {
        let mut begin = self.start;
        let mut sent = Vec::new();
        for (item, frames) in self.items.iter().enumerate() {
            if begin > now {
                break;
            }
            let frames_so_far = Frames::within(now - begin).min(*frames);
            sent.push(Sent { item, frames: frames_so_far, first_frame: Some(begin) });
            begin += frames.span();
        }
        sent
    }

    pub fn end(&self) -> DateTime<Utc> {
        self.start + Frames(self.items.iter().map(|f| f.0).sum()).span()
    }
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

/// An outcome in one line.
pub fn line(o: &OutcomeRecord) -> String {
    let mut line =
        format!("{} {} {}", o.occurrence.slot, o.occurrence.due.format("%H:%M:%S"), word(&o.outcome));
    if let Some(why) = o.why {
        line.push_str(&format!(" {}", word(&why)));
    }
    if let Some(by) = &o.by {
        line.push_str(&format!(" by {}", by.slot));
    }
    if let Some(run) = &o.run {
        line.push_str(&format!(" x{}", run.count));
    }
    line
}
