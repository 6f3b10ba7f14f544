//! Who am I; accounts, sessions and tokens.

use axum::{Json, http::HeaderMap, response::IntoResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::hub::{
    Fail, Reply,
    deeds::{Doer, accounts, audit, own},
    extract::{Asked, Body, Named},
    routes::{Route, get, post},
    rule::{Role, Rule},
    who,
};

const ADMIN: Rule = Rule::Only(&[Role::Admin]);

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/me", Rule::Anyone, me).says("Who am I").gives::<Me>(),
        post("/api/me/password", Rule::Person, password)
            .says("Change the own password")
            .takes::<own::Change>()
            .gives::<Done>(),
        get("/api/me/sessions", Rule::Anyone, sessions).says("The own sessions").gives::<Vec<own::Session>>(),
        post("/api/me/sessions/{session}/end", Rule::Person, end_session)
            .says("End an own session")
            .gives::<Done>(),
        get("/api/me/tokens", Rule::Anyone, tokens).says("The own tokens").gives::<Vec<own::Token>>(),
        post("/api/me/tokens", Rule::Person, make_token)
            .says("Make a token")
            .takes::<own::MakeToken>()
            .gives::<own::NewToken>(),
        post("/api/me/tokens/{token}/close", Rule::Person, close_token)
            .says("Close an own token")
            .gives::<Done>(),
        get("/api/accounts", ADMIN, list).says("Accounts").gives::<Vec<accounts::Shown>>(),
        post("/api/accounts", ADMIN, make)
            .says("Make an account")
            .takes::<accounts::Make>()
            .gives::<accounts::First>(),
        get("/api/accounts/{login}", ADMIN, one).says("An account").gives::<accounts::Shown>(),
        post("/api/accounts/{login}", ADMIN, change)
            .says("Change an account")
            .takes::<accounts::Change>()
            .gives::<Done>(),
        post("/api/accounts/{login}/close", ADMIN, close).says("Close an account").gives::<Done>(),
        post("/api/accounts/{login}/password", ADMIN, reset)
            .says("A new first password")
            .gives::<accounts::First>(),
        get("/api/audit", ADMIN, audited)
            .says("What people did, the newest first")
            .asks::<AuditQuery>()
            .gives::<audit::Page>(),
    ]
}

/// It was done.
#[derive(Serialize, ToSchema)]
pub struct Done {
    /// Always true.
    pub ok: bool,
}

/// The answer to a deed that gives nothing.
pub fn done() -> Reply {
    Ok(Json(Done { ok: true }).into_response())
}

/// Who asks.
#[derive(Serialize, ToSchema)]
struct Me {
    login: String,
    name: String,
    role: String,
    area: String,
    /// Names from the top down.
    path: String,
}

async fn me(doer: Doer) -> Result<Json<Me>, Fail> {
    let path = doer.tree().await?.path(&doer.person.area);
    let p = doer.person;
    Ok(Json(Me { login: p.login, name: p.name, role: p.role.word().into(), area: p.area, path }))
}

async fn password(doer: Doer, headers: HeaderMap, Body(change): Body<own::Change>) -> Reply {
    let cookie = own::change_password(&doer, change).await?;
    let mut answer = done()?;
    if headers.contains_key(axum::http::header::COOKIE) {
        answer.headers_mut().append(axum::http::header::SET_COOKIE, who::set_cookie(&cookie)?);
    }
    Ok(answer)
}

async fn sessions(doer: Doer) -> Result<Json<Vec<own::Session>>, Fail> {
    Ok(Json(own::sessions(&doer).await?))
}

async fn end_session(doer: Doer, Named(id): Named<String>) -> Reply {
    own::end_session(&doer, &id).await?;
    done()
}

async fn tokens(doer: Doer) -> Result<Json<Vec<own::Token>>, Fail> {
    Ok(Json(own::tokens(&doer).await?))
}

async fn make_token(doer: Doer, Body(make): Body<own::MakeToken>) -> Result<Json<own::NewToken>, Fail> {
    Ok(Json(own::make_token(&doer, make).await?))
}

async fn close_token(doer: Doer, Named(id): Named<String>) -> Reply {
    own::close_token(&doer, &id).await?;
    done()
}

async fn list(doer: Doer) -> Result<Json<Vec<accounts::Shown>>, Fail> {
    Ok(Json(accounts::list(&doer).await?))
}

async fn make(doer: Doer, Body(make): Body<accounts::Make>) -> Result<Json<accounts::First>, Fail> {
    Ok(Json(accounts::make(&doer, make).await?))
}

async fn one(doer: Doer, Named(login): Named<String>) -> Result<Json<accounts::Shown>, Fail> {
    Ok(Json(accounts::get(&doer, &login).await?))
}

async fn change(doer: Doer, Named(login): Named<String>, Body(change): Body<accounts::Change>) -> Reply {
    accounts::change(&doer, &login, change).await?;
    done()
}

async fn close(doer: Doer, Named(login): Named<String>) -> Reply {
    accounts::close(&doer, &login).await?;
    done()
}

async fn reset(doer: Doer, Named(login): Named<String>) -> Result<Json<accounts::First>, Fail> {
    Ok(Json(accounts::reset(&doer, &login).await?))
}

/// What is asked of the audit log.
#[derive(Deserialize, IntoParams)]
struct AuditQuery {
    /// Whose deeds.
    login: Option<String>,
    /// Which.
    what: Option<String>,
    /// From this day, `YYYY-MM-DD`, in the province's zone.
    from: Option<String>,
    /// To this day, included.
    to: Option<String>,
    /// `next` of the page before.
    before: Option<String>,
}

async fn audited(doer: Doer, Asked(q): Asked<AuditQuery>) -> Result<Json<audit::Page>, Fail> {
    let asked = audit::Asked { login: q.login, what: q.what, from: q.from, to: q.to, before: q.before };
    Ok(Json(audit::list(&doer, &asked).await?))
}
