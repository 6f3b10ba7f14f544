//! What a station believes of a feed, and what it refuses.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests damage files, and fail by panicking"
)]

#[path = "support/repo.rs"]
mod repo;

#[path = "feed/station.rs"]
mod station;

#[path = "feed/areas.rs"]
mod areas;
#[path = "feed/builder.rs"]
mod builder;
#[path = "feed/bytes.rs"]
mod bytes;
#[path = "feed/keys.rs"]
mod keys;
#[path = "feed/rollback.rs"]
mod rollback;
#[path = "feed/search.rs"]
mod search;
#[path = "feed/store.rs"]
mod store;
#[path = "feed/sync.rs"]
mod sync;
#[path = "feed/taken_away.rs"]
mod taken_away;
#[path = "feed/time.rs"]
mod time;
