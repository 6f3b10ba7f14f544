//! What a person at the box may do. Each deed is a record; none makes anything sound.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Controller, Event, Order, Settings,
    state::{Device, Fade},
};
use crate::{
    asrun::record::{Action, Body, Hold, Outcome, Release, Why},
    clock::Moment,
    ids::SlotId,
    playout::{self, Ended},
    schedule::occurrence::{Class, Occurrence},
    text::{Text, station as say},
};

/// An operator may take the PA for so long at once.
pub const LONGEST_HOLD: TimeDelta = TimeDelta::hours(4);

impl Controller {
    /// Takes the PA: what sounds fades, what is due waits. Again: the new span replaces the old one.
    ///
    /// # Errors
    /// Longer than [`LONGEST_HOLD`] or not positive.
    pub fn hold(&mut self, now: Moment, span: TimeDelta, reason: &str) -> Result<Vec<Order>, Text> {
        if span > LONGEST_HOLD || span <= TimeDelta::zero() {
            return Err(say::hold_too_long(LONGEST_HOLD.num_hours()));
        }
        let until = now.wall + span;
        self.hold = Some(until);
        let mut orders = vec![Order::Record(Body::Hold(Hold { area: None, until, reason: reason.into() }))];
        self.drop_loaded(&mut orders);
        self.fade(Fade::Hold, &mut orders);
        orders.extend(self.step(now, Event::Tick));
        Ok(orders)
    }

    /// Gives the PA back before its time.
    ///
    /// # Errors
    /// It is not held.
    pub fn release(&mut self, now: Moment) -> Result<Vec<Order>, Text> {
        if self.hold.take().is_none() {
            return Err(say::not_held());
        }
        let mut orders = vec![Order::Record(Body::Release(Release { area: None, expired: false }))];
        orders.extend(self.step(now, Event::Tick));
        Ok(orders)
    }

    /// Another sink, or another warm-up, from now on. Only while [`Controller::is_quiet`].
    pub fn set_settings(&mut self, now: Moment, settings: Settings) -> Vec<Order> {
        let mut orders = Vec::new();
        self.drop_loaded(&mut orders);
        self.settings = settings;
        self.device = Device::Closed;
        self.loss_recorded = false;
        orders.extend(self.step(now, Event::Tick));
        orders
    }

    /// The player ended by itself and took with it what it had: what sounded is cut off.
    pub fn player_died(&mut self, now: Moment) -> Vec<Order> {
        self.loaded = None;
        self.device = Device::Closed;
        let mut orders = Vec::new();
        for cut in self.on_air.take().into_iter().chain(self.fading.take()) {
            let token = cut.token;
            let sent = cut.sent.clone();
            self.on_air = Some(cut);
            let event = playout::Event::Finished { token, how: Ended::Device, sent };
            orders.extend(self.step(now, Event::Player(event)));
        }
        orders
    }

    pub(super) fn end_hold(&mut self, now: Moment, orders: &mut Vec<Order>) {
        if self.hold.is_some_and(|until| until <= now.wall) {
            self.hold = None;
            orders.push(Order::Record(Body::Release(Release { area: None, expired: true })));
        }
    }

    /// Leaves out the next occurrence of a slot of class normal; returns which one.
    ///
    /// # Errors
    /// No such slot within the plan, or one that the commune may not decline.
    pub fn decline(
        &mut self,
        now: Moment,
        slot: &SlotId,
        reason: &str,
    ) -> Result<(DateTime<Utc>, Vec<Order>), Text> {
        let mut orders = self.step(now, Event::Tick);
        let coming = self.waiting.iter().map(|w| &w.planned).chain(&self.upcoming);
        let next = coming
            .filter(|p| p.of.slot == *slot && !self.done.is_done(&p.of))
            .min_by_key(|p| p.of.due)
            .cloned();
        let next = next.ok_or_else(|| say::no_such_slot(slot))?;
        if next.class != Class::Normal {
            return Err(say::may_not_decline(slot));
        }
        let of: Occurrence = next.of.clone();
        if self.loaded.as_ref().is_some_and(|l| l.planned.of == of) {
            self.drop_loaded(&mut orders);
        }
        self.waiting.retain(|w| w.planned.of != of);
        orders.push(action("decline", Some(slot.as_str()), reason));
        self.settle_silent(of.clone(), Outcome::Skipped, Why::Declined, &mut orders);
        orders.extend(self.step(now, Event::Tick));
        Ok((of.due, orders))
    }

    /// Fades what sounds; the next slot plays as planned.
    ///
    /// # Errors
    /// Nothing sounds.
    pub fn stop(&mut self, now: Moment, reason: &str) -> Result<Vec<Order>, Text> {
        if self.on_air.is_none() {
            return Err(say::nothing_sounds());
        }
        let mut orders = vec![action("stop", None, reason)];
        self.fade(Fade::Stopped, &mut orders);
        orders.extend(self.step(now, Event::Tick));
        Ok(orders)
    }
}

/// The record of a deed.
pub fn action(what: &str, of: Option<&str>, reason: &str) -> Order {
    let reason = (!reason.is_empty()).then(|| reason.to_owned());
    Order::Record(Body::Action(Action {
        what: what.into(),
        of: of.map(str::to_owned),
        reason,
        occurrence: None,
    }))
}
