//! What every request needs.

use std::{
    ops::Deref,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, Utc};

use super::{account::bucket::Buckets, config::Config, db::Db, live::Live};
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
    /// How fast each address may send forms.
    pub posts: Mutex<Buckets>,
}

impl Hub {
    /// A hub on an open database.
    pub fn new(config: Config, db: Db, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner { config, db, clock, live: Live::default(), posts: Mutex::default() }))
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
