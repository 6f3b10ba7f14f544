//! A whole signed feed in memory, to be altered and signed again.
//!
//! ```ignore
//! let mut repo = Repo::new("2026-12-01T00:00:00Z");
//! repo.station("xa-tan-tien", [7; 32], &["bac-giang", "yen-the"]);
//! repo.bulletin("duong-day-nong-111", b"audio").chime("open", b"chime");
//! repo.schedule("yen-the", "format: 1\n…").publish();
//! let source = repo.source();        // or repo.write(dir)
//! ```
//! Keys are made from their names, so the same story gives the same bytes. A role's signed part is a JSON value that
//! [`Repo::edit`] may turn into anything; who signs is in [`Role::signers`].

#![allow(
    dead_code,
    clippy::disallowed_methods,
    reason = "shared by several test binaries; writes test folders"
)]

use std::{collections::BTreeMap, path::Path};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use loaxa::{
    digest::Digest,
    feed::{UrgentOrder, roles},
};
use serde_json::{Map, Value, json};
use tough::schema::{Role as _, Root, Snapshot, Targets, Timestamp, key::Key};

#[path = "host.rs"]
mod host;

pub use host::Host;

/// Who signs `root` and `targets` (2 of 3).
pub const PROVINCE: [&str; 3] = ["tinh-1", "tinh-2", "tinh-3"];
/// Who signs `snapshot` and `timestamp`.
pub const ONLINE: &str = "truc-tuyen";
/// Keys outside browsers that may sign `bulletins`.
pub const EDITORS: [&str; 2] = ["bien-tap-1", "bien-tap-2"];
/// Keys in browsers that may sign `bulletins`; the policy lists them.
pub const BROWSERS: [&str; 2] = ["trinh-duyet-1", "trinh-duyet-2"];
/// Who signs `urgent` and `urgent-audio`.
pub const DUTY: [&str; 2] = ["truc-ban-1", "truc-ban-2"];

/// A key made from its name.
pub fn key(name: &str) -> Ed25519KeyPair {
    let seed = Digest::of(name.as_bytes()).0;
    Ed25519KeyPair::from_seed_unchecked(&seed).unwrap()
}

/// The raw public key of [`key`], in hex.
pub fn public(name: &str) -> String {
    hex::encode(key(name).public_key().as_ref())
}

