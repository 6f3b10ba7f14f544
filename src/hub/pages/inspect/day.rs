//! A station's day: planned above sent, and every record in words.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
};
use chrono::{DateTime, Utc};

use super::{
    ask, figures, long_page, plan,
    scope::Scope,
    search::record_path,
    timeline::{self, Block, Timeline},
};
use crate::{
    asrun::{
        record::{Body, Intent, OutcomeRecord, Record},
        show,
        words::ZONE,
    },
    bulletin::Frames,
    hub::{
        Fail, Hub, Reply,
        db::{
            inspect::{self, Kept},
            micros,
        },
        pages::Frame,
        routes::{Route, get},
        rule::Rule,
        who::Person,
    },
    schedule::occurrence::Occurrence,
    text::{Lang, Text, hub as say, hub_inspect as words},
};

/// Records of one page.
const MOST: i64 = 2_000;
/// A block without a known length is drawn so long, in seconds.
const UNKNOWN: i64 = 300;

pub fn routes() -> Vec<Route> {
    vec![get("/inspect/day/{station}/{day}", Rule::Anyone, page)]
}

#[derive(Template)]
#[template(path = "day.html")]
struct Page {
    frame: Frame,
    title: Text,
    place: String,
    before: String,
    after: String,
    sheet: String,
    bundle: String,
    timeline: Timeline,
    rows: Vec<Row>,
    cut: bool,
    most: String,
}

struct Row {
    time: String,
    mark: &'static str,
    what: Text,
    record: String,
    record_no: Text,
}

async fn page(
    State(hub): State<Hub>,
    lang: Lang,
    person: Person,
    headers: HeaderMap,
    Path((station, date)): Path<(String, String)>,
) -> Reply {
    let scope = Scope::of(&hub, &person).await?;
    let day = ask::day(&date).map_err(|_| Fail::NotFound)?;
    let (from, to) = (figures::midnight(day), figures::midnight(day + 1));
    let found = inspect::station(&hub.db, &station).await?.ok_or(Fail::NotFound)?;
    let mut kept = inspect::of_station(&hub.db, &station, from, to, MOST + 1).await?;
    // A station that moved away: what it sent while it was here is still seen here, and no more.
    if !scope.sees(&found.commune) {
        kept.retain(|record| scope.sees(&record.commune));
        if kept.is_empty() {
            return Err(Fail::NotFound);
        }
    }
    let cut = kept.len() as i64 > MOST;
    kept.truncate(MOST as usize);
    let read: Vec<(&Kept, Option<Record>)> = kept.iter().map(|k| (k, Record::read(&k.line))).collect();
    let ahead = match day >= figures::today(hub.now()) {
        true => {
            plan::of_day(&hub, &station, day, lang).await?.map(|(planned, _)| planned).unwrap_or_default()
        }
        false => Vec::new(),
    };
    let path = |day: i64| format!("/inspect/day/{station}/{}", figures::iso(day));
    let page = Page {
        frame: Frame::new(lang, Some(person), path(day)),
        title: words::day_title(&station, figures::day(day)),
        place: format!("{} · {}", scope.tree.path(&found.commune), found.place),
        before: path(day - 1),
        after: path(day + 1),
        sheet: format!("/inspect/sheet/{station}/{}", figures::iso(day)),
        bundle: bundle_of(&station, day),
        timeline: drawing(&read, &ahead, from, lang),
        rows: read.iter().map(|(kept, record)| row(kept, record.as_ref())).collect(),
        cut,
        most: figures::number(MOST, lang),
    };
    long_page(&headers, page.render()?)
}

/// The bundle of one station's day.
pub fn bundle_of(station: &str, day: i64) -> String {
    let day = figures::iso(day);
    format!("/inspect/bundle.tar?station={station}&from={day}&to={day}")
}

fn row(kept: &Kept, record: Option<&Record>) -> Row {
    let outcome = match record.and_then(|r| r.body.as_ref()) {
        Some(Body::Outcome(outcome)) => serde_json::to_value(outcome.outcome).ok(),
        _ => None,
    };
    Row {
        time: record.map(|r| figures::time(micros(r.at))).unwrap_or_default(),
        mark: outcome.as_ref().and_then(|o| o.as_str()).map_or("", figures::mark),
        what: record.map_or_else(crate::text::asrun::shows_newer, |r| show::sentence(r, ZONE)),
        record: record_path(&kept.log, kept.seq),
        record_no: words::record_no(kept.seq),
    }
}

fn drawing(
    read: &[(&Kept, Option<Record>)],
    ahead: &[crate::schedule::occurrence::Planned],
    midnight: i64,
    lang: Lang,
) -> Timeline {
    let mut intents = BTreeMap::<&Occurrence, &Intent>::new();
    let mut outcomes = Vec::<&OutcomeRecord>::new();
    for record in read.iter().filter_map(|(_, r)| r.as_ref()?.body.as_ref()) {
        match record {
            Body::Intent(intent) => drop(intents.insert(&intent.occurrence, intent)),
            Body::Outcome(outcome) => outcomes.push(outcome),
            _ => {}
        }
    }
    let second = |at: DateTime<Utc>| (micros(at) - midnight) / 1_000_000;
    let length = |frames: u64| i64::try_from(Frames(frames).seconds_up()).unwrap_or(UNKNOWN);
    let title = |of: &Occurrence, more: &str| {
        let clock = of.due.with_timezone(&ZONE).format("%H:%M");
        if more.is_empty() { format!("{clock} {}", of.slot) } else { format!("{clock} {}: {more}", of.slot) }
    };
    let mut planned = Vec::new();
    let mut sent = Vec::new();
    for outcome in &outcomes {
        let of = &outcome.occurrence;
        let owed =
            intents.get(of).map_or(UNKNOWN, |i| length(i.items.iter().map(|item| item.length.0).sum()));
        planned.push(Block { start: second(of.due), length: owed, class: "planned", title: title(of, "") });
        let word = serde_json::to_value(outcome.outcome).ok();
        let class = word.as_ref().and_then(|w| w.as_str()).map_or("none", figures::mark);
        let why = outcome.why.map_or_else(
            || crate::asrun::words::outcome(outcome.outcome),
            |why| {
                Text::join(
                    [&crate::asrun::words::outcome(outcome.outcome), &crate::asrun::words::why(why)],
                    ": ",
                )
            },
        );
        let start = outcome.items.iter().find_map(|i| i.first_frame).unwrap_or(of.due);
        let frames = outcome.frames().0;
        let length = if frames > 0 { length(frames) } else { 1 };
        sent.push(Block { start: second(start), length, class, title: title(of, why.to(lang)) });
    }
    let known = |of: &Occurrence| outcomes.iter().any(|o| o.occurrence == *of);
    for next in ahead.iter().filter(|p| !known(&p.of)) {
        let owed = length(next.frames().0);
        planned.push(Block {
            start: second(next.of.due),
            length: owed,
            class: "planned",
            title: title(&next.of, ""),
        });
    }
    timeline::draw(&planned, &sent)
}
