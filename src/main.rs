//! `loaxa`: dispatch and exit code.

use std::{process::ExitCode, sync::Arc};

use clap::{ArgMatches, FromArgMatches};
use loaxa::{
    cli::{
        self, Answer, Context, Exit, Failure,
        grammar::{self, Common},
    },
    clock::system::SystemClock,
    text::{Lang, plain_lines},
};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let posix = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let lang = Lang::choose(grammar::asked_lang(&args).as_deref(), posix.as_deref());
    let matches = match grammar::grammar(lang).try_get_matches_from(std::env::args_os()) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => {
            print!("{}", error.render());
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("{}", grammar::usage(&error).to(lang));
            return ExitCode::from(2);
        }
    };
    log_to_stderr(&matches);
    let common = match Common::from_arg_matches(&matches) {
        Ok(common) => common,
        Err(error) => {
            eprintln!("{}", grammar::usage(&error).to(lang));
            return ExitCode::from(2);
        }
    };
    let context =
        Context { lang, json: common.json, config: common.config, clock: Arc::new(SystemClock::new()) };
    match dispatch(&context, &matches) {
        Ok(Exit::Yes) => ExitCode::SUCCESS,
        Ok(Exit::No) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("{}", plain_lines(failure.to(lang).trim_end()));
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(context: &Context, matches: &ArgMatches) -> Answer {
    match matches.subcommand() {
        #[cfg(feature = "station")]
        Some(("station", rest)) => cli::station::run(context, typed(rest)?),
        #[cfg(feature = "office")]
        Some(("office", rest)) => office(context, rest),
        #[cfg(feature = "hub")]
        Some(("hub", rest)) => cli::hub::run(context, typed(rest)?),
        Some(("log", rest)) => {
            let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
            cli::log::run(rest, context, cli::feed_folder::keys, &mut out, &mut err)
        }
        Some(("generate", rest)) => match (rest.get_one("what"), rest.get_one::<std::path::PathBuf>("dir")) {
            (Some(what), Some(dir)) => cli::generate::generate(context, *what, dir, grammar::grammar),
            _ => Ok(Exit::No),
        },
        _ => Ok(Exit::No),
    }
}

#[cfg(feature = "office")]
fn office(context: &Context, matches: &ArgMatches) -> Answer {
    use cli::{feed_folder, schedule};
    match matches.subcommand() {
        Some(("cron", rest)) => schedule::cron(context, &typed(rest)?),
        Some(("check", rest)) => schedule::check(context, &typed(rest)?, |dir| feed_folder::load(dir, None)),
        Some(("plan", rest)) => {
            let args: schedule::PlanArgs = typed(rest)?;
            let station = args.station.parse().ok();
            schedule::plan(context, &args, |dir| feed_folder::load(dir, station.as_ref()))
        }
        _ => cli::runtime()?.block_on(cli::office::run(context, &typed(matches)?)),
    }
}

fn typed<V: FromArgMatches>(matches: &ArgMatches) -> Result<V, Failure> {
    grammar::verb(matches).map_err(|error| Failure::Usage(grammar::usage(&error)))
}

/// Messages for people who run it go to journald when systemd reads stderr, else to stderr. `LOAXA_LOG` says how much.
fn log_to_stderr(matches: &ArgMatches) {
    use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};
    let daemon = matches.subcommand().is_some_and(|(_, rest)| rest.subcommand_name() == Some("run"));
    let usual = if daemon { "info" } else { "warn" };
    let filter = EnvFilter::try_from_env("LOAXA_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let registry = tracing_subscriber::registry().with(filter);
    #[cfg(feature = "station")]
    if std::env::var_os("JOURNAL_STREAM").is_some()
        && let Ok(journal) = tracing_journald::layer()
    {
        registry.with(journal).init();
        return;
    }
    registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false)).init();
}
