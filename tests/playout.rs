//! The room `playout`, by ear: what it was told against what a recording of its sink holds.
#![cfg(feature = "station")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "support/child.rs"]
mod child;
#[path = "support/clock.rs"]
mod clock;
#[path = "support/listen.rs"]
mod listen;
#[path = "support/pulse.rs"]
mod pulse_server;
#[path = "support/rig.rs"]
mod rig;
#[path = "support/speech.rs"]
mod speech;
#[path = "support/stories.rs"]
mod stories;
#[path = "support/wait.rs"]
mod wait;

#[path = "playout/canonical.rs"]
mod canonical;
#[path = "playout/pulse.rs"]
mod pulse;
#[path = "playout/wav.rs"]
mod wav;
