//! A plan, for people and as the JSON document that outside checks rely on.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::{print, rfc3339};
use crate::{
    bulletin::Bulletin,
    cli::{Answer, Context, Exit, Failure},
    feed::Feed,
    ids::StationId,
    schedule::{
        occurrence::{Class, Planned, Will},
        plan,
        world::World,
    },
    text::{Lang, Text, plain, schedule as words},
};

/// `--from T --to T`: RFC 3339, half-open.
#[derive(Debug, Default, clap::Args)]
pub struct SpanArgs {
    /// Now, if absent.
    #[arg(long, value_name = "T", help = words::help_from().here())]
    pub from: Option<String>,
    /// 24 hours after the start, if absent.
    #[arg(long, value_name = "T", help = words::help_to().here())]
    pub to: Option<String>,
}

/// `office plan`.
#[derive(Debug, clap::Args)]
pub struct PlanArgs {
    /// A folder with a feed.
    #[arg(long, value_name = "DIR", help = words::help_plan_feed().here())]
    pub feed: PathBuf,
    /// Whose plan.
    #[arg(long, value_name = "ID", help = words::help_plan_station().here())]
    pub station: String,
    /// The span.
    #[command(flatten)]
    pub span: SpanArgs,
}

/// Prints what a feed makes a station play. `load` verifies and reads the feed in a folder.
///
/// # Errors
/// A feed that cannot be read, a station that it does not know, wrong use.
pub fn plan(ctx: &Context, args: &PlanArgs, load: impl Fn(&Path) -> Result<Feed, Failure>) -> Answer {
    let (from, to) = args.span.read(ctx)?;
    let station: StationId =
        args.station.parse().map_err(|_| Failure::Usage(words::not_a_station(&args.station)))?;
    let world = World::for_station(&load(&args.feed)?, &station)?;
    if !world.warnings.0.is_empty() {
        eprint!("{}", world.warnings.to(ctx.lang));
    }
    let planned = plan::plan(&world, from..to);
    print_plan(ctx, &station, world.policy.timezone, &planned)?;
    Ok(Exit::Yes)
}

/// Prints a plan on stdout: the document of `plan --json`, or a page for people.
///
/// # Errors
/// The output is closed.
pub fn print_plan(ctx: &Context, station: &StationId, zone: Tz, planned: &[Planned]) -> Result<(), Failure> {
    print(&if ctx.json {
        json(ctx.lang, station, zone, planned)
    } else {
        page(ctx.lang, station, zone, planned)
    })
}

#[derive(Serialize)]
struct Document<'a> {
    station: &'a StationId,
    occurrences: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    area: &'a str,
    slot: &'a str,
    due: String,
    start_by: String,
    class: Class,
    items: Vec<Item<'a>>,
    will: &'static str,
    why: Option<&'a str>,
}

#[derive(Serialize)]
struct Item<'a> {
    bulletin: &'a str,
    seconds: u64,
}

/// The document of `plan --json`, with a newline.
pub fn json(lang: Lang, station: &StationId, zone: Tz, planned: &[Planned]) -> String {
    let rows = planned.iter().map(|p| {
        let (will, why) = will(&p.will);
        Row {
            area: p.of.area.as_str(),
            slot: p.of.slot.as_str(),
            due: rfc3339(zone, p.of.due),
            start_by: rfc3339(zone, p.start_by),
            class: p.class,
            items: sounding(p)
                .iter()
                .map(|b| Item { bulletin: b.id.as_str(), seconds: b.meta.frames.seconds_up() })
                .collect(),
            will,
            why: why.map(|w| w.to(lang)),
        }
    });
    let document = Document { station, occurrences: rows.collect() };
    match serde_json::to_string(&document) {
        Ok(text) => text + "\n",
        Err(e) => serde_json::json!({ "error": e.to_string() }).to_string(),
    }
}

fn will(will: &Will) -> (&'static str, Option<&Text>) {
    match will {
        Will::Play => ("play", None),
        Will::Skip(why) => ("skip", Some(why)),
        Will::Collide(why) => ("collide", Some(why)),
    }
}

/// What sounds, as far as the plan can know: nothing of what is skipped, what fits of what starts when due.
fn sounding(p: &Planned) -> &[std::sync::Arc<Bulletin>] {
    match p.will {
        Will::Play => p.starting(p.of.due),
        Will::Skip(_) => &[],
        Will::Collide(_) => &p.items,
    }
}

/// For people: a heading for each day, then what plays when.
pub fn page(lang: Lang, station: &StationId, zone: Tz, planned: &[Planned]) -> String {
    let mut out = format!("{}\n", words::plan_of(station, zone.name()).to(lang));
    if planned.is_empty() {
        out.push_str(&format!("{}\n", words::plan_empty().to(lang)));
    }
    let mut day = None;
    for p in planned {
        let local = p.of.due.with_timezone(&zone);
        if day.replace(local.date_naive()) != Some(local.date_naive()) {
            out.push_str(&format!("\n{}\n", heading(p.of.due, zone).to(lang)));
        }
        let items = sounding(p);
        let seconds: u64 = items.iter().map(|b| b.meta.frames.seconds_up()).sum();
        let what = match will(&p.will) {
            ("play", _) => words::plan_plays(items.len(), seconds / 60, format!("{:02}", seconds % 60)),
            ("skip", Some(why)) => words::plan_skips(why),
            (_, Some(why)) => words::plan_collides(why),
            (_, None) => words::nothing(),
        };
        let name = format!("{}/{}", p.of.area, p.of.slot);
        out.push_str(&format!("  {}  {name:<32}  {}\n", local.format("%H:%M:%S"), what.to(lang)));
        for b in items {
            out.push_str(&format!("            - {} ({})\n", plain(b.meta.title.to(lang)), b.id));
        }
    }
    out
}

fn heading(at: DateTime<Utc>, zone: Tz) -> Text {
    let local = at.with_timezone(&zone);
    let names = [
        words::monday,
        words::tuesday,
        words::wednesday,
        words::thursday,
        words::friday,
        words::saturday,
        words::sunday,
    ];
    let weekday = names[local.weekday().num_days_from_monday() as usize]();
    let date = Text { vi: local.format("%d/%m/%Y").to_string(), en: local.format("%Y-%m-%d").to_string() };
    words::plan_day(weekday, date)
}
