//! Which station asks. It signs each request with its log's key; the registry in force says whose that is.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, Uri, header},
};
use serde_json::json;

use super::{
    alarm::{self, Kind},
    body, registry,
};
use crate::{
    asrun::key::Verifying,
    digest::Digest,
    hub::{
        Fail, Hub,
        db::{areas, records, stations},
    },
    ids::StationId,
    link::Proof,
    schedule::registry::StationEntry,
    text::hub_station as say,
};

/// A station that has proved itself.
#[derive(Debug, Clone)]
pub struct Proven {
    /// Which.
    pub id: StationId,
    /// Its log.
    pub log: Digest,
    /// The log's key.
    pub key: Verifying,
    /// What the hub knows of it.
    pub row: stations::Station,
}

/// A request whose body was read.
#[derive(Debug)]
pub(super) struct Read {
    /// `POST`, …
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// What it says of itself.
    pub proof: Proof,
    /// The body.
    pub body: Vec<u8>,
}

/// The proof that a request carries, if its nonce is good. Nothing of the body is read before.
pub(super) fn proof(hub: &Hub, headers: &HeaderMap) -> Result<Proof, Fail> {
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let proof = value.and_then(Proof::read).ok_or(Fail::Nonce(String::new()))?;
    let now = hub.now().timestamp();
    if !hub.stations.nonces.is_good(&proof.nonce, &proof.log, now) {
        return Err(Fail::Nonce(hub.stations.nonces.make(&proof.log, now)));
    }
    Ok(proof)
}

/// Reads a request of at most `longest` bytes that carries a proof.
pub(super) async fn read(hub: &Hub, request: Request, proof: Proof, longest: usize) -> Result<Read, Fail> {
    let (parts, body) = request.into_parts();
    let body = body::read(hub, &parts.headers, body, longest).await?;
    Ok(Read { method: parts.method, path: path(&parts.uri), proof, body })
}

fn path(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| uri.path().to_owned(), |p| p.as_str().to_owned())
}

impl Read {
    pub(super) fn is_by(&self, key: &Verifying) -> bool {
        self.proof.is_by(key, self.method.as_str(), &self.path, &self.body)
    }
}

/// The station whose request this is, and the body.
///
/// # Errors
/// Not proved, not registered, revoked; too long or too slow.
pub(super) async fn station(hub: &Hub, request: Request, longest: usize) -> Result<(Proven, Vec<u8>), Fail> {
    let proof = proof(hub, request.headers())?;
    let known = registry::known(hub).await?;
    let entry = known.logs.get(&proof.log).and_then(|id| known.stations.get(id));
    let Some(entry) = entry else {
        return Err(unregistered(hub, request, proof, longest).await?);
    };
    let key = Verifying::new(entry.key).ok_or_else(|| Fail::Closed(say::not_registered()))?;
    let read = read(hub, request, proof, longest).await?;
    if !read.is_by(&key) {
        return Err(Fail::Closed(say::unproven()));
    }
    let row = row(hub, entry).await?;
    if row.revoked_at.is_some() {
        return Err(Fail::Closed(say::revoked(&row.id)));
    }
    Ok((Proven { id: entry.id.clone(), log: read.proof.log, key, row }, read.body))
}

/// A log that the registry does not name: of a box that waits for its signature, or one that was a station's once.
async fn unregistered(hub: &Hub, request: Request, proof: Proof, longest: usize) -> Result<Fail, Fail> {
    let closed = Fail::Closed(say::not_registered());
    let Some(log) = records::log(&hub.db, &proof.log).await? else { return Ok(closed) };
    let key = <[u8; 32]>::try_from(log.key.as_slice()).ok().and_then(Verifying::new);
    let read = read(hub, request, proof, longest).await?;
    if !key.is_some_and(|key| read.is_by(&key)) {
        return Ok(Fail::Closed(say::unproven()));
    }
    let Some(row) = stations::get(&hub.db, &log.station).await? else { return Ok(closed) };
    alarm::raise(hub, Kind::OtherKey, &row, &json!({"log": read.proof.log})).await?;
    Ok(Fail::Closed(say::other_key(&row.id)))
}

/// The hub's own row; a station that the province registered without the hub's doing gets one in the nearest area that
/// the hub knows.
async fn row(hub: &Hub, entry: &StationEntry) -> Result<stations::Station, Fail> {
    if let Some(row) = stations::get(&hub.db, entry.id.as_str()).await? {
        return Ok(row);
    }
    let tree = areas::tree(&hub.db).await?;
    let named = entry.areas.iter().rev().map(|a| a.as_str()).find(|a| tree.get(a).is_some());
    let top = tree.all().find(|area| area.parent.is_none()).map(|area| area.id.as_str());
    let commune = named.or(top).ok_or_else(|| Fail::Closed(say::no_home(&entry.id)))?;
    let words = |all: Vec<&str>| all.join(" ");
    let station = stations::Station {
        id: entry.id.as_str().to_owned(),
        commune: commune.to_owned(),
        tags: words(entry.tags.iter().map(String::as_str).collect()),
        languages: words(entry.languages.iter().map(|l| l.as_str()).collect()),
        place: entry.place.clone().unwrap_or_default(),
        contact: entry.contact.clone().unwrap_or_default(),
        ..stations::Station::default()
    };
    stations::add(&hub.db, &station, hub.now()).await?;
    stations::get(&hub.db, entry.id.as_str()).await?.ok_or_else(|| Fail::machine("a station vanished"))
}
