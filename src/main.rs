//! Dispatch and exit code.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use loaxa::{
    cli::{Context, generate},
    clock::SimClock,
    text::Lang,
};

fn grammar(_: Lang) -> clap::Command {
    clap::Command::new("loaxa")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Public loudspeaker radio")
        .subcommand(
            clap::Command::new("generate")
                .hide(true)
                .arg(clap::Arg::new("what").value_parser(clap::value_parser!(generate::What)).required(true))
                .arg(clap::Arg::new("dir").value_parser(clap::value_parser!(PathBuf)).required(true)),
        )
}

fn main() -> ExitCode {
    let matches = grammar(Lang::En).get_matches();
    let context = Context {
        lang: Lang::En,
        json: false,
        config: None,
        clock: Arc::new(SimClock::at(chrono::DateTime::UNIX_EPOCH)),
    };
    if let Some(("generate", verb)) = matches.subcommand()
        && let (Some(what), Some(dir)) = (verb.get_one("what"), verb.get_one::<PathBuf>("dir"))
        && let Err(failure) = generate::generate(&context, *what, dir, grammar)
    {
        eprintln!("{}", failure.to(context.lang));
        return ExitCode::from(failure.code());
    }
    ExitCode::SUCCESS
}
