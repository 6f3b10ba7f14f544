//! The feed's memory on disk.

use std::{io, path::Path};

use super::{Feed, Mode, Now, Refusal, Who, source::Source};

/// Verified metadata, small files and the memory of what was seen, in one folder. Nothing but verified bytes is in it.
#[derive(Debug)]
pub struct Store {}

#[allow(clippy::unimplemented, unused_variables, reason = "first commit: the seam for other rooms")]
impl Store {
    /// An enrolled store. Fails with `NotFound` when `dir` was never enrolled.
    pub fn open(dir: &Path) -> io::Result<Self> {
        unimplemented!()
    }

    /// Pins `root`, which a person brought: it must verify by its own keys.
    pub fn enrol(dir: &Path, root: &[u8]) -> Result<Self, Refusal> {
        unimplemented!()
    }

    /// Everything from disk, verified again, without network. What cannot be used is named in [`Feed::stale`].
    pub fn load(&self, who: &Who, now: Now) -> Feed {
        unimplemented!()
    }

    /// Asks `source` for what is new, keeps what verifies. An error means that nothing new came into force and the old
    /// feed ([`Store::load`]) stands; faults of single roles and areas are in [`Feed::stale`] instead.
    pub async fn refresh(
        &mut self,
        source: &dyn Source,
        mode: Mode,
        who: &Who,
        now: Now,
    ) -> Result<Feed, Refusal> {
        unimplemented!()
    }

    /// The bytes of stored metadata (`timestamp.json`), for a source that asks whether a file changed.
    pub fn held(&self, name: &str) -> Option<Vec<u8>> {
        unimplemented!()
    }
}
