//! The hub over HTTP. The token goes in a header, never into an address, and never to another host.

use std::time::Duration;

use reqwest::{
    Client, Method, RequestBuilder, Response, StatusCode, Url,
    header::{CONTENT_TYPE, IF_MATCH},
    redirect::Policy,
};
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    digest::Digest,
    feed::http::parse_base,
    office::{
        Error, Result,
        handover::{CONTENT_MAX, Done, Order, Said, State, Waiting},
    },
    text::{Text, hub_feed as say},
};

/// To connect.
const CONNECT: Duration = Duration::from_secs(15);
/// Between two pieces of an answer.
const IDLE: Duration = Duration::from_secs(60);
/// A connection is not used again after that: people take their time between two requests, and a hub closes what rests.
const REST: Duration = Duration::from_secs(3);
/// The largest answer that is no content.
const ANSWER_MAX: u64 = 16 << 20;

/// A hub and this office's token.
pub struct Hub {
    client: Client,
    base: Url,
    token: Zeroizing<String>,
}

impl Hub {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// Usage: no `https://` address (`http://` only to this machine), or no token.
    pub fn new(url: &str, token: Zeroizing<String>) -> Result<Self> {
        let base = parse_base(url).map_err(Error::Usage)?;
        let here = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if base.scheme() != "https" && !here {
            return Err(Error::Usage(say::bad_hub(base.host_str().unwrap_or_default())));
        }
        let builder = Client::builder()
            .user_agent(concat!("loaxa-office/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(IDLE)
            .pool_idle_timeout(REST)
            .redirect(Policy::none())
            .referer(false)
            .no_proxy();
        let client =
            builder.build().map_err(|e| Error::Machine(crate::text::sync::tls_setup(e.to_string())))?;
        Ok(Self { client, base, token })
    }

    /// Where it is, for messages.
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder> {
        let url = self.base.join(path).map_err(|_| Error::Usage(say::bad_hub(self.host())))?;
        Ok(self.client.request(method, url))
    }

    fn with_token(&self, method: Method, path: &str) -> Result<RequestBuilder> {
        Ok(self.request(method, path)?.bearer_auth(self.token.as_str()))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response> {
        request.send().await.map_err(|e| self.failed(e))
    }

    fn failed(&self, error: reqwest::Error) -> Error {
        let error = error.without_url();
        let mut inner: &dyn std::error::Error = &error;
        while let Some(next) = inner.source() {
            inner = next;
        }
        Error::Machine(say::unreachable(self.host(), inner.to_string()))
    }

    async fn bytes(&self, mut response: Response, most: u64) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|e| self.failed(e))? {
            if out.len() as u64 + piece.len() as u64 > most {
                return Err(Error::Refused(say::too_large(most >> 20)));
            }
            out.extend_from_slice(&piece);
        }
        Ok(out)
    }

    /// The body of a good answer; else what the hub said against it.
    async fn good(&self, response: Response, most: u64) -> Result<Vec<u8>> {
        let status = response.status();
        if status.is_success() {
            return self.bytes(response, most).await;
        }
        let said: Option<Said> =
            self.bytes(response, ANSWER_MAX).await.ok().and_then(|b| serde_json::from_slice(&b).ok());
        let text: Text = said.map_or_else(|| say::odd_answer(status.as_u16()), |said| said.error);
        Err(match status.is_server_error() {
            true => Error::Machine(text),
            false => Error::Refused(text),
        })
    }

    async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        let bytes = self.good(self.send(request).await?, ANSWER_MAX).await?;
        serde_json::from_slice(&bytes).map_err(|_| Error::Refused(say::odd_answer(200)))
    }

    /// What is published, and what waits.
    ///
    /// # Errors
    /// Refused, or the hub does not answer.
    pub async fn state(&self) -> Result<State> {
        self.json(self.with_token(Method::GET, "api/feed/state")?).await
    }

    /// The draft of a role.
    ///
    /// # Errors
    /// As [`Hub::state`].
    pub async fn draft(&self, role: &str) -> Result<Vec<u8>> {
        let request = self.with_token(Method::GET, &format!("api/feed/draft/{role}"))?;
        self.good(self.send(request).await?, ANSWER_MAX).await
    }

    /// Hands a draft over; `seen` is the hash of the hub's draft that it replaces or adds to.
    ///
    /// # Errors
    /// As [`Hub::state`].
    pub async fn put_draft(&self, role: &str, json: Vec<u8>, seen: Option<Digest>) -> Result<Waiting> {
        let mut request = self.with_token(Method::PUT, &format!("api/feed/draft/{role}"))?;
        if let Some(seen) = seen {
            request = request.header(IF_MATCH, format!("\"{seen}\""));
        }
        self.json(request.header(CONTENT_TYPE, "application/json").body(json)).await
    }

    /// A content that waits, with this hash.
    ///
    /// # Errors
    /// As [`Hub::state`]; refused when it is another one.
    pub async fn content(&self, sha256: &Digest) -> Result<Vec<u8>> {
        let request = self.with_token(Method::GET, &format!("api/feed/content/{sha256}"))?;
        let bytes = self.good(self.send(request).await?, CONTENT_MAX).await?;
        if Digest::of(&bytes) == *sha256 { Ok(bytes) } else { Err(Error::Refused(say::not_whole(sha256))) }
    }

    /// Hands a content over.
    ///
    /// # Errors
    /// As [`Hub::state`].
    pub async fn put_content(&self, sha256: &Digest, bytes: Vec<u8>) -> Result<()> {
        let request = self.with_token(Method::PUT, &format!("api/feed/content/{sha256}"))?;
        self.good(self.send(request.body(bytes)).await?, ANSWER_MAX).await.map(|_| ())
    }

    /// Asks the gates, and for the publication if they let it pass.
    ///
    /// # Errors
    /// Refused, with every fault that the gates found.
    pub async fn publish(&self, only: Option<Vec<String>>) -> Result<Done> {
        self.post("api/feed/publish", &Order { only }).await
    }

    async fn post<B: Serialize, T: DeserializeOwned>(&self, path: &str, body: &B) -> Result<T> {
        let body = serde_json::to_vec(body).map_err(|e| Error::Machine(Text::same(e)))?;
        self.json(self.with_token(Method::POST, path)?.header(CONTENT_TYPE, "application/json").body(body))
            .await
    }

    /// A file of the public feed; none when it is not there. No token goes along.
    ///
    /// # Errors
    /// The hub does not answer, or the file is longer than `most`.
    pub async fn file(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>> {
        let response = self.send(self.request(Method::GET, &format!("feed/{name}"))?).await?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            _ => self.good(response, most).await.map(Some),
        }
    }
}
