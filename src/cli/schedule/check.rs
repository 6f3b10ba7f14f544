//! `office check`: is this file what it should be? The same command that the tests run on every example of config/.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::json;

use super::print;
use crate::{
    cli::{Answer, Context, Exit, Failure},
    fault::{Fault, Faults, Place},
    feed::Feed,
    schedule::{
        check::{self, Given},
        file::Schedule,
        policy::Policy,
        registry::{AreaStations, Registry},
        yaml::{self, Positions},
    },
    text::{Lang, Text, schedule as words},
};

/// `office check FILE…`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Schedules, policies, registries, in any mixture.
    #[arg(required = true, value_name = "FILE", help = words::help_check_files().here())]
    pub files: Vec<PathBuf>,
    /// A folder with a feed.
    #[arg(long, value_name = "DIR", help = words::help_check_feed().here())]
    pub feed: Option<PathBuf>,
}

/// What is said of each file.
#[derive(Debug)]
pub struct Report(Vec<(String, Result<Text, Faults>)>);

/// Prints whether files are right.
///
/// # Errors
/// A file or feed that cannot be read. Faults are an answer (1), not an error.
pub fn check(ctx: &Context, args: &CheckArgs, load: impl Fn(&Path) -> Result<Feed, Failure>) -> Answer {
    let report = report(ctx, args, load)?;
    if ctx.json {
        print(&report.json(ctx.lang))?;
    } else {
        print(&crate::text::plain_lines(&report.good(ctx.lang)))?;
        eprint!("{}", crate::text::plain_lines(&report.bad(ctx.lang)));
    }
    Ok(if report.is_good() { Exit::Yes } else { Exit::No })
}

/// Checks each file by itself, then schedules against the other files given and, where those are silent, the feed.
///
/// # Errors
/// A file or feed that cannot be read.
pub fn report(
    ctx: &Context,
    args: &CheckArgs,
    load: impl Fn(&Path) -> Result<Feed, Failure>,
) -> Result<Report, Failure> {
    let mut given = match &args.feed {
        Some(dir) => Given::from_feed(&load(dir)?)?,
        None => Given::default(),
    };
    let mut files = Vec::new();
    for path in &args.files {
        let name = path.display().to_string();
        files.push((name.clone(), read(&name, path)?));
    }
    for file in files.iter().filter_map(|(_, file)| file.as_ref().ok()) {
        file.give(&mut given);
    }
    let now = ctx.clock.now().wall;
    let judge = |file: Checked| {
        match &file {
            Checked::Schedule(schedule, positions) => check::check(schedule, positions, &given, now)?,
            Checked::AreaStations(stations, positions) => check::area_stations(stations, positions, &given)?,
            Checked::Policy(_) | Checked::Registry(_) => {}
        }
        Ok(file.kind())
    };
    Ok(Report(files.into_iter().map(|(name, file)| (name, file.and_then(judge))).collect()))
}

impl Report {
    /// Whether every file is right.
    pub fn is_good(&self) -> bool {
        self.0.iter().all(|(_, result)| result.is_ok())
    }

    /// A line for each file that is right.
    pub fn good(&self, lang: Lang) -> String {
        let good = self.0.iter().filter_map(|(name, result)| Some((name, result.as_ref().ok()?)));
        good.map(|(name, kind)| format!("{}\n", words::file_good(name, kind).to(lang))).collect()
    }

    /// All faults, for people.
    pub fn bad(&self, lang: Lang) -> String {
        self.0.iter().filter_map(|(_, result)| result.as_ref().err()).map(|faults| faults.to(lang)).collect()
    }

    /// The document of `check --json`, with a newline.
    pub fn json(&self, lang: Lang) -> String {
        let fault = |fault: &Fault| {
            json!({
                "line": fault.place.line,
                "column": fault.place.column,
                "what": fault.what.to(lang),
                "remedy": fault.remedy.to(lang),
            })
        };
        let file = |(name, result): &(String, Result<Text, Faults>)| {
            let faults = result.as_ref().err().map_or(&[] as &[_], |faults| &faults.0);
            let faults: Vec<_> = faults.iter().map(fault).collect();
            json!({ "file": name, "ok": result.is_ok(), "faults": faults })
        };
        let files: Vec<_> = self.0.iter().map(file).collect();
        format!("{}\n", json!({ "ok": self.is_good(), "files": files }))
    }
}

/// A file that is right by itself.
enum Checked {
    Schedule(Arc<Schedule>, Positions),
    Policy(Policy),
    Registry(Registry),
    AreaStations(AreaStations, Positions),
}

impl Checked {
    fn kind(&self) -> Text {
        match self {
            Self::Schedule(..) => words::kind_schedule(),
            Self::Policy(_) => words::kind_policy(),
            Self::Registry(_) => words::kind_registry(),
            Self::AreaStations(..) => words::kind_area_stations(),
        }
    }

    /// Lets the others be checked against this one.
    fn give(&self, given: &mut Given) {
        match self {
            Self::Schedule(schedule, _) => {
                given.others.retain(|other| other.area != schedule.area);
                given.others.push(schedule.clone());
            }
            Self::Policy(policy) => given.policy = Some(Arc::new(policy.clone())),
            Self::Registry(registry) => given.registry = Some(Arc::new(registry.clone())),
            Self::AreaStations(stations, _) => {
                given.area_stations.retain(|other| other.area != stations.area);
                given.area_stations.push(stations.clone());
            }
        }
    }
}

/// Recognises the kind by what stands at the top. The outer error is the machine's.
fn read(name: &str, path: &Path) -> Result<Result<Checked, Faults>, Failure> {
    let unreadable = |e: &io::Error| Failure::Machine(words::file_unreadable(name, e));
    let size = fs::metadata(path).map_err(|e| unreadable(&e))?.len();
    if size > yaml::MAX_BYTES as u64 {
        let what = words::file_too_long(size.div_ceil(1024), yaml::MAX_BYTES / 1024);
        return Ok(Err(Faults::one(Place::file(name), what, words::file_too_long_remedy())));
    }
    let bytes = fs::read(path).map_err(|e| unreadable(&e))?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => recognise(name, &text),
        Err(_) => Err(Faults::one(Place::file(name), words::not_utf8(), words::not_utf8_remedy())),
    })
}

fn recognise(name: &str, text: &str) -> Result<Checked, Faults> {
    let keys = yaml::top_keys(name, text)?;
    let has = |key: &str| keys.iter().any(|k| k == key);
    if has("slots") || has("valid") {
        Schedule::read(name, text)
            .map(|(schedule, positions)| Checked::Schedule(Arc::new(schedule), positions))
    } else if has("airtime") || has("longest_session") {
        Policy::read(name, text).map(|(policy, _)| Checked::Policy(policy))
    } else if has("stations") && has("area") {
        AreaStations::read(name, text).map(|(stations, positions)| Checked::AreaStations(stations, positions))
    } else if has("stations") || has("receipt_keys") {
        Registry::read(name, text).map(|(registry, _)| Checked::Registry(registry))
    } else {
        Err(Faults::one(Place::file(name), words::unknown_kind(), words::unknown_kind_remedy()))
    }
}
