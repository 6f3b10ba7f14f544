//! What comes from a feed to a station's disk, over real HTTP and from a folder, while the other side misbehaves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "stories break things, and stop at the first surprise"
)]

#[path = "support/repo.rs"]
mod repo;
#[path = "support/server.rs"]
mod server;

#[path = "sync/audio.rs"]
mod audio;
#[path = "sync/background.rs"]
mod background;
#[path = "sync/enrol.rs"]
mod enrol;
#[path = "sync/faults.rs"]
mod faults;
#[path = "sync/folder.rs"]
mod folder;
#[path = "sync/hostile.rs"]
mod hostile;
#[path = "sync/http.rs"]
mod http;
#[path = "sync/library.rs"]
mod library;
#[path = "sync/passes.rs"]
mod passes;
#[path = "sync/signed.rs"]
mod signed;
#[path = "sync/verbs.rs"]
mod verbs;
#[path = "sync/world.rs"]
mod world;
