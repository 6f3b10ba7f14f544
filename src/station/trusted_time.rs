//! Whether the clock may be believed. PURE.
//!
//! A dead battery clock does not show 1970 but 'today minus the time switched off', so plausibility proves nothing:
//! the clock is trusted once it was synchronised in this boot, or a person set it. `NTPSynchronized` turns false
//! after about nine hours without a line, so it is latched for the boot.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::config::ClockSetting;
use crate::asrun::record::ClockTrust;

/// Clocks of honest boxes differ by so much; earlier than a proven instant by more is refused.
const TOLERANCE: TimeDelta = TimeDelta::minutes(2);

/// What is known of the clock in this boot; kept on disk so that a restart of the process forgets nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latch {
    /// The kernel's id of the boot that this is about.
    pub boot: String,
    /// It was synchronised.
    pub synced: bool,
    /// A person set it.
    pub set: bool,
    /// A person overrode what the feed and the log prove: instants proven before this boot count no more.
    pub overridden: bool,
}

impl Latch {
    /// What holds in boot `boot`: this latch, or an empty one if it is of another boot.
    pub fn in_boot(self, boot: &str) -> Self {
        if self.boot == boot { self } else { Self { boot: boot.to_owned(), ..Self::default() } }
    }
}

/// How the clock is believed, and the instant before which it cannot be true, if it shows less.
pub fn judge(
    setting: ClockSetting,
    latch: &Latch,
    proven: Option<DateTime<Utc>>,
    wall: DateTime<Utc>,
) -> (ClockTrust, Option<DateTime<Utc>>) {
    let floor = proven.filter(|_| !latch.overridden).filter(|p| wall < *p - TOLERANCE);
    let trust = match setting {
        _ if floor.is_some() => ClockTrust::No,
        ClockSetting::Always => ClockTrust::Always,
        ClockSetting::Rtc => ClockTrust::Rtc,
        ClockSetting::Synced if latch.synced => ClockTrust::Synced,
        ClockSetting::Synced if latch.set => ClockTrust::Set,
        ClockSetting::Synced => ClockTrust::No,
    };
    (trust, floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn latch(synced: bool, set: bool) -> Latch {
        Latch { boot: "b".into(), synced, set, overridden: false }
    }

    #[test]
    fn neither_synchronised_nor_set_is_not_believed_however_plausible() {
        assert_eq!(judge(ClockSetting::Synced, &latch(false, false), Some(wall()), wall()).0, ClockTrust::No);
        assert_eq!(judge(ClockSetting::Synced, &latch(false, true), None, wall()).0, ClockTrust::Set);
        assert_eq!(judge(ClockSetting::Synced, &latch(true, true), None, wall()).0, ClockTrust::Synced);
        assert_eq!(judge(ClockSetting::Rtc, &latch(false, false), None, wall()).0, ClockTrust::Rtc);
    }

    #[test]
    fn earlier_than_what_is_proven_is_never_believed_unless_a_person_overrode_it() {
        let proven = wall() + TimeDelta::hours(1);
        for setting in [ClockSetting::Synced, ClockSetting::Rtc, ClockSetting::Always] {
            assert_eq!(
                judge(setting, &latch(true, false), Some(proven), wall()),
                (ClockTrust::No, Some(proven))
            );
        }
        let overridden = Latch { overridden: true, ..latch(false, true) };
        assert_eq!(judge(ClockSetting::Synced, &overridden, Some(proven), wall()).0, ClockTrust::Set);
        let near = wall() + TimeDelta::minutes(1);
        assert_eq!(
            judge(ClockSetting::Synced, &latch(true, false), Some(near), wall()).0,
            ClockTrust::Synced
        );
    }

    #[test]
    fn another_boot_forgets_the_latch() {
        assert_eq!(latch(true, true).in_boot("b"), latch(true, true));
        assert!(!latch(true, true).in_boot("c").synced);
    }
}
