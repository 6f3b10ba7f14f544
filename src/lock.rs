//! Files that one process holds at a time: the log, the feed's store, an office's folder, the virtual PA, a file under way.
//!
//! The lock is that of flock(2): it belongs to the open file, so a process that dies holds none. But a child that any
//! thread is just starting has a copy of the open file until its own program begins (descriptors are close-on-exec), and
//! the lock lasts as long as the last copy. So it is given back outright, and whoever finds it taken looks again for a
//! while: a process that was killed may have left such a child.

use std::{
    fs::{File, TryLockError},
    ops::{Deref, DerefMut},
    thread,
    time::Duration,
};

/// So far apart is a lock tried. A child begins its program within a few milliseconds, on a busy machine later.
const APART: Duration = Duration::from_millis(20);
/// So often by a program that cannot go on without it: 2 s in all, which a person who gave a command waits too.
const TRIES: u32 = 100;
/// So often where work that must not wait, such as a broadcast, may hang on the answer.
const FEW: u32 = 5;

/// An open file that nobody else holds while this lives.
#[derive(Debug)]
pub struct Held(File);

impl Held {
    /// Locks `file`, which may be a folder.
    ///
    /// # Errors
    /// `WouldBlock`: somebody else holds it, in this process or another, for longer than 2 s. Else the file system's.
    pub fn take(file: File) -> Result<Self, TryLockError> {
        Self::tried(file, TRIES)
    }

    fn tried(file: File, most: u32) -> Result<Self, TryLockError> {
        let mut tried = 1;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if tried < most => tried += 1,
                Err(error) => return Err(error),
            }
            thread::sleep(APART);
        }
    }

    /// [`Held::take`] for a file under way, by a process that has more to do: it waits for 80 ms alone, and writes the bare
    /// file where the file system knows no locks.
    ///
    /// # Errors
    /// `WouldBlock` alone.
    pub fn take_or_bare(file: File) -> Result<Self, TryLockError> {
        match file.try_lock() {
            Err(TryLockError::Error(_)) => Ok(Self(file)),
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Self::tried(file, FEW),
        }
    }

    /// Whether somebody else holds `file` for longer than 80 ms.
    pub fn is_taken(file: File) -> bool {
        matches!(Self::tried(file, FEW), Err(TryLockError::WouldBlock))
    }
}

impl Deref for Held {
    type Target = File;

    fn deref(&self) -> &File {
        &self.0
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut File {
        &mut self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Closing does the same, once no child has a copy.
        self.0.unlock().ok();
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests make files")]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn file() -> (tempfile::TempDir, impl Fn() -> File) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        (dir, move || File::options().create(true).append(true).open(&path).unwrap())
    }

    #[test]
    fn one_holds_it_and_the_next_has_it_at_once_though_a_copy_is_about() {
        let (_dir, open) = file();
        let held = Held::take(open()).unwrap();
        assert!(matches!(Held::take(open()), Err(TryLockError::WouldBlock)));
        assert!(matches!(Held::take_or_bare(open()), Err(TryLockError::WouldBlock)));
        // What a child that is being started has.
        let copy = held.try_clone().unwrap();
        drop(held);
        open().try_lock().unwrap();
        drop(copy);
    }

    #[test]
    fn the_copy_that_a_killed_process_left_in_a_child_is_waited_for() {
        let (_dir, open) = file();
        let left = open();
        left.try_lock().unwrap();
        let begins = thread::spawn(move || {
            // As late as a child is on a machine that has no time for it.
            thread::sleep(APART * 20);
            drop(left);
        });
        assert!(Held::take(open()).is_ok());
        begins.join().unwrap();
    }

    #[test]
    fn a_program_that_was_started_meanwhile_has_no_part_in_it() {
        let (dir, open) = file();
        let held = Held::take(open()).unwrap();
        let mut child = Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        // `spawn` returns once the program has begun.
        let files = std::fs::read_dir(format!("/proc/{}/fd", child.id())).unwrap();
        let ours = files.flatten().filter_map(|f| std::fs::read_link(f.path()).ok());
        assert!(ours.into_iter().all(|f| f != dir.path().join("lock")));
        drop(held);
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn children_that_come_and_go_never_make_it_seem_taken() {
        let (_dir, open) = file();
        let done = std::sync::atomic::AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !done.load(std::sync::atomic::Ordering::Relaxed) {
                        Command::new("true").status().unwrap();
                    }
                });
            }
            let refused = (0..5_000).filter(|_| {
                let held = open();
                // One try alone: nothing is waited for.
                held.try_lock().map(|()| drop(Held(held))).is_err()
            });
            let refused = refused.count();
            done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(refused, 0);
        });
    }
}
