//! What sounds now, on disk: a small file outside the log, so that a power cut loses at most one interval of it.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::Path,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    record::{Outcome, OutcomeRecord, SentItem},
    recover::Open,
};
use crate::{digest::Digest, durable, schedule::occurrence::micros};

/// How far the running occurrence has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The log.
    pub log: Digest,
    /// The number of the intent record in it.
    pub intent: u64,
    /// When this was true.
    #[serde(with = "micros")]
    pub at: DateTime<Utc>,
    /// What was sent so far.
    pub items: Vec<SentItem>,
}

/// The outcome of a broadcast whose process ended in the middle: what the last mark says was sent, if it is of this
/// intent. Up to one interval more may have sounded.
pub fn interrupted(
    open: &Open,
    log: &Digest,
    mark: Option<&Mark>,
    boot_id_now: Option<&str>,
) -> OutcomeRecord {
    let mine = mark.filter(|m| m.log == *log && m.intent == open.seq);
    let items = mine.map(|m| m.items.clone()).unwrap_or_default();
    let due = open.intent.occurrence.due;
    let first = items.iter().find_map(|i| i.first_frame);
    OutcomeRecord {
        occurrence: open.intent.occurrence.clone(),
        outcome: Outcome::Interrupted,
        why: Some(open.why(boot_id_now)),
        by: None,
        items,
        late_us: first.and_then(|at| (at - due).num_microseconds()),
        run: None,
    }
}

/// Bytes of each of the two places. A mark that does not fit is refused; 200 items do.
const PLACE: u64 = 65_536;

/// The side file: two places written in turn, each with a checksum, so that a torn one leaves the other.
#[derive(Debug)]
pub struct Progress {
    file: File,
    next: u64,
}

impl Progress {
    /// Opens or makes the file at `path`, which lies outside the log's folder; and the newest whole mark in it.
    pub fn open(path: &Path) -> io::Result<(Self, Option<Mark>)> {
        drop(durable::open_append(path)?);
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let marks = [read(&file, 0)?, read(&file, PLACE)?];
        let next = match &marks {
            [Some(a), Some(b)] if a.at >= b.at => PLACE,
            [Some(_), None] => PLACE,
            _ => 0,
        };
        let newest = marks.into_iter().flatten().max_by_key(|m| m.at);
        Ok((Self { file, next }, newest))
    }

    /// Keeps `mark` in place of the one before the last; durable when this returns. Call every 5 s while something
    /// sounds.
    pub fn keep(&mut self, mark: &Mark) -> io::Result<()> {
        let json = serde_json::to_string(mark)?;
        let text = format!("{} {json}\n", Digest::of(json.as_bytes()));
        if text.len() as u64 > PLACE {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a mark longer than its place"));
        }
        durable::overwrite(&self.file, self.next, text.as_bytes())?;
        self.next = PLACE - self.next;
        Ok(())
    }
}

/// The mark at `offset`; none if there is none, or a torn one.
fn read(file: &File, offset: u64) -> io::Result<Option<Mark>> {
    let mut bytes = vec![0; PLACE as usize];
    let mut len = 0;
    while len < bytes.len() {
        match file.read_at(&mut bytes[len..], offset + len as u64)? {
            0 => break,
            n => len += n,
        }
    }
    Ok(parse(&bytes[..len]))
}

fn parse(bytes: &[u8]) -> Option<Mark> {
    let line = bytes.split(|b| *b == b'\n').next()?;
    let (sum, json) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    if sum.parse() != Ok(Digest::of(json.as_bytes())) {
        return None;
    }
    serde_json::from_str(json).ok()
}
