//! `office merge`: two copies of the folder become one again. Signatures are united, contents checked by their hash.
//! Only what waits is taken over; the feed of the other copy is not looked at.

use std::path::Path;

use serde::{Serialize, de::DeserializeOwned};
use tough::schema::{Role, Signed};

use super::{
    Error, Result, draft,
    feed_files::{Published, walk},
    folder::{Office, read_plain},
    staging::{self, Staged},
};
use crate::{digest::Digest, durable, text::office as say};

/// What was taken over from the other copy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    /// Roles whose draft is new here or got signatures.
    pub drafts: Vec<String>,
    /// Contents and recordings that were not here.
    pub files: usize,
    /// Imported recordings that were not here.
    pub recordings: usize,
}

/// Takes over from the copy in `other` what this one lacks.
///
/// # Errors
/// Refused: both have a draft of one role with different content, or a content does not hash to its name. Drafts and
/// contents taken over before the fault was met stay; each is whole.
pub fn merge(office: &Office, other: &Path) -> Result<Merged> {
    let _lock = office.lock()?;
    let theirs = Office::open(other, None)?;
    let mut done = Merged::default();
    let mut drafts = draft::all(&theirs)?;
    let held = Published::load(office)?;
    // What was published here meanwhile is over, whoever signed it.
    let over = |role: &str, version: u64| {
        held.as_ref().and_then(|h| h.role(role)).is_some_and(|h| version <= h.signed.version.get())
    };
    drafts.roles.retain(|role, draft| !over(role, draft.signed.version.get()));
    if held
        .as_ref()
        .is_some_and(|h| drafts.root.as_ref().is_some_and(|d| d.signed.version <= h.root.signed.version))
    {
        drafts.root = None;
    }
    if let (Some(their), Some(our)) = (&drafts.root, draft::load(office, "root")?) {
        draft::merge("root", our, their.clone())?;
    }
    for (role, their) in &drafts.roles {
        if let Some(our) = draft::load(office, role)? {
            draft::merge(role, our, their.clone())?;
        }
    }
    for (dir, ending) in [("files", ""), ("recordings/canonical", ".opus"), ("recordings/originals", "")] {
        done.files += contents(&theirs.dir().join(dir), &office.dir().join(dir), ending)?;
    }
    let held = staging::all(office)?;
    for staged in staging::all(&theirs)? {
        if !held.iter().any(|h: &Staged| h.id == staged.id) {
            staging::put(office, &staged)?;
            done.recordings += 1;
        }
    }
    if let Some(root) = drafts.root {
        take(office, "root", root, &mut done)?;
    }
    for (role, their) in drafts.roles {
        take(office, &role, their, &mut done)?;
    }
    Ok(done)
}

fn take<T>(office: &Office, role: &str, theirs: Signed<T>, done: &mut Merged) -> Result<()>
where
    T: Role + Serialize + DeserializeOwned + Clone + PartialEq,
{
    let ours = draft::load::<T>(office, role)?;
    let all = match &ours {
        Some(ours) => draft::merge(role, ours.clone(), theirs)?,
        None => theirs,
    };
    if ours.is_none_or(|ours| ours.signatures.len() < all.signatures.len()) {
        draft::save(office, role, &all)?;
        done.drafts.push(role.to_owned());
    }
    Ok(())
}

fn contents(from: &Path, to: &Path, ending: &str) -> Result<usize> {
    if !from.is_dir() {
        return Ok(0);
    }
    durable::create_dir(to).map_err(Error::io(to))?;
    let mut copied = 0;
    for name in walk(from)? {
        let (source, goal) = (from.join(&name), to.join(&name));
        if goal.exists() {
            continue;
        }
        let bytes = read_plain(&source).map_err(Error::io(&source))?;
        let wanted =
            name.to_str().and_then(|n| n.strip_suffix(ending)).and_then(|n| n.parse::<Digest>().ok());
        if wanted != Some(Digest::of(&bytes)) {
            return Err(Error::Refused(say::content_gone(source.display())));
        }
        durable::replace(&goal, &bytes).map_err(Error::io(&goal))?;
        copied += 1;
    }
    Ok(copied)
}
