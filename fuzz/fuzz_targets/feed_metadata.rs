//! Metadata and small signed files. Raw, as any server may send them: no panic, and nothing counts as signed by itself.
//! And properly signed, as a person with a key may write them: a station that syncs such a feed neither panics nor plays
//! what another role did not approve. The first byte chooses.
#![no_main]

use std::{cell::RefCell, collections::BTreeMap};

use futures_util::FutureExt;
use libfuzzer_sys::fuzz_target;
use loaxa::{
    feed::{
        Feed, Mode, Now, Refusal, Store, UrgentOrder, Who,
        formats::Withdrawals,
        roles,
        verify::{by_root, parse},
    },
    schedule::{check::Given, world::World},
    text::Lang,
};
use serde_json::{Value, json};
use tough::schema::{Root, Snapshot, Targets, Timestamp};

#[allow(missing_docs)]
#[path = "../../tests/support/repo.rs"]
mod repo;
use repo::Repo;

const KEY: [u8; 32] = [7; 32];
const ID: &str = "xa-tan-tien";
const SCHEDULE: &str = include_str!("../../tests/data/schedule-good.yaml");

/// A published feed, and what it was before it was altered.
struct Bench {
    repo: Repo,
    files: BTreeMap<String, Vec<u8>>,
    signed: BTreeMap<String, Value>,
}

impl Bench {
    fn new() -> Self {
        let mut repo = Repo::new("2026-12-01T00:00:00Z");
        repo.station(ID, KEY, &["bac-giang", "yen-the"]);
        repo.bulletin("duong-day-nong-111", b"audio 111").bulletin("bao", b"storm").chime("open", b"chime");
        let order = repo.order("bao-so-3", "bao", &["yen-the"]);
        repo.urgent(&order).withdraw("phap-luat-1");
        repo.schedule("yen-the", SCHEDULE).publish();
        let signed = repo.roles.iter().map(|(name, role)| (name.clone(), role.signed.clone())).collect();
        Self { files: repo.files.clone(), signed, repo }
    }

    /// As it was.
    fn restore(&mut self) {
        self.repo.files.clone_from(&self.files);
        for (name, signed) in &self.signed {
            self.repo.roles.get_mut(name).unwrap().signed.clone_from(signed);
        }
    }

    fn sync(&self) -> Result<Feed, Refusal> {
        let dir = tempfile::tempdir().unwrap();
        let mut store = Store::enrol(&dir.path().join("feed"), self.repo.root())?;
        let who = Who { station: ID.parse().unwrap(), key: KEY };
        let now = Now { wall: self.repo.now, trusted: true };
        let source = self.repo.source();
        // Nothing is waited for, so the first poll ends it.
        let feed = store.refresh(&source, Mode::Online, &who, now).now_or_never().unwrap()?;
        assert_eq!(store.load(&who, now).bulletins, feed.bulletins, "what was stored is what was said");
        Ok(feed)
    }
}

thread_local!(static BENCH: RefCell<Bench> = RefCell::new(Bench::new()));

/// The role `name` says `bytes`, with all signatures that it needs.
fn role(bench: &mut Bench, name: &str, bytes: &[u8]) {
    let Ok(mut signed) = serde_json::from_slice::<Value>(bytes) else { return };
    if !signed.is_object() {
        return;
    }
    signed["version"] = bench.signed[name]["version"].clone();
    let envelope = serde_json::to_vec(&json!({"signed": signed, "signatures": []})).unwrap();
    let readable = match name {
        "root" => parse::<Root>(name, &envelope).is_ok(),
        "snapshot" => parse::<Snapshot>(name, &envelope).is_ok(),
        "timestamp" => parse::<Timestamp>(name, &envelope).is_ok(),
        _ => parse::<Targets>(name, &envelope).is_ok(),
    };
    // Canonical JSON knows no floats: nobody can sign them.
    if !readable || has_float(&signed) {
        return;
    }
    match name {
        "timestamp" | "snapshot" => {
            bench.repo.roles.get_mut(name).unwrap().signed = signed;
            let meta = bench.repo.put(name);
            if name == "snapshot" {
                bench.repo.edit("timestamp", |t| t["meta"]["snapshot.json"] = meta);
                bench.repo.put("timestamp");
            }
        }
        _ => {
            bench.repo.edit(name, |now| *now = signed);
            bench.repo.publish();
        }
    }
}

