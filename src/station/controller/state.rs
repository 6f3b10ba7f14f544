//! What the controller remembers.

use std::{
    collections::{BTreeSet, VecDeque},
    path::PathBuf,
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Order, Plans, SETTLED_EVERY};
use crate::{
    asrun::{
        record::{Applied, ClockTrust, Outcome, OutcomeRecord, Why},
        recover::Done,
    },
    bulletin::{Bulletin, Frames},
    clock::{Moment, Uptime},
    digest::Digest,
    feed::UrgentOrder,
    ids::SlotId,
    playout::Sent,
    schedule::occurrence::{Occurrence, Planned},
};

/// What does not change while the process lives.
#[derive(Debug, Clone)]
pub struct Settings {
    /// From opening the sink to sound being heard whole: amplifier and device.
    pub warm_up: TimeDelta,
    /// The sink as configured, for the log.
    pub device: String,
    /// The folder of canonical files, each named by its hash.
    pub library: PathBuf,
}

/// The verified files that decide what this station owes.
pub struct InForce {
    /// The planner on them.
    pub plans: Box<dyn Plans>,
    /// Orders that concern this station, each with its audio.
    pub urgents: Vec<(UrgentOrder, Arc<Bulletin>)>,
    /// Gain of urgent audio, in hundredths of dB.
    pub urgent_level_cdb: i32,
    /// Most urgent sound in one local day.
    pub urgent_daily_cap: Frames,
    /// Ids that may not sound.
    pub withdrawn: BTreeSet<String>,
    /// For the log.
    pub applied: Applied,
}

/// How far everything has its outcome. A restart goes on from it, so it is told before each change of the plan: what is
/// due from then on is due under one plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Everything due before has its outcome,
    pub until: DateTime<Utc>,
    /// but for these.
    pub open: Vec<Occurrence>,
}

/// What the log and the side files told at start.
#[derive(Debug, Clone, Default)]
pub struct Recovered {
    /// None on a new station.
    pub settled: Option<Settled>,
    /// What has its outcome.
    pub done: Done,
    /// A hold that has not ended: until when.
    pub hold: Option<DateTime<Utc>>,
    /// Ends and lengths of airings of urgent orders, oldest first.
    pub urgent_aired: Vec<(SlotId, DateTime<Utc>, Frames)>,
}

/// An occurrence that is due (soon) and has neither started nor an outcome.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub planned: Planned,
    /// What kept it from starting so far.
    pub blocker: Option<Why>,
    /// What was here of it was damaged.
    pub broken: bool,
}

/// A program in the player's hands that has not started.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub token: u64,
    pub planned: Planned,
    /// Indexes into `planned.items`, in the order of the program.
    pub items: Vec<usize>,
    pub ready: bool,
    pub dropped: Dropped,
    /// As the player was told.
    pub must_end_by: DateTime<Utc>,
}

/// What is not in the program although it was planned.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Dropped {
    pub missing: bool,
    pub integrity: bool,
}

/// A program that has been told to start.
#[derive(Debug, Clone)]
pub(super) struct OnAir {
    pub token: u64,
    pub planned: Planned,
    pub items: Vec<usize>,
    pub dropped: Dropped,
    pub sent: Vec<Sent>,
    pub item: Option<usize>,
    pub fade: Option<Fade>,
}

/// Why something on the air was told to fade.
#[derive(Debug, Clone)]
pub(super) enum Fade {
    Hold,
    Stopped,
    Withdrawn,
    Preempted(Occurrence),
    Sigterm,
}

/// What is known of the sink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Device {
    Closed,
    Opening,
    Open,
    Lost,
}

/// See [`Controller::step`].
pub struct Controller {
    pub(super) settings: Settings,
    pub(super) trust: ClockTrust,
    pub(super) in_force: Option<InForce>,
    /// Since then this process has files in force.
    pub(super) in_force_since: Option<Uptime>,
    /// Planned from `cursor` on, not yet in `waiting`.
    pub(super) upcoming: VecDeque<Planned>,
    pub(super) planned_until: Option<DateTime<Utc>>,
    /// Everything due before it is in `waiting`, `recovered`, `backlog`, on the air, or settled.
    pub(super) cursor: Option<DateTime<Utc>>,
    pub(super) waiting: Vec<Waiting>,
    pub(super) loaded: Option<Loaded>,
    pub(super) on_air: Option<OnAir>,
    /// What an urgent order cut off, until the player confirms its end.
    pub(super) fading: Option<OnAir>,
    pub(super) device: Device,
    /// A loss has been recorded and the device is not back.
    pub(super) loss_recorded: bool,
    pub(super) hold: Option<DateTime<Utc>>,
    pub(super) held: BTreeSet<Digest>,
    pub(super) done: Done,
    pub(super) urgent: super::urgent::Urgents,
    pub(super) started: Uptime,
    pub(super) trusted_since: Option<Uptime>,
    pub(super) last: Moment,
    /// A step forward that has not been dealt with: from, to.
    pub(super) stepped: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Since then nothing shook the trust in the clock.
    pub(super) settle_from: Uptime,
    /// Missed, and not yet written.
    pub(super) backlog: Vec<(Planned, Why)>,
    /// Due before this start, by name.
    pub(super) recovered: Vec<Occurrence>,
    /// What was in force before, each until then: files changed while the clock was not trusted.
    pub(super) before: Vec<(Box<dyn Plans>, Uptime)>,
    pub(super) settled_told: Option<DateTime<Utc>>,
    pub(super) ending: bool,
    pub(super) exited: bool,
    pub(super) next_token: u64,
}

