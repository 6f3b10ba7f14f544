//! What an inspector takes home: tables that a spreadsheet counts with, and a bundle that a laptop verifies.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    path::Path,
    process::Command,
};

use calamine::{Data, Reader, Xlsx};
use chrono::{SubsecRound, Utc};
use loaxa::feed::roles;
use serde_json::Value;

use crate::{
    inspect::{page, told},
    repo::Repo,
    seed::{self, DAYS, EVIL, STATIONS, sent},
    world::{Browser, Hub},
};

const MONTH: &str = "from=2026-11-01&to=2026-11-30";

async fn bytes(browser: &Browser, path: &str) -> Vec<u8> {
    let answer = browser.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

pub fn table(xlsx: Vec<u8>) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx)).unwrap();
    let tab = book.sheet_names()[0].clone();
    assert!(book.worksheet_formula(&tab).unwrap().is_empty(), "no cell is a formula");
    book.worksheet_range(&tab).unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// Cells of CSV, all of which are quoted.
pub fn csv(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("spreadsheets know UTF-8 by its mark");
    let cells =
        |line: &str| line[1..line.len() - 1].split("\",\"").map(|c| c.replace("\"\"", "\"")).collect();
    text.split_terminator("\r\n").map(cells).collect()
}

#[tokio::test]
async fn csv_and_xlsx_hold_every_row_of_the_search_with_typed_cells() {
    let (hub, story) = told().await;
    let admin = hub.as_login("admin").await;
    let text = page(&admin, &format!("/inspect/search.csv?{MONTH}")).await;
    let rows = csv(&text);
    assert_eq!(rows.len() as i64, 1 + story.count(|_| true));
    let sheet = table(bytes(&admin, &format!("/inspect/search.xlsx?{MONTH}")).await);
    assert_eq!(sheet.len(), rows.len());
    let column = |name: &str| rows[0].iter().position(|c| c == name).expect(name);
    let (seconds, station, titles) = (column("Số giây đã phát"), column("Đài"), column("Tên các bản tin"));
    let mut by_station = BTreeMap::<String, f64>::new();
    for (row, cells) in rows.iter().zip(&sheet).skip(1) {
        assert!(matches!(cells[0], Data::DateTime(_)), "{:?}", cells[0]);
        let Data::Float(sent) = cells[seconds] else { panic!("{:?} is no number", cells[seconds]) };
        assert_eq!(row[seconds], sent.to_string());
        assert_eq!(cells[station].to_string(), row[station]);
        *by_station.entry(row[station].clone()).or_default() += sent;
    }
    for (station, _) in STATIONS {
        let sum: u64 = story
            .truths
            .iter()
            .filter(|t| t.station == station)
            .map(|t| t.sent.iter().map(|s| s.1).sum::<u64>() / 48_000)
            .sum();
        assert_eq!(by_station[station], sum as f64, "{station}");
    }
    assert!(rows.iter().any(|r| r[titles].contains(EVIL)));
    let only =
        csv(&page(&admin, &format!("/inspect/search.csv?{MONTH}&category=support&area=dong-ky")).await);
    let wanted = story.count(|t| t.commune == "dong-ky" && t.sent.iter().any(|s| s.0 == 2));
    assert_eq!(only.len() as i64, 1 + wanted, "the file is cut as the page is");
}

#[tokio::test]
async fn the_grid_is_the_same_in_csv_and_xlsx() {
    let (hub, story) = told().await;
    let admin = hub.as_login("admin").await.english();
    let rows = csv(&page(&admin, "/inspect/grid.csv?month=2026-11").await);
    let sheet = table(bytes(&admin, "/inspect/grid.xlsx?month=2026-11").await);
    assert_eq!(rows.len(), 1 + 3 * DAYS as usize);
    let sum = |column: usize| {
        sheet.iter().skip(1).map(|r| r[column].to_string().parse::<f64>().unwrap()).sum::<f64>()
    };
    let text = |column: usize| rows.iter().skip(1).map(|r| r[column].parse::<f64>().unwrap()).sum::<f64>();
    let planned = story.planned.values().sum::<i64>() as f64;
    assert_eq!((rows[0][3].as_str(), sum(3), text(3)), ("Planned", planned, planned));
    assert_eq!((sum(4), text(4)), (story.count(sent) as f64, story.count(sent) as f64));
    let missed = story.count(|t| t.outcome == "missed") as f64;
    assert_eq!((rows[0][7].as_str(), sum(7), text(7)), ("Missed", missed, missed));
}

