//! Three communes, four stations and twenty days of signed logs in a hub's database, and what is true of them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    asrun::{
        chain::Head,
        key::LogKey,
        receipt::Receipt,
        record::{
            self, Body, Boot, ClockTrust, Hold, Intent, IntentItem, Outcome, OutcomeRecord, Record, SentItem,
            Why,
        },
    },
    bulletin::{Category, Frames},
    digest::Digest,
    hub::db::{
        Db, areas,
        records::{self, Airing, Row, Source},
    },
    schedule::occurrence::{Class, Occurrence},
};
use sqlx::AssertSqlSafe;

/// Stations and their communes; Nghĩa Phương lies in another area.
pub const STATIONS: [(&str, &str); 4] = [
    ("xuan-luong-1", "xuan-luong"),
    ("xuan-luong-2", "xuan-luong"),
    ("dong-ky-1", "dong-ky"),
    ("nghia-phuong-1", "nghia-phuong"),
];
pub const DAYS: i64 = 20;
/// A title that a page must not run and a spreadsheet must not count.
pub const EVIL: &str = "=HYPERLINK(\"http://x\") <script>alert(1)</script>";

/// Id, title, category, language, seconds, hotline.
const BULLETINS: [(&str, &str, Category, &str, u64, i64); 3] = [
    ("thu-doan-1", "Thủ đoạn lừa đưa người sang biên giới", Category::Tricks, "vi", 95, 1),
    ("luat-1", EVIL, Category::Law, "vi", 64, 0),
    ("ho-tro-tay", "Hỗ trợ nạn nhân (tiếng Tày)", Category::Support, "tyz", 130, 1),
];

/// One occurrence as it really went.
#[derive(Debug, Clone)]
pub struct Truth {
    pub station: &'static str,
    pub commune: &'static str,
    pub day: i64,
    pub outcome: &'static str,
    pub why: &'static str,
    /// Index into the bulletins, frames.
    pub sent: Vec<(usize, u64)>,
}

/// What was put in, told without the hub's own sums.
#[derive(Default)]
pub struct Story {
    pub truths: Vec<Truth>,
    /// Owed by station and day.
    pub planned: BTreeMap<(&'static str, i64), i64>,
    pub heads: BTreeMap<&'static str, Head>,
}

impl Story {
    pub fn count(&self, wanted: impl Fn(&Truth) -> bool) -> i64 {
        self.truths.iter().filter(|t| wanted(t)).count() as i64
    }

