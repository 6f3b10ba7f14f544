//! The canonical form: Ogg Opus (RFC 7845), mono, 48 kHz, one stream. In: bytes; out: samples, exactly as many as the
//! last page's granule position promises. Anything else is refused: a station plays only what an office made.

use std::{io::Read, path::Path};

use opusic_c::{Channels, Decoder, SampleRate};

use super::pages::{Page, PageFault, Pages};
use crate::{bulletin::Frames, text::Text};

/// The longest packet of Opus: 120 ms (RFC 6716 section 2.1.4).
pub const LONGEST_PACKET: usize = 5_760;
/// More than the longest recording takes: an hour at 32 kbit/s is 14 MB.
pub const LARGEST_FILE: u64 = 64 << 20;
/// Bound of the comment header, RFC 7845 section 5.2 (pictures do not belong into the canonical form).
const LARGEST_TAGS: usize = 64 << 10;

/// Why bytes are not the canonical form.
#[derive(Debug, thiserror::Error)]
pub enum NotCanonical {
    /// The container is damaged, cut, or not one whole Ogg stream.
    #[error(transparent)]
    Page(#[from] PageFault),
    /// Not Opus, or not mono at 48 kHz without output gain.
    #[error("the header is not that of the canonical form: {0}")]
    Header(&'static str),
    /// A packet that Opus does not know.
    #[error("the packet at {0} frames is damaged")]
    Packet(u64),
    /// A page says another position than its packets add up to (RFC 7845 section 4).
    #[error("byte {at}: the page says {says} frames, its packets end at {are}")]
    Granule {
        /// Where the page begins.
        at: u64,
        /// Its granule position.
        says: u64,
        /// The sum of the packets.
        are: u64,
    },
    /// The decoder could not be made.
    #[error("no memory for the decoder")]
    Decoder,
}

impl NotCanonical {
    /// For people.
    pub fn text(&self) -> Text {
        use crate::text::playout as say;
        let vi = match self {
            Self::Page(PageFault::Io(e)) => crate::text::machine::io(e),
            Self::Page(PageFault::Cut(at)) => say::opus_cut(*at),
            Self::Page(PageFault::Broken { at, .. }) => say::opus_broken(*at),
            Self::Header(_) => say::opus_header(),
            Self::Packet(at) => say::opus_packet(*at),
            Self::Granule { at, says, are } => say::opus_granule(*at, *says, *are),
            Self::Decoder => say::opus_no_decoder(),
        };
        say::not_canonical(Text { vi: vi.vi, en: self.to_string() })
    }
}

/// A canonical recording under way.
pub struct Canonical<R> {
    pages: Pages<R>,
    decoder: Decoder,
    block: Vec<f32>,
    /// Packets of the current page: their samples, not yet decoded.
    packets: std::collections::VecDeque<(Vec<u8>, usize)>,
    /// Granule position after the last packet handed to the decoder.
    decoded: u64,
    /// Granule position after the current page.
    known: u64,
    /// Where playback ends, once the last page is read.
    end: Option<u64>,
    pre_skip: u64,
}

impl<R: Read> Canonical<R> {
    /// Reads the headers.
    pub fn open(from: R) -> Result<Self, NotCanonical> {
        let mut pages = Pages::new(from);
        let pre_skip = read_head(&mut pages)?;
        read_tags(&mut pages)?;
        let decoder = Decoder::new(Channels::Mono, SampleRate::Hz48000).map_err(|_| NotCanonical::Decoder)?;
        Ok(Self {
            pages,
            decoder,
            block: vec![0.0; LONGEST_PACKET],
            packets: std::collections::VecDeque::new(),
            decoded: 0,
            known: 0,
            end: None,
            pre_skip,
        })
    }

    /// The next samples in -1 to 1 (may be beyond by a little); none at the end. After an error, do not call again.
    pub fn next_block(&mut self) -> Result<Option<&[f32]>, NotCanonical> {
        loop {
            let Some((packet, length)) = self.packets.pop_front() else {
                if !self.read_page()? {
                    return Ok(None);
                }
                continue;
            };
            let fault = NotCanonical::Packet(self.decoded);
            let got =
                self.decoder.decode_float_to_slice(&packet, &mut self.block, false).map_err(|_| fault)?;
            if got != length {
                return Err(NotCanonical::Packet(self.decoded));
            }
            // RFC 7845 section 4.2 (pre-skip) and 4.4 (end trimming).
            let first = self.pre_skip.saturating_sub(self.decoded).min(length as u64);
            let past =
                self.end.map_or(length as u64, |end| end.saturating_sub(self.decoded).min(length as u64));
            self.decoded += length as u64;
            if first < past {
                return Ok(self.block.get(first as usize..past as usize));
            }
        }
    }

    /// False when no page is left.
    fn read_page(&mut self) -> Result<bool, NotCanonical> {
        let Some(page) = self.pages.next_page()? else {
            return Ok(false);
        };
        while let Some(packet) = self.pages.next_packet() {
            let fault = NotCanonical::Packet(self.known);
            if packet.is_empty() {
                return Err(fault);
            }
            let length = self.decoder.get_nb_samples(&packet).unwrap_or(0);
            if !(1..=LONGEST_PACKET).contains(&length) {
                return Err(fault);
            }
            self.known += length as u64;
            self.packets.push_back((packet, length));
        }
        self.check_granule(page)?;
        Ok(true)
    }

    /// RFC 7845 section 4: the position is the sum of all samples so far; on the last page it may trim the end.
    fn check_granule(&mut self, page: Page) -> Result<(), NotCanonical> {
        let says = match page.granule {
            None if self.packets.is_empty() && !page.last => return Ok(()),
            None => u64::MAX,
            Some(says) => says,
        };
        let trimmed = self.packets.iter().map(|p| p.1 as u64).sum::<u64>();
        let fits = if page.last {
            says <= self.known && says > self.known - trimmed && says > self.pre_skip
        } else {
            says == self.known && trimmed > 0
        };
        if !fits {
            return Err(NotCanonical::Granule { at: page.at, says, are: self.known });
        }
        if page.last {
            self.end = Some(says);
        }
        Ok(())
    }
}

/// RFC 7845 section 5.1: the identification header, alone on the first page. Gives the pre-skip.
fn read_head<R: Read>(pages: &mut Pages<R>) -> Result<u64, NotCanonical> {
    let page = pages.next_page()?.ok_or(NotCanonical::Header("empty"))?;
    let head = pages.next_packet().ok_or(NotCanonical::Header("no first packet"))?;
    if pages.next_packet().is_some() || page.granule != Some(0) || page.last {
        return Err(NotCanonical::Header("the first page holds more than the header"));
    }
    if head.len() != 19 || &head[..8] != b"OpusHead" || head[8] != 1 {
        return Err(NotCanonical::Header("not Opus"));
    }
    if head[9] != 1 || head[18] != 0 {
        return Err(NotCanonical::Header("not mono"));
    }
    if head[16..18] != [0, 0] {
        return Err(NotCanonical::Header("it asks for an output gain"));
    }
    Ok(u64::from(u16::from_le_bytes([head[10], head[11]])))
}

/// RFC 7845 section 5.2: the comment header ends its page; its content is of no interest.
fn read_tags<R: Read>(pages: &mut Pages<R>) -> Result<(), NotCanonical> {
    for _ in 0..3 {
        let page = pages.next_page()?.ok_or(NotCanonical::Header("no comment header"))?;
        if page.last || page.granule.is_some_and(|g| g != 0) {
            return Err(NotCanonical::Header("no comment header"));
        }
        let Some(tags) = pages.next_packet() else {
            continue;
        };
        if pages.next_packet().is_some() || !tags.starts_with(b"OpusTags") || tags.len() > LARGEST_TAGS {
            return Err(NotCanonical::Header("the second packet is no comment header"));
        }
        return Ok(());
    }
    Err(NotCanonical::Header("the comment header is too long"))
}

/// All samples of `bytes`.
pub fn decode(bytes: &[u8]) -> Result<Vec<f32>, NotCanonical> {
    let mut canonical = Canonical::open(bytes)?;
    let mut all = Vec::new();
    while let Some(block) = canonical.next_block()? {
        all.extend_from_slice(block);
    }
    Ok(all)
}

/// The exact length of `bytes`, every packet decoded.
pub fn frames(bytes: &[u8]) -> Result<Frames, NotCanonical> {
    let mut canonical = Canonical::open(bytes)?;
    let mut sum = 0;
    while let Some(block) = canonical.next_block()? {
        sum += block.len() as u64;
    }
    Ok(Frames(sum))
}

/// The exact length of the canonical file at `path`: what an office signs.
pub fn canonical_frames(path: &Path) -> Result<Frames, NotCanonical> {
    frames(&read_bounded(path)?)
}

/// All samples of the canonical file at `path`.
pub fn decode_file(path: &Path) -> Result<Vec<f32>, NotCanonical> {
    decode(&read_bounded(path)?)
}

/// The bytes of a file that is at most [`LARGEST_FILE`] long.
pub fn read_bounded(path: &Path) -> Result<Vec<u8>, PageFault> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(PageFault::Broken { at: LARGEST_FILE, what: "larger than any recording" });
    }
    Ok(bytes)
}
