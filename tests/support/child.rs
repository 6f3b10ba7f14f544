//! Programs that a test starts: stories that change their whole process, each an ignored test that runs in a child of the
//! test binary; and what must be as prompt as its service file makes it.
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

/// `program` with the scheduling that its service file asks for (`CPUSchedulingPolicy=rr`), where this user may ask for
/// it; else as any other. On a busy machine sound is not to wait behind a compiler; a niceness of -15 does not see to that.
pub fn prompt(program: &std::ffi::OsStr, priority: u8) -> Command {
    let chrt = |program: &std::ffi::OsStr| {
        let mut command = Command::new("chrt");
        command.arg("--rr").arg(priority.to_string()).arg(program);
        command
    };
    let may = chrt("true".as_ref()).stderr(std::process::Stdio::null()).status().is_ok_and(|s| s.success());
    if may { chrt(program) } else { Command::new(program) }
}