    /// Bulletins that began, and the frames sent of them.
    pub fn aired(&self, wanted: impl Fn(&Truth, Category, &str) -> bool) -> (i64, u64, i64) {
        let mut sum = (0, 0, 0);
        for truth in &self.truths {
            for (index, frames) in &truth.sent {
                let (.., category, language, _, hotline) = BULLETINS[*index];
                if wanted(truth, category, language) {
                    sum = (sum.0 + 1, sum.1 + frames, sum.2 + hotline);
                }
            }
        }
        sum
    }
}

pub fn sent(truth: &Truth) -> bool {
    !matches!(truth.outcome, "missed" | "skipped")
}

/// 1 November 2026, in days since 1970.
pub fn first_day() -> i64 {
    20_758
}

/// `06:00` of that day in Vietnam.
fn at(day: i64, hour: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(day) + TimeDelta::hours(hour - 7)
}

pub fn key(station: &str) -> LogKey {
    LogKey::from_seed(&Digest::of(station.as_bytes()).0).unwrap()
}

pub fn receipt_key() -> LogKey {
    LogKey::from_seed(&[42; 32]).unwrap()
}

pub async fn open(data: &std::path::Path) -> Db {
    Db::sqlite(&data.join("hub.sqlite")).await.unwrap()
}

/// One statement, with blobs for `$1`, `$2`, ….
pub async fn run(db: &Db, sql: &str, blobs: &[&[u8]]) {
    macro_rules! on {
        ($pool:expr) => {{
            let mut query = sqlx::query(AssertSqlSafe(sql.to_owned()));
            for blob in blobs {
                query = query.bind(blob.to_vec());
            }
            query.execute($pool).await.map(drop)
        }};
    }
    let done = match db {
        Db::Sqlite { write, .. } => on!(write),
        Db::Postgres(pool) => on!(pool),
    };
    done.unwrap();
}

/// Fills the hub whose folder is `data`.
pub async fn fill(data: &std::path::Path) -> Story {
    let db = open(data).await;
    let story = tell(&db).await;
    db.close().await;
    story
}

/// Fills a database.
pub async fn tell(db: &Db) -> Story {
    areas::put(db, &"bac-ninh".parse().unwrap(), None, "Tỉnh Bắc Ninh", "province").await.unwrap();
    for (id, parent, title, kind) in [
        ("yen-the", "bac-ninh", "Yên Thế", "area"),
        ("luc-nam", "bac-ninh", "Lục Nam", "area"),
        ("xuan-luong", "yen-the", "Xã Xuân Lương", "commune"),
        ("dong-ky", "yen-the", "Xã Đồng Kỳ", "commune"),
        ("nghia-phuong", "luc-nam", "Xã Nghĩa Phương", "commune"),
        ("tam-di", "luc-nam", "Xã Tam Dị", "commune"),
    ] {
        areas::put(db, &id.parse().unwrap(), Some(parent), title, kind).await.unwrap();
    }
    let mut story = Story::default();
    for (index, (station, commune)) in STATIONS.into_iter().enumerate() {
        log(db, &mut story, index as i64, station, commune).await;
    }
    story
}

async fn log(db: &Db, story: &mut Story, index: i64, station: &'static str, commune: &'static str) {
    let key = key(station);
    let sql = format!(
        "INSERT INTO station (id, commune, tags, languages, place, contact, log, state, state_since) \
         VALUES ('{station}', '{commune}', '', 'vi tyz', 'Nhà văn hóa <thôn {index}>', '', $1, 'idle', 0)"
    );
    run(db, &sql, &[&key.id().0]).await;
    let mut writer = Writer { key: &key, head: Head { seq: 0, hash: Digest::ZERO }, rows: Vec::new() };
    writer.add(
        at(first_day(), 5),
        &Body::Boot(Boot {
            station: station.parse().unwrap(),
            log: key.id(),
            version: "0.1.0".into(),
            cut: 0,
            continues: None,
            boot_id: None,
        }),
    );
    for day in first_day()..first_day() + DAYS {
        let sql = format!(
            "INSERT INTO day_planned (station, day, commune, count, feed) VALUES ('{station}', {day}, '{commune}', 2, 1)"
        );
        run(db, &sql, &[]).await;
        story.planned.insert((station, day), 2);
        // Nghĩa Phương's box was off from the fifth to the eighth day, and nobody has its log of them.
        if index == 3 && (4..8).contains(&(day - first_day())) {
            continue;
        }
        for (slot, hour) in [("ban-tin-sang", 6), ("ban-tin-chieu", 17)] {
            let truth = ending(index, day, hour, station, commune);
            writer.occurrence(slot, at(day, hour), &truth);
            story.truths.push(truth);
        }
    }
    records::begin(db, &key.id(), station, &key.public(), 0).await.unwrap();
    let from =
        Source { log: key.id(), station, commune, received_at: at(first_day() + DAYS, 8).timestamp_micros() };
    let start = Head { seq: 0, hash: Digest::ZERO };
    let (rows, head) = (writer.rows, writer.head);
    assert_eq!(records::take(db, &from, start, &rows, head).await.unwrap(), head);
    receipt(db, &key, head).await;
    story.heads.insert(station, head);
}

/// What a hub that holds the log so far has signed.
async fn receipt(db: &Db, key: &LogKey, head: Head) {
    let receipt = Receipt { log: key.id(), seq: head.seq, hash: head.hash, at: at(first_day() + DAYS, 9) };
    let line = String::from_utf8(receipt.line(&receipt_key()).unwrap()).unwrap();
    let sql = format!("UPDATE log SET receipt_seq = {}, receipt = '{line}' WHERE id = $1", head.seq);
    run(db, &sql, &[&key.id().0]).await;
}

fn ending(index: i64, day: i64, hour: i64, station: &'static str, commune: &'static str) -> Truth {
    let whole = |i: usize| (i, BULLETINS[i].4 * 48_000);
    let two = vec![whole(0), whole(1)];
    let (outcome, why, sent) = match (index + (day - first_day()) * 2 + hour / 17) % 11 {
        3 => ("missed", "off", vec![]),
        5 => ("partial", "hold", vec![(0, 20 * 48_000 + 17)]),
        7 => ("skipped", "declined", vec![]),
        8 => ("preempted", "", vec![whole(0), (1, 48_000)]),
        2 | 9 => ("played", "", vec![whole(2)]),
        _ => ("played", "", two),
    };
    Truth { station, commune, day, outcome, why, sent }
}

/// Signs lines one after the other, and reads each as the hub's intake does.
struct Writer<'a> {
    key: &'a LogKey,
    head: Head,
    rows: Vec<Row>,
}

