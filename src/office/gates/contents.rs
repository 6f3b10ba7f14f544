//! What the roles list: names, sizes, recordings, orders, and the files that `schedule` reads.

use std::collections::BTreeSet;

use tough::schema::Target;

use super::Gates;
use crate::{
    feed::{
        UrgentOrder,
        formats::{Withdrawals, browser_keys},
        roles::{POLICY, REGISTRY, WITHDRAWN, area_role, schedule_path},
        trust::limits,
    },
    ids::is_slug,
    office::{withdraw, words::meta_of},
    playout::decode,
    text::office as say,
};

/// The largest recording, in bytes: 20 minutes at 32 kbit/s are 4.8 MB.
const SOUND_MAX: u64 = 20 << 20;

/// The largest file that stations read under this name, in bytes.
fn most(name: &str) -> u64 {
    match name {
        POLICY => limits::POLICY_MAX,
        REGISTRY => limits::REGISTRY_MAX,
        WITHDRAWN => limits::WITHDRAWN_MAX,
        _ if name.ends_with(".opus") => SOUND_MAX,
        _ if name.starts_with("urgent/") => limits::URGENT_MAX,
        _ => limits::AREA_FILE_MAX,
    }
}

pub(super) fn check(gates: &mut Gates<'_>) {
    for (role, list) in gates.new_roles() {
        let size = crate::office::meta::to_json(list).map_or(u64::MAX, |b| b.len() as u64);
        if size > limits::TARGETS_MAX {
            gates.wrong(role, say::gate_metadata_size(size / 1024), say::gate_metadata_size_remedy());
        }
        for (name, _) in list.targets.iter().map(|(n, t)| (n.raw(), t)) {
            if !owned(role, name) {
                gates.wrong(name, say::gate_foreign(role, name), say::gate_foreign_remedy(role));
            }
        }
        for (name, target) in gates.fresh(role).into_iter().filter(|(name, _)| owned(role, name)) {
            target_file(gates, role, name, target);
        }
        if !matches!(role, "withdrawals" | "targets") {
            not_withdrawn(gates, role);
        }
    }
    withdrawals(gates);
    required(gates, "targets", POLICY);
    required(gates, "withdrawals", WITHDRAWN);
    required(gates, "registry", REGISTRY);
    browsers(gates);
}

/// Whether `role` may list `name`: in its own folder, one level deep, an ASCII slug with the one ending.
pub(super) fn owned(role: &str, name: &str) -> bool {
    let id = |dir: &str, ending: &str| {
        name.strip_prefix(dir).and_then(|n| n.strip_suffix(ending)).is_some_and(is_slug)
    };
    match role {
        "targets" => name == POLICY,
        "withdrawals" => name == WITHDRAWN,
        "registry" => name == REGISTRY,
        "urgent" => id("urgent/", ".json"),
        "urgent-audio" => id("urgent-audio/", ".opus"),
        "bulletins" => id("bulletins/", ".opus"),
        _ => {
            let area = role.strip_prefix("area-").and_then(|a| a.parse().ok());
            area.is_some_and(|area| {
                name == schedule_path(&area) || name == crate::feed::roles::area_stations_path(&area)
            })
        }
    }
}

fn target_file(gates: &mut Gates<'_>, role: &str, name: &str, target: &Target) {
    let most = most(name);
    if target.length > most {
        gates.wrong(name, say::gate_size(target.length / 1024, most / 1024), say::gate_size_remedy());
    }
    let Some(bytes) = gates.bytes(name, target) else {
        return gates.wrong(name, say::gate_content(), say::gate_content_remedy());
    };
    match role {
        "bulletins" | "urgent-audio" => recording(gates, role, name, target, &bytes),
        "urgent" => order(gates, name, &bytes),
        _ if std::str::from_utf8(&bytes).is_err() => {
            gates.wrong(name, say::gate_not_text(), say::gate_content_remedy());
        }
        _ => {}
    }
}

