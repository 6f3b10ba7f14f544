//! loaxa: public loudspeaker radio for communes. Approved bulletins, on schedule, with a provable as-run log.
//!
//! Rooms, and which way data moves between them, are drawn in docs/ARCHITECTURE.md. In short:
//! `office` makes and signs, `feed` verifies and keeps, `schedule` plans, `playout` sounds, `asrun` proves,
//! `station` drives them by the clock, `cli` is where people type.

pub mod asrun;
pub mod bulletin;
pub mod cli;
pub mod clock;
pub mod digest;
pub mod durable;
pub mod fault;
#[cfg(feature = "faults")]
pub mod faults;
pub mod feed;
#[cfg(feature = "hub")]
pub mod hub;
pub mod ids;
pub mod link;
pub mod lock;
#[cfg(feature = "office")]
pub mod office;
#[cfg(any(feature = "station", feature = "office"))]
pub mod playout;
pub mod schedule;
#[cfg(feature = "station")]
pub mod station;
pub mod text;
