//! The file behind `wav:`: mono, 16 bit, 48 kHz; RIFF, or RF64 (EBU Tech 3306) beyond 4 GiB. The wall instant of frame 0
//! stands in a `bext` chunk (EBU Tech 3285): to the microsecond in its description as `pa_first_frame=…`, to the sample
//! in its time reference. The header has a fixed length, so it can be mended at any time.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read},
    os::unix::fs::FileExt,
    path::Path,
};

use chrono::{DateTime, Timelike, Utc};

use crate::{
    bulletin::{Frames, RATE},
    durable, fault,
    lock::Held,
    schedule::occurrence::micros,
    text::{Text, playout as words},
};

/// Bytes before frame 0.
pub const HEADER: u64 = 690;
const BEXT: usize = 602;
const MARK: &str = "pa_first_frame=";

/// Why a file cannot be the virtual PA.
#[derive(Debug, thiserror::Error)]
pub enum WavFault {
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Another process plays into it.
    #[error("in use by another process")]
    InUse,
    /// It is something else; it is left as it is.
    #[error("not a file that the virtual PA wrote")]
    Foreign,
}

impl WavFault {
    /// For people.
    pub fn text(&self, path: &Path) -> Text {
        match self {
            Self::Io(e) if e.kind() == io::ErrorKind::PermissionDenied => {
                words::wav_denied(path.display(), fault::user())
            }
            Self::Io(e) => words::wav_io(path.display(), e),
            Self::InUse => words::wav_in_use(path.display()),
            Self::Foreign => words::wav_foreign(path.display()),
        }
    }
}

/// A WAV file that grows at its end. Locked while open.
#[derive(Debug)]
pub struct WavFile {
    file: Held,
    first: DateTime<Utc>,
    frames: u64,
}

impl WavFile {
    /// Opens the file, or makes it so that its frame 0 is at `now`. Mends what a kill left.
    pub fn open(path: &Path, now: DateTime<Utc>) -> Result<Self, WavFault> {
        let (file, _) = durable::open_or_make(path, OpenOptions::new().read(true).write(true), 0o644)?;
        if !file.metadata()?.is_file() {
            return Err(WavFault::Foreign);
        }
        let mut file = Held::take(file).map_err(|e| match e {
            TryLockError::WouldBlock => WavFault::InUse,
            TryLockError::Error(e) => WavFault::Io(e),
        })?;
        let length = file.metadata()?.len();
        let mut start = Vec::new();
        (&mut *file).take(HEADER).read_to_end(&mut start)?;
        if is_torn_start(&start) {
            let now = DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now);
            let new = Self { file, first: now, frames: 0 };
            new.file.set_len(0)?;
            new.mend()?;
            return Ok(new);
        }
        let first = read_first(&start).ok_or(WavFault::Foreign)?;
        let frames = (length - HEADER) / 2;
        file.set_len(HEADER + 2 * frames)?;
        let wav = Self { file, first, frames };
        wav.mend()?;
        Ok(wav)
    }

    /// The wall instant of frame 0.
    pub fn first(&self) -> DateTime<Utc> {
        self.first
    }

    /// Frames in it.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Appends samples as little-endian bytes.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, HEADER + 2 * self.frames)?;
        self.frames += bytes.len() as u64 / 2;
        Ok(())
    }

    /// Lengthens it with silence; never shortens.
    pub fn pad_to(&mut self, frames: u64) -> io::Result<()> {
        if frames > self.frames {
            self.file.set_len(HEADER + 2 * frames)?;
            self.frames = frames;
        }
        Ok(())
    }

    /// Writes a header that tells the present length.
    pub fn mend(&self) -> io::Result<()> {
        self.file.write_all_at(&header(self.first, self.frames), 0)
    }
}

/// The wall instant of frame 0 of a file that the virtual PA wrote, and its length, whatever its header says of that.
pub fn first_frame(path: &Path) -> Result<(DateTime<Utc>, Frames), WavFault> {
    let mut file = File::open(path)?;
    let mut start = Vec::new();
    (&mut file).take(HEADER).read_to_end(&mut start)?;
    let first = read_first(&start).ok_or(WavFault::Foreign)?;
    Ok((first, Frames((file.metadata()?.len() - HEADER) / 2)))
}

/// Whether a kill hit while the file was made: nothing in it yet, or a part of our header.
fn is_torn_start(start: &[u8]) -> bool {
    let model = header(DateTime::UNIX_EPOCH, 0);
    let same = |a: usize, b: usize| {
        let (a, b) = (a.min(start.len()), b.min(start.len()));
        start.get(a..b) == model.get(a..b)
    };
    (start.len() as u64) < HEADER && same(0, 4) && same(8, 48)
}

