//! The hub, by the real program over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

#[path = "hub/backup.rs"]
mod backup;
#[path = "hub/feed.rs"]
mod feed;
#[path = "hub/front.rs"]
mod front;
#[path = "hub/province.rs"]
mod province;
#[path = "hub/publish.rs"]
mod publish;
#[path = "support/server.rs"]
mod server;
#[path = "hub/world.rs"]
mod world;

/// By the clock that the program under test goes by.
fn pc_now() -> chrono::DateTime<chrono::Utc> {
    use loaxa::clock::Clock;
    loaxa::clock::system::SystemClock::new().now().wall
}
