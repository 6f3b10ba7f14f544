//! What people type, made fit to be kept: NFC, one line, nothing unseen, neither empty nor endless.

use unicode_normalization::UnicodeNormalization;

use crate::{
    hub::Fail,
    text::{self, Text, hub_account as acc},
};

/// The longest name, title, place or contact.
const LONGEST: usize = 200;

/// A text that may be empty.
///
/// # Errors
/// It is too long.
pub fn free(what: Text, typed: &str) -> Result<String, Fail> {
    let clean: String =
        text::plain(typed).nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.chars().count() > LONGEST {
        Err(Fail::Refused(acc::too_long(&what, LONGEST)))
    } else {
        Ok(clean)
    }
}

/// A text that says something.
///
/// # Errors
/// It is empty or too long.
pub fn needed(what: Text, typed: &str) -> Result<String, Fail> {
    let clean = free(what.clone(), typed)?;
    if clean.is_empty() { Err(Fail::Refused(acc::is_empty(&what))) } else { Ok(clean) }
}

/// Words that stand between spaces or commas, each a slug or a language tag.
///
/// # Errors
/// A word has other characters.
pub fn list(what: Text, typed: &str) -> Result<String, Fail> {
    let clean = free(what.clone(), typed)?;
    let words: Vec<_> = clean.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    let good = |w: &str| w.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    match words.iter().find(|w| !good(w)) {
        Some(bad) => Err(Fail::Refused(acc::bad_word(&what, *bad))),
        None => Ok(words.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_one_line_of_what_can_be_seen() {
        let what = || Text::same("x");
        assert_eq!(free(what(), " Xa\u{303}\u{1b}[2J\r\n  A\u{202e} ").unwrap(), "X\u{e3} [2J A");
        assert_eq!(free(what(), "").unwrap(), "");
        assert!(needed(what(), " \u{200b}\t").is_err());
        assert!(free(what(), &"ă".repeat(201)).is_err() && free(what(), &"ă".repeat(200)).is_ok());
        assert_eq!(list(what(), "vi,  nut tyz").unwrap(), "vi nut tyz");
        assert!(list(what(), "vi <b>").is_err());
    }
}
