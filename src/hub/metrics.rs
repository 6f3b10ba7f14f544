//! `GET /metrics`: hub and stations for Prometheus, in its text format 0.0.4. Labels have few values: states, communes are
//! not among them, so a province's scrape stays a few kilobytes. Admins, or a token of theirs, may read it.

use std::fmt::Write;

use axum::{http::header, response::IntoResponse};

use super::{
    Reply,
    db::{accounts, fleet, webhooks},
    deeds::{Doer, stations},
    overview::State,
    routes::{Route, get},
    rule::{Role, Rule},
};

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![get("/metrics", Rule::Only(&[Role::Admin]), served)]
}

/// Upper bounds of the ages of last words, seconds.
const AGES: [i64; 7] = [60, 300, 900, 3600, 21_600, 86_400, 604_800];

/// What is measured.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Each station's state, and the age of its last word in seconds; none: it never spoke.
    pub stations: Vec<(State, Option<i64>)>,
    /// Stations that were revoked.
    pub revoked: usize,
    /// Alarms that nobody has seen to.
    pub open_alarms: i64,
    /// Open accounts.
    pub accounts: usize,
    /// Deliveries that wait or were given up.
    pub deliveries: i64,
    /// The feed's timestamp version.
    pub published: u64,
    /// Seconds since the system booted are no use; these are the hub's resident bytes, if the system says so.
    pub resident: Option<u64>,
}

/// The text of `figures`. Pure.
pub fn text(figures: &Figures) -> String {
    let mut out = String::new();
    let mut head = |name: &str, kind: &str, help: &str| {
        writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}").ok();
        std::mem::take(&mut out)
    };
    let mut all = head("loaxa_stations", "gauge", "Stations by state.");
    for state in State::ALL {
        let count = figures.stations.iter().filter(|s| s.0 == state).count();
        writeln!(all, "loaxa_stations{{state=\"{}\"}} {count}", state.word()).ok();
    }
    all += &head("loaxa_station_seen_age_seconds", "histogram", "Age of the last word of stations.");
    let ages: Vec<i64> = figures.stations.iter().filter_map(|s| s.1).map(|age| age.max(0)).collect();
    for bound in AGES {
        let count = ages.iter().filter(|age| **age <= bound).count();
        writeln!(all, "loaxa_station_seen_age_seconds_bucket{{le=\"{bound}\"}} {count}").ok();
    }
    writeln!(all, "loaxa_station_seen_age_seconds_bucket{{le=\"+Inf\"}} {}", ages.len()).ok();
    writeln!(all, "loaxa_station_seen_age_seconds_sum {}", ages.iter().sum::<i64>()).ok();
    writeln!(all, "loaxa_station_seen_age_seconds_count {}", ages.len()).ok();
    let mut gauge = |name: &str, help: &str, value: &dyn std::fmt::Display| {
        all += &head(name, "gauge", help);
        writeln!(all, "{name} {value}").ok();
    };
    gauge("loaxa_stations_revoked", "Revoked stations.", &figures.revoked);
    gauge("loaxa_alarms_open", "Alarms that nobody has seen to.", &figures.open_alarms);
    gauge("loaxa_accounts_open", "Open accounts.", &figures.accounts);
    gauge("loaxa_webhook_deliveries_open", "Deliveries that wait or were given up.", &figures.deliveries);
    gauge("loaxa_feed_timestamp_version", "Version of the timestamp that is published.", &figures.published);
    if let Some(resident) = figures.resident {
        gauge("process_resident_memory_bytes", "Resident memory of the hub.", &resident);
    }
    all
}

async fn served(doer: Doer) -> Reply {
    let (hub, area, now) = (&doer.hub, &doer.person.area, doer.now());
    let all = fleet::within(&hub.db, area).await?;
    let (revoked, stations): (Vec<_>, Vec<_>) = all.into_iter().partition(|s| s.revoked_at.is_some());
    let age = |at: i64| (now - super::db::instant(at)).num_seconds();
    let tree = doer.tree().await?;
    let open = accounts::all(&hub.db).await?;
    let figures = Figures {
        stations: stations.iter().map(|s| (stations::state(s, now), s.seen_at.map(age))).collect(),
        revoked: revoked.len(),
        open_alarms: webhooks::open_alarms(&hub.db, area).await?,
        accounts: open.iter().filter(|a| a.closed_at.is_none() && tree.is_within(&a.area, area)).count(),
        deliveries: webhooks::went(&hub.db).await?.iter().map(|w| w.open).sum(),
        published: *hub.live.published().borrow(),
        resident: resident(),
    };
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text(&figures)).into_response())
}

/// Resident bytes of this process (proc(5), `VmRSS`).
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?;
    kilobytes.parse::<u64>().ok().map(|kb| kb * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_counted_and_ages_fall_into_their_buckets() {
        let stations = vec![
            (State::OnAir, Some(30)),
            (State::Idle, Some(60)),
            (State::Silent, Some(700_000)),
            (State::New, None),
        ];
        let said = text(&Figures { stations, open_alarms: 2, resident: Some(4096), ..Figures::default() });
        for line in [
            "# TYPE loaxa_stations gauge",
            "loaxa_stations{state=\"on-air\"} 1",
            "loaxa_stations{state=\"held\"} 0",
            "loaxa_station_seen_age_seconds_bucket{le=\"60\"} 2",
            "loaxa_station_seen_age_seconds_bucket{le=\"604800\"} 2",
            "loaxa_station_seen_age_seconds_bucket{le=\"+Inf\"} 3",
            "loaxa_station_seen_age_seconds_sum 700090",
            "loaxa_station_seen_age_seconds_count 3",
            "loaxa_alarms_open 2",
            "process_resident_memory_bytes 4096",
        ] {
            assert!(said.lines().any(|l| l == line), "{line}\n{said}");
        }
    }
}
