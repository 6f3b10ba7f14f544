//! One line of the as-run log, as a type. Field order here is key order in the line (docs/asrun.md).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    bulletin::{Category, Frames, LangTag},
    digest::Digest,
    ids::{AreaId, BulletinId, SlotId, StationId},
    schedule::occurrence::{Class, Occurrence, micros},
};

use super::{
    canon::{self, Json, NotCanonical},
    chain::Head,
    key::LogKey,
    schema,
};

/// The envelope of today's lines. It changes only if framing, chain or signature do; new kinds and keys leave it.
pub const FORMAT: u16 = 1;

/// One line, read. What a newer writer added and this version does not know is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// From 1, without holes.
    pub seq: u64,
    /// SHA-256 of the line before.
    pub prev: Digest,
    /// When it was written, by the box's own clock.
    pub at: DateTime<Utc>,
    /// What it tells; none if the kind or one of its words is newer than this version.
    pub body: Option<Body>,
}

#[derive(Deserialize)]
struct Envelope {
    seq: u64,
    prev: Digest,
    #[serde(with = "micros")]
    at: DateTime<Utc>,
}

impl Record {
    /// Reads a line that has been verified, or that this program wrote. Verifies nothing itself.
    pub fn read(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let Envelope { seq, prev, at } = serde_json::from_str(line).ok()?;
        Some(Self { seq, prev, at, body: serde_json::from_str(line).ok() })
    }
}

/// The signed line, without its newline, that follows `head`, and the head after it. Fails for what no line may hold:
/// an integer or an instant out of range (docs/asrun.md, 3 and 4), more than 1 MiB.
pub fn line(
    head: Head,
    at: DateTime<Utc>,
    body: &Body,
    key: &LogKey,
) -> Result<(Vec<u8>, Head), NotCanonical> {
    #[derive(Serialize)]
    struct Unsigned<'a> {
        format: u16,
        seq: u64,
        prev: Digest,
        #[serde(with = "micros")]
        at: DateTime<Utc>,
        #[serde(flatten)]
        body: &'a Body,
    }
    let seq = head.seq + 1;
    let unsigned = canon::print(&Unsigned { format: FORMAT, seq, prev: head.hash, at, body })?;
    let line = canon::seal(unsigned, |bytes| key.sign(bytes));
    if line.len() > canon::MAX_LINE {
        return Err(NotCanonical { at: canon::MAX_LINE });
    }
    // The writer is held to the tables as any reader is: a line that nobody would accept is never written.
    let Json::Map(mut members) = Json::read(&line)? else { return Err(NotCanonical { at: 0 }) };
    members.pop();
    schema::line(&members).map_err(|_| NotCanonical { at: 0 })?;
    let head = Head { seq, hash: Digest::of(&line) };
    Ok((line, head))
}

/// What a record tells. The field `kind` names the variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Body {
    /// A process began to write this log.
    Boot(Boot),
    /// The wall clock became trusted, was set by a person, or stepped.
    Clock(ClockChange),
    /// Signed files came into force; from then on occurrences are owed by them.
    Applied(Applied),
    /// The feed went stale, or is fresh again.
    Feed(FeedState),
    /// The sound device was lost, refused, or is back.
    Device(DeviceState),
    /// Somebody took the PA.
    Hold(Hold),
    /// A hold ended, by hand or by itself.
    Release(Release),
    /// Another deed of an operator.
    Action(Action),
    /// Durable before the first frame.
    Intent(Intent),
    /// Exactly one for each occurrence that was due.
    Outcome(OutcomeRecord),
}

/// See [`Body::Boot`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Boot {
    /// Whose log.
    pub station: StationId,
    /// SHA-256 of the log's raw 32-byte Ed25519 public key.
    pub log: Digest,
    /// The program's version.
    pub version: String,
    /// Bytes of an unterminated last line that were cut at this start.
    pub cut: u64,
    /// In the first record of a log that follows another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<Continues>,
    /// The kernel's id of this boot (`/proc/sys/kernel/random/boot_id`): a process that ended in an earlier boot lost its power.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<String>,
}

/// Where the log before this one ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continues {
    /// Its log id.
    pub log: Digest,
    /// Its last sequence number.
    pub seq: u64,
    /// The hash of its last line.
    pub hash: Digest,
}

/// See [`Body::Clock`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockChange {
    /// What happened.
    pub event: ClockEvent,
    /// How it is trusted now.
    pub trust: ClockTrust,
    /// The reading before, for `set` and `stepped`.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "maybe_micros")]
    pub from: Option<DateTime<Utc>>,
    /// The reading after.
    #[serde(with = "micros")]
    pub to: DateTime<Utc>,
    /// Given by the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// It was set before an instant that the feed or this log proves past: an alarm.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alarm: bool,
}

/// What happened to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockEvent {
    /// It is trusted from now on.
    Trusted,
    /// It is not trusted any more.
    Distrusted,
    /// An operator set it.
    Set,
    /// It jumped by more than 500 ms.
    Stepped,
}

