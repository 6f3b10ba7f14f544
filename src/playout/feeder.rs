//! One worker thread a program: checks hashes, decodes ahead into the ring that the audio callback empties, and decides
//! item by item whether the next may still start.

use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, Thread},
    time::Duration,
};

use chrono::{DateTime, Utc};
use rtrb::{Consumer, Producer, RingBuffer};

use super::{
    Program, ProgramItem, Unfit,
    decode::{Canonical, read_bounded},
    monitor::{DeckState, NEVER, nanos},
    pages::PageFault,
};
use crate::{bulletin::RATE, digest::Digest};

/// Frames decoded ahead: 4 s.
const AHEAD: usize = 4 * RATE as usize;
/// How long the thread rests when the ring is full; the ring holds four times as much.
const REST: Duration = Duration::from_secs(1);
/// How often it looks whether the start of the program is known.
const GATE: Duration = Duration::from_millis(50);
/// A program that fits to the frame is not cut for the jitter of its start. Nanoseconds.
const SLACK: i64 = 20_000_000;

/// A stretch of one item in the ring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Index into the program's items.
    pub item: usize,
    /// The item's frame with which it begins; over 0 when it goes on after a lost device.
    pub from: u64,
    /// Its place in the ring's count of frames.
    pub start: u64,
    /// Frames so far.
    pub length: u64,
    /// It gave less than was signed, or broke.
    pub short: bool,
}

/// Why no more items follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// That was all.
    All,
    /// The next would have ended too late.
    Time,
}

/// What the feeder has put into the ring.
#[derive(Debug, Default)]
pub struct Fed {
    /// In order.
    pub pieces: Vec<Piece>,
    /// Once nothing follows.
    pub end: Option<End>,
}

/// Where to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct From {
    /// Index into the program's items.
    pub item: usize,
    /// Frame of that item.
    pub frame: u64,
}

/// Told which items dropped out, once the program can start.
pub type Ready = Box<dyn FnOnce(Vec<(usize, Unfit)>) + Send>;

/// The player's hold on the thread.
pub struct Feeder {
    /// What the callback knows of the deck.
    pub state: Arc<DeckState>,
    fed: Arc<Mutex<Fed>>,
    stop: Arc<AtomicBool>,
    thread: Option<Thread>,
}

