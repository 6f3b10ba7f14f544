//! Whether a decoded recording is accepted, and what is to be said about it. Pure.
//!
//! Damage is judged by these rules and not by ffmpeg's `-xerror`, which refuses good streamed WAVs and takes cut mp3s:
//! sound there, one track of it; the container whole (`container/`); exit 0, not empty; no decoder said invalid, missing,
//! error, corrupt; the length within 0.3 s of what the file claims, unless that is an estimate.

use super::{
    container::Finding,
    decode::Decoded,
    fault::{End, ImportFault, Look},
    limits::{Limits, Trim},
    loudness,
    measure::{Report, Silence},
    outcome::{Seconds, Warning},
    probe::Probe,
};

/// How far the length found may be from the length claimed, in milliseconds: encoders pad by up to 0.1 s.
const LENGTH_MS: u64 = 300;
/// Quieter in one channel than in two by so much: refused, and named, in hundredths of LU. Equal channels differ by 3 LU,
/// unrelated ones and a dead one by 6.
const VANISHES: i32 = 1500;
const WEAK: i32 = 900;

/// What an accepted recording is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub warnings: Vec<Warning>,
    /// Silence to cut off at the start and at the end.
    pub cut: (Seconds, Seconds),
}

/// Accepts or refuses.
pub(super) fn judge(
    probe: &Probe,
    finding: Option<Finding>,
    got: &Decoded,
    limits: &Limits,
    trim: Trim,
) -> Result<Verdict, ImportFault> {
    let length = Seconds::of(got.frames);
    let most = Seconds(u64::from(limits.longest_s) * 1000);
    if length > most {
        return Err(ImportFault::TooLong(probe.declared.unwrap_or(length).max(length), most));
    }
    whole(probe, finding, got, length)?;
    loud_enough(probe, &got.report, length)?;
    let ends = Ends::of(&got.report.silences, length);
    let mut warnings = warnings(probe, finding, &got.report);
    let cut = silence(&ends, limits, trim, &mut warnings)?;
    Ok(Verdict { warnings, cut })
}

fn whole(probe: &Probe, finding: Option<Finding>, got: &Decoded, length: Seconds) -> Result<(), ImportFault> {
    let cut = |declared, bytes| Err(ImportFault::CutShort { declared, decoded: Some(length), bytes });
    let longer = |declared: &Seconds| declared.0 > length.0 + LENGTH_MS;
    // What was cut may claim only what is left.
    let claimed = probe.declared.filter(longer);
    match finding {
        Some(Finding::Joined(n)) => return Err(ImportFault::Joined(n)),
        Some(Finding::Cut) => return cut(claimed, None),
        Some(Finding::CutBytes(want, have)) => return cut(claimed, Some((want, have))),
        Some(Finding::CutSeconds(seconds)) => return cut(Some(seconds), None),
        Some(Finding::LengthUnstated) | None => {}
    }
    // The last packet of a whole WAV may be short; its own check has looked at the end.
    let partial = got.report.partial.as_ref().filter(|_| probe.format != "wav");
    if let Some((at, said)) = got.report.complaint.as_ref().or(partial) {
        let at_end = at.0 + 1000 >= length.0;
        if at_end && claimed.is_some() {
            return cut(claimed, None);
        }
        return Err(ImportFault::Damaged(Some(*at), said.clone()));
    }
    if got.frames.0 == 0 {
        return Err(ImportFault::NotSound(Look::Unknown));
    }
    if !got.status.success() {
        let said = got.report.errors.first().cloned().unwrap_or_else(|| got.status.to_string());
        return Err(ImportFault::Damaged(None, said));
    }
    match probe.declared {
        Some(declared) if longer(&declared) => cut(claimed, None),
        Some(declared) if length.0 > declared.0 + LENGTH_MS => Err(ImportFault::Longer(declared, length)),
        _ => Ok(()),
    }
}

fn loud_enough(probe: &Probe, report: &Report, length: Seconds) -> Result<(), ImportFault> {
    if length.0 < 400 {
        return Err(ImportFault::TooShort(length));
    }
    let (mono, all) = (report.mono.lufs, report.all.lufs);
    if probe.channels == 2 && all > loudness::NEARLY_SILENT && all.0 - mono.0 >= VANISHES {
        Err(ImportFault::AntiPhase(all, mono))
    } else if mono <= loudness::SILENT {
        Err(ImportFault::Silent)
    } else if mono < loudness::NEARLY_SILENT {
        Err(ImportFault::NearlySilent(mono))
    } else {
        Ok(())
    }
}

fn warnings(probe: &Probe, finding: Option<Finding>, report: &Report) -> Vec<Warning> {
    let mut out = Vec::new();
    if finding == Some(Finding::LengthUnstated) || probe.declared.is_none() {
        out.push(Warning::LengthUnstated);
    }
    let (mono, weaker) = (report.mono, report.all.lufs.0 - report.mono.lufs.0);
    if probe.channels == 2 && weaker >= WEAK {
        out.push(Warning::WeakInMono(weaker));
    }
    // Overdriven: far over full scale, or as loud as only clipping makes it.
    if mono.peak.0 > 50 || mono.lufs.0 > -900 {
        out.push(Warning::Hot(mono.peak.0));
    }
    if mono.lufs.0 < -3500 {
        out.push(Warning::Quiet(mono.lufs.0));
    }
    out
}

/// Silence at both ends, and the pauses between, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Ends {
    head: Seconds,
    tail: Seconds,
    pauses: Vec<(Seconds, Seconds)>,
}

impl Ends {
    fn of(silences: &[Silence], length: Seconds) -> Self {
        let mut ends = Self::default();
        for silence in silences {
            let to = silence.to.unwrap_or(length).min(length);
            let span = Seconds(to.0.saturating_sub(silence.from.0));
            if silence.from.0 < 50 {
                ends.head = span;
            } else if to.0 + 50 >= length.0 {
                ends.tail = span;
            } else {
                ends.pauses.push((silence.from, span));
            }
        }
        ends
    }
}

fn silence(
    ends: &Ends,
    limits: &Limits,
    trim: Trim,
    warnings: &mut Vec<Warning>,
) -> Result<(Seconds, Seconds), ImportFault> {
    let (named, most) = (Seconds(limits.named_silence_ms), Seconds(limits.most_silence_ms));
    if ends.head > named {
        warnings.push(Warning::LeadingSilence(ends.head));
    }
    if ends.tail > named {
        warnings.push(Warning::TrailingSilence(ends.tail));
    }
    warnings.extend(ends.pauses.iter().filter(|p| p.1 > most).map(|p| Warning::Pause(p.0, p.1)));
    if trim == Trim::Ends {
        let cut = |s: Seconds| Seconds(s.0.saturating_sub(limits.pad_ms));
        let cut = (cut(ends.head), cut(ends.tail));
        if cut != (Seconds(0), Seconds(0)) {
            warnings.push(Warning::Trimmed(cut.0, cut.1));
        }
        return Ok(cut);
    }
    if ends.head > most {
        return Err(ImportFault::SilentEnd(End::Start, ends.head, most));
    }
    if ends.tail > most {
        return Err(ImportFault::SilentEnd(End::Finish, ends.tail, most));
    }
    Ok((Seconds(0), Seconds(0)))
}
