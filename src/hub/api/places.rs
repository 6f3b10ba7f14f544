//! Areas and stations.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::accounts::{Done, done};
use crate::hub::{
    Fail, Reply,
    deeds::{Doer, areas, stations},
    extract::{Asked, Body, Named},
    routes::{Route, get, post},
    rule::{Role, Rule},
};

const ADMIN: Rule = Rule::Only(&[Role::Admin]);
const OFFICE: Rule = Rule::Only(&[Role::Admin, Role::Area]);

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/areas", Rule::Anyone, all)
            .says("The own area and what is below")
            .gives::<Vec<areas::Shown>>(),
        post("/api/areas", ADMIN, add_area).says("Add an area").takes::<areas::Add>().gives::<Done>(),
        post("/api/areas/{area}/rename", ADMIN, rename)
            .says("Rename an area")
            .takes::<areas::Rename>()
            .gives::<Done>(),
        post("/api/areas/{area}/move", ADMIN, move_area)
            .says("Move an area")
            .takes::<areas::Move>()
            .gives::<Done>(),
        post("/api/areas/{area}/merge", ADMIN, merge)
            .says("Merge a commune into another")
            .takes::<areas::Merge>()
            .gives::<Done>(),
        get("/api/stations", Rule::Anyone, list)
            .says("Stations")
            .asks::<Within>()
            .gives::<Vec<stations::Shown>>(),
        post("/api/stations", OFFICE, add)
            .says("Add a station")
            .takes::<stations::Add>()
            .gives::<stations::Code>(),
        get("/api/stations/{station}", Rule::Anyone, one).says("A station").gives::<One>(),
        post("/api/stations/{station}/code", OFFICE, code)
            .says("A new one-time code")
            .gives::<stations::Code>(),
        post("/api/stations/{station}/move", OFFICE, shift)
            .says("Another commune")
            .takes::<stations::Move>()
            .gives::<Done>(),
        post("/api/stations/{station}/revoke", OFFICE, revoke).says("Revoke a station").gives::<Done>(),
    ]
}

async fn all(doer: Doer) -> Result<Json<Vec<areas::Shown>>, Fail> {
    Ok(Json(areas::list(&doer).await?))
}

async fn add_area(doer: Doer, Body(add): Body<areas::Add>) -> Reply {
    areas::add(&doer, add).await?;
    done()
}

async fn rename(doer: Doer, Named(id): Named<String>, Body(to): Body<areas::Rename>) -> Reply {
    areas::rename(&doer, &id, to).await?;
    done()
}

async fn move_area(doer: Doer, Named(id): Named<String>, Body(to): Body<areas::Move>) -> Reply {
    areas::shift(&doer, &id, to).await?;
    done()
}

async fn merge(doer: Doer, Named(id): Named<String>, Body(to): Body<areas::Merge>) -> Reply {
    areas::merge(&doer, &id, to).await?;
    done()
}

/// Which stations.
#[derive(Deserialize, IntoParams)]
struct Within {
    /// This area and below; none: the own one.
    area: Option<String>,
}

async fn list(doer: Doer, Asked(within): Asked<Within>) -> Result<Json<Vec<stations::Shown>>, Fail> {
    Ok(Json(stations::list(&doer, within.area.as_deref()).await?))
}

async fn add(doer: Doer, Body(add): Body<stations::Add>) -> Result<Json<stations::Code>, Fail> {
    Ok(Json(stations::add(&doer, add).await?))
}

/// A station, and its newest word.
#[derive(Serialize, ToSchema)]
#[schema(as = StationDetail)]
struct One {
    #[serde(flatten)]
    station: stations::Shown,
    /// The station's one Status, as it came.
    status: Option<serde_json::Value>,
}

async fn one(doer: Doer, Named(id): Named<String>) -> Result<Json<One>, Fail> {
    let (station, status) = stations::raw(&doer, &id).await?;
    Ok(Json(One { station, status }))
}

async fn code(doer: Doer, Named(id): Named<String>) -> Result<Json<stations::Code>, Fail> {
    Ok(Json(stations::code(&doer, &id).await?))
}

async fn shift(doer: Doer, Named(id): Named<String>, Body(to): Body<stations::Move>) -> Reply {
    stations::shift(&doer, &id, to).await?;
    done()
}

async fn revoke(doer: Doer, Named(id): Named<String>) -> Reply {
    stations::revoke(&doer, &id).await?;
    done()
}
