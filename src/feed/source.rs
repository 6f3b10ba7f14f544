//! Where files of the feed come from. Whoever answers is not trusted: callers cap, verify, and only then keep.

use async_trait::async_trait;

use crate::text::Text;

/// Why a file did not come.
#[derive(Debug)]
pub enum FetchError {
    /// The place answered, and has no such file.
    Absent,
    /// The place could not be reached or broke off; trying later may help.
    Broken(Text),
    /// What came may not be used: too long, damaged, from elsewhere.
    Refused(Text),
}

/// A place that holds files of a feed by name.
#[async_trait]
pub trait Source: Send + Sync {
    /// The bytes of `name` (relative, `/` between parts), at most `max` of them after decompression.
    async fn fetch(&self, name: &str, max: u64) -> Result<Vec<u8>, FetchError>;
}
