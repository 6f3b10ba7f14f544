//! One pass.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    pin::pin,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Event, Metadata, Missing, Synced, Tools,
    background::jitter,
    queue::{self, Rank},
};
use crate::{
    bulletin::Bulletin,
    feed::{
        Feed, Mode, Refusal,
        download::{Download, Ended, Failed},
        library::room::Room,
    },
    ids::BulletinId,
    station::budget::Ledger,
    text::{self, Text},
};

/// On so many recordings in a row the line may fail; then it or the server is down, and the rest waits for the next pass.
const FAILURES: u32 = 3;

/// Brings feed and library up to date, once. Never fails as a whole: what did not work is in the answer.
pub async fn pass(metadata: &mut dyn Metadata, tools: &Tools<'_>) -> Synced {
    let mut pass = Pass {
        tools,
        meter: Meter::new(tools),
        feed: metadata.load(tools.who, (tools.now)()),
        synced: Synced::default(),
        given_up: BTreeMap::new(),
        checked: BTreeSet::new(),
    };
    let asked = tokio::select! {
        asked = metadata.refresh(tools.source, tools.mode, tools.who, (tools.now)()) => Some(asked),
        () = tools.cancel.cancelled() => None,
    };
    let reached = asked.is_some_and(|asked| pass.take(asked));
    pass.check(Rank::Urgent);
    if reached {
        pass.audio(metadata).await;
    }
    pass.finish(reached)
}

struct Pass<'a> {
    tools: &'a Tools<'a>,
    meter: Meter<'a>,
    feed: Feed,
    synced: Synced,
    given_up: BTreeMap<BulletinId, Text>,
    checked: BTreeSet<BulletinId>,
}

