//! Faults of a test build (feature `faults`), beside those of `durable.rs`; never shipped.
//!
//! `LOAXA_HANG=<what>:<file>`: whoever calls [`hang`] with that name stands still for ever once the file is there.

use std::path::PathBuf;

/// Stands still if that was asked for.
pub fn hang(what: &str) {
    let plan = std::env::var("LOAXA_HANG").unwrap_or_default();
    if let Some((who, file)) = plan.split_once(':')
        && who == what
        && PathBuf::from(file).exists()
    {
        tracing::error!("{what} stands still, as asked for");
        loop {
            std::thread::park();
        }
    }
}
