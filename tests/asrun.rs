//! The as-run log: written, cut, tampered with, verified twice.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "asrun/agree.rs"]
mod agree;
#[path = "asrun/bodies.rs"]
mod bodies;
#[path = "asrun/figures.rs"]
mod figures;
#[path = "asrun/format1.rs"]
mod format1;
#[path = "asrun/journal.rs"]
mod journal;
#[cfg(feature = "faults")]
#[path = "asrun/power.rs"]
mod power;
#[path = "asrun/properties.rs"]
mod properties;
#[path = "asrun/prune.rs"]
mod prune;
#[path = "asrun/receipts.rs"]
mod receipts;
#[path = "asrun/shown.rs"]
mod shown;
#[path = "asrun/support.rs"]
mod support;
