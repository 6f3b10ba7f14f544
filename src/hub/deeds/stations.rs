//! Stations, as offices keep them: added with a one-time code, moved, revoked. That a station may be believed is signed by
//! the province into the registry; here it is only said where it stands and who may bring it in.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Doer, words};
use crate::{
    hub::{
        Fail,
        account::secret,
        db::{
            areas::Tree,
            fleet::{self, Station},
            instant, micros,
        },
        live::News,
        overview::{self, Heard, State},
    },
    ids::StationId,
    text::hub_account as acc,
};

/// A one-time code waits so long: an installer's week.
pub const CODE_LASTS: TimeDelta = TimeDelta::days(7);
/// Groups of a code: 59 bits, tried online only, for a week.
const GROUPS: usize = 3;

/// A station to add.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddStation)]
pub struct Add {
    /// Its id for ever: a-z, 0-9 and inner hyphens.
    pub id: String,
    /// Where it belongs.
    pub commune: String,
    /// Words that schedules choose it by, with spaces between.
    #[serde(default)]
    pub tags: String,
    /// BCP 47, the first preferred, with spaces between.
    #[serde(default)]
    pub languages: String,
    /// Where it stands.
    #[serde(default)]
    pub place: String,
    /// Whom to call.
    #[serde(default)]
    pub contact: String,
}

/// Another commune.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MoveStation)]
pub struct Move {
    /// Where it belongs from now on.
    pub commune: String,
}

/// A one-time code. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EnrolmentCode)]
pub struct Code {
    /// For which station.
    pub station: String,
    /// To be typed at the box: `loaxa station enroll --hub … --code …`.
    pub code: String,
    /// Until when it can be used, RFC 3339.
    pub until: String,
}

/// A station as it is now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Station)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// Where it belongs now.
    pub commune: String,
    /// Words that schedules choose it by.
    pub tags: String,
    /// BCP 47, the first preferred.
    pub languages: String,
    /// Where it stands.
    pub place: String,
    /// Whom to call.
    pub contact: String,
    /// How it is.
    pub state: State,
    /// When its last word came, RFC 3339.
    pub seen: Option<String>,
    /// Whether the registry names a log for it.
    pub registered: bool,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// How `station` is at `now`.
pub fn state(station: &Station, now: chrono::DateTime<chrono::Utc>) -> State {
    let kept = State::parse(&station.state);
    // Whoever takes heartbeats marks a station whose log has an alarm; a log that was stopped is one in any case.
    let alarm = kept == Some(State::LogAlarm) || !station.stopped.is_empty();
    overview::aged(kept, station.seen_at.map(instant), now, alarm)
}

impl Shown {
    /// `station` at `now`.
    pub fn of(s: Station, now: chrono::DateTime<chrono::Utc>) -> Self {
        let state = state(&s, now);
        Self {
            state,
            seen: s.seen_at.map(|at| instant(at).to_rfc3339()),
            registered: s.log.is_some(),
            revoked: s.revoked_at.is_some(),
            id: s.id,
            commune: s.commune,
            tags: s.tags,
            languages: s.languages,
            place: s.place,
            contact: s.contact,
        }
    }
}

/// The stations of `top`, an area that the doer sees, and below.
///
/// # Errors
/// Not found.
pub async fn list(doer: &Doer, top: Option<&str>) -> Result<Vec<Shown>, Fail> {
    let top = top.filter(|t| !t.is_empty()).unwrap_or(&doer.person.area);
    doer.sees(&doer.tree().await?, top)?;
    let now = doer.now();
    let all = fleet::within(&doer.hub.db, top).await?;
    Ok(all.into_iter().map(|s| Shown::of(s, now)).collect())
}

/// One station that the doer sees, and what its newest heartbeat says.
///
/// # Errors
/// Not found.
pub async fn get(doer: &Doer, id: &str) -> Result<(Shown, Option<Heard>), Fail> {
    let (station, status) = raw(doer, id).await?;
    Ok((station, status.and_then(|json| serde_json::from_value(json).ok())))
}

/// [`get`], with the heartbeat as it came.
///
/// # Errors
/// Not found.
pub async fn raw(doer: &Doer, id: &str) -> Result<(Shown, Option<serde_json::Value>), Fail> {
    let station = find(doer, &doer.tree().await?, id).await?;
    let status = fleet::status(&doer.hub.db, id).await?;
    Ok((Shown::of(station, doer.now()), status.and_then(|json| serde_json::from_str(&json).ok())))
}

