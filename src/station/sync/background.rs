//! Passes for ever, on a thread of their own, so that a slow disk never holds the controller.

use std::{
    io,
    path::Path,
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Event, Metadata, Rules, Settings, Synced, Tools, Want, run::pass};
use crate::{
    bulletin::Bulletin,
    clock::Clock,
    fault,
    feed::{
        Feed, Mode, Now, Refusal, Who,
        http::{HttpSource, Limits, Setup},
        library::Library,
    },
    station::{budget::Ledger, layout::Layout},
    text::{self, Text},
};

/// How much the station wants a recording of the feed.
pub type Wanted = dyn Fn(&Feed, &Bulletin) -> Want + Send + Sync;

/// What the background task is made of.
pub struct Background {
    /// Verified metadata, open.
    pub metadata: Box<dyn Metadata>,
    /// Of the configuration.
    pub settings: Settings,
    /// Patience with the server.
    pub limits: Limits,
    /// For whom.
    pub who: Who,
    /// Where audio goes; playout has a clone.
    pub library: Library,
    /// Shared with status.
    pub ledger: Arc<Mutex<Ledger>>,
    /// For waits.
    pub clock: Arc<dyn Clock>,
    /// The time, and whether it can be believed.
    pub now: Arc<dyn Fn() -> Now + Send + Sync>,
    /// What this station needs of what the feed offers.
    pub want: Arc<Wanted>,
    /// Told of what happens, on the thread of the task: hand it on, do not wait.
    pub watch: Arc<dyn Fn(Event<'_>) + Send + Sync>,
    /// Begin a pass now, or look at metadata now if one is under way.
    pub nudge: Arc<Notify>,
    /// End soon.
    pub cancel: CancellationToken,
}

impl Settings {
    /// Opens the library and the count of bytes where the layout says. The messages are for people.
    pub fn open(&self) -> Result<(Library, Ledger), Text> {
        let layout = Layout::new(&self.state);
        let disk = |path: &Path, e: io::Error| text::station::disk(path.display(), fault::user(), &e);
        layout.make().map_err(|(path, e)| disk(&path, e))?;
        let library = Library::open(&layout.library()).map_err(|e| disk(&layout.library(), e))?;
        let count = layout.data_use();
        let (ledger, lost) =
            Ledger::open(&count, self.zone, self.data_mb_day).map_err(|e| disk(&count, e))?;
        if lost {
            tracing::warn!("the count of bytes could not be read and begins anew");
        }
        Ok((library, ledger))
    }

    /// The feed's server as a source.
    pub fn source(&self, limits: Limits, clock: Arc<dyn Clock>) -> Result<HttpSource, Text> {
        HttpSource::new(Setup {
            url: self.feed_url.clone(),
            cache: Some(Layout::new(&self.state).etags()),
            ca: self.ca.clone(),
            limits,
            clock,
        })
    }

    /// Numbers of a pass.
    pub fn rules(&self, limits: &Limits) -> Rules {
        Rules {
            disk: self.disk_mb.saturating_mul(1_000_000),
            poll: self.poll,
            attempts: limits.attempts,
            pause: limits.pause,
        }
    }
}

impl Background {
    /// Starts the task. It tells what it holds from before at once, then passes follow until it is cancelled.
    pub fn spawn(self) -> Result<JoinHandle<()>, Text> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| text::sync::tls_setup(&e))?;
        let source = self.settings.source(self.limits, self.clock.clone())?;
        thread::Builder::new()
            .name("sync".into())
            .spawn(move || runtime.block_on(self.run(source)))
            .map_err(|e| text::sync::tls_setup(&e))
    }

    /// The task itself, for who has a thread for it.
    pub async fn run(mut self, source: HttpSource) {
        (self.watch)(Event::Feed(&self.metadata.load(&self.who, (self.now)())));
        let mut failed = 0;
        while !self.cancel.is_cancelled() {
            let synced = self.pass(&source).await;
            failed = if is_pressing(&synced) { failed + 1 } else { 0 };
            tokio::select! {
                () = self.clock.sleep(until_next(self.settings.poll, failed, fastrand::f64())) => {}
                () = self.nudge.notified() => {}
                () = self.cancel.cancelled() => {}
            }
        }
    }

    async fn pass(&mut self, source: &HttpSource) -> Synced {
        let tools = Tools {
            source,
            mode: Mode::Online,
            library: &self.library,
            ledger: &self.ledger,
            who: &self.who,
            now: &*self.now,
            clock: &*self.clock,
            rules: self.settings.rules(&self.limits),
            want: &*self.want,
            watch: &*self.watch,
            nudge: &self.nudge,
            cancel: self.cancel.clone(),
        };
        pass(&mut *self.metadata, &tools).await
    }
}

/// Whether the next pass should not wait its usual time: the line or the disk failed, or an urgent order waits for its
/// audio.
fn is_pressing(synced: &Synced) -> bool {
    synced.refused.as_ref().is_some_and(Refusal::try_again)
        || !synced.faults.is_empty()
        || synced.missing.iter().any(|m| m.urgent)
}

/// `span` give or take a fifth; `dice` is from 0 to 1. Eleven thousand boxes must not ask at the same second.
pub fn jitter(span: Duration, dice: f64) -> Duration {
    span.mul_f64(0.8 + 0.4 * dice.clamp(0.0, 1.0))
}

/// The wait before the next pass: the usual one; after `failed` pressing passes in a row, a minute,
/// doubled each time, but never longer than the usual one.
pub fn until_next(poll: Duration, failed: u32, dice: f64) -> Duration {
    let span = match failed {
        0 => poll,
        n => poll.min(Duration::from_secs(60).saturating_mul(1 << (n - 1).min(12))),
    };
    jitter(span, dice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polls_spread_by_a_fifth_and_failures_wait_longer_each_time() {
        let hour = Duration::from_secs(3_600);
        assert_eq!(until_next(hour, 0, 0.0), hour.mul_f64(0.8));
        assert_eq!(until_next(hour, 0, 1.0), hour.mul_f64(1.2));
        assert_eq!(until_next(hour, 1, 0.5), Duration::from_secs(60));
        assert_eq!(until_next(hour, 3, 0.5), Duration::from_secs(240));
        assert_eq!(until_next(hour, 40, 0.5), hour);
    }
}
