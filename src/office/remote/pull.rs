//! Bringing this office's folder up to the hub.

use std::{collections::BTreeMap, fs, path::Path};

use chrono::{DateTime, Utc};
use tough::schema::{Role, Root, Signed, Snapshot, Targets, Timestamp};

use super::Hub;
use crate::{
    digest::Digest,
    durable,
    feed::{
        roles::{metadata_name, target_name},
        trust::limits,
    },
    ids::is_slug,
    office::{
        Error, Result,
        desk::same_content,
        draft::{self, Drafts},
        feed_files::{Published, write_lasting},
        folder::{Office, read_plain},
        handover::{State, Versions},
        meta, tidy,
    },
    text::{Text, hub_feed as say, office},
};

/// What a pull found.
#[derive(Debug, Clone)]
pub struct Pulled {
    /// As the hub said it.
    pub state: State,
    /// What the person must be told.
    pub told: Vec<Text>,
}

/// Brings `office` up to the hub: the feed without its sound, the drafts, and of their contents all that is text; with
/// `sound_of`, the recordings of that role too. Makes the folder when it is new.
///
/// # Errors
/// Refused: what the hub gives does not verify, or is older than what this folder has seen. The folder is as it was.
pub async fn pull(office: &Office, hub: &Hub, sound_of: Option<&str>, now: DateTime<Utc>) -> Result<Pulled> {
    let state = hub.state().await?;
    let mut told = Vec::new();
    if state.published.is_none() {
        return Err(Error::Refused(say::no_feed_at_hub()));
    }
    let new = !office.marker().exists();
    office.create()?;
    let arrived = Arrival::fetch(office, hub).await?;
    {
        let _lock = office.lock()?;
        arrived.settle(office)?;
    }
    if new {
        durable::replace(&office.marker(), b"{\"format\":1}\n").map_err(Error::io(&office.marker()))?;
        told.push(say::first_pull(arrived.fingerprint));
    }
    drafts(office, hub, &state, &arrived.feed, sound_of, &mut told).await?;
    let _lock = office.lock()?;
    keep_sound(office, &arrived.feed)?;
    // Recordings that were published no longer wait here.
    tidy::tidy(office, &arrived.feed, now)?;
    Ok(Pulled { state, told })
}

/// A feed on its way: verified, not yet in its place.
struct Arrival {
    feed: Published,
    /// Names below `feed/`, in the order in which they are written.
    files: Vec<(String, Vec<u8>)>,
    fingerprint: Digest,
}

impl Arrival {
    async fn fetch(office: &Office, hub: &Hub) -> Result<Self> {
        let absent = |name: &str| Error::Refused(say::not_whole(name));
        let get = async |name: String, most: u64| {
            hub.file(&name, most).await?.ok_or_else(|| absent(&name)).map(|bytes| (name, bytes))
        };
        // The stamp first: what it leads to is there, whatever is published meanwhile.
        let stamp = get(metadata_name("timestamp", None), limits::TIMESTAMP_MAX).await?;
        let timestamp: Signed<Timestamp> = meta::from_json(&stamp.1, "timestamp")?;
        let mut roots = Vec::new();
        for n in 1..=limits::ROOTS_MAX {
            let name = metadata_name("root", Some(n));
            // Each root leads to the next; those of before are compared with what this folder holds.
            match hub.file(&name, limits::ROOT_MAX).await? {
                Some(bytes) => roots.push((name, bytes)),
                None => break,
            }
        }
        let fingerprint = Digest::of(&roots.first().ok_or_else(|| absent("1.root.json"))?.1);
        let listed = timestamp.signed.meta.get("snapshot.json").ok_or_else(|| absent("snapshot"))?;
        let version = Some(listed.version.get());
        let snapshot = get(metadata_name("snapshot", version), limits::SNAPSHOT_MAX).await?;
        let list: Signed<Snapshot> = meta::from_json(&snapshot.1, "snapshot")?;
        let mut lists = Vec::new();
        for (file, entry) in &list.signed.meta {
            let role = file.strip_suffix(".json").unwrap_or(file);
            let name = metadata_name(role, Some(entry.version.get()));
            let local = read_plain(&office.feed().join(&name)).ok();
            let same = |bytes: &Vec<u8>| {
                entry.hashes.as_ref().is_some_and(|h| h.sha256.as_ref() == Digest::of(bytes).0)
            };
            match local.filter(same) {
                Some(bytes) => lists.push((name, bytes)),
                // A closed area is listed for ever, and nobody serves it.
                None => lists.extend(hub.file(&name, limits::TARGETS_MAX).await?.map(|bytes| (name, bytes))),
            }
        }
        let files: Vec<_> = lists.into_iter().chain([snapshot]).chain(roots).chain([stamp]).collect();
        let feed = verified(office, &files)?;
        let texts = texts(office, hub, &feed).await?;
        not_back(office, &feed, &files)?;
        Ok(Self { feed, files: texts.into_iter().chain(files).collect(), fingerprint })
    }