/// What is on the air, for status.
#[derive(Debug, Clone, PartialEq)]
pub struct OnAirView {
    /// Which occurrence, with its items.
    pub planned: Planned,
    /// The item that sounds, as an index into `planned.items`.
    pub item: Option<usize>,
    /// Frames sent of that item.
    pub frames: Frames,
}

/// What the faces of the station show.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// What sounds now.
    pub now: Option<OnAirView>,
    /// What comes next.
    pub next: Option<Planned>,
    /// Due, and waiting for something.
    pub waiting: Vec<(Occurrence, Option<Why>)>,
    /// The operator's hold, until when.
    pub hold: Option<DateTime<Utc>>,
    /// How the clock is believed.
    pub trust: ClockTrust,
    /// `closed`, `opening`, `open` or `lost`.
    pub device: &'static str,
}

impl Controller {
    /// A station that has just started at `now` and knows what the log told.
    pub fn new(now: Moment, settings: Settings, mut recovered: Recovered) -> Self {
        let settled = recovered.settled.take();
        let until = settled.as_ref().map(|s| s.until);
        Self {
            settings,
            trust: ClockTrust::No,
            in_force: None,
            in_force_since: None,
            upcoming: VecDeque::new(),
            planned_until: None,
            cursor: until,
            waiting: Vec::new(),
            loaded: None,
            on_air: None,
            fading: None,
            device: Device::Closed,
            loss_recorded: false,
            hold: recovered.hold,
            held: BTreeSet::new(),
            urgent: super::urgent::Urgents::recover(&recovered),
            done: recovered.done,
            started: now.up,
            trusted_since: None,
            last: now,
            stepped: None,
            settle_from: now.up,
            backlog: Vec::new(),
            recovered: settled.map(|s| s.open).unwrap_or_default(),
            before: Vec::new(),
            settled_told: until,
            ending: false,
            exited: false,
            next_token: 1,
        }
    }

    /// What the faces show.
    pub fn view(&self) -> View {
        let now = self.on_air.as_ref().map(|a| OnAirView {
            planned: a.planned.clone(),
            item: a.item.and_then(|i| a.items.get(i).copied()),
            frames: a
                .item
                .and_then(|i| a.sent.iter().find(|s| s.item == i))
                .map(|s| s.frames)
                .unwrap_or_default(),
        });
        let waiting = self.waiting.iter().map(|w| (w.planned.of.clone(), w.blocker)).collect();
        let next = self.waiting.iter().map(|w| &w.planned).chain(&self.upcoming).min_by_key(|p| p.of.due);
        let device = match self.device {
            Device::Closed => "closed",
            Device::Opening => "opening",
            Device::Open => "open",
            Device::Lost => "lost",
        };
        View { now, next: next.cloned(), waiting, hold: self.hold, trust: self.trust, device }
    }

    /// Records an outcome; nothing else may write one.
    pub(super) fn settle(&mut self, record: OutcomeRecord, orders: &mut Vec<Order>) {
        self.done.add(&record);
        if record.occurrence.repeat.is_some() {
            self.urgent.settled(&record.occurrence, self.last.wall);
        }
        orders.push(Order::Record(crate::asrun::record::Body::Outcome(record)));
    }

    /// Records that nothing of `of` sounded.
    pub(super) fn settle_silent(
        &mut self,
        of: Occurrence,
        outcome: Outcome,
        why: Why,
        orders: &mut Vec<Order>,
    ) {
        let record = OutcomeRecord {
            occurrence: of,
            outcome,
            why: Some(why),
            by: None,
            items: Vec::new(),
            late_us: None,
            run: None,
        };
        self.settle(record, orders);
    }

    /// Tells how far all is settled, not more often than needed, but at once after a step back.
    pub(super) fn tell_settled(&mut self, now: Moment, orders: &mut Vec<Order>) {
        let bound = self.settled_until(now);
        let fresh = |told: DateTime<Utc>| told <= bound && bound < told + SETTLED_EVERY;
        if !self.settled_told.is_some_and(fresh) {
            self.tell_settled_now(now, orders);
        }
    }

    /// What is due later may still be another plan's: never beyond now.
    fn settled_until(&self, now: Moment) -> DateTime<Utc> {
        self.cursor.map_or(now.wall, |cursor| cursor.min(now.wall))
    }

    pub(super) fn tell_settled_now(&mut self, now: Moment, orders: &mut Vec<Order>) {
        let until = self.settled_until(now);
        let open = self.waiting.iter().map(|w| &w.planned).chain(self.loaded.iter().map(|l| &l.planned));
        let open = open.chain(self.on_air.iter().chain(&self.fading).map(|a| &a.planned));
        let open = open.chain(self.backlog.iter().map(|(p, _)| p)).map(|p| &p.of).chain(&self.recovered);
        let open: BTreeSet<_> = open.filter(|of| of.repeat.is_none() && of.due < until).cloned().collect();
        self.settled_told = Some(until);
        orders.push(Order::Settled(Settled { until, open: open.into_iter().collect() }));
    }

    /// Whether nothing sounds and nothing is about to.
    pub fn is_quiet(&self) -> bool {
        self.on_air.is_none() && self.fading.is_none()
    }

    /// A place in the waiting room for what has just been planned.
    pub(super) fn wait_for(&mut self, planned: Planned) {
        self.waiting.push(Waiting { planned, blocker: None, broken: false });
    }

    /// A token that no program had.
    pub(super) fn token(&mut self) -> u64 {
        self.next_token += 1;
        self.next_token
    }
}
