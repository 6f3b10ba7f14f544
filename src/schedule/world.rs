//! All that decides what one station owes: its registry entry, the policy, its areas' schedules, the recordings.
//!
//! Made once for each feed, then asked again and again: crontab lines are parsed, works are indexed by category.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    file::{Entry, Schedule, Slot},
    policy::Policy,
    registry::{AreaStations, Registry, StationEntry},
    rotation::Works,
};
use crate::{
    bulletin::{Bulletin, Kind, LangTag},
    fault::{Fault, Faults, Place},
    feed::{Feed, roles},
    ids::{AreaId, BulletinId, StationId},
    text::schedule as words,
};

/// What a station plans from. Equal feeds give equal worlds, on every box.
#[derive(Debug)]
pub struct World {
    /// The station's entry. Whoever plays must hold [`StationEntry::key`]: an entry with another key is not its own.
    pub entry: StationEntry,
    /// The policy in force.
    pub policy: Arc<Policy>,
    /// The station's tags, those that its areas add included.
    pub tags: BTreeSet<String>,
    /// Its languages in order of preference: the registry's, then those that its areas add, then the policy's.
    pub languages: Vec<LangTag>,
    /// Its areas that have a schedule, in order of rank.
    pub areas: Vec<AreaPlan>,
    /// Areas left out because their files do not hold, for status and log.
    pub warnings: Faults,
    pub(super) works: Works,
}

/// One area's schedule, for this station.
#[derive(Debug)]
pub struct AreaPlan {
    /// Index in the registry entry: 0 goes first.
    pub rank: usize,
    /// The schedule as signed.
    pub schedule: Arc<Schedule>,
    /// Its slots that select this station.
    pub(super) slots: Vec<SlotPlan>,
}

/// A slot that selects this station, and a memo.
#[derive(Debug)]
pub(super) struct SlotPlan {
    /// Index into the schedule's slots.
    pub index: usize,
    /// Occurrences before each local day since the schedule's first; made when first asked for.
    pub before: OnceLock<Vec<u32>>,
}

impl AreaPlan {
    pub(super) fn slot(&self, plan: &SlotPlan) -> &Slot {
        &self.schedule.slots[plan.index]
    }

    /// The slots that select this station.
    pub fn selected(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().map(|plan| self.slot(plan))
    }
}

impl World {
    /// What the feed says of a station. A broken file of one area hurts that area alone: it is left out, and
    /// [`World::warnings`] says why.
    ///
    /// # Errors
    /// No policy or registry, one that does not hold, or no entry for the station: then it owes silence.
    pub fn for_station(feed: &Feed, station: &StationId) -> Result<Self, Faults> {
        let policy = read_policy(feed)?;
        let signed = feed.registry.as_ref().ok_or_else(|| missing(roles::REGISTRY))?;
        let registry = Registry::read_own(roles::REGISTRY, &signed.text, station)?;
        let Some(entry) = registry.stations.get(station) else {
            let what = words::not_registered(station);
            return Err(Faults::one(Place::file(roles::REGISTRY), what, words::not_registered_remedy()));
        };
        let mut warnings = Faults::default();
        let mut schedules = Vec::new();
        let mut added = Vec::new();
        for area in &entry.areas {
            match area_schedule(feed, area, &policy) {
                Ok(schedule) => schedules.extend(schedule),
                Err(faults) => warnings.0.extend(faults.0),
            }
            match area_stations(feed, area) {
                Ok(stations) => added.extend(stations),
                Err(faults) => warnings.0.extend(faults.0),
            }
        }
        let mine = |b: &&Arc<Bulletin>| {
            !feed.withdrawn.contains(b.id.as_str()) && !feed.urgent_audio.contains(&b.id)
        };
        let bulletins = feed.bulletins.values().filter(mine);
        let bulletins = bulletins.cloned().collect();
        Ok(Self { warnings, ..Self::new(entry, Arc::new(policy), &schedules, &added, bulletins) })
    }

