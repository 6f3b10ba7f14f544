//! The small signed files as far as trust depends on them: `withdrawn.json`, `urgent/<id>.json`, the own entry of
//! `registry/stations.yaml`, `browser_keys` of `policy.yaml`. The rest of the YAML files is read by `schedule`.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{UrgentOrder, Who, roles};
use crate::{
    fault::Faults,
    ids::{AreaId, is_slug},
    schedule::yaml::{self, Only},
    text::{Text, feed as say},
};

/// The longest span in which an urgent order may air, in hours.
pub const URGENT_HOURS: i64 = 24;
/// The most repeats of an urgent order.
pub const URGENT_REPEATS: u32 = 20;
/// The longest gap between repeats, in seconds.
pub const URGENT_GAP_S: u32 = 3_600;

/// `withdrawn.json`: ids of bulletins and of urgent orders that must never sound again. Further keys may come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawals {
    /// 1.
    #[serde(default = "one")]
    pub format: u32,
    /// In any order.
    pub withdrawn: Vec<Withdrawal>,
}

/// One id taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// Of a bulletin or an urgent order.
    pub id: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

fn one() -> u32 {
    1
}

impl Withdrawals {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it. An id that is no id cannot name a bulletin; it makes the list refused, lest a slip of the
    /// pen pass for a withdrawal.
    pub fn read(bytes: &[u8]) -> Result<Self, Text> {
        let list: Self = serde_json::from_slice(bytes).map_err(|e| say::malformed(&e))?;
        if list.format != 1 {
            return Err(say::format_unknown(list.format));
        }
        match list.withdrawn.iter().find(|w| !is_slug(&w.id)) {
            Some(w) => Err(say::not_an_id(&w.id)),
            None => Ok(list),
        }
    }
}

impl UrgentOrder {
    /// Reads the order of the file `urgent/<id>.json`.
    ///
    /// # Errors
    /// What is wrong with it: not this format, another id than the file's, or [`UrgentOrder::check`].
    pub fn read(id: &str, bytes: &[u8]) -> Result<Self, Text> {
        let order: Self = serde_json::from_slice(bytes).map_err(|e| say::malformed(&e))?;
        if order.id.as_str() != id {
            return Err(say::urgent_other_id(&order.id));
        }
        order.check().map(|()| order)
    }

    /// Whether an order is within its bounds: 24 h, 1 to 20 repeats, a gap of at most 3,600 s, at least one area.
    pub fn check(&self) -> Result<(), Text> {
        if self.until <= self.not_before || self.until - self.not_before > TimeDelta::hours(URGENT_HOURS) {
            Err(say::urgent_span(URGENT_HOURS))
        } else if !(1..=URGENT_REPEATS).contains(&self.repeats) {
            Err(say::urgent_repeats(self.repeats, URGENT_REPEATS))
        } else if self.gap_s > URGENT_GAP_S {
            Err(say::urgent_gap(self.gap_s, URGENT_GAP_S))
        } else if self.areas.is_empty() {
            Err(say::urgent_no_area())
        } else {
            Ok(())
        }
    }
}

/// The areas that the registry names for this box, the widest first.
///
/// # Errors
/// The file is not a registry, this box is not in it, stands in it twice, or its entry carries another key.
pub fn own_areas(text: &str, who: &Who) -> Result<Vec<AreaId>, NoEntry> {
    #[derive(Deserialize)]
    struct Registry {
        #[serde(default)]
        stations: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        key: String,
        areas: Vec<AreaId>,
    }
    let only = Only { list: "stations", id: who.station.as_str() };
    let first = |faults: Faults| NoEntry::Unreadable(say::malformed(faults.first()));
    let registry: Registry = yaml::read_only(roles::REGISTRY, text, only).map_err(first)?;
    let mut own = registry.stations.into_iter();
    match (own.next(), own.next()) {
        (Some(entry), None) if entry.key == hex::encode(who.key) => Ok(entry.areas),
        (Some(_), None) => Err(NoEntry::Absent(say::registry_other_key(&who.station))),
        (Some(_), Some(_)) => Err(NoEntry::Absent(say::registry_twice(&who.station))),
        (None, _) => Err(NoEntry::Absent(say::registry_absent(&who.station))),
    }
}

/// Why the registry names no areas for this box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEntry {
    /// The file is no registry: the one in force stays.
    Unreadable(Text),
    /// The registry has no entry for this box and its key: it obeys no area.
    Absent(Text),
}

/// The raw public keys that live in browsers.
///
/// # Errors
/// The file is not a policy, or a key is not 64 hex digits.
pub fn browser_keys(yaml: &str) -> Result<Vec<Vec<u8>>, Text> {
    #[derive(Deserialize)]
    struct Policy {
        #[serde(default)]
        browser_keys: Vec<String>,
    }
    let policy: Policy = serde_yaml::from_str(yaml).map_err(|e| say::malformed(&e))?;
    let key = |s: &String| hex::decode(s).ok().filter(|k| k.len() == 32).ok_or_else(|| say::not_a_key(s));
    policy.browser_keys.iter().map(key).collect()
}
