//! What the audio callback lets others see: plain numbers, written without a lock, read as one consistent picture.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering, fence};

use crate::bulletin::RATE;

/// Stands for 'no instant yet'.
pub const NEVER: i64 = i64::MIN;

/// Nanoseconds that `frames` take.
pub fn nanos(frames: u64) -> i64 {
    (i128::from(frames) * 1_000_000_000 / i128::from(RATE)) as i64
}

/// Frames that fit in `nanos`; none in negative ones.
pub fn frames_in(nanos: i64) -> u64 {
    (i128::from(nanos.max(0)) * i128::from(RATE) / 1_000_000_000) as u64
}

/// The numbers of one open stream. Instants are nanoseconds: wall since 1970, up since boot.
#[derive(Debug)]
pub struct Monitor {
    version: AtomicU64,
    calls: AtomicU64,
    handed: AtomicU64,
    tail: AtomicU64,
    up: AtomicI64,
    gaps: AtomicU64,
    xruns: AtomicU64,
    errors: AtomicU64,
    warm: AtomicBool,
}

/// A picture of a [`Monitor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// Callbacks so far.
    pub calls: u64,
    /// Frames handed over, silence included.
    pub handed: u64,
    /// Of those, frames that had not been heard at `up`.
    pub tail: u64,
    /// Of the last callback; [`NEVER`] before the first.
    pub up: i64,
    /// Times that the line fell silent while something sounded: jumps of the timestamp and empty rings.
    pub gaps: u64,
    /// Under-runs that the system told of.
    pub xruns: u64,
    /// Whether its timestamps can be believed by now.
    pub warm: bool,
}

impl Picture {
    /// Frames handed and not heard at `up`.
    pub fn unheard(&self, up: i64) -> u64 {
        if self.up == NEVER {
            return 0;
        }
        self.tail.saturating_sub(frames_in(up.saturating_sub(self.up)))
    }
}

impl Default for Monitor {
    fn default() -> Self {
        Self {
            version: AtomicU64::new(0),
            calls: AtomicU64::new(0),
            handed: AtomicU64::new(0),
            tail: AtomicU64::new(0),
            up: AtomicI64::new(NEVER),
            gaps: AtomicU64::new(0),
            xruns: AtomicU64::new(0),
            errors: AtomicU64::new(0),
            warm: AtomicBool::new(false),
        }
    }
}

impl Monitor {
    /// Runs `change` so that no reader sees half of it. Only the callback may call it.
    pub fn write(&self, change: impl FnOnce(&Self)) {
        self.version.fetch_add(1, Ordering::AcqRel);
        fence(Ordering::Release);
        change(self);
        self.version.fetch_add(1, Ordering::Release);
    }

    /// A picture, together with what `also` reads, all from between the same two callbacks.
    pub fn read<T>(&self, also: impl Fn() -> T) -> (Picture, T) {
        loop {
            let before = self.version.load(Ordering::Acquire);
            let all = (self.picture(), also());
            fence(Ordering::Acquire);
            if before.is_multiple_of(2) && self.version.load(Ordering::Relaxed) == before {
                return all;
            }
            std::thread::yield_now();
        }
    }

    fn picture(&self) -> Picture {
        Picture {
            calls: self.calls.load(Ordering::Relaxed),
            handed: self.handed.load(Ordering::Relaxed),
            tail: self.tail.load(Ordering::Relaxed),
            up: self.up.load(Ordering::Relaxed),
            gaps: self.gaps.load(Ordering::Relaxed),
            xruns: self.xruns.load(Ordering::Relaxed),
            warm: self.warm.load(Ordering::Relaxed),
        }
    }

    /// Frames handed so far; for the callback.
    pub fn handed(&self) -> u64 {
        self.handed.load(Ordering::Relaxed)
    }

    /// Callbacks so far; for the callback.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Notes a callback that hands `frames` while `queued` wait. Within [`Monitor::write`].
    pub fn called(&self, up: i64, frames: u64, queued: u64, warm: bool) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.handed.fetch_add(frames, Ordering::Relaxed);
        self.tail.store(queued + frames, Ordering::Relaxed);
        self.up.store(up, Ordering::Relaxed);
        self.warm.store(warm, Ordering::Relaxed);
        self.errors.store(0, Ordering::Relaxed);
    }

    /// Notes a silence in the middle of sound.
    pub fn gap(&self) {
        self.gaps.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes an under-run.
    pub fn xrun(&self) {
        self.xruns.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes an error; says how many there were since the last callback.
    pub fn error(&self) -> u64 {
        self.errors.fetch_add(1, Ordering::Relaxed) + 1
    }
}

/// The numbers of one program on a stream; written by the callback within [`Monitor::write`].
#[derive(Debug)]
pub struct DeckState {
    /// Wall instant at which its first frame is heard.
    pub first: AtomicI64,
    /// Wall instant at which its frame 0 was, or would have been, heard had it run without a break until now.
    pub anchor: AtomicI64,
    /// Frames handed over.
    pub handed: AtomicU64,
    /// Place in the stream behind the last of them.
    pub end: AtomicU64,
    /// No more frames will be handed.
    pub done: AtomicBool,
    /// Set by the feeder behind its last frame: no more frames will come.
    pub fed: AtomicBool,
}

impl Default for DeckState {
    fn default() -> Self {
        Self {
            first: AtomicI64::new(NEVER),
            anchor: AtomicI64::new(NEVER),
            handed: AtomicU64::new(0),
            end: AtomicU64::new(0),
            done: AtomicBool::new(false),
            fed: AtomicBool::new(false),
        }
    }
}

/// What a deck had done at one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeckPicture {
    /// See [`DeckState::first`].
    pub first: Option<i64>,
    /// See [`DeckState::anchor`].
    pub anchor: i64,
    /// Frames handed over.
    pub handed: u64,
    /// Frames heard.
    pub heard: u64,
    /// No more frames will be handed.
    pub done: bool,
}

impl DeckState {
    /// A look at it beside its stream, at `up`.
    pub fn look(&self, monitor: &Monitor, up: i64) -> DeckPicture {
        let read = || {
            let first = self.first.load(Ordering::Relaxed);
            let end = self.end.load(Ordering::Relaxed);
            let handed = self.handed.load(Ordering::Relaxed);
            (first, self.anchor.load(Ordering::Relaxed), handed, end, self.done.load(Ordering::Relaxed))
        };
        let (picture, (first, anchor, handed, end, done)) = monitor.read(read);
        let behind = picture.handed.saturating_sub(end);
        let unheard = picture.unheard(up).saturating_sub(behind).min(handed);
        let first = (first != NEVER).then_some(first);
        DeckPicture { first, anchor, handed, heard: handed - unheard, done }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_in_the_device_is_not_yet_heard() {
        let (monitor, deck) = (Monitor::default(), DeckState::default());
        monitor.write(|m| {
            m.called(1_000_000_000, 9_600, 4_800, true);
            deck.handed.store(6_000, Ordering::Relaxed);
            deck.end.store(6_000, Ordering::Relaxed);
        });
        // 14,400 wait, the last 3,600 of them are silence behind the program.
        assert_eq!(deck.look(&monitor, 1_000_000_000).heard, 0);
        assert_eq!(deck.look(&monitor, 1_200_000_000).heard, 4_800);
        assert_eq!(deck.look(&monitor, 1_225_000_000).heard, 6_000);
        assert_eq!(deck.look(&monitor, 9_000_000_000).heard, 6_000);
    }
}
