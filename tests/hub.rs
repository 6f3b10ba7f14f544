//! The hub, by the real program over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

#[path = "hub/front.rs"]
mod front;
#[path = "hub/world.rs"]
mod world;
