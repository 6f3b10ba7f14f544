//! `loaxa station …`: what the people at the box type.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Answer, Context, Exit, Failure, status_text};
use crate::{
    asrun::{journal::boot_id, record::ClockTrust},
    durable,
    feed::{Now, Store},
    ids::SlotId,
    playout::sink::{SinkSpec, volume},
    schedule::{self, scalar, world::World},
    station::{
        config::{self, Config},
        control::{self, Deed, Reply, Request},
        layout::Layout,
        memory::Memory,
        run, timedate,
        trusted_time::judge,
    },
    text::{Text, cli as say},
};

/// The verbs of `loaxa station`.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Asks an operator five questions and writes the configuration.
    #[command(about = say::station_setup().here())]
    Setup,
    /// Pins the feed's root and makes the log's key.
    #[command(about = say::station_enroll().here())]
    Enroll(super::sync::EnrollArgs),
    /// Checks the configuration.
    #[command(about = say::station_check().here())]
    Check,
    /// The daemon.
    #[command(about = say::station_run().here())]
    Run,
    /// Asks the feed once.
    #[command(about = say::station_sync().here())]
    Sync,
    /// Takes a feed from a USB stick.
    #[command(about = say::station_import().here())]
    Import(super::sync::ImportArgs),
    /// Lets the daemon read its configuration again.
    #[command(about = say::station_reload().here())]
    Reload,
    /// How the station is.
    #[command(about = say::station_status().here())]
    Status,
    /// What will play.
    #[command(about = say::station_plan().here())]
    Plan(super::schedule::SpanArgs),
    /// Takes the PA.
    #[command(about = say::station_hold().here())]
    Hold {
        /// For how long, such as 30m.
        #[arg(value_name = "30m", help = say::arg_span().here())]
        span: String,
        /// For the log.
        #[arg(long, value_name = "R", help = say::arg_reason().here())]
        reason: String,
    },
    /// Gives the PA back.
    #[command(about = say::station_release().here())]
    Release,
    /// Leaves out the next occurrence of a normal slot.
    #[command(about = say::station_decline().here())]
    Decline {
        /// Which slot.
        #[arg(value_name = "SLOT", help = say::arg_slot().here())]
        slot: SlotId,
        /// For the log.
        #[arg(long, value_name = "R", help = say::arg_reason().here())]
        reason: String,
    },
    /// Fades what sounds.
    #[command(about = say::station_stop().here())]
    Stop {
        /// For the log.
        #[arg(long, value_name = "R", help = say::arg_reason().here())]
        reason: String,
    },
    /// Plays a test tone.
    #[command(about = say::station_test().here())]
    Test,
    /// Sets the mixer's volume.
    #[command(about = say::station_volume().here())]
    Volume {
        /// In percent.
        #[arg(value_name = "N", value_parser = clap::value_parser!(u8).range(0..=100), help = say::arg_percent().here())]
        percent: u8,
    },
    /// About the clock.
    #[command(about = say::station_clock().here())]
    Clock {
        /// What about it.
        #[command(subcommand)]
        verb: ClockVerb,
    },
}

/// `loaxa station clock …`.
#[derive(Debug, clap::Subcommand)]
pub enum ClockVerb {
    /// Sets it.
    #[command(about = say::clock_set().here())]
    Set {
        /// To what, RFC 3339.
        #[arg(value_name = "T", help = say::arg_instant().here())]
        to: DateTime<Utc>,
        /// For the log.
        #[arg(long, value_name = "R", help = say::arg_reason().here())]
        reason: String,
        /// Although the feed or the log prove a later instant past.
        #[arg(long, help = say::arg_override().here())]
        r#override: bool,
    },
}

