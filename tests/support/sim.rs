//! A station without a device: the real controller, a list of slots (or the real planner), a player that sends
//! every frame in simulated time, and a log in memory. Power cuts and steps of the clock are one call each.

#[path = "sim_player.rs"]
mod player;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    asrun::record::{Applied, Body, ClockTrust, Outcome, OutcomeRecord, Why},
    bulletin::{Bulletin, Category, Frames, Kind, Meta, RATE, Title},
    clock::{Moment, Uptime},
    digest::Digest,
    feed::UrgentOrder,
    ids::AreaId,
    playout::{Command, Ended, Event as PlayerEvent, Unfit},
    schedule::occurrence::{Class, Occurrence, Planned, Will},
    station::controller::{Controller, Event, InForce, Order, Plans, Recovered, Settings, Settled},
};

pub use player::Aired;
use player::{Player, Playing, line};

/// A slot of the simulation: every `every` from `first` on.
#[derive(Debug, Clone)]
pub struct Slot {
    pub id: String,
    pub first: DateTime<Utc>,
    pub every: TimeDelta,
    pub seconds: Vec<u64>,
    pub class: Class,
    pub start_within: TimeDelta,
    pub max: u64,
}

#[derive(Debug, Clone, Default)]
pub struct List(pub Vec<Slot>);

impl Plans for List {
    fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Planned> {
        let mut all: Vec<Planned> = self.0.iter().flat_map(|slot| slot.between(from, to)).collect();
        all.sort_by_key(|p| p.of.due);
        all
    }
}

impl Slot {
    fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Planned> {
        let step = self.every.num_microseconds().unwrap().max(1);
        let skip = ((from - self.first).num_microseconds().unwrap().max(0) + step - 1) / step;
        let mut due = self.first + TimeDelta::microseconds(skip * step);
        let mut all = Vec::new();
        while due < to {
            all.push(Planned {
                of: Occurrence {
                    area: "yen-the".parse().unwrap(),
                    slot: self.id.parse().unwrap(),
                    due,
                    repeat: None,
                },
                start_by: due + self.start_within,
                class: self.class,
                rank: 0,
                level_cdb: 0,
                max_duration: Frames(self.max * u64::from(RATE)),
                airtime_end: due + TimeDelta::hours(6),
                items: self
                    .seconds
                    .iter()
                    .enumerate()
                    .map(|(i, s)| std::sync::Arc::new(bulletin(&format!("{}-{i}", self.id), *s)))
                    .collect(),
                will: Will::Play,
            });
            due += self.every;
        }
        all
    }
}

/// A bulletin of `seconds`.
pub fn bulletin(id: &str, seconds: u64) -> Bulletin {
    let epoch = DateTime::<Utc>::UNIX_EPOCH;
    Bulletin {
        id: id.parse().unwrap(),
        sha256: Digest::of(id.as_bytes()),
        length: 1,
        meta: Meta {
            kind: if id.starts_with("chime") { Kind::Chime } else { Kind::Bulletin },
            work: id.parse().unwrap(),
            title: Title { vi: id.into(), en: None },
            category: Some(Category::Law),
            languages: vec!["vi".parse().unwrap()],
            frames: Frames(seconds * u64::from(RATE)),
            loudness_clufs: -1600,
            true_peak_cdb: -200,
            hotline: None,
            directive: None,
            valid_from: epoch,
            valid_until: epoch + TimeDelta::days(365 * 200),
            approved_by: Vec::new(),
            transcript: String::new(),
            original_sha256: Digest::ZERO,
        },
    }
}

/// A planner that is asked by several.
struct Shared(Arc<dyn Plans>);

impl Plans for Shared {
    fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<Planned> {
        self.0.between(from, to)
    }
}

