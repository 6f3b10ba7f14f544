//! A real station at a real hub, over a line that loses replies.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use chrono::TimeDelta;
use loaxa::{
    asrun::{
        journal::{HORIZON, Journal, Session},
        key::LogKey,
        record::{Body, Outcome, OutcomeRecord, Why},
    },
    schedule::occurrence::Occurrence,
};
use serde_json::Value;

use crate::{
    r#box::{POLICY, Station, now},
    province::{Province, Talker, put},
    wait,
};

const PATIENCE: Duration = Duration::from_secs(90);

/// A line that hands on everything, but for replies to uploads that it loses.
struct Line {
    port: u16,
    lose: Arc<AtomicUsize>,
}

impl Line {
    fn to(hub: &str) -> Self {
        let hub = hub.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let lose = Arc::new(AtomicUsize::new(0));
        let losing = Arc::clone(&lose);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Ok(up) = TcpStream::connect(&hub) else { continue };
                let losing = Arc::clone(&losing);
                thread::spawn(move || carry(stream, up, &losing));
            }
        });
        Self { port, lose }
    }
}

fn carry(mut down: TcpStream, mut up: TcpStream, lose: &AtomicUsize) {
    let (mut down_too, mut up_too) = (down.try_clone().unwrap(), up.try_clone().unwrap());
    let lost = Arc::new(AtomicUsize::new(0));
    let reply_lost = Arc::clone(&lost);
    thread::spawn(move || {
        let mut piece = [0; 16_384];
        while let Ok(n @ 1..) = up_too.read(&mut piece) {
            if reply_lost.load(Ordering::SeqCst) > 0 || down_too.write_all(&piece[..n]).is_err() {
                break;
            }
        }
        down_too.shutdown(Shutdown::Both).ok();
    });
    let mut piece = [0; 16_384];
    while let Ok(n @ 1..) = down.read(&mut piece) {
        let is_upload = piece[..n].starts_with(b"POST /station/log");
        let take_one = |n: usize| n.checked_sub(1);
        if is_upload && lose.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take_one).is_ok() {
            lost.store(1, Ordering::SeqCst);
        }
        if up.write_all(&piece[..n]).is_err() {
            break;
        }
    }
    up.shutdown(Shutdown::Both).ok();
}

/// A province with one real station.
pub struct Field {
    pub province: Province,
    pub station: Station,
    line: Line,
}

impl Field {
    /// The daemon does not run yet; `more` goes to its configuration.
    pub fn start(more: &str) -> Self {
        let province = Province::start();
        let line = Line::to(&province.hub.url);
        let mut station = Station::new();
        let key = province.hub.says(&["hub", "station", "list"])["receipt_key"].as_str().unwrap().to_owned();
        station.repo.policy(POLICY).receipt_key(&key);
        station.configure(&format!("hub: http://127.0.0.1:{}\n{more}", line.port));
        let config = std::fs::read_to_string(station.path("station.yaml")).unwrap();
        if more.contains("poll") {
            std::fs::write(station.path("station.yaml"), config.replace("poll: 1m\n", "")).unwrap();
        }
        // The feed of the station's province is the one that this hub has.
        std::fs::remove_dir_all(province.hub.data().join("office/feed")).unwrap();
        std::fs::remove_dir_all(province.hub.data().join("registry")).ok();
        let mut field = Self { province, station, line };
        field.publish();
        field
    }

    pub fn publish(&mut self) {
        self.station.publish();
        put(&self.station.repo, &self.province.hub.data().join("office/feed"));
    }

    /// Somebody asks the hub: it looks at its feed.
    pub fn touch(&self) {
        block_on(self.talker().held());
    }

    fn talker(&self) -> Talker {
        let mut talker = Talker::new(&self.province.hub.url, "xa-1", 0);
        talker.key = LogKey::load(&self.station.path("state/keys/log.key")).unwrap();
        talker
    }

    fn held(&self) -> u64 {
        block_on(self.talker().held())
    }

