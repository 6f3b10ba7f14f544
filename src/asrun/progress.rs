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

/// The side file: two places written in turn, each with a turn number and a checksum, so that a torn one leaves the
/// other. The turn decides which is newer, since the wall clock may be set.
#[derive(Debug)]
pub struct Progress {
    file: File,
    turn: u64,
}

impl Progress {
    /// Opens or makes the file at `path`, which lies outside the log's folder; and the newest whole mark in it.
    pub fn open(path: &Path) -> io::Result<(Self, Option<Mark>)> {
        drop(durable::open_append(path)?);
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut newest: Option<(u64, Mark)> = None;
        for place in [0, PLACE] {
            if let Some(found) = parse(&read(&file, place)?)
                && newest.as_ref().is_none_or(|(turn, _)| found.0 > *turn)
            {
                newest = Some(found);
            }
        }
        let (turn, mark) = newest.map_or((0, None), |(turn, mark)| (turn, Some(mark)));
        Ok((Self { file, turn }, mark))
    }

    /// Keeps `mark` in place of the one before the last; durable when this returns. Call every 5 s while something
    /// sounds.
    pub fn keep(&mut self, mark: &Mark) -> io::Result<()> {
        let turn = self.turn + 1;
        let counted = format!("{turn} {}", serde_json::to_string(mark)?);
        let text = format!("{} {counted}\n", Digest::of(counted.as_bytes()));
        if text.len() as u64 > PLACE {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a mark longer than its place"));
        }
        durable::overwrite(&self.file, turn % 2 * PLACE, text.as_bytes())?;
        self.turn = turn;
        Ok(())
    }
}

fn read(file: &File, offset: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; PLACE as usize];
    let mut len = 0;
    while len < bytes.len() {
        match file.read_at(&mut bytes[len..], offset + len as u64)? {
            0 => break,
            n => len += n,
        }
    }
    bytes.truncate(len);
    Ok(bytes)
}

/// The mark in a place, and its turn; none if there is none, or a torn one.
fn parse(bytes: &[u8]) -> Option<(u64, Mark)> {
    let line = bytes.split(|b| *b == b'\n').next()?;
    let (sum, counted) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    if sum.parse() != Ok(Digest::of(counted.as_bytes())) {
        return None;
    }
    let (turn, json) = counted.split_once(' ')?;
    Some((turn.parse().ok()?, serde_json::from_str(json).ok()?))
}
