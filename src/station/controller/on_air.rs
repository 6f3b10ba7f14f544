//! What the player tells of a program that was started, and what the log is told of it.

use super::{
    Controller, Order,
    state::{Device, Fade, OnAir},
};
use crate::{
    asrun::record::{Outcome, OutcomeRecord, SentItem, Why},
    clock::Moment,
    playout::{Command, Ended, Event, Sent},
};

impl Controller {
    pub(super) fn on_player(&mut self, now: Moment, event: Event, orders: &mut Vec<Order>) {
        match event {
            Event::Opened(_) => {
                if self.device != Device::Closed {
                    self.device = Device::Open;
                }
                self.on_device(None, orders);
            }
            Event::Lost(why) => {
                if self.device != Device::Closed {
                    self.device = Device::Lost;
                }
                self.on_device(Some(why.en), orders);
            }
            Event::Closed => {}
            Event::Ready { token, unfit } => self.on_ready(token, &unfit, orders),
            Event::Began { token, item, .. } => {
                if let Some(on_air) = self.sounding(token) {
                    on_air.item = Some(item);
                }
            }
            Event::Progress { token, sent } => {
                if let Some(on_air) = self.sounding(token) {
                    on_air.sent.clone_from(&sent);
                    let of = on_air.planned.of.clone();
                    orders.push(Order::Mark { of, sent: on_air.by_plan(&sent) });
                }
            }
            Event::Finished { token, how, sent } => self.on_finished(now, token, how, sent, orders),
        }
    }

    fn sounding(&mut self, token: u64) -> Option<&mut OnAir> {
        self.on_air.iter_mut().chain(&mut self.fading).find(|a| a.token == token)
    }

    fn on_finished(&mut self, now: Moment, token: u64, how: Ended, sent: Vec<Sent>, orders: &mut Vec<Order>) {
        let is = |a: &Option<OnAir>| a.as_ref().is_some_and(|a| a.token == token);
        let ended = if is(&self.on_air) {
            self.on_air.take()
        } else if is(&self.fading) {
            self.fading.take()
        } else {
            return;
        };
        if let Some(ended) = ended {
            self.urgent_ended(&ended, now, &sent);
            let record = ended.outcome(&how, &sent);
            self.settle(record, orders);
        }
    }

    /// Fades what sounds, for a reason that its outcome will give.
    pub(super) fn fade(&mut self, cause: Fade, orders: &mut Vec<Order>) {
        if let Some(on_air) = self.on_air.as_mut().filter(|a| a.fade.is_none()) {
            on_air.fade = Some(cause);
            orders.push(Order::Player(Command::Fade { token: on_air.token }));
        }
    }

    pub(super) fn terminate(&mut self, orders: &mut Vec<Order>) {
        self.ending = true;
        self.drop_loaded(orders);
        self.fade(Fade::Sigterm, orders);
    }
}

impl OnAir {
    /// Sent items under their index in the plan.
    fn by_plan(&self, sent: &[Sent]) -> Vec<Sent> {
        sent.iter().filter_map(|s| Some(Sent { item: *self.items.get(s.item)?, ..s.clone() })).collect()
    }

    fn outcome(&self, how: &Ended, sent: &[Sent]) -> OutcomeRecord {
        let sent = self.by_plan(sent);
        let nothing = sent.iter().all(|s| s.frames.0 == 0);
        let (outcome, why, by) = match (how, &self.fade) {
            (Ended::Faded, Some(Fade::Preempted(by))) => (Outcome::Preempted, None, Some(by.clone())),
            (Ended::Faded, Some(Fade::Sigterm)) => (Outcome::Interrupted, Some(Why::Sigterm), None),
            (Ended::Faded, Some(Fade::Hold)) if nothing => (Outcome::Missed, Some(Why::Hold), None),
            (Ended::Faded, Some(Fade::Hold)) => (Outcome::Partial, Some(Why::Hold), None),
            (Ended::Faded, Some(Fade::Withdrawn)) => (Outcome::Partial, Some(Why::Withdrawn), None),
            (Ended::Faded, _) => (Outcome::Partial, Some(Why::Stopped), None),
            (Ended::Device, _) if nothing => (Outcome::Missed, Some(Why::Device), None),
            (Ended::Device, _) => (Outcome::Partial, Some(Why::Device), None),
            (Ended::Time, _) if nothing => (Outcome::Missed, Some(Why::Late), None),
            (Ended::Time, _) => (Outcome::Partial, Some(Why::Time), None),
            (Ended::Short, _) => (Outcome::Partial, Some(Why::Frames), None),
            (Ended::Complete, _) if self.dropped.missing || self.dropped.integrity => {
                (Outcome::Partial, Some(Why::MissingItem), None)
            }
            (Ended::Complete, _) => (Outcome::Played, None, None),
        };
        let first = sent.iter().filter_map(|s| s.first_frame).min();
        let item = |s: &Sent| {
            let b = &self.planned.items[s.item];
            SentItem {
                bulletin: b.id.clone(),
                sha256: b.sha256,
                frames: s.frames,
                first_frame: s.first_frame,
            }
        };
        OutcomeRecord {
            occurrence: self.planned.of.clone(),
            outcome,
            why,
            by,
            items: sent.iter().map(item).collect(),
            late_us: first.and_then(|f| (f - self.planned.of.due).num_microseconds()),
            run: None,
        }
    }
}
