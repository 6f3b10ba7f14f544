//! Reads the folder of a log for whoever judges or shows it. Holds one line at a time, and never writes.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use super::{
    canon,
    chain::Head,
    findings::Findings,
    key::Verifying,
    record::Record,
    segment::{self, SegmentName},
    verify::{self, Expect, Verifier},
};
use crate::digest::Digest;

/// What is known beside the log itself.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Whose log it has to be.
    pub expect: Expect,
    /// Keys that sign receipts, if they are known.
    pub receipt_keys: Option<Vec<Verifying>>,
    /// The log may begin anywhere: for showing what is left of a pruned one, without proof of what is gone.
    pub any_start: bool,
    /// A file of receipts beside those in the folder: its name and content.
    pub receipt: Option<(String, Vec<u8>)>,
}

/// A file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}")]
pub struct Unreadable {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub why: io::Error,
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Unreadable + '_ {
    move |why| Unreadable { path: path.to_owned(), why }
}

/// Judges the log in `dir` by docs/asrun.md; each line is shown to `each` as well, good or not, with its place.
pub fn folder(
    dir: &Path,
    known: Known,
    mut each: impl FnMut(&str, u64, &[u8]),
) -> Result<Findings, Unreadable> {
    let any_start = known.any_start;
    let mut verifier = begin(dir, known)?;
    let names = segment_files(dir).map_err(at(dir))?;
    let first = names.first().and_then(|n| n.to_string_lossy().parse::<SegmentName>().ok());
    if let Some(first) = first.filter(|n| any_start && n.first > 1) {
        verifier = verifier.anywhere(first.first);
    }
    for name in names {
        let path = dir.join(&name);
        let reader = BufReader::new(File::open(&path).map_err(at(&path))?);
        segment_of(&mut verifier, &name.to_string_lossy(), reader, &mut each).map_err(at(&path))?;
    }
    Ok(verifier.finish())
}

/// One segment of a log, wherever it lies; each line is shown to `each` as well.
pub(super) fn segment_of(
    verifier: &mut Verifier,
    name: &str,
    mut reader: impl BufRead,
    each: &mut impl FnMut(&str, u64, &[u8]),
) -> io::Result<()> {
    verifier.segment(name);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let most = canon::MAX_LINE as u64 + 1;
        if (&mut reader).take(most).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let terminated = line.last() == Some(&b'\n');
        if terminated {
            line.pop();
        }
        verifier.line(&line, terminated);
        each(name, number, &line);
    }
    Ok(())
}

/// The verifier, with all receipts read.
fn begin(dir: &Path, known: Known) -> Result<Verifier, Unreadable> {
    let path = dir.join(segment::RECEIPTS);
    let beside = match fs::read(&path) {
        Ok(content) => content,
        Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(at(&path)(e)),
    };
    Ok(with_receipts(&beside, known))
}

/// A verifier that has read the receipts beside a log and those given.
pub(super) fn with_receipts(beside: &[u8], known: Known) -> Verifier {
    let keys = known.receipt_keys.as_deref();
    let held = verify::receipts(segment::RECEIPTS, beside, keys, true).and_then(|mut held| {
        if let Some((name, content)) = &known.receipt {
            held.extend(verify::receipts(name, content, keys, false)?);
        }
        Ok(held)
    });
    match held {
        Ok(held) => Verifier::new(known.expect, held),
        Err(bad) => {
            let mut verifier = Verifier::new(known.expect, Vec::new());
            verifier.refuse(bad);
            verifier
        }
    }
}

/// The key that lies beside a log, if one does.
pub fn enclosed(dir: &Path) -> Expect {
    Verifying::load(&dir.join(segment::PUBLIC_KEY)).map_or(Expect::Anyone, Expect::Enclosed)
}

fn segment_files(dir: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if segment::is_segment(&entry.file_name().to_string_lossy()) && !entry.path().is_dir() {
            names.push(entry.file_name());
        }
    }
    names.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
    Ok(names)
}

/// The terminated lines of a segment, without their newlines; an unterminated last one is left out.
pub fn whole_lines(path: &Path) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>>> {
    let mut reader = BufReader::new(File::open(path)?);
    Ok(std::iter::from_fn(move || {
        let mut line = Vec::new();
        match (&mut reader).take(canon::MAX_LINE as u64 + 1).read_until(b'\n', &mut line) {
            Err(e) => Some(Err(e)),
            Ok(_) => (line.pop() == Some(b'\n')).then_some(Ok(line)),
        }
    }))
}

/// The readable records of a segment.
pub fn records(path: &Path) -> io::Result<impl Iterator<Item = io::Result<Record>>> {
    Ok(whole_lines(path)?.filter_map(|line| line.map(|l| Record::read(&l)).transpose()))
}

/// The head after the last whole line of a segment.
pub fn last_head(path: &Path) -> io::Result<Option<Head>> {
    let mut last = None;
    for line in whole_lines(path)? {
        last = Some(line?);
    }
    Ok(last.and_then(|line| Some(Head { seq: Record::read(&line)?.seq, hash: Digest::of(&line) })))
}
