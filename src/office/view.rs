//! The feed as a station that obeyed every area would see it: what `schedule` checks a file against.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use tough::schema::{Signed as Role, Targets};

use super::{desk::Desk, meta, withdraw, words::meta_of};
use crate::{
    bulletin::Bulletin,
    digest::Digest,
    fault::{Faults, Place},
    feed::{
        Feed, Signed,
        formats::Withdrawals,
        roles::{POLICY, REGISTRY, WITHDRAWN, area_stations_path, schedule_path},
    },
    ids::{AreaId, BulletinId},
    schedule::{
        check::{self, Given},
        file::Schedule,
        registry::AreaStations,
    },
    text::office as say,
};

/// How contents are found: by hash, and name of the target.
pub type Contents<'a> = &'a dyn Fn(&Digest, &str) -> Option<Vec<u8>>;

/// The published feed, with the drafts that would follow it.
pub fn feed(desk: &Desk<'_>) -> Feed {
    let mut roles = BTreeMap::new();
    for role in desk.published.iter().flat_map(|p| p.roles.keys()).chain(desk.drafts.roles.keys()) {
        roles.extend(desk.draft(role).or_else(|| desk.held(role)).map(|r| (role.as_str(), r)));
    }
    roles.extend(desk.delegations().map(|t| ("targets", t)));
    assemble(&roles, &|sha256, name| desk.office.content(sha256, name))
}

/// From roles by name, `targets` among them.
pub fn assemble(roles: &BTreeMap<&str, &Role<Targets>>, contents: Contents<'_>) -> Feed {
    let signed = |role: &str, name: &str| {
        let role = roles.get(role)?;
        let (_, target) = role.signed.targets.iter().find(|(n, _)| n.raw() == name)?;
        let sha256 = meta::target_digest(target)?;
        let text = String::from_utf8(contents(&sha256, name)?).ok()?;
        Some(Signed { sha256, text, version: role.signed.version.get() })
    };
    let policy = signed("targets", POLICY);
    let mut feed = Feed { policy, registry: signed("registry", REGISTRY), ..Feed::default() };
    for role in roles.keys() {
        if let Some(area) = role.strip_prefix("area-").and_then(|a| a.parse::<AreaId>().ok()) {
            feed.schedules.extend(signed(role, &schedule_path(&area)).map(|s| (area.clone(), s)));
            feed.area_stations.extend(signed(role, &area_stations_path(&area)).map(|s| (area.clone(), s)));
        }
    }
    feed.bulletins = roles.get("bulletins").map(|r| bulletins(&r.signed)).unwrap_or_default();
    let list = signed("withdrawals", WITHDRAWN).and_then(|s| Withdrawals::read(s.text.as_bytes()).ok());
    feed.withdrawn = list.into_iter().flat_map(|l| l.withdrawn).map(|w| w.id).collect();
    feed
}

fn bulletins(role: &Targets) -> BTreeMap<BulletinId, Arc<Bulletin>> {
    let read = |(name, target): (&tough::TargetName, &tough::schema::Target)| {
        let id: BulletinId = withdraw::id_of(name.raw())?.parse().ok()?;
        let (sha256, meta) = (meta::target_digest(target)?, meta_of(target)?);
        Some((id.clone(), Arc::new(Bulletin { id, sha256, length: target.length, meta })))
    };
    role.targets.iter().filter_map(read).collect()
}

/// Checks a schedule or `stations.yaml` (`path` says which) of `area` against `feed`; faults have their places in `file`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn area_file(
    feed: &Feed,
    area: &AreaId,
    path: &str,
    file: &str,
    text: &str,
    now: DateTime<Utc>,
) -> Result<(), Faults> {
    // A policy or registry that does not hold has its own faults; the file is then checked by itself.
    let given = Given::from_feed(feed).unwrap_or_default();
    let other = |found: &AreaId| {
        Faults::one(Place::file(file), say::gate_other_area(found, area), say::gate_other_area_remedy(area))
    };
    if path == schedule_path(area) {
        let (schedule, positions) = Schedule::read(file, text)?;
        if schedule.area != *area {
            return Err(other(&schedule.area));
        }
        check::check(&Arc::new(schedule), &positions, &given, now)
    } else {
        let (stations, positions) = AreaStations::read(file, text)?;
        if stations.area != *area {
            return Err(other(&stations.area));
        }
        check::area_stations(&stations, &positions, &given)
    }
}
