//! The public feed under `/feed/`: plain files, as any static server would give them. Nothing here is trusted by who
//! fetches it. Names that hold a version or a hash never change; the timestamp is asked for anew each time, and costs
//! little when nothing changed (RFC 9110 §13.1.2). Text goes packed to whom takes it; audio never, so that it resumes
//! byte by byte (§14).

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use object_store::{GetRange, GetResult};

use crate::{
    feed::{
        audio::is_safe_name,
        roles::{METADATA_DIR, TARGETS_DIR, metadata_name},
    },
    hub::{
        Hub,
        routes::{Route, get},
        rule::Rule,
    },
};

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![get("/feed/{*path}", Rule::Public, file)]
}

async fn file(State(hub): State<Hub>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    match answer(&hub, &path, &headers).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(feed.file = %path, %error, "a file of the feed cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn answer(hub: &Hub, path: &str, headers: &HeaderMap) -> object_store::Result<Response> {
    let of_the_feed = path.split_once('/').is_some_and(|(dir, _)| dir == METADATA_DIR || dir == TARGETS_DIR);
    let Some(sort) = sort(path).filter(|_| of_the_feed && is_safe_name(path)) else { return Ok(absent()) };
    let packed = sort != AUDIO && takes_gzip(headers);
    let range = (sort == AUDIO).then(|| asked(headers)).flatten();
    let blobs = &hub.feed.blobs;
    if packed && let Some(found) = blobs.open(&format!("{path}.gz"), None, false).await? {
        return Ok(whole(path, sort, found, headers, true));
    }
    if let Some(range) = range {
        let Some(head) = blobs.open(path, None, true).await? else { return Ok(absent()) };
        let current = head.meta.e_tag.clone();
        let same = headers.get(header::IF_RANGE).is_none_or(|tag| tag.to_str().ok() == current.as_deref());
        if same {
            let size = head.meta.size;
            let Some((from, to)) = range.of(size) else { return Ok(beyond(size)) };
            let part = blobs.open(path, Some(GetRange::Bounded(from..to)), false).await?;
            return Ok(part.map_or_else(absent, |part| partial(path, sort, part, from, to)));
        }
    }
    let found = blobs.open(path, None, false).await?;
    Ok(found.map_or_else(absent, |found| whole(path, sort, found, headers, false)))
}

/// Without a page: a station asks for the next root at every poll, and it is seldom there.
fn absent() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-cache")]).into_response()
}

fn beyond(size: u64) -> Response {
    let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    set(&mut response, header::CONTENT_RANGE, &format!("bytes */{size}"));
    response
}

fn whole(path: &str, sort: &'static str, found: GetResult, headers: &HeaderMap, packed: bool) -> Response {
    let mut response = if unchanged(headers, found.meta.e_tag.as_deref()) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        describe(&mut response, path, found.meta.e_tag.as_deref());
        return response;
    } else {
        let (size, tag) = (found.meta.size, found.meta.e_tag.clone());
        let mut response = Body::from_stream(found.into_stream()).into_response();
        describe(&mut response, path, tag.as_deref());
        response.headers_mut().insert(header::CONTENT_LENGTH, size.into());
        response
    };
    set(&mut response, header::CONTENT_TYPE, sort);
    match sort {
        AUDIO => set(&mut response, header::ACCEPT_RANGES, "bytes"),
        _ => set(&mut response, header::VARY, "accept-encoding"),
    }
    if packed {
        set(&mut response, header::CONTENT_ENCODING, "gzip");
    }
    response
}

fn partial(path: &str, sort: &'static str, part: GetResult, from: u64, to: u64) -> Response {
    let (size, tag) = (part.meta.size, part.meta.e_tag.clone());
    let mut response = (StatusCode::PARTIAL_CONTENT, Body::from_stream(part.into_stream())).into_response();
    describe(&mut response, path, tag.as_deref());
    set(&mut response, header::CONTENT_TYPE, sort);
    set(&mut response, header::CONTENT_RANGE, &format!("bytes {from}-{}/{size}", to - 1));
    response.headers_mut().insert(header::CONTENT_LENGTH, (to - from).into());
    response
}

