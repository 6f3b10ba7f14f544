//! What is new at the feed comes to the box: one pass, and (in `background`) passes for ever.
//!
//! First metadata, then audio of urgent orders, then small files before large ones. While audio comes, metadata is asked for
//! at the same pace as ever, and an urgent order that appears pauses the download under way. Whatever fails leaves the old
//! state in force and is named once. Files are written where a pass runs: give it a thread of its own.

pub mod background;
pub mod queue;
mod report;
mod run;

use std::{path::PathBuf, sync::Mutex, time::Duration};

use async_trait::async_trait;
use chrono_tz::Tz;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::budget::{Ledger, Usage};
use crate::{
    bulletin::Bulletin,
    clock::Clock,
    feed::{Feed, Mode, Now, Refusal, Store, Who, audio::AudioSource, library::Library, source::Source},
    ids::{BulletinId, StationId},
    text::Text,
};

pub use self::{queue::Want, run::pass};

/// What sync needs of the station's configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Which station this is.
    pub station: StationId,
    /// Where the feed lies.
    pub feed_url: String,
    /// A file of PEM certificates to trust beside the system's.
    pub ca: Option<PathBuf>,
    /// The state folder, see [`super::layout::Layout`].
    pub state: PathBuf,
    /// Megabytes (10^6 bytes) that ordinary audio may bring a day to; none: no limit.
    pub data_mb_day: Option<u64>,
    /// Megabytes that all audio on disk may take.
    pub disk_mb: u64,
    /// Between two passes, 10 s to 24 h; each wait is within ±20 % of it.
    pub poll: Duration,
    /// The zone in which a day of the data budget begins.
    pub zone: Tz,
}

/// Verified metadata that can be brought up to date. A seam: tests and simulations put their own behind it.
#[async_trait]
pub trait Metadata: Send {
    /// See [`Store::load`].
    fn load(&self, who: &Who, now: Now) -> Feed;
    /// See [`Store::refresh`].
    async fn refresh(
        &mut self,
        source: &dyn Source,
        mode: Mode,
        who: &Who,
        now: Now,
    ) -> Result<Feed, Refusal>;
}

#[async_trait]
impl Metadata for Store {
    fn load(&self, who: &Who, now: Now) -> Feed {
        self.load(who, now)
    }

    async fn refresh(
        &mut self,
        source: &dyn Source,
        mode: Mode,
        who: &Who,
        now: Now,
    ) -> Result<Feed, Refusal> {
        self.refresh(source, mode, who, now).await
    }
}

/// Numbers of a pass.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Bytes that all audio on disk may take.
    pub disk: u64,
    /// Between two looks at metadata while audio comes.
    pub poll: Duration,
    /// Tries of one recording that may be in vain in a row.
    pub attempts: u32,
    /// The wait after the first of them.
    pub pause: Duration,
}

/// What a pass works with.
pub struct Tools<'a> {
    /// Where files come from.
    pub source: &'a dyn AudioSource,
    /// Server or stick.
    pub mode: Mode,
    /// Where audio goes.
    pub library: &'a Library,
    /// The count of bytes; others may read it meanwhile.
    pub ledger: &'a Mutex<Ledger>,
    /// For whom.
    pub who: &'a Who,
    /// The time, and whether it can be believed.
    pub now: &'a (dyn Fn() -> Now + Sync),
    /// For waits.
    pub clock: &'a dyn Clock,
    /// Numbers.
    pub rules: Rules,
    /// What this station needs of what the feed offers.
    pub want: &'a (dyn Fn(&Feed, &Bulletin) -> Want + Sync),
    /// Told of what happens, while it happens.
    pub watch: &'a (dyn Fn(Event<'_>) + Sync),
    /// Look at metadata now.
    pub nudge: &'a Notify,
    /// End soon; what came is kept.
    pub cancel: CancellationToken,
}

/// What a pass tells while it runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// A verified feed that may differ from the one before.
    Feed(&'a Feed),
    /// The feed could not be brought up to date; the one before stays.
    Refused(&'a Refusal),
    /// So many bytes of a recording are here.
    Progress(&'a Bulletin, u64),
    /// A recording is whole and right.
    Fetched(&'a Bulletin),
    /// A recording in the library was not what its name says, and is gone.
    Damaged(&'a Bulletin),
    /// A pass has ended.
    Done(&'a Synced),
}

/// A recording that the station wants and does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub id: BulletinId,
    /// Bytes of it that are here.
    pub have: u64,
    /// Bytes of the whole.
    pub length: u64,
    /// An urgent order waits for it.
    pub urgent: bool,
    /// It was tried in vain, or could not even be begun; else its turn has not come.
    pub failed: bool,
    /// Why it is not here.
    pub why: Text,
}

/// What one pass brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Synced {
    /// The feed in force.
    pub feed: Feed,
    /// Why the feed could not be brought up to date, the last time that it was tried.
    pub refused: Option<Refusal>,
    /// What came.
    pub fetched: Vec<BulletinId>,
    /// What did not.
    pub missing: Vec<Missing>,
    /// What was found altered on disk and removed.
    pub damaged: Vec<BulletinId>,
    /// Old files that went to make room.
    pub collected: usize,
    /// Bytes over the line, both ways, headers included.
    pub bytes: u64,
    /// Of the line, after this pass.
    pub usage: Usage,
    /// What this machine itself could not do: disk, permissions.
    pub faults: Vec<Text>,
    /// It was told to end early.
    pub cancelled: bool,
    /// It came from a stick, whose timestamp and snapshot may be old.
    pub from_stick: bool,
}

impl Synced {
    /// Whether the feed is up to date in every part, and all audio here.
    pub fn is_complete(&self) -> bool {
        let old = |role: &str| self.from_stick && matches!(role, "timestamp" | "snapshot");
        self.refused.is_none()
            && self.missing.is_empty()
            && self.faults.is_empty()
            && !self.cancelled
            && self.feed.stale.keys().all(|role| old(role))
    }
}
