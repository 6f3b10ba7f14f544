#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that cannot go on panics"
)]

//! The whole station: the real binary, a feed over real HTTP, sound on the virtual PA, the log as inspectors read it.

#[path = "support/box.rs"]
mod r#box;
#[path = "support/child.rs"]
mod child;
#[path = "support/heard.rs"]
mod heard;
#[path = "support/listen.rs"]
mod listen;
#[path = "support/pulse.rs"]
mod pulse_server;
#[path = "support/repo.rs"]
mod repo;
#[path = "support/server.rs"]
mod server;
#[path = "support/wait.rs"]
mod wait;
#[path = "support/witness.rs"]
mod witness;

#[path = "daemon/after.rs"]
mod after;
#[path = "daemon/attacks.rs"]
mod attacks;
#[path = "daemon/devices.rs"]
mod devices;
#[path = "daemon/faults.rs"]
mod faults;
#[path = "daemon/instants.rs"]
mod instants;
#[path = "daemon/kills.rs"]
mod kills;
#[path = "daemon/life.rs"]
mod life;
#[path = "daemon/locks.rs"]
mod locks;
#[path = "daemon/plays.rs"]
mod plays;
#[path = "daemon/pulse.rs"]
mod pulse;
#[path = "daemon/pushes.rs"]
mod pushes;
#[path = "daemon/siege.rs"]
mod siege;
#[path = "daemon/socket.rs"]
mod socket;
