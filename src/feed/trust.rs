//! The client workflow of TUF 1.0.34 §5, clause by clause, lazy: a delegated role is fetched when it is asked for.
//!
//! An [`Update`] is one pass at one fixed time. It persists what it verified as it goes, as fetched, the memory of
//! versions before the file. Nobody reads a clock here. `root`, `online` (timestamp, snapshot), `targets` (and
//! delegated roles) and `search` are its steps; what loaxa adds to TUF is in `content`.

pub mod limits;
mod online;
mod root;
mod search;
mod targets;

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use tough::schema::{Root, Snapshot, Target, Targets, Timestamp};

pub use self::{limits::*, targets::Outcome};
use super::{
    Mode, Now,
    disk::{self, Disk},
    memory::Memory,
    refusal::{Refusal, Why},
    roles,
    source::Source,
    verify::{self, Verified},
};
use crate::text::Text;

/// What the caller asks beyond TUF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// `timestamp` must carry `signed_at`.
    pub signed_at: bool,
}

/// One pass of the workflow; see the module.
pub struct Update<'a> {
    pub(super) disk: &'a Disk,
    /// What was seen, this pass included.
    pub memory: Memory,
    saved: Memory,
    source: Option<&'a dyn Source>,
    mode: Mode,
    pub(super) now: Now,
    /// The fixed time at which this pass began (§5.1).
    pub(super) start: DateTime<Utc>,
    rules: Rules,
    /// From a stick whose timestamp or snapshot is expired: what to keep once all offline roles proved unexpired.
    staged: Option<Vec<(String, Vec<u8>)>>,
    /// The newest trusted root.
    pub root: Root,
    pub(super) timestamp: Option<Timestamp>,
    pub(super) snapshot: Option<Snapshot>,
    /// Top-level targets.
    pub targets: Option<Arc<Verified<Targets>>>,
    /// Roles and files that gave nothing new, with the reason.
    pub stale: BTreeMap<String, Text>,
    /// Of those, what this machine's disk did not keep.
    pub(super) unkept: Vec<Text>,
    /// Of those, what is expired, with the instant.
    pub(super) expired: BTreeMap<String, DateTime<Utc>>,
}

impl<'a> Update<'a> {
    /// §5.1 and §5.2: fixes the time and loads the newest stored root; its expiry does not matter yet.
    ///
    /// With a trusted clock the time is the wall's. Otherwise it is the newest `signed_at` known, a lower bound: what
    /// expired before that is surely expired, of the rest nobody can tell, and nothing plays meanwhile anyway.
    ///
    /// # Errors
    /// The store is damaged: no root, or no memory, or a root older than the memory knows.
    pub fn begin(
        disk: &'a Disk,
        source: Option<&'a dyn Source>,
        mode: Mode,
        now: Now,
        rules: Rules,
    ) -> Result<Self, Refusal> {
        let mut memory = Memory::read(disk.dir()).map_err(|_| Refusal::new("memory", Why::Damaged))?;
        let root = disk.root(memory.root)?.signed;
        let saved = memory.clone();
        memory.root = root.version.get();
        let bound = memory.signed_at.unwrap_or(DateTime::<Utc>::MIN_UTC);
        let start = if now.trusted { now.wall.max(bound) } else { bound };
        let (timestamp, snapshot, targets) = (None, None, None);
        let (stale, expired) = (BTreeMap::new(), BTreeMap::new());
        let mut update = Self {
            disk,
            memory,
            saved,
            source,
            mode,
            now,
            start,
            rules,
            staged: None,
            root,
            timestamp,
            snapshot,
            targets,
            stale,
            unkept: Vec::new(),
            expired,
        };
        if source.is_some() {
            update.meet_root()?;
        }
        Ok(update)
    }

    /// §5.3 to §5.6.6: the four top-level roles from the source.
    ///
    /// # Errors
    /// The first step that fails ends the pass, as the specification asks; what was persisted before it stays.
    pub async fn top_level(&mut self) -> Result<(), Refusal> {
        self.update_root().await?;
        self.update_timestamp().await?;
        self.update_snapshot().await?;
        self.update_targets().await
    }

    /// What is stored of the four, without a source. Stored content stays in force whatever became of the files above
    /// it: it was verified when it was stored, and is verified again against whoever delegates to it now. What is
    /// missing, damaged, behind or expired is named in `stale`.
    pub async fn resume(&mut self) {
        if let Err(refusal) = verify::unexpired("root", &self.root, self.start) {
            self.note(refusal);
        }
        self.resume_timestamp();
        self.resume_snapshot();
        if let Err(refusal) = self.update_targets().await {
            self.note(refusal);
        }
    }

    /// Names something that gave nothing new.
    pub fn note(&mut self, refusal: Refusal) {
        if let Why::Expired { at } = refusal.why {
            self.expired.insert(refusal.what.clone(), at);
        }
        if matches!(refusal.why, Why::Disk(_)) {
            self.unkept.push(refusal.text());
        }
        self.stale.insert(refusal.what.clone(), refusal.reason());
    }

    /// Keeps verified metadata as it was fetched: the memory first, so that it never knows less than the disk shows.
    fn keep(&mut self, role: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
        match &mut self.staged {
            Some(staged) => staged.push((role.to_owned(), bytes)),
            None => {
                self.save()?;
                self.disk.put(role, &bytes)?;
            }
        }
        Ok(())
    }

    /// Writes the memory if it changed by more than the time of the last check. Does nothing while staging.
    pub fn save(&mut self) -> Result<(), Refusal> {
        if self.staged.is_some() || self.source.is_none() || !self.memory.differs(&self.saved) {
            return Ok(());
        }
        self.memory.write(self.disk.dir()).map_err(|e| disk::disk("memory", &e))?;
        self.saved = self.memory.clone();
        Ok(())
    }

    /// Ends the pass: what was staged is kept, the memory is written.
    pub fn finish(mut self) -> Result<Memory, Refusal> {
        for (role, bytes) in self.staged.take().into_iter().flatten() {
            self.keep(&role, bytes)?;
        }
        self.save()?;
        Ok(self.memory)
    }

    /// Whether an expired timestamp or snapshot was taken from a stick.
    pub fn is_staged(&self) -> bool {
        self.staged.is_some()
    }

    fn stage(&mut self) {
        self.staged.get_or_insert_default();
    }

    async fn fetch(&self, what: &str, name: &str, max: u64) -> Result<Vec<u8>, Refusal> {
        match self.source {
            Some(source) => source.fetch(name, max).await.map_err(|e| Refusal::fetch(what, e)),
            None => Err(Refusal::new(what, Why::NotYet)),
        }
    }

    /// §5.7.3: a target file, whole, by what its metadata says of it. At most `max` bytes, whatever that says.
    pub async fn fetch_target(&self, path: &str, target: &Target, max: u64) -> Result<Vec<u8>, Refusal> {
        let sha256 = verify::target_digest(target).ok_or_else(|| Refusal::new(path, Why::Hash))?;
        let name = match self.root.consistent_snapshot {
            true => roles::target_name(path, &sha256),
            false => format!("{}/{path}", roles::TARGETS_DIR),
        };
        let bytes = self.fetch(path, &name, target.length.min(max)).await?;
        let whole = bytes.len() as u64 == target.length && crate::digest::Digest::of(&bytes) == sha256;
        if whole { Ok(bytes) } else { Err(Refusal::new(path, Why::Hash)) }
    }
}
