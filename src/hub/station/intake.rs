//! Lines of as-run logs: taken in order, once, verified, and answered with a signed receipt when they are durable.

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    alarm::{self, Kind},
    auth::{self, Proven},
    desk::Odd,
    registry, rows,
    sort::{self, Judged, Line, Place, Whose},
};
use crate::{
    asrun::{chain::Head, findings::Fault, key::Verifying, receipt::Receipt},
    digest::Digest,
    hub::{
        Fail, Hub, Reply,
        db::{micros, records, stations},
        live::News,
    },
    link::{self, Holding},
    text::{Text, hub_station as say},
};

/// The province's zone.
const ZONE: chrono_tz::Tz = chrono_tz::Asia::Ho_Chi_Minh;
/// Several uploads of one log at once take turns; whoever loses so often sends again.
const TURNS: usize = 4;

/// `GET /station/log`: what is held, so that a station knows where to go on.
pub(super) async fn held(State(hub): State<Hub>, request: Request) -> Reply {
    let named = named(&request);
    let (station, _) = auth::station(&hub, request, 0).await?;
    let station = of(&hub, station, named).await?;
    let log = log(&hub, &station).await?;
    Ok(Json(holding(&log)).into_response())
}

/// `POST /station/log`: lines.
pub(super) async fn take(State(hub): State<Hub>, request: Request) -> Reply {
    let named = named(&request);
    let (station, body) = auth::station(&hub, request, link::LONGEST_BATCH).await?;
    let station = of(&hub, station, named).await?;
    let lines = sort::lines(&body).ok_or_else(|| Fail::Refused(say::no_lines()))?;
    for _ in 0..TURNS {
        if let Some(response) = step(&hub, &station, &lines).await? {
            return Ok(response);
        }
    }
    Err(Fail::machine("many uploads of one log at once"))
}

/// Another log than the one whose key asks: `?log=<id>`.
fn named(request: &Request) -> Option<Digest> {
    request.uri().query()?.strip_prefix("log=")?.parse().ok()
}

/// An older log of the same station, whose key the registry named once: its lines are still proved by that key.
async fn of(hub: &Hub, station: Proven, named: Option<Digest>) -> Result<Proven, Fail> {
    let Some(log) = named.filter(|log| *log != station.log) else { return Ok(station) };
    let held = records::log(&hub.db, &log).await?.filter(|held| held.station == station.id.as_str());
    let raw: [u8; 32] = held.and_then(|held| held.key.try_into().ok()).ok_or(Fail::NotFound)?;
    let key = Verifying::new(raw).ok_or(Fail::NotFound)?;
    Ok(Proven { log, key, ..station })
}

async fn log(hub: &Hub, station: &Proven) -> Result<records::Log, Fail> {
    if let Some(log) = records::log(&hub.db, &station.log).await? {
        return Ok(log);
    }
    let now = micros(hub.now());
    records::begin(&hub.db, &station.log, station.id.as_str(), station.key.raw(), now).await?;
    records::log(&hub.db, &station.log).await?.ok_or_else(|| Fail::machine("a log vanished"))
}

fn holding(log: &records::Log) -> Holding {
    Holding { head: log.head(), receipt: Some(log.receipt.clone()).filter(|r| !r.is_empty()) }
}

/// What is held, with why it is not more.
fn conflict(head: Head, why: Text) -> Response {
    (StatusCode::CONFLICT, Json(json!({"error": why, "head": head}))).into_response()
}

