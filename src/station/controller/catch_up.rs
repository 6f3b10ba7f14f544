//! Time that passed unattended: steps of the clock, downtime, a clock that was not trusted, files that changed.
//! Every occurrence of it is settled here, by name, and none is played in a burst.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Controller, LOAD_LEAD, LONG_GAP, LOOK_AHEAD, Order, SETTLE, STEP,
    state::{Fade, InForce, Waiting},
};
use crate::{
    asrun::record::{Body, ClockChange, ClockEvent, ClockTrust, Outcome, OutcomeRecord, Run, Why},
    clock::{Moment, Uptime},
    schedule::occurrence::{Occurrence, Planned},
};

/// More misses of one slot than this, in one downtime, become one record (docs/asrun.md).
const NAMED_SINGLY: usize = 10;

impl Controller {
    pub(super) fn is_trusted(&self) -> bool {
        self.trust != ClockTrust::No
    }

    /// Compares both clocks with the last look: a difference is a step. After the first synchronisation the kernel
    /// slews at up to 5,000 ppm, which is none.
    pub(super) fn notice_time(&mut self, now: Moment, orders: &mut Vec<Order>) {
        let up = TimeDelta::from_std(now.up.0.saturating_sub(self.last.up.0)).unwrap_or_default();
        let expected = self.last.wall + up;
        let jump = now.wall - expected;
        self.last = now;
        if jump.abs() <= STEP + up / 150 {
            return;
        }
        self.hold = self.hold.map(|until| until + jump);
        if !self.is_trusted() {
            return;
        }
        self.settle_from = now.up;
        if jump > TimeDelta::zero() {
            self.stepped = Some((expected, now.wall));
        }
        orders.push(Order::Record(Body::Clock(ClockChange {
            event: ClockEvent::Stepped,
            trust: self.trust,
            from: Some(expected),
            to: now.wall,
            reason: None,
            alarm: false,
        })));
        self.put_back(now);
    }

    pub(super) fn set_trust(&mut self, now: Moment, trust: ClockTrust, orders: &mut Vec<Order>) {
        if trust == self.trust {
            return;
        }
        let was = std::mem::replace(&mut self.trust, trust);
        let event = if trust == ClockTrust::No { ClockEvent::Distrusted } else { ClockEvent::Trusted };
        if was == ClockTrust::No {
            self.trusted_since = Some(now.up);
            self.settle_from = now.up;
            self.put_back(now);
        }
        orders.push(Order::Record(Body::Clock(ClockChange {
            event,
            trust,
            from: None,
            to: now.wall,
            reason: None,
            alarm: false,
        })));
    }

    /// New files: what sounds stays unless it was withdrawn; what is due keeps its turn if its slot is still there.
    pub(super) fn apply(&mut self, now: Moment, in_force: InForce, orders: &mut Vec<Order>) {
        self.close_plan(now, orders);
        if self.in_force.as_ref().is_none_or(|old| old.applied != in_force.applied) {
            orders.push(Order::Record(Body::Applied(in_force.applied.clone())));
        }
        let same = |p: &Planned| in_force.plans.between(p.of.due, p.of.due + TimeDelta::microseconds(1));
        let (due, future): (Vec<Waiting>, Vec<Waiting>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|w| w.planned.of.due <= now.wall);
        let mut gone = Vec::new();
        for w in due {
            if w.planned.of.repeat.is_some() {
                let ordered = in_force.urgents.iter().any(|(order, _)| order.id == w.planned.of.slot);
                if ordered {
                    self.waiting.push(w)
                } else {
                    gone.push(w.planned.of)
                }
                continue;
            }
            match same(&w.planned).into_iter().find(|p| p.of == w.planned.of) {
                Some(planned) => self.waiting.push(Waiting { planned, ..w }),
                None => gone.push(w.planned.of),
            }
        }
        for of in gone {
            self.settle_silent(of, Outcome::Skipped, Why::SlotGone, orders);
        }
        self.give_back(now, future.iter().map(|w| &w.planned));
        for w in future.iter().filter(|w| w.planned.of.repeat.is_some()) {
            self.urgent.give_back(&w.planned.of.slot);
        }
        let withdrawn = self.on_air.as_ref().is_some_and(|a| {
            let rest = a.items.iter().skip(a.item.unwrap_or(0));
            in_force.withdrawn.contains(a.planned.of.slot.as_str()) && a.planned.of.repeat.is_some()
                || rest.clone().any(|i| in_force.withdrawn.contains(a.planned.items[*i].id.as_str()))
        });
        let old = self.in_force.replace(in_force);
        self.in_force_since.get_or_insert(now.up);
        if let Some(old) = old.filter(|_| !self.is_trusted()) {
            self.before.push((old.plans, now.up));
        }
        if withdrawn {
            self.fade(Fade::Withdrawn, orders);
        }
    }

    /// What is due by now is due under the plan that was in force until now; a restart must know where it ended.
    fn close_plan(&mut self, now: Moment, orders: &mut Vec<Order>) {
        if self.is_trusted() && self.in_force.is_some() && !self.ending {
            self.take_due(now, orders);
            self.tell_settled_now(now, orders);
        }
    }

