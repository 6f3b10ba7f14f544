//! The hub, by the real program over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

#[path = "support/box.rs"]
mod r#box;
#[path = "support/child.rs"]
mod child;
#[path = "support/repo.rs"]
mod repo;
#[path = "support/server.rs"]
mod server;
#[path = "support/wait.rs"]
mod wait;

#[path = "hub/accounts.rs"]
mod accounts;
#[path = "hub/api.rs"]
mod api;
#[path = "hub/attacks.rs"]
mod attacks;
#[path = "hub/backup.rs"]
mod backup;
#[path = "hub/engines.rs"]
mod engines;
#[path = "hub/enrol.rs"]
mod enrol;
#[path = "hub/events.rs"]
mod events;
#[path = "hub/export.rs"]
mod export;
#[path = "hub/feed.rs"]
mod feed;
#[path = "hub/field.rs"]
mod field;
#[path = "hub/fleet.rs"]
mod fleet;
#[path = "hub/front.rs"]
mod front;
#[path = "hub/inspect.rs"]
mod inspect;
#[path = "hub/intake.rs"]
mod intake;
#[path = "hub/overview.rs"]
mod overview;
#[path = "hub/people.rs"]
mod people;
#[path = "hub/province.rs"]
mod province;
#[path = "hub/publish.rs"]
mod publish;
#[path = "hub/report.rs"]
mod report;
#[path = "hub/roles.rs"]
mod roles;
#[path = "hub/seed.rs"]
mod seed;
#[path = "hub/webhook.rs"]
mod webhook;
#[path = "hub/world.rs"]
mod world;

/// By the clock that the program under test goes by.
fn pc_now() -> chrono::DateTime<chrono::Utc> {
    use loaxa::clock::Clock;
    loaxa::clock::system::SystemClock::new().now().wall
}
