//! All words that people read, in Vietnamese and English, side by side. One file a room.
//!
//! A message is a function that returns a [`Text`], which holds both languages; the edge picks one by
//! [`Text::to`]. A missing language, an unknown placeholder and an argument that a language does not use each
//! fail to compile. No other room writes sentences for people.

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

pub mod asrun;
pub mod bulletin;
pub mod cli;
pub mod feed;
#[cfg(feature = "hub")]
pub mod hub;
#[cfg(feature = "hub")]
pub mod hub_account;
#[cfg(feature = "office")]
pub mod hub_feed;
#[cfg(feature = "hub")]
pub mod hub_inspect;
#[cfg(feature = "hub")]
pub mod hub_station;
#[cfg(feature = "office")]
pub mod import;
pub mod machine;
pub mod office;
pub mod playout;
pub mod schedule;
pub mod station;
pub mod sync;

/// A language of the faces of loaxa (not of bulletins).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Vietnamese, the default.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// From the option `--lang`, else from a POSIX `LANG` value such as `en_GB.UTF-8`; Vietnamese otherwise.
    pub fn choose(option: Option<&str>, posix: Option<&str>) -> Self {
        match option.or(posix) {
            Some(s) if s.split(['_', '.', '-']).next() == Some("en") => Self::En,
            _ => Self::Vi,
        }
    }
}

static ENGLISH_HERE: AtomicBool = AtomicBool::new(false);

/// Chooses the language of [`Text::here`]: before the command line is built, and once more for each language in which
/// manual pages are made.
pub fn set_here(lang: Lang) {
    ENGLISH_HERE.store(lang == Lang::En, Ordering::Relaxed);
}

/// One message in both languages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Text {
    /// Vietnamese, NFC.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The message in `lang`.
    pub fn to(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    /// The message in the language of this process ([`set_here`]): for help texts, which clap wants before a context
    /// exists. Everywhere else the language is handed in.
    pub fn here(&self) -> String {
        self.to(if ENGLISH_HERE.load(Ordering::Relaxed) { Lang::En } else { Lang::Vi }).to_owned()
    }

    /// A name, a number or a foreign message that reads the same in both languages. It may have several lines;
    /// [`plain_lines`] of it is kept.
    pub fn same(s: impl fmt::Display) -> Self {
        let s = plain_lines(&s.to_string());
        Self { en: s.clone(), vi: s }
    }

    /// Several messages joined by `between`.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Text>, between: &str) -> Self {
        let (mut vi, mut en) = (Vec::new(), Vec::new());
        for part in parts {
            vi.push(part.vi.as_str());
            en.push(part.en.as_str());
        }
        Self { vi: vi.join(between), en: en.join(between) }
    }
}

/// What a person may see, on one line, of text that somebody else wrote: a title, a file name, a foreign message. A
/// terminal obeys control characters, and marks that turn the direction of writing hide what is written: controls and
/// line ends become a space, such marks and characters without a shape go. The joiners U+200C and U+200D stay: scripts
/// and emoji need them.
pub fn plain(text: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().filter(|c| !unseen(*c)).map(|c| if ends(c) { ' ' } else { c }).collect()
}

/// [`plain`], line by line.
pub fn plain_lines(text: &str) -> String {
    text.split('\n').map(|line| plain(line.trim_end_matches('\r'))).collect::<Vec<_>>().join("\n")
}

/// What may stand in a placeholder: a [`Text`], which speaks the language of the whole, or anything plain, of which
/// people see [`plain`]. So foreign text of several lines is handed over as a [`Text::same`].
pub trait Phrase {
    /// This part in `lang`.
    fn phrase(&self, lang: Lang) -> String;
}

