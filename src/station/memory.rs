//! Small files beside the log that a restart reads: how far everything is settled, whether the clock was trusted.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{controller::Settled, trusted_time::Latch};
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

    /// How far everything has its outcome: the instant, then a line for each occurrence that had none yet. A damaged file
    /// counts as none: the log tells the rest.
    pub fn settled(&self) -> Option<Settled> {
        let text = std::fs::read_to_string(self.0.join("settled")).ok()?;
        let mut lines = text.lines();
        let until = lines.next()?.parse().ok()?;
        let open = lines.map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
        Some(Settled { until, open })
    }

    /// See [`Memory::settled`].
    ///
    /// # Errors
    /// The disk's.
    pub fn set_settled(&self, settled: &Settled) -> io::Result<()> {
        let mut text = micros::text(&settled.until);
        for of in &settled.open {
            text = text + "\n" + &serde_json::to_string(of)?;
        }
        durable::replace(&self.0.join("settled"), text.as_bytes())
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
