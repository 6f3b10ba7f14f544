//! What the background sync tells the loop, as messages; and what of the feed's offer this station wants.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::{
    budget::Ledger,
    config::Config,
    sync::{Event, Settings, background::Background},
    wants::Wants,
};
use crate::{
    cli::Failure,
    clock::Clock,
    digest::Digest,
    feed::{Feed, Now, Store, Who, http::Limits, library::Library},
    ids::BulletinId,
    text::Text,
};

/// Recordings that failed, as many as are named one by one.
const NAMED: usize = 10;

/// What happened at the feed.
pub enum News {
    /// Verified files, new or as before.
    Feed(Box<Feed>),
    /// A recording came (true), or went since it was damaged.
    Audio(Digest, bool),
    /// A pass ended: whether it reached the feed, else why not; and how many recordings are still to come.
    Pass {
        /// Why the feed was not reached, if so.
        failed: Option<Text>,
        /// Recordings still to come.
        missing: usize,
        /// Those of them that were tried in vain, with the reason; a few.
        failed_audio: BTreeMap<BulletinId, Text>,
    },
}

/// A sync that was told to end gets so long, in steps of a hundredth, to finish the file that it writes just now.
const LAST_WRITE: Duration = Duration::from_millis(500);

/// The running background sync.
pub struct Feeding {
    nudge: Arc<Notify>,
    cancel: CancellationToken,
    thread: Option<JoinHandle<()>>,
    trusted: Arc<AtomicBool>,
    /// Audio on disk.
    pub library: Library,
    /// Bytes over the line.
    pub ledger: Arc<Mutex<Ledger>>,
}

/// What sync needs of the configuration.
pub fn settings(config: &Config, zone: chrono_tz::Tz) -> Settings {
    Settings {
        station: config.station.clone(),
        feed_url: config.feed.clone(),
        ca: config.ca.clone(),
        state: config.state.clone(),
        data_mb_day: Some(config.data_budget_mb),
        disk_mb: config.disk_budget_mb,
        poll: config.poll.to_std().unwrap_or_default(),
        zone,
    }
}

impl Feeding {
    /// Starts the thread.
    ///
    /// # Errors
    /// The feed's address or certificates, or the disk.
    pub fn start(
        config: &Config,
        zone: chrono_tz::Tz,
        store: Store,
        who: Who,
        clock: Arc<dyn Clock>,
    ) -> Result<(Self, mpsc::UnboundedReceiver<News>), Failure> {
        let settings = settings(config, zone);
        let (library, ledger) = settings.open().map_err(Failure::Machine)?;
        let (tell, news) = mpsc::unbounded_channel();
        let mut feeding = Self {
            thread: None,
            nudge: Arc::default(),
            cancel: CancellationToken::new(),
            trusted: Arc::default(),
            library,
            ledger: Arc::new(Mutex::new(ledger)),
        };
        let (trusted, time) = (Arc::clone(&feeding.trusted), Arc::clone(&clock));
        let (wants, wall) = (Wants::new(who.clone()), Arc::clone(&clock));
        let background = Background {
            metadata: Box::new(store),
            settings,
            limits: Limits::default(),
            who,
            library: feeding.library.clone(),
            ledger: Arc::clone(&feeding.ledger),
            clock,
            now: Arc::new(move || Now { wall: time.now().wall, trusted: trusted.load(Ordering::Relaxed) }),
            want: Arc::new(move |feed, bulletin| wants.want(feed, bulletin, wall.now().wall)),
            watch: Arc::new(move |event| watch(&tell, event)),
            nudge: Arc::clone(&feeding.nudge),
            cancel: feeding.cancel.clone(),
        };
        feeding.thread = Some(background.spawn().map_err(Failure::Machine)?);
        Ok((feeding, news))
    }

    /// Begin a pass now.
    pub fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// What begins a pass when it is notified.
    pub fn nudger(&self) -> Arc<Notify> {
        Arc::clone(&self.nudge)
    }

    /// Whether expiry can be judged by the clock.
    pub fn trust(&self, trusted: bool) {
        if self.trusted.swap(trusted, Ordering::Relaxed) != trusted {
            self.nudge();
        }
    }
}

impl Drop for Feeding {
    fn drop(&mut self) {
        self.cancel.cancel();
        for _ in 0..100 {
            if self.thread.as_ref().is_none_or(JoinHandle::is_finished) {
                return;
            }
            thread::park_timeout(LAST_WRITE / 100);
        }
    }
}

fn watch(tell: &mpsc::UnboundedSender<News>, event: Event<'_>) {
    let news = match event {
        Event::Feed(feed) => News::Feed(Box::new(feed.clone())),
        Event::Fetched(b) => News::Audio(b.sha256, true),
        Event::Damaged(b) => News::Audio(b.sha256, false),
        Event::Done(synced) => {
            for fault in &synced.faults {
                tracing::error!("{}", fault.en);
            }
            let failed = synced.missing.iter().filter(|m| m.failed).take(NAMED);
            News::Pass {
                failed: synced.refused.as_ref().map(|r| r.text()),
                missing: synced.missing.len(),
                failed_audio: failed.map(|m| (m.id.clone(), m.why.clone())).collect(),
            }
        }
        Event::Refused(_) | Event::Progress(..) => return,
    };
    // A loop that has ended needs no news.
    tell.send(news).ok();
}
