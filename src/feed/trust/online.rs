//! §5.4 and §5.5: timestamp and snapshot, the roles whose keys are online.

use chrono::TimeDelta;
use tough::schema::{Metafile, Signed, Snapshot, Timestamp};

use super::{SNAPSHOT_MAX, TIMESTAMP_MAX, Update};
use crate::{
    digest::Digest,
    feed::{
        Mode,
        memory::Seen,
        refusal::{Refusal, Why},
        roles, verify,
    },
};

/// How far `signed_at` may be ahead of a trusted clock, in minutes.
pub const AHEAD_MINUTES: i64 = 5;

impl Update<'_> {
    /// Steps 5.4.1 to 5.4.5.
    pub(super) async fn update_timestamp(&mut self) -> Result<(), Refusal> {
        // 5.4.1, 5.4.2
        let bytes = self.fetch("timestamp", &roles::metadata_name("timestamp", None), TIMESTAMP_MAX).await?;
        let new: Signed<Timestamp> = verify::parse("timestamp", &bytes)?;
        verify::by_root(&self.root, &new, "timestamp")?;
        let offered = Seen { version: new.signed.version.get(), sha256: Digest::of(&bytes) };
        // 5.4.3.1
        let seen = self.memory.timestamp.clone();
        let timestamp = match seen {
            Some(seen) if offered.version < seen.version => {
                let why = Why::Rollback { seen: seen.version, offered: offered.version };
                return Err(Refusal::new("timestamp", why));
            }
            // The same version: the one held stays. "Abort the update cycle" means that nothing can have changed; we go
            // on with the held one, since an earlier pass may have broken off after it.
            Some(seen) if offered.version == seen.version => {
                if offered.sha256 != seen.sha256 {
                    self.note(Refusal::new("timestamp", Why::Changed { version: seen.version }));
                }
                match self.held_timestamp(&seen) {
                    Some(held) => held,
                    None if offered == seen => self.take_timestamp(new.signed, offered, bytes)?,
                    None => return Err(Refusal::new("timestamp", Why::Changed { version: seen.version })),
                }
            }
            _ => self.take_timestamp(new.signed, offered, bytes)?,
        };
        self.check_online("timestamp", verify::unexpired("timestamp", &timestamp, self.start))?;
        if self.now.trusted && !self.stale.contains_key("timestamp") {
            self.memory.checked_at = Some(self.now.wall);
        }
        self.timestamp = Some(timestamp);
        Ok(())
    }

    fn held_timestamp(&self, seen: &Seen) -> Option<Timestamp> {
        let bytes = self.disk.metadata("timestamp").filter(|b| Digest::of(b) == seen.sha256)?;
        let held: Signed<Timestamp> = verify::parse("timestamp", &bytes).ok()?;
        verify::by_root(&self.root, &held, "timestamp").ok()?;
        Some(held.signed)
    }

    fn take_timestamp(
        &mut self,
        new: Timestamp,
        offered: Seen,
        bytes: Vec<u8>,
    ) -> Result<Timestamp, Refusal> {
        // 5.4.3.2
        let listed = listing(&new)?.version.get();
        if listed < self.memory.snapshot {
            let why = Why::Rollback { seen: self.memory.snapshot, offered: listed };
            return Err(Refusal::new("snapshot", why));
        }
        // 5.4.4, and loaxa's lower bound of time.
        let signed_at = verify::signed_at(&new._extra);
        if signed_at.is_none() && self.rules.signed_at {
            return Err(Refusal::new("timestamp", Why::NoSignedAt));
        }
        if let Some(signed_at) = signed_at {
            // Signed after the root's end it cannot be: that bounds what a stolen online key can do to a clock that is
            // not trusted yet, since the root's end is signed offline.
            let ahead = self.now.trusted && signed_at > self.now.wall + TimeDelta::minutes(AHEAD_MINUTES);
            if ahead || signed_at >= verify::expires(&self.root) {
                return Err(Refusal::new("timestamp", Why::Future { signed_at }));
            }
        }
        self.check_online("timestamp", verify::unexpired("timestamp", &new, self.start))?;
        self.memory.signed_at = self.memory.signed_at.max(signed_at);
        if !self.now.trusted {
            self.start = self.start.max(signed_at.unwrap_or(self.start));
        }
        // 5.4.5
        self.memory.timestamp = Some(offered);
        self.memory.snapshot = listed;
        self.keep("timestamp", bytes)?;
        Ok(new)
    }

    /// Steps 5.5.1 to 5.5.7.
    pub(super) async fn update_snapshot(&mut self) -> Result<(), Refusal> {
        let Some(timestamp) = &self.timestamp else {
            return Err(Refusal::new("snapshot", Why::NotListed));
        };
        let listing = listing(timestamp)?.clone();
        if let Some(held) = self.held_snapshot(&listing) {
            self.check_online("snapshot", verify::unexpired("snapshot", &held, self.start))?;
            self.remember(&held);
            self.snapshot = Some(held);
            return Ok(());
        }
        // 5.5.1
        let version = listing.version.get();
        let name = roles::metadata_name("snapshot", self.root.consistent_snapshot.then_some(version));
        let max = listing.length.unwrap_or(SNAPSHOT_MAX).min(SNAPSHOT_MAX);
        let bytes = self.fetch("snapshot", &name, max).await?;
        // 5.5.2, 5.5.3, 5.5.4
        verify::listed("snapshot", &bytes, &listing)?;
        let new: Signed<Snapshot> = verify::parse("snapshot", &bytes)?;
        verify::by_root(&self.root, &new, "snapshot")?;
        verify::version("snapshot", &new.signed, version)?;
        // 5.5.5
        for (role, &seen) in &self.memory.roles {
            match new.signed.meta.get(&format!("{role}.json")).map(|m| m.version.get()) {
                None => return Err(Refusal::new("snapshot", Why::Vanished { role: role.clone() })),
                Some(offered) if offered < seen => {
                    return Err(Refusal::new(role, Why::Rollback { seen, offered }));
                }
                Some(_) => {}
            }
        }
        // 5.5.6, 5.5.7
        self.check_online("snapshot", verify::unexpired("snapshot", &new.signed, self.start))?;
        self.remember(&new.signed);
        self.keep("snapshot", bytes)?;
        self.snapshot = Some(new.signed);
        Ok(())
    }

    fn held_snapshot(&self, listing: &Metafile) -> Option<Snapshot> {
        let bytes = self.disk.metadata("snapshot")?;
        verify::listed("snapshot", &bytes, listing).ok()?;
        let held: Signed<Snapshot> = verify::parse("snapshot", &bytes).ok()?;
        verify::by_root(&self.root, &held, "snapshot").ok()?;
        verify::version("snapshot", &held.signed, listing.version.get()).ok()?;
        Some(held.signed)
    }

    fn remember(&mut self, snapshot: &Snapshot) {
        let role = |name: &String| name.strip_suffix(".json").map(str::to_owned);
        self.memory.roles =
            snapshot.meta.iter().filter_map(|(name, meta)| Some((role(name)?, meta.version.get()))).collect();
    }

    /// An expired online role ends the pass; from a stick it is named, and all is staged until the offline roles proved
    /// unexpired.
    fn check_online(&mut self, role: &str, unexpired: Result<(), Refusal>) -> Result<(), Refusal> {
        match unexpired {
            Err(refusal) if self.mode == Mode::Stick => {
                self.stage();
                self.note(Refusal::new(role, refusal.why));
                Ok(())
            }
            other => other,
        }
    }

    /// The stored timestamp, as far as there is one.
    pub(super) fn resume_timestamp(&mut self) {
        let read = |bytes: Vec<u8>| {
            let held: Signed<Timestamp> = verify::parse("timestamp", &bytes)?;
            verify::by_root(&self.root, &held, "timestamp").map(|_| held.signed)
        };
        match self.disk.metadata("timestamp").map(read) {
            Some(Ok(held)) => {
                if let Err(refusal) = verify::unexpired("timestamp", &held, self.start) {
                    self.note(refusal);
                }
                self.timestamp = Some(held);
            }
            _ => self.note_missing("timestamp"),
        }
    }

    /// The stored snapshot, as far as there is one.
    pub(super) fn resume_snapshot(&mut self) {
        let read = |bytes: Vec<u8>| {
            let held: Signed<Snapshot> = verify::parse("snapshot", &bytes)?;
            verify::by_root(&self.root, &held, "snapshot").map(|_| held.signed)
        };
        let Some(Ok(held)) = self.disk.metadata("snapshot").map(read) else {
            return self.note_missing("snapshot");
        };
        let version = held.version.get();
        let listed =
            self.timestamp.as_ref().and_then(|t| listing(t).ok()).map_or(version, |m| m.version.get());
        if listed != version {
            self.note(Refusal::new("snapshot", Why::Behind { listed, held: version }));
        } else if let Err(refusal) = verify::unexpired("snapshot", &held, self.start) {
            self.note(refusal);
        }
        self.snapshot = Some(held);
    }

    fn note_missing(&mut self, role: &str) {
        let why = if self.disk.has(role) { Why::Damaged } else { Why::NotYet };
        self.note(Refusal::new(role, why));
    }
}

/// What a timestamp says of the snapshot.
fn listing(timestamp: &Timestamp) -> Result<&Metafile, Refusal> {
    timestamp.meta.get("snapshot.json").ok_or_else(|| Refusal::new("snapshot", Why::NotListed))
}
