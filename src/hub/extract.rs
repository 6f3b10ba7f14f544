//! What was sent, read: a form, JSON, a query. What cannot be read is refused in the words of this hub, not of its library.

use axum::{
    Form, Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::Fail;
use crate::text::hub_account as acc;

/// A form of a page.
pub struct Sent<T>(pub T);

/// The JSON of a program.
pub struct Body<T>(pub T);

/// The query of an address.
pub struct Asked<T>(pub T);

/// The names in an address.
pub struct Named<T>(pub T);

fn unreadable(error: impl std::fmt::Display) -> Fail {
    Fail::Refused(acc::unreadable(error.to_string()))
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Fail;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fail> {
        Form::from_request(request, state).await.map(|Form(sent)| Self(sent)).map_err(unreadable)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Fail;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fail> {
        Json::from_request(request, state).await.map(|Json(sent)| Self(sent)).map_err(unreadable)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fail> {
        Query::from_request_parts(parts, state).await.map(|Query(asked)| Self(asked)).map_err(unreadable)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fail> {
        Path::from_request_parts(parts, state)
            .await
            .map(|Path(named)| Self(named))
            .map_err(|_| Fail::NotFound)
    }
}
