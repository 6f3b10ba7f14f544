//! The station's decisions, with no device: what is owed has exactly one outcome, whatever happens.

#[path = "support/sim.rs"]
mod sim;

#[path = "station/day.rs"]
mod day;
#[path = "station/time.rs"]
mod time;
#[path = "station/urgent.rs"]
mod urgent;
