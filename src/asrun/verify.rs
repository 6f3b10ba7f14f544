//! Whether a log is whole, in order and signed. Pure: bytes in, [`Findings`] out; docs/asrun.md is its specification,
//! section by section, and tests/support/verify_asrun.py a second reading of the same page.

use std::collections::BTreeMap;

use super::{
    canon::{self, Json, PublicKey},
    chain::{Break, Head},
    findings::{Bad, Covered, Fault, Findings, Note, Remark, Signer, Spot},
    key::Verifying,
    owed::Owed,
    receipt::{Receipt, Refused},
    record::FORMAT,
    schema::{self, Fit},
    segment::SegmentName,
};
use crate::{digest::Digest, ids::StationId};

/// Notes of single lines that are listed; more are left out.
const MOST_NOTES: usize = 1000;

/// Whose log it has to be.
#[derive(Debug, Clone, Default)]
pub enum Expect {
    /// Anyone's: signatures are not checked.
    #[default]
    Anyone,
    /// Of the key that lies beside it: checked, but proof of nothing about whose it is.
    Enclosed(Verifying),
    /// Of this key.
    Key(Verifying),
    /// Of one of the stations that the registry lists.
    Registry(Vec<(StationId, Verifying)>),
}

/// What the feed's registry says about keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    /// The log key of each station.
    pub stations: Vec<(StationId, PublicKey)>,
    /// Keys that sign receipts.
    pub receipt_keys: Vec<PublicKey>,
}

/// A receipt, where it stands, and whether a receipt key was there to prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    receipt: Receipt,
    spot: Spot,
    proven: bool,
}

/// Reads a file of receipts, one a line; with `keys`, each must be signed by one of them. The last line may lack its
/// newline; if it is broken as well, and `tail_may_tear`, it is passed over.
pub fn receipts(
    file: &str,
    content: &[u8],
    keys: Option<&[Verifying]>,
    tail_may_tear: bool,
) -> Result<Vec<Held>, Bad> {
    let mut held = Vec::new();
    for (index, line) in content.split_inclusive(|b| *b == b'\n').enumerate() {
        let spot = Spot { file: file.to_owned(), line: index as u64 + 1, seq: 0 };
        let (line, whole) = match line.strip_suffix(b"\n") {
            Some(line) => (line, true),
            None => (line, false),
        };
        match Receipt::read(line, keys) {
            Ok(receipt) => held.push(Held { receipt, spot, proven: keys.is_some() }),
            Err(_) if !whole && tail_may_tear => {}
            Err(Refused::Malformed) => return Err(Bad { spot, why: Fault::ReceiptMalformed }),
            Err(Refused::Signature) => return Err(Bad { spot, why: Fault::ReceiptSignature }),
        }
    }
    Ok(held)
}

/// Judges a log as its segments are read, in the order of their names. After the first bad line it takes no more.
#[derive(Debug, Default)]
pub struct Verifier {
    expect: Expect,
    receipts: BTreeMap<u64, Vec<Held>>,
    key: Option<Verifying>,
    /// The line before; its hash is unknown where a pruned log begins.
    head: Option<(u64, Option<Digest>)>,
    segment: Option<(SegmentName, Spot)>,
    torn: Option<(Spot, u64)>,
    last_at: Option<String>,
    owed: Owed,
    notes: Vec<Note>,
    newer: Option<usize>,
    time_back: Option<usize>,
    findings: Findings,
}

impl Verifier {
    /// Nothing read yet.
    pub fn new(expect: Expect, receipts: Vec<Held>) -> Self {
        let key = match &expect {
            Expect::Key(key) | Expect::Enclosed(key) => Some(key.clone()),
            _ => None,
        };
        let signer = match &expect {
            Expect::Key(_) => Signer::Key,
            Expect::Enclosed(_) => Signer::Enclosed,
            _ => Signer::Unproven,
        };
        let findings = Findings { log: key.as_ref().map(Verifying::id), signer, ..Findings::default() };
        let mut by_seq = BTreeMap::<u64, Vec<Held>>::new();
        for held in receipts {
            by_seq.entry(held.receipt.seq).or_default().push(held);
        }
        Self { expect, receipts: by_seq, key, findings, ..Self::default() }
    }

