//! From the plan to the outcome: who goes next, when it is loaded, announced and started, and how it ended.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Controller, INTENT_LEAD, LATE_LEAD, LOAD_LEAD, Order,
    state::{Device, Dropped, Fade, Loaded, OnAir, Waiting},
};
use crate::{
    asrun::record::{Body, DeviceChange, DeviceState, Intent, IntentItem, Outcome, Why},
    bulletin::Kind,
    clock::Moment,
    playout::{Command, Program, ProgramItem},
    schedule::occurrence::{Class, Planned, Will},
};

/// A program that waited longer than this is loaded anew, with its limit of time counted from its start.
const RELOAD: TimeDelta = TimeDelta::seconds(5);

impl Controller {
    /// Everything that time alone brings about.
    pub(super) fn advance(&mut self, now: Moment, orders: &mut Vec<Order>) {
        self.end_hold(now, orders);
        if self.is_trusted() && self.in_force.is_some() && !self.ending {
            self.take_due(now, orders);
            self.urgent_due(now, orders);
            self.expire(now, orders);
            self.proceed(now, orders);
            self.tell_settled(now, orders);
        }
        self.close_if_idle(now, orders);
        if self.ending && self.on_air.is_none() && self.fading.is_none() && !self.exited {
            self.exited = true;
            orders.push(Order::Player(Command::Shutdown));
            orders.push(Order::Exit);
        }
    }

    /// The next instant at which [`Controller::step`] has something to do by itself; none: only events move it.
    pub fn wake_at(&self, now: Moment) -> Option<DateTime<Utc>> {
        let mut at: Vec<DateTime<Utc>> = self.hold.into_iter().collect();
        if self.is_trusted() && self.in_force.is_some() && !self.ending {
            at.extend(self.upcoming.front().map(|p| p.of.due - LOAD_LEAD));
            at.extend(self.planned_until.map(|end| end - super::LOOK_AHEAD / 2));
            at.extend(self.settled_told.map(|told| told + super::SETTLED_EVERY + LOAD_LEAD));
            at.extend(self.urgent_wakes());
            at.extend(self.settling_ends(now));
            for w in &self.waiting {
                let due = w.planned.of.due;
                at.extend([due - self.open_lead(), due - INTENT_LEAD]);
                at.push(w.planned.start_by + TimeDelta::milliseconds(1));
            }
        }
        // What is past has been dealt with: it waits for an event, or for its `start_by`.
        at.into_iter().filter(|t| *t > now.wall).min()
    }

    /// The sink is opened so long before the due instant.
    fn open_lead(&self) -> TimeDelta {
        self.settings.warm_up + TimeDelta::seconds(1) + INTENT_LEAD
    }

    /// Who goes first: class, then province before area, then due, then slot id.
    fn first(waiting: impl Iterator<Item = Planned>) -> Option<Planned> {
        waiting.min_by_key(|p| (Reverse(p.class), p.rank, p.of.due, p.of.slot.clone(), p.of.repeat))
    }

    /// What should be in the player's hands now: the first of those that are due, else the next one to come.
    fn target(&self, now: Moment) -> Option<Planned> {
        let due = self.waiting.iter().filter(|w| w.planned.of.due - INTENT_LEAD <= now.wall);
        Self::first(due.map(|w| w.planned.clone())).or_else(|| {
            let soon = self.waiting.iter().map(|w| &w.planned);
            soon.min_by_key(|p| (p.of.due, Reverse(p.class), p.rank, p.of.slot.clone())).cloned()
        })
    }

    /// Loads, opens and starts the one that goes next; tells the others what they wait for.
    fn proceed(&mut self, now: Moment, orders: &mut Vec<Order>) {
        if self.hold.is_some() {
            self.drop_loaded(orders);
            self.block_due(now, Why::Hold);
            return;
        }
        let Some(target) = self.target(now) else {
            self.drop_loaded(orders);
            return;
        };
        if self.loaded.as_ref().is_none_or(|l| l.planned != target) {
            self.drop_loaded(orders);
            if !self.load(now, target.clone(), orders) {
                // Audio may still come until it is due.
                if target.of.due - INTENT_LEAD <= now.wall {
                    self.miss_for_want(target, orders);
                    self.proceed(now, orders);
                }
                return;
            }
        }
        if self.device == Device::Closed && target.of.due - self.open_lead() <= now.wall {
            self.device = Device::Opening;
            orders.push(Order::Player(Command::Open));
        }
        let occupied = self.fading.is_some()
            || self
                .on_air
                .as_ref()
                .is_some_and(|a| a.planned.class == Class::Urgent || target.class != Class::Urgent);
        if occupied {
            self.block_due(now, Why::Busy);
        } else if self.device != Device::Open {
            self.block_due(now, Why::Device);
        } else if target.of.due - INTENT_LEAD <= now.wall && self.loaded.as_ref().is_some_and(|l| l.ready) {
            let allowed = target.must_end_by(target.of.due.max(now.wall));
            if self.loaded.as_ref().is_some_and(|l| l.must_end_by < allowed - RELOAD) {
                // It waited long: its limit counts from the start, which the player must know.
                self.drop_loaded(orders);
                self.load(now, target, orders);
            } else {
                self.go(now, orders);
            }
        }
    }

