use super::*;

const BLOCK: usize = 960;

/// A stream whose frame 0 is heard at wall and up 0, with `latency` frames waiting.
struct Line {
    engine: Engine,
    reins: Reins,
    out: Vec<f32>,
    latency: u64,
}

fn line(latency: u64) -> Line {
    let (engine, reins) = Engine::new(true);
    Line { engine, reins, out: Vec::new(), latency }
}

impl Line {
    fn run(&mut self, blocks: usize) {
        for _ in 0..blocks {
            let heard = nanos(self.out.len() as u64);
            let mut block = [9.0; BLOCK];
            let up = heard - nanos(self.latency);
            self.engine.fill(&mut block, Stamp { heard, up, queued: self.latency });
            self.out.extend(block);
        }
    }

    fn deck(&mut self, token: u64, value: f32, frames: usize, at: i64) -> Arc<DeckState> {
        let (mut frames_in, ring) = RingBuffer::new(frames);
        frames_in.push_entire_slice(&vec![value; frames]).unwrap();
        let state = Arc::new(DeckState::default());
        state.fed.store(true, Ordering::Release);
        self.reins.orders.push(Order::Deck(Deck::new(token, ring, state.clone(), at, 1.0))).ok().unwrap();
        state
    }

    fn span(&self, value: f32) -> Option<(usize, usize)> {
        let first = self.out.iter().position(|s| *s == value)?;
        let last = self.out.iter().rposition(|s| *s == value)?;
        Some((first, last + 1))
    }
}

#[test]
fn the_first_frame_is_the_first_one_not_before_its_instant() {
    let mut line = line(0);
    let state = line.deck(1, 0.5, 3_000, nanos(5_000) + 1);
    line.run(20);
    assert_eq!(line.span(0.5), Some((5_001, 8_001)));
    assert_eq!(state.first.load(Ordering::Relaxed), nanos(5_001));
    assert_eq!(line.out.iter().filter(|s| **s != 0.0).count(), 3_000);
    assert!(state.done.load(Ordering::Relaxed));
}

#[test]
fn a_program_whose_instant_is_past_starts_at_once() {
    let mut line = line(0);
    line.run(3);
    line.deck(1, 0.5, 100, -1);
    line.run(1);
    assert_eq!(line.span(0.5), Some((3 * BLOCK, 3 * BLOCK + 100)));
}

#[test]
fn two_due_at_once_follow_each_other_without_a_gap_and_are_never_mixed() {
    let mut line = line(0);
    line.deck(1, 0.5, 1_111, nanos(700));
    line.deck(2, 0.25, 1_000, nanos(700));
    line.run(6);
    assert_eq!(line.span(0.5), Some((700, 1_811)));
    assert_eq!(line.span(0.25), Some((1_811, 2_811)));
}

#[test]
fn an_urgent_one_begins_on_the_frame_after_the_fade() {
    let mut line = line(0);
    let cut = line.deck(1, 0.5, 100_000, 0);
    line.run(10);
    line.deck(2, 0.25, 1_000, 0);
    line.reins.orders.push(Order::Fade(1)).ok().unwrap();
    line.run(20);
    let end = 10 * BLOCK + crate::playout::mix::FADE;
    assert_eq!(line.span(0.25), Some((end, end + 1_000)));
    assert_eq!(cut.handed.load(Ordering::Relaxed), end as u64);
    assert!(cut.done.load(Ordering::Relaxed));
}

#[test]
fn a_program_that_only_waits_is_dropped_without_a_sound() {
    let mut line = line(0);
    let state = line.deck(1, 0.5, 1_000, nanos(100_000));
    line.run(1);
    line.reins.orders.push(Order::Fade(1)).ok().unwrap();
    line.run(200);
    assert_eq!(line.span(0.5), None);
    assert!(state.done.load(Ordering::Relaxed));
    assert_eq!(state.first.load(Ordering::Relaxed), NEVER);
    assert!(line.reins.done.pop().is_ok());
}

#[test]
fn nothing_is_released_before_the_third_callback_and_200_ms() {
    let (mut engine, mut reins) = Engine::new(false);
    let (mut frames, ring) = RingBuffer::new(10);
    frames.push_entire_slice(&[0.5; 10]).unwrap();
    let state = Arc::new(DeckState::default());
    reins.orders.push(Order::Deck(Deck::new(1, ring, state, 0, 1.0))).ok().unwrap();
    let mut at = |ms: i64| {
        let mut out = [0.0; 10];
        engine.fill(&mut out, Stamp { heard: ms * 1_000_000, up: ms * 1_000_000, queued: 0 });
        out[0]
    };
    assert_eq!([at(0), at(10), at(20), at(190), at(201)], [0.0, 0.0, 0.0, 0.0, 0.5]);
}

#[test]
fn an_empty_ring_is_a_gap_that_is_told_and_the_rest_still_comes() {
    let mut line = line(0);
    let (mut frames, ring) = RingBuffer::new(2_000);
    frames.push_entire_slice(&[0.5; 500]).unwrap();
    let state = Arc::new(DeckState::default());
    line.reins.orders.push(Order::Deck(Deck::new(1, ring, state.clone(), 0, 1.0))).ok().unwrap();
    line.run(1);
    frames.push_entire_slice(&[0.5; 700]).unwrap();
    state.fed.store(true, Ordering::Release);
    line.run(2);
    assert_eq!(line.out.iter().filter(|s| **s == 0.5).count(), 1_200);
    assert_eq!(line.reins.monitor.read(|| ()).0.gaps, 1);
    // Its frame 0 would have been heard later, had it run without the gap.
    assert_eq!(state.anchor.load(Ordering::Relaxed), nanos(BLOCK as u64) - nanos(500));
}

#[test]
fn a_stalled_device_is_a_gap() {
    let mut line = line(9_600);
    line.deck(1, 0.5, 48_000, 0);
    line.run(3);
    let late = nanos(line.out.len() as u64) + 30_000_000;
    let mut block = [0.0; BLOCK];
    line.engine.fill(&mut block, Stamp { heard: late, up: late - nanos(9_600), queued: 9_600 });
    assert_eq!(line.reins.monitor.read(|| ()).0.gaps, 1);
}
