//! A log made by hand, and both verifiers side by side.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use loaxa::{
    asrun::{
        chain::Head,
        key::{LogKey, Verifying},
        receipt::Receipt,
        record::{self, *},
        segment::{Month, SegmentName},
        verify::Registry,
    },
    bulletin::{Category, Frames},
    cli::{Context, Failure, log},
    clock::SimClock,
    digest::Digest,
    ids::StationId,
    schedule::occurrence::{Class, Occurrence},
    text::Lang,
};
use serde_json::{Value, json};

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn key(n: u8) -> LogKey {
    LogKey::from_seed(&[n; 32]).unwrap()
}

pub fn public(key: &LogKey) -> Verifying {
    Verifying::new(key.public()).unwrap()
}

pub fn station() -> StationId {
    "tram-xa-an-thuong".parse().unwrap()
}

pub fn slot(due: &str) -> Occurrence {
    Occurrence {
        area: "yen-the".parse().unwrap(),
        slot: "ban-tin-sang".parse().unwrap(),
        due: at(due),
        repeat: None,
    }
}

pub fn urgent(repeat: u32, due: &str) -> Occurrence {
    let id = "bao-so-5".parse().unwrap();
    Occurrence { area: "urgent".parse().unwrap(), slot: id, due: at(due), repeat: Some(repeat) }
}

pub fn boot(key: &LogKey) -> Body {
    Body::Boot(Boot {
        station: station(),
        log: key.id(),
        version: "0.1.0".into(),
        cut: 0,
        continues: None,
        boot_id: Some("f1d2".into()),
    })
}

pub fn clock_trusted(to: &str) -> Body {
    Body::Clock(ClockChange {
        event: ClockEvent::Trusted,
        trust: ClockTrust::Synced,
        from: None,
        to: at(to),
        reason: None,
        alarm: false,
    })
}

pub fn intent(of: Occurrence) -> Body {
    Body::Intent(Intent {
        occurrence: of,
        class: Class::Priority,
        items: vec![IntentItem {
            bulletin: "duong-day-nong-111".parse().unwrap(),
            sha256: Digest::of(b"audio"),
            title: "Đường dây nóng \"111\"".into(),
            category: Some(Category::Support),
            languages: vec!["vi".parse().unwrap(), "tyz".parse().unwrap()],
            length: Frames(2_400_000),
        }],
        feed: BTreeMap::from([("bulletins".into(), 12), ("snapshot".into(), 400)]),
        level_cdb: -600,
        clock: ClockTrust::Synced,
        device: "plughw:CARD=Device,DEV=0".into(),
    })
}

pub fn outcome(of: Occurrence, outcome: Outcome, why: Option<Why>) -> Body {
    let sent = SentItem {
        bulletin: "duong-day-nong-111".parse().unwrap(),
        sha256: Digest::of(b"audio"),
        frames: Frames(2_400_000),
        first_frame: Some(of.due),
    };
    let sounded = !matches!(outcome, Outcome::Missed | Outcome::Skipped);
    Body::Outcome(OutcomeRecord {
        occurrence: of,
        outcome,
        why,
        by: None,
        items: if sounded { vec![sent] } else { Vec::new() },
        late_us: sounded.then_some(-31),
        run: None,
    })
}

/// Lines, by the segment in which they stand.
#[derive(Clone, Debug)]
pub struct Log {
    pub segments: Vec<(String, Vec<Vec<u8>>)>,
    pub head: Head,
    signer: u8,
}

impl Log {
    pub fn new(signer: u8) -> Self {
        Self { segments: Vec::new(), head: Head::START, signer }
    }

