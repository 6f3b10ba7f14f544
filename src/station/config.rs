//! `station.yaml`: what the person who installs the box decides. Everything else comes signed.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use serde::Deserialize;

use crate::{
    fault::Faults,
    ids::StationId,
    playout::sink::SinkSpec,
    schedule::{
        scalar::{self, Form, Rule},
        yaml,
    },
    text::{schedule as words, station as say, sync},
};

/// Where the configuration lies unless `--config` says otherwise.
pub const DEFAULT_PATH: &str = "/etc/loaxa/station.yaml";
/// Where the socket of a running daemon lies unless the configuration says otherwise.
pub const DEFAULT_SOCKET: &str = "/run/loaxa/station.sock";

/// Where everything is kept unless the configuration says otherwise.
pub const DEFAULT_STATE: &str = "/var/lib/loaxa";

/// The station's own settings, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Its id in the registry.
    pub station: StationId,
    /// Where the feed is served: `https://…`, or `http://` on a trusted line; the feed proves itself.
    pub feed: String,
    /// The hub that takes the log and tells publications; none: the log waits on the box.
    pub hub: Option<String>,
    /// A file of further certificate authorities (PEM), for an own server.
    pub ca: Option<PathBuf>,
    /// Where everything is kept.
    pub state: PathBuf,
    /// Where `loaxa station …` reaches the daemon.
    pub socket: PathBuf,
    /// The sink, as `SinkSpec` reads it.
    pub device: String,
    /// The mixer's volume in percent, set at each open; none: left alone.
    pub volume: Option<u8>,
    /// From opening the sink until sound is heard whole (amplifier), 0 to 60 s.
    pub warm_up: TimeDelta,
    /// Why the clock may be believed.
    pub clock: ClockSetting,
    /// How often the feed is asked, 1 min to 1 day.
    pub poll: TimeDelta,
    /// Megabytes (10^6) a day, metadata and urgent audio excepted.
    pub data_budget_mb: u64,
    /// Megabytes (10^6) of audio kept.
    pub disk_budget_mb: u64,
}

/// `clock.trust`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockSetting {
    /// Synchronised in this boot, or set by an operator.
    Synced,
    /// The box has a battery clock.
    Rtc,
    /// Always: for test beds.
    Always,
}

const EXAMPLE: &str = include_str!("../../config/station.yaml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    format: String,
    station: String,
    feed: String,
    hub: Option<String>,
    ca: Option<String>,
    state: Option<String>,
    socket: Option<String>,
    device: String,
    volume: Option<String>,
    warm_up: Option<String>,
    clock: Option<RawClock>,
    poll: Option<String>,
    data_budget_mb: Option<String>,
    disk_budget_mb: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClock {
    trust: String,
}

const URL: Rule = Rule { says: say::rule_url, like: "https://loa.example.vn/feed/" };
const HUB: Rule = Rule { says: say::rule_url, like: "https://loa.example.vn/" };
const DEVICE: Rule = Rule { says: say::rule_device, like: "alsa:plughw:CARD=Audio,DEV=0" };
const PERCENT: Rule = Rule { says: say::rule_percent, like: "80" };
const SECONDS: Rule = Rule { says: say::rule_warm_up, like: "2s" };
const TRUST: Rule = Rule { says: say::rule_trust, like: "synced" };
const POLL: Rule = Rule { says: say::rule_poll, like: "5m" };
const MEGABYTES: Rule = Rule { says: say::rule_megabytes, like: "200" };

impl Config {
    /// Reads a configuration; paths in it are taken from the folder of `file`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(file: &str, text: &str) -> Result<Self, Faults> {
        let loaded = yaml::load::<Raw>(file, text, EXAMPLE)?;
        let mut form = Form::new(&loaded.positions, loaded.faults);
        let config = check(&mut form, loaded.value, Path::new(file).parent().unwrap_or(Path::new("")));
        let faults = form.faults;
        match config {
            Some(config) => faults.or(config),
            None => Err(faults.or(()).err().unwrap_or_default()),
        }
    }
}

