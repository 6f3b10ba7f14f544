//! What every request needs.

use std::{
    ops::Deref,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Utc};

use super::{account::bucket::Buckets, config::Config, db::Db, feed::Feed, live::Live, station::Desk};
use crate::clock::Clock;

/// The hub. Cheap to clone.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

/// See [`Hub`].
pub struct Inner {
    /// What its file says.
    pub config: Config,
    /// Accounts, stations, records.
    pub db: Db,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Who is told what happened.
    pub live: Live,
    /// The feed and what waits to be published.
    pub feed: Feed,
    /// What answers stations.
    pub stations: Desk,
    /// How fast each address may send forms.
    pub posts: Mutex<Buckets>,
}

impl Hub {
    /// A hub on an open database and feed.
    pub fn new(config: Config, db: Db, feed: Feed, stations: Desk, clock: Arc<dyn Clock>) -> Self {
        let (live, posts) = (Live::default(), Mutex::default());
        Self(Arc::new(Inner { config, db, clock, live, feed, stations, posts }))
    }

    /// The wall clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().wall
    }
}

impl Deref for Hub {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
