//! Handing over what was signed here: the draft first, so that the hub knows what it lists, then the contents.

use std::collections::BTreeMap;

use super::Hub;
use crate::{
    digest::Digest,
    office::{
        Error, Result, draft,
        folder::{Office, read_plain},
        handover::{State, Waiting},
    },
    text::office as say,
};

/// What was handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pushed {
    /// Drafts, as they stand at the hub now.
    pub drafts: BTreeMap<String, Waiting>,
    /// Contents sent.
    pub contents: usize,
}

/// Hands over every draft of this folder that the hub does not have as it is here and that this account may hand over,
/// keys before the lists that they sign. `state` is what the hub said when the work began.
///
/// # Errors
/// Refused by the hub: then what was signed waits here still, and the next command hands it over.
pub async fn push(office: &Office, hub: &Hub, state: &State) -> Result<Pushed> {
    let ours = {
        let _lock = office.lock()?;
        let drafts = draft::all(office)?;
        let names = drafts.root.iter().map(|_| "root".to_owned()).chain(drafts.roles.keys().cloned());
        let mut ours = Vec::new();
        for role in names {
            let path = office.draft(&role);
            ours.push((role, read_plain(&path).map_err(Error::io(&path))?));
        }
        ours.sort_by_key(|(role, _)| match role.as_str() {
            "root" => 0,
            "targets" => 1,
            _ => 2,
        });
        ours
    };
    let mut done = Pushed::default();
    // A list that `targets` names only now may be handed over once the hub has that draft.
    let all = state.may.iter().any(|role| role == "targets");
    for (role, bytes) in ours.into_iter().filter(|(role, _)| all || state.may.contains(role)) {
        let theirs = state.drafts.get(&role);
        let same = theirs.is_some_and(|t| t.sha256 == Digest::of(&bytes));
        let waiting = match theirs {
            Some(theirs) if same && theirs.lacks.is_empty() => continue,
            Some(theirs) if same => theirs.clone(),
            _ => hub.put_draft(&role, bytes, theirs.map(|t| t.sha256)).await?,
        };
        done.contents += contents(office, hub, &role, &waiting).await?;
        done.drafts.insert(role, Waiting { lacks: Vec::new(), ..waiting });
    }
    Ok(done)
}

async fn contents(office: &Office, hub: &Hub, role: &str, waiting: &Waiting) -> Result<usize> {
    if waiting.lacks.is_empty() {
        return Ok(0);
    }
    let draft: tough::schema::Signed<tough::schema::Targets> =
        draft::load(office, role)?.ok_or_else(|| Error::Refused(say::no_draft(say::role(role))))?;
    for sha256 in &waiting.lacks {
        let named = |t: &&tough::schema::Target| super::super::meta::target_digest(t) == Some(*sha256);
        let name = draft.signed.targets.iter().find(|(_, t)| named(t)).map_or("", |(n, _)| n.raw());
        let bytes = office.content(sha256, name).ok_or_else(|| Error::Refused(say::content_gone(name)))?;
        hub.put_content(sha256, bytes).await?;
    }
    Ok(waiting.lacks.len())
}
