//! Ogg pages (RFC 3533), read strictly: one stream, whole pages one after another, nothing before, between or behind.
//! The crate `ogg` checks each page's CRC and joins packets; it would skip rubbish and forgive a missing end, so the
//! page headers are read and judged here.

use std::io::{self, Read};

use ogg::reading::{BasePacketReader, OggPage, OggReadError, PageParser};

/// Why a stream of pages is refused.
#[derive(Debug, thiserror::Error)]
pub enum PageFault {
    /// The file could not be read.
    #[error("read failed: {0}")]
    Io(#[from] io::Error),
    /// It ends before the page that is marked as the last.
    #[error("cut short at byte {0}")]
    Cut(u64),
    /// What stands there is not the page that has to follow.
    #[error("byte {at}: {what}")]
    Broken {
        /// Where the page begins.
        at: u64,
        /// What is wrong with it.
        what: &'static str,
    },
}

/// What the header of a page says.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Byte at which it begins.
    pub at: u64,
    /// Granule position; none if no packet ends on the page.
    pub granule: Option<u64>,
    /// Whether it is marked as the last.
    pub last: bool,
}

/// Reads page after page.
pub struct Pages<R> {
    from: R,
    packets: BasePacketReader,
    at: u64,
    number: u32,
    serial: Option<u32>,
    ended: bool,
}

impl<R: Read> Pages<R> {
    /// At the first byte of `from`.
    pub fn new(from: R) -> Self {
        Self { from, packets: BasePacketReader::new(), at: 0, number: 0, serial: None, ended: false }
    }

    /// The next page; none after the last, once nothing stands behind it.
    pub fn next_page(&mut self) -> Result<Option<Page>, PageFault> {
        let mut header = [0; 27];
        let got = read_up_to(&mut self.from, &mut header)?;
        if self.ended {
            return if got == 0 { Ok(None) } else { Err(self.broken("bytes behind the last page")) };
        }
        if got < header.len() {
            return Err(PageFault::Cut(self.at + got as u64));
        }
        let page = self.judge(&header)?;
        let body = self.read_body(header)?;
        self.packets.push_page(body).map_err(|e| self.ogg(e))?;
        self.number += 1;
        self.ended = page.last;
        Ok(Some(page))
    }

    /// The next packet that ends on the pages read so far.
    pub fn next_packet(&mut self) -> Option<Vec<u8>> {
        self.packets.read_packet().map(|p| p.data)
    }

    /// RFC 3533 section 6: the fixed part of a page header.
    fn judge(&mut self, header: &[u8; 27]) -> Result<Page, PageFault> {
        let flags = header[5];
        let word = |i: usize| u32::from_le_bytes([header[i], header[i + 1], header[i + 2], header[i + 3]]);
        let granule = u64::from(word(6)) | u64::from(word(10)) << 32;
        if &header[..4] != b"OggS" || header[4] != 0 {
            return Err(self.broken("no Ogg page begins here"));
        }
        if flags & 0x02 != 0 && self.number != 0 {
            return Err(self.broken("a second stream begins"));
        }
        if flags & 0x02 == 0 && self.number == 0 {
            return Err(self.broken("the first page is missing"));
        }
        if *self.serial.get_or_insert(word(14)) != word(14) {
            return Err(self.broken("a page of another stream"));
        }
        if word(18) != self.number {
            return Err(self.broken("a page is missing or twice"));
        }
        let granule = (granule != u64::MAX).then_some(granule);
        Ok(Page { at: self.at, granule, last: flags & 0x04 != 0 })
    }

    fn read_body(&mut self, header: [u8; 27]) -> Result<OggPage, PageFault> {
        let (mut parser, segments) = PageParser::new(header).map_err(|e| self.ogg(e))?;
        let segments = self.exactly(segments, 27)?;
        let before = 27 + segments.len();
        let length = parser.parse_segments(segments);
        let body = self.exactly(length, before)?;
        let page = parser.parse_packet_data(body).map_err(|e| self.ogg(e))?;
        self.at += (before + length) as u64;
        Ok(page)
    }

    fn exactly(&mut self, length: usize, before: usize) -> Result<Vec<u8>, PageFault> {
        let mut bytes = vec![0; length];
        let got = read_up_to(&mut self.from, &mut bytes)?;
        if got < length { Err(PageFault::Cut(self.at + (before + got) as u64)) } else { Ok(bytes) }
    }

    fn broken(&self, what: &'static str) -> PageFault {
        PageFault::Broken { at: self.at, what }
    }

    fn ogg(&self, e: OggReadError) -> PageFault {
        self.broken(match e {
            OggReadError::HashMismatch(..) => "the page's checksum does not fit",
            _ => "the page does not fit the one before",
        })
    }
}

/// Reads until `to` is full or the end; says how many bytes.
fn read_up_to(from: &mut impl Read, to: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < to.len() {
        match from.read(&mut to[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(got)
}