fn check(form: &mut Form<'_>, raw: Raw, base: &Path) -> Option<Config> {
    form.format(&raw.format);
    let station = form.parse("station", &raw.station, scalar::STATION);
    let feed = web(form, "feed", &raw.feed, URL);
    let hub = match &raw.hub {
        None => Some(None),
        Some(text) => web(form, "hub", text, HUB).map(Some),
    };
    let path = |s: &str| (!s.trim().is_empty() && !s.contains('\0')).then(|| base.join(s));
    let mut optional_path = |name: &str, text: &Option<String>, like: &'static str| match text {
        None => Some(None),
        Some(text) => form.value(name, text, Rule { says: say::rule_path, like }, path).map(Some),
    };
    let ca = optional_path("ca", &raw.ca, "/etc/loaxa/ca.pem");
    let state = optional_path("state", &raw.state, DEFAULT_STATE);
    let socket = optional_path("socket", &raw.socket, DEFAULT_SOCKET);
    let device = device(form, &raw.device, base);
    let volume = match &raw.volume {
        None => Some(None),
        Some(text) => form.value("volume", text, PERCENT, |s| s.parse().ok().filter(|n| *n <= 100)).map(Some),
    };
    let within = |min: TimeDelta, max: TimeDelta| {
        move |s: &str| {
            if s == "0s" { Some(TimeDelta::zero()) } else { scalar::duration(s) }
                .filter(|d| (min..=max).contains(d))
        }
    };
    let warm_up = raw.warm_up.as_deref().unwrap_or("2s");
    let warm_up = form.value("warm_up", warm_up, SECONDS, within(TimeDelta::zero(), TimeDelta::seconds(60)));
    let trust = raw.clock.as_ref().map_or("synced", |c| c.trust.as_str());
    let clock = form.value("clock.trust", trust, TRUST, trust_word);
    let poll = raw.poll.as_deref().unwrap_or("5m");
    let poll = form.value("poll", poll, POLL, within(TimeDelta::minutes(1), TimeDelta::days(1)));
    let mut megabytes = |name: &str, text: &Option<String>, default: &str| {
        form.value(name, text.as_deref().unwrap_or(default), MEGABYTES, |s| {
            s.parse().ok().filter(|n| (1..=1_000_000).contains(n))
        })
    };
    let data_budget_mb = megabytes("data_budget_mb", &raw.data_budget_mb, "200");
    let disk_budget_mb = megabytes("disk_budget_mb", &raw.disk_budget_mb, "2000");
    Some(Config {
        station: station?,
        feed: feed?,
        hub: hub?,
        ca: ca?,
        state: state?.unwrap_or_else(|| PathBuf::from(DEFAULT_STATE)),
        socket: socket?.unwrap_or_else(|| PathBuf::from(DEFAULT_SOCKET)),
        device: device?,
        volume: volume?,
        warm_up: warm_up?,
        clock: clock?,
        poll: poll?,
        data_budget_mb: data_budget_mb?,
        disk_budget_mb: disk_budget_mb?,
    })
}

/// An address; one that may hold a password or a token is refused without quoting it, since messages end in logs.
fn web(form: &mut Form<'_>, name: &str, text: &str, rule: Rule) -> Option<String> {
    let secret = match text {
        _ if text.contains('@') => sync::url_credentials(),
        _ if text.contains(['?', '#']) => sync::url_query(),
        _ => return form.value(name, text, rule, url),
    };
    let like = words::write_like(format!("{name}: {}", rule.like));
    form.wrong(name, words::wrong_value(name, secret), like);
    None
}

/// A base URL that carries no credentials (they would end in logs) and ends with a slash.
fn url(s: &str) -> Option<String> {
    let url = reqwest::Url::parse(s).ok()?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    (plain && web).then(|| if s.ends_with('/') { s.to_owned() } else { format!("{s}/") })
}

/// A sink; `wav:` paths are taken from the folder of the configuration.
fn device(form: &mut Form<'_>, text: &str, base: &Path) -> Option<String> {
    match SinkSpec::parse(text) {
        Ok(SinkSpec::Wav(path)) => Some(format!("wav:{}", base.join(path).display())),
        Ok(_) => Some(text.to_owned()),
        Err(_) if text == yaml::BLANK => form.value("device", text, DEVICE, |_| None),
        Err(faults) => {
            for fault in faults.0 {
                form.wrong("device", fault.what, fault.remedy);
            }
            None
        }
    }
}

fn trust_word(s: &str) -> Option<ClockSetting> {
    match s {
        "synced" => Some(ClockSetting::Synced),
        "rtc" => Some(ClockSetting::Rtc),
        "always" => Some(ClockSetting::Always),
        _ => None,
    }
}
