//! Publishing, killed at any moment; renewing by the clock; a new province, and one that moves.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use loaxa::{
    clock::SimClock,
    feed::{
        Feed, Mode, Now, Store, Who,
        http::{HttpSource, Limits, Setup},
    },
    hub::{config::Config, feed::keeper, serve},
    office::{meta, remote},
};
use reqwest::Method;
use serde_json::json;

use crate::{
    pc_now,
    people::{
        Province,
        office::{HOA, MAI, NAM, PAO, World, setup},
        schedule,
    },
};

/// A client that remembers what it saw, as a station does.
pub struct Client {
    _dir: tempfile::TempDir,
    store: Store,
}

impl Client {
    pub async fn of(province: &Province) -> Self {
        let root = province.get("", "/feed/metadata/1.root.json").await.bytes().await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let store = Store::enrol(dir.path(), &root).unwrap();
        Self { _dir: dir, store }
    }

    /// The feed as a station takes it; nothing may be wrong or stale.
    pub async fn refresh(&mut self, url: &str) -> Feed {
        let source = HttpSource::new(Setup {
            url: format!("{url}/feed/"),
            cache: None,
            ca: None,
            limits: Limits::default(),
            clock: Arc::new(loaxa::clock::system::SystemClock::new()),
        });
        let who = Who { station: "xuan-luong-1".parse().unwrap(), key: crate::people::station::KEY };
        let now = Now { wall: pc_now(), trusted: true };
        let feed = self.store.refresh(&source.unwrap(), Mode::Online, &who, now).await;
        let feed = feed.unwrap_or_else(|refusal| panic!("{refusal}"));
        // Before the province registered it, a station is told so.
        assert!(feed.stale.keys().all(|name| name == "registry/stations.yaml"), "{:?}", feed.stale);
        feed
    }
}

/// Signs a schedule at the office of Yên Thế and hands it over; nothing is published.
async fn hand_over(province: &Province, text: &str) {
    let (hoa, wire) = (province.at("hoa"), province.wire("hoa"));
    let pulled = remote::pull(&hoa.office, &wire, None, pc_now()).await.unwrap();
    let sort = loaxa::office::push::sort("lich.yaml", text).unwrap();
    {
        let mut desk = hoa.desk();
        let hand = hoa.hand(&desk, &sort.role(), HOA);
        let (next, _) = loaxa::office::push::plan(&desk, &sort, text).unwrap();
        loaxa::office::push::push(&mut desk, &sort, next, &hand).unwrap();
    }
    let pushed = remote::push(&hoa.office, &wire, &pulled.state).await.unwrap();
    assert_eq!(pushed.drafts["area-yen-the"].missing, 0);
}

