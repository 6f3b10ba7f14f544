//! Reads what ffmpeg's filters `ebur128` and `silencedetect` and its decoders write to stderr. Pure.
//!
//! ebur128 (ITU-R BS.1770-4, EBU R 128) writes a summary for each instance when it ends, and one more, empty, whenever the
//! filter graph is built anew: the last one counts. Instances are told apart by names of ours: `ebur128@mono`.

use super::outcome::{Hundredths, Seconds};

/// Loudness and true peak of one measured signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    /// Integrated loudness, LUFS; -70.0 is the absolute gate, that is silence.
    pub lufs: Hundredths,
    /// True peak, dBTP; -300 for digital silence.
    pub peak: Hundredths,
}

impl Default for Level {
    fn default() -> Self {
        Self { lufs: Hundredths(-7000), peak: Hundredths(-30_000) }
    }
}

/// A span of silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Silence {
    pub from: Seconds,
    /// None: to the end.
    pub to: Option<Seconds>,
}

/// What one run of ffmpeg said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Report {
    /// Of the signal in one channel.
    pub mono: Level,
    /// Of all channels as they came.
    pub all: Level,
    /// In order.
    pub silences: Vec<Silence>,
    /// The first complaint of a decoder or demuxer that means damage, and how far the decoding had come.
    pub complaint: Option<(Seconds, String)>,
    /// A demuxer gave a packet that the end of the file cuts; how far the decoding had come.
    pub partial: Option<(Seconds, String)>,
    /// Anything said at level error or fatal, for messages.
    pub errors: Vec<String>,
    now: Seconds,
    in_mono: bool,
}

impl Report {
    /// Takes in one line of stderr of `-loglevel repeat+level+info`.
    pub fn hear(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("[ebur128@") {
            self.in_mono = rest.starts_with("mono");
            if let Some(t) = rest.split(" t: ").nth(1).and_then(first_number) {
                self.now = Seconds::from_f64(t);
            }
        } else if line.starts_with("[silencedetect") {
            self.hear_silence(line);
        } else if line.starts_with(' ') {
            self.hear_summary(line.trim_start());
        } else {
            self.hear_complaint(line);
        }
    }

    /// `    I:         -18.8 LUFS` and `    Peak:        0.0 dBFS` of a summary.
    fn hear_summary(&mut self, line: &str) {
        let level = if self.in_mono { &mut self.mono } else { &mut self.all };
        let value = |rest: &str| first_number(rest).map(Hundredths::from_f64);
        if let Some(lufs) = line.strip_prefix("I:").and_then(value) {
            level.lufs = lufs;
        } else if let Some(peak) = line.strip_prefix("Peak:").and_then(value) {
            level.peak = peak;
        }
    }

    fn hear_silence(&mut self, line: &str) {
        let after = |key: &str| line.split(key).nth(1).and_then(first_number).map(Seconds::from_f64);
        if let Some(from) = after("silence_start: ") {
            self.silences.push(Silence { from, to: None });
        } else if let (Some(to), Some(last)) = (after("silence_end: "), self.silences.last_mut()) {
            last.to = Some(to);
        }
    }

    fn hear_complaint(&mut self, line: &str) {
        let error = line.contains("[error]") || line.contains("[fatal]");
        let words = line.rsplit("] ").next().unwrap_or(line);
        if error && self.errors.len() < 20 {
            self.errors.push(words.to_owned());
        }
        if words.starts_with("Packet corrupt") || words.contains("corrupt input packet in stream") {
            self.partial.get_or_insert((self.now, words.to_owned()));
        } else if (error || line.contains("[warning]")) && is_damage(words) && self.complaint.is_none() {
            self.complaint = Some((self.now, words.to_owned()));
        }
    }
}

/// Words of ffmpeg's decoders and demuxers that mean that sound is missing or wrong. Fitted to 133 files, whole and damaged.
fn is_damage(words: &str) -> bool {
    let words = words.to_lowercase();
    // A padding byte, an odd tag, a time stamp: the sound is whole.
    const HARMLESS: [&str; 5] = [
        "ignoring maximum wav data size",
        "discarding id3",
        "invalid return value",
        "timestamps are unset",
        "skipping",
    ];
    const BAD: [&str; 11] = [
        "invalid",
        "missing",
        "error",
        "corrupt",
        "truncat",
        "overread",
        "mismatch",
        "concealing",
        "damaged",
        "end of file",
        "partial file",
    ];
    BAD.iter().any(|b| words.contains(b)) && !HARMLESS.iter().any(|h| words.contains(h))
}

fn first_number(s: &str) -> Option<f64> {
    let word = s.split_whitespace().next()?;
    match word {
        "-inf" => Some(f64::NEG_INFINITY),
        "nan" | "-nan" => None,
        _ => word.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(lines: &str) -> Report {
        let mut report = Report::default();
        lines.lines().for_each(|l| report.hear(l));
        report
    }

    #[test]
    fn the_last_summary_of_each_instance_counts() {
        let got = report(
            "[ebur128@mono @ 0x1] [info] Summary:\n    I:         -70.0 LUFS\n    Peak:       -inf dBFS\n\
             [ebur128@mono @ 0x2] [info] Summary:\n    I:         -18.8 LUFS\n    Threshold: -28.8 LUFS\n    Peak:        0.0 dBFS\n\
             [ebur128@all @ 0x3] [info] Summary:\n    I:         -15.8 LUFS\n",
        );
        assert_eq!(got.mono, Level { lufs: Hundredths(-1880), peak: Hundredths(0) });
        assert_eq!(got.all.lufs, Hundredths(-1580));
    }

    #[test]
    fn a_complaint_carries_the_time_that_was_reached() {
        let got = report(
            "[ebur128@mono @ 0x1] [info] t: 4.89998    TARGET:-23 LUFS    M: -20.1 S: -18.6     I: -18.3 LUFS\n\
             [mp3float @ 0x2] [error] Header missing\n\
             [error] Error while decoding stream #0:0: Invalid data found when processing input\n",
        );
        assert_eq!(got.complaint, Some((Seconds(4900), "Header missing".to_owned())));
        assert_eq!(got.errors.len(), 2);
    }

    #[test]
    fn silence_at_the_end_has_no_end() {
        let got = report(
            "[silencedetect @ 0x1] [info] silence_start: 0\n\
             [silencedetect @ 0x1] [info] silence_end: 5.02 | silence_duration: 5.02\n\
             [silencedetect @ 0x1] [info] silence_start: 60.5\n",
        );
        let first = Silence { from: Seconds(0), to: Some(Seconds(5020)) };
        assert_eq!(got.silences, [first, Silence { from: Seconds(60_500), to: None }]);
    }
}
