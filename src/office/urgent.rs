//! `office urgent`: an order to air something at once. One duty officer suffices; what is aired was signed by two.

use chrono::TimeDelta;

use super::{
    Result,
    approve::{self, Signature},
    desk::Desk,
    hand::Hand,
    init, meta, withdraw,
    words::meta_of,
};
use crate::{
    bulletin::Meta,
    fault::{Faults, Place},
    feed::{
        UrgentOrder,
        roles::{area_role, bulletin_path, urgent_audio_path, urgent_path},
    },
    text::office as say,
};

/// The role that lists orders.
pub const ROLE: &str = "urgent";
/// An order that ended so long ago leaves the list.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Lists `order` and signs it. Orders that ended more than a day ago, and recalled ones, leave the list.
///
/// # Errors
/// Faults: everything that is wrong with the order. Nothing was written.
pub fn urgent(desk: &mut Desk<'_>, order: &UrgentOrder, hand: &Hand) -> Result<Signature> {
    let gone = withdraw::ids(desk)?;
    let mut faults = Faults::default();
    let place = || Place::file(urgent_path(&order.id));
    let path = urgent_path(&order.id);
    if let Err(why) = order.check() {
        faults.push(place(), why, say::urgent_remedy());
    }
    if order.reason.trim().is_empty() {
        faults.push(place(), say::reason_needed(), say::reason_remedy());
    }
    let used = |(name, _): (&str, &_)| name == path;
    if gone.contains(order.id.as_str()) || desk.files().any(used) {
        faults.push(place(), say::urgent_id_used(&order.id), say::urgent_id_used_remedy());
    }
    match audio(desk, order)? {
        _ if gone.contains(order.audio.as_str()) => {
            faults.push(place(), say::urgent_audio_withdrawn(&order.audio), say::urgent_audio_remedy());
        }
        None => faults.push(place(), say::urgent_audio_unknown(&order.audio), say::urgent_audio_remedy()),
        Some(meta) if meta.valid_until < order.until || order.not_before < meta.valid_from => {
            faults.push(place(), say::urgent_audio_invalid(&order.audio), say::urgent_audio_remedy());
        }
        Some(_) => {}
    }
    for area in &order.areas {
        if desk.authority(&area_role(area)).is_err() {
            faults.push(place(), say::urgent_area_unknown(area), say::urgent_area_remedy());
        }
    }
    if order.until <= desk.now {
        faults.push(place(), say::urgent_past(), say::urgent_remedy());
    }
    faults.or(())?;
    let mut next = desk.next(ROLE)?;
    let over = |name: &str| -> Option<bool> {
        let target = next.targets.get(&init::named(name).ok()?)?;
        let bytes = desk.office.content(&meta::target_digest(target)?, name)?;
        let held: UrgentOrder = serde_json::from_slice(&bytes).ok()?;
        Some(held.until + KEPT < desk.now || gone.contains(held.id.as_str()))
    };
    let old: Vec<_> = next.targets.keys().filter(|n| over(n.raw()).unwrap_or(false)).cloned().collect();
    next.targets.retain(|name, _| !old.contains(name));
    init::put(desk.office, &mut next, &path, &meta::to_json(order)?)?;
    let draft = desk.sign_new(ROLE, next, hand)?.clone();
    approve::state(desk, ROLE, &draft)
}

/// The signed description of the order's recording, in the published lists.
fn audio(desk: &Desk<'_>, order: &UrgentOrder) -> Result<Option<Meta>> {
    for (role, path) in
        [("bulletins", bulletin_path(&order.audio)), ("urgent-audio", urgent_audio_path(&order.audio))]
    {
        let held = desk.held(role).and_then(|r| r.signed.targets.get(&init::named(&path).ok()?));
        if let Some(meta) = held.and_then(meta_of) {
            return Ok(Some(meta));
        }
    }
    Ok(None)
}
