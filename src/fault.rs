//! A fault that a person can mend: where it is, what is wrong, what to do.

use std::fmt;

use crate::text::{Lang, Text, plain};

/// The user of this process, for whom a permission is missing: its name, else its number.
pub fn user() -> String {
    let uid = rustix::process::geteuid().as_raw();
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid.to_string()).then(|| name.to_owned())
    });
    named.unwrap_or_else(|| uid.to_string())
}

/// A place in a file. Lines and columns count from 1 (columns in characters); 0 means that the whole file is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The file as the person named it; empty where there is none.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl Place {
    /// The file as a whole.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, column: 0 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        Ok(())
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What is wrong, as a sentence without the place.
    pub what: Text,
    /// What the reader can do about it.
    pub remedy: Text,
}

/// Everything that is wrong with one input, in the order of places. Never empty when returned as an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// The first of them on one line, place and what, for a sentence that has room for one.
    pub fn first(&self) -> Text {
        let first = self.0.first();
        first.map_or_else(|| Text::same(""), |f| Text::join([&Text::same(&f.place), &f.what], ": "))
    }

    /// One fault alone.
    pub fn one(place: Place, what: Text, remedy: Text) -> Self {
        Self(vec![Fault { place, what, remedy }])
    }

    /// Adds a fault.
    pub fn push(&mut self, place: Place, what: Text, remedy: Text) {
        self.0.push(Fault { place, what, remedy });
    }

    /// `value` if nothing is wrong, else all faults sorted by place.
    pub fn or<T>(mut self, value: T) -> Result<T, Self> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort_by(|a, b| a.place.cmp(&b.place));
        Err(self)
    }

    /// For people: `file:line:column: what`, and the remedy on an indented line of its own.
    pub fn to(&self, lang: Lang) -> String {
        let label = crate::text::cli::remedy();
        let label = label.to(lang);
        let mut out = String::new();
        for fault in &self.0 {
            let place = plain(&fault.place.to_string());
            if !place.is_empty() {
                out.push_str(&place);
                out.push_str(": ");
            }
            out.push_str(fault.what.to(lang));
            out.push_str(&format!("\n    {label}: {}\n", fault.remedy.to(lang)));
        }
        out
    }
}

impl fmt::Display for Faults {
    /// English, for developers and logs; people get [`Faults::to`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.to(Lang::En).trim_end())
    }
}

impl std::error::Error for Faults {}
