//! How instants and the closed lists read to people.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::record::{Action, ClockEvent, ClockTrust, DeviceChange, Outcome, Why};
use crate::text::{Text, asrun as words};

/// Where loaxa is at home, when nothing else is said.
pub const ZONE: Tz = Tz::Asia__Ho_Chi_Minh;

/// `01/12/2026 06:00:00` at home.
pub fn instant(at: &DateTime<Utc>) -> String {
    local(at, ZONE)
}

/// `01/12/2026 06:00:00` in `zone`.
pub fn local(at: &DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%d/%m/%Y %H:%M:%S").to_string()
}

/// An outcome in words.
pub fn outcome(outcome: Outcome) -> Text {
    match outcome {
        Outcome::Played => words::played(),
        Outcome::Preempted => words::preempted(),
        Outcome::Interrupted => words::interrupted(),
        Outcome::Partial => words::partial(),
        Outcome::Missed => words::missed(),
        Outcome::Skipped => words::skipped(),
    }
}

/// A reason in words.
pub fn why(why: Why) -> Text {
    match why {
        Why::Power => words::why_power(),
        Why::Kill => words::why_kill(),
        Why::Sigterm => words::why_sigterm(),
        Why::Time => words::why_time(),
        Why::MissingItem => words::why_missing_item(),
        Why::Stopped => words::why_stopped(),
        Why::Withdrawn => words::why_withdrawn(),
        Why::Frames => words::why_frames(),
        Why::Hold => words::why_hold(),
        Why::Device => words::why_device(),
        Why::Off => words::why_off(),
        Why::Clock => words::why_clock(),
        Why::Late => words::why_late(),
        Why::Busy => words::why_busy(),
        Why::Integrity => words::why_integrity(),
        Why::NothingToPlay => words::why_nothing_to_play(),
        Why::Declined => words::why_declined(),
        Why::SlotGone => words::why_slot_gone(),
    }
}

/// What happened to the clock, in words.
pub fn clock_event(event: ClockEvent) -> Text {
    match event {
        ClockEvent::Trusted => words::clock_trusted(),
        ClockEvent::Distrusted => words::clock_distrusted(),
        ClockEvent::Set => words::clock_set(),
        ClockEvent::Stepped => words::clock_stepped(),
    }
}

/// Why the clock is believed, in words.
pub fn trust(trust: ClockTrust) -> Text {
    match trust {
        ClockTrust::No => words::trust_no(),
        ClockTrust::Synced => words::trust_synced(),
        ClockTrust::Set => words::trust_set(),
        ClockTrust::Rtc => words::trust_rtc(),
        ClockTrust::Always => words::trust_always(),
    }
}

/// A device lost or back, in words.
pub fn device(change: DeviceChange, name: &str) -> Text {
    match change {
        DeviceChange::Lost => words::device_lost(name),
        DeviceChange::Back => words::device_back(name),
    }
}

/// A deed of an operator, in words; one that this version does not know stands as it is.
pub fn action(what: &str) -> Text {
    match what {
        "stop" => words::action_stop(),
        "volume" => words::action_volume(),
        "test" => words::action_test(),
        Action::DECLINE => words::action_decline(),
        "reload" => words::action_reload(),
        other => Text::same(other),
    }
}
