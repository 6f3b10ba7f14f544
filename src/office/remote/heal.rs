//! After a hub was rebuilt from an older copy: what was published since lies at the offices, signed. Whoever may hand it
//! over brings it back, number by number, through the same gates.

use super::{Hub, pull::seen};
use crate::{
    feed::roles::metadata_name,
    office::{
        Error, Result,
        folder::{Office, read_plain},
        handover::State,
        meta,
    },
    text::office as say,
};

/// Publishes again what this folder has seen published and the hub lost, as far as this account may; which roles.
///
/// # Errors
/// Refused by the gates, or the hub does not answer. What came before stays published.
pub async fn heal(office: &Office, hub: &Hub, state: &State) -> Result<Vec<String>> {
    let (Some(before), Some(now)) = (seen(office), &state.published) else { return Ok(Vec::new()) };
    let mut lost = vec![("root".to_owned(), now.root, before.root)];
    lost.extend(
        before
            .roles
            .iter()
            .map(|(role, old)| (role.clone(), now.roles.get(role).copied().unwrap_or(0), *old)),
    );
    lost.retain(|(role, now, old)| now < old && state.may.contains(role));
    lost.sort_by_key(|(role, ..)| (role != "root", role != "targets"));
    for (role, now, old) in &lost {
        for version in now + 1..=*old {
            let path = office.feed().join(metadata_name(role, Some(version)));
            let bytes = read_plain(&path).map_err(Error::io(&path))?;
            let seen = hub.state().await?.drafts.get(role).map(|d| d.sha256);
            let waiting = hub.put_draft(role, bytes.clone(), seen).await?;
            contents(office, hub, role, &bytes, &waiting.lacks).await?;
            hub.publish(Some(vec![role.clone()])).await?;
        }
    }
    Ok(lost.into_iter().map(|(role, ..)| role).collect())
}

async fn contents(
    office: &Office,
    hub: &Hub,
    role: &str,
    list: &[u8],
    lacks: &[crate::digest::Digest],
) -> Result<()> {
    if lacks.is_empty() {
        return Ok(());
    }
    let list: tough::schema::Signed<tough::schema::Targets> = meta::from_json(list, role)?;
    for (name, target) in &list.signed.targets {
        let Some(sha256) = meta::target_digest(target).filter(|sha| lacks.contains(sha)) else { continue };
        let gone = || Error::Refused(say::content_gone(name.raw()));
        let bytes = office.content(&sha256, name.raw()).ok_or_else(gone)?;
        hub.put_content(&sha256, bytes).await?;
    }
    Ok(())
}
