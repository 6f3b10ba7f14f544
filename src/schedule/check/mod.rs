//! Whether a schedule fits policy, recordings and stations: every fault at once, each with its place and remedy.
//!
//! `entries` looks at the file slot by slot; `stations` plans it for every kind of station that it reaches and reports
//! what would not sound as written. Offices run this before they push; a station never needs it.

mod entries;
mod stations;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};

use super::{
    file::Schedule,
    place,
    policy::Policy,
    registry::{AreaStations, Registry},
    scalar::Form,
    world,
    yaml::Positions,
};
use crate::{bulletin::Bulletin, fault::Faults, feed::Feed, ids::BulletinId, text::schedule as words};

/// What a schedule is checked against. What is not given is not checked.
#[derive(Debug, Default, Clone)]
pub struct Given {
    /// The province's rules.
    pub policy: Option<Arc<Policy>>,
    /// The stations.
    pub registry: Option<Arc<Registry>>,
    /// What areas add to stations.
    pub area_stations: Vec<AreaStations>,
    /// Schedules of other areas, which use the same PAs.
    pub others: Vec<Arc<Schedule>>,
    /// Approved recordings.
    pub bulletins: Option<BTreeMap<BulletinId, Arc<Bulletin>>>,
    /// Ids that never sound again.
    pub withdrawn: BTreeSet<String>,
}

impl Given {
    /// All of a feed.
    ///
    /// # Errors
    /// Policy or registry do not hold. Broken files of areas are left out.
    pub fn from_feed(feed: &Feed) -> Result<Self, Faults> {
        let policy = feed.policy.as_ref().map(|_| world::read_policy(feed)).transpose()?;
        let registry = feed.registry.as_ref().map(|_| world::read_registry(feed)).transpose()?;
        let bulletins = feed.bulletins.iter().filter(|(id, _)| !feed.withdrawn.contains(id.as_str()));
        let others = policy.as_ref().map_or(Vec::new(), |policy| {
            feed.schedules
                .keys()
                .filter_map(|area| world::area_schedule(feed, area, policy).ok().flatten())
                .collect()
        });
        Ok(Self {
            policy: policy.map(Arc::new),
            registry: registry.map(Arc::new),
            area_stations: feed
                .area_stations
                .keys()
                .filter_map(|a| world::area_stations(feed, a).ok()?)
                .collect(),
            others,
            bulletins: Some(bulletins.map(|(id, b)| (id.clone(), Arc::clone(b))).collect()),
            withdrawn: feed.withdrawn.clone(),
        })
    }
}

/// Checks a schedule that has been read. Occurrences before `now` are past mending and are not looked at.
///
/// # Errors
/// All faults, in the order of places.
pub fn check(
    schedule: &Arc<Schedule>,
    positions: &Positions,
    given: &Given,
    now: DateTime<Utc>,
) -> Result<(), Faults> {
    let mut form = Form::new(positions, Faults::default());
    zone(&mut form, schedule, given);
    let zone = given.policy.as_ref().map_or(schedule.timezone, |p| p.timezone);
    let end = place::midnight(zone, schedule.until.succ_opt().unwrap_or(schedule.until));
    let start = place::midnight(zone, schedule.from);
    let span = start.max(now)..end;
    if now >= end && given.bulletins.is_some() {
        form.wrong(
            "valid.until",
            words::schedule_over(schedule.until.to_string()),
            words::schedule_over_remedy(),
        );
    }
    let sound = form.faults.0.is_empty();
    let faulty = entries::check(&mut form, schedule, given, start..end, span.clone());
    if sound {
        stations::check(&mut form, schedule, &faulty, given, span);
    }
    form.faults.or(())
}

fn zone(form: &mut Form<'_>, schedule: &Schedule, given: &Given) {
    if let Some(policy) = given.policy.as_ref().filter(|p| p.timezone != schedule.timezone) {
        let what = words::other_zone(schedule.timezone.name(), policy.timezone.name());
        form.wrong("timezone", what, words::other_zone_remedy());
    }
}

/// Checks what an area adds: stations that are registered and obey it.
///
/// # Errors
/// All faults, in the order of places.
pub fn area_stations(stations: &AreaStations, positions: &Positions, given: &Given) -> Result<(), Faults> {
    let mut form = Form::new(positions, Faults::default());
    let Some(registry) = &given.registry else { return Ok(()) };
    for (i, id) in stations.order.iter().enumerate() {
        if !registry.stations.get(id).is_some_and(|entry| entry.areas.contains(&stations.area)) {
            form.wrong(&format!("stations[{i}].id"), words::not_in_area(id), words::selector_remedy());
        }
    }
    form.faults.or(())
}
