//! What the service manager is told: sd_notify(3), from a thread of its own, since a manager that does not read its
//! socket (it restarts itself, or hangs) would hold whoever waits for it.

use std::{
    io,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use sd_notify::NotifyState;

/// The watchdog is fed at least so often, or three times as often as the manager expects it.
const FEEDING: Duration = Duration::from_secs(10);
/// Messages that may wait.
const QUEUE: usize = 8;

/// The last message is waited for no longer.
const LAST_WORD: Duration = Duration::from_millis(200);

enum News {
    Ready(String),
    Fed(String),
    Stopping(Sender<()>),
}

/// Tells the manager; without one, tells nobody.
pub struct Manager {
    tell: SyncSender<News>,
    /// It does not listen, and that was said.
    deaf: AtomicBool,
}

impl Manager {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives none.
    pub fn start() -> io::Result<Self> {
        let (tell, told) = sync_channel(QUEUE);
        let work = move || {
            for news in told {
                let said = match &news {
                    News::Ready(status) => {
                        sd_notify::notify(&[NotifyState::Ready, NotifyState::Status(status)])
                    }
                    News::Fed(status) => {
                        sd_notify::notify(&[NotifyState::Watchdog, NotifyState::Status(status)])
                    }
                    News::Stopping(_) => sd_notify::notify(&[NotifyState::Stopping]),
                };
                if let Err(error) = said {
                    tracing::debug!(%error, "the service manager was not told");
                }
                if let News::Stopping(done) = news {
                    done.send(()).ok();
                }
            }
        };
        thread::Builder::new().name("loaxa-manager".into()).spawn(work)?;
        Ok(Self { tell, deaf: AtomicBool::new(false) })
    }

    /// How often [`Manager::feed`] is to be called.
    pub fn feeding() -> Duration {
        sd_notify::watchdog_enabled().map_or(FEEDING, |limit| FEEDING.min(limit / 3))
    }

    /// The station can play and answers; `status` is a line for people.
    pub fn ready(&self, status: String) {
        self.tell(News::Ready(status));
    }

    /// Controller and player make progress.
    pub fn feed(&self, status: String) {
        self.tell(News::Fed(status));
    }

    /// The station is ending. Waits a moment until that is said, since the process may be gone in the next.
    pub fn stopping(&self) {
        let (done, is_done) = channel();
        self.tell(News::Stopping(done));
        is_done.recv_timeout(LAST_WORD).ok();
    }

    fn tell(&self, news: News) {
        let deaf = self.tell.try_send(news).is_err();
        if deaf && !self.deaf.swap(deaf, Ordering::Relaxed) {
            tracing::warn!("the service manager does not listen");
        }
        self.deaf.store(deaf, Ordering::Relaxed);
    }
}
