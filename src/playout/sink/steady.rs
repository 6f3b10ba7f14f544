//! Steadies the playback timestamps of a sound server. Its answer is late by the way it took, so each timestamp is the
//! truth plus something; the earliest of the recent ones, carried on by the frames since, is nearest. On a busy machine one
//! answer, or a few, may be late by a tenth of a second; or early by a period, when the server was asked before it had
//! what was just handed to it: the line moves so far only when all answers of a second say so. Pure.

use super::PERIOD;
use crate::playout::monitor::nanos;

/// Callbacks that are remembered: 5 s.
const KEPT: usize = 25;
/// The first callbacks of a stream lie and are not remembered.
const LIES: u64 = 3;
/// A difference of more is no drift: the stream stood still, or moved to another sink; or this answer was late. Nanoseconds.
const JUMP: i64 = 25_000_000;
/// So many answers in a row must agree on a jump: 1 s.
const AGREED: usize = 5;

/// Of one stream.
#[derive(Debug, Default)]
pub struct Steady {
    calls: u64,
    kept: [i64; KEPT],
    count: usize,
    /// Answers in a row that agree with one another and not with the line; the earliest of them.
    astray: usize,
    other: i64,
}

impl Steady {
    /// The steadied instant at which frame `position` of the stream is heard, which the server says is `heard`.
    pub fn steady(&mut self, heard: i64, position: u64) -> i64 {
        self.calls += 1;
        if self.calls <= LIES {
            return heard;
        }
        let origin = heard - nanos(position);
        match self.earliest() {
            Some(line) if origin > line + JUMP || origin < line - nanos(u64::from(PERIOD)) / 2 => {
                self.doubt(origin);
            }
            line => {
                self.astray = 0;
                // Early by less than a period: then it was the line that was late.
                if line.is_some_and(|line| origin < line - JUMP) {
                    self.count = 0;
                }
                self.keep(origin);
            }
        }
        self.earliest().map_or(heard, |e| e + nanos(position))
    }

    fn keep(&mut self, origin: i64) {
        self.kept[self.count % KEPT] = origin;
        self.count += 1;
    }

    /// Takes in an answer that is far from the line.
    fn doubt(&mut self, origin: i64) {
        let agrees = self.astray > 0 && (origin - self.other).abs() <= JUMP;
        (self.astray, self.other) =
            if agrees { (self.astray + 1, self.other.min(origin)) } else { (1, origin) };
        if self.astray >= AGREED {
            (self.astray, self.count) = (0, 0);
            self.keep(self.other);
        }
    }

    fn earliest(&self) -> Option<i64> {
        self.kept.iter().take(self.count).min().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    /// What the line says, in milliseconds, when answers are late by so much.
    fn line(steady: &mut Steady, late: &[i64]) -> Vec<i64> {
        let from = steady.calls;
        let told = late.iter().enumerate().map(|(i, late)| {
            let position = (from + i as u64) * 9_600;
            (steady.steady(500 * MS + nanos(position) + late * MS, position) - nanos(position)) / MS - 500
        });
        told.collect()
    }

    #[test]
    fn late_answers_do_not_move_the_line_and_the_first_ones_are_forgotten() {
        let mut steady = Steady::default();
        let told = line(&mut steady, &[-400, -300, -90, 0, 7, 3, 12, 0, 20, 5]);
        assert_eq!(told, [-400, -300, -90, 0, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn answers_that_are_late_by_a_tenth_of_a_second_on_a_busy_machine_do_not_move_it_either() {
        let mut steady = Steady::default();
        line(&mut steady, &[0; 5]);
        let busy = [38, 46, 0, 46, 15, 103, 7, 42, 31, 44, 36, 1, -200, -200, -195, 0, 61];
        assert_eq!(line(&mut steady, &busy), [0; 17]);
        // Nor does one stay that was late when there was no line yet.
        let mut steady = Steady::default();
        assert_eq!(line(&mut steady, &[0, 0, 0, 46, 2, 1, 0]), [0, 0, 0, 46, 2, 1, 0]);
    }

    #[test]
    fn a_stall_is_followed_within_a_second_and_a_drift_within_five() {
        let mut steady = Steady::default();
        line(&mut steady, &[0; 8]);
        assert_eq!(line(&mut steady, &[400, 403, 400, 407, 401]), [0, 0, 0, 0, 400]);
        assert_eq!(line(&mut steady, &[410; KEPT]).last(), Some(&410));
    }

    #[test]
    fn a_stream_that_moved_to_a_nearer_sink_is_followed_within_a_second() {
        let mut steady = Steady::default();
        line(&mut steady, &[0; 8]);
        assert_eq!(line(&mut steady, &[-150, -150, -148, -149, -150]), [0, 0, 0, 0, -150]);
    }
}
