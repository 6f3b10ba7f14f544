//! `office list`: what is published, waits for a signature, was imported, or was withdrawn.

use serde::Serialize;

use super::{
    Result,
    desk::Desk,
    import::fold,
    staging::{self, Shelf},
    withdraw,
    words::meta_of,
};
use crate::{bulletin::Meta, digest::Digest};

/// How far a recording has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Imported; nobody has approved it.
    Imported,
    /// Signed by one, waits for the second or for `publish`.
    Waiting,
    /// In the feed.
    Published,
    /// In the feed, and past its end: it leaves with the next approval.
    Expired,
    /// Never sounds again.
    Withdrawn,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Which list.
    pub shelf: Shelf,
    /// How far.
    pub state: State,
    /// Of its canonical file.
    pub sha256: Digest,
    /// Why it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its description.
    pub meta: Meta,
}

/// Every recording, by id. `search` looks into id, titles and transcript, without accents and capitals.
pub fn list(desk: &Desk<'_>, search: Option<&str>) -> Result<Vec<Entry>> {
    let mut out: Vec<Entry> = Vec::new();
    let gone = match desk.draft(withdraw::ROLE).or_else(|| desk.held(withdraw::ROLE)) {
        Some(role) => withdraw::read(desk, &role.signed)?,
        None => withdraw::none(),
    };
    for shelf in [Shelf::Bulletins, Shelf::UrgentAudio] {
        let waiting = desk.draft(shelf.role()).map(|d| (State::Waiting, d));
        for (state, role) in desk.held(shelf.role()).map(|r| (State::Published, r)).into_iter().chain(waiting)
        {
            for (name, target) in &role.signed.targets {
                let (Some(id), Some(meta), Some(sha256)) =
                    (withdraw::id_of(name.raw()), meta_of(target), super::meta::target_digest(target))
                else {
                    continue;
                };
                let known = out.iter().any(|e| e.id == id && e.sha256 == sha256 && e.meta == meta);
                if !known {
                    let expired = state == State::Published && meta.valid_until <= desk.now;
                    let state = if expired { State::Expired } else { state };
                    out.push(Entry { id: id.into(), shelf, state, sha256, reason: None, meta });
                }
            }
        }
    }
    for staged in staging::all(desk.office)? {
        let same =
            |e: &Entry| e.id == staged.id.as_str() && e.sha256 == staged.sha256 && e.shelf == staged.shelf;
        if !out.iter().any(same) {
            let (id, meta) = (staged.id.as_str().to_owned(), staged.meta);
            out.push(Entry {
                id,
                shelf: staged.shelf,
                state: State::Imported,
                sha256: staged.sha256,
                reason: None,
                meta,
            });
        }
    }
    for entry in &mut out {
        if let Some(why) = gone.withdrawn.iter().find(|w| w.id == entry.id) {
            (entry.state, entry.reason) = (State::Withdrawn, why.reason.clone());
        }
    }
    if let Some(wanted) = search.map(fold) {
        out.retain(|e| matches(e, &wanted));
    }
    out.sort_by(|a, b| (&a.id, a.state).cmp(&(&b.id, b.state)));
    Ok(out)
}

fn matches(entry: &Entry, wanted: &str) -> bool {
    let title = &entry.meta.title;
    let texts = [&entry.id, &title.vi, title.en.as_ref().unwrap_or(&title.vi), &entry.meta.transcript];
    texts.iter().any(|t| fold(t).contains(wanted))
}
