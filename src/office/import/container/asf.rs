//! ASF (wma, wmv): the file properties object says how long the file is (ASF specification 1.20.03, §3.2).

use std::io;

use super::{Finding, Input};

/// GUID of the header object.
pub(super) const HEADER: [u8; 16] =
    [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C];
const PROPERTIES: [u8; 16] =
    [0xA1, 0xDC, 0xAB, 0x8C, 0x47, 0xA9, 0xCF, 0x11, 0x8E, 0xE4, 0x00, 0xC0, 0x0C, 0x20, 0x53, 0x65];

pub(super) fn check(input: &mut Input) -> io::Result<Option<Finding>> {
    input.seek(30)?;
    for _ in 0..64 {
        let start = input.at;
        let Some(object) = input.take::<24>()? else { break };
        if object.starts_with(&PROPERTIES) {
            return properties(input);
        }
        let mut size = [0; 8];
        size.copy_from_slice(&object[16..]);
        input.seek(start.saturating_add(u64::from_le_bytes(size).max(24)))?;
    }
    Ok(None)
}

fn properties(input: &mut Input) -> io::Result<Option<Finding>> {
    // File id (16), file size (8), creation date, packets, play and send duration, preroll (8 each), flags (4).
    let Some(fields) = input.take::<68>()? else { return Ok(Some(Finding::Cut)) };
    let mut size = [0; 8];
    size.copy_from_slice(&fields[16..24]);
    let size = u64::from_le_bytes(size);
    let broadcast = fields[64] & 1 != 0;
    Ok(if broadcast || size == 0 {
        Some(Finding::LengthUnstated)
    } else {
        (size > input.len).then_some(Finding::CutBytes(size, input.len))
    })
}
