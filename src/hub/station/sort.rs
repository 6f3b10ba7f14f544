//! What of a batch of lines is new, what is held already, and what contradicts it. Pure: bytes in, verdict out.

use chrono::{DateTime, Utc};

use crate::{
    asrun::{
        chain::Head,
        findings::{Bad, Fault},
        key::Verifying,
        record::Record,
        segment::{Month, SegmentName},
        verify::{Expect, Verifier},
    },
    digest::Digest,
    ids::StationId,
};

/// A line as it came: its number as it says, if it can be read at all, and its bytes.
pub(super) type Line<'a> = (Option<u64>, &'a [u8]);

/// Lines, each with its newline; none if they are not that.
pub(super) fn lines(body: &[u8]) -> Option<Vec<Line<'_>>> {
    let body = body.strip_suffix(b"\n")?;
    Some(body.split(|b| *b == b'\n').map(|line| (Record::read(line).map(|r| r.seq), line)).collect())
}

/// Where a batch stands to what is held.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// Everything is held already.
    Held,
    /// These lines follow, as far as their numbers say.
    New(Vec<Line<'a>>),
    /// These are other bytes than those that are held, from this number on.
    Other(u64, Vec<Line<'a>>),
    /// They begin after the line that is due.
    Ahead(u64),
}

/// Compares a batch with the lines that are held under the same numbers.
pub(super) fn place<'a>(batch: &[Line<'a>], head: u64, held: &[(i64, Vec<u8>)]) -> Place<'a> {
    for (at, (seq, line)) in batch.iter().enumerate() {
        match *seq {
            Some(seq) if seq <= head => {
                let same =
                    held.iter().find(|(n, _)| *n == seq as i64).is_some_and(|(_, bytes)| bytes == line);
                if !same {
                    return Place::Other(seq, batch[at..].to_vec());
                }
            }
            Some(seq) if seq > head + 1 => return Place::Ahead(seq),
            // A line that cannot be read is judged as the next one.
            _ => return Place::New(batch[at..].to_vec()),
        }
    }
    Place::Held
}

/// Lines that verify, and the fault of the first one that does not.
pub(super) struct Judged<'a> {
    /// With the head after each.
    pub good: Vec<(Head, &'a [u8])>,
    /// Of the line after those.
    pub bad: Option<Bad>,
}

/// Whose lines they have to be.
#[derive(Debug, Clone)]
pub(super) struct Whose {
    /// Signed by this key.
    pub key: Verifying,
    /// Of this station.
    pub station: StationId,
}

/// Judges lines that follow `head`, by docs/asrun.md.
pub(super) fn following<'a>(whose: &Whose, head: Head, lines: &[Line<'a>]) -> Judged<'a> {
    judge(whose, verifier(whose).after(head), head.seq + 1, lines)
}

/// Judges lines that follow something unknown, from number `first` on.
pub(super) fn anywhere<'a>(whose: &Whose, first: u64, lines: &[Line<'a>]) -> Judged<'a> {
    judge(whose, verifier(whose).anywhere(first), first, lines)
}

fn verifier(whose: &Whose) -> Verifier {
    Verifier::new(Expect::Key(whose.key.clone()), Vec::new()).of(whose.key.id(), whose.station.clone())
}

fn judge<'a>(_: &Whose, mut verifier: Verifier, first: u64, lines: &[Line<'a>]) -> Judged<'a> {
    let mut good = Vec::new();
    let mut month = None;
    for (seq, (_, line)) in (first..).zip(lines) {
        // The segment that it stands in on the box: its month is that of its instant.
        let at = Record::read(line).map_or(DateTime::<Utc>::UNIX_EPOCH, |r| r.at);
        if month.replace(Month::of(at)) != Some(Month::of(at)) {
            verifier.segment(&SegmentName { first: seq, month: Month::of(at) }.to_string());
        }
        verifier.line(line, true);
        if verifier.is_over() {
            break;
        }
        good.push((Head { seq, hash: Digest::of(line) }, *line));
    }
    Judged { good, bad: verifier.finish().bad.filter(|bad| bad.why != Fault::NoLog) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_stands_somewhere_to_what_is_held() {
        let held = vec![(3, b"three".to_vec()), (4, b"four".to_vec())];
        let (three, four, five, six) = (
            (Some(3), &b"three"[..]),
            (Some(4), &b"four"[..]),
            (Some(5), &b"five"[..]),
            (Some(6), &b"six"[..]),
        );
        let other = (Some(4), &b"vier"[..]);
        let unreadable = (None, &b"?"[..]);
        for (batch, expected) in [
            (vec![three, four], Place::Held),
            (vec![three, four, five, six], Place::New(vec![five, six])),
            (vec![five], Place::New(vec![five])),
            (vec![three, other, five], Place::Other(4, vec![other, five])),
            (vec![six], Place::Ahead(6)),
            (vec![unreadable], Place::New(vec![unreadable])),
        ] {
            assert_eq!(place(&batch, 4, &held), expected);
        }
    }

    #[test]
    fn lines_end_in_newlines() {
        assert_eq!(lines(b""), None);
        assert_eq!(lines(b"a"), None);
        assert_eq!(lines(b"a\nb\n").unwrap(), [(None, &b"a"[..]), (None, &b"b"[..])]);
    }
}
