//! What just happened, told to whoever listens: open pages, and stations that wait for a publication.

use tokio::sync::{broadcast, watch};

use crate::ids::StationId;

/// Listeners that are slower than this many pieces of news miss some, and look at everything anew.
const SLOWEST: usize = 1024;

/// A piece of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A station's state may have changed.
    Station(StationId),
    /// An alarm was raised.
    Alarm,
}

/// Both channels.
#[derive(Debug)]
pub struct Live {
    news: broadcast::Sender<News>,
    published: watch::Sender<u64>,
    ending: watch::Sender<bool>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            news: broadcast::Sender::new(SLOWEST),
            published: watch::Sender::new(0),
            ending: watch::Sender::new(false),
        }
    }
}

impl Live {
    /// Tells everybody; nobody may be listening.
    pub fn tell(&self, news: News) {
        self.news.send(news).ok();
    }

    /// All news from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// The feed has this timestamp version now.
    pub fn publish(&self, timestamp: u64) {
        self.published.send_replace(timestamp);
    }

    /// The timestamp version of the feed, and when it changes; the newest one counts, those between may be missed.
    pub fn published(&self) -> watch::Receiver<u64> {
        self.published.subscribe()
    }

    /// The hub ends: whoever streams ends too.
    pub fn end(&self) {
        self.ending.send_replace(true);
    }

    /// Whether the hub ends, and when it does.
    pub fn ending(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
    }
}
