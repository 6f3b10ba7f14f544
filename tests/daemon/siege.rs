//! A station under attack: it plays a spoken bulletin every three seconds, and after it the newest bulletin of the category
//! `models`, of which there is none. Whatever an attacker gets approved in that category sounds within seconds.

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    process::Command,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    bulletin::Frames,
    playout::{decode, sink::wav_file},
};
use serde_json::Value;

use crate::{
    r#box::{POLICY, Station, canonical, hours, now},
    listen,
    repo::{BROWSERS, Repo, public},
};

const SPEECH: &str = "viec-nhe-luong-cao.ogg";
const PATIENCE: Duration = Duration::from_secs(60);
/// Frames around what the log says: 20 ms, in which the codec rings.
const MARGIN: usize = 960;

/// Signals that no speech resembles, each like no other.
pub mod sound {
    /// What nobody approved, or what was taken away.
    pub const WRONG: &str = "0.5*sin(2*PI*(300*t+600*t*t))";
    /// Approved, but on no schedule of this station.
    pub const UNASKED: &str = "0.5*sin(2*PI*(2600*t-700*t*t))";
    /// Approved in the end: shows that the ears would have heard the others.
    pub const RIGHT: &str = "0.5*sin(2*PI*700*t+9*sin(2*PI*31*t))";
}

/// A second of a signal in canonical form.
pub fn signal(station: &Station, wave: &str) -> Vec<u8> {
    let out = station.path("signal.opus");
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i"]);
    ffmpeg.arg(format!("aevalsrc={wave}:s=48000:d=1"));
    ffmpeg.args(["-ac", "1", "-c:a", "libopus", "-b:a", "32k", "-application", "audio"]);
    ffmpeg.args(["-frame_duration", "20", "-map_metadata", "-1", "-f", "ogg"]).arg(&out);
    assert!(ffmpeg.status().unwrap().success(), "ffmpeg cannot make {wave}");
    std::fs::read(out).unwrap()
}

