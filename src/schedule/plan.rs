//! What a station owes in a span of time. One pure function, the same on station, office and hub.
//!
//! It works in two steps: `due` lists occurrences slot by slot, [`Pa`] walks through them as the one PA would, since
//! who waits, who loses and which cap is reached depends on what sounded before.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
    ops::Range,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{
    file::{Entry, Pick, Slot},
    occurrence::{Class, Occurrence, Planned, Will},
    place::{self, Stretch},
    world::{AreaPlan, SlotPlan, World},
};
use crate::{
    bulletin::{Frames, Kind},
    text::{Text, schedule as words},
};

/// Sound after a shorter pause belongs to the same session.
pub const SESSION_PAUSE: TimeDelta = TimeDelta::minutes(5);

/// What becomes of an occurrence, for those who ask more than [`Will`] tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It starts then: when due, or later because it waited.
    Starts(DateTime<Utc>),
    /// Another had the PA until it was too late.
    Loses,
    /// Due outside airtime.
    OutsideAirtime,
    /// No item is valid then, or only chimes are.
    NothingToPlay,
    /// Not one bulletin fits in what this limit leaves.
    NoRoom(Limit),
    /// The station has sounded enough that day.
    DailyCap,
}

/// What bounds an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The slot's own `max_duration`, or the longest session where that is shorter.
    Duration,
    /// The longest session, of which sound just before took a part.
    Session,
    /// The end of airtime.
    Airtime,
}

/// All occurrences due in `span` (half-open), in order of `due`, then of who goes first.
///
/// The PA is followed from the midnight before the day before `span`, so that any two spans agree on what they share.
/// (Only sound without a pause through that whole day could still tell them apart.)
pub fn plan(world: &World, span: Range<DateTime<Utc>>) -> Vec<Planned> {
    judged(world, span).into_iter().map(|judged| judged.planned).collect()
}

/// An occurrence and what becomes of it.
#[derive(Debug)]
pub struct Judged {
    /// As [`plan`] gives it.
    pub planned: Planned,
    /// What its `will` says in words.
    pub verdict: Verdict,
    /// `airtime_end` is the end of the session.
    by_session: bool,
}

impl Judged {
    /// The limit that keeps some of its items from starting, if it starts at all.
    pub fn cut_by(&self) -> Option<Limit> {
        let Verdict::Starts(at) = self.verdict else { return None };
        let started = self.planned.starting(at).len();
        (started < self.planned.items.len()).then(|| first_limit(&self.planned, self.by_session, at))
    }
}

/// [`plan`] with verdicts.
pub fn judged(world: &World, span: Range<DateTime<Utc>>) -> Vec<Judged> {
    // Days of schedules lie within these; room is left for what is added to instants.
    let first = DateTime::from_timestamp(-86_400 * 365, 0).unwrap_or_default();
    let last = DateTime::from_timestamp(86_400 * 366 * 140, 0).unwrap_or_default();
    let span = span.start.max(first)..span.end.min(last);
    if span.start >= span.end {
        return Vec::new();
    }
    let zone = world.policy.timezone;
    let slots = || world.areas.iter().flat_map(AreaPlan::selected);
    // What comes due later can still take the turn of one that waits.
    let ahead = slots().map(|slot| slot.start_within).max().unwrap_or_default();
    let eve = place::day(zone, span.start).pred_opt().unwrap_or(NaiveDate::MIN);
    let start = place::midnight(zone, eve);
    let end = span.end.checked_add_signed(ahead).unwrap_or(span.end);
    let stretches = place::stretches(zone, start, end);

    let mut all = Vec::new();
    for area in &world.areas {
        for slot in &area.slots {
            due(world, area, slot, &stretches, start..end, &mut all);
        }
    }
    all.sort_by(|a: &Judged, b| {
        (a.planned.of.due, turn(&a.planned)).cmp(&(b.planned.of.due, turn(&b.planned)))
    });
    Pa::new(world, start).walk(&mut all);
    all.retain(|j| span.contains(&j.planned.of.due));
    all
}