#[tokio::test]
async fn too_many_rows_for_a_spreadsheet_are_told_before_anything_is_made() {
    let (hub, _) = told().await;
    let db = seed::open(&hub.data()).await;
    seed::run(&db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001) \
        INSERT INTO record (log, seq, station, commune, ts, at, kind, area, slot, outcome, why, count, frames, received_at, line) \
        SELECT x'00', i, 'dong-ky-1', 'dong-ky', 1798761600000000 + i, 0, 'outcome', 'a', 's', 'played', '', 1, 0, 0, x'' FROM n", &[]).await;
    let admin = hub.as_login("admin").await.english();
    let many = "from=2027-01-01&to=2027-01-01";
    let refused = admin.get(&format!("/inspect/search.xlsx?{many}")).await;
    assert_eq!(refused.status(), 422);
    assert!(refused.text().await.unwrap().contains("more than 100,000 rows"));
    let csv = page(&admin, &format!("/inspect/search.csv?{many}")).await;
    assert_eq!(csv.lines().count(), 100_002, "CSV has no limit");
}

/// A feed that registers all stations and the hub's receipt key, where the hub keeps it.
fn publish(hub: &Hub) {
    let now = Utc::now().trunc_subsecs(0);
    let mut repo = Repo::new(&now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    let mut yaml =
        format!("format: 1\nreceipt_keys: [\"{}\"]\nstations:\n", hex::encode(seed::receipt_key().public()));
    for (station, commune) in STATIONS {
        repo.area("bac-ninh").area("yen-the");
        yaml += &format!(
            "  - id: {station}\n    key: \"{}\"\n    areas: [bac-ninh, yen-the]\n    languages: [vi]\n    commune: \"Xã {commune}\"\n",
            hex::encode(seed::key(station).public())
        );
    }
    repo.target("registry", roles::REGISTRY, yaml.as_bytes(), None);
    repo.bulletin("luat-1", b"audio").chime("mo-dau", b"chime");
    let day = |days: i64| (now + chrono::TimeDelta::days(days)).format("%Y-%m-%d").to_string();
    repo.schedule("yen-the", &format!(
        "format: 1\narea: yen-the\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: {}, until: {} }}\nslots:\n  - id: ban-tin-sang\n    \
         title: {{ vi: \"Bản tin <sáng>\" }}\n    cron: \"0 6 * * *\"\n    class: priority\n    stations: all\n    playlist:\n      \
         - chime: mo-dau\n      - bulletin: luat-1\n",
        day(-1), day(20)
    ));
    repo.publish();
    repo.write(&hub.data().join("feed"));
}

/// `loaxa log verify …`: exit code, and the document or the words.
fn verify(path: &Path, json: bool) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loaxa"));
    command.args(["--lang", "en"]).args(json.then_some("--json")).args(["log", "verify"]).arg(path);
    let out = command.output().unwrap();
    let text = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
    (out.status.code().unwrap(), text)
}

/// Names and contents.
type Parts = Vec<(String, Vec<u8>)>;

/// The parts of an archive.
fn unpacked(tar: &[u8]) -> Parts {
    let mut archive = tar::Archive::new(tar);
    let read = |entry: std::io::Result<tar::Entry<'_, &[u8]>>| {
        let mut entry = entry.unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (entry.path().unwrap().to_str().unwrap().to_owned(), content)
    };
    archive.entries().unwrap().map(read).collect()
}

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, content) in parts {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // As it stands: the library itself would refuse some of these names.
        header.as_ustar_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        tar.append(&header, content.as_slice()).unwrap();
    }
    tar.into_inner().unwrap()
}

