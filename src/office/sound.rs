//! Whether bytes are canonical audio, and how long it is.

use crate::bulletin::Frames;

/// The length that the Ogg pages of one Opus stream give (RFC 7845 §4): last granule position less the pre-skip.
/// None when the pages do not hold together, or the stream is not mono Opus.
pub fn frames(bytes: &[u8]) -> Option<Frames> {
    let (mut at, mut serial, mut sequence, mut end, mut skip) = (0, None, 0u32, 0u64, None);
    let mut last = false;
    while at < bytes.len() {
        let page = bytes.get(at..)?;
        let header = page.get(..27)?;
        let sizes = page.get(27..27 + usize::from(header[26]))?;
        let body = 27 + sizes.len();
        let length: usize = sizes.iter().map(|s| usize::from(*s)).sum();
        let data = page.get(body..body + length)?;
        let number = |from: usize| header.get(from..from + 4)?.try_into().ok().map(u32::from_le_bytes);
        let fits = header.starts_with(b"OggS\0") && number(18) == Some(sequence) && !last;
        if !fits || *serial.get_or_insert(number(14)?) != number(14)? {
            return None;
        }
        if sequence == 0 {
            let mono = data.starts_with(b"OpusHead\x01\x01");
            skip = data.get(10..12).filter(|_| mono).map(|s| u64::from(u16::from_le_bytes([s[0], s[1]])));
        }
        let granule = u64::from_le_bytes(header.get(6..14)?.try_into().ok()?);
        if granule != u64::MAX {
            end = granule;
        }
        last = header[5] & 4 != 0;
        (at, sequence) = (at + body + length, sequence + 1);
    }
    if last { end.checked_sub(skip?).filter(|n| *n > 0).map(Frames) } else { None }
}
