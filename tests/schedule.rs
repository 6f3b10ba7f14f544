//! The room `schedule`: what an office writes, and what a station makes of it.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "schedule/bad_input.rs"]
mod bad_input;
#[path = "schedule/bench.rs"]
mod bench;
#[path = "schedule/check.rs"]
mod check;
#[path = "schedule/cli.rs"]
mod cli;
#[path = "schedule/crontab.rs"]
mod crontab;
#[path = "schedule/examples.rs"]
mod examples;
#[path = "schedule/oracle.rs"]
mod oracle;
#[path = "schedule/plan.rs"]
mod plan;
#[path = "schedule/robust.rs"]
mod robust;
#[path = "schedule/rotation.rs"]
mod rotation;
#[path = "schedule/support.rs"]
mod support;
#[cfg(feature = "station")]
#[path = "schedule/wants.rs"]
mod wants;
#[path = "schedule/world.rs"]
mod world;
