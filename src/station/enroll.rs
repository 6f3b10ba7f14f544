//! A box becomes a station: the root is pinned, the log's key made, and what the province must register is printed.
//!
//! The fingerprint of a root is the SHA-256 of its file, byte for byte, so that `sha256sum` on any machine shows it too.
//! The record of the enrolment is written last: before it is there, nothing counts and the command may be given again.

use std::{io, path::Path};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::layout::Layout;
use crate::{
    asrun::key::LogKey,
    digest::Digest,
    durable,
    feed::{Store, http::parse_base},
    ids::StationId,
    text::{self, Text},
};

/// A root has a few kilobytes; a longer file is something else.
pub const LONGEST_ROOT: u64 = 512 * 1024;

/// What a person gives.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The station's id, as the province will register it.
    pub station: StationId,
    /// The root, as the province handed it over.
    pub root: &'a Path,
    /// Where the feed lies.
    pub feed: &'a str,
    /// Replace an enrolment that is there.
    pub again: bool,
}

/// An enrolment on disk, and what to register. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// 1.
    pub format: u32,
    /// Which station this box is.
    pub station: StationId,
    /// Where the feed lies.
    pub feed: String,
    /// SHA-256 of the pinned root file.
    pub root_sha256: Digest,
    /// The raw Ed25519 public key of the log, 64 hex digits.
    pub log_key: String,
    /// SHA-256 of that key: the id of the log.
    pub log: Digest,
    /// When.
    pub enrolled_at: DateTime<Utc>,
}

/// Why a box was not enrolled.
#[derive(Debug)]
pub enum NotEnrolled {
    /// What was given is not usable, or it would overwrite: exit 1.
    Refused(Text),
    /// Disk or permission: exit 3.
    Machine(Text),
}

impl Enrolment {
    /// The enrolment of a state folder, if there is one.
    pub fn load(layout: &Layout) -> io::Result<Option<Self>> {
        match std::fs::read(layout.enrolment()) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        }
    }

    /// The raw public key; none if the file was altered.
    pub fn key(&self) -> Option<[u8; 32]> {
        let mut key = [0; 32];
        hex::decode_to_slice(&self.log_key, &mut key).ok().map(|()| key)
    }

    /// See [`fingerprint`].
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.root_sha256)
    }

    /// The block for `registry/stations.yaml`. Areas and the commune are the province's to fill in.
    pub fn yaml(&self) -> String {
        let (station, key) = (&self.station, &self.log_key);
        format!(
            "  - id: \"{station}\"\n    key: \"{key}\"\n    areas: []  # {}\n    languages: [\"vi\"]\n    commune: \"\"  # {}\n",
            text::sync::yaml_areas().vi,
            text::sync::yaml_commune().vi,
        )
    }
}

/// The fingerprint of a root in groups of four, to be read aloud over the telephone.
pub fn fingerprint(root: &Digest) -> String {
    root.fingerprint()
}

/// Changes of an enrolment what is not its root or its key: which station, and where the feed lies.
///
/// # Errors
/// There is none, or the disk failed.
pub fn amend(layout: &Layout, station: &StationId, feed: &str) -> Result<Enrolment, NotEnrolled> {
    let disk = |e: io::Error| NotEnrolled::Machine(text::sync::disk(layout.enrolment().display(), &e));
    let held = Enrolment::load(layout).map_err(disk)?;
    let mut enrolment = held.ok_or_else(|| NotEnrolled::Refused(text::sync::not_enrolled()))?;
    enrolment.feed = parse_base(feed).map_err(NotEnrolled::Refused)?.into();
    enrolment.station = station.clone();
    write(layout, &enrolment).map_err(disk)?;
    Ok(enrolment)
}

fn write(layout: &Layout, enrolment: &Enrolment) -> io::Result<()> {
    durable::replace(&layout.enrolment(), &serde_json::to_vec_pretty(enrolment)?)
}

/// Enrols the box whose state lies at `layout`, at the time `now`.
pub fn enroll(layout: &Layout, request: &Request<'_>, now: DateTime<Utc>) -> Result<Enrolment, NotEnrolled> {
    may_enroll(layout, request.again)?;
    parse_base(request.feed).map_err(NotEnrolled::Refused)?;
    let root = read_root(request.root)?;
    finish(layout, &request.station, &root, request.feed, now)
}

