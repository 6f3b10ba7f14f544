//! The overview, live.

use std::time::Duration;

use loaxa::hub::db::fleet;

use crate::seed::World;

#[tokio::test]
async fn the_overview_is_drawn_anew_when_something_changes_and_ends_with_the_session() {
    let world = World::start().await;
    let session = world.session("area-moc").await;
    let client = reqwest::Client::new();
    let get = |path: &str| client.get(format!("{}{path}", world.hub.url)).header("cookie", format!("__Host-loaxa={session}"));
    let page = get("/overview").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Đang phát") && page.contains("data-live=\"/overview/events\""), "{page}");
    assert!(page.contains("Báo động chưa ai nhận: 1"), "{page}");
    let mut events = get("/overview/events").send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let first = chunk(&mut events).await.unwrap();
    assert!(first.starts_with("data: ") && first.contains("commune tên moc"), "{first}");
    // Somebody sees to the alarm: everybody's page says so.
    let alarm = crate::seed::id("moc");
    let seen = client.post(format!("{}/alarms/{alarm}/seen", world.hub.url)).header("cookie", format!("__Host-loaxa={session}"));
    assert!(seen.send().await.unwrap().status().is_success());
    let second = chunk(&mut events).await.unwrap();
    assert!(!second.contains("Báo động chưa ai nhận"), "{second}");
    // The account is closed: the stream ends at the next look, which this news brings about.
    loaxa::hub::db::accounts::close(&world.db, "area-moc", chrono::Utc::now()).await.unwrap();
    fleet::revoke(&world.db, "dai-moc", 1).await.unwrap();
    let admin = world.session("admin").await;
    let alarm = crate::seed::id("thachluu");
    let seen = client.post(format!("{}/alarms/{alarm}/seen", world.hub.url)).header("cookie", format!("__Host-loaxa={admin}"));
    assert!(seen.send().await.unwrap().status().is_success());
    assert_eq!(chunk(&mut events).await, None);
}

async fn chunk(events: &mut reqwest::Response) -> Option<String> {
    let next = tokio::time::timeout(Duration::from_secs(60), events.chunk()).await.expect("nothing comes");
    next.unwrap().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
}
