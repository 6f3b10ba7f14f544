//! Alarms, and the systems that are told of them.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use serde::Deserialize;

use super::{Frame, Once, after, menu::indent, page};
use crate::{
    hub::{
        Fail, Reply,
        db::areas::{Area, Tree},
        deeds::{Doer, alarms, areas},
        extract::{Asked, Named, Sent},
        routes::{Route, get, post},
        rule::{Role, Rule},
        webhook::Kind,
    },
    text::{Lang, Text, hub as say, hub_account as acc},
};

const ADMIN: Rule = Rule::Only(&[Role::Admin]);
/// Who sees to alarms: those who can do something about them.
const SEE: &[Role] = &[Role::Admin, Role::Area, Role::Inspector, Role::Operator];

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/alarms", Rule::Anyone, list),
        post("/alarms/{alarm}/seen", Rule::Only(SEE), see),
        get("/webhooks", ADMIN, hooks),
        post("/webhooks", ADMIN, make),
        post("/webhooks/{webhook}/close", ADMIN, close),
    ]
}

#[derive(Template)]
#[template(path = "alarms.html")]
struct Alarms<'a> {
    frame: Frame,
    tree: &'a Tree,
    alarms: Vec<alarms::Alarm>,
    next: Option<String>,
    open: bool,
    may: bool,
    wrong: Option<Text>,
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct Hooks<'a> {
    frame: Frame,
    tree: &'a Tree,
    areas: Vec<(usize, &'a Area)>,
    hooks: Vec<alarms::Hook>,
    kinds: [Kind; 5],
    wrong: Option<Text>,
}

#[derive(Deserialize)]
struct Which {
    all: Option<String>,
    before: Option<String>,
}

fn kind_name(word: &str) -> Text {
    match Kind::of(word) {
        Kind::Log => acc::alarm_log(word),
        kind => hook_kind(kind.word()),
    }
}

fn hook_kind(word: &str) -> Text {
    match Kind::of(word) {
        Kind::Silent => acc::alarm_silent(),
        Kind::Back => acc::alarm_back(),
        Kind::Urgent => acc::alarm_urgent(),
        Kind::Stale => acc::alarm_stale(),
        Kind::Log => acc::kind_log(),
    }
}

fn status(wrong: Option<&Text>) -> StatusCode {
    if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

async fn list(lang: Lang, doer: Doer, Asked(which): Asked<Which>) -> Reply {
    render(lang, &doer, &which, None).await
}

async fn render(lang: Lang, doer: &Doer, which: &Which, wrong: Option<Text>) -> Reply {
    let tree = doer.tree().await?;
    let open = which.all.is_none();
    let status = status(wrong.as_ref());
    let (alarms, next) = alarms::list(doer, open, which.before.as_deref()).await?;
    let shown = Alarms {
        frame: Frame::new(lang, Some(doer.person.clone()), "/alarms"),
        may: SEE.contains(&doer.person.role),
        tree: &tree,
        alarms,
        next,
        open,
        wrong,
    };
    page(status, &shown)
}

async fn see(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    let seen = alarms::see(&doer, &id).await;
    let which = Which { all: None, before: None };
    after(seen, "/alarms", async |wrong| render(lang, &doer, &which, Some(wrong)).await).await
}

async fn hooks(lang: Lang, doer: Doer) -> Reply {
    render_hooks(lang, &doer, None).await
}

async fn render_hooks(lang: Lang, doer: &Doer, wrong: Option<Text>) -> Reply {
    let tree = doer.tree().await?;
    let status = status(wrong.as_ref());
    let shown = Hooks {
        frame: Frame::new(lang, Some(doer.person.clone()), "/webhooks"),
        areas: areas::in_order(&tree, &doer.person.area),
        hooks: alarms::hooks(doer).await?,
        tree: &tree,
        kinds: Kind::ALL,
        wrong,
    };
    page(status, &shown)
}

#[derive(Deserialize)]
struct Typed {
    url: String,
    area: String,
    /// A box a kind.
    #[serde(flatten)]
    boxes: BTreeMap<String, String>,
}

async fn make(lang: Lang, doer: Doer, Sent(typed): Sent<Typed>) -> Reply {
    let kinds: Vec<_> =
        Kind::ALL.into_iter().map(Kind::word).filter(|k| typed.boxes.contains_key(*k)).collect();
    let make = alarms::Make { url: typed.url, area: typed.area, kinds: kinds.join(" ") };
    match alarms::make(&doer, make).await {
        Ok(made) => {
            let frame = Frame::new(lang, Some(doer.person.clone()), "/webhooks");
            let (what, hint) = (acc::once_secret(), acc::once_secret_hint());
            page(StatusCode::OK, &Once { frame, what, secret: made.secret, hint, back: "/webhooks".into() })
        }
        Err(Fail::Refused(wrong)) => render_hooks(lang, &doer, Some(wrong)).await,
        Err(other) => Err(other),
    }
}

async fn close(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    let closed = alarms::close(&doer, &id).await;
    after(closed, "/webhooks", async |wrong| render_hooks(lang, &doer, Some(wrong)).await).await
}
