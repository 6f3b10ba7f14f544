//! MPEG audio frames (ISO/IEC 11172-3 §2.4.1, 13818-3): is the last one whole, does a second recording begin?

use std::io;

use super::{Finding, Input};

/// Kilobits a second of layer III, by MPEG-1 and MPEG-2/2.5.
const RATES: [[u32; 15]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

pub(super) fn check(input: &mut Input) -> io::Result<Option<Finding>> {
    let (mut tags, mut headers, mut last_end, mut frames) = (0u64, 0u64, 0, 0u64);
    loop {
        let start = input.at;
        let Some(head) = input.take::<4>()? else { break };
        if head.starts_with(b"ID3") {
            let tag = id3_size(input, start)?;
            tags += u64::from(frames > 0);
            input.seek(start + tag)?;
            continue;
        }
        let Some(frame) = Frame::of(head) else {
            // Tags at the end, junk, damage: decoders complain of the latter.
            input.seek(start + 1)?;
            continue;
        };
        let end = start + frame.size;
        if end < input.len && !follows(input, end)? {
            input.seek(start + 1)?;
            continue;
        }
        if frames > 0 && frame.is_header(input, start)? {
            headers += 1;
        }
        (frames, last_end) = (frames + 1, end);
        input.seek(end)?;
    }
    // Each part may begin with a tag, a header, or both.
    let parts = tags.max(headers);
    Ok(if parts > 0 && frames > 0 {
        Some(Finding::Joined(parts + 1))
    } else if last_end > input.len {
        Some(Finding::Cut)
    } else {
        None
    })
}

/// A frame is believed when another frame, a tag or the end follows it.
fn follows(input: &mut Input, end: u64) -> io::Result<bool> {
    input.seek(end)?;
    let Some(next) = input.take::<4>()? else { return Ok(true) };
    Ok(Frame::of(next).is_some() || [&b"TAG"[..], b"ID3", b"APE", b"LYR"].iter().any(|t| next.starts_with(t)))
}

/// Bytes of an ID3v2 tag with its header (ID3v2.4 §3.1): four times seven bits.
fn id3_size(input: &mut Input, start: u64) -> io::Result<u64> {
    input.seek(start + 5)?;
    let Some(rest) = input.take::<5>()? else { return Ok(10) };
    let footer = if rest[0] & 0x10 != 0 { 10 } else { 0 };
    Ok(10 + footer + rest[1..].iter().fold(0, |n, b| n << 7 | u64::from(b & 0x7F)))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Frame {
    size: u64,
    /// Bytes from the frame's start to where a Xing or Info header would stand.
    side: u64,
}

impl Frame {
    /// Layer III with a stated rate; other layers and free format are not walked.
    fn of(head: [u8; 4]) -> Option<Self> {
        let sync = head[0] == 0xFF && head[1] & 0xE0 == 0xE0;
        let version = head[1] >> 3 & 3;
        let (rate, hertz) = (usize::from(head[2] >> 4), usize::from(head[2] >> 2 & 3));
        if !sync || version == 1 || head[1] >> 1 & 3 != 1 || rate == 0 || rate == 15 || hertz == 3 {
            return None;
        }
        let mpeg1 = version == 3;
        let kbits = u64::from(RATES[usize::from(!mpeg1)][rate]);
        let hertz = [44_100u64, 48_000, 32_000][hertz] >> [2, 0, 1, 0][usize::from(version)];
        let factor = if mpeg1 { 144_000 } else { 72_000 };
        let mono = head[3] >> 6 == 3;
        let side = match (mpeg1, mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        Some(Self { size: factor * kbits / hertz + u64::from(head[2] >> 1 & 1), side: 4 + side })
    }

    /// Whether this frame holds no sound but the length of a recording (Xing, Info): it stands at the start of one.
    fn is_header(self, input: &mut Input, start: u64) -> io::Result<bool> {
        input.seek(start + self.side)?;
        Ok(input.take::<4>()?.is_some_and(|w| w == *b"Xing" || w == *b"Info"))
    }
}
