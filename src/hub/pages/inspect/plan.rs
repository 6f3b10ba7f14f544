//! What a station is to play on a day, by its own planner over the hub's feed.

use std::{path::PathBuf, str::FromStr};

use crate::{
    asrun::words::ZONE,
    cli::feed_folder,
    hub::{Fail, Hub, pages::inspect::figures},
    ids::StationId,
    schedule::{occurrence::Planned, place, plan, world::World},
    text::{Lang, Text, hub_inspect as words},
};

/// One slot's title by area and slot.
pub type Titles = std::collections::BTreeMap<(String, String), String>;

/// The plan of a day, or why there is none.
pub async fn of_day(
    hub: &Hub,
    station: &str,
    day: i64,
    lang: Lang,
) -> Result<Result<(Vec<Planned>, Titles), Text>, Fail> {
    let folder = hub.config.data.join("feed");
    let Ok(station) = StationId::from_str(station) else { return Err(Fail::NotFound) };
    // Reads and verifies the feed: not on a thread that serves.
    tokio::task::spawn_blocking(move || planned(folder, &station, day, lang)).await.map_err(Fail::machine)
}

fn planned(
    folder: PathBuf,
    station: &StationId,
    day: i64,
    lang: Lang,
) -> Result<(Vec<Planned>, Titles), Text> {
    if !folder.join(crate::feed::roles::metadata_name("timestamp", None)).is_file() {
        return Err(words::sheet_no_feed());
    }
    let both = |l: Lang, vi: String, en: String| if l == Lang::Vi { vi } else { en };
    let feed = feed_folder::load(&folder, Some(station))
        .map_err(|failure| Text::same(both(lang, failure.to(Lang::Vi), failure.to(Lang::En))))?;
    let world = World::for_station(&feed, station)
        .map_err(|faults| Text { vi: faults.to(Lang::Vi), en: faults.to(Lang::En) })?;
    let midnight = |day| place::midnight(ZONE, figures::date_of(day));
    let titles = world.areas.iter().flat_map(|area| {
        let name = area.schedule.area.to_string();
        area.selected().map(move |slot| ((name.clone(), slot.id.to_string()), slot.title.to(lang).to_owned()))
    });
    let titles = titles.collect();
    Ok((plan::plan(&world, midnight(day)..midnight(day + 1)), titles))
}
