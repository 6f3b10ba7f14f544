//! What people are asked: passphrases without echo, and a yes before anything is signed.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
};

use zeroize::Zeroizing;

use super::args::{self, Keys};
use crate::{
    cli::{Context, Failure},
    office::{
        Error,
        desk::Desk,
        folder::Office,
        hand::{Hand, Question},
        keys::{Passphrase, SHORTEST},
    },
    text::office as say,
};

/// Where passphrases come from: the terminal or, for scripts, lines of a file descriptor. Never an argument, never the
/// environment: others on the machine can read those.
pub struct Asker<'a> {
    ctx: &'a Context,
    lines: Option<BufReader<File>>,
    last: Option<Passphrase>,
}

impl<'a> Asker<'a> {
    /// Opens the descriptor, if one is named.
    pub fn new(ctx: &'a Context, keys: &Keys) -> Result<Self, Failure> {
        let open = |n: u32| {
            let path = format!("/proc/self/fd/{n}");
            File::open(&path).map(BufReader::new).map_err(|e| Failure::Usage(say::io(format!("fd {n}"), &e)))
        };
        Ok(Self { ctx, lines: keys.passphrase_fd.map(open).transpose()?, last: None })
    }

    /// One line for each key, in the order of the questions; the last line serves for all that follow.
    pub fn ask(&mut self, question: &Question<'_>) -> Result<Passphrase, Error> {
        match &mut self.lines {
            Some(lines) => {
                let mut line = Zeroizing::new(String::new());
                let read = lines.read_line(&mut line).map_err(|e| Error::Usage(say::io("fd", &e)))?;
                if read > 0 {
                    self.last = Some(Passphrase::new(line.trim_end_matches(['\r', '\n']).to_owned()));
                }
                self.last.clone().ok_or_else(|| Error::Usage(say::passphrase_absent()))
            }
            None if question.new => self.chosen(question),
            None => self.typed(&say::ask_passphrase(question.name, question.file.stem())),
        }
    }

    /// Typed twice, and long enough.
    fn chosen(&self, question: &Question<'_>) -> Result<Passphrase, Error> {
        loop {
            let first =
                self.typed(&say::ask_new_passphrase(question.name, question.file.stem(), SHORTEST))?;
            if !first.is_long_enough() {
                super::tell(self.ctx, &say::passphrase_short(SHORTEST));
            } else if first == self.typed(&say::ask_again(question.name))? {
                return Ok(first);
            } else {
                super::tell(self.ctx, &say::passphrase_differs());
            }
        }
    }

    fn typed(&self, prompt: &crate::text::Text) -> Result<Passphrase, Error> {
        let words = rpassword::prompt_password(format!("{}: ", prompt.to(self.ctx.lang)));
        words.map(Passphrase::new).map_err(|_| Error::Usage(say::no_terminal()))
    }
}

/// The person at this machine who may sign `role`. The folder is locked only while the key is looked for: a prompt that
/// nobody answers must not stop a withdrawal.
pub fn hand(
    ctx: &Context,
    office: &Office,
    role: &str,
    args: &args::Desk,
    asker: &mut Asker<'_>,
) -> Result<Hand, Failure> {
    let found = Desk::open(office, ctx.clock.now().wall)?.whose(role, args.who.as_deref())?;
    Ok(found.open(&mut |q| asker.ask(q))?)
}

/// Waits for `y` or `c` (có); everything else is no.
///
/// # Errors
/// Refused: the person said no.
pub fn confirm(ctx: &Context, yes: bool, question: &crate::text::Text) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    eprint!("{} ", crate::text::plain(question.to(ctx.lang)));
    std::io::stderr().flush().ok();
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|e| Failure::Usage(say::io("stdin", &e)))?;
    match line.trim().to_lowercase().as_str() {
        "y" | "yes" | "c" | "co" | "có" => Ok(()),
        _ => Err(Failure::Refused(say::said_no())),
    }
}
