//! The API and its description.

use serde_json::{Value, json};

use crate::{fleet::World, world::Hub};

struct Program {
    client: reqwest::Client,
    url: String,
    session: String,
}

impl Program {
    async fn get(&self, path: &str) -> (u16, Value) {
        self.send(self.client.get(format!("{}{path}", self.url))).await
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request =
            self.client.post(format!("{}{path}", self.url)).header("content-type", "application/json");
        self.send(request.body(body.to_string())).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> (u16, Value) {
        let answer = request.header("cookie", format!("__Host-loaxa={}", self.session)).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).expect("every answer is JSON"))
    }
}

#[tokio::test]
async fn a_program_does_what_pages_do() {
    let world = World::start().await;
    let session = world.session("admin").await;
    let api = Program { client: reqwest::Client::new(), url: world.hub.url.clone(), session };
    let (status, me) = api.get("/api/me").await;
    assert_eq!((status, &me["role"], &me["path"]), (200, &json!("admin"), &json!("Tỉnh Bắc Ninh")));
    let area = json!({"id": "xa-3", "title": "Xã Ba", "parent": "bac-ninh", "kind": "commune"});
    assert_eq!(api.post("/api/areas", area.clone()).await, (200, json!({"ok": true})));
    let (status, refused) = api.post("/api/areas", area).await;
    assert_eq!(status, 422);
    assert!(refused["error"]["vi"].is_string() && refused["error"]["en"].is_string());
    let (status, code) =
        api.post("/api/stations", json!({"id": "dai-3", "commune": "xa-3", "languages": "vi"})).await;
    assert_eq!((status, &code["station"]), (200, &json!("dai-3")));
    let (_, one) = api.get("/api/stations/dai-moc").await;
    assert_eq!((&one["state"], &one["status"]["now"]["title"]), (&json!("on-air"), &json!("Tin moc")));
    let (_, below) = api.get("/api/stations?area=xa-3").await;
    assert_eq!(below.as_array().unwrap().len(), 1);
    let account = json!({"login": "moi", "name": "Mới", "role": "inspector", "area": "xa-3"});
    let (status, first) = api.post("/api/accounts", account).await;
    assert_eq!((status, &first["login"]), (200, &json!("moi")));
    let (_, alarms) = api.get("/api/alarms?open=true").await;
    let alarm = alarms["alarms"][0]["id"].as_str().unwrap();
    assert_eq!(api.post(&format!("/api/alarms/{alarm}/seen"), json!({})).await.0, 200);
    assert_eq!(api.post(&format!("/api/alarms/{alarm}/seen"), json!({})).await.0, 422, "somebody has");
    let (_, audit) = api.get("/api/audit?what=station-added").await;
    assert_eq!(
        (audit["deeds"].as_array().unwrap().len(), &audit["deeds"][0]["detail"]),
        (1, &json!("dai-3 xa-3"))
    );
    for (path, body) in
        [("/api/areas", json!([])), ("/api/areas", json!({"id": 1})), ("/api/accounts", json!("x"))]
    {
        assert_eq!(api.post(path, body).await.0, 422, "{path}");
    }
}

#[tokio::test]
async fn the_audit_log_is_walked_page_by_page_and_nothing_comes_twice() {
    let world = World::start().await;
    let person = loaxa::hub::db::audit::Deed {
        at: 0,
        login: "admin".into(),
        address: "x".into(),
        area: "bac-ninh".into(),
        what: "walk".into(),
        detail: String::new(),
    };
    let now = chrono::Utc::now();
    for n in 0..250u32 {
        let deed = loaxa::hub::db::audit::Deed { detail: n.to_string(), ..person.clone() };
        // Many at one instant: the place in the list is the instant and the id.
        let at = now - chrono::TimeDelta::seconds(i64::from(n / 100));
        loaxa::hub::db::audit::add(&world.db, loaxa::hub::account::secret::random().unwrap(), at, &deed)
            .await
            .unwrap();
    }
    let session = world.session("admin").await;
    let api = Program { client: reqwest::Client::new(), url: world.hub.url.clone(), session };
    let (mut seen, mut next) = (Vec::new(), String::new());
    loop {
        let (_, page) = api.get(&format!("/api/audit?what=walk{next}")).await;
        seen.extend(
            page["deeds"].as_array().unwrap().iter().map(|d| d["detail"].as_str().unwrap().to_owned()),
        );
        let Some(at) = page["next"].as_str() else { break };
        next = format!("&before={at}");
    }
    assert_eq!(seen.len(), 250);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 250);
}

#[tokio::test]
async fn the_description_is_served_to_anybody() {
    let hub = Hub::start();
    let said = hub.browser().get("/api/openapi.json").await.text().await.unwrap();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert!(said["openapi"].as_str().unwrap().starts_with("3.1"));
    assert!(said["paths"]["/api/stations/{station}"]["get"]["responses"]["200"]["content"].is_object());
    assert_eq!(
        said["paths"]["/api/me/tokens"]["post"]["security"].as_array().unwrap().len(),
        1,
        "by a session only"
    );
}
