//! The person at this machine: which of its keys may sign what is to be signed, opened by its passphrase.

use super::{
    Error, Result,
    keys::{KeyFile, Passphrase, Public, PublicKey, SecretKey},
    meta::Authority,
    people::{People, means},
};
use crate::text::office as say;

/// What a person is asked at the prompt.
#[derive(Debug)]
pub struct Question<'a> {
    /// Whose key.
    pub name: &'a str,
    /// Which file.
    pub file: &'a KeyFile,
    /// A new key: the words are chosen now, and typed twice.
    pub new: bool,
}

/// Answers with a passphrase.
pub type Ask<'a> = &'a mut dyn FnMut(&Question<'_>) -> Result<Passphrase>;

/// An opened key and whose it is.
#[derive(Debug)]
pub struct Hand {
    /// Signs.
    pub key: SecretKey,
    /// The holder's name, as signed in the feed.
    pub name: String,
}

/// A key of this machine, not opened yet, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    file: KeyFile,
    public: PublicKey,
    name: String,
}

impl Found {
    /// Opens it. No lock is held meanwhile: a prompt that nobody answers stops nobody.
    ///
    /// # Errors
    /// Refused: wrong passphrase, or a damaged file.
    pub fn open(self, ask: Ask<'_>) -> Result<Hand> {
        let key = self.file.open(|| ask(&Question { name: &self.name, file: &self.file, new: false }))?;
        if key.public() != self.public {
            return Err(Error::Refused(say::key_broken(self.file.public().display())));
        }
        Ok(Hand { key, name: self.name })
    }
}

/// The one key of `keys` (this machine's) that may sign `role`. `who` narrows by key file, else by the holder's name as it
/// is written, else by what people type for it.
///
/// # Errors
/// Usage: no key here may sign it, or several may.
pub fn find(
    keys: &[(KeyFile, Public)],
    role: &str,
    may: &Authority,
    people: &People,
    who: Option<&str>,
) -> Result<Found> {
    let named = |public: &Public| people.name(&public.public).unwrap_or(&public.name).to_owned();
    let mut found: Vec<_> = keys.iter().filter(|(_, p)| may.keys.contains(&p.public)).collect();
    if let Some(who) = who {
        let by_file = |(file, _): &&(KeyFile, Public)| file.stem() == who;
        let by_name = |(_, p): &&(KeyFile, Public)| named(p) == who;
        match (found.iter().any(by_file), found.iter().any(by_name)) {
            (true, _) => found.retain(by_file),
            (_, true) => found.retain(by_name),
            _ => found.retain(|(_, p)| means(who, &named(p))),
        }
    }
    match found.as_slice() {
        [] => {
            let holders: Vec<_> = may.keys.iter().filter_map(|k| people.name(k)).collect();
            Err(Error::Usage(say::no_key_for(say::role(role), holders.join(", "))))
        }
        [(file, public)] => Ok(Found { file: file.clone(), public: public.public, name: named(public) }),
        [(a, _), (b, _), ..] => Err(Error::Usage(say::several_keys_for(say::role(role), a.stem(), b.stem()))),
    }
}

/// The keys of this machine whose files are called `stem`, `stem-2`, …: the online ones, opened.
pub fn online(keys: &[(KeyFile, Public)], ask: Ask<'_>) -> Result<Vec<SecretKey>> {
    let is = |file: &KeyFile, role: &str| {
        file.stem().strip_prefix(role).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let mut out = Vec::new();
    for (file, public) in keys.iter().filter(|(f, _)| is(f, "snapshot") || is(f, "timestamp")) {
        out.push(file.open(|| ask(&Question { name: &public.name, file, new: false }))?);
    }
    Ok(out)
}
