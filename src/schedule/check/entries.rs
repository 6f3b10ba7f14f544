//! Slot by slot: lines that fire, stations that exist, recordings that are there and stay valid, airtime.

use std::{collections::BTreeSet, ops::Range};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::Given;
use crate::{
    bulletin::{Bulletin, Kind},
    ids::{BulletinId, StationId},
    schedule::{
        file::{Entry, Schedule, Selector, Slot},
        place,
        scalar::Form,
        yaml,
    },
    text::{Text, schedule as words},
};

/// `valid`: all days of the schedule; `left`: those from now on. Returns the slots that have faults.
pub fn check(
    form: &mut Form<'_>,
    schedule: &Schedule,
    given: &Given,
    valid: Range<DateTime<Utc>>,
    left: Range<DateTime<Utc>>,
) -> BTreeSet<usize> {
    let mut faulty = BTreeSet::new();
    let members = members(schedule, given);
    if members.as_ref().is_some_and(BTreeSet::is_empty) {
        form.wrong(
            "area",
            words::area_without_stations(&schedule.area),
            words::area_without_stations_remedy(),
        );
    }
    let zone = given.policy.as_ref().map_or(schedule.timezone, |p| p.timezone);
    for (i, one) in schedule.slots.iter().enumerate() {
        let before = form.faults.0.len();
        slot(
            form,
            &format!("slots[{i}]"),
            one,
            Scope { schedule, given, zone, members: members.as_ref() },
            &valid,
            &left,
        );
        if form.faults.0.len() > before {
            faulty.insert(i);
        }
    }
    faulty
}

/// What the slots of a file share.
#[derive(Clone, Copy)]
struct Scope<'a> {
    schedule: &'a Schedule,
    given: &'a Given,
    zone: Tz,
    /// Stations that obey the area, if a registry is given.
    members: Option<&'a BTreeSet<&'a StationId>>,
}

impl Scope<'_> {
    fn plays(&self, at: DateTime<Utc>) -> bool {
        let day = place::day(self.zone, at);
        let silent = self.given.policy.as_ref().is_some_and(|p| p.silent_days.contains(&day));
        self.schedule.plays_on(day) && !silent
    }

    fn dues<'a>(
        &'a self,
        slot: &'a Slot,
        span: &Range<DateTime<Utc>>,
    ) -> impl Iterator<Item = DateTime<Utc>> + 'a {
        slot.cron.fires(self.zone, span.start, span.end).filter(|at| self.plays(*at))
    }
}

fn slot(
    form: &mut Form<'_>,
    path: &str,
    slot: &Slot,
    scope: Scope<'_>,
    valid: &Range<DateTime<Utc>>,
    left: &Range<DateTime<Utc>>,
) {
    let Scope { schedule, given, zone, members } = scope;
    if let Some(members) = members.filter(|m| !m.is_empty()) {
        selector(form, path, slot, given, members);
    }
    if scope.dues(slot, valid).next().is_none() {
        let (from, until) = (schedule.from.to_string(), schedule.until.to_string());
        let what = words::never_in_valid(slot.cron.as_str(), from, until);
        form.wrong(&format!("{path}.cron"), words::in_slot(&slot.id, what), words::never_in_valid_remedy());
        return;
    }
    airtime(form, path, slot, given, scope.dues(slot, left));
    let mut dues = scope.dues(slot, left);
    if let Some(first) = dues.next() {
        let last = dues.last().unwrap_or(first);
        playlist(form, path, slot, given, zone, (first, last));
    }
}

/// Stations that obey the area; none when no registry is given.
fn members<'a>(schedule: &Schedule, given: &'a Given) -> Option<BTreeSet<&'a StationId>> {
    let registry = given.registry.as_ref()?;
    Some(registry.stations.values().filter(|s| s.areas.contains(&schedule.area)).map(|s| &s.id).collect())
}

fn selector(form: &mut Form<'_>, path: &str, slot: &Slot, given: &Given, members: &BTreeSet<&StationId>) {
    let wrong = |form: &mut Form<'_>, at: String, what: Text| {
        form.wrong(&at, words::in_slot(&slot.id, what), words::selector_remedy());
    };
    match &slot.stations {
        Selector::All => {}
        Selector::Ids(ids) => {
            for id in ids.iter().filter(|id| !members.contains(id)) {
                wrong(form, format!("{path}.stations"), words::not_in_area(id));
            }
        }
        Selector::Tags(tags) => {
            for tag in tags.iter().filter(|tag| !members.iter().any(|id| has_tag(given, id, tag))) {
                wrong(form, format!("{path}.stations.tags"), words::tag_without_stations(tag));
            }
        }
    }
}

