//! Plans the schedule for every kind of station that it reaches, and reports what would not sound as written.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    Given,
    entries::{local, span},
};
use crate::{
    bulletin::LangTag,
    ids::{AreaId, StationId},
    schedule::{
        file::{Entry, Schedule},
        plan::{self, Judged, Limit, Verdict},
        scalar::Form,
        world::World,
    },
    text::{Text, schedule as words},
};

/// Stations that differ in none of this plan the same.
type Profile = (Vec<AreaId>, Vec<LangTag>, Vec<(usize, usize)>);

/// Slots that are `faulty` already are planned, since others may meet them, but not reported again.
pub fn check(
    form: &mut Form<'_>,
    schedule: &Arc<Schedule>,
    faulty: &BTreeSet<usize>,
    given: &Given,
    left: Range<DateTime<Utc>>,
) {
    let (Some(policy), Some(registry), Some(bulletins)) = (&given.policy, &given.registry, &given.bulletins)
    else {
        return;
    };
    let mut schedules = vec![schedule.clone()];
    schedules.extend(given.others.iter().filter(|other| other.area != schedule.area).cloned());
    let mut seen = BTreeSet::new();
    let mut found = BTreeMap::new();
    for entry in registry.stations.values().filter(|s| s.areas.contains(&schedule.area)) {
        let recordings = bulletins.values().cloned().collect();
        let world = World::new(entry, policy.clone(), &schedules, &given.area_stations, recordings);
        if seen.insert(profile(&world)) {
            station(&world, &entry.id, schedule, left.clone(), &mut found);
        }
    }
    let news = found.into_iter().filter(|((slot, _), _)| !faulty.contains(slot));
    for ((slot, _), (path, what, remedy)) in news {
        form.wrong(&path, words::in_slot(&schedule.slots[slot].id, what), remedy);
    }
}

fn profile(world: &World) -> Profile {
    let slots = world.areas.iter().flat_map(|a| a.slots.iter().map(|s| (a.rank, s.index)));
    (world.entry.areas.clone(), world.languages.clone(), slots.collect())
}

/// One fault a slot and kind: path, what, remedy.
type Found = BTreeMap<(usize, u8), (String, Text, Text)>;

fn station(
    world: &World,
    id: &StationId,
    schedule: &Schedule,
    left: Range<DateTime<Utc>>,
    found: &mut Found,
) {
    let index: BTreeMap<_, _> = schedule.slots.iter().enumerate().map(|(i, s)| (s.id.clone(), i)).collect();
    for judged in plan::judged(world, left) {
        let of = &judged.planned.of;
        let Some(&slot) = index.get(&of.slot).filter(|_| of.area == schedule.area) else { continue };
        for (j, entry) in schedule.slots[slot].playlist.iter().enumerate() {
            if let Entry::Category { category, .. } = entry
                && world.works.choose(entry, 0, of.due).is_empty()
            {
                let at = local(world.policy.timezone, of.due);
                let what = words::category_empty(category.as_str(), id, at);
                let path = format!("slots[{slot}].playlist[{j}].category");
                found.entry((slot, 10 + j as u8)).or_insert((path, what, words::category_empty_remedy()));
            }
        }
        if let Some((kind, field, what, remedy)) = verdict(world, id, &judged) {
            found.entry((slot, kind)).or_insert_with(|| (format!("slots[{slot}].{field}"), what, remedy));
        }
    }
}

fn verdict(world: &World, id: &StationId, judged: &Judged) -> Option<(u8, &'static str, Text, Text)> {
    let planned = &judged.planned;
    let at = local(world.policy.timezone, planned.of.due);
    let length = || span(planned.frames().span());
    Some(match judged.verdict {
        Verdict::Loses => {
            let crate::schedule::occurrence::Will::Collide(why) = &planned.will else { return None };
            (0, "cron", words::at_station(at, id, why), words::collide_remedy())
        }
        Verdict::DailyCap => {
            let cap = span(world.policy.daily_cap);
            (1, "cron", words::at_station(at, id, words::daily_cap_of(cap)), words::daily_cap_remedy())
        }
        Verdict::OutsideAirtime | Verdict::NothingToPlay => return None,
        Verdict::Starts(_) | Verdict::NoRoom(_) => {
            let limit = match judged.verdict {
                Verdict::NoRoom(limit) => limit,
                _ => judged.cut_by()?,
            };
            match limit {
                Limit::Duration => {
                    let room = span(planned.max_duration.span());
                    let what = words::list_too_long(length(), room, at, id);
                    (2, "max_duration", what, words::list_too_long_remedy())
                }
                Limit::Session => {
                    let most = span(world.policy.longest_session);
                    (3, "cron", words::session_too_long(most, at, id), words::session_remedy())
                }
                Limit::Airtime => {
                    let end = local(world.policy.timezone, planned.airtime_end);
                    (
                        4,
                        "cron",
                        words::runs_over_airtime(length(), at, id, end),
                        words::runs_over_airtime_remedy(),
                    )
                }
            }
        }
    })
}
