//! What a browser sees: server-rendered, in the person's language, cut to the person's area. A file a subject, a template
//! a page, in `html/`. Words are in the catalogue; scripts only make quicker what a form can do without them.

mod assets;
mod front;
mod inspect;

use askama::Template;

use super::{Hub, routes::Route, who::Person};
use crate::text::{Lang, Text, hub as say};

/// The routes of all pages.
pub fn routes() -> Vec<Route> {
    [front::routes(), assets::routes(), inspect::routes()].into_iter().flatten().collect()
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

    /// Where the style sheet is; it changes with its content.
    pub fn style(&self) -> &'static str {
        assets::STYLE
    }
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
