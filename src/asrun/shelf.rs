//! The folder of a log: what lies in it, and how it is made ready for the writer.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use super::{
    canon,
    chain::Head,
    journal::{Current, JournalError, Session},
    key::{LogKey, Verifying},
    record::{Body, Continues, Record},
    recover::Recovered,
    segment::{self, Month, SegmentName},
};
use crate::{digest::Digest, durable};

/// What [`prepare`] found.
pub(super) struct Prepared {
    pub head: Head,
    pub current: Option<Current>,
    pub recovered: Recovered,
    pub continues: Option<Continues>,
}

/// Two writers of one log are refused, for as long as the returned handle lives. Leaves no file behind.
pub(super) fn lock(dir: &Path) -> Result<File, JournalError> {
    let handle = File::open(dir).map_err(JournalError::io(dir))?;
    match handle.try_lock() {
        Ok(()) => Ok(handle),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked(dir.to_owned())),
        Err(TryLockError::Error(why)) => Err(JournalError::Io { path: dir.to_owned(), why }),
    }
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

/// Makes the folder ready: another key's log set aside, unfinished files and the torn tail gone.
pub(super) fn prepare(dir: &Path, key: &LogKey, session: &Session) -> Result<Prepared, JournalError> {
    let failed = || JournalError::io(dir);
    durable::sweep(dir).map_err(failed())?;
    let mut continues = None;
    if let Some(old) = log_of(dir).map_err(failed())?.filter(|old| *old != key.id()) {
        set_aside(dir, &old).map_err(failed())?;
    }
    publish_key(dir, key).map_err(failed())?;
    let mut cut = 0;
    let newest = loop {
        let Some(name) = segments(dir).map_err(failed())?.pop() else {
            continues = predecessor(dir).map_err(failed())?;
            break None;
        };
        let path = dir.join(name.to_string());
        let found = cut_tail(&path).map_err(JournalError::io(&path))?;
        cut += found.cut;
        match found.last {
            Some(line) => break Some((name, found.file, found.len, line)),
            None => durable::remove(&path).map_err(JournalError::io(&path))?,
        }
    };
    let mut recovered = recover(dir, session).map_err(failed())?;
    recovered.cut = cut;
    let Some((name, file, len, line)) = newest else {
        return Ok(Prepared { head: Head::START, current: None, recovered, continues });
    };
    let seq = Record::read(&line).map_or(0, |r| r.seq);
    let head = Head { seq, hash: Digest::of(&line) };
    Ok(Prepared { head, current: Some(Current::found(name, file, len)), recovered, continues })
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
        let (Some(first), Some(last)) = (names.first(), names.last()) else { continue };
        let first = records(&path.join(first.to_string()))?.next().transpose()?.and_then(|r| r.body);
        if let Some(Body::Boot(boot)) = first {
            continued.extend(boot.continues.map(|c| c.log));
        }
        let mut end = None;
        for line in whole_lines(&path.join(last.to_string()))? {
            end = Some(line?);
        }
        if let Some((line, record)) = end.and_then(|l| Record::read(&l).map(|r| (l, r))) {
            ends.push((record.at, Continues { log, seq: record.seq, hash: Digest::of(&line) }));
        }
    }
    ends.retain(|(_, c)| !continued.contains(&c.log));
    ends.sort_by_key(|(at, _)| *at);
    Ok(ends.pop().map(|(_, c)| c))
}

/// Reads what a restart must know from the segments of the last months.
fn recover(dir: &Path, session: &Session) -> io::Result<Recovered> {
    let names = segments(dir)?;
    let mut recovered = Recovered::default();
    let Some(newest) = names.iter().map(|n| n.month).max() else {
        return Ok(recovered);
    };
    let back = session.horizon.num_days().max(0).div_euclid(28) + 1;
    let horizon = newest.min(Month::of(session.at)).back(i32::try_from(back).unwrap_or(i32::MAX / 2));
    let from = names.iter().position(|n| n.month >= horizon).unwrap_or(0);
    for name in &names[from..] {
        for record in records(&dir.join(name.to_string()))? {
            recovered.take(record?);
        }
    }
    Ok(recovered)
}

/// The terminated lines of a segment, without their newlines; an unterminated last one is left out.
pub fn whole_lines(path: &Path) -> io::Result<impl Iterator<Item = io::Result<Vec<u8>>>> {
    let mut reader = BufReader::new(File::open(path)?);
    Ok(std::iter::from_fn(move || {
        let mut line = Vec::new();
        match io::Read::take(&mut reader, canon::MAX_LINE as u64 + 1).read_until(b'\n', &mut line) {
            Err(e) => Some(Err(e)),
            Ok(_) => (line.pop() == Some(b'\n')).then_some(Ok(line)),
        }
    }))
}

/// The readable records of a segment.
pub fn records(path: &Path) -> io::Result<impl Iterator<Item = io::Result<Record>>> {
    Ok(whole_lines(path)?.filter_map(|line| line.map(|l| Record::read(&l)).transpose()))
}

struct Tail {
    file: File,
    len: u64,
    cut: u64,
    last: Option<Vec<u8>>,
}

/// Cuts an unterminated last line. A last line with NUL bytes is what some file systems make of one.
fn cut_tail(path: &Path) -> io::Result<Tail> {
    let (mut len, mut last) = (0, None);
    for line in whole_lines(path)? {
        let line = line?;
        if line.contains(&0) {
            break;
        }
        len += line.len() as u64 + 1;
        last = Some(line);
    }
    let file = OpenOptions::new().append(true).read(true).open(path)?;
    let found = file.metadata()?.len();
    if found > len {
        durable::cut(&file, len)?;
    }
    Ok(Tail { file, len, cut: found.saturating_sub(len), last })
}
