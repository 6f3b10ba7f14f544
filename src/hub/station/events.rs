//! `GET /station/events`: one stream a station, on which it hears at once that something was published.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Request, State},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use tokio::sync::watch;

use super::{auth, registry};
use crate::hub::{Hub, Reply};

/// A comment so often, for whoever stands between and closes what is idle.
const ALIVE: Duration = Duration::from_secs(25);

/// What one stream needs to remember.
struct Listening {
    published: watch::Receiver<u64>,
    ending: watch::Receiver<bool>,
    said: bool,
}

/// The timestamp version of the feed now, and whenever it changes. It ends with the hub.
pub(super) async fn stream(State(hub): State<Hub>, request: Request) -> Reply {
    auth::station(&hub, request, 0).await?;
    // A feed that was put there since the last look is told as well.
    registry::known(&hub).await?;
    let listening = Listening { published: hub.live.published(), ending: hub.live.ending(), said: false };
    let events = stream::unfold(listening, |mut at| async move {
        if at.said {
            let ends = tokio::select! {
                changed = at.published.changed() => changed.is_err(),
                _ = at.ending.wait_for(|ends| *ends) => true,
            };
            if ends {
                return None;
            }
        }
        at.said = true;
        let version = *at.published.borrow_and_update();
        let event = Event::default().event("published").data(version.to_string());
        Some((Ok::<_, Infallible>(event), at))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response())
}
