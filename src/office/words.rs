//! What a draft would change, in words: a person signs what he has read, not a hash. Pure.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use tough::schema::{Target, Targets};

use super::{
    keys::PublicKey,
    meta::{self, Authority},
    people::People,
};
use crate::{
    bulletin::Meta,
    digest::Digest,
    text::{Lines, Text, office as say},
};

/// Where contents come from: by hash, and the name of the target.
pub type Contents<'a> = &'a dyn Fn(&Digest, &str) -> Option<Vec<u8>>;

/// What happens to one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Sort {
    Added,
    Removed,
    Changed,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub sort: Sort,
    /// A target's name, or a role's.
    pub subject: String,
    /// For people, possibly of several lines.
    pub text: Text,
}

/// Everything by which `next` differs from `old`, removals first: they are the easiest to overlook.
pub fn changes(old: Option<&Targets>, next: &Targets, contents: Contents<'_>) -> Vec<Change> {
    let mut out = Vec::new();
    let (before, after) = (old.map(listed).unwrap_or_default(), listed(next));
    for (name, target) in before.iter().filter(|(name, _)| find(&after, name).is_none()) {
        let text = say::removed(name.as_str(), title(target));
        out.push(Change { sort: Sort::Removed, subject: name.clone(), text });
    }
    for (name, target) in &after {
        match find(&before, name) {
            None => out.push(added(name, target, contents)),
            Some(held) if held != target => out.push(changed(name, held, target, contents)),
            Some(_) => {}
        }
    }
    delegations(old, next, &mut out);
    out
}

fn listed(role: &Targets) -> Vec<(String, Target)> {
    let mut all: Vec<_> = role.targets.iter().map(|(n, t)| (n.raw().to_owned(), t.clone())).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn find<'a>(all: &'a [(String, Target)], name: &str) -> Option<&'a Target> {
    all.iter().find(|(n, _)| n == name).map(|(_, t)| t)
}

/// The signed description of a recording, if this is one.
pub fn meta_of(target: &Target) -> Option<Meta> {
    let object = target.custom.clone().into_iter().collect();
    serde_json::from_value(serde_json::Value::Object(object)).ok()
}

fn title(target: &Target) -> String {
    meta_of(target).map_or_else(String::new, |m| format!(" “{}”", m.title.vi))
}

fn added(name: &str, target: &Target, contents: Contents<'_>) -> Change {
    let text = match meta_of(target) {
        Some(meta) => {
            say::added_recording(name, &meta.title.vi, described(&meta), indented(&meta.transcript))
        }
        None => say::added_file(name, Lines(text_of(name, target, contents))),
    };
    Change { sort: Sort::Added, subject: name.to_owned(), text }
}

/// A text of several lines, none of which can pass for one of ours.
fn indented(text: &str) -> Lines {
    Lines(text.trim().lines().collect::<Vec<_>>().join("\n          "))
}

/// All facts of a recording but title and transcript, on one line.
fn described(meta: &Meta) -> Text {
    let languages: Vec<_> = meta.languages.iter().map(|l| l.as_str()).collect();
    say::described(
        meta.category.map_or("-", |c| c.as_str()),
        languages.join(", "),
        meta.frames.seconds_up(),
        day(meta.valid_from),
        day(meta.valid_until),
        meta.approved_by.join(", "),
    )
}

/// Local time in Vietnam, as people write it there.
pub fn day(at: DateTime<Utc>) -> String {
    at.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).format("%d/%m/%Y %H:%M").to_string()
}

fn text_of(name: &str, target: &Target, contents: Contents<'_>) -> String {
    let bytes = meta::target_digest(target).and_then(|sha| contents(&sha, name)).unwrap_or_default();
    String::from_utf8_lossy(&bytes).lines().map(|l| format!("\n    + {l}")).collect()
}

fn changed(name: &str, old: &Target, new: &Target, contents: Contents<'_>) -> Change {
    let text = match (meta_of(old), meta_of(new)) {
        (Some(old_meta), Some(new_meta)) => {
            let mut parts = fields(&old_meta, &new_meta);
            if old.hashes != new.hashes {
                parts.insert(0, say::other_sound(old_meta.frames.seconds_up(), new_meta.frames.seconds_up()));
            }
            say::changed_recording(name, &new_meta.title.vi, Text::join(&parts, "; "))
        }
        _ => say::changed_file(name, Lines(lines(name, old, new, contents))),
    };
    Change { sort: Sort::Changed, subject: name.to_owned(), text }
}

