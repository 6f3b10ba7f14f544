//! `loaxa generate man|completions DIR`, hidden: what a package ships beside the program, made from the same grammar as
//! its help. Manual pages in both languages: English in `DIR/man1`, Vietnamese in `DIR/vi/man1`, where `man` looks.

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Answer, Context, Exit, Failure};
use crate::{
    durable,
    text::{Lang, Text, cli as say},
};

/// What can be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// Manual pages, one for each verb, in both languages.
    Man,
    /// Completions for bash, zsh and fish, in the language of the context.
    Completions,
}

/// Writes `what` into `dir`. `grammar` is the whole command line in a language.
pub fn generate(context: &Context, what: What, dir: &Path, grammar: fn(Lang) -> Command) -> Answer {
    let done = match what {
        What::Man => manual(dir, grammar),
        What::Completions => completions(dir, grammar(context.lang)),
    };
    match done {
        Ok(_) => Ok(Exit::Yes),
        Err(e) => Err(Failure::Machine(say::cannot_write(dir.display(), &e))),
    }
}

/// Writes a page for `grammar` and for each verb below it that is not hidden; gives their paths.
pub fn manual(dir: &Path, grammar: fn(Lang) -> Command) -> io::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for (lang, below) in [(Lang::En, "man1"), (Lang::Vi, "vi/man1")] {
        let folder = dir.join(below);
        durable::create_dir(&folder)?;
        let mut whole = grammar(lang).disable_help_subcommand(true);
        whole.build();
        pages(&whole, lang, &folder, &mut written)?;
    }
    Ok(written)
}

fn pages(command: &Command, lang: Lang, folder: &Path, written: &mut Vec<PathBuf>) -> io::Result<()> {
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        pages(verb, lang, folder, written)?;
    }
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let path = folder.join(format!("{name}.1"));
    durable::replace(&path, page(command, lang)?.as_bytes())?;
    written.push(path);
    Ok(())
}

/// One page in roff, its headings in `lang`.
fn page(command: &Command, lang: Lang) -> io::Result<String> {
    let source = format!("loaxa {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).source(source).manual(say::manual().to(lang));
    let mut roff = Vec::new();
    man.render(&mut roff)?;
    let mut text = String::from_utf8(roff).map_err(io::Error::other)?;
    for (english, heading) in headings() {
        text = text.replace(&format!("\n.SH {english}\n"), &format!("\n.SH \"{}\"\n", heading.to(lang)));
    }
    text.push_str(&closing(lang));
    Ok(text)
}

/// The headings that clap_mangen writes, and what stands there instead.
fn headings() -> [(&'static str, Text); 7] {
    [
        ("NAME", say::man_name()),
        ("SYNOPSIS", say::man_synopsis()),
        ("DESCRIPTION", say::man_description()),
        ("OPTIONS", say::man_options()),
        ("SUBCOMMANDS", say::man_verbs()),
        ("EXTRA", say::man_more()),
        ("VERSION", say::man_version()),
    ]
}

/// Exit codes and files: the same for every verb, so they close every page.
fn closing(lang: Lang) -> String {
    let codes = [say::exit_yes(), say::exit_no(), say::exit_usage(), say::exit_machine()];
    let files = [
        ("/etc/loaxa/station.yaml", say::file_station()),
        ("/etc/default/loaxa", say::file_default()),
        ("/var/lib/loaxa", say::file_state()),
    ];
    let codes = codes.iter().enumerate().map(|(code, text)| (code.to_string(), text.to(lang).to_owned()));
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.to(lang).to_owned()));
    let list = |entries: &mut dyn Iterator<Item = (String, String)>| {
        entries
            .map(|(term, text)| format!(".TP\n\\fB{}\\fR\n{}\n", term.replace('-', "\\-"), text))
            .collect::<String>()
    };
    format!(
        ".SH \"{}\"\n{}.SH \"{}\"\n{}",
        say::man_exit().to(lang),
        list(&mut codes.into_iter()),
        say::man_files().to(lang),
        list(&mut files.into_iter()),
    )
}

/// Writes `loaxa` (bash), `_loaxa` (zsh) and `loaxa.fish`; gives their paths.
pub fn completions(dir: &Path, mut grammar: Command) -> io::Result<Vec<PathBuf>> {
    durable::create_dir(dir)?;
    let mut written = Vec::new();
    for (shell, name) in [(Shell::Bash, "loaxa"), (Shell::Zsh, "_loaxa"), (Shell::Fish, "loaxa.fish")] {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut grammar, "loaxa", &mut script);
        let path = dir.join(name);
        durable::replace(&path, &script)?;
        written.push(path);
    }
    Ok(written)
}
