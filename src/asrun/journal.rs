//! The one writer of a log.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    chain::Head,
    findings::Findings,
    inspect::{self, Known, Unreadable},
    key::{LogKey, Verifying},
    record::{self, Body, Boot},
    recover::Recovered,
    segment::{Month, SegmentName},
    shelf,
    verify::Expect,
};
use crate::{
    digest::Digest,
    durable, fault,
    ids::StationId,
    lock::Held,
    text::{Text, asrun as words},
};

/// How far back [`Recovered::done`] reaches unless asked otherwise.
pub const HORIZON: TimeDelta = TimeDelta::days(90);

/// Who opens the journal, and when.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose log.
    pub station: StationId,
    /// The program's version.
    pub version: String,
    /// [`boot_id`], which tells a power cut from a kill.
    pub boot_id: Option<String>,
    /// Now, trusted or not: the instant of the boot record.
    pub at: DateTime<Utc>,
    /// How far back [`Recovered`] must reach, whole months of writing; see [`HORIZON`].
    pub horizon: TimeDelta,
}

/// The kernel's id of this boot.
pub fn boot_id() -> Option<String> {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(id.trim().to_owned())
}

/// Why the log cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process writes it.
    #[error("{0}: another process writes this log")]
    Locked(PathBuf),
    /// The newest segment does not verify; nothing is added to it. A new key begins a new log beside it.
    #[error("{dir}: the log does not verify at {place}: {why}")]
    Broken {
        /// The log's folder.
        dir: PathBuf,
        /// `segment:line`.
        place: String,
        /// Why.
        why: String,
        /// Why, for people.
        text: Text,
    },
    /// This user may not read or write there.
    #[error("{path}: user {user} may not write there: {why}")]
    Denied {
        /// What.
        path: PathBuf,
        /// The user's name, or number.
        user: String,
        /// Why.
        why: io::Error,
    },
    /// A file or folder does not open, or the disk fails.
    #[error("{path}: {why}")]
    Io {
        /// What.
        path: PathBuf,
        /// Why.
        why: io::Error,
    },
}

impl JournalError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |why| {
            let path = path.to_owned();
            match why.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    Self::Denied { path, user: fault::user(), why }
                }
                _ => Self::Io { path, why },
            }
        }
    }

    /// For people, remedy included.
    pub fn text(&self) -> Text {
        match self {
            Self::Locked(dir) => words::locked(dir.display()),
            Self::Broken { place, text, .. } => words::broken(place, text),
            Self::Denied { path, user, why } => words::denied(path.display(), user, why),
            Self::Io { path, why } => words::journal_io(path.display(), why),
        }
    }
}

/// The open log. One per folder and machine.
#[derive(Debug)]
pub struct Journal {
    dir: PathBuf,
    key: LogKey,
    head: Head,
    current: Option<Current>,
    /// Held as long as this lives: an exclusive lock on the folder.
    _lock: Held,
}

#[derive(Debug)]
pub(super) struct Current {
    name: SegmentName,
    file: File,
    len: u64,
    /// A failed append may have left bytes after `len`.
    spoiled: bool,
}

impl Journal {
    /// Opens the log in `dir` for `key`, or begins it: cuts a torn tail, writes the boot record, and tells what the
    /// log knows. With another key than the log's, the old log moves to `dir/<old log id>/` and a new one continues it.
    pub fn open(dir: &Path, key: LogKey, session: Session) -> Result<(Self, Recovered), JournalError> {
        durable::create_dir(dir).map_err(JournalError::io(dir))?;
        let lock = shelf::lock(dir)?;
        let prepared = shelf::prepare(dir, &key, &session)?;
        let mut journal =
            Self { dir: dir.to_owned(), key, head: prepared.head, current: prepared.current, _lock: lock };
        let mut recovered = prepared.recovered;
        let boot = Boot {
            station: session.station,
            log: journal.key.id(),
            version: session.version,
            cut: recovered.cut,
            continues: prepared.continues,
            boot_id: session.boot_id,
        };
        recovered.head = journal.append(session.at, &Body::Boot(boot)).map_err(JournalError::io(dir))?;
        Ok((journal, recovered))
    }

    /// The last durable line.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The log's id.
    pub fn id(&self) -> Digest {
        self.key.id()
    }

    /// Where the segments lie.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Judges the whole log, which [`Journal::open`] does for its newest segment alone. Reads all of it.
    pub fn verify_all(&self) -> Result<Findings, Unreadable> {
        let expect = Verifying::new(self.key.public()).map_or(Expect::Anyone, Expect::Key);
        inspect::folder(&self.dir, Known { expect, any_start: true, ..Known::default() }, |_, _, _| {})
    }

    /// Adds a record; it is on the medium when this returns. After an error nothing of it is in the log (what was
    /// half written is cut back, now or before the next attempt), and the caller may try again.
    pub fn append(&mut self, at: DateTime<Utc>, body: &Body) -> io::Result<Head> {
        let invalid = |e| io::Error::new(io::ErrorKind::InvalidInput, e);
        let (mut line, head) = record::line(self.head, at, body, &self.key).map_err(invalid)?;
        line.push(b'\n');
        self.segment_for(Month::of(at), head.seq)?.append(&line)?;
        self.head = head;
        Ok(head)
    }
}

impl Journal {
    /// The segment that takes the line `seq` of `month`: the open one, or a new one when the month is another.
    fn segment_for(&mut self, month: Month, seq: u64) -> io::Result<&mut Current> {
        if let Some(current) = self.current.as_mut().filter(|c| c.name.month != month) {
            // Until it is clean it stays the open one, so that a failing disk leaves nothing behind in it.
            current.close(&self.dir)?;
            self.current = None;
        }
        if let Some(current) = self.current.take() {
            return Ok(self.current.insert(current));
        }
        let name = SegmentName { first: seq, month };
        let file = durable::open_append(&self.dir.join(name.to_string()))?;
        let spoiled = file.metadata()?.len() > 0;
        Ok(self.current.insert(Current { name, file, len: 0, spoiled }))
    }
}

impl Current {
    /// The newest segment as found at start: `len` bytes of whole lines.
    pub(super) fn found(name: SegmentName, file: File, len: u64) -> Self {
        Self { name, file, len, spoiled: false }
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.mend()?;
        self.spoiled = true;
        if let Err(failed) = durable::append(&mut self.file, line) {
            // If this fails too, the next attempt begins with it.
            self.mend().ok();
            return Err(failed);
        }
        self.spoiled = false;
        self.len += line.len() as u64;
        Ok(())
    }

    /// Cuts back what a failed append may have left.
    fn mend(&mut self) -> io::Result<()> {
        if self.spoiled {
            durable::cut(&self.file, self.len)?;
            self.spoiled = false;
        }
        Ok(())
    }

    /// A closed segment is never written again, so it must be clean; without a line it must not stay.
    fn close(&mut self, dir: &Path) -> io::Result<()> {
        self.mend()?;
        if self.len == 0 { durable::remove(&dir.join(self.name.to_string())) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_path_is_told_with_its_user_and_the_remedy() {
        for errno in [13, 30] {
            let refused =
                JournalError::io(Path::new("/var/lib/loaxa/asrun"))(io::Error::from_raw_os_error(errno));
            let said = refused.text();
            for part in ["/var/lib/loaxa/asrun", &fault::user(), "chown -R"] {
                assert!(said.en.contains(part) && said.vi.contains(part), "{said:?}");
            }
        }
        let full = JournalError::io(Path::new("asrun"))(io::Error::from_raw_os_error(28));
        assert!(matches!(full, JournalError::Io { .. }));
    }
}
