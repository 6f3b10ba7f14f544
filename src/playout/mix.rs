//! What is done to samples on their way: static gain, fade, ceiling, conversion. Pure; a sample is in -1 to 1.

/// Length of a fade in frames: 250 ms.
pub const FADE: usize = 12_000;

/// The factor of a level in hundredths of dB. Louder than 0 is taken as 0; -120 dB and below is silence.
pub fn gain(level_cdb: i32) -> f32 {
    match level_cdb {
        0.. => 1.0,
        ..=-12_000 => 0.0,
        cdb => 10f32.powf(cdb as f32 / 2_000.0),
    }
}

/// Multiplies by `gain` and keeps every sample in -1 to 1; what is no number becomes silence.
pub fn scale(block: &mut [f32], gain: f32) {
    for sample in block {
        let louder = *sample * gain;
        *sample = if louder.is_nan() { 0.0 } else { louder.clamp(-1.0, 1.0) };
    }
}

/// 1.5 x 2^23: a float of this size has steps of 1, so that adding it rounds to a whole number, ties to even.
const ROUND: f32 = 12_582_912.0;

/// A sample as 16 bit, rounded; full scale is clipped by one step at the top. By one addition and whole numbers, which
/// the compiler does for many samples at once; `f32::round` is a call for each on x86-64.
pub fn to_i16(sample: f32) -> i16 {
    let shifted = sample * 32_768.0 + ROUND;
    let whole = shifted.to_bits() as i32 - ROUND.to_bits() as i32;
    whole.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// A way down to silence: half a period of a cosine, so that neither end clicks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fade {
    gone: usize,
}

impl Fade {
    /// Fades `block` further. Gives the number of its frames that lie within the fade; what follows is silence.
    pub fn apply(&mut self, block: &mut [f32]) -> usize {
        let within = block.len().min(FADE - self.gone);
        let (faded, silent) = block.split_at_mut(within);
        for (i, sample) in faded.iter_mut().enumerate() {
            let way = (self.gone + i + 1) as f32 / FADE as f32;
            *sample *= 0.5 + 0.5 * (std::f32::consts::PI * way).cos();
        }
        silent.fill(0.0);
        self.gone += within;
        within
    }

    /// Whether silence is reached.
    pub fn is_over(&self) -> bool {
        self.gone >= FADE
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_level_is_a_factor_and_never_louder_than_the_recording() {
        assert_eq!(gain(0), 1.0);
        assert_eq!(gain(300), 1.0);
        assert!((gain(-600) - 0.501_187).abs() < 1e-5);
        assert_eq!(gain(i32::MIN), 0.0);
    }

    #[test]
    fn a_fade_ends_in_silence_within_300_ms_and_has_no_step() {
        let mut fade = Fade::default();
        let mut all = vec![1.0; FADE + 500];
        let within = all.chunks_mut(777).map(|c| fade.apply(c)).sum::<usize>();
        assert_eq!(within, FADE);
        assert!(fade.is_over() && FADE <= 48_000 * 3 / 10);
        let steps = std::iter::once(&1.0).chain(&all).collect::<Vec<_>>();
        assert!(steps.windows(2).all(|w| (w[0] - w[1]).abs() < 2e-4 && w[0] >= w[1]));
        assert!(all[FADE - 1..].iter().all(|s| s.abs() < 1e-6));
    }

    proptest! {
        #[test]
        fn no_sample_leaves_the_range(bits in any::<u32>(), cdb in any::<i32>()) {
            let mut block = [f32::from_bits(bits)];
            scale(&mut block, gain(cdb));
            prop_assert!((-1.0..=1.0).contains(&block[0]));
        }

        #[test]
        fn sixteen_bits_are_within_half_a_step(sample in -1.0f32..=1.0) {
            let back = f32::from(to_i16(sample)) / 32_768.0;
            let step = if sample > 32_767.0 / 32_768.0 { 1.0 } else { 0.5 };
            prop_assert!((back - sample).abs() <= step / 32_768.0);
        }
    }
}
