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

#[path = "hub/attacks.rs"]
mod attacks;
#[path = "hub/enrol.rs"]
mod enrol;
#[path = "hub/events.rs"]
mod events;
#[path = "hub/field.rs"]
mod field;
#[path = "hub/front.rs"]
mod front;
#[path = "hub/intake.rs"]
mod intake;
#[path = "hub/province.rs"]
mod province;
#[path = "hub/world.rs"]
mod world;
