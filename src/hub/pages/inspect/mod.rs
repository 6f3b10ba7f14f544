//! The inspector's pages: what really aired, and the proof of it. Each asks `db::inspect`, each is cut to the person's
//! area by `scope`, and each keeps its whole state in its URL (`ask`), so that a page can be sent to somebody else.

mod ask;
mod bundle;
mod day;
mod figures;
mod grid;
mod plan;
mod record;
mod report;
mod scope;
mod search;
mod sheet;
mod timeline;

use std::io::Write;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};

use crate::hub::{Fail, routes::Route};

/// The routes of this room.
pub fn routes() -> Vec<Route> {
    [
        search::routes(),
        grid::routes(),
        day::routes(),
        record::routes(),
        bundle::routes(),
        report::routes(),
        sheet::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A page that is long in letters and short in gzip: over 4G the grid of a province is a tenth of it.
fn long_page(headers: &HeaderMap, page: String) -> Result<Response, Fail> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !accepted.split(',').any(|one| one.split(';').next().is_some_and(|name| name.trim() == "gzip")) {
        return Ok(Html(page).into_response());
    }
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(page.as_bytes()).map_err(Fail::machine)?;
    let mut response = Html(packed.finish().map_err(Fail::machine)?).into_response();
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
    Ok(response)
}

/// A file to keep.
fn file(name: &str, kind: &'static str, body: impl Into<axum::body::Body>) -> Result<Response, Fail> {
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(Fail::machine)?;
    let kind = HeaderValue::from_static(kind);
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)], body.into()).into_response())
}

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
