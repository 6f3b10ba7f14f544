//! Who asks: a session's cookie, a token, or nobody. And in which language.

use std::{
    net::SocketAddr,
    sync::{Arc, PoisonError},
};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};

use chrono::TimeDelta;

use super::{
    Fail, Hub,
    account::{login, secret},
    db::{accounts::Account, sessions},
    rule::{self, Asker, Role, Rule},
};
use crate::{
    digest::Digest,
    text::{Lang, hub_account as acc},
};

/// The session's cookie. Its prefix makes browsers insist on HTTPS (or localhost), on this host alone and on the whole of it.
pub const COOKIE: &str = "__Host-loaxa";
/// How exactly the last use of a token is known.
const TOKEN_LOOK: TimeDelta = TimeDelta::hours(1);
/// What a person with a first password may still ask for.
const FIRST: [&str; 3] = [FIRST_PAGE, "/logout", "/api/me/password"];
/// Where a first password is changed.
pub const FIRST_PAGE: &str = "/me/password";
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
    /// The password is one that an admin saw: nothing else may be done before it is changed.
    pub first: bool,
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
    // Stations prove their key with each request and share addresses: they have limits of their own.
    if request.method() == Method::POST && rule != Rule::Station {
        let now = hub.clock.now().up.0;
        let taken = hub.posts.lock().unwrap_or_else(PoisonError::into_inner).take(&address.0, now);
        if let Err(seconds) = taken {
            return Fail::Slow(acc::too_many(seconds)).into_response();
        }
    }
    request.extensions_mut().insert(address);
    let person = match person(&hub, request.headers()).await {
        Ok(person) => person,
        Err(fail) => return fail.into_response(),
    };
    let asker = match &person {
        None => Asker::Stranger,
        Some(p) if p.session.is_none() => Asker::Token(p.role),
        Some(p) => Asker::Account(p.role),
    };
    // A station proves itself where its request is read: its signature is over the body.
    if rule != Rule::Station && !rule::allows(rule, asker) {
        return if person.is_none() { Fail::Login } else { Fail::Forbidden }.into_response();
    }
    if let Some(person) = person {
        if person.first && rule != Rule::Public && !FIRST.contains(&request.uri().path()) {
            return Fail::First.into_response();
        }
        request.extensions_mut().insert(Arc::new(person));
    }
    next.run(request).await
}

/// The header that gives a browser its session; empty takes it away.
///
/// # Errors
/// The secret has characters that no header holds.
pub fn set_cookie(secret: &str) -> Result<HeaderValue, Fail> {
    let lasts = if secret.is_empty() { 0 } else { login::LASTS.num_seconds() };
    HeaderValue::from_str(&format!(
        "{COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={lasts}"
    ))
    .map_err(Fail::machine)
}

/// The session that a browser says it has.
pub fn session(headers: &HeaderMap) -> Option<Digest> {
    cookie(headers, COOKIE).map(|cookie| secret::hash(&cookie))
}

async fn person(hub: &Hub, headers: &HeaderMap) -> Result<Option<Person>, Fail> {
    let now = hub.now();
    if let Some(token) = bearer(headers) {
        let id = secret::hash(token);
        let account = sessions::by_token(&hub.db, &id).await?;
        if account.is_some() {
            sessions::touch_token(&hub.db, &id, now, TOKEN_LOOK).await?;
        }
        return Ok(account.and_then(|a| Person::of(a, None)));
    }
    let Some(id) = session(headers) else { return Ok(None) };
    let account = sessions::by_session(&hub.db, &id, now, login::IDLE).await?;
    if account.is_some() {
        sessions::touch(&hub.db, &id, now, login::LOOK).await?;
    }
    Ok(account.and_then(|a| Person::of(a, Some(id))))
}

impl Person {
    /// Of an open account. None: its role is one that this program does not know.
    pub fn of(account: Account, session: Option<Digest>) -> Option<Self> {
        let role = Role::parse(&account.role)?;
        // Whoever made a token had chosen a password before.
        let first = session.is_some() && account.first_until.is_some();
        Some(Self { login: account.login, name: account.name, role, area: account.area, session, first })
    }

    /// Whether this person still has the session and the rights that it began with: asked by what goes on for long.
    ///
    /// # Errors
    /// The database.
    pub async fn remains(&self, hub: &Hub) -> Result<bool, Fail> {
        let Some(session) = &self.session else { return Ok(true) };
        let account = sessions::by_session(&hub.db, session, hub.now(), login::IDLE).await?;
        Ok(account.and_then(|a| Self::of(a, Some(*session))).as_ref() == Some(self))
    }
}

fn address(hub: &Hub, request: &Request) -> Address {
    let peer = request.extensions().get::<SocketAddr>().map(|peer| peer.ip().to_string());
    let said = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok());
    // The last entry is the one that our own proxy wrote; those before it anybody can write.
    let said = said.and_then(|v| v.rsplit(',').next()).map(|v| v.trim().to_owned());
    Address(said.filter(|_| hub.config.behind_proxy).or(peer).unwrap_or_else(|| "?".into()))
}
