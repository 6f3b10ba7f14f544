//! From a verified feed to what the controller goes by.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::controller::{InForce, Plans};
use crate::{
    asrun::record::Applied,
    bulletin::Frames,
    fault::{Faults, Place},
    feed::{Feed, Who, roles},
    ids::AreaId,
    schedule::{occurrence::Planned, plan::plan, world::World},
    text::{feed::registry_other_key, station::register_again},
};

impl Plans for World {
    fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Planned> {
        plan(self, from..to)
    }
}

/// Nothing is owed.
struct Silence;

impl Plans for Silence {
    fn between(&self, _: DateTime<Utc>, _: DateTime<Utc>) -> Vec<Planned> {
        Vec::new()
    }
}

/// What is in force while [`take`] fails: silence, also for a station that played until the registry dropped it.
pub fn silence(feed: &Feed) -> InForce {
    InForce {
        plans: Box::new(Silence),
        urgents: Vec::new(),
        urgent_level_cdb: 0,
        urgent_daily_cap: Frames(0),
        withdrawn: feed.withdrawn.clone(),
        applied: Applied { feed: feed.versions.clone(), policy: None, schedules: BTreeMap::new() },
    }
}

/// What came into force, and what of it does not hold.
pub struct Taken {
    /// For the controller.
    pub in_force: InForce,
    /// The zone of dates.
    pub zone: chrono_tz::Tz,
    /// Areas left out, and why.
    pub left_out: Faults,
}

/// What `feed` means for the box `who`.
///
/// # Errors
/// No policy, no registry, no entry with this box's key: the station owes silence, and these are the reasons.
pub fn take(feed: &Feed, who: &Who) -> Result<Taken, Faults> {
    let mut world = World::for_station(feed, &who.station)?;
    if world.entry.key != who.key {
        let place = Place::file(roles::REGISTRY);
        return Err(Faults::one(place, registry_other_key(&who.station), register_again()));
    }
    let left_out = std::mem::take(&mut world.warnings);
    let mine: BTreeSet<&AreaId> = feed.areas.iter().collect();
    let urgents = feed.urgents.values().filter(|order| order.areas.iter().any(|a| mine.contains(a)));
    let urgents = urgents
        .filter_map(|order| Some((order.clone(), feed.bulletins.get(&order.audio)?.clone())))
        .collect();
    let schedules: BTreeMap<AreaId, _> =
        feed.schedules.iter().map(|(area, s)| (area.clone(), s.sha256)).collect();
    let applied =
        Applied { feed: feed.versions.clone(), policy: feed.policy.as_ref().map(|p| p.sha256), schedules };
    let zone = world.policy.timezone;
    let in_force = InForce {
        urgent_level_cdb: world.policy.urgent.level_cdb,
        urgent_daily_cap: Frames::within(world.policy.urgent.daily_cap),
        urgents,
        withdrawn: feed.withdrawn.clone(),
        applied,
        plans: Box::new(world),
    };
    Ok(Taken { in_force, zone, left_out })
}