/// The fields that differ, each with its old and new value. Who approved is not among them: it is so with every change.
fn fields(old: &Meta, new: &Meta) -> Vec<Text> {
    let list = |m: &Meta| m.languages.iter().map(|l| l.to_string()).collect::<Vec<_>>().join(", ");
    let or = |s: &Option<String>| s.clone().unwrap_or_else(|| "-".into());
    let category = |m: &Meta| m.category.map_or("-", |c| c.as_str()).to_owned();
    let pairs = [
        (say::field_title(), old.title.vi.clone(), new.title.vi.clone()),
        (say::field_title_en(), or(&old.title.en), or(&new.title.en)),
        (say::field_work(), old.work.to_string(), new.work.to_string()),
        (say::field_category(), category(old), category(new)),
        (say::field_languages(), list(old), list(new)),
        (say::field_from(), day(old.valid_from), day(new.valid_from)),
        (say::field_until(), day(old.valid_until), day(new.valid_until)),
        (say::field_hotline(), or(&old.hotline), or(&new.hotline)),
        (say::field_directive(), or(&old.directive), or(&new.directive)),
        (say::field_loudness(), old.loudness_clufs.to_string(), new.loudness_clufs.to_string()),
        (say::field_transcript(), old.transcript.clone(), new.transcript.clone()),
    ];
    pairs
        .into_iter()
        .filter(|(_, a, b)| a != b)
        .map(|(field, a, b)| say::field_changed(field, a, b))
        .collect()
}

/// Lines that go and lines that come.
fn lines(name: &str, old: &Target, new: &Target, contents: Contents<'_>) -> String {
    let read = |t: &Target| meta::target_digest(t).and_then(|sha| contents(&sha, name)).unwrap_or_default();
    let (old, new) = (read(old), read(new));
    let (old, new) = (String::from_utf8_lossy(&old), String::from_utf8_lossy(&new));
    let diff = TextDiff::from_lines(&old, &new);
    let mut out = String::new();
    for change in diff.iter_all_changes() {
        let mark = match change.tag() {
            ChangeTag::Delete => '-',
            ChangeTag::Insert => '+',
            ChangeTag::Equal => continue,
        };
        out.push_str(&format!("\n    {mark} {}", change.value().trim_end()));
    }
    out
}

/// Roles that come, go, or get other keys; only `targets` has any.
fn delegations(old: Option<&Targets>, next: &Targets, out: &mut Vec<Change>) {
    let names: BTreeSet<&str> = old.into_iter().chain([next]).flat_map(meta::delegated).collect();
    let (who_old, who_new) = (old.map(People::of).unwrap_or_default(), People::of(next));
    for role in names {
        let before = old.and_then(|t| Authority::in_targets(t, role));
        let after = Authority::in_targets(next, role);
        let change = match (&before, &after) {
            (None, Some(a)) => (Sort::Added, say::role_added(role, a.threshold, holders(&a.keys, &who_new))),
            (Some(b), None) => (Sort::Removed, say::role_removed(role, holders(&b.keys, &who_old))),
            (Some(b), Some(a)) if a != b => (Sort::Changed, keys_changed(role, b, a, &who_old, &who_new)),
            _ => continue,
        };
        out.push(Change { sort: change.0, subject: role.to_owned(), text: change.1 });
    }
}

/// Who comes and who goes between two authorities.
pub fn keys_changed(role: &str, old: &Authority, new: &Authority, was: &People, is: &People) -> Text {
    let gone = old.keys.difference(&new.keys).copied().collect();
    let come = new.keys.difference(&old.keys).copied().collect();
    say::role_changed(role, holders(&come, is), holders(&gone, was), old.threshold, new.threshold)
}

/// Names with the first digits of their keys, which tell two keys of one person apart.
fn holders(keys: &BTreeSet<PublicKey>, people: &People) -> String {
    let one = |k: &PublicKey| format!("{} ({:.8})", people.name(k).unwrap_or("?"), k.to_string());
    if keys.is_empty() { "-".into() } else { keys.iter().map(one).collect::<Vec<_>>().join(", ") }
}