    /// Three months with a bit of everything: 22 lines in 3 segments.
    pub fn sample() -> Self {
        let mut log = Self::new(1);
        let k = key(1);
        log.add("2026-10-30T22:00:00Z", &boot(&k));
        log.add("2026-10-30T22:00:05.5Z", &clock_trusted("2026-10-30T22:00:05.5Z"));
        let schedules = BTreeMap::from([("yen-the".parse().unwrap(), Digest::of(b"yaml"))]);
        let feed = BTreeMap::from([("root".to_owned(), 1)]);
        let applied = Applied { feed, policy: Some(Digest::of(b"policy")), schedules };
        log.add("2026-10-30T22:00:06Z", &Body::Applied(applied));
        for day in ["2026-10-31", "2026-11-01", "2026-11-02", "2026-12-01"] {
            let due = format!("{day}T06:00:00Z");
            log.add(&due, &intent(slot(&due)));
            log.add(&format!("{day}T06:00:51Z"), &outcome(slot(&due), Outcome::Played, None));
            let due = format!("{day}T17:00:00Z");
            log.add(&due, &outcome(slot(&due), Outcome::Missed, Some(Why::Hold)));
        }
        let hold =
            Hold { area: None, until: at("2026-12-01T19:00:00Z"), reason: "Họp\nxã \\ \u{1}".into() };
        log.add("2026-12-01T18:00:00Z", &Body::Hold(hold));
        log.add("2026-12-01T19:00:00Z", &Body::Release(Release { area: None, expired: true }));
        let action = Action { what: "stop".into(), of: None, reason: Some("=1+1".into()), occurrence: None };
        log.add("2026-12-01T19:00:01Z", &Body::Action(action));
        let lost = DeviceState { state: DeviceChange::Lost, device: "default".into(), why: None };
        log.add("2026-12-01T19:00:02Z", &Body::Device(lost));
        log.add(
            "2026-12-01T19:00:03Z",
            &Body::Feed(FeedState { stale: true, roles: vec!["timestamp".into()] }),
        );
        log.add("2026-12-02T06:00:00Z", &intent(urgent(1, "2026-12-02T06:00:00Z")));
        let by = urgent(1, "2026-12-02T06:00:00Z");
        log.add("2026-12-02T06:01:00Z", &outcome(by, Outcome::Interrupted, Some(Why::Power)));
        log
    }

    pub fn add(&mut self, when: &str, body: &Body) -> &mut Self {
        let (line, _) = record::line(self.head, at(when), body, &key(self.signer)).unwrap();
        self.push(at(when), line)
    }

    /// Adds a line whose unsigned JSON `edit` may change before it is signed.
    pub fn add_edited(&mut self, when: &str, body: &Body, edit: impl Fn(&str) -> String) -> &mut Self {
        let k = key(self.signer);
        let (line, _) = record::line(self.head, at(when), body, &k).unwrap();
        let unsigned = edit(std::str::from_utf8(&line[..line.len() - 138]).unwrap());
        let sig = hex::encode(k.sign(unsigned.as_bytes()));
        self.push(at(when), format!("{unsigned},\"sig\":\"{sig}\"}}").into_bytes())
    }

    fn push(&mut self, when: DateTime<Utc>, line: Vec<u8>) -> &mut Self {
        self.head = Head { seq: self.head.seq + 1, hash: Digest::of(&line) };
        let month = Month::of(when);
        let new = self.segments.last().is_none_or(|(name, _)| !name.ends_with(&format!("-{month}.jsonl")));
        if new {
            let name = SegmentName { first: self.head.seq, month };
            self.segments.push((name.to_string(), Vec::new()));
        }
        self.segments.last_mut().unwrap().1.push(line);
        self
    }

    /// The folder as it lies on a station.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let joined =
            |lines: &[Vec<u8>]| lines.iter().map(|l| [l, &b"\n"[..]].concat()).collect::<Vec<_>>().concat();
        self.segments.iter().map(|(name, lines)| (name.clone(), joined(lines))).collect()
    }

    pub fn lines(&self) -> Vec<Vec<u8>> {
        self.segments.iter().flat_map(|(_, lines)| lines.clone()).collect()
    }

    pub fn receipt(&self, seq: u64, signer: u8) -> Vec<u8> {
        let hash = Digest::of(&self.lines()[seq as usize - 1]);
        let receipt = Receipt { log: key(self.signer).id(), seq, hash, at: at("2026-12-03T00:00:00Z") };
        receipt.line(&key(signer)).unwrap()
    }
}

pub fn write(dir: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    for (name, content) in files {
        fs::write(dir.join(name), content).unwrap();
    }
}

/// Both verifiers, and a folder for keys.
pub struct Both {
    python: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    pub keys: tempfile::TempDir,
}

