//! From files on disk to a station that can run: nothing is decided here, but what a dead process left is told.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::{
    config::Config,
    controller::{Controller, Recovered, Settled},
    enroll::Enrolment,
    hands::{self, Hands},
    layout::Layout,
    memory::Memory,
    run::settings,
};
use crate::{
    asrun::{
        journal::{HORIZON, Journal, Session, boot_id},
        key::LogKey,
        progress::{Progress, interrupted},
        record::Body,
        recover,
    },
    cli::Failure,
    clock::Clock,
    feed::{Store, Who},
    playout::{
        self,
        sink::{SinkSpec, wav_file::WavFile},
    },
    text::station as say,
};

/// What is open at start.
pub struct Started {
    pub controller: Controller,
    pub hands: Hands,
    pub memory: Memory,
    pub store: Store,
    pub who: Who,
    pub player: mpsc::UnboundedReceiver<playout::Event>,
    /// The newest instant that the log proves past.
    pub logged_until: Option<DateTime<Utc>>,
}

/// Opens everything and settles what the last process left in the middle.
///
/// # Errors
/// Not enrolled, enrolled as another station, or the disk: each with its remedy.
pub fn start(config: &Config, clock: &Arc<dyn Clock>) -> Result<Started, Failure> {
    let layout = Layout::new(&config.state);
    layout.make().map_err(|(path, e)| disk(&path, &e))?;
    let who = who(config, &layout)?;
    let key = LogKey::load(&layout.log_key()).map_err(|e| Failure::Machine(e.text()))?;
    let store = Store::open(&layout.feed()).map_err(|e| disk(&layout.feed(), &e))?;
    let memory = Memory::open(&layout.run()).map_err(|e| disk(&layout.run(), &e))?;
    let (progress, mark) = Progress::open(&memory.progress_file()).map_err(|e| disk(&layout.run(), &e))?;
    let now = clock.now();
    let session = Session {
        station: config.station.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        boot_id: boot_id(),
        at: now.wall,
        horizon: HORIZON,
    };
    let (mut journal, mut known) =
        Journal::open(&layout.asrun(), key, session).map_err(|e| Failure::Machine(e.text()))?;
    let boot = boot_id();
    for open in std::mem::take(&mut known.open) {
        let record = interrupted(&open, &journal.id(), mark.as_ref(), boot.as_deref());
        known.done.add(&record);
        journal.append(now.wall, &Body::Outcome(record)).map_err(|e| disk(&layout.asrun(), &e))?;
    }
    mend_wav(config, now.wall);
    let (player, events) = hands::spawn(config, clock)?;
    let recovered = recovered(&known, memory.settled());
    Ok(Started {
        controller: Controller::new(now, settings(config), recovered),
        hands: Hands::new(journal, progress, player),
        memory,
        store,
        who,
        player: events,
        logged_until: known.trusted_until,
    })
}

/// A virtual PA that a kill left with an old header is made right at once, not only when the next slot opens it.
fn mend_wav(config: &Config, now: DateTime<Utc>) {
    if let Ok(SinkSpec::Wav(path)) = SinkSpec::parse(&config.device)
        && path.exists()
        && let Err(fault) = WavFile::open(&path, now)
    {
        tracing::warn!("{}: {fault:?}", path.display());
    }
}

fn who(config: &Config, layout: &Layout) -> Result<Who, Failure> {
    let enrolment = Enrolment::load(layout).map_err(|e| disk(layout.state(), &e))?;
    let enrolment = enrolment.ok_or_else(|| Failure::Refused(say::not_enrolled(&config.station)))?;
    if enrolment.station != config.station {
        return Err(Failure::Refused(say::other_station(&config.station, &enrolment.station)));
    }
    let key = enrolment.key().ok_or_else(|| Failure::Refused(say::not_enrolled(&config.station)))?;
    Ok(Who { station: config.station.clone(), key })
}

/// What the controller needs to know of the log. Without the note of what is settled (a new station, or a lost file)
/// the record of the plan in force stands in: what came due before it has its outcome, but for what waited then.
fn recovered(known: &recover::Recovered, settled: Option<Settled>) -> Recovered {
    let applied = known.applied.as_ref().map(|(at, _)| *at);
    let since = applied.and_then(|at| known.trusted_until.map(|until| until.min(at)));
    Recovered {
        settled: settled.or(since.map(|until| Settled { until, open: Vec::new() })),
        done: known.done.clone(),
        hold: known.holds.get(&None).map(|hold| hold.until),
        urgent_aired: known.urgent_aired.clone(),
    }
}

/// A failure of the disk, with the path and the user.
pub fn disk(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Machine(say::disk(path.display(), crate::fault::user(), error))
}

/// What of a feed is in the library.
pub fn held(
    feed: &crate::feed::Feed,
    library: &crate::feed::library::Library,
) -> BTreeSet<crate::digest::Digest> {
    feed.bulletins.values().filter(|b| library.has(b)).map(|b| b.sha256).collect()
}
