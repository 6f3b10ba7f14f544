//! What happens without anybody asking: the public copy is mended, and the timestamp (every day) and the snapshot (every
//! three days) are signed anew before they expire. When that cannot be, people are told at once, days before any station
//! calls the feed stale.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::publish;
use crate::{
    feed::roles::{TIMESTAMP_DAYS, metadata_name},
    hub::{Fail, Hub, account::secret, db, live::News},
    office::{feed_files::Published, folder::read_plain, meta},
    text::{Text, hub_feed as say},
};

/// The keeper looks at everything so often,
const ROUND: TimeDelta = TimeDelta::minutes(5);
/// and so often whether another process (`hub feed init`) wrote a timestamp that is not shown yet.
const GLANCE: Duration = Duration::from_secs(2);
/// The timestamp is signed anew once it has no more than this left: a day after it was made.
const LEFT: TimeDelta = TimeDelta::days(TIMESTAMP_DAYS as i64 - 1);
/// While it lasts, the same trouble is an alarm so often.
const AGAIN: TimeDelta = TimeDelta::days(1);

/// Before anybody is served: the public copy is held against the folder, and mended. What cannot be, [`keep`] tells.
pub async fn begin(hub: &Hub) {
    let mended = async {
        let turn = super::turn(hub).await?;
        publish::shown(hub).await?;
        drop(turn);
        Ok::<_, Fail>(())
    };
    if let Err(fail) = mended.await {
        tracing::error!(error = %why(&fail).en, "the feed is not shown as it was published");
    }
}

/// Goes on until it is dropped.
pub async fn keep(hub: Hub) {
    let mut told: Option<DateTime<Utc>> = None;
    let mut looked: Option<(DateTime<Utc>, Option<Vec<u8>>)> = None;
    loop {
        let (now, stamp) = (hub.now(), stamp(&hub).await);
        let same =
            looked.as_ref().is_some_and(|(at, held)| *held == stamp && *at <= now && now < *at + ROUND);
        if same {
            hub.clock.sleep(GLANCE).await;
            continue;
        }
        looked = Some((now, stamp));
        match round(&hub).await {
            Ok(()) => {
                if told.take().is_some() {
                    tracing::info!("the feed is renewed again");
                }
                hub.feed.set_trouble(None);
            }
            Err(fail) => {
                let why = why(&fail);
                hub.feed.set_trouble(Some(say::not_renewed(&why)));
                if told.is_none_or(|at| hub.now() >= at + AGAIN || hub.now() < at) {
                    told = Some(hub.now());
                    alarm(&hub, &why).await;
                }
            }
        }
        hub.clock.sleep(GLANCE).await;
    }
}

async fn stamp(hub: &Hub) -> Option<Vec<u8>> {
    let read = |office: &crate::office::folder::Office| {
        Ok(read_plain(&office.feed().join(metadata_name("timestamp", None))).ok())
    };
    super::glance(hub, read).await.ok().flatten()
}

/// One look.
///
/// # Errors
/// The feed cannot be renewed or shown.
pub async fn round(hub: &Hub) -> Result<(), Fail> {
    let expires = super::glance(hub, |office| {
        Ok(Published::load(office)?.map(|feed| meta::instant(feed.timestamp.signed.expires)))
    });
    let Some(expires) = expires.await? else { return Ok(()) };
    if expires - hub.now() <= LEFT {
        let done = publish::renew(hub).await?;
        tracing::info!(
            feed.timestamp = done.timestamp,
            feed.snapshot = done.snapshot,
            "the feed was renewed"
        );
        for warning in &done.warnings {
            tracing::warn!("{}", warning.en);
        }
        return Ok(());
    }
    let turn = super::turn(hub).await?;
    publish::shown(hub).await?;
    drop(turn);
    Ok(())
}

fn why(fail: &Fail) -> Text {
    match fail {
        Fail::Machine(error) => Text::same(error),
        other => other.text(),
    }
}

async fn alarm(hub: &Hub, why: &Text) {
    tracing::error!(error = %why.en, "the feed is not renewed");
    let id = match secret::random() {
        Ok(id) => id,
        Err(_) => return,
    };
    match db::feed::alarm(&hub.db, id, hub.now(), &why.vi).await {
        Ok(()) => hub.live.tell(News::Alarm),
        Err(error) => tracing::error!(%error, "the alarm is not kept"),
    }
}
