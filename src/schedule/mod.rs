//! Which slots this station owes, and when. Pure: no clock, file, network or tokio; time is an argument.
//!
//! A new YAML key goes to `file.rs` and `check.rs`, a new way to pick bulletins to `rotation.rs`.
//! Station, office and hub call the same [`plan`](plan::plan); nothing local enters it.

mod airtime;
pub mod check;
pub mod crontab;
pub mod file;
pub mod occurrence;
pub mod place;
pub mod plan;
pub mod policy;
pub mod registry;
mod rotation;
pub mod scalar;
pub mod world;
pub mod yaml;
