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
    #[cfg(feature = "hub")]
    {
        let group = Command::new("hub").about(text::hub::help_hub().to(lang).to_owned());
        command = command.subcommand(super::hub::Verb::augment_subcommands(group).subcommand_required(true));
    }
    command = command.subcommand(super::log::command(lang)).subcommand(generate());
    let command = Common::augment_args(command).about(say::about().to(lang).to_owned());
    let mut command = translate(command.subcommand_required(true), lang);
    command.build();
    usages(command, lang)
}

/// The lines `Usage: …`, in which clap's own word for options is translated once all names are known.
fn usages(command: Command, lang: Lang) -> Command {
    let mut command = command.mut_subcommands(|verb| usages(verb, lang));
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").replace("[OPTIONS]", say::any_options().to(lang));
    command.override_usage(usage)
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
        .arg_required_else_help(false)
        .help_template(template)
        .subcommand_help_heading(name(say::verbs()))
        .subcommand_value_name(name(say::a_verb()))
        .arg(help);
    if version {
        let help = name(say::arg_version());
        command =
            command.arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).help(help));
    }
    let (arguments, options) = (name(say::arguments()), name(say::options()));
    command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { arguments.clone() } else { options.clone() };
        with_default(arg.help_heading(heading), lang)
    });
    command.mut_subcommands(|verb| translate(verb, lang))
}

/// The default value in words of the catalogue instead of clap's.
fn with_default(arg: Arg, lang: Lang) -> Arg {
    let given = |value: &&clap::builder::OsStr| !value.is_empty();
    let defaults: Vec<String> =
        arg.get_default_values().iter().filter(given).map(|v| v.to_string_lossy().into_owned()).collect();
    if defaults.is_empty() || !arg.get_action().takes_values() || arg.is_hide_default_value_set() {
        return arg;
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let help = say::with_default(help, defaults.join(" ")).to(lang).to_owned();
    arg.hide_default_value(true).help(help)
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
        Some(ContextValue::String(s)) => s.replace("...", ""),
        Some(ContextValue::Strings(all)) => {
            // What is hidden is not for people.
            let shown: Vec<_> =
                all.iter().filter(|s| *s != "generate").map(|s| s.replace("...", "")).collect();
            shown.join(", ")
        }
        _ => String::new(),
    };
    let arg = get(ContextKind::InvalidArg);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => say::usage_unknown(arg),
        ErrorKind::InvalidSubcommand => say::usage_unknown_verb(get(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => say::usage_missing(arg),
        ErrorKind::MissingSubcommand => say::usage_missing_verb(get(ContextKind::ValidSubcommand)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            match (get(ContextKind::InvalidValue), get(ContextKind::ValidValue)) {
                (value, _) if value.is_empty() => say::usage_no_value(arg),
                (value, known) if known.is_empty() => say::usage_value(value, arg),
                (value, known) => say::usage_value_known(value, arg, known),
            }
        }
        ErrorKind::TooManyValues => say::usage_takes_none(arg),
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
