//! A station that has the root takes what the office publishes.

use std::path::PathBuf;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use loaxa::feed::{
    Feed, Mode, Now, Store, Who,
    source::{FetchError, Source},
};

use super::world::World;

struct Folder(PathBuf);

#[async_trait]
impl Source for Folder {
    async fn fetch(&self, name: &str, max: u64) -> Result<Vec<u8>, FetchError> {
        let bytes = std::fs::read(self.0.join(name)).map_err(|_| FetchError::Absent)?;
        assert!(bytes.len() as u64 <= max);
        Ok(bytes)
    }
}

pub struct Station {
    _dir: tempfile::TempDir,
    store: Store,
    source: Folder,
}

pub const KEY: [u8; 32] = [7; 32];

impl Station {
    /// Enrolled with the first root.
    pub fn of(world: &World) -> Self {
        let dir = super::world::tempdir();
        let root = std::fs::read(world.office.feed().join("metadata/1.root.json")).unwrap();
        let store = Store::enrol(dir.path(), &root).unwrap();
        Self { _dir: dir, store, source: Folder(world.office.feed()) }
    }

    pub fn sync(&mut self, now: DateTime<Utc>) -> Result<Feed, String> {
        let who = Who { station: "xuan-luong-1".parse().unwrap(), key: KEY };
        let now = Now { wall: now, trusted: true };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let feed = runtime.block_on(self.store.refresh(&self.source, Mode::Online, &who, now));
        feed.map_err(|refusal| refusal.to_string())
    }

    /// Synced, and nothing stale.
    pub fn accepts(&mut self, world: &World) -> Feed {
        let feed = self.sync(world.now).unwrap();
        assert!(feed.stale.is_empty(), "{:?}", feed.stale);
        feed
    }
}

#[test]
fn a_station_takes_bulletins_registry_schedule_and_urgent_orders() {
    let world = World::new();
    let mut station = Station::of(&world);
    world.register();
    world.bulletin("luat-1");
    world.push_schedule();
    world.publish().unwrap();
    world.urgent("bao-so-3", "luat-1").unwrap();
    world.publish().unwrap();
    let feed = station.accepts(&world);
    assert_eq!(feed.bulletins.keys().map(|k| k.as_str()).collect::<Vec<_>>(), ["luat-1"]);
    assert_eq!(feed.schedules.len(), 1);
    assert_eq!(feed.urgents.len(), 1);
    assert_eq!(feed.signed_at, Some(world.now));
    assert!(feed.policy.is_some() && feed.registry.is_some());
}

#[test]
fn a_withdrawn_bulletin_and_a_recalled_order_are_gone_at_once() {
    let world = World::new();
    let mut station = Station::of(&world);
    world.register();
    world.bulletin("luat-1");
    world.bulletin("luat-2");
    world.urgent("bao-so-3", "luat-2").unwrap();
    world.publish().unwrap();
    assert_eq!(station.accepts(&world).bulletins.len(), 2);
    world.withdraw("luat-1").unwrap();
    world.withdraw("bao-so-3").unwrap();
    world.publish().unwrap();
    let feed = station.accepts(&world);
    assert_eq!(feed.bulletins.keys().map(|k| k.as_str()).collect::<Vec<_>>(), ["luat-2"]);
    assert!(feed.urgents.is_empty());
    assert!(feed.withdrawn.contains("bao-so-3"));
}
