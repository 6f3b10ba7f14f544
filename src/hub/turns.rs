//! Alarms about stations that fell silent, came back, or whose feed grew stale. Found by looking, so that a hub that was off
//! misses none; named by what they are about, so that two hubs that look at once raise one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    Fail, Hub,
    db::{
        fleet::{self, Station},
        micros,
        webhooks::{self, Alarm, Last},
    },
    deeds::stations,
    live::News,
    overview::State,
};
use crate::digest::Digest;

/// The alarms that are due at `now`, `last` being those that were raised before. Pure.
pub fn due(all: &[Station], last: &[Last], now: DateTime<Utc>) -> Vec<Alarm> {
    let last: HashMap<_, _> = last.iter().map(|l| ((l.station.as_str(), l.kind.as_str()), l.at)).collect();
    let when = |station: &Station, kind| last.get(&(station.id.as_str(), kind)).copied().unwrap_or(i64::MIN);
    let open = all.iter().filter(|s| s.revoked_at.is_none());
    let found = open.filter_map(|s| {
        let (silent, back) = (when(s, "silent"), when(s, "back"));
        let told = silent > back;
        // What it is about: its last word, the silence that ended, the beginning of the state.
        let (kind, about) = match stations::state(s, now) {
            State::Silent if !told => ("silent", s.seen_at?),
            State::Silent | State::New | State::LogAlarm => return None,
            _ if told => ("back", silent),
            State::Stale if when(s, "stale") < s.state_since => ("stale", s.state_since),
            _ => return None,
        };
        let id = Digest::of(format!("{kind} {} {about}", s.id).as_bytes());
        Some(Alarm {
            id: id.0[..16].to_vec(),
            at: micros(now),
            kind: kind.into(),
            station: s.id.clone(),
            commune: s.commune.clone(),
            detail: String::new(),
            seen_by: String::new(),
            // Good news needs nobody to see to it.
            seen_at: (kind == "back").then_some(micros(now)),
        })
    });
    found.collect()
}

/// Looks, and raises what is due.
///
/// # Errors
/// The database.
pub async fn look(hub: &Hub) -> Result<(), Fail> {
    let all = fleet::all(&hub.db).await?;
    let due = due(&all, &webhooks::last_turns(&hub.db).await?, hub.now());
    if !due.is_empty() && webhooks::keep(&hub.db, &due).await? > 0 {
        hub.live.tell(News::Alarm);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::db::instant;

    const MINUTE: i64 = 60_000_000;

    fn station(seen: Option<i64>, state: State, since: i64) -> Station {
        let (id, commune, state) = ("xa-1".into(), "xa".into(), state.word().into());
        let empty = String::new;
        Station {
            id,
            commune,
            state,
            state_since: since,
            seen_at: seen,
            tags: empty(),
            languages: empty(),
            place: empty(),
            contact: empty(),
            log: None,
            revoked_at: None,
            stopped: empty(),
        }
    }

    /// Looks at each of `story` in turn, as the hub does; the kinds that were raised.
    fn raised(story: &[(i64, Station)]) -> Vec<String> {
        let mut last: Vec<Last> = Vec::new();
        let mut kinds = Vec::new();
        for (at, station) in story {
            for alarm in due(std::slice::from_ref(station), &last, instant(*at)) {
                kinds.push(alarm.kind.clone());
                last.retain(|l| l.kind != alarm.kind);
                last.push(Last { station: alarm.station, kind: alarm.kind, at: alarm.at });
            }
        }
        kinds
    }

    #[test]
    fn silence_is_told_once_and_so_is_its_end() {
        let (idle, on_air) = (State::Idle, State::OnAir);
        let story = [
            (MINUTE, station(Some(0), idle, 0)),
            (16 * MINUTE, station(Some(0), idle, 0)),
            (17 * MINUTE, station(Some(0), State::Silent, 16 * MINUTE)),
            (20 * MINUTE, station(Some(20 * MINUTE), on_air, 20 * MINUTE)),
            (21 * MINUTE, station(Some(20 * MINUTE), idle, 21 * MINUTE)),
            (99 * MINUTE, station(Some(20 * MINUTE), idle, 21 * MINUTE)),
        ];
        assert_eq!(raised(&story), ["silent", "back", "silent"]);
    }

    #[test]
    fn a_stale_feed_is_told_each_time_that_it_grows_stale() {
        let story = [
            (MINUTE, station(Some(MINUTE), State::Stale, MINUTE)),
            (2 * MINUTE, station(Some(2 * MINUTE), State::Stale, MINUTE)),
            (3 * MINUTE, station(Some(3 * MINUTE), State::Idle, 3 * MINUTE)),
            (4 * MINUTE, station(Some(4 * MINUTE), State::Stale, 4 * MINUTE)),
        ];
        assert_eq!(raised(&story), ["stale", "stale"]);
    }

    #[test]
    fn who_never_spoke_and_who_was_revoked_is_not_missed() {
        let gone = Station { revoked_at: Some(1), ..station(Some(0), State::Idle, 0) };
        assert!(raised(&[(99 * MINUTE, station(None, State::New, 0)), (99 * MINUTE, gone)]).is_empty());
    }
}