impl Both {
    pub fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/verify_asrun.py");
        let mut python = Command::new("python3")
            .args(["-B".as_ref(), script.as_os_str(), "--batch".as_ref()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with the package `cryptography` (Debian: python3-cryptography)");
        let (to, from) = (python.stdin.take().unwrap(), BufReader::new(python.stdout.take().unwrap()));
        let keys = tempfile::tempdir().unwrap();
        for n in 1..=3 {
            fs::write(keys.path().join(format!("{n}.pem")), public(&key(n)).pem()).unwrap();
            fs::write(keys.path().join(format!("{n}.hex")), public(&key(n)).hex()).unwrap();
        }
        Self { python, to, from, keys }
    }

    pub fn key_file(&self, n: u8) -> String {
        self.keys.path().join(format!("{n}.pem")).display().to_string()
    }

    pub fn keep(&self, name: &str, content: &[u8]) -> String {
        let path = self.keys.path().join(name);
        fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    pub fn registry(&self, stations: &[(&str, u8)], receipt_keys: &[u8]) -> String {
        let stations: BTreeMap<_, _> = stations.iter().map(|(id, n)| (*id, public(&key(*n)).hex())).collect();
        let keys: Vec<_> = receipt_keys.iter().map(|n| public(&key(*n)).hex()).collect();
        self.keep("registry.json", json!({"stations": stations, "receipt_keys": keys}).to_string().as_bytes())
    }

    /// What both say of `dir`, which must be the same; `--feed F` names a registry file here.
    pub fn judge(&mut self, dir: &Path, options: &[&str]) -> Value {
        let ours = ours(dir, options);
        let mut args = vec![dir.display().to_string()];
        args.extend(options.iter().map(|o| if *o == "--feed" { "--registry" } else { o }.to_string()));
        writeln!(self.to, "{}", json!(args)).unwrap();
        let mut answer = String::new();
        self.from.read_line(&mut answer).unwrap();
        let theirs: Value = serde_json::from_str(&answer).expect("the Python verifier answers each request");
        assert_eq!(ours, theirs, "the two verifiers differ over {options:?}");
        ours
    }
}

impl Drop for Both {
    fn drop(&mut self) {
        self.python.kill().ok();
        self.python.wait().ok();
    }
}

/// `loaxa log verify --json`, without the words for people.
fn ours(dir: &Path, options: &[&str]) -> Value {
    let dir = dir.display().to_string();
    let mut args = vec!["log", "verify", &dir];
    args.extend(options);
    let (exit, out, _) = loaxa(&args, true, Lang::En);
    let mut value: Value = serde_json::from_str(&out).unwrap();
    let spots = [value["bad"].take()].into_iter().chain(value["notes"].as_array().cloned().unwrap());
    let mut spots: Vec<Value> = spots
        .map(|mut spot| {
            if let Some(map) = spot.as_object_mut() {
                assert!(map.remove("text").is_some_and(|t| t.as_str().is_some_and(|t| !t.is_empty())));
            }
            spot
        })
        .collect();
    value["bad"] = spots.remove(0);
    value["notes"] = Value::Array(spots);
    json!({"exit": exit, "out": value})
}

/// Runs `loaxa log …` in this process: exit code, stdout, stderr.
pub fn loaxa(args: &[&str], json: bool, lang: Lang) -> (u8, String, String) {
    let clock = Arc::new(SimClock::at(at("2026-12-03T00:00:00Z")));
    let context = Context { lang, json, config: None, clock };
    let matches = log::command(lang).try_get_matches_from(args).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = match log::run(&matches, &context, registry_of, &mut out, &mut err) {
        Ok(loaxa::cli::Exit::Yes) => 0,
        Ok(loaxa::cli::Exit::No) => 1,
        Err(failure) => {
            err.extend_from_slice(failure.to(lang).as_bytes());
            failure.code()
        }
    };
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

fn registry_of(path: &Path, _: Option<DateTime<Utc>>) -> Result<Registry, Failure> {
    let listed: Value = serde_json::from_slice(&fs::read(PathBuf::from(path)).unwrap()).unwrap();
    let raw = |v: &Value| {
        let mut raw = [0; 32];
        hex::decode_to_slice(v.as_str().unwrap(), &mut raw).unwrap();
        raw
    };
    let stations = listed["stations"].as_object().unwrap();
    Ok(Registry {
        stations: stations.iter().map(|(id, k)| (id.parse().unwrap(), raw(k))).collect(),
        receipt_keys: listed["receipt_keys"].as_array().unwrap().iter().map(raw).collect(),
    })
}

/// The first fault, as `segment:line word`; empty if there is none.
pub fn bad(verdict: &Value) -> String {
    let bad = &verdict["out"]["bad"];
    match bad["segment"].as_str() {
        Some(segment) => format!("{segment}:{} {}", bad["line"], bad["why"].as_str().unwrap()),
        None => String::new(),
    }
}

/// Words of the notes, sorted.
pub fn notes(verdict: &Value) -> Vec<String> {
    let notes = verdict["out"]["notes"].as_array().unwrap();
    let mut words: Vec<_> = notes.iter().map(|n| n["what"].as_str().unwrap().to_owned()).collect();
    words.sort();
    words
}
