//! The live overview: communes by state. Rendered here, sent anew when something changed; a browser without scripts reloads.

use std::{convert::Infallible, time::Duration};

use askama::Template;
use axum::{
    http::StatusCode,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use tokio::sync::broadcast;

use super::{Frame, assets, page};
use crate::{
    hub::{
        Fail, Reply,
        deeds::{Doer, day, overview},
        live::News,
        routes::{Route, get},
        rule::Rule,
    },
    text::{Lang, hub as say, hub_account as acc},
};

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![get("/overview", Rule::Anyone, show), get("/overview/events", Rule::Anyone, events)]
}

/// News come in swarms: a page is drawn at most this often.
const SOON: Duration = Duration::from_secs(1);
/// Stations grow late and silent without news.
const TICK: Duration = Duration::from_secs(30);

#[derive(Template)]
#[template(path = "overview.html")]
struct Page {
    frame: Frame,
    area: String,
    script: &'static str,
    rows: String,
}

#[derive(Template)]
#[template(path = "overview_rows.html")]
struct Rows {
    frame: Frame,
    seen: overview::Overview,
    at: String,
}

async fn rows(lang: Lang, doer: &Doer) -> Result<String, Fail> {
    let rows = Rows {
        frame: Frame::new(lang, None, "/overview"),
        seen: overview::look(&doer.hub, &doer.person.area).await?,
        at: day::shown(doer.now()),
    };
    Ok(rows.render()?)
}

async fn show(lang: Lang, doer: Doer) -> Reply {
    let shown = Page {
        area: doer.tree().await?.path(&doer.person.area),
        rows: rows(lang, &doer).await?,
        script: assets::SCRIPT,
        frame: Frame::new(lang, Some(doer.person.clone()), "/overview"),
    };
    page(StatusCode::OK, &shown)
}

struct Watch {
    lang: Lang,
    doer: Doer,
    news: broadcast::Receiver<News>,
    first: bool,
}

/// The rows, at once and whenever something changed, for as long as the session lasts. The browser comes back by itself.
async fn events(lang: Lang, doer: Doer) -> impl IntoResponse {
    let news = doer.hub.live.news();
    let watch = Watch { lang, doer, news, first: true };
    let stream = stream::unfold(watch, |mut watch| async move {
        if !std::mem::take(&mut watch.first) {
            changed(&mut watch).await;
        }
        match next(&watch).await {
            Ok(Some(rows)) => Some((Ok::<_, Infallible>(Event::default().data(rows)), watch)),
            Ok(None) => None,
            Err(fail) => {
                tracing::warn!(error = ?fail, "an overview ends");
                None
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(25)))
}

async fn next(watch: &Watch) -> Result<Option<String>, Fail> {
    // Rights that were taken away meanwhile are gone here too.
    if !watch.doer.person.remains(&watch.doer.hub).await? {
        return Ok(None);
    }
    Ok(Some(rows(watch.lang, &watch.doer).await?))
}

async fn changed(watch: &mut Watch) {
    let clock = &watch.doer.hub.clock;
    tokio::select! {
        // Who missed news looks as well.
        _ = watch.news.recv() => clock.sleep(SOON).await,
        () = clock.sleep(TICK) => {}
    }
    // What came meanwhile is drawn by the same look.
    while !matches!(
        watch.news.try_recv(),
        Err(broadcast::error::TryRecvError::Empty | broadcast::error::TryRecvError::Closed)
    ) {}
}
