//! Runs one bounded child to its end and keeps what it says, within bounds of its own.

use std::{os::unix::process::ExitStatusExt, process::ExitStatus};

use rustix::process::Signal;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::Command,
    time::timeout,
};

use super::{
    fault::{Bound, ImportFault},
    limits::Limits,
};

/// Longest line that is kept of a child's output, in bytes; the rest of it is dropped.
const LINE: usize = 4096;

/// One line that a child said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    Out(&'a str),
    Err(&'a str),
}

/// Runs `command` until it ends, hits a bound, or this future is dropped (which kills it).
/// `heard` gets each line of its output; lines of stderr keep their order, as do those of stdout.
pub(super) async fn run(
    mut command: Command,
    limits: &Limits,
    heard: &mut (dyn FnMut(Said<'_>) + Send),
) -> Result<ExitStatus, ImportFault> {
    let mut child = command.spawn().map_err(|e| ImportFault::Machine("start ffmpeg", e))?;
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(ImportFault::Machine("start ffmpeg", std::io::Error::other("no pipes")));
    };
    let mut capped = false;
    let mut heard = |said: Said<'_>| {
        capped |= matches!(said, Said::Err(line) if line.contains("received signal 24"));
        heard(said);
    };
    let mut out = Lines::new(out);
    let mut err = Lines::new(err);
    let work = async {
        loop {
            tokio::select! {
                line = out.next() => match line? {
                    Some(line) => heard(Said::Out(&line)),
                    None => break,
                },
                line = err.next() => match line? {
                    Some(line) => heard(Said::Err(&line)),
                    None => break,
                },
            }
        }
        while let Some(line) = out.next().await? {
            heard(Said::Out(&line));
        }
        while let Some(line) = err.next().await? {
            heard(Said::Err(&line));
        }
        child.wait().await
    };
    let ended = timeout(limits.child_wall, work).await;
    match ended {
        Err(_) => {
            child.kill().await.ok();
            Err(ImportFault::Bound(Bound::Wall))
        }
        Ok(Err(e)) => Err(ImportFault::Machine("run ffmpeg", e)),
        Ok(Ok(status)) => match bound(status, capped) {
            Some(bound) => Err(ImportFault::Bound(bound)),
            None => Ok(status),
        },
    }
}

/// The bound whose signal ended the child: SIGXCPU and SIGXFSZ are the kernel's own words (setrlimit(2)), SIGKILL is
/// how it takes memory back. ffmpeg catches SIGXCPU, says `received signal 24` and ends with 255 or, when stuck, 123.
fn bound(status: ExitStatus, capped: bool) -> Option<Bound> {
    let signal = status.signal().unwrap_or(0);
    if capped || signal == Signal::XCPU.as_raw() {
        Some(Bound::Cpu)
    } else if signal == Signal::XFSZ.as_raw() {
        Some(Bound::Disk)
    } else if signal == Signal::KILL.as_raw() {
        Some(Bound::Memory)
    } else {
        None
    }
}

/// Lines of a pipe, each cut at [`LINE`] bytes; not UTF-8 is replaced. Cancel-safe: a half line stays for the next call.
struct Lines<R> {
    pipe: BufReader<R>,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Lines<R> {
    fn new(pipe: R) -> Self {
        Self { pipe: BufReader::new(pipe), line: Vec::new() }
    }

    async fn next(&mut self) -> std::io::Result<Option<String>> {
        loop {
            let piece = self.pipe.fill_buf().await?;
            if piece.is_empty() {
                let rest = std::mem::take(&mut self.line);
                return Ok((!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned()));
            }
            let end = piece.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let take = end.unwrap_or(piece.len());
            let room = LINE.saturating_sub(self.line.len()).min(take);
            self.line.extend_from_slice(&piece[..room]);
            self.pipe.consume(end.map_or(take, |e| e + 1));
            if end.is_some() {
                let line = std::mem::take(&mut self.line);
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
        }
    }
}
