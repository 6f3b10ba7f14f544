//! Accounts of an admin's area.

use askama::Template;
use axum::http::StatusCode;

use super::{Frame, Once, after, menu::indent, page};
use crate::{
    hub::{
        Fail, Reply,
        db::areas::{Area, Tree},
        deeds::{Doer, accounts, areas, day},
        extract::{Named, Sent},
        routes::{Route, get, post},
        rule::{Role, Rule},
    },
    text::{Lang, Text, hub as say, hub_account as acc},
};

const ADMIN: Rule = Rule::Only(&[Role::Admin]);

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/accounts", ADMIN, list),
        post("/accounts", ADMIN, make),
        get("/accounts/{login}", ADMIN, one),
        post("/accounts/{login}", ADMIN, change),
        post("/accounts/{login}/password", ADMIN, reset),
        post("/accounts/{login}/close", ADMIN, close),
    ]
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct Accounts<'a> {
    frame: Frame,
    accounts: Vec<accounts::Shown>,
    tree: &'a Tree,
    areas: Vec<(usize, &'a Area)>,
    roles: [Role; 6],
    /// Login, name, role and area, as they were typed.
    typed: (String, String, String, String),
    wrong: Option<Text>,
}

#[derive(Template)]
#[template(path = "account.html")]
struct Account<'a> {
    frame: Frame,
    account: accounts::Shown,
    tree: &'a Tree,
    areas: Vec<(usize, &'a Area)>,
    roles: [Role; 6],
    own: bool,
    wrong: Option<Text>,
}

fn role_name(word: &str) -> Text {
    Role::parse(word).map_or_else(|| Text::same(word), Role::name)
}

fn status(wrong: Option<&Text>) -> StatusCode {
    if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

async fn list(lang: Lang, doer: Doer) -> Reply {
    let typed = (String::new(), String::new(), Role::Area.word().into(), doer.person.area.clone());
    render(lang, &doer, typed, None).await
}

async fn render(
    lang: Lang,
    doer: &Doer,
    typed: (String, String, String, String),
    wrong: Option<Text>,
) -> Reply {
    let tree = doer.tree().await?;
    let status = status(wrong.as_ref());
    let shown = Accounts {
        frame: Frame::new(lang, Some(doer.person.clone()), "/accounts"),
        accounts: accounts::list(doer).await?,
        areas: areas::in_order(&tree, &doer.person.area),
        tree: &tree,
        roles: Role::ALL,
        typed,
        wrong,
    };
    page(status, &shown)
}

fn first(lang: Lang, doer: &Doer, first: accounts::First) -> Reply {
    let once = Once {
        frame: Frame::new(lang, Some(doer.person.clone()), "/accounts"),
        what: acc::once_password(&first.login),
        secret: first.password,
        hint: acc::once_password_hint(day::rfc(&first.until)),
        back: format!("/accounts/{}", first.login),
    };
    page(StatusCode::OK, &once)
}

async fn make(lang: Lang, doer: Doer, Sent(make): Sent<accounts::Make>) -> Reply {
    let typed = (make.login.clone(), make.name.clone(), make.role.clone(), make.area.clone());
    match accounts::make(&doer, make).await {
        Ok(made) => first(lang, &doer, made),
        Err(Fail::Refused(wrong)) => render(lang, &doer, typed, Some(wrong)).await,
        Err(other) => Err(other),
    }
}

async fn one(lang: Lang, doer: Doer, Named(login): Named<String>) -> Reply {
    render_one(lang, &doer, &login, None).await
}

async fn render_one(lang: Lang, doer: &Doer, login: &str, wrong: Option<Text>) -> Reply {
    let tree = doer.tree().await?;
    let status = status(wrong.as_ref());
    let shown = Account {
        frame: Frame::new(lang, Some(doer.person.clone()), format!("/accounts/{login}")),
        account: accounts::get(doer, login).await?,
        areas: areas::in_order(&tree, &doer.person.area),
        tree: &tree,
        roles: Role::ALL,
        own: doer.person.login == login,
        wrong,
    };
    page(status, &shown)
}

async fn change(
    lang: Lang,
    doer: Doer,
    Named(login): Named<String>,
    Sent(to): Sent<accounts::Change>,
) -> Reply {
    let changed = accounts::change(&doer, &login, to).await;
    after(changed, &format!("/accounts/{login}"), async |wrong| {
        render_one(lang, &doer, &login, Some(wrong)).await
    })
    .await
}

async fn close(lang: Lang, doer: Doer, Named(login): Named<String>) -> Reply {
    let closed = accounts::close(&doer, &login).await;
    after(closed, "/accounts", async |wrong| render_one(lang, &doer, &login, Some(wrong)).await).await
}

async fn reset(lang: Lang, doer: Doer, Named(login): Named<String>) -> Reply {
    match accounts::reset(&doer, &login).await {
        Ok(made) => first(lang, &doer, made),
        Err(Fail::Refused(wrong)) => render_one(lang, &doer, &login, Some(wrong)).await,
        Err(other) => Err(other),
    }
}
