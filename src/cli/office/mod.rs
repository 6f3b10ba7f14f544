//! `loaxa office …`: everything that signs. `check`, `plan` and `cron` are in `cli/schedule`.
//!
//! `args` is the grammar; `ask` asks people; the rest is one file a group of verbs.

pub mod args;
mod ask;
mod ceremony;
mod feed;
mod hub;
mod import;
mod listen;
mod recordings;

use serde_json::Value;

pub use args::Command;

use super::{Answer, Context, Exit, Failure};
use crate::{
    office::Error,
    text::{Text, plain_lines},
};

/// Carries a verb out.
///
/// # Errors
/// See [`Failure`]; in every case the office folder is as it was before.
pub async fn run(ctx: &Context, command: &Command) -> Answer {
    match hub::of(command) {
        Some(args) => hub::run(ctx, command, args).await,
        None => local(ctx, command).await,
    }
}

/// A verb's own work, in the folder.
async fn local(ctx: &Context, command: &Command) -> Answer {
    match command {
        Command::Init(args) => ceremony::init(ctx, args, None),
        Command::Key(args) => ceremony::key(ctx, args),
        Command::Delegate(args) => ceremony::delegate(ctx, args),
        Command::Rotate(args) => ceremony::rotate(ctx, args),
        Command::Import(args) => import::import(ctx, args).await,
        Command::List(args) => recordings::list(ctx, args),
        Command::Approve(args) => recordings::approve(ctx, args).await,
        Command::Sign(args) => recordings::sign(ctx, args).await,
        Command::Merge(args) => recordings::merge(ctx, args),
        Command::Withdraw(args) => recordings::withdraw(ctx, args),
        Command::Recall(args) => recordings::withdraw(ctx, args),
        Command::Urgent(args) => feed::urgent(ctx, args),
        Command::Registry(args) => feed::registry(ctx, args),
        Command::Push(args) => feed::push(ctx, args),
        Command::Publish(args) => feed::publish(ctx, args),
        Command::Renew(args) => feed::renew(ctx, args),
        Command::Export(args) => feed::export(ctx, args),
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(text) => Self::Refused(text),
            Error::Faults(faults) => Self::Faults(faults),
            Error::Usage(text) => Self::Usage(text),
            Error::Machine(text) => Self::Machine(text),
        }
    }
}

/// The answer: one JSON document, or text for people.
fn answer(ctx: &Context, json: &Value, text: &Text) -> Answer {
    use std::io::Write;
    if hub::hold(json, text) {
        return Ok(Exit::Yes);
    }
    let line = if ctx.json { json.to_string() } else { plain_lines(text.to(ctx.lang).trim_end()) };
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{line}").and_then(|()| out.flush());
    written.map_err(|e| Failure::Machine(crate::text::office::io("stdout", &e)))?;
    Ok(Exit::Yes)
}

/// A message beside the answer.
fn tell(ctx: &Context, text: &Text) {
    eprintln!("{}", plain_lines(text.to(ctx.lang)));
}
