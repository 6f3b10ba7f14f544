//! Notices stations that say nothing any more.

use std::time::Duration;

use super::state::{Heard, SILENT, State, state};
use crate::hub::{
    Hub,
    db::{self, alarms, micros, stations},
    live::News,
};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(60);

/// Looks for ever, once a minute.
pub async fn watch(hub: Hub) {
    loop {
        if let Err(error) = look(&hub).await {
            tracing::error!(%error, "stations could not be looked at");
        }
        hub.clock.sleep(EVERY).await;
    }
}

/// Marks stations whose state has changed without their doing. How many.
///
/// # Errors
/// The database.
pub async fn look(hub: &Hub) -> db::Result<usize> {
    let now = hub.now();
    let mut marked = 0;
    for station in stations::to_look_at(&hub.db, micros(now - SILENT)).await? {
        let heard = station.status.as_deref().and_then(|s| serde_json::from_str::<Heard>(s).ok());
        let alarm = alarms::stands(&hub.db, &station.id).await?;
        let is = state(heard.as_ref(), station.seen_at.map(db::instant), now, alarm);
        if is.word() == station.state {
            continue;
        }
        if stations::mark(&hub.db, &station.id, station.seen_at, is.word(), now).await? {
            marked += 1;
            if is == State::Silent {
                tracing::warn!(station.id = %station.id, "station {} is silent", station.id);
            }
            if let Ok(id) = station.id.parse() {
                hub.live.tell(News::Station(id));
            }
        }
    }
    Ok(marked)
}
