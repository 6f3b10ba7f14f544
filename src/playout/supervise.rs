//! Is the device alive, and when to try again? Pure. A stream is judged by its heartbeat and by the frames that it takes,
//! since after a loss one kind of device floods with errors, another tells one, a third nothing at all.

use super::monitor::{NEVER, Picture, frames_in};
use crate::bulletin::RATE;

const SECOND: i64 = 1_000_000_000;
/// No callback for so long, seen twice, and the device is gone.
const SILENCE: i64 = 2 * SECOND;
/// As [`SILENCE`], before the first callback.
const FIRST: i64 = 3 * SECOND;
/// The rate is measured over so long.
const WINDOW: i64 = 10 * SECOND;
/// A device may take so many frames more than time has passed; `null` takes seconds in a millisecond.
const AHEAD: u64 = 5 * RATE as u64 / 2;
/// The first pause before a device is opened again, and the longest.
const PAUSE: i64 = SECOND / 4;
const LONGEST_PAUSE: i64 = 5 * SECOND;

/// What is thought of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It runs.
    Fine,
    /// It stopped calling back.
    Silent,
    /// It takes frames faster than time passes: no loudspeaker.
    Fast,
    /// It takes less than half of what time asks for.
    Slow,
}

/// Watches one stream. Instants are nanoseconds since boot.
#[derive(Debug)]
pub struct Judge {
    opened: i64,
    window: (i64, u64),
    silent: u32,
}

impl Judge {
    /// Of a stream opened at `up`.
    pub fn new(up: i64) -> Self {
        Self { opened: up, window: (up, 0), silent: 0 }
    }

    /// For how long the stream has been open.
    pub fn age(&self, up: i64) -> i64 {
        up - self.opened
    }

    /// Judges what is seen at `up`. Looked at least twice a second.
    pub fn look(&mut self, up: i64, seen: &Picture) -> Verdict {
        let (last, allowed) = if seen.up == NEVER { (self.opened, FIRST) } else { (seen.up, SILENCE) };
        // A process that was itself stopped sees an old heartbeat once.
        self.silent = if up - last > allowed { self.silent + 1 } else { 0 };
        if self.silent > 1 {
            return Verdict::Silent;
        }
        let (since, before) = self.window;
        let (span, taken) = (up - since, seen.handed - before);
        if taken > frames_in(span) + AHEAD {
            return Verdict::Fast;
        }
        if span >= WINDOW {
            self.window = (up, seen.handed);
            if self.silent == 0 && taken < frames_in(span) / 2 {
                return Verdict::Slow;
            }
        }
        Verdict::Fine
    }
}

/// Pauses between attempts: growing, and forgotten only once a stream ran well for a while.
#[derive(Debug)]
pub struct Backoff(i64);

impl Default for Backoff {
    fn default() -> Self {
        Self(PAUSE)
    }
}

impl Backoff {
    /// The pause before the next attempt, in nanoseconds.
    pub fn pause(&mut self) -> i64 {
        let pause = self.0;
        self.0 = (pause * 2).min(LONGEST_PAUSE);
        pause
    }

    /// A stream has run for `age` nanoseconds.
    pub fn ran(&mut self, age: i64) {
        if age >= WINDOW {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(up: i64, handed: u64) -> Picture {
        Picture { calls: 1, handed, tail: 0, up, gaps: 0, xruns: 0, warm: true }
    }

    #[test]
    fn a_stream_that_runs_in_time_is_fine_for_hours() {
        let mut judge = Judge::new(0);
        for second in 1..20_000 {
            // 500 ppm fast, and two periods ahead.
            let up = second * SECOND;
            let handed = frames_in(up + up / 2_000) + 19_200;
            assert_eq!(judge.look(up, &seen(up, handed)), Verdict::Fine, "{second} s");
        }
    }

    #[test]
    fn null_is_found_out_at_the_first_look() {
        assert_eq!(Judge::new(0).look(SECOND / 20, &seen(SECOND / 20, 35_000_000)), Verdict::Fast);
    }

    #[test]
    fn a_device_that_becomes_too_fast_or_too_slow_is_found_out() {
        let (mut fast, mut slow) = (Judge::new(0), Judge::new(0));
        fast.look(SECOND, &seen(SECOND, 48_000));
        assert_eq!(fast.look(2 * SECOND, &seen(2 * SECOND, 480_000)), Verdict::Fast);
        let looks = (1..=30).map(|s| slow.look(s * SECOND, &seen(s * SECOND, frames_in(s * SECOND) / 3)));
        assert!(looks.collect::<Vec<_>>().contains(&Verdict::Slow));
    }

    #[test]
    fn no_heartbeat_is_a_loss_within_five_seconds_but_one_old_look_is_not() {
        let mut judge = Judge::new(0);
        assert_eq!(judge.look(60 * SECOND, &seen(SECOND, 48_000)), Verdict::Fine);
        assert_eq!(judge.look(60 * SECOND + 1, &seen(60 * SECOND, 50_000)), Verdict::Fine);
        judge.look(62 * SECOND + SECOND / 4, &seen(60 * SECOND, 50_000));
        assert_eq!(judge.look(62 * SECOND + SECOND / 2, &seen(60 * SECOND, 50_000)), Verdict::Silent);
    }

    #[test]
    fn pauses_grow_to_five_seconds_and_start_anew_only_after_a_good_run() {
        let mut backoff = Backoff::default();
        let ms = (0..7).map(|_| backoff.pause() / 1_000_000).collect::<Vec<_>>();
        assert_eq!(ms, [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
        backoff.ran(SECOND);
        assert_eq!(backoff.pause(), LONGEST_PAUSE);
        backoff.ran(WINDOW);
        assert_eq!(backoff.pause(), PAUSE);
    }
}
