//! From raw samples to the canonical form: encode, decode what was made, measure it, correct, until it fits.

use std::path::{Path, PathBuf};

use super::{
    child::{self, Said},
    container::{Input, ogg},
    decode::{ADENORM, told_progress},
    fault::ImportFault,
    limits::Limits,
    loudness::{self, Try},
    measure::{Level, Report},
    outcome::{Hundredths, Seconds},
    tools::Tools,
};
use crate::bulletin::Frames;

/// What is encoded: a part of a file of raw samples.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub raw: PathBuf,
    pub from: Frames,
    pub to: Frames,
}

/// A canonical file that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub frames: Frames,
    pub level: Level,
    pub rounds: u32,
}

/// Makes `goal`. `told` gets the round and how much of it is done, in permille.
pub(super) async fn encode(
    tools: &Tools,
    limits: &Limits,
    part: &Part,
    source: Hundredths,
    goal: &Path,
    cwd: &Path,
    told: &mut (dyn FnMut(u32, u16) + Send),
) -> Result<Made, ImportFault> {
    let want = Frames(part.to.0.saturating_sub(part.from.0));
    let length = Seconds::of(want).0.max(1);
    let mut tried: Vec<(Try, Level)> = Vec::new();
    let mut next = Try::first(source);
    for round in 1..=loudness::ROUNDS {
        // Encoding takes about two thirds of a round.
        let mut at = |done: Seconds, share: u64, base: u64| {
            told(round, (base + (done.0.min(length) * share) / length).min(1000) as u16);
        };
        once(tools, limits, part, next, goal, cwd, &mut |done| at(done, 650, 0)).await?;
        let level = measure(tools, limits, goal, cwd, &mut |done| at(done, 350, 650)).await?;
        tried.push((next, level));
        if loudness::fits(level) {
            let frames = frames_of(goal)?;
            if frames != want {
                let what = format!("{} frames instead of {}", frames.0, want.0);
                return Err(ImportFault::Machine("encode", std::io::Error::other(what)));
            }
            return Ok(Made { frames, level, rounds: round });
        }
        match loudness::next(&tried) {
            Some(then) => next = then,
            None => break,
        }
    }
    let last = tried.last().map(|t| t.1).unwrap_or_default();
    Err(ImportFault::Unsteady(last.lufs, last.peak))
}

async fn once(
    tools: &Tools,
    limits: &Limits,
    part: &Part,
    with: Try,
    goal: &Path,
    cwd: &Path,
    told: &mut (dyn FnMut(Seconds) + Send),
) -> Result<(), ImportFault> {
    let mono = "aformat=sample_fmts=flt:channel_layouts=mono";
    let filters = format!(
        "atrim=start_sample={}:end_sample={},asetpts=PTS-STARTPTS,volume={:.3}dB:precision=float,\
         alimiter=limit={:.6}:attack=2:release=10:level=disabled:latency=1,{mono}",
        part.from.0,
        part.to.0,
        with.gain,
        with.limit_linear(),
    );
    let mut command = ffmpeg(tools, limits, cwd);
    command
        .args(["-protocol_whitelist", "file", "-format_whitelist", "f32le"])
        .args(["-f", "f32le", "-ar", "48000", "-ac", "1", "-i"])
        .arg(&part.raw)
        .args(["-map", "0:a:0", "-af", &filters])
        // voip would lose a fifth of the likeness; more bits win nothing for speech.
        .args([
            "-c:a",
            "libopus",
            "-b:a",
            "32k",
            "-vbr",
            "on",
            "-application",
            "audio",
            "-frame_duration",
            "20",
        ])
        .args(["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-f", "ogg"])
        .arg(goal);
    let report = run(command, limits, "encode", told).await?;
    match report.errors.first() {
        Some(said) => Err(ImportFault::Machine("encode", std::io::Error::other(said.clone()))),
        None => Ok(()),
    }
}

/// Loudness and true peak of a canonical file, decoded.
async fn measure(
    tools: &Tools,
    limits: &Limits,
    file: &Path,
    cwd: &Path,
    told: &mut (dyn FnMut(Seconds) + Send),
) -> Result<Level, ImportFault> {
    let mut command = ffmpeg(tools, limits, cwd);
    command
        .args(["-protocol_whitelist", "file", "-format_whitelist", "ogg", "-i"])
        .arg(file)
        .args(["-map", "0:a:0", "-af", &format!("{ADENORM},ebur128@mono=peak=true:framelog=verbose")])
        .args(["-f", "null", "-"]);
    Ok(run(command, limits, "measure", told).await?.mono)
}

fn ffmpeg(tools: &Tools, limits: &Limits, cwd: &Path) -> tokio::process::Command {
    let mut command = tools.bounded(&tools.ffmpeg, limits, cwd);
    command.args(["-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+level+info", "-y"]);
    command.args(["-progress", "pipe:1"]);
    command
}

/// These files are our own: when ffmpeg fails, the computer failed.
async fn run(
    command: tokio::process::Command,
    limits: &Limits,
    doing: &'static str,
    told: &mut (dyn FnMut(Seconds) + Send),
) -> Result<Report, ImportFault> {
    let mut report = Report::default();
    let status = child::run(command, limits, &mut |said| match said {
        Said::Err(line) => report.hear(line),
        Said::Out(line) => told_progress(line, told),
    })
    .await?;
    if status.success() {
        return Ok(report);
    }
    let said = report.errors.first().cloned().unwrap_or_else(|| status.to_string());
    Err(ImportFault::Machine(doing, std::io::Error::other(said)))
}

/// The exact length of a canonical file when decoded (RFC 7845 §4.5): the last granule position less the pre-skip.
fn frames_of(file: &Path) -> Result<Frames, ImportFault> {
    let pages = Input::open(file)
        .and_then(|mut input| ogg::walk(&mut input))
        .map_err(|e| ImportFault::Machine("read back", e))?;
    match (pages.pre_skip, pages.ended && pages.chained == 0) {
        (Some(skip), true) => Ok(Frames(pages.granule.saturating_sub(u64::from(skip)))),
        _ => Err(ImportFault::Machine("read back", std::io::Error::other("not one whole Opus stream"))),
    }
}
