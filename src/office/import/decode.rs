//! One pass over the foreign file: to raw samples at 48 kHz in one channel, measured and listened to for damage.

use std::{fs, path::Path, process::ExitStatus};

use super::{
    child::{self, Said},
    fault::{Bound, ImportFault},
    limits::Limits,
    measure::Report,
    outcome::Seconds,
    tools::{self, Tools},
};
use crate::bulletin::Frames;

/// What came of it.
#[derive(Debug)]
pub(super) struct Decoded {
    /// How ffmpeg ended.
    pub status: ExitStatus,
    /// What was measured and complained of.
    pub report: Report,
    /// Samples in the raw file.
    pub frames: Frames,
}

/// See [`decode`].
pub(super) const ADENORM: &str = "adenorm=level=-180:type=square";

/// Decodes `source` to `raw` (32-bit floats, little-endian, mono, 48 kHz), at most a second more than allowed.
/// `told` gets how much is decoded.
pub(super) async fn decode(
    tools: &Tools,
    limits: &Limits,
    source: &Path,
    raw: &Path,
    cwd: &Path,
    told: &mut (dyn FnMut(Seconds) + Send),
) -> Result<Decoded, ImportFault> {
    // Each branch has a resampler of its own: before a shared one, mono here would make mono there. adenorm adds noise at
    // -180 dB, since digital silence makes denormal numbers in ebur128, which then takes 14 times as long.
    let float = "aresample=48000:resampler=soxr,aformat=sample_fmts=flt";
    let graph = format!(
        "[0:a:0]asplit[a][b];\
         [a]{float},{ADENORM},ebur128@all=framelog=verbose,anullsink;\
         [b]{float}:channel_layouts=mono,silencedetect=noise=-60dB:d=0.5,{ADENORM},\
         ebur128@mono=peak=true:framelog=info[mono]"
    );
    let mut command = tools.bounded(&tools.ffmpeg, limits, cwd);
    command
        .args([
            "-hide_banner",
            "-nostdin",
            "-nostats",
            "-loglevel",
            "repeat+level+info",
            "-progress",
            "pipe:1",
        ])
        .args(tools::guarded())
        .args(["-err_detect", "crccheck", "-i"])
        .arg(source)
        .args(["-filter_complex", &graph, "-map", "[mono]", "-vn", "-sn", "-dn", "-c:a", "pcm_f32le"])
        .args(["-t", &(limits.longest_s + 1).to_string(), "-f", "f32le"])
        .arg(raw);
    let mut report = Report::default();
    let status = child::run(command, limits, &mut |said| match said {
        Said::Err(line) => report.hear(line),
        Said::Out(line) => told_progress(line, told),
    })
    .await?;
    if report.errors.iter().any(|e| e.contains("Cannot allocate memory")) {
        return Err(ImportFault::Bound(Bound::Memory));
    }
    if let Some(full) = report.errors.iter().find(|e| e.contains("No space left on device")) {
        return Err(ImportFault::Machine("decode", std::io::Error::other(full.clone())));
    }
    let bytes = fs::metadata(raw).map_or(0, |m| m.len());
    Ok(Decoded { status, report, frames: Frames(bytes / 4) })
}

/// `out_time_us=…` of `-progress`.
pub(super) fn told_progress(line: &str, told: &mut (dyn FnMut(Seconds) + Send)) {
    if let Some(us) = line.strip_prefix("out_time_us=").and_then(|n| n.parse::<u64>().ok()) {
        told(Seconds(us / 1000));
    }
}