/// How often: `LOAXA_KILLS`, else 10.
fn kills() -> u64 {
    std::env::var("LOAXA_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(10)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_of_a_publication_the_feed_is_that_of_before_or_after() {
    let mut province = Province::new().await;
    let port = province.hub.url.rsplit(':').next().unwrap().to_owned();
    std::fs::write(province.hub.config(), format!("format: 1\nlisten: 127.0.0.1:{port}\ndata: data\n"))
        .unwrap();
    province.at("hoa");
    province.bulletin("luat-1");
    let station = World::station("xuan-luong-1", crate::people::station::KEY);
    let add = ["registry", "add", "xuan-luong-1", "--key", &hex::encode(station.key.0), "--areas", "yen-the"];
    let added = province.pc("admin", NAM, &[&add[..], &["--commune", "Xuân Lương"]].concat());
    assert_eq!(added.code, 0, "{}", added.err);
    let mut client = Client::of(&province).await;
    client.refresh(&province.hub.url).await;
    let only = json!({"only": ["area-yen-the"]}).to_string();
    // How long an undisturbed publication takes on this machine tells where the blows must fall.
    hand_over(&province, &schedule("yen-the", "luat-1", "Bản tin")).await;
    let from = std::time::Instant::now();
    let done = province.ask("hoa", Method::POST, "/api/feed/publish", only.clone().into_bytes()).await;
    assert_eq!(done.status(), 200);
    let usual = from.elapsed();
    let (mut before, mut after) = (0, 0);
    for n in 0..kills() {
        let version = n + 2;
        hand_over(&province, &schedule("yen-the", "luat-1", &format!("Bản tin {n}"))).await;
        let request = reqwest::Client::new()
            .post(format!("{}/api/feed/publish", province.hub.url))
            .bearer_auth("hoa-token")
            .header("content-type", "application/json")
            .body(only.clone());
        let asked = tokio::spawn(request.send());
        tokio::time::sleep(usual.mul_f64(fastrand::f64() * 1.2)).await;
        province.hub.kill();
        let acknowledged = asked.await.unwrap().is_ok_and(|answer| answer.status() == 200);
        province.hub.run();
        let state = province.state("hoa").await;
        let now = state["published"]["roles"]["area-yen-the"].as_u64().unwrap();
        assert!(now == version || now == version + 1, "{version} became {now}");
        assert!(!acknowledged || now == version + 1, "what was acknowledged is lost");
        // The keeper shows what was written but not shown yet.
        let held = state["published"]["timestamp"].as_u64().unwrap();
        client.shows(&province, held).await;
        if now == version {
            before += 1
        } else {
            after += 1
        }
        // Asked again, it is done once: what was published already is not published twice.
        let again = province.ask("hoa", Method::POST, "/api/feed/publish", only.clone().into_bytes()).await;
        assert_eq!(again.status(), 200, "{:?}", again.text().await);
        let state = province.state("hoa").await;
        assert_eq!(state["published"]["roles"]["area-yen-the"], version + 1);
        let feed = client.refresh(&province.hub.url).await;
        assert!(feed.schedules.values().any(|s| s.text.contains(&format!("Bản tin {n}"))));
    }
    eprintln!("{before} kills left the feed of before, {after} that of after; a publication takes {usual:?}");
}

impl Client {
    /// Refreshes until the hub shows this timestamp; each answer on the way must be a valid feed.
    async fn shows(&mut self, province: &Province, timestamp: u64) {
        for _ in 0..600 {
            self.refresh(&province.hub.url).await;
            let stamp = province.get("", "/feed/metadata/timestamp.json").await.bytes().await.unwrap();
            let stamp: serde_json::Value = serde_json::from_slice(&stamp).unwrap();
            if stamp["signed"]["version"].as_u64() >= Some(timestamp) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the hub does not show timestamp {timestamp}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn timestamp_and_snapshot_are_renewed_by_the_clock_and_trouble_is_told() {
    let mut province = Province::new().await;
    province.hub.kill();
    let clock = Arc::new(SimClock::at(pc_now()));
    let config = Config { data: province.hub.data(), ..Config::default() };
    let hub = serve::open(config, clock.clone()).await.unwrap();
    let mut published = hub.live.published();
    let mut snapshots = std::collections::BTreeSet::new();
    let mut last = province_versions(&hub).0;
    for day in 1..=14 {
        clock.pass(Duration::from_secs(25 * 3600));
        keeper::round(&hub).await.unwrap();
        let (timestamp, snapshot, expires) = province_versions(&hub);
        assert_eq!(timestamp, last + 1, "day {day}");
        assert!(expires > hub.now() + TimeDelta::days(2));
        assert_eq!(*published.borrow_and_update(), timestamp, "stations are told");
        // A second look has nothing to do.
        keeper::round(&hub).await.unwrap();
        assert_eq!(province_versions(&hub).0, timestamp);
        (last, _) = (timestamp, snapshots.insert(snapshot));
    }
    assert!((4..=6).contains(&snapshots.len()), "every three days: {snapshots:?}");
    // Without its keys it cannot, and says so, in the state and as an alarm.
    let keys = province.hub.data().join("office/keys");
    std::fs::rename(&keys, province.hub.data().join("gone")).unwrap();
    clock.pass(Duration::from_secs(25 * 3600));
    assert!(keeper::round(&hub).await.is_err());
    let keeping = tokio::spawn(keeper::keep(hub.clone()));
    for _ in 0..600 {
        if hub.feed.trouble().is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(hub.feed.trouble().unwrap().en.contains("not renewed"));
    keeping.abort();
    hub.db.close().await;
}

fn province_versions(hub: &loaxa::hub::Hub) -> (u64, u64, chrono::DateTime<chrono::Utc>) {
    let feed = loaxa::office::feed_files::Published::load(&hub.feed.office).unwrap().unwrap();
    let timestamp = &feed.timestamp.signed;
    (timestamp.version.get(), feed.snapshot.signed.version.get(), meta::instant(timestamp.expires))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_province_begins_at_the_hub_by_one_command_and_no_private_key_travels() {
    let province = Province::unfounded().await;
    let dir = province.folder("moi");
    let init = |province: &Province| {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 3<\"$WORDS\""]).arg(env!("CARGO_BIN_EXE_loaxa"));
        command.env("WORDS", province.hub.dir.path().join("words"));
        command.args(["--lang", "en", "--json", "office", "init"]).arg(&dir);
        command.args(["--root", PAO, "--root", MAI, "--editor", MAI, "--editor", NAM, "--area"]);
        command.arg(format!("yen-the={HOA}")).args(["--passphrase-fd", "3", "--hub", &province.hub.url]);
        command.arg("--token-file").arg(province.hub.dir.path().join("admin.token")).output().unwrap()
    };
    let early = init(&province);
    let said = String::from_utf8_lossy(&early.stderr);
    assert!(early.status.code() == Some(1) && said.contains("loaxa hub key"), "{said}");
    province.hub_keys();
    let made = init(&province);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut client = Client::of(&province).await;
    client.refresh(&province.hub.url).await;
    assert!(!dir.join("keys/snapshot.pem").exists() && !dir.join("keys/timestamp.pem").exists());
    let held = std::fs::read_dir(province.hub.data().join("office/keys")).unwrap().flatten();
    let pems: Vec<_> =
        held.map(|e| e.file_name().into_string().unwrap()).filter(|n| n.ends_with(".pem")).collect();
    assert_eq!(pems.len(), 2, "the hub holds snapshot and timestamp alone: {pems:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_province_moves_to_a_hub_and_its_stations_follow() {
    let province = Province::unfounded().await;
    let [snapshot, timestamp] = province.hub_keys();
    let keys = province.hub.data().join("office/keys");
    let mut old = World::ago(1, &setup());
    old.now = pc_now();
    old.bulletin("luat-1");
    let stick = province.hub.dir.path().join("stick");
    loaxa::office::export::export(&old.office, &stick).unwrap();
    let mut torn = std::fs::read(stick.join("metadata/1.targets.json")).unwrap();
    let whole = torn.clone();
    torn[40] ^= 1;
    std::fs::write(stick.join("metadata/1.targets.json"), torn).unwrap();
    let stick_path = stick.to_str().unwrap();
    assert_eq!(province.at_server(&["feed", "init", stick_path]).code, 1, "it does not verify");
    std::fs::write(stick.join("metadata/1.targets.json"), whole).unwrap();
    let taken = province.at_server(&["feed", "init", stick_path]);
    assert_eq!(taken.code, 0, "{}", taken.err);
    let root = std::fs::read(old.office.feed().join("metadata/1.root.json")).unwrap();
    assert_eq!(taken.json["root_sha256"], loaxa::digest::Digest::of(&root).to_string());
    assert_eq!(province.at_server(&["feed", "init", stick_path]).code, 1, "only once");
    while province.get("", "/feed/metadata/timestamp.json").await.status() != 200 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // The keys of before are not here; a station that follows the old server is led over by the new root.
    let rotate = |role: &str| {
        let add = keys.join(format!("{role}.pub.json"));
        let dir = old.office.dir().to_owned();
        let args = ["rotate", role, "--add", add.to_str().unwrap(), "--yes", "--as", "root-giang-a-pao"];
        province.at_pc("admin", &dir, old.office.keys(), &args)
    };
    for role in ["snapshot", "timestamp"] {
        let said = rotate(role);
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let sign = ["sign", "root", "--yes", "--as", "root-lo-thi-mai"];
    let signed = province.at_pc("admin", old.office.dir(), old.office.keys(), &sign);
    assert_eq!((signed.code, &signed.json["published"]), (0, &true.into()), "{}", signed.err);
    let mut client = Client::of(&province).await;
    let feed = client.refresh(&province.hub.url).await;
    assert_eq!(feed.bulletins.len(), 1);
    let root = province.get("", "/feed/metadata/2.root.json").await.text().await.unwrap();
    assert!(root.contains(&snapshot.to_string()) && root.contains(&timestamp.to_string()));
}
