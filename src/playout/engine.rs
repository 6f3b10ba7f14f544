//! What runs inside the audio callback: puts each program's frames where they belong in time. It never decodes, locks,
//! allocates, frees or logs; programs come in and go out through lock-free rings.

use std::sync::{Arc, atomic::Ordering};

use rtrb::{Consumer, Producer, RingBuffer};

use super::{
    mix::{Fade, scale},
    monitor::{DeckState, Monitor, NEVER, frames_in, nanos},
};

/// Programs that a stream can hold: one sounds or fades, others wait.
const DECKS: usize = 4;
/// Orders that may wait for the next callback.
const ORDERS: usize = 64;
/// A stream's timestamps are believed from the third callback and 200 ms on.
const WARM_CALLS: u64 = 2;
const WARM_SPAN: i64 = 200_000_000;
/// A playback timestamp that jumps by more is a gap: jitter alone reaches 20 ms.
const JUMP: i64 = 25_000_000;

/// One program on its way to the device.
pub struct Deck {
    token: u64,
    ring: Consumer<f32>,
    state: Arc<DeckState>,
    at: i64,
    gain: f32,
    phase: Phase,
}

enum Phase {
    Waiting,
    Sounding,
    Fading(Fade),
    Done,
}

/// What the player tells the engine.
pub enum Order {
    /// Start this deck when its instant comes and nothing else sounds.
    Deck(Deck),
    /// Fade the deck with this token, or drop it if it has not begun.
    Fade(u64),
}

/// When the first frame of a buffer will be heard.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// Wall nanoseconds since 1970.
    pub heard: i64,
    /// Nanoseconds since boot, of this callback.
    pub up: i64,
    /// Frames handed before that are not heard yet.
    pub queued: u64,
}

/// The player's end of a stream.
pub struct Reins {
    /// Orders to the engine.
    pub orders: Producer<Order>,
    /// Decks that it is through with, to be freed.
    pub done: Consumer<Deck>,
    /// What it lets see.
    pub monitor: Arc<Monitor>,
}

/// The callback's end of a stream.
pub struct Engine {
    orders: Consumer<Order>,
    done: Producer<Deck>,
    monitor: Arc<Monitor>,
    decks: [Option<Deck>; DECKS],
    first_up: i64,
    expected: i64,
    trusted: bool,
}

impl Deck {
    /// A program whose frames come by `ring`, to start at wall nanosecond `at`.
    pub fn new(token: u64, ring: Consumer<f32>, state: Arc<DeckState>, at: i64, gain: f32) -> Self {
        Self { token, ring, state, at, gain, phase: Phase::Waiting }
    }

    /// Its ring, when no engine took it.
    pub fn into_ring(self) -> Consumer<f32> {
        self.ring
    }

    fn sounds(&self) -> bool {
        matches!(self.phase, Phase::Sounding | Phase::Fading(_))
    }

    /// Fills `out` from its beginning; says how many frames are this deck's. It is done if those are fewer.
    fn render(&mut self, out: &mut [f32], starved: &mut bool) -> usize {
        let fed = self.state.fed.load(Ordering::Acquire);
        let got = self.ring.pop_partial_slice(out).0.len();
        let (ours, missing) = out.split_at_mut(got);
        scale(ours, self.gain);
        if let Phase::Fading(fade) = &mut self.phase {
            let within = fade.apply(ours);
            // Silence already when nothing came: then there is nothing left to fade.
            if fade.is_over() || !missing.is_empty() {
                self.phase = Phase::Done;
            }
            return within;
        }
        if !missing.is_empty() {
            if fed {
                self.phase = Phase::Done;
            } else {
                *starved = true;
            }
        }
        got
    }
}

impl Engine {
    /// An engine and the reins to it. `trusted`: its sink's timestamps are exact from the first callback on.
    pub fn new(trusted: bool) -> (Self, Reins) {
        let (order_in, orders) = RingBuffer::new(ORDERS);
        let (done, done_out) = RingBuffer::new(2 * DECKS);
        let monitor = Arc::new(Monitor::default());
        let reins = Reins { orders: order_in, done: done_out, monitor: monitor.clone() };
        let decks = [const { None }; DECKS];
        (Self { orders, done, monitor, decks, first_up: NEVER, expected: NEVER, trusted }, reins)
    }

