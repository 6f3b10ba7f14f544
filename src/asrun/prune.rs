//! Old segments that the hub holds may go.

use std::io;

use chrono::{DateTime, Utc};

use super::{
    chain::Head,
    inspect,
    journal::Journal,
    key::Verifying,
    receipt::{Receipt, Refused},
    record::Record,
    segment::{Month, SegmentName},
    shelf,
};
use crate::{digest::Digest, durable};

/// A segment stays for so many months after its own.
pub const KEEP_MONTHS: i32 = 36;

/// Why nothing was removed.
#[derive(Debug, thiserror::Error)]
pub enum PruneError {
    /// The receipt is none, or no receipt key signed it.
    #[error("the receipt is refused: {0:?}")]
    Receipt(Refused),
    /// The receipt is for another log, or for a line that this log does not have.
    #[error("the receipt does not agree with this log")]
    Disagrees,
    /// The disk.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Removes the segments at the beginning of the log that are older than [`KEEP_MONTHS`] and whose lines `receipt`
/// covers; keeps the receipt beside the log, without which the rest would not verify. Never the newest segment.
/// `now` must be of a trusted clock. Says which went.
pub fn prune(
    journal: &Journal,
    now: DateTime<Utc>,
    receipt: &[u8],
    keys: &[Verifying],
) -> Result<Vec<SegmentName>, PruneError> {
    let read = Receipt::read(receipt, Some(keys)).map_err(PruneError::Receipt)?;
    let dir = journal.dir();
    if read.log != journal.id() || line_at(journal, read.seq)? != Some(read.head()) {
        return Err(PruneError::Disagrees);
    }
    let oldest_kept = Month::of(now).back(KEEP_MONTHS);
    let names = shelf::segments(dir)?;
    let may_go = |pair: &&[SegmentName]| pair[0].month < oldest_kept && pair[1].first - 1 <= read.seq;
    let gone: Vec<_> = names.windows(2).take_while(may_go).map(|pair| pair[0]).collect();
    if !gone.is_empty() {
        shelf::keep_receipt(dir, receipt)?;
    }
    // From the oldest on, so that a power cut in the middle leaves a log without a hole.
    for name in &gone {
        durable::remove(&dir.join(name.to_string()))?;
    }
    Ok(gone)
}

/// The head after line `seq`, if the log has it.
fn line_at(journal: &Journal, seq: u64) -> io::Result<Option<Head>> {
    let names = shelf::segments(journal.dir())?;
    let Some(name) = names.iter().rev().find(|n| n.first <= seq) else { return Ok(None) };
    for line in inspect::whole_lines(&journal.dir().join(name.to_string()))? {
        let line = line?;
        if Record::read(&line).is_some_and(|r| r.seq == seq) {
            return Ok(Some(Head { seq, hash: Digest::of(&line) }));
        }
    }
    Ok(None)
}