    /// Writes it: what the timestamp leads to before the timestamp.
    fn settle(&self, office: &Office) -> Result<()> {
        let stamp = metadata_name("timestamp", None);
        for (name, bytes) in &self.files {
            let path = office.feed().join(name);
            if read_plain(&path).is_ok_and(|held| held == *bytes) {
                continue;
            }
            match *name == stamp {
                true => durable::replace(&path, bytes).map_err(Error::io(&path))?,
                false => write_lasting(&path, bytes)?,
            }
        }
        Ok(())
    }
}

/// Reads it in a place of its own, as the feed of this folder is read.
fn verified(office: &Office, files: &[(String, Vec<u8>)]) -> Result<Published> {
    let trial = Office::at(&office.dir().join("arriving"), None);
    clear(trial.dir())?;
    for (name, bytes) in files {
        let path = trial.feed().join(name);
        let dir = path.parent().unwrap_or(Path::new("."));
        durable::create_dir(dir).map_err(Error::io(dir))?;
        durable::replace(&path, bytes).map_err(Error::io(&path))?;
    }
    let feed = Published::load(&trial);
    clear(trial.dir())?;
    feed?.ok_or_else(|| Error::Refused(say::no_feed_at_hub()))
}

fn clear(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(dir)(e)),
        _ => Ok(()),
    }
}

/// The same first root, and no number that went back. What lies here was verified when it came.
fn not_back(office: &Office, feed: &Published, files: &[(String, Vec<u8>)]) -> Result<()> {
    let root = metadata_name("root", Some(1));
    let held = read_plain(&office.feed().join(&root)).ok();
    let came = files.iter().find(|(name, _)| *name == root).map(|(_, bytes)| bytes);
    if held.is_some() && held.as_ref() != came {
        return Err(Error::Refused(say::other_feed()));
    }
    let Some(before) = seen(office) else { return Ok(()) };
    match Versions::of(feed).went_back(&before) {
        Some((role, now, old)) => Err(Error::Refused(say::went_back(office::role(&role), now, old))),
        None => Ok(()),
    }
}

/// The numbers that this folder has seen, even if a power cut left its feed between two.
pub(super) fn seen(office: &Office) -> Option<Versions> {
    let read = |name: String| read_plain(&office.feed().join(name)).ok();
    let timestamp: Signed<Timestamp> =
        meta::from_json(&read(metadata_name("timestamp", None))?, "timestamp").ok()?;
    let listed = timestamp.signed.meta.get("snapshot.json")?.version.get();
    let snapshot: Signed<Snapshot> =
        meta::from_json(&read(metadata_name("snapshot", Some(listed)))?, "snapshot").ok()?;
    let roles = snapshot.signed.meta.iter();
    let roles = roles.filter_map(|(f, e)| Some((f.strip_suffix(".json")?.to_owned(), e.version.get())));
    let roots = (1..).take_while(|n| office.feed().join(metadata_name("root", Some(*n))).exists());
    Some(Versions {
        root: roots.last().unwrap_or(0),
        timestamp: timestamp.signed.version.get(),
        snapshot: listed,
        roles: roles.collect(),
    })
}

/// The published files that are text and not here: schedules and lists are built on them.
async fn texts(office: &Office, hub: &Hub, feed: &Published) -> Result<Vec<(String, Vec<u8>)>> {
    let mut out = Vec::new();
    for (name, target) in feed.files().filter(|(name, _)| !name.ends_with(".opus")) {
        let Some(sha256) = meta::target_digest(target) else { continue };
        if office.content(&sha256, name).is_some() {
            continue;
        }
        let file = target_name(name, &sha256);
        let bytes = hub.file(&file, limits::REGISTRY_MAX).await?.filter(|b| Digest::of(b) == sha256);
        out.push((file, bytes.ok_or_else(|| Error::Refused(say::not_whole(name)))?));
    }
    Ok(out)
}

