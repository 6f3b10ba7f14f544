//! The machine's clocks, and waits that notice when the wall clock is set.
//!
//! tokio sleeps on CLOCK_MONOTONIC: blind to steps. So one thread polls a realtime timerfd that is cancelled when the
//! clock is set (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET; a resume from suspend counts as a set).

use std::{
    os::fd::OwnedFd,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use rustix::{
    event::{EventfdFlags, PollFd, PollFlags, eventfd, poll},
    io::Errno,
    time::{
        ClockId, Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, clock_gettime,
        timerfd_create, timerfd_settime,
    },
};
use tokio::sync::oneshot;

use super::{BoxFuture, Clock, Moment, Uptime, Woke};

/// The real clock. Clones share one thread, which starts with the first wait.
#[derive(Debug, Clone, Default)]
pub struct SystemClock(Arc<OnceLock<Option<Arc<Waiter>>>>);

impl SystemClock {
    /// The machine's clocks.
    pub fn new() -> Self {
        Self::default()
    }

    fn waiter(&self) -> Option<Arc<Waiter>> {
        let start = || match Waiter::start() {
            Ok(waiter) => Some(waiter),
            Err(error) => {
                tracing::error!(%error, "no timer for the wall clock: steps are noticed only every 500 ms");
                None
            }
        };
        self.0.get_or_init(start).clone()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let wall = clock_gettime(ClockId::Realtime);
        let up = clock_gettime(ClockId::Boottime);
        let wall =
            DateTime::from_timestamp(wall.tv_sec, wall.tv_nsec as u32).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Moment { wall, up: Uptime(Duration::new(up.tv_sec.max(0) as u64, up.tv_nsec as u32)) }
    }

    fn wait_until(&self, wall: DateTime<Utc>) -> BoxFuture<'_, Woke> {
        let waiter = self.waiter();
        Box::pin(async move {
            if let Some(waiter) = waiter {
                return waiter.wait(wall).await;
            }
            let left = (wall - self.now().wall).to_std().unwrap_or_default();
            #[allow(clippy::disallowed_methods, reason = "this is the clock")]
            tokio::time::sleep(left.min(Duration::from_millis(500))).await;
            if self.now().wall >= wall { Woke::Due } else { Woke::Stepped }
        })
    }

    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        #[allow(clippy::disallowed_methods, reason = "this is the clock")]
        Box::pin(tokio::time::sleep(span))
    }
}

#[derive(Debug)]
struct Waiter {
    waits: Mutex<Vec<(DateTime<Utc>, oneshot::Sender<Woke>)>>,
    bell: OwnedFd,
}

impl Waiter {
    fn start() -> std::io::Result<Arc<Self>> {
        let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        let bell = eventfd(0, EventfdFlags::NONBLOCK | EventfdFlags::CLOEXEC)?;
        let waiter = Arc::new(Self { waits: Mutex::default(), bell });
        let mine = Arc::clone(&waiter);
        std::thread::Builder::new().name("clock".into()).spawn(move || mine.run(&timer))?;
        Ok(waiter)
    }

    async fn wait(&self, wall: DateTime<Utc>) -> Woke {
        let (tell, told) = oneshot::channel();
        self.waits.lock().unwrap_or_else(PoisonError::into_inner).push((wall, tell));
        // A full counter is a bell that rings already.
        rustix::io::write(&self.bell, &1u64.to_ne_bytes()).ok();
        told.await.unwrap_or(Woke::Stepped)
    }

    fn run(&self, timer: &OwnedFd) {
        let mut count = [0; 8];
        loop {
            let first = self.first();
            let it_value = first.map_or(FAR, timespec);
            let spec = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value };
            let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
            if timerfd_settime(timer, flags, &spec).is_err() {
                self.wake(Woke::Stepped, |_| true);
            }
            let mut fds = [PollFd::new(timer, PollFlags::IN), PollFd::new(&self.bell, PollFlags::IN)];
            if poll(&mut fds, None).is_err_and(|e| e != Errno::INTR) {
                self.wake(Woke::Stepped, |_| true);
            }
            rustix::io::read(&self.bell, &mut count[..]).ok();
            match rustix::io::read(timer, &mut count[..]) {
                Err(Errno::CANCELED) => self.wake(Woke::Stepped, |_| true),
                _ => {
                    let now = SystemClock::default().now().wall;
                    self.wake(Woke::Due, |wall| wall <= now);
                }
            }
        }
    }

    /// The earliest wait that somebody still waits for.
    fn first(&self) -> Option<DateTime<Utc>> {
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.retain(|(_, tell)| !tell.is_closed());
        waits.iter().map(|(wall, _)| *wall).min()
    }

    fn wake(&self, how: Woke, who: impl Fn(DateTime<Utc>) -> bool) {
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        for (wall, tell) in std::mem::take(&mut *waits) {
            if who(wall) {
                tell.send(how).ok();
            } else {
                waits.push((wall, tell));
            }
        }
    }
}

/// An armed timer is needed for steps to be noticed; this one is past the life of the box.
const FAR: Timespec = Timespec { tv_sec: 32_503_680_000, tv_nsec: 0 };

fn timespec(wall: DateTime<Utc>) -> Timespec {
    // Zero would disarm the timer.
    let nanos = i64::from(wall.timestamp_subsec_nanos()).max(1);
    Timespec { tv_sec: wall.timestamp().clamp(0, FAR.tv_sec), tv_nsec: nanos }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[tokio::test]
    async fn a_wait_ends_at_its_instant_and_not_before() {
        let clock = SystemClock::new();
        let past = clock.now().wall - TimeDelta::seconds(1);
        assert_eq!(clock.wait_until(past).await, Woke::Due);
        let (near, far) = (clock.now().wall + TimeDelta::milliseconds(30), past + TimeDelta::days(1));
        let other = clock.clone();
        let long = tokio::spawn(async move { other.wait_until(far).await });
        assert_eq!(clock.wait_until(near).await, Woke::Due);
        assert!(clock.now().wall >= near);
        assert!(!long.is_finished());
        long.abort();
    }
}
