//! Logging in, and what a stranger sees.

use crate::world::{Hub, PASSWORD, holds};

#[tokio::test]
async fn a_stranger_is_sent_to_the_login_page_and_a_program_is_told() {
    let hub = Hub::start();
    let browser = hub.browser();
    let home = browser.get("/").await;
    assert_eq!((home.status().as_u16(), &home.headers()["location"]), (303, &"/login".parse().unwrap()));
    let page = browser.get("/login").await.text().await.unwrap();
    assert!(page.contains("Đăng nhập") && page.contains("lang=\"vi\""), "{page}");
    let page = browser.english().get("/login").await.text().await.unwrap();
    assert!(page.contains("Log in") && page.contains("lang=\"en\""), "{page}");
    let nowhere = hub.browser().get("/api/nothing").await;
    assert_eq!(nowhere.status(), 404);
    let said: serde_json::Value = serde_json::from_str(&nowhere.text().await.unwrap()).unwrap();
    assert_eq!(said["error"]["en"], "There is no such page.");
}

#[tokio::test]
async fn an_admin_logs_in_sees_the_province_and_logs_out() {
    let hub = Hub::start();
    let mut browser = hub.browser();
    let answer = browser.log_in("admin", PASSWORD).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(!holds(&hub.data(), secret), "the cookie's secret is kept nowhere");
    let home = browser.get("/").await;
    assert!(home.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert!(home.text().await.unwrap().contains("Tỉnh Bắc Ninh"));
    assert_eq!(browser.post("/logout", &[]).await.status(), 303);
    assert_eq!(browser.get("/").await.status(), 303, "the session is over");
}

#[tokio::test]
async fn a_session_outlives_a_killed_hub() {
    let mut hub = Hub::start();
    let port = hub.url.rsplit(':').next().unwrap().to_owned();
    let config = format!("format: 1\nlisten: 127.0.0.1:{port}\ndata: data\n");
    let browser = hub.as_login("admin").await;
    std::fs::write(hub.config(), config).unwrap();
    hub.kill();
    hub.run();
    assert_eq!(browser.get("/").await.status(), 200);
}

#[tokio::test]
async fn who_guesses_waits_and_nothing_tells_whether_the_login_exists() {
    let hub = Hub::start();
    let mut browser = hub.browser().english();
    let wrong = browser.log_in("admin", "not this one").await.text().await.unwrap();
    let nobody = browser.log_in("nobody", "not this one").await.text().await.unwrap();
    assert_eq!(wrong.replace("admin", "nobody"), nobody);
    // The wait doubles with each failure: however slow this machine hashes, it is soon too long to sit out.
    let mut failures = 1;
    while browser.log_in("admin", "not this one").await.status() != 429 {
        failures += 1;
        assert!(failures < 15, "nobody waits");
    }
    assert!(failures >= 5, "people mistype");
    let locked = browser.log_in("admin", PASSWORD).await;
    assert_eq!(locked.status(), 429, "not even the right password helps");
    assert!(locked.text().await.unwrap().contains("Too many wrong attempts"));
    assert_eq!(hub.browser().log_in("nobody", "x").await.status(), 422, "others are not locked out");
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let hub = Hub::start();
    let client = reqwest::Client::new();
    let forged = client
        .post(format!("{}/lang", hub.url))
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("lang=en&back=/");
    assert_eq!(forged.send().await.unwrap().status(), 403);
    let away = hub.browser().post("/lang", &[("lang", "en"), ("back", "//evil.example")]).await;
    assert_eq!(away.headers()["location"], "/");
}
