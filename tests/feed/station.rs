//! A box and its store, as the tests tell stories about it.

use std::{collections::BTreeMap, fs, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    feed::{Feed, Mode, Now, Refusal, Store, Who},
    text::Text,
};

use crate::repo::{Host, Repo};

/// When most stories begin.
pub const DAWN: &str = "2026-12-01T00:00:00Z";
/// The key of the box.
pub const KEY: [u8; 32] = [7; 32];
/// Its id.
pub const ID: &str = "xa-tan-tien";

/// An instant.
pub fn at(s: &str) -> DateTime<Utc> {
    s.parse().unwrap()
}

/// A province with one box in `bac-giang` and `yen-the`, two bulletins, a chime and two schedules; published.
pub fn province() -> Repo {
    let mut repo = Repo::new(DAWN);
    repo.station(ID, KEY, &["bac-giang", "yen-the"]).station(
        "xa-dong-ky",
        [8; 32],
        &["bac-giang", "dong-ky"],
    );
    repo.bulletin("duong-day-nong-111", b"audio 111")
        .bulletin("phap-luat-1", b"audio law")
        .chime("open", b"chime");
    repo.schedule("bac-giang", "format: 1\narea: bac-giang\n")
        .schedule("yen-the", "format: 1\narea: yen-the\n");
    repo.schedule("dong-ky", "format: 1\narea: dong-ky\n").publish();
    repo
}

pub struct Station {
    pub dir: tempfile::TempDir,
    pub store: Store,
    pub who: Who,
    pub now: Now,
}

impl Station {
    /// Enrolled with the first root of `repo`, never synced.
    pub fn enrolled(repo: &Repo) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::enrol(&dir.path().join("feed"), repo.root()).unwrap();
        let who = Who { station: ID.parse().unwrap(), key: KEY };
        Self { dir, store, who, now: Now { wall: repo.now, trusted: true } }
    }

    /// Enrolled and synced once, with nothing to complain of.
    pub fn synced(repo: &Repo) -> Self {
        let mut station = Self::enrolled(repo);
        let feed = station.sync(&repo.source()).unwrap();
        assert_eq!(feed.stale, BTreeMap::new());
        station
    }

    pub fn pass(&mut self, span: TimeDelta) -> &mut Self {
        self.now.wall += span;
        self
    }

    pub fn sync(&mut self, host: &Host) -> Result<Feed, Refusal> {
        self.sync_by(host, Mode::Online)
    }

    pub fn sync_by(&mut self, host: &Host, mode: Mode) -> Result<Feed, Refusal> {
        block_on(self.store.refresh(host, mode, &self.who, self.now))
    }

    pub fn load(&self) -> Feed {
        self.store.load(&self.who, self.now)
    }

    /// As after a power cut: whatever was not on disk is gone.
    pub fn reboot(&mut self) -> &mut Self {
        self.store = Store::open(&self.folder()).unwrap();
        self
    }

    /// Another box with the same files.
    pub fn copy(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("feed/files")).unwrap();
        for file in self.files() {
            fs::copy(&file, dir.path().join(file.strip_prefix(self.dir.path()).unwrap())).unwrap();
        }
        let store = Store::open(&dir.path().join("feed")).unwrap();
        Self { dir, store, who: self.who.clone(), now: self.now }
    }

    pub fn folder(&self) -> PathBuf {
        self.dir.path().join("feed")
    }

    /// All files of the store, small ones included.
    pub fn files(&self) -> Vec<PathBuf> {
        let list = |dir: PathBuf| fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
        let mut files: Vec<_> = list(self.folder()).chain(list(self.folder().join("files"))).collect();
        files.retain(|p| p.is_file() && p.file_name().unwrap() != "lock");
        files.sort();
        files
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// What a person reads, in both languages.
pub fn told(texts: &BTreeMap<String, Text>) -> String {
    texts.iter().map(|(what, why)| format!("{what}\n  vi: {}\n  en: {}\n", why.vi, why.en)).collect()
}

/// The same of one refusal.
pub fn told_of(refusal: &Refusal) -> String {
    let text = refusal.text();
    format!("vi: {}\nen: {}\n", text.vi, text.en)
}

/// Ids of the bulletins in force.
pub fn ids(feed: &Feed) -> Vec<&str> {
    feed.bulletins.keys().map(|id| id.as_str()).collect()
}

/// Areas whose schedules are in force.
pub fn areas(feed: &Feed) -> Vec<&str> {
    feed.schedules.keys().map(|id| id.as_str()).collect()
}
