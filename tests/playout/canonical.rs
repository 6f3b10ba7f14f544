//! The canonical form is read exactly or refused.

use std::process::Command;

use loaxa::playout::decode::{self, NotCanonical};
use proptest::prelude::*;

use crate::speech::{LONG, SHORT};

fn bytes() -> Vec<u8> {
    std::fs::read(&SHORT.path).unwrap()
}

/// Byte at which each page begins.
fn pages(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len() - 3).filter(|i| &bytes[*i..i + 4] == b"OggS").collect()
}

/// CRC of RFC 3533: polynomial 0x04c11db7, no reflection.
fn repair(page: &mut [u8]) {
    page[22..26].fill(0);
    let crc = page.iter().fold(0u32, |crc, byte| {
        (0..8).fold(crc ^ (u32::from(*byte) << 24), |c, _| {
            (c << 1) ^ if c & 0x8000_0000 != 0 { 0x04c1_1db7 } else { 0 }
        })
    });
    page[22..26].copy_from_slice(&crc.to_le_bytes());
}

#[test]
fn the_length_is_that_of_ffmpeg_to_the_frame_and_the_sound_the_same() {
    for speech in [&*LONG, &*SHORT] {
        let args = ["-v", "error", "-c:a", "libopus", "-i"];
        let out =
            Command::new("ffmpeg").args(args).arg(&speech.path).args(["-f", "f32le", "-"]).output().unwrap();
        let theirs = out.stdout.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap()));
        let theirs = theirs.collect::<Vec<_>>();
        assert_eq!(theirs.len(), speech.samples.len());
        assert_eq!(decode::canonical_frames(&speech.path).unwrap().0, theirs.len() as u64);
        let apart = theirs.iter().zip(&speech.samples).fold(0.0f32, |m, (a, b)| m.max((a - b).abs()));
        assert!(apart < 0.01, "{apart}");
    }
}

#[test]
fn what_is_almost_canonical_is_refused() {
    let good = bytes();
    let starts = pages(&good);
    let last = *starts.last().unwrap();
    let edit = |page: usize, change: &dyn Fn(&mut [u8])| {
        let mut bad = good.clone();
        let end = starts.get(page + 1).copied().unwrap_or(bad.len());
        change(&mut bad[starts[page]..end]);
        repair(&mut bad[starts[page]..end]);
        bad
    };
    let end = starts.len() - 1;
    let cases: [(&str, Vec<u8>); 15] = [
        ("nothing", vec![]),
        ("cut in the last page", good[..good.len() - 1].to_vec()),
        ("cut before the last page", good[..last].to_vec()),
        ("headers only", good[..starts[2]].to_vec()),
        ("a byte behind", [&good[..], b"x"].concat()),
        ("twice", [&good[..], &good[..]].concat()),
        ("rubbish before", [b"x", &good[..]].concat()),
        ("no end flag", edit(end, &|p| p[5] &= !4)),
        ("another serial", edit(end, &|p| p[14] ^= 1)),
        ("a page number skipped", edit(end, &|p| p[18] += 1)),
        ("the end before the last packets", edit(end, &|p| p[6..14].copy_from_slice(&1u64.to_le_bytes()))),
        ("the end beyond the last packet", edit(end, &|p| p[8] += 1)),
        ("stereo", edit(0, &|p| p[28 + 9] = 2)),
        ("an output gain", edit(0, &|p| p[28 + 16] = 1)),
        ("channel mapping 1", edit(0, &|p| p[28 + 18] = 1)),
    ];
    assert!(decode::frames(&edit(end, &|_| {})).is_ok(), "the repair itself");
    for (what, bad) in cases {
        assert!(decode::frames(&bad).is_err(), "accepted: {what}");
    }
    let mut flipped = good.clone();
    flipped[last + 100] ^= 1;
    let told = decode::frames(&flipped).unwrap_err();
    assert!(matches!(told, NotCanonical::Page(_)) && told.to_string().contains("checksum"), "{told}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_single_damaged_byte_is_accepted(at in any::<prop::sample::Index>(), mask in 1u8..) {
        let mut bad = bytes();
        let at = at.index(bad.len());
        bad[at] ^= mask;
        prop_assert!(decode::frames(&bad).is_err());
    }

    #[test]
    fn a_cut_is_never_accepted(at in any::<prop::sample::Index>()) {
        let good = bytes();
        prop_assert!(decode::frames(&good[..at.index(good.len())]).is_err());
    }

    /// With the checksum repaired damage may pass, but never ends in a panic or without end.
    #[test]
    fn repaired_pages_do_no_harm(page in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let mut bad = bytes();
        let starts = pages(&bad);
        let page = page.index(starts.len());
        let range = starts[page]..starts.get(page + 1).copied().unwrap_or(bad.len());
        let at = range.start + at.index(range.len());
        bad[at] = to;
        repair(&mut bad[range]);
        if let Ok(frames) = decode::frames(&bad) {
            prop_assert!(frames.0 < 48_000 * 60);
        }
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(decode::frames(&bytes).is_err());
        prop_assert!(decode::frames(&[b"OggS\0\x02", &bytes[..]].concat()).is_err());
    }
}
