//! The thread that owns the device. It obeys [`Command`]s, tells [`Event`]s, and supervises: a lost device is opened again
//! and the program goes on from what was heard. While closed it sleeps until it is told something.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{
    Command, Ended, Event, Program, Unfit,
    feeder::{Feeder, From},
    line::{Line, News},
    run::{Run, Stage, Step},
    sink::{Settings, SinkSpec},
};
use crate::clock::{Clock, Moment};

/// How often a program's progress is told, in nanoseconds.
const PROGRESS: i64 = 1_000_000_000;
/// Looks while something sounds.
const LOOK: Duration = Duration::from_millis(200);
/// Looks while a device opens or warms up.
const QUICK: Duration = Duration::from_millis(50);
/// Looks while a device is open and silent.
const IDLE: Duration = Duration::from_millis(500);
/// A shutdown takes no longer, in nanoseconds.
const SHUTDOWN: i64 = 1_400_000_000;

/// What reaches the thread.
pub(super) enum Msg {
    /// From the owner.
    Command(Command),
    /// From the owner: are you there?
    Ping(u64),
    /// From a worker: hashes are checked, the ring is filled.
    Loaded(u64, Vec<(usize, Unfit)>),
    /// From a device.
    Line(News),
}

/// Tells the player what to do. Ends it when the last clone is dropped.
#[derive(Clone)]
pub struct PlayerHandle(Arc<Owner>);

struct Owner {
    outbox: mpsc::Sender<Msg>,
    asked: AtomicU64,
    answered: Arc<AtomicU64>,
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.outbox.send(Msg::Command(Command::Shutdown)).ok();
    }
}

impl PlayerHandle {
    /// Never blocks. After [`Command::Shutdown`] nothing is obeyed.
    pub fn send(&self, command: Command) {
        self.0.outbox.send(Msg::Command(command)).ok();
    }

    /// Whether the thread has answered since this was last asked; asks it again. For a watchdog, every few seconds.
    pub fn is_alive(&self) -> bool {
        let asked = self.0.asked.fetch_add(1, Ordering::Relaxed);
        let alive = self.0.answered.load(Ordering::Relaxed) >= asked;
        alive && self.0.outbox.send(Msg::Ping(asked + 1)).is_ok()
    }
}

/// See [`Player::spawn`].
pub struct Player {
    clock: Arc<dyn Clock>,
    inbox: mpsc::Receiver<Msg>,
    outbox: mpsc::Sender<Msg>,
    events: UnboundedSender<Event>,
    answered: Arc<AtomicU64>,
    line: Line,
    runs: Vec<Run>,
    closing: bool,
    /// Since when nothing sounds: up nanoseconds.
    quiet: i64,
    /// Up nanosecond by which it must be over.
    deadline: Option<i64>,
}

impl Player {
    /// Starts the thread. Fails only if the system gives no thread. The events end when the thread does.
    pub fn spawn(
        sink: SinkSpec,
        clock: Arc<dyn Clock>,
        settings: Settings,
    ) -> io::Result<(PlayerHandle, UnboundedReceiver<Event>)> {
        let (outbox, inbox) = mpsc::channel();
        let (events, told) = unbounded_channel();
        let line = Line::new(sink, settings, clock.clone(), outbox.clone());
        let answered = Arc::new(AtomicU64::new(0));
        let owner = Owner { outbox: outbox.clone(), asked: AtomicU64::new(0), answered: answered.clone() };
        let handle = PlayerHandle(Arc::new(owner));
        let player = Self {
            clock,
            inbox,
            outbox,
            events,
            answered,
            line,
            runs: Vec::new(),
            closing: false,
            quiet: 0,
            deadline: None,
        };
        thread::Builder::new().name("loaxa-player".into()).spawn(move || player.work())?;
        Ok((handle, told))
    }

    fn work(mut self) {
        loop {
            let first = match self.rest() {
                None => self.inbox.recv().ok(),
                Some(span) => self.inbox.recv_timeout(span).ok(),
            };
            let mut next = first;
            while let Some(msg) = next {
                self.take(msg);
                next = self.inbox.try_recv().ok();
            }
            #[cfg(feature = "faults")]
            crate::faults::hang("player");
            self.look(self.clock.now());
            if self.is_over() {
                return;
            }
        }
    }