/// The key as TUF writes it. A name such as `bien-tap-1+alias` is the key of `bien-tap-1` with an extra field, and so
/// has another key id.
pub fn tuf_key(name: &str) -> (String, Value) {
    let (person, alias) = name.split_once('+').map_or((name, None), |(p, a)| (p, Some(a)));
    let mut value = json!({"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public(person)}});
    if let Some(alias) = alias {
        value["alias"] = json!(alias);
    }
    let key: Key = serde_json::from_value(value.clone()).unwrap();
    (hex::encode(key.key_id().unwrap().as_ref()), value)
}

/// The TUF key id.
pub fn key_id(name: &str) -> String {
    tuf_key(name).0
}

/// RFC 3339 with whole seconds, as metadata writes it.
pub fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A policy with wide bounds; the keys of [`BROWSERS`] live in browsers.
pub fn policy() -> String {
    let browsers = BROWSERS.map(public).join("\", \"");
    format!(
        "format: 1\ntimezone: Asia/Ho_Chi_Minh\nairtime: [{{ from: \"05:00\", to: \"21:00\" }}]\nlongest_session: 60m\n\
         daily_cap: 4h\nlanguages: [vi]\nhotlines: [\"111\"]\nbrowser_keys: [\"{browsers}\"]\n\
         urgent: {{ level: 0dB, daily_cap: 1h }}\n"
    )
}

/// One role: its signed part, who signs it next, and whether it changed since it was published.
#[derive(Clone)]
pub struct Role {
    /// The `signed` object.
    pub signed: Value,
    /// Names of keys.
    pub signers: Vec<String>,
    dirty: bool,
    keep_expiry: bool,
}

/// A feed: what its offices hold, and what was published. A clone is what somebody else makes of it.
#[derive(Clone)]
pub struct Repo {
    /// The time at which it is signed.
    pub now: DateTime<Utc>,
    /// Published files by name: `metadata/timestamp.json`, `targets/bulletins/<sha256>.<id>.opus`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    stations: BTreeMap<String, ([u8; 32], Vec<String>)>,
    withdrawn: BTreeMap<String, String>,
    receipt_keys: Vec<String>,
}

impl Repo {
    /// Every role of the table with its keys, a policy, an empty registry and an empty list of withdrawals; published.
    pub fn new(now: &str) -> Self {
        let mut repo = Self {
            now: now.parse().unwrap(),
            files: BTreeMap::new(),
            roles: BTreeMap::new(),
            stations: BTreeMap::new(),
            withdrawn: BTreeMap::new(),
            receipt_keys: Vec::new(),
        };
        repo.top_level();
        for role in roles::DELEGATIONS {
            let signers: Vec<&str> = match role.name {
                "withdrawals" => vec![EDITORS[0], EDITORS[1], BROWSERS[0], DUTY[0]],
                "urgent" | "urgent-audio" => DUTY.to_vec(),
                "registry" => vec![PROVINCE[0]],
                _ => [EDITORS, BROWSERS].concat(),
            };
            repo.delegate(role.name, role.paths, &signers, role.threshold, role.days);
        }
        repo.policy(&policy());
        repo.write_registry();
        repo.write_withdrawn();
        repo.publish();
        repo
    }

    fn top_level(&mut self) {
        let mut keys = Map::new();
        keys.extend(PROVINCE.iter().copied().chain([ONLINE]).map(tuf_key));
        let province: Vec<String> = PROVINCE.map(key_id).to_vec();
        let (offline, online) = (
            json!({"keyids": province, "threshold": 2}),
            json!({"keyids": [key_id(ONLINE)], "threshold": 1}),
        );
        let root = json!({
            "consistent_snapshot": true, "keys": keys,
            "roles": {"root": offline, "targets": offline, "snapshot": online, "timestamp": online},
        });
        self.add("root", root, &PROVINCE[..2], roles::ROOT_DAYS);
        let targets = json!({"targets": {}, "delegations": {"keys": {}, "roles": []}});
        self.add("targets", targets, &PROVINCE[..2], roles::ROOT_DAYS);
        self.add("snapshot", json!({"meta": {}}), &[ONLINE], roles::SNAPSHOT_DAYS);
        self.add("timestamp", json!({"meta": {}}), &[ONLINE], roles::TIMESTAMP_DAYS);
    }

    fn add(&mut self, name: &str, mut signed: Value, signers: &[&str], days: u64) {
        let kind = if matches!(name, "root" | "snapshot" | "timestamp") { name } else { "targets" };
        signed["_type"] = json!(kind);
        signed["spec_version"] = json!("1.0.34");
        signed["version"] = json!(0);
        signed["expires"] = json!(stamp(self.now + TimeDelta::days(days as i64)));
        let signers = signers.iter().map(|s| s.to_string()).collect();
        self.roles.insert(name.into(), Role { signed, signers, dirty: true, keep_expiry: false });
    }

    /// Adds a delegation to `targets`, and an empty role signed by the first `threshold` of `keys`.
    pub fn delegate(
        &mut self,
        name: &str,
        paths: &[&str],
        keys: &[&str],
        threshold: u64,
        days: u64,
    ) -> &mut Self {
        let (names, ids): (Vec<_>, Vec<_>) = keys.iter().map(|k| (tuf_key(k), key_id(k))).unzip();
        self.edit("targets", |t| {
            t["delegations"]["keys"].as_object_mut().unwrap().extend(names);
            t["delegations"]["roles"].as_array_mut().unwrap().push(
                json!({"name": name, "keyids": ids, "threshold": threshold, "terminating": true, "paths": paths}),
            );
        });
        self.add(name, json!({"targets": {}}), &keys[..threshold as usize], days);
        self
    }

    /// Changes the signed part of a role; it is signed again, with the next version, by [`Repo::publish`].
    pub fn edit(&mut self, role: &str, change: impl FnOnce(&mut Value)) -> &mut Self {
        let role = self.roles.get_mut(role).unwrap_or_else(|| panic!("no role {role}"));
        change(&mut role.signed);
        role.dirty = true;
        self
    }

    /// Who signs `role` from now on (names of keys; the same one may stand twice).
    pub fn signed_by(&mut self, role: &str, signers: &[&str]) -> &mut Self {
        let role = self.roles.get_mut(role).unwrap_or_else(|| panic!("no role {role}"));
        role.signers = signers.iter().map(|s| s.to_string()).collect();
        role.dirty = true;
        self
    }

    /// When `role` expires. Online roles live from each signature on unless that was said of them.
    pub fn expires(&mut self, role: &str, at: DateTime<Utc>) -> &mut Self {
        self.roles.get_mut(role).unwrap_or_else(|| panic!("no role {role}")).keep_expiry = true;
        self.edit(role, |r| r["expires"] = json!(stamp(at)))
    }

    /// Lets time pass.
    pub fn pass(&mut self, span: TimeDelta) -> &mut Self {
        self.now += span;
        self
    }

    /// Gives a top-level role other keys in `root`; who signs the role is changed with it.
    pub fn rotate(&mut self, role: &str, keys: &[&str], threshold: u64) -> &mut Self {
        let (entries, ids): (Vec<_>, Vec<_>) = keys.iter().map(|k| (tuf_key(k), key_id(k))).unzip();
        self.edit("root", |root| {
            root["keys"].as_object_mut().unwrap().extend(entries);
            root["roles"][role] = json!({"keyids": ids, "threshold": threshold});
        });
        self.signed_by(role, keys)
    }

    /// Puts a file into a role's list, and its bytes where clients look for it.
    pub fn target(&mut self, role: &str, path: &str, bytes: &[u8], custom: Option<Value>) -> &mut Self {
        let sha256 = Digest::of(bytes);
        let mut entry = json!({"length": bytes.len(), "hashes": {"sha256": sha256.to_string()}});
        if let Some(custom) = custom {
            entry["custom"] = custom;
        }
        self.files.insert(roles::target_name(path, &sha256), bytes.to_vec());
        self.edit(role, |r| r["targets"][path] = entry)
    }

    /// An approved bulletin with a plain description; see [`Repo::describe`] to change it.
    pub fn bulletin(&mut self, id: &str, audio: &[u8]) -> &mut Self {
        let custom = self.meta(id, "bulletin", audio);
        self.target("bulletins", &format!("bulletins/{id}.opus"), audio, Some(custom))
    }

    /// An approved chime.
    pub fn chime(&mut self, id: &str, audio: &[u8]) -> &mut Self {
        let custom = self.meta(id, "chime", audio);
        self.target("bulletins", &format!("bulletins/{id}.opus"), audio, Some(custom))
    }

    /// A recording for urgent orders.
    pub fn urgent_audio(&mut self, id: &str, audio: &[u8]) -> &mut Self {
        let custom = self.meta(id, "bulletin", audio);
        self.target("urgent-audio", &format!("urgent-audio/{id}.opus"), audio, Some(custom))
    }

    /// Changes the signed description of a bulletin.
    pub fn describe(&mut self, id: &str, change: impl FnOnce(&mut Value)) -> &mut Self {
        self.edit("bulletins", |r| change(&mut r["targets"][format!("bulletins/{id}.opus")]["custom"]))
    }

    /// A description: law, in Vietnamese, one second, valid for 180 days.
    pub fn meta(&self, id: &str, kind: &str, audio: &[u8]) -> Value {
        let mut meta = json!({
            "kind": kind, "work": id, "title": {"vi": format!("Bản tin {id}")}, "languages": ["vi"], "frames": 48_000,
            "loudness_clufs": -1600, "true_peak_cdb": -150, "valid_from": stamp(self.now - TimeDelta::days(1)),
            "valid_until": stamp(self.now + TimeDelta::days(180)), "approved_by": ["Nguyễn Thị An", "Trần Văn Bình"],
            "transcript": format!("Nội dung của {id}."), "original_sha256": Digest::of(audio).to_string(),
        });
        match kind {
            "chime" => meta["languages"] = json!([]),
            _ => meta["category"] = json!("law"),
        }
        meta
    }

    /// `policy.yaml`.
    pub fn policy(&mut self, yaml: &str) -> &mut Self {
        self.target("targets", roles::POLICY, yaml.as_bytes(), None)
    }

    /// Registers a box; the areas that it names are delegated if they are not yet.
    pub fn station(&mut self, id: &str, key: [u8; 32], areas: &[&str]) -> &mut Self {
        for area in areas {
            self.area(area);
        }
        self.stations.insert(id.into(), (key, areas.iter().map(|a| a.to_string()).collect()));
        self.write_registry()
    }

    /// A hub's key, 64 hex digits, signs receipts from now on.
    pub fn receipt_key(&mut self, key: &str) -> &mut Self {
        self.receipt_keys.push(key.into());
        self.write_registry()
    }

    /// Takes a box out of the registry.
    pub fn revoke(&mut self, id: &str) -> &mut Self {
        self.stations.remove(id);
        self.write_registry()
    }

    fn write_registry(&mut self) -> &mut Self {
        let keys: Vec<_> = self.receipt_keys.iter().map(|k| format!("\"{k}\"")).collect();
        let mut yaml = format!("format: 1\nreceipt_keys: [{}]\nstations:", keys.join(", "));
        if self.stations.is_empty() {
            yaml += " []";
        }
        for (id, (key, areas)) in &self.stations {
            let (key, areas) = (hex::encode(key), areas.join(", "));
            yaml += &format!(
                "\n  - id: {id}\n    key: \"{key}\"\n    areas: [{areas}]\n    languages: [vi]\n    tags: []\n    commune: \"Xã {id}\""
            );
        }
        yaml += "\n";
        self.target("registry", roles::REGISTRY, yaml.as_bytes(), None)
    }

    /// Delegates to an area's office, whose key is `khu-vuc-<id>`.
    pub fn area(&mut self, id: &str) -> &mut Self {
        let name = format!("area-{id}");
        if !self.roles.contains_key(&name) {
            self.delegate(
                &name,
                &[&format!("areas/{id}/*")],
                &[&format!("khu-vuc-{id}")],
                1,
                roles::AREA_DAYS,
            );
        }
        self
    }

    /// `areas/<area>/schedule.yaml`.
    pub fn schedule(&mut self, area: &str, yaml: &str) -> &mut Self {
        let path = format!("areas/{area}/schedule.yaml");
        self.area(area).target(&format!("area-{area}"), &path, yaml.as_bytes(), None)
    }

    /// `areas/<area>/stations.yaml`.
    pub fn area_stations(&mut self, area: &str, yaml: &str) -> &mut Self {
        let path = format!("areas/{area}/stations.yaml");
        self.area(area).target(&format!("area-{area}"), &path, yaml.as_bytes(), None)
    }

    /// An order to air now.
    pub fn urgent(&mut self, order: &UrgentOrder) -> &mut Self {
        let bytes = serde_json::to_vec(order).unwrap();
        self.target("urgent", &format!("urgent/{}.json", order.id), &bytes, None)
    }

    /// An order from now on for two hours, played once.
    pub fn order(&self, id: &str, audio: &str, areas: &[&str]) -> UrgentOrder {
        UrgentOrder {
            id: id.parse().unwrap(),
            audio: audio.parse().unwrap(),
            areas: areas.iter().map(|a| a.parse().unwrap()).collect(),
            not_before: self.now,
            until: self.now + TimeDelta::hours(2),
            repeats: 1,
            gap_s: 0,
            reason: "Bão số 3".into(),
        }
    }

    /// Takes a bulletin or an urgent order away.
    pub fn withdraw(&mut self, id: &str) -> &mut Self {
        self.withdrawn.insert(id.into(), stamp(self.now));
        self.write_withdrawn()
    }

    /// Makes the list of withdrawals forget `id`, as an attacker or a slip would.
    pub fn forget_withdrawal(&mut self, id: &str) -> &mut Self {
        self.withdrawn.remove(id);
        self.write_withdrawn()
    }

    fn write_withdrawn(&mut self) -> &mut Self {
        let entry = |(id, at): (&String, &String)| json!({"id": id, "at": at, "reason": "Sai nội dung"});
        let list: Vec<Value> = self.withdrawn.iter().map(entry).collect();
        let bytes = serde_json::to_vec(&json!({"format": 1, "withdrawn": list})).unwrap();
        self.target("withdrawals", roles::WITHDRAWN, &bytes, None)
    }

    /// Signs what changed with the next version, then snapshot and timestamp.
    pub fn publish(&mut self) -> &mut Self {
        let changed = |r: &(&String, &Role)| r.1.dirty && !matches!(r.0.as_str(), "snapshot" | "timestamp");
        let names: Vec<String> = self.roles.iter().filter(changed).map(|(n, _)| n.clone()).collect();
        for name in &names {
            let meta = self.sign(name);
            if name != "root" {
                self.edit("snapshot", |s| s["meta"][format!("{name}.json")] = meta);
            }
        }
        if self.roles["snapshot"].dirty {
            let meta = self.sign("snapshot");
            self.edit("timestamp", |t| t["meta"]["snapshot.json"] = meta);
        }
        self.sign("timestamp");
        self
    }

    /// Signs every role anew, each with a version above what `other` gave it: a station that saw `other` takes this.
    pub fn overtake(&mut self, other: &Self) -> &mut Self {
        for (name, role) in &mut self.roles {
            let seen = other.roles.get(name).map_or(0, |r| r.signed["version"].as_u64().unwrap());
            let own = role.signed["version"].as_u64().unwrap_or(0);
            // Roots count one by one.
            role.dirty = name != "root" || seen > own;
            if name != "root" {
                role.signed["version"] = json!(own.max(seen));
            }
        }
        self.publish()
    }

    /// Signs one role with the next version and puts its file in place; what lists it is not touched. Gives the entry
    /// for the list.
    pub fn sign(&mut self, name: &str) -> Value {
        let now = stamp(self.now);
        let role = self.roles.get_mut(name).unwrap_or_else(|| panic!("no role {name}"));
        let version = role.signed["version"].as_u64().unwrap_or(0) + 1;
        role.signed["version"] = json!(version);
        role.signed["signed_at"] = json!(now);
        let days = match name {
            "timestamp" => roles::TIMESTAMP_DAYS,
            "snapshot" => roles::SNAPSHOT_DAYS,
            _ => 0,
        };
        if days > 0 && !role.keep_expiry {
            role.signed["expires"] = json!(stamp(self.now + TimeDelta::days(days as i64)));
        }
        self.put(name)
    }

    /// Signs one role as it stands, version and all, and puts its file in place. Gives the entry for the list.
    pub fn put(&mut self, name: &str) -> Value {
        let role = self.roles.get_mut(name).unwrap_or_else(|| panic!("no role {name}"));
        role.dirty = false;
        let version = role.signed["version"].as_u64().unwrap();
        let bytes = signed_file(&role.signed, &role.signers);
        let file = match name {
            "timestamp" => "metadata/timestamp.json".to_owned(),
            _ => format!("metadata/{version}.{name}.json"),
        };
        let meta = json!({"version": version, "length": bytes.len(), "hashes": {"sha256": Digest::of(&bytes).to_string()}});
        self.files.insert(file, bytes);
        meta
    }

    /// The first root, to enrol with.
    pub fn root(&self) -> &[u8] {
        &self.files["metadata/1.root.json"]
    }

    /// What a role lists.
    pub fn targets(&self, role: &str) -> &Map<String, Value> {
        self.roles[role].signed["targets"].as_object().unwrap()
    }

    /// The newest version of a role.
    pub fn version(&self, role: &str) -> u64 {
        self.roles[role].signed["version"].as_u64().unwrap()
    }

    /// Name of the newest file of a role.
    pub fn file(&self, role: &str) -> String {
        match role {
            "timestamp" => "metadata/timestamp.json".into(),
            _ => format!("metadata/{}.{role}.json", self.version(role)),
        }
    }

    /// A source with all that is published now.
    pub fn source(&self) -> Host {
        Host { files: self.files.clone(), ..Host::default() }
    }

    /// The published files in a folder, as a web server has them.
    pub fn write(&self, dir: &Path) {
        for (name, bytes) in &self.files {
            let path = dir.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}

/// A metadata file: `signed` with the signatures of `signers`.
pub fn signed_file(signed: &Value, signers: &[String]) -> Vec<u8> {
    let bytes = canonical(signed);
    let sign = |name: &String| {
        let person = name.split('+').next().unwrap();
        json!({"keyid": key_id(name), "sig": hex::encode(key(person).sign(&bytes))})
    };
    let signatures: Vec<Value> = signers.iter().map(sign).collect();
    serde_json::to_vec(&json!({"signed": signed, "signatures": signatures})).unwrap()
}

/// The bytes that are signed.
pub fn canonical(signed: &Value) -> Vec<u8> {
    let value = signed.clone();
    match signed["_type"].as_str() {
        Some("root") => serde_json::from_value::<Root>(value).unwrap().canonical_form(),
        Some("snapshot") => serde_json::from_value::<Snapshot>(value).unwrap().canonical_form(),
        Some("timestamp") => serde_json::from_value::<Timestamp>(value).unwrap().canonical_form(),
        _ => serde_json::from_value::<Targets>(value).unwrap().canonical_form(),
    }
    .unwrap()
}