/// A recording that waited here and is published now stays, as part of the feed: should the hub lose it, it is here.
fn keep_sound(office: &Office, feed: &Published) -> Result<()> {
    for (name, target) in feed.files().filter(|(name, _)| name.ends_with(".opus")) {
        let Some(sha256) = meta::target_digest(target) else { continue };
        let path = office.feed().join(target_name(name, &sha256));
        if !path.exists()
            && let Some(bytes) = office.content(&sha256, name)
        {
            write_lasting(&path, &bytes)?;
        }
    }
    Ok(())
}

async fn drafts(
    office: &Office,
    hub: &Hub,
    state: &State,
    feed: &Published,
    sound_of: Option<&str>,
    told: &mut Vec<Text>,
) -> Result<()> {
    let mut came: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for role in state.drafts.keys().filter(|role| is_slug(role)) {
        came.insert(role, hub.draft(role).await?);
    }
    for (role, bytes) in came.iter().filter(|(role, _)| **role != "root") {
        let draft: Signed<Targets> = meta::from_json(bytes, role)?;
        contents(office, hub, feed, role, &draft.signed, sound_of == Some(*role)).await?;
    }
    let _lock = office.lock()?;
    let ours = draft::all(office)?;
    overtaken(office, &ours, feed)?;
    for (role, bytes) in came {
        let replaced = match role {
            "root" => take::<Root>(office, role, &bytes, ours.root.as_ref(), |_, _| false)?,
            _ => take::<Targets>(office, role, &bytes, ours.roles.get(role), same_content)?,
        };
        if replaced {
            told.push(say::draft_replaced(office::role(role)));
        }
    }
    Ok(())
}

/// Drafts that were published or overtaken meanwhile go.
fn overtaken(office: &Office, ours: &Drafts, feed: &Published) -> Result<()> {
    if ours.root.as_ref().is_some_and(|d| d.signed.version <= feed.root.signed.version) {
        draft::discard(office, "root")?;
    }
    for (role, draft) in &ours.roles {
        if feed.listed_version(role).is_some_and(|held| draft.signed.version.get() <= held) {
            draft::discard(office, role)?;
        }
    }
    Ok(())
}

/// The hub's draft is the one that everybody works on: with the signatures of both if it is the same, else in place of
/// ours. True when ours was other work and is lost.
fn take<T>(
    office: &Office,
    role: &str,
    bytes: &[u8],
    ours: Option<&Signed<T>>,
    alike: impl Fn(&T, &T) -> bool,
) -> Result<bool>
where
    T: Role + serde::Serialize + serde::de::DeserializeOwned + Clone,
{
    let theirs: Signed<T> = meta::from_json(bytes, role)?;
    let Some(ours) = ours else { return draft::save(office, role, &theirs).map(|()| false) };
    if meta::canonical(&ours.signed)? == meta::canonical(&theirs.signed)? {
        draft::save(office, role, &draft::merge(role, ours.clone(), theirs)?)?;
        return Ok(false);
    }
    let lost = ours.signed.version() >= theirs.signed.version() && !alike(&ours.signed, &theirs.signed);
    draft::save(office, role, &theirs)?;
    Ok(lost)
}

/// What a draft lists anew and is not here.
async fn contents(
    office: &Office,
    hub: &Hub,
    feed: &Published,
    role: &str,
    next: &Targets,
    sound: bool,
) -> Result<()> {
    let held = feed.role(role).map(|r| &r.signed.targets);
    let fresh = next.targets.iter().filter(|(n, t)| held.and_then(|h| h.get(n)) != Some(t));
    for (name, target) in fresh.filter(|(n, _)| sound || !n.raw().ends_with(".opus")) {
        let Some(sha256) = meta::target_digest(target) else { continue };
        if office.content(&sha256, name.raw()).is_none() {
            // What the hub lacks too, nobody can sign: the verb says so.
            if let Ok(bytes) = hub.content(&sha256).await {
                office.keep(&bytes)?;
            }
        }
    }
    Ok(())
}
