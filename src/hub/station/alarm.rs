//! What may be wrong with a log, and how it is told.

use serde_json::Value;

use crate::{
    asrun::findings::Fault,
    hub::{
        Fail, Hub,
        account::secret,
        db::{
            alarms::{self, New},
            stations::Station,
        },
        live::News,
    },
    text::{Text, hub_station as say},
};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines between those that are held and those that came are missing on the box.
    Gap,
    /// Two boxes write with one key, or a line that no receipt covered was written again.
    Fork,
    /// A line that a receipt covers was written again.
    Rewritten,
    /// The box holds less than a receipt covers.
    Truncated,
    /// A line is not as the station's key signed it.
    Altered,
    /// A log that the registry named once and no longer names still sends.
    OtherKey,
    /// A record says that it is of another station or log.
    OtherStation,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Gap,
        Self::Fork,
        Self::Rewritten,
        Self::Truncated,
        Self::Altered,
        Self::OtherKey,
        Self::OtherStation,
    ];

    /// As stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Fork => "fork",
            Self::Rewritten => "rewritten",
            Self::Truncated => "truncated",
            Self::Altered => "altered",
            Self::OtherKey => "other-key",
            Self::OtherStation => "other-station",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// As people call it.
    pub fn name(self) -> Text {
        match self {
            Self::Gap => say::alarm_gap(),
            Self::Fork => say::alarm_fork(),
            Self::Rewritten => say::alarm_rewritten(),
            Self::Truncated => say::alarm_truncated(),
            Self::Altered => say::alarm_altered(),
            Self::OtherKey => say::alarm_other_key(),
            Self::OtherStation => say::alarm_other_station(),
        }
    }

    /// What a fault of a line means here.
    pub(super) fn of(fault: &Fault) -> Self {
        match fault {
            Fault::OtherLog { .. } | Fault::OtherStation { .. } => Self::OtherStation,
            Fault::Gap { .. } => Self::Gap,
            _ => Self::Altered,
        }
    }
}

/// Raises an alarm about a station's log. The same one is raised once, until somebody has seen it.
///
/// # Errors
/// The database.
pub(super) async fn raise(hub: &Hub, kind: Kind, station: &Station, detail: &Value) -> Result<(), Fail> {
    let (id, commune) = (station.id.as_str(), station.commune.as_str());
    let new = New { kind: kind.word(), station: id, commune, detail: &detail.to_string() };
    if alarms::raise(&hub.db, secret::random()?, hub.now(), &new).await? {
        tracing::error!(station.id = id, alarm = kind.word(), %detail, "log alarm: {}", kind.name().en);
        hub.live.tell(News::Alarm);
        if let Ok(id) = station.id.parse() {
            hub.live.tell(News::Station(id));
        }
    }
    Ok(())
}