/// One simulated box.
pub struct Sim {
    pub now: Moment,
    pub controller: Controller,
    player: Player,
    plans: List,
    /// The real planner, in place of the list.
    pub planner: Option<Arc<dyn Plans>>,
    /// What the feed lists, with the planner.
    pub library: BTreeSet<Digest>,
    pub urgents: Vec<(UrgentOrder, Bulletin)>,
    pub withdrawn: BTreeSet<String>,
    pub log: Vec<(DateTime<Utc>, Body)>,
    pub settled: Option<Settled>,
    /// Intervals in which something sounded: occurrence, from, to.
    pub sound: Vec<(Occurrence, DateTime<Utc>, DateTime<Utc>)>,
    /// The same by two clocks.
    pub aired: Vec<Aired>,
    /// Time that passed, whatever the clock showed.
    pub elapsed: TimeDelta,
    pub trust: ClockTrust,
    pub held: BTreeSet<Digest>,
    pub altered: BTreeSet<Digest>,
    /// Audio that has not arrived.
    pub absent: BTreeSet<Digest>,
    pub device_lost: bool,
    started: BTreeMap<u64, Occurrence>,
    pub exited: bool,
    version: u64,
}

pub fn at(text: &str) -> DateTime<Utc> {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap().and_utc()
}

fn settings() -> Settings {
    Settings { warm_up: TimeDelta::seconds(2), device: "wav:pa.wav".into(), library: "library".into() }
}

impl Sim {
    /// A box with a trusted clock that has just been switched on for the first time.
    pub fn at(wall: &str) -> Self {
        let now = Moment { wall: at(wall), up: Uptime(Duration::from_secs(30)) };
        Self {
            now,
            controller: Controller::new(now, settings(), Recovered::default()),
            player: Player::default(),
            plans: List::default(),
            planner: None,
            library: BTreeSet::new(),
            urgents: Vec::new(),
            withdrawn: BTreeSet::new(),
            log: Vec::new(),
            settled: None,
            sound: Vec::new(),
            aired: Vec::new(),
            elapsed: TimeDelta::zero(),
            trust: ClockTrust::Synced,
            held: BTreeSet::new(),
            altered: BTreeSet::new(),
            absent: BTreeSet::new(),
            device_lost: false,
            started: BTreeMap::new(),
            exited: false,
            version: 0,
        }
    }

    /// Adds a slot that comes every `every` from `first` on, with bulletins of these lengths.
    pub fn slot(mut self, id: &str, first: &str, every: TimeDelta, seconds: &[u64]) -> Self {
        self.plans.0.push(Slot {
            id: id.into(),
            first: at(first),
            every,
            seconds: seconds.to_vec(),
            class: Class::Priority,
            start_within: TimeDelta::minutes(10),
            max: 900,
        });
        self
    }

    /// Changes the slot that was added last.
    pub fn with(mut self, change: impl FnOnce(&mut Slot)) -> Self {
        change(self.plans.0.last_mut().unwrap());
        self
    }

    /// Files come into force, audio is here, the clock is as `trust` says.
    pub fn up(mut self) -> Self {
        self.push();
        let trust = self.trust;
        self.feed(Event::Trust(trust));
        self
    }

    /// A new version of the files comes into force.
    pub fn push(&mut self) {
        self.version += 1;
        let far = self.now.wall + TimeDelta::days(2);
        let all = self.plans.between(self.now.wall - TimeDelta::days(40), far);
        let mut held: BTreeSet<Digest> = all.iter().flat_map(|p| &p.items).map(|b| b.sha256).collect();
        held.extend(&self.library);
        held.extend(self.urgents.iter().map(|(_, b)| b.sha256));
        self.held.extend(held.difference(&self.absent));
        let held = self.held.clone();
        self.feed(Event::Library(held));
        let feed = BTreeMap::from([("snapshot".to_owned(), self.version)]);
        let in_force = InForce {
            plans: self
                .planner
                .clone()
                .map_or_else(|| Box::new(self.plans.clone()) as Box<dyn Plans>, |p| Box::new(Shared(p))),
            urgents: self
                .urgents
                .iter()
                .map(|(order, audio)| (order.clone(), audio.clone().into()))
                .collect(),
            urgent_level_cdb: 0,
            urgent_daily_cap: Frames(3600 * u64::from(RATE)),
            withdrawn: self.withdrawn.clone(),
            applied: Applied { feed, policy: None, schedules: BTreeMap::new() },
        };
        self.feed(Event::Applied(Box::new(in_force)));
    }

    pub fn plans(&mut self) -> &mut List {
        &mut self.plans
    }

    pub fn feed(&mut self, event: Event) {
        let orders = self.controller.step(self.now, event);
        self.obey(orders);
    }

