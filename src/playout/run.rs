//! One program from loading to its end: what was heard of each item, across devices that come and go.

use chrono::DateTime;
use rtrb::Consumer;

use super::{
    Ended, Program, Sent, Unfit,
    engine::Deck,
    feeder::{End, Feeder, From, Piece, fits},
    mix::gain,
    monitor::{DeckPicture, nanos},
};
use crate::bulletin::Frames;

/// Where a program stands.
pub enum Stage {
    /// Hashes are being checked and the ring filled.
    Loading(Consumer<f32>),
    /// Could start.
    Loaded(Consumer<f32>),
    /// The engine has it.
    Handed,
}

/// A program that the player knows of.
pub struct Run {
    /// As loaded.
    pub program: Program,
    /// Items that dropped out.
    pub unfit: Vec<usize>,
    /// Where it stands; none only between two steps.
    pub stage: Option<Stage>,
    /// Its worker.
    pub feeder: Feeder,
    /// When it is to start, once that is known: wall nanoseconds.
    pub at: Option<i64>,
    /// It was told to fade.
    pub faded: bool,
    /// A device was lost under it.
    pub interrupted: bool,
    /// Up nanosecond of the last progress told.
    pub told: i64,
    again: bool,
    from: From,
    sent: Vec<Sent>,
    /// Frames lost in under-runs, by item.
    torn: Vec<u64>,
    short: bool,
}

/// What there is to do for a loaded program on an open device.
pub enum Step {
    /// Give this deck to the engine.
    Hand(Box<Deck>),
    /// Nothing of it will sound any more.
    Over(Ended),
}

impl Run {
    /// A program whose worker was just started.
    pub fn new(program: Program, feeder: Feeder, ring: Consumer<f32>) -> Self {
        let torn = vec![0; program.items.len()];
        Self {
            program,
            unfit: Vec::new(),
            stage: Some(Stage::Loading(ring)),
            feeder,
            at: None,
            faded: false,
            interrupted: false,
            told: 0,
            again: false,
            from: From::default(),
            sent: Vec::new(),
            torn,
            short: false,
        }
    }

    /// The worker is ready.
    pub fn loaded(&mut self, unfit: &[(usize, Unfit)]) {
        self.unfit.extend(unfit.iter().map(|u| u.0));
        self.stage = match self.stage.take() {
            Some(Stage::Loading(ring)) => Some(Stage::Loaded(ring)),
            other => other,
        };
    }

    /// Whether this is not its first worker.
    pub fn resumed(&self) -> bool {
        self.again
    }

    /// Whether the engine has it.
    pub fn is_handed(&self) -> bool {
        matches!(self.stage, Some(Stage::Handed))
    }

    /// Whether it is to start as soon as the device allows.
    pub fn is_due(&self) -> bool {
        self.at.is_some() && matches!(self.stage, Some(Stage::Loaded(_)))
    }

    /// Whether the item that comes next could still end in time, if it began at wall nanosecond `now` or when it is due.
    pub fn could_start(&self, now: i64) -> bool {
        let next = (self.from.item..self.program.items.len()).find(|i| !self.unfit.contains(i));
        let Some(item) = next.and_then(|i| self.program.items.get(i).map(|item| (i, item))) else {
            return true;
        };
        let skipped = if item.0 == self.from.item { self.from.frame } else { 0 };
        let left = item.1.frames.0.saturating_sub(skipped);
        fits(self.at.unwrap_or(now).max(now), 0, left, self.program.must_end_by)
    }

    /// Makes the deck of a program that [`Run::is_due`].
    pub fn hand(&mut self, now: i64) -> Option<Step> {
        let (Some(at), Some(Stage::Loaded(_))) = (self.at, &self.stage) else {
            return None;
        };
        if !self.could_start(now) {
            return Some(Step::Over(if self.interrupted { Ended::Device } else { Ended::Time }));
        }
        let Some(Stage::Loaded(ring)) = self.stage.replace(Stage::Handed) else {
            return None;
        };
        self.feeder.expect_start(at.max(now));
        let gain = gain(self.program.level_cdb);
        Some(Step::Hand(Box::new(Deck::new(self.program.token, ring, self.feeder.state.clone(), at, gain))))
    }