    fn block_due(&mut self, now: Moment, why: Why) {
        for w in self.waiting.iter_mut().filter(|w| w.planned.of.due - INTENT_LEAD <= now.wall) {
            w.blocker = Some(why);
        }
    }

    /// Nothing of it is here, or what is here is damaged.
    fn miss_for_want(&mut self, planned: Planned, orders: &mut Vec<Order>) {
        let broken = self.waiting.iter().any(|w| w.planned.of == planned.of && w.broken);
        self.waiting.retain(|w| w.planned.of != planned.of);
        let why = if broken { Why::Integrity } else { Why::NothingToPlay };
        self.settle_silent(planned.of, Outcome::Missed, why, orders);
    }

    /// Audio came: a program that was loaded without it is loaded anew.
    pub(super) fn on_library(&mut self, orders: &mut Vec<Order>) {
        let better = self.loaded.as_ref().is_some_and(|l| {
            let more = (0..l.planned.items.len())
                .filter(|i| self.held.contains(&l.planned.items[*i].sha256))
                .count();
            more > l.items.len() || (l.dropped.integrity && more == l.planned.items.len())
        });
        if better {
            self.drop_loaded(orders);
        }
    }

    /// Hands the program to the player; false if nothing of it can sound, or the plan says that it may not (airtime, session
    /// and daily cap are the province's, above whoever writes slots).
    fn load(&mut self, now: Moment, planned: Planned, orders: &mut Vec<Order>) -> bool {
        let withdrawn = |id: &str| self.in_force.as_ref().is_some_and(|f| f.withdrawn.contains(id));
        let skipped = matches!(planned.will, Will::Skip(_));
        let held = |i: &usize| {
            let b = &planned.items[*i];
            !skipped && self.held.contains(&b.sha256) && !withdrawn(b.id.as_str())
        };
        let items: Vec<usize> = (0..planned.items.len()).filter(held).collect();
        let dropped = Dropped { missing: items.len() < planned.items.len(), integrity: false };
        if !says_something(&planned, &items) {
            return false;
        }
        let token = self.token();
        let must_end_by = planned.must_end_by(planned.of.due.max(now.wall + LATE_LEAD));
        let program = Program {
            token,
            items: items.iter().map(|i| self.program_item(&planned, *i)).collect(),
            level_cdb: planned.level_cdb,
            must_end_by,
        };
        self.loaded = Some(Loaded { token, planned, items, ready: false, dropped, must_end_by });
        orders.push(Order::Player(Command::Load(program)));
        true
    }

    fn program_item(&self, planned: &Planned, item: usize) -> ProgramItem {
        let b = &planned.items[item];
        ProgramItem {
            bulletin: b.id.clone(),
            path: self.settings.library.join(format!("{}.opus", b.sha256)),
            sha256: b.sha256,
            frames: b.meta.frames,
        }
    }

    /// Takes the loaded program back from the player; its occurrence goes on waiting.
    pub(super) fn drop_loaded(&mut self, orders: &mut Vec<Order>) {
        if let Some(loaded) = self.loaded.take() {
            orders.push(Order::Player(Command::Fade { token: loaded.token }));
        }
    }

