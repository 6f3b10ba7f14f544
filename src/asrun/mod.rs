//! The as-run log: what aired, when, in full or not, and whether anyone changed the record.
//!
//! `record` and `chain` and `verify` are pure: bytes in, findings out. `journal` is the one writer.
//! The format is docs/asrun.md; lines are read for ten years: keys are added, never renamed or reused.

pub mod record;
