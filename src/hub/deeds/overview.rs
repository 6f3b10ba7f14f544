//! Communes by state.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::stations;
use crate::hub::{
    Fail, Hub,
    db::{areas, fleet, webhooks},
    overview::State,
};

/// An area at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Overview {
    /// How many stations are in which state, the worst first; states without any are left out.
    pub counts: Vec<Count>,
    /// The communes, those with the worst station first.
    pub communes: Vec<Commune>,
    /// Alarms that nobody has seen to.
    pub open_alarms: i64,
}

/// So many stations.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Count {
    /// In this state.
    pub state: State,
    /// How many.
    pub stations: usize,
}

/// A commune at a glance.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Commune {
    /// Its id.
    pub id: String,
    /// As people call it.
    pub title: String,
    /// Its worst station's state.
    pub state: State,
    /// All of its stations, the worst first.
    pub counts: Vec<Count>,
    /// When the station that was longest unheard of was last heard of, microseconds; none: never.
    pub seen_at: Option<i64>,
}

fn counts(by: &BTreeMap<State, usize>) -> Vec<Count> {
    by.iter().map(|(state, stations)| Count { state: *state, stations: *stations }).collect()
}

/// `top` and what is below, at a glance. Revoked stations are not counted.
///
/// # Errors
/// The database.
pub async fn look(hub: &Hub, top: &str) -> Result<Overview, Fail> {
    let tree = areas::tree(&hub.db).await?;
    let now = hub.now();
    let mut all = BTreeMap::<State, usize>::new();
    let mut communes = BTreeMap::<String, (BTreeMap<State, usize>, Option<i64>)>::new();
    for station in fleet::within(&hub.db, top).await?.into_iter().filter(|s| s.revoked_at.is_none()) {
        let state = stations::state(&station, now);
        *all.entry(state).or_default() += 1;
        let commune = communes.entry(station.commune).or_insert((BTreeMap::new(), station.seen_at));
        *commune.0.entry(state).or_default() += 1;
        commune.1 = commune.1.min(station.seen_at);
    }
    let mut communes: Vec<_> = communes
        .into_iter()
        .filter_map(|(id, (by, seen_at))| {
            let state = *by.keys().next()?;
            Some(Commune { title: tree.title(&id).to_owned(), id, state, counts: counts(&by), seen_at })
        })
        .collect();
    communes.sort_by(|a, b| (a.state, &a.title).cmp(&(b.state, &b.title)));
    let open_alarms = webhooks::open_alarms(&hub.db, top).await?;
    Ok(Overview { counts: counts(&all), communes, open_alarms })
}
