//! Instants that pass while the station is busy with something else.

use std::{
    sync::{Arc, Mutex, OnceLock},
    thread::{self, ThreadId},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    clock::{BoxFuture, Clock, Moment, SimClock, Woke},
    station::{config::Config, run},
};
use serde_json::Value;

use crate::{
    r#box::{Station, now},
    child, wait,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// A clock that stands still, and leaps when the daemon's own thread reads it next: in the middle of what it does then.
struct Leaping {
    clock: SimClock,
    daemon: OnceLock<ThreadId>,
    leap: Mutex<Option<Duration>>,
}

impl Clock for Leaping {
    fn now(&self) -> Moment {
        if self.daemon.get() == Some(&thread::current().id())
            && let Some(span) = self.leap.lock().unwrap().take()
        {
            self.clock.pass(span);
        }
        self.clock.now()
    }

    fn wait_until(&self, wall: DateTime<Utc>) -> BoxFuture<'_, Woke> {
        self.clock.wait_until(wall)
    }

    fn sleep(&self, span: Duration) -> BoxFuture<'_, ()> {
        self.clock.sleep(span)
    }
}

/// The station in this process, by a clock of ours.
struct Driven {
    station: Station,
    clock: Arc<Leaping>,
}

impl Driven {
    fn start(station: Station, at: DateTime<Utc>) -> Self {
        let clock = Leaping { clock: SimClock::at(at), daemon: OnceLock::new(), leap: Mutex::new(None) };
        let clock = Arc::new(clock);
        let file = station.path("station.yaml");
        let text = std::fs::read_to_string(&file).unwrap();
        let (file, mine) = (file.display().to_string(), Arc::clone(&clock));
        let config = Config::read(&file, &text).unwrap();
        thread::spawn(move || {
            mine.daemon.set(thread::current().id()).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let ended = runtime.block_on(run::run(config, file, mine));
            panic!("the daemon ended by itself: {:?}", ended.err().map(|e| e.to(loaxa::text::Lang::En)));
        });
        Self { station, clock }
    }

    fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) {
        self.station.until(PATIENCE, what, wanted);
    }

    fn pass_to(&self, at: DateTime<Utc>) {
        self.clock.clock.pass((at - self.clock.clock.now().wall).to_std().unwrap());
    }

    /// Somebody asks for the status, and meanwhile it becomes `at`.
    fn ask_while_it_becomes(&self, at: DateTime<Utc>) {
        let span = (at - self.clock.clock.now().wall).to_std().unwrap();
        *self.clock.leap.lock().unwrap() = Some(span);
        assert!(self.station.status().is_some());
        assert!(self.clock.clock.now().wall >= at, "the daemon answered without looking at its clock");
    }
}

#[test]
fn an_instant_that_passes_while_somebody_is_answered_is_not_lost() {
    // In a process of its own, since the daemon takes over the signals.
    child::run("instants::story_of_an_answer", |_| {}).unwrap_or_else(|told| panic!("{told}"));
}

#[test]
#[ignore = "a story for a child process"]
fn story_of_an_answer() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", "viec-nhe-luong-cao.ogg", 3);
    let at = now();
    let due = at - TimeDelta::nanoseconds(i64::from(at.timestamp_subsec_nanos())) + TimeDelta::seconds(40);
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.publish();
    let driven = Driven::start(station, at);
    driven.until("it holds what it will play", |s| {
        s["library"]["held"] == 1
            && s["data"]["synced_at"].is_string()
            && s["next"]["occurrence"]["slot"] == "sang"
    });
    let before = |ms| due - TimeDelta::milliseconds(ms);
    // The recording is loaded 15 s before, and nothing else has to be done until the device is opened 2.2 s before.
    driven.pass_to(before(10_000));
    driven.until("the recording is loaded", |s| s["device"]["state"] == "closed");
    driven.pass_to(before(2_500));

    driven.ask_while_it_becomes(before(2_100));
    // Time stands still from here on: if the instant was lost, nothing will ever happen.
    driven.until("the device opens", |s| s["device"]["state"] != "closed");
    driven.pass_to(before(2_000));
    driven.until("the device is open", |s| s["device"]["state"] == "open");

    driven.ask_while_it_becomes(before(1_100));
    wait::until("the start is announced", PATIENCE, || {
        driven.station.records().iter().any(|r| r["kind"] == "intent")
    });
    driven.station.assert_log_verifies();
}
