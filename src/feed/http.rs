//! A feed behind HTTP: any static server, trusted with nothing.
//!
//! `cache` keeps ETags, `wire` counts what an operator pays for, `unzip` decompresses under a cap, `body` paces streams.
//! Redirects stay on the same origin, an address with credentials is refused, no proxy is taken from the environment.

mod body;
mod cache;
mod tls;
pub(in crate::feed) mod unzip;
mod wire;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{
        ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH,
        IF_RANGE, RANGE,
    },
    redirect,
};

use self::{body::HttpBody, cache::TagCache, unzip::Unzip, wire::Wire};
use super::{
    audio::{AudioSource, Body, Opened, is_safe_name},
    source::{FetchError, Source},
};
use crate::{
    clock::Clock,
    text::{self, Text},
};

/// How long and how slow a server may be.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// Without a byte: for the answer to begin, and between its pieces.
    pub idle: Duration,
    /// For one whole file of metadata. Audio has no such limit: it goes on where it stopped.
    pub total: Duration,
    /// Bytes a second, averaged over `window`; slower is given up.
    pub min_rate: u64,
    /// See `min_rate`.
    pub window: Duration,
    /// How often a file of metadata is tried, at least once.
    pub attempts: u32,
    /// The wait before the second try; doubled before each further one; each within ±50 %.
    pub pause: Duration,
    /// How long a connection that rests is kept for the next request.
    pub rest: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(600),
            min_rate: 256,
            window: Duration::from_secs(60),
            attempts: 3,
            pause: Duration::from_secs(2),
            rest: Duration::from_secs(20),
        }
    }
}

/// The wait before try number `tried` + 1, where `tried` counts from 1 and `dice` is from 0 to 1: `pause` doubled each time,
/// at most 64 times, give or take half.
pub fn backoff(pause: Duration, tried: u32, dice: f64) -> Duration {
    pause.saturating_mul(1 << tried.saturating_sub(1).min(6)).mul_f64(0.5 + dice.clamp(0.0, 1.0))
}

