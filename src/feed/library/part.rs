//! A download under way: `<sha256>.part` beside `<sha256>.note`, which says what is known to be on the medium.
//!
//! Bytes are synced at marks that grow with the file, so that a power cut costs at most 256 KiB or a sixteenth, and the
//! medium is not worn by a sync a chunk. Whatever a cut left, the final hash decides.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::{Library, hash_into};
use crate::{
    digest::{Digest, Hasher},
    durable::{self, Incoming},
};

/// The part of a file that has come so far.
pub struct Part {
    library: Library,
    sha256: Digest,
    length: u64,
    file: Incoming,
    hasher: Hasher,
    have: u64,
    tag: Option<String>,
}

/// What is remembered beside a part.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Note {
    /// The strong ETag that the first bytes came with.
    tag: Option<String>,
    /// So many bytes are surely on the medium.
    have: u64,
}

/// Why a part did not become a file.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// More bytes came than are signed.
    #[error("longer than signed")]
    TooLong,
    /// The bytes are not the signed ones.
    #[error("not the signed bytes")]
    Wrong,
    /// The disk failed.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

const LEAST_GAP: u64 = 256 * 1024;

/// How much of a part of `len` bytes is on the medium whatever happened: the last mark. Marks lie 256 KiB apart up to
/// 4 MiB, then a sixteenth of the last power of two apart.
pub fn last_mark(len: u64) -> u64 {
    let gap = mark_gap(len);
    len / gap * gap
}

fn mark_gap(len: u64) -> u64 {
    if len < 16 * LEAST_GAP { LEAST_GAP } else { (1 << len.ilog2()) / 16 }
}

impl Library {
    /// Opens what there is of a file of `length` bytes, or begins it.
    pub fn part(&self, sha256: &Digest, length: u64) -> io::Result<Part> {
        let path = self.part_path(sha256);
        let note = self.note(sha256);
        let there = fs::symlink_metadata(&path).map_or(0, |m| if m.is_file() { m.len() } else { 0 });
        let sure = if note.have <= there { note.have.max(last_mark(there)) } else { 0 }.min(length);
        let file = Incoming::resume(&path, sure)?;
        let mut hasher = Hasher::new();
        let have = hash_into(&mut hasher, File::open(&path)?)?;
        Ok(Part { library: self.clone(), sha256: *sha256, length, file, hasher, have, tag: note.tag })
    }

    /// Bytes that lie here of a file that is not whole yet.
    pub fn part_len(&self, sha256: &Digest) -> u64 {
        fs::symlink_metadata(self.part_path(sha256)).map_or(0, |m| m.len())
    }

    /// Removes what has come of a file.
    pub fn drop_part(&self, sha256: &Digest) -> io::Result<()> {
        durable::remove(&self.note_path(sha256))?;
        durable::remove(&self.part_path(sha256))
    }

    fn part_path(&self, sha256: &Digest) -> PathBuf {
        self.dir.join(format!("{sha256}.part"))
    }

    fn note_path(&self, sha256: &Digest) -> PathBuf {
        self.dir.join(format!("{sha256}.note"))
    }

    /// A note that cannot be read is as good as none: less is taken for sure.
    fn note(&self, sha256: &Digest) -> Note {
        let bytes = fs::read(self.note_path(sha256)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }
}

impl Part {
    /// Bytes that are here.
    pub fn have(&self) -> u64 {
        self.have
    }

    /// Bytes of the whole file.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether all bytes are here.
    pub fn is_full(&self) -> bool {
        self.have == self.length
    }

    /// The strong ETag of the version that these bytes are of.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The body begins at `from`: 0 if the server does not go on, so that what came before is dropped.
    pub fn begin(&mut self, from: u64, tag: Option<String>) -> io::Result<()> {
        if from != self.have {
            durable::cut(self.file.file(), 0)?;
            (self.have, self.hasher) = (0, Hasher::new());
        }
        if tag != self.tag {
            self.tag = tag;
            // Below the first mark nothing is resumed after a power cut, so the tag need not survive either.
            if self.length > LEAST_GAP {
                self.write_note(0)?;
            }
        }
        Ok(())
    }

    /// Takes the next bytes. After [`PartError::TooLong`] the part is of no use.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), PartError> {
        let after = self.have + piece.len() as u64;
        if after > self.length {
            return Err(PartError::TooLong);
        }
        self.file.write_all(piece)?;
        self.hasher.update(piece);
        if last_mark(after) > self.have {
            self.file.sync()?;
        }
        self.have = after;
        Ok(())
    }

    /// Leaves the part for later, so that all of it counts even after a power cut. Nothing stays of an empty one.
    pub fn pause(self) -> io::Result<()> {
        if self.have == 0 {
            return self.library.drop_part(&self.sha256);
        }
        self.file.sync()?;
        self.write_note(self.have)
    }

    /// Makes it a file of the library, if it is the signed one.
    pub fn finish(self) -> Result<(), PartError> {
        if self.hasher.finish() != self.sha256 {
            return Err(PartError::Wrong);
        }
        self.file.commit(&self.library.path_of(&self.sha256))?;
        self.library.trust(&self.sha256)?;
        durable::remove(&self.library.note_path(&self.sha256))?;
        Ok(())
    }

    fn write_note(&self, have: u64) -> io::Result<()> {
        let note = Note { tag: self.tag.clone(), have };
        durable::replace(&self.library.note_path(&self.sha256), &serde_json::to_vec(&note)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_only_grow_and_lose_little() {
        let mut last = 0;
        for len in (0..400_000_000u64).step_by(99_991) {
            let mark = last_mark(len);
            assert!(mark >= last && mark <= len, "{len}");
            assert!(len - mark < (len / 16).max(256 * 1024) + 1, "{len} {mark}");
            last = mark;
        }
    }
}
