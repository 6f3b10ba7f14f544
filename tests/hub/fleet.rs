//! A province of two communes that must not see each other: the same things in both, those of the second marked by [`MARK`].

use chrono::{TimeDelta, Utc};
use loaxa::{
    digest::Digest,
    hub::{
        account::secret,
        db::{Db, accounts, areas, audit, fleet, micros, sessions, webhooks},
        rule::Role,
    },
};

use crate::world::Hub;

/// Stands in every name of the second commune, and nowhere else.
pub const MARK: &str = "thachluu";
/// One and two.
pub const SIDES: [&str; 2] = ["moc", MARK];

pub struct World {
    pub hub: Hub,
    pub db: Db,
}

/// The names of the things of `side` that stand in paths. Second: whether it belongs to a commune. None: nobody has said.
pub fn parameter(name: &str, side: &str) -> Option<(String, bool)> {
    let bound = |value: String| Some((value, true));
    let free = |value: &str| Some((value.to_owned(), false));
    match name {
        "area" | "commune" => bound(format!("xa-{side}")),
        "station" => bound(format!("dai-{side}")),
        "login" => bound(format!("victim-{side}")),
        "alarm" | "webhook" => bound(id(side)),
        "session" => bound(digest(&format!("victim {side}")).to_string()),
        "token" => bound(digest(&format!("victim token {side}")).to_string()),
        "log" => bound(digest(&format!("log {side}")).to_string()),
        "role" => free("bulletins"),
        "path" => free("root.json"),
        "bulletin" => free("tin-1"),
        "sha256" | "digest" => free(&"0".repeat(64)),
        "day" => free("2026-11-24"),
        "month" => free("2026-11"),
        "format" => free("csv"),
        _ => None,
    }
}

pub fn id(side: &str) -> String {
    digest(side).to_string()[..32].to_owned()
}

pub fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

/// The secret of the token of that account.
pub fn token(login: &str) -> String {
    format!("token of {login}")
}

impl World {
    pub async fn start() -> Self {
        let mut hub = Hub::start();
        // Each request says another address, so that no limit per address stands in the way.
        let config =
            "format: 1\nlisten: 127.0.0.1:0\ndata: data\nbehind_proxy: true\nprivate_webhooks: true\n";
        std::fs::write(hub.config(), config).unwrap();
        hub.kill();
        let db = Db::sqlite(&hub.data().join("hub.sqlite")).await.unwrap();
        for side in SIDES {
            area(&db, &format!("khu-{side}"), "bac-ninh", "area", side).await;
            area(&db, &format!("xa-{side}"), &format!("khu-{side}"), "commune", side).await;
            for role in Role::ALL {
                account(&db, &format!("{}-{side}", role.word()), role, &format!("xa-{side}")).await;
            }
            account(&db, &format!("victim-{side}"), Role::Operator, &format!("xa-{side}")).await;
            things(&db, side).await;
        }
        hub.run();
        Self { hub, db }
    }

    /// A session of `login`, begun without its password.
    pub async fn session(&self, login: &str) -> String {
        let (cookie, id) = secret::new().unwrap();
        sessions::begin_session(&self.db, &id, login, Utc::now(), TimeDelta::hours(1)).await.unwrap();
        cookie
    }

    /// Everything that a deed changes, as text.
    pub async fn everything(&self) -> String {
        let db = &self.db;
        let all = audit::Filter { to: i64::MAX, ..audit::Filter::default() };
        let deeds = audit::page(db, "bac-ninh", &all, (i64::MAX, &[]), 10_000);
        let tokens = sessions::tokens(db, &format!("victim-{MARK}")).await.unwrap();
        let used: Vec<_> = tokens.into_iter().map(|t| (t.id, t.closed_at)).collect();
        format!(
            "{:#?}",
            (
                accounts::all(db).await.unwrap(),
                areas::tree(db).await.unwrap(),
                fleet::all(db).await.unwrap(),
                webhooks::all(db).await.unwrap(),
                webhooks::alarms_since(db, 0).await.unwrap(),
                deeds.await.unwrap(),
                used,
                sessions::sessions(db, &format!("victim-{MARK}"), Utc::now(), TimeDelta::hours(2))
                    .await
                    .unwrap()
                    .len(),
            )
        )
    }
}

