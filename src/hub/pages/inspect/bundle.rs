//! The form for a bundle, and the bundle itself.

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{Query, State},
    response::{Html, IntoResponse},
};
use futures_util::stream;
use tokio::sync::mpsc;

use super::{
    ask::{Asked, LONGEST},
    figures, file,
    scope::{Choice, Scope},
};
use crate::{
    hub::{
        Fail, Hub, Reply,
        db::inspect::{self, Station},
        export::bundle,
        pages::Frame,
        routes::{Route, get},
        rule::Rule,
        who::Person,
    },
    text::{Lang, hub as say, hub_inspect as words},
};

const PATH: &str = "/inspect/bundle";
const MOST_STATIONS: i64 = 500;

pub fn routes() -> Vec<Route> {
    vec![get(PATH, Rule::Anyone, page), get("/inspect/bundle.tar", Rule::Anyone, tar)]
}

#[derive(Template)]
#[template(path = "bundle.html")]
struct Page {
    frame: Frame,
    asked: Asked,
    areas: Vec<Choice>,
    stations: Vec<Station>,
    from: String,
    to: String,
}

async fn page(State(hub): State<Hub>, lang: Lang, person: Person, Query(asked): Query<Asked>) -> Reply {
    let scope = Scope::of(&hub, &person).await?;
    let area = scope.area(asked.area.as_deref())?.id.clone();
    let period = asked.period(figures::today(hub.now()))?;
    let page = Page {
        areas: scope.choices(&area, lang),
        stations: inspect::stations(&hub.db, scope.inside(&scope.top).as_deref(), MOST_STATIONS).await?,
        from: figures::iso(period.from),
        to: figures::iso(period.to),
        frame: Frame::new(lang, Some(person), asked.at(PATH)),
        asked,
    };
    Ok(Html(page.render()?).into_response())
}

/// The name of a bundle's file.
pub fn name(from: &str, to: &str) -> String {
    if from == to { format!("loaxa-{from}.tar") } else { format!("loaxa-{from}-{to}.tar") }
}

async fn tar(State(hub): State<Hub>, person: Person, Query(asked): Query<Asked>) -> Reply {
    let scope = Scope::of(&hub, &person).await?;
    let area = scope.area(asked.area.as_deref())?.id.clone();
    let period = asked.period(figures::today(hub.now()))?;
    if period.to - period.from >= LONGEST {
        return Err(Fail::Refused(words::long_period(LONGEST)));
    }
    // A log goes with its station: who sees a station now may take its whole log.
    let search = asked.search(scope.cut(&area, true), period)?;
    let parts = bundle::parts(&hub, &search.cut, search.station.as_deref(), search.from, search.to).await?;
    if parts.is_empty() {
        return Err(Fail::Refused(words::bundle_empty()));
    }
    let (out, into) = mpsc::channel(2);
    tokio::spawn(bundle::send(hub, parts, out));
    file(&name(&figures::iso(period.from), &figures::iso(period.to)), "application/x-tar", stream(into))
}

/// A body that is made while it is sent.
pub fn stream(from: mpsc::Receiver<std::io::Result<Bytes>>) -> Body {
    Body::from_stream(stream::unfold(from, |mut from| async { from.recv().await.map(|piece| (piece, from)) }))
}