    /// Takes in what is heard by now; gives the items that began, with their instants.
    pub fn account(&mut self, seen: DeckPicture) -> Vec<Sent> {
        let pieces = self.feeder.fed(|fed| fed.pieces.clone());
        let mut began = Vec::new();
        for piece in &pieces {
            self.short |= piece.short;
            let heard = seen.heard.saturating_sub(piece.start).min(piece.length);
            if heard > 0 {
                began.extend(self.heard(piece, heard, seen));
            }
        }
        began
    }

    fn heard(&mut self, piece: &Piece, heard: u64, seen: DeckPicture) -> Option<Sent> {
        let torn = self.torn.get(piece.item).copied().unwrap_or(0);
        let frames = Frames((piece.from + heard).saturating_sub(torn));
        if let Some(sent) = self.sent.iter_mut().find(|s| s.item == piece.item) {
            sent.frames = frames;
            return None;
        }
        let first = match seen.first {
            Some(first) if piece.start == 0 => first,
            _ => seen.anchor.saturating_add(nanos(piece.start)),
        };
        let first_frame = Some(DateTime::from_timestamp_nanos(first));
        let sent = Sent { item: piece.item, frames, first_frame };
        self.sent.push(sent.clone());
        Some(sent)
    }

    /// The device lost `frames` of what sounds.
    pub fn tear(&mut self, frames: u64) {
        if let Some(sent) = self.sent.last_mut() {
            sent.frames.0 = sent.frames.0.saturating_sub(frames);
            if let Some(torn) = self.torn.get_mut(sent.item) {
                *torn += frames;
            }
        }
    }

    /// Where to go on after a device was lost, [`Run::account`] done; none if all was heard.
    pub fn resume_from(&self, seen: DeckPicture) -> Option<From> {
        self.feeder.fed(|fed| {
            let sounding = |p: &&Piece| seen.heard < p.start + p.length || (p.length == 0 && !p.short);
            let here = fed.pieces.iter().find(sounding);
            match (here, fed.pieces.last()) {
                (Some(p), _) => {
                    Some(From { item: p.item, frame: p.from + seen.heard.saturating_sub(p.start) })
                }
                (None, _) if fed.end.is_some() => None,
                (None, Some(p)) => Some(From { item: p.item, frame: p.from + p.length }),
                (None, None) => Some(self.from),
            }
        })
    }

    /// Begins anew from `from` with a new worker, once a device is there.
    pub fn resume(&mut self, from: From, feeder: Feeder, ring: Consumer<f32>) {
        self.interrupted |= !self.sent.is_empty();
        self.again = true;
        self.from = from;
        self.feeder = feeder;
        self.stage = Some(Stage::Loading(ring));
    }

    /// All items begun so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.clone()
    }

    /// How it ended, once its deck is done and heard.
    pub fn how(&self) -> Ended {
        let end = self.feeder.fed(|fed| fed.end);
        let whole = |i: &usize| {
            let signed = self.program.items[*i].frames;
            self.sent.iter().any(|s| s.item == *i && s.frames == signed)
        };
        let mut fit = (0..self.program.items.len()).filter(|i| !self.unfit.contains(i));
        if fit.all(|i| whole(&i)) {
            return Ended::Complete;
        }
        match end {
            _ if self.faded => Ended::Faded,
            _ if self.short || self.torn.iter().any(|t| *t > 0) => Ended::Short,
            Some(End::Time) if self.interrupted => Ended::Device,
            Some(End::Time) => Ended::Time,
            _ => Ended::Short,
        }
    }
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
