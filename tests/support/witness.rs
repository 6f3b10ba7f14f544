//! Did the machine itself stand still? A host that runs no process for longer than a sound device holds frames breaks any
//! sound, and says nothing of the program under test.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]

use std::{
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How often it looks.
const LOOK: Duration = Duration::from_millis(5);
/// Half of what a device holds, 0.4 s: two such in a row break sound.
const LONG: Duration = Duration::from_millis(200);

/// A thread that does nothing but look at the time, before all else that runs, where this user may ask for that.
pub struct Witness {
    done: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Duration>>,
}

impl Witness {
    pub fn start() -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&done);
        let thread = thread::spawn(move || {
            let me = std::fs::read_link("/proc/thread-self").unwrap();
            let me = me.file_name().unwrap().to_owned();
            Command::new("chrt").args(["--rr", "--pid", "50"]).arg(me).output().ok();
            let (mut stood, mut last) = (Vec::new(), Instant::now());
            while !ended.load(Ordering::Relaxed) {
                thread::sleep(LOOK);
                let now = Instant::now();
                if now - last > LONG {
                    stood.push(now - last);
                }
                last = now;
            }
            stood
        });
        Self { done, thread }
    }

    /// How long the machine stood still, each time that it was long.
    pub fn stop(self) -> Vec<Duration> {
        self.done.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}
