//! The hub, by the real program over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

#[path = "hub/front.rs"]
mod front;
#[path = "support/repo.rs"]
mod repo;

#[path = "hub/engines.rs"]
mod engines;
#[path = "hub/export.rs"]
mod export;
#[path = "hub/inspect.rs"]
mod inspect;
#[path = "hub/report.rs"]
mod report;
#[path = "hub/seed.rs"]
mod seed;
#[path = "hub/world.rs"]
mod world;