async fn area(db: &Db, id: &str, parent: &str, kind: &str, side: &str) {
    areas::put(db, &id.parse().unwrap(), Some(parent), &format!("{kind} tên {side}"), kind).await.unwrap();
}

async fn account(db: &Db, login: &str, role: Role, area: &str) {
    let text = str::to_owned;
    let account = accounts::Account {
        login: text(login),
        name: format!("Người {login}"),
        role: text(role.word()),
        area: text(area),
        password: text("none"),
        closed_at: None,
        first_until: None,
    };
    assert!(accounts::make(db, &account, Utc::now()).await.unwrap());
    let id = secret::hash(&token(login));
    sessions::make_token(db, &id, login, "thử", Utc::now()).await.unwrap();
}

/// A station with a heartbeat, an alarm, a webhook, a deed, a session and a token, a log with an airing.
async fn things(db: &Db, side: &str) {
    let Db::Sqlite { write, .. } = db else { panic!("seeded on SQLite") };
    let now = micros(Utc::now());
    let (victim, commune) = (format!("victim-{side}"), format!("xa-{side}"));
    let station = format!("dai-{side}");
    let status = format!(
        r#"{{"station":"{station}","now":{{"title":"Tin {side}"}},"clock":{{"trust":"synced"}},"warnings":[{{"vi":"Cần {side}","en":"Do {side}"}}],"version":"{side}"}}"#
    );
    let log = digest(&format!("log {side}"));
    let victims_session = digest(&format!("victim {side}"));
    sessions::begin_session(db, &victims_session, &victim, Utc::now(), TimeDelta::hours(1)).await.unwrap();
    let victims_token = digest(&format!("victim token {side}"));
    sessions::make_token(db, &victims_token, &victim, side, Utc::now()).await.unwrap();
    let deed = audit::Deed {
        at: 0,
        login: victim.clone(),
        address: side.into(),
        area: commune.clone(),
        what: "login".into(),
        detail: side.into(),
    };
    audit::add(db, secret::random().unwrap(), Utc::now(), &deed).await.unwrap();
    let run = |sql: String| async move {
        sqlx::query(sqlx::AssertSqlSafe(sql.clone()))
            .execute(write)
            .await
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
    };
    run(format!(
        "INSERT INTO station (id, commune, tags, languages, place, contact, seen_at, status, state, state_since) VALUES \
         ('{station}', '{commune}', '{side}', 'vi', 'Nhà {side}', 'Ông {side}', {now}, '{status}', 'on-air', {now})"
    )).await;
    let id = id(side);
    run(format!(
        "INSERT INTO alarm (id, at, kind, station, commune, detail, seen_by) VALUES \
         (X'{id}', {now}, 'fork', '{station}', '{commune}', '{{\"what\":\"{side}\"}}', '')"
    ))
    .await;
    run(format!(
        "INSERT INTO webhook (id, url, area, kinds, secret, made_at) VALUES \
         (X'{id}', 'https://{side}.invalid/', '{commune}', 'urgent', X'00', {now})"
    ))
    .await;
    run(format!(
        "INSERT INTO log (id, station, key, begun_at, seq, hash, receipt_seq, receipt, stopped) VALUES \
         (X'{log}', '{station}', X'{}', {now}, 1, X'{log}', 0, '', '')",
        "00".repeat(32)
    ))
    .await;
    run(format!(
        "INSERT INTO record (log, seq, station, commune, ts, at, kind, area, slot, outcome, why, count, frames, received_at, line) \
         VALUES (X'{log}', 1, '{station}', '{commune}', {now}, {now}, 'outcome', 'khu-{side}', 'sang-{side}', 'played', '', 1, 48000, \
         {now}, X'7b7d')"
    )).await;
    run(format!(
        "INSERT INTO airing (log, seq, item, station, commune, ts, bulletin, title, category, language, outcome, frames, hotline) \
         VALUES (X'{log}', 1, 0, '{station}', '{commune}', {now}, 'tin-{side}', 'Tin {side}', 'law', 'vi', 'played', 48000, 0)"
    )).await;
}
