//! The tree of areas: seen by everybody, kept by admins.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;

use super::{Frame, after, menu::indent, page};
use crate::{
    hub::{
        Fail, Reply,
        db::{
            areas::{Area, Tree},
            fleet,
        },
        deeds::{Doer, areas, stations},
        extract::{Named, Sent},
        routes::{Route, get, post},
        rule::{Role, Rule},
    },
    text::{Lang, Text, hub as say, hub_account as acc},
};

const ADMIN: Rule = Rule::Only(&[Role::Admin]);

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/areas", Rule::Anyone, list),
        post("/areas", ADMIN, add),
        get("/areas/{area}", Rule::Anyone, one),
        post("/areas/{area}/rename", ADMIN, rename),
        post("/areas/{area}/move", ADMIN, shift),
        post("/areas/{area}/merge", ADMIN, merge),
    ]
}

struct Row<'a> {
    depth: usize,
    area: &'a Area,
    stations: usize,
}

#[derive(Template)]
#[template(path = "areas.html")]
struct Areas<'a> {
    frame: Frame,
    tree: &'a Tree,
    rows: Vec<Row<'a>>,
    admin: bool,
    wrong: Option<Text>,
}

#[derive(Template)]
#[template(path = "area.html")]
struct One<'a> {
    frame: Frame,
    tree: &'a Tree,
    area: &'a Area,
    areas: Vec<(usize, &'a Area)>,
    stations: Vec<stations::Shown>,
    admin: bool,
    own: bool,
    wrong: Option<Text>,
}

fn kind_name(word: &str) -> Text {
    match word {
        "province" => acc::kind_province(),
        "commune" => acc::kind_commune(),
        _ => acc::kind_area(),
    }
}

async fn list(lang: Lang, doer: Doer) -> Reply {
    render(lang, &doer, None).await
}

async fn render(lang: Lang, doer: &Doer, wrong: Option<Text>) -> Reply {
    let tree = doer.tree().await?;
    let mut here = BTreeMap::<String, usize>::new();
    for station in fleet::within(&doer.hub.db, &doer.person.area).await? {
        *here.entry(station.commune).or_default() += 1;
    }
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let rows = areas::in_order(&tree, &doer.person.area).into_iter();
    let rows = rows.map(|(depth, area)| {
        let below = here.iter().filter(|(commune, _)| tree.is_within(commune, &area.id));
        Row { depth, area, stations: below.map(|(_, count)| count).sum() }
    });
    let shown = Areas {
        frame: Frame::new(lang, Some(doer.person.clone()), "/areas"),
        tree: &tree,
        rows: rows.collect(),
        admin: doer.person.role == Role::Admin,
        wrong,
    };
    page(status, &shown)
}

async fn add(lang: Lang, doer: Doer, Sent(add): Sent<areas::Add>) -> Reply {
    let added = areas::add(&doer, add).await;
    after(added, "/areas", async |wrong| render(lang, &doer, Some(wrong)).await).await
}

async fn one(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    render_one(lang, &doer, &id, None).await
}

async fn render_one(lang: Lang, doer: &Doer, id: &str, wrong: Option<Text>) -> Reply {
    let tree = doer.tree().await?;
    doer.sees(&tree, id)?;
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let shown = One {
        frame: Frame::new(lang, Some(doer.person.clone()), format!("/areas/{id}")),
        area: tree.get(id).ok_or(Fail::NotFound)?,
        areas: areas::in_order(&tree, &doer.person.area),
        stations: stations::list(doer, Some(id)).await?,
        admin: doer.person.role == Role::Admin,
        own: doer.person.area == id,
        tree: &tree,
        wrong,
    };
    page(status, &shown)
}

async fn rename(lang: Lang, doer: Doer, Named(id): Named<String>, Sent(to): Sent<areas::Rename>) -> Reply {
    let renamed = areas::rename(&doer, &id, to).await;
    after(renamed, "/areas", async |wrong| render_one(lang, &doer, &id, Some(wrong)).await).await
}

async fn shift(lang: Lang, doer: Doer, Named(id): Named<String>, Sent(to): Sent<areas::Move>) -> Reply {
    let moved = areas::shift(&doer, &id, to).await;
    after(moved, "/areas", async |wrong| render_one(lang, &doer, &id, Some(wrong)).await).await
}

async fn merge(lang: Lang, doer: Doer, Named(id): Named<String>, Sent(to): Sent<areas::Merge>) -> Reply {
    let merged = areas::merge(&doer, &id, to).await;
    after(merged, "/areas", async |wrong| render_one(lang, &doer, &id, Some(wrong)).await).await
}
