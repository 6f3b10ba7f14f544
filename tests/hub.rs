//! The hub, by the real program over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on ends"
)]

#[path = "hub/accounts.rs"]
mod accounts;
#[path = "hub/api.rs"]
mod api;
#[path = "hub/front.rs"]
mod front;
#[path = "hub/overview.rs"]
mod overview;
#[path = "support/repo.rs"]
mod repo;
#[path = "hub/roles.rs"]
mod roles;
#[path = "hub/seed.rs"]
mod seed;
#[path = "hub/webhook.rs"]
mod webhook;
#[path = "hub/world.rs"]
mod world;
