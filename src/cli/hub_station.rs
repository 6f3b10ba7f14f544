//! `loaxa hub station …`: stations, as the server's operator adds them; the pages do the same.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Answer, Context, Failure, answer, hub::database};
use crate::{
    digest::Digest,
    hub::{
        Fail, Hub,
        db::{areas, stations},
        station::{enrol, registry, state::State},
    },
    ids::{AreaId, StationId},
    text::{Text, hub as common, hub_station as say},
};

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Adds one.
    #[command(about = say::help_add().here())]
    Add(Add),
    /// A new code for one.
    #[command(about = say::help_code().here())]
    Code {
        /// Which.
        #[arg(value_name = "ID", help = say::help_id().here())]
        id: String,
    },
    /// All of them.
    #[command(about = say::help_list().here())]
    List,
}

/// A station to add.
#[derive(Debug, Args)]
pub struct Add {
    /// Its id.
    #[arg(value_name = "ID", help = say::help_id().here())]
    id: String,
    /// Where it belongs.
    #[arg(long, value_name = "AREA", help = say::help_commune().here())]
    commune: String,
    /// The commune's name, when it is new.
    #[arg(long, value_name = "TITLE", requires = "below", help = say::help_commune_title().here())]
    commune_title: Option<String>,
    /// What a new commune is part of.
    #[arg(long, value_name = "AREA", requires = "commune_title", help = say::help_below().here())]
    below: Option<String>,
    /// Where the loudspeakers hang.
    #[arg(long, default_value = "", help = say::help_place().here())]
    place: String,
    /// Whom to call.
    #[arg(long, default_value = "", help = say::help_contact().here())]
    contact: String,
    /// What selectors of slots ask for.
    #[arg(long, value_delimiter = ',', help = say::help_tags().here())]
    tags: Vec<String>,
    /// What is spoken there.
    #[arg(long, value_delimiter = ',', default_value = "vi", help = say::help_languages().here())]
    languages: Vec<String>,
}

/// Does it, on the machine of the hub.
///
/// # Errors
/// Refused, or the machine.
pub async fn run(ctx: &Context, hub: &Hub, verb: Verb) -> Answer {
    match verb {
        Verb::Add(new) => add(ctx, hub, new).await,
        Verb::Code { id } => {
            let station = stations::get(&hub.db, &id).await.map_err(database)?;
            let station = station.ok_or_else(|| Failure::Refused(say::no_station(&id)))?;
            give_code(ctx, hub, &station.id).await
        }
        Verb::List => list(ctx, hub).await,
    }
}

async fn add(ctx: &Context, hub: &Hub, new: Add) -> Answer {
    let id: StationId = new.id.parse().map_err(|_| Failure::Usage(say::bad_station(&new.id)))?;
    let tree = areas::tree(&hub.db).await.map_err(database)?;
    let unknown = |area: &str| Failure::Refused(common::no_such_area(area));
    if tree.get(&new.commune).is_none() {
        let (Some(title), Some(below)) = (&new.commune_title, &new.below) else {
            return Err(unknown(&new.commune));
        };
        let commune: AreaId = new.commune.parse().map_err(|_| unknown(&new.commune))?;
        tree.get(below).ok_or_else(|| unknown(below))?;
        areas::put(&hub.db, &commune, Some(below), title, "commune").await.map_err(database)?;
    }
    let station = stations::Station {
        id: id.as_str().to_owned(),
        commune: new.commune,
        tags: new.tags.join(" "),
        languages: new.languages.join(" "),
        place: new.place,
        contact: new.contact,
        ..stations::Station::default()
    };
    if !stations::add(&hub.db, &station, hub.now()).await.map_err(database)? {
        return Err(Failure::Refused(say::station_there(&id)));
    }
    give_code(ctx, hub, &station.id).await
}

/// Shows a new code, once, and what people compare.
async fn give_code(ctx: &Context, hub: &Hub, station: &str) -> Answer {
    let code = enrol::give_code(hub, station, "").await.map_err(failed)?;
    let known = registry::known(hub).await.map_err(failed)?;
    let command = format!("loaxa station enroll --hub {} --code {code}", hub.config.address());
    let mut said = vec![say::station_added(station, &code, enrol::LASTS.num_hours(), &command)];
    let root = (!known.root.is_empty()).then(|| Digest::of(&known.root));
    said.push(match &root {
        Some(root) => say::compare(root.fingerprint()),
        None => say::no_feed_yet(),
    });
    let document = json!({"station": station, "code": code, "root_sha256": root, "command": command});
    answer(ctx, &document, &Text::join(&said, "\n\n"))
}

async fn list(ctx: &Context, hub: &Hub) -> Answer {
    let known = registry::known(hub).await.map_err(failed)?;
    let all = stations::all(&hub.db).await.map_err(database)?;
    let is_signed = |key: &[u8]| known.stations.values().any(|entry| entry.key == key);
    let waiting: Vec<_> = stations::enrolled(&hub.db).await.map_err(database)?;
    let waiting: Vec<_> = waiting
        .into_iter()
        .filter_map(|e| Some((e.station, e.key?)))
        .filter(|(_, key)| !is_signed(key))
        .map(|(station, key)| (station, hex::encode(key)))
        .collect();
    let receipt_key = hex::encode(hub.stations.receipts.public());
    let name = |word: &str| State::parse(word).map_or_else(|| Text::same(word), State::name);
    let mut said: Vec<_> = all.iter().map(|s| say::listed(&s.id, &s.commune, name(&s.state))).collect();
    if said.is_empty() {
        said.push(say::no_stations());
    }
    said.extend(waiting.iter().map(|(station, key)| say::waiting(station, key)));
    said.push(say::receipt_key(&receipt_key));
    let stations: Vec<_> =
        all.iter().map(|s| json!({"id": s.id, "commune": s.commune, "state": s.state})).collect();
    let waiting: Vec<_> =
        waiting.iter().map(|(station, key)| json!({"station": station, "key": key})).collect();
    let document = json!({"stations": stations, "waiting": waiting, "receipt_key": receipt_key});
    answer(ctx, &document, &Text::join(&said, "\n"))
}

fn failed(fail: Fail) -> Failure {
    match fail {
        Fail::Machine(why) => Failure::Machine(common::no_database(why)),
        other => Failure::Refused(other.text()),
    }
}
