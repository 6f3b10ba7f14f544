//! What an office asks: which recordings are approved and until when, and what a station will play. Both come from the feed
//! as it is served, verified as a station verifies it; the plan is the station's own planner's.

use std::{path::PathBuf, sync::Arc};

use askama::Template;
use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Frame, page};
use crate::{
    bulletin::{Bulletin, Kind},
    cli::{Failure, feed_folder},
    feed::Feed,
    hub::{
        Fail, Hub, Reply,
        deeds::{Doer, day, stations},
        extract::Named,
        routes::{Route, get},
        rule::Rule,
    },
    ids::StationId,
    schedule::{
        occurrence::{Planned, Will},
        plan,
        world::World,
    },
    text::{Lang, Text, bulletin as words, hub as say, hub_account as acc},
};

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![get("/office", Rule::Anyone, recordings), get("/stations/{station}/plan", Rule::Anyone, planned)]
}

/// What ends within this is shown first.
const SOON: TimeDelta = TimeDelta::days(14);
/// So far a plan looks.
const AHEAD: TimeDelta = TimeDelta::hours(48);

struct Recording {
    id: String,
    title: String,
    category: Text,
    languages: String,
    length: String,
    loudness: String,
    peak: String,
    until: String,
    ends: Ends,
    approved: String,
    transcript: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ends {
    Soon,
    Later,
    Over,
}

#[derive(Template)]
#[template(path = "office.html")]
struct Office {
    frame: Frame,
    recordings: Vec<Recording>,
    withdrawn: Vec<String>,
    stale: Vec<Text>,
    trouble: Option<Text>,
}

struct Row {
    due: String,
    slot: String,
    will: Text,
    items: Vec<String>,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct Plan {
    frame: Frame,
    station: String,
    rows: Vec<Row>,
    trouble: Option<Text>,
}

fn folder(hub: &Hub) -> PathBuf {
    hub.config.data.join("public")
}

/// Runs `read` on the feed as `station`, or nobody, would take it; a feed that cannot be taken is told, not failed on.
async fn with_feed<T: Send + 'static>(
    hub: &Hub,
    station: Option<StationId>,
    read: impl FnOnce(Feed) -> Result<T, Failure> + Send + 'static,
) -> Result<Result<T, Text>, Fail> {
    let dir = folder(hub);
    let done =
        tokio::task::spawn_blocking(move || feed_folder::load(&dir, station.as_ref()).and_then(read)).await;
    Ok(done.map_err(Fail::machine)?.map_err(|failure| {
        acc::office_trouble(match failure {
            Failure::Refused(text) | Failure::Usage(text) | Failure::Machine(text) => text,
            Failure::Faults(faults) => Fail::Faults(faults).text(),
        })
    }))
}

/// `1 phút 05 giây` is too long for a table: `1:05`.
fn length(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Hundredths, with one decimal, as `lang` writes it.
fn tenths(hundredths: i32, lang: Lang) -> String {
    let text = format!("{:.1}", f64::from(hundredths) / 100.0);
    if lang == Lang::Vi { text.replace('.', ",") } else { text }
}

fn recording(b: &Bulletin, lang: Lang, now: DateTime<Utc>) -> Recording {
    let m = &b.meta;
    let ends = match m.valid_until - now {
        left if left <= TimeDelta::zero() => Ends::Over,
        left if left <= SOON => Ends::Soon,
        _ => Ends::Later,
    };
    Recording {
        id: b.id.to_string(),
        title: m.title.to(lang).to_owned(),
        category: m.category.map_or_else(acc::chime, words::category),
        languages: m.languages.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        length: length(m.frames.seconds_up()),
        loudness: tenths(m.loudness_clufs, lang),
        peak: tenths(m.true_peak_cdb, lang),
        until: day::shown(m.valid_until),
        ends,
        approved: m.approved_by.join(", "),
        transcript: m.transcript.clone(),
    }
}

async fn recordings(lang: Lang, doer: Doer) -> Reply {
    let read = with_feed(&doer.hub, None, |feed| Ok((feed.bulletins, feed.withdrawn, feed.stale))).await?;
    let (mut shown, withdrawn, stale, trouble) = match read {
        Ok((all, withdrawn, stale)) => {
            let all = all.into_values().map(|b| (b.meta.valid_until, recording(&b, lang, doer.now())));
            (all.collect::<Vec<_>>(), withdrawn.into_iter().collect(), stale.into_values().collect(), None)
        }
        Err(trouble) => (Vec::new(), Vec::new(), Vec::new(), Some(trouble)),
    };
    shown.sort_by(|a, b| (a.1.ends, a.0, &a.1.id).cmp(&(b.1.ends, b.0, &b.1.id)));
    let frame = Frame::new(lang, Some(doer.person.clone()), "/office");
    let recordings = shown.into_iter().map(|(_, r)| r).collect();
    page(StatusCode::OK, &Office { frame, recordings, withdrawn, stale, trouble })
}

fn row(p: &Planned, zone: chrono_tz::Tz, lang: Lang) -> Row {
    let (will, items): (_, &[Arc<Bulletin>]) = match &p.will {
        Will::Play => (acc::plan_plays(), p.starting(p.of.due)),
        Will::Skip(why) => (acc::plan_skips(why), &[]),
        Will::Collide(why) => (acc::plan_collides(why), &p.items),
    };
    let sounding = items.iter().filter(|b| b.meta.kind != Kind::Chime);
    Row {
        due: p.of.due.with_timezone(&zone).format("%d/%m/%Y %H:%M").to_string(),
        slot: format!("{}/{}", p.of.area, p.of.slot),
        will,
        items: sounding
            .map(|b| format!("{} ({})", b.meta.title.to(lang), length(b.meta.frames.seconds_up())))
            .collect(),
    }
}

async fn planned(lang: Lang, doer: Doer, Named(id): Named<String>) -> Reply {
    let (station, _) = stations::get(&doer, &id).await?;
    let id: StationId = id.parse().map_err(|_| Fail::NotFound)?;
    let (now, asked) = (doer.now(), id.clone());
    let read = with_feed(&doer.hub, Some(id), move |feed| {
        let world = World::for_station(&feed, &asked)?;
        let all = plan::plan(&world, now..now + AHEAD);
        Ok(all.iter().map(|p| row(p, world.policy.timezone, lang)).collect::<Vec<_>>())
    });
    let (rows, trouble) = match read.await? {
        Ok(rows) => (rows, None),
        Err(trouble) => (Vec::new(), Some(trouble)),
    };
    let frame = Frame::new(lang, Some(doer.person.clone()), format!("/stations/{}/plan", station.id));
    page(StatusCode::OK, &Plan { frame, station: station.id, rows, trouble })
}
