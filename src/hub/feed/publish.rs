//! Publishing and renewing at the hub: the office's own gates and files, then the public copy, then the news.

use crate::{
    hub::{Fail, Hub, feed},
    office::{
        feed_files::Published,
        publish::{self, Publication},
        renew::{self, Renewal},
    },
    text::hub_feed as say,
};

/// Publishes the complete drafts, or those of `only`. Goes on to its end even if whoever asked goes away.
///
/// # Errors
/// Refused by a gate, with all reasons; or the machine fails: then the keeper brings the public copy up to date.
pub async fn publish(hub: &Hub, only: Option<Vec<String>>) -> Result<Publication, Fail> {
    let hub = hub.clone();
    let work = async move {
        let turn = feed::turn(&hub).await?;
        let (inner, now) = (hub.clone(), hub.now());
        let done = tokio::task::spawn_blocking(move || {
            let office = &inner.feed.office;
            let online = feed::online(office)?;
            let only: Option<Vec<&str>> = only.as_ref().map(|o| o.iter().map(String::as_str).collect());
            publish::publish_locked(office, now, &online, only.as_deref())
        });
        let done = done.await.map_err(Fail::machine)??;
        shown(&hub).await?;
        drop(turn);
        Ok(done)
    };
    tokio::spawn(work).await.map_err(Fail::machine)?
}

/// Signs timestamp and, when due, snapshot anew.
///
/// # Errors
/// Nothing was published yet; no key; the machine.
pub async fn renew(hub: &Hub) -> Result<Renewal, Fail> {
    let hub = hub.clone();
    let work = async move {
        let turn = feed::turn(&hub).await?;
        let (inner, now) = (hub.clone(), hub.now());
        let done = tokio::task::spawn_blocking(move || {
            let office = &inner.feed.office;
            renew::renew_locked(office, now, &feed::online(office)?)
        });
        let done = done.await.map_err(Fail::machine)??;
        shown(&hub).await?;
        drop(turn);
        Ok(done)
    };
    tokio::spawn(work).await.map_err(Fail::machine)?
}

/// Brings the public copy up to the folder and tells whoever waits for a publication; the timestamp's version, if
/// there is a feed. The caller has the turn.
///
/// # Errors
/// The feed does not verify, or the store fails.
pub async fn shown(hub: &Hub) -> Result<Option<u64>, Fail> {
    let inner = hub.clone();
    let feed = tokio::task::spawn_blocking(move || Published::load(&inner.feed.office));
    let Some(feed) = feed.await.map_err(Fail::machine)?? else { return Ok(None) };
    let mirrored = hub.feed.blobs.mirror(&hub.feed.office, &feed).await;
    mirrored.map_err(|e| Fail::Machine(say::store(e.to_string()).en))?;
    let version = feed.timestamp.signed.version.get();
    hub.live.publish(version);
    Ok(Some(version))
}
