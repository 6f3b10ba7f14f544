//! `station run`: one loop that carries what happens to the controller, and its orders to the world.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
    task::JoinHandle,
};

use super::{
    config::{ClockSetting, Config},
    control::{self, Asked},
    controller::{Controller, Event, Order, Settings},
    deeds,
    feeding::{Feeding, News},
    hands::Hands,
    hub_client::HubClient,
    hub_link::{self, HubLink},
    in_force,
    layout::Layout,
    manager::Manager,
    memory::Memory,
    start::{self, Started},
    timedate,
    trusted_time::{Latch, judge},
};
use crate::{
    asrun::{journal::boot_id, key::LogKey, record::ClockTrust},
    cli::Failure,
    clock::{Clock, Moment},
    digest::Digest,
    feed::{Feed, Now, Who},
    ids::BulletinId,
    playout,
    text::{Text, station as say},
};

/// A fade and its record take no longer; after that the process ends anyway.
const LAST_BREATH: Duration = Duration::from_millis(1_700);

/// The running station.
pub struct Daemon {
    pub(super) config: Config,
    pub(super) config_file: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) controller: Controller,
    pub(super) hands: Hands,
    pub(super) memory: Memory,
    manager: Manager,
    pub(super) latch: Latch,
    /// The newest instant that the log proves past.
    pub(super) logged_until: Option<DateTime<Utc>>,
    pub(super) trust: ClockTrust,
    pub(super) before: Option<DateTime<Utc>>,
    /// Why systemd does not say whether the clock is synchronised.
    pub(super) clock_unasked: Option<Text>,
    /// Asks systemd, and where it tells.
    clock_watch: Option<JoinHandle<()>>,
    clock_tell: mpsc::UnboundedSender<timedate::Said>,
    pub(super) who: Who,
    pub(super) feed: Feed,
    pub(super) held: BTreeSet<Digest>,
    pub(super) missing: usize,
    /// Of those, what was tried in vain, with the reason.
    pub(super) failed_audio: BTreeMap<BulletinId, Text>,
    pub(super) synced_at: Option<DateTime<Utc>>,
    pub(super) sync_failed: Option<Text>,
    pub(super) left_out: Vec<Text>,
    pub(super) zone: chrono_tz::Tz,
    pub(super) silent: Option<Text>,
    pub(super) stale_told: Option<Vec<String>>,
    pub(super) feeding: Feeding,
    /// The line to the hub, if there is one.
    pub(super) link: Option<HubLink>,
    /// A configuration that waits until nothing sounds.
    pub(super) reloaded: Option<Config>,
}

/// Runs the station until it is asked to end.
///
/// # Errors
/// What keeps it from starting, or a log that cannot be written: nothing plays that is not logged.
pub async fn run(config: Config, config_file: String, clock: Arc<dyn Clock>) -> Result<(), Failure> {
    let Started { controller, hands, memory, store, who, player, logged_until } =
        start::start(&config, &clock)?;
    let listener = control::listen(&config.socket)
        .map_err(|e| Failure::Machine(say::no_socket(config.socket.display(), &e)))?;
    let (asked_tx, mut asked) = mpsc::channel(8);
    let serving = tokio::spawn(control::serve(listener, asked_tx.clone(), Arc::clone(&clock)));
    let zone = chrono_tz::Asia::Ho_Chi_Minh;
    let feed = store.load(&who, Now { wall: clock.now().wall, trusted: false });
    let (feeding, mut news) = Feeding::start(&config, zone, store, who.clone(), Arc::clone(&clock))?;
    let link = link(&config, asked_tx, &feeding, &clock)?;
    let boot = boot_id().unwrap_or_default();
    let latch = memory.latch(&boot);
    let manager = Manager::start().map_err(|e| Failure::Machine(crate::text::cli::no_runtime(&e)))?;
    let (clock_tell, mut clock_said) = mpsc::unbounded_channel();
    let mut daemon = Daemon {
        config,
        config_file,
        clock,
        controller,
        hands,
        memory,
        manager,
        latch,
        logged_until,
        trust: ClockTrust::No,
        before: None,
        clock_unasked: None,
        clock_watch: None,
        clock_tell,
        who,
        feed: Feed::default(),
        held: BTreeSet::new(),
        missing: 0,
        failed_audio: BTreeMap::new(),
        synced_at: None,
        sync_failed: None,
        left_out: Vec::new(),
        zone,
        silent: None,
        stale_told: None,
        feeding,
        link,
        reloaded: None,
    };
    daemon.apply(feed)?;
    daemon.judge_clock()?;
    let ended = daemon.work(player, &mut asked, &mut news, &mut clock_said).await;
    serving.abort();
    std::fs::remove_file(&daemon.config.socket).ok();
    ended
}