impl Feeder {
    /// Starts the thread; gives the ring too. `unfit` items are known to be so and left out. `ready` is called once, on
    /// the thread, when hashes are checked and the ring is as full as it gets before the start is known.
    pub fn spawn(program: Program, from: From, unfit: Vec<usize>, ready: Ready) -> (Self, Consumer<f32>) {
        let (ring, out) = RingBuffer::new(AHEAD);
        let state = Arc::new(DeckState::default());
        let fed = Arc::new(Mutex::new(Fed::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let work = Work {
            program,
            from,
            unfit,
            ring,
            state: state.clone(),
            fed: fed.clone(),
            stop: stop.clone(),
            ready: Some(ready),
            pushed: 0,
        };
        let spawned = thread::Builder::new().name("loaxa-decode".into()).spawn(move || work.run());
        let thread = match spawned {
            Ok(handle) => Some(handle.thread().clone()),
            Err(e) => {
                tracing::error!("no thread for the decoder: {e}");
                state.fed.store(true, Ordering::Release);
                None
            }
        };
        (Self { state, fed, stop, thread }, out)
    }

    /// One without a thread that has fed this.
    #[cfg(test)]
    pub fn that_fed(fed: Fed) -> Self {
        let (fed, stop) = (Arc::new(Mutex::new(fed)), Arc::new(AtomicBool::new(false)));
        Self { state: Arc::default(), fed, stop, thread: None }
    }

    /// Whether the thread could be made at all.
    pub fn is_alive(&self) -> bool {
        self.thread.is_some()
    }

    /// Tells the wall nanosecond at which the program's first frame is expected.
    pub fn expect_start(&self, at: i64) {
        self.state.anchor.store(at, Ordering::Relaxed);
        if let Some(thread) = &self.thread {
            thread.unpark();
        }
    }

    /// Reads what was fed.
    pub fn fed<T>(&self, read: impl FnOnce(&Fed) -> T) -> T {
        read(&self.fed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Feeder {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = &self.thread {
            thread.unpark();
        }
    }
}

/// The bytes of an item, if they are the approved ones.
pub fn verified(path: &Path, sha256: &Digest) -> Result<Vec<u8>, Unfit> {
    let bytes = match read_bounded(path) {
        Ok(bytes) => bytes,
        Err(PageFault::Io(e)) if e.kind() == std::io::ErrorKind::NotFound => return Err(Unfit::Missing),
        Err(e) => {
            tracing::warn!("{}: {e}", path.display());
            return Err(Unfit::Integrity);
        }
    };
    if Digest::of(&bytes) == *sha256 { Ok(bytes) } else { Err(Unfit::Integrity) }
}

/// Whether an item of `frames` may start when frame `start` of the deck does.
pub fn fits(anchor: i64, start: u64, frames: u64, must_end_by: DateTime<Utc>) -> bool {
    let by = must_end_by.timestamp_nanos_opt().unwrap_or(i64::MAX).saturating_add(SLACK);
    anchor.saturating_add(nanos(start.saturating_add(frames))) <= by
}

struct Work {
    program: Program,
    from: From,
    unfit: Vec<usize>,
    ring: Producer<f32>,
    state: Arc<DeckState>,
    fed: Arc<Mutex<Fed>>,
    stop: Arc<AtomicBool>,
    ready: Option<Ready>,
    pushed: u64,
}

/// The program is not wanted any more.
struct Stopped;

impl Work {
    fn run(mut self) {
        let found = self.check();
        let end = self.feed(found);
        self.note(|fed| fed.end = Some(end.unwrap_or(End::All)));
        self.state.fed.store(true, Ordering::Release);
        self.announce(Vec::new());
    }

    /// Looks at every file before the first sounds. A device that came back goes on with what was checked.
    fn check(&mut self) -> Vec<(usize, Unfit)> {
        if self.from != From::default() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (i, item) in self.program.items.iter().enumerate() {
            let fault = match verified(&item.path, &item.sha256) {
                Ok(bytes) => Canonical::open(&bytes[..]).err().map(|e| {
                    tracing::warn!(bulletin.id = %item.bulletin, "{} is not canonical: {e}", item.path.display());
                    Unfit::Integrity
                }),
                Err(unfit) => Some(unfit),
            };
            found.extend(fault.map(|unfit| (i, unfit)));
        }
        self.unfit = found.iter().map(|f| f.0).collect();
        found
    }

    fn feed(&mut self, mut found: Vec<(usize, Unfit)>) -> Result<End, Stopped> {
        let mut first = true;
        for i in self.from.item..self.program.items.len() {
            if self.unfit.contains(&i) {
                continue;
            }
            let item = self.program.items[i].clone();
            // The player judges the first item, when the start is known.
            if !std::mem::take(&mut first) && !self.gate(&item, &mut found)? {
                return Ok(End::Time);
            }
            self.play(i, &item, &mut found)?;
        }
        self.announce(found);
        Ok(End::All)
    }

    fn gate(&mut self, item: &ProgramItem, found: &mut Vec<(usize, Unfit)>) -> Result<bool, Stopped> {
        loop {
            let anchor = self.state.anchor.load(Ordering::Relaxed);
            if anchor != NEVER {
                return Ok(fits(anchor, self.pushed, item.frames.0, self.program.must_end_by));
            }
            self.announce(std::mem::take(found));
            self.rest(if self.ring.is_full() { REST } else { GATE })?;
        }
    }

    fn play(&mut self, i: usize, item: &ProgramItem, found: &mut Vec<(usize, Unfit)>) -> Result<(), Stopped> {
        let from = if i == self.from.item { self.from.frame } else { 0 };
        let start = self.pushed;
        self.note(|fed| fed.pieces.push(Piece { item: i, from, start, length: 0, short: false }));
        let whole = match verified(&item.path, &item.sha256) {
            Ok(bytes) => self.decode(&bytes, from, item, found)?,
            Err(unfit) => {
                tracing::warn!(bulletin.id = %item.bulletin, "dropped out at its turn: {unfit:?}");
                false
            }
        };
        if !whole {
            self.note(|fed| fed.pieces.iter_mut().rev().take(1).for_each(|p| p.short = true));
        }
        Ok(())
    }

    /// True if exactly the signed frames came.
    fn decode(
        &mut self,
        bytes: &[u8],
        from: u64,
        item: &ProgramItem,
        found: &mut Vec<(usize, Unfit)>,
    ) -> Result<bool, Stopped> {
        let mut canonical = match Canonical::open(bytes) {
            Ok(canonical) => canonical,
            Err(e) => return Ok(broke(item, 0, &e)),
        };
        let mut at = 0;
        loop {
            let block = match canonical.next_block() {
                Ok(Some(block)) => block,
                Ok(None) => return Ok(at == item.frames.0),
                Err(e) => return Ok(broke(item, at, &e)),
            };
            let skip = from.saturating_sub(at).min(block.len() as u64);
            let take = (item.frames.0.saturating_sub(at)).min(block.len() as u64);
            at += block.len() as u64;
            if let Some(wanted) = block.get(skip as usize..take as usize) {
                let mut wanted = wanted;
                while !wanted.is_empty() {
                    let rest = self.ring.push_partial_slice(wanted).1;
                    let pushed = (wanted.len() - rest.len()) as u64;
                    wanted = rest;
                    self.pushed += pushed;
                    self.note(|fed| fed.pieces.iter_mut().rev().take(1).for_each(|p| p.length += pushed));
                    if !wanted.is_empty() {
                        self.announce(std::mem::take(found));
                        self.rest(REST)?;
                    }
                }
            }
            if at > item.frames.0 {
                return Ok(broke(item, at, &"longer than signed"));
            }
        }
    }

    fn announce(&mut self, found: Vec<(usize, Unfit)>) {
        if let Some(ready) = self.ready.take() {
            ready(found);
        }
    }

    fn rest(&self, span: Duration) -> Result<(), Stopped> {
        if self.stop.load(Ordering::Relaxed) || self.ring.is_abandoned() {
            return Err(Stopped);
        }
        thread::park_timeout(span);
        Ok(())
    }

    fn note(&self, change: impl FnOnce(&mut Fed)) {
        change(&mut self.fed.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn broke(item: &ProgramItem, at: u64, why: &dyn std::fmt::Display) -> bool {
    tracing::warn!(bulletin.id = %item.bulletin, "broke off at {} ms: {why}", nanos(at) / 1_000_000);
    false
}
