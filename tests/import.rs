//! Recordings from the field, whole and broken, through the real ffmpeg.
#![cfg(feature = "office")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "import/attack.rs"]
mod attack;
#[path = "import/bench.rs"]
mod bench;
#[path = "import/describe.rs"]
mod describe;
#[path = "import/field.rs"]
mod field;
#[path = "import/life.rs"]
mod life;
#[path = "import/samples.rs"]
mod samples;
