//! `POST /station/heartbeat`: the station's one Status, as every face shows it.

use axum::{
    Json,
    extract::{Request, State as Shared},
    response::IntoResponse,
};
use serde_json::json;

use super::{
    alarm::{self, Kind},
    auth::{self, Proven},
    desk::Odd,
    state::{Heard, Log, state},
};
use crate::{
    asrun::chain::Head,
    digest::Digest,
    hub::{
        Fail, Hub, Reply,
        db::{alarms, records, stations},
        live::News,
    },
    link::{self, Holding},
    text::hub_station as say,
};

/// Keeps it.
pub(super) async fn take(Shared(hub): Shared<Hub>, request: Request) -> Reply {
    let (station, body) = auth::station(&hub, request, link::LONGEST_BODY).await?;
    let refused = || Fail::Refused(say::not_a_status());
    let status = String::from_utf8(body).map_err(|_| refused())?;
    let heard: Heard = serde_json::from_str(&status).map_err(|_| refused())?;
    if heard.station != station.id.as_str() || heard.log.id != station.log {
        return Err(refused());
    }
    let held = compare(&hub, &station, &heard.log).await?;
    let now = hub.now();
    let alarm = alarms::stands(&hub.db, station.id.as_str()).await?;
    let state = state(Some(&heard), Some(now), now, alarm);
    let before =
        stations::heard(&hub.db, station.id.as_str(), &station.log, &status, state.word(), now).await?;
    if before.is_some_and(|before| before != state.word()) {
        hub.live.tell(News::Station(station.id));
    }
    Ok(Json(Holding { head: held, receipt: None }).into_response())
}

/// The head that the box says it has, against what is held of its log: that is returned.
async fn compare(hub: &Hub, station: &Proven, said: &Log) -> Result<Head, Fail> {
    let Some(log) = records::log(&hub.db, &station.log).await? else { return Ok(Head::START) };
    let covered = log.receipt_seq as u64;
    // A heartbeat may have been overtaken by an upload: what counts is what the next one says.
    if said.seq >= covered {
        hub.stations.is_well(&station.log, Odd::Short);
    } else if hub.stations.is_second(&station.log, Odd::Short, said.seq) {
        let detail = json!({"log": station.log, "last": said.seq, "receipt": covered});
        alarm::raise(hub, Kind::Truncated, &station.row, &detail).await?;
    }
    let held = records::lines(&hub.db, &station.log, said.seq, said.seq).await?;
    if held.first().is_some_and(|(_, line)| Digest::of(line) != said.hash) {
        let kind = if said.seq <= covered { Kind::Rewritten } else { Kind::Fork };
        let detail = json!({"log": station.log, "line": said.seq, "receipt": covered.min(said.seq)});
        alarm::raise(hub, kind, &station.row, &detail).await?;
    }
    Ok(log.head())
}
