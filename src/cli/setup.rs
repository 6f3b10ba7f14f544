//! `loaxa station setup`: five steps for an operator; `loaxa station test`: a tone, so that ears can tell.
//!
//! Nothing is written before the last answer, and then the configuration comes last: whoever gives up, or whose disk
//! is full, has the box that he had. On a box that is set up already each answer that stands is offered again.

mod person;
mod trial;

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use self::{person::Person, trial::Trial};
use super::{Answer, Context, Failure, station};
use crate::{
    digest::Digest,
    durable::{self, Incoming},
    feed::{Store, http::parse_base},
    ids::StationId,
    playout::{
        sink::{self, SinkSpec, list},
        sound_test::sound_test,
    },
    station::{
        config::{self, Config},
        control::{Deed, Reply, Request},
        enroll::{self, Enrolment, fingerprint},
        layout::Layout,
    },
    text::{Text, cli as say},
};

/// How long the test tone sounds.
const TONE: Duration = Duration::from_secs(5);
/// Cards, cables and amplifiers are tried so often.
const TRIES: usize = 20;
/// A mixer's volume, in percent, until a person says another.
const VOLUME: u8 = 80;

/// Asks, tries, enrolls, writes the configuration.
///
/// # Errors
/// The answers end too early, an answer that cannot be used five times in a row, the disk.
pub fn setup(ctx: &Context) -> Answer {
    let path = station::config_path(ctx);
    let old = Old::read(&path)?;
    let mut person = Person::new(ctx);
    person.tell(&say::setup_hello(path.display()));
    let id = ask_station(&mut person, &old)?;
    let layout = Layout::new(old.state());
    let root = ask_root(&mut person, &layout)?;
    let feed = ask_feed(&mut person, &old, &id, &root)?;
    let (spec, tried) = ask_card(&mut person, &old)?;
    let volume = ask_volume(&mut person, &spec, tried)?;
    let text = old.with(&id, &feed, &spec, volume);
    let config = Config::read(&path.display().to_string(), &text)?;
    let enrolment = store(ctx, &path, &text, &config, &root)?;
    person.tell(&say::setup_written(path.display()));
    super::sync::print_enrolment(ctx, &enrolment)?;
    let running = station::ask(ctx, &Request::Status).is_ok();
    person.tell(&if running { say::setup_restart() } else { say::setup_start() });
    Ok(super::Exit::Yes)
}

/// Enrolls, then puts the configuration in place; the room for it is taken before.
fn store(ctx: &Context, path: &Path, text: &str, config: &Config, root: &Root) -> Result<Enrolment, Failure> {
    let failed = |e: std::io::Error| Failure::Machine(say::setup_not_written(path.display(), &e));
    let mut new = Incoming::create(&folder(path)).map_err(failed)?;
    new.write_all(text.as_bytes()).and_then(|()| new.sync()).map_err(failed)?;
    let layout = Layout::new(&config.state);
    let done = match &root.file {
        Some(file) => {
            let request = enroll::Request {
                station: config.station.clone(),
                root: file,
                feed: &config.feed,
                again: true,
            };
            enroll::enroll(&layout, &request, ctx.clock.now().wall)
        }
        None => enroll::amend(&layout, &config.station, &config.feed),
    };
    let enrolment = done.map_err(super::sync::not_enrolled)?;
    new.commit(path).map_err(failed)?;
    Ok(enrolment)
}

/// The configuration that is there, line by line: what nobody asks about stays as it is.
struct Old {
    path: PathBuf,
    text: Option<String>,
}

impl Old {
    /// Reads it, and sees that a new one could be written.
    fn read(path: &Path) -> Result<Self, Failure> {
        let failed = |e: std::io::Error| Failure::Machine(say::setup_not_written(path.display(), &e));
        let text = match std::fs::read_to_string(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
            read => Some(read.map_err(failed)?),
        };
        let dir = folder(path);
        durable::create_dir(&dir).and_then(|()| Incoming::create(&dir)).map_err(failed)?;
        Ok(Self { path: path.to_owned(), text })
    }

    /// What stands behind `key`, if it does on a line of its own.
    fn value(&self, key: &str) -> Option<String> {
        let line =
            self.text.as_deref()?.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        let bare = line.split(" #").next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        (!bare.is_empty()).then(|| bare.to_owned())
    }

