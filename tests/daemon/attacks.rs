//! Attacks on a running station: what is refused is named in both languages, what was approved plays on, and nothing else
//! is ever heard. docs/threat-model.md lists every attack beside its tests; here they meet the whole daemon.
//!
//! The station plays a spoken bulletin every three seconds, and after it the newest bulletin of the category `models`, of
//! which there is none: whatever an attacker gets approved in that category sounds within seconds.

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
use serde_json::{Value, json};

use crate::{
    r#box::{POLICY, Station, canonical, hours, now},
    listen,
    repo::{BROWSERS, EDITORS, Repo, key_id, public, tuf_key},
    server::Fault,
};

const SPEECH: &str = "viec-nhe-luong-cao.ogg";
const PATIENCE: Duration = Duration::from_secs(60);
/// Frames around what the log says: 20 ms, in which the codec rings.
const MARGIN: usize = 960;

/// Signals that no speech resembles, each like no other.
mod sound {
    /// What nobody approved, or what was taken away.
    pub const WRONG: &str = "0.5*sin(2*PI*(300*t+600*t*t))";
    /// Approved, but on no schedule of this station.
    pub const UNASKED: &str = "0.5*sin(2*PI*(2600*t-700*t*t))";
    /// Approved in the end: shows that the ears would have heard the others.
    pub const RIGHT: &str = "0.5*sin(2*PI*700*t+9*sin(2*PI*31*t))";
}

