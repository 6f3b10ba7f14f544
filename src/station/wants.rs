//! Which recordings of its feed a station fetches: those that it may air, and first those that it airs within a day. Of
//! a work in six languages that is the one that is spoken there, not six times its 4G.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use super::sync::Want;
use crate::{
    bulletin::Bulletin,
    digest::Digest,
    feed::{Feed, Signed, Who},
    ids::BulletinId,
    schedule::{plan::plan, world::World},
};

/// How long the look ahead is good.
const AGE: TimeDelta = TimeDelta::hours(1);

/// What one feed means for one station.
#[derive(Debug)]
pub struct Needs {
    /// Recordings that it may never air.
    spared: BTreeSet<BulletinId>,
    /// When it airs others for the first time within a day and an hour.
    planned: BTreeMap<BulletinId, DateTime<Utc>>,
}

impl Needs {
    /// Of `feed`, for `who`, at `now`. A station that is not in the registry yet, or without a policy, may be told
    /// anything: it needs all. Recordings that were made for urgent orders are needed in every language.
    pub fn of(feed: &Feed, who: &Who, now: DateTime<Utc>) -> Self {
        let Some(world) = World::for_station(feed, &who.station).ok().filter(|w| w.entry.key == who.key)
        else {
            return Self { spared: BTreeSet::new(), planned: BTreeMap::new() };
        };
        let spared =
            feed.bulletins.values().filter(|b| !feed.urgent_audio.contains(&b.id) && !world.may_air(b, now));
        let mut planned = BTreeMap::new();
        for occurrence in plan(&world, now..now + TimeDelta::days(1) + AGE) {
            for item in &occurrence.items {
                planned.entry(item.id.clone()).or_insert(occurrence.of.due);
            }
        }
        Self { spared: spared.map(|b| b.id.clone()).collect(), planned }
    }

    /// How much it wants one of them.
    pub fn want(&self, id: &BulletinId) -> Want {
        match self.planned.get(id) {
            Some(due) => Want::At(*due),
            None if self.spared.contains(id) => Want::No,
            None => Want::SomeTime,
        }
    }
}

/// [`Needs`], made anew when the feed changes or an hour has passed.
#[derive(Debug)]
pub struct Wants {
    who: Who,
    memo: Mutex<Option<(Mark, DateTime<Utc>, Needs)>>,
}

/// Tells one feed from the next.
type Mark = (BTreeMap<String, u64>, Vec<Digest>, usize, usize);

impl Wants {
    /// Of one station.
    pub fn new(who: Who) -> Self {
        Self { who, memo: Mutex::new(None) }
    }

    /// How much the station wants a recording of `feed` at `now`.
    pub fn want(&self, feed: &Feed, bulletin: &Bulletin, now: DateTime<Utc>) -> Want {
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = mark(feed);
        match &*memo {
            Some((of, at, needs)) if *of == mark && (*at..*at + AGE).contains(&now) => {
                needs.want(&bulletin.id)
            }
            _ => {
                let needs = Needs::of(feed, &self.who, now);
                let want = needs.want(&bulletin.id);
                *memo = Some((mark, now, needs));
                want
            }
        }
    }
}

fn mark(feed: &Feed) -> Mark {
    let files = feed.policy.iter().chain(&feed.registry);
    let files = files.chain(feed.schedules.values()).chain(feed.area_stations.values());
    let files = files.map(|signed: &Signed| signed.sha256).collect();
    (feed.versions.clone(), files, feed.bulletins.len(), feed.withdrawn.len())
}