    /// Fills `out`, which may hold anything, with what is due, else with silence.
    pub fn fill(&mut self, out: &mut [f32], stamp: Stamp) {
        out.fill(0.0);
        self.obey();
        let monitor = self.monitor.clone();
        monitor.write(|m| {
            let warm = self.warm(stamp.up);
            let sounded = self.decks.iter().flatten().any(Deck::sounds);
            let heard_up = stamp.up + nanos(stamp.queued);
            if sounded && self.expected != NEVER && heard_up - self.expected > JUMP {
                m.gap();
            }
            self.expected = heard_up + nanos(out.len() as u64);
            if warm {
                self.mix(out, stamp.heard, m);
            }
            m.called(stamp.up, out.len() as u64, stamp.queued, warm);
        });
        self.clear();
    }

    fn warm(&mut self, up: i64) -> bool {
        if self.first_up == NEVER {
            self.first_up = up;
        }
        self.trusted || (self.monitor.calls() >= WARM_CALLS && up - self.first_up >= WARM_SPAN)
    }

    fn obey(&mut self) {
        while let Ok(order) = self.orders.peek() {
            match order {
                Order::Fade(token) => {
                    let token = *token;
                    for deck in self.decks.iter_mut().flatten().filter(|d| d.token == token) {
                        deck.phase = match std::mem::replace(&mut deck.phase, Phase::Done) {
                            Phase::Sounding => Phase::Fading(Fade::default()),
                            fading @ Phase::Fading(_) => fading,
                            Phase::Waiting | Phase::Done => Phase::Done,
                        };
                    }
                    self.orders.pop().ok();
                }
                Order::Deck(_) => {
                    let Some(free) = self.decks.iter_mut().find(|d| d.is_none()) else {
                        return;
                    };
                    if let Ok(Order::Deck(deck)) = self.orders.pop() {
                        *free = Some(deck);
                    }
                }
            }
        }
    }

    /// One source at a time: what sounds goes on; then whichever waits and is due first.
    fn mix(&mut self, out: &mut [f32], heard: i64, monitor: &Monitor) {
        let before = monitor.handed();
        let mut from = 0;
        loop {
            let Some((deck, at)) = self.next(out.len(), from, heard) else {
                return;
            };
            let state = deck.state.clone();
            let mut starved = false;
            let handed = state.handed.load(Ordering::Relaxed);
            if handed == 0 && matches!(deck.phase, Phase::Waiting) {
                state.first.store(heard + nanos(at as u64), Ordering::Relaxed);
                deck.phase = Phase::Sounding;
            }
            let rest = out.get_mut(at..).unwrap_or_default();
            let ours = deck.render(rest, &mut starved);
            if starved {
                monitor.gap();
            }
            state.anchor.store(heard + nanos(at as u64) - nanos(handed), Ordering::Relaxed);
            state.handed.store(handed + ours as u64, Ordering::Relaxed);
            state.end.store(before + (at + ours) as u64, Ordering::Relaxed);
            if !matches!(deck.phase, Phase::Done) {
                return;
            }
            state.done.store(true, Ordering::Relaxed);
            from = at + ours;
        }
    }

    /// The deck that fills the buffer next, and from which frame on.
    fn next(&mut self, length: usize, from: usize, heard: i64) -> Option<(&mut Deck, usize)> {
        if from >= length {
            return None;
        }
        let place = |deck: &Deck| match deck.phase {
            Phase::Done => None,
            Phase::Waiting => Some(frames_until(deck.at, heard).max(from as u64)),
            Phase::Sounding | Phase::Fading(_) => Some(from as u64),
        };
        let key = |deck: &Deck| (!deck.sounds(), place(deck), deck.at);
        let deck = self.decks.iter_mut().flatten().filter(|d| place(d).is_some()).min_by_key(|d| key(d))?;
        let at = place(deck)?;
        (at < length as u64).then_some((deck, at as usize))
    }

    /// Hands back decks that are done, to be freed elsewhere.
    fn clear(&mut self) {
        for slot in &mut self.decks {
            if self.done.slots() == 0 {
                return;
            }
            if let Some(deck) = slot.take_if(|d| matches!(d.phase, Phase::Done)) {
                deck.state.done.store(true, Ordering::Relaxed);
                self.done.push(deck).ok();
            }
        }
    }
}

/// Frames from `heard` until `at`, rounded up: the frame is never before its instant.
fn frames_until(at: i64, heard: i64) -> u64 {
    let span = at.saturating_sub(heard);
    let frames = frames_in(span);
    if span > 0 && nanos(frames) < span { frames + 1 } else { frames }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
