//! The overview, live.

use std::time::Duration;

use loaxa::hub::db::fleet;

use crate::{fleet::World, repo::Repo};

#[tokio::test]
async fn the_overview_is_drawn_anew_when_something_changes_and_ends_with_the_session() {
    let world = World::start().await;
    let session = world.session("area-moc").await;
    let client = reqwest::Client::new();
    let get = |path: &str| {
        client.get(format!("{}{path}", world.hub.url)).header("cookie", format!("__Host-loaxa={session}"))
    };
    let page = get("/overview").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Đang phát") && page.contains("data-live=\"/overview/events\""), "{page}");
    assert!(page.contains("Báo động chưa ai nhận: 1"), "{page}");
    let mut events = get("/overview/events").send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let first = chunk(&mut events).await.unwrap();
    assert!(first.starts_with("data: ") && first.contains("commune tên moc"), "{first}");
    // Somebody sees to the alarm: everybody's page says so.
    let alarm = crate::fleet::id("moc");
    let seen = client
        .post(format!("{}/alarms/{alarm}/seen", world.hub.url))
        .header("cookie", format!("__Host-loaxa={session}"));
    assert!(seen.send().await.unwrap().status().is_success());
    let second = chunk(&mut events).await.unwrap();
    assert!(!second.contains("Báo động chưa ai nhận"), "{second}");
    // The account is closed: the stream ends at the next look, which this news brings about.
    loaxa::hub::db::accounts::close(&world.db, "area-moc", chrono::Utc::now()).await.unwrap();
    fleet::revoke(&world.db, "dai-moc", 1).await.unwrap();
    let admin = world.session("admin").await;
    let alarm = crate::fleet::id("thachluu");
    let seen = client
        .post(format!("{}/alarms/{alarm}/seen", world.hub.url))
        .header("cookie", format!("__Host-loaxa={admin}"));
    assert!(seen.send().await.unwrap().status().is_success());
    assert_eq!(chunk(&mut events).await, None);
}

async fn chunk(events: &mut reqwest::Response) -> Option<String> {
    let next = tokio::time::timeout(Duration::from_secs(60), events.chunk()).await.expect("nothing comes");
    next.unwrap().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn an_office_sees_what_is_approved_and_what_each_station_will_play() {
    let world = World::start().await;
    let session = world.session("area-moc").await;
    let client = reqwest::Client::new();
    let get = async |path: &str| {
        let request = client
            .get(format!("{}{path}", world.hub.url))
            .header("cookie", format!("__Host-loaxa={session}"));
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, page) = get("/office").await;
    assert!(status == 200 && page.contains("Chưa đọc được nguồn phát"), "a hub without a feed: {page}");
    let now = chrono::Utc::now();
    let mut repo = Repo::new(&crate::repo::stamp(now));
    repo.bulletin("tin-luat", b"audio");
    let until = now + chrono::TimeDelta::days(3);
    repo.describe("tin-luat", |meta| {
        meta["valid_until"] = crate::repo::stamp(until).into();
        meta["transcript"] = "Lời <b>đọc</b>".into();
        meta["loudness_clufs"] = (-1612).into();
    });
    repo.area("khu-moc");
    repo.station("dai-moc", [7; 32], &["khu-moc"]);
    let day = now.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    let (from, to) = (day - chrono::TimeDelta::days(1), day + chrono::TimeDelta::days(20));
    repo.schedule(
        "khu-moc",
        &format!(
            "format: 1\narea: khu-moc\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: {from}, until: {to} }}\nslots:\n  - {{ id: trua, \
             title: {{ vi: \"Trưa\" }}, cron: \"0 17 * * *\", class: normal, max_duration: 5m, playlist: [{{ bulletin: tin-luat }}] }}\n"
        ),
    );
    repo.publish().write(&world.hub.data().join("public"));
    let (status, page) = get("/office").await;
    assert!(status == 200 && page.contains("tin-luat") && page.contains("sắp hết hạn"), "{page}");
    assert!(page.contains("-16,1") && page.contains("Lời &#60;b&#62;đọc"), "{page}");
    let (status, page) = get("/stations/dai-moc/plan").await;
    assert!(status == 200 && page.contains("khu-moc/trua") && page.contains("17:00"), "{page}");
}