/// A second of a signal in canonical form.
fn signal(station: &Station, wave: &str) -> Vec<u8> {
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
enum At {
    /// `stale`, under this name.
    Stale(&'static str),
    /// `data.failed`: the pass ended there.
    Failed,
    /// `library.failed`, under this id.
    Audio(&'static str),
}

/// A station under attack.
struct Siege {
    station: Station,
    /// What its feed should be.
    good: Repo,
    wrong: Vec<u8>,
    unasked: Vec<u8>,
}

impl Siege {
    fn begin() -> Self {
        Self::begin_after(TimeDelta::zero())
    }

    /// The same, with offline signatures of that age.
    fn begin_after(age: TimeDelta) -> Self {
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
    fn attack(&mut self, change: impl FnOnce(&mut Repo)) -> &mut Self {
        let mut evil = self.good.clone();
        evil.now = now();
        change(&mut evil);
        evil.publish();
        self.station.repo = evil;
        self.serve()
    }

    /// Serves what `station.repo` holds, and lets the daemon look.
    fn serve(&mut self) -> &mut Self {
        self.station.repo.write(&self.station.path("feed"));
        self.look()
    }

    /// Tells the daemon to ask the feed now, as `loaxa station sync` does when it ends.
    fn look(&mut self) -> &mut Self {
        let reply = self.ask("sync");
        assert_eq!(reply["is"], "done", "{reply}");
        self
    }

    /// One question over the control socket.
    fn ask(&self, what: &str) -> Value {
        let mut socket = UnixStream::connect(self.station.path("sock")).unwrap();
        socket.write_all(format!("{{\"do\":\"{what}\"}}\n").as_bytes()).unwrap();
        let mut reply = String::new();
        BufReader::new(socket).read_line(&mut reply).unwrap();
        serde_json::from_str(&reply).unwrap()
    }

    fn status(&self) -> Value {
        self.ask("status")["status"].take()
    }

    fn until(&self, what: &str, wanted: impl Fn(&Value) -> bool) {
        self.wait(what, || wanted(&self.status()));
    }

    /// Waits for something that soon is so.
    fn wait(&self, what: &str, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            let log = std::fs::read_to_string(self.station.path("stderr")).unwrap();
            let (status, outcomes) = (self.status(), self.outcomes());
            assert!(begun.elapsed() < PATIENCE, "not so: {what}\n{status}\n{outcomes:?}\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The daemon says why it refused, in both languages, and plays on.
    fn refused(&mut self, at: At, vi: &str, en: &str) -> &mut Self {
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
        self.plays_on()
    }

    /// An occurrence that is still to come is played.
    fn plays_on(&mut self) -> &mut Self {
        let since = now();
        let played = |r: &Value| instant(&r["occurrence"]["due"]) > since && r["outcome"] == "played";
        self.wait("it plays on", || self.outcomes().iter().any(played));
        self
    }

    /// Outcomes as they lie in the log.
    fn outcomes(&self) -> Vec<Value> {
        let mut segments: Vec<_> =
            std::fs::read_dir(self.station.path("state/asrun")).unwrap().map(|e| e.unwrap().path()).collect();
        segments.sort();
        let lines: String = segments.iter().map(|s| std::fs::read_to_string(s).unwrap()).collect();
        // The last line may be under way.
        let records = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        records.filter(|r| r["kind"] == "outcome").collect()
    }

    /// The attacker is gone; whoever signs overtakes the versions that he made, and the station is fresh again.
    fn heal(&mut self) -> &mut Self {
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
    fn end(mut self, never: &[(&str, &[u8])]) {
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
    fn until_aired(&self, id: &str) {
        let has = |o: &Value| o["items"].as_array().is_some_and(|i| i.iter().any(|i| i["bulletin"] == id));
        self.wait(id, || self.outcomes().iter().any(|o| has(o) && o["outcome"] == "played"));
    }

    fn speech(&self) -> Vec<u8> {
        canonical(SPEECH, 1, self.station.dir.path())
    }
}

/// What came out of the virtual PA.
struct Heard {
    first: DateTime<Utc>,
    samples: Vec<f32>,
}

impl Heard {
    fn by(station: &Station) -> Self {
        let wav = station.path("pa.wav");
        let (first, _) = wav_file::first_frame(&wav).unwrap();
        Self { first, samples: listen::read_wav(&wav).samples }
    }

    fn frame(&self, at: DateTime<Utc>) -> usize {
        Frames::within(at - self.first).0 as usize
    }

    fn find(&self, audio: &[u8]) -> listen::Found {
        listen::find(&self.samples, &decode::decode(audio).unwrap())
    }

    /// Each item stands where the log says, and nothing sounds anywhere else.
    fn is_what_the_log_says(&self, outcomes: &[Value], sounds: &[(&str, &[u8])]) {
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

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// Lists a recording of a second, as two approvals would.
fn approve(repo: &mut Repo, id: &str, audio: &[u8], category: &str) {
    repo.bulletin(id, audio);
    let frames = decode::frames(audio).unwrap().0;
    repo.describe(id, |meta| {
        meta["frames"] = frames.into();
        meta["category"] = category.into();
    });
}

/// Every three seconds, on this station.
fn schedule(area: &str, bulletin: &str) -> String {
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

#[test]
fn nobody_alone_puts_anything_on_the_air() {
    let mut siege = Siege::begin();
    let wrong = siege.wrong.clone();
    let people = ("cần chữ ký của 2 người", "2 needed, each by another person");
    let bulletins = At::Stale("bulletins");
    let alias = format!("{}+alias", EDITORS[0]);
    for signers in [&[EDITORS[0]][..], &[EDITORS[0], EDITORS[0]], &[EDITORS[0], &alias]] {
        siege.attack(|repo| {
            approve(repo, "sai", &wrong, "models");
            repo.signed_by("bulletins", signers);
            let (id, key) = tuf_key(&alias);
            repo.edit("targets", |t| {
                t["delegations"]["keys"][&id] = key;
                let roles = t["delegations"]["roles"].as_array_mut().unwrap();
                let role = roles.iter_mut().find(|r| r["name"] == "bulletins").unwrap();
                role["keyids"].as_array_mut().unwrap().push(json!(key_id(&alias)));
            });
        });
        siege.refused(bulletins, people.0, people.1).heal();
    }
    siege.attack(|repo| {
        approve(repo, "sai", &wrong, "models");
        repo.signed_by("bulletins", &BROWSERS);
    });
    siege
        .refused(bulletins, "chỉ có chữ ký bằng khóa trong trình duyệt", "only by keys that live in browsers")
        .heal();
    siege.end(&[("what one person signed", &wrong)]);
}

#[test]
fn an_area_says_nothing_but_its_own_and_a_broken_one_harms_no_other() {
    let mut siege = Siege::begin();
    let (wrong, unasked) = (siege.wrong.clone(), siege.unasked.clone());
    let area = At::Stale("area-ke-ben");
    let other = schedule("yen-the", "khong-ai-hen");
    siege.attack(|repo| {
        repo.target("area-ke-ben", "areas/yen-the/schedule.yaml", other.as_bytes(), None);
    });
    siege.refused(
        area,
        "không thuộc quyền của nơi ký",
        "lists `areas/yen-the/schedule.yaml`, which is not its own",
    );

    siege.heal().attack(|repo| {
        let custom = repo.meta("ngan", "bulletin", &wrong);
        repo.target("area-ke-ben", "bulletins/ngan.opus", &wrong, Some(custom));
    });
    siege.refused(
        area,
        "`bulletins/ngan.opus`, không thuộc quyền",
        "lists `bulletins/ngan.opus`, which is not its own",
    );

    // Signed by somebody else than the office; and the file of another, under the right name.
    siege.heal().attack(|repo| {
        repo.schedule("ke-ben", &schedule("ke-ben", "khong-ai-hen")).signed_by("area-ke-ben", &["nguoi-la"]);
    });
    siege.refused(area, "cần chữ ký của 1 người", "1 needed, each by another person");
    siege.heal().attack(|repo| {
        repo.schedule("ke-ben", &other);
    });
    siege.until("it is left out", |s| s["warnings"].to_string().contains("areas/ke-ben/schedule.yaml"));
    siege.plays_on();

    // An area that the registry does not name claims the station: nobody even asks for its files.
    siege.heal().station.server.take_seen();
    siege.attack(|repo| {
        repo.area_stations("xa-la", "format: 1\narea: xa-la\nstations:\n  - id: xa-1\n    tags: [cua-toi]\n");
        repo.schedule("xa-la", &schedule("xa-la", "khong-ai-hen"));
    });
    let version = siege.station.repo.version("timestamp");
    siege.until("it was seen", |s| s["feed"]["timestamp"] == version);
    siege.plays_on();
    let seen = siege.station.server.take_seen();
    assert!(seen.iter().all(|s| !s.path.contains("xa-la")), "{seen:?}");
    siege.heal();
    siege.end(&[("a re-listed bulletin", &wrong), ("what no area of this station asked for", &unasked)]);
}

#[test]
fn a_hostile_server_brings_nothing_wrong_and_stops_nothing() {
    let mut siege = Siege::begin();
    let (wrong, unasked) = (siege.wrong.clone(), siege.unasked.clone());
    let old = std::fs::read(siege.station.path("feed/metadata/timestamp.json")).unwrap();
    siege.heal();

    // Older metadata, with a torn store beside it.
    siege.station.kill();
    for torn in ["feed/memory.1", "feed/timestamp.json"] {
        let path = siege.station.path("state").join(torn);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    }
    siege.station.server.fault("metadata/timestamp.json", Fault::Bytes(old));
    siege.station.start();
    siege.look().refused(At::Failed, "có thể ai đó đưa lại bản cũ", "somebody may be replaying old files");

    siege.heal().station.server.fault("metadata/timestamp.json", Fault::Endless);
    siege.look().refused(At::Failed, "dài hơn mức cho phép", "longer than allowed");
    for (fault, vi, en) in [
        (Fault::Bomb(16 << 20), "dài hơn mức cho phép", "longer than allowed"),
        (Fault::Absent, "nguồn phát không có tệp này", "the feed has no such file"),
        (Fault::Redirect("http://127.0.0.2/".into()), "sang một trang khác", "to another site"),
    ] {
        siege.heal();
        let mut evil = siege.good.clone();
        approve(&mut evil, "sai", &wrong, "models");
        evil.publish();
        siege.station.server.fault(&evil.file("bulletins"), fault);
        siege.station.repo = evil;
        siege.serve().refused(At::Stale("bulletins"), vi, en);
    }

    // A byte flipped in each kind of file, and one file in another's place.
    for role in ["timestamp", "snapshot", "targets", "bulletins"] {
        siege.heal();
        let mut evil = siege.good.clone();
        evil.overtake(&siege.good);
        let mut bytes = evil.files[&evil.file(role)].clone();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        siege.station.server.fault(&evil.file(role), Fault::Bytes(bytes));
        siege.station.repo = evil;
        let place = if role == "bulletins" { At::Stale("bulletins") } else { At::Failed };
        siege.serve().refused(place, "", "");
    }
    siege.heal();
    let mut evil = siege.good.clone();
    evil.overtake(&siege.good);
    let other = evil.files[&evil.file("urgent")].clone();
    siege.station.server.fault(&evil.file("bulletins"), Fault::Bytes(other));
    siege.station.repo = evil;
    siege.serve().refused(At::Stale("bulletins"), "không khớp với bản đã ký", "is not what was signed");

    // Approved audio whose file on the server is another's.
    siege.heal();
    let swapped = signal(&siege.station, sound::RIGHT);
    approve(&mut siege.station.repo, "bi-trao", &swapped, "law");
    siege.station.repo.publish();
    let name = siege.station.repo.files.keys().find(|n| n.ends_with(".bi-trao.opus")).unwrap().clone();
    let padded = [&wrong[..], &vec![0; swapped.len().saturating_sub(wrong.len())]].concat();
    siege.station.server.fault(&name, Fault::Bytes(padded[..swapped.len()].to_vec()));
    siege.serve().refused(
        At::Audio("bi-trao"),
        "không khớp với bản đã được duyệt",
        "is not what was approved",
    );

    // Last, a server that never ends its answers: the pass waits, the station does not.
    siege.heal().station.server.fault_times("metadata/timestamp.json", Fault::StallAfter(100), 1);
    siege.station.repo = siege.good.clone();
    siege.serve().plays_on().plays_on().plays_on();
    let log = std::fs::read_to_string(siege.station.path("stderr")).unwrap();
    assert!(!log.contains("panicked"), "{log}");
    siege.station.stop();
    siege.station.start();
    siege.end(&[("what the server slipped in", &wrong), ("what nobody scheduled", &unasked)]);
}

#[test]
fn a_freeze_by_a_stolen_online_key_shows_and_it_dates_nothing_forward() {
    // All offline roles were signed forty days ago, and the thief signs the online ones again and again.
    let mut siege = Siege::begin_after(TimeDelta::days(40));
    siege.until("the freeze shows", |s| {
        let age = |key: &str| s[key].as_i64().unwrap_or_default();
        age("offline_age_s") >= 40 * 86_400 && age("feed_age_s") < 3_600
    });
    for (lang, words) in [("vi", "40 ngày"), ("en", "40 days")] {
        let shown = siege.station.run(&["--lang", lang, "station", "status"], |_| {});
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.contains(words), "{shown}");
    }
    let wrong = siege.wrong.clone();
    siege.attack(|repo| {
        repo.pass(TimeDelta::hours(1));
    });
    siege.refused(At::Failed, "muộn hơn giờ hiện tại", "which is still to come");
    siege.heal();
    let status = siege.status();
    assert!(status["offline_age_s"].as_i64().unwrap() < 3_600, "{status}");
    siege.end(&[("what nobody signed", &wrong)]);
}

#[test]
fn what_was_taken_away_never_comes_back() {
    let mut siege = Siege::begin();
    let (wrong, alarm) = (siege.wrong.clone(), signal(&siege.station, sound::UNASKED));
    // A bulletin airs, and is withdrawn by one person.
    approve(&mut siege.good, "thu-hoi", &wrong, "models");
    siege.heal();
    siege.until_aired("thu-hoi");
    siege.good.withdraw("thu-hoi");
    siege.heal().plays_on();
    // An order airs once, and is recalled.
    siege.good.urgent_audio("bao-dong", &alarm);
    let frames = decode::frames(&alarm).unwrap().0;
    siege.good.edit("urgent-audio", |r| {
        r["targets"]["urgent-audio/bao-dong.opus"]["custom"]["frames"] = frames.into();
    });
    siege.good.now = now();
    let mut order = siege.good.order("bao", "bao-dong", &["yen-the"]);
    (order.repeats, order.gap_s) = (20, 3_600);
    siege.good.urgent(&order);
    siege.heal();
    siege.until_aired("bao-dong");
    siege.good.withdraw("bao");
    siege.heal().plays_on();
    let taken = now();

    // A shorter list, and the same order once more, as if nothing had been.
    order.gap_s = 0;
    siege.attack(|repo| {
        repo.forget_withdrawal("thu-hoi").forget_withdrawal("bao").urgent(&order);
    });
    let version = siege.station.repo.version("timestamp");
    siege.until("it was seen", |s| s["feed"]["timestamp"] == version);
    siege.plays_on().plays_on();
    siege.station.kill();
    siege.station.start();
    siege.plays_on();
    siege.station.stop();
    siege.station.assert_log_verifies();

    let heard = Heard::by(&siege.station);
    let speech = siege.speech();
    let sounds: [(&str, &[u8]); 3] = [("ngan", &speech), ("thu-hoi", &wrong), ("bao-dong", &alarm)];
    heard.is_what_the_log_says(&siege.outcomes(), &sounds);
    let after = Heard { first: taken, samples: heard.samples[heard.frame(taken)..].to_vec() };
    for (what, sound) in [("the withdrawn bulletin", &wrong), ("the recalled order", &alarm)] {
        assert!(heard.find(sound).score > 0.6, "{what} was never heard at all");
        let found = after.find(sound);
        assert!(found.score < 0.3, "{what} came back: {found:?}");
    }
    assert!(after.find(&speech).score > 0.6);
}
