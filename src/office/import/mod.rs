//! The only reader of foreign recordings: any sound file in, one canonical form out, or a cause that people can mend.
//!
//! ffmpeg does the reading, as a bounded child (`child`, `tools`). The way of a file: copied and hashed (`store`), looked
//! at (`look`, `container/`), probed and decoded once (`decode`), judged (`judge`, pure), made loud and encoded in a loop
//! that measures its own result (`encode`, `loudness`), kept by hash. What it is called and how long it may air comes
//! from a YAML beside it or from options (`sidecar`, `describe`). No signing here: `approve` takes what this room returns.
//!
//! A new sort of file goes to `container/` (own checks) and `tools` (what ffmpeg may open).

mod child;
mod container;
mod decode;
pub mod describe;
mod encode;
pub mod fault;
mod judge;
pub mod limits;
mod look;
mod loudness;
mod measure;
pub mod names;
pub mod outcome;
mod probe;
mod run;
pub mod sidecar;
pub mod store;
pub mod tools;

pub use self::{
    describe::{Description, Overrides, Setting, describe, meta},
    fault::ImportFault,
    limits::{Limits, Options, Trim},
    names::{clean_title, fold, suggest_id},
    outcome::{Imported, Progress, Seconds, Stage, Warning, already},
    run::import,
    store::{Store, digest_of},
    tools::Tools,
};
