//! What comes next. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{bulletin::Bulletin, feed::Feed, ids::BulletinId, text::Text};

/// How much a station wants a recording that its feed offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// It is planned for then.
    At(DateTime<Utc>),
    /// Some day.
    SomeTime,
    /// Not at all, such as in a language that this station does not speak.
    No,
}

/// In which order recordings come; the first first. Within a rank, the smaller file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// An urgent order that is not over waits for it.
    Urgent,
    /// Planned within a day.
    Soon,
    /// The rest.
    Later,
}

/// The rank of a recording at `now`; none if it is not wanted, or will never be valid again.
pub fn rank(feed: &Feed, bulletin: &Bulletin, want: Want, now: DateTime<Utc>) -> Option<Rank> {
    if bulletin.meta.valid_until <= now {
        return None;
    }
    if feed.urgents.values().any(|order| order.audio == bulletin.id && now < order.until) {
        return Some(Rank::Urgent);
    }
    match want {
        Want::No => None,
        Want::At(at) if at < now + TimeDelta::days(1) => Some(Rank::Soon),
        Want::At(_) | Want::SomeTime => Some(Rank::Later),
    }
}

/// The recording to fetch next: wanted, not here, not given up in this pass.
pub fn next<'a>(
    feed: &'a Feed,
    here: impl Fn(&Bulletin) -> bool,
    want: impl Fn(&Feed, &Bulletin) -> Want,
    given_up: &BTreeMap<BulletinId, Text>,
    now: DateTime<Utc>,
) -> Option<(Rank, &'a Bulletin)> {
    feed.bulletins
        .values()
        .map(|b| &**b)
        .filter(|b| !given_up.contains_key(&b.id) && !here(b))
        .filter_map(|b| Some((rank(feed, b, want(feed, b), now)?, b)))
        .min_by_key(|(rank, b)| (*rank, b.length, &b.id))
}

#[cfg(test)]
mod tests;
