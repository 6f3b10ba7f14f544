//! A player and the events it told so far.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    clock::Clock,
    playout::{
        Command, Ended, Event, Program, ProgramItem, Sent, Unfit,
        player::{Player, PlayerHandle},
        sink::{Settings, SinkSpec},
    },
};
use tokio::sync::mpsc::{UnboundedReceiver, error::TryRecvError};

pub struct Rig {
    pub player: PlayerHandle,
    events: UnboundedReceiver<Event>,
    pub seen: Vec<Event>,
    clock: Arc<dyn Clock>,
    next: usize,
}

pub fn program(token: u64, items: Vec<ProgramItem>) -> Program {
    Program { token, items, level_cdb: 0, must_end_by: DateTime::<Utc>::MAX_UTC }
}

impl Rig {
    pub fn new(sink: &str) -> Self {
        let clock = super::clock::real();
        let spec = SinkSpec::parse(sink).unwrap();
        let (player, events) = Player::spawn(spec, clock.clone(), Settings::default()).unwrap();
        Self { player, events, seen: Vec::new(), clock, next: 0 }
    }

    pub fn open(sink: &str) -> Self {
        let mut rig = Self::new(sink);
        rig.player.send(Command::Open);
        rig.wait("the device", |e| matches!(e, Event::Opened(_)));
        rig
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().wall
    }

    pub fn after_ms(&self, ms: i64) -> DateTime<Utc> {
        self.now() + TimeDelta::milliseconds(ms)
    }

    /// The first event not yet waited for that fits; those before it are passed over.
    pub fn wait(&mut self, what: &str, fits: impl Fn(&Event) -> bool) -> Event {
        self.wait_for(what, Duration::from_secs(30), fits)
    }

    pub fn wait_for(&mut self, what: &str, span: Duration, fits: impl Fn(&Event) -> bool) -> Event {
        let end = Instant::now() + span;
        loop {
            while self.next < self.seen.len() {
                self.next += 1;
                if fits(&self.seen[self.next - 1]) {
                    return self.seen[self.next - 1].clone();
                }
            }
            match self.events.try_recv() {
                Ok(event) => self.seen.push(event),
                Err(TryRecvError::Empty) if Instant::now() < end => {
                    std::thread::sleep(Duration::from_millis(2))
                }
                _ => panic!("waited in vain for {what}; told: {:#?}", self.seen),
            }
        }
    }

    /// Waits until so many frames of the newest item of a program were heard.
    pub fn until_sent(&mut self, wanted: u64, frames: u64) {
        let heard = |sent: &[Sent]| sent.last().is_some_and(|s| s.frames.0 >= frames);
        self.wait(
            "its progress",
            |e| matches!(e, Event::Progress { token, sent } if *token == wanted && heard(sent)),
        );
    }

    pub fn load(&mut self, program: Program) -> Vec<(usize, Unfit)> {
        let wanted = program.token;
        self.player.send(Command::Load(program));
        match self.wait("ready", |e| matches!(e, Event::Ready { token, .. } if *token == wanted)) {
            Event::Ready { unfit, .. } => unfit,
            _ => unreachable!(),
        }
    }

    pub fn finished(&mut self, wanted: u64) -> (Ended, Vec<Sent>) {
        match self.wait("the end", |e| matches!(e, Event::Finished { token, .. } if *token == wanted)) {
            Event::Finished { how, sent, .. } => (how, sent),
            _ => unreachable!(),
        }
    }

    /// Plays a program at `at` until its end.
    pub fn play(&mut self, program: Program, at: DateTime<Utc>) -> (Ended, Vec<Sent>) {
        let token = program.token;
        self.load(program);
        self.player.send(Command::Start { token, at });
        self.finished(token)
    }

    pub fn close(&mut self) {
        self.player.send(Command::Close);
        self.wait("closed", |e| matches!(e, Event::Closed));
    }

    /// Events of one kind so far.
    pub fn count(&mut self, fits: impl Fn(&Event) -> bool) -> usize {
        while let Ok(event) = self.events.try_recv() {
            self.seen.push(event);
        }
        self.seen.iter().filter(|e| fits(e)).count()
    }
}

/// Microseconds from `due` to `at`.
pub fn late_us(due: DateTime<Utc>, at: DateTime<Utc>) -> i64 {
    (at - due).num_microseconds().unwrap()
}
