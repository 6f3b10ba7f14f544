//! A province of one test: a hub, the feed in its folder, and boxes that speak as stations do, line by line.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use loaxa::{
    asrun::{
        chain::Head,
        key::{LogKey, Verifying},
        receipt::Receipt,
        record::{
            self, Body, Boot, ClockTrust, Continues, Intent, IntentItem, Outcome, OutcomeRecord, SentItem,
        },
    },
    bulletin::{Category, Frames},
    digest::Digest,
    hub::db::{Db, alarms},
    link::{self, Proof},
    schedule::occurrence::{Class, Occurrence},
};
use reqwest::{Client, Method};
use serde_json::Value;

use crate::{repo::Repo, world::Hub};

pub struct Province {
    pub hub: Hub,
    pub repo: Repo,
}

impl Province {
    /// A hub whose receipt key the registry lists; no station yet.
    pub fn start() -> Self {
        let hub = Hub::start();
        hub.stay();
        let now = crate::r#box::now().to_rfc3339_opts(SecondsFormat::Secs, true);
        let mut province = Self { hub, repo: Repo::new(&now) };
        let key = province.hub.says(&["hub", "station", "list"])["receipt_key"].as_str().unwrap().to_owned();
        province.repo.policy(crate::r#box::POLICY).receipt_key(&key);
        province.publish();
        province
    }

    /// Puts the feed where the hub looks for it, the timestamp last.
    pub fn publish(&mut self) {
        self.repo.publish();
        put(&self.repo, &self.hub.data().join("office/feed"));
    }

    /// A registered box. Its key is made of `seed`.
    pub fn register(&mut self, id: &str, seed: u8) -> Talker {
        let talker = Talker::new(&self.hub.url, id, seed);
        self.repo.station(id, talker.key.public(), &["bac-ninh"]);
        self.publish();
        talker
    }

    pub async fn db(&self) -> Db {
        match &self.hub.database {
            Some(url) => Db::postgres(url).await.unwrap(),
            None => Db::sqlite(&self.hub.data().join("hub.sqlite")).await.unwrap(),
        }
    }

    /// Kinds of all alarms, the oldest first.
    pub async fn alarms(&self) -> Vec<String> {
        let mut all = alarms::newest(&self.db().await, i64::MAX, 100).await.unwrap();
        all.reverse();
        all.into_iter().map(|alarm| alarm.kind).collect()
    }

    /// The hub's receipt key.
    pub fn receipt_key(&self) -> Verifying {
        let key = LogKey::load(&self.hub.data().join("keys/receipts.key")).unwrap();
        Verifying::new(key.public()).unwrap()
    }

    /// Every line of a log, as it is held.
    pub async fn lines(&self, log: &Digest) -> Vec<Vec<u8>> {
        let held = loaxa::hub::db::records::lines(&self.db().await, log, 1, 1 << 40).await.unwrap();
        held.into_iter().map(|(_, line)| line).collect()
    }

    /// What a question of the test's own gives.
    pub async fn rows<T>(&self, sql: &'static str) -> Vec<T>
    where
        T: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
            + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
            + Send
            + Unpin,
    {
        let db = self.db().await;
        let rows = match &db {
            Db::Sqlite { read, .. } => sqlx::query_as(sql).fetch_all(read).await.unwrap(),
            Db::Postgres(pool) => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
        };
        db.close().await;
        rows
    }

    /// The sums that are kept, and the same sums made of the raw rows.
    pub async fn assert_sums(&self) {
        const SUMS: [(&str, &str); 2] = [
            (
                "SELECT commune, station, outcome, why, CAST(SUM(count) AS BIGINT), CAST(SUM(frames) AS BIGINT) FROM day_outcome GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
                "SELECT commune, station, outcome, why, CAST(SUM(count) AS BIGINT), CAST(SUM(frames) AS BIGINT) FROM record WHERE count > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            ),
            (
                "SELECT commune, station, category || language, outcome, CAST(SUM(airings) AS BIGINT), CAST(SUM(frames) AS BIGINT) FROM day_airing GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
                "SELECT commune, station, category || language, outcome, COUNT(*), CAST(SUM(frames) AS BIGINT) FROM airing GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            ),
        ];
        type Sum = (String, String, String, String, i64, i64);
        for (kept, raw) in SUMS {
            let (kept, raw): (Vec<Sum>, Vec<Sum>) = (self.rows(kept).await, self.rows(raw).await);
            assert_eq!(kept, raw);
        }
    }
}

pub fn put(repo: &Repo, dir: &Path) {
    let (last, first): (Vec<_>, Vec<_>) =
        repo.files.iter().partition(|(name, _)| name.ends_with("timestamp.json"));
    for (name, bytes) in first.into_iter().chain(last) {
        let path = dir.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let beside = path.with_extension("new");
        std::fs::write(&beside, bytes).unwrap();
        std::fs::rename(beside, path).unwrap();
    }
}

/// A box that writes a log and speaks to the hub, by hand.
pub struct Talker {
    pub key: LogKey,
    pub id: String,
    pub url: String,
    client: Client,
    nonce: String,
    pub head: Head,
    pub lines: Vec<Vec<u8>>,
    /// When the next record is written.
    pub at: DateTime<Utc>,
}

impl Talker {
    pub fn new(url: &str, id: &str, seed: u8) -> Self {
        let key = LogKey::from_seed(&[seed; 32]).unwrap();
        let client = Client::builder().pool_max_idle_per_host(0).build().unwrap();
        let at = "2026-11-01T00:00:00Z".parse().unwrap();
        let (url, id) = (url.to_owned(), id.to_owned());
        Self { key, id, url, client, nonce: String::new(), head: Head::START, lines: Vec::new(), at }
    }

    /// The same box once more: an image of its disk in another machine.
    pub fn clone_box(&self) -> Self {
        let seed_of_nothing = LogKey::from_seed(&[0; 32]).unwrap();
        let mut clone = Self { key: seed_of_nothing, ..Self::new(&self.url, &self.id, 0) };
        (clone.head, clone.lines, clone.at) = (self.head, self.lines.clone(), self.at);
        clone
    }

    /// With the key of a box.
    pub fn with_key(mut self, seed: u8) -> Self {
        self.key = LogKey::from_seed(&[seed; 32]).unwrap();
        self
    }

    pub fn write(&mut self, body: &Body) -> &mut Self {
        let (line, head) = record::line(self.head, self.at, body, &self.key).unwrap();
        self.lines.push(line);
        self.head = head;
        self.at += TimeDelta::minutes(1);
        self
    }

    pub fn boot(&mut self, continues: Option<Continues>) -> &mut Self {
        let (station, log) = (self.id.parse().unwrap(), self.key.id());
        let boot = Boot { station, log, version: "test".into(), cut: 0, continues, boot_id: None };
        self.write(&Body::Boot(boot))
    }

    /// A slot that aired: an intent and its outcome.
    pub fn air(&mut self, frames: u64) -> &mut Self {
        let occurrence = Occurrence {
            area: "bac-ninh".parse().unwrap(),
            slot: "sang".parse().unwrap(),
            due: self.at,
            repeat: None,
        };
        let (bulletin, sha256) = ("luat-1".parse::<loaxa::ids::BulletinId>().unwrap(), Digest::of(b"audio"));
        let item = IntentItem {
            bulletin: bulletin.clone(),
            sha256,
            title: "Luật".into(),
            category: Some(Category::Law),
            languages: vec!["vi".parse().unwrap()],
            length: Frames(frames),
        };
        self.write(&Body::Intent(Intent {
            occurrence: occurrence.clone(),
            class: Class::Priority,
            items: vec![item],
            feed: [("timestamp".to_owned(), 1)].into(),
            level_cdb: 0,
            clock: ClockTrust::Synced,
            device: "wav:pa.wav".into(),
        }));
        let sent = SentItem { bulletin, sha256, frames: Frames(frames), first_frame: Some(self.at) };
        self.write(&Body::Outcome(OutcomeRecord {
            occurrence,
            outcome: Outcome::Played,
            why: None,
            by: None,
            items: vec![sent],
            late_us: Some(0),
            run: None,
        }))
    }

    /// Lines `from` to `to`, as they go over the wire.
    pub fn body(&self, from: u64, to: u64) -> Vec<u8> {
        let lines = &self.lines[from as usize - 1..to as usize];
        lines.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect()
    }

    /// Sends; asks for a nonce when it has none. None when the line broke.
    pub async fn ask(&mut self, method: Method, path: &str, body: &[u8]) -> Option<(u16, Value)> {
        loop {
            let proof = Proof::sign(&self.key, method.as_str(), path, &self.nonce, body);
            let request = self.client.request(method.clone(), format!("{}{path}", self.url));
            let request = request.header("authorization", proof.to_string()).body(body.to_vec());
            let answer = request.send().await.ok()?;
            let status = answer.status().as_u16();
            let nonce = answer.headers().get("www-authenticate").map(|v| v.to_str().unwrap().to_owned());
            let said = serde_json::from_slice(&answer.bytes().await.ok()?).unwrap_or_default();
            match nonce.as_deref().and_then(link::nonce).filter(|_| status == 401) {
                Some(nonce) if nonce != self.nonce => self.nonce = nonce.to_owned(),
                _ => return Some((status, said)),
            }
        }
    }

    /// A valid header for one request.
    pub async fn proof(&mut self, method: Method, path: &str, body: &[u8]) -> String {
        self.ask(Method::GET, link::LOG, b"").await.unwrap();
        Proof::sign(&self.key, method.as_str(), path, &self.nonce, body).to_string()
    }

    pub async fn post(&mut self, body: &[u8]) -> (u16, Value) {
        self.ask(Method::POST, link::LOG, body).await.expect("the hub answers")
    }

    /// Sends lines `from` to `to`.
    pub async fn send(&mut self, from: u64, to: u64) -> (u16, Value) {
        let body = self.body(from, to);
        self.post(&body).await
    }

    /// What the hub holds.
    pub async fn held(&mut self) -> u64 {
        let (status, said) = self.ask(Method::GET, link::LOG, b"").await.unwrap();
        assert_eq!(status, 200, "{said}");
        said["head"]["seq"].as_u64().unwrap()
    }

    /// A heartbeat that says that the log ends in this line.
    pub async fn beat(&mut self, seq: u64) -> (u16, Value) {
        let hash = Digest::of(&self.lines[seq as usize - 1]);
        let status = serde_json::json!({"station": self.id, "at": self.at, "now": null, "hold": null, "stale": {},
            "clock": {"trust": "synced"}, "waiting": [], "log": {"id": self.key.id(), "seq": seq, "hash": hash}});
        let body = serde_json::to_vec(&status).unwrap();
        self.ask(Method::POST, link::HEARTBEAT, &body).await.unwrap()
    }
}

/// The receipt of an answer, signed by the hub.
pub fn receipt(said: &Value, key: &Verifying) -> Receipt {
    let line = said["receipt"].as_str().unwrap_or_else(|| panic!("no receipt: {said}"));
    Receipt::read(line.as_bytes(), Some(std::slice::from_ref(key))).unwrap()
}