impl Writer<'_> {
    fn add(&mut self, at: DateTime<Utc>, body: &Body) {
        let (line, head) = record::line(self.head, at, body, self.key).unwrap();
        self.head = head;
        let record = Record::read(&line).unwrap();
        let ts = record.occurrence().map_or(at, |of| of.due);
        let of = record.occurrence().cloned();
        let outcome = match body {
            Body::Outcome(outcome) => Some(outcome),
            _ => None,
        };
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        self.rows.push(Row {
            seq: head.seq as i64,
            at: at.timestamp_micros(),
            ts: ts.timestamp_micros(),
            day: (ts + TimeDelta::hours(7)).timestamp().div_euclid(86_400),
            kind: word(serde_json::to_value(body).unwrap()["kind"].clone()),
            area: of.as_ref().map(|of| of.area.to_string()).unwrap_or_default(),
            slot: of.as_ref().map(|of| of.slot.to_string()).unwrap_or_default(),
            outcome: outcome.map(|o| word(serde_json::to_value(o.outcome).unwrap())).unwrap_or_default(),
            why: outcome.map(|o| word(serde_json::to_value(o.why).unwrap())).unwrap_or_default(),
            count: i64::from(outcome.is_some()),
            frames: outcome.map_or(0, |o| o.frames().0 as i64),
            line,
            airings: outcome.map(|o| o.items.iter().map(airing).collect()).unwrap_or_default(),
        });
    }

    fn occurrence(&mut self, slot: &str, due: DateTime<Utc>, truth: &Truth) {
        let of =
            Occurrence { area: "yen-the".parse().unwrap(), slot: slot.parse().unwrap(), due, repeat: None };
        if truth.why == "hold" {
            let until = due + TimeDelta::hours(1);
            self.add(
                due + TimeDelta::seconds(20),
                &Body::Hold(Hold { area: None, until, reason: "họp <thôn>".into() }),
            );
        }
        if sent(truth) {
            let items = truth.sent.iter().map(|(index, _)| item(*index)).collect();
            self.add(
                due - TimeDelta::seconds(1),
                &Body::Intent(Intent {
                    occurrence: of.clone(),
                    class: Class::Priority,
                    items,
                    feed: BTreeMap::new(),
                    level_cdb: -600,
                    clock: ClockTrust::Synced,
                    device: "alsa:default".into(),
                }),
            );
        }
        let mut first = due;
        let mut items = Vec::new();
        for (index, frames) in &truth.sent {
            let sent = item(*index);
            let first_frame = Some(first);
            items.push(SentItem {
                bulletin: sent.bulletin,
                sha256: sent.sha256,
                frames: Frames(*frames),
                first_frame,
            });
            first += Frames(*frames).span();
        }
        let parsed = |word: &str| serde_json::Value::String(word.to_owned());
        self.add(
            first + TimeDelta::seconds(1),
            &Body::Outcome(OutcomeRecord {
                occurrence: of,
                outcome: serde_json::from_value::<Outcome>(parsed(truth.outcome)).unwrap(),
                why: serde_json::from_value::<Why>(parsed(truth.why)).ok(),
                by: None,
                late_us: (!items.is_empty()).then_some(1200),
                items,
                run: None,
            }),
        );
    }
}

fn item(index: usize) -> IntentItem {
    let (id, title, category, language, seconds, _) = BULLETINS[index];
    IntentItem {
        bulletin: id.parse().unwrap(),
        sha256: Digest::of(id.as_bytes()),
        title: title.into(),
        category: Some(category),
        languages: vec![language.parse().unwrap()],
        length: Frames(seconds * 48_000),
    }
}

fn airing(sent: &SentItem) -> Airing {
    let known = BULLETINS.iter().find(|b| b.0 == sent.bulletin.as_str()).unwrap();
    Airing {
        bulletin: known.0.into(),
        title: known.1.into(),
        category: known.2.as_str().into(),
        language: known.3.into(),
        frames: sent.frames.0 as i64,
        hotline: known.5,
    }
}
