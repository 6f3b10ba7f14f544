//! What a draft would change, in words: a person signs what he has read, not a hash. Pure.

use chrono::{DateTime, Utc};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use tough::schema::{Target, Targets};

use super::meta;
use crate::{
    bulletin::Meta,
    digest::Digest,
    text::{Text, bulletin, office as say},
};

mod roles;

pub use roles::keys_changed;

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
    roles::changes(old, next, &mut out);
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
            let words = Text::same(indented(&meta.transcript));
            say::added_recording(name, &meta.title.vi, described(&meta), words)
        }
        None => say::added_file(name, text_of(name, target, contents)),
    };
    Change { sort: Sort::Added, subject: name.to_owned(), text }
}

/// All facts of a recording but title and transcript: those that every one has, then those that some have.
fn described(meta: &Meta) -> Text {
    let sort = meta.category.map_or_else(|| bulletin::kind(meta.kind), bulletin::category);
    let facts = say::described(
        sort,
        bulletin::languages(&meta.languages),
        meta.frames.seconds_up(),
        day(meta.valid_from),
        day(meta.valid_until),
        meta.approved_by.join(", "),
    );
    let some = [
        (say::field_title_en(), &meta.title.en),
        (say::field_hotline(), &meta.hotline),
        (say::field_directive(), &meta.directive),
    ];
    let some = some.into_iter().filter_map(|(field, value)| Some(say::fact(field, value.as_ref()?)));
    Text::join(&std::iter::once(facts).chain(some).collect::<Vec<_>>(), "; ")
}

/// Foreign text of several lines, behind a bar: none of them can pass for a line of ours.
fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("    │ {line}")).collect::<Vec<_>>().join("\n")
}

/// Local time in Vietnam, as people write it there.
pub fn day(at: DateTime<Utc>) -> String {
    at.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).format("%d/%m/%Y %H:%M").to_string()
}

fn text_of(name: &str, target: &Target, contents: Contents<'_>) -> Text {
    let bytes = meta::target_digest(target).and_then(|sha| contents(&sha, name)).unwrap_or_default();
    Text::same(String::from_utf8_lossy(&bytes).lines().map(|l| format!("\n    + {l}")).collect::<String>())
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
        _ => say::changed_file(name, lines(name, old, new, contents)),
    };
    Change { sort: Sort::Changed, subject: name.to_owned(), text }
}

/// The fields that differ, each with its old and new value. Who approved is not among them: it is so with every change.
fn fields(old: &Meta, new: &Meta) -> Vec<Text> {
    let same = |s: &str| Text::same(s);
    let or = |s: &Option<String>| same(s.as_deref().unwrap_or("-"));
    let category = |m: &Meta| m.category.map_or_else(|| same("-"), bulletin::category);
    let both = |of: &dyn Fn(&Meta) -> Text| (of(old), of(new));
    let pairs = [
        (say::field_kind(), both(&|m| bulletin::kind(m.kind))),
        (say::field_title(), both(&|m| same(&m.title.vi))),
        (say::field_title_en(), both(&|m| or(&m.title.en))),
        (say::field_work(), both(&|m| same(m.work.as_str()))),
        (say::field_category(), both(&category)),
        (say::field_languages(), both(&|m| bulletin::languages(&m.languages))),
        (say::field_from(), both(&|m| same(&day(m.valid_from)))),
        (say::field_until(), both(&|m| same(&day(m.valid_until)))),
        (say::field_hotline(), both(&|m| or(&m.hotline))),
        (say::field_directive(), both(&|m| or(&m.directive))),
        (say::field_frames(), both(&|m| same(&m.frames.0.to_string()))),
        (say::field_loudness(), both(&|m| same(&m.loudness_clufs.to_string()))),
        (say::field_peak(), both(&|m| same(&m.true_peak_cdb.to_string()))),
        (say::field_original(), both(&|m| same(&m.original_sha256.to_string()))),
        (say::field_transcript(), both(&|m| same(&m.transcript))),
    ];
    let differ = pairs.into_iter().filter(|(_, (a, b))| a != b);
    differ.map(|(field, (a, b))| say::field_changed(field, a, b)).collect()
}

/// Lines that go and lines that come.
fn lines(name: &str, old: &Target, new: &Target, contents: Contents<'_>) -> Text {
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
    Text::same(out)
}