    /// Lets the plan be made anew from now, or from the first of `future`, without going back over what is settled.
    fn give_back<'a>(&mut self, now: Moment, future: impl Iterator<Item = &'a Planned>) {
        self.planned_until = None;
        self.upcoming.clear();
        let near = self.cursor.filter(|c| *c <= now.wall + LOAD_LEAD + TimeDelta::seconds(1));
        let from_now = near.map(|c| c.min(now.wall + TimeDelta::microseconds(1)));
        let first = future.filter(|p| p.of.repeat.is_none()).map(|p| p.of.due).min();
        if let Some(earliest) = from_now.into_iter().chain(first).min() {
            self.cursor = self.cursor.map(|c| c.min(earliest));
        }
    }

    /// After a step back: misses that were not yet written, and are future again, are future again.
    fn put_back(&mut self, now: Moment) {
        let future: Vec<DateTime<Utc>> =
            self.backlog.iter().map(|(p, _)| p.of.due).filter(|due| *due > now.wall).collect();
        if let Some(first) = future.into_iter().min() {
            self.backlog.retain(|(p, _)| p.of.due <= now.wall);
            self.cursor = self.cursor.map(|c| c.min(first));
            self.planned_until = None;
            self.upcoming.clear();
        }
    }

    /// Moves what is due (soon) from the plan to the waiting room; what is past its `start_by` is missed.
    pub(super) fn take_due(&mut self, now: Moment, orders: &mut Vec<Order>) {
        let mut missed = Vec::new();
        // Where no earlier process settled anything, all is owed since the first files, be the time known or not then.
        let since = self.in_force_since.unwrap_or(now.up);
        self.cursor.get_or_insert(wall_of(now, since));
        self.take_recovered(now, &mut missed, orders);
        self.take_before(now, &mut missed, orders);
        self.refill(now);
        let stepped = self.stepped.take();
        let jumped = |due: DateTime<Utc>| stepped.is_some_and(|(from, to)| from < due && due <= to);
        while self.upcoming.front().is_some_and(|p| p.of.due - LOAD_LEAD <= now.wall) {
            let Some(planned) = self.upcoming.pop_front() else { break };
            if self.done.is_done(&planned.of) || self.is_under_way(&planned) {
                continue;
            }
            if jumped(planned.of.due) {
                missed.push((planned, Why::Clock));
            } else {
                self.sort(now, planned, &mut missed);
            }
        }
        let (jumped, stay): (Vec<_>, Vec<_>) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|w| jumped(w.planned.of.due) && w.planned.of.repeat.is_none());
        self.waiting = stay;
        missed.extend(jumped.into_iter().map(|w| (w.planned, Why::Clock)));
        self.cursor = self.cursor.max(Some(now.wall + LOAD_LEAD + TimeDelta::microseconds(1)));
        self.miss(now, missed, orders);
    }

    /// What was due and open when the last process ended, by name: it has its outcome, or the plan still knows it, or its
    /// slot is gone.
    fn take_recovered(&mut self, now: Moment, missed: &mut Vec<(Planned, Why)>, orders: &mut Vec<Order>) {
        for of in std::mem::take(&mut self.recovered) {
            if self.done.is_done(&of) {
                continue;
            }
            match self.find(&of) {
                Some(planned) => self.sort(now, planned, missed),
                None => self.settle_silent(of, Outcome::Skipped, Why::SlotGone, orders),
            }
        }
    }

    /// What came due under files that were replaced while the clock was not trusted.
    fn take_before(&mut self, now: Moment, missed: &mut Vec<(Planned, Why)>, orders: &mut Vec<Order>) {
        for (plans, until) in std::mem::take(&mut self.before) {
            let Some(cursor) = self.cursor else { continue };
            let end = wall_of(now, until).min(now.wall);
            for planned in plans.between(cursor, end) {
                if self.done.is_done(&planned.of) || self.is_under_way(&planned) {
                    continue;
                }
                if planned.start_by < now.wall {
                    self.sort(now, planned, missed);
                } else if let Some(planned) = self.find(&planned.of) {
                    self.sort(now, planned, missed);
                } else {
                    self.settle_silent(planned.of, Outcome::Skipped, Why::SlotGone, orders);
                }
            }
            self.cursor = Some(cursor.max(end));
            (self.planned_until, self.upcoming) = (None, Default::default());
        }
    }

    /// The occurrence as the plan in force has it.
    fn find(&self, of: &Occurrence) -> Option<Planned> {
        let plans = &self.in_force.as_ref()?.plans;
        plans.between(of.due, of.due + TimeDelta::microseconds(1)).into_iter().find(|p| p.of == *of)
    }

    /// To the waiting room, or to the misses.
    fn sort(&mut self, now: Moment, planned: Planned, missed: &mut Vec<(Planned, Why)>) {
        if planned.start_by < now.wall {
            let why = self.why_unattended(now, planned.of.due);
            missed.push((planned, why));
        } else {
            self.wait_for(planned);
        }
    }

    fn refill(&mut self, now: Moment) {
        let reach = now.wall + LOAD_LEAD + TimeDelta::seconds(1);
        if self.cursor.is_some_and(|cursor| cursor > reach) {
            // The clock went back. What has its outcome keeps it; what new files bring is due all the same.
            self.cursor = Some(now.wall + TimeDelta::microseconds(1));
            (self.planned_until, self.upcoming) = (None, Default::default());
        }
        let cursor = *self.cursor.get_or_insert(now.wall);
        if self.planned_until.is_some_and(|until| until >= now.wall + LOOK_AHEAD / 2) {
            return;
        }
        let until = now.wall + LOOK_AHEAD;
        let plan = self.in_force.as_ref().map(|f| f.plans.between(cursor, until));
        self.upcoming = plan.unwrap_or_default().into();
        self.planned_until = Some(until);
    }

    fn is_under_way(&self, planned: &Planned) -> bool {
        let started = self.on_air.iter().chain(&self.fading).any(|a| a.planned.of == planned.of);
        let missed = self.backlog.iter().any(|(p, _)| p.of == planned.of);
        started || missed || self.waiting.iter().any(|w| w.planned.of == planned.of)
    }

    /// Nobody was there when it was due: the box was off (or asleep), or its clock was not trusted.
    fn why_unattended(&self, now: Moment, due: DateTime<Utc>) -> Why {
        let distrusted =
            self.trusted_since.is_some_and(|t| due < wall_of(now, t)) && due >= wall_of(now, self.started);
        if distrusted { Why::Clock } else { Why::Off }
    }

    /// Writes misses; after a long gap, only once the clock has been trusted for [`SETTLE`].
    fn miss(&mut self, now: Moment, missed: Vec<(Planned, Why)>, orders: &mut Vec<Order>) {
        self.backlog.extend(missed);
        let long = self.backlog.iter().any(|(p, _)| p.of.due < now.wall - LONG_GAP);
        if self.backlog.is_empty()
            || long && now.up.0.saturating_sub(self.settle_from.0) < SETTLE.to_std().unwrap_or_default()
        {
            return;
        }
        let mut missed = std::mem::take(&mut self.backlog);
        missed.sort_by(|(a, _), (b, _)| a.of.due.cmp(&b.of.due).then_with(|| a.of.cmp(&b.of)));
        while let Some((head, why)) = missed.first().cloned() {
            let run = self.run(&missed);
            if run.len() <= NAMED_SINGLY {
                missed.remove(0);
                self.settle_silent(head.of, Outcome::Missed, why, orders);
                continue;
            }
            let (first, last) = (head.of.due, run.last().copied().unwrap_or(head.of.due));
            let of = |p: &Planned| p.of.area == head.of.area && p.of.slot == head.of.slot;
            missed.retain(|(p, _)| !(of(p) && p.of.due <= last));
            let run = Run { first, last, count: run.len() as u64 };
            let record = OutcomeRecord {
                occurrence: head.of,
                outcome: Outcome::Missed,
                why: Some(why),
                by: None,
                items: Vec::new(),
                late_us: None,
                run: Some(run),
            };
            self.settle(record, orders);
        }
    }

    /// The instants of the first miss and of those of its slot after it that one record may tell: for the same reason, with
    /// nothing between that has, or will have, an outcome of its own.
    fn run(&self, missed: &[(Planned, Why)]) -> Vec<DateTime<Utc>> {
        let Some((head, why)) = missed.first() else { return Vec::new() };
        let of = |other: &Occurrence| other.area == head.of.area && other.slot == head.of.slot;
        let on_air = self.on_air.iter().chain(&self.fading).map(|a| &a.planned.of);
        let under_way = self.waiting.iter().map(|w| &w.planned.of).chain(on_air).filter(|other| of(other));
        let under_way: Vec<DateTime<Utc>> = under_way.map(|other| other.due).collect();
        let mut run = vec![head.of.due];
        for (p, w) in missed.iter().skip(1).filter(|(p, _)| of(&p.of)) {
            let after = run.last().copied().unwrap_or(head.of.due);
            let between = after..p.of.due;
            let own = under_way.iter().any(|due| between.contains(due))
                || self.done.has_between(&head.of, between.start, between.end);
            if w != why || own {
                break;
            }
            run.push(p.of.due);
        }
        run
    }

    /// When the backlog may be written.
    pub(super) fn settling_ends(&self, now: Moment) -> Option<DateTime<Utc>> {
        let waited = TimeDelta::from_std(now.up.0.saturating_sub(self.settle_from.0)).unwrap_or_default();
        (!self.backlog.is_empty()).then(|| now.wall + (SETTLE - waited).max(TimeDelta::milliseconds(1)))
    }
}

/// What the clock, as it is now, would have shown then.
fn wall_of(now: Moment, up: Uptime) -> DateTime<Utc> {
    now.wall - TimeDelta::from_std(now.up.0.saturating_sub(up.0)).unwrap_or_default()
}