/// The description is whole, names those who signed it, and the sound is what it says.
fn recording(gates: &mut Gates<'_>, role: &str, name: &str, target: &Target, bytes: &[u8]) {
    let Some(meta) = meta_of(target) else {
        return gates.wrong(name, say::gate_description(), say::gate_description_remedy());
    };
    let named: BTreeSet<String> = meta.approved_by.iter().cloned().collect();
    if named != gates.signers(role) || named.len() < 2 {
        let signers: Vec<_> = gates.signers(role).into_iter().collect();
        let what = say::gate_approved_by(meta.approved_by.join(", "), signers.join(", "));
        gates.wrong(name, what, say::gate_approved_by_remedy());
    }
    if meta.valid_until <= gates.now || meta.valid_until <= meta.valid_from {
        gates.wrong(
            name,
            say::gate_over(crate::office::words::day(meta.valid_until)),
            say::gate_over_remedy(),
        );
    }
    match decode::frames(bytes) {
        Ok(frames) if frames == meta.frames => {}
        Ok(frames) => {
            gates.wrong(name, say::gate_frames(frames.0, meta.frames.0), say::gate_content_remedy())
        }
        Err(why) => gates.wrong(name, say::gate_not_canonical(why.text()), say::gate_content_remedy()),
    }
}

fn order(gates: &mut Gates<'_>, name: &str, bytes: &[u8]) {
    let id = withdraw::id_of(name).unwrap_or_default();
    let order = match UrgentOrder::read(id, bytes) {
        Ok(order) => order,
        Err(why) => return gates.wrong(name, why, say::urgent_remedy()),
    };
    for area in order.areas.iter().filter(|a| !gates.next.roles.contains_key(&area_role(a))) {
        gates.wrong(name, say::urgent_area_unknown(area), say::urgent_area_remedy());
    }
    let audio = ["bulletins", "urgent-audio"].iter().filter_map(|r| gates.role(r)).any(|r| {
        r.signed
            .targets
            .keys()
            .any(|n| n.raw().ends_with(".opus") && withdraw::id_of(n.raw()) == Some(order.audio.as_str()))
    });
    if !audio {
        gates.wrong(name, say::urgent_audio_unknown(&order.audio), say::urgent_audio_remedy());
    }
}

fn withdrawn(text: Option<String>) -> Option<BTreeSet<String>> {
    let list = Withdrawals::read(text?.as_bytes()).ok()?;
    Some(list.withdrawn.into_iter().map(|w| w.id).collect())
}

/// A new list names nothing that was taken away. The published one may: taking away needs only one person, and at once.
fn not_withdrawn(gates: &mut Gates<'_>, role: &str) {
    let gone = withdrawn(gates.text("withdrawals", WITHDRAWN)).unwrap_or_default();
    let listed = gates.role(role).into_iter().flat_map(|r| r.signed.targets.keys());
    let back: Vec<_> =
        listed.filter(|n| withdraw::id_of(n.raw()).is_some_and(|id| gone.contains(id))).collect();
    for name in back {
        gates.wrong(name.raw(), say::gate_withdrawn(), say::gate_withdrawn_remedy(role));
    }
}

/// The list of withdrawals can be read and forgets nothing.
fn withdrawals(gates: &mut Gates<'_>) {
    if !gates.next.new.iter().any(|n| n == "withdrawals") {
        return;
    }
    let Some(new) = withdrawn(gates.text("withdrawals", WITHDRAWN)) else {
        return gates.wrong(WITHDRAWN, say::gate_withdrawals(), say::gate_content_remedy());
    };
    let held =
        gates.held("withdrawals").and_then(|r| r.signed.targets.iter().find(|(n, _)| n.raw() == WITHDRAWN));
    let old = held.and_then(|(_, t)| gates.bytes(WITHDRAWN, t)).and_then(|b| String::from_utf8(b).ok());
    let old = withdrawn(old).unwrap_or_default();
    for id in old.difference(&new) {
        gates.wrong(WITHDRAWN, say::gate_forgotten(id.as_str()), say::gate_again_remedy("withdrawals"));
    }
}

fn required(gates: &mut Gates<'_>, role: &str, name: &str) {
    let listed = gates.role(role).is_none_or(|r| r.signed.targets.keys().any(|n| n.raw() == name));
    if !listed {
        gates.wrong(name, say::gate_required(name, role), say::gate_again_remedy(role));
    }
}

/// What a stolen hub makes browsers sign is not enough: one signature of `bulletins` comes from elsewhere.
fn browsers(gates: &mut Gates<'_>) {
    let Some(policy) = gates.text("targets", POLICY) else { return };
    for role in ["bulletins", "urgent-audio"] {
        let Some(who) = crate::office::meta::Authority::in_targets(&gates.next.targets.signed, role) else {
            continue;
        };
        let signers = gates.role(role).and_then(|r| who.signers(r).ok()).unwrap_or_default();
        let browser = browser_keys(&policy).unwrap_or_default();
        if !signers.is_empty() && signers.iter().all(|k| browser.iter().any(|b| *b == k.0)) {
            gates.wrong(role, say::gate_browser(), say::gate_browser_remedy(role));
        }
    }
}
