//! The heart: (state, moment, event) -> orders, to be carried out in this order. PURE: it waits for nothing, opens
//! nothing, writes nothing, so 'no slot vanishes' is tested with no device.
//!
//! `flow` takes an occurrence from the plan to its outcome, `catch_up` settles what nobody attended, `urgent` turns
//! orders into occurrences, `operator` is what people on the box may do. The order of the list is the promise:
//! an intent record comes before the start that it announces, an outcome after the end.

mod catch_up;
mod flow;
mod on_air;
mod operator;
mod state;
mod urgent;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

pub use operator::{LONGEST_HOLD, action};
pub use state::{Controller, InForce, OnAirView, Recovered, Settings, Settled, View};

use crate::{
    asrun::record::{Body, ClockTrust},
    clock::Moment,
    digest::Digest,
    playout::{Command, Event as PlayerEvent, Sent},
    schedule::occurrence::{Occurrence, Planned},
};

/// Audio is hashed and the first seconds decoded this long before the due instant.
pub const LOAD_LEAD: TimeDelta = TimeDelta::seconds(15);
/// The intent is written and the start ordered this long before the due instant: more than a slow fdatasync, two
/// periods of the device and a fade together.
pub const INTENT_LEAD: TimeDelta = TimeDelta::milliseconds(1_200);
/// A start that could not be on time is placed this long after it is ordered.
pub const LATE_LEAD: TimeDelta = TimeDelta::milliseconds(500);
/// How far ahead the plan is held.
pub const LOOK_AHEAD: TimeDelta = TimeDelta::hours(48);
/// A jump of the wall clock against uptime by more than this (and what slewing explains) is a step.
pub const STEP: TimeDelta = TimeDelta::milliseconds(500);
/// After a gap longer than [`LONG_GAP`], misses are written only once the clock has been trusted for so long: time for
/// a person to mend a mistyped year.
pub const SETTLE: TimeDelta = TimeDelta::minutes(15);
/// See [`SETTLE`].
pub const LONG_GAP: TimeDelta = TimeDelta::hours(24);
/// The lower bound of what is settled is written down at least so often.
pub const SETTLED_EVERY: TimeDelta = TimeDelta::minutes(10);

/// Where occurrences come from: the planner on verified files, or a test's list.
pub trait Plans: Send + Sync {
    /// All occurrences with `from <= due < to`, ordered by due.
    fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Planned>;
}

/// What happens to a station.
pub enum Event {
    /// Time passed.
    Tick,
    /// The clock is believed in another way from now on.
    Trust(ClockTrust),
    /// Verified files came into force.
    Applied(Box<InForce>),
    /// All that the library holds, by hash.
    Library(BTreeSet<Digest>),
    /// The player tells.
    Player(PlayerEvent),
    /// The process is asked to end (SIGTERM).
    Terminate,
}

/// What the shell must do, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Append to the as-run log; durable before the next order is begun.
    Record(Body),
    /// Tell the player.
    Player(Command),
    /// Note how far the occurrence on the air has come, in a side file.
    Mark {
        /// Which occurrence.
        of: Occurrence,
        /// By item: bytes, frames and first frame so far.
        sent: Vec<Sent>,
    },
    /// Note how far everything has its outcome in the log.
    Settled(Settled),
    /// This file of the library is not what it should be: drop it and fetch it again.
    Refetch(Digest),
    /// Nothing sounds any more; the process may end.
    Exit,
}

impl Controller {
    /// Same state, moment and event: same orders. Call [`Controller::wake_at`] afterwards for the next `Tick`.
    pub fn step(&mut self, now: Moment, event: Event) -> Vec<Order> {
        let mut orders = Vec::new();
        self.notice_time(now, &mut orders);
        match event {
            Event::Tick => {}
            Event::Trust(trust) => self.set_trust(now, trust, &mut orders),
            Event::Applied(in_force) => self.apply(now, *in_force, &mut orders),
            Event::Library(held) => {
                self.held = held;
                self.on_library(&mut orders);
            }
            Event::Player(event) => self.on_player(now, event, &mut orders),
            Event::Terminate => self.terminate(&mut orders),
        }
        self.advance(now, &mut orders);
        orders
    }
}
