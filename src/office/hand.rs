//! The person at this machine: which of its keys may sign what is to be signed, opened by its passphrase.

use super::{
    Error, Result,
    import::fold,
    keys::{KeyFile, Passphrase, Public, PublicKey, SecretKey},
    meta::Authority,
    people::People,
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

/// The one key of `keys` (this machine's) that may sign `role`. `who` narrows by the holder's name (whole, or the given
/// name that stands last) or by key file; a name written exactly goes before one that differs in accents.
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
    let fits = |file: &KeyFile, name: &str| {
        who.is_none_or(|w| {
            file.stem() == w || fold(name) == fold(w) || fold(name).ends_with(&format!(" {}", fold(w)))
        })
    };
    let named = |public: &Public| people.name(&public.public).unwrap_or(&public.name).to_owned();
    let all: Vec<_> = keys.iter().filter(|(_, p)| may.keys.contains(&p.public)).collect();
    let exact: Vec<_> = all.iter().filter(|(_, p)| Some(named(p).as_str()) == who).copied().collect();
    let found = if exact.is_empty() { all.into_iter().filter(|(f, p)| fits(f, &named(p))).collect() } else { exact };
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
