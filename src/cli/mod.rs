//! Words typed by people, and exit codes. No logic: each verb reads its arguments, calls a room, prints the answer.
//!
//! Grammar is code (clap), its words are catalogue (`text/cli.rs`); help, man pages and completions come from it.
//! Answers go to stdout, messages to stderr; with `--json` stdout carries exactly one JSON document.

pub mod feed_folder;
pub mod generate;
pub mod grammar;
#[cfg(feature = "hub")]
pub mod hub;
#[cfg(feature = "hub")]
pub mod hub_feed;
#[cfg(feature = "hub")]
pub mod hub_station;
pub mod log;
#[cfg(feature = "office")]
pub mod office;
pub mod schedule;
#[cfg(feature = "station")]
pub mod setup;
#[cfg(feature = "station")]
pub mod station;
#[cfg(feature = "station")]
pub mod status_text;
#[cfg(feature = "station")]
pub mod sync;

use std::{path::PathBuf, sync::Arc};

use crate::{
    clock::Clock,
    fault::Faults,
    text::{Lang, Text},
};

/// What every verb gets.
#[derive(Clone)]
pub struct Context {
    /// The language of the person.
    pub lang: Lang,
    /// One JSON document on stdout.
    pub json: bool,
    /// `--config`.
    pub config: Option<PathBuf>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// Exit codes of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: yes, done.
    Yes,
    /// 1: what was asked is not so: refused, does not verify, damaged. The answer has been printed.
    No,
}

/// Why a verb could not answer. Printed on stderr by `main`.
#[derive(Debug)]
pub enum Failure {
    /// 1: refused.
    Refused(Text),
    /// 1: faults with places.
    Faults(Faults),
    /// 2: wrong use.
    Usage(Text),
    /// 3: the machine failed: disk, network, permission.
    Machine(Text),
}

impl Failure {
    /// The process's exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Refused(_) | Self::Faults(_) => 1,
            Self::Usage(_) => 2,
            Self::Machine(_) => 3,
        }
    }

    /// For people.
    pub fn to(&self, lang: Lang) -> String {
        match self {
            Self::Refused(t) | Self::Usage(t) | Self::Machine(t) => t.to(lang).to_owned(),
            Self::Faults(faults) => faults.to(lang),
        }
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        Self::Faults(faults)
    }
}

/// What a verb returns.
pub type Answer = Result<Exit, Failure>;

/// Prints an answer: the JSON document if that was asked for, else the words.
///
/// # Errors
/// The output is closed.
pub fn answer(ctx: &Context, json: &serde_json::Value, text: &Text) -> Answer {
    use std::io::Write;
    let said = if ctx.json { json.to_string() } else { crate::text::plain_lines(text.to(ctx.lang)) };
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{said}").and_then(|()| out.flush()) {
        Ok(()) => Ok(Exit::Yes),
        Err(e) => Err(Failure::Machine(crate::text::schedule::output_closed(&e))),
    }
}

/// A runtime on this thread.
///
/// # Errors
/// The system gives none.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|e| Failure::Machine(crate::text::cli::no_runtime(&e)))
}
