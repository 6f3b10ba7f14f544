//! Which gain and which limit to try next. Pure; `encode` tries.
//!
//! ffmpeg's loudnorm misses (two passes fell back to its dynamic mode in 9 of 11 recordings), and what Opus does to peaks
//! and loudness cannot be computed. So: gain and limiter, encode, decode, measure, correct.

use super::{measure::Level, outcome::Hundredths};

/// The loudness that every recording gets, in LUFS.
pub(super) const TARGET: f64 = -16.0;
/// How far it may be off, in LU.
pub(super) const TOLERANCE: f64 = 0.4;
/// True peak after Opus, in dBTP.
pub(super) const CEILING: f64 = -1.5;
/// Tries before giving up.
pub(super) const ROUNDS: u32 = 6;

/// Loudness below which gain would only lift noise: refused, in LUFS.
pub(super) const NEARLY_SILENT: Hundredths = Hundredths(-5000);
/// The absolute gate of BS.1770: nothing was loud enough to measure.
pub(super) const SILENT: Hundredths = Hundredths(-7000);

/// One try: gain before a limiter with this ceiling, both in dB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Try {
    pub gain: f64,
    pub limit: f64,
}

impl Try {
    /// The first: limiting takes a little loudness, so aim a little high.
    pub fn first(source: Hundredths) -> Self {
        Self { gain: TARGET + 0.2 - source.f64(), limit: -3.2 }
    }

    /// The limit as ffmpeg's alimiter wants it.
    pub fn limit_linear(self) -> f64 {
        10f64.powf(self.limit / 20.0)
    }
}

/// Whether a result will do.
pub(super) fn fits(made: Level) -> bool {
    (made.lufs.f64() - TARGET).abs() <= TOLERANCE + 1e-9 && made.peak.f64() <= CEILING + 1e-9
}

/// The next try, from all tries so far and what they gave, the last one last. Gain by secant where the last two differ.
pub(super) fn next(tried: &[(Try, Level)]) -> Option<Try> {
    let (last, made) = tried.last()?;
    let miss = TARGET - made.lufs.f64();
    let slope = match tried.len().checked_sub(2).and_then(|i| tried.get(i)) {
        // LU gained for a dB of gain; under a limiter far less than 1, and never taken for nothing or for negative.
        Some((before, was)) if (last.gain - before.gain).abs() > 0.05 => {
            ((made.lufs.f64() - was.lufs.f64()) / (last.gain - before.gain)).clamp(0.2, 1.5)
        }
        _ => 1.0,
    };
    let over = made.peak.f64() - CEILING;
    let limit = if over > 0.0 { last.limit - over - 0.2 } else { last.limit };
    Some(Try { gain: (last.gain + miss / slope).clamp(-60.0, 60.0), limit: limit.max(-18.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(lufs: f64, peak: f64) -> Level {
        Level { lufs: Hundredths::from_f64(lufs), peak: Hundredths::from_f64(peak) }
    }

    /// A voice under a limiter: 1 dB of gain brings `slope` LU once it is limited.
    fn voice(t: Try, slope: f64) -> Level {
        let free = -24.0 + t.gain.min(6.0);
        level(free + slope * (t.gain - 6.0).max(0.0), (t.limit + 2.0).min(t.gain))
    }

    #[test]
    fn the_loop_ends_within_its_rounds_for_any_slope_of_a_limiter() {
        for slope in [0.25, 0.4, 0.6, 0.8, 1.0] {
            let mut tried = vec![];
            let mut t = Try::first(Hundredths(-2400));
            while tried.len() < ROUNDS as usize {
                let made = voice(t, slope);
                tried.push((t, made));
                if fits(made) {
                    break;
                }
                t = next(&tried).unwrap();
            }
            assert!(fits(tried.last().unwrap().1), "slope {slope}: {tried:?}");
        }
    }

    #[test]
    fn a_peak_over_the_ceiling_lowers_the_limit() {
        let t = Try { gain: 3.0, limit: -3.2 };
        let then = next(&[(t, level(-16.0, -0.9))]).unwrap();
        assert!((then.limit - -4.0).abs() < 1e-6);
        assert!(!fits(level(-16.0, -1.4)) && fits(level(-16.4, -1.5)) && !fits(level(-16.5, -3.0)));
    }
}
