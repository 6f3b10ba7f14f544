//! Why a recording was refused, as facts; the words are in `text/import.rs`.

use std::io;

use super::outcome::{Hundredths, Seconds};
use crate::{
    fault::{Faults, Place},
    text::{Text, import as words},
};

/// What a file that is no sound looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it; words are in the catalogue")]
pub enum Look {
    Empty,
    Zeros,
    Html,
    Playlist,
    Picture,
    Pdf,
    Archive,
    Document,
    Program,
    Text,
    TagOnly,
    Unknown,
}

/// A bound that a child ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "see Limits")]
pub enum Bound {
    Cpu,
    Wall,
    Memory,
    Disk,
}

/// Which end of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum End {
    Start,
    Finish,
}

/// Why there is no canonical form. Everything but [`ImportFault::Machine`] and [`ImportFault::NoTool`] is about the recording.
#[derive(Debug)]
pub enum ImportFault {
    /// A folder, a device, a pipe.
    NotAFile,
    /// Larger than [`super::Limits::bytes`].
    TooBig(u64, u64),
    /// Nothing that ffmpeg may open; what its bytes look like.
    NotSound(Look),
    /// A container with pictures or tags, and no sound in it.
    NoSound,
    /// More than one sound track.
    SeveralTracks(usize),
    /// The end is missing: length claimed, length found, bytes claimed and found, where known.
    CutShort {
        /// What the file claims.
        declared: Option<Seconds>,
        /// What was found.
        decoded: Option<Seconds>,
        /// Bytes that the file claims to have, and has.
        bytes: Option<(u64, u64)>,
    },
    /// A part cannot be decoded: about where, and the decoder's words.
    Damaged(Option<Seconds>, String),
    /// Two or more recordings one after the other in one file.
    Joined(u64),
    /// More sound than the file claims.
    Longer(Seconds, Seconds),
    /// No sound at all.
    Silent,
    /// So quiet that nothing can be made of it: loudness in LUFS.
    NearlySilent(Hundredths),
    /// Left and right cancel each other: as it came, and in one channel.
    AntiPhase(Hundredths, Hundredths),
    /// Longer than allowed: length (at least), limit.
    TooLong(Seconds, Seconds),
    /// Under 0.4 s, which cannot be measured.
    TooShort(Seconds),
    /// So long a silence at an end that nobody can mean it.
    SilentEnd(End, Seconds, Seconds),
    /// No gain and limit brings it to the target: loudness and true peak at the last try.
    Unsteady(Hundredths, Hundredths),
    /// A child ran into a bound.
    Bound(Bound),
    /// A program that import needs is not installed.
    NoTool(&'static str),
    /// The disk, the system: what was done, what it said.
    Machine(&'static str, io::Error),
}

impl ImportFault {
    /// True when the computer failed, not the recording.
    pub fn is_machine(&self) -> bool {
        matches!(self, Self::NoTool(_) | Self::Machine(..))
    }

    /// What is wrong, for people.
    pub fn what(&self) -> Text {
        words::what(self)
    }

    /// What to do about it.
    pub fn remedy(&self) -> Text {
        words::remedy(self)
    }

    /// As a fault of the file that the person named.
    pub fn at(&self, file: impl Into<String>) -> Faults {
        Faults::one(Place::file(file), self.what(), self.remedy())
    }
}

impl std::fmt::Display for ImportFault {
    /// English, for logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what().en)
    }
}

impl std::error::Error for ImportFault {}
