//! Helps of every command and argument, and messages about lines that do not fit the grammar.

use clap::Command;
use loaxa::{
    cli::grammar::{grammar, usage},
    text::Lang,
};

use crate::is_vietnamese;

/// Every command with the helps of its arguments: name and text.
fn helps(command: &Command, above: &str, all: &mut Vec<(String, String)>) {
    let name = format!("{above} {}", command.get_name());
    let name = name.trim();
    if command.is_hide_set() {
        return;
    }
    all.push((name.to_owned(), command.get_about().map(ToString::to_string).unwrap_or_default()));
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        all.push((format!("{name} {}", arg.get_id()), help));
    }
    for below in command.get_subcommands() {
        helps(below, name, all);
    }
}

fn all(lang: Lang) -> Vec<(String, String)> {
    let (mut all, mut command) = (Vec::new(), grammar(lang));
    command.build();
    helps(&command, "", &mut all);
    all
}

// One test: the language of helps is the process's (`set_here`).
#[test]
fn every_command_and_argument_is_explained_in_both_languages() {
    let (vi, en) = (all(Lang::Vi), all(Lang::En));
    assert!(vi.len() > 150, "{}", vi.len());
    let mut wrong = Vec::new();
    for ((name, vi), (same, en)) in vi.iter().zip(&en) {
        assert_eq!(name, same);
        if vi.trim().is_empty() || en.trim().is_empty() {
            wrong.push(format!("{name}: no help"));
        } else if vi == en || !vi.contains(is_vietnamese) {
            wrong.push(format!("{name}: {vi}"));
        }
        if en.contains("=\"") {
            continue;
        }
        if en.contains(is_vietnamese) {
            wrong.push(format!("{name}: {en}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vi.len(), wrong.join("\n"));
    pages();
    messages();
}

/// Whole pages, as they are printed.
fn pages() {
    fn walk(command: &mut Command, wrong: &mut Vec<String>) {
        let page = command.render_long_help().to_string();
        for english in [
            "Usage:",
            "Options:",
            "Arguments:",
            "Commands:",
            "Print help",
            "[OPTIONS]",
            "COMMAND",
            "[default",
            "[possible",
            "[aliases",
        ] {
            if page.contains(english) {
                wrong.push(format!("{}: {english}", command.get_name()));
            }
        }
        for below in command.get_subcommands_mut().filter(|below| !below.is_hide_set()) {
            walk(below, wrong);
        }
    }
    let (mut wrong, mut command) = (Vec::new(), grammar(Lang::Vi));
    command.build();
    walk(&mut command, &mut wrong);
    assert!(wrong.is_empty(), "{} English words on Vietnamese pages:\n{}", wrong.len(), wrong.join("\n"));
}

/// Lines of every kind of fault that clap knows.
fn messages() {
    let lines: &[&[&str]] = &[
        &[],
        &["station"],
        &["dai"],
        &["station", "hld"],
        &["station", "hold"],
        &["station", "hold", "30m"],
        &["station", "hold", "--reason"],
        &["station", "hold", "30m", "--reason", "họp", "thừa"],
        &["station", "volume", "to"],
        &["station", "volume", "101"],
        &["station", "status", "--jsn"],
        &["station", "status", "--lang", "fr"],
        &["station", "status", "--json", "--json"],
        &["station", "status", "--json=yes"],
        &["log", "verify"],
        &["log", "verify", "a", "--key", "k", "--feed", "f"],
        &["office", "import"],
        &["office", "import", "a.mp3", "--category", "weather"],
        &["office", "import", "a.mp3", "--language", "tiếng Việt"],
        &["office", "cron"],
        &["office", "registry"],
        &["office", "urgent", "bao-so-3"],
    ];
    let mut out = String::new();
    for line in lines {
        let args = std::iter::once("loaxa").chain(line.iter().copied());
        let error = grammar(Lang::Vi).try_get_matches_from(args).map(|_| line).expect_err("refused");
        let said = usage(&error);
        assert!(said.vi.contains(is_vietnamese), "{}", said.vi);
        assert!(!said.vi.contains("error:") && !said.vi.contains('?'), "{line:?}: {}", said.vi);
        out.push_str(&format!("$ loaxa {}\n{}\n{}\n\n", line.join(" "), said.vi, said.en));
    }
    insta::assert_snapshot!("usage_faults", out);
}