impl AsRef<Text> for Text {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Phrase for Text {
    fn phrase(&self, lang: Lang) -> String {
        self.to(lang).to_owned()
    }
}

impl Phrase for &Text {
    fn phrase(&self, lang: Lang) -> String {
        self.to(lang).to_owned()
    }
}

macro_rules! plain {
    ($($t:ty),*) => {$(
        impl Phrase for $t {
            fn phrase(&self, _: Lang) -> String {
                plain(&self.to_string())
            }
        }
    )*};
}
plain!(&str, String, &String, u8, u16, u32, u64, usize, i32, i64, std::path::Display<'_>);
plain!(
    crate::ids::AreaId,
    crate::ids::SlotId,
    crate::ids::BulletinId,
    crate::ids::WorkId,
    crate::ids::StationId
);
plain!(
    &crate::ids::AreaId,
    &crate::ids::SlotId,
    &crate::ids::BulletinId,
    &crate::ids::WorkId,
    &crate::ids::StationId
);
plain!(crate::digest::Digest, &crate::digest::Digest);

/// Declares messages: `name(args) { "tiếng Việt {args}" / "English {args}" }`. Each becomes a function that gives a
/// [`Text`](crate::text::Text).
///
/// ```
/// use loaxa::catalogue;
/// catalogue! { greet(who) { "chào {who}" / "hello {who}" } }
/// assert_eq!(greet("An").vi, "chào An");
/// ```
/// A missing language does not compile:
/// ```compile_fail
/// use loaxa::catalogue;
/// catalogue! { greet(who) { "chào {who}" } }
/// assert_eq!(greet("An").vi, "chào An");
/// ```
/// Nor does an argument that one language leaves out:
/// ```compile_fail
/// use loaxa::catalogue;
/// catalogue! { greet(who) { "chào {who}" / "hello" } }
/// assert_eq!(greet("An").vi, "chào An");
/// ```
/// Nor a placeholder that is no argument:
/// ```compile_fail,E0425
/// use loaxa::catalogue;
/// catalogue! { greet(who) { "chào {who}" / "hello {whom}, {who}" } }
/// assert_eq!(greet("An").vi, "chào An");
/// ```
/// Nor a message that nobody declared:
/// ```compile_fail,E0425
/// use loaxa::catalogue;
/// catalogue! { greet(who) { "chào {who}" / "hello {who}" } }
/// assert_eq!(great("An").vi, "chào An");
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident($($arg:ident),* $(,)?) { $vi:literal / $en:literal })*) => {$(
        $(#[$doc])*
        #[allow(missing_docs)]
        pub fn $name($($arg: impl $crate::text::Phrase),*) -> $crate::text::Text {
            $crate::text::Text {
                vi: format!($vi $(, $arg = $arg.phrase($crate::text::Lang::Vi))*),
                en: format!($en $(, $arg = $arg.phrase($crate::text::Lang::En))*),
            }
        }
    )*};
}
pub(crate) use catalogue;

#[cfg(test)]
mod tests {
    use super::*;

    catalogue! {
        greet(who, whom) { "{who} chào {whom}" / "{who} greets {whom}" }
    }

    #[test]
    fn a_nested_text_speaks_the_language_of_the_whole() {
        let inner = Text { vi: "loa".into(), en: "speaker".into() };
        let all = greet(&inner, 3u32);
        assert_eq!((all.to(Lang::Vi), all.to(Lang::En)), ("loa chào 3", "speaker greets 3"));
    }

    #[test]
    fn foreign_text_can_neither_steer_a_terminal_nor_make_a_line_nor_hide() {
        let title = "Bản tin\u{1b}[2J\r\nREMOVED x\u{9b}31m \u{202e}gnas\u{2028}\u{7f}👩\u{200d}🌾";
        let told = greet(title, std::path::Path::new("a\u{1b}]0;b\u{7}.mp3").display());
        assert_eq!(told.vi, "Bản tin [2J  REMOVED x 31m gnas  👩\u{200d}🌾 chào a ]0;b .mp3");
        assert_eq!(Text::same("một\u{1b}\r\nhai\u{202e}").en, "một \nhai");
    }

    #[test]
    fn a_process_speaks_vietnamese_until_it_is_told_otherwise() {
        let text = Text { vi: "loa".into(), en: "speaker".into() };
        assert_eq!(text.here(), "loa");
    }

    #[test]
    fn vietnamese_unless_english_is_asked_for() {
        assert_eq!(Lang::choose(None, None), Lang::Vi);
        assert_eq!(Lang::choose(None, Some("C.UTF-8")), Lang::Vi);
        assert_eq!(Lang::choose(None, Some("en_GB.UTF-8")), Lang::En);
        assert_eq!(Lang::choose(Some("vi"), Some("en_GB.UTF-8")), Lang::Vi);
    }
}
