//! `registry/stations.yaml`: which stations there are, whose key is whose, which areas each obeys; and
//! `areas/<id>/stations.yaml`, by which an area adds tags and languages to stations of its own.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{
    scalar::{self, Form},
    yaml::{self, Positions},
};
use crate::{
    bulletin::LangTag,
    fault::Faults,
    ids::{AreaId, StationId},
    text::schedule as words,
};

const EXAMPLE: &str = r#"
format: 1
receipt_keys: ["0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"]
stations:
  - id: xuan-luong-1
    key: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"
    areas: [bac-ninh, yen-the]
    languages: [vi, tyz]
    tags: [vung-cao]
    commune: "Xã Xuân Lương"
    place: "Nhà văn hóa thôn"
    contact: "Nguyễn Văn An, 0900 000 000"
"#;

const AREA_EXAMPLE: &str = r#"
format: 1
area: yen-the
stations:
  - id: xuan-luong-1
    tags: [gan-cho]
    languages: [nut]
"#;

/// All stations of the province.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Registry {
    /// Public keys of hubs that sign receipts of logs.
    pub receipt_keys: Vec<[u8; 32]>,
    /// By id.
    pub stations: BTreeMap<StationId, StationEntry>,
}

/// One box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StationEntry {
    /// Its id.
    pub id: StationId,
    /// The raw Ed25519 public key of its log. A box with another key is not this station.
    pub key: [u8; 32],
    /// The areas whose schedules it obeys, the widest (province) first: that is who goes first.
    pub areas: Vec<AreaId>,
    /// What is spoken there, in order of preference.
    pub languages: Vec<LangTag>,
    /// What selectors of slots ask for.
    pub tags: BTreeSet<String>,
    /// For people and reports.
    pub commune: String,
    /// Where the loudspeakers hang.
    pub place: Option<String>,
    /// Whom to call.
    pub contact: Option<String>,
}