fn describe(response: &mut Response, path: &str, tag: Option<&str>) {
    let lasting = path != metadata_name("timestamp", None);
    set(response, header::CACHE_CONTROL, if lasting { FOR_EVER } else { "no-cache" });
    if let Some(tag) = tag {
        set(response, header::ETAG, tag);
    }
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

const AUDIO: &str = "audio/ogg";

/// What a browser is told; none for what the feed does not have.
fn sort(path: &str) -> Option<&'static str> {
    match path.rsplit_once('.')?.1 {
        "json" => Some("application/json"),
        "yaml" => Some("application/yaml"),
        "opus" => Some(AUDIO),
        _ => None,
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let all = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(',')).any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let no = matches!(weight.trim().strip_prefix("q="), Some("0" | "0.0" | "0.00" | "0.000"));
        name.trim().eq_ignore_ascii_case("gzip") && !no
    })
}

fn unchanged(headers: &HeaderMap, tag: Option<&str>) -> bool {
    let Some(tag) = tag else { return false };
    let all = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|v| v.split(',')).any(|one| {
        let one = one.trim();
        one == "*" || one.trim_start_matches("W/") == tag
    })
}

/// One range of bytes. Several at once are not answered in parts (§14.2 allows that).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    From(u64),
    Between(u64, u64),
    Last(u64),
}

impl Span {
    /// First byte, and the one after the last; none when it begins beyond the end.
    fn of(self, size: u64) -> Option<(u64, u64)> {
        let (from, to) = match self {
            Self::From(from) => (from, size),
            Self::Between(from, last) => (from, last.saturating_add(1).min(size)),
            Self::Last(n) => (size.saturating_sub(n), size),
        };
        (from < to).then_some((from, to))
    }
}

fn asked(headers: &HeaderMap) -> Option<Span> {
    let span = headers.get(header::RANGE)?.to_str().ok()?.strip_prefix("bytes=")?.trim();
    let number = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u64>().ok()).flatten();
    match span.split_once('-')? {
        ("", last) => number(last).map(Span::Last),
        (from, "") => number(from).map(Span::From),
        (from, to) => {
            let (from, to) = (number(from)?, number(to)?);
            (from <= to).then_some(Span::Between(from, to))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn ranges_are_read_as_http_writes_them() {
        let of = |text: &str| asked(&with(header::RANGE, text)).and_then(|s| s.of(100));
        assert_eq!(of("bytes=0-"), Some((0, 100)));
        assert_eq!(of("bytes=10-19"), Some((10, 20)));
        assert_eq!(of("bytes=90-1000"), Some((90, 100)));
        assert_eq!(of("bytes=-7"), Some((93, 100)));
        assert_eq!(of("bytes=-1000"), Some((0, 100)));
        assert_eq!(asked(&with(header::RANGE, "bytes=100-")).unwrap().of(100), None);
        for odd in
            ["bytes=5-4", "bytes=a-", "bytes=1-2,4-5", "lines=1-", "bytes=+1-", "bytes=99999999999999999999-"]
        {
            assert_eq!(asked(&with(header::RANGE, odd)), None, "{odd}");
        }
    }

    #[test]
    fn packed_files_go_to_whom_takes_them() {
        for yes in ["gzip", "br, gzip;q=0.5", "GZIP"] {
            assert!(takes_gzip(&with(header::ACCEPT_ENCODING, yes)), "{yes}");
        }
        for no in ["identity", "gzip;q=0", "br", "xgzip"] {
            assert!(!takes_gzip(&with(header::ACCEPT_ENCODING, no)), "{no}");
        }
    }

    #[test]
    fn a_tag_that_the_client_holds_is_found() {
        let tag = Some("\"a-1\"");
        for yes in ["\"a-1\"", "W/\"a-1\"", "\"x\", \"a-1\"", "*"] {
            assert!(unchanged(&with(header::IF_NONE_MATCH, yes), tag), "{yes}");
        }
        assert!(!unchanged(&with(header::IF_NONE_MATCH, "\"a-2\""), tag));
        assert!(!unchanged(&HeaderMap::new(), tag));
    }
}
