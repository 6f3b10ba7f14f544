//! RIFF WAVE and RF64 (EBU Tech 3306): does the data chunk fit in the file?

use std::io;

use super::{Finding, Input, Seconds};

/// Sizes from here on are what programs write that cannot go back to the header.
const UNKNOWN: u64 = 0x7FFF_F000;

pub(super) fn check(input: &mut Input) -> io::Result<Option<Finding>> {
    let Some(head) = input.take::<12>()? else { return Ok(Some(Finding::Cut)) };
    let rf64 = head.starts_with(b"RF64");
    if !(rf64 || head.starts_with(b"RIFF")) {
        return Ok(None);
    }
    let (mut form, mut long_size) = (Form { rate: 0, block: 1 }, None);
    while let Some(chunk) = input.take::<8>()? {
        let size = u64::from(u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]));
        let start = input.at;
        match &chunk[..4] {
            b"fmt " => {
                if let Some(fmt) = input.take::<14>()? {
                    form = Form {
                        rate: u64::from(u32::from_le_bytes([fmt[8], fmt[9], fmt[10], fmt[11]])),
                        block: u64::from(u16::from_le_bytes([fmt[12], fmt[13]])).max(1),
                    };
                }
            }
            b"ds64" => {
                if let Some(sizes) = input.take::<16>()? {
                    let mut data = [0; 8];
                    data.copy_from_slice(&sizes[8..]);
                    long_size = Some(u64::from_le_bytes(data));
                }
            }
            b"data" => return Ok(data(input, start, long_size.filter(|_| rf64).unwrap_or(size), form)),
            _ => {}
        }
        input.seek(start.saturating_add(size).saturating_add(size & 1))?;
    }
    Ok(Some(Finding::Cut))
}

/// Bytes a second, and bytes of one sample of every channel.
#[derive(Clone, Copy)]
struct Form {
    rate: u64,
    block: u64,
}

fn data(input: &Input, start: u64, size: u64, form: Form) -> Option<Finding> {
    let have = input.len.saturating_sub(start);
    if size == 0 || size >= UNKNOWN {
        // A writer of a stream writes whole blocks.
        return Some(if have.is_multiple_of(form.block) { Finding::LengthUnstated } else { Finding::Cut });
    }
    (size > have).then(|| match form.rate {
        0 => Finding::CutBytes(start.saturating_add(size), input.len),
        rate => Finding::CutSeconds(Seconds(size.saturating_mul(1000) / rate)),
    })
}