/// Where a refusal is told.
#[derive(Debug, Clone, Copy)]
pub enum At {
    /// `stale`, under this name.
    Stale(&'static str),
    /// `data.failed`: the pass ended there.
    Failed,
    /// `library.failed`, under this id.
    Audio(&'static str),
}

/// A station under attack.
pub struct Siege {
    pub station: Station,
    /// What its feed should be.
    pub good: Repo,
    pub wrong: Vec<u8>,
    pub unasked: Vec<u8>,
}

impl Siege {
    pub fn begin() -> Self {
        Self::begin_after(TimeDelta::zero())
    }

    /// The same, with offline signatures of that age.
    pub fn begin_after(age: TimeDelta) -> Self {
        let mut station = Station::founded(now() - age);
        let (wrong, unasked) = (signal(&station, sound::WRONG), signal(&station, sound::UNASKED));
        let browsers = BROWSERS.map(public).join("\", \"");
        station.repo.policy(&format!("{POLICY}browser_keys: [\"{browsers}\"]\n"));
        let enrolment = std::fs::read(station.path("state/enrolment.json")).unwrap();
        let enrolment: Value = serde_json::from_slice(&enrolment).unwrap();
        let mut key = [0; 32];
        hex::decode_to_slice(enrolment["log_key"].as_str().unwrap(), &mut key).unwrap();
        station.repo.station("xa-1", key, &["tinh", "yen-the", "ke-ben"]).area("xa-la");
        station.bulletin("ngan", SPEECH, 1);
        approve(&mut station.repo, "khong-ai-hen", &unasked, "support");
        station.repo.schedule("yen-the", &schedule("yen-the", "ngan")).publish();
        station.repo.now = now();
        station.repo.edit("snapshot", |_| ());
        station.publish();
        station.start().until_held(2);
        let good = station.repo.clone();
        let mut siege = Self { station, good, wrong, unasked };
        siege.plays_on();
        siege
    }

    /// Serves what an attacker makes of the feed, and lets the daemon look.
    pub fn attack(&mut self, change: impl FnOnce(&mut Repo)) -> &mut Self {
        let mut evil = self.good.clone();
        evil.now = now();
        change(&mut evil);
        evil.publish();
        self.station.repo = evil;
        self.serve()
    }

    /// Serves what `station.repo` holds, and lets the daemon look.
    pub fn serve(&mut self) -> &mut Self {
        self.station.repo.write(&self.station.path("feed"));
        self.look()
    }

    /// Tells the daemon to ask the feed now, as `loaxa station sync` does when it ends.
    pub fn look(&mut self) -> &mut Self {
        let reply = self.ask("sync");
        assert_eq!(reply["is"], "done", "{reply}");
        self
    }

    /// One question over the control socket.
    pub fn ask(&self, what: &str) -> Value {
        let mut socket = UnixStream::connect(self.station.path("sock")).unwrap();
        socket.write_all(format!("{{\"do\":\"{what}\"}}\n").as_bytes()).unwrap();
        let mut reply = String::new();
        BufReader::new(socket).read_line(&mut reply).unwrap();
        serde_json::from_str(&reply).unwrap()
    }

    pub fn status(&self) -> Value {
        self.ask("status")["status"].take()
    }

    pub fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) {
        self.wait(what, || wanted(&self.status()));
    }

    /// Waits for something that soon is so.
    pub fn wait(&self, what: &str, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            let log = std::fs::read_to_string(self.station.path("stderr")).unwrap();
            let (status, outcomes) = (self.status(), self.outcomes());
            assert!(begun.elapsed() < PATIENCE, "not so: {what}\n{status}\n{outcomes:?}\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The daemon says why it refused, in both languages, and plays on.
    pub fn refused(&mut self, at: At, vi: &str, en: &str) -> &mut Self {
        self.named(at, vi, en).plays_on()
    }

    pub fn named(&mut self, at: At, vi: &str, en: &str) -> &mut Self {
        self.wait(&format!("{at:?}: {en}"), || {
            let status = self.status();
            let text = match at {
                At::Audio(id) => &status["library"]["failed"][id],
                At::Stale(what) => &status["stale"][what],
                At::Failed => &status["data"]["failed"],
            };
            let says = |lang: &str, words: &str| text[lang].as_str().is_some_and(|t| t.contains(words));
            says("vi", vi) && says("en", en)
        });
        self
    }

    /// An occurrence that is still to come is played.
    pub fn plays_on(&mut self) -> &mut Self {
        let since = now();
        let played = |r: &Value| instant(&r["occurrence"]["due"]) > since && r["outcome"] == "played";
        self.wait("it plays on", || self.outcomes().iter().any(played));
        self
    }

    /// Outcomes as they lie in the log.
    pub fn outcomes(&self) -> Vec<Value> {
        let mut segments: Vec<_> =
            std::fs::read_dir(self.station.path("state/asrun")).unwrap().map(|e| e.unwrap().path()).collect();
        segments.sort();
        let lines: String = segments.iter().map(|s| std::fs::read_to_string(s).unwrap()).collect();
        // The last line may be under way.
        let records = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        records.filter(|r| r["kind"] == "outcome").collect()
    }

    /// The attacker is gone; whoever signs overtakes the versions that he made, and the station is fresh again.
    pub fn heal(&mut self) -> &mut Self {
        self.station.server.heal();
        self.good.now = now();
        self.good.overtake(&self.station.repo);
        self.station.repo = self.good.clone();
        self.serve();
        let version = self.good.version("timestamp");
        self.until("it is fresh again", |s| {
            let clean = s["stale"].as_object().is_some_and(serde_json::Map::is_empty);
            clean && s["feed"]["timestamp"] == version && s["data"]["failed"].is_null()
        });
        self
    }

    /// What two people approve in the same place does sound. Then the recording is held against the log.
    pub fn end(mut self, never: &[(&str, &[u8])]) {
        let right = signal(&self.station, sound::RIGHT);
        approve(&mut self.good, "duoc-duyet", &right, "models");
        self.heal();
        self.until_aired("duoc-duyet");
        self.plays_on();
        self.station.stop();
        self.station.assert_log_verifies();
        let heard = Heard::by(&self.station);
        heard.is_what_the_log_says(&self.outcomes(), &[("duoc-duyet", &right), ("ngan", &self.speech())]);
        for (what, sound) in never {
            let found = heard.find(sound);
            assert!(found.score < 0.3, "{what} was heard: {found:?}");
        }
        assert!(heard.find(&right).score > 0.6, "the ears are deaf");
    }

    /// A recording has been sent whole.
    pub fn until_aired(&self, id: &str) {
        let has = |o: &Value| o["items"].as_array().is_some_and(|i| i.iter().any(|i| i["bulletin"] == id));
        self.wait(id, || self.outcomes().iter().any(|o| has(o) && o["outcome"] == "played"));
    }

    pub fn speech(&self) -> Vec<u8> {
        canonical(SPEECH, 1, self.station.dir.path())
    }
}

/// What came out of the virtual PA.
pub struct Heard {
    pub first: DateTime<Utc>,
    pub samples: Vec<f32>,
}

impl Heard {
    pub fn by(station: &Station) -> Self {
        let wav = station.path("pa.wav");
        let (first, _) = wav_file::first_frame(&wav).unwrap();
        Self { first, samples: listen::read_wav(&wav).samples }
    }

    pub fn frame(&self, at: DateTime<Utc>) -> usize {
        Frames::within(at - self.first).0 as usize
    }

    pub fn find(&self, audio: &[u8]) -> listen::Found {
        listen::find(&self.samples, &decode::decode(audio).unwrap())
    }

    /// Each item stands where the log says, and nothing sounds anywhere else.
    pub fn is_what_the_log_says(&self, outcomes: &[Value], sounds: &[(&str, &[u8])]) {
        let sounds: Vec<(&str, Vec<f32>)> =
            sounds.iter().map(|(id, audio)| (*id, decode::decode(audio).unwrap())).collect();
        let mut rest = self.samples.clone();
        let (mut whole, mut found) = (0, 0);
        for outcome in outcomes.iter().filter(|o| o["items"].is_array()) {
            // On a machine that stalls, the virtual PA pads with silence and goes on: later, but before the record.
            let to = (self.frame(instant(&outcome["at"])) + MARGIN).min(self.samples.len());
            for item in outcome["items"].as_array().unwrap().iter().filter(|i| i["first_frame"].is_string()) {
                let from = self.frame(instant(&item["first_frame"])).saturating_sub(MARGIN);
                if let Some((_, sound)) = sounds.iter().find(|(id, _)| item["bulletin"] == *id)
                    && item["frames"] == sound.len()
                {
                    whole += 1;
                    found += usize::from(listen::find(&self.samples[from..to], sound).score > 0.95);
                }
                rest[from..to].fill(0.0);
            }
        }
        assert!(found >= 4 && 2 * found >= whole, "{found} of {whole} items found: {outcomes:?}");
        assert!(listen::peak_db(&rest) < -60.0, "{} dBFS outside the log", listen::peak_db(&rest));
    }
}

pub fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// Lists a recording of a second, as two approvals would.
pub fn approve(repo: &mut Repo, id: &str, audio: &[u8], category: &str) {
    repo.bulletin(id, audio);
    let frames = decode::frames(audio).unwrap().0;
    repo.describe(id, |meta| {
        meta["frames"] = frames.into();
        meta["category"] = category.into();
    });
}

/// Every three seconds, on this station.
pub fn schedule(area: &str, bulletin: &str) -> String {
    let day = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    let (from, until) = (day - TimeDelta::days(1), day + TimeDelta::days(20));
    let hours = hours();
    format!(
        "format: 1
area: {area}
timezone: Asia/Ho_Chi_Minh
valid: {{ from: {from}, until: {until} }}
slots:
  - id: ba-giay
    title: {{ vi: \"Ba giây\" }}
    cron: \"*/3 * {hours} * * *\"
    class: priority
    stations: [xa-1]
    start_within: 2s
    max_duration: 1m
    playlist:
      - bulletin: {bulletin}
      - {{ category: models, pick: newest }}
"
    )
}
