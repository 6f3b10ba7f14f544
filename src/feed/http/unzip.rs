//! gzip, counted on the side that matters: what comes out. A bomb is refused at its first byte too many.

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

use crate::{feed::source::FetchError, text};

/// Takes bytes as they come, compressed or not, and holds at most `max` plain ones.
pub(in crate::feed) enum Unzip {
    Plain(Capped),
    Gzip(Box<MultiGzDecoder<Capped>>),
}

/// Plain bytes up to a limit.
pub(in crate::feed) struct Capped {
    bytes: Vec<u8>,
    max: u64,
    over: bool,
}

/// Why the bytes are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::feed) enum NotUnzipped {
    TooLong,
    Damaged,
}

impl NotUnzipped {
    pub(in crate::feed) fn to_fetch(self, name: &str, max: u64) -> FetchError {
        match self {
            Self::TooLong => FetchError::Refused(text::sync::too_long(name, max)),
            Self::Damaged => FetchError::Broken(text::sync::bad_gzip(name)),
        }
    }
}

impl Write for Capped {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if (self.bytes.len() + piece.len()) as u64 > self.max {
            self.over = true;
            return Err(io::Error::other("too long"));
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Unzip {
    pub(in crate::feed) fn new(gzip: bool, max: u64) -> Self {
        let capped = Capped { bytes: Vec::new(), max, over: false };
        if gzip { Self::Gzip(Box::new(MultiGzDecoder::new(capped))) } else { Self::Plain(capped) }
    }

    pub(in crate::feed) fn write(&mut self, piece: &[u8]) -> Result<(), NotUnzipped> {
        let done = match self {
            Self::Plain(capped) => capped.write_all(piece),
            Self::Gzip(decoder) => decoder.write_all(piece),
        };
        done.map_err(|_| self.why())
    }

    pub(in crate::feed) fn finish(mut self) -> Result<Vec<u8>, NotUnzipped> {
        if let Self::Gzip(decoder) = &mut self
            && decoder.try_finish().is_err()
        {
            return Err(self.why());
        }
        Ok(match self {
            Self::Plain(capped) => capped.bytes,
            Self::Gzip(mut decoder) => std::mem::take(&mut decoder.get_mut().bytes),
        })
    }

    fn why(&self) -> NotUnzipped {
        let over = match self {
            Self::Plain(capped) => capped.over,
            Self::Gzip(decoder) => decoder.get_ref().over,
        };
        if over { NotUnzipped::TooLong } else { NotUnzipped::Damaged }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn zip(plain: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap()
    }

    fn unzip(zipped: &[u8], max: u64) -> Result<Vec<u8>, NotUnzipped> {
        let mut out = Unzip::new(true, max);
        for piece in zipped.chunks(7) {
            out.write(piece)?;
        }
        out.finish()
    }

    #[test]
    fn what_fits_comes_out_and_a_bomb_does_not() {
        let plain = vec![b'x'; 1_000_000];
        assert_eq!(unzip(&zip(&plain), 1_000_000), Ok(plain.clone()));
        assert_eq!(unzip(&zip(&plain), 999_999), Err(NotUnzipped::TooLong));
    }

    #[test]
    fn a_cut_or_flipped_stream_is_damaged() {
        let zipped = zip(b"hello, hello, hello");
        for len in 0..zipped.len() {
            // Nothing at all is an empty stream only for zero members.
            if len > 0 {
                assert_eq!(unzip(&zipped[..len], 99), Err(NotUnzipped::Damaged), "{len}");
            }
        }
        let mut crc = zipped.clone();
        let at = crc.len() - 6;
        crc[at] ^= 1;
        assert_eq!(unzip(&crc, 99), Err(NotUnzipped::Damaged));
    }
}
