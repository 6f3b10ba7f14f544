//! Any record, for property tests.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use loaxa::{
    asrun::record::*,
    bulletin::{Category, Frames},
    digest::Digest,
    schedule::occurrence::{Class, Occurrence},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::support::{key, station};

/// 1970 to about 2100, to the microsecond.
pub fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0i64..4_102_444_800_000_000).prop_map(|us| DateTime::from_timestamp_micros(us).unwrap())
}

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..12).prop_map(String::from_iter)
}

fn digest() -> impl Strategy<Value = Digest> {
    any::<[u8; 32]>().prop_map(Digest)
}

fn slug<T: std::str::FromStr<Err: std::fmt::Debug> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    select(vec!["yen-the", "urgent", "a", "x9-0"]).prop_map(|s| s.parse().unwrap())
}

fn int() -> impl Strategy<Value = i64> {
    -9_007_199_254_740_991i64..=9_007_199_254_740_991
}

fn natural() -> impl Strategy<Value = u64> {
    0u64..=9_007_199_254_740_991
}

fn versions() -> impl Strategy<Value = BTreeMap<String, u64>> {
    proptest::collection::btree_map(text(), natural(), 0..4)
}

fn occurrence() -> impl Strategy<Value = Occurrence> {
    (slug(), slug(), instant(), option::of(1u32..)).prop_map(|(area, slot, due, repeat)| Occurrence {
        area,
        slot,
        due,
        repeat,
    })
}

fn trust() -> impl Strategy<Value = ClockTrust> {
    use ClockTrust::*;
    select(vec![No, Synced, Set, Rtc, Always])
}

fn boot() -> impl Strategy<Value = Body> {
    let continues =
        (digest(), 1u64..1000, digest()).prop_map(|(log, seq, hash)| Continues { log, seq, hash });
    (text(), natural(), option::of(continues), option::of(text())).prop_map(
        |(version, cut, continues, boot_id)| {
            Body::Boot(Boot { station: station(), log: key(1).id(), version, cut, continues, boot_id })
        },
    )
}

fn clock() -> impl Strategy<Value = Body> {
    use ClockEvent::*;
    let event = select(vec![Trusted, Distrusted, Set, Stepped]);
    (event, trust(), option::of(instant()), instant(), option::of(text()), any::<bool>()).prop_map(
        |(event, trust, from, to, reason, alarm)| {
            Body::Clock(ClockChange { event, trust, from, to, reason, alarm })
        },
    )
}

fn small() -> impl Strategy<Value = Body> {
    let schedules = proptest::collection::btree_map(slug(), digest(), 0..3);
    prop_oneof![
        (versions(), option::of(digest()), schedules)
            .prop_map(|(feed, policy, schedules)| Body::Applied(Applied { feed, policy, schedules })),
        (any::<bool>(), vec(text(), 0..3)).prop_map(|(stale, roles)| Body::Feed(FeedState { stale, roles })),
        (select(vec![DeviceChange::Lost, DeviceChange::Back]), text(), option::of(text()))
            .prop_map(|(state, device, why)| Body::Device(DeviceState { state, device, why })),
        (option::of(slug()), instant(), text()).prop_map(|(area, until, reason)| Body::Hold(Hold {
            area,
            until,
            reason
        })),
        (option::of(slug()), any::<bool>())
            .prop_map(|(area, expired)| Body::Release(Release { area, expired })),
        (text(), option::of(text()), option::of(text()), option::of(occurrence()))
            .prop_map(|(what, of, reason, occurrence)| Body::Action(Action { what, of, reason, occurrence })),
    ]
}

fn intent() -> impl Strategy<Value = Body> {
    let category = option::of(select(Category::ALL.to_vec()));
    let languages = vec(select(vec!["vi", "nut", "tyz"]).prop_map(|l| l.parse().unwrap()), 0..3);
    let item = (slug(), digest(), text(), category, languages, natural()).prop_map(
        |(bulletin, sha256, title, category, languages, length)| IntentItem {
            bulletin,
            sha256,
            title,
            category,
            languages,
            length: Frames(length),
        },
    );
    let class = select(vec![Class::Normal, Class::Priority, Class::Urgent]);
    (occurrence(), class, vec(item, 0..3), versions(), any::<i32>(), trust(), text()).prop_map(
        |(occurrence, class, items, feed, level_cdb, clock, device)| {
            Body::Intent(Intent { occurrence, class, items, feed, level_cdb, clock, device })
        },
    )
}

fn outcome() -> impl Strategy<Value = Body> {
    use Outcome::*;
    let how = select(vec![Played, Preempted, Interrupted, Partial, Missed, Skipped]);
    let why = option::of(select(vec![
        Why::Power,
        Why::Kill,
        Why::Sigterm,
        Why::Time,
        Why::MissingItem,
        Why::Stopped,
        Why::Withdrawn,
        Why::Frames,
        Why::Hold,
        Why::Device,
        Why::Off,
        Why::Clock,
        Why::Late,
        Why::Busy,
        Why::Integrity,
        Why::NothingToPlay,
        Why::Declined,
        Why::SlotGone,
    ]));
    let item = (slug(), digest(), natural(), option::of(instant())).prop_map(
        |(bulletin, sha256, frames, first_frame)| SentItem {
            bulletin,
            sha256,
            frames: Frames(frames),
            first_frame,
        },
    );
    let run = (instant(), instant(), 1u64..99).prop_map(|(first, last, count)| Run { first, last, count });
    (occurrence(), how, why, option::of(occurrence()), vec(item, 0..3), option::of(int()), option::of(run))
        .prop_map(|(occurrence, outcome, why, by, items, late_us, run)| {
            Body::Outcome(OutcomeRecord { occurrence, outcome, why, by, items, late_us, run })
        })
}

pub fn body() -> impl Strategy<Value = Body> {
    prop_oneof![boot(), clock(), small(), intent(), outcome()]
}

pub fn boot_body() -> impl Strategy<Value = Body> {
    boot()
}
