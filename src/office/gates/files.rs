//! Policy, registry, schedules: what `loaxa office check` would say of them, against everything that is published with them.

use std::{collections::BTreeMap, sync::Arc};

use super::Gates;
use crate::{
    bulletin::Bulletin,
    digest::Digest,
    fault::Faults,
    feed::{
        Feed, Signed,
        roles::{POLICY, REGISTRY, WITHDRAWN, area_stations_path, schedule_path},
    },
    ids::AreaId,
    office::{meta, withdraw, words::meta_of},
    schedule::{
        check::{self, Given},
        file::Schedule,
        policy::Policy,
        registry::{AreaStations, Registry},
    },
};

pub(super) fn check(gates: &mut Gates<'_>) {
    let fresh: Vec<(String, String)> = gates
        .new_roles()
        .iter()
        .flat_map(|(role, _)| gates.fresh(role).into_iter().map(|(name, _)| ((*role).to_owned(), name.to_owned())))
        .collect();
    let mut faults = Vec::new();
    for (role, name) in &fresh {
        let Some(text) = gates.text(role, name) else { continue };
        let found = match name.as_str() {
            POLICY => Policy::read(name, &text).map(|_| ()),
            REGISTRY => Registry::read(name, &text).map(|_| ()),
            _ => match role.strip_prefix("area-").and_then(|a| a.parse().ok()) {
                Some(area) => area_file(gates, &area, name, &text),
                None => Ok(()),
            },
        };
        faults.extend(found.err().into_iter().flat_map(|f| f.0));
    }
    gates.faults.0.extend(faults);
}

fn area_file(gates: &Gates<'_>, area: &AreaId, name: &str, text: &str) -> Result<(), Faults> {
    // A policy or registry that does not hold has its own faults; the schedule is then checked by itself.
    let given = Given::from_feed(&feed(gates)).unwrap_or_default();
    let other = |found: &AreaId| {
        let what = crate::text::office::gate_other_area(found, area);
        Faults::one(crate::fault::Place::file(name), what, crate::text::office::gate_again_remedy(name))
    };
    if name == schedule_path(area) {
        let (schedule, positions) = Schedule::read(name, text)?;
        if schedule.area != *area {
            return Err(other(&schedule.area));
        }
        check::check(&Arc::new(schedule), &positions, &given, gates.now)
    } else {
        let (stations, positions) = AreaStations::read(name, text)?;
        if stations.area != *area {
            return Err(other(&stations.area));
        }
        check::area_stations(&stations, &positions, &given)
    }
}

/// Everything that is to be published, as a station that obeyed every area would see it.
fn feed(gates: &Gates<'_>) -> Feed {
    let signed = |role: &str, name: &str| {
        let text = gates.text(role, name)?;
        let version = gates.role(role)?.signed.version.get();
        Some(Signed { sha256: Digest::of(text.as_bytes()), text, version })
    };
    let mut feed = Feed { policy: signed("targets", POLICY), registry: signed("registry", REGISTRY), ..Feed::default() };
    for role in gates.next.roles.keys() {
        if let Some(area) = role.strip_prefix("area-").and_then(|a| a.parse::<AreaId>().ok()) {
            feed.schedules.extend(signed(role, &schedule_path(&area)).map(|s| (area.clone(), s)));
            feed.area_stations.extend(signed(role, &area_stations_path(&area)).map(|s| (area.clone(), s)));
        }
    }
    feed.bulletins = bulletins(gates);
    let list = gates.text("withdrawals", WITHDRAWN).and_then(|t| crate::feed::formats::Withdrawals::read(t.as_bytes()).ok());
    feed.withdrawn = list.into_iter().flat_map(|l| l.withdrawn).map(|w| w.id).collect();
    feed
}

fn bulletins(gates: &Gates<'_>) -> BTreeMap<crate::ids::BulletinId, Bulletin> {
    let listed = gates.role("bulletins").into_iter().flat_map(|r| &r.signed.targets);
    let read = |(name, target): (&tough::TargetName, &tough::schema::Target)| {
        let id: crate::ids::BulletinId = withdraw::id_of(name.raw())?.parse().ok()?;
        let (sha256, meta) = (meta::target_digest(target)?, meta_of(target)?);
        Some((id.clone(), Bulletin { id, sha256, length: target.length, meta }))
    };
    listed.filter_map(read).collect()
}
