//! A feed on a server, a station beside it, and patience short enough for tests.

#![allow(clippy::disallowed_methods, reason = "real sockets wait in real time; tests lay out folders")]

use std::{
    future::Future,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use loaxa::{
    bulletin::{Bulletin, Frames, Kind, Meta, Title},
    clock::{BoxFuture, Clock, Moment, Uptime, Woke},
    digest::Digest,
    feed::{
        Feed, Mode, Now, Refusal, UrgentOrder, Who,
        http::{HttpSource, Limits, Setup},
        library::Library,
        roles,
        source::Source,
    },
    station::sync::Metadata,
};

use crate::server::Server;

/// The machine's own time.
pub struct RealClock(Instant);

impl RealClock {
    pub fn shared() -> Arc<dyn Clock> {
        Arc::new(Self(Instant::now()))
    }
}

impl Clock for RealClock {
    fn now(&self) -> Moment {
        Moment { wall: Utc::now(), up: Uptime(self.0.elapsed()) }
    }

    fn wait_until(&self, wall: DateTime<Utc>) -> BoxFuture<'_, Woke> {
        let span = (wall - Utc::now()).to_std().unwrap_or_default();
        Box::pin(async move {
            tokio::time::sleep(span).await;
            Woke::Due
        })
    }

    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(span))
    }
}

/// Runs a story; one that hangs fails after a minute.
pub fn run<T>(story: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        tokio::time::timeout(Duration::from_secs(60), story).await.expect("the story hangs")
    })
}

/// Gives up soon.
pub fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(5),
        idle: Duration::from_millis(400),
        total: Duration::from_secs(20),
        min_rate: 1,
        window: Duration::from_secs(10),
        attempts: 2,
        pause: Duration::from_millis(5),
        ..Limits::default()
    }
}

pub fn source(url: &str, cache: Option<&Path>, limits: Limits) -> HttpSource {
    let cache = cache.map(Path::to_owned);
    HttpSource::new(Setup { url: url.into(), cache, ca: None, limits, clock: RealClock::shared() }).unwrap()
}

/// Bytes that look like nothing else of that name.
pub fn noise(name: &str, length: usize) -> Vec<u8> {
    let seed = u64::from_le_bytes(Digest::of(name.as_bytes()).0[..8].try_into().unwrap());
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut bytes = vec![0; length];
    dice.fill(&mut bytes);
    bytes
}

pub fn bulletin(id: &str, audio: &[u8]) -> Bulletin {
    described(id, Digest::of(audio), audio.len() as u64)
}

pub fn described(id: &str, sha256: Digest, length: u64) -> Bulletin {
    let meta = Meta {
        kind: Kind::Bulletin,
        work: id.parse().unwrap(),
        title: Title { vi: id.into(), en: None },
        category: None,
        languages: vec![],
        frames: Frames(48_000),
        loudness_clufs: -1600,
        true_peak_cdb: -150,
        hotline: None,
        directive: None,
        valid_from: Utc::now() - chrono::TimeDelta::days(1),
        valid_until: Utc::now() + chrono::TimeDelta::days(30),
        approved_by: vec![],
        transcript: String::new(),
        original_sha256: Digest::ZERO,
    };
    Bulletin { id: id.parse().unwrap(), sha256, length, meta }
}

/// Where the audio of a bulletin lies below the feed.
pub fn name(bulletin: &Bulletin) -> String {
    roles::target_name(&roles::bulletin_path(&bulletin.id), &bulletin.sha256)
}

pub fn put(dir: &Path, name: &str, bytes: &[u8]) {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

pub fn who() -> Who {
    Who { station: "xa-tan-tien".parse().unwrap(), key: [7; 32] }
}

pub fn now() -> Now {
    Now { wall: Utc::now(), trusted: true }
}

/// Names of files in a folder, sorted.
pub fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Metadata that believes what it is told, so that stories of audio need no signatures.
#[derive(Clone, Default)]
pub struct Told(pub Arc<Mutex<Feed>>);

impl Told {
    /// Lists a bulletin.
    pub fn list(&self, bulletin: &Bulletin) {
        let mut feed = self.0.lock().unwrap();
        feed.versions.insert("timestamp".into(), 1);
        feed.bulletins.insert(bulletin.id.clone(), bulletin.clone().into());
    }

    /// An urgent order for a bulletin, over in an hour.
    pub fn order(&self, audio: &Bulletin) {
        let order = UrgentOrder {
            id: "bao-so-3".parse().unwrap(),
            audio: audio.id.clone(),
            areas: Default::default(),
            not_before: Utc::now(),
            until: Utc::now() + chrono::TimeDelta::hours(1),
            repeats: 1,
            gap_s: 0,
            reason: "Bão số 3".into(),
        };
        self.0.lock().unwrap().urgents.insert(order.id.clone(), order);
    }
}

#[async_trait]
impl Metadata for Told {
    fn load(&self, _: &Who, _: Now) -> Feed {
        self.0.lock().unwrap().clone()
    }

    async fn refresh(&mut self, source: &dyn Source, _: Mode, _: &Who, _: Now) -> Result<Feed, Refusal> {
        source.fetch("metadata/timestamp.json", 16_384).await.map_err(|e| Refusal::fetch("timestamp", e))?;
        Ok(self.0.lock().unwrap().clone())
    }
}

/// A served folder and a station's library.
pub struct World {
    pub feed: tempfile::TempDir,
    pub state: tempfile::TempDir,
    pub server: Server,
    pub library: Library,
    pub told: Told,
}

impl World {
    pub fn new() -> Self {
        let (feed, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        put(feed.path(), "metadata/timestamp.json", b"{}");
        let server = Server::start(feed.path());
        let library = Library::open(&state.path().join("library")).unwrap();
        Self { feed, state, server, library, told: Told::default() }
    }

    /// Puts audio on the server and lists it.
    pub fn publish(&self, id: &str, audio: &[u8]) -> Bulletin {
        let bulletin = bulletin(id, audio);
        put(self.feed.path(), &name(&bulletin), audio);
        self.told.list(&bulletin);
        bulletin
    }

    pub fn source(&self) -> HttpSource {
        source(&self.server.url, Some(&self.state.path().join("etags")), limits())
    }

    pub fn library_dir(&self) -> PathBuf {
        self.state.path().join("library")
    }
}
