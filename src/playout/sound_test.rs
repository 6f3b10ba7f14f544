//! `station test`: opens the device, plays a tone, closes it. Not through the player, so it needs no signed recording; the
//! device must not be in use by the daemon.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use rodio::Source;
use rtrb::RingBuffer;

use super::{
    engine::{Deck, Engine, Order},
    monitor::DeckState,
    sink::{self, Feed, Settings, SinkSpec},
    source::Tone,
};
use crate::{
    bulletin::Frames,
    clock::Clock,
    text::{Text, playout as words},
};

/// A tone is not longer than that.
const LONGEST: Duration = Duration::from_secs(30);
/// What a device may take besides the tone.
const SPARE: Duration = Duration::from_secs(5);

/// Plays a tone of `span` (at most 30 s) and gives the device's name. Blocks until it was heard.
pub fn sound_test(
    spec: &SinkSpec,
    settings: &Settings,
    clock: Arc<dyn Clock>,
    span: Duration,
) -> Result<String, Text> {
    let tone = Tone::new(span.min(LONGEST));
    let span = tone.total_duration().unwrap_or_default();
    let frames = Frames::within(chrono::TimeDelta::from_std(span).unwrap_or_default()).0 as usize;
    let (mut ring, out) = RingBuffer::new(frames.max(1));
    tone.take(frames).for_each(|sample| {
        ring.push(sample).ok();
    });
    let state = Arc::new(DeckState::default());
    state.fed.store(true, Ordering::Release);
    let (engine, mut reins) = Engine::new(sink::is_exact(spec));
    reins.orders.push(Order::Deck(Deck::new(0, out, state.clone(), i64::MIN, 1.0))).ok();
    let (tell, told) = mpsc::channel();
    let failing = Arc::new(AtomicBool::new(false));
    let failed = Box::new(move |why: Text| {
        if !failing.swap(true, Ordering::Relaxed) {
            tell.send(why).ok();
        }
    });
    let monitor = reins.monitor.clone();
    let up = || clock.now().up.0;
    let end = up() + span + SPARE;
    let sink = sink::open(spec, settings, Feed { engine, monitor, clock: clock.clone(), failed })?;
    loop {
        if let Ok(why) = told.try_recv() {
            return Err(why);
        }
        let seen = state.look(&reins.monitor, up().as_nanos() as i64);
        if seen.done && seen.heard == seen.handed {
            thread::sleep(Duration::from_millis(300));
            return Ok(sink.name.clone());
        }
        if up() > end {
            return Err(words::test_cut(spec.to_string()));
        }
        thread::sleep(Duration::from_millis(50));
    }
}
