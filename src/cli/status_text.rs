//! A Status for people.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    asrun::record::ClockTrust,
    bulletin::RATE,
    station::status::Status,
    text::{Text, cli as say},
};

/// Days without a new offline signature after which a person should ask the province: it may be quiet, or a stolen online
/// key may withhold what it issues.
const QUIET_DAYS: i64 = 30;

/// A page of at most a screen: what a person asks first comes first.
pub fn text(status: &Status) -> Text {
    let zone: Tz = status.zone.parse().unwrap_or(chrono_tz::Asia::Ho_Chi_Minh);
    let local = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M:%S %d/%m/%Y").to_string();
    let mut lines = vec![say::status_station(&status.station, local(status.at), &status.version)];
    lines.push(match &status.now {
        Some(now) => say::status_now(
            &now.occurrence.slot,
            now.title.as_deref().unwrap_or("…"),
            clock_of(now.frames.0),
            clock_of(now.length.0),
            now.item,
            now.items,
        ),
        None => say::status_silent(),
    });
    lines.push(match &status.next {
        Some(next) => {
            say::status_next(local(next.occurrence.due), &next.occurrence.slot, next.titles.join("; "))
        }
        None => say::status_nothing(),
    });
    for waiting in &status.waiting {
        lines.push(say::status_waiting(
            &waiting.occurrence.slot,
            local(waiting.occurrence.due),
            why(waiting.why),
        ));
    }
    lines.extend(status.hold.map(|until| say::status_hold(local(until))));
    lines.push(match status.feed_age_s {
        Some(age) => say::status_feed(span(age), status.library.held, status.library.missing),
        None => say::status_no_feed(),
    });
    let frozen = status.offline_age_s.filter(|age| *age >= QUIET_DAYS * 86_400);
    lines.extend(frozen.map(|age| say::status_frozen(span(age))));
    for (role, reason) in &status.stale {
        lines.push(say::status_stale(crate::text::feed::name(role), reason));
    }
    lines.extend(status.library.failed.iter().map(|(id, why)| say::status_no_audio(id, why)));
    lines.extend(status.data.failed.as_ref().map(say::status_sync_failed));
    lines.push(say::status_clock(trust(status.clock.trust)));
    lines.push(device(status));
    let limit = status.data.day_budget_bytes.map_or_else(|| "∞".to_owned(), megabytes);
    lines.push(say::status_data(
        megabytes(status.data.today_bytes),
        limit,
        megabytes(status.data.month_bytes),
    ));
    lines.push(say::status_log(status.log.seq, status.log.hash));
    lines.extend(status.warnings.iter().map(say::status_warning));
    Text::join(&lines, "\n")
}

fn device(status: &Status) -> Text {
    let state = match status.device.state.as_str() {
        "closed" => say::device_closed(),
        "opening" => say::device_opening(),
        "open" => say::device_open(),
        _ => say::device_lost(),
    };
    let line = say::status_device(&status.device.name, &state);
    match &status.device.why {
        Some(why) => Text::join([&line, why], ": "),
        None => line,
    }
}

/// The reason in the words of the log's readers.
fn why(why: Option<crate::asrun::record::Why>) -> Text {
    why.map_or_else(say::why_unknown, crate::asrun::words::why)
}

fn trust(trust: ClockTrust) -> Text {
    match trust {
        ClockTrust::No => say::trust_no(),
        ClockTrust::Synced => say::trust_synced(),
        ClockTrust::Set => say::trust_set(),
        ClockTrust::Rtc => say::trust_rtc(),
        ClockTrust::Always => say::trust_always(),
    }
}

/// Minutes and seconds of so many frames.
fn clock_of(frames: u64) -> String {
    let seconds = frames / u64::from(RATE);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A span as people say it, its largest two units.
fn span(seconds: i64) -> Text {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match () {
        () if seconds < 120 => say::span_seconds(seconds.max(0)),
        () if minutes < 120 => say::span_minutes(minutes),
        () if hours < 48 => say::span_hours(hours),
        () => say::span_days(days),
    }
}

/// With one decimal: a full stop here, in both languages, as on the devices that operators know.
fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}
