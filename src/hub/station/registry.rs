//! The registry in force: read from the hub's own feed folder by the readers that stations have, and kept until the
//! feed's timestamp changes. A rollback of the folder changes nothing; what was seen is kept in `data/registry/`.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use tokio::sync::Mutex;

use crate::{
    digest::Digest,
    feed::{Feed, Mode, Now, Refusal, Store, Who, folder::FolderSource, roles},
    hub::{Fail, Hub},
    ids::{BulletinId, StationId},
    schedule::registry::{Registry, StationEntry},
};

/// What the hub knows of the feed for its stations' sake.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// By id.
    pub stations: BTreeMap<StationId, StationEntry>,
    /// By log id.
    pub logs: HashMap<Digest, StationId>,
    /// Keys that sign receipts.
    pub receipt_keys: Vec<[u8; 32]>,
    /// Bulletins that name a hotline.
    pub hotlines: BTreeSet<BulletinId>,
    /// The root, byte for byte; empty while there is no feed.
    pub root: Vec<u8>,
    /// Version of the feed's timestamp.
    pub timestamp: u64,
}

/// What was read last.
#[derive(Debug)]
pub(super) struct Cache {
    feed: PathBuf,
    store: PathBuf,
    held: Mutex<Option<(Stamp, Arc<Known>)>>,
}

/// Whether a file is the one that was read.
type Stamp = Option<(SystemTime, u64, u64)>;

impl Cache {
    pub(super) fn new(data: &Path) -> Self {
        Self { feed: data.join("office").join("feed"), store: data.join("registry"), held: Mutex::default() }
    }

    fn stamp(&self) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        let file = std::fs::metadata(self.feed.join(roles::metadata_name("timestamp", None))).ok()?;
        Some((file.modified().ok()?, file.len(), file.ino()))
    }
}

/// The registry in force. Without a feed it is empty.
///
/// # Errors
/// The machine: threads.
pub async fn known(hub: &Hub) -> Result<Arc<Known>, Fail> {
    let cache = &hub.stations.registry;
    let mut held = cache.held.lock().await;
    let stamp = cache.stamp();
    if let Some((of, known)) = &*held
        && *of == stamp
    {
        return Ok(Arc::clone(known));
    }
    if stamp.is_none() {
        return Ok(Arc::default());
    }
    let (feed, store, now) = (cache.feed.clone(), cache.store.clone(), hub.now());
    let now = Now { wall: now, trusted: true };
    let read = tokio::task::spawn_blocking(move || read(&feed, &store, now)).await.map_err(Fail::machine)?;
    let known = match (read, &*held) {
        (Ok(known), _) => Arc::new(known),
        (Err(why), before) => {
            tracing::error!("the registry cannot be read from the hub's feed: {why}");
            before.as_ref().map(|(_, known)| Arc::clone(known)).unwrap_or_default()
        }
    };
    hub.live.publish(known.timestamp);
    *held = Some((stamp, Arc::clone(&known)));
    Ok(known)
}

/// Reads what is there; if it is refused, what was in force before.
fn read(feed: &Path, store: &Path, now: Now) -> Result<Known, String> {
    let text = |e: Refusal| e.text().en;
    let root = feed.join(roles::metadata_name("root", Some(1)));
    let root = std::fs::read(&root).map_err(|e| format!("{}: {e}", root.display()))?;
    let mut store = Store::enrol(store, &root).map_err(text)?;
    let source = FolderSource::new(feed).map_err(|e| e.en)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let nobody = Who { station: StationId::nobody(), key: [0; 32] };
    let feed = match runtime.block_on(store.refresh(&source, Mode::Stick, &nobody, now)) {
        Ok(feed) => feed,
        Err(refusal) => {
            tracing::error!("the hub's feed is refused, and what was in force stays: {}", refusal.text().en);
            store.load(&nobody, now)
        }
    };
    let root = store.held("root").unwrap_or(root);
    know(&feed, root)
}

fn know(feed: &Feed, root: Vec<u8>) -> Result<Known, String> {
    let registry = match &feed.registry {
        Some(signed) => Registry::read(roles::REGISTRY, &signed.text).map_err(|f| f.to_string())?.0,
        None => Registry::default(),
    };
    let logs = registry.stations.values().map(|entry| (Digest::of(&entry.key), entry.id.clone())).collect();
    let named = feed.bulletins.values().filter(|b| b.meta.hotline.is_some());
    Ok(Known {
        logs,
        hotlines: named.map(|b| b.id.clone()).collect(),
        stations: registry.stations,
        receipt_keys: registry.receipt_keys,
        root,
        timestamp: feed.versions.get("timestamp").copied().unwrap_or_default(),
    })
}