    /// Waits until the hub holds so many lines, and more, at least.
    pub fn until_held_lines(&self, count: u64) {
        let log = || std::fs::read_to_string(self.station.path("stderr")).unwrap_or_default();
        let begun = std::time::Instant::now();
        while self.held() < count {
            assert!(begun.elapsed() < PATIENCE, "{} of {count} lines\n{}", self.held(), log());
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn on_disk(&self) -> Vec<Vec<u8>> {
        let mut names: Vec<_> = std::fs::read_dir(self.station.path("state/asrun"))
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.to_string_lossy().ends_with(".jsonl") && !p.ends_with("receipts.jsonl"))
            .collect();
        names.sort();
        let text: Vec<u8> = names.iter().flat_map(|path| std::fs::read(path).unwrap()).collect();
        text.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(<[u8]>::to_vec).collect()
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Slots that this station missed while nobody ran it: written by the station's own journal.
fn miss(field: &Field, slots: std::ops::Range<i64>) {
    let key = LogKey::load(&field.station.path("state/keys/log.key")).unwrap();
    let begin = now() - TimeDelta::days(3);
    let session = Session {
        station: "xa-1".parse().unwrap(),
        version: "test".into(),
        boot_id: None,
        at: begin + TimeDelta::hours(slots.start),
        horizon: HORIZON,
    };
    let (mut journal, _) = Journal::open(&field.station.path("state/asrun"), key, session).unwrap();
    for slot in slots {
        let due = begin + TimeDelta::hours(slot);
        let occurrence =
            Occurrence { area: "yen-the".parse().unwrap(), slot: "gio".parse().unwrap(), due, repeat: None };
        let record = OutcomeRecord {
            occurrence,
            outcome: Outcome::Missed,
            why: Some(Why::Device),
            by: None,
            items: Vec::new(),
            late_us: None,
            run: None,
        };
        journal.append(due, &Body::Outcome(record)).unwrap();
    }
}

/// Field fault: a hub away for 50 slots, the replies to the first uploads lost, the hub restored from yesterday's backup.
#[test]
fn fifty_slots_without_a_hub_come_once_with_true_times_and_come_again_to_a_restored_one() {
    let mut field = Field::start("");
    let data = field.province.hub.data();
    // Yesterday: twenty slots, and a backup.
    miss(&field, 0..20);
    field.station.start();
    field.until_held_lines(21);
    field.station.stop();
    field.province.hub.stop();
    field.province.hub.back_up();
    // Fifty slots while the hub is away.
    miss(&field, 20..70);
    field.station.start();
    let lines = field.station.records().len() as u64;
    field.station.until(PATIENCE, "the operator is told that the hub is away", |s| {
        s["warnings"].to_string().contains("does not reach the hub")
    });
    field.line.lose.store(3, Ordering::SeqCst);
    field.province.hub.run();
    field.until_held_lines(lines);
    assert!(field.line.lose.swap(0, Ordering::SeqCst) < 3, "replies were lost");
    // The hub is restored; the station, which runs on, fills the gap by itself.
    field.province.hub.stop();
    field.province.hub.restore();
    put(&field.station.repo, &data.join("office/feed"));
    field.province.hub.run();
    assert!(field.held() < lines, "the backup is older");
    field.until_held_lines(lines);
    field.station.stop();
    field.station.start();
    let on_disk = field.on_disk();
    field.until_held_lines(on_disk.len() as u64);
    let log = field.talker().key.id();
    let held = block_on(field.province.lines(&log));
    assert_eq!(held, field.on_disk()[..held.len()], "each line once, byte for byte");
    let due: std::collections::BTreeSet<String> = held
        .iter()
        .map(|line| serde_json::from_slice::<Value>(line).unwrap())
        .filter(|r| r["kind"] == "outcome" && r["occurrence"]["slot"] == "gio")
        .map(|r| r["occurrence"]["due"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(due.len(), 70, "seventy instants");
    block_on(field.province.assert_sums());
    assert_eq!(block_on(field.province.alarms()), Vec::<String>::new());
}

/// What a station plays is seen at the hub while it sounds, and counts by what its bulletins were called.
#[test]
fn a_broadcast_is_seen_while_it_sounds_and_counts_once() {
    let mut field = Field::start("");
    field.station.bulletin("luat-1", "duong-day-nong-111.ogg", 8);
    let at = field.station.soon();
    field.station.schedule(&[("gio", at, &["luat-1"])]);
    field.station.push();
    let state = || {
        block_on(async {
            let db = field.province.db().await;
            loaxa::hub::db::stations::get(&db, "xa-1").await.unwrap().map(|s| s.state)
        })
    };
    wait::until("the hub sees it on air", PATIENCE, || state().as_deref() == Some("on-air"));
    let aired = || {
        const AIRED: &str =
            "SELECT bulletin, title, category, language, frames FROM airing WHERE outcome = 'played'";
        type Row = (String, String, String, String, i64);
        block_on(field.province.rows::<Row>(AIRED))
    };
    wait::until("the hub has the outcome", PATIENCE, || aired().len() == 1);
    let record = field.station.records().into_iter().find(|r| r["outcome"] == "played").unwrap();
    let frames = record["items"][0]["frames"].as_i64().unwrap();
    let (bulletin, title, category, language, sent) = aired().remove(0);
    assert_eq!(
        (bulletin.as_str(), category.as_str(), language.as_str(), sent),
        ("luat-1", "law", "vi", frames)
    );
    assert!(!title.is_empty());
    wait::until("it is idle again", PATIENCE, || state().as_deref() == Some("idle"));
    block_on(field.province.assert_sums());
}

/// A box with a new key: what the hub lacks of the old log comes after all, and the new one follows it.
#[test]
fn a_new_key_leaves_nothing_of_the_old_log_behind() {
    let mut field = Field::start("");
    miss(&field, 0..5);
    field.station.start();
    field.until_held_lines(6);
    field.station.stop();
    miss(&field, 5..9);
    let (old, lines) = (field.talker().key.id(), field.on_disk());
    std::fs::remove_file(field.station.path("state/keys/log.key")).unwrap();
    let feed = field.station.server.url.clone();
    field.station.run(
        &["station", "enroll", "--again", "--station", "xa-1", "--root", "root.json", "--feed"],
        |c| {
            c.arg(&feed);
        },
    );
    let key = field.talker().key.public();
    field.station.repo.station("xa-1", key, &["tinh", "yen-the"]);
    field.publish();
    field.station.start();
    field.until_held_lines(1);
    let held = block_on(field.province.lines(&old));
    assert_eq!(held, lines);
    assert_eq!(block_on(field.province.alarms()), Vec::<String>::new());
    let receipts = field.station.path(&format!("state/asrun/{old}/receipts.jsonl"));
    wait::until("the old log has its receipt", PATIENCE, || receipts.exists());
}

/// What a station gets for its log can be checked by anybody, and shows any cut.
#[test]
fn a_station_keeps_a_receipt_that_proves_its_tail() {
    let mut field = Field::start("");
    miss(&field, 0..5);
    field.station.start();
    let receipts = field.station.path("state/asrun/receipts.jsonl");
    field.until_held_lines(6);
    wait::until("a receipt is kept", PATIENCE, || receipts.exists());
    field.station.stop();
    let verify = |args: &[&str]| {
        let feed = field.station.path("feed");
        let out = field.station.run(&["log", "verify", "state/asrun", "--json", "--feed"], |c| {
            c.arg(&feed).args(args);
        });
        serde_json::from_slice::<Value>(&out.stdout).unwrap_or_else(|_| panic!("{out:?}"))
    };
    let good = verify(&[]);
    assert_eq!((&good["ok"], &good["receipt"]["proven"]), (&true.into(), &true.into()), "{good}");
    let seq = good["receipt"]["seq"].as_u64().unwrap();
    let segment = std::fs::read_dir(field.station.path("state/asrun"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.to_string_lossy().contains("-20"))
        .max()
        .unwrap();
    let text = std::fs::read_to_string(&segment).unwrap();
    let kept: Vec<&str> = text.lines().collect();
    let cut = kept.len() - (field.on_disk().len() - seq as usize) - 1;
    std::fs::write(&segment, kept[..cut].join("\n") + "\n").unwrap();
    assert_eq!(verify(&[])["bad"]["why"], "cut");
    // The station goes on with what is left: the hub has the rest, and sees it.
    field.station.start();
    wait::until("an alarm", PATIENCE, || !block_on(field.province.alarms()).is_empty());
}