fn has_tag(given: &Given, id: &StationId, tag: &str) -> bool {
    let registered = given.registry.as_ref().and_then(|r| r.stations.get(id));
    let added = |entry: &crate::schedule::registry::StationEntry| {
        let areas = given.area_stations.iter().filter(|a| entry.areas.contains(&a.area));
        areas.filter_map(|a| a.stations.get(id)).any(|(tags, _)| tags.contains(tag))
    };
    registered.is_some_and(|entry| entry.tags.contains(tag) || added(entry))
}

fn airtime(
    form: &mut Form<'_>,
    path: &str,
    slot: &Slot,
    given: &Given,
    mut dues: impl Iterator<Item = DateTime<Utc>>,
) {
    let Some(policy) = &given.policy else { return };
    if let Some(at) = dues.find(|at| policy.airtime_end(*at).is_none()) {
        let hours: Vec<_> =
            policy.airtime.iter().map(|w| format!("{}-{}", clock(w.from), clock(w.to))).collect();
        let what = words::at_outside_airtime(local(policy.timezone, at));
        let remedy = words::airtime_remedy(hours.join(", "));
        form.wrong(&format!("{path}.cron"), words::in_slot(&slot.id, what), remedy);
    }
}

fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// An instant as people of the province write it.
pub fn local(zone: Tz, at: DateTime<Utc>) -> Text {
    let at = at.with_timezone(&zone);
    let day = Text { vi: at.format("%d/%m/%Y").to_string(), en: at.format("%Y-%m-%d").to_string() };
    words::on_day(at.format("%H:%M").to_string(), day)
}

fn playlist(
    form: &mut Form<'_>,
    path: &str,
    slot: &Slot,
    given: &Given,
    zone: Tz,
    (first, last): (DateTime<Utc>, DateTime<Utc>),
) {
    if given.bulletins.is_none() {
        return;
    }
    for (i, entry) in slot.playlist.iter().enumerate() {
        let (id, kind, at) = match entry {
            Entry::Chime(id) => (id, Kind::Chime, format!("{path}.playlist[{i}].chime")),
            Entry::Bulletin(id) => (id, Kind::Bulletin, format!("{path}.playlist[{i}].bulletin")),
            Entry::Category { .. } => continue,
        };
        let Some(bulletin) = found(form, &at, id, kind, given) else { continue };
        if bulletin.meta.valid_from > first {
            let what = words::not_yet_valid(id, local(zone, bulletin.meta.valid_from), local(zone, first));
            form.wrong(&at, what, words::not_yet_valid_remedy());
        }
        if bulletin.meta.valid_until <= last {
            let what = words::expires(id, local(zone, bulletin.meta.valid_until), local(zone, last));
            form.wrong(&at, what, words::expires_remedy());
        }
    }
}

fn found<'a>(
    form: &mut Form<'_>,
    at: &str,
    id: &BulletinId,
    kind: Kind,
    given: &'a Given,
) -> Option<&'a Bulletin> {
    let all = given.bulletins.as_ref()?;
    if given.withdrawn.contains(id.as_str()) {
        form.wrong(at, words::withdrawn(id), words::withdrawn_remedy());
        return None;
    }
    let Some(bulletin) = all.get(id) else {
        let known: Vec<_> = all.values().filter(|b| b.meta.kind == kind).map(|b| b.id.to_string()).collect();
        let remedy = match yaml::nearest(id.as_str(), &known) {
            Some(near) => words::unknown_field_near(near),
            None => words::unknown_bulletin_remedy(),
        };
        form.wrong(at, words::unknown_bulletin(id), remedy);
        return None;
    };
    match (bulletin.meta.kind == kind, kind) {
        (true, _) => return Some(bulletin),
        (false, Kind::Chime) => form.wrong(at, words::not_a_chime(id), words::not_a_chime_remedy(id)),
        (false, Kind::Bulletin) => {
            form.wrong(at, words::not_a_bulletin(id), words::not_a_bulletin_remedy(id))
        }
    }
    None
}

/// For people: 12 min 30 s, or the one of both that is there.
pub fn span(length: TimeDelta) -> Text {
    let seconds = length.num_seconds() + i64::from(length.subsec_nanos() > 0);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => words::only_seconds(seconds),
        (minutes, 0) => words::only_minutes(minutes),
        (minutes, seconds) => words::minutes_seconds(minutes, seconds),
    }
}
