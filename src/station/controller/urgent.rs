//! Urgent orders become occurrences: (order, repeat), due once their audio is here, over airtime and office holds.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Controller, LOAD_LEAD,
    state::{OnAir, Recovered},
};
use crate::{
    asrun::record::{Outcome, Why},
    bulletin::{Bulletin, Frames, RATE},
    clock::Moment,
    feed::UrgentOrder,
    ids::{AreaId, SlotId},
    playout::Sent,
    schedule::occurrence::{Class, Occurrence, Planned, Will},
};

/// An urgent order is due no sooner after its audio was verified than `warm_up` and this.
const AFTER_AUDIO: TimeDelta = TimeDelta::milliseconds(500);

/// What is remembered of urgent orders.
#[derive(Debug, Default)]
pub(super) struct Urgents {
    orders: BTreeMap<SlotId, State>,
    /// Ends and lengths of airings in the last 24 hours.
    aired: VecDeque<(DateTime<Utc>, Frames)>,
}

#[derive(Debug, Default, Clone)]
struct State {
    /// Airings that have their outcome.
    done: u32,
    /// End of the last one.
    ended: Option<DateTime<Utc>>,
    /// Due instant of the next, once known.
    due: Option<DateTime<Utc>>,
    /// In the waiting room, or on the air.
    under_way: bool,
    /// Played out, recalled or ended: never again.
    over: bool,
}

impl Urgents {
    pub(super) fn recover(recovered: &Recovered) -> Self {
        let mut orders: BTreeMap<SlotId, State> = BTreeMap::new();
        for (id, repeats) in recovered.done.urgents() {
            orders.entry(id.clone()).or_default().done = repeats.iter().max().copied().unwrap_or(0);
        }
        let mut aired = VecDeque::new();
        for (id, end, frames) in &recovered.urgent_aired {
            orders.entry(id.clone()).or_default().ended = Some(*end);
            aired.push_back((*end, *frames));
        }
        Self { orders, aired }
    }

    /// What was not due yet left the waiting room: it is looked at anew.
    pub(super) fn give_back(&mut self, id: &SlotId) {
        if let Some(state) = self.orders.get_mut(id) {
            state.under_way = false;
        }
    }

    /// An airing has its outcome.
    pub(super) fn settled(&mut self, of: &Occurrence, at: DateTime<Utc>) {
        let state = self.orders.entry(of.slot.clone()).or_default();
        state.done = state.done.max(of.repeat.unwrap_or(0));
        state.ended = Some(at);
        state.due = None;
        state.under_way = false;
    }

    fn aired_since(&mut self, since: DateTime<Utc>) -> Frames {
        while self.aired.front().is_some_and(|(end, _)| *end < since) {
            self.aired.pop_front();
        }
        Frames(self.aired.iter().map(|(_, frames)| frames.0).sum())
    }
}

impl Controller {
    /// Moves urgent orders that are due (soon) to the waiting room.
    pub(super) fn urgent_due(&mut self, now: Moment, orders: &mut Vec<super::Order>) {
        let Some(in_force) = &self.in_force else { return };
        let all = in_force.urgents.clone();
        for (order, audio) in all {
            let state = self.urgent.orders.entry(order.id.clone()).or_default();
            if state.over || state.under_way || now.wall < order.not_before - LOAD_LEAD {
                continue;
            }
            let held = self.held.contains(&audio.sha256);
            if state.due.is_none() && (held || state.done > 0) {
                let first = order.not_before.max(now.wall + self.settings.warm_up + AFTER_AUDIO);
                let again = state.ended.map(|end| end + TimeDelta::seconds(i64::from(order.gap_s)));
                state.due = Some(if state.done == 0 { first } else { again.unwrap_or(first) });
            }
            let never_here = state.due.is_none() && state.done == 0;
            let ended = now.wall >= order.until || state.due.is_some_and(|due| due >= order.until);
            if state.done >= order.repeats || ended {
                state.over = true;
                if ended && never_here && order.repeats > 0 {
                    let of = occurrence(&order, 1, order.not_before);
                    self.settle_silent(of, Outcome::Missed, Why::NothingToPlay, orders);
                }
                continue;
            }
            if let Some(due) = state.due.filter(|due| *due - LOAD_LEAD <= now.wall) {
                state.under_way = true;
                let repeat = state.done + 1;
                self.urgent_waits(now, &order, &audio, repeat, due, orders);
            }
        }
    }

    fn urgent_waits(
        &mut self,
        now: Moment,
        order: &UrgentOrder,
        audio: &Arc<Bulletin>,
        repeat: u32,
        due: DateTime<Utc>,
        orders: &mut Vec<super::Order>,
    ) {
        let of = occurrence(order, repeat, due);
        let (level_cdb, cap) =
            self.in_force.as_ref().map_or((0, Frames(0)), |f| (f.urgent_level_cdb, f.urgent_daily_cap));
        // Any 24 hours, so that two caps do not meet at midnight.
        let aired = self.urgent.aired_since(now.wall - TimeDelta::hours(24));
        if aired.0 + audio.meta.frames.0 > cap.0 {
            self.settle_silent(of, Outcome::Missed, Why::Busy, orders);
            return;
        }
        let planned = Planned {
            of,
            start_by: order.until,
            class: Class::Urgent,
            rank: 0,
            level_cdb,
            max_duration: Frames(audio.meta.frames.0 + 10 * u64::from(RATE)),
            airtime_end: order.until + TimeDelta::hours(1),
            items: vec![audio.clone()],
            will: Will::Play,
        };
        self.wait_for(planned);
    }

    /// Counts what was sent of an urgent airing.
    pub(super) fn urgent_ended(&mut self, ended: &OnAir, now: Moment, sent: &[Sent]) {
        if ended.planned.of.repeat.is_some() {
            let frames = sent.iter().map(|s| s.frames.0).sum();
            self.urgent.aired.push_back((now.wall, Frames(frames)));
        }
    }

    pub(super) fn urgent_wakes(&self) -> Vec<DateTime<Utc>> {
        let mut at = Vec::new();
        for (order, _) in self.in_force.iter().flat_map(|f| &f.urgents) {
            let state = self.urgent.orders.get(&order.id).cloned().unwrap_or_default();
            if !state.over {
                at.extend([order.not_before - LOAD_LEAD, order.until]);
                at.extend(state.due.map(|due| due - LOAD_LEAD));
            }
        }
        at
    }
}

fn occurrence(order: &UrgentOrder, repeat: u32, due: DateTime<Utc>) -> Occurrence {
    Occurrence { area: AreaId::urgent(), slot: order.id.clone(), due, repeat: Some(repeat) }
}
