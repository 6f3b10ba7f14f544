//! Steadies the playback timestamps of a sound server. Its answer is late by the way it took, so each timestamp is the
//! truth plus something; the earliest of the recent ones, carried on by the frames since, is nearest. Pure.

use crate::playout::monitor::nanos;

/// Callbacks that are remembered: 2 s.
const KEPT: usize = 10;
/// The first callbacks of a stream lie and are not remembered.
const LIES: u64 = 3;
/// A difference of more is no noise: the stream stood still, or moved to another sink. Nanoseconds.
const JUMP: i64 = 25_000_000;

/// Of one stream.
#[derive(Debug, Default)]
pub struct Steady {
    calls: u64,
    kept: [i64; KEPT],
    count: usize,
}

impl Steady {
    /// The steadied instant at which frame `position` of the stream is heard, which the server says is `heard`.
    pub fn steady(&mut self, heard: i64, position: u64) -> i64 {
        self.calls += 1;
        if self.calls <= LIES {
            return heard;
        }
        let origin = heard - nanos(position);
        if self.earliest().is_some_and(|e| (origin - e).abs() > JUMP) {
            self.count = 0;
        }
        self.kept[self.count % KEPT] = origin;
        self.count += 1;
        self.earliest().map_or(heard, |e| e + nanos(position))
    }

    fn earliest(&self) -> Option<i64> {
        self.kept.iter().take(self.count).min().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    #[test]
    fn late_answers_do_not_move_the_line_and_the_first_ones_are_forgotten() {
        let mut steady = Steady::default();
        let late = [-400, -300, -90, 0, 7, 3, 12, 0, 20, 5];
        let told = late.iter().enumerate().map(|(i, late)| {
            let position = i as u64 * 9_600;
            (steady.steady(500 * MS + nanos(position) + late * MS, position) - nanos(position)) / MS
        });
        assert_eq!(told.collect::<Vec<_>>(), [100, 200, 410, 500, 500, 500, 500, 500, 500, 500]);
    }

    #[test]
    fn a_stall_is_followed_at_once_and_a_drift_within_two_seconds() {
        let mut steady = Steady::default();
        let mut at =
            |i: u64, late: i64| steady.steady(nanos(i * 9_600) + late * MS, i * 9_600) - nanos(i * 9_600);
        (0..8).for_each(|i| {
            at(i, 0);
        });
        assert_eq!(at(8, 400), 400 * MS);
        let drifted = (9..30).map(|i| at(i, 410)).last();
        assert_eq!(drifted, Some(410 * MS));
    }
}
