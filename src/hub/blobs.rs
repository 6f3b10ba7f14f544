//! Where the public's copy of the feed lies: one seam on `object_store`, a folder now. What stands here is only ever a
//! copy of the office folder, put in an order that leaves a valid feed at every instant: targets, lists, root and, last,
//! the timestamp, by which alone clients learn of the rest.
//!
//! A folder is written with `with_fsync`: each file and its folder are on the medium before the next is put. So a power
//! cut leaves the feed of before or after, and the keeper finds out what lacks.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::{
    Error, GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt, Result, local::LocalFileSystem,
    path::Path as Name,
};

use crate::{
    feed::roles::{TARGETS_DIR, metadata_name},
    office::{
        feed_files::{Published, walk},
        folder::{Office, read_plain},
        tidy,
    },
};

/// The copy.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
}

impl Blobs {
    /// In a folder, which is there.
    ///
    /// # Errors
    /// The path is no folder.
    pub fn folder(root: &Path) -> Result<Self> {
        Ok(Self { store: Arc::new(LocalFileSystem::new_with_prefix(root)?.with_fsync(true)) })
    }

    /// Opens a file of the feed; none when it is not there. `head`: only what it is, without its content.
    ///
    /// # Errors
    /// The store.
    pub async fn open(&self, name: &str, range: Option<GetRange>, head: bool) -> Result<Option<GetResult>> {
        let Ok(name) = Name::parse(name) else { return Ok(None) };
        let mut options = GetOptions::default();
        (options.range, options.head) = (range, head);
        match self.store.get_opts(&name, options).await {
            Ok(found) => Ok(Some(found)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Brings the copy up to `feed`, which is what `office` has published. Files that the feed stopped naming stay as
    /// long as the office keeps them: a client may be in the middle of fetching. How many files were put and removed.
    ///
    /// # Errors
    /// The store or the disk. The copy is valid still; the same call goes on where this one ended.
    pub async fn mirror(&self, office: &Office, feed: &Published) -> Result<(usize, usize)> {
        let (source, named) = (office.feed(), tidy::named(feed));
        let kept = {
            let source = source.clone();
            blocking(move || walk(&source).map_err(other)).await?
        };
        let held: BTreeMap<PathBuf, u64> = self
            .store
            .list(None)
            .map_ok(|meta| (PathBuf::from(meta.location.as_ref()), meta.size))
            .try_collect()
            .await?;
        let (mut put, mut gone) = (0, 0);
        for file in in_order(kept.iter().filter(|f| named.contains(*f) || is_root(f))) {
            put += usize::from(self.put(&source, file, held.get(file).copied()).await?);
        }
        for old in held.keys().filter(|f| !kept.contains(*f)) {
            if let Some(name) = name(old) {
                self.store.delete(&name).await?;
                gone += 1;
            }
        }
        Ok((put, gone))
    }

    /// Puts one file unless it is there. A target's name holds its hash, and it was put whole or not at all: so its size
    /// tells enough. Lists are small, and compared.
    async fn put(&self, source: &Path, file: &Path, held: Option<u64>) -> Result<bool> {
        let Some(name) = name(file) else { return Ok(false) };
        let path = source.join(file);
        if file.starts_with(TARGETS_DIR) && held.is_some() {
            let size = path.metadata().map_err(other)?.len();
            if held == Some(size) {
                return Ok(false);
            }
        }
        let bytes = Bytes::from(blocking(move || read_plain(&path).map_err(other)).await?);
        if held == Some(bytes.len() as u64) && self.store.get(&name).await?.bytes().await? == bytes {
            return Ok(false);
        }
        self.store.put(&name, bytes.into()).await?;
        Ok(true)
    }
}

/// Targets, lists, snapshot, roots, timestamp.
fn in_order<'a>(files: impl Iterator<Item = &'a PathBuf>) -> Vec<&'a PathBuf> {
    let rank = |file: &Path| {
        let text = file.to_string_lossy();
        let text = text.trim_end_matches(".gz");
        match () {
            () if file.starts_with(TARGETS_DIR) => 0,
            () if text.ends_with(".snapshot.json") => 2,
            () if is_root(file) => 3,
            () if text == metadata_name("timestamp", None) => 4,
            () => 1,
        }
    };
    let mut files: Vec<_> = files.collect();
    // The packed form first: who asks for the plain name may be given it.
    files.sort_by_key(|file| (rank(file), file.extension().is_none_or(|e| e != "gz"), (*file).clone()));
    files
}

fn is_root(file: &Path) -> bool {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.trim_end_matches(".gz").ends_with(".root.json")
}

fn name(file: &Path) -> Option<Name> {
    Name::parse(file.to_str()?).ok()
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Generic { store: "feed", source: Box::new(error) }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_timestamp_is_put_last_and_what_it_leads_to_first() {
        let names = [
            "metadata/timestamp.json",
            "metadata/2.root.json",
            "metadata/2.root.json.gz",
            "metadata/7.snapshot.json",
            "metadata/3.bulletins.json",
            "targets/bulletins/ab.luat.opus",
        ];
        let names = names.map(PathBuf::from);
        let order: Vec<_> = in_order(names.iter()).into_iter().map(|f| f.to_string_lossy()).collect();
        assert_eq!(
            order,
            [
                "targets/bulletins/ab.luat.opus",
                "metadata/3.bulletins.json",
                "metadata/7.snapshot.json",
                "metadata/2.root.json.gz",
                "metadata/2.root.json",
                "metadata/timestamp.json",
            ]
        );
    }
}
