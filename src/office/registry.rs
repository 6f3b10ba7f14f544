//! `office registry`: which stations there are, whose log key is whose, which areas each obeys.
//!
//! The file is written by this program alone, so that the order of keys and stations is always the same and a change
//! shows as the lines that changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tough::schema::Targets;

use super::{
    Error, Result,
    approve::{self, Signature},
    desk::Desk,
    hand::Hand,
    init,
    keys::PublicKey,
    meta,
};
use crate::{
    bulletin::LangTag,
    feed::roles::REGISTRY,
    ids::{AreaId, StationId},
    text::office as say,
};

/// The role that lists [`REGISTRY`].
pub const ROLE: &str = "registry";

/// `registry/stations.yaml` as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// Always 1.
    pub format: u32,
    /// Public keys of hubs that sign receipts of logs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub receipt_keys: Vec<PublicKey>,
    /// By id.
    pub stations: Vec<Station>,
}

impl Default for Registry {
    fn default() -> Self {
        Self { format: 1, receipt_keys: Vec::new(), stations: Vec::new() }
    }
}

/// One box on one PA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// Its name.
    pub id: StationId,
    /// The public key of its log.
    pub key: PublicKey,
    /// Whose schedules it obeys, the widest first.
    pub areas: Vec<AreaId>,
    /// What is spoken there, in order of preference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<LangTag>,
    /// What selectors of slots ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Which commune, for people and reports.
    pub commune: String,
    /// Where the loudspeakers hang.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Whom to call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// Fields to change; none: as it was.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the fields of `Station` under the same names")]
pub struct Edit {
    pub key: Option<PublicKey>,
    pub areas: Option<Vec<AreaId>>,
    pub languages: Option<Vec<LangTag>>,
    pub tags: Option<Vec<String>>,
    pub commune: Option<String>,
    pub place: Option<String>,
    pub contact: Option<String>,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub enum Deed {
    /// A new station.
    Add(Station),
    /// A station that is gone: it obeys nobody any more.
    Remove(StationId),
    /// Another key (re-enrolled), other areas, …
    Edit(StationId, Edit),
    /// The whole file as somebody wrote it.
    Whole(Registry),
}

/// The registry as it would be published next.
pub fn current(desk: &Desk<'_>) -> Result<Registry> {
    read(desk, &desk.next(ROLE)?)
}

fn read(desk: &Desk<'_>, role: &Targets) -> Result<Registry> {
    let Some(target) = role.targets.get(&init::named(REGISTRY)?) else { return Ok(Registry::default()) };
    let bytes = meta::target_digest(target).and_then(|sha| desk.office.content(&sha, REGISTRY));
    let bytes = bytes.ok_or_else(|| Error::Refused(say::content_gone(REGISTRY)))?;
    parse(REGISTRY, &String::from_utf8_lossy(&bytes))
}

/// Reads a registry.
pub fn parse(file: &str, text: &str) -> Result<Registry> {
    serde_yaml::from_str(text).map_err(|e| Error::Refused(say::metadata_unreadable(file, &e)))
}

/// Does it and signs the new file.
///
/// # Errors
/// Usage: the station is there already, or is not. Refused: an area that nobody was delegated, one key for two stations.
pub fn change(desk: &mut Desk<'_>, deed: Deed, hand: &Hand) -> Result<Signature> {
    let mut next = desk.next(ROLE)?;
    let registry = apply(read(desk, &next)?, deed)?;
    sound(desk, &registry)?;
    init::put(desk.office, &mut next, REGISTRY, to_yaml(&registry)?.as_bytes())?;
    let draft = desk.sign_new(ROLE, next, hand)?.clone();
    approve::state(desk, ROLE, &draft)
}

/// The file's text.
pub fn to_yaml(registry: &Registry) -> Result<String> {
    serde_yaml::to_string(registry).map_err(|e| Error::Machine(say::other(e.to_string())))
}

/// Pure: the registry after the deed, stations sorted by id.
pub fn apply(mut registry: Registry, deed: Deed) -> Result<Registry> {
    let at = |registry: &Registry, id: &StationId| registry.stations.iter().position(|s| s.id == *id);
    match deed {
        Deed::Whole(whole) => registry = whole,
        Deed::Add(new) if at(&registry, &new.id).is_some() => {
            return Err(Error::Usage(say::station_exists(&new.id)));
        }
        Deed::Add(new) => registry.stations.push(new),
        Deed::Remove(id) => {
            let i = at(&registry, &id).ok_or_else(|| Error::Usage(say::station_unknown(&id)))?;
            registry.stations.remove(i);
        }
        Deed::Edit(id, edit) => {
            let i = at(&registry, &id).ok_or_else(|| Error::Usage(say::station_unknown(&id)))?;
            let s = &mut registry.stations[i];
            s.key = edit.key.unwrap_or(s.key);
            s.areas = edit.areas.unwrap_or_else(|| s.areas.clone());
            s.languages = edit.languages.unwrap_or_else(|| s.languages.clone());
            s.tags = edit.tags.unwrap_or_else(|| s.tags.clone());
            s.commune = edit.commune.unwrap_or_else(|| s.commune.clone());
            s.place = edit.place.or_else(|| s.place.clone());
            s.contact = edit.contact.or_else(|| s.contact.clone());
        }
    }
    registry.stations.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(registry)
}

fn sound(desk: &Desk<'_>, registry: &Registry) -> Result<()> {
    let mut keys: BTreeMap<PublicKey, &StationId> = BTreeMap::new();
    for station in &registry.stations {
        if let Some(other) = keys.insert(station.key, &station.id) {
            return Err(Error::Refused(say::station_key_twice(other, &station.id)));
        }
        for area in &station.areas {
            if desk.authority(&crate::feed::roles::area_role(area)).is_err() {
                return Err(Error::Refused(say::area_unknown(area)));
            }
        }
    }
    Ok(())
}