impl Pass<'_> {
    /// Takes what a look at metadata gave. `false`: the source cannot be reached.
    fn take(&mut self, asked: Result<Feed, Refusal>) -> bool {
        self.meter.count();
        match asked {
            Ok(feed) => {
                (self.tools.watch)(Event::Feed(&feed));
                self.synced.faults.extend(feed.unkept.iter().cloned());
                (self.feed, self.synced.refused) = (feed, None);
                true
            }
            Err(refusal) => {
                (self.tools.watch)(Event::Refused(&refusal));
                // A stick may have brought more than this process has seen.
                (self.tools.watch)(Event::Feed(&self.feed));
                let reached = !refusal.try_again();
                self.synced.refused = Some(refusal);
                reached
            }
        }
    }

    /// Fetches what is missing, the most urgent first.
    async fn audio(&mut self, metadata: &mut dyn Metadata) {
        self.disk(self.tools.library.sweep_parts(&self.feed));
        let mut failures = 0;
        while !self.tools.cancel.is_cancelled() && failures < FAILURES {
            let Some((rank, bulletin)) = self.next() else {
                if self.check(Rank::Later) {
                    continue;
                }
                return;
            };
            if rank != Rank::Urgent && self.check(Rank::Later) {
                continue;
            }
            if let Some(why) = self.hindrance(&bulletin, rank) {
                self.given_up.insert(bulletin.id.clone(), why);
                continue;
            }
            match self.fetch(metadata, &bulletin, rank).await {
                Ok(Ended::Whole) => {
                    failures = 0;
                    (self.tools.watch)(Event::Fetched(&bulletin));
                    self.synced.fetched.push(bulletin.id);
                }
                Ok(Ended::Stopped) => {}
                Ok(Ended::Spent) => {
                    self.given_up.insert(bulletin.id, text::sync::spent());
                }
                Err(failed) => {
                    failures = if failed.line { failures + 1 } else { 0 };
                    if failed.disk && !self.is_here(&bulletin.id) {
                        self.synced.faults.push(failed.why.clone());
                    }
                    self.given_up.insert(bulletin.id, failed.why);
                }
            }
        }
    }

    fn next(&self) -> Option<(Rank, Bulletin)> {
        let here = |b: &Bulletin| self.tools.library.has(b);
        queue::next(&self.feed, here, self.tools.want, &self.given_up, (self.tools.now)().wall)
            .map(|(rank, bulletin)| (rank, bulletin.clone()))
    }

    /// Why a recording cannot even be begun.
    fn hindrance(&mut self, bulletin: &Bulletin, rank: Rank) -> Option<Text> {
        let now = (self.tools.now)().wall;
        let urgent = rank == Rank::Urgent;
        if !may_cost(self.tools, &self.meter, rank) {
            return Some(text::sync::spent());
        }
        let library = self.tools.library;
        let more = bulletin.length.saturating_sub(library.part_len(&bulletin.sha256));
        let disk = self.tools.rules.disk;
        match library.make_room(&self.feed, now, more, disk, urgent) {
            Ok(Room::Made(gone)) => {
                self.synced.collected += gone;
                None
            }
            Ok(Room::Lacking(bytes)) => Some(text::sync::no_room(bytes.div_ceil(1_000_000))),
            Err(e) => Some(text::sync::disk(library.path_of(&bulletin.sha256).display(), &e)),
        }
    }

    /// Reads what has changed on disk since it was read last: audio of urgent orders, or all that the feed lists.
    /// `true`: something is gone, so look again at what is missing.
    fn check(&mut self, upto: Rank) -> bool {
        let now = (self.tools.now)().wall;
        let mut gone = false;
        for bulletin in self.feed.bulletins.values() {
            let urgent = queue::rank(&self.feed, bulletin, queue::Want::SomeTime, now) == Some(Rank::Urgent);
            if (upto == Rank::Urgent && !urgent) || !self.checked.insert(bulletin.id.clone()) {
                continue;
            }
            let path = self.tools.library.path_of(&bulletin.sha256);
            if !path.exists() {
                continue;
            }
            match self.tools.library.check(&bulletin.sha256) {
                Ok(true) => {}
                Ok(false) => {
                    gone = true;
                    (self.tools.watch)(Event::Damaged(bulletin));
                    self.synced.damaged.push(bulletin.id.clone());
                }
                Err(e) => self.synced.faults.push(text::sync::disk(path.display(), &e)),
            }
        }
        gone
    }

    /// Downloads one recording; meanwhile goes on looking at metadata, and stops for something urgent.
    async fn fetch(
        &mut self,
        metadata: &mut dyn Metadata,
        bulletin: &Bulletin,
        rank: Rank,
    ) -> Result<Ended, Failed> {
        let (tools, meter) = (self.tools, self.meter.clone());
        let may_go_on = |_| {
            meter.count();
            may_cost(tools, &meter, rank)
        };
        let progress = |have| (tools.watch)(Event::Progress(bulletin, have));
        let download = Download {
            source: tools.source,
            library: tools.library,
            clock: tools.clock,
            attempts: tools.rules.attempts,
            pause: tools.rules.pause,
            stop: tools.cancel.child_token(),
            may_go_on: &may_go_on,
            progress: &progress,
        };
        let mut coming = pin!(download.run(bulletin));
        loop {
            tokio::select! {
                done = &mut coming => return done,
                () = tools.nudge.notified() => {}
                () = tools.clock.sleep(jitter(tools.rules.poll, fastrand::f64())) => {}
            }
            let mut asking = pin!(metadata.refresh(tools.source, tools.mode, tools.who, (tools.now)()));
            let mut done = None;
            let asked = loop {
                tokio::select! {
                    asked = &mut asking => break Some(asked),
                    ended = &mut coming, if done.is_none() => done = Some(ended),
                    () = tools.cancel.cancelled() => break None,
                }
            };
            asked.map(|asked| self.take(asked));
            if let Some(done) = done {
                return done;
            }
            if self.is_overtaken(bulletin, rank) {
                download.stop.cancel();
            }
        }
    }

    /// Whether a download should make way: something urgent is missing, or it is not listed any more.
    fn is_overtaken(&self, bulletin: &Bulletin, rank: Rank) -> bool {
        let listed = self.feed.bulletins.get(&bulletin.id).is_some_and(|b| b.sha256 == bulletin.sha256);
        !listed || (rank != Rank::Urgent && self.next().is_some_and(|(rank, _)| rank == Rank::Urgent))
    }

    fn disk<T>(&mut self, done: io::Result<T>) {
        if let Err(e) = done {
            let dir = self.tools.library.dir().display();
            self.synced.faults.push(text::sync::disk(dir, &e));
        }
    }

    fn is_here(&self, id: &BulletinId) -> bool {
        self.feed.bulletins.get(id).is_some_and(|b| self.tools.library.has(b))
    }

    fn finish(mut self, reached: bool) -> Synced {
        let now = (self.tools.now)().wall;
        self.synced.from_stick = self.tools.mode == Mode::Stick;
        self.synced.cancelled = self.tools.cancel.is_cancelled();
        for bulletin in self.feed.bulletins.values().filter(|b| !self.tools.library.has(b)) {
            let want = (self.tools.want)(&self.feed, bulletin);
            let Some(rank) = queue::rank(&self.feed, bulletin, want, now) else {
                continue;
            };
            let other = if reached { text::sync::later() } else { text::sync::no_line() };
            let why = self.given_up.remove(&bulletin.id);
            self.synced.missing.push(Missing {
                id: bulletin.id.clone(),
                have: self.tools.library.part_len(&bulletin.sha256),
                length: bulletin.length,
                urgent: rank == Rank::Urgent,
                failed: why.is_some(),
                why: why.unwrap_or(other),
            });
        }
        // What is here although its download failed at the end: the disk would not say that it keeps it.
        let mut given_up = std::mem::take(&mut self.given_up);
        given_up.retain(|id, _| self.is_here(id));
        self.synced.faults.extend(given_up.into_values());
        self.meter.count();
        let mut ledger = self.meter.ledger();
        if let Err(e) = ledger.save() {
            self.synced.faults.push(text::sync::count_lost(&e));
        }
        self.synced.usage = ledger.usage(now);
        drop(ledger);
        self.synced.bytes = self.meter.bytes();
        self.synced.feed = self.feed;
        (self.tools.watch)(Event::Done(&self.synced));
        self.synced
    }
}

