//! Who asks: a session's cookie, a token, or nobody. And in which language.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    Fail, Hub,
    account::secret,
    db::accounts,
    rule::{self, Asker, Role, Rule},
};
use crate::{digest::Digest, text::Lang};

/// The session's cookie. Its prefix makes browsers insist on HTTPS (or localhost), on this host alone and on the whole of it.
pub const COOKIE: &str = "__Host-loaxa";
/// The language's cookie.
pub const LANG: &str = "loaxa-lang";

/// Whoever is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub login: String,
    /// What people call the holder.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// It sees this area and what is below.
    pub area: String,
    /// The session; none when a token came.
    pub session: Option<Digest>,
}

/// Where the request came from: the peer, or what the proxy in front says, if the configuration trusts one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fail> {
        parts.extensions.get::<Arc<Self>>().map(|p| (**p).clone()).ok_or(Fail::Login)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fail> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or(Self("?".into())))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fail> {
        Ok(lang(&parts.headers))
    }
}

/// Vietnamese unless the person switched.
pub fn lang(headers: &HeaderMap) -> Lang {
    Lang::choose(cookie(headers, LANG).as_deref(), None)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = all.flat_map(|v| v.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The layer of every route: finds out who asks, and lets pass whom the rule allows.
pub async fn gate(State((hub, rule)): State<(Hub, Rule)>, mut request: Request, next: Next) -> Response {
    let address = address(&hub, &request);
    request.extensions_mut().insert(address);
    let person = match person(&hub, request.headers()).await {
        Ok(person) => person,
        Err(fail) => return fail.into_response(),
    };
    let asker = person.as_ref().map_or(Asker::Stranger, |p| Asker::Account(p.role));
    // A station proves itself where its request is read: its signature is over the body.
    if rule != Rule::Station && !rule::allows(rule, asker) {
        return if person.is_none() { Fail::Login } else { Fail::Forbidden }.into_response();
    }
    if let Some(person) = person {
        request.extensions_mut().insert(Arc::new(person));
    }
    next.run(request).await
}

async fn person(hub: &Hub, headers: &HeaderMap) -> Result<Option<Person>, Fail> {
    let (account, session) = match (bearer(headers), cookie(headers, COOKIE)) {
        (Some(token), _) => (accounts::by_token(&hub.db, &secret::hash(token)).await?, None),
        (None, Some(cookie)) => {
            let id = secret::hash(&cookie);
            (accounts::by_session(&hub.db, &id, hub.now()).await?, Some(id))
        }
        (None, None) => (None, None),
    };
    Ok(account.and_then(|a| {
        let role = Role::parse(&a.role)?;
        Some(Person { login: a.login, name: a.name, role, area: a.area, session })
    }))
}

fn address(hub: &Hub, request: &Request) -> Address {
    let peer = request.extensions().get::<SocketAddr>().map(|peer| peer.ip().to_string());
    let said = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok());
    // The last entry is the one that our own proxy wrote; those before it anybody can write.
    let said = said.and_then(|v| v.rsplit(',').next()).map(|v| v.trim().to_owned());
    Address(said.filter(|_| hub.config.behind_proxy).or(peer).unwrap_or_else(|| "?".into()))
}
