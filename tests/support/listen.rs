//! Ears: reads WAV files, finds a recording in another, measures levels.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]

use std::path::Path;

use realfft::RealFftPlanner;

/// Mono samples in -1 to 1.
pub struct Wav {
    pub samples: Vec<f32>,
    pub rate: u32,
}

/// Reads mono 16-bit PCM, by its chunks; trusts the header's length.
pub fn read_wav(path: &Path) -> Wav {
    let bytes = std::fs::read(path).unwrap();
    assert!(matches!(&bytes[..4], b"RIFF" | b"RF64") && &bytes[8..12] == b"WAVE", "no WAV file");
    let word = |i: usize| u32::from_le_bytes(bytes[i..i + 4].try_into().unwrap());
    let (mut at, mut rate) = (12, 0);
    loop {
        let (id, length) = (&bytes[at..at + 4], word(at + 4) as usize);
        at += 8;
        match id {
            b"fmt " => {
                assert_eq!(&bytes[at..at + 4], [1, 0, 1, 0], "not mono PCM");
                rate = word(at + 4);
            }
            b"data" => {
                let data = &bytes[at..(at + length).min(bytes.len())];
                assert!(length == data.len() || length == u32::MAX as usize, "the header lies: {length}");
                return Wav { samples: samples(data), rate };
            }
            _ => {}
        }
        at += length + length % 2;
    }
}

/// 16-bit little-endian bytes as samples.
pub fn samples(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0).collect()
}

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Frame of its first sample.
    pub at: usize,
    /// Normalised cross-correlation there: 1 for the same but for a factor.
    pub score: f64,
}

/// The place in `hay` that is most like `needle`.
pub fn find(hay: &[f32], needle: &[f32]) -> Found {
    let mut best = Found { at: 0, score: -1.0 };
    if needle.is_empty() || hay.len() < needle.len() {
        return best;
    }
    let length = (2 * needle.len()).next_power_of_two().max(1 << 14);
    let step = length - needle.len() + 1;
    let mut planner = RealFftPlanner::<f32>::new();
    let (forth, back) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
    let spectrum = |part: &[f32]| {
        let mut input = part.to_vec();
        input.resize(length, 0.0);
        let mut output = forth.make_output_vec();
        forth.process(&mut input, &mut output).unwrap();
        output
    };
    let wanted = spectrum(needle);
    let energy = needle.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>();
    let mut sums = vec![0.0f64];
    for sample in hay {
        sums.push(sums[sums.len() - 1] + f64::from(*sample).powi(2));
    }
    for start in (0..=hay.len() - needle.len()).step_by(step) {
        let mut product = spectrum(&hay[start..(start + length).min(hay.len())]);
        for (a, b) in product.iter_mut().zip(&wanted) {
            *a *= b.conj();
        }
        product[0].im = 0.0;
        product[length / 2].im = 0.0;
        let mut out = back.make_output_vec();
        back.process(&mut product, &mut out).unwrap();
        let last = step.min(hay.len() - needle.len() + 1 - start);
        for (i, sum) in out[..last].iter().enumerate() {
            let at = start + i;
            let here = sums[at + needle.len()] - sums[at];
            // A window that is as good as silent is like nothing.
            if here > energy * 1e-6 {
                let score = f64::from(*sum) / length as f64 / (here * energy).sqrt();
                if score > best.score {
                    best = Found { at, score };
                }
            }
        }
    }
    best
}

/// Loudest sample, in dBFS; -200 for silence.
pub fn peak_db(samples: &[f32]) -> f64 {
    let peak = samples.iter().fold(0.0f32, |p, s| p.max(s.abs()));
    if peak == 0.0 { -200.0 } else { 20.0 * f64::from(peak).log10() }
}

/// Root mean square, in dBFS; -200 for silence.
pub fn rms_db(samples: &[f32]) -> f64 {
    let mean = samples.iter().map(|s| f64::from(*s).powi(2)).sum::<f64>() / samples.len().max(1) as f64;
    if mean == 0.0 { -200.0 } else { 10.0 * mean.log10() }
}

/// First and last frame louder than `db` dBFS.
pub fn sounding(samples: &[f32], db: f64) -> Option<(usize, usize)> {
    let limit = 10f64.powf(db / 20.0) as f32;
    let first = samples.iter().position(|s| s.abs() > limit)?;
    Some((first, samples.iter().rposition(|s| s.abs() > limit)?))
}

/// The `share` quantile (0 to 1) of `values`.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
