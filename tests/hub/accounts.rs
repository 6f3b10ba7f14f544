//! Accounts, areas and stations, as people keep them in a browser.

use crate::world::{Browser, Hub, PASSWORD, holds};

/// The secret that a page shows once.
pub fn secret(page: &str) -> String {
    let rest =
        page.split("<output class=\"secret\">").nth(1).unwrap_or_else(|| panic!("no secret in {page}"));
    rest.split('<').next().unwrap().to_owned()
}

async fn text(answer: reqwest::Response) -> (u16, String) {
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn make(admin: &Browser, login: &str, role: &str, area: &str) -> String {
    let form = [("login", login), ("name", "Lò Thị Ủ"), ("role", role), ("area", area)];
    let (status, page) = text(admin.post("/accounts", &form).await).await;
    assert_eq!(status, 200, "{page}");
    secret(&page)
}

#[tokio::test]
async fn a_first_password_opens_nothing_but_its_own_change() {
    let hub = Hub::start();
    let admin = hub.as_login("admin").await;
    let first = make(&admin, "can-bo", "area", "bac-ninh").await;
    assert!(!holds(&hub.data(), &first), "it is kept nowhere");
    let mut holder = hub.browser();
    assert_eq!(holder.log_in("can-bo", &first).await.status(), 303);
    for path in ["/", "/stations", "/overview/events"] {
        let sent = holder.get(path).await;
        assert_eq!(
            (sent.status().as_u16(), sent.headers()["location"].to_str().unwrap()),
            (303, "/me/password"),
            "{path}"
        );
    }
    assert_eq!(holder.get("/api/me").await.status(), 403);
    assert_eq!(holder.post("/me/tokens", &[("title", "x")]).await.status(), 403);
    let own = "mật khẩu của riêng tôi";
    let change = |new, again| [("current", first.as_str()), ("new", new), ("again", again)];
    for (new, again) in [("ngắn", "ngắn"), (own, "khác hẳn cái kia"), (&first, &first)] {
        assert_eq!(holder.post("/me/password", &change(new, again)).await.status(), 422);
    }
    let done = holder.post("/me/password", &change(own, own)).await;
    assert_eq!(done.status(), 303);
    assert!(done.headers()["set-cookie"].to_str().unwrap().starts_with("__Host-loaxa="), "a new session");
    assert_eq!(holder.get("/").await.headers()["location"], "/login", "the session before it is over");
    assert_eq!(
        hub.browser().log_in("can-bo", &first).await.status(),
        422,
        "the first one opens nothing any more"
    );
    assert_eq!(holder.log_in("can-bo", own).await.status(), 303);
    assert_eq!(holder.get("/").await.status(), 200);
}

#[tokio::test]
async fn an_account_is_changed_reset_and_closed_and_every_deed_is_noted() {
    let hub = Hub::start();
    hub.account("can-bo", "area", "bac-ninh", None);
    let admin = hub.as_login("admin").await;
    let holder = hub.as_login("can-bo").await;
    assert_eq!(holder.get("/accounts").await.status(), 403);
    let change = [("name", "Tên khác"), ("role", "inspector"), ("area", "bac-ninh")];
    assert_eq!(admin.post("/accounts/can-bo", &change).await.status(), 303);
    assert!(
        holder.get("/me").await.text().await.unwrap().contains("Người kiểm tra"),
        "at once, in an open session"
    );
    let (status, page) = text(admin.post("/accounts/can-bo/password", &[]).await).await;
    assert_eq!(status, 200);
    assert_eq!(holder.get("/").await.status(), 303, "a reset ends all sessions");
    let first = secret(&page);
    assert_eq!(admin.post("/accounts/can-bo/close", &[]).await.status(), 303);
    assert_eq!(hub.browser().log_in("can-bo", &first).await.status(), 422);
    for (path, form) in [
        ("/accounts/admin/close", &[][..]),
        ("/accounts/admin", &change[..]),
        ("/accounts/can-bo/close", &[]),
    ] {
        assert_eq!(admin.post(path, form).await.status(), 422, "{path}");
    }
    let audit = admin.get("/audit").await.text().await.unwrap();
    for deed in ["account-changed", "password-reset", "account-closed", "login"] {
        assert!(audit.contains(deed), "{deed}: {audit}");
    }
    let filtered = admin.get("/audit?what=account-closed&login=admin").await.text().await.unwrap();
    assert!(filtered.contains("<td>account-closed</td>") && !filtered.contains("<td>password-reset</td>"));
    assert_eq!(admin.get("/audit?from=hom-qua").await.status(), 422);
}

#[tokio::test]
async fn everybody_sees_and_ends_the_own_sessions() {
    let hub = Hub::start();
    let here = hub.as_login("admin").await;
    let there = hub.as_login("admin").await;
    let page = here.get("/me").await.text().await.unwrap();
    let other = page.split("/me/sessions/").nth(1).expect("the other session can be ended");
    let path = format!("/me/sessions/{}", other.split('"').next().unwrap());
    assert_eq!(here.post(&path, &[]).await.status(), 303);
    assert_eq!(
        (here.get("/me").await.status(), there.get("/me").await.status().as_u16()),
        (reqwest::StatusCode::OK, 303)
    );
    assert_eq!(here.post(&path, &[]).await.status(), 404);
}

#[tokio::test]
async fn a_login_ends_the_session_that_the_browser_had() {
    let hub = Hub::start();
    let mut browser = hub.as_login("admin").await;
    let old = browser.cookie().unwrap().to_owned();
    browser.log_in("admin", PASSWORD).await;
    assert_eq!(browser.get("/").await.status(), 200);
    assert_eq!(hub.browser().with_cookie(&old).get("/").await.status(), 303);
}

#[tokio::test]
async fn a_token_does_what_its_account_does_until_it_is_closed_and_makes_no_other() {
    let hub = Hub::start();
    let admin = hub.as_login("admin").await;
    let token = secret(&admin.post("/me/tokens", &[("title", "Văn phòng")]).await.text().await.unwrap());
    let client = reqwest::Client::new();
    let ask = |path: &str| client.get(format!("{}{path}", hub.url)).bearer_auth(&token).send();
    let me: serde_json::Value =
        serde_json::from_slice(&ask("/api/me").await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(me["login"], "admin");
    assert!(
        ask("/metrics").await.unwrap().text().await.unwrap().contains("loaxa_stations{state=\"idle\"} 0")
    );
    let more =
        client.post(format!("{}/api/me/tokens", hub.url)).bearer_auth(&token).body("{\"title\":\"x\"}");
    assert_eq!(more.header("content-type", "application/json").send().await.unwrap().status(), 403);
    let page = admin.get("/me").await.text().await.unwrap();
    let close = page.split("/me/tokens/").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(admin.post(&format!("/me/tokens/{close}"), &[]).await.status(), 303);
    assert_eq!(ask("/api/me").await.unwrap().status(), 401);
    assert!(!holds(&hub.data(), &token));
}

#[tokio::test]
async fn areas_are_added_renamed_moved_and_merged() {
    let hub = Hub::start();
    let admin = hub.as_login("admin").await;
    let add = async |id: &str, parent: &str, kind: &str| {
        let form = [("id", id), ("title", &format!("Nơi {id}")[..]), ("parent", parent), ("kind", kind)];
        admin.post("/areas", &form).await.status().as_u16()
    };
    for (id, parent, kind) in
        [("a", "bac-ninh", "area"), ("b", "a", "area"), ("xa-1", "b", "commune"), ("xa-2", "a", "commune")]
    {
        assert_eq!(add(id, parent, kind).await, 303, "{id}");
    }
    for (id, parent, kind) in [
        ("a", "bac-ninh", "area"),
        ("x", "xa-1", "commune"),
        ("Xã", "a", "commune"),
        ("urgent", "a", "area"),
        ("p", "a", "province"),
    ] {
        assert_eq!(add(id, parent, kind).await, 422, "{id}");
    }
    assert_eq!(admin.post("/areas/a/move", &[("parent", "b")]).await.status(), 422, "no circle");
    assert_eq!(admin.post("/areas/bac-ninh/move", &[("parent", "a")]).await.status(), 422);
    assert_eq!(admin.post("/areas/b/rename", &[("title", "<b>Tên</b>")]).await.status(), 303);
    assert!(
        admin.get("/areas").await.text().await.unwrap().contains("&#60;b&#62;Tên"),
        "a name is text, not markup"
    );
    assert_eq!(admin.post("/areas/b/move", &[("parent", "bac-ninh")]).await.status(), 303);
    let station = [
        ("id", "dai-1"),
        ("commune", "xa-1"),
        ("place", "Nhà văn hóa"),
        ("languages", "vi, nut"),
        ("contact", ""),
        ("tags", ""),
    ];
    assert_eq!(admin.post("/stations", &station).await.status(), 200);
    hub.account("truc", "operator", "xa-1", None);
    let operator = hub.as_login("truc").await;
    assert_eq!(admin.post("/areas/xa-1/merge", &[("into", "xa-2")]).await.status(), 303);
    assert_eq!(admin.post("/areas/xa-1/merge", &[("into", "xa-2")]).await.status(), 422, "once");
    let page = operator.get("/stations").await.text().await.unwrap();
    assert!(page.contains("dai-1") && page.contains("Nơi xa-2"), "its operator went along: {page}");
    assert!(operator.get("/areas").await.text().await.unwrap().contains("đã nhập vào Nơi xa-2"));
    assert_eq!(
        admin.post("/stations/dai-1/move", &[("commune", "xa-1")]).await.status(),
        422,
        "nothing goes back"
    );
}

#[tokio::test]
async fn a_station_gets_a_code_once_and_can_be_revoked() {
    let hub = Hub::start();
    let admin = hub.as_login("admin").await;
    admin
        .post("/areas", &[("id", "xa-1"), ("title", "Xã"), ("parent", "bac-ninh"), ("kind", "commune")])
        .await;
    let form = [("id", "dai-1"), ("commune", "xa-1"), ("place", "")];
    let code = secret(&admin.post("/stations", &form).await.text().await.unwrap());
    assert!(!holds(&hub.data(), &code));
    assert_eq!(admin.post("/stations", &form).await.status(), 422, "the id is taken");
    let page = admin.get("/stations/dai-1").await.text().await.unwrap();
    assert!(page.contains("Chưa kết nối") && !page.contains(&code), "{page}");
    let again = secret(&admin.post("/stations/dai-1/code", &[]).await.text().await.unwrap());
    assert_ne!(code, again);
    assert_eq!(admin.post("/stations/dai-1/revoke", &[]).await.status(), 303);
    assert_eq!(admin.post("/stations/dai-1/revoke", &[]).await.status(), 422);
    assert!(admin.get("/stations").await.text().await.unwrap().contains("đã thu hồi"));
}

#[tokio::test]
async fn a_flood_from_one_address_is_slowed_and_reading_goes_on() {
    let hub = Hub::start();
    let browser = hub.browser();
    let mut sent = 0;
    while browser.post("/lang", &[("lang", "en"), ("back", "/")]).await.status() != 429 {
        sent += 1;
        assert!(sent < 5_000, "nobody is slowed");
    }
    assert!(sent >= 240, "an office that works is not slowed: {sent}");
    assert_eq!(browser.get("/login").await.status(), 200);
}