/// Who goes first: class, then province before area, then due, then slot id.
fn turn(p: &Planned) -> (Reverse<Class>, usize, DateTime<Utc>, &str) {
    (Reverse(p.class), p.rank, p.of.due, p.of.slot.as_str())
}

/// The occurrences of one slot, before the PA has its say.
fn due(
    world: &World,
    area: &AreaPlan,
    plan: &SlotPlan,
    stretches: &[Stretch],
    span: Range<DateTime<Utc>>,
    out: &mut Vec<Judged>,
) {
    let zone = world.policy.timezone;
    let (schedule, slot) = (&area.schedule, area.slot(plan));
    let from = span.start.max(place::midnight(zone, schedule.from));
    let to = span.end.min(end_of(zone, schedule.until));
    if from >= to {
        return;
    }
    let rotates = slot.playlist.iter().any(|e| matches!(e, Entry::Category { pick: Pick::Rotate, .. }));
    let before = if rotates { plan.before.get_or_init(|| before(world, area, slot)).as_slice() } else { &[] };
    let longest = slot.max_duration.unwrap_or(TimeDelta::MAX).min(world.policy.longest_session);
    let (mut today, mut turn) = (NaiveDate::MIN, 0);
    for at in slot.cron.fires_on(stretches.iter().cloned(), from, to) {
        let day = place::day(zone, at);
        if !world.plays_on(schedule, day) {
            continue;
        }
        if day != today {
            let index = (day - schedule.from).num_days();
            (today, turn) = (day, before.get(index as usize).copied().unwrap_or(0));
        }
        let choose = |entry| world.works.choose(entry, u64::from(turn), at);
        let items: Vec<_> = slot.playlist.iter().flat_map(choose).collect();
        let airtime_end = world.policy.airtime_end(at);
        turn += 1;
        let mut planned = Planned {
            of: Occurrence { area: schedule.area.clone(), slot: slot.id.clone(), due: at, repeat: None },
            start_by: at + slot.start_within,
            class: slot.class,
            rank: area.rank,
            level_cdb: slot.level_cdb,
            max_duration: Frames::within(longest),
            airtime_end: airtime_end.unwrap_or(at),
            items,
            will: Will::Play,
        };
        let mut verdict = Verdict::Starts(at);
        if airtime_end.is_none() {
            planned.will = Will::Skip(words::outside_airtime());
            verdict = Verdict::OutsideAirtime;
        } else if !planned.items.iter().any(|b| b.meta.kind == Kind::Bulletin) {
            planned.items.clear();
            planned.will = Will::Skip(words::nothing_to_play());
            verdict = Verdict::NothingToPlay;
        }
        planned.level_cdb = world.policy.level(slot.level_cdb, at, at + planned.frames().span());
        out.push(Judged { planned, verdict, by_session: false });
    }
}

/// Occurrences of a slot before each day of its schedule.
fn before(world: &World, area: &AreaPlan, slot: &Slot) -> Vec<u32> {
    let zone = world.policy.timezone;
    let schedule = &area.schedule;
    let days = (schedule.until - schedule.from).num_days().max(0) as usize + 1;
    let mut counts = vec![0u32; days];
    for at in slot.cron.fires(zone, place::midnight(zone, schedule.from), end_of(zone, schedule.until)) {
        let day = place::day(zone, at);
        if world.plays_on(schedule, day)
            && let Some(count) = counts.get_mut((day - schedule.from).num_days() as usize)
        {
            *count += 1;
        }
    }
    let mut sum = 0;
    for count in &mut counts {
        sum += std::mem::replace(count, sum);
    }
    counts
}

fn end_of(zone: chrono_tz::Tz, day: NaiveDate) -> DateTime<Utc> {
    place::midnight(zone, day.succ_opt().unwrap_or(day))
}