fn has_float(value: &Value) -> bool {
    match value {
        Value::Number(n) => n.is_f64(),
        Value::Array(all) => all.iter().any(has_float),
        Value::Object(all) => all.values().any(has_float),
        _ => false,
    }
}

fn judge(bench: &mut Bench) {
    match bench.sync() {
        Ok(feed) => {
            for (what, why) in feed.stale.iter().chain(&feed.warnings) {
                assert!(!why.to(Lang::Vi).is_empty() && !why.to(Lang::En).is_empty(), "{what}");
            }
            assert!(feed.bulletins.keys().all(|id| !feed.withdrawn.contains(id.as_str())));
            assert!(feed.urgents.keys().all(|id| !feed.withdrawn.contains(id.as_str())));
            drop(World::for_station(&feed, &ID.parse().unwrap()));
            drop(Given::from_feed(&feed));
        }
        Err(refusal) => assert!(!refusal.reason().vi.is_empty()),
    }
    bench.restore();
}

const ROLES: [&str; 10] = [
    "root", "timestamp", "snapshot", "targets", "withdrawals", "urgent", "urgent-audio", "registry", "bulletins",
    "area-yen-the",
];

const FILES: [(&str, &str); 6] = [
    ("targets", roles::POLICY),
    ("registry", roles::REGISTRY),
    ("withdrawals", roles::WITHDRAWN),
    ("urgent", "urgent/bao-so-3.json"),
    ("area-yen-the", "areas/yen-the/schedule.yaml"),
    ("area-yen-the", "areas/yen-the/stations.yaml"),
];

fn raw(which: u8, bytes: &[u8]) {
    match which {
        0 => {
            if let Ok(root) = parse::<Root>("root", bytes) {
                // The fuzzer has no keys: whoever it counts, it counts from signatures that it was given.
                let signers = by_root(&root.signed, &root, "root").map_or(0, |signers| signers.len());
                assert!(signers <= root.signatures.len());
            }
        }
        1 => drop(parse::<Timestamp>("timestamp", bytes)),
        2 => drop(parse::<Snapshot>("snapshot", bytes)),
        3 => drop(parse::<Targets>("targets", bytes)),
        4 => drop(Withdrawals::read(bytes)),
        _ => {
            if let Ok(order) = UrgentOrder::read("order", bytes) {
                assert!(order.check().is_ok());
            }
        }
    }
}

/// Writes what the bench's own offices signed to the folder `LOAXA_SEEDS`, if that is set: to begin with.
fn seeds() {
    let Some(dir) = std::env::var_os("LOAXA_SEEDS") else { return };
    let write = |which: u8, name: &str, bytes: &[u8]| {
        let name = name.replace('/', "-");
        std::fs::write(std::path::Path::new(&dir).join(format!("{which}-{name}")), [&[which], bytes].concat()).unwrap();
    };
    BENCH.with_borrow(|bench| {
        for (i, name) in ROLES.iter().enumerate() {
            write(i as u8, name, &serde_json::to_vec(&bench.signed[*name]).unwrap());
            let whole = &bench.files[&bench.repo.file(name)];
            let raw = ["root", "timestamp", "snapshot"].iter().position(|n| n == name).unwrap_or(3);
            write(16 + raw as u8, name, whole);
        }
        for (i, (_, path)) in FILES.iter().enumerate() {
            let ending = path.rsplit('/').next().unwrap();
            let held = bench.files.iter().find(|(name, _)| name.starts_with("targets/") && name.ends_with(ending));
            let bytes = held.map_or(&b"format: 1\narea: yen-the\nstations: []\n"[..], |(_, bytes)| bytes);
            write(10 + i as u8, path, bytes);
        }
        for (i, path) in [roles::WITHDRAWN, "order.json"].iter().enumerate() {
            let ending = path.trim_start_matches("order");
            let held = bench.files.iter().find(|(name, _)| name.starts_with("targets/") && name.ends_with(ending));
            write(20 + i as u8, path, held.unwrap().1);
        }
    });
}

fuzz_target!(init: seeds(), |data: &[u8]| {
    let Some((which, bytes)) = data.split_first() else { return };
    let which = usize::from(which % 22);
    match which {
        0..10 => BENCH.with_borrow_mut(|bench| {
            role(bench, ROLES[which], bytes);
            judge(bench);
        }),
        10..16 => BENCH.with_borrow_mut(|bench| {
            let (role, path) = FILES[which - 10];
            bench.repo.target(role, path, bytes, None).publish();
            judge(bench);
        }),
        _ => raw((which - 16) as u8, bytes),
    }
});
