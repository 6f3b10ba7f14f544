//! What the server's operator does on the machine itself: the online keys are made here, and a feed that was published
//! elsewhere is brought in. No private key travels.

use std::{fs, path::Path};

use crate::{
    digest::Digest,
    durable,
    feed::roles::metadata_name,
    office::{
        Error, Result,
        feed_files::{Published, walk, write_lasting},
        folder::{Office, read_plain},
        keys::{KeyFile, Public, SecretKey},
    },
    text::hub_feed as say,
};

/// The two roles that the hub signs.
pub const ONLINE: [&str; 2] = ["snapshot", "timestamp"];

/// The hub's public keys, newest last, by role. During a rotation a role has two.
///
/// # Errors
/// A key file is damaged.
pub fn public_keys(office: &Office) -> Result<Vec<(&'static str, KeyFile, Public)>> {
    let all = KeyFile::all(office.keys())?;
    let of = |role: &'static str| {
        let mine = move |file: &KeyFile| {
            file.stem().strip_prefix(role).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let found: Vec<_> = all.iter().filter(|(file, _)| mine(file)).cloned().collect();
        found.into_iter().map(move |(file, public)| (role, file, public))
    };
    Ok(ONLINE.into_iter().flat_map(of).collect())
}

/// Makes the keys that are not there; with `again`, new ones beside those that are.
///
/// # Errors
/// No random numbers, or the disk.
pub fn make_keys(office: &Office, again: bool) -> Result<Vec<(&'static str, KeyFile, Public)>> {
    super::make(office)?;
    let _lock = office.lock()?;
    let held = public_keys(office)?;
    for role in ONLINE {
        if held.iter().any(|(r, ..)| *r == role) && !again {
            continue;
        }
        let names = (1u32..).map(|n| if n == 1 { role.to_owned() } else { format!("{role}-{n}") });
        let mut free = names.map(|n| KeyFile::new(office.keys(), &n)).filter(|f| !f.secret().exists());
        if let Some(file) = free.next() {
            SecretKey::generate()?.save(&file, role, None)?;
        }
    }
    public_keys(office)
}

/// Takes over a feed that was published elsewhere, from a folder that `office export` wrote. Gives the fingerprint of
/// its first root.
///
/// # Errors
/// Refused: the hub has a feed already, or this one does not verify. Nothing was published.
pub fn bring(office: &Office, from: &Path) -> Result<Digest> {
    super::make(office)?;
    let _lock = office.lock()?;
    if Published::load(office)?.is_some() {
        return Err(Error::Refused(say::has_feed()));
    }
    let last = Path::new(&metadata_name("timestamp", None)).to_owned();
    let files = walk(from)?;
    if !files.contains(&last) {
        return Err(Error::Refused(say::no_feed_there(from.display())));
    }
    let wanted = |p: &&std::path::PathBuf| {
        (p.starts_with("metadata") || p.starts_with("targets"))
            && **p != last
            && p.extension().is_none_or(|e| e != "gz")
    };
    // Looked at in a place of its own: nothing that does not verify comes near the feed.
    let trial = Office::at(&office.dir().join("arriving"), None);
    clear(trial.dir())?;
    for file in files.iter().filter(wanted) {
        let path = from.join(file);
        let bytes = read_plain(&path).map_err(Error::io(&path))?;
        write_lasting(&trial.feed().join(file), &bytes)?;
    }
    let path = from.join(&last);
    let stamp = read_plain(&path).map_err(Error::io(&path))?;
    let goal = trial.feed().join(&last);
    durable::replace(&goal, &stamp).map_err(Error::io(&goal))?;
    let Some(feed) = Published::load(&trial)? else {
        return Err(Error::Refused(say::no_feed_there(from.display())));
    };
    whole(&trial, &feed)?;
    let root = trial.feed().join(metadata_name("root", Some(1)));
    let fingerprint = Digest::of(&read_plain(&root).map_err(Error::io(&root))?);
    for file in walk(&trial.feed())?.iter().filter(|f| **f != last) {
        let (from, to) = (trial.feed().join(file), office.feed().join(file));
        let bytes = read_plain(&from).map_err(Error::io(&from))?;
        write_lasting_as_is(&to, &bytes)?;
    }
    write_lasting_as_is(&office.feed().join(&last), &stamp)?;
    clear(trial.dir())?;
    Ok(fingerprint)
}

/// Every content that the feed names is there, as it was signed.
fn whole(office: &Office, feed: &Published) -> Result<()> {
    for (name, target) in feed.files() {
        let found =
            crate::office::meta::target_digest(target).and_then(|sha256| office.content(&sha256, name));
        if found.is_none() {
            return Err(Error::Refused(crate::text::office::content_gone(name)));
        }
    }
    Ok(())
}

fn write_lasting_as_is(path: &Path, bytes: &[u8]) -> Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    durable::create_dir(dir).map_err(Error::io(dir))?;
    durable::replace(path, bytes).map_err(Error::io(path))
}

fn clear(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(dir)(e)),
        _ => Ok(()),
    }
}