    /// The log and the station that boot records must name, where they are known without a key or a registry.
    pub fn of(mut self, log: Digest, station: StationId) -> Self {
        self.findings.log = Some(log);
        self.findings.station = Some(station);
        self
    }

    /// Goes on after a head that is already trusted, instead of at a log's beginning.
    pub fn after(mut self, head: Head) -> Self {
        self.head = Some((head.seq, Some(head.hash)));
        self
    }

    /// Goes on with the first line of what is left of a log, its predecessor unknown; the caller answers for that.
    pub fn anywhere(mut self, first: u64) -> Self {
        self.head = Some((first.saturating_sub(1), None));
        self
    }

    /// A verdict reached before any line, such as a bad receipt.
    pub fn refuse(&mut self, bad: Bad) {
        self.findings.bad.get_or_insert(bad);
    }

    /// Whether a bad line has been met, so that reading on is useless.
    pub fn is_over(&self) -> bool {
        self.findings.bad.is_some()
    }

    /// A whole segment at once.
    pub fn take(&mut self, file: &str, bytes: &[u8]) {
        self.segment(file);
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(line) => self.line(line, true),
                None => self.line(line, false),
            }
        }
    }

    /// The next segment begins.
    pub fn segment(&mut self, file: &str) {
        if !self.is_over()
            && let Err(bad) = self.begin(file)
        {
            self.refuse(bad);
        }
    }

    /// Its next line, without newline; `terminated` says whether it had one.
    pub fn line(&mut self, line: &[u8], terminated: bool) {
        if self.is_over() {
            return;
        }
        let Some((name, spot)) = &mut self.segment else { return };
        spot.line += 1;
        spot.seq = self.head.map_or(name.first, |(seq, _)| seq.saturating_add(1));
        let (name, spot) = (*name, spot.clone());
        if let Some((spot, _)) = self.torn.take() {
            return self.refuse(Bad { spot, why: Fault::Unterminated });
        }
        if !terminated && line.len() <= canon::MAX_LINE {
            self.torn = Some((spot, line.len() as u64));
            return;
        }
        if let Err(why) = self.judge(line, name, &spot) {
            self.refuse(Bad { spot, why });
        }
    }

    fn begin(&mut self, file: &str) -> Result<(), Bad> {
        if let Some((spot, _)) = self.torn.take() {
            return Err(Bad { spot, why: Fault::Unterminated });
        }
        if let Some((_, spot)) = self.segment.take().filter(|(_, spot)| spot.line == 0) {
            return Err(Bad { spot: Spot { line: 1, ..spot }, why: Fault::Empty });
        }
        let due = self.head.map(|(seq, _)| seq.saturating_add(1));
        let mut spot = Spot { file: file.to_owned(), line: 1, seq: due.unwrap_or(1) };
        let Ok(name) = file.parse::<SegmentName>() else {
            return Err(Bad { spot, why: Fault::SegmentName });
        };
        match due {
            Some(due) if name.first > due => {
                return Err(Bad { spot, why: Fault::Gap { due, found: name.first } });
            }
            Some(due) if name.first < due => {
                return Err(Bad { spot, why: Fault::Repeated { due, found: name.first } });
            }
            Some(_) => {}
            None => {
                spot.seq = name.first;
                if name.first > 1 && !self.pruned_below(name.first) {
                    return Err(Bad { spot, why: Fault::MissingStart { first: name.first } });
                }
                self.head = Some((name.first - 1, (name.first == 1).then_some(Digest::ZERO)));
            }
        }
        if self.findings.segments == 0 {
            self.findings.first = name.first;
        }
        self.findings.segments += 1;
        spot.line = 0;
        self.segment = Some((name, spot));
        Ok(())
    }

    /// Whether a proven receipt shows that the hub holds all before line `first`.
    fn pruned_below(&self, first: u64) -> bool {
        self.receipts.range(first - 1..).flat_map(|(_, held)| held).any(|h| h.proven && self.is_ours(h))
    }

    fn is_ours(&self, held: &Held) -> bool {
        self.findings.log.is_none_or(|log| log == held.receipt.log)
    }

    fn judge(&mut self, line: &[u8], name: SegmentName, spot: &Spot) -> Result<(), Fault> {
        let read = Line::read(line)?;
        let (due, before) = (spot.seq, self.head.and_then(|(_, hash)| hash));
        let head = Head { seq: due - 1, hash: before.unwrap_or(read.prev) };
        let head = head.follow(read.seq, read.prev, line).map_err(|broken| match broken {
            Break::Gap { due, found } => Fault::Gap { due, found },
            Break::Repeated { due, found } => Fault::Repeated { due, found },
            Break::Prev => Fault::Prev,
        })?;
        self.check_signature(&read)?;
        if read.at.get(..7) != Some(&*name.month.to_string()) {
            return Err(Fault::Month { found: read.at.get(..7).unwrap_or_default().to_owned() });
        }
        self.check_boot(&read)?;
        if before.is_none() {
            self.meet_receipts(Head { seq: due - 1, hash: read.prev })?;
        }
        self.meet_receipts(head)?;
        self.remark(&read, spot);
        self.head = Some((head.seq, Some(head.hash)));
        self.findings.last = Some(head);
        self.findings.records += 1;
        Ok(())
    }

    fn check_signature(&mut self, line: &Line<'_>) -> Result<(), Fault> {
        if self.key.is_none()
            && let Expect::Registry(listed) = &self.expect
        {
            let id = line.boot_log();
            let is_his = |key: &Verifying| match id {
                Some(id) => key.id() == id,
                None => key.verify(line.signed, &line.sig),
            };
            let (station, key) = listed.iter().find(|(_, key)| is_his(key)).ok_or(Fault::Unregistered)?;
            self.findings.log = Some(key.id());
            self.findings.station = Some(station.clone());
            self.findings.signer = Signer::Registry(station.clone());
            self.key = Some(key.clone());
        }
        match &self.key {
            Some(key) if !key.verify(line.signed, &line.sig) => Err(Fault::Signature),
            _ => Ok(()),
        }
    }

    fn check_boot(&mut self, line: &Line<'_>) -> Result<(), Fault> {
        let Some(log) = line.boot_log() else {
            return if line.seq == 1 { Err(Fault::NoBoot) } else { Ok(()) };
        };
        if *self.findings.log.get_or_insert(log) != log {
            return Err(Fault::OtherLog { found: log });
        }
        let station = line.json.text("station").unwrap_or_default();
        match (&self.findings.station, station.parse::<StationId>()) {
            (None, Ok(id)) => self.findings.station = Some(id),
            (Some(known), Ok(id)) if *known == id => {}
            _ => return Err(Fault::OtherStation { found: station.to_owned() }),
        }
        Ok(())
    }

    fn meet_receipts(&mut self, head: Head) -> Result<(), Fault> {
        let log = self.findings.log;
        let ours = |held: &&Held| log.is_none_or(|log| log == held.receipt.log);
        for held in self.receipts.get(&head.seq).into_iter().flatten().filter(ours) {
            let at = held.receipt.at;
            if held.receipt.hash != head.hash {
                return Err(Fault::Rewritten { receipt: at });
            }
            self.findings.receipt = Some(Covered { seq: head.seq, at, proven: held.proven });
        }
        Ok(())
    }

    fn remark(&mut self, line: &Line<'_>, spot: &Spot) {
        if line.fit == Fit::Newer {
            match self.newer.map(|i| &mut self.notes[i].what) {
                Some(Remark::Newer { count }) => *count += 1,
                _ => self.newer = Some(self.note(spot, Remark::Newer { count: 1 })),
            }
        }
        if self.last_at.as_ref().is_some_and(|before| line.at < *before) {
            match self.time_back.map(|i| &mut self.notes[i].what) {
                Some(Remark::TimeBack { count }) => *count += 1,
                _ => self.time_back = Some(self.note(spot, Remark::TimeBack { count: 1 })),
            }
        }
        self.last_at = Some(line.at.clone());
        if let Some(remark) = self.owed.take(&line.json, spot)
            && self.notes.len() < MOST_NOTES
        {
            self.note(spot, remark);
        }
    }

    fn note(&mut self, spot: &Spot, what: Remark) -> usize {
        self.notes.push(Note { spot: spot.clone(), what });
        self.notes.len() - 1
    }

    /// No more segments: the verdict.
    pub fn finish(mut self) -> Findings {
        if !self.is_over()
            && let Err(bad) = self.end()
        {
            self.refuse(bad);
        }
        for (spot, of) in self.owed.open() {
            if self.notes.len() < MOST_NOTES {
                self.note(&spot, Remark::OpenIntent { of });
            }
        }
        if let Some((spot, bytes)) = self.torn.take() {
            self.note(&spot, Remark::Torn { bytes });
        }
        Findings { notes: self.notes, ..self.findings }
    }

    fn end(&self) -> Result<(), Bad> {
        let foreign = self.receipts.values().flatten().find(|held| !self.is_ours(held));
        if let Some(Held { spot, receipt, .. }) = foreign {
            let why = Fault::ReceiptOtherLog { found: receipt.log };
            return Err(Bad { spot: spot.clone(), why });
        }
        let Some(last) = self.findings.last else {
            return Err(Bad { spot: Spot::default(), why: Fault::NoLog });
        };
        let ahead = self.receipts.keys().max().filter(|seq| **seq > last.seq);
        match (ahead, &self.segment) {
            (Some(receipt), Some((_, spot))) => {
                // A torn line stands where the next whole one would have to.
                let line = if self.torn.is_some() { spot.line } else { spot.line + 1 };
                let spot = Spot { line, seq: last.seq + 1, file: spot.file.clone() };
                Err(Bad { spot, why: Fault::Cut { receipt: *receipt, last: last.seq } })
            }
            _ => Ok(()),
        }
    }
}

