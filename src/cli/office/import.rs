//! `import FILE…`: from recordings to what `approve` will show.

use std::path::Path;

use chrono_tz::Tz;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{answer, args::Import, tell};
use crate::{
    bulletin::Bulletin,
    cli::{Answer, Context, Failure},
    fault::{Faults, Place},
    feed::roles::POLICY,
    office::{
        Error,
        desk::Desk,
        folder::Office,
        import::{self, ImportFault, Options, Overrides, Progress, Stage, Store, Tools, Trim},
        init,
        list::{self, State},
        meta,
        staging::{self, Shelf, Staged},
    },
    schedule::policy::Policy,
    text::{Text, office as say},
};

/// Each file by itself: one that is refused does not stop the others, but the command then says no.
pub(super) async fn import(ctx: &Context, args: &Import) -> Answer {
    let single = args.id.is_some() || args.title.is_some() || args.transcript.is_some();
    if args.files.len() > 1 && single {
        return Err(Failure::Usage(say::import_one_file()));
    }
    let office = Office::open(&args.dir, None)?;
    let store = Store::open(&office.recordings()).map_err(Error::io(&office.recordings()))?;
    let tools = Tools::from_env().map_err(|f| failed("ffmpeg", f))?;
    let (mut rows, mut lines, mut faults) = (Vec::new(), Vec::new(), Faults::default());
    for file in &args.files {
        match one(ctx, args, &office, &store, &tools, file).await {
            Ok((json, text)) => {
                rows.push(json);
                lines.push(text);
            }
            Err(Failure::Faults(more)) => {
                rows.push(json!({"file": file, "ok": false, "errors": more.to(ctx.lang)}));
                faults.0.extend(more.0);
            }
            Err(other) => return Err(other),
        }
    }
    let refused = !faults.0.is_empty();
    if ctx.json || !lines.is_empty() {
        answer(ctx, &json!({"ok": !refused, "imported": rows}), &Text::join(&lines, "\n"))?;
    }
    if refused && ctx.json {
        eprint!("{}", faults.to(ctx.lang));
        return Ok(crate::cli::Exit::No);
    }
    if refused { Err(Failure::Faults(faults)) } else { Ok(crate::cli::Exit::Yes) }
}

async fn one(
    ctx: &Context,
    args: &Import,
    office: &Office,
    store: &Store,
    tools: &Tools,
    file: &Path,
) -> Result<(Value, Text), Failure> {
    let name = file.display().to_string();
    let original = import::digest_of(file).map_err(Error::io(file))?;
    // Not locked while ffmpeg works: a withdrawal must not wait for an import.
    let (known, zone) = {
        let desk = Desk::open(office, ctx.clock.now().wall)?;
        (list::list(&desk, None)?, zone(&desk))
    };
    let live = known.iter().filter(|e| e.state != State::Withdrawn);
    let bulletins: Vec<Bulletin> = live
        .filter_map(|e| {
            Some(Bulletin { id: e.id.parse().ok()?, sha256: e.sha256, length: 0, meta: e.meta.clone() })
        })
        .collect();
    if let Some(same) = import::already(&original, &bulletins) {
        let json = json!({"file": name, "ok": true, "id": same.id, "duplicate": true});
        return Ok((json, say::import_duplicate(&name, &same.id)));
    }
    let today = ctx.clock.now().wall.with_timezone(&zone).date_naive();
    let said = import::describe(file, &overrides(args), import::describe::Setting { zone, today })?;
    if known.iter().any(|e| e.state == State::Withdrawn && e.id == said.id.as_str()) {
        let what = say::import_withdrawn(&said.id);
        return Err(Failure::Faults(Faults::one(Place::file(&name), what, say::import_withdrawn_remedy())));
    }
    let bar = bar(ctx);
    let options = Options { trim: if args.trim { Trim::Ends } else { Trim::Keep }, ..Options::default() };
    let mut told = |p: Progress| {
        bar.set_position(overall(p));
        bar.set_message(name.clone());
    };
    let made = import::import(tools, file, store, options, &mut told).await;
    bar.finish_and_clear();
    let made = made.map_err(|f| failed(&name, f))?;
    let shelf = if args.urgent { Shelf::UrgentAudio } else { Shelf::Bulletins };
    let meta = import::meta(&said, &made);
    let staged = Staged { id: said.id.clone(), shelf, sha256: made.sha256, length: made.length, meta };
    let lock = office.lock()?;
    staging::put(office, &staged)?;
    drop(lock);
    for warning in &made.warnings {
        tell(ctx, &say::import_warning(&name, warning.text()));
    }
    let warnings: Vec<_> = made.warnings.iter().map(|w| w.text().to(ctx.lang).to_owned()).collect();
    let json = json!({
        "file": name, "ok": true, "id": said.id, "sha256": made.sha256, "frames": made.frames,
        "seconds": made.frames.seconds_up(), "loudness_clufs": made.loudness_clufs, "warnings": warnings,
    });
    Ok((json, say::import_done(&name, &said.id, &said.title.vi, made.frames.seconds_up())))
}

/// The policy's zone, since days in sidecars are local days.
fn zone(desk: &Desk<'_>) -> Tz {
    let read = || {
        let targets = &desk.delegations()?.signed;
        let sha256 = meta::target_digest(targets.targets.get(&init::named(POLICY).ok()?)?)?;
        let text = String::from_utf8(desk.office.content(&sha256, POLICY)?).ok()?;
        Policy::read(POLICY, &text).ok().map(|(policy, _)| policy.timezone)
    };
    read().unwrap_or(crate::cli::schedule::HOME)
}

fn failed(name: &str, fault: ImportFault) -> Failure {
    if fault.is_machine() {
        return Failure::Machine(Text::join([&fault.what(), &fault.remedy()], " "));
    }
    Failure::Faults(fault.at(name))
}

fn overrides(args: &Import) -> Overrides {
    Overrides {
        id: args.id.clone(),
        work: args.work.clone(),
        kind: args.kind,
        title: args.title.clone(),
        title_en: args.title_en.clone(),
        category: args.category,
        languages: args.language.clone(),
        hotline: args.hotline.clone(),
        directive: args.directive.clone(),
        valid_from: args.valid_from,
        valid_until: args.valid_until,
        transcript: args.transcript.clone(),
    }
}

/// Copying is a tenth of the work, decoding four tenths, the first encoding the rest; further rounds stay at the end.
fn overall(p: Progress) -> u64 {
    let done = u64::from(p.permille);
    match p.stage {
        Stage::Copy => done / 10,
        Stage::Decode => 100 + done * 4 / 10,
        Stage::Encode(1) => 500 + done / 2,
        Stage::Encode(_) => 1000,
    }
}

/// On stderr, and only where a person looks at it.
fn bar(ctx: &Context) -> ProgressBar {
    if ctx.json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(1000);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent:>3} %  {msg}") {
        bar.set_style(style);
    }
    bar
}