    /// Paths in it are taken from its folder.
    fn base(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    fn state(&self) -> PathBuf {
        self.base().join(self.value("state").unwrap_or_else(|| config::DEFAULT_STATE.to_owned()))
    }

    fn feed(&self) -> Option<String> {
        parse_base(&self.value("feed")?).ok().map(String::from)
    }

    fn device(&self) -> Option<SinkSpec> {
        self.sink(&self.value("device")?).ok()
    }

    /// A sink as a person writes it.
    fn sink(&self, text: &str) -> Result<SinkSpec, Text> {
        match SinkSpec::parse(text) {
            Ok(SinkSpec::Wav(file)) => {
                let base = std::path::absolute(folder(&self.path)).unwrap_or_else(|_| folder(&self.path));
                Ok(SinkSpec::Wav(base.join(file)))
            }
            Ok(spec) => Ok(spec),
            Err(faults) => Err(faults.0.first().map_or_else(say::setup_no_number, |f| f.remedy.clone())),
        }
    }

    /// The same with the answers in it.
    fn with(&self, id: &StationId, feed: &str, spec: &SinkSpec, volume: Option<u8>) -> String {
        let quoted = |s: &str| format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\""));
        let new = format!("# {}\nformat: 1\n", self.path.display());
        let mut lines: Vec<String> =
            self.text.as_deref().unwrap_or(&new).lines().map(str::to_owned).collect();
        let mut set = |key: &str, value: Option<String>| {
            let begin = format!("{key}:");
            let at = lines.iter().position(|line| line.starts_with(&begin));
            match (at, value) {
                (Some(at), Some(value)) => lines[at] = format!("{begin} {value}"),
                (None, Some(value)) => lines.push(format!("{begin} {value}")),
                (Some(at), None) => drop(lines.remove(at)),
                (None, None) => {}
            }
        };
        set("station", Some(id.to_string()));
        if self.feed().as_deref() != Some(feed) {
            set("feed", Some(quoted(feed)));
        }
        if self.device().as_ref() != Some(spec) {
            set("device", Some(quoted(&spec.to_string())));
        }
        set("volume", volume.map(|v| v.to_string()));
        lines.join("\n") + "\n"
    }
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn ask_station(person: &mut Person<'_>, old: &Old) -> Result<StationId, Failure> {
    let read = |s: &str| s.parse::<StationId>().map_err(|_| say::setup_rule_station());
    let now = old.value("station").filter(|s| read(s).is_ok());
    person.ask(&say::setup_station(), now.as_deref(), read)
}

/// The root that this box goes by.
struct Root {
    /// Where the province's file lies; none: the one pinned here stays.
    file: Option<PathBuf>,
    bytes: Vec<u8>,
}

fn ask_root(person: &mut Person<'_>, layout: &Layout) -> Result<Root, Failure> {
    let enrolled = Enrolment::load(layout).ok().flatten();
    let held = Store::open(&layout.feed()).ok().and_then(|store| store.held("root"));
    let pinned = enrolled.as_ref().zip(held);
    if let Some((enrolled, _)) = &pinned {
        person.tell(&say::setup_enrolled(&enrolled.station, enrolled.fingerprint()));
    }
    loop {
        let keep = pinned.as_ref().map(|_| "");
        let question = if pinned.is_some() { say::setup_root_keep() } else { say::setup_root_new() };
        let asked = person.ask(&question, keep, |s| match (s, &pinned) {
            ("", Some((_, bytes))) => Ok(Root { file: None, bytes: bytes.clone() }),
            _ => trial::read_root(Path::new(s)).map(|bytes| Root { file: Some(s.into()), bytes }),
        })?;
        if asked.file.is_none() {
            return Ok(asked);
        }
        let found = Digest::of(&asked.bytes);
        let says = person.ask(&say::setup_fingerprint(), Some(""), |s| spoken(s, &found))?;
        if says == Spoken::Other {
            person.tell(&say::setup_other_root());
            continue;
        }
        if says == Spoken::Nothing {
            person.tell(&say::setup_compare_later(fingerprint(&found)));
        }
        if enrolled.as_ref().is_none_or(|e| e.root_sha256 == found)
            || person.ask(&say::setup_replace_root(), None, yes_or_no)?
        {
            return Ok(asked);
        }
    }
}

/// What a person says the fingerprint is.
#[derive(PartialEq, Eq)]
enum Spoken {
    Nothing,
    Same,
    Other,
}

fn spoken(s: &str, found: &Digest) -> Result<Spoken, Text> {
    let digits: String = s.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase();
    if digits.is_empty() {
        return Ok(Spoken::Nothing);
    }
    if !(8..=64).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(say::setup_no_fingerprint());
    }
    Ok(if found.to_string().starts_with(&digits) { Spoken::Same } else { Spoken::Other })
}