/// A line that is written as it must be.
struct Line<'a> {
    signed: &'a [u8],
    sig: [u8; 64],
    json: Json,
    seq: u64,
    prev: Digest,
    at: String,
    fit: Fit,
}

impl<'a> Line<'a> {
    fn read(line: &'a [u8]) -> Result<Self, Fault> {
        if line.len() > canon::MAX_LINE {
            return Err(Fault::TooLong);
        }
        let json = Json::read(line).map_err(|e| Fault::NotCanonical { at: e.at })?;
        let misfit = || Fault::Shape { key: String::new() };
        let (signed, sig) = canon::split(line).ok_or_else(misfit)?;
        let Json::Map(mut members) = json else { return Err(misfit()) };
        members.pop();
        if let Some(("format", Json::Int(found))) = members.first().map(|(k, v)| (k.as_str(), v))
            && *found != i64::from(FORMAT)
        {
            return Err(Fault::Format { found: *found });
        }
        let fit = schema::line(&members).map_err(|m| Fault::Shape { key: m.key })?;
        let json = Json::Map(members);
        let seq = match json.get("seq") {
            Some(Json::Int(n)) => u64::try_from(*n).map_err(|_| misfit())?,
            _ => return Err(misfit()),
        };
        let prev = json.text("prev").and_then(|p| p.parse().ok()).ok_or_else(misfit)?;
        let at = json.text("at").ok_or_else(misfit)?.to_owned();
        Ok(Self { signed, sig, seq, prev, at, fit, json })
    }

    fn boot_log(&self) -> Option<Digest> {
        let is_boot = self.json.text("kind") == Some("boot");
        self.json.text("log").filter(|_| is_boot).and_then(|log| log.parse().ok())
    }
}
