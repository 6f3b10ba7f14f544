//! The order in which recordings come.

use super::*;
use crate::{
    bulletin::{Frames, Kind, Meta, Title},
    digest::Digest,
    feed::UrgentOrder,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn bulletin(id: &str, length: u64) -> Bulletin {
    let meta = Meta {
        kind: Kind::Bulletin,
        work: id.parse().unwrap(),
        title: Title { vi: id.into(), en: None },
        category: None,
        languages: vec![],
        frames: Frames(1),
        loudness_clufs: -1600,
        true_peak_cdb: -150,
        hotline: None,
        directive: None,
        valid_from: at("2026-12-01T00:00:00Z"),
        valid_until: at("2026-12-31T00:00:00Z"),
        approved_by: vec![],
        transcript: String::new(),
        original_sha256: Digest::ZERO,
    };
    Bulletin { id: id.parse().unwrap(), sha256: Digest::of(id.as_bytes()), length, meta }
}

fn feed(bulletins: &[(&str, u64)]) -> Feed {
    let bulletins =
        bulletins.iter().map(|(id, n)| bulletin(id, *n)).map(|b| (b.id.clone(), b.into())).collect();
    Feed { bulletins, ..Feed::default() }
}

fn order(audio: &str, until: &str) -> UrgentOrder {
    UrgentOrder {
        id: "bao-so-3".parse().unwrap(),
        audio: audio.parse().unwrap(),
        areas: Default::default(),
        not_before: at("2026-12-02T00:00:00Z"),
        until: at(until),
        repeats: 1,
        gap_s: 0,
        reason: String::new(),
    }
}

/// Ids in the order in which they would come.
fn order_of(feed: &Feed, want: impl Fn(&Feed, &Bulletin) -> Want, now: &str) -> Vec<String> {
    let mut done = BTreeMap::new();
    let mut order = Vec::new();
    while let Some((_, next)) = next(feed, |_| false, &want, &done, at(now)) {
        order.push(next.id.to_string());
        done.insert(next.id.clone(), Text::same(""));
    }
    order
}

#[test]
fn urgent_first_then_soon_then_small() {
    let mut feed = feed(&[("to", 900), ("vua", 500), ("nho", 100), ("khan", 800)]);
    let urgent = order("khan", "2026-12-02T02:00:00Z");
    feed.urgents.insert(urgent.id.clone(), urgent);
    let want = |_: &Feed, b: &Bulletin| match b.id.as_str() {
        "vua" => Want::At(at("2026-12-02T06:00:00Z")),
        "nho" => Want::At(at("2026-12-09T06:00:00Z")),
        _ => Want::SomeTime,
    };
    assert_eq!(order_of(&feed, want, "2026-12-02T01:00:00Z"), ["khan", "vua", "nho", "to"]);
    assert_eq!(
        order_of(&feed, want, "2026-12-02T02:00:00Z"),
        ["vua", "nho", "khan", "to"],
        "the order is over"
    );
}

#[test]
fn what_is_over_or_not_wanted_is_not_fetched_unless_an_urgent_order_wants_it() {
    let mut feed = feed(&[("a", 1), ("b", 2)]);
    let want = |_: &Feed, b: &Bulletin| if b.id.as_str() == "a" { Want::No } else { Want::SomeTime };
    assert_eq!(order_of(&feed, want, "2026-12-02T00:00:00Z"), ["b"]);
    assert!(order_of(&feed, want, "2026-12-31T00:00:00Z").is_empty());
    let urgent = order("a", "2026-12-03T00:00:00Z");
    feed.urgents.insert(urgent.id.clone(), urgent);
    assert_eq!(order_of(&feed, want, "2026-12-02T00:00:00Z"), ["a", "b"]);
}