/// Does what was typed after `station`.
///
/// # Errors
/// See [`Failure`].
pub fn run(ctx: &Context, verb: Verb) -> Answer {
    match verb {
        Verb::Setup => super::setup::setup(ctx),
        Verb::Enroll(args) => super::sync::enroll(ctx, &args, &state(ctx)?),
        Verb::Check => check(ctx),
        Verb::Run => daemon(ctx),
        Verb::Sync => {
            let config = read(ctx)?;
            let answer = super::sync::sync(ctx, &settings(&config), is_trusted(ctx, &config));
            wake_daemon(ctx);
            answer
        }
        Verb::Import(args) => {
            let config = read(ctx)?;
            let answer = super::sync::import(ctx, &args, &settings(&config), is_trusted(ctx, &config));
            wake_daemon(ctx);
            answer
        }
        Verb::Reload => tell(ctx, &Request::Reload),
        Verb::Status => status(ctx),
        Verb::Plan(span) => plan(ctx, &span),
        Verb::Hold { span, reason } => {
            let span = scalar::duration(&span).ok_or_else(|| Failure::Usage(say::bad_span(&span)))?;
            tell(ctx, &Request::Hold { seconds: span.num_seconds().unsigned_abs(), reason })
        }
        Verb::Release => tell(ctx, &Request::Release),
        Verb::Decline { slot, reason } => tell(ctx, &Request::Decline { slot, reason }),
        Verb::Stop { reason } => tell(ctx, &Request::Stop { reason }),
        Verb::Test => super::setup::test(ctx, &read(ctx)?),
        Verb::Volume { percent } => set_volume(ctx, percent),
        Verb::Clock { verb: ClockVerb::Set { to, reason, r#override } } => {
            clock_set(ctx, to, reason, r#override)
        }
    }
}

/// The configuration's path: `--config`, else the usual place.
pub fn config_path(ctx: &Context) -> PathBuf {
    ctx.config.clone().unwrap_or_else(|| PathBuf::from(config::DEFAULT_PATH))
}

/// The configuration.
///
/// # Errors
/// It cannot be read, or is wrong.
pub fn read(ctx: &Context) -> Result<Config, Failure> {
    let path = config_path(ctx);
    let text =
        std::fs::read_to_string(&path).map_err(|e| Failure::Machine(say::no_config(path.display(), &e)))?;
    Ok(Config::read(&path.display().to_string(), &text)?)
}

fn check(ctx: &Context) -> Answer {
    let config = read(ctx)?;
    super::answer(
        ctx,
        &serde_json::json!({ "ok": true, "station": config.station }),
        &say::config_good(&config.station),
    )
}

fn daemon(ctx: &Context) -> Answer {
    let config = read(ctx)?;
    let path = config_path(ctx);
    let running = run::run(config, path.display().to_string(), ctx.clock.clone());
    super::runtime()?.block_on(running).map(|()| Exit::Yes)
}

/// Asks the daemon.
///
/// # Errors
/// It does not run, or not for this user.
pub fn ask(ctx: &Context, request: &Request) -> Result<Reply, Failure> {
    // Without a readable configuration the usual place is tried: an operator need not know of either.
    let socket = match (read(ctx), &ctx.config) {
        (Ok(config), _) => config.socket,
        (Err(failure), Some(_)) => return Err(failure),
        (Err(_), None) => PathBuf::from(config::DEFAULT_SOCKET),
    };
    let asking = super::runtime()?.block_on(control::ask(&socket, request));
    asking.map_err(|e| {
        let path = socket.display();
        Failure::Machine(match e.kind() {
            std::io::ErrorKind::PermissionDenied => say::socket_not_yours(path),
            std::io::ErrorKind::NotFound | std::io::ErrorKind::ConnectionRefused => say::not_running(path),
            _ => say::socket_broke(path, &e),
        })
    })
}

fn tell(ctx: &Context, request: &Request) -> Answer {
    match ask(ctx, request)? {
        Reply::Done { text } => {
            super::answer(ctx, &serde_json::json!({ "ok": true, "text": text.to(ctx.lang) }), &text)
        }
        Reply::No { text } => Err(Failure::Refused(text)),
        Reply::Status { .. } => Ok(Exit::Yes),
    }
}

fn status(ctx: &Context) -> Answer {
    match ask(ctx, &Request::Status)? {
        Reply::Status { status } => {
            let json = serde_json::to_value(&status).map_err(|e| Failure::Machine(Text::same(e)))?;
            super::answer(ctx, &json, &status_text::text(&status))
        }
        Reply::Done { text } | Reply::No { text } => Err(Failure::Refused(text)),
    }
}

fn plan(ctx: &Context, span: &super::schedule::SpanArgs) -> Answer {
    let config = read(ctx)?;
    let who = super::sync::who(&settings(&config))?;
    let dir = Layout::new(&config.state).feed();
    let store = Store::open(&dir).map_err(|e| Failure::Machine(say::no_config(dir.display(), &e)))?;
    let now = Now { wall: ctx.clock.now().wall, trusted: is_trusted(ctx, &config) };
    let world = World::for_station(&store.load(&who, now), &config.station)?;
    let (from, to) = span.read(ctx)?;
    let planned = schedule::plan::plan(&world, from..to);
    super::schedule::print_plan(ctx, &config.station, world.policy.timezone, &planned)?;
    Ok(Exit::Yes)
}

/// The state folder: the configuration's, else the usual one (a box is enrolled before it is configured).
fn state(ctx: &Context) -> Result<PathBuf, Failure> {
    match (read(ctx), &ctx.config) {
        (Ok(config), _) => Ok(config.state),
        (Err(failure), Some(_)) => Err(failure),
        (Err(_), None) => Ok(PathBuf::from(config::DEFAULT_STATE)),
    }
}

fn settings(config: &Config) -> crate::station::sync::Settings {
    crate::station::feeding::settings(config, super::schedule::HOME)
}

/// A running daemon looks at what came; without one there is nobody to tell.
fn wake_daemon(ctx: &Context) {
    ask(ctx, &Request::Sync).ok();
}

/// Whether the clock may be believed, as the daemon left it in this boot.
fn is_trusted(ctx: &Context, config: &Config) -> bool {
    let boot = boot_id().unwrap_or_default();
    let latch = Memory::open(&Layout::new(&config.state).run()).map(|m| m.latch(&boot)).unwrap_or_default();
    judge(config.clock, &latch, None, ctx.clock.now().wall).0 != ClockTrust::No
}

fn set_volume(ctx: &Context, percent: u8) -> Answer {
    let path = config_path(ctx);
    let config = read(ctx)?;
    let spec = SinkSpec::parse(&config.device)?;
    let SinkSpec::Alsa(pcm) = &spec else {
        return Err(Failure::Refused(say::volume_only_alsa(&config.device)));
    };
    let now = volume::set(pcm, None, percent).map_err(Failure::Machine)?;
    write_volume(&path, percent)?;
    let request = Request::Deed { what: Deed::Volume, of: Some(format!("{now}%")) };
    // A station that does not run has no log to write to; the setting holds all the same.
    let noted = matches!(ask(ctx, &request), Ok(Reply::Done { .. }));
    if noted {
        tell(ctx, &Request::Reload)?;
    }
    super::answer(
        ctx,
        &serde_json::json!({ "ok": true, "volume": now, "noted": noted }),
        &say::volume_is(now),
    )
}

/// Sets `volume:` in the configuration and leaves every other line as it is.
fn write_volume(path: &Path, percent: u8) -> Result<(), Failure> {
    let machine = |e: std::io::Error| Failure::Machine(say::no_config(path.display(), &e));
    let text = std::fs::read_to_string(path).map_err(machine)?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    match lines.iter_mut().find(|line| line.starts_with("volume:")) {
        Some(line) => *line = format!("volume: {percent}"),
        None => lines.push(format!("volume: {percent}")),
    }
    let text = lines.join("\n") + "\n";
    Config::read(&path.display().to_string(), &text)?;
    durable::replace(path, text.as_bytes()).map_err(machine)
}

/// The clock is touched only if the station can log it.
fn clock_set(ctx: &Context, to: DateTime<Utc>, reason: String, override_proof: bool) -> Answer {
    ask(ctx, &Request::Status)?;
    let from = ctx.clock.now().wall;
    let left = super::runtime()?
        .block_on(timedate::set(&*ctx.clock, to))
        .map_err(|e| Failure::Machine(say::clock_not_set(e.to_string())))?;
    if left == timedate::Left::Off {
        eprintln!("{}", say::clock_ntp_off().to(ctx.lang));
    }
    tell(ctx, &Request::ClockSet { reason, from, override_proof })
}
