//! Logging in and out, the switch of language, the first page.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::Frame;
use crate::{
    hub::{
        Fail, Hub, Reply,
        account::{login, secret},
        audit,
        db::{areas, sessions},
        extract::Sent,
        routes::{Route, get, post},
        rule::Rule,
        who::{self, Address, COOKIE, LANG, Person},
    },
    text::{Lang, Text, hub as say},
};

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/login", Rule::Public, form),
        post("/login", Rule::Public, enter),
        post("/logout", Rule::Anyone, leave),
        post("/lang", Rule::Public, switch),
        get("/", Rule::Anyone, home),
        get("/health", Rule::Public, || async { "ok\n" }),
    ]
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage {
    frame: Frame,
    login: String,
    wrong: Option<Text>,
}

async fn form(lang: Lang) -> Reply {
    let page = LoginPage { frame: Frame::new(lang, None, "/login"), login: String::new(), wrong: None };
    Ok(Html(page.render()?).into_response())
}

#[derive(Deserialize)]
struct Typed {
    login: String,
    password: String,
}

async fn enter(
    State(hub): State<Hub>,
    lang: Lang,
    from: Address,
    headers: HeaderMap,
    Sent(typed): Sent<Typed>,
) -> Reply {
    match login::login(&hub, typed.login.trim(), &typed.password, &from.0).await {
        Ok(session) => {
            let id = secret::hash(&session);
            // Whoever held the browser before holds nothing now.
            if let Some(old) = who::session(&headers) {
                sessions::end_session(&hub.db, &old).await?;
            }
            let account = sessions::by_session(&hub.db, &id, hub.now(), login::IDLE).await?;
            if let Some(person) = account.and_then(|a| Person::of(a, Some(id))) {
                audit::note(&hub, &person, &from, "login", "").await?;
            }
            let cookie = format!(
                "{COOKIE}={session}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}",
                login::LASTS.num_seconds()
            );
            Ok(with_cookie(Redirect::to("/").into_response(), &cookie)?)
        }
        Err(fail @ (Fail::Refused(_) | Fail::Slow(_))) => {
            let frame = Frame::new(lang, None, "/login");
            let page = LoginPage { frame, login: typed.login, wrong: Some(fail.text()) };
            Ok((fail.status(), Html(page.render()?)).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn leave(State(hub): State<Hub>, person: Person, from: Address) -> Reply {
    if let Some(session) = &person.session {
        sessions::end_session(&hub.db, session).await?;
    }
    audit::note(&hub, &person, &from, "logout", "").await?;
    let gone = format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    with_cookie(Redirect::to("/login").into_response(), &gone)
}

#[derive(Deserialize)]
struct Switch {
    lang: String,
    back: String,
}

async fn switch(headers: HeaderMap, Sent(to): Sent<Switch>) -> Reply {
    let lang = if to.lang == "en" { "en" } else { "vi" };
    let secure = if headers.contains_key("x-forwarded-proto") { "; Secure" } else { "" };
    let cookie = format!("{LANG}={lang}; Path=/; SameSite=Lax; Max-Age=31536000{secure}");
    // Only a path of this hub: nobody is sent elsewhere by a forged form.
    let local =
        to.back.starts_with('/') && !to.back.starts_with("//") && !to.back.contains(['\\', '\r', '\n']);
    let back = if local { to.back.as_str() } else { "/" };
    with_cookie(Redirect::to(back).into_response(), &cookie)
}

fn with_cookie(mut response: Response, cookie: &str) -> Reply {
    let value = HeaderValue::from_str(cookie).map_err(Fail::machine)?;
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    area: String,
    role: Text,
}

async fn home(State(hub): State<Hub>, lang: Lang, person: Person) -> Reply {
    let tree = areas::tree(&hub.db).await?;
    let (area, role) = (tree.path(&person.area), person.role.name());
    let page = Home { frame: Frame::new(lang, Some(person), "/"), area, role };
    Ok(Html(page.render()?).into_response())
}
