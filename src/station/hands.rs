//! What carries out the controller's orders: the journal, the player, the progress file.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;

use super::{config::Config, controller::Order, start};
use crate::{
    asrun::{
        chain::Head,
        journal::Journal,
        progress::{Mark, Progress},
        record::{Body, Intent, SentItem},
    },
    cli::Failure,
    clock::{Clock, Moment},
    digest::Digest,
    playout::{
        self, Command, Sent,
        player::{Player, PlayerHandle},
        sink::{self, SinkSpec},
    },
    schedule::occurrence::Occurrence,
    text::{Text, station as say},
};

/// How often the progress of what sounds is made durable.
const MARK_EVERY: TimeDelta = TimeDelta::seconds(5);
/// A log that cannot be written is tried again so often, so long apart, before the station gives up.
const TRIES: u32 = 3;

/// See the module.
pub struct Hands {
    pub(super) journal: Journal,
    pub(super) progress: Progress,
    pub(super) player: PlayerHandle,
    /// The newest intent, by record number.
    intent: Option<(u64, Intent)>,
    marked: Option<DateTime<Utc>>,
    exited: bool,
    /// Why the sink is lost.
    pub(super) lost: Option<Text>,
}

impl Hands {
    /// Takes over what start-up has opened.
    pub fn new(journal: Journal, progress: Progress, player: PlayerHandle) -> Self {
        Self { journal, progress, player, intent: None, marked: None, exited: false, lost: None }
    }

    /// Whether [`Order::Exit`] has come.
    pub fn exited(&self) -> bool {
        self.exited
    }

    /// Whether the player's thread makes progress.
    pub fn player_lives(&self) -> bool {
        self.player.is_alive()
    }

    /// Notes what an event says of the sink.
    pub fn heard(&mut self, event: &playout::Event) {
        match event {
            playout::Event::Lost(why) => self.lost = Some(why.clone()),
            playout::Event::Opened(_) => self.lost = None,
            _ => {}
        }
    }

    /// The head and id of the log.
    pub fn log(&self) -> (Digest, Head) {
        (self.journal.id(), self.journal.head())
    }

    /// Carries out one order.
    ///
    /// # Errors
    /// The log cannot be written: then nothing may sound, and the station ends.
    pub fn obey(&mut self, now: Moment, order: Order) -> Result<(), Failure> {
        match order {
            Order::Record(body) => self.record(now.wall, &body),
            Order::Player(command) => {
                self.player.send(command);
                Ok(())
            }
            Order::Mark { of, sent } => {
                self.mark(now.wall, &of, &sent);
                Ok(())
            }
            Order::Exit => {
                self.exited = true;
                Ok(())
            }
            Order::Settled(_) | Order::Refetch(_) => Ok(()),
        }
    }

    fn record(&mut self, at: DateTime<Utc>, body: &Body) -> Result<(), Failure> {
        let mut failed = None;
        for _ in 0..TRIES {
            match self.journal.append(at, body) {
                Ok(head) => {
                    if let Body::Intent(intent) = body {
                        self.intent = Some((head.seq, intent.clone()));
                        self.marked = None;
                    }
                    return Ok(());
                }
                Err(error) => failed = Some(error),
            }
        }
        self.player.send(Command::Shutdown);
        // Time for the fade; without a log nothing else is to be done.
        std::thread::park_timeout(Duration::from_millis(500));
        let dir = self.journal.dir().display();
        Err(match failed {
            Some(error) => Failure::Machine(say::log_fails(dir, &error)),
            None => Failure::Machine(say::log_fails(dir, "?")),
        })
    }

    /// Keeps how far the running occurrence has come. Losing a mark loses seconds of a count, so a failure is told
    /// and the sound goes on.
    fn mark(&mut self, now: DateTime<Utc>, of: &Occurrence, sent: &[Sent]) {
        let Some((seq, intent)) = self.intent.as_ref().filter(|(_, i)| i.occurrence == *of) else { return };
        if self.marked.is_some_and(|at| now >= at && now - at < MARK_EVERY) {
            return;
        }
        self.marked = Some(now);
        let item = |s: &Sent| {
            let item = intent.items.get(s.item)?;
            Some(SentItem {
                bulletin: item.bulletin.clone(),
                sha256: item.sha256,
                frames: s.frames,
                first_frame: s.first_frame,
            })
        };
        let items = sent.iter().filter_map(item).collect();
        let mark = Mark { log: self.journal.id(), intent: *seq, at: now, items };
        if let Err(error) = self.progress.keep(&mark) {
            tracing::error!(%error, "the progress file cannot be written; a power cut now would lose the count");
        }
    }

    /// A new player for `config`, in place of the one before.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn respawn(
        &mut self,
        config: &Config,
        clock: &Arc<dyn Clock>,
    ) -> Result<mpsc::UnboundedReceiver<playout::Event>, Failure> {
        let (player, events) = spawn(config, clock)?;
        self.player = player;
        self.lost = None;
        Ok(events)
    }
}

/// Starts a player for the sink of `config`.
pub(super) fn spawn(
    config: &Config,
    clock: &Arc<dyn Clock>,
) -> Result<(PlayerHandle, mpsc::UnboundedReceiver<playout::Event>), Failure> {
    let spec = SinkSpec::parse(&config.device)?;
    let settings = sink::Settings { volume: config.volume, ..sink::Settings::default() };
    Player::spawn(spec, Arc::clone(clock), settings).map_err(|e| start::disk(&config.state, &e))
}
