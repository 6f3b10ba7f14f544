//! The as-run log: what aired, when, in full or not, and whether anyone changed the record.
//!
//! `record` is what a line tells, `canon` how it is spelt, `chain`, `segment` and `verify` judge bytes; all pure.
//! `journal` is the one writer and `recover` what it finds at start; `progress` is the side file of what sounds now.
//! The format is docs/asrun.md; lines are read for ten years: keys are added, never renamed or reused.

pub mod bundle;
pub mod canon;
pub mod chain;
pub mod findings;
pub mod inspect;
pub mod journal;
pub mod key;
mod owed;
pub mod progress;
pub mod prune;
pub mod receipt;
pub mod record;
pub mod recover;
pub mod schema;
pub mod segment;
pub mod shelf;
pub mod show;
pub mod verify;
pub mod words;
