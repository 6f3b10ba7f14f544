//! `loaxa station setup`: five questions to an operator; `loaxa station test`: a tone, so that ears can tell.

use std::{
    io::{BufRead, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{Answer, Context, Failure, station};
use crate::{
    durable,
    playout::{
        sink::{self, SinkSpec, list},
        sound_test::sound_test,
    },
    station::{
        config::Config,
        control::{Deed, Reply, Request},
    },
    text::{Text, cli as say},
};

/// How long the test tone sounds.
const TONE: Duration = Duration::from_secs(5);

/// Asks, tries, writes the configuration, enrolls.
///
/// # Errors
/// No person to ask, an answer that cannot be used three times in a row, the disk.
pub fn setup(ctx: &Context) -> Answer {
    let mut person = Person { ctx };
    let path = station::config_path(ctx);
    person.tell(&say::setup_hello(path.display()));
    let id =
        person.ask(&say::setup_station(), |s| s.parse().map_err(|_| crate::text::schedule::rule_slug()))?;
    let root = person.ask(&say::setup_root(), existing)?;
    let feed = person.ask(&say::setup_feed(), |s| web(s).ok_or_else(crate::text::station::rule_url))?;
    let (spec, name) = person.choose_device(ctx)?;
    let volume = person.try_out(&spec)?;
    let text = write(&path, &id, &feed, &name, volume);
    Config::read(&path.display().to_string(), &text)?;
    if let Some(dir) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        durable::create_dir(dir).map_err(|e| Failure::Machine(say::no_config(dir.display(), &e)))?;
    }
    durable::replace(&path, text.as_bytes())
        .map_err(|e| Failure::Machine(say::no_config(path.display(), &e)))?;
    person.tell(&say::setup_written(path.display()));
    let args = super::sync::EnrollArgs { station: id, root, feed, again: false };
    let state = Config::read(&path.display().to_string(), &text)?.state;
    super::sync::enroll(ctx, &args, &state)
}

fn existing(s: &str) -> Result<PathBuf, Text> {
    let path = PathBuf::from(s);
    if path.is_file() { Ok(path) } else { Err(say::setup_no_file(s)) }
}

fn web(s: &str) -> Option<String> {
    let url = reqwest::Url::parse(s)
        .ok()
        .filter(|u| matches!(u.scheme(), "http" | "https") && u.password().is_none())?;
    Some(url.to_string())
}

/// The configuration that the answers make.
fn write(path: &Path, id: &crate::ids::StationId, feed: &str, device: &str, volume: Option<u8>) -> String {
    let quoted = |s: &str| format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\""));
    let mut text = format!(
        "# {}\nformat: 1\nstation: {id}\nfeed: {}\ndevice: {}\n",
        path.display(),
        quoted(feed),
        quoted(device)
    );
    if let Some(volume) = volume {
        text.push_str(&format!("volume: {volume}\n"));
    }
    text
}

/// Whoever sits before the terminal.
struct Person<'a> {
    ctx: &'a Context,
}

impl Person<'_> {
    fn tell(&mut self, text: &Text) {
        // A closed terminal is noticed at the next question.
        writeln!(std::io::stdout(), "{}", text.to(self.ctx.lang)).ok();
    }

    fn line(&mut self) -> Result<String, Failure> {
        std::io::stdout().flush().map_err(|e| Failure::Machine(crate::text::machine::io(&e)))?;
        let mut line = String::new();
        let read = std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(|e| Failure::Machine(crate::text::machine::io(&e)))?;
        if read == 0 { Err(Failure::Usage(say::setup_needs_person())) } else { Ok(line.trim().to_owned()) }
    }

    fn ask<T>(
        &mut self,
        question: &Text,
        mut read: impl FnMut(&str) -> Result<T, Text>,
    ) -> Result<T, Failure> {
        let mut wrong = say::setup_needs_person();
        for _ in 0..3 {
            self.tell(question);
            match read(&self.line()?) {
                Ok(answer) => return Ok(answer),
                Err(why) => {
                    self.tell(&why);
                    wrong = why;
                }
            }
        }
        Err(Failure::Usage(wrong))
    }

    fn choose_device(&mut self, ctx: &Context) -> Result<(SinkSpec, String), Failure> {
        let all = list::devices();
        for (i, device) in all.iter().enumerate() {
            self.tell(&Text::same(format!("  {}. {} ({})", i + 1, device.name, device.spec)));
        }
        let spec = self.ask(&say::setup_card(), |s| match s.parse::<usize>() {
            Ok(n) => all.get(n.wrapping_sub(1)).map(|d| d.spec.clone()).ok_or_else(say::setup_no_number),
            Err(_) => SinkSpec::parse(s)
                .map_err(|f| f.0.first().map_or_else(say::setup_no_number, |f| f.remedy.clone())),
        })?;
        let name = spec.to_string();
        tracing::debug!("chosen {name} for {:?}", ctx.lang);
        Ok((spec, name))
    }

    /// Plays the tone until it is heard, at a volume that the person chooses.
    fn try_out(&mut self, spec: &SinkSpec) -> Result<Option<u8>, Failure> {
        let mut volume = matches!(spec, SinkSpec::Alsa(_)).then_some(80);
        for _ in 0..5 {
            let settings = sink::Settings { volume, ..sink::Settings::default() };
            if let Err(why) = sound_test(spec, &settings, Arc::clone(&self.ctx.clock), TONE) {
                self.tell(&why);
            }
            if self.ask(&say::setup_heard(), yes_or_no)? {
                if volume.is_some() {
                    let chosen = self.ask(&say::setup_volume(), |s| match s {
                        "" => Ok(80),
                        s => s
                            .parse()
                            .ok()
                            .filter(|n| *n <= 100)
                            .ok_or_else(crate::text::station::rule_percent),
                    })?;
                    volume = Some(chosen);
                }
                return Ok(volume);
            }
            self.tell(&say::setup_not_heard());
        }
        Err(Failure::Refused(say::setup_gave_up()))
    }
}

fn yes_or_no(s: &str) -> Result<bool, Text> {
    match s.to_lowercase().as_str() {
        "c" | "có" | "co" | "y" | "yes" => Ok(true),
        "k" | "không" | "khong" | "n" | "no" => Ok(false),
        _ => Err(say::setup_yes_or_no()),
    }
}

/// Plays the tone on the configured sink, unless something is on the air.
///
/// # Errors
/// The station plays, or the sink does not.
pub fn test(ctx: &Context, config: &Config) -> Answer {
    let running = station::ask(ctx, &Request::Status);
    if let Ok(Reply::Status { status }) = &running
        && (status.now.is_some() || status.device.state != "closed")
    {
        return Err(Failure::Refused(say::test_busy()));
    }
    let settings = sink::Settings { volume: config.volume, ..sink::Settings::default() };
    let spec = SinkSpec::parse(&config.device)?;
    sound_test(&spec, &settings, Arc::clone(&ctx.clock), TONE).map_err(Failure::Machine)?;
    if running.is_ok() {
        station::ask(ctx, &Request::Deed { what: Deed::Test, of: None })?;
    }
    super::answer(ctx, &serde_json::json!({ "ok": true }), &say::test_played())
}
