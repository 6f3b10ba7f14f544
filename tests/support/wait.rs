//! Waiting for what a test needs to be so, never for luck: each wait has a condition and a deadline.
#![allow(clippy::disallowed_methods, dead_code)]

use std::{
    thread,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(10);

/// Waits until `found` finds something; panics with `what` when that takes longer than `patience`.
pub fn until_some<T>(what: &str, patience: Duration, mut found: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + patience;
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(Instant::now() < end, "not in {patience:?}: {what}");
        thread::sleep(LOOK);
    }
}

/// Waits until something is so.
pub fn until(what: &str, patience: Duration, mut is_so: impl FnMut() -> bool) {
    until_some(what, patience, || is_so().then_some(()));
}

/// Waits until the wall clock has passed `at`: for an instant that the test chose, or one by which something would have
/// happened that must not.
pub fn past(at: DateTime<Utc>) {
    while let Ok(left) = (at - Utc::now()).to_std() {
        thread::sleep(left.max(Duration::from_millis(1)));
    }
}