/// What a source over HTTP is made of.
pub struct Setup {
    /// Where the feed lies, `http` or `https`.
    pub url: String,
    /// A folder for ETags with the bytes that they belong to; made if absent. Without it every poll fetches anew.
    pub cache: Option<PathBuf>,
    /// A file of PEM certificates to trust beside the system's.
    pub ca: Option<PathBuf>,
    /// Patience.
    pub limits: Limits,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// A client as every connection of a station is: `ca` is a file of PEM certificates to trust beside the system's.
///
/// # Errors
/// What to mend in the settings.
pub fn client(ca: Option<&Path>, limits: &Limits) -> Result<Client, Text> {
    tls::prefer_small_handshakes();
    let mut builder = Client::builder()
        .user_agent(concat!("loaxa/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .pool_idle_timeout(limits.rest)
        .redirect(same_origin())
        .referer(false)
        .no_proxy();
    if let Some(file) = ca {
        let bad = |why: String| text::sync::bad_ca(file.display(), why);
        let pem = std::fs::read(file).map_err(|e| bad(e.to_string()))?;
        let certificates =
            reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| bad(e.without_url().to_string()))?;
        if certificates.is_empty() {
            return Err(text::sync::no_ca(file.display()));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|e| text::sync::tls_setup(reason(e)))
}

/// A feed at a base address.
pub struct HttpSource {
    client: Client,
    base: Url,
    cache: Option<TagCache>,
    limits: Limits,
    clock: Arc<dyn Clock>,
    wire: Arc<Wire>,
}

impl HttpSource {
    /// Nothing is sent yet. The error says what to mend in the settings.
    pub fn new(setup: Setup) -> Result<Self, Text> {
        let base = parse_base(&setup.url)?;
        let client = client(setup.ca.as_deref(), &setup.limits)?;
        let cache = match &setup.cache {
            Some(dir) => Some(
                TagCache::open(dir, base.as_str())
                    .map_err(|e| text::sync::disk(dir.display(), e.to_string()))?,
            ),
            None => None,
        };
        let wire = Arc::new(Wire::new(base.scheme() == "https", setup.limits.rest));
        Ok(Self { client, base, cache, limits: setup.limits, clock: setup.clock, wire })
    }

    /// Sends one GET; returns when the head of the answer is there.
    async fn get(&self, name: &str, headers: HeaderMap) -> Result<Response, FetchError> {
        let bad = || FetchError::Refused(text::sync::bad_name(name));
        if !is_safe_name(name) {
            return Err(bad());
        }
        let url = self.base.join(name).map_err(|_| bad())?;
        self.wire.request(&url, &headers, self.clock.now().up);
        let sent = self.client.get(url).headers(headers).send();
        let response = tokio::select! {
            answer = sent => answer.map_err(|e| self.failed(name, e))?,
            () = self.clock.sleep(self.limits.connect + self.limits.idle) => {
                return Err(silent(name, self.limits.idle));
            }
        };
        self.wire.answer(&response);
        Ok(response)
    }

    fn failed(&self, name: &str, error: reqwest::Error) -> FetchError {
        if error.is_redirect() {
            return FetchError::Refused(text::sync::elsewhere(name));
        }
        let host = self.base.host_str().unwrap_or_default();
        FetchError::Broken(text::sync::unreachable(host, reason(error)))
    }

    /// One try at a file of metadata.
    async fn try_fetch(&self, name: &str, max: u64) -> Result<Vec<u8>, FetchError> {
        let held = self.cache.as_ref().and_then(|c| c.get(name));
        let held = held.filter(|h| h.bytes.len() as u64 <= max);
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if let Some(tag) = held.as_ref().and_then(|h| HeaderValue::from_str(&h.tag).ok()) {
            headers.insert(IF_NONE_MATCH, tag);
        }
        let response = self.get(name, headers).await?;
        match (response.status(), held) {
            (StatusCode::NOT_MODIFIED, Some(held)) => {
                self.wire.whole(self.clock.now().up);
                return Ok(held.bytes);
            }
            (StatusCode::OK, _) => {}
            _ => return Err(self.refusal(name, response).await),
        }
        let tag = header(&response, ETAG);
        let gzip = is_gzip(name, &response)?;
        // A gzip of incompressible bytes is a little longer than they are.
        let cap = if gzip { max.saturating_add(max / 1_000).saturating_add(1_024) } else { max };
        if response.content_length().is_some_and(|n| n > cap) {
            return Err(FetchError::Refused(text::sync::too_long(name, max)));
        }
        let body = self.body(name, response);
        let bytes = read_all(body, name, gzip, max, cap).await?;
        if let (Some(cache), Some(tag)) = (&self.cache, tag)
            && let Err(e) = cache.put(name, &tag, &bytes)
        {
            tracing::warn!(file.name = name, error = %e, "the ETag of {name} is not kept: {e}");
        }
        Ok(bytes)
    }

    fn body(&self, name: &str, response: Response) -> HttpBody {
        HttpBody::new(name, response, self.clock.clone(), self.limits, self.wire.clone())
    }

    /// What a status other than the wished one means. Object stores answer 403 for what is not there.
    /// Its page, if short, is read to the end, so that the connection can be used again.
    async fn refusal(&self, name: &str, response: Response) -> FetchError {
        let status = response.status().as_u16();
        let mut left = 16_384;
        let mut page = self.body(name, response);
        while let Ok(Some(piece)) = page.next().await
            && piece.len() < left
        {
            left -= piece.len();
        }
        match status {
            403 | 404 | 410 => FetchError::Absent,
            code => FetchError::Broken(text::sync::status(name, code)),
        }
    }
}

#[async_trait]
impl Source for HttpSource {
    async fn fetch(&self, name: &str, max: u64) -> Result<Vec<u8>, FetchError> {
        let mut tried = 0;
        loop {
            tried += 1;
            let error = tokio::select! {
                done = self.try_fetch(name, max) => match done {
                    Err(FetchError::Broken(why)) => why,
                    done => return done,
                },
                () = self.clock.sleep(self.limits.total) => {
                    return Err(FetchError::Broken(text::sync::took_too_long(name, self.limits.total.as_secs())));
                }
            };
            if tried >= self.limits.attempts {
                return Err(FetchError::Broken(error));
            }
            self.clock.sleep(backoff(self.limits.pause, tried, fastrand::f64())).await;
        }
    }
}

#[async_trait]
impl AudioSource for HttpSource {
    async fn open(
        &self,
        name: &str,
        from: u64,
        tag: Option<&str>,
        length: u64,
    ) -> Result<Opened, FetchError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if from > 0 {
            if let Ok(range) = HeaderValue::from_str(&format!("bytes={from}-")) {
                headers.insert(RANGE, range);
            }
            if let Some(Ok(tag)) = tag.map(HeaderValue::from_str) {
                headers.insert(IF_RANGE, tag);
            }
        }
        let response = self.get(name, headers).await?;
        let begins = match response.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT => range_start(name, &response, from, length)?,
            // The file there is shorter than what was asked for: it is another one.
            StatusCode::RANGE_NOT_SATISFIABLE => {
                return Err(FetchError::Refused(text::sync::odd_range(name)));
            }
            _ => return Err(self.refusal(name, response).await),
        };
        if is_gzip(name, &response)? {
            return Err(FetchError::Refused(text::sync::odd_encoding(name)));
        }
        if let Some(rest) = response.content_length()
            && begins + rest != length
        {
            return Err(FetchError::Refused(text::sync::other_length(name, begins + rest, length)));
        }
        // RFC 9110 §13.1.5: If-Range takes no weak validator.
        let tag = header(&response, ETAG).filter(|t| !t.starts_with("W/"));
        Ok(Opened { from: begins, tag, body: Box::new(self.body(name, response)) })
    }

    fn wire(&self) -> u64 {
        self.wire.total()
    }
}

async fn read_all(
    mut body: HttpBody,
    name: &str,
    gzip: bool,
    max: u64,
    cap: u64,
) -> Result<Vec<u8>, FetchError> {
    let too_long = || FetchError::Refused(text::sync::too_long(name, max));
    let mut out = Unzip::new(gzip, max);
    let mut wire = 0;
    while let Some(piece) = body.next().await? {
        wire += piece.len() as u64;
        if wire > cap {
            return Err(too_long());
        }
        out.write(&piece).map_err(|e| e.to_fetch(name, max))?;
    }
    out.finish().map_err(|e| e.to_fetch(name, max))
}

/// RFC 9110 §14.4. The range must begin where asked, in a file of the signed length.
fn range_start(name: &str, response: &Response, from: u64, length: u64) -> Result<u64, FetchError> {
    let odd = || FetchError::Refused(text::sync::odd_range(name));
    let range = header(response, CONTENT_RANGE).ok_or_else(odd)?;
    let (span, whole) = range.strip_prefix("bytes ").and_then(|r| r.split_once('/')).ok_or_else(odd)?;
    let start: u64 = span.split_once('-').and_then(|(s, _)| s.parse().ok()).ok_or_else(odd)?;
    if start != from {
        return Err(odd());
    }
    match whole.parse::<u64>() {
        Ok(whole) if whole != length => {
            Err(FetchError::Refused(text::sync::other_length(name, whole, length)))
        }
        _ => Ok(start),
    }
}

fn header(response: &Response, name: reqwest::header::HeaderName) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

fn is_gzip(name: &str, response: &Response) -> Result<bool, FetchError> {
    match header(response, CONTENT_ENCODING).as_deref().map(str::trim) {
        None | Some("" | "identity") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(_) => Err(FetchError::Broken(text::sync::odd_encoding(name))),
    }
}

fn silent(name: &str, after: Duration) -> FetchError {
    FetchError::Broken(text::sync::silent(name, after.as_secs_f64().ceil() as u64))
}

/// The innermost cause, without the address: an error names a host once.
pub fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut inner: &dyn std::error::Error = &error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    inner.to_string()
}

