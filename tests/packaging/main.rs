//! What is shipped beside the program: units, package, manual pages, scripts.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests may: they panic at a fault"
)]

mod deb;
mod manual;
#[path = "../support/repo.rs"]
mod repo;
mod scripts;
mod units;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program under test.
fn loaxa() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_loaxa"))
}

/// Runs to the end; when it fails, the test fails with all that it printed.
#[track_caller]
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {status}\n{stdout}\n{stderr}");
    stdout.into_owned()
}
