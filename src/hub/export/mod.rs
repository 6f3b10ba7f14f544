//! Tables that people take home: CSV and XLSX from the same typed cells.

pub mod bundle;
pub mod csv;
mod xlsx;

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::hub::Fail;

pub use xlsx::Sheet;

/// One cell, typed, so that a spreadsheet can count with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words; never a formula.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Tenths of a unit.
    Tenths(i64),
    /// Days since 1970-01-01.
    Day(i64),
    /// Microseconds since 1970-01-01 UTC, shown in the province's zone.
    Time(i64),
}

/// Spreadsheet files are made whole in memory: one at a time, or the hub's would not be bounded.
static ONE: Semaphore = Semaphore::const_new(1);

/// Waits for the turn to make one.
///
/// # Errors
/// Never while the program runs.
pub async fn turn() -> Result<SemaphorePermit<'static>, Fail> {
    ONE.acquire().await.map_err(Fail::machine)
}
