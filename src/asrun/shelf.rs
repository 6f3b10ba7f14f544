//! The folder of a log: what lies in it, and how it is made ready for the writer.

use std::{
    collections::BTreeSet,
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use super::{
    canon,
    chain::Head,
    findings::Fault,
    inspect::{last_head, records, whole_lines},
    journal::{Current, JournalError, Session},
    key::{LogKey, Verifying},
    record::{Body, Boot, Continues},
    recover::Recovered,
    segment::{self, SegmentName},
    verify::{Expect, Verifier},
};
use crate::{digest::Digest, durable, ids::StationId, lock::Held, text::Text};

/// What [`prepare`] found.
pub(super) struct Prepared {
    pub head: Head,
    pub current: Option<Current>,
    pub recovered: Recovered,
    pub continues: Option<Continues>,
}

/// Two writers of one log are refused, for as long as the returned handle lives. Leaves no file behind.
pub(super) fn lock(dir: &Path) -> Result<Held, JournalError> {
    let handle = File::open(dir).map_err(JournalError::io(dir))?;
    Held::take(handle).map_err(|e| match e {
        TryLockError::WouldBlock => JournalError::Locked(dir.to_owned()),
        TryLockError::Error(why) => JournalError::Io { path: dir.to_owned(), why },
    })
}

/// The segments of the log in `dir`, in the order of lines. Badly named ones are left out; `verify` names them.
pub fn segments(dir: &Path) -> io::Result<Vec<SegmentName>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        if let Ok(name) = entry?.file_name().to_string_lossy().parse() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Makes the folder ready: another key's log set aside, unfinished files and the torn tail gone, the newest segment
/// verified.
pub(super) fn prepare(dir: &Path, key: &LogKey, session: &Session) -> Result<Prepared, JournalError> {
    let failed = || JournalError::io(dir);
    durable::sweep(dir).map_err(failed())?;
    if let Some(old) = log_of(dir).map_err(failed())?.filter(|old| *old != key.id()) {
        set_aside(dir, &old).map_err(failed())?;
    }
    publish_key(dir, key).map_err(failed())?;
    remove_never_begun(dir).map_err(failed())?;
    let (mut cut, mut newest) = (0, None);
    let mut names = segments(dir).map_err(failed())?;
    while let Some(name) = names.pop() {
        let path = dir.join(name.to_string());
        let found = cut_tail(&path).map_err(JournalError::io(&path))?;
        cut += found.cut;
        if found.len > 0 {
            newest = Some((name, found));
            break;
        }
        durable::remove(&path).map_err(JournalError::io(&path))?;
    }
    let Some((name, tail)) = newest else {
        let continues = predecessor(dir).map_err(failed())?;
        let mut recovered = recover(dir, continues.as_ref(), session).map_err(failed())?;
        recovered.cut = cut;
        return Ok(Prepared { head: Head::START, current: None, recovered, continues });
    };
    let head = check_newest(dir, name, names.last(), key, &session.station)?;
    let mut recovered = recover(dir, None, session).map_err(failed())?;
    recovered.cut = cut;
    let current = Some(Current::found(name, tail.file, tail.len));
    Ok(Prepared { head, current, recovered, continues: None })
}

/// Verifies the newest segment, and that it follows the one before it. One signature is enough, the last one: it covers
/// the hash of the line before, and so on back.
fn check_newest(
    dir: &Path,
    name: SegmentName,
    before: Option<&SegmentName>,
    key: &LogKey,
    station: &StationId,
) -> Result<Head, JournalError> {
    let verifier = Verifier::new(Expect::Anyone, Vec::new()).of(key.id(), station.clone());
    let mut verifier = match before {
        Some(before) => {
            let path = dir.join(before.to_string());
            verifier.after(last_head(&path).map_err(JournalError::io(&path))?.unwrap_or(Head::START))
        }
        None if name.first > 1 => verifier.anywhere(name.first),
        None => verifier,
    };
    let path = dir.join(name.to_string());
    verifier.segment(&name.to_string());
    let (mut last, mut count) = (Vec::new(), 0);
    for line in whole_lines(&path).map_err(JournalError::io(&path))? {
        last = line.map_err(JournalError::io(&path))?;
        count += 1;
        verifier.line(&last, true);
    }
    let findings = verifier.finish();
    let broken =
        |place, text: Text| JournalError::Broken { dir: dir.to_owned(), place, why: text.en.clone(), text };
    let is_signed = |public: Verifying| canon::split(&last).is_some_and(|(b, sig)| public.verify(b, &sig));
    match (findings.bad, findings.last) {
        (None, Some(head)) if Verifying::new(key.public()).is_some_and(is_signed) => Ok(head),
        (None, Some(_)) => Err(broken(format!("{name}:{count}"), Fault::Signature.text())),
        (None, None) => Err(broken(name.to_string(), Fault::NoLog.text())),
        (Some(bad), _) => Err(broken(bad.spot.place(), bad.why.text())),
    }
}

/// A segment that a failing disk let be made but not written, with another of the same number after it.
fn remove_never_begun(dir: &Path) -> io::Result<()> {
    let names = segments(dir)?;
    for pair in names.windows(2).filter(|pair| pair[0].first == pair[1].first) {
        let path = dir.join(pair[0].to_string());
        if fs::metadata(&path)?.len() == 0 {
            durable::remove(&path)?;
        }
    }
    Ok(())
}

fn publish_key(dir: &Path, key: &LogKey) -> io::Result<()> {
    let path = dir.join(segment::PUBLIC_KEY);
    let Some(public) = Verifying::new(key.public()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    if fs::read(&path).is_ok_and(|held| held == public.pem().as_bytes()) {
        return Ok(());
    }
    durable::replace(&path, public.pem().as_bytes())
}

/// The id of the log that lies in `dir`: by its public key, else by its first boot record.
fn log_of(dir: &Path) -> io::Result<Option<Digest>> {
    if let Ok(key) = Verifying::load(&dir.join(segment::PUBLIC_KEY)) {
        return Ok(Some(key.id()));
    }
    for name in segments(dir)? {
        for record in records(&dir.join(name.to_string()))? {
            if let Some(Body::Boot(boot)) = record?.body {
                return Ok(Some(boot.log));
            }
        }
    }
    Ok(None)
}

/// Moves the log in `dir` to `dir/<its id>/`. The public key goes last: until then a crash leaves the rest to the
/// next start.
fn set_aside(dir: &Path, old: &Digest) -> io::Result<()> {
    let aside = dir.join(old.to_string());
    durable::create_dir(&aside)?;
    for name in segments(dir)? {
        let name = name.to_string();
        durable::relocate(&dir.join(&name), &aside.join(&name))?;
    }
    for name in [segment::RECEIPTS, segment::PUBLIC_KEY] {
        if dir.join(name).exists() {
            durable::relocate(&dir.join(name), &aside.join(name))?;
        }
    }
    Ok(())
}

/// Folders of older logs in `dir`, by log id.
pub fn older_logs(dir: &Path) -> io::Result<Vec<(Digest, PathBuf)>> {
    let mut logs = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if let Ok(id) = entry.file_name().to_string_lossy().parse()
            && entry.file_type()?.is_dir()
        {
            logs.push((id, entry.path()));
        }
    }
    logs.sort();
    Ok(logs)
}

/// The end of the older log that no other one continues.
fn predecessor(dir: &Path) -> io::Result<Option<Continues>> {
    let mut ends = Vec::new();
    let mut continued = Vec::new();
    for (log, path) in older_logs(dir)? {
        let names = segments(&path)?;
        let Some(last) = names.last() else { continue };
        continued.extend(first_boot(&path)?.and_then(|boot| boot.continues).map(|c| c.log));
        let path = path.join(last.to_string());
        if let (Some(head), Some(record)) = (last_head(&path)?, records(&path)?.last().transpose()?) {
            ends.push((record.at, Continues { log, seq: head.seq, hash: head.hash }));
        }
    }
    ends.retain(|(_, c)| !continued.contains(&c.log));
    ends.sort_by_key(|(at, _)| *at);
    Ok(ends.pop().map(|(_, c)| c))
}

/// The boot record that the log in `dir` begins with, if it does.
fn first_boot(dir: &Path) -> io::Result<Option<Boot>> {
    let Some(first) = segments(dir)?.into_iter().next() else { return Ok(None) };
    let first = records(&dir.join(first.to_string()))?.next().transpose()?;
    Ok(first.and_then(|record| if let Some(Body::Boot(boot)) = record.body { Some(boot) } else { None }))
}

/// Reads what a restart must know. Of the logs of this station that this one continues (`continues`, where it has no line
/// yet) that is what was begun and done, and who holds the PA: a lost key is no reason to play anything again. Months are
/// counted, not compared: a clock that was wrong for a while put some lines into a month of long ago or far ahead.
fn recover(dir: &Path, continues: Option<&Continues>, session: &Session) -> io::Result<Recovered> {
    let most = session.horizon.num_days().max(0) / 28 + 2;
    let (mut months, mut paths, mut seen) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    let (mut folder, mut own) = (Some(dir.to_owned()), 0);
    while let Some(log) = folder.take() {
        for name in segments(&log)?.into_iter().rev() {
            months.insert(name.month);
            if months.len() as i64 > most {
                break;
            }
            paths.push(log.join(name.to_string()));
        }
        own = if seen.is_empty() { paths.len() } else { own };
        let begun_after = first_boot(&log)?.and_then(|boot| boot.continues);
        let before = begun_after.or(continues.filter(|_| seen.is_empty()).cloned());
        let older = before.filter(|c| months.len() as i64 <= most && seen.insert(c.log));
        let older = older.map(|c| dir.join(c.log.to_string())).filter(|path| path.is_dir());
        if let Some(path) = older
            && first_boot(&path)?.is_none_or(|boot| boot.station == session.station)
        {
            folder = Some(path);
        }
    }
    let mut recovered = Recovered::default();
    let (own, older) = paths.split_at(own);
    for path in older.iter().rev() {
        for record in records(path)? {
            recovered.take(record?);
        }
    }
    recovered = recovered.for_another_log();
    for path in own.iter().rev() {
        for record in records(path)? {
            recovered.take(record?);
        }
    }
    Ok(recovered)
}

struct Tail {
    file: File,
    len: u64,
    cut: u64,
}

/// Cuts an unterminated last line. A last line with NUL bytes is what some file systems make of one. Whatever else
/// may be wrong stays for `verify` to name.
fn cut_tail(path: &Path) -> io::Result<Tail> {
    let file = OpenOptions::new().append(true).read(true).open(path)?;
    let found = file.metadata()?.len();
    let mut len = end_of_line(&file, found)?;
    let start = end_of_line(&file, len.saturating_sub(1))?;
    if has_nul(&file, start, len)? {
        len = start;
    }
    if found > len {
        durable::cut(&file, len)?;
    }
    Ok(Tail { file, len, cut: found - len })
}

/// The offset after the last newline before `end`; 0 if there is none.
fn end_of_line(file: &File, end: u64) -> io::Result<u64> {
    let mut chunk = [0; 4096];
    let mut to = end;
    while to > 0 {
        let from = to.saturating_sub(chunk.len() as u64);
        let piece = &mut chunk[..(to - from) as usize];
        file.read_exact_at(piece, from)?;
        if let Some(at) = piece.iter().rposition(|b| *b == b'\n') {
            return Ok(from + at as u64 + 1);
        }
        to = from;
    }
    Ok(0)
}

fn has_nul(file: &File, from: u64, to: u64) -> io::Result<bool> {
    let mut chunk = [0; 4096];
    let mut at = from;
    while at < to {
        let piece = &mut chunk[..(to - at).min(4096) as usize];
        file.read_exact_at(piece, at)?;
        if piece.contains(&0) {
            return Ok(true);
        }
        at += piece.len() as u64;
    }
    Ok(false)
}

/// Keeps the newest receipt beside the log; it covers all that older ones do. `line` has been verified.
pub fn keep_receipt(dir: &Path, line: &[u8]) -> io::Result<()> {
    let mut text = line.to_vec();
    text.push(b'\n');
    durable::replace(&dir.join(segment::RECEIPTS), &text)
}
