//! People at their PCs: the real binary in a folder, a passphrase on a descriptor of its own, an answer on standard input.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use super::world::{WORDS, tempdir};

/// What a command said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// What it said until its end.
    pub fn of(child: Child) -> Self {
        let done = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }
}

/// A desk with several PCs below it, and the record of all that was typed and said.
pub struct Desk {
    pub dir: tempfile::TempDir,
    lang: &'static str,
    /// What is answered when a signature is asked for.
    pub answer: &'static str,
    pub words: String,
    pub story: String,
    /// Commands that ended with another code than they should.
    pub wrong: Vec<String>,
}

impl Desk {
    pub fn new(lang: &'static str) -> Self {
        Self::over(tempdir(), lang)
    }

    /// Over a folder that is there already.
    pub fn over(dir: tempfile::TempDir, lang: &'static str) -> Self {
        let answer = if lang == "en" { "y" } else { "c" };
        Self { dir, lang, answer, words: WORDS.into(), story: String::new(), wrong: Vec::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// `line` as a shell takes it, in the folder `at`; `more` is appended and not told. The passphrase comes on
    /// descriptor 3, the answer on standard input.
    pub fn shell(&self, at: &Path, line: &str, more: &str) -> Said {
        let mut child = self.spawn(at, line, more);
        // A verb that asks nothing does not read it: a closed pipe is no fault.
        writeln!(child.stdin.take().unwrap(), "{}", self.answer).ok();
        Said::of(child)
    }

    /// [`Desk::shell`], not waited for and not answered.
    pub fn spawn(&self, at: &Path, line: &str, more: &str) -> Child {
        let words = self.dir.path().join(".words");
        std::fs::write(&words, format!("{}\n", self.words)).unwrap();
        let program = Path::new(env!("CARGO_BIN_EXE_loaxa")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let script = format!("{line} {more} 3<{}", words.display());
        Command::new("sh")
            .args(["-c", &script])
            .current_dir(at)
            .env("PATH", path)
            .env("LC_ALL", if self.lang == "en" { "en_GB.UTF-8" } else { "vi_VN.UTF-8" })
            .env_remove("JOURNAL_STREAM")
            .env_remove("LOAXA_LOG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Types `line` in the folder `at`, holds the exit code against `code`, and adds both to the story.
    pub fn types(&mut self, at: &str, line: &str, code: i32) -> Said {
        let signs = [
            "init",
            "key",
            "approve",
            "sign",
            "withdraw",
            "urgent",
            "recall",
            "registry add",
            "registry edit",
            "registry remove",
            "registry set",
            "delegate",
            "rotate",
            "renew",
            "publish",
            "push",
        ];
        let verb = |verb: &&str| {
            line.starts_with(&format!("loaxa office {verb} ")) || line == format!("loaxa office {verb}")
        };
        let keyed = signs.iter().any(verb) && !line.contains("--passphrase-fd") && !line.contains("--list");
        let said = self.shell(&self.path(at), line, if keyed { "--passphrase-fd 3" } else { "" });
        let told = format!("{at}$ {line}\n{}{}", said.err, said.out);
        write!(self.story, "{}\n= {}\n\n", self.redacted(&told).trim_end(), said.code).unwrap();
        if said.code != code {
            self.wrong.push(format!("{code} expected, {} found: {told}", said.code));
        }
        said
    }

    /// What differs from run to run: this folder, keys and hashes, days and hours.
    pub fn redacted(&self, text: &str) -> String {
        let text = text.replace(&self.dir.path().display().to_string(), "…");
        let mut out = String::new();
        let mut run = String::new();
        for c in text.chars().chain(['\n']) {
            if c.is_ascii_alphanumeric() || matches!(c, '/' | ':' | '.' | '-') && is_date_so_far(&run) {
                run.push(c);
                continue;
            }
            out.push_str(&masked(&run));
            run.clear();
            out.push(c);
        }
        out.pop();
        out
    }
}

/// `24/11/2026` or `08:15` or `2026-11-24T…`, as far as it goes.
fn is_date_so_far(run: &str) -> bool {
    !run.is_empty() && run.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | ':' | '-' | 'T' | '.'))
}

fn masked(run: &str) -> String {
    let digits = run.chars().filter(char::is_ascii_digit).count();
    let hex =
        run.len() >= 8 && run.chars().all(|c| c.is_ascii_hexdigit()) && digits > 0 && digits < run.len()
            || run.len() >= 32 && digits > 5;
    let date = run.contains(['/', ':', '-']) && digits >= 4;
    let trailing: String = run.chars().rev().take_while(|c| matches!(c, '.' | ':')).collect();
    match (hex, date) {
        (true, _) => "#".into(),
        (_, true) => format!("@{}", trailing.chars().rev().collect::<String>()),
        _ => run.to_owned(),
    }
}
