//! A feed in a folder, for people without a station: an inspector with a copy, an office before it publishes.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::Failure;
use crate::{
    asrun::verify,
    clock::{Clock, system::SystemClock},
    feed::{Feed, Mode, Now, Refusal, Store, Who, folder::FolderSource, roles},
    ids::StationId,
    schedule::registry::Registry,
    text::cli as say,
};

/// A folder of its own below the system's temporary one, gone when dropped.
pub(super) struct Scratch(pub PathBuf);

impl Scratch {
    pub(super) fn new() -> std::io::Result<Self> {
        let dir =
            std::env::temp_dir().join(format!("loaxa-{}-{:016x}", std::process::id(), fastrand::u64(..)));
        std::fs::create_dir(&dir)?;
        Ok(Self(dir))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is a few verified files in the temporary folder.
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// The feed in `dir` as `station` would take it from a stick, or as nobody's. Its first root is believed: who hands
/// over the folder vouches for it, and the fingerprint can be compared.
///
/// # Errors
/// No feed there, or one that a station would refuse.
pub fn load(dir: &Path, station: Option<&StationId>) -> Result<Feed, Failure> {
    let now = SystemClock::new().now().wall;
    let feed = take(dir, &nobody(), now)?;
    let Some(station) = station else { return Ok(feed) };
    match registry(&feed)?.stations.get(station) {
        Some(entry) => take(dir, &Who { station: station.clone(), key: entry.key }, now),
        None => Ok(feed),
    }
}

fn nobody() -> Who {
    Who { station: StationId::nobody(), key: [0; 32] }
}

/// The log keys and receipt keys that the feed in `dir` lists. A feed that was kept with logs is judged by the day on
/// which it was kept, `as_of`: that it expired since says nothing about who signed then.
///
/// # Errors
/// As [`load`]; the registry is wrong.
pub fn keys(dir: &Path, as_of: Option<DateTime<Utc>>) -> Result<verify::Registry, Failure> {
    let now = SystemClock::new().now().wall;
    let registry = registry(&take(dir, &nobody(), as_of.map_or(now, |then| then.min(now)))?)?;
    let stations = registry.stations.into_values().map(|entry| (entry.id, entry.key)).collect();
    Ok(verify::Registry { stations, receipt_keys: registry.receipt_keys })
}

fn registry(feed: &Feed) -> Result<Registry, Failure> {
    let text = feed.registry.as_ref().map_or("", |signed| signed.text.as_str());
    Ok(Registry::read(roles::REGISTRY, text)?.0)
}

fn take(dir: &Path, who: &Who, wall: DateTime<Utc>) -> Result<Feed, Failure> {
    let root = dir.join(roles::metadata_name("root", Some(1)));
    let root = std::fs::read(&root).map_err(|e| Failure::Machine(say::no_root(root.display(), &e)))?;
    let source = FolderSource::new(dir).map_err(Failure::Machine)?;
    let scratch = Scratch::new()
        .map_err(|e| Failure::Machine(say::cannot_write(std::env::temp_dir().display(), &e)))?;
    let refused = |refusal: Refusal| Failure::Refused(say::feed_not_here(refusal.text()));
    let mut store = Store::enrol(&scratch.0, &root).map_err(refused)?;
    let now = Now { wall, trusted: true };
    super::runtime()?.block_on(store.refresh(&source, Mode::Stick, who, now)).map_err(refused)
}
