//! Own checks of containers, for what ffmpeg lets pass: ends that are missing and parts that were joined.
//!
//! Each file walks the outermost structure of one container and never decodes. No finding means: nothing seen.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use super::outcome::Seconds;

mod asf;
mod mp3;
mod mp4;
pub(super) mod ogg;
mod wav;

/// What a walk found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// The end is missing.
    Cut,
    /// The same, where the container tells how many bytes there should be; and there are.
    CutBytes(u64, u64),
    /// The same, where it tells the length of the sound.
    CutSeconds(Seconds),
    /// So many recordings, one after the other.
    Joined(u64),
    /// Written by a program that did not know the length.
    LengthUnstated,
}

/// Walks `file`, which ffprobe calls `format`; an empty `format` goes by the first bytes.
pub(super) fn check(file: &Path, format: &str) -> io::Result<Option<Finding>> {
    let mut input = Input::open(file)?;
    let mut head = [0; 12];
    let n = input.read_up_to(&mut head)?;
    let head = &head[..n];
    input.seek(0)?;
    let is = |name: &str| format.split(',').any(|f| f == name);
    if head.starts_with(b"OggS") {
        ogg::check(&mut input)
    } else if is("wav") || head.starts_with(b"RIFF") {
        wav::check(&mut input)
    } else if is("mov") || head.get(4..8) == Some(b"ftyp") {
        mp4::check(&mut input)
    } else if is("mp3") {
        mp3::check(&mut input)
    } else if is("asf") || head.starts_with(&asf::HEADER[..n.min(12)]) && n == 12 {
        asf::check(&mut input)
    } else {
        Ok(None)
    }
}

/// A file, its length, and where reading is.
pub(super) struct Input {
    file: BufReader<File>,
    pub len: u64,
    pub at: u64,
}

impl Input {
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Self { file: BufReader::with_capacity(1 << 16, file), len, at: 0 })
    }

    /// Goes to `to`, which may lie behind the end.
    pub fn seek(&mut self, to: u64) -> io::Result<()> {
        match i64::try_from(to).ok().zip(i64::try_from(self.at).ok()) {
            Some((to, at)) => self.file.seek_relative(to - at)?,
            None => self.file.seek(SeekFrom::End(0)).map(|_| ())?,
        }
        self.at = to;
        Ok(())
    }

    /// Fills `buf` as far as the file goes.
    pub fn read_up_to(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < buf.len() {
            match self.file.read(&mut buf[done..]) {
                Ok(0) => break,
                Ok(n) => done += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        self.at += done as u64;
        Ok(done)
    }

    /// The next `N` bytes; none when the file ends before.
    pub fn take<const N: usize>(&mut self) -> io::Result<Option<[u8; N]>> {
        let mut buf = [0; N];
        Ok((self.read_up_to(&mut buf)? == N).then_some(buf))
    }
}
