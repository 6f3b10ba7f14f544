//! Ogg pages (RFC 3533 §6) and the Opus header in them (RFC 7845 §5.1).

use std::io;

use super::{Finding, Input};

/// What the pages of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in super::super) struct Pages {
    /// Logical streams that began after another had ended or carried data.
    pub chained: u64,
    /// The last page is whole and ends its stream.
    pub ended: bool,
    /// Granule position of the last page that has one.
    pub granule: u64,
    /// Samples to drop at the start, of an Opus stream.
    pub pre_skip: Option<u16>,
}

pub(super) fn check(input: &mut Input) -> io::Result<Option<Finding>> {
    let pages = walk(input)?;
    Ok(if pages.chained > 0 {
        Some(Finding::Joined(pages.chained + 1))
    } else if pages.ended {
        None
    } else {
        Some(Finding::Cut)
    })
}

/// Walks all pages. Junk between pages is skipped: decoders complain of it. Checksums are theirs too.
pub(in super::super) fn walk(input: &mut Input) -> io::Result<Pages> {
    let mut pages = Pages::default();
    let mut data_seen = false;
    while let Some(page) = Page::read(input)? {
        pages.ended = page.whole && page.last;
        if page.first && data_seen {
            pages.chained += 1;
        }
        data_seen = !page.first && (data_seen || page.granule > 0);
        if page.granule != u64::MAX {
            pages.granule = page.granule;
        }
        pages.pre_skip = pages.pre_skip.or(page.pre_skip);
    }
    Ok(pages)
}

struct Page {
    first: bool,
    last: bool,
    whole: bool,
    granule: u64,
    pre_skip: Option<u16>,
}

impl Page {
    fn read(input: &mut Input) -> io::Result<Option<Self>> {
        loop {
            let start = input.at;
            let Some(head) = input.take::<27>()? else { return Ok(None) };
            if head.starts_with(b"OggS") {
                return Self::rest(input, &head).map(Some);
            }
            let next = head[1..].iter().position(|b| *b == b'O').map_or(27, |p| p as u64 + 1);
            input.seek(start + next)?;
        }
    }

    fn rest(input: &mut Input, head: &[u8; 27]) -> io::Result<Self> {
        let mut granule = [0; 8];
        granule.copy_from_slice(&head[6..14]);
        let mut lacing = [0; 255];
        let segments = usize::from(head[26]);
        let table_whole = input.read_up_to(&mut lacing[..segments])? == segments;
        let body: u64 = lacing[..segments].iter().map(|n| u64::from(*n)).sum();
        let start = input.at;
        let first = head[5] & 2 != 0;
        let pre_skip = match first.then(|| input.take::<12>()).transpose()?.flatten() {
            Some(packet) if packet.starts_with(b"OpusHead") => {
                Some(u16::from_le_bytes([packet[10], packet[11]]))
            }
            _ => None,
        };
        input.seek(start + body)?;
        let whole = table_whole && start + body <= input.len;
        Ok(Self { first, last: head[5] & 4 != 0, whole, granule: u64::from_le_bytes(granule), pre_skip })
    }
}
