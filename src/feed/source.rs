//! Where feed files come from: HTTP, a folder on a USB stick, a test. A source is never trusted.

use async_trait::async_trait;

use crate::text::Text;

/// Why a source gave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// The source says that there is no such file.
    Absent,
    /// Network or disk: try again.
    Broken(Text),
    /// Too long, too slow, not gzip: what came is not to be had.
    Refused(Text),
}

/// Files of a feed by name.
#[async_trait]
pub trait Source: Send + Sync {
    /// A whole metadata or small target file, at most `max` bytes after decompression.
    ///
    /// `name` is the path below the feed's root, already safe for a URL and for a file system: `metadata/3.root.json`,
    /// `metadata/timestamp.json`, `targets/areas/yen-the/<sha256>.schedule.yaml`. A file longer than `max` is
    /// [`FetchError::Refused`]; a source need not read past it.
    async fn fetch(&self, name: &str, max: u64) -> Result<Vec<u8>, FetchError>;
}

/// A source that has nothing: with it the workflow verifies what is stored.
#[derive(Debug, Clone, Copy)]
pub struct Nothing;

#[async_trait]
impl Source for Nothing {
    async fn fetch(&self, _: &str, _: u64) -> Result<Vec<u8>, FetchError> {
        Err(FetchError::Absent)
    }
}
