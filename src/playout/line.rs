//! The device of a player: closed, opening, open, or lost and waiting for the next attempt. Opening and dropping happen on
//! threads of their own, since a sound server that hangs would hold whoever waits for it.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use super::{
    engine::{Deck, Engine, Order, Reins},
    monitor::{DeckPicture, DeckState},
    player::Msg,
    sink::{self, Feed, OpenSink, PERIOD, Settings, SinkSpec},
    supervise::{Backoff, Judge, Verdict},
};
use crate::{
    clock::{Clock, Moment},
    text::{Text, playout as words},
};

/// Opening takes no longer, in nanoseconds.
const OPENING: i64 = 8_000_000_000;
/// Closing is waited for no longer.
const CLOSING: Duration = Duration::from_millis(500);
/// Silence behind the last frame before a device is closed, in nanoseconds: closing discards what it still holds.
const TAIL: i64 = 300_000_000;

/// What the device's threads tell. The number says of which opening.
pub(super) enum News {
    /// It opened or did not.
    Opened(u64, Result<OpenSink, Text>),
    /// It cannot go on.
    Failed(u64, Text),
}

enum State {
    Closed,
    Opening { since: i64, reins: Reins },
    Open { sink: OpenSink, reins: Reins, judge: Judge, warm: bool, torn: u64, gaps: u64 },
    Waiting { until: i64 },
}

/// What a look found.
#[derive(Default)]
pub(super) struct Seen {
    /// It is warm since this look.
    pub opened: Option<String>,
    /// It is to be given up.
    pub lost: Option<Text>,
    /// Frames torn out of what sounds by under-runs since the last look.
    pub torn: u64,
}

/// See the module.
pub(super) struct Line {
    spec: SinkSpec,
    settings: Settings,
    clock: Arc<dyn Clock>,
    outbox: mpsc::Sender<Msg>,
    state: State,
    opening: u64,
    backoff: Backoff,
    told: bool,
}

impl Line {
    pub fn new(spec: SinkSpec, settings: Settings, clock: Arc<dyn Clock>, outbox: mpsc::Sender<Msg>) -> Self {
        let backoff = Backoff::default();
        Self { spec, settings, clock, outbox, state: State::Closed, opening: 0, backoff, told: false }
    }

