//! What a verification found, and its words.

use chrono::{DateTime, Utc};

use super::chain::Head;
use crate::{
    digest::Digest,
    ids::StationId,
    text::{Lang, Text, asrun as words},
};

/// A line of a file. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spot {
    /// The file's name in the log's folder.
    pub file: String,
    /// From 1.
    pub line: u64,
    /// The number that the line at this place has to have; 0 in a file of receipts.
    pub seq: u64,
}

/// The verdict and what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// The log's id, once a key or a boot record told it.
    pub log: Option<Digest>,
    /// The station, by its boot records.
    pub station: Option<StationId>,
    /// How far the signer is proven.
    pub signer: Signer,
    /// The number of the first line.
    pub first: u64,
    /// The last good line.
    pub last: Option<Head>,
    /// Good lines.
    pub records: u64,
    /// Segments begun.
    pub segments: u64,
    /// The newest receipt that the log agrees with.
    pub receipt: Option<Covered>,
    /// The first bad line and why; nothing after it was judged.
    pub bad: Option<Bad>,
    /// What is worth knowing and no fault of the log.
    pub notes: Vec<Note>,
}

/// How far a receipt reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// Lines up to this one are the ones that the hub holds.
    pub seq: u64,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Whether a receipt key that the feed lists (or `--receipt-key`) signed it.
    pub proven: bool,
}

/// Whose signatures they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Signer {
    /// No key was given: the lines follow each other, but anyone may have written them all.
    #[default]
    Unproven,
    /// Signed by the key that lies beside them: of one hand, but anyone's.
    Enclosed,
    /// Signed by the key that was given.
    Key,
    /// Signed by the key that the registry lists for this station.
    Registry(StationId),
}

impl Signer {
    /// The word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Unproven => "unproven",
            Self::Enclosed => "enclosed",
            Self::Key => "key",
            Self::Registry(_) => "registry",
        }
    }
}

/// The first bad line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// Where.
    pub spot: Spot,
    /// Why.
    pub why: Fault,
}

/// Why a line is bad. docs/asrun.md defines each under its word.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "docs/asrun.md defines each under its word")]
pub enum Fault {
    NoLog,
    SegmentName,
    MissingStart { first: u64 },
    Gap { due: u64, found: u64 },
    Repeated { due: u64, found: u64 },
    Empty,
    Unterminated,
    TooLong,
    NotCanonical { at: usize },
    Format { found: i64 },
    Shape { key: String },
    Prev,
    Signature,
    Unregistered,
    Month { found: String },
    NoBoot,
    OtherLog { found: Digest },
    OtherStation { found: String },
    Rewritten { receipt: DateTime<Utc> },
    Cut { receipt: u64, last: u64 },
    ReceiptMalformed,
    ReceiptSignature,
    ReceiptOtherLog { found: Digest },
}

impl Fault {
    /// The word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoLog => "no-log",
            Self::SegmentName => "segment-name",
            Self::MissingStart { .. } => "missing-start",
            Self::Gap { .. } => "gap",
            Self::Repeated { .. } => "repeated",
            Self::Empty => "empty",
            Self::Unterminated => "unterminated",
            Self::TooLong => "too-long",
            Self::NotCanonical { .. } => "not-canonical",
            Self::Format { .. } => "format",
            Self::Shape { .. } => "shape",
            Self::Prev => "prev",
            Self::Signature => "signature",
            Self::Unregistered => "unregistered",
            Self::Month { .. } => "month",
            Self::NoBoot => "no-boot",
            Self::OtherLog { .. } => "other-log",
            Self::OtherStation { .. } => "other-station",
            Self::Rewritten { .. } => "rewritten",
            Self::Cut { .. } => "cut",
            Self::ReceiptMalformed => "receipt-malformed",
            Self::ReceiptSignature => "receipt-signature",
            Self::ReceiptOtherLog { .. } => "receipt-other-log",
        }
    }

    /// For people.
    pub fn text(&self) -> Text {
        match self {
            Self::NoLog => words::no_log(),
            Self::SegmentName => words::segment_name(),
            Self::MissingStart { first } => words::missing_start(*first),
            Self::Gap { due, found } if due + 1 == *found => words::gap_one(*due),
            Self::Gap { due, found } => words::gap(*due, found - 1),
            Self::Repeated { due, found } => words::repeated(*due, *found),
            Self::Empty => words::empty(),
            Self::Unterminated => words::unterminated(),
            Self::TooLong => words::too_long(),
            Self::NotCanonical { at } => words::not_canonical(at + 1),
            Self::Format { found } => words::format(*found),
            Self::Shape { key } if key.is_empty() => words::envelope(),
            Self::Shape { key } => words::shape(key),
            Self::Prev => words::prev(),
            Self::Signature => words::signature(),
            Self::Unregistered => words::unregistered(),
            Self::Month { found } => words::month(found),
            Self::NoBoot => words::no_boot(),
            Self::OtherLog { found } => words::other_log(found),
            Self::OtherStation { found } => words::other_station(found),
            Self::Rewritten { receipt } => words::rewritten(super::words::instant(receipt)),
            Self::Cut { receipt, last } => words::cut(*receipt, *last),
            Self::ReceiptMalformed => words::receipt_malformed(),
            Self::ReceiptSignature => words::receipt_signature(),
            Self::ReceiptOtherLog { found } => words::receipt_other_log(found),
        }
    }
}

