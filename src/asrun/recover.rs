//! What a restart must know, gathered from the lines of the last months. Pure: lines in, state out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{
    chain::Head,
    record::{
        Action, Applied, Body, Boot, ClockEvent, ClockTrust, Hold, Intent, OutcomeRecord, Record, Run, Why,
    },
};
use crate::{
    bulletin::Frames,
    ids::{AreaId, SlotId},
    schedule::occurrence::Occurrence,
};

/// What the log says of the time before this start.
#[derive(Debug, Clone, Default)]
pub struct Recovered {
    /// The head after this start's boot record.
    pub head: Head,
    /// Bytes of an unterminated last line that were cut.
    pub cut: u64,
    /// Broadcasts that were begun and have no outcome: at most one, but a fault may leave more. Each is owed an
    /// [`interrupted`](super::progress::interrupted) outcome before anything else is written.
    pub open: Vec<Open>,
    /// What has its outcome.
    pub done: Done,
    /// The newest instant that was written while the clock was trusted: a lower bound of time, and up to when misses
    /// were told. An operator who overrode the clock (with an alarm) sets it to what he set.
    pub trusted_until: Option<DateTime<Utc>>,
    /// The signed files last in force, and since when.
    pub applied: Option<(DateTime<Utc>, Applied)>,
    /// Holds without a release, by whose slots wait; some may have run out meanwhile (`until`).
    pub holds: BTreeMap<Option<AreaId>, Hold>,
    /// Declined occurrences that have no outcome yet.
    pub declined: BTreeMap<Occurrence, Action>,
    /// Airings of urgent orders: which, when its outcome was written, how much was sent.
    pub urgent_aired: Vec<(SlotId, DateTime<Utc>, Frames)>,
    boot: Option<Boot>,
    trust: Option<ClockTrust>,
}

/// A broadcast without an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The number of its intent record.
    pub seq: u64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// What was about to play.
    pub intent: Intent,
    /// The boot in which its process ran, where the log says it.
    pub boot_id: Option<String>,
}

impl Open {
    /// Why its process ended, as far as the boot ids tell: in another boot (or an unknown one) the power went.
    pub fn why(&self, boot_id_now: Option<&str>) -> Why {
        match (self.boot_id.as_deref(), boot_id_now) {
            (Some(then), Some(now)) if then == now => Why::Kill,
            _ => Why::Power,
        }
    }
}

impl Recovered {
    /// Takes in the next line, in order.
    pub fn take(&mut self, record: Record) {
        let Record { seq, at, body, .. } = record;
        match body {
            Some(Body::Boot(boot)) => {
                self.boot = Some(boot);
                self.trust = None;
            }
            Some(Body::Clock(clock)) => {
                self.trust = Some(clock.trust).filter(|t| *t != ClockTrust::No);
                if clock.event == ClockEvent::Set && clock.alarm {
                    self.trusted_until = None;
                }
            }
            Some(Body::Applied(applied)) => self.applied = Some((at, applied)),
            Some(Body::Hold(hold)) => {
                self.holds.insert(hold.area.clone(), hold);
            }
            Some(Body::Release(release)) => {
                self.holds.remove(&release.area);
            }
            Some(Body::Action(action)) => {
                if let Some(of) = action.occurrence.clone().filter(|_| action.what == Action::DECLINE) {
                    self.declined.insert(of, action);
                }
            }
            Some(Body::Intent(intent)) => {
                let boot_id = self.boot.as_ref().and_then(|b| b.boot_id.clone());
                self.open.push(Open { seq, at, intent, boot_id });
            }
            Some(Body::Outcome(outcome)) => self.close(at, &outcome),
            Some(Body::Feed(_) | Body::Device(_)) | None => {}
        }
        if self.trust.is_some() {
            self.trusted_until = self.trusted_until.max(Some(at));
        }
    }

    /// What of an older log counts in one that continues it. Its clock and the files that were in force do not: a log that
    /// was given up may be wrong.
    pub(super) fn for_another_log(self) -> Self {
        let Self { open, done, holds, declined, urgent_aired, .. } = self;
        Self { open, done, holds, declined, urgent_aired, ..Self::default() }
    }

    /// The newest boot record seen, none if it is older than what was read.
    pub fn last_boot(&self) -> Option<&Boot> {
        self.boot.as_ref()
    }

    fn close(&mut self, at: DateTime<Utc>, outcome: &OutcomeRecord) {
        if outcome.occurrence.area.is_urgent() {
            let frames = Frames(outcome.items.iter().map(|i| i.frames.0).sum());
            self.urgent_aired.push((outcome.occurrence.slot.clone(), at, frames));
        }
        self.done.add(outcome);
        let done = &self.done;
        self.open.retain(|open| !done.is_done(&open.intent.occurrence));
        self.declined.retain(|of, _| !done.is_done(of));
    }
}

/// The set of occurrences that have their outcome, since a horizon.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    slots: BTreeMap<(AreaId, SlotId), Slot>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Slot {
    due: BTreeSet<DateTime<Utc>>,
    repeats: BTreeSet<u32>,
    runs: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Done {
    /// Takes in an outcome; of a run of misses, all from its first to its last.
    pub fn add(&mut self, outcome: &OutcomeRecord) {
        let of = &outcome.occurrence;
        let slot = self.slots.entry((of.area.clone(), of.slot.clone())).or_default();
        match (of.repeat, &outcome.run) {
            (Some(repeat), _) if of.area.is_urgent() => {
                slot.repeats.insert(repeat);
            }
            (_, Some(Run { first, last, .. })) => slot.runs.push((*first, *last)),
            _ => {
                slot.due.insert(of.due);
            }
        }
    }

    /// Whether it has its outcome. Of an urgent order, id and repeat decide, whatever instant it was due.
    pub fn is_done(&self, of: &Occurrence) -> bool {
        let Some(slot) = self.slots.get(&(of.area.clone(), of.slot.clone())) else {
            return false;
        };
        match of.repeat {
            Some(repeat) if of.area.is_urgent() => slot.repeats.contains(&repeat),
            _ => {
                slot.due.contains(&of.due)
                    || slot.runs.iter().any(|(first, last)| (first..=last).contains(&&of.due))
            }
        }
    }

    /// Whether anything of the slot of `of` that was due after `first` and before `last` has its outcome.
    pub fn has_between(&self, of: &Occurrence, first: DateTime<Utc>, last: DateTime<Utc>) -> bool {
        let Some(slot) = self.slots.get(&(of.area.clone(), of.slot.clone())) else {
            return false;
        };
        let inside = |due: &&DateTime<Utc>| first < **due && **due < last;
        slot.due.range(first..last).any(|due| inside(&due))
            || slot.runs.iter().any(|(from, to)| *from < last && first < *to)
    }

    /// Which repeats of which urgent orders are over.
    pub fn urgents(&self) -> impl Iterator<Item = (&SlotId, &BTreeSet<u32>)> {
        let urgent = |(area, _): &&(AreaId, SlotId)| area.is_urgent();
        self.slots.iter().filter(move |(k, _)| urgent(k)).map(|((_, id), slot)| (id, &slot.repeats))
    }
}