/// Makes sure that a new enrolment may be written.
fn may_enroll(layout: &Layout, again: bool) -> Result<(), NotEnrolled> {
    let disk = |e: io::Error| NotEnrolled::Machine(text::sync::disk(layout.state().display(), &e));
    // An unreadable record is no reason to overwrite either.
    let before = match Enrolment::load(layout) {
        Err(e) if e.kind() != io::ErrorKind::InvalidData && !again => return Err(disk(e)),
        Err(_) if !again => return Err(NotEnrolled::Refused(text::sync::enrolled_unreadable())),
        before => before.ok().flatten(),
    };
    match before {
        Some(before) if !again => Err(NotEnrolled::Refused(text::sync::enrolled_already(&before.station))),
        _ => Ok(()),
    }
}

/// The key with which a hub is asked, before there is an enrolment. It is the log's: made if there is none.
///
/// # Errors
/// There is an enrolment already, or the disk failed.
pub fn key_for_hub(layout: &Layout, again: bool) -> Result<LogKey, NotEnrolled> {
    may_enroll(layout, again)?;
    layout.make().map_err(|(path, e)| NotEnrolled::Machine(text::sync::disk(path.display(), &e)))?;
    log_key(layout)
}

/// Enrols with what a hub handed over, root included; people compare its fingerprint.
///
/// # Errors
/// As [`enroll`].
pub fn enroll_by_hub(
    layout: &Layout,
    welcome: &crate::link::Welcome,
    again: bool,
    now: DateTime<Utc>,
) -> Result<Enrolment, NotEnrolled> {
    may_enroll(layout, again)?;
    if welcome.root.len() as u64 > LONGEST_ROOT {
        return Err(NotEnrolled::Refused(text::sync::too_long("root.json", LONGEST_ROOT)));
    }
    finish(layout, &welcome.station, welcome.root.as_bytes(), &welcome.feed, now)
}

fn finish(
    layout: &Layout,
    station: &StationId,
    root: &[u8],
    feed: &str,
    now: DateTime<Utc>,
) -> Result<Enrolment, NotEnrolled> {
    let disk = |e: io::Error| NotEnrolled::Machine(text::sync::disk(layout.state().display(), &e));
    let feed = parse_base(feed).map_err(NotEnrolled::Refused)?;
    layout.make().map_err(|(path, e)| NotEnrolled::Machine(text::sync::disk(path.display(), &e)))?;
    durable::sweep(layout.state()).map_err(disk)?;
    pin(layout, root)?;
    let key = log_key(layout)?;
    let enrolment = Enrolment {
        format: 1,
        station: station.clone(),
        feed: feed.into(),
        root_sha256: Digest::of(root),
        log_key: hex::encode(key.public()),
        log: key.id(),
        enrolled_at: now,
    };
    write(layout, &enrolment).map_err(disk)?;
    Ok(enrolment)
}

fn read_root(path: &Path) -> Result<Vec<u8>, NotEnrolled> {
    use std::io::Read;
    let failed = |e: io::Error| NotEnrolled::Machine(text::sync::disk(path.display(), &e));
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut root = Vec::new();
    file.take(LONGEST_ROOT + 1).read_to_end(&mut root).map_err(failed)?;
    if root.len() as u64 > LONGEST_ROOT {
        let name = path.display().to_string();
        return Err(NotEnrolled::Refused(text::sync::too_long(name, LONGEST_ROOT)));
    }
    Ok(root)
}

fn pin(layout: &Layout, root: &[u8]) -> Result<(), NotEnrolled> {
    match Store::enrol(&layout.feed(), root) {
        Ok(_) => Ok(()),
        Err(refusal) if refusal.try_again() => Err(NotEnrolled::Machine(refusal.text())),
        Err(refusal) => Err(NotEnrolled::Refused(refusal.text())),
    }
}

/// The key that is there, so that its log goes on; else a new one.
fn log_key(layout: &Layout) -> Result<LogKey, NotEnrolled> {
    let path = layout.log_key();
    if let Some(dir) = path.parent() {
        durable::sweep(dir).map_err(|e| NotEnrolled::Machine(text::sync::disk(dir.display(), &e)))?;
    }
    let key = if path.exists() { LogKey::load(&path) } else { LogKey::create(&path) };
    key.map_err(|e| NotEnrolled::Machine(e.text()))
}
