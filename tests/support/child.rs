//! Programs that a test starts: stories that change their whole process, each an ignored test that runs in a child of the
//! test binary; and what makes sound.
#![allow(dead_code)]

use std::process::Command;

/// Runs the ignored test `story` in a process of its own; what it printed, as an error if it failed.
pub fn run(story: &str, more: impl FnOnce(&mut Command)) -> Result<String, String> {
    let me = std::env::current_exe().map_err(|e| e.to_string())?;
    let mut child = Command::new(me);
    child.args(["--exact", story, "--ignored", "--nocapture"]);
    more(&mut child);
    let child = child.output().map_err(|e| e.to_string())?;
    let told = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    if child.status.success() && told.contains("1 passed") { Ok(told) } else { Err(told) }
}

/// `program` before other work of this machine, where this user may ask for that (else `nice` starts it as any other): a
/// station's box compiles nothing beside. Not real-time: there, the sync of a debug build would hold up its own sound.
pub fn prompt(program: &std::ffi::OsStr) -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", "-15"]).arg(program);
    command
}