fn ask_feed(person: &mut Person<'_>, old: &Old, id: &StationId, root: &Root) -> Result<String, Failure> {
    let read = |s: &str| parse_base(s).map(String::from);
    let now = old.feed();
    loop {
        let url = person.ask(&say::setup_feed(), now.as_deref(), read)?;
        person.tell(&say::setup_asking());
        let ca = old.value("ca").map(|ca| old.base().join(ca));
        let trial = Trial { id, root: &root.bytes, url: &url, ca, clock: Arc::clone(&person.ctx.clock) };
        match trial.run()? {
            Ok(()) => {
                person.tell(&say::setup_feed_good());
                return Ok(url);
            }
            Err(why) => person.tell(&why),
        }
        if person.ask(&say::setup_feed_anyway(), None, yes_or_no)? {
            return Ok(url);
        }
    }
}

/// Chooses a card and plays the tone until it is heard; the volume at which that was, if the card has one.
fn ask_card(person: &mut Person<'_>, old: &Old) -> Result<(SinkSpec, Option<u8>), Failure> {
    let all = list::devices();
    person.tell(&say::setup_cards());
    for (i, device) in all.iter().enumerate() {
        person.tell(&Text::same(format!("  {}. {} ({})", i + 1, device.name, device.spec)));
    }
    let read = |s: &str| match s.parse::<usize>() {
        Ok(n) => all.get(n.wrapping_sub(1)).map(|d| d.spec.clone()).ok_or_else(say::setup_no_number),
        Err(_) => old.sink(s),
    };
    let now = old.value("device").filter(|_| old.device().is_some());
    let mut spec = person.ask(&say::setup_card(), now.as_deref(), read)?;
    let set = old.value("volume").and_then(|v| percent(&v).ok()).unwrap_or(VOLUME);
    for _ in 0..TRIES {
        let volume = matches!(spec, SinkSpec::Alsa(_)).then_some(set);
        let played = play(person, &spec, volume);
        match played {
            Ok(()) if person.ask(&say::setup_heard(), None, yes_or_no)? => return Ok((spec, volume)),
            Ok(()) => person.tell(&say::setup_not_heard()),
            Err(why) => person.complain(&why),
        }
        spec = person.ask(&say::setup_again(), Some(""), |s| match s {
            "" => Ok(spec.clone()),
            s => read(s),
        })?;
    }
    Err(Failure::Refused(say::setup_gave_up()))
}

fn play(person: &mut Person<'_>, spec: &SinkSpec, volume: Option<u8>) -> Result<(), Text> {
    if is_on_air(person.ctx) {
        return Err(say::test_busy());
    }
    person.tell(&say::setup_sounding(TONE.as_secs()));
    let settings = sink::Settings { volume, ..sink::Settings::default() };
    sound_test(spec, &settings, Arc::clone(&person.ctx.clock), TONE).map(drop)
}

fn ask_volume(person: &mut Person<'_>, spec: &SinkSpec, tried: Option<u8>) -> Result<Option<u8>, Failure> {
    let Some(tried) = tried else {
        person.tell(&say::setup_no_volume(spec.to_string()));
        return Ok(None);
    };
    person.ask(&say::setup_volume(), Some(&tried.to_string()), percent).map(Some)
}

fn percent(s: &str) -> Result<u8, Text> {
    s.parse().ok().filter(|n| *n <= 100).ok_or_else(crate::text::station::rule_percent)
}

fn yes_or_no(s: &str) -> Result<bool, Text> {
    match s.to_lowercase().as_str() {
        "c" | "có" | "co" | "y" | "yes" => Ok(true),
        "k" | "không" | "khong" | "n" | "no" => Ok(false),
        _ => Err(say::setup_yes_or_no()),
    }
}

/// Whether a running station uses its device, or is about to.
fn is_on_air(ctx: &Context) -> bool {
    matches!(station::ask(ctx, &Request::Status), Ok(Reply::Status { status })
        if status.now.is_some() || status.device.state != "closed")
}

/// Plays the tone on the configured sink, unless something is on the air.
///
/// # Errors
/// The station plays, or the sink does not.
pub fn test(ctx: &Context, config: &Config) -> Answer {
    if is_on_air(ctx) {
        return Err(Failure::Refused(say::test_busy()));
    }
    let settings = sink::Settings { volume: config.volume, ..sink::Settings::default() };
    let spec = SinkSpec::parse(&config.device)?;
    sound_test(&spec, &settings, Arc::clone(&ctx.clock), TONE).map_err(Failure::Machine)?;
    // A station that does not run has no log to note it in.
    station::ask(ctx, &Request::Deed { what: Deed::Test, of: None }).ok();
    super::answer(ctx, &serde_json::json!({ "ok": true }), &say::test_played())
}
