//! Canonical audio: no panic, no unbounded output, and the length told is the length decoded.
//!
//! A fuzzer does not guess checksums, numbers of pages and granule positions. So an even first byte hands over bytes as
//! they are but for page checksums, which are mended; an odd one hands over packets (each behind its length, 16 bits,
//! little-endian), of which a stream is made whose pages all fit.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loaxa::playout::decode::{self, LONGEST_PACKET};
use ogg::writing::{PacketWriteEndInfo, PacketWriter};

/// RFC 3533 §6: polynomial 04C11DB7, start 0, no reflection, with the field itself zero.
fn crc(page: &[u8]) -> u32 {
    page.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |crc, _| {
            if crc & 0x8000_0000 == 0 { crc << 1 } else { (crc << 1) ^ 0x04C1_1DB7 }
        })
    })
}

fn mend(data: &mut [u8]) {
    let mut at = 0;
    while data[at..].len() >= 27 && data[at..].starts_with(b"OggS") {
        let segments = usize::from(data[at + 26]);
        let Some(lacing) = data.get(at + 27..at + 27 + segments) else { return };
        let end = at + 27 + segments + lacing.iter().map(|n| usize::from(*n)).sum::<usize>();
        let Some(page) = data.get_mut(at..end) else { return };
        page[22..26].fill(0);
        let sum = crc(page);
        page[22..26].copy_from_slice(&sum.to_le_bytes());
        at = end;
    }
}

/// Samples of a packet at 48 kHz, RFC 6716 §3.1 and §3.2; 0 when it cannot be said.
fn length(packet: &[u8]) -> u64 {
    let Some(toc) = packet.first() else { return 0 };
    let frame: u64 = match toc >> 3 {
        config @ 0..=11 => [480, 960, 1920, 2880][usize::from(config % 4)],
        config @ 12..=15 => [480, 960][usize::from(config % 2)],
        config => [120, 240, 480, 960][usize::from(config % 4)],
    };
    match (toc & 3, packet.get(1)) {
        (0, _) => frame,
        (3, Some(count)) => frame * u64::from(count & 0x3F),
        (3, None) => 0,
        _ => 2 * frame,
    }
}

/// A stream of `data`'s packets; the first byte is how many samples the last page trims, in tens.
fn stream(data: &[u8]) -> Vec<u8> {
    let (trim, mut rest) = data.split_first().map_or((0, data), |(trim, rest)| (u64::from(*trim) * 10, rest));
    let mut packets = Vec::new();
    while let Some((size, behind)) = rest.split_first_chunk::<2>() {
        let size = usize::from(u16::from_le_bytes(*size)).min(behind.len());
        let (packet, behind) = behind.split_at(size);
        packets.push(packet);
        rest = behind;
    }
    let mut out = Vec::new();
    let mut writer = PacketWriter::new(&mut out);
    let head = *b"OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0";
    let tags = *b"OpusTags\0\0\0\0\0\0\0\0";
    let mut written = writer.write_packet(&head[..], 7, PacketWriteEndInfo::EndPage, 0);
    written = written.and_then(|()| writer.write_packet(&tags[..], 7, PacketWriteEndInfo::EndPage, 0));
    let mut granule = 0;
    for (i, packet) in packets.iter().enumerate() {
        granule += length(packet);
        let (end, at) = match i + 1 == packets.len() {
            true => (PacketWriteEndInfo::EndStream, granule.saturating_sub(trim)),
            false if i % 50 == 49 => (PacketWriteEndInfo::EndPage, granule),
            false => (PacketWriteEndInfo::NormalPacket, granule),
        };
        written = written.and_then(|()| writer.write_packet(packet.to_vec(), 7, end, at));
    }
    drop(written);
    out
}

fuzz_target!(|data: &[u8]| {
    let Some((how, rest)) = data.split_first() else { return };
    let bytes = match how % 2 {
        0 => {
            let mut bytes = rest.to_vec();
            mend(&mut bytes);
            bytes
        }
        _ => stream(rest),
    };
    let told = decode::frames(&bytes);
    match decode::decode(&bytes) {
        Ok(samples) => {
            assert_eq!(told.map(|frames| frames.0).ok(), Some(samples.len() as u64));
            assert!(samples.iter().all(|s| s.is_finite()));
            // A packet takes a byte of data at least.
            assert!(samples.len() <= bytes.len() * LONGEST_PACKET);
        }
        Err(why) => {
            assert!(told.is_err());
            assert!(!why.text().vi.is_empty());
        }
    }
});
