//! The words that people type, carried out in a process of their own.

use std::{
    io::Write,
    process::{Command, Stdio},
    sync::Arc,
};

use clap::Parser;
use loaxa::{
    cli::{Context, office},
    clock::SimClock,
    office::keys::KeyFile,
    text::Lang,
};

use super::world::{LAN, NAM, WORDS, tempdir};

#[derive(Debug, Parser)]
struct Words {
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: office::Command,
}

const ARGS: &str = "LOAXA_TEST_ARGS";

/// Not a test by itself: `loaxa office` with the arguments of the variable.
#[test]
#[ignore = "the other tests run it in a process of its own"]
fn loaxa_office() {
    let Ok(args) = std::env::var(ARGS) else { return };
    let words = Words::parse_from(std::iter::once("office").chain(args.split('\u{1f}')));
    let clock = Arc::new(SimClock::at("2026-12-01T01:00:00Z".parse().unwrap()));
    let ctx = Context { lang: Lang::En, json: words.json, config: None, clock };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let code = match runtime.block_on(office::run(&ctx, &words.command)) {
        Ok(loaxa::cli::Exit::Yes) => 0,
        Ok(loaxa::cli::Exit::No) => 1,
        Err(failure) => {
            eprintln!("{}", failure.to(ctx.lang));
            failure.code().into()
        }
    };
    std::process::exit(code);
}

struct Said {
    code: i32,
    out: String,
    err: String,
    /// Command lines of the process while it waited for the passphrase.
    seen: String,
}

/// Runs the verb; the passphrase comes on standard input, as descriptor 0.
fn loaxa(args: &[&str], words: &str) -> Said {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["command::loaxa_office", "--exact", "--ignored", "--nocapture", "--quiet"])
        .env(ARGS, args.join("\u{1f}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let seen = ["cmdline", "environ"]
        .map(|f| std::fs::read(format!("/proc/{}/{f}", child.id())).unwrap_or_default());
    let seen = seen.iter().map(|b| String::from_utf8_lossy(b).into_owned()).collect();
    // A verb that wants no passphrase does not read it: a closed pipe is no fault.
    child.stdin.take().unwrap().write_all(words.as_bytes()).ok();
    let output = child.wait_with_output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
        seen,
    }
}

/// The one JSON document (the test harness prints its own lines before it).
fn json(said: &Said) -> serde_json::Value {
    let line =
        said.out.lines().find(|l| l.starts_with('{')).unwrap_or_else(|| panic!("{}\n{}", said.out, said.err));
    serde_json::from_str(line).unwrap()
}

fn office(dir: &str) -> Said {
    let area = format!("yen-the={NAM}");
    let args = [
        "init",
        dir,
        "--root",
        "Giàng A Páo",
        "--root",
        "Lò Thị Mai",
        "--editor",
        LAN,
        "--editor",
        NAM,
        "--area",
        &area,
        "--passphrase-fd",
        "0",
        "--json",
    ];
    loaxa(&args, &format!("{WORDS}\n"))
}

#[test]
fn init_and_publish_from_the_command_line_and_no_passphrase_is_seen_anywhere() {
    let dir = tempdir();
    let path = dir.path().join("tinh");
    let path = path.to_str().unwrap();
    let made = office(path);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(json(&made)["keys"].as_array().unwrap().len(), 7);
    let published = loaxa(&["publish", "--dir", path, "--json"], "");
    assert_eq!(published.code, 0, "{}", published.err);
    assert_eq!(json(&published)["snapshot"], 1);
    let file = KeyFile::new(&std::path::Path::new(path).join("keys"), "nguyen-thi-lan");
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(file.secret()).unwrap().permissions().mode() & 0o777, 0o600);
    for said in [&made, &published] {
        for text in [&said.out, &said.err, &said.seen] {
            assert!(!text.contains(WORDS));
        }
    }
    let found = Command::new("grep").args(["-rlF", WORDS]).arg(path).output().unwrap();
    assert!(found.stdout.is_empty());
    let again = office(path);
    assert_eq!(again.code, 1, "a folder in use is left alone");
}

#[test]
fn a_wrong_passphrase_signs_nothing() {
    let dir = tempdir();
    let path = dir.path().join("tinh");
    let path = path.to_str().unwrap();
    office(path);
    loaxa(&["publish", "--dir", path], "");
    let args =
        ["sign", "withdrawals", "--fresh", "--yes", "--as", LAN, "--dir", path, "--passphrase-fd", "0"];
    let wrong = loaxa(&args, "hoa cúc vàng\n");
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("wrong passphrase"), "{}", wrong.err);
    assert!(!std::path::Path::new(path).join("drafts/withdrawals.json").exists());
    let right = loaxa(&args, &format!("{WORDS}\n"));
    assert_eq!(right.code, 0, "{}", right.err);
}

#[test]
fn whoever_says_no_signs_nothing() {
    let dir = tempdir();
    let path = dir.path().join("tinh");
    let path = path.to_str().unwrap();
    office(path);
    loaxa(&["publish", "--dir", path], "");
    // The passphrase is the first line of standard input, the answer the next.
    let args = ["sign", "withdrawals", "--fresh", "--as", LAN, "--dir", path, "--passphrase-fd", "0"];
    let no = loaxa(&args, &format!("{WORDS}\n"));
    assert_eq!(no.code, 1, "{}", no.err);
    assert!(no.err.contains("Not signed"), "{}", no.err);
    assert!(!std::path::Path::new(path).join("drafts/withdrawals.json").exists());
}

#[test]
fn every_verb_has_help_in_both_languages() {
    use clap::CommandFactory;
    let mut command = Words::command();
    command.build();
    for verb in command.get_subcommands() {
        assert!(verb.get_about().is_some_and(|a| !a.to_string().is_empty()), "{}", verb.get_name());
        for arg in verb.get_arguments().filter(|a| !a.is_global_set()) {
            assert!(arg.get_help().is_some(), "{} {}", verb.get_name(), arg.get_id());
        }
    }
}