/// Why the clock is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockTrust {
    /// Not at all: nothing plays.
    No,
    /// Synchronised in this boot.
    Synced,
    /// Set by an operator in this boot.
    Set,
    /// The configuration says that the box has a battery clock.
    Rtc,
    /// The configuration says so (test beds).
    Always,
}

/// See [`Body::Applied`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Version of each role's metadata in use.
    pub feed: BTreeMap<String, u64>,
    /// SHA-256 of the policy, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Digest>,
    /// SHA-256 of each area's schedule in force.
    pub schedules: BTreeMap<AreaId, Digest>,
}

/// See [`Body::Feed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedState {
    /// True when something expired.
    pub stale: bool,
    /// The roles that expired or were refused.
    pub roles: Vec<String>,
}

/// See [`Body::Device`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceState {
    /// `lost` or `back`.
    pub state: DeviceChange,
    /// As configured.
    pub device: String,
    /// What the system said, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What happened to the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceChange {
    /// Gone, or could not be opened.
    Lost,
    /// Open again.
    Back,
}

/// See [`Body::Hold`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Whose slots wait; none: all (an operator's hold).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// It ends by itself then.
    #[serde(with = "micros")]
    pub until: DateTime<Utc>,
    /// Given by the person.
    pub reason: String,
}

/// See [`Body::Release`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// Whose hold ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaId>,
    /// True when its time was up.
    pub expired: bool,
}

/// See [`Body::Action`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// `stop`, `volume`, `test`, `decline`, `reload`.
    pub what: String,
    /// What it was about: a slot, a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Given by the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The occurrence that it was about; of `decline` always, so that a restart knows which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<Occurrence>,
}

impl Action {
    /// The deed of declining the next occurrence of a slot.
    pub const DECLINE: &str = "decline";
}

/// See [`Body::Intent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Which.
    pub occurrence: Occurrence,
    /// Its class.
    pub class: Class,
    /// What is about to play.
    pub items: Vec<IntentItem>,
    /// Versions of the roles that decided it.
    pub feed: BTreeMap<String, u64>,
    /// Gain in hundredths of dB.
    pub level_cdb: i32,
    /// Why the clock is believed.
    pub clock: ClockTrust,
    /// The sink as configured.
    pub device: String,
}

/// One item about to play, with what it was called at that time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntentItem {
    /// Its id.
    pub bulletin: BulletinId,
    /// Its bytes.
    pub sha256: Digest,
    /// Vietnamese title.
    pub title: String,
    /// None for a chime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// What is spoken.
    pub languages: Vec<LangTag>,
    /// The signed length in frames.
    pub length: Frames,
}

/// See [`Body::Outcome`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeRecord {
    /// Which; of a run of misses, the first.
    pub occurrence: Occurrence,
    /// How it ended.
    pub outcome: Outcome,
    /// The reason, from the closed list of docs/asrun.md; none for `played`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Why>,
    /// Of `preempted`: by which occurrence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Occurrence>,
    /// What was sent to the PA; empty when nothing was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<SentItem>,
    /// First frame after due, in microseconds (negative: early); none when nothing sounded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_us: Option<i64>,
    /// More than ten misses of one slot in one downtime are one record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
}

/// A run of misses of one slot, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Due instant of the first.
    #[serde(with = "micros")]
    pub first: DateTime<Utc>,
    /// Due instant of the last.
    #[serde(with = "micros")]
    pub last: DateTime<Utc>,
    /// How many.
    pub count: u64,
}

/// What was sent of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentItem {
    /// Its id.
    pub bulletin: BulletinId,
    /// Its bytes.
    pub sha256: Digest,
    /// Frames sent to the PA.
    pub frames: Frames,
    /// When its first frame was heard; none when none was.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "maybe_micros")]
    pub first_frame: Option<DateTime<Utc>>,
}

/// The closed list of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every item whole.
    Played,
    /// Cut by an urgent order, not resumed.
    Preempted,
    /// The process ended in the middle.
    Interrupted,
    /// Some of it sounded; `why` says what stopped it.
    Partial,
    /// None of it sounded; `why` says why.
    Missed,
    /// None of it was to sound after all.
    Skipped,
}

/// The closed list of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "docs/asrun.md defines each under its word")]
pub enum Why {
    // interrupted
    Power,
    Kill,
    Sigterm,
    // partial
    Time,
    MissingItem,
    Stopped,
    Withdrawn,
    Frames,
    // partial and missed
    Hold,
    Device,
    // missed
    Off,
    Clock,
    Late,
    Busy,
    Integrity,
    NothingToPlay,
    // skipped
    Declined,
    SlotGone,
}

/// [`micros`] for an instant that may be absent.
pub mod maybe_micros {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer};

    use super::micros;

    /// Writes the instant; callers skip the key when there is none.
    pub fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, s: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => micros::serialize(at, s),
            None => s.serialize_none(),
        }
    }

    /// Reads an instant.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        #[derive(Deserialize)]
        struct Wrap(#[serde(with = "micros")] DateTime<Utc>);
        Ok(Option::<Wrap>::deserialize(d)?.map(|w| w.0))
    }
}

/// A slot id as it stands in `Action::of`.
impl From<SlotId> for String {
    fn from(id: SlotId) -> Self {
        id.as_str().to_owned()
    }
}
