//! kill -9 at random moments of sync, playout and append: the log verifies, what was due has exactly one outcome, and
//! nothing unfinished stays.

use std::{
    collections::BTreeMap,
    process::{Child, Stdio},
    time::Duration,
};

use chrono::TimeDelta;
use serde_json::Value;

use crate::{
    after::{self, Dense},
    r#box::{Station, loaxa, now},
};

/// So many boxes are killed beside each other.
const BOXES: usize = 3;

const SLOTS: [Dense; 2] = [
    Dense { id: "ngan", bulletin: "ngan", every: 3, start_within: 2, seconds: 1, class: "priority" },
    Dense { id: "dai", bulletin: "dai", every: 20, start_within: 15, seconds: 8, class: "normal" },
];

/// `LOAXA_KILLS=300` for the thorough run.
fn kills() -> usize {
    std::env::var("LOAXA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(30)
}

/// What the box is at when it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Sync,
    Playout,
    Append,
}

struct Life {
    station: Station,
    round: usize,
    /// What was found at the moments of the kills.
    seen: BTreeMap<&'static str, usize>,
}

fn millis(span: std::ops::Range<u64>) {
    std::thread::sleep(Duration::from_millis(fastrand::u64(span)));
}

impl Life {
    fn new() -> Self {
        let mut station = Station::new();
        station.repo.policy(after::POLICY);
        station.bulletin("ngan", "viec-nhe-luong-cao.ogg", 1);
        station.bulletin("dai", "duong-day-nong-111.ogg", 8);
        station.repo.schedule("yen-the", &after::schedule("0", &SLOTS));
        station.publish();
        Self { station, round: 0, seen: BTreeMap::new() }
    }

    /// Starts the daemon without waiting for anything.
    fn spawn(&mut self) {
        let log =
            std::fs::File::options().create(true).append(true).open(self.station.path("stderr")).unwrap();
        let mut command = loaxa();
        command.current_dir(self.station.dir.path()).args(["--config", "station.yaml", "station", "run"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.station.daemon = Some(command.spawn().unwrap());
    }

    /// Everything new at once: a long recording, an urgent order, a schedule.
    fn news(&mut self) {
        let round = self.round;
        let station = &mut self.station;
        station.bulletin(&format!("moi-{round}"), "bao-tin-cho-cong-an.ogg", 16 + round as u32 % 8);
        if let Some(old) = round.checked_sub(12) {
            let path = format!("bulletins/moi-{old}.opus");
            station.repo.edit("bulletins", |r| {
                r["targets"].as_object_mut().unwrap().remove(&path);
            });
        }
        if fastrand::bool() {
            let audio = format!("khan-{round}-tieng");
            station.urgent_audio(&audio, "dien-tap-thong-bao-khan.ogg", 1 + round as u32 % 3);
            let mut order = station.repo.order(&format!("khan-{round}"), &audio, &["yen-the"]);
            (order.not_before, order.until) = (now(), now() + TimeDelta::seconds(30));
            (order.repeats, order.gap_s) = (2, 1);
            station.repo.urgent(&order);
        }
        station.repo.schedule("yen-the", &after::schedule(&round.to_string(), &SLOTS));
        station.publish();
    }

    /// Records come one upon the other.
    fn records(&self, many: &[&[&str]]) -> Vec<Child> {
        let mut asked = Vec::new();
        for words in many {
            let mut command = loaxa();
            command
                .current_dir(self.station.dir.path())
                .args(["--config", "station.yaml", "station"])
                .args(*words);
            asked.push(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        }
        asked
    }

    fn live_and_die(&mut self, at: At) {
        let mut asked = Vec::new();
        match at {
            At::Sync => {
                self.news();
                self.station.server.rate(fastrand::u64(30_000..150_000));
                self.spawn();
                millis(0..1_800);
            }
            At::Playout => {
                self.station.server.rate(0);
                self.station.start();
                let living = self.station.daemon.as_ref().map(Child::id);
                let left = after::temporary(&self.station.path("state"), living, false);
                assert_eq!(left, Vec::<String>::new(), "left by a dead process");
                millis(1_500..5_500);
            }
            At::Append => {
                self.spawn();
                millis(300..2_500);
                asked = self.records(&[&["volume", "50"], &["hold", "1s", "--reason", "thử"], &["release"]]);
                millis(0..200);
            }
        }
        self.look();
        self.station.kill();
        for mut child in asked {
            child.wait().unwrap();
        }
        self.station.assert_log_verifies();
        assert_eq!(after::not_whole(&self.station.path("state/library")), Vec::<String>::new());
    }

    /// Notes what the kill will hit, by what lies on disk.
    fn look(&mut self) {
        let state = self.station.path("state");
        let unfinished = after::temporary(&state, None, true);
        if unfinished.iter().any(|name| name.ends_with(".part") || name.contains(".unfinished-")) {
            *self.seen.entry("a download or a file under way").or_default() += 1;
        }
    }

    fn end(&mut self) -> after::Account {
        let station = &mut self.station;
        station.server.rate(0);
        station.start();
        let wanted = station.repo.roles["bulletins"].signed["targets"].as_object().unwrap().len()
            + station.repo.roles["urgent-audio"].signed["targets"].as_object().unwrap().len();
        station.until_held(wanted as u64);
        std::thread::sleep(Duration::from_secs(3));
        let last = station.daemon.as_ref().map(Child::id);
        station.stop();
        station.assert_log_verifies();
        let state = station.path("state");
        assert_eq!(after::temporary(&state, last, true), Vec::<String>::new());
        assert_eq!(after::not_whole(&state.join("library")), Vec::<String>::new());
        let records = station.records();
        let last = after::instant(&records.last().unwrap()["at"]);
        let account = after::account(&records, &SLOTS, last);
        account.unwrap_or_else(|why| panic!("{why}\n{}", after::told(&records)))
    }
}

fn whole_life(kills: usize) -> (Life, after::Account, Vec<Value>) {
    let mut life = Life::new();
    for round in 0..kills {
        life.round = round;
        life.live_and_die([At::Playout, At::Sync, At::Append][round % 3]);
    }
    let account = life.end();
    let records = life.station.records();
    (life, account, records)
}

#[test]
fn killed_at_random_every_occurrence_has_one_outcome_and_the_log_verifies() {
    let each = kills().div_ceil(BOXES);
    let lives: Vec<_> = std::thread::scope(|scope| {
        let lives: Vec<_> = (0..BOXES).map(|_| scope.spawn(move || whole_life(each))).collect();
        lives.into_iter().map(|life| life.join().unwrap()).collect()
    });
    let (mut owed, mut mix, mut urgent) = (0, BTreeMap::new(), 0);
    for (life, account, records) in &lives {
        owed += account.owed;
        for (word, count) in &account.by_word {
            *mix.entry(word.as_str()).or_insert(0) += count;
        }
        for (what, count) in &life.seen {
            *mix.entry(what).or_insert(0) += count;
        }
        let is_urgent = |r: &&Value| r["kind"] == "outcome" && r["occurrence"]["area"] == "urgent";
        urgent += records.iter().filter(is_urgent).count();
    }
    println!(
        "{} kills: {owed} owed and each with one outcome; {urgent} of urgent orders; {mix:?}",
        each * BOXES
    );
    for word in ["played", "interrupted", "missed"] {
        let count = mix.get(word).copied().unwrap_or(0);
        assert!(count >= (kills() / 10).max(1), "only {count} {word}: {mix:?}");
    }
}
