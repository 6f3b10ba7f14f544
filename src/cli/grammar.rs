//! The whole command line in one language, and what is said of a line that does not fit it.

use clap::{
    Arg, ArgAction, Args, Command, FromArgMatches, Subcommand,
    error::{ContextKind, ContextValue, Error, ErrorKind},
};

use crate::text::{self, Lang, Text, cli as say};

/// What stands before every verb.
#[derive(Debug, Args)]
pub struct Common {
    /// The configuration.
    #[arg(long, global = true, value_name = "FILE", help = say::arg_config().here())]
    pub config: Option<std::path::PathBuf>,
    /// The language of the person.
    #[arg(long, global = true, value_name = "vi|en", value_parser = ["vi", "en"], hide_possible_values = true, help = say::arg_lang().here())]
    pub lang: Option<String>,
    /// One JSON document on stdout.
    #[arg(long, global = true, help = say::arg_json().here())]
    pub json: bool,
}

/// The grammar in `lang`.
pub fn grammar(lang: Lang) -> Command {
    text::set_here(lang);
    let mut command = Command::new("loaxa").version(env!("CARGO_PKG_VERSION"));
    #[cfg(feature = "station")]
    {
        let group = super::station::Verb::augment_subcommands(Command::new("station"));
        // After the verbs, whose own documentation clap would take for the group's.
        let group = group.about(say::group_station().to(lang).to_owned());
        command = command.subcommand(group.subcommand_required(true));
    }
    #[cfg(feature = "office")]
    {
        command = command.subcommand(office(lang));
    }
    command = command.subcommand(super::log::command(lang)).subcommand(generate());
    let command = Common::augment_args(command).about(say::about().to(lang).to_owned());
    translate(command.subcommand_required(true), lang)
}

/// `office`: its own verbs, and those of the schedule.
#[cfg(feature = "office")]
fn office(lang: Lang) -> Command {
    use super::schedule::{CheckArgs, CronArgs, PlanArgs};
    let about = |text: Text| text.to(lang).to_owned();
    let group = super::office::args::Command::augment_subcommands(Command::new("office"));
    group
        .subcommand_required(true)
        .about(about(say::group_office()))
        .subcommand(CheckArgs::augment_args(Command::new("check")).about(about(say::office_check())))
        .subcommand(PlanArgs::augment_args(Command::new("plan")).about(about(say::office_plan())))
        .subcommand(CronArgs::augment_args(Command::new("cron")).about(about(say::office_cron())))
}

/// Hidden: for packages.
fn generate() -> Command {
    let what = Arg::new("what").value_parser(clap::value_parser!(super::generate::What)).required(true);
    let dir = Arg::new("dir").value_parser(clap::value_parser!(std::path::PathBuf)).required(true);
    Command::new("generate").hide(true).arg(what).arg(dir)
}

/// clap's own English words in `lang`, for this command and all below it.
fn translate(command: Command, lang: Lang) -> Command {
    let name = |text: Text| text.to(lang).to_owned();
    let template =
        format!("{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}", say::usage().to(lang));
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help(name(say::arg_help()));
    let version = command.get_version().is_some();
    let mut command = command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .help_template(template)
        .subcommand_help_heading(name(say::verbs()))
        .arg(help);
    if version {
        let help = name(say::arg_version());
        command =
            command.arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help(help));
    }
    let (arguments, options) = (name(say::arguments()), name(say::options()));
    command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { arguments.clone() } else { options.clone() };
        arg.help_heading(heading)
    });
    command.mut_subcommands(|verb| translate(verb, lang))
}

/// The language that a line asks for, found without understanding the rest of it.
pub fn asked_lang(args: &[String]) -> Option<String> {
    let mut args = args.iter().take_while(|arg| *arg != "--");
    while let Some(arg) = args.next() {
        if arg == "--lang" {
            return args.next().cloned();
        }
        if let Some(lang) = arg.strip_prefix("--lang=") {
            return Some(lang.to_owned());
        }
    }
    None
}

/// What is wrong with the line, for people.
pub fn usage(error: &Error) -> Text {
    let get = |kind| match error.get(kind) {
        Some(ContextValue::String(s)) => s.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        _ => "?".to_owned(),
    };
    let arg = get(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => say::usage_unknown(arg),
        ErrorKind::InvalidSubcommand => say::usage_unknown_verb(get(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => say::usage_missing(arg),
        ErrorKind::MissingSubcommand => say::usage_missing_verb(get(ContextKind::ValidSubcommand)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            say::usage_value(get(ContextKind::InvalidValue), arg)
        }
        ErrorKind::ArgumentConflict => say::usage_conflict(arg),
        _ => say::usage_other(),
    };
    let command = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(s)) => s.to_string(),
        _ => String::new(),
    };
    let words = command.trim_start_matches("Usage: ").split_whitespace();
    let command: Vec<&str> = words.take_while(|word| !word.starts_with(['[', '<', '-'])).collect();
    let command = command.join(" ");
    Text::join([&what, &say::see_help(if command.is_empty() { "loaxa" } else { &command })], "\n")
}

/// The verb that was typed below a group.
pub fn verb<V: FromArgMatches>(matches: &clap::ArgMatches) -> Result<V, Error> {
    V::from_arg_matches(matches)
}
