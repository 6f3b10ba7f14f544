//! What people did, for admins.

use askama::Template;
use axum::http::StatusCode;

use super::{Frame, page};
use crate::{
    hub::{
        Fail, Reply,
        deeds::{Doer, audit},
        extract,
        routes::{Route, get},
        rule::{Role, Rule},
    },
    text::{Lang, Text, hub as say, hub_account as acc},
};

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![get("/audit", Rule::Only(&[Role::Admin]), show)]
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Audit {
    frame: Frame,
    asked: audit::Asked,
    page: audit::Page,
    /// The filter, for the link to the next page.
    query: String,
    wrong: Option<Text>,
}

fn text(typed: &Option<String>) -> &str {
    typed.as_deref().unwrap_or_default()
}

async fn show(lang: Lang, doer: Doer, extract::Asked(asked): extract::Asked<audit::Asked>) -> Reply {
    let (listed, wrong) = match audit::list(&doer, &asked).await {
        Ok(listed) => (listed, None),
        Err(Fail::Refused(wrong)) => (audit::Page { deeds: Vec::new(), next: None }, Some(wrong)),
        Err(other) => return Err(other),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = Frame::new(lang, Some(doer.person.clone()), "/audit");
    page(status, &Audit { frame, query: query(&asked), asked, page: listed, wrong })
}

fn query(asked: &audit::Asked) -> String {
    let fields = [("login", &asked.login), ("what", &asked.what), ("from", &asked.from), ("to", &asked.to)];
    let mut url = reqwest::Url::parse("x:").ok();
    if let Some(url) = &mut url {
        url.query_pairs_mut()
            .extend_pairs(fields.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))));
    }
    url.and_then(|u| u.query().map(str::to_owned)).unwrap_or_default()
}