    pub fn hold(&mut self, minutes: i64) {
        let orders = self.controller.hold(self.now, TimeDelta::minutes(minutes), "họp thôn").unwrap();
        self.obey(orders);
    }

    pub fn obey(&mut self, orders: Vec<Order>) {
        for order in orders {
            match order {
                Order::Record(body) => self.log.push((self.now.wall, body)),
                Order::Player(command) => self.command(command),
                Order::Settled(settled) => self.settled = Some(settled),
                Order::Exit => self.exited = true,
                Order::Mark { .. } | Order::Refetch(_) => {}
            }
        }
    }

    fn command(&mut self, command: Command) {
        let wall = self.now.wall;
        match command {
            Command::Open if self.device_lost => {
                let why = loaxa::text::Text::same("no such device");
                self.player.queue.push((wall, PlayerEvent::Lost(why)));
            }
            Command::Open => {
                self.player.open = true;
                self.player
                    .queue
                    .push((wall + TimeDelta::milliseconds(700), PlayerEvent::Opened("sim".into())));
            }
            Command::Load(program) => {
                let unfit =
                    program.items.iter().enumerate().filter(|(_, i)| self.altered.contains(&i.sha256));
                let unfit = unfit.map(|(i, _)| (i, Unfit::Integrity)).collect();
                let token = program.token;
                self.player.loaded.insert(token, program);
                self.player.queue.push((wall, PlayerEvent::Ready { token, unfit }));
            }
            Command::Start { token, at } => {
                assert!(self.player.open, "started on a closed sink");
                let program = self.player.loaded.remove(&token).expect("started what was not loaded");
                let items: Vec<Frames> = program
                    .items
                    .iter()
                    .filter(|i| !self.altered.contains(&i.sha256))
                    .map(|i| i.frames)
                    .collect();
                let of = self.last_intent();
                self.started.insert(token, of);
                let mut playing = Playing::of(token, at.max(wall), items, program.must_end_by);
                playing.began = self.elapsed + (playing.start - wall);
                self.player.playing.push(playing);
            }
            Command::Fade { token } => {
                if self.player.loaded.remove(&token).is_some() {
                    let event = PlayerEvent::Finished { token, how: Ended::Faded, sent: Vec::new() };
                    self.player.queue.push((wall, event));
                } else if let Some(i) = self.player.playing.iter().position(|p| p.token == token) {
                    let playing = self.player.playing.remove(i);
                    self.finish(&playing, wall, Ended::Faded);
                }
            }
            Command::Close => self.player.open = false,
            Command::Shutdown => {}
        }
    }

    /// It sounded until `wall`.
    fn heard(&mut self, playing: &Playing, of: Occurrence, wall: DateTime<Utc>) {
        if playing.start < wall && !playing.items.is_empty() {
            self.sound.push((of.clone(), playing.start, wall));
            let (wall, stepped) = ((playing.start, wall), playing.stepped);
            let span = (playing.began, playing.began + (wall.1 - wall.0));
            self.aired.push(Aired { of, wall, span, stepped });
        }
    }

    fn last_intent(&self) -> Occurrence {
        let intent = self.log.iter().rev().find_map(|(_, b)| match b {
            Body::Intent(i) => Some(i.occurrence.clone()),
            _ => None,
        });
        intent.expect("a start without an intent before it")
    }

    fn finish(&mut self, playing: &Playing, wall: DateTime<Utc>, how: Ended) {
        let of = self.started[&playing.token].clone();
        self.heard(playing, of, wall);
        let event = PlayerEvent::Finished { token: playing.token, how, sent: playing.sent(wall) };
        self.player.queue.push((wall, event));
    }

    /// The next instant at which anything happens by itself.
    fn next(&self) -> Option<DateTime<Utc>> {
        let queued = self.player.queue.iter().map(|(t, _)| *t);
        let ends = self.player.playing.iter().map(Playing::end);
        queued.chain(ends).chain(self.controller.wake_at(self.now)).min()
    }

    /// Lets time pass until `text`.
    pub fn run_until(&mut self, text: &str) -> &mut Self {
        self.run_to(at(text))
    }

    pub fn run_to(&mut self, end: DateTime<Utc>) -> &mut Self {
        loop {
            let next = self.next().filter(|t| *t <= end);
            let Some(next) = next else { break };
            self.pass(next - self.now.wall);
            self.happen();
        }
        self.pass(end - self.now.wall);
        self.feed(Event::Tick);
        self.happen();
        self
    }