/// The line to the hub, if the configuration names one.
fn link(
    config: &Config,
    ask: mpsc::Sender<Asked>,
    feeding: &Feeding,
    clock: &Arc<dyn Clock>,
) -> Result<Option<HubLink>, Failure> {
    let Some(url) = &config.hub else { return Ok(None) };
    let layout = Layout::new(&config.state);
    let key = LogKey::load(&layout.log_key()).map_err(|e| Failure::Machine(e.text()))?;
    let client =
        HubClient::new(url, config.ca.as_deref(), key, Arc::clone(clock)).map_err(Failure::Refused)?;
    let setup = hub_link::Setup { client, asrun: layout.asrun(), ask, nudge: feeding.nudger() };
    HubLink::start(setup).map(Some)
}

impl Daemon {
    async fn work(
        &mut self,
        mut player: mpsc::UnboundedReceiver<playout::Event>,
        asked: &mut mpsc::Receiver<Asked>,
        news: &mut mpsc::UnboundedReceiver<News>,
        clock_said: &mut mpsc::UnboundedReceiver<timedate::Said>,
    ) -> Result<(), Failure> {
        let mut term = signals(SignalKind::terminate())?;
        let mut int = signals(SignalKind::interrupt())?;
        let mut hup = signals(SignalKind::hangup())?;
        let clock = Arc::clone(&self.clock);
        let mut fed = clock.sleep(Duration::ZERO);
        let mut last_breath: crate::clock::BoxFuture<'_, ()> = Box::pin(std::future::pending());
        let feeding = Manager::feeding();
        self.manager.ready(self.status_line());
        tracing::info!(station.id = %self.config.station, "station {} is ready", self.config.station);
        loop {
            if self.hands.exited() {
                return Ok(());
            }
            // What is due by `now` is done before the next wake-up is chosen by the same `now`: an instant that passes while
            // something else is answered is never lost.
            let now = clock.now();
            let orders = self.controller.step(now, Event::Tick);
            self.obey(now, orders)?;
            let wake = self.controller.wake_at(now).unwrap_or(now.wall + TimeDelta::days(1));
            tokio::select! {
                biased;
                _ = term.recv() => { self.end()?; last_breath = clock.sleep(LAST_BREATH); }
                _ = int.recv() => { self.end()?; last_breath = clock.sleep(LAST_BREATH); }
                () = &mut last_breath => return Ok(()),
                event = player.recv() => match event {
                    Some(event) => { self.hands.heard(&event); self.step(Event::Player(event))?; }
                    None => match self.new_player()? {
                        Some(events) => player = events,
                        None => return Ok(()),
                    },
                },
                _ = clock.wait_until(wake) => self.judge_clock()?,
                Some((request, reply)) = asked.recv() => {
                    let answer = deeds::answer(self, request)?;
                    // Whoever asked may have gone away.
                    reply.send(answer).ok();
                }
                Some(news) = news.recv() => self.hear(news)?,
                _ = hup.recv() => {
                    let answer = deeds::answer(self, control::Request::Reload)?;
                    tracing::info!("{answer:?}");
                }
                Some(said) = clock_said.recv() => self.hear_clock(said)?,
                () = &mut fed => {
                    fed = clock.sleep(feeding);
                    self.feed_watchdog();
                }
            }
            if let Some(events) = self.take_up_reload()? {
                player = events;
            }
            #[cfg(feature = "faults")]
            crate::faults::hang("controller");
        }
    }

