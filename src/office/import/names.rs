//! Names as people type them: NFC everywhere, cleaned, found without accents, turned into ids.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::ids::BulletinId;

/// Longest title, in characters.
pub const TITLE_MAX: usize = 200;

/// For searching: lower case, no accents, `đ` is `d`, everything but letters and digits is one space.
/// A title is found when its fold contains the fold of what was typed.
pub fn fold(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for c in s.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        let c = if c == 'đ' { 'd' } else { c };
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// An id made of a title or file name: `Đường dây nóng 111` gives `duong-day-nong-111`. Cut at 64 characters, at a word
/// where it can. None when no letter or digit of ASCII is left, as of a title in Chinese.
pub fn suggest_id(title: &str) -> Option<BulletinId> {
    let mut id = String::new();
    for word in fold(title).split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        if id.is_empty() {
            id.push_str(&word[..word.len().min(64)]);
        } else if id.len() + 1 + word.len() <= 64 {
            id.push('-');
            id.push_str(word);
        } else {
            break;
        }
    }
    id.parse().ok()
}

/// Why a text cannot be a title or a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unclean {
    /// Nothing in it.
    Empty,
    /// More characters than allowed.
    TooLong(usize),
    /// A control character, or one that turns the direction of writing and so hides what is written.
    Forbidden(char),
}

/// A title in NFC on one line: tabs, newlines and runs of spaces become one space, invisible characters go.
pub fn clean_title(s: &str) -> Result<String, Unclean> {
    let nfc: String = s.nfc().filter(|c| !is_invisible(*c)).collect();
    let title = nfc.split_whitespace().collect::<Vec<_>>().join(" ");
    refuse_forbidden(&title)?;
    match title.chars().count() {
        0 => Err(Unclean::Empty),
        n if n > TITLE_MAX => Err(Unclean::TooLong(n)),
        _ => Ok(title),
    }
}

/// Longest transcript, in characters: an hour of speech.
pub const TRANSCRIPT_MAX: usize = 60_000;

/// A transcript in NFC: lines end with `\n`, none ends with blanks, at most one empty line in a row.
pub fn clean_transcript(s: &str) -> Result<String, Unclean> {
    let nfc: String = s.nfc().filter(|c| !is_invisible(*c)).collect();
    let mut out = String::with_capacity(nfc.len());
    for line in nfc.replace("\r\n", "\n").split(['\n', '\r', '\u{2028}', '\u{2029}']) {
        let line = line.replace('\t', " ");
        if !(line.trim().is_empty() && (out.is_empty() || out.ends_with("\n\n"))) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    let text = out.trim_end();
    refuse_forbidden(&text.replace('\n', " "))?;
    match text.chars().count() {
        0 => Err(Unclean::Empty),
        n if n > TRANSCRIPT_MAX => Err(Unclean::TooLong(n)),
        _ => Ok(text.to_owned()),
    }
}

/// Byte order mark, zero-width space, soft hyphen, word joiner. The joiners U+200C and U+200D stay: scripts and emoji need them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}' | '\u{ad}' | '\u{2060}')
}

fn refuse_forbidden(s: &str) -> Result<(), Unclean> {
    let bad = |c: &char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    s.chars().find(bad).map_or(Ok(()), |c| Err(Unclean::Forbidden(c)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_is_found_when_typed_without_accents() {
        let title = "Đường dây nóng 111: gọi là có người nghe";
        assert!(fold(title).contains(&fold("duong day nong")));
        assert!(fold(title).contains(&fold("ĐƯỜNG   dây—nóng")));
        let nfd: String = title.nfd().collect();
        assert_eq!(fold(title), fold(&nfd));
    }

    #[test]
    fn an_id_is_suggested_from_a_title_in_either_normal_form() {
        let title = "Luật phòng, chống mua bán người: “điều cần biết”";
        let nfd: String = title.nfd().collect();
        for t in [title, &nfd] {
            let id = suggest_id(t).unwrap();
            assert_eq!(id.as_str(), "luat-phong-chong-mua-ban-nguoi-dieu-can-biet");
        }
        assert_eq!(suggest_id("=1+1").unwrap().as_str(), "1-1");
        assert_eq!(suggest_id("販賣人口"), None);
        assert_eq!(suggest_id("🎵"), None);
    }

    #[test]
    fn a_title_is_one_clean_line() {
        assert_eq!(clean_title(" Bản\ttin \r\n sáng\u{200b} ").unwrap(), "Bản tin sáng");
        assert_eq!(clean_title("\u{feff}"), Err(Unclean::Empty));
        assert_eq!(clean_title("a\u{7}b"), Err(Unclean::Forbidden('\u{7}')));
        assert_eq!(clean_title("a\u{202e}b"), Err(Unclean::Forbidden('\u{202e}')));
        assert_eq!(clean_title(&"á".repeat(201)), Err(Unclean::TooLong(201)));
        assert_eq!(clean_title("=HYPERLINK(\"x\")").unwrap(), "=HYPERLINK(\"x\")");
    }

    #[test]
    fn a_transcript_keeps_its_paragraphs_and_no_stray_blanks() {
        let text = "\u{feff}Kính thưa bà con. \r\n\r\n\r\n\r\nGọi 111.\t\r\n\r\n";
        assert_eq!(clean_transcript(text).unwrap(), "Kính thưa bà con.\n\nGọi 111.");
        assert_eq!(clean_transcript(" \n\t\n"), Err(Unclean::Empty));
    }

    proptest! {
        #[test]
        fn cleaning_and_folding_are_done_after_one_pass(s in "\\PC{0,80}") {
            if let Ok(title) = clean_title(&s) {
                prop_assert_eq!(clean_title(&title), Ok(title.clone()));
            }
            if let Ok(text) = clean_transcript(&s) {
                prop_assert_eq!(clean_transcript(&text), Ok(text.clone()));
            }
            let folded = fold(&s);
            prop_assert_eq!(fold(&folded), folded.clone());
        }

        #[test]
        fn whatever_is_suggested_is_an_id(s in "\\PC{0,200}") {
            if let Some(id) = suggest_id(&s) {
                prop_assert!(crate::ids::is_slug(id.as_str()));
            }
        }
    }
}
