//! Stations: seen by everybody of their area, kept by admins and offices.

use askama::Template;
use axum::http::StatusCode;
use serde::Deserialize;

use super::{Frame, Once, after, menu::indent, page};
use crate::{
    hub::{
        Fail, Reply,
        db::areas::{Area, Tree},
        deeds::{Doer, areas, day, stations},
        extract::{Asked, Named, Sent},
        overview::{Comes, Heard},
        routes::{Route, get, post},
        rule::{Role, Rule},
    },
    text::{Lang, Text, hub as say, hub_account as acc},
};

const OFFICE: Rule = Rule::Only(&[Role::Admin, Role::Area]);

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/stations", Rule::Anyone, list),
        post("/stations", OFFICE, add),
        get("/stations/{station}", Rule::Anyone, one),
        post("/stations/{station}/code", OFFICE, code),
        post("/stations/{station}/move", OFFICE, shift),
        post("/stations/{station}/revoke", OFFICE, revoke),
    ]
}

#[derive(Template)]
#[template(path = "stations.html")]
struct Stations<'a> {
    frame: Frame,
    tree: &'a Tree,
    areas: Vec<(usize, &'a Area)>,
    chosen: &'a str,
    stations: Vec<stations::Shown>,
    office: bool,
    wrong: Option<Text>,
}

#[derive(Template)]
#[template(path = "station.html")]
struct Station<'a> {
    frame: Frame,
    tree: &'a Tree,
    areas: Vec<(usize, &'a Area)>,
    station: stations::Shown,
    heard: Option<Heard>,
    office: bool,
    wrong: Option<Text>,
}

#[derive(Deserialize)]
struct Within {
    area: Option<String>,
}

fn office(doer: &Doer) -> bool {
    matches!(doer.person.role, Role::Admin | Role::Area)
}

fn status(wrong: Option<&Text>) -> StatusCode {
    if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

fn due(next: &Comes) -> String {
    day::shown(next.occurrence.due)
}

async fn list(lang: Lang, doer: Doer, Asked(within): Asked<Within>) -> Reply {
    render(lang, &doer, within.area, None).await
}

async fn render(lang: Lang, doer: &Doer, area: Option<String>, wrong: Option<Text>) -> Reply {
    let tree = doer.tree().await?;
    let chosen = area.filter(|a| !a.is_empty()).unwrap_or_else(|| doer.person.area.clone());
    let status = status(wrong.as_ref());
    let shown = Stations {
        frame: Frame::new(lang, Some(doer.person.clone()), "/stations"),
        areas: areas::in_order(&tree, &doer.person.area),
        stations: stations::list(doer, Some(&chosen)).await?,
        office: office(doer),
        chosen: &chosen,
        tree: &tree,
        wrong,
    };
    page(status, &shown)
}

fn shown(lang: Lang, doer: &Doer, code: stations::Code) -> Reply {
    let once = Once {
        frame: Frame::new(lang, Some(doer.person.clone()), "/stations"),
        what: acc::once_code(&code.station),
        secret: code.code,
        hint: acc::once_code_hint(doer.hub.config.address(), day::rfc(&code.until)),
        back: format!("/stations/{}", code.station),
    };
    page(StatusCode::OK, &once)
}

async fn add(lang: Lang, doer: Doer, Sent(add): Sent<stations::Add>) -> Reply {
    match stations::add(&doer, add).await {
        Ok(code) => shown(lang, &doer, code),
        Err(Fail::Refused(wrong)) => render(lang, &doer, None, Some(wrong)).await,
        Err(other) => Err(other),
    }
}

async fn one(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    render_one(lang, &doer, &id, None).await
}

async fn render_one(lang: Lang, doer: &Doer, id: &str, wrong: Option<Text>) -> Reply {
    let tree = doer.tree().await?;
    let (station, heard) = stations::get(doer, id).await?;
    let status = status(wrong.as_ref());
    let shown = Station {
        frame: Frame::new(lang, Some(doer.person.clone()), format!("/stations/{id}")),
        areas: areas::in_order(&tree, &doer.person.area),
        office: office(doer),
        tree: &tree,
        station,
        heard,
        wrong,
    };
    page(status, &shown)
}

async fn code(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    match stations::code(&doer, &id).await {
        Ok(code) => shown(lang, &doer, code),
        Err(Fail::Refused(wrong)) => render_one(lang, &doer, &id, Some(wrong)).await,
        Err(other) => Err(other),
    }
}

async fn shift(lang: Lang, doer: Doer, Named(id): Named<String>, Sent(to): Sent<stations::Move>) -> Reply {
    let moved = stations::shift(&doer, &id, to).await;
    after(moved, &format!("/stations/{id}"), async |wrong| render_one(lang, &doer, &id, Some(wrong)).await)
        .await
}

async fn revoke(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    let revoked = stations::revoke(&doer, &id).await;
    after(revoked, &format!("/stations/{id}"), async |wrong| render_one(lang, &doer, &id, Some(wrong)).await)
        .await
}
