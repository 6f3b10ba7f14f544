//! What a browser sees: server-rendered, in the person's language, cut to the person's area. A file a subject, a template
//! a page, in `html/`. Words are in the catalogue; scripts only make quicker what a form can do without them.

mod account;
mod accounts;
mod alarms;
mod areas;
mod assets;
mod audit;
mod front;
mod inspect;
pub mod menu;
mod office;
mod overview;
mod stations;

use askama::Template;

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect},
};

use super::{Fail, Hub, Reply, deeds::day, routes::Route, who::Person};
use crate::text::{Lang, Text, hub as say, hub_account as acc};

/// The routes of all pages.
pub fn routes() -> Vec<Route> {
    [
        front::routes(),
        assets::routes(),
        account::routes(),
        accounts::routes(),
        areas::routes(),
        stations::routes(),
        overview::routes(),
        alarms::routes(),
        audit::routes(),
        office::routes(),
        inspect::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What the frame of every page shows.
pub struct Frame {
    /// The reader's language.
    pub lang: Lang,
    /// Who is logged in.
    pub person: Option<Person>,
    /// Where this page is, so that the switch of language comes back to it.
    pub here: String,
}

impl Frame {
    /// A frame for `person`.
    pub fn new(lang: Lang, person: Option<Person>, here: impl Into<String>) -> Self {
        Self { lang, person, here: here.into() }
    }

    /// BCP 47, for the page's `lang`.
    pub fn tag(&self) -> &'static str {
        match self.lang {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }

    /// In the reader's language.
    pub fn say(&self, text: impl AsRef<Text>) -> String {
        text.as_ref().to(self.lang).to_owned()
    }

    /// The pages that this person may see.
    pub fn menu(&self) -> Vec<menu::Entry> {
        self.person.as_ref().map(|person| menu::of(person.role, &self.here)).unwrap_or_default()
    }

    /// An instant, as people of the province read it.
    pub fn at(&self, micros: &i64) -> String {
        day::at(*micros)
    }

    /// [`Frame::at`], of RFC 3339.
    pub fn rfc(&self, text: &str) -> String {
        day::rfc(text)
    }

    /// Where the style sheet is; it changes with its content.
    pub fn style(&self) -> &'static str {
        assets::STYLE
    }
}

/// A page as it is sent: of one person, so no one keeps it.
///
/// # Errors
/// The template.
pub fn page(status: StatusCode, page: &impl Template) -> Reply {
    Ok((status, [(header::CACHE_CONTROL, "no-store")], Html(page.render()?)).into_response())
}

/// What a form did: on to `done`, or its page again with what was wrong.
///
/// # Errors
/// What is not the form's fault.
pub async fn after(did: Result<(), Fail>, done: &str, again: impl AsyncFnOnce(Text) -> Reply) -> Reply {
    match did {
        Ok(()) => Ok(Redirect::to(done).into_response()),
        Err(Fail::Refused(text) | Fail::Slow(text)) => again(text).await,
        Err(other) => Err(other),
    }
}

/// A secret that is shown this once.
#[derive(Template)]
#[template(path = "once.html")]
pub struct Once {
    /// The frame.
    pub frame: Frame,
    /// What it is.
    pub what: Text,
    /// The secret.
    pub secret: String,
    /// What to do with it.
    pub hint: Text,
    /// Where to go on.
    pub back: String,
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed {
    frame: Frame,
    status: u16,
    text: Text,
}

/// The page of a failure.
///
/// # Errors
/// The template, which has been tried by tests.
pub fn failed(_hub: &Hub, lang: Lang, status: u16, text: Text) -> Result<String, askama::Error> {
    Failed { frame: Frame::new(lang, None, "/"), status, text }.render()
}
