//! The person at this machine: which of its keys may sign what is to be signed, opened by its passphrase.

use super::{
    Error, Result,
    import::fold,
    keys::{KeyFile, Passphrase, Public, SecretKey},
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

/// The one key of `keys` (this machine's) that may sign `role`, opened. `who` narrows by the holder's name
/// (whole, or the given name that stands last) or by key file.
///
/// # Errors
/// Usage: no key here may sign it, or several may. Refused: wrong passphrase, or a damaged file.
pub fn pick(
    keys: &[(KeyFile, Public)],
    role: &str,
    may: &Authority,
    people: &People,
    who: Option<&str>,
    ask: Ask<'_>,
) -> Result<Hand> {
    let fits = |file: &KeyFile, name: &str| {
        who.is_none_or(|w| {
            file.stem() == w || fold(name) == fold(w) || fold(name).ends_with(&format!(" {}", fold(w)))
        })
    };
    let named = |public: &Public| people.name(&public.public).unwrap_or(&public.name).to_owned();
    let mut found = keys.iter().filter(|(f, p)| may.keys.contains(&p.public) && fits(f, &named(p)));
    let Some((file, public)) = found.next() else {
        let holders: Vec<_> = may.keys.iter().filter_map(|k| people.name(k)).collect();
        return Err(Error::Usage(say::no_key_for(role, holders.join(", "))));
    };
    if let Some((other, _)) = found.next() {
        return Err(Error::Usage(say::several_keys_for(role, file.stem(), other.stem())));
    }
    let name = named(public);
    let key = file.open(|| ask(&Question { name: &name, file, new: false }))?;
    if key.public() != public.public {
        return Err(Error::Refused(say::key_broken(file.public().display())));
    }
    Ok(Hand { key, name })
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
