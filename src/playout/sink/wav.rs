//! `wav:PATH`, a virtual PA without a card. Frame n of the file belongs to the wall instant of frame 0 + n / 48,000 s;
//! a frame is written when its instant is past, never ahead. While the sink is closed nothing is written; the next
//! opening pads with silence.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{
    Feed,
    wav_file::{WavFault, WavFile},
};
use crate::{
    bulletin::RATE,
    clock::Moment,
    playout::{
        engine::Stamp,
        mix::to_i16,
        monitor::{frames_in, nanos},
    },
};

/// How often frames are written.
const TICK: Duration = Duration::from_millis(20);
/// Frames at a time.
const CHUNK: usize = 4_800;
/// The clock moved by more than this many frames: it was set, or the machine slept.
const STEP: u64 = RATE as u64;

/// The running virtual PA; stops when dropped.
pub struct Wav {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Wav {
    /// Opens the file and begins to write.
    pub fn open(path: &Path, feed: Feed) -> Result<Self, WavFault> {
        let now = feed.clock.now();
        let mut file = WavFile::open(path, now.wall)?;
        let base = file.first().timestamp_nanos_opt().unwrap_or_default();
        let wall = now.wall.timestamp_nanos_opt().unwrap_or_default();
        file.pad_to(frames_in(wall.saturating_sub(base)))?;
        file.mend()?;
        let stop = Arc::new(AtomicBool::new(false));
        let mut writer = Writer { file, base, feed, samples: vec![0.0; CHUNK], bytes: vec![0; 2 * CHUNK] };
        let stopped = stop.clone();
        let thread = thread::Builder::new().name("loaxa-wav".into()).spawn(move || writer.run(&stopped))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Wav {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            thread.join().ok();
        }
    }
}

struct Writer {
    file: WavFile,
    base: i64,
    feed: Feed,
    samples: Vec<f32>,
    bytes: Vec<u8>,
}

impl Writer {
    fn run(&mut self, stopped: &AtomicBool) {
        let mut told = 0;
        loop {
            let last = stopped.load(Ordering::Relaxed);
            let done = self.catch_up(self.feed.clock.now()).and_then(|()| {
                // A kill at any moment leaves a header that is at most a second behind.
                if last || self.file.frames() >= told + STEP {
                    told = self.file.frames();
                    self.file.mend()?;
                }
                Ok(())
            });
            if let Err(e) = done {
                (self.feed.failed)(crate::text::playout::wav_write(&e));
                return;
            }
            if last {
                return;
            }
            thread::park_timeout(TICK);
        }
    }

    /// Writes all frames whose instant is past.
    fn catch_up(&mut self, now: Moment) -> std::io::Result<()> {
        let wall = now.wall.timestamp_nanos_opt().unwrap_or_default();
        let up = now.up.0.as_nanos() as i64;
        let goal = frames_in(wall.saturating_sub(self.base));
        if goal + STEP < self.file.frames() {
            tracing::warn!(
                "the clock was set back: frames of the virtual PA are later than its first frame says"
            );
            self.base = wall - nanos(self.file.frames());
            return Ok(());
        }
        if goal > self.file.frames() + STEP {
            self.file.pad_to(goal)?;
            return Ok(());
        }
        while self.file.frames() < goal {
            let left = goal - self.file.frames();
            let count = left.min(CHUNK as u64) as usize;
            let heard = self.base + nanos(self.file.frames());
            let stamp = Stamp { heard, up: up - nanos(left), queued: 0 };
            let samples = &mut self.samples[..count];
            self.feed.engine.fill(samples, stamp);
            let bytes = &mut self.bytes[..2 * count];
            for (to, sample) in bytes.chunks_exact_mut(2).zip(samples) {
                to.copy_from_slice(&to_i16(*sample).to_le_bytes());
            }
            self.file.append(bytes)?;
        }
        Ok(())
    }
}