    /// What sounds fades; the loop ends once that is logged.
    fn end(&mut self) -> Result<(), Failure> {
        self.step(Event::Terminate)?;
        self.manager.stopping();
        Ok(())
    }

    /// One step of the controller, and its orders.
    pub(super) fn step(&mut self, event: Event) -> Result<(), Failure> {
        let now = self.clock.now();
        let orders = self.controller.step(now, event);
        self.obey(now, orders)
    }

    /// Carries orders out, in order.
    pub(super) fn obey(&mut self, now: Moment, orders: Vec<Order>) -> Result<(), Failure> {
        for order in orders {
            match order {
                Order::Settled(settled) => {
                    self.memory.set_settled(&settled).map_err(|e| self.run_disk(&e))?
                }
                Order::Refetch(sha256) => {
                    self.held.remove(&sha256);
                    if let Err(error) = self.feeding.library.discard(&sha256) {
                        tracing::error!(%error, "a damaged recording cannot be removed");
                    }
                    self.feeding.nudge();
                }
                other => self.hands.obey(now, other)?,
            }
        }
        if let Some(link) = &self.link {
            link.head(self.hands.log().1);
        }
        Ok(())
    }

    fn hear(&mut self, news: News) -> Result<(), Failure> {
        match news {
            News::Feed(feed) => {
                self.apply(*feed)?;
                self.judge_clock()
            }
            News::Audio(sha256, here) => {
                if here {
                    self.held.insert(sha256);
                } else {
                    self.held.remove(&sha256);
                }
                self.step(Event::Library(self.held.clone()))
            }
            News::Pass { failed, missing, failed_audio } => {
                for (id, why) in
                    failed_audio.iter().filter(|(id, why)| self.failed_audio.get(*id) != Some(*why))
                {
                    tracing::warn!(bulletin.id = %id, "the audio of {id} is not here: {}", why.en);
                }
                self.failed_audio = failed_audio;
                if failed.is_none() {
                    self.synced_at = Some(self.clock.now().wall);
                }
                if failed != self.sync_failed {
                    match &failed {
                        Some(why) => tracing::warn!("the feed could not be brought up to date: {}", why.en),
                        None => tracing::info!("the feed is up to date again"),
                    }
                }
                self.sync_failed = failed;
                self.missing = missing;
                Ok(())
            }
        }
    }

    /// Verified files come into force.
    fn apply(&mut self, feed: Feed) -> Result<(), Failure> {
        self.held = start::held(&feed, &self.feeding.library);
        self.step(Event::Library(self.held.clone()))?;
        let checked_at = std::mem::replace(&mut self.feed.checked_at, feed.checked_at);
        let changed = checked_at.is_none() || self.feed != feed;
        self.feed = feed;
        if let Some(link) = &self.link {
            link.registry(self.feed.registry.as_ref());
        }
        if changed {
            match in_force::take(&self.feed, &self.who) {
                Ok(taken) => {
                    self.zone = taken.zone;
                    self.silent = None;
                    self.left_out = taken
                        .left_out
                        .0
                        .iter()
                        .map(|f| say::left_out(f.place.to_string(), &f.what))
                        .collect();
                    self.step(Event::Applied(Box::new(taken.in_force)))?;
                }
                Err(faults) => {
                    tracing::warn!("nothing is in force: {faults}");
                    let first = faults.0.into_iter().next();
                    self.silent = first.map(|f| say::silent(&f.what, &f.remedy));
                    self.left_out.clear();
                    self.step(Event::Applied(Box::new(in_force::silence(&self.feed))))?;
                }
            }
        }
        self.tell_stale()
    }

