//! What goes wrong while a request is answered, and how it is said: a page to a browser, JSON to a program.

use axum::{
    Json,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde_json::json;

use super::{Hub, pages, who};
use crate::{
    fault::Faults,
    text::{Text, hub as say, hub_account as acc},
};

/// Why a request was not answered.
#[derive(Debug, Clone)]
pub enum Fail {
    /// There is no such thing, or it is not this account's to see: the two look alike.
    NotFound,
    /// Nobody is logged in.
    Login,
    /// Logged in, and not for this.
    Forbidden,
    /// Logged in with a first password, which is to be changed before anything else.
    First,
    /// What was sent is wrong.
    Refused(Text),
    /// What was sent is wrong, with places.
    Faults(Faults),
    /// Too many attempts.
    Slow(Text),
    /// A station must sign with this nonce; empty when it must first say whose log it is.
    Nonce(String),
    /// What is sent is longer than anything that is asked for here.
    TooLong,
    /// It comes too slowly.
    TooSlow,
    /// Not for this station, with the reason.
    Closed(Text),
    /// Disk, database, network. The words go to the journal, not to the person.
    Machine(String),
}

/// What a handler returns.
pub type Reply = Result<Response, Fail>;

impl Fail {
    /// The machine's fault.
    pub fn machine(error: impl std::fmt::Display) -> Self {
        Self::Machine(error.to_string())
    }

    /// HTTP's word for it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Login | Self::Nonce(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Closed(_) | Self::First => StatusCode::FORBIDDEN,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Refused(_) | Self::Faults(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Slow(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Machine(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What people read.
    pub fn text(&self) -> Text {
        match self {
            Self::NotFound => say::not_found(),
            Self::Login => say::please_log_in(),
            Self::Forbidden => say::forbidden(),
            Self::First => acc::change_first(),
            Self::Refused(text) | Self::Slow(text) | Self::Closed(text) => text.clone(),
            Self::Nonce(_) => crate::text::hub_station::prove(),
            Self::TooLong => crate::text::hub_station::too_long(),
            Self::TooSlow => crate::text::hub_station::too_slow(),
            Self::Faults(faults) => {
                Text { vi: faults.to(crate::text::Lang::Vi), en: faults.to(crate::text::Lang::En) }
            }
            Self::Machine(_) => say::machine_failed(),
        }
    }
}

impl From<sqlx::Error> for Fail {
    fn from(error: sqlx::Error) -> Self {
        Self::machine(error)
    }
}

impl From<askama::Error> for Fail {
    fn from(error: askama::Error) -> Self {
        Self::machine(error)
    }
}

impl IntoResponse for Fail {
    /// A bare response that carries the reason; [`render`] makes the words of it.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The outermost layer: gives a failed response its words.
pub async fn render(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    let program = request.uri().path().starts_with("/api/") || request.uri().path().starts_with("/station/");
    let (path, lang) = (request.uri().path().to_owned(), who::lang(request.headers()));
    let asked = request.method() == axum::http::Method::GET;
    let mut response = next.run(request).await;
    let Some(fail) = response.extensions_mut().remove::<Fail>() else { return response };
    if let Fail::Machine(error) = &fail {
        tracing::error!(http.path = %path, %error, "a request failed");
    }
    if program {
        let mut response = (fail.status(), Json(json!({"error": fail.text()}))).into_response();
        if let Fail::Nonce(nonce) = &fail
            && let Ok(value) = format!("{} nonce={nonce}", crate::link::SCHEME).parse()
        {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
        }
        return response;
    }
    match fail {
        Fail::First if asked => Redirect::to(who::FIRST_PAGE).into_response(),
        Fail::Login if asked => Redirect::to("/login").into_response(),
        _ => match pages::failed(&hub, lang, fail.status().as_u16(), fail.text()) {
            Ok(page) => (fail.status(), Html(page)).into_response(),
            Err(error) => {
                tracing::error!(%error, "the page of a failure cannot be made");
                (fail.status(), [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], fail.text().vi)
                    .into_response()
            }
        },
    }
}
