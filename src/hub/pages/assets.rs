//! Style sheet and scripts, part of the program. Their names carry a version, so that browsers keep them for ever.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::hub::{
    routes::{Route, get},
    rule::Rule,
};

const CSS: &str = concat!(include_str!("html/hub.css"), include_str!("html/inspect.css"));
/// The version stands in the path: another program version has another sheet.
pub const STYLE: &str = concat!("/assets/", env!("CARGO_PKG_VERSION"), "/hub.css");

const LIVE: &str = include_str!("html/live.js");
/// The one script of live pages.
pub const SCRIPT: &str = concat!("/assets/", env!("CARGO_PKG_VERSION"), "/live.js");

/// The routes of assets.
pub fn routes() -> Vec<Route> {
    vec![
        get(STYLE, Rule::Public, || async { lasting(CSS, "text/css; charset=utf-8") }),
        get(SCRIPT, Rule::Public, || async { lasting(LIVE, "text/javascript; charset=utf-8") }),
    ]
}

fn lasting(body: &'static str, kind: &'static str) -> Response {
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, kept)], body)
        .into_response()
}
