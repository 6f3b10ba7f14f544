//! The own account: password, sessions, tokens.

use askama::Template;
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Redirect},
};

use super::{Frame, Once, after, page};
use crate::{
    hub::{
        Fail, Reply,
        deeds::{Doer, own},
        extract::{Named, Sent},
        routes::{Route, get, post},
        rule::Rule,
        who::{self, FIRST_PAGE},
    },
    text::{Lang, Text, hub as say, hub_account as acc},
};

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/me", Rule::Person, show),
        get(FIRST_PAGE, Rule::Person, show),
        post(FIRST_PAGE, Rule::Person, password),
        post("/me/sessions/{session}/end", Rule::Person, end),
        post("/me/tokens", Rule::Person, make),
        post("/me/tokens/{token}/close", Rule::Person, close),
    ]
}

#[derive(Template)]
#[template(path = "me.html")]
struct Me {
    frame: Frame,
    login: String,
    role: Text,
    area: String,
    first: bool,
    sessions: Vec<own::Session>,
    tokens: Vec<own::Token>,
    wrong: Option<Text>,
}

async fn show(lang: Lang, doer: Doer) -> Reply {
    render(lang, &doer, None).await
}

async fn render(lang: Lang, doer: &Doer, wrong: Option<Text>) -> Reply {
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let person = doer.person.clone();
    let me = Me {
        login: person.login.clone(),
        role: person.role.name(),
        area: doer.tree().await?.path(&person.area),
        first: person.first,
        sessions: own::sessions(doer).await?,
        tokens: own::tokens(doer).await?,
        frame: Frame::new(lang, Some(person), "/me"),
        wrong,
    };
    page(status, &me)
}

async fn password(lang: Lang, doer: Doer, Sent(change): Sent<own::Change>) -> Reply {
    match own::change_password(&doer, change).await {
        Ok(session) => {
            let mut answer = Redirect::to("/").into_response();
            answer.headers_mut().append(header::SET_COOKIE, who::set_cookie(&session)?);
            Ok(answer)
        }
        Err(Fail::Refused(wrong) | Fail::Slow(wrong)) => render(lang, &doer, Some(wrong)).await,
        Err(other) => Err(other),
    }
}

async fn end(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    let ended = own::end_session(&doer, &id).await;
    after(ended, "/me", async |wrong| render(lang, &doer, Some(wrong)).await).await
}

async fn make(lang: Lang, doer: Doer, Sent(make): Sent<own::MakeToken>) -> Reply {
    match own::make_token(&doer, make).await {
        Ok(new) => {
            let frame = Frame::new(lang, Some(doer.person.clone()), "/me");
            let (what, hint) = (acc::once_token(), acc::once_token_hint());
            page(StatusCode::OK, &Once { frame, what, secret: new.token, hint, back: "/me".into() })
        }
        Err(Fail::Refused(wrong)) => render(lang, &doer, Some(wrong)).await,
        Err(other) => Err(other),
    }
}

async fn close(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    let closed = own::close_token(&doer, &id).await;
    after(closed, "/me", async |wrong| render(lang, &doer, Some(wrong)).await).await
}
