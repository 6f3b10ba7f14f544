//! What an import may take, and what the person asked for.

use std::time::Duration;

/// Whether silence at the ends is cut off. It is named either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Trim {
    /// The recording stays whole.
    #[default]
    Keep,
    /// Silence at both ends is cut down to [`Limits::pad_ms`].
    Ends,
}

/// What the person asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Silence at the ends.
    pub trim: Trim,
    /// Bounds.
    pub limits: Limits,
}

/// Bounds of one import. All of them are refusals, none is a silent cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest recording, in seconds.
    pub longest_s: u32,
    /// Largest source file, in bytes.
    pub bytes: u64,
    /// Silence at an end from which on it is named, in milliseconds.
    pub named_silence_ms: u64,
    /// Silence at an end, or in the middle, above which the recording is refused unless the ends are trimmed, in milliseconds.
    pub most_silence_ms: u64,
    /// What trimming leaves at each end, in milliseconds.
    pub pad_ms: u64,
    /// Address space of a child, in bytes. Not less: with 400 MB ffmpeg 5.1 spun at 99 % for minutes.
    pub child_memory: u64,
    /// CPU seconds of a child.
    pub child_cpu_s: u64,
    /// Wall time of a child.
    pub child_wall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            longest_s: 20 * 60,
            bytes: 1_000_000_000,
            named_silence_ms: 2_000,
            most_silence_ms: 10_000,
            pad_ms: 300,
            child_memory: 1_500_000_000,
            child_cpu_s: 120,
            child_wall: Duration::from_secs(300),
        }
    }
}

impl Limits {
    /// Largest file that a child may write, in bytes: the longest recording as 32-bit samples, and a second more.
    pub(super) fn child_file(&self) -> u64 {
        (u64::from(self.longest_s) + 2) * u64::from(crate::bulletin::RATE) * 4
    }
}
