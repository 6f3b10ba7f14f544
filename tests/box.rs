#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that cannot go on panics"
)]

//! The box in the commune: its set-up by an operator, its clock, and what it tells the service manager.

#[path = "support/box.rs"]
mod r#box;
#[path = "support/child.rs"]
mod child;
#[path = "support/listen.rs"]
mod listen;
#[path = "support/repo.rs"]
mod repo;
#[path = "support/server.rs"]
mod server;

#[path = "box/bus.rs"]
mod bus;
#[path = "box/clock.rs"]
mod clock;
#[path = "box/config.rs"]
mod config;
#[path = "box/docs.rs"]
mod docs;
#[path = "box/manager.rs"]
mod manager;
#[path = "box/owner.rs"]
mod owner;
#[path = "box/setup.rs"]
mod setup;
#[path = "box/terminal.rs"]
mod terminal;