/// Something that is worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where it was seen first.
    pub spot: Spot,
    /// What.
    pub what: Remark,
}

/// What is worth knowing. docs/asrun.md defines each under its word.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "docs/asrun.md defines each under its word")]
pub enum Remark {
    Torn { bytes: u64 },
    Newer { count: u64 },
    TimeBack { count: u64 },
    TwoOutcomes { of: String },
    IntentAgain { of: String },
    OpenIntent { of: String },
}

impl Remark {
    /// The word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Torn { .. } => "torn",
            Self::Newer { .. } => "newer",
            Self::TimeBack { .. } => "time-back",
            Self::TwoOutcomes { .. } => "two-outcomes",
            Self::IntentAgain { .. } => "intent-again",
            Self::OpenIntent { .. } => "open-intent",
        }
    }

    /// For people.
    pub fn text(&self) -> Text {
        match self {
            Self::Torn { bytes } => words::torn(*bytes),
            Self::Newer { count } => words::newer(*count),
            Self::TimeBack { count } => words::time_back(*count),
            Self::TwoOutcomes { of } => words::two_outcomes(of),
            Self::IntentAgain { of } => words::intent_again(of),
            Self::OpenIntent { of } => words::open_intent(of),
        }
    }
}

impl Spot {
    /// `file:line`.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

impl Findings {
    /// Whether the log verifies.
    pub fn ok(&self) -> bool {
        self.bad.is_none()
    }

    /// The verdict for people, several lines.
    pub fn to(&self, lang: Lang) -> String {
        let mut out = String::new();
        let mut say = |text: Text| {
            out.push_str(text.to(lang));
            out.push('\n');
        };
        match &self.bad {
            Some(Bad { spot, why }) if spot.file.is_empty() => say(words::bad_log(why.text())),
            Some(Bad { spot, why }) if spot.line == 0 => say(words::bad_file(&spot.file, why.text())),
            Some(Bad { spot, why }) if spot.seq == 0 => say(words::bad_receipt(spot.place(), why.text())),
            Some(Bad { spot, why }) => say(words::bad_line(spot.place(), spot.seq, why.text())),
            None => say(self.signer_text()),
        }
        if let Some(head) = self.last {
            say(words::extent(self.records, self.first, head.seq, self.segments));
            if self.ok() {
                say(words::last_hash(head.hash));
            }
        }
        if let Some(log) = self.log {
            let station = self.station.as_ref().map_or("?", |s| s.as_str());
            say(words::whose(station, log));
        }
        if self.ok() {
            say(self.receipt_text());
        }
        for note in &self.notes {
            say(words::note(note.spot.place(), note.what.text()));
        }
        out
    }

    fn signer_text(&self) -> Text {
        match &self.signer {
            Signer::Unproven => words::signer_unproven(),
            Signer::Enclosed => words::signer_enclosed(),
            Signer::Key => words::signer_key(),
            Signer::Registry(station) => words::signer_registry(station),
        }
    }

    fn receipt_text(&self) -> Text {
        let last = self.last.map_or(0, |h| h.seq);
        match self.receipt {
            None => words::no_receipt(),
            Some(Covered { seq, at, proven: true }) if seq == last => {
                words::receipt_all(super::words::instant(&at))
            }
            Some(Covered { seq, at, proven: true }) => {
                words::receipt_part(super::words::instant(&at), seq, seq + 1, last)
            }
            Some(Covered { seq, proven: false, .. }) => words::receipt_unproven(seq),
        }
    }
}
