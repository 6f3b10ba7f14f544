//! The signing side: keys, people, drafts, gates and the feed that comes out of them.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used)]

#[path = "office/command.rs"]
mod command;
#[cfg(feature = "faults")]
#[path = "office/crash.rs"]
mod crash;
#[path = "office/drills.rs"]
mod drills;
#[path = "office/first_feed.rs"]
mod first_feed;
#[path = "office/gates.rs"]
mod gates;
#[path = "office/hostile.rs"]
mod hostile;
#[path = "office/lists.rs"]
mod lists;
#[path = "office/pc.rs"]
mod pc;
#[path = "office/station.rs"]
mod station;
#[path = "office/story.rs"]
mod story;
#[path = "office/world.rs"]
mod world;

/// The clock that the program under test goes by.
fn pc_now() -> chrono::DateTime<chrono::Utc> {
    use loaxa::clock::{Clock, system::SystemClock};
    SystemClock::new().now().wall
}