#[tokio::test]
async fn a_bundle_verifies_offline_and_whatever_is_changed_in_it_does_not() {
    let (hub, story) = told().await;
    publish(&hub);
    let admin = hub.as_login("admin").await;
    let tar = bytes(&admin, "/inspect/bundle.tar?area=yen-the&from=2026-11-10&to=2026-11-12").await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("ho-so.tar");
    std::fs::write(&file, &tar).unwrap();
    drop(hub);

    let (code, text) = verify(&file, true);
    let said: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    assert_eq!((code, &said["ok"]), (0, &Value::Bool(true)), "{said}");
    let logs = said["logs"].as_array().unwrap();
    assert_eq!(logs.len(), 3, "those of the area");
    for log in logs {
        let head = story.heads[log["station"].as_str().unwrap()];
        assert_eq!((log["signer"].as_str(), log["last"].as_u64()), (Some("registry"), Some(head.seq)));
        assert_eq!(
            (log["receipt"]["seq"].as_u64(), &log["receipt"]["proven"]),
            (Some(head.seq), &Value::Bool(true))
        );
        assert!(log["first"].as_u64() > Some(20), "not the whole month: {log}");
    }
    let (code, text) = verify(&file, false);
    assert!(
        code == 0 && text.contains("VERIFIED. All 3 logs") && text.contains("Compare the fingerprint"),
        "{text}"
    );

    let folder = dir.path().join("mo-ra");
    tar::Archive::new(tar.as_slice()).unpack(&folder).unwrap();
    assert_eq!(verify(&folder, false).0, 0, "unpacked by hand it is as good");

    let parts = unpacked(&tar);
    let segment = parts.iter().position(|(name, _)| name.ends_with("-2026-11.jsonl")).unwrap();
    let log = parts[segment].0.rsplit_once('/').unwrap().0.to_owned();
    let bad = |name: &str, change: &dyn Fn(&mut Parts)| {
        let mut parts = parts.clone();
        change(&mut parts);
        let path = dir.path().join(format!("{name}.tar"));
        std::fs::write(&path, packed(&parts)).unwrap();
        let (code, text) = verify(&path, false);
        assert_eq!(code, 1, "{name}: {text}");
        text
    };
    let text = bad("altered", &|p| {
        let at = p[segment].1.windows(4).position(|w| w == b"tin-").unwrap();
        p[segment].1[at] = b'b';
    });
    assert!(text.contains("1 of the 3 logs"), "{text}");
    let cut = bad("cut", &|p| {
        let lines = p[segment].1.iter().rposition(|b| *b == b'{').unwrap();
        let line = p[segment].1[..lines].iter().rposition(|b| *b == b'\n').unwrap();
        p[segment].1.truncate(line + 1);
    });
    assert!(cut.contains("1 of the 3 logs"), "{cut}");
    bad("without-a-log", &|p| p.retain(|(name, _)| !name.starts_with(&log)));
    bad("another-log", &|p| p.push((format!("logs/{}/public.pem", "0".repeat(64)), vec![])));
    bad("another-registry", &|p| {
        let registry = p.iter().position(|(name, _)| name.ends_with(".stations.yaml")).unwrap();
        p[registry].1.push(b' ');
    });
    bad("twice", &|p| p.push(p[segment].clone()));
    bad("nothing-said", &|p| p.retain(|(name, _)| name != "bundle.json"));
    for name in ["../evil", "/tmp/evil", "feed/../evil", "logs/x.sh", "feed/metadata/%2e%2e", "."] {
        let text = bad("path", &|p| p.push((name.into(), b"evil".to_vec())));
        assert!(text.contains("a part that no hub writes"), "{name}: {text}");
    }
    std::fs::write(dir.path().join("broken-off.tar"), &tar[..tar.len() / 2]).unwrap();
    assert_eq!(verify(&dir.path().join("broken-off.tar"), false).0, 1);
    std::fs::write(dir.path().join("no.tar"), b"no archive at all").unwrap();
    assert_eq!(verify(&dir.path().join("no.tar"), false).0, 1);
}

#[tokio::test]
async fn an_archive_that_links_or_stretches_names_is_refused_unread() {
    let dir = tempfile::tempdir().unwrap();
    for kind in [
        tar::EntryType::Symlink,
        tar::EntryType::Link,
        tar::EntryType::Fifo,
        tar::EntryType::GNULongName,
        tar::EntryType::XHeader,
        tar::EntryType::GNUSparse,
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_path("bundle.json").unwrap();
        header.set_entry_type(kind);
        // A terabyte that is not there.
        header.set_size(1 << 40);
        header.set_cksum();
        let path = dir.path().join("evil.tar");
        std::fs::write(&path, header.as_bytes()).unwrap();
        let (code, text) = verify(&path, false);
        assert_eq!(code, 1, "{kind:?}: {text}");
    }
}

#[tokio::test]
async fn the_day_sheet_is_the_plan_of_the_station_itself() {
    let (hub, _) = told().await;
    publish(&hub);
    let admin = hub.as_login("admin").await;
    let tomorrow = (Utc::now() + chrono::TimeDelta::hours(7 + 24)).format("%Y-%m-%d").to_string();
    let sheet = page(&admin, &format!("/inspect/sheet/dong-ky-1/{tomorrow}")).await;
    let text = crate::inspect::visible(&sheet);
    assert!(text.contains("06:00\nBản tin <sáng>\n") && text.contains("Bản tin luat-1"), "{text}");
    assert!(!text.contains("mo-dau"), "chimes are nothing to listen for");
    let day = page(&admin, &format!("/inspect/day/dong-ky-1/{tomorrow}")).await;
    assert_eq!(day.matches("class=\"planned\"").count(), 1, "what is ahead stands in the upper row");
}
