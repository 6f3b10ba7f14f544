//! The feed's store on disk: what other rooms call.

use std::{
    fs::TryLockError,
    io,
    path::{Path, PathBuf},
};

use futures_util::FutureExt;
use tough::schema::{Root, Signed};

use super::{
    Feed, Mode, Now, Who, content,
    disk::{Disk, disk},
    memory::Memory,
    refusal::{Refusal, Why},
    source::Source,
    trust::{Rules, Update},
    verify,
};
use crate::{durable, lock::Held, text::feed as say};

/// What loaxa asks beyond TUF of the top-level roles.
const RULES: Rules = Rules { signed_at: true };

/// Verified metadata, small files and the memory of what was seen, in one folder. Nothing but verified bytes is in it.
///
/// It holds no state in memory: what it says is what it would say after a power cut. Several processes may share it;
/// [`Store::refresh`] takes a lock.
#[derive(Debug, Clone)]
pub struct Store {
    disk: Disk,
}

impl Store {
    /// An enrolled store.
    ///
    /// # Errors
    /// `NotFound` when `dir` was never enrolled. Damage is not an error here: [`Store::load`] names it.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let store = Self { disk: Disk::new(dir) };
        match Memory::read(dir) {
            Err(e) if e.kind() == io::ErrorKind::NotFound && !store.disk.has("root") => return Err(e),
            _ => {}
        }
        store.disk.prepare()?;
        Ok(store)
    }

    /// Pins `root`, which a person brought: it must verify by its own keys. A store that is there already keeps what it
    /// saw if it is whole and `root` is of the same line; a damaged one begins anew.
    ///
    /// # Errors
    /// Not a root, not signed by its own keys, or the disk failed.
    pub fn enrol(dir: &Path, root: &[u8]) -> Result<Self, Refusal> {
        let new: Signed<Root> = verify::parse("root", root)?;
        verify::by_root(&new.signed, &new, "root")?;
        let store = Self { disk: Disk::new(dir) };
        store.disk.prepare().map_err(|e| disk("root", &e))?;
        let _lock = store.lock()?;
        let memory = Memory::read(dir);
        let held = memory.as_ref().ok().and_then(|memory| store.disk.root(memory.root).ok());
        // The same keys: the newer one stays, and with it all that was seen.
        if held.is_some_and(|held| {
            verify::by_root(&new.signed, &held, "root").is_ok() && held.signed.version >= new.signed.version
        }) {
            return Ok(store);
        }
        let withdrawn = memory.map(|memory| memory.withdrawn).unwrap_or_default();
        let mut memory = Memory { withdrawn, root: new.signed.version.get(), ..Memory::default() };
        memory.meet(&new.signed);
        for role in ["timestamp", "snapshot", "targets"] {
            store.disk.remove(role)?;
        }
        store.disk.put_root(root)?;
        memory.write(dir).map_err(|e| disk("memory", &e))?;
        Ok(store)
    }

    /// Everything from disk, verified again, without network. What cannot be used is named in [`Feed::stale`].
    pub fn load(&self, who: &Who, now: Now) -> Feed {
        let all = async {
            let mut update = Update::begin(&self.disk, None, Mode::Online, now, RULES)?;
            update.resume().await;
            content::assemble(&mut update, who).await
        };
        // Without a source nothing is waited for, so the first poll ends it.
        match all.now_or_never() {
            Some(Ok(feed)) => feed,
            Some(Err(refusal)) => damaged(&refusal),
            None => damaged(&Refusal::new("memory", Why::Busy)),
        }
    }

    /// Asks `source` for what is new and keeps what verifies. Faults of single roles and files are in [`Feed::stale`];
    /// what they had in force before stays.
    ///
    /// # Errors
    /// A top-level role was refused or could not be fetched, so nothing new came into force: the old feed stands, and
    /// [`Store::load`] gives it. Dropping the future half-way is safe.
    pub async fn refresh(
        &mut self,
        source: &dyn Source,
        mode: Mode,
        who: &Who,
        now: Now,
    ) -> Result<Feed, Refusal> {
        let _lock = self.lock()?;
        let mut update = Update::begin(&self.disk, Some(source), mode, now, RULES)?;
        if let Err(refusal) = update.top_level().await {
            update.save()?;
            return Err(refusal);
        }
        let feed = content::assemble(&mut update, who).await?;
        let memory = update.finish()?;
        let in_force = memory.in_force.values().map(|seen| seen.sha256).collect();
        self.disk.keep_only(&in_force).map_err(|e| disk("files", &e))?;
        Ok(feed)
    }

    /// The bytes of stored top-level metadata (`timestamp`), for a source that asks whether a file changed.
    pub fn held(&self, role: &str) -> Option<Vec<u8>> {
        self.disk.metadata(role)
    }

    /// Where it is.
    pub fn dir(&self) -> PathBuf {
        self.disk.dir().to_owned()
    }

    fn lock(&self) -> Result<Held, Refusal> {
        let path = self.disk.dir().join("lock");
        let file = durable::open_append(&path).map_err(|e| disk("lock", &e))?;
        Held::take(file).map_err(|e| match e {
            TryLockError::WouldBlock => Refusal::new("lock", Why::Busy),
            TryLockError::Error(e) => disk("lock", &e),
        })
    }
}

/// A store that cannot be trusted gives nothing, and says so.
fn damaged(refusal: &Refusal) -> Feed {
    let mut feed = Feed::default();
    let why = if refusal.why == Why::Damaged { say::store_damaged() } else { refusal.reason() };
    feed.stale.insert(refusal.what.clone(), why);
    feed
}
