//! One recording from end to end.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use super::{
    container::{self, Finding},
    decode::decode,
    encode::{Part, encode},
    fault::{ImportFault, Look},
    judge::judge,
    limits::Options,
    look,
    outcome::{Imported, Progress, Seconds, Stage},
    probe::{Probe, probe},
    store::{self, Store, Work},
    tools::Tools,
};
use crate::{bulletin::Frames, digest::Digest};

/// Makes the canonical form of `source` in `store` and keeps the original there, or says why not. `told` is called at every
/// step of progress. Dropping the future (Ctrl-C) kills the child and leaves nothing behind.
///
/// The same bytes with the same options give the same canonical bytes on one version of ffmpeg, whatever the file is called.
///
/// # Errors
/// [`ImportFault`]: about the recording or, by [`ImportFault::is_machine`], about the computer.
pub async fn import(
    tools: &Tools,
    source: &Path,
    store: &Store,
    options: Options,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<Imported, ImportFault> {
    let limits = &options.limits;
    let work = store.work().map_err(|e| ImportFault::Machine("make a work folder", e))?;
    let copy = work.file("source");
    let original_sha256 = take_in(source, &copy, limits.bytes, told)?;

    let head = head(&copy).map_err(|e| ImportFault::Machine("read", e))?;
    if let Some(look) = look::definite(&head) {
        return Err(ImportFault::NotSound(look));
    }
    let probe = probe(tools, limits, &copy, &work.cwd()).await?;
    let finding = container::check(&copy, &probe.format).map_err(|e| ImportFault::Machine("read", e))?;
    recognised(&probe, finding, &head)?;

    let raw = work.file("samples.f32");
    let expected = probe.declared.unwrap_or_default().0;
    let mut at = |done: Seconds| {
        let permille = (done.0 * 1000).checked_div(expected).unwrap_or(0).min(1000) as u16;
        told(Progress { stage: Stage::Decode, permille });
    };
    let decoded = decode(tools, limits, &copy, &raw, &work.cwd(), &mut at).await?;
    let verdict = judge(&probe, finding, &decoded, limits, options.trim)?;

    let from = verdict.cut.0.frames();
    let part = Part { raw, from, to: Frames(decoded.frames.0.saturating_sub(verdict.cut.1.frames().0)) };
    let goal = work.file("canonical.opus");
    let mut at = |round, permille| told(Progress { stage: Stage::Encode(round), permille });
    let level = decoded.report.mono;
    let made = encode(tools, limits, &part, level.lufs, &goal, &work.cwd(), &mut at).await?;

    let (sha256, length) =
        keep(&work, store, &original_sha256).map_err(|e| ImportFault::Machine("keep", e))?;
    Ok(Imported {
        canonical: store.canonical(&sha256),
        sha256,
        length,
        frames: made.frames,
        loudness_clufs: made.level.lufs.0,
        true_peak_cdb: made.level.peak.0,
        rounds: made.rounds,
        original: store.original(&original_sha256),
        original_sha256,
        format: format!("{} ({})", first(&probe.format), probe.sounds.join(", ")),
        source_loudness_clufs: level.lufs.0,
        source_true_peak_cdb: level.peak.0,
        declared: probe.declared,
        decoded: Seconds::of(decoded.frames),
        warnings: verdict.warnings,
    })
}

/// Copies `source` to `copy` and hashes it: from here on nobody can change it, and its name plays no part.
fn take_in(
    source: &Path,
    copy: &Path,
    most: u64,
    told: &mut (dyn FnMut(Progress) + Send),
) -> Result<Digest, ImportFault> {
    let reading = |e| ImportFault::Machine("read the recording", e);
    // Before opening: a pipe would wait for ever.
    let about = fs::metadata(source).map_err(reading)?;
    if !about.is_file() {
        return Err(ImportFault::NotAFile);
    }
    if about.len() > most {
        return Err(ImportFault::TooBig(about.len(), most));
    }
    let mut from = File::open(source).map_err(reading)?.take(most + 1);
    let mut to = File::create_new(copy).map_err(|e| ImportFault::Machine("make a copy", e))?;
    let len = about.len().max(1);
    let mut at = |done: u64| {
        told(Progress { stage: Stage::Copy, permille: (done.min(len) * 1000 / len) as u16 });
    };
    let (digest, bytes) =
        store::copy(&mut from, &mut to, &mut at).map_err(|e| ImportFault::Machine("make a copy", e))?;
    if bytes > most {
        return Err(ImportFault::TooBig(bytes, most));
    }
    Ok(digest)
}

/// Refuses what ffprobe could not open or found no sound in.
fn recognised(probe: &Probe, finding: Option<Finding>, head: &[u8]) -> Result<(), ImportFault> {
    match (probe.format.is_empty(), probe.sounds.len(), finding) {
        (true, _, Some(Finding::CutBytes(want, have))) => {
            Err(ImportFault::CutShort { declared: None, decoded: None, bytes: Some((want, have)) })
        }
        (true, _, Some(Finding::Cut | Finding::CutSeconds(_))) => {
            Err(ImportFault::CutShort { declared: None, decoded: None, bytes: None })
        }
        (true, _, _) => Err(ImportFault::NotSound(look::guess(head))),
        (false, 0, _) if look::guess(head) == Look::TagOnly => Err(ImportFault::NotSound(Look::TagOnly)),
        (false, 0, _) => Err(ImportFault::NoSound),
        (false, 1, _) => Ok(()),
        (false, n, _) => Err(ImportFault::SeveralTracks(n)),
    }
}

fn head(file: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(file)?.take(look::HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// Both files under their hashes; the hash and length of the canonical one.
fn keep(work: &Work, store: &Store, original: &Digest) -> io::Result<(Digest, u64)> {
    let made = work.file("canonical.opus");
    let (sha256, length) = store::copy(&mut File::open(&made)?, &mut io::sink(), |_| ())?;
    store::keep(&work.file("source"), &store.original(original))?;
    store::keep(&made, &store.canonical(&sha256))?;
    Ok((sha256, length))
}

/// ffmpeg lists all names of a demuxer.
fn first(names: &str) -> &str {
    names.split(',').next().unwrap_or(names)
}