    /// The player says that the program is ready, and what does not fit.
    pub(super) fn on_ready(
        &mut self,
        token: u64,
        unfit: &[(usize, crate::playout::Unfit)],
        orders: &mut Vec<Order>,
    ) {
        let Some(loaded) = self.loaded.as_mut().filter(|l| l.token == token) else { return };
        loaded.ready = true;
        for (index, why) in unfit {
            loaded.dropped.missing |= *why == crate::playout::Unfit::Missing;
            loaded.dropped.integrity |= *why == crate::playout::Unfit::Integrity;
            if let Some(item) = loaded.items.get(*index) {
                let sha256 = loaded.planned.items[*item].sha256;
                self.held.remove(&sha256);
                orders.push(Order::Refetch(sha256));
            }
        }
        let fit: Vec<usize> = loaded
            .items
            .iter()
            .enumerate()
            .filter(|(i, _)| unfit.iter().all(|(u, _)| u != i))
            .map(|(_, item)| *item)
            .collect();
        if !says_something(&loaded.planned, &fit) {
            let (of, broken) = (loaded.planned.of.clone(), loaded.dropped.integrity);
            self.drop_loaded(orders);
            for w in self.waiting.iter_mut().filter(|w| w.planned.of == of) {
                w.broken |= broken;
            }
        }
    }

    /// The intent, then the start; an urgent order cuts off what sounds.
    fn go(&mut self, now: Moment, orders: &mut Vec<Order>) {
        let Some(loaded) = self.loaded.take() else { return };
        let of = loaded.planned.of.clone();
        self.waiting.retain(|w| w.planned.of != of);
        let on_time = of.due - LATE_LEAD > now.wall;
        let at = if on_time { of.due } else { now.wall + LATE_LEAD };
        orders.push(Order::Record(Body::Intent(self.intent(&loaded))));
        if let Some(mut cut) = self.on_air.take() {
            orders.push(Order::Player(Command::Fade { token: cut.token }));
            cut.fade.get_or_insert(Fade::Preempted(of.clone()));
            self.fading = Some(cut);
        }
        orders.push(Order::Player(Command::Start { token: loaded.token, at }));
        let Loaded { token, planned, items, dropped, .. } = loaded;
        self.on_air =
            Some(OnAir { token, planned, items, dropped, sent: Vec::new(), item: None, fade: None });
    }

    fn intent(&self, loaded: &Loaded) -> Intent {
        let planned = &loaded.planned;
        let item = |i: &usize| {
            let b = &planned.items[*i];
            IntentItem {
                bulletin: b.id.clone(),
                sha256: b.sha256,
                title: b.meta.title.vi.clone(),
                category: b.meta.category,
                languages: b.meta.languages.clone(),
                length: b.meta.frames,
            }
        };
        Intent {
            occurrence: planned.of.clone(),
            class: planned.class,
            items: loaded.items.iter().map(item).collect(),
            feed: self.in_force.as_ref().map(|f| f.applied.feed.clone()).unwrap_or_default(),
            level_cdb: planned.level_cdb,
            clock: self.trust,
            device: self.settings.device.clone(),
        }
    }

    /// What could not start in time is missed, for the reason that held it last.
    fn expire(&mut self, now: Moment, orders: &mut Vec<Order>) {
        let late = |w: &Waiting| w.planned.start_by < now.wall;
        let gone: Vec<Waiting> = self.waiting.iter().filter(|w| late(w)).cloned().collect();
        self.waiting.retain(|w| !late(w));
        for w in gone {
            if self.loaded.as_ref().is_some_and(|l| l.planned.of == w.planned.of) {
                self.drop_loaded(orders);
            }
            self.settle_silent(w.planned.of, Outcome::Missed, w.blocker.unwrap_or(Why::Late), orders);
        }
    }

    fn close_if_idle(&mut self, now: Moment, orders: &mut Vec<Order>) {
        let idle = self.on_air.is_none() && self.fading.is_none();
        let soon = self.waiting.iter().any(|w| w.planned.of.due - self.open_lead() * 2 <= now.wall);
        if idle
            && !(soon && self.hold.is_none())
            && matches!(self.device, Device::Open | Device::Opening | Device::Lost)
        {
            self.device = Device::Closed;
            orders.push(Order::Player(Command::Close));
        }
    }

    /// The sink was lost or is open (again).
    pub(super) fn on_device(&mut self, lost: Option<String>, orders: &mut Vec<Order>) {
        let change = match (&lost, self.loss_recorded) {
            (Some(_), false) => DeviceChange::Lost,
            (None, true) => DeviceChange::Back,
            _ => return,
        };
        self.loss_recorded = lost.is_some();
        let device = self.settings.device.clone();
        orders.push(Order::Record(Body::Device(DeviceState { state: change, device, why: lost })));
    }
}

/// Chimes alone never play.
fn says_something(planned: &Planned, items: &[usize]) -> bool {
    items.iter().any(|i| planned.items[*i].meta.kind == Kind::Bulletin)
}