    /// From files that have been read: what a check plans with. Schedules of areas that the entry does not name are
    /// left out.
    pub fn new(
        entry: &StationEntry,
        policy: Arc<Policy>,
        schedules: &[Arc<Schedule>],
        added: &[AreaStations],
        bulletins: Vec<Arc<Bulletin>>,
    ) -> Self {
        let mut tags = entry.tags.clone();
        let mut languages = entry.languages.clone();
        for area in added.iter().filter(|a| entry.areas.contains(&a.area)) {
            if let Some((more_tags, more_languages)) = area.stations.get(&entry.id) {
                tags.extend(more_tags.iter().cloned());
                languages.extend(more_languages.iter().cloned());
            }
        }
        languages.extend(policy.languages.iter().cloned());
        let mut seen = BTreeSet::new();
        languages.retain(|language| seen.insert(language.clone()));
        let areas = entry.areas.iter().enumerate().filter_map(|(rank, area)| {
            let schedule = schedules.iter().find(|s| s.area == *area)?;
            let picked = |(index, slot): (usize, &Slot)| {
                let plan = SlotPlan { index, before: OnceLock::new() };
                slot.stations.picks(&entry.id, &tags).then_some(plan)
            };
            let slots = schedule.slots.iter().enumerate().filter_map(picked).collect();
            Some(AreaPlan { rank, schedule: schedule.clone(), slots })
        });
        let areas = areas.collect();
        let works = Works::new(&languages, bulletins);
        Self { entry: entry.clone(), policy, tags, languages, areas, warnings: Faults::default(), works }
    }

    /// Whether an area's schedule makes occurrences on a local day.
    pub(super) fn plays_on(&self, schedule: &Schedule, day: NaiveDate) -> bool {
        schedule.plays_on(day) && !self.policy.silent_days.contains(&day)
    }

    /// Every recording that the slots of this station can name or choose: what a sync wants on disk. Ids in order.
    pub fn wanted(&self) -> BTreeMap<BulletinId, Arc<Bulletin>> {
        let slots = self.areas.iter().flat_map(AreaPlan::selected);
        let found = slots.flat_map(|slot| slot.playlist.iter()).flat_map(|entry| self.works.reach(entry));
        found.map(|b| (b.id.clone(), b)).collect()
    }

    /// Whether, from an instant on, this station could air the recording, whatever its areas write into their schedules:
    /// it is a chime, a slot names it already, or a category may choose it.
    pub fn may_air(&self, bulletin: &Bulletin, from: DateTime<Utc>) -> bool {
        let mut entries = self.areas.iter().flat_map(AreaPlan::selected).flat_map(|slot| &slot.playlist);
        let named = |entry: &Entry| matches!(entry, Entry::Bulletin(id) if *id == bulletin.id);
        bulletin.meta.kind == Kind::Chime || entries.any(named) || self.works.may_choose(bulletin, from)
    }
}

fn missing(file: &str) -> Faults {
    Faults::one(Place::file(file), words::feed_lacks(file), words::feed_lacks_remedy())
}

/// The policy of a feed.
///
/// # Errors
/// None, or one that does not hold.
pub fn read_policy(feed: &Feed) -> Result<Policy, Faults> {
    let signed = feed.policy.as_ref().ok_or_else(|| missing(roles::POLICY))?;
    Ok(Policy::read(roles::POLICY, &signed.text)?.0)
}

/// The registry of a feed.
///
/// # Errors
/// None, or one that does not hold.
pub fn read_registry(feed: &Feed) -> Result<Registry, Faults> {
    let signed = feed.registry.as_ref().ok_or_else(|| missing(roles::REGISTRY))?;
    Ok(Registry::read(roles::REGISTRY, &signed.text)?.0)
}

/// The schedule of an area, if it has one.
///
/// # Errors
/// It does not hold, names another area, or another zone than the policy.
pub fn area_schedule(feed: &Feed, area: &AreaId, policy: &Policy) -> Result<Option<Arc<Schedule>>, Faults> {
    let Some(signed) = feed.schedules.get(area) else { return Ok(None) };
    let path = roles::schedule_path(area);
    let (schedule, positions) = Schedule::read(&path, &signed.text)?;
    let mut faults = Faults(wrong_area(&path, &schedule.area, area));
    if schedule.timezone != policy.timezone {
        let what = words::other_zone(schedule.timezone.name(), policy.timezone.name());
        faults.push(positions.at("timezone"), what, words::other_zone_remedy());
    }
    faults.or(Some(Arc::new(schedule)))
}

/// What an area adds to stations, if it has such a file.
///
/// # Errors
/// It does not hold.
pub fn area_stations(feed: &Feed, area: &AreaId) -> Result<Option<AreaStations>, Faults> {
    let Some(signed) = feed.area_stations.get(area) else { return Ok(None) };
    let path = roles::area_stations_path(area);
    let (stations, _) = AreaStations::read(&path, &signed.text)?;
    Faults(wrong_area(&path, &stations.area, area)).or(Some(stations))
}

fn wrong_area(path: &str, says: &AreaId, is: &AreaId) -> Vec<Fault> {
    let fault = Fault {
        place: Place::file(path),
        what: words::wrong_area(says, is),
        remedy: words::wrong_area_remedy(is),
    };
    if says == is { Vec::new() } else { vec![fault] }
}
