//! The machine's own clock, for tests and examples that make sound in real time.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use loaxa::clock::{BoxFuture, Clock, Moment, Uptime, Woke};
use rustix::time::{ClockId, clock_gettime};

pub struct RealClock;

pub fn real() -> Arc<dyn Clock> {
    Arc::new(RealClock)
}

impl Clock for RealClock {
    fn now(&self) -> Moment {
        let up = clock_gettime(ClockId::Boottime);
        Moment { wall: Utc::now(), up: Uptime(Duration::new(up.tv_sec as u64, up.tv_nsec as u32)) }
    }

    fn wait_until(&self, wall: DateTime<Utc>) -> BoxFuture<'_, Woke> {
        Box::pin(async move {
            tokio::time::sleep((wall - Utc::now()).to_std().unwrap_or_default()).await;
            Woke::Due
        })
    }

    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(span))
    }
}
