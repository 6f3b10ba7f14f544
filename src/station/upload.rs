//! Which lines the hub still lacks. What to send is pure; sending is `hub_link`'s.

use std::{io, ops::RangeInclusive, path::Path};

use crate::{
    asrun::{
        chain::Head,
        inspect::{last_head, whole_lines},
        record::Record,
        shelf,
    },
    digest::Digest,
    link,
};

/// The hub holds lines that this log does not have, or other ones: the log was cut or written again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rewound {
    /// What the hub holds.
    pub held: Head,
}

/// The lines to send when this log ends in `head` and the hub holds it up to `held`.
///
/// # Errors
/// The hub holds what is not here.
pub fn due(head: Head, held: Head) -> Result<Option<RangeInclusive<u64>>, Rewound> {
    match head.seq.checked_sub(held.seq) {
        Some(0) if head.hash == held.hash => Ok(None),
        None | Some(0) => Err(Rewound { held }),
        Some(_) => Ok(Some(held.seq + 1..=head.seq)),
    }
}

/// Lines as they go over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Each with its newline.
    pub bytes: Vec<u8>,
    /// The number of the first; later than asked for when those before it are gone.
    pub first: u64,
    /// What the first one says that it follows.
    pub prev: Digest,
    /// The head after the last.
    pub last: Head,
}

/// Reads lines `range` of the log in `dir`, as many as one batch takes; none if there are none. Blocks on the disk.
///
/// # Errors
/// The disk.
pub fn batch(dir: &Path, range: RangeInclusive<u64>) -> io::Result<Option<Batch>> {
    let names = shelf::segments(dir)?;
    let begin = names.iter().rposition(|name| name.first <= *range.start()).unwrap_or(0);
    let mut batch: Option<Batch> = None;
    for name in names.get(begin..).unwrap_or_default() {
        for (seq, line) in (name.first..).zip(whole_lines(&dir.join(name.to_string()))?) {
            let line = line?;
            if seq < *range.start() {
                continue;
            }
            let room = batch.as_ref().is_none_or(|b| b.bytes.len() + line.len() < link::BATCH);
            if seq > *range.end() || !room {
                return Ok(batch);
            }
            let into = batch.get_or_insert_with(|| Batch {
                first: seq,
                prev: Record::read(&line).map_or(Digest::ZERO, |r| r.prev),
                bytes: Vec::new(),
                last: Head::START,
            });
            into.last = Head { seq, hash: Digest::of(&line) };
            into.bytes.extend_from_slice(&line);
            into.bytes.push(b'\n');
        }
    }
    Ok(batch)
}

/// The end of the log in `dir`, which nobody writes any more; none if it has no line.
///
/// # Errors
/// The disk.
pub fn end(dir: &Path) -> io::Result<Option<Head>> {
    for name in shelf::segments(dir)?.into_iter().rev() {
        if let Some(head) = last_head(&dir.join(name.to_string()))? {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

/// The newest lines up to `last`, about one batch: to show a hub that holds other ones what this log says.
///
/// # Errors
/// The disk.
pub fn tail(dir: &Path, last: u64, from: u64) -> io::Result<Option<Batch>> {
    /// A record has some hundred bytes.
    const LINES: u64 = 200;
    batch(dir, from.min(last).saturating_sub(LINES).max(1)..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(seq: u64, name: &str) -> Head {
        Head { seq, hash: if seq == 0 { Digest::ZERO } else { Digest::of(name.as_bytes()) } }
    }

    #[test]
    fn what_the_hub_lacks_is_due_and_what_it_has_more_is_an_alarm() {
        for (mine, held, expected) in [
            (head(0, ""), head(0, ""), Ok(None)),
            (head(5, "a"), head(0, ""), Ok(Some(1..=5))),
            (head(5, "a"), head(4, "b"), Ok(Some(5..=5))),
            (head(5, "a"), head(5, "a"), Ok(None)),
            (head(5, "a"), head(5, "b"), Err(Rewound { held: head(5, "b") })),
            (head(5, "a"), head(6, "b"), Err(Rewound { held: head(6, "b") })),
        ] {
            assert_eq!(due(mine, held), expected, "{mine:?} {held:?}");
        }
    }
}
