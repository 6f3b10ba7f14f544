//! Where things lie below the station's state folder. One table for daemon, command line and packages.

use std::{
    io,
    path::{Path, PathBuf},
};

use crate::durable;

/// A state folder, such as `/var/lib/loaxa`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout(PathBuf);

impl Layout {
    /// Below `state`.
    pub fn new(state: impl Into<PathBuf>) -> Self {
        Self(state.into())
    }

    /// The folder itself.
    pub fn state(&self) -> &Path {
        &self.0
    }

    /// Whose station it is, see [`super::enroll::Enrolment`].
    pub fn enrolment(&self) -> PathBuf {
        self.0.join("enrolment.json")
    }

    /// Verified metadata and small files, see [`crate::feed::Store`].
    pub fn feed(&self) -> PathBuf {
        self.0.join("feed")
    }

    /// Audio, see [`crate::feed::library::Library`].
    pub fn library(&self) -> PathBuf {
        self.0.join("library")
    }

    /// The private key of the as-run log.
    pub fn log_key(&self) -> PathBuf {
        self.0.join("keys").join("log.key")
    }

    /// The as-run log.
    pub fn asrun(&self) -> PathBuf {
        self.0.join("asrun")
    }

    /// What may be lost without harm: progress marks, counts, ETags.
    pub fn run(&self) -> PathBuf {
        self.0.join("run")
    }

    /// ETags of the feed's server.
    pub fn etags(&self) -> PathBuf {
        self.run().join("etags")
    }

    /// Bytes over the line by day, see [`super::budget::Ledger`].
    pub fn data_use(&self) -> PathBuf {
        self.run().join("data-use.json")
    }

    /// Makes the folders. The private key's folder opens for its owner alone.
    ///
    /// # Errors
    /// The disk's, with the folder that cannot be made.
    pub fn make(&self) -> Result<(), (PathBuf, io::Error)> {
        use std::os::unix::fs::PermissionsExt;
        let keys = self.0.join("keys");
        for dir in [self.library(), self.asrun(), self.etags(), keys.clone()] {
            durable::create_dir(&dir).map_err(|e| (dir, e))?;
        }
        let mode = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&keys, mode).map_err(|e| (keys, e))
    }
}
