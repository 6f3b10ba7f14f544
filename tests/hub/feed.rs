//! Offices hand signed files over, the hub publishes what the gates let pass, stations fetch. Everything else is refused.

use std::{collections::BTreeMap, path::Path, process::Command};

use loaxa::{
    digest::Digest,
    office::{draft, meta},
};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use tough::schema::{Signed, Targets};

use crate::people::{
    Province,
    office::{HOA, LAN, NAM, copy_dir, sound},
    schedule,
};

/// A real station of the area, enrolled at the hub's feed; its log key.
fn station(province: &Province, root: &[u8]) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("root.json"), root).unwrap();
    std::fs::write(
        dir.path().join("station.yaml"),
        format!(
            "format: 1\nstation: xa-1\nfeed: {}/feed/\nstate: state\nsocket: sock\ndevice: wav:pa.wav\nclock: {{ trust: always }}\n",
            province.hub.url
        ),
    )
    .unwrap();
    let feed = format!("{}/feed/", province.hub.url);
    let enrolled =
        at_station(dir.path(), &["enroll", "--station", "xa-1", "--root", "root.json", "--feed", &feed]);
    (dir, enrolled["log_key"].as_str().unwrap().to_owned())
}

fn at_station(dir: &Path, args: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loaxa"));
    command.current_dir(dir).args(["--lang", "en", "--json", "--config", "station.yaml", "station"]);
    let output = command.args(args).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{args:?}: {output:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_pushes_two_people_approve_and_a_real_station_plans_what_the_hub_serves() {
    let province = Province::new().await;
    let root = province.get("", "/feed/metadata/1.root.json").await.bytes().await.unwrap();
    let (box_, log_key) = station(&province, &root);
    let add = ["registry", "add", "xa-1", "--key", &log_key, "--areas", "yen-the", "--commune", "Xuân Lương"];
    let added = province.pc("admin", NAM, &add);
    assert_eq!((added.code, &added.json["published"]), (0, &true.into()), "{}", added.err);
    assert!(added.err.contains("Fingerprint"), "who takes a feed over for the first time is told its root");
    province.bulletin("luat-1");
    let file = province.hub.dir.path().join("lich.yaml");
    std::fs::write(&file, schedule("yen-the", "luat-1", "Bản tin sáng")).unwrap();
    let pushed = province.pc("hoa", HOA, &["push", file.to_str().unwrap(), "--yes"]);
    assert_eq!((pushed.code, &pushed.json["published"]), (0, &true.into()), "{}", pushed.err);
    at_station(box_.path(), &["sync"]);
    let plan = at_station(box_.path(), &["plan"]);
    assert_eq!(plan["occurrences"][0]["items"][0]["bulletin"], "luat-1", "{plan}");
    // The recording itself came too.
    let held = std::fs::read_dir(box_.path().join("state")).unwrap();
    assert!(held.count() > 0);
    let sha = Digest::of(&sound("luat-1", 50)).to_string();
    let found =
        Command::new("grep").args(["-rlq", "luat-1"]).arg(box_.path().join("state")).status().unwrap();
    assert!(found.success(), "{sha} is not at the station");
    // One person takes it away, at once.
    let gone = province.pc("lan", LAN, &["withdraw", "luat-1", "--reason", "Sai nội dung"]);
    assert_eq!((gone.code, &gone.json["published"]), (0, &true.into()), "{}", gone.err);
    at_station(box_.path(), &["sync"]);
    let plan = at_station(box_.path(), &["plan"]);
    assert_ne!(plan["occurrences"][0]["will"], "play", "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_gates_say_at_the_hub_is_shown_as_if_they_stood_at_the_office() {
    let province = Province::new().await;
    let file = province.hub.dir.path().join("lich.yaml");
    // Nobody approved that recording: already the check at the office refuses.
    std::fs::write(&file, schedule("yen-the", "khong-co", "Bản tin")).unwrap();
    let refused = province.pc("hoa", HOA, &["push", file.to_str().unwrap(), "--yes"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("khong-co"), "{}", refused.err);
    // Signed without asking, it comes to the gates of the hub, and the words come back.
    let hoa = province.at("hoa");
    let mut desk = hoa.desk();
    let text = schedule("yen-the", "khong-co", "Bản tin");
    let sort = loaxa::office::push::sort("lich.yaml", &text).unwrap();
    let hand = hoa.hand(&desk, "area-yen-the", HOA);
    let (next, _) = loaxa::office::push::plan(&desk, &sort, &text).unwrap();
    loaxa::office::push::push(&mut desk, &sort, next, &hand).unwrap();
    drop(desk);
    let before = province.state("admin").await["published"].clone();
    let refused = province.office("hoa", &province.folder("hoa"), &["publish", "--only", "area-yen-the"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("schedule.yaml") && refused.err.contains("khong-co"), "{}", refused.err);
    assert_eq!(province.state("admin").await["published"], before, "nothing was published");
}

/// The published list `role` with the next number, changed, and signed by these key files of the province.
fn list(
    province: &Province,
    role: &str,
    stems: &[&str],
    change: impl FnOnce(&mut Targets),
) -> Signed<Targets> {
    let world = &province.world;
    let mut next = world.desk().held(role).unwrap().signed.clone();
    next.version = meta::version(next.version.get() + 1);
    change(&mut next);
    let keys: Vec<_> = stems.iter().map(|stem| world.key(stem)).collect();
    meta::signed_by(next, &keys).unwrap()
}

fn lists_file(next: &mut Targets, name: &str, bytes: &[u8]) {
    let target = meta::target(bytes.len() as u64, &Digest::of(bytes), Default::default());
    next.targets.insert(tough::TargetName::new(name).unwrap(), target);
}

async fn put(province: &Province, login: &str, role: &str, draft: &Signed<Targets>) -> (StatusCode, String) {
    let answer = province
        .ask(login, Method::PUT, &format!("/api/feed/draft/{role}"), meta::to_json(draft).unwrap())
        .await;
    (answer.status(), answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_taken_only_from_its_own_office_signed_by_those_who_may_with_the_next_number() {
    let province = Province::new().await;
    let area = "area-yen-the";
    let hoa = "area-yen-the-dang-thi-hoa";
    let yaml = schedule("yen-the", "luat-1", "A");
    let add = |next: &mut Targets| lists_file(next, "areas/yen-the/schedule.yaml", yaml.as_bytes());
    let good = list(&province, area, &[hoa], add);
    for (login, code) in [("", 401), ("thanh", 403), ("lan", 403), ("nam", 403), ("sau", 403)] {
        assert_eq!(put(&province, login, area, &good).await.0, code, "{login}");
    }
    for role in ["root", "targets", "bulletins", "registry", "withdrawals", "area-son-dong"] {
        assert_eq!(put(&province, "hoa", role, &good).await.0, 403, "{role}");
    }
    for role in ["targets", "root", "registry", area] {
        assert_eq!(put(&province, "lan", role, &good).await.0, 403, "{role}");
    }
    let refused = async |draft: &Signed<Targets>, why: &str| {
        let (status, said) = put(&province, "hoa", area, draft).await;
        assert!(status == 422 && said.contains(why), "{why}: {status} {said}");
    };
    refused(&Signed { signed: good.signed.clone(), signatures: Vec::new() }, "no signature of anybody").await;
    refused(&list(&province, area, &["nguyen-thi-lan"], add), "may not sign").await;
    refused(&list(&province, area, &[hoa, "nguyen-thi-lan"], add), "may not sign").await;
    refused(&list(&province, area, &["root-giang-a-pao"], add), "may not sign").await;
    let mut altered = good.clone();
    altered.signed.expires = meta::in_days(crate::pc_now(), 30).unwrap();
    refused(&altered, "a signature that is wrong").await;
    let numbered = |n: u64| {
        list(&province, area, &[hoa], |next| {
            add(next);
            next.version = meta::version(n);
        })
    };
    refused(&numbered(1), "must be 2").await;
    refused(&numbered(3), "must be 2").await;
    for junk in ["", "{}", "[]", "{\"signed\":1,\"signatures\":[]}"] {
        let answer = province.ask("hoa", Method::PUT, "/api/feed/draft/area-yen-the", junk.into()).await;
        assert_eq!(answer.status(), 422, "{junk}");
    }
    for odd in [
        "..%2F..%2Foffice",
        "%2e%2e",
        "..",
        "area-yen-the%00",
        "Bulletins",
        "area-khong-co",
        "bulletins.json",
    ] {
        let path = format!("/api/feed/draft/{odd}");
        let answer = province.ask("admin", Method::PUT, &path, meta::to_json(&good).unwrap()).await;
        let status = answer.status().as_u16();
        assert!([404, 405, 422, 400].contains(&status), "{odd}: {status}");
    }
    assert_eq!(province.state("admin").await["drafts"], json!({}), "nothing was kept");
    assert_eq!(put(&province, "hoa", area, &good).await.0, 200);
    // Another one in its place only by who has seen the one that is there.
    let other = list(&province, area, &[hoa], |next| {
        add(next);
        next.expires = meta::in_days(crate::pc_now(), 60).unwrap();
    });
    refused(&other, "Somebody else handed over").await;
    let held = province.get("hoa", "/api/feed/draft/area-yen-the").await;
    let tag = held.headers()[header::ETAG].to_str().unwrap().to_owned();
    let seen = reqwest::Client::new()
        .put(format!("{}/api/feed/draft/area-yen-the", province.hub.url))
        .bearer_auth("hoa-token")
        .header(header::IF_MATCH, tag)
        .body(meta::to_json(&other).unwrap());
    assert_eq!(seen.send().await.unwrap().status(), 200);
    assert_eq!(province.get("sau", "/api/feed/draft/area-yen-the").await.status(), 403);
    assert_eq!(province.get("hoa", "/api/feed/draft/bulletins").await.status(), 403);
    let stranger = province.get("", "/api/feed/state").await;
    assert_eq!(stranger.status(), 401);
    assert_eq!(province.get("thanh", "/api/feed/state").await.status(), 403);
    let publish = |login, only: &str| {
        province.ask(
            login,
            Method::POST,
            "/api/feed/publish",
            json!({"only": [only]}).to_string().into_bytes(),
        )
    };
    assert_eq!(publish("sau", area).await.status(), 403);
    assert_eq!(publish("lan", "targets").await.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_signatures_of_one_draft_are_united_at_the_hub() {
    let province = Province::new().await;
    let one = list(&province, "bulletins", &["nguyen-thi-lan"], |_| {});
    let two = Signed {
        signed: one.signed.clone(),
        signatures: meta::signed_by(one.signed.clone(), &[province.world.key("hoang-van-nam")])
            .unwrap()
            .signatures,
    };
    assert_eq!(put(&province, "lan", "bulletins", &one).await.0, 200);
    assert_eq!(province.state("lan").await["drafts"]["bulletins"]["missing"], 1);
    assert_eq!(put(&province, "nam", "bulletins", &two).await.0, 200);
    let waiting = province.state("nam").await["drafts"]["bulletins"].clone();
    assert_eq!((&waiting["signatures"], &waiting["missing"]), (&2.into(), &0.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_content_is_taken_only_when_a_draft_lists_it_and_it_is_what_was_signed() {
    let province = Province::new().await;
    let bytes = schedule("yen-the", "luat-1", "A").into_bytes();
    let sha = Digest::of(&bytes);
    let path = format!("/api/feed/content/{sha}");
    let send = |login: &'static str, path: String, body: Vec<u8>| {
        let province = &province;
        async move { province.ask(login, Method::PUT, &path, body).await.status().as_u16() }
    };
    assert_eq!(send("hoa", path.clone(), bytes.clone()).await, 422, "no draft lists it");
    let add = |next: &mut Targets| lists_file(next, "areas/yen-the/schedule.yaml", &bytes);
    let draft = list(&province, "area-yen-the", &["area-yen-the-dang-thi-hoa"], add);
    let (_, said) = put(&province, "hoa", "area-yen-the", &draft).await;
    assert!(said.contains(&sha.to_string()), "the hub says what it lacks: {said}");
    for login in ["sau", "lan"] {
        assert_eq!(send(login, path.clone(), bytes.clone()).await, 422, "{login}: not of his draft");
    }
    let mut other = bytes.clone();
    other[0] ^= 1;
    for wrong in [other, bytes[1..].to_vec(), [&bytes[..], b"x"].concat(), Vec::new()] {
        assert_eq!(send("hoa", path.clone(), wrong).await, 422);
    }
    for odd in ["..", "%2e%2e%2fkeys", &sha.to_string().to_uppercase(), "ab", "0"] {
        let status = send("hoa", format!("/api/feed/content/{odd}"), bytes.clone()).await;
        assert!([404, 405].contains(&status), "{odd}: {status}");
    }
    assert_eq!(province.get("hoa", &path).await.status(), 404);
    let files = province.hub.data().join("office/files");
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0, "nothing unfinished stays");
    assert_eq!(send("hoa", path.clone(), bytes.clone()).await, 201);
    assert_eq!(send("hoa", path.clone(), bytes.clone()).await, 204, "again is no fault");
    assert_eq!(province.get("hoa", &path).await.bytes().await.unwrap(), bytes);
    assert_eq!(province.get("sau", &path).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_a_gigabyte_is_cut_off_and_leaves_nothing() {
    let province = Province::new().await;
    let bytes = schedule("yen-the", "luat-1", "A").into_bytes();
    let add = |next: &mut Targets| lists_file(next, "areas/yen-the/schedule.yaml", &bytes);
    let draft = list(&province, "area-yen-the", &["area-yen-the-dang-thi-hoa"], add);
    assert_eq!(put(&province, "hoa", "area-yen-the", &draft).await.0, 200);
    let sent = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    for path in [format!("/api/feed/content/{}", Digest::of(&bytes)), "/api/feed/draft/area-yen-the".into()] {
        let counter = sent.clone();
        let piece = bytes::Bytes::from(vec![b'x'; 1 << 20]);
        let endless = futures_util::stream::iter((0..1024).map(move |_| {
            counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok::<_, std::io::Error>(piece.clone())
        }));
        let request =
            reqwest::Client::new().put(format!("{}{path}", province.hub.url)).bearer_auth("hoa-token");
        // The hub answers and hangs up: which of the two the sender sees first is chance.
        if let Ok(answer) = request.body(reqwest::Body::wrap_stream(endless)).send().await {
            assert!([413, 422].contains(&answer.status().as_u16()), "{}", answer.status());
        }
    }
    let sent = sent.load(std::sync::atomic::Ordering::SeqCst);
    assert!(sent < 200, "{sent} MB of 2,048 went out");
    assert_eq!(std::fs::read_dir(province.hub.data().join("office/files")).unwrap().count(), 0);
    assert_eq!(province.state("hoa").await["drafts"]["area-yen-the"]["version"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_feed_is_plain_files_that_cost_little() {
    let province = Province::new().await;
    province.bulletin("luat-1");
    let get = async |path: &str, headers: &[(&str, &str)]| {
        let mut request = reqwest::Client::new().get(format!("{}{path}", province.hub.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    };
    let stamp = get("/feed/metadata/timestamp.json", &[]).await;
    assert_eq!(stamp.headers()["cache-control"], "no-cache");
    let tag = stamp.headers()["etag"].to_str().unwrap().to_owned();
    let again = get("/feed/metadata/timestamp.json", &[("if-none-match", &tag)]).await;
    assert_eq!((again.status().as_u16(), again.bytes().await.unwrap().len()), (304, 0));
    let list = get("/feed/metadata/2.bulletins.json", &[]).await;
    assert_eq!(list.headers()["content-type"], "application/json");
    assert!(list.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let plain = list.bytes().await.unwrap();
    let packed = get("/feed/metadata/2.bulletins.json", &[("accept-encoding", "gzip")]).await;
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let mut unpacked = Vec::new();
    let bytes = packed.bytes().await.unwrap();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut unpacked).unwrap();
    assert!(unpacked == plain && bytes.len() < plain.len());
    let recording = sound("luat-1", 50);
    let audio = format!("/feed/targets/bulletins/{}.luat-1.opus", Digest::of(&recording));
    let whole = get(&audio, &[("accept-encoding", "gzip")]).await;
    assert!(whole.headers().get("content-encoding").is_none());
    assert_eq!(whole.headers()["content-type"], "audio/ogg");
    let tag = whole.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(whole.bytes().await.unwrap(), recording);
    let rest = get(&audio, &[("range", "bytes=100-"), ("if-range", &tag)]).await;
    assert_eq!(rest.status(), 206);
    assert_eq!(
        rest.headers()["content-range"],
        format!("bytes 100-{}/{}", recording.len() - 1, recording.len())
    );
    assert_eq!(rest.bytes().await.unwrap(), &recording[100..]);
    let other = get(&audio, &[("range", "bytes=100-"), ("if-range", "\"another\"")]).await;
    assert_eq!((other.status().as_u16(), other.bytes().await.unwrap().len()), (200, recording.len()));
    assert_eq!(get(&audio, &[("range", "bytes=99999999-")]).await.status(), 416);
    let next_root = get("/feed/metadata/2.root.json", &[]).await;
    assert_eq!(next_root.status(), 404);
    assert_eq!(next_root.bytes().await.unwrap().len(), 0, "asked for at every poll");
    for trick in [
        "/feed/office.json",
        "/feed/../office/keys/timestamp.pem",
        "/feed/metadata/..%2f..%2foffice%2fkeys%2ftimestamp.pem",
        "/feed/metadata/%2e%2e/%2e%2e/office/office.json",
        "/feed/metadata//etc/passwd",
        "/feed/metadata/timestamp.json/",
        "/feed/metadata/timestamp.json%00",
        "/feed/metadata/",
        "/feed/metadata/.unfinished-1",
        "/feed/metadata/2.bulletins.json.gz",
        "/feed/drafts/bulletins.json",
    ] {
        let status = raw(&province.hub.url, trick).await;
        assert!(
            status.starts_with("HTTP/1.1 404") || status.starts_with("HTTP/1.1 400"),
            "{trick}: {status}"
        );
    }
}

/// The first line that answers a path which no client library would send as it is.
async fn raw(url: &str, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_hub_with_all_its_online_keys_makes_no_station_take_what_nobody_approved() {
    let mut province = Province::new().await;
    let root = province.get("", "/feed/metadata/1.root.json").await.bytes().await.unwrap();
    let (box_, log_key) = station(&province, &root);
    let add = ["registry", "add", "xa-1", "--key", &log_key, "--areas", "yen-the", "--commune", "Xuân Lương"];
    assert_eq!(province.pc("admin", NAM, &add).code, 0);
    province.bulletin("luat-1");
    at_station(box_.path(), &["sync"]);
    // The thief has the machine: its folder, its keys, and stations that ask it.
    province.hub.kill();
    let held: Vec<_> =
        std::fs::read_dir(province.hub.data().join("office/keys")).unwrap().flatten().collect();
    let names: Vec<_> = held.iter().map(|e| e.file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|n| n.starts_with("snapshot.") || n.starts_with("timestamp.")), "{names:?}");
    let stolen = crate::people::office::World {
        dir: crate::people::office::tempdir(),
        office: loaxa::office::folder::Office::at(&province.hub.data().join("office"), None),
        now: crate::pc_now(),
    };
    let lie = sound("lie", 50);
    let mut next = stolen.feed().roles["bulletins"].clone();
    next.signed.version = meta::version(3);
    lists_file(&mut next.signed, "bulletins/lie.opus", &lie);
    let (path, old) = next.signed.targets.iter().find(|(n, _)| n.raw() == "bulletins/luat-1.opus").unwrap();
    let custom = (path.clone(), old.custom.clone()).1;
    next.signed.targets.get_mut(&tough::TargetName::new("bulletins/lie.opus").unwrap()).unwrap().custom =
        custom;
    // The keys that he has, twice two signatures.
    next.signatures.clear();
    for stem in ["snapshot", "timestamp"] {
        meta::sign(&mut next, &stolen.key(stem)).unwrap();
    }
    let mut feed = stolen.feed();
    feed.roles.insert("bulletins".into(), next.clone());
    let all = loaxa::office::publish::Next {
        root: feed.root.clone(),
        targets: feed.targets.clone(),
        roles: feed.roles.clone(),
        new: vec!["bulletins".into()],
    };
    let before = stolen.feed();
    let (snapshot, timestamp) =
        loaxa::office::publish::top(Some(&before), &all, stolen.now, &stolen.online()).unwrap();
    let public = province.hub.data().join("public");
    let served = BTreeMap::from([
        ("metadata/3.bulletins.json".to_owned(), meta::to_json(&next).unwrap()),
        (format!("metadata/{}.snapshot.json", snapshot.signed.version), meta::to_json(&snapshot).unwrap()),
        ("metadata/timestamp.json".to_owned(), meta::to_json(&timestamp).unwrap()),
        (format!("targets/bulletins/{}.lie.opus", Digest::of(&lie)), lie.clone()),
    ]);
    let copy = tempfile::tempdir().unwrap();
    copy_dir(&public, copy.path());
    for (name, bytes) in served {
        std::fs::write(copy.path().join(name), bytes).unwrap();
    }
    let server = crate::server::Server::start(copy.path());
    let config = std::fs::read_to_string(box_.path().join("station.yaml")).unwrap();
    let config = config.replace(&format!("{}/feed/", province.hub.url), &server.url);
    std::fs::write(box_.path().join("station.yaml"), config).unwrap();
    let mut sync = Command::new(env!("CARGO_BIN_EXE_loaxa"));
    sync.current_dir(box_.path()).args([
        "--lang",
        "en",
        "--json",
        "--config",
        "station.yaml",
        "station",
        "sync",
    ]);
    let output = sync.output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("bulletins"), "what is refused is named: {said}");
    let found = Command::new("grep").args(["-rlq", "lie"]).arg(box_.path().join("state")).status().unwrap();
    assert!(!found.success(), "nothing of it came to the station");
    // Nor does the hub itself build on it.
    let offered = draft::save(&stolen.office, "bulletins", &next);
    assert!(offered.is_ok() && stolen.publish().unwrap().waiting.contains_key("bulletins"));
}
