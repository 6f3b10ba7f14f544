//! Audio comes in a stream that may begin in the middle, so that a cut costs only what was lost.

use async_trait::async_trait;
use bytes::Bytes;

use super::source::{FetchError, Source};

/// A source that also gives large files piece by piece.
#[async_trait]
pub trait AudioSource: Source {
    /// Opens `name` at byte `from`. `length` is the signed length of the whole file: a source that has another length to
    /// offer refuses at once. `tag` is what an earlier [`Opened`] carried: if the file has changed since, it starts at 0.
    async fn open(&self, name: &str, from: u64, tag: Option<&str>, length: u64)
    -> Result<Opened, FetchError>;

    /// Bytes that went over the wire in both directions since the source was made; 0 for a folder.
    fn wire(&self) -> u64;
}

/// A file that has begun to come.
pub struct Opened {
    /// Where the body begins: as asked, or 0.
    pub from: u64,
    /// What names this version of the file at this place (a strong ETag), if anything does.
    pub tag: Option<String>,
    /// The bytes from there on. May be longer than signed: the reader counts.
    pub body: Box<dyn Body>,
}

/// Pieces of a file, in order.
#[async_trait]
pub trait Body: Send {
    /// The next piece, or `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, FetchError>;
}

/// Whether `name` stays below wherever it is joined to: parts of letters, digits, `.`, `-`, `_`, `%`, `+`, `@`, `~`
/// between single slashes, none of them only dots, plain or percent-encoded (WHATWG URL 4.4 treats `%2e` as a dot).
pub fn is_safe_name(name: &str) -> bool {
    let part = |p: &str| {
        let plain = p.to_ascii_lowercase().replace("%2e", ".");
        let separator = ["%2f", "%5c", "%00"].iter().any(|s| plain.contains(s));
        !plain.trim_matches('.').is_empty()
            && !separator
            && p.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_%+@~".contains(&b))
    };
    name.len() <= 1_024 && name.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::is_safe_name;

    #[test]
    fn no_name_leaves_its_folder() {
        for good in
            ["timestamp.json", "1.root.json", "areas/a/0f.schedule.yaml", "1.%E6%97%A5.json", "1....json"]
        {
            assert!(is_safe_name(good), "{good}");
        }
        for bad in [
            "",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "a/../b",
            "a/%2e%2E/b",
            "%2e",
            "a\\b",
            "a?b",
            "a#b",
            "http://x/a",
            "a b",
            "a\0",
            "ă",
            "a%2fb",
            "...",
            "a%5Cb",
        ] {
            assert!(!is_safe_name(bad), "{bad}");
        }
    }
}
