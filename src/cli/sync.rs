//! `station sync`, `station import DIR`, `station enroll …`.

use std::{
    cell::RefCell,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Answer, Context, Exit, Failure};
use crate::{
    feed::{Mode, Now, Store, Who, audio::AudioSource, folder::FolderSource, http::Limits},
    ids::{BulletinId, StationId},
    link::Welcome,
    station::{
        enroll::{self, Enrolment, NotEnrolled, Request},
        hub_client::{HubClient, Trouble},
        layout::Layout,
        sync::{Event, Settings, Synced, Tools, Want, pass},
        wants::Wants,
    },
    text::{Lang, Text, plain_lines, sync as words},
};

/// How long a person waits while the daemon asks the feed.
const PATIENCE: Duration = Duration::from_secs(120);
/// And how often it is tried meanwhile.
const TURN: Duration = Duration::from_millis(300);

/// What `station import` is given.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// The folder.
    #[arg(value_name = "DIR", help = words::help_import_dir().here())]
    pub dir: PathBuf,
}

/// What `station enroll` is given.
#[derive(Debug, clap::Args)]
pub struct EnrollArgs {
    /// The station's id.
    #[arg(long, value_name = "ID", required_unless_present = "hub", help = words::help_station().here())]
    pub station: Option<StationId>,
    /// The root.
    #[arg(long, value_name = "FILE", required_unless_present = "hub", help = words::help_root().here())]
    pub root: Option<PathBuf>,
    /// Where the feed lies.
    #[arg(long, value_name = "URL", required_unless_present = "hub", help = words::help_feed().here())]
    pub feed: Option<String>,
    /// The hub that knows all three.
    #[arg(long, value_name = "URL", requires = "code", conflicts_with_all = ["station", "root", "feed"], help = words::help_hub().here())]
    pub hub: Option<String>,
    /// The one-time code that the hub gave for this station.
    #[arg(long, value_name = "CODE", requires = "hub", help = words::help_code().here())]
    pub code: Option<String>,
    /// Further certificate authorities of the hub.
    #[arg(long, value_name = "FILE", requires = "hub", help = words::help_ca().here())]
    pub ca: Option<PathBuf>,
    /// Replace an enrolment that is there.
    #[arg(long, help = words::help_again().here())]
    pub again: bool,
}

/// Asks the feed once. `trusted`: whether expiry can be judged by this machine's clock.
///
/// # Errors
/// Not enrolled; the feed's server or this machine's disk failed.
pub fn sync(ctx: &Context, settings: &Settings, trusted: bool) -> Answer {
    let limits = Limits::default();
    let source = settings.source(limits, ctx.clock.clone()).map_err(Failure::Usage)?;
    once(ctx, settings, limits, &source, Mode::Online, trusted)
}

/// Takes a feed from a folder, with the checks of a server and more patience with its age.
///
/// # Errors
/// As [`sync`]; the folder is not there.
pub fn import(ctx: &Context, args: &ImportArgs, settings: &Settings, trusted: bool) -> Answer {
    let limits = Limits { attempts: 1, ..Limits::default() };
    let folder = FolderSource::new(&args.dir).map_err(Failure::Machine)?;
    once(ctx, settings, limits, &folder, Mode::Stick, trusted)
}

/// Pins the root, makes the log's key, says what to register.
///
/// # Errors
/// The root or the address is not usable; the box is enrolled already; the disk failed.
pub fn enroll(ctx: &Context, args: &EnrollArgs, state: &Path) -> Answer {
    let layout = Layout::new(state);
    let now = ctx.clock.now().wall;
    let done = match (&args.hub, &args.code, &args.station, &args.root, &args.feed) {
        (Some(hub), Some(code), ..) => {
            let welcome = ask_hub(ctx, &layout, hub, code, args)?;
            enroll::enroll_by_hub(&layout, &welcome, args.again, now)
        }
        (_, _, Some(station), Some(root), Some(feed)) => {
            let request = Request { station: station.clone(), root, feed, again: args.again };
            enroll::enroll(&layout, &request, now)
        }
        // The grammar asks for one or the other.
        _ => return Err(Failure::Usage(words::help_hub())),
    };
    print_enrolment(ctx, &done.map_err(not_enrolled)?)
}

/// Shows the hub the code and this box's key.
fn ask_hub(
    ctx: &Context,
    layout: &Layout,
    hub: &str,
    code: &str,
    args: &EnrollArgs,
) -> Result<Welcome, Failure> {
    let key = enroll::key_for_hub(layout, args.again).map_err(not_enrolled)?;
    let client = HubClient::new(hub, args.ca.as_deref(), key, ctx.clock.clone()).map_err(Failure::Usage)?;
    super::runtime()?.block_on(client.enrol(code)).map_err(|trouble| match trouble {
        Trouble::Line(why) => Failure::Machine(why),
        Trouble::Conflict(_, why) | Trouble::Refused(_, why) => Failure::Refused(why),
    })
}

/// With its exit code.
pub(super) fn not_enrolled(why: NotEnrolled) -> Failure {
    match why {
        NotEnrolled::Refused(why) => Failure::Refused(why),
        NotEnrolled::Machine(why) => Failure::Machine(why),
    }
}

/// What the province must be told.
///
/// # Errors
/// The output is closed.
pub(super) fn print_enrolment(ctx: &Context, enrolment: &Enrolment) -> Answer {
    if ctx.json {
        let mut answer = json!(enrolment);
        answer["registry_yaml"] = json!(enrolment.yaml());
        return print(&answer.to_string());
    }
    let parts = [
        words::enrolled(&enrolment.station),
        words::enrolled_fingerprint(enrolment.fingerprint()),
        words::enrolled_register(Text::same(enrolment.yaml())),
    ];
    print(Text::join(&parts, "\n\n").to(ctx.lang).trim_end())
}

