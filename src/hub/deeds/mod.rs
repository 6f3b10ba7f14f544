//! What people do here, the same for a page's form and for the API: checked against what they may see, noted in the audit
//! log, then done. A thing outside a person's area does not exist for that person.

pub mod accounts;
pub mod alarms;
pub mod areas;
pub mod audit;
pub mod day;
mod doer;
pub mod overview;
pub mod own;
pub mod stations;
mod words;

pub use doer::Doer;
