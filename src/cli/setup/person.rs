//! Whoever sits before the terminal, or whose answers come through a pipe.

use std::io::{BufRead, Write};

use crate::{
    cli::{Context, Failure},
    text::{Lang, Text, cli as say},
};

/// So many answers in a row that cannot be used.
const TRIES: usize = 5;

/// Asks and tells. With `--json` stdout is for the document alone.
pub struct Person<'a> {
    /// The language, and where time comes from.
    pub ctx: &'a Context,
}

impl<'a> Person<'a> {
    /// Nothing is said yet.
    pub fn new(ctx: &'a Context) -> Self {
        Self { ctx }
    }

    /// Says `text`.
    pub fn tell(&mut self, text: &Text) {
        self.say(&format!("{}\n", text.to(self.ctx.lang)));
    }

    /// Says what is wrong.
    pub fn complain(&mut self, why: &Text) {
        let said = |lang| format!("    {}", sentence(why.to(lang)));
        self.tell(&Text { vi: said(Lang::Vi), en: said(Lang::En) });
    }

    /// Asks until the answer can be used. Enter alone gives `usual`, if there is one.
    ///
    /// # Errors
    /// The answers end; too many cannot be used.
    pub fn ask<T>(
        &mut self,
        question: &Text,
        usual: Option<&str>,
        mut read: impl FnMut(&str) -> Result<T, Text>,
    ) -> Result<T, Failure> {
        let shown = usual.filter(|s| !s.is_empty()).map(|s| format!(" [{s}]")).unwrap_or_default();
        let mut wrong = say::setup_empty();
        for _ in 0..TRIES {
            self.say(&format!("{}{shown}: ", question.to(self.ctx.lang)));
            let line = self.line()?;
            let answer = match (line.is_empty(), usual) {
                (true, None) => Err(say::setup_empty()),
                (true, Some(usual)) => read(usual),
                (false, _) => read(&line),
            };
            match answer {
                Ok(answer) => return Ok(answer),
                Err(why) => {
                    self.complain(&why);
                    wrong = why;
                }
            }
        }
        Err(Failure::Refused(say::setup_too_often(&wrong)))
    }

    fn line(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        let read =
            std::io::stdin().lock().read_line(&mut line).map_err(|e| Failure::Machine(Text::same(e)))?;
        if read == 0 {
            self.say("\n");
            return Err(Failure::Usage(say::setup_ended()));
        }
        Ok(line.trim().to_owned())
    }

    fn say(&mut self, text: &str) {
        // A closed terminal is noticed at the next question.
        if self.ctx.json {
            write!(std::io::stderr(), "{text}").ok();
        } else {
            let mut out = std::io::stdout();
            write!(out, "{text}").and_then(|()| out.flush()).ok();
        }
    }
}

/// With a capital letter and a full stop: rules are written to stand behind a place in a file.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if text.ends_with(['.', ':', '?', '!']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}
