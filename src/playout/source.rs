//! Canonical recordings and the test tone as rodio sources: for an office that listens before it approves, and for
//! `station test`. The station's own programs go in blocks, see `feeder`.

use std::{io::Read, num::NonZero, time::Duration};

use rodio::{ChannelCount, Sample, SampleRate, Source, source::SineWave};

use super::decode::{Canonical, NotCanonical};
use crate::bulletin::{Frames, RATE};

const MONO: ChannelCount = ChannelCount::MIN;
const HERTZ: SampleRate = match NonZero::new(RATE) {
    Some(rate) => rate,
    None => SampleRate::MIN,
};

/// A canonical recording, sample by sample. Ends at damage; [`CanonicalSource::fault`] tells.
pub struct CanonicalSource<R> {
    canonical: Canonical<R>,
    block: std::collections::VecDeque<f32>,
    fault: Option<NotCanonical>,
    ended: bool,
}

impl<R: Read> CanonicalSource<R> {
    /// Reads the headers.
    pub fn open(from: R) -> Result<Self, NotCanonical> {
        let canonical = Canonical::open(from)?;
        Ok(Self { canonical, block: std::collections::VecDeque::new(), fault: None, ended: false })
    }

    /// What ended it, if not its end.
    pub fn fault(&self) -> Option<&NotCanonical> {
        self.fault.as_ref()
    }
}

impl<R: Read> Iterator for CanonicalSource<R> {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        while !self.ended {
            if let Some(sample) = self.block.pop_front() {
                return Some(sample);
            }
            match self.canonical.next_block() {
                Ok(Some(block)) => {
                    self.block.clear();
                    self.block.extend(block);
                }
                Ok(None) => self.ended = true,
                Err(fault) => {
                    self.fault = Some(fault);
                    self.ended = true;
                }
            }
        }
        None
    }
}

impl<R: Read> Source for CanonicalSource<R> {
    fn current_span_len(&self) -> Option<usize> {
        self.ended.then_some(0)
    }

    fn channels(&self) -> ChannelCount {
        MONO
    }

    fn sample_rate(&self) -> SampleRate {
        HERTZ
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

/// A tone of 440 Hz at -12 dBFS that begins and ends softly: does the card reach the loudspeakers?
pub struct Tone {
    sine: SineWave,
    at: u64,
    frames: u64,
}

/// Frames over which a [`Tone`] comes and goes: 50 ms.
const SOFT: u64 = 2_400;

impl Tone {
    /// As long as `span`.
    pub fn new(span: Duration) -> Self {
        let frames = Frames::within(chrono::TimeDelta::from_std(span).unwrap_or_default()).0;
        Self { sine: SineWave::new(440.0), at: 0, frames }
    }
}

impl Iterator for Tone {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        let left = self.frames.checked_sub(self.at).filter(|left| *left > 0)?;
        let soft = self.at.min(left - 1).min(SOFT) as f32 / SOFT as f32;
        self.at += 1;
        Some(self.sine.next()? * 0.25 * soft)
    }
}

impl Source for Tone {
    fn current_span_len(&self) -> Option<usize> {
        (self.at >= self.frames).then_some(0)
    }

    fn channels(&self) -> ChannelCount {
        MONO
    }

    fn sample_rate(&self) -> SampleRate {
        HERTZ
    }

    fn total_duration(&self) -> Option<Duration> {
        Frames(self.frames).span().to_std().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_is_as_long_as_asked_and_has_no_click() {
        let samples = Tone::new(Duration::from_secs(1)).collect::<Vec<_>>();
        assert_eq!(samples.len(), 48_000);
        let loudest = samples.iter().fold(0.0f32, |p, s| p.max(s.abs()));
        assert!((0.24..=0.25).contains(&loudest));
        assert!(samples[0].abs() < 0.001 && samples[samples.len() - 1].abs() < 0.01);
    }

    #[test]
    fn what_is_not_canonical_is_refused() {
        assert!(CanonicalSource::open(&b"RIFF"[..]).is_err());
    }
}
