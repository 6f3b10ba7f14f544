//! `office push`: an area office signs its `schedule.yaml` or `stations.yaml` with its own key; the province its `policy.yaml`.
//! Which of them a file is, its keys say.

use serde::Deserialize;
use tough::schema::Targets;

use super::{
    Error, Result,
    approve::{self, Signature},
    desk::Desk,
    hand::Hand,
    init, view,
    words::Change,
};
use crate::{
    feed::roles::{POLICY, area_role, area_stations_path, schedule_path},
    ids::AreaId,
    schedule::policy::Policy,
    text::office as say,
};

/// What a file is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// `areas/<id>/schedule.yaml`.
    Schedule(AreaId),
    /// `areas/<id>/stations.yaml`.
    Stations(AreaId),
    /// `policy.yaml`.
    Policy,
}

impl Sort {
    /// Who signs it.
    pub fn role(&self) -> String {
        match self {
            Self::Schedule(area) | Self::Stations(area) => area_role(area),
            Self::Policy => "targets".into(),
        }
    }

    /// Its name in the feed.
    pub fn path(&self) -> String {
        match self {
            Self::Schedule(area) => schedule_path(area),
            Self::Stations(area) => area_stations_path(area),
            Self::Policy => POLICY.into(),
        }
    }
}

/// Tells the three kinds of file apart. Only the keys at the top are looked at; the checks come later.
pub fn sort(file: &str, text: &str) -> Result<Sort> {
    #[derive(Deserialize)]
    struct Top {
        area: Option<AreaId>,
        slots: Option<serde_yaml::Value>,
        stations: Option<serde_yaml::Value>,
        airtime: Option<serde_yaml::Value>,
    }
    let unknown = || Error::Refused(say::push_unknown(file));
    let top: Top = serde_yaml::from_str(text.trim_start_matches('\u{feff}')).map_err(|_| unknown())?;
    match top {
        Top { area: Some(area), slots: Some(_), .. } => Ok(Sort::Schedule(area)),
        Top { area: Some(area), stations: Some(_), .. } => Ok(Sort::Stations(area)),
        Top { airtime: Some(_), .. } => Ok(Sort::Policy),
        _ => Err(unknown()),
    }
}

/// Signs the list that [`plan`] made.
pub fn push(desk: &mut Desk<'_>, sort: &Sort, next: Targets, hand: &Hand) -> Result<Signature> {
    let role = sort.role();
    let draft = desk.sign_new(&role, next, hand)?.clone();
    approve::state(desk, &role, &draft)
}

/// What the gates will ask of the file, asked before anybody signs; places are in `file` as the person named it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn check(desk: &Desk<'_>, sort: &Sort, file: &str, text: &str) -> Result<()> {
    let feed = view::feed(desk);
    Ok(match sort {
        Sort::Policy => Policy::read(file, text).map(|_| ()),
        Sort::Schedule(area) => view::area_file(&feed, area, &schedule_path(area), file, text, desk.now),
        Sort::Stations(area) => view::area_file(&feed, area, &area_stations_path(area), file, text, desk.now),
    }?)
}

/// A new version of the role's list that holds `text`, and what it changes, in words.
///
/// # Errors
/// See [`Desk::next`].
pub fn plan(desk: &Desk<'_>, sort: &Sort, text: &str) -> Result<(Targets, Vec<Change>)> {
    let role = sort.role();
    let mut next = desk.next(&role)?;
    init::put(desk.office, &mut next, &sort.path(), text.as_bytes())?;
    let changes = desk.changes(&role, &next);
    Ok((next, changes))
}