/// What an area adds to stations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaStations {
    /// Whose file.
    pub area: AreaId,
    /// Tags and languages to add, by station.
    pub stations: BTreeMap<StationId, (BTreeSet<String>, Vec<LangTag>)>,
    /// Their ids in the order of the file.
    pub order: Vec<StationId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegistry {
    format: String,
    #[serde(default)]
    receipt_keys: Vec<String>,
    stations: Vec<RawStation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStation {
    id: String,
    key: String,
    areas: Vec<String>,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    commune: String,
    place: Option<String>,
    contact: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAreaStations {
    format: String,
    area: String,
    stations: Vec<RawAdded>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAdded {
    id: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    languages: Vec<String>,
}

impl Registry {
    /// Reads a registry. It may be empty of stations: a province begins so.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(file: &str, text: &str) -> Result<(Self, Positions), Faults> {
        let loaded = yaml::load::<RawRegistry>(file, text, EXAMPLE)?;
        let positions = loaded.positions;
        let mut form = Form::new(&positions, loaded.faults);
        let registry = registry(&mut form, loaded.value);
        let faults = form.faults;
        faults.or((registry, positions))
    }

    /// Like [`Registry::read`], but keeps the entries of one station alone: a box needs no other, and a registry of three
    /// thousand costs 30 MB to read whole. What is wrong with other entries is not noticed; an office checks them.
    ///
    /// # Errors
    /// What is wrong with the rest, such as two entries for the station.
    pub fn read_own(file: &str, text: &str, station: &StationId) -> Result<Self, Faults> {
        let only = yaml::Only { list: "stations", id: station.as_str() };
        let loaded = yaml::load_only::<RawRegistry>(file, text, EXAMPLE, only)?;
        let mut form = Form::new(&loaded.positions, loaded.faults);
        let registry = registry(&mut form, loaded.value);
        form.faults.or(registry)
    }

    /// The file of this registry, as [`Registry::read`] reads it.
    pub fn to_yaml(&self) -> String {
        let quoted = |s: &str| serde_json::Value::from(s).to_string();
        let list = |items: Vec<String>| format!("[{}]", items.join(", "));
        let keys = self.receipt_keys.iter().map(|k| quoted(&hex::encode(k))).collect();
        let mut out = format!("format: 1\nreceipt_keys: {}\nstations:", list(keys));
        if self.stations.is_empty() {
            out.push_str(" []");
        }
        for s in self.stations.values() {
            out.push_str(&format!(
                "\n  - id: {}\n    key: \"{}\"",
                quoted(s.id.as_str()),
                hex::encode(s.key)
            ));
            out.push_str(&format!(
                "\n    areas: {}",
                list(s.areas.iter().map(|a| quoted(a.as_str())).collect())
            ));
            out.push_str(&format!(
                "\n    languages: {}",
                list(s.languages.iter().map(|l| quoted(l.as_str())).collect())
            ));
            out.push_str(&format!("\n    tags: {}", list(s.tags.iter().map(|t| quoted(t)).collect())));
            out.push_str(&format!("\n    commune: {}", quoted(&s.commune)));
            for (name, value) in [("place", &s.place), ("contact", &s.contact)] {
                if let Some(value) = value {
                    out.push_str(&format!("\n    {name}: {}", quoted(value)));
                }
            }
        }
        out.push('\n');
        out
    }
}

impl AreaStations {
    /// Reads an area's additions.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn read(file: &str, text: &str) -> Result<(Self, Positions), Faults> {
        let loaded = yaml::load::<RawAreaStations>(file, text, AREA_EXAMPLE)?;
        let positions = loaded.positions;
        let mut form = Form::new(&positions, loaded.faults);
        let raw = loaded.value;
        form.format(&raw.format);
        let area = form.parse("area", &raw.area, scalar::AREA);
        let (mut stations, mut order) = (BTreeMap::new(), Vec::new());
        for (i, raw) in raw.stations.iter().enumerate() {
            let path = format!("stations[{i}]");
            let tags = form.list(&format!("{path}.tags"), &raw.tags, scalar::TAG, scalar::tag);
            let languages =
                form.list(&format!("{path}.languages"), &raw.languages, scalar::LANGUAGE, |s| s.parse().ok());
            let at = format!("{path}.id");
            let Some(id) = form.parse::<StationId>(&at, &raw.id, scalar::STATION) else { continue };
            order.push(id.clone());
            let twice = stations.insert(id, (tags.into_iter().collect(), languages)).is_some();
            if twice && form.positions.has(&at) {
                form.wrong(&at, words::station_twice(&raw.id), words::station_twice_remedy());
            }
        }
        let faults = form.faults;
        match area {
            Some(area) => faults.or((Self { area, stations, order }, positions)),
            None => Err(faults.or(()).err().unwrap_or_default()),
        }
    }
}

fn registry(form: &mut Form<'_>, raw: RawRegistry) -> Registry {
    form.format(&raw.format);
    let receipt_keys = form.list("receipt_keys", &raw.receipt_keys, scalar::KEY, scalar::key);
    let mut stations = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for (i, raw) in raw.stations.iter().enumerate() {
        let path = format!("stations[{i}]");
        let at = |name: &str| format!("{path}.{name}");
        let Some(entry) = station(form, &path, raw) else { continue };
        if form.positions.has(&at("key")) && !keys.insert(entry.key) {
            form.wrong(&at("key"), words::key_twice(), words::key_twice_remedy());
        }
        if form.positions.has(&at("id")) && stations.insert(entry.id.clone(), entry).is_some() {
            form.wrong(&at("id"), words::station_twice(&raw.id), words::station_twice_remedy());
        }
    }
    Registry { receipt_keys, stations }
}

fn station(form: &mut Form<'_>, path: &str, raw: &RawStation) -> Option<StationEntry> {
    let at = |name: &str| format!("{path}.{name}");
    let id = form.parse(&at("id"), &raw.id, scalar::STATION);
    let key = form.value(&at("key"), &raw.key, scalar::KEY, scalar::key);
    let areas = form.list(&at("areas"), &raw.areas, scalar::AREA, |s| s.parse::<AreaId>().ok());
    if raw.areas.is_empty() {
        form.wrong(&at("areas"), words::no_area(), words::write_like("areas: [bac-ninh, yen-the]"));
    }
    if let Some(i) = areas.iter().position(AreaId::is_urgent) {
        form.wrong(&format!("{path}.areas[{i}]"), words::area_urgent(), words::area_urgent_remedy());
    }
    let languages = form.list(&at("languages"), &raw.languages, scalar::LANGUAGE, |s| s.parse().ok());
    let tags = form.list(&at("tags"), &raw.tags, scalar::TAG, scalar::tag);
    let commune = form.words(&at("commune"), &raw.commune);
    let mut optional = |name: &str, text: &Option<String>| text.as_ref().map(|t| form.words(&at(name), t));
    let (place, contact) = (optional("place", &raw.place), optional("contact", &raw.contact));
    Some(StationEntry {
        id: id?,
        key: key?,
        areas,
        languages,
        tags: tags.into_iter().collect(),
        commune,
        place,
        contact,
    })
}