    /// How long nothing has to be looked at; none: for ever.
    fn rest(&self) -> Option<Duration> {
        if self.line.is_closed() {
            return None;
        }
        if !self.line.is_warm() {
            return Some(QUICK);
        }
        let busy = self.closing || self.runs.iter().any(Run::is_handed);
        Some(if busy { LOOK } else { IDLE })
    }

    fn take(&mut self, msg: Msg) {
        match msg {
            Msg::Ping(n) => self.answered.store(n, Ordering::Relaxed),
            Msg::Command(_) if self.deadline.is_some() => {}
            Msg::Command(command) => self.obey(command),
            Msg::Loaded(token, unfit) => self.loaded(token, unfit),
            Msg::Line(news) => {
                let now = self.clock.now();
                if let Some(why) = self.line.hear(news, now) {
                    self.lose(why, now);
                }
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Open => self.open(),
            Command::Load(program) => self.load(program),
            Command::Start { token, at } => {
                let Some(run) = self.runs.iter_mut().find(|r| r.program.token == token) else {
                    return;
                };
                if run.at.is_none() {
                    run.at = Some(at.timestamp_nanos_opt().unwrap_or(i64::MAX));
                    self.open();
                }
            }
            Command::Fade { token } => self.fade(token),
            Command::Close => self.closing = true,
            Command::Shutdown => {
                self.deadline = Some(up(self.clock.now()) + SHUTDOWN);
                let tokens = self.runs.iter().map(|r| r.program.token).collect::<Vec<_>>();
                tokens.into_iter().for_each(|token| self.fade(token));
                self.closing = true;
            }
        }
    }

    fn open(&mut self) {
        self.closing = false;
        self.line.want(self.clock.now());
    }

    fn load(&mut self, program: Program) {
        if self.runs.iter().any(|r| r.program.token == program.token) {
            tracing::error!("program {} is loaded already", program.token);
            return;
        }
        let (feeder, ring) = self.feeder(&program, From::default(), Vec::new());
        let run = Run::new(program, feeder, ring);
        let (token, alive) = (run.program.token, run.feeder.is_alive());
        self.runs.push(run);
        if !alive {
            self.finish(token, Ended::Short);
        }
    }

    fn feeder(&self, program: &Program, from: From, unfit: Vec<usize>) -> (Feeder, rtrb::Consumer<f32>) {
        let (outbox, token) = (self.outbox.clone(), program.token);
        let ready = move |unfit| {
            outbox.send(Msg::Loaded(token, unfit)).ok();
        };
        Feeder::spawn(program.clone(), from, unfit, Box::new(ready))
    }

    fn loaded(&mut self, token: u64, unfit: Vec<(usize, Unfit)>) {
        if let Some(run) = self.runs.iter_mut().find(|r| r.program.token == token) {
            let again = run.resumed();
            run.loaded(&unfit);
            if !again {
                self.tell(Event::Ready { token, unfit });
            }
        }
    }

    fn fade(&mut self, token: u64) {
        let Some(run) = self.runs.iter_mut().find(|r| r.program.token == token) else {
            return;
        };
        run.faded = true;
        // What the engine does not have, or has lost with its device, ends here.
        if !(run.is_handed() && self.line.fade(token)) {
            self.finish(token, Ended::Faded);
        }
    }

    /// Looks after the device and every program.
    fn look(&mut self, now: Moment) {
        let seen = self.line.look(now);
        if let Some(name) = seen.opened {
            self.tell(Event::Opened(name));
        }
        if let Some(why) = seen.lost {
            self.lose(why, now);
        }
        if self.line.is_open() {
            self.hand_over(now);
            self.follow(now, seen.torn);
        } else if !self.line.is_closed() {
            self.give_up(now);
        }
        let busy = self.runs.iter().any(|r| r.at.is_some());
        if busy {
            self.quiet = up(now);
        }
        let late = self.deadline.is_some_and(|d| up(now) > d);
        let drained = !busy && self.line.is_drained(self.quiet, up(now));
        if self.closing && !self.line.is_closed() && (late || drained) {
            self.close();
        }
    }

    fn hand_over(&mut self, now: Moment) {
        let wall = wall(now);
        let mut over = Vec::new();
        for run in self.runs.iter_mut().filter(|r| r.is_due()) {
            match run.hand(wall) {
                Some(Step::Hand(deck)) => {
                    if let Some(deck) = self.line.hand(*deck) {
                        run.stage = Some(Stage::Loaded(deck.into_ring()));
                    }
                }
                Some(Step::Over(how)) => over.push((run.program.token, how)),
                None => {}
            }
        }
        over.into_iter().for_each(|(token, how)| self.finish(token, how));
    }

    fn follow(&mut self, now: Moment, torn: u64) {
        let mut over = Vec::new();
        for run in self.runs.iter_mut().filter(|r| r.is_handed()) {
            let Some(seen) = self.line.look_at(&run.feeder.state, up(now)) else {
                continue;
            };
            let token = run.program.token;
            for sent in run.account(seen) {
                let at = sent.first_frame.unwrap_or(now.wall);
                self.events.send(Event::Began { token, item: sent.item, at }).ok();
            }
            if torn > 0 && seen.heard > 0 && !(seen.done && seen.heard == seen.handed) {
                run.tear(torn);
            }
            if seen.done && seen.heard == seen.handed {
                over.push((token, run.how()));
            } else if seen.heard > 0 && up(now) - run.told >= PROGRESS {
                run.told = up(now);
                self.events.send(Event::Progress { token, sent: run.sent() }).ok();
            }
        }
        over.into_iter().for_each(|(token, how)| self.finish(token, how));
    }

    /// Without a device: what cannot end in time any more is over.
    fn give_up(&mut self, now: Moment) {
        let wall = wall(now);
        let waits = |r: &&Run| r.at.is_some() && !r.could_start(wall);
        let over = self.runs.iter().filter(waits).map(|r| r.program.token).collect::<Vec<_>>();
        over.into_iter().for_each(|token| self.finish(token, Ended::Device));
    }

    /// The device is gone: account for what was heard, go on from there once it is back.
    fn lose(&mut self, why: crate::text::Text, now: Moment) {
        let mut over = Vec::new();
        for i in 0..self.runs.len() {
            let run = &mut self.runs[i];
            if !run.is_handed() {
                continue;
            }
            let Some(seen) = self.line.look_at(&run.feeder.state, up(now)) else {
                continue;
            };
            let token = run.program.token;
            for sent in run.account(seen) {
                let at = sent.first_frame.unwrap_or(now.wall);
                self.events.send(Event::Began { token, item: sent.item, at }).ok();
            }
            match run.resume_from(seen) {
                Some(_) if run.faded => over.push((token, Ended::Faded)),
                Some(from) => {
                    let (program, unfit) = (run.program.clone(), run.unfit.clone());
                    let (feeder, ring) = self.feeder(&program, from, unfit);
                    self.runs[i].resume(from, feeder, ring);
                }
                None => over.push((token, run.how())),
            }
        }
        over.into_iter().for_each(|(token, how)| self.finish(token, how));
        // Each attempt to open it again fails alike: what is no news fills no journal.
        if self.line.lose(now, self.closing) {
            tracing::warn!(sink.name = %self.line.spec(), "{}", why.en);
            self.tell(Event::Lost(why));
        } else {
            tracing::debug!(sink.name = %self.line.spec(), "{}", why.en);
        }
    }

    fn finish(&mut self, token: u64, how: Ended) {
        if let Some(i) = self.runs.iter().position(|r| r.program.token == token) {
            let run = self.runs.remove(i);
            self.tell(Event::Finished { token, how, sent: run.sent() });
        }
    }

    fn close(&mut self) {
        let tokens = self.runs.iter().filter(|r| r.at.is_some()).map(|r| r.program.token).collect::<Vec<_>>();
        tokens.into_iter().for_each(|token| self.finish(token, Ended::Faded));
        self.line.close();
        self.closing = false;
        self.tell(Event::Closed);
    }

    fn is_over(&self) -> bool {
        self.deadline.is_some() && self.line.is_closed()
    }

    fn tell(&self, event: Event) {
        // Nobody listens any more: then nobody is owed anything.
        self.events.send(event).ok();
    }
}

fn up(now: Moment) -> i64 {
    now.up.0.as_nanos() as i64
}

fn wall(now: Moment) -> i64 {
    now.wall.timestamp_nanos_opt().unwrap_or(i64::MAX)
}
