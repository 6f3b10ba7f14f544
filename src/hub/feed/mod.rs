//! The feed at the hub: an office folder (`data/office`) with the online keys and no other, a public copy of what is
//! published (`blobs`), and the routes by which offices hand signed files over.
//!
//! `may` says whose draft is whose (pure); `drafts` takes them, `contents` takes what they list, `publish` asks the gates
//! and signs snapshot and timestamp; `keeper` renews both in time; `files` serves the public. The drafts were signed
//! elsewhere; whatever this machine does, it cannot make one.

mod api;
mod contents;
pub mod drafts;
mod files;
pub mod first;
pub mod keeper;
pub mod may;
pub mod publish;

use std::{
    path::Path,
    sync::{Arc, RwLock},
    time::Duration,
};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Fail, Hub, blobs::Blobs, routes::Route};
use crate::{
    durable,
    office::{
        self, Error,
        folder::{Lock, Office},
        hand,
        keys::{KeyFile, SecretKey},
    },
    text::{Text, hub_feed as say},
};

/// The office folder, below the hub's own.
pub const OFFICE: &str = "office";
/// The public copy of the feed, below the hub's own.
pub const PUBLIC: &str = "public";
/// A backup, which looks at the folder for a moment, is waited for so often, so far apart.
const TRIES: u32 = 100;
const APART: Duration = Duration::from_millis(100);

/// What the hub holds of the feed.
pub struct Feed {
    /// Where drafts wait and the feed is written.
    pub office: Office,
    /// What the public is served from.
    pub blobs: Blobs,
    /// One at a time changes the folder.
    turn: Arc<Mutex<()>>,
    trouble: RwLock<Option<Text>>,
}

/// While it lives, nobody else changes the folder.
pub struct Turn {
    _turn: OwnedMutexGuard<()>,
    _lock: Lock,
}

impl Feed {
    /// Opens the folders below `data`, and makes them.
    ///
    /// # Errors
    /// The disk.
    pub fn open(data: &Path) -> office::Result<Self> {
        let office = folder(data);
        make(&office)?;
        let public = data.join(PUBLIC);
        durable::create_dir(&public).map_err(Error::io(&public))?;
        let blobs = Blobs::folder(&public).map_err(|e| Error::Machine(say::store(e.to_string())))?;
        Ok(Self { office, blobs, turn: Arc::default(), trouble: RwLock::default() })
    }

    /// Why the feed is not renewed, while it is not.
    pub fn trouble(&self) -> Option<Text> {
        self.trouble.read().ok().and_then(|t| t.clone())
    }

    fn set_trouble(&self, why: Option<Text>) {
        if let Ok(mut trouble) = self.trouble.write() {
            *trouble = why;
        }
    }
}

/// The hub's office folder.
pub fn folder(data: &Path) -> Office {
    Office::at(&data.join(OFFICE), None)
}

/// Makes an office folder without people's keys.
///
/// # Errors
/// The disk.
pub fn make(office: &Office) -> office::Result<()> {
    // A copy of a hub has no empty folders.
    office.create()?;
    if !office.marker().exists() {
        durable::replace(&office.marker(), b"{\"format\":1}\n").map_err(Error::io(&office.marker()))?;
    }
    Ok(())
}

/// The keys for snapshot and timestamp. They have no passphrase: nobody is there to type it.
///
/// # Errors
/// A key file cannot be read, or others may read it.
pub fn online(office: &Office) -> office::Result<Vec<SecretKey>> {
    hand::online(&KeyFile::all(office.keys())?, &mut |q| {
        Err(Error::Refused(say::online_protected(q.file.secret().display())))
    })
}

/// Waits for the folder.
///
/// # Errors
/// Refused: another process has it for long.
pub async fn turn(hub: &Hub) -> Result<Turn, Fail> {
    let held = Arc::clone(&hub.feed.turn).lock_owned().await;
    let mut tried = 1;
    loop {
        match hub.feed.office.lock() {
            Ok(lock) => return Ok(Turn { _turn: held, _lock: lock }),
            Err(Error::Refused(_)) if tried < TRIES => tried += 1,
            Err(error) => return Err(error.into()),
        }
        hub.clock.sleep(APART).await;
    }
}

/// Does `work` on the folder, off the threads that serve. It ends even if whoever asked goes away.
///
/// # Errors
/// Those of `work`.
pub async fn at_desk<T, F>(hub: &Hub, work: F) -> Result<T, Fail>
where
    T: Send + 'static,
    F: FnOnce(&Office) -> office::Result<T> + Send + 'static,
{
    let turn = turn(hub).await?;
    let hub = hub.clone();
    let done = tokio::task::spawn_blocking(move || {
        let done = work(&hub.feed.office);
        drop(turn);
        done
    });
    Ok(done.await.map_err(Fail::machine)??)
}

/// Reads the folder, off the threads that serve. Each file is whole, but they need not be of one moment.
///
/// # Errors
/// Those of `look`.
pub async fn glance<T, F>(hub: &Hub, look: F) -> Result<T, Fail>
where
    T: Send + 'static,
    F: FnOnce(&Office) -> office::Result<T> + Send + 'static,
{
    let hub = hub.clone();
    Ok(tokio::task::spawn_blocking(move || look(&hub.feed.office)).await.map_err(Fail::machine)??)
}

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(text) | Error::Usage(text) => Self::Refused(text),
            Error::Faults(faults) => Self::Faults(faults),
            Error::Machine(text) => Self::Machine(text.en),
        }
    }
}

/// The routes of the feed.
pub fn routes() -> Vec<Route> {
    [api::routes(), files::routes()].into_iter().flatten().collect()
}