/// Whether bytes of that rank may come today. What comes from a stick costs nothing.
fn may_cost(tools: &Tools<'_>, meter: &Meter<'_>, rank: Rank) -> bool {
    tools.mode == Mode::Stick || rank == Rank::Urgent || meter.ledger().left((tools.now)().wall) > 0
}

/// Books the source's bytes as they go.
#[derive(Clone)]
struct Meter<'a> {
    tools: &'a Tools<'a>,
    began: u64,
    counted: std::sync::Arc<AtomicU64>,
}

impl<'a> Meter<'a> {
    fn new(tools: &'a Tools<'a>) -> Self {
        let began = tools.source.wire();
        Self { tools, began, counted: std::sync::Arc::new(AtomicU64::new(began)) }
    }

    fn bytes(&self) -> u64 {
        self.counted.load(Ordering::Relaxed) - self.began
    }

    fn count(&self) {
        let wire = self.tools.source.wire();
        let new = wire - self.counted.swap(wire, Ordering::Relaxed);
        if let Err(e) = self.ledger().add(new, (self.tools.now)().wall) {
            // The bytes stay counted in memory, and `finish` tries and reports again.
            tracing::debug!(error = %e, "the count of bytes is not on disk yet: {e}");
        }
    }

    fn ledger(&self) -> MutexGuard<'a, Ledger> {
        let ledger: &Mutex<Ledger> = self.tools.ledger;
        ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
