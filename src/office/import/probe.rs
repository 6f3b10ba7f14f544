//! What a file claims to be: ffprobe's answer.

use std::path::Path;

use serde::Deserialize;

use super::{
    child::{self, Said},
    fault::ImportFault,
    limits::Limits,
    outcome::Seconds,
    tools::{self, Tools},
};

/// The score below which ffmpeg is only guessing (its AVPROBE_SCORE_RETRY).
const SCORE: i64 = 25;
/// Bytes of ffprobe's answer that are kept; a file with thousands of streams is nobody's recording.
const ANSWER: usize = 1 << 20;

/// What ffprobe found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Probe {
    /// Names of the container, such as `mp3` or `mov,mp4,m4a,3gp,3g2,mj2`; empty when it could not be opened.
    pub format: String,
    /// Names of the codecs of its sound streams.
    pub sounds: Vec<String>,
    /// Channels of the first of them.
    pub channels: u32,
    /// Length that the file claims for its sound. None when it claims none, or ffmpeg only estimates.
    pub declared: Option<Seconds>,
    /// What ffprobe warned of.
    pub warnings: Vec<String>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Option<Format>,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
    codec_name: Option<String>,
    channels: Option<u32>,
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Format {
    format_name: String,
    duration: Option<String>,
    probe_score: i64,
}

/// Asks ffprobe. A file that it cannot open gives an empty [`Probe`] with the warnings.
pub(super) async fn probe(
    tools: &Tools,
    limits: &Limits,
    file: &Path,
    cwd: &Path,
) -> Result<Probe, ImportFault> {
    let mut command = tools.bounded(&tools.ffprobe, limits, cwd);
    command.args(["-hide_banner", "-v", "repeat+level+warning"]).args(tools::guarded()).args([
        "-show_entries",
        "stream=codec_type,codec_name,channels,duration:format=format_name,duration,probe_score",
        "-of",
        "json",
    ]);
    command.arg("-i").arg(file);
    let (mut json, mut warnings) = (String::new(), Vec::new());
    child::run(command, limits, &mut |said| match said {
        Said::Out(line) if json.len() < ANSWER => json.push_str(line),
        Said::Err(line) if warnings.len() < 100 => warnings.push(line.to_owned()),
        _ => {}
    })
    .await?;
    // ffprobe ends with 1 and an empty object when it cannot open the file.
    let answer: Answer = serde_json::from_str(&json).unwrap_or(Answer { streams: Vec::new(), format: None });
    Ok(understand(answer, warnings))
}

fn understand(answer: Answer, warnings: Vec<String>) -> Probe {
    let Some(format) = answer.format.filter(|f| f.probe_score >= SCORE) else {
        return Probe { warnings, ..Probe::default() };
    };
    let sounds: Vec<_> = answer.streams.iter().filter(|s| s.codec_type.as_deref() == Some("audio")).collect();
    let number =
        |s: &Option<String>| s.as_ref().and_then(|s| s.parse::<f64>().ok()).filter(|s| s.is_finite());
    let estimated = warnings.iter().any(|w| w.contains("Estimating duration"));
    let length = sounds.first().and_then(|s| number(&s.duration)).or_else(|| number(&format.duration));
    Probe {
        channels: sounds.first().and_then(|s| s.channels).unwrap_or(0),
        declared: length.filter(|_| !estimated).map(Seconds::from_f64),
        sounds: sounds.iter().map(|s| s.codec_name.clone().unwrap_or_default()).collect(),
        format: format.format_name,
        warnings,
    }
}
