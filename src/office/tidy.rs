//! What nobody needs any more goes, but not while a client may be in the middle of fetching it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Error, Result, draft,
    feed_files::{Published, gz, walk},
    folder::Office,
    meta, staging,
    words::meta_of,
};
use crate::{
    durable,
    feed::roles::{metadata_name, target_name},
};

/// A file that the feed no longer names stays for so long.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// How many files went.
pub fn tidy(office: &Office, feed: &Published, now: DateTime<Utc>) -> Result<usize> {
    approved(office, feed)?;
    contents(office)?;
    let named = named(feed);
    let path = office.dir().join("superseded.json");
    let mut since: BTreeMap<PathBuf, DateTime<Utc>> = match fs::read(&path) {
        // A list that cannot be read only means that files stay longer.
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Err(_) => BTreeMap::new(),
    };
    let mut gone = 0;
    let here = walk(&office.feed())?;
    since.retain(|file, _| here.contains(file) && !named.contains(file));
    for file in here.iter().filter(|f| !named.contains(*f) && !is_root(f)) {
        if *since.entry(file.clone()).or_insert(now) + KEPT < now {
            let path = office.feed().join(file);
            durable::remove(&path).map_err(Error::io(&path))?;
            since.remove(file);
            gone += 1;
        }
    }
    durable::replace(&path, &meta::to_json(&since)?).map_err(Error::io(&path))?;
    Ok(gone)
}

/// Every file that the feed names now, with its `.gz`. Roots are named for ever.
pub fn named(feed: &Published) -> BTreeSet<PathBuf> {
    let mut out = BTreeSet::from([PathBuf::from(metadata_name("timestamp", None))]);
    let mut add = |name: String| {
        let path = PathBuf::from(name);
        out.insert(gz(&path));
        out.insert(path);
    };
    add(metadata_name("snapshot", Some(feed.snapshot.signed.version.get())));
    add(metadata_name("targets", Some(feed.targets.signed.version.get())));
    for (name, role) in &feed.roles {
        add(metadata_name(name, Some(role.signed.version.get())));
    }
    for (name, target) in feed.files() {
        if let Some(sha256) = meta::target_digest(target) {
            add(target_name(name, &sha256));
        }
    }
    out
}

fn is_root(file: &std::path::Path) -> bool {
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    name.trim_end_matches(".gz").ends_with(".root.json")
}

/// Recordings that are published as they were imported no longer wait.
fn approved(office: &Office, feed: &Published) -> Result<()> {
    for staged in staging::all(office)? {
        let path = staged.shelf.path(&staged.id);
        let held = feed.files().find(|(name, _)| *name == path).map(|(_, target)| target);
        let same = held.is_some_and(|target| {
            let meta = meta_of(target).map(|mut meta| {
                meta.approved_by.clear();
                meta
            });
            meta.as_ref() == Some(&staged.meta) && meta::target_digest(target) == Some(staged.sha256)
        });
        if same {
            staging::remove(office, &staged.id)?;
        }
    }
    Ok(())
}

/// Contents that neither a draft names nor a recording that waits.
fn contents(office: &Office) -> Result<()> {
    let drafts = draft::all(office)?;
    let targets = drafts.roles.values().flat_map(|d| d.signed.targets.values());
    let waiting = staging::all(office)?.into_iter().map(|staged| staged.sha256);
    let named: BTreeSet<String> =
        targets.filter_map(meta::target_digest).chain(waiting).map(|sha256| sha256.to_string()).collect();
    let dir = office.dir().join("files");
    for file in walk(&dir)?.iter().filter(|f| !named.contains(&*f.to_string_lossy())) {
        let path = dir.join(file);
        durable::remove(&path).map_err(Error::io(&path))?;
    }
    Ok(())
}
