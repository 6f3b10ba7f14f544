//! A copy of a hub that lives on, and a hub that is rebuilt from it.

use std::os::unix::fs::PermissionsExt;

use crate::{
    people::{
        Province,
        office::{LAN, NAM},
    },
    publish::Client,
    world::{PASSWORD, holds},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_living_hub_becomes_a_hub_that_stations_and_offices_go_on_with() {
    let mut province = Province::new().await;
    province.bulletin("luat-1");
    let copy = province.hub.dir.path().join("copy");
    let path = copy.to_str().unwrap().to_owned();
    let made = province.at_server(&["backup", &path]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o700);
    let key = copy.join("data/office/keys/timestamp.pem");
    assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!copy.join("data/public").exists() && copy.join("hub.sqlite").exists());
    assert!(!holds(&copy, PASSWORD), "passwords are kept as hashes alone");
    assert_eq!(province.at_server(&["backup", &path]).code, 1, "the folder is not empty");
    // The hub lives on, and a station sees more than the copy has.
    let (mut client, url) = (Client::of(&province).await, province.hub.url.clone());
    assert_eq!(client.refresh(&url).await.bulletins.len(), 1);
    for _ in 0..3 {
        let renewed = province.ask("admin", reqwest::Method::POST, "/api/feed/renew", Vec::new()).await;
        assert_eq!(renewed.status(), 200);
    }
    client.refresh(&url).await;
    province.hub.kill();
    let refused = province.at_server(&["restore", &path]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("not empty"), "{}", refused.err);
    std::fs::rename(province.hub.data(), province.hub.dir.path().join("lost")).unwrap();
    let torn = province.hub.dir.path().join("torn");
    crate::people::office::copy_dir(&copy, &torn);
    std::fs::remove_file(torn.join("backup.json")).unwrap();
    assert_eq!(province.at_server(&["restore", torn.to_str().unwrap()]).code, 1, "no finished copy");
    assert!(!province.hub.data().exists(), "nothing was begun");
    let restored = province.at_server(&["restore", &path]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    province.hub.run();
    let url = province.hub.url.clone();
    let feed = client.refresh(&url).await;
    assert_eq!(feed.bulletins.len(), 1, "the station that saw later numbers goes on");
    assert_eq!(province.hub.as_login("admin").await.get("/").await.status(), 200, "accounts are there");
    let gone = province.pc("lan", LAN, &["withdraw", "luat-1", "--reason", "Thử"]);
    assert_eq!((gone.code, &gone.json["published"]), (0, &true.into()), "{}", gone.err);
    assert!(client.refresh(&url).await.bulletins.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_after_the_copy_is_missed_by_the_offices_and_they_bring_it_back() {
    let mut province = Province::new().await;
    let copy = province.hub.dir.path().join("copy");
    assert_eq!(province.at_server(&["backup", copy.to_str().unwrap()]).code, 0);
    province.bulletin("luat-1");
    let mut client = Client::of(&province).await;
    assert_eq!(client.refresh(&province.hub.url).await.bulletins.len(), 1);
    province.hub.kill();
    std::fs::rename(province.hub.data(), province.hub.dir.path().join("lost")).unwrap();
    assert_eq!(province.at_server(&["restore", copy.to_str().unwrap()]).code, 0);
    province.hub.run();
    // Nam's folder has seen the list that the hub lost: nobody signs on top of the older one.
    let refused = province.pc("nam", NAM, &["withdraw", "luat-1", "--reason", "Thử"]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("has seen number 2"), "{}", refused.err);
    let healed = province.office("nam", &province.folder("nam"), &["publish"]);
    assert_eq!(healed.code, 0, "{}", healed.err);
    assert_eq!(client.refresh(&province.hub.url).await.bulletins.len(), 1);
    let gone = province.pc("nam", NAM, &["withdraw", "luat-1", "--reason", "Thử"]);
    assert_eq!(gone.code, 0, "{}", gone.err);
}

/// On a server that the caller names (`LOAXA_TEST_POSTGRES=postgres://…`, which may make databases); without one there
/// is nothing to show.
#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_database_comes_back_row_by_row_and_only_into_an_empty_one() {
    let Ok(server) = std::env::var("LOAXA_TEST_POSTGRES") else { return };
    use loaxa::hub::db::{Db, accounts, areas, copy, sessions};
    let dir = tempfile::tempdir().unwrap();
    let root = sqlx::PgPool::connect(&server).await.unwrap();
    let mut open = Vec::new();
    for name in ["loaxa_copy_a", "loaxa_copy_b"] {
        for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
            sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&root).await.unwrap();
        }
        let base = server.rsplit_once('/').unwrap().0;
        open.push(Db::postgres(&format!("{base}/{name}")).await.unwrap());
    }
    let (a, b) = (&open[0], &open[1]);
    // A commune before the area that it lies in, by name: the order of rows must not matter.
    areas::put(a, &"z-tinh".parse().unwrap(), None, "Tỉnh \"Z\"\n\\ ' ;", "province").await.unwrap();
    areas::put(a, &"a-xa".parse().unwrap(), Some("z-tinh"), "Xã", "commune").await.unwrap();
    let account = accounts::Account {
        login: "an".into(),
        name: "Nguyễn Văn Ân".into(),
        role: "admin".into(),
        area: "a-xa".into(),
        password: "x".into(),
        closed_at: None,
        first_until: None,
    };
    assert!(accounts::make(a, &account, crate::pc_now()).await.unwrap());
    let id = loaxa::digest::Digest([0xfe; 32]);
    sessions::make_token(a, &id, "an", "máy 1", crate::pc_now()).await.unwrap();
    copy::dump(a, dir.path()).await.unwrap();
    assert!(copy::load(b, dir.path()).await.unwrap().is_some());
    assert_eq!(areas::tree(a).await.unwrap(), areas::tree(b).await.unwrap());
    assert_eq!(sessions::by_token(b, &id).await.unwrap(), Some(account));
    assert!(copy::load(b, dir.path()).await.unwrap().is_none(), "it is not empty any more");
    let again = tempfile::tempdir().unwrap();
    copy::dump(b, again.path()).await.unwrap();
    for table in std::fs::read_dir(dir.path().join("postgres")).unwrap().flatten() {
        let sorted = |path: std::path::PathBuf| {
            let mut lines: Vec<_> =
                std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(table.path()), sorted(again.path().join("postgres").join(table.file_name())));
    }
    for db in &open {
        db.close().await;
    }
}
