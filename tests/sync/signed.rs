//! The whole way with a signed feed: enrol, sync over HTTP or from a stick, be attacked, go on.

use std::{path::Path, sync::Mutex, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    feed::{Feed, Mode, Now, Store, Who, audio::AudioSource, folder::FolderSource, library::Library},
    station::{
        budget::Ledger,
        enroll::{Enrolment, Request, enroll},
        layout::Layout,
        sync::{Rules, Synced, Tools, Want, pass},
    },
    text::Lang,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    repo::Repo,
    server::{Fault, Server},
    world::{RealClock, limits, names, noise, run, source},
};

const NOW: &str = "2026-12-01T00:00:00Z";
const SCHEDULE: &str = "format: 1\narea: yen-the\n";

/// A province with a station of its own, enrolled.
pub struct Province {
    pub repo: Repo,
    pub feed: tempfile::TempDir,
    pub state: tempfile::TempDir,
    pub server: Server,
}

impl Province {
    pub fn new() -> Self {
        let (feed, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut repo = Repo::new(NOW);
        let root = state.path().join("root.json");
        std::fs::write(&root, repo.root()).unwrap();
        let server = Server::start(feed.path());
        let request =
            Request { station: "xa-tan-tien".parse().unwrap(), root: &root, feed: &server.url, again: false };
        let enrolment = enroll(&Layout::new(state.path()), &request, repo.now).unwrap();
        repo.station("xa-tan-tien", enrolment.key().unwrap(), &["yen-the"]);
        repo.schedule("yen-the", SCHEDULE);
        repo.bulletin("lon", &noise("lon", 300_000)).bulletin("nho", &noise("nho", 20_000));
        repo.chime("open", &noise("open", 5_000));
        let mut province = Self { repo, feed, state, server };
        province.publish();
        province
    }

    pub fn publish(&mut self) {
        self.repo.publish();
        self.repo.write(self.feed.path());
    }

    pub async fn sync(&self) -> Synced {
        let source = source(&self.server.url, Some(&Layout::new(self.state.path()).etags()), limits());
        sync(self.state.path(), &source, Mode::Online, self.repo.now).await
    }

    pub async fn import(&self, dir: &Path, at: DateTime<Utc>) -> Synced {
        sync(self.state.path(), &FolderSource::new(dir).unwrap(), Mode::Stick, at).await
    }

    fn library(&self) -> Vec<String> {
        names(&self.state.path().join("library"))
    }
}

/// One pass of an enrolled station, as a process of its own would do it.
pub async fn sync(state: &Path, source: &dyn AudioSource, mode: Mode, at: DateTime<Utc>) -> Synced {
    let layout = Layout::new(state);
    let enrolment = Enrolment::load(&layout).unwrap().unwrap();
    let who = Who { key: enrolment.key().unwrap(), station: enrolment.station };
    let library = Library::open(&layout.library()).unwrap();
    let ledger = Ledger::open(&layout.data_use(), chrono_tz::Asia::Ho_Chi_Minh, None).unwrap().0;
    let clock = RealClock::shared();
    let tools = Tools {
        source,
        mode,
        library: &library,
        ledger: &Mutex::new(ledger),
        who: &who,
        now: &|| Now { wall: at, trusted: true },
        clock: &*clock,
        rules: Rules {
            disk: 1_000_000_000,
            poll: Duration::from_secs(600),
            attempts: 2,
            pause: Duration::from_millis(2),
        },
        want: &|_, _| Want::SomeTime,
        watch: &|_| (),
        nudge: &Notify::new(),
        cancel: CancellationToken::new(),
    };
    pass(&mut Store::open(&layout.feed()).unwrap(), &tools).await
}

fn bulletins(feed: &Feed) -> Vec<&str> {
    feed.bulletins.keys().map(|id| id.as_str()).collect()
}

#[test]
fn an_enrolled_station_gets_its_schedule_and_audio_and_an_unchanged_poll_is_cheap() {
    let province = Province::new();
    run(async {
        let first = province.sync().await;
        assert!(first.is_complete(), "{:?} {:?} {:?}", first.refused, first.missing, first.feed.stale);
        assert!(first.feed.stale.is_empty(), "{:?}", first.feed.stale);
        assert_eq!(bulletins(&first.feed), ["lon", "nho", "open"]);
        assert_eq!(first.feed.schedules.values().map(|s| s.text.as_str()).collect::<Vec<_>>(), [SCHEDULE]);
        assert_eq!(province.library().len(), 3);
        province.server.take_seen();
        let (before, connections) = (province.server.wire(), province.server.connections());
        let second = province.sync().await;
        assert!(second.is_complete() && second.fetched.is_empty());
        let asked: Vec<_> = province.server.take_seen().into_iter().map(|s| (s.path, s.status)).collect();
        let want = [("metadata/2.root.json".into(), 404), ("metadata/timestamp.json".into(), 304)];
        assert_eq!(asked, want);
        let wire = province.server.wire() - before;
        println!("unchanged poll of a signed feed: {wire} bytes of HTTP, {} by rule", second.bytes);
        assert!(wire < 1_000 && second.bytes < 1_500);
        assert_eq!(province.server.connections() - connections, 1);
    });
}

#[test]
fn an_urgent_order_and_its_audio_come_and_a_withdrawn_bulletin_is_not_fetched() {
    let mut province = Province::new();
    province.repo.urgent_audio("bao", &noise("bao", 60_000));
    let order = province.repo.order("bao-so-3", "bao", &["yen-the"]);
    province.repo.urgent(&order).withdraw("lon");
    province.publish();
    run(async {
        let synced = province.sync().await;
        assert!(synced.is_complete(), "{:?} {:?}", synced.refused, synced.missing);
        assert_eq!(synced.fetched.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["bao", "open", "nho"]);
        assert_eq!(synced.feed.urgents.len(), 1);
    });
}

#[test]
fn whatever_goes_wrong_with_metadata_the_old_state_stays_and_heals() {
    let mut province = Province::new();
    run(async { assert!(province.sync().await.is_complete()) });
    province.repo.pass(TimeDelta::hours(1)).bulletin("moi", &noise("moi", 9_000));
    province.publish();
    let snapshot = province.repo.file("snapshot");
    let faults = [
        ("metadata/timestamp.json", Fault::Absent),
        ("metadata/timestamp.json", Fault::Bytes(b"{}".to_vec())),
        ("metadata/timestamp.json", Fault::Endless),
        (&snapshot, Fault::Absent),
        (&snapshot, Fault::Bomb(100_000_000)),
        (&snapshot, Fault::CutAfter(100)),
        (&snapshot, Fault::StallAfter(10)),
        (&snapshot, Fault::Status(500)),
        (&snapshot, Fault::Redirect("http://127.0.0.1:1/".into())),
    ];
    run(async {
        for (file, fault) in faults {
            province.server.heal();
            province.server.fault(file, fault.clone());
            let synced = province.sync().await;
            let why = synced.refused.as_ref().unwrap_or_else(|| panic!("{fault:?} was accepted")).text();
            assert!(!why.to(Lang::Vi).is_empty() && why.to(Lang::Vi) != why.to(Lang::En), "{why:?}");
            assert_eq!(bulletins(&synced.feed), ["lon", "nho", "open"], "{fault:?}");
            assert_eq!(province.library().len(), 3, "{fault:?}");
        }
        province.server.heal();
        let synced = province.sync().await;
        assert!(synced.is_complete(), "{:?} {:?}", synced.refused, synced.feed.stale);
        assert_eq!(bulletins(&synced.feed), ["lon", "moi", "nho", "open"]);
    });
}

#[test]
fn a_role_that_is_missing_in_the_middle_costs_only_what_is_new_in_it() {
    let mut province = Province::new();
    run(async { assert!(province.sync().await.is_complete()) });
    province.repo.pass(TimeDelta::hours(1)).bulletin("moi", &noise("moi", 9_000)).withdraw("nho");
    province.publish();
    run(async {
        province.server.fault(&province.repo.file("bulletins"), Fault::Absent);
        let synced = province.sync().await;
        assert!(synced.feed.stale.contains_key("bulletins"), "{:?}", synced.feed.stale);
        assert_eq!(bulletins(&synced.feed), ["lon", "open"], "the withdrawal beside it counts");
        province.server.heal();
        assert_eq!(bulletins(&province.sync().await.feed), ["lon", "moi", "open"]);
    });
}

#[test]
fn a_stick_brings_everything_even_a_few_days_old() {
    let province = Province::new();
    let stick = tempfile::tempdir().unwrap();
    province.repo.write(stick.path());
    run(async {
        // The timestamp lived three days, the snapshot seven.
        let synced = province.import(stick.path(), province.repo.now + TimeDelta::days(20)).await;
        assert!(synced.refused.is_none(), "{:?}", synced.refused);
        assert_eq!(synced.fetched.len(), 3);
        assert!(!synced.feed.stale.is_empty(), "it says that it is old");
        assert_eq!(synced.bytes, 0);
        assert!(province.server.take_seen().is_empty());
    });
}

#[test]
fn a_stick_that_was_tampered_with_brings_nothing_wrong() {
    let mut province = Province::new();
    let old = tempfile::tempdir().unwrap();
    province.repo.write(old.path());
    province.repo.pass(TimeDelta::hours(2)).bulletin("moi", &noise("moi", 9_000));
    province.publish();
    run(async {
        assert!(province.sync().await.is_complete());
        let synced = province.import(old.path(), province.repo.now).await;
        let why = synced.refused.expect("an older feed is a rollback").text();
        assert!(why.to(Lang::En).contains("timestamp"), "{why:?}");
        assert_eq!(synced.feed.bulletins.len(), 4);
    });
    // A new station, to whom a thief brings a stick.
    let mut fresh = Province::new();
    let audio = fresh.repo.files.iter_mut().find(|(name, _)| name.ends_with("nho.opus")).unwrap().1;
    audio[0] ^= 1;
    let stick = tempfile::tempdir().unwrap();
    fresh.repo.write(stick.path());
    run(async {
        let synced = fresh.import(stick.path(), fresh.repo.now).await;
        assert_eq!(synced.fetched.len(), 2);
        assert_eq!(synced.missing.len(), 1);
        assert!(synced.missing[0].why.to(Lang::En).contains("not what was approved"));
    });
    let mut flipped = Province::new();
    let stick = tempfile::tempdir().unwrap();
    let targets = flipped.repo.file("targets");
    let metadata = flipped.repo.files.get_mut(&targets).unwrap();
    let at = metadata.len() / 2;
    metadata[at] ^= 1;
    flipped.repo.write(stick.path());
    run(async {
        let synced = flipped.import(stick.path(), flipped.repo.now).await;
        assert!(synced.refused.is_some() && synced.fetched.is_empty());
    });
}