/// For whom this box fetches: the station of the configuration, by the key of its enrolment.
///
/// # Errors
/// Not enrolled, or as another station.
pub fn who(settings: &Settings) -> Result<Who, Failure> {
    let layout = Layout::new(&settings.state);
    let disk = |e: io::Error| Failure::Machine(words::disk(layout.enrolment().display(), &e));
    let enrolment = Enrolment::load(&layout).map_err(disk)?;
    let enrolment = enrolment.ok_or_else(|| Failure::Refused(words::not_enrolled()))?;
    if enrolment.station != settings.station {
        return Err(Failure::Refused(words::other_station(&enrolment.station, &settings.station)));
    }
    let key = enrolment.key().ok_or_else(|| Failure::Refused(words::enrolled_unreadable()))?;
    Ok(Who { station: enrolment.station, key })
}

fn once(
    ctx: &Context,
    settings: &Settings,
    limits: Limits,
    source: &dyn AudioSource,
    mode: Mode,
    trusted: bool,
) -> Answer {
    let who = who(settings)?;
    let layout = Layout::new(&settings.state);
    let disk = |e: io::Error| Failure::Machine(words::disk(layout.feed().display(), &e));
    let mut store = Store::open(&layout.feed()).map_err(disk)?;
    let (library, ledger) = settings.open().map_err(Failure::Machine)?;
    let wants = Wants::new(who.clone());
    let bars = Mutex::new(Bars::new(ctx));
    let watch = |event: Event<'_>| {
        bars.lock().unwrap_or_else(std::sync::PoisonError::into_inner).on(&event);
    };
    let tools = Tools {
        source,
        mode,
        library: &library,
        ledger: &Mutex::new(ledger),
        who: &who,
        now: &|| Now { wall: ctx.clock.now().wall, trusted },
        clock: &*ctx.clock,
        rules: settings.rules(&limits),
        want: &|feed, bulletin| match mode {
            Mode::Online => wants.want(feed, bulletin, ctx.clock.now().wall),
            // A stick costs no data, and the next may be weeks away.
            Mode::Stick => Want::SomeTime,
        },
        watch: &watch,
        nudge: &Notify::new(),
        cancel: CancellationToken::new(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::Machine(words::tls_setup(&e)))?;
    let synced = runtime.block_on(until_interrupted(&tools, &mut store));
    answer(ctx, &synced)
}

/// Control-C pauses: what came is kept.
async fn until_interrupted(tools: &Tools<'_>, store: &mut Store) -> Synced {
    let interrupted = async {
        match tokio::signal::ctrl_c().await {
            Ok(()) => tools.cancel.cancel(),
            Err(e) => tracing::warn!(error = %e, "control-C cannot be caught: {e}"),
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        synced = patient(tools, store) => synced,
        () = interrupted => Synced::default(),
    }
}

/// A pass; while another loaxa (the daemon) is at the store, it waits its turn.
async fn patient(tools: &Tools<'_>, store: &mut Store) -> Synced {
    let end = tools.clock.now().up.0 + PATIENCE;
    loop {
        let synced = pass(store, tools).await;
        let busy = synced.refused.as_ref().is_some_and(|r| r.why == crate::feed::refusal::Why::Busy);
        if !busy || tools.clock.now().up.0 >= end {
            return synced;
        }
        tools.clock.sleep(TURN).await;
    }
}

/// 0: all is here; 1: refused; 3: the line or the disk.
fn answer(ctx: &Context, synced: &Synced) -> Answer {
    if ctx.json {
        print(&synced.json(ctx.lang).to_string())?;
    } else {
        print(&plain_lines(Text::join(&synced.lines(), "\n").to(ctx.lang)))?;
    }
    let refused = synced.refused.as_ref();
    if !synced.faults.is_empty() || refused.is_some_and(crate::feed::Refusal::try_again) {
        let why = refused.map_or_else(|| Text::join(&synced.faults, "\n"), |r| r.text());
        return Err(Failure::Machine(why));
    }
    Ok(if synced.is_complete() { Exit::Yes } else { Exit::No })
}

fn print(line: &str) -> Answer {
    let done = writeln!(io::stdout().lock(), "{line}");
    done.map(|()| Exit::Yes).map_err(|e| Failure::Machine(words::disk("stdout", &e)))
}

/// One progress bar a recording, on a terminal.
struct Bars {
    lang: Lang,
    shown: bool,
    bar: RefCell<Option<(BulletinId, ProgressBar)>>,
}

impl Bars {
    fn new(ctx: &Context) -> Self {
        Self { lang: ctx.lang, shown: io::stderr().is_terminal(), bar: RefCell::new(None) }
    }

    fn on(&self, event: &Event<'_>) {
        let (Event::Progress(bulletin, have), true) = (event, self.shown) else {
            if matches!(event, Event::Fetched(_) | Event::Done(_))
                && let Some((_, bar)) = self.bar.take()
            {
                bar.finish();
            }
            return;
        };
        let mut slot = self.bar.borrow_mut();
        if slot.as_ref().is_none_or(|(id, _)| *id != bulletin.id) {
            let bar = ProgressBar::new(bulletin.length);
            if let Ok(style) =
                ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
            {
                bar.set_style(style);
            }
            bar.set_message(bulletin.meta.title.to(self.lang).to_owned());
            bar.enable_steady_tick(Duration::from_millis(500));
            *slot = Some((bulletin.id.clone(), bar));
        }
        if let Some((_, bar)) = &*slot {
            bar.set_position(*have);
        }
    }
}