    fn tell_stale(&mut self) -> Result<(), Failure> {
        let roles: Vec<String> = self.feed.stale.keys().cloned().collect();
        let told = self.stale_told.replace(roles.clone());
        if told.unwrap_or_default() != roles {
            let state = crate::asrun::record::FeedState { stale: !roles.is_empty(), roles };
            let now = self.clock.now();
            self.obey(now, vec![Order::Record(crate::asrun::record::Body::Feed(state))])?;
        }
        Ok(())
    }

    /// Weighs what is known of the clock, tells the controller, and lets time pass.
    pub(super) fn judge_clock(&mut self) -> Result<(), Failure> {
        let now = self.clock.now();
        let proven = self.feed.signed_at.max(self.logged_until);
        let (trust, before) = judge(self.config.clock, &self.latch, proven, now.wall);
        self.before = before;
        let event = if trust == self.trust { Event::Tick } else { Event::Trust(trust) };
        self.trust = trust;
        self.step(event)?;
        self.watch_clock();
        // The feed judges expiry by the clock: it must know.
        self.feeding.trust(trust != ClockTrust::No);
        Ok(())
    }

    /// Lets systemd be asked whether the clock is synchronised, until it was once in this boot.
    fn watch_clock(&mut self) {
        let wanted = self.config.clock == ClockSetting::Synced && !self.latch.synced;
        match (&self.clock_watch, wanted) {
            (Some(watch), false) => {
                watch.abort();
                self.clock_watch = None;
            }
            (None, true) => {
                let watch = timedate::watch(Arc::clone(&self.clock), self.clock_tell.clone());
                self.clock_watch = Some(watch);
            }
            _ => {}
        }
    }

    fn hear_clock(&mut self, said: timedate::Said) -> Result<(), Failure> {
        self.clock_unasked = said.as_ref().err().map(say::clock_unasked);
        match said {
            Ok(true) => {
                self.latch.synced = true;
                self.memory.set_latch(&self.latch).map_err(|e| self.run_disk(&e))?;
                tracing::info!("the clock is synchronised");
                self.judge_clock()
            }
            Ok(false) => {
                tracing::info!("the clock is not synchronised yet");
                Ok(())
            }
            Err(error) => {
                tracing::warn!(%error, "systemd-timedated does not say whether the clock is synchronised: {error}");
                Ok(())
            }
        }
    }

    fn run_disk(&self, error: &std::io::Error) -> Failure {
        start::disk(&Layout::new(&self.config.state).run(), error)
    }

    fn feed_watchdog(&self) {
        if self.hands.player_lives() {
            self.manager.feed(self.status_line());
        } else {
            tracing::error!("the player makes no progress: the watchdog is not fed");
        }
    }

    /// The player's thread ended by itself: a new one takes over, unless the station ends.
    fn new_player(&mut self) -> Result<Option<mpsc::UnboundedReceiver<playout::Event>>, Failure> {
        if self.hands.exited() {
            return Ok(None);
        }
        tracing::error!("the player ended by itself; starting a new one");
        let now = self.clock.now();
        let orders = self.controller.player_died(now);
        self.obey(now, orders)?;
        Ok(Some(self.hands.respawn(&self.config, &self.clock)?))
    }

    /// What a reload changed of sink and warm-up waits until nothing sounds.
    fn take_up_reload(&mut self) -> Result<Option<mpsc::UnboundedReceiver<playout::Event>>, Failure> {
        if self.reloaded.is_none() || !self.controller.is_quiet() {
            return Ok(None);
        }
        let Some(config) = self.reloaded.take() else { return Ok(None) };
        let sink = config.device != self.config.device || config.volume != self.config.volume;
        self.config = config;
        let now = self.clock.now();
        let orders = self.controller.set_settings(now, settings(&self.config));
        self.obey(now, orders)?;
        if sink { self.hands.respawn(&self.config, &self.clock).map(Some) } else { Ok(None) }
    }
}

/// What the controller must know of the configuration.
pub(super) fn settings(config: &Config) -> Settings {
    Settings {
        warm_up: config.warm_up,
        device: config.device.clone(),
        library: Layout::new(&config.state).library(),
    }
}

fn signals(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|e| Failure::Machine(say::no_signals(&e)))
}
