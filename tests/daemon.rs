#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that cannot go on panics"
)]

//! The whole station: the real binary, a feed over real HTTP, sound on the virtual PA, the log as inspectors read it.

#[path = "support/box.rs"]
mod r#box;
#[path = "support/listen.rs"]
mod listen;
#[path = "support/repo.rs"]
mod repo;
#[path = "support/server.rs"]
mod server;

#[path = "daemon/attacks.rs"]
mod attacks;
#[path = "daemon/kills.rs"]
mod kills;
#[path = "daemon/life.rs"]
mod life;
#[path = "daemon/plays.rs"]
mod plays;
#[path = "daemon/siege.rs"]
mod siege;
#[path = "daemon/socket.rs"]
mod socket;
