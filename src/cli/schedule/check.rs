//! `office check`: is this file what it should be? The same command that the tests run on every example of config/.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Value, json};

use super::print;
use crate::{
    cli::{Answer, Context, Exit, Failure},
    fault::{Faults, Place},
    feed::Feed,
    schedule::{
        check::{self, Given},
        file::Schedule,
        policy::Policy,
        registry::{AreaStations, Registry},
        yaml::{self, Positions},
    },
    text::{Text, schedule as words},
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

/// Checks each file by itself, then schedules against the other files given and, where those are silent, the feed.
///
/// # Errors
/// A file or feed that cannot be read. Faults are an answer (1), not an error.
pub fn check(ctx: &Context, args: &CheckArgs, load: impl Fn(&Path) -> Result<Feed, Failure>) -> Answer {
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
    let mut rows = Vec::new();
    for (name, file) in files {
        let result = file.and_then(|file| {
            if let Checked::Schedule(schedule, positions) = &file {
                check::check(schedule, positions, &given, now)?;
            }
            if let Checked::AreaStations(stations, positions) = &file {
                check::area_stations(stations, positions, &given)?;
            }
            Ok(file.kind())
        });
        rows.push((name, result));
    }
    let good = rows.iter().all(|(_, result)| result.is_ok());
    if ctx.json {
        print(&format!("{}\n", document(ctx, good, &rows)))?;
    } else {
        for (name, result) in &rows {
            match result {
                Ok(kind) => print(&format!("{}\n", words::file_good(name, kind).to(ctx.lang)))?,
                Err(faults) => eprint!("{}", faults.to(ctx.lang)),
            }
        }
    }
    Ok(if good { Exit::Yes } else { Exit::No })
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

fn document(ctx: &Context, good: bool, rows: &[(String, Result<Text, Faults>)]) -> Value {
    let fault = |fault: &crate::fault::Fault| {
        json!({
            "line": fault.place.line,
            "column": fault.place.column,
            "what": fault.what.to(ctx.lang),
            "remedy": fault.remedy.to(ctx.lang),
        })
    };
    let file = |(name, result): &(String, Result<Text, Faults>)| {
        let faults = result.as_ref().err().map_or(&[] as &[_], |faults| &faults.0);
        json!({ "file": name, "ok": result.is_ok(), "faults": faults.iter().map(fault).collect::<Vec<_>>() })
    };
    json!({ "ok": good, "files": rows.iter().map(file).collect::<Vec<_>>() })
}