/// The one PA of the station, followed through a plan.
struct Pa<'a> {
    world: &'a World,
    /// When the last sound ended.
    free: DateTime<Utc>,
    /// What sounded last.
    last: Option<usize>,
    /// When the session of the last sound began.
    session: DateTime<Utc>,
    /// Sound of each local day.
    used: BTreeMap<NaiveDate, TimeDelta>,
}

impl<'a> Pa<'a> {
    fn new(world: &'a World, start: DateTime<Utc>) -> Self {
        Self { world, free: start, last: None, session: start, used: BTreeMap::new() }
    }

    /// Gives each occurrence its turn. `all` stands in order of `due`.
    fn walk(mut self, all: &mut [Judged]) {
        // Ranks by `turn`, so that the heap need not borrow what it decides on.
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by(|a, b| turn(&all[*a].planned).cmp(&turn(&all[*b].planned)));
        let mut rank = vec![0; all.len()];
        for (place, index) in order.into_iter().enumerate() {
            rank[index] = place;
        }
        let mut waiting = BinaryHeap::new();
        let (mut next, mut now) = (0, self.free);
        loop {
            now = now.max(self.free);
            if waiting.is_empty() {
                match all.get(next) {
                    Some(next) => now = now.max(next.planned.of.due),
                    None => return,
                }
            }
            while let Some(judged) = all.get(next).filter(|j| j.planned.of.due <= now) {
                if judged.planned.will == Will::Play {
                    waiting.push(Reverse((rank[next], next)));
                }
                next += 1;
            }
            if let Some(Reverse((_, index))) = waiting.pop() {
                let after = self
                    .last
                    .map(|last| words::slot_of(&all[last].planned.of.slot, &all[last].planned.of.area));
                self.turn(&mut all[index], index, now, after.unwrap_or_else(words::another));
            }
        }
    }

    /// The PA is free at `now`, after `other`, and it is this one's turn.
    fn turn(&mut self, judged: &mut Judged, index: usize, now: DateTime<Utc>, other: Text) {
        let Judged { planned, verdict, by_session } = judged;
        if now > planned.start_by {
            (planned.will, *verdict) = (Will::Collide(words::loses_to(other)), Verdict::Loses);
            return;
        }
        let policy = &self.world.policy;
        let session = if now - self.free < SESSION_PAUSE && self.last.is_some() { self.session } else { now };
        let session_end = session + policy.longest_session;
        if session_end < planned.airtime_end {
            (planned.airtime_end, *by_session) = (session_end, true);
        }
        let length = Frames(planned.starting(now).iter().map(|b| b.meta.frames.0).sum()).span();
        let used = self.used.entry(place::day(policy.timezone, now)).or_default();
        if length.is_zero() {
            let limit = first_limit(planned, *by_session, now);
            (planned.will, *verdict) = (Will::Skip(limit.words()), Verdict::NoRoom(limit));
        } else if *used + length > policy.daily_cap {
            (planned.will, *verdict) = (Will::Skip(words::over_daily_cap()), Verdict::DailyCap);
        } else {
            if now > planned.of.due {
                let from = now.with_timezone(&policy.timezone).format("%H:%M:%S").to_string();
                planned.will = Will::Collide(words::waits_for(other, from));
            }
            *verdict = Verdict::Starts(now);
            planned.level_cdb = policy.level(planned.level_cdb, now, now + length);
            *used += length;
            (self.session, self.free, self.last) = (session, now + length, Some(index));
        }
    }
}

impl Limit {
    /// Why nothing fits, for people.
    fn words(self) -> Text {
        match self {
            Self::Duration => words::over_max_duration(),
            Self::Session => words::over_session(),
            Self::Airtime => words::over_airtime(),
        }
    }
}

/// Which limit comes first for a start at `at`.
fn first_limit(planned: &Planned, by_session: bool, at: DateTime<Utc>) -> Limit {
    if at + planned.max_duration.span() <= planned.airtime_end {
        Limit::Duration
    } else if by_session {
        Limit::Session
    } else {
        Limit::Airtime
    }
}
