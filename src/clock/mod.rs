//! Time is handed in. Plan by `wall`, wait by the clock, measure by `up`.

pub mod system;

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};

/// Time since boot, suspends included (CLOCK_BOOTTIME). Only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Uptime(pub Duration);

/// One reading of both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// UTC. May step when the kernel synchronises or a person sets the clock.
    pub wall: DateTime<Utc>,
    /// Since boot. Never steps.
    pub up: Uptime,
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woke {
    /// The instant has come.
    Due,
    /// The wall clock was set meanwhile; look again.
    Stepped,
}

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where time comes from. All waits of the daemon go through it, so that a year can be simulated in seconds.
pub trait Clock: Send + Sync {
    /// Both clocks, read together.
    fn now(&self) -> Moment;
    /// Returns at `wall`, at once if that is past, or when the wall clock is set.
    fn wait_until(&self, wall: DateTime<Utc>) -> BoxFuture<'_, Woke>;
    /// Returns after `span` of waking time.
    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()>;
}

/// A clock that stands still until it is told to move; for tests and simulations.
#[derive(Debug, Clone)]
pub struct SimClock {
    now: Arc<Mutex<Moment>>,
    moved: Arc<tokio::sync::Notify>,
}

impl SimClock {
    /// Booted at `wall`.
    pub fn at(wall: DateTime<Utc>) -> Self {
        let now = Moment { wall, up: Uptime::default() };
        Self { now: Arc::new(Mutex::new(now)), moved: Arc::new(tokio::sync::Notify::new()) }
    }

    /// Lets `span` pass on both clocks.
    pub fn pass(&self, span: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.wall += TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX);
        now.up.0 += span;
        drop(now);
        self.moved.notify_waiters();
    }

    /// Sets the wall clock alone.
    pub fn set(&self, wall: DateTime<Utc>) {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).wall = wall;
        self.moved.notify_waiters();
    }
}

impl Clock for SimClock {
    fn now(&self) -> Moment {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_until(&self, wall: DateTime<Utc>) -> BoxFuture<'_, Woke> {
        Box::pin(async move {
            loop {
                let moved = self.moved.notified();
                if self.now().wall >= wall {
                    return Woke::Due;
                }
                moved.await;
            }
        })
    }

    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        let end = self.now().up.0 + span;
        Box::pin(async move {
            loop {
                let moved = self.moved.notified();
                if self.now().up.0 >= end {
                    return;
                }
                moved.await;
            }
        })
    }
}