    pub fn spec(&self) -> &SinkSpec {
        &self.spec
    }

    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed)
    }

    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    /// Whether no quick look is needed.
    pub fn is_warm(&self) -> bool {
        matches!(self.state, State::Open { warm: true, .. })
    }

    /// Opens it unless that is under way.
    pub fn want(&mut self, now: Moment) {
        if self.is_closed() {
            self.told = false;
            self.backoff = Backoff::default();
            self.open(now);
        }
    }

    fn open(&mut self, now: Moment) {
        let (engine, reins) = Engine::new(sink::is_exact(&self.spec));
        self.opening += 1;
        let (number, outbox) = (self.opening, self.outbox.clone());
        let failed = {
            let outbox = outbox.clone();
            Box::new(move |why| {
                outbox.send(Msg::Line(News::Failed(number, why))).ok();
            })
        };
        let feed = Feed { engine, monitor: reins.monitor.clone(), clock: self.clock.clone(), failed };
        let (spec, settings) = (self.spec.clone(), self.settings.clone());
        let open = move || {
            let result = sink::open(&spec, &settings, feed);
            outbox.send(Msg::Line(News::Opened(number, result))).ok();
        };
        self.state = State::Opening { since: up(now), reins };
        if let Err(e) = thread::Builder::new().name("loaxa-open".into()).spawn(open) {
            let why = words::device_thread(&e);
            self.outbox.send(Msg::Line(News::Failed(number, why))).ok();
        }
    }

    /// Takes in what a device's thread tells; gives why the device is to be given up, if so.
    pub fn hear(&mut self, news: News, now: Moment) -> Option<Text> {
        match news {
            News::Opened(number, result) if number == self.opening => {
                match (std::mem::replace(&mut self.state, State::Closed), result) {
                    (State::Opening { reins, .. }, Ok(sink)) => {
                        let judge = Judge::new(up(now));
                        self.state = State::Open { sink, reins, judge, warm: false, torn: 0, gaps: 0 };
                        None
                    }
                    (state @ State::Opening { .. }, Err(why)) => {
                        self.state = state;
                        Some(why)
                    }
                    (state, Ok(sink)) => {
                        self.state = state;
                        dispose(sink);
                        None
                    }
                    (state, Err(_)) => {
                        self.state = state;
                        None
                    }
                }
            }
            News::Opened(_, Ok(late)) => {
                dispose(late);
                None
            }
            News::Failed(number, why) if number == self.opening => {
                matches!(self.state, State::Opening { .. } | State::Open { .. }).then_some(why)
            }
            News::Opened(_, Err(_)) | News::Failed(..) => None,
        }
    }

    /// Judges the device and, when it is time, tries again.
    pub fn look(&mut self, now: Moment) -> Seen {
        let mut seen = Seen::default();
        match &mut self.state {
            State::Closed => {}
            State::Waiting { until } => {
                if up(now) >= *until {
                    self.open(now);
                }
            }
            State::Opening { since, .. } => {
                if up(now) - *since > OPENING {
                    seen.lost = Some(words::device_silent(self.spec.to_string()));
                }
            }
            State::Open { sink, reins, judge, warm, torn, gaps } => {
                while reins.done.pop().is_ok() {}
                let picture = reins.monitor.read(|| ()).0;
                let name = self.spec.to_string();
                seen.lost = match judge.look(up(now), &picture) {
                    Verdict::Fine => None,
                    Verdict::Silent => Some(words::device_silent(name)),
                    Verdict::Fast => Some(words::device_fast(name)),
                    Verdict::Slow if sink::is_exact(&self.spec) => None,
                    Verdict::Slow => Some(words::device_slow(name)),
                };
                if seen.lost.is_none() && picture.warm && !*warm {
                    *warm = true;
                    self.told = false;
                    seen.opened = Some(sink.name.clone());
                }
                // An under-run loses up to a period of frames that were counted.
                seen.torn = (picture.xruns - *torn) * u64::from(PERIOD);
                *torn = picture.xruns;
                if picture.gaps > *gaps {
                    tracing::warn!(sink.name = %self.spec, gaps = picture.gaps, "the sound was interrupted");
                    *gaps = picture.gaps;
                }
                self.backoff.ran(judge.age(up(now)));
            }
        }
        seen
    }

    /// How a deck on the open device stands.
    pub fn look_at(&self, deck: &DeckState, up: i64) -> Option<DeckPicture> {
        match &self.state {
            State::Open { reins, .. } => Some(deck.look(&reins.monitor, up)),
            _ => None,
        }
    }

    /// Gives a deck to the engine; gives it back when the engine cannot take it now.
    pub fn hand(&mut self, deck: Deck) -> Option<Deck> {
        let State::Open { reins, .. } = &mut self.state else {
            return Some(deck);
        };
        match reins.orders.push(Order::Deck(deck)) {
            Err(rtrb::PushError::Full(Order::Deck(deck))) => Some(deck),
            _ => None,
        }
    }

    /// Fades a deck; false if there is none to fade.
    pub fn fade(&mut self, token: u64) -> bool {
        match &mut self.state {
            State::Open { reins, .. } => reins.orders.push(Order::Fade(token)).is_ok(),
            _ => false,
        }
    }

    /// Whether it may be closed without cutting anything, when nothing sounds since `quiet`.
    pub fn is_drained(&self, quiet: i64, up: i64) -> bool {
        match self.state {
            State::Open { .. } if !sink::is_exact(&self.spec) => up - quiet >= TAIL,
            State::Open { .. } => true,
            _ => true,
        }
    }

    /// Gives the device up and waits for the next attempt, or closes it if `closing`. True if that is news.
    pub fn lose(&mut self, now: Moment, closing: bool) -> bool {
        self.opening += 1;
        let until = up(now) + self.backoff.pause();
        let next = if closing { State::Closed } else { State::Waiting { until } };
        if let State::Open { sink, .. } = std::mem::replace(&mut self.state, next) {
            dispose(sink);
        }
        !std::mem::replace(&mut self.told, true)
    }

    pub fn close(&mut self) {
        self.opening += 1;
        if let State::Open { sink, .. } = std::mem::replace(&mut self.state, State::Closed) {
            dispose(sink);
        }
    }
}

/// Closes a sink, and waits for it only so long: the driver may wait for a server that hangs.
fn dispose(sink: OpenSink) {
    let (done, wait) = mpsc::sync_channel(1);
    let spawned = thread::Builder::new().name("loaxa-close".into()).spawn(move || {
        drop(sink);
        done.send(()).ok();
    });
    if spawned.is_ok() && wait.recv_timeout(CLOSING).is_err() {
        tracing::warn!("closing the sound device takes long; it goes on beside");
    }
}

fn up(now: Moment) -> i64 {
    now.up.0.as_nanos() as i64
}
