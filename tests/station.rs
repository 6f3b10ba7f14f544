#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a story that cannot go on panics"
)]

//! The station's decisions, with no device: what is owed has exactly one outcome, whatever happens.

#[path = "schedule/support.rs"]
#[allow(dead_code, reason = "the room `schedule` uses the rest")]
mod signed;
#[path = "support/sim.rs"]
mod sim;

#[path = "station/day.rs"]
mod day;
#[path = "station/files.rs"]
mod files;
#[path = "station/planned.rs"]
mod planned;
#[path = "station/time.rs"]
mod time;
#[path = "station/urgent.rs"]
mod urgent;
#[path = "station/year.rs"]
mod year;