async fn find(doer: &Doer, tree: &Tree, id: &str) -> Result<Station, Fail> {
    let station = fleet::get(&doer.hub.db, id).await?.ok_or(Fail::NotFound)?;
    doer.sees(tree, &station.commune)?;
    Ok(station)
}

fn commune(doer: &Doer, tree: &Tree, id: &str) -> Result<(), Fail> {
    let good = doer.sees(tree, id).is_ok()
        && tree.get(id).is_some_and(|a| a.kind == "commune" && a.merged_into.is_none());
    if good { Ok(()) } else { Err(Fail::Refused(acc::choose_commune())) }
}

/// Adds a station; its one-time code.
///
/// # Errors
/// Refused: a field is wrong, or the id is taken.
pub async fn add(doer: &Doer, add: Add) -> Result<Code, Fail> {
    let tree = doer.tree().await?;
    let id: StationId = add.id.trim().parse().map_err(|_| Fail::Refused(acc::id_rule()))?;
    commune(doer, &tree, &add.commune)?;
    let station = Station {
        id: id.to_string(),
        commune: add.commune,
        tags: words::list(acc::tags(), &add.tags)?,
        languages: words::list(acc::languages(), &add.languages)?,
        place: words::free(acc::place(), &add.place)?,
        contact: words::free(acc::contact(), &add.contact)?,
        log: None,
        revoked_at: None,
        seen_at: None,
        state: State::New.word().into(),
        state_since: micros(doer.now()),
        stopped: String::new(),
    };
    if fleet::get(&doer.hub.db, id.as_str()).await?.is_some() || id == StationId::nobody() {
        return Err(Fail::Refused(acc::id_taken(&id)));
    }
    doer.note("station-added", format!("{id} {}", station.commune)).await?;
    if !fleet::add(&doer.hub.db, &station).await? {
        return Err(Fail::Refused(acc::id_taken(&id)));
    }
    keep_code(doer, id).await
}

/// A new one-time code: for another box, or for one that was revoked. Codes before it end.
///
/// # Errors
/// Not found.
pub async fn code(doer: &Doer, id: &str) -> Result<Code, Fail> {
    find(doer, &doer.tree().await?, id).await?;
    doer.note("station-code", id).await?;
    keep_code(doer, id.parse().map_err(Fail::machine)?).await
}

async fn keep_code(doer: &Doer, id: StationId) -> Result<Code, Fail> {
    let code = secret::readable(GROUPS)?;
    let (now, until) = (doer.now(), doer.now() + CODE_LASTS);
    let hash = secret::hash(&code);
    fleet::keep_code(&doer.hub.db, &hash, id.as_str(), &doer.person.login, micros(now), micros(until))
        .await?;
    doer.hub.live.tell(News::Station(id.clone()));
    Ok(Code { station: id.to_string(), code, until: until.to_rfc3339() })
}

/// Another commune, both seen by the doer.
///
/// # Errors
/// Not found, refused.
pub async fn shift(doer: &Doer, id: &str, to: Move) -> Result<(), Fail> {
    let tree = doer.tree().await?;
    let station = find(doer, &tree, id).await?;
    commune(doer, &tree, &to.commune)?;
    doer.note("station-moved", format!("{id}: {} -> {}", station.commune, to.commune)).await?;
    fleet::shift(&doer.hub.db, id, &to.commune, micros(doer.now())).await?;
    tell(doer, id);
    Ok(())
}

/// Nothing more of a station is believed. The province takes it out of the registry as well, so that it is refused everywhere.
///
/// # Errors
/// Not found, refused.
pub async fn revoke(doer: &Doer, id: &str) -> Result<(), Fail> {
    let station = find(doer, &doer.tree().await?, id).await?;
    if station.revoked_at.is_some() {
        return Err(Fail::Refused(acc::revoked_already(id)));
    }
    doer.note("station-revoked", id).await?;
    fleet::revoke(&doer.hub.db, id, micros(doer.now())).await?;
    tell(doer, id);
    Ok(())
}

fn tell(doer: &Doer, id: &str) {
    if let Ok(id) = id.parse() {
        doer.hub.live.tell(News::Station(id));
    }
}
