//! Feeds that are altered, old or signed by too few, as a person reads of them after `loaxa station sync`. The station
//! had a good feed before; what it says each time begins with what became of the whole.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use loaxa::{
    feed::{Mode, Now, Store, Who},
    station::sync::Synced,
    text::{Lang, Text},
};
use serde_json::json;

use crate::repo::{BROWSERS, DUTY, EDITORS, Host, PROVINCE, Repo};

const KEY: [u8; 32] = [7; 32];
const ID: &str = "xa-tan-tien";

/// What the offices do after the first sync, and what the host does to the files.
type Case = (&'static str, fn(&mut Repo), fn(&Repo, &mut Host));

fn honest(_: &Repo, _: &mut Host) {}
fn nothing(_: &mut Repo) {}

fn newer(repo: &mut Repo) {
    repo.bulletin("moi", b"new").publish();
}

fn order(repo: &mut Repo, change: impl FnOnce(&mut loaxa::feed::UrgentOrder)) {
    repo.urgent_audio("bao", b"storm");
    let mut order = repo.order("bao-so-3", "bao", &["yen-the"]);
    change(&mut order);
    repo.urgent(&order).publish();
}

const CASES: &[Case] = &[
    ("a server that has nothing", nothing, |_, host| host.files.clear()),
    ("a line that breaks off", nothing, |_, host| {
        host.broken.insert("metadata/timestamp.json".into());
    }),
    ("a file that never ends", newer, |repo, host| {
        host.endless.insert(repo.file("bulletins"));
    }),
    ("a page to log in", nothing, |_, host| {
        host.alter("metadata/timestamp.json", |b| *b = b"<html>".to_vec())
    }),
    ("a file cut in half", newer, |repo, host| {
        host.alter(&repo.file("bulletins"), |b| b.truncate(b.len() / 2))
    }),
    ("a letter altered", newer, |repo, host| host.alter(&repo.file("bulletins"), |b| b[200] ^= 1)),
    ("a timestamp altered", newer, |_, host| host.alter("metadata/timestamp.json", |b| b[60] ^= 1)),
    ("two files swapped", newer, |repo, host| {
        let other = host.files[&repo.file("registry")].clone();
        host.alter(&repo.file("bulletins"), |b| *b = other);
    }),
    ("a snapshot for a timestamp", newer, |repo, host| {
        let other = host.files[&repo.file("snapshot")].clone();
        host.alter("metadata/timestamp.json", |b| *b = other);
    }),
    ("yesterday's timestamp", nothing, |_, host| {
        host.alter("metadata/timestamp.json", |b| {
            *b = Repo::new("2026-11-30T00:00:00Z").files["metadata/timestamp.json"].clone()
        });
    }),
    ("a role is not there", newer, |repo, host| {
        host.absent.insert(repo.file("bulletins"));
    }),
    (
        "a small file is not there",
        |repo| {
            repo.schedule("yen-the", "format: 1\n# new\n").publish();
        },
        |_, host| {
            let gone: Vec<String> =
                host.files.keys().filter(|n| n.contains("schedule.yaml")).cloned().collect();
            host.absent.extend(gone);
        },
    ),
    (
        "one approval only",
        |repo| {
            repo.bulletin("moi", b"new").signed_by("bulletins", &EDITORS[..1]).publish();
        },
        honest,
    ),
    (
        "one person twice",
        |repo| {
            repo.bulletin("moi", b"new").signed_by("bulletins", &[EDITORS[0], EDITORS[0]]).publish();
        },
        honest,
    ),
    (
        "signatures by browsers only",
        |repo| {
            repo.bulletin("moi", b"new").signed_by("bulletins", &BROWSERS).publish();
        },
        honest,
    ),
    (
        "signatures of strangers",
        |repo| {
            repo.bulletin("moi", b"new").signed_by("bulletins", &["la-1", "la-2"]).publish();
        },
        honest,
    ),
    (
        "the province signs alone",
        |repo| {
            repo.edit("targets", |t| t["x"] = json!(1)).signed_by("targets", &PROVINCE[..1]).publish();
        },
        honest,
    ),
    (
        "an area signed by another",
        |repo| {
            repo.schedule("yen-the", "format: 1\n")
                .signed_by("area-yen-the", &["khu-vuc-bac-giang"])
                .publish();
        },
        honest,
    ),
    (
        "an area writes for another",
        |repo| {
            repo.target("area-yen-the", "areas/bac-giang/schedule.yaml", b"x", None).publish();
        },
        honest,
    ),
    (
        "an area lists a bulletin",
        |repo| {
            repo.target("area-yen-the", "bulletins/moi.opus", b"x", None).publish();
        },
        honest,
    ),
    (
        "an area delegates on",
        |repo| {
            repo.edit("area-yen-the", |r| {
        r["delegations"] = json!({"keys": {}, "roles": [{"name": "x", "keyids": [], "threshold": 1, "terminating": true, "paths": ["*"]}]});
    }).publish();
        },
        honest,
    ),
    (
        "an area that was dissolved",
        |repo| {
            repo.edit("targets", |t| {
                let roles = t["delegations"]["roles"].as_array_mut().unwrap();
                roles.retain(|r| r["name"] != "area-yen-the");
            })
            .publish();
        },
        honest,
    ),
    (
        "a lower threshold",
        |repo| {
            repo.edit("targets", |t| {
                let roles = t["delegations"]["roles"].as_array_mut().unwrap();
                roles.iter_mut().filter(|r| r["name"] == "bulletins").for_each(|r| r["threshold"] = json!(1));
            })
            .publish();
        },
        honest,
    ),
    (
        "a role vanishes",
        |repo| {
            repo.edit("snapshot", |s| {
                s["meta"].as_object_mut().unwrap().remove("withdrawals.json");
            })
            .publish();
        },
        honest,
    ),
    (
        "older bulletins are listed again",
        |repo| {
            newer(repo);
            repo.edit("snapshot", |s| s["meta"]["bulletins.json"]["version"] = json!(1)).publish();
        },
        honest,
    ),
    (
        "bulletins expired",
        |repo| {
            let now = repo.now;
            repo.bulletin("moi", b"new").expires("bulletins", now).publish();
        },
        honest,
    ),
    (
        "the snapshot expired",
        |repo| {
            let now = repo.now;
            repo.bulletin("moi", b"new").expires("snapshot", now).publish();
        },
        honest,
    ),
    (
        "the root expired",
        |repo| {
            let now = repo.now;
            repo.expires("root", now).publish();
        },
        honest,
    ),
    (
        "signed tomorrow",
        |repo| {
            repo.pass(TimeDelta::days(1)).publish();
        },
        honest,
    ),
    (
        "not said when it was signed",
        |repo| {
            repo.publish()
                .roles
                .get_mut("timestamp")
                .unwrap()
                .signed
                .as_object_mut()
                .unwrap()
                .remove("signed_at");
            repo.put("timestamp");
        },
        honest,
    ),
    (
        "not registered any more",
        |repo| {
            repo.target(
                "registry",
                "registry/stations.yaml",
                b"format: 1\nreceipt_keys: []\nstations: []\n",
                None,
            )
            .publish();
        },
        honest,
    ),
    (
        "registered with another key",
        |repo| {
            repo.station(ID, [9; 32], &["bac-giang", "yen-the"]).publish();
        },
        honest,
    ),
    (
        "a registry that is none",
        |repo| {
            repo.target("registry", "registry/stations.yaml", b"stations: xa\n", None).publish();
        },
        honest,
    ),
    (
        "a policy that is none",
        |repo| {
            repo.target("targets", "policy.yaml", b"browser_keys: 5\n", None).publish();
        },
        honest,
    ),
    (
        "a browser key that is none",
        |repo| {
            repo.policy("browser_keys: [abc]\n").publish();
        },
        honest,
    ),
    (
        "a schedule that is not text",
        |repo| {
            repo.target("area-yen-the", "areas/yen-the/schedule.yaml", b"\xff\xfe", None).publish();
        },
        honest,
    ),
    (
        "withdrawals that are none",
        |repo| {
            repo.target("withdrawals", "withdrawn.json", b"[]", None).publish();
        },
        honest,
    ),
    (
        "withdrawals of a format to come",
        |repo| {
            repo.target("withdrawals", "withdrawn.json", br#"{"format":2,"withdrawn":[]}"#, None).publish();
        },
        honest,
    ),
    (
        "a withdrawal of no id",
        |repo| {
            repo.target(
                "withdrawals",
                "withdrawn.json",
                "{\"withdrawn\":[{\"id\":\"Bản tin\"}]}".as_bytes(),
                None,
            )
            .publish();
        },
        honest,
    ),
    (
        "a description that is wrong",
        |repo| {
            repo.describe("phap-luat-1", |m| m["frames"] = json!("many")).publish();
        },
        honest,
    ),
    (
        "a bulletin under no name",
        |repo| {
            repo.target("bulletins", "bulletins/Không.opus", b"x", None).publish();
        },
        honest,
    ),
    (
        "an id taken by urgent audio",
        |repo| {
            repo.urgent_audio("phap-luat-1", b"x").publish();
        },
        honest,
    ),
    (
        "an order longer than a day",
        |repo| order(repo, |o| o.until = o.not_before + TimeDelta::hours(25)),
        honest,
    ),
    ("an order that ends before it begins", |repo| order(repo, |o| o.until = o.not_before), honest),
    ("an order without a repeat", |repo| order(repo, |o| o.repeats = 0), honest),
    ("an order with a long gap", |repo| order(repo, |o| o.gap_s = 3_601), honest),
    ("an order for nobody", |repo| order(repo, |o| o.areas.clear()), honest),
    (
        "an order under another name",
        |repo| {
            let bytes = serde_json::to_vec(&repo.order("khac", "phap-luat-1", &["yen-the"])).unwrap();
            repo.target("urgent", "urgent/bao-so-3.json", &bytes, None).publish();
        },
        honest,
    ),
    (
        "an order that is none",
        |repo| {
            repo.target("urgent", "urgent/bao-so-3.json", b"{\"id\":", None).publish();
        },
        honest,
    ),
    (
        "urgent audio by one officer",
        |repo| {
            repo.urgent_audio("bao", b"storm").signed_by("urgent-audio", &DUTY[..1]).publish();
        },
        honest,
    ),
];

struct Station {
    dir: tempfile::TempDir,
    store: Store,
    who: Who,
}

impl Station {
    fn enrolled(repo: &Repo) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::enrol(&dir.path().join("feed"), repo.root()).unwrap();
        Self { dir, store, who: Who { station: ID.parse().unwrap(), key: KEY } }
    }

    /// What a pass brings, as `station sync` has it.
    fn sync(&mut self, host: &Host, now: Now) -> Synced {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        match runtime.block_on(self.store.refresh(host, Mode::Online, &self.who, now)) {
            Ok(feed) => Synced { feed, ..Synced::default() },
            Err(refusal) => {
                Synced { feed: self.store.load(&self.who, now), refused: Some(refusal), ..Synced::default() }
            }
        }
    }
}

fn province() -> Repo {
    let mut repo = Repo::new("2026-12-01T00:00:00Z");
    repo.station(ID, KEY, &["bac-giang", "yen-the"]);
    repo.bulletin("duong-day-nong-111", b"audio 111")
        .bulletin("phap-luat-1", b"audio law")
        .chime("open", b"chime");
    repo.schedule("yen-the", "format: 1\narea: yen-the\n").publish();
    repo
}

/// The lines of the answer, without the data used, which is always there.
fn said(synced: &Synced) -> String {
    let mut lines = synced.lines();
    lines.pop();
    let all = Text::join(&lines, "\n");
    format!("{}\n{}\n", all.to(Lang::Vi), all.to(Lang::En))
}

#[test]
fn what_is_wrong_with_a_feed_is_said_after_a_sync() {
    let mut out = String::new();
    let province = province();
    for (name, change, host_does) in CASES {
        let mut repo = province.clone();
        let mut station = Station::enrolled(&repo);
        let now = Now { wall: repo.now, trusted: true };
        let before = station.sync(&repo.source(), now);
        assert_eq!((before.refused, &before.feed.stale), (None, &BTreeMap::new()), "{name}: before");
        change(&mut repo);
        let mut host = repo.source();
        host_does(&repo, &mut host);
        let after = station.sync(&host, now);
        assert!(after.refused.is_some() || !after.feed.stale.is_empty(), "{name} was taken in silence");
        assert!(!after.feed.bulletins.contains_key(&"moi".parse().unwrap()), "{name}: taken");
        // A province that lets one person approve is obeyed in nothing (`tests/feed/keys.rs`).
        assert!(
            after.feed.bulletins.len() >= 2 || *name == "a lower threshold",
            "{name}: what was held is gone"
        );
        out.push_str(&format!("## {name}\n{}\n", said(&after)));
        drop(station.dir);
    }
    insta::assert_snapshot!("feed_refusals", out);
}
