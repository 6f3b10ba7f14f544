//! What must hold before a snapshot is signed. Pure: metadata and contents in, faults out; all of them, not the first.

use chrono::{DateTime, Utc};

use super::{feed_files::Published, publish::Next};
use crate::{
    digest::Digest,
    fault::{Faults, Place},
    text::office as say,
};

/// How the gates see contents: the bytes with this hash that are to be the target of this name, if the office has them.
pub type Contents<'a> = &'a dyn Fn(&Digest, &str) -> Option<Vec<u8>>;

/// Passes, or says everything that stands in the way.
pub fn check(
    before: Option<&Published>,
    next: &Next,
    now: DateTime<Utc>,
    contents: Contents<'_>,
) -> Result<(), Faults> {
    let mut faults = Faults::default();
    let _ = (before, now, contents);
    for name in super::meta::delegated(&next.targets.signed) {
        if !next.roles.contains_key(name) {
            faults.push(Place::file(name), say::role_missing(name), say::role_missing_remedy(name));
        }
    }
    faults.or(())
}
