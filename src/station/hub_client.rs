//! Requests to the hub, each signed by the log's key. It knows no clock that could be wrong: the hub gives the nonce.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{
    Client, Method, Response, StatusCode, Url,
    header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use serde::de::DeserializeOwned;

use crate::{
    asrun::{chain::Head, key::LogKey},
    clock::Clock,
    feed::http::{self, Limits},
    link::{self, Applicant, Proof, Welcome},
    text::{self, Text},
};

/// An answer, from the first byte sent to the last one read, may take so long.
const PATIENCE: Duration = Duration::from_secs(180);
/// A connection that rests is kept for so long: less than the hub keeps it, so that none is used that just ended.
const REST: Duration = Duration::from_secs(8);
/// Longer answers are not ours.
const LONGEST: usize = 1 << 20;

/// Why a request was in vain.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// The line or the hub: try again.
    Line(Text),
    /// The hub holds something else; what it holds.
    Conflict(Option<Head>, Text),
    /// The hub says no.
    Refused(StatusCode, Text),
}

impl Trouble {
    /// For people.
    pub fn text(&self) -> &Text {
        match self {
            Self::Line(text) | Self::Conflict(_, text) | Self::Refused(_, text) => text,
        }
    }
}

/// The hub, as this log's key sees it.
pub struct HubClient {
    client: Client,
    base: Url,
    key: LogKey,
    nonce: Mutex<String>,
    pub(super) clock: Arc<dyn Clock>,
}

impl HubClient {
    /// Nothing is sent yet. The error says what to mend in the settings.
    ///
    /// # Errors
    /// The address or the certificates.
    pub fn new(url: &str, ca: Option<&Path>, key: LogKey, clock: Arc<dyn Clock>) -> Result<Self, Text> {
        let limits = Limits { rest: REST, ..Limits::default() };
        let client = http::client(ca, &limits)?;
        Ok(Self { client, base: http::parse_base(url)?, key, nonce: Mutex::default(), clock })
    }

    /// The log that speaks.
    pub fn key(&self) -> &LogKey {
        &self.key
    }

    /// Shows a one-time code, and the key that asks.
    ///
    /// # Errors
    /// The code is none, or the line.
    pub async fn enrol(&self, code: &str) -> Result<Welcome, Trouble> {
        let applicant = Applicant { code: code.to_owned(), key: hex::encode(self.key.public()) };
        let body = serde_json::to_vec(&applicant).map_err(|e| Trouble::Line(Text::same(e.to_string())))?;
        let answer = self.send(Method::POST, link::ENROL, &body).await?;
        self.json(answer).await
    }

    /// The host, for messages.
    fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// Sends a request; returns when the head of a good answer is there.
    pub(super) async fn send(&self, method: Method, path: &str, body: &[u8]) -> Result<Response, Trouble> {
        let silent = || Trouble::Line(text::station::hub_silent(self.host()));
        let asked = async {
            let response = self.once(&method, path, body).await?;
            if response.status() != StatusCode::UNAUTHORIZED {
                return Ok(response);
            }
            let header = response.headers().get(WWW_AUTHENTICATE).and_then(|v| v.to_str().ok());
            let nonce = header.and_then(link::nonce).unwrap_or_default().to_owned();
            *self.nonce.lock().unwrap_or_else(PoisonError::into_inner) = nonce;
            self.once(&method, path, body).await
        };
        let response = tokio::select! {
            response = asked => response?,
            () = self.clock.sleep(PATIENCE) => return Err(silent()),
        };
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let said: Said = self.json(response).await.unwrap_or_default();
        let why = said.error.unwrap_or_else(|| text::sync::status(path, status.as_u16()));
        Err(match status {
            StatusCode::CONFLICT => Trouble::Conflict(said.head, why),
            _ if status.is_client_error() => Trouble::Refused(status, why),
            _ => Trouble::Line(why),
        })
    }

    async fn once(&self, method: &Method, path: &str, body: &[u8]) -> Result<Response, Trouble> {
        let broken = |why: String| Trouble::Line(text::sync::unreachable(self.host(), why));
        let nonce = self.nonce.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let url = self.base.join(path.trim_start_matches('/')).map_err(|e| broken(e.to_string()))?;
        // A proxy in front may have its own prefix: what is signed is the path as the hub sees it.
        let proof = Proof::sign(&self.key, method.as_str(), path, &nonce, body);
        let request = self.client.request(method.clone(), url).header(AUTHORIZATION, proof.to_string());
        let request = match body.is_empty() {
            true => request,
            false => request.header(CONTENT_TYPE, "application/octet-stream").body(body.to_vec()),
        };
        request.send().await.map_err(|e| broken(http::reason(e)))
    }

    /// The whole answer.
    pub(super) async fn json<T: DeserializeOwned>(&self, mut response: Response) -> Result<T, Trouble> {
        let broken = |why: String| Trouble::Line(text::sync::unreachable(self.host(), why));
        let mut bytes = Vec::new();
        loop {
            let piece = tokio::select! {
                piece = response.chunk() => piece.map_err(|e| broken(http::reason(e)))?,
                () = self.clock.sleep(PATIENCE) => return Err(Trouble::Line(text::station::hub_silent(self.host()))),
            };
            let Some(piece) = piece else { break };
            if bytes.len() + piece.len() > LONGEST {
                return Err(broken("?".into()));
            }
            bytes.extend_from_slice(&piece);
        }
        serde_json::from_slice(&bytes).map_err(|e| broken(e.to_string()))
    }
}

#[derive(Default, serde::Deserialize)]
struct Said {
    error: Option<Text>,
    head: Option<Head>,
}