/// One look at the batch against what is held now. None: what is held has changed; look again.
async fn step(hub: &Hub, station: &Proven, lines: &[Line<'_>]) -> Result<Option<Response>, Fail> {
    let log = log(hub, station).await?;
    let head = log.head();
    let numbers = lines.iter().filter_map(|(seq, _)| *seq).filter(|seq| *seq <= head.seq);
    let (first, last) = (numbers.clone().min(), numbers.max());
    let known = match first.zip(last) {
        Some((first, last)) => records::lines(&hub.db, &station.log, first, last).await?,
        None => Vec::new(),
    };
    let whose = Whose { key: station.key.clone(), station: station.id.clone() };
    match sort::place(lines, head.seq, &known) {
        Place::Held => Ok(Some(Json(holding(&log)).into_response())),
        Place::Ahead(found) => ahead(hub, station, head, found).await.map(Some),
        Place::Other(seq, lines) => {
            let judged = sort::anywhere(&whose, seq, &lines);
            branch(hub, station, &log, seq, judged).await.map(Some)
        }
        Place::New(lines) => {
            hub.stations.is_well(&station.log, Odd::Gap);
            let judged = sort::following(&whose, head, &lines);
            match (&judged.bad, judged.good.is_empty()) {
                // It does not follow what is held: the box wrote another line before it.
                (Some(bad), true) if bad.why == Fault::Prev => {
                    let judged = sort::anywhere(&whose, head.seq + 1, &lines);
                    branch(hub, station, &log, head.seq + 1, judged).await.map(Some)
                }
                (Some(bad), true) => refuse(hub, station, bad.spot.seq, &bad.why).await.map(Some),
                // The good lines before a bad one are held first.
                (bad, _) => {
                    let done = add(hub, station, head, &judged.good).await?;
                    Ok(done.filter(|_| bad.is_none()))
                }
            }
        }
    }
}

/// Lines that begin past what is due. Once, an upload may have overtaken another; twice, the box does not have them.
async fn ahead(hub: &Hub, station: &Proven, head: Head, found: u64) -> Result<Response, Fail> {
    if hub.stations.is_second(&station.log, Odd::Gap, head.seq) {
        let detail = json!({"log": station.log, "first": head.seq + 1, "found": found});
        alarm::raise(hub, Kind::Gap, &station.row, &detail).await?;
    }
    Ok(conflict(head, say::not_following(head.seq + 1)))
}

/// Other lines than those that are held. If the station's key signed them, both are kept.
async fn branch(
    hub: &Hub,
    station: &Proven,
    log: &records::Log,
    seq: u64,
    judged: Judged<'_>,
) -> Result<Response, Fail> {
    if judged.good.is_empty() {
        let why = judged.bad.map_or(Fault::NoLog, |bad| bad.why);
        return refuse(hub, station, seq, &why).await;
    }
    let lines: Vec<_> = judged.good.iter().map(|(head, line)| (head.seq, *line)).collect();
    records::keep_branch(&hub.db, &station.log, micros(hub.now()), &lines).await?;
    let covered = log.receipt_seq as u64;
    let kind = if seq <= covered { Kind::Rewritten } else { Kind::Fork };
    let detail = json!({"log": station.log, "line": seq, "receipt": covered.min(seq)});
    alarm::raise(hub, kind, &station.row, &detail).await?;
    Ok(conflict(log.head(), say::contradicts(seq)))
}

/// A line that does not verify.
async fn refuse(hub: &Hub, station: &Proven, seq: u64, why: &Fault) -> Result<Response, Fail> {
    let detail = json!({"log": station.log, "line": seq, "why": why.word()});
    alarm::raise(hub, Kind::of(why), &station.row, &detail).await?;
    Err(Fail::Refused(say::bad_line(seq, why.text())))
}

/// Adds verified lines. None: another upload of the same log came first.
async fn add(
    hub: &Hub,
    station: &Proven,
    mut head: Head,
    good: &[(Head, &[u8])],
) -> Result<Option<Response>, Fail> {
    let rows = rows_of(hub, station, good).await?;
    let homes = stations::homes(&hub.db, station.id.as_str()).await?;
    let home = |at: i64| home(&homes, at).unwrap_or(&station.row.commune);
    let mut receipt = String::new();
    let mut begin = 0;
    // Lines count for the commune of their own time: a part for each.
    while begin < rows.len() {
        let commune = home(rows[begin].at);
        let count = rows[begin..].iter().take_while(|row| home(row.at) == commune).count();
        let part = begin..begin + count;
        let after = good[part.end - 1].0;
        let now = hub.now();
        let signed = Receipt { log: station.log, seq: after.seq, hash: after.hash, at: now };
        let line = signed
            .line(&hub.stations.receipts)
            .map_err(|_| Fail::machine("a receipt that is not canonical"))?;
        receipt = String::from_utf8(line).map_err(Fail::machine)?;
        let source = records::Source {
            log: station.log,
            station: station.id.as_str(),
            commune,
            received_at: micros(now),
        };
        if records::take_signed(&hub.db, &source, head, &rows[part.clone()], after, &receipt).await? != after
        {
            return Ok(None);
        }
        (head, begin) = (after, part.end);
    }
    told(hub, station, good).await?;
    Ok(Some(Json(Holding { head, receipt: Some(receipt) }).into_response()))
}

/// Where a station belonged at an instant.
fn home(homes: &[(i64, String)], at: i64) -> Option<&String> {
    homes.iter().rev().find(|(since, _)| *since <= at).or(homes.first()).map(|(_, commune)| commune)
}

/// What follows from new lines: who looks is told, and what they say of other logs is compared.
async fn told(hub: &Hub, station: &Proven, good: &[(Head, &[u8])]) -> Result<(), Fail> {
    hub.live.tell(News::Station(station.id.clone()));
    // One history goes on although another one has been seen: two boxes write.
    if let Some(line) = records::branches_at(&hub.db, &station.log).await? {
        let detail = json!({"log": station.log, "line": line});
        alarm::raise(hub, Kind::Fork, &station.row, &detail).await?;
    }
    let Some((_, first)) = good.first().filter(|(head, _)| head.seq == 1) else { return Ok(()) };
    let first: Value = serde_json::from_slice(first).map_err(Fail::machine)?;
    let Ok(continues) = serde_json::from_value::<crate::asrun::record::Continues>(first["continues"].clone())
    else {
        return Ok(());
    };
    continued(hub, station, &continues.log, Head { seq: continues.seq, hash: continues.hash }).await
}

/// A log that goes on under a new key: the end of the old one is here, or lines of it are missing for good.
async fn continued(hub: &Hub, station: &Proven, old: &Digest, end: Head) -> Result<(), Fail> {
    let held = match records::log(&hub.db, old).await? {
        Some(log) if log.station != station.id.as_str() => {
            let detail = json!({"log": station.log, "continues": old});
            return alarm::raise(hub, Kind::OtherStation, &station.row, &detail).await;
        }
        Some(log) => log.head(),
        None => Head::START,
    };
    if held.seq < end.seq {
        let detail = json!({"log": old, "first": held.seq + 1, "found": end.seq + 1});
        return alarm::raise(hub, Kind::Gap, &station.row, &detail).await;
    }
    let line = records::lines(&hub.db, old, end.seq, end.seq).await?;
    if held.seq > end.seq || line.first().is_none_or(|(_, line)| Digest::of(line) != end.hash) {
        let detail = json!({"log": old, "line": end.seq, "receipt": held.seq});
        return alarm::raise(hub, Kind::Rewritten, &station.row, &detail).await;
    }
    Ok(())
}

/// The rows of verified lines, with intents from the same batch or from earlier ones.
async fn rows_of(hub: &Hub, station: &Proven, good: &[(Head, &[u8])]) -> Result<Vec<records::Row>, Fail> {
    let parsed: Vec<Value> = good
        .iter()
        .map(|(_, line)| serde_json::from_slice(line))
        .collect::<Result<_, _>>()
        .map_err(Fail::machine)?;
    let mut before = rows::Intents::default();
    for of in rows::wanting(&parsed) {
        let due = of.repeat.is_none().then_some(of.due);
        let found = records::intents(&hub.db, station.id.as_str(), (&of.area, &of.slot), due).await?;
        let read = found.iter().rev().filter_map(|line| serde_json::from_slice::<Value>(line).ok());
        for intent in read.filter(|intent| rows::Of::read(intent).is_some_and(|other| other.is(&of))) {
            before.add(&intent);
        }
    }
    let known = registry::known(hub).await?;
    let hotline = |id: &str| id.parse().is_ok_and(|id| known.hotlines.contains(&id));
    let lines: Vec<_> = good.iter().map(|(_, line)| *line).zip(parsed).collect();
    Ok(rows::rows(&lines, before, ZONE, hotline))
}
