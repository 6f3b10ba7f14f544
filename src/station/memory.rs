//! Small files beside the log that a restart reads: how far everything is settled, whether the clock was trusted.

use std::{
    io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use super::trusted_time::Latch;
use crate::{durable, schedule::occurrence::micros};

/// The folder of these files.
#[derive(Debug, Clone)]
pub struct Memory(PathBuf);

impl Memory {
    /// Opens the folder, makes it if need be, and clears what a dead process left unfinished.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(dir: &Path) -> io::Result<Self> {
        durable::create_dir(dir)?;
        durable::sweep(dir)?;
        Ok(Self(dir.to_owned()))
    }

    /// Everything due before this has its outcome. A damaged file counts as none: the log tells the rest.
    pub fn settled(&self) -> Option<DateTime<Utc>> {
        let text = std::fs::read_to_string(self.0.join("settled")).ok()?;
        text.trim().parse().ok()
    }

    /// See [`Memory::settled`].
    ///
    /// # Errors
    /// The disk's.
    pub fn set_settled(&self, at: DateTime<Utc>) -> io::Result<()> {
        durable::replace(&self.0.join("settled"), micros::text(&at).as_bytes())
    }

    /// What is known of the clock in boot `boot`.
    pub fn latch(&self, boot: &str) -> Latch {
        let read = std::fs::read(self.0.join("clock.json")).ok();
        let latch: Latch = read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        latch.in_boot(boot)
    }

    /// See [`Memory::latch`].
    ///
    /// # Errors
    /// The disk's.
    pub fn set_latch(&self, latch: &Latch) -> io::Result<()> {
        durable::replace(&self.0.join("clock.json"), &serde_json::to_vec(latch)?)
    }

    /// Where the progress of what sounds is kept.
    pub fn progress_file(&self) -> PathBuf {
        self.0.join("progress")
    }
}