fn same_origin() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let same = attempt.previous().last().is_some_and(|before| {
            before.origin() == attempt.url().origin()
                && attempt.url().username().is_empty()
                && attempt.url().password().is_none()
        });
        if same && attempt.previous().len() <= 5 {
            attempt.follow()
        } else {
            attempt.error("redirect refused")
        }
    })
}

/// The base address, ending in `/`. The error never repeats the address: it may hold a password.
pub fn parse_base(url: &str) -> Result<Url, Text> {
    let bad = |why: Text| text::sync::bad_url(why);
    let mut base = Url::parse(url.trim()).map_err(|_| bad(text::sync::url_syntax()))?;
    if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
        return Err(bad(text::sync::url_scheme()));
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err(bad(text::sync::url_credentials()));
    }
    if base.query().is_some() || base.fragment().is_some() {
        return Err(bad(text::sync::url_query()));
    }
    if !base.path().ends_with('/') {
        let path = format!("{}/", base.path());
        base.set_path(&path);
    }
    Ok(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_address_holds_no_secret_and_ends_in_a_slash() {
        assert_eq!(parse_base("https://a.vn/feed").map(String::from), Ok("https://a.vn/feed/".into()));
        for bad in ["ftp://a/", "a/b", "https://u:p@a/", "https://u@a/", "https://a/?k=1", "https://a/#x", ""]
        {
            let why = parse_base(bad).expect_err(bad);
            assert!(!why.en.contains("u:p"), "{why:?}");
        }
    }

    #[test]
    fn waits_double_and_stay_within_half() {
        let second = Duration::from_secs(1);
        assert_eq!(backoff(second, 1, 0.5), second);
        assert_eq!(backoff(second, 3, 0.0), second * 2);
        assert_eq!(backoff(second, 3, 1.0), second * 6);
        assert_eq!(backoff(second, 99, 0.5), second * 64);
    }
}
