//! Input with faults of every kind that people hand to loaxa, by the functions that the commands call, and what they read
//! then. Messages are kept in both languages: a change of wording is a decision. Schedules, policies and registries have
//! theirs beside the room (`tests/schedule`), recordings in `tests/import`; `count` counts them all.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

#[path = "bad_input/config.rs"]
mod config;
#[path = "bad_input/count.rs"]
mod count;
#[path = "bad_input/feed.rs"]
mod feed;
#[path = "bad_input/log.rs"]
mod log;
#[path = "asrun/support.rs"]
#[allow(dead_code)]
mod log_support;
#[path = "bad_input/recordings.rs"]
mod recordings;
#[path = "support/repo.rs"]
mod repo;
