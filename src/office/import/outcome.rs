//! What an import returns and tells on the way.

use std::path::PathBuf;

use crate::{
    bulletin::{Bulletin, Frames, RATE},
    digest::Digest,
    text::{Lang, Phrase, Text, import as words},
};

/// A length for people, in milliseconds; written `12.3 s` in English and `12,3 giây` in Vietnamese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Seconds(pub u64);

impl Seconds {
    /// From a number of seconds as ffmpeg writes it; negative and NaN count as zero.
    pub fn from_f64(s: f64) -> Self {
        Self((s.max(0.0) * 1000.0).round() as u64)
    }

    /// The length of canonical audio, rounded to the millisecond.
    pub fn of(frames: Frames) -> Self {
        let rate = u64::from(RATE);
        Self((frames.0 * 1000 + rate / 2) / rate)
    }

    /// The frames of so much canonical audio.
    pub fn frames(self) -> Frames {
        Frames(self.0 * u64::from(RATE) / 1000)
    }
}

impl Phrase for Seconds {
    fn phrase(&self, lang: Lang) -> String {
        let tenths = (self.0 + 50) / 100;
        match lang {
            Lang::Vi => words::seconds(format!("{},{}", tenths / 10, tenths % 10)).vi,
            Lang::En => words::seconds(format!("{}.{}", tenths / 10, tenths % 10)).en,
        }
    }
}

/// A level in hundredths of a unit (LUFS, dBTP, LU); written with one decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hundredths(pub i32);

impl Hundredths {
    /// From ffmpeg's number; minus infinity becomes -300.
    pub fn from_f64(v: f64) -> Self {
        Self((v.clamp(-300.0, 300.0) * 100.0).round() as i32)
    }

    /// As a number.
    pub fn f64(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Phrase for Hundredths {
    fn phrase(&self, lang: Lang) -> String {
        let s = format!("{:.1}", self.f64());
        match lang {
            Lang::Vi => s.replace('.', ","),
            Lang::En => s,
        }
    }
}

/// A recording in its canonical form, with everything that was found out about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Ogg Opus, 48 kHz mono: `<store>/canonical/<sha256>.opus`.
    pub canonical: PathBuf,
    /// Its hash.
    pub sha256: Digest,
    /// Its bytes.
    pub length: u64,
    /// Its exact length when decoded.
    pub frames: Frames,
    /// Integrated loudness of the decoded canonical form, in hundredths of LUFS (ITU-R BS.1770-4, one channel).
    pub loudness_clufs: i32,
    /// True peak of the same, in hundredths of dBTP.
    pub true_peak_cdb: i32,
    /// How often it was encoded until it fitted.
    pub rounds: u32,
    /// The recording as it came: `<store>/originals/<sha256>`.
    pub original: PathBuf,
    /// Its hash.
    pub original_sha256: Digest,
    /// What it is: `mp3`, `wav`, … and its codec, as ffprobe names them.
    pub format: String,
    /// Loudness of the recording as it came, mixed to one channel.
    pub source_loudness_clufs: i32,
    /// True peak of the same.
    pub source_true_peak_cdb: i32,
    /// The length that the file claims, if it claims one.
    pub declared: Option<Seconds>,
    /// The length that was found in it, before trimming.
    pub decoded: Seconds,
    /// What the person should know, in order of importance.
    pub warnings: Vec<Warning>,
}

/// Something that a person should look at before approving; not a reason to refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The file does not say how long it is, so a missing end cannot be seen: only ears can tell.
    LengthUnstated,
    /// Silence at the start.
    LeadingSilence(Seconds),
    /// Silence at the end.
    TrailingSilence(Seconds),
    /// A pause in the middle: where it begins, how long it is.
    Pause(Seconds, Seconds),
    /// Cut off at the start and at the end.
    Trimmed(Seconds, Seconds),
    /// Left and right cancel each other in part: how much quieter it is in mono, in hundredths of LU.
    WeakInMono(i32),
    /// The recording is clipped or hotter than full scale; its true peak.
    Hot(i32),
    /// It was very quiet: noise is lifted with the voice; loudness as it came.
    Quiet(i32),
}

impl Warning {
    /// For people.
    pub fn text(&self) -> Text {
        match *self {
            Self::LengthUnstated => words::warn_length_unstated(),
            Self::LeadingSilence(s) => words::warn_leading(s),
            Self::TrailingSilence(s) => words::warn_trailing(s),
            Self::Pause(at, len) => words::warn_pause(at, len),
            Self::Trimmed(head, tail) => words::warn_trimmed(head, tail),
            Self::WeakInMono(lu) => words::warn_weak_in_mono(Hundredths(lu)),
            Self::Hot(peak) => words::warn_hot(Hundredths(peak)),
            Self::Quiet(lufs) => words::warn_quiet(Hundredths(lufs)),
        }
    }
}

/// Where an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Copied and hashed.
    Copy,
    /// Decoded and measured.
    Decode,
    /// Encoded and measured, round 1 to 6.
    Encode(u32),
}

/// For a bar. Within a stage `permille` only grows; a fitting first round ends the import early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is going on.
    pub stage: Stage,
    /// How much of that stage is done, 0 to 1000; 0 while the length is unknown.
    pub permille: u16,
}

/// The bulletin that was made of the same original bytes, if there is one.
pub fn already<'a>(original: &Digest, known: impl IntoIterator<Item = &'a Bulletin>) -> Option<&'a Bulletin> {
    known.into_iter().find(|b| b.meta.original_sha256 == *original)
}