    fn happen(&mut self) {
        let wall = self.now.wall;
        while let Some(i) = self.player.playing.iter().position(|p| p.end() <= wall) {
            let playing = self.player.playing.remove(i);
            let end = playing.end();
            let how = playing.how.clone();
            self.finish(&playing, end, how);
        }
        while let Some(i) = self.player.queue.iter().position(|(t, _)| *t <= wall) {
            let (_, event) = self.player.queue.remove(i);
            self.feed(Event::Player(event));
        }
        self.feed(Event::Tick);
    }

    fn pass(&mut self, span: TimeDelta) {
        if span > TimeDelta::zero() {
            self.now.wall += span;
            self.elapsed += span;
            self.now.up.0 += span.to_std().unwrap();
        }
    }

    /// The wall clock is set; the box notices at once.
    pub fn step_clock(&mut self, by: TimeDelta) -> &mut Self {
        self.now.wall += by;
        for p in &mut self.player.playing {
            p.start += by;
            p.stepped = true;
        }
        for (t, _) in &mut self.player.queue {
            *t += by;
        }
        self.feed(Event::Tick);
        self.happen();
        self
    }

    /// The box sleeps: time passes, nothing is done.
    pub fn suspend_until(&mut self, text: &str) -> &mut Self {
        self.suspend_to(at(text))
    }

    pub fn suspend_to(&mut self, wake: DateTime<Utc>) -> &mut Self {
        self.pass(wake - self.now.wall);
        self.happen();
        self
    }

    /// The power goes, and comes back at `text`. What was on the air is told by the log alone.
    pub fn power_cut_until(&mut self, text: &str) -> &mut Self {
        self.power_cut_to(at(text))
    }

    pub fn power_cut_to(&mut self, back: DateTime<Utc>) -> &mut Self {
        for playing in std::mem::take(&mut self.player.playing) {
            let of = self.started[&playing.token].clone();
            self.heard(&playing, of, self.now.wall);
        }
        self.player = Player::default();
        self.started.clear();
        self.exited = false;
        self.elapsed += (back - self.now.wall).max(TimeDelta::seconds(1));
        self.now = Moment { wall: back, up: Uptime(Duration::from_secs(20)) };
        let recovered = self.recover();
        self.controller = Controller::new(self.now, settings(), recovered);
        self.push();
        let trust = self.trust;
        self.feed(Event::Trust(trust));
        self
    }

    /// What a start makes of the log: intents without outcome become `interrupted`.
    fn recover(&mut self) -> Recovered {
        let mut open: Vec<Occurrence> = Vec::new();
        let mut recovered = Recovered { settled: self.settled.clone(), ..Recovered::default() };
        for (at, body) in &self.log {
            match body {
                Body::Intent(i) => open.push(i.occurrence.clone()),
                Body::Outcome(o) => {
                    open.retain(|of| *of != o.occurrence);
                    recovered.done.add(o);
                    if o.occurrence.area == AreaId::urgent() {
                        let frames = o.items.iter().map(|i| i.frames.0).sum();
                        recovered.urgent_aired.push((o.occurrence.slot.clone(), *at, Frames(frames)));
                    }
                }
                Body::Hold(h) => recovered.hold = Some(h.until),
                Body::Release(_) => recovered.hold = None,
                _ => {}
            }
        }
        for of in open {
            let outcome = OutcomeRecord {
                occurrence: of,
                outcome: Outcome::Interrupted,
                why: Some(Why::Power),
                by: None,
                items: Vec::new(),
                late_us: None,
                run: None,
            };
            recovered.done.add(&outcome);
            self.log.push((self.now.wall, Body::Outcome(outcome)));
        }
        recovered
    }

    /// Every outcome so far: `slot hh:mm:ss outcome [why]`, and `xN` for a run.
    pub fn outcomes(&self) -> Vec<String> {
        let outcome = |body: &Body| match body {
            Body::Outcome(o) => Some(o.clone()),
            _ => None,
        };
        self.log.iter().filter_map(|(_, b)| outcome(b)).map(|o| line(&o)).collect()
    }
}
