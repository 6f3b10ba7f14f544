//! Changes of who may sign what: roles that come, go, or change in anything that stations look at. Only `targets` and root
//! name any.

use std::collections::BTreeSet;

use tough::schema::{DelegatedRole, PathSet, Targets};

use super::{Change, Sort};
use crate::{
    office::{
        keys::PublicKey,
        meta::{self, Authority},
        people::{FIELD, People},
    },
    text::{Text, office as say},
};

/// Appends what `next` delegates otherwise than `old`.
pub(super) fn changes(old: Option<&Targets>, next: &Targets, out: &mut Vec<Change>) {
    let names: BTreeSet<&str> = old.into_iter().chain([next]).flat_map(meta::delegated).collect();
    let (who_old, who_new) = (old.map(People::of).unwrap_or_default(), People::of(next));
    for role in names {
        let before = old.and_then(|t| Authority::in_targets(t, role));
        let after = Authority::in_targets(next, role);
        let change = match (&before, &after) {
            (None, Some(a)) => (
                Sort::Added,
                say::role_added(say::role(role), a.threshold, holders(&a.keys, a.other, &who_new)),
            ),
            (Some(b), None) => {
                (Sort::Removed, say::role_removed(say::role(role), holders(&b.keys, b.other, &who_old)))
            }
            (Some(b), Some(a)) if a != b => (Sort::Changed, keys_changed(role, b, a, &who_old, &who_new)),
            _ => continue,
        };
        out.push(Change { sort: change.0, subject: role.to_owned(), text: change.1 });
    }
    reach(old, next, out);
    renamed(&who_old, &who_new, out);
    other_fields(old, next, out);
}

/// Who comes and who goes between two authorities.
pub fn keys_changed(role: &str, old: &Authority, new: &Authority, was: &People, is: &People) -> Text {
    let gone = old.keys.difference(&new.keys).copied().collect();
    let come = new.keys.difference(&old.keys).copied().collect();
    let (others_gone, others_come) =
        (old.other.saturating_sub(new.other), new.other.saturating_sub(old.other));
    let (come, gone) = (holders(&come, others_come, is), holders(&gone, others_gone, was));
    say::role_changed(say::role(role), come, gone, old.threshold, new.threshold)
}

/// Names with the first digits of their keys, which tell two keys of one person apart; then how many keys are of a kind
/// that loaxa never makes.
fn holders(keys: &BTreeSet<PublicKey>, other: usize, people: &People) -> Text {
    let one = |k: &PublicKey| Text::same(format!("{} ({:.8})", people.name(k).unwrap_or("?"), k.to_string()));
    let mut all: Vec<_> = keys.iter().map(one).collect();
    all.extend((other > 0).then(|| say::other_keys(other)));
    if all.is_empty() { Text::same("-") } else { Text::join(&all, ", ") }
}

/// What a role may list, and which role is asked first: what those who only look at the keys would miss.
fn reach(old: Option<&Targets>, next: &Targets, out: &mut Vec<Change>) {
    let (before, after) = (old.map(entries).unwrap_or_default(), entries(next));
    for role in &after {
        let held = before.iter().find(|b| b.name == role.name);
        let usual = crate::feed::roles::DELEGATIONS
            .iter()
            .any(|t| t.name == role.name && paths(role) == t.paths.join(", "));
        let own =
            role.name.strip_prefix("area-").is_some_and(|area| paths(role) == format!("areas/{area}/*"));
        let unusual = held.is_none() && !(usual || own) || !role.terminating;
        if unusual || held.is_some_and(|held| paths(held) != paths(role)) {
            let was = held.map_or_else(|| "-".to_owned(), paths);
            let text = say::role_paths(say::role(&role.name), was, paths(role));
            out.push(Change { sort: Sort::Changed, subject: role.name.clone(), text });
        }
    }
    let names = |all: &[DelegatedRole], kept: &[DelegatedRole]| {
        let kept = |r: &&DelegatedRole| kept.iter().any(|k| k.name == r.name);
        all.iter().filter(kept).map(|r| r.name.clone()).collect::<Vec<_>>()
    };
    let (was, is) = (names(&before, &after), names(&after, &before));
    if was != is {
        let text = say::role_order(was.join(", "), is.join(", "));
        out.push(Change { sort: Sort::Changed, subject: "targets".into(), text });
    }
}

fn entries(targets: &Targets) -> Vec<DelegatedRole> {
    targets.delegations.iter().flat_map(|d| d.roles.clone()).collect()
}

fn paths(role: &DelegatedRole) -> String {
    match &role.paths {
        PathSet::Paths(paths) => paths.iter().map(|p| p.value()).collect::<Vec<_>>().join(", "),
        PathSet::PathHashPrefixes(all) => format!("{} path_hash_prefixes", all.len()),
    }
}

/// A key that stays and is said to be somebody else's.
fn renamed(old: &People, new: &People, out: &mut Vec<Change>) {
    for (key, name) in &new.0 {
        let key = key.to_string();
        match old.0.iter().find(|(k, _)| k.to_string() == key) {
            Some((_, was)) if was != name => out.push(Change {
                sort: Sort::Changed,
                subject: FIELD.into(),
                text: say::person_renamed(format!("{key:.8}"), was, name),
            }),
            _ => {}
        }
    }
}

fn other_fields(old: Option<&Targets>, next: &Targets, out: &mut Vec<Change>) {
    let nothing = Default::default();
    let before = old.map_or(&nothing, |t| &t._extra);
    let names: BTreeSet<&String> = before.keys().chain(next._extra.keys()).filter(|n| *n != FIELD).collect();
    for name in names.into_iter().filter(|name| before.get(*name) != next._extra.get(*name)) {
        let text = say::other_field(name);
        out.push(Change { sort: Sort::Changed, subject: name.clone(), text });
    }
}
