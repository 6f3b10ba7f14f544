//! How one line follows another. Pure.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// The end of a chain: the last line's number, and the SHA-256 of its bytes without the newline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Head {
    /// From 1; 0 before the first line.
    pub seq: u64,
    /// Sixty-four zeros before the first line.
    pub hash: Digest,
}

impl Default for Head {
    fn default() -> Self {
        Self::START
    }
}

impl Head {
    /// Before the first line of a log.
    pub const START: Self = Self { seq: 0, hash: Digest::ZERO };

    /// The head after a line that says of itself `seq` and `prev`; why not, if it does not follow.
    pub fn follow(self, seq: u64, prev: Digest, line: &[u8]) -> Result<Self, Break> {
        let due = self.seq.saturating_add(1);
        if seq > due {
            return Err(Break::Gap { due, found: seq });
        }
        if seq < due {
            return Err(Break::Repeated { due, found: seq });
        }
        if prev != self.hash {
            return Err(Break::Prev);
        }
        Ok(Self { seq, hash: Digest::of(line) })
    }
}

/// Why a line does not follow the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Lines `due` to `found - 1` are not there.
    Gap {
        /// The number that should stand here.
        due: u64,
        /// The number that does.
        found: u64,
    },
    /// A number that has been before: a copy, another order, or a fork.
    Repeated {
        /// The number that should stand here.
        due: u64,
        /// The number that does.
        found: u64,
    },
    /// It names another line as the one before it: one of the two was changed, or this is a fork.
    Prev,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_follows_by_number_and_by_hash() {
        let one = Head::START.follow(1, Digest::ZERO, b"one");
        assert_eq!(one, Ok(Head { seq: 1, hash: Digest::of(b"one") }));
        let head = Head { seq: 1, hash: Digest::of(b"one") };
        assert!(head.follow(2, Digest::of(b"one"), b"two").is_ok());
        assert_eq!(head.follow(4, Digest::of(b"one"), b""), Err(Break::Gap { due: 2, found: 4 }));
        assert_eq!(head.follow(1, Digest::of(b"one"), b""), Err(Break::Repeated { due: 2, found: 1 }));
        assert_eq!(head.follow(2, Digest::of(b"One"), b""), Err(Break::Prev));
    }
}