fn read_first(start: &[u8]) -> Option<DateTime<Utc>> {
    let model = header(DateTime::UNIX_EPOCH, 0);
    let same = |a: usize, b: usize| start.get(a..b) == model.get(a..b);
    let riff = matches!(start.get(..4)?, b"RIFF" | b"RF64");
    if !(riff && same(8, 12) && same(48, 84) && same(682, 686)) {
        return None;
    }
    let description = start.get(80..80 + 256)?;
    let text = std::str::from_utf8(description).ok()?.trim_end_matches('\0').strip_prefix(MARK)?;
    let first = text.parse().ok()?;
    (micros::text(&first) == text).then_some(first)
}

fn header(first: DateTime<Utc>, frames: u64) -> Vec<u8> {
    let data = 2 * frames;
    let riff = data + HEADER - 8;
    let (long, riff_size) = u32::try_from(riff).map_or((true, u32::MAX), |size| (false, size));
    let data_size = if long { u32::MAX } else { data as u32 };
    let mut out = Vec::with_capacity(HEADER as usize);
    out.extend(if long { b"RF64" } else { b"RIFF" });
    out.extend(riff_size.to_le_bytes());
    out.extend(b"WAVE");
    // EBU Tech 3306 section 3: a place kept for the 64-bit sizes.
    out.extend(if long { b"ds64" } else { b"JUNK" });
    out.extend(28u32.to_le_bytes());
    for size in [riff, data, frames] {
        out.extend(if long { size } else { 0 }.to_le_bytes());
    }
    out.extend(0u32.to_le_bytes());
    out.extend(b"fmt ");
    out.extend(16u32.to_le_bytes());
    for word in [1u16, 1] {
        out.extend(word.to_le_bytes());
    }
    out.extend(RATE.to_le_bytes());
    out.extend((2 * RATE).to_le_bytes());
    for word in [2u16, 16] {
        out.extend(word.to_le_bytes());
    }
    out.extend(b"bext");
    out.extend((BEXT as u32).to_le_bytes());
    out.extend(bext(first));
    out.extend(b"data");
    out.extend(data_size.to_le_bytes());
    out
}

/// EBU Tech 3285 version 1, without coding history.
fn bext(first: DateTime<Utc>) -> Vec<u8> {
    let mut out = format!("{MARK}{}", micros::text(&first)).into_bytes();
    out.resize(256, 0);
    out.extend(b"loaxa");
    out.resize(256 + 32 + 32, 0);
    out.extend(first.format("%Y-%m-%d%H:%M:%S").to_string().bytes().take(18));
    out.resize(256 + 32 + 32 + 18, 0);
    let midnight =
        u64::from(first.num_seconds_from_midnight()) * 1_000_000_000 + u64::from(first.nanosecond());
    out.extend((u128::from(midnight) * u128::from(RATE) / 1_000_000_000).to_le_bytes().iter().take(8));
    out.extend(1u16.to_le_bytes());
    out.resize(BEXT, 0);
    out
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests write broken files")]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_header_tells_lengths_beyond_4_gib() {
        let first = at("2026-12-01T06:00:00.123456Z");
        for frames in [0, 48_000, 3 << 30] {
            let header = header(first, frames);
            assert_eq!(header.len() as u64, HEADER);
            assert_eq!(read_first(&header), Some(first));
            let word = |i: usize| u64::from_le_bytes(header[i..i + 8].try_into().unwrap());
            match frames {
                0x_C000_0000 => {
                    assert_eq!((&header[..4], word(28), word(36)), (&b"RF64"[..], 2 * frames, frames))
                }
                _ => assert_eq!(
                    u64::from(u32::from_le_bytes(header[686..690].try_into().unwrap())),
                    2 * frames
                ),
            }
        }
    }

    #[test]
    fn whatever_a_kill_leaves_is_mended_and_what_is_foreign_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pa.wav");
        let first = at("2026-12-01T06:00:00Z");
        let mut wav = WavFile::open(&path, first).unwrap();
        wav.append(&[1, 0, 2, 0]).unwrap();
        drop(wav);
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let again = WavFile::open(&path, at("2026-12-01T07:00:00Z")).unwrap();
            let kept = (cut as u64).saturating_sub(HEADER) / 2;
            assert_eq!(again.frames(), kept, "cut at {cut}");
            drop(again);
            let mended = std::fs::read(&path).unwrap();
            assert_eq!(u64::from(u32::from_le_bytes(mended[686..690].try_into().unwrap())), 2 * kept);
        }
        for foreign in [&b"RIFF....WAVEfmt "[..], b"hello", &[0; 2_000]] {
            for more in [3, 700] {
                let bytes = [foreign, &vec![b'x'; more][..]].concat();
                std::fs::write(&path, &bytes).unwrap();
                assert!(matches!(WavFile::open(&path, first), Err(WavFault::Foreign)));
                assert_eq!(std::fs::read(&path).unwrap(), bytes);
            }
        }
    }

    #[test]
    fn a_file_in_use_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pa.wav");
        let _first = WavFile::open(&path, at("2026-12-01T06:00:00Z")).unwrap();
        assert!(matches!(WavFile::open(&path, at("2026-12-01T06:00:00Z")), Err(WavFault::InUse)));
    }
}
