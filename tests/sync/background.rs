//! The daemon's sync: passes for ever on a thread of its own.

use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use chrono::Utc;
use loaxa::{
    clock::{Clock, SimClock},
    feed::{Now, http::Limits},
    station::{
        layout::Layout,
        sync::{Event, Settings, Want, background::Background},
    },
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    server::Fault,
    world::{World, noise, who},
};

/// What the task told, as a test reads it.
#[derive(Debug, PartialEq)]
enum Heard {
    Feed(usize),
    Refused,
    Fetched(String),
    Done(bool),
}

struct Running {
    heard: mpsc::Receiver<Heard>,
    nudge: Arc<Notify>,
    cancel: CancellationToken,
    clock: SimClock,
    thread: std::thread::JoinHandle<()>,
}

fn start(world: &World) -> Running {
    let settings = Settings {
        station: "xa-tan-tien".parse().unwrap(),
        feed_url: world.server.url.clone(),
        ca: None,
        state: world.state.path().to_owned(),
        data_mb_day: Some(50),
        disk_mb: 100,
        poll: Duration::from_secs(600),
        zone: chrono_tz::Asia::Ho_Chi_Minh,
    };
    let (library, ledger) = settings.open().unwrap();
    let (tell, heard) = mpsc::channel();
    let watch = move |event: Event<'_>| {
        let said = match event {
            Event::Feed(feed) => Heard::Feed(feed.bulletins.len()),
            Event::Refused(_) => Heard::Refused,
            Event::Fetched(bulletin) => Heard::Fetched(bulletin.id.to_string()),
            Event::Done(synced) => Heard::Done(synced.is_complete()),
            _ => return,
        };
        tell.send(said).ok();
    };
    let clock = SimClock::at(Utc::now());
    let (nudge, cancel) = (Arc::new(Notify::new()), CancellationToken::new());
    let background = Background {
        metadata: Box::new(world.told.clone()),
        settings,
        limits: Limits::default(),
        who: who(),
        library,
        ledger: Arc::new(Mutex::new(ledger)),
        clock: Arc::new(clock.clone()),
        now: Arc::new(|| Now { wall: Utc::now(), trusted: true }),
        want: Arc::new(|_, _| Want::SomeTime),
        watch: Arc::new(watch),
        nudge: nudge.clone(),
        cancel: cancel.clone(),
    };
    let thread = background.spawn().unwrap();
    Running { heard, nudge, cancel, clock, thread }
}

impl Running {
    fn next(&self) -> Heard {
        self.heard.recv_timeout(Duration::from_secs(20)).expect("the task says nothing")
    }

    fn is_quiet(&self) -> bool {
        self.heard.recv_timeout(Duration::from_millis(60)).is_err()
    }
}

#[test]
fn the_task_tells_what_it_holds_then_polls_by_the_clock_or_when_nudged_and_ends_when_told() {
    let world = World::new();
    world.publish("tin", &noise("tin", 9_000));
    let task = start(&world);
    assert_eq!(task.next(), Heard::Feed(1), "what it held before");
    assert_eq!(task.next(), Heard::Feed(1));
    assert_eq!(task.next(), Heard::Fetched("tin".into()));
    assert_eq!(task.next(), Heard::Done(true));
    assert!(task.is_quiet());
    // Not before 480 s, surely by 720 s.
    task.clock.pass(Duration::from_secs(479));
    assert!(task.is_quiet());
    task.clock.pass(Duration::from_secs(242));
    assert_eq!([task.next(), task.next()], [Heard::Feed(1), Heard::Done(true)]);
    world.publish("moi", &noise("moi", 9_000));
    task.nudge.notify_one();
    assert_eq!([task.next(), task.next()], [Heard::Feed(2), Heard::Fetched("moi".into())]);
    assert_eq!(task.next(), Heard::Done(true));
    task.cancel.cancel();
    task.thread.join().unwrap();
    assert!(Layout::new(world.state.path()).data_use().is_file());
}

#[test]
fn after_a_failure_the_task_tries_again_within_minutes_not_at_once() {
    let world = World::new();
    world.server.fault("metadata/timestamp.json", Fault::Status(503));
    let task = start(&world);
    assert_eq!(task.next(), Heard::Feed(0));
    // Three tries, with pauses of the clock between them.
    let clock = task.clock.clone();
    let (stop, stopped) = mpsc::channel::<()>();
    let time = std::thread::spawn(move || {
        while stopped.try_recv().is_err() {
            clock.pass(Duration::from_millis(100));
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    assert_eq!([task.next(), task.next(), task.next()], [Heard::Refused, Heard::Feed(0), Heard::Done(false)]);
    let failed_at = task.clock.now().up.0;
    world.server.heal();
    assert_eq!([task.next(), task.next()], [Heard::Feed(0), Heard::Done(true)]);
    let waited = task.clock.now().up.0 - failed_at;
    assert!((40..90).contains(&waited.as_secs()), "{waited:?}");
    stop.send(()).unwrap();
    time.join().unwrap();
    task.cancel.cancel();
    task.thread.join().unwrap();
}
