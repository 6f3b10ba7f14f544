//! ISO base media boxes (ISO/IEC 14496-12 §4.2) of mp4, m4a, 3gp, mov: does the last one fit in the file?

use std::io;

use super::{Finding, Input};

pub(super) fn check(input: &mut Input) -> io::Result<Option<Finding>> {
    loop {
        let start = input.at;
        if start == input.len {
            return Ok(None);
        }
        let Some(head) = input.take::<8>()? else { return Ok(Some(Finding::Cut)) };
        let size = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
            // To the end of the file.
            0 => return Ok(None),
            1 => match input.take::<8>()? {
                Some(long) => u64::from_be_bytes(long),
                None => return Ok(Some(Finding::Cut)),
            },
            n => u64::from(n),
        };
        let end = start.saturating_add(size);
        if size < 8 {
            // Not a box: ffmpeg's business.
            return Ok(None);
        }
        if end > input.len {
            return Ok(Some(Finding::CutBytes(end, input.len)));
        }
        input.seek(end)?;
    }
}
