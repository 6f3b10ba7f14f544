//! From a list of verified files to sound on a sink, with an honest count of frames.
//!
//! One file a stage: `pages` and `decode` (canonical Opus in, samples out), `feeder` (a worker thread a program: hashes,
//! decodes ahead), `mix` (gain, fades; no device), `engine` (all that runs in the audio callback: it never decodes,
//! locks, allocates or logs), `monitor` (what the callback lets see), `sink/` (a file each), `supervise` (is the device
//! alive?), `run` (what of a program was heard), `player` (one thread that obeys [`Command`]s). Nothing here knows of
//! schedules, feeds or the as-run log.

pub mod decode;
#[cfg(feature = "station")]
pub mod engine;
#[cfg(feature = "station")]
pub mod feeder;
#[cfg(feature = "station")]
mod line;
pub mod mix;
pub mod monitor;
mod pages;
#[cfg(feature = "station")]
pub mod player;
#[cfg(feature = "station")]
mod run;
#[cfg(feature = "station")]
pub mod sink;
#[cfg(feature = "station")]
pub mod sound_test;
#[cfg(feature = "station")]
pub mod source;
#[cfg(feature = "station")]
mod supervise;

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::{bulletin::Frames, digest::Digest, ids::BulletinId};

/// One file to play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramItem {
    /// For events and messages.
    pub bulletin: BulletinId,
    /// Canonical Opus in the library.
    pub path: PathBuf,
    /// What the file must hash to; checked before it sounds.
    pub sha256: Digest,
    /// The signed length.
    pub frames: Frames,
}

/// What plays for one occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Echoed in events, so that late ones of an earlier program can be told apart.
    pub token: u64,
    /// In order, without a gap.
    pub items: Vec<ProgramItem>,
    /// Static gain in hundredths of dB, at most 0.
    pub level_cdb: i32,
    /// An item that would end after this instant does not start.
    pub must_end_by: DateTime<Utc>,
}

/// What the player is told. Commands never block their sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the sink and play silence, so that it is warm. Harmless when open.
    Open,
    /// Check hashes and fill the ring of the first item; answered by [`Event::Ready`] or [`Event::Unfit`].
    Load(Program),
    /// Place the first frame of the loaded program at this wall instant (at once when past; once what sounds has ended or
    /// faded, since two never sound together). Opens the sink if it is closed. A device is fed up to two periods (0.4 s)
    /// ahead, so what is told later than that before the instant begins late by the difference.
    Start {
        /// The program's token.
        token: u64,
        /// When its first frame is to be heard.
        at: DateTime<Utc>,
    },
    /// Fade out within 300 ms, once what the device already holds (up to 0.4 s) is played, whatever sounds; its [`Event::Finished`] says [`Ended::Faded`]. A program only loaded is dropped the same way.
    Fade {
        /// The program's token.
        token: u64,
    },
    /// Close the sink once nothing sounds.
    Close,
    /// Fade, close and end the thread.
    Shutdown,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Every item that was allowed to start was sent whole.
    Complete,
    /// An item did not start since it would have ended after `must_end_by`; those before were sent whole.
    Time,
    /// By [`Command::Fade`].
    Faded,
    /// An item gave fewer frames than signed or broke in the middle, or under-runs of the device lost some; what
    /// followed was played.
    Short,
    /// The device was lost and did not come back by `must_end_by`.
    Device,
}

/// What was sent of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Index into the program's items.
    pub item: usize,
    /// Frames that the sink took and played: handed less those lost with a device.
    pub frames: Frames,
    /// Wall instant at which its first frame was heard; none if none was.
    pub first_frame: Option<DateTime<Utc>>,
}

/// What the player tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The sink is open and warm; the text names the device.
    Opened(String),
    /// The sink could not be opened, was lost, or takes frames faster than time; it is tried again. At most one until `Opened`.
    Lost(crate::text::Text),
    /// The sink is closed.
    Closed,
    /// The program can start. `unfit` items (missing, or another hash) dropped out.
    Ready {
        /// The program's token.
        token: u64,
        /// Indexes of items that dropped out, each with the reason.
        unfit: Vec<(usize, Unfit)>,
    },
    /// The first frame of an item was heard at `at`.
    Began {
        /// The program's token.
        token: u64,
        /// Index into the program's items.
        item: usize,
        /// Wall instant.
        at: DateTime<Utc>,
    },
    /// About every second while a program sounds.
    Progress {
        /// The program's token.
        token: u64,
        /// All items begun so far.
        sent: Vec<Sent>,
    },
    /// The program is over; exactly one for each one loaded.
    Finished {
        /// The program's token.
        token: u64,
        /// How.
        how: Ended,
        /// All items that began.
        sent: Vec<Sent>,
    },
}

/// Why an item cannot be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// No such file.
    Missing,
    /// The file hashes to something else, or is not canonical Opus.
    Integrity,
}
