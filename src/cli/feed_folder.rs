//! A feed in a folder, for people without a station: an inspector with a copy, an office before it publishes.

use std::path::{Path, PathBuf};

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
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> std::io::Result<Self> {
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
    let nobody = StationId::nobody();
    let feed = take(dir, &Who { station: nobody, key: [0; 32] })?;
    let Some(station) = station else { return Ok(feed) };
    match registry(&feed)?.stations.get(station) {
        Some(entry) => take(dir, &Who { station: station.clone(), key: entry.key }),
        None => Ok(feed),
    }
}

/// The log keys and receipt keys that the feed in `dir` lists.
///
/// # Errors
/// As [`load`]; the registry is wrong.
pub fn keys(dir: &Path) -> Result<verify::Registry, Failure> {
    let registry = registry(&load(dir, None)?)?;
    let stations = registry.stations.into_values().map(|entry| (entry.id, entry.key)).collect();
    Ok(verify::Registry { stations, receipt_keys: registry.receipt_keys })
}

fn registry(feed: &Feed) -> Result<Registry, Failure> {
    let text = feed.registry.as_ref().map_or("", |signed| signed.text.as_str());
    Ok(Registry::read(roles::REGISTRY, text)?.0)
}

fn take(dir: &Path, who: &Who) -> Result<Feed, Failure> {
    let root = dir.join(roles::metadata_name("root", Some(1)));
    let root = std::fs::read(&root).map_err(|e| Failure::Machine(say::no_root(root.display(), &e)))?;
    let source = FolderSource::new(dir).map_err(Failure::Machine)?;
    let scratch = Scratch::new()
        .map_err(|e| Failure::Machine(say::cannot_write(std::env::temp_dir().display(), &e)))?;
    let refused = |refusal: Refusal| Failure::Refused(say::feed_not_here(refusal.text()));
    let mut store = Store::enrol(&scratch.0, &root).map_err(refused)?;
    let now = Now { wall: SystemClock::new().now().wall, trusted: true };
    super::runtime()?.block_on(store.refresh(&source, Mode::Stick, who, now)).map_err(refused)
}
