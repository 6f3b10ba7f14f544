//! Every route times whoever may ask, made from the table of routes: nobody edits this when a route is added.

use axum::http::Method;
use loaxa::hub::{
    routes,
    rule::{self, Asker, Role, Rule},
};
use reqwest::{Client, RequestBuilder, Response, redirect::Policy};

use crate::fleet::{MARK, SIDES, World, parameter, token};

/// Fields of every form and every JSON here, each fit for whoever belongs to the first commune.
const FIELDS: &[(&str, &str)] = &[
    ("id", "moi-1"),
    ("login", "moi-1"),
    ("name", "Mới"),
    ("title", "Mới"),
    ("role", "operator"),
    ("area", "xa-moc"),
    ("commune", "xa-moc"),
    ("parent", "khu-moc"),
    ("into", "xa-moc"),
    ("kind", "commune"),
    ("current", "sai mật khẩu"),
    ("new", "một mật khẩu mới"),
    ("url", "https://moc.invalid/"),
    ("kinds", "urgent"),
    ("urgent", "1"),
    ("lang", "vi"),
    ("back", "/"),
    ("password", "sai mật khẩu"),
    ("reason", "thử"),
];

/// Whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Stranger,
    Browser(Role),
    Token(Role),
}

impl Who {
    fn all() -> impl Iterator<Item = Self> {
        let roles = Role::ALL.into_iter();
        std::iter::once(Self::Stranger).chain(roles.flat_map(|role| [Self::Browser(role), Self::Token(role)]))
    }

    fn asker(self) -> Asker {
        match self {
            Self::Stranger => Asker::Stranger,
            Self::Browser(role) => Asker::Account(role),
            Self::Token(role) => Asker::Token(role),
        }
    }
}

struct Line {
    method: Method,
    path: &'static str,
    rule: Rule,
}

impl Line {
    /// The path with the things of `side` in it, and whether one of them belongs to a commune.
    fn filled(&self, side: &str) -> (String, bool) {
        let mut bound = false;
        let parts = self.path.split('/').map(|part| match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            None => part.to_owned(),
            Some(name) => {
                let name = name.trim_start_matches('*');
                let Some((value, is_bound)) = parameter(name, side) else {
                    panic!("{}: nobody has said what {{{name}}} is: add it to `parameter` in tests/hub/fleet.rs", self.path)
                };
                bound |= is_bound;
                value
            }
        });
        (parts.collect::<Vec<_>>().join("/"), bound)
    }

    fn is_program(&self) -> bool {
        self.path.starts_with("/api/") || self.path.starts_with("/station/")
    }
}

fn table() -> Vec<Line> {
    let all = routes::all().into_iter();
    all.map(|route| Line { method: route.method, path: route.path, rule: route.rule }).collect()
}

struct Asking {
    world: World,
    client: Client,
    asked: std::cell::Cell<u32>,
}

impl Asking {
    async fn start() -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { world: World::start().await, client, asked: 0.into() }
    }

    async fn dressed(&self, request: RequestBuilder, who: Who) -> RequestBuilder {
        let n = self.asked.replace(self.asked.get() + 1).to_be_bytes();
        let request = request.header("x-forwarded-for", format!("10.{}.{}.{}", n[1], n[2], n[3]));
        match who {
            Who::Stranger => request,
            Who::Token(role) => request.bearer_auth(token(&format!("{}-moc", role.word()))),
            Who::Browser(role) => {
                let session = self.world.session(&format!("{}-moc", role.word())).await;
                request.header("cookie", format!("__Host-loaxa={session}"))
            }
        }
    }

    /// Whoever belongs to the first commune asks for `path`.
    async fn ask(&self, line: &Line, path: &str, who: Who) -> Response {
        let url = format!("{}{path}", self.world.hub.url);
        let request = match line.method {
            Method::GET => self.client.get(url),
            _ if line.is_program() => {
                let fields: serde_json::Map<_, _> =
                    FIELDS.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect();
                self.client
                    .post(url)
                    .header("content-type", "application/json")
                    .body(serde_json::to_vec(&fields).unwrap())
            }
            _ => {
                let fields: Vec<_> =
                    FIELDS.iter().map(|(k, v)| format!("{k}={}", v.replace(' ', "+"))).collect();
                self.client
                    .post(url)
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(fields.join("&"))
            }
        };
        self.dressed(request, who).await.send().await.unwrap()
    }
}

/// The first part of a stream, the whole of anything else.
async fn body(mut answer: Response) -> String {
    let streams =
        answer.headers().get("content-type").is_some_and(|t| t.as_bytes().starts_with(b"text/event-stream"));
    if streams {
        let patience = std::time::Duration::from_secs(3);
        let first = tokio::time::timeout(patience, answer.chunk()).await.ok().and_then(|c| c.unwrap());
        return String::from_utf8_lossy(&first.unwrap_or_default()).into_owned();
    }
    String::from_utf8_lossy(&answer.bytes().await.unwrap()).into_owned()
}

#[tokio::test]
async fn whoever_the_rule_does_not_allow_gets_nothing_and_changes_nothing() {
    let asking = Asking::start().await;
    let before = asking.world.everything().await;
    let mut asked = 0;
    for line in table() {
        for who in Who::all().filter(|who| !rule::allows(line.rule, who.asker())) {
            for side in SIDES {
                let (path, _) = line.filled(side);
                let answer = asking.ask(&line, &path, who).await;
                let status = answer.status().as_u16();
                let expected = match (who, line.rule) {
                    (_, Rule::Station) => (400..500).contains(&status),
                    (Who::Stranger, _) if line.method == Method::GET && !line.is_program() => {
                        status == 303 && answer.headers()["location"] == "/login"
                    }
                    (Who::Stranger, _) => status == 401,
                    _ => status == 403,
                };
                assert!(expected, "{} {path} as {who:?}: {status}", line.method);
                assert!(
                    !body(answer).await.contains(MARK),
                    "{} {path} as {who:?} tells of what is there",
                    line.method
                );
                asked += 1;
            }
        }
    }
    assert!(asked > 200, "{asked} is too few: the table was not walked");
    assert_eq!(asking.world.everything().await, before, "a refused request changed something");
}

#[tokio::test]
async fn what_belongs_to_another_area_is_not_there() {
    let asking = Asking::start().await;
    let before = asking.world.everything().await;
    let (mut asked, mut deeds) = (0, 0);
    for line in table().into_iter().filter(|line| !matches!(line.rule, Rule::Public | Rule::Station)) {
        let (path, bound) = line.filled(MARK);
        for who in Who::all().filter(|who| bound && rule::allows(line.rule, who.asker())) {
            let answer = asking.ask(&line, &path, who).await;
            let status = answer.status().as_u16();
            // A form of another room may want fields that are not among those sent: refused before anything is looked for.
            let good = status == 404 || (line.method == Method::POST && status == 422);
            assert!(good, "{} {path} as {who:?}: {status}", line.method);
            // The address that was asked for may stand in the answer, as may the way back to it: nothing else of it.
            let said = body(answer).await.replace(&path, "");
            assert!(!said.contains(MARK), "{} {path} as {who:?}: {said}", line.method);
            asked += 1;
            deeds += usize::from(status == 404 && line.method == Method::POST);
        }
    }
    assert!(
        asked > 50 && deeds > 50,
        "{asked} asked, {deeds} of them deeds: too few things of another area were tried"
    );
    assert_eq!(asking.world.everything().await, before, "a thing of another area was changed");
}

#[tokio::test]
async fn whoever_the_rule_allows_is_let_in_and_sees_nothing_of_another_area() {
    let asking = Asking::start().await;
    let mut shown = 0;
    // Pages first: what forms do must not empty them.
    let mut table = table();
    table.sort_by_key(|line| line.method != Method::GET);
    for line in table.iter().filter(|line| line.rule != Rule::Station) {
        let (path, bound) = line.filled("moc");
        for who in Who::all().filter(|who| rule::allows(line.rule, who.asker())) {
            let answer = asking.ask(line, &path, who).await;
            let status = answer.status().as_u16();
            let to_login =
                answer.headers().get("location").is_some_and(|to| to == "/login") && line.path != "/logout";
            // The login page makes whoever guesses wait: no refusal of the rule.
            let waits = status == 429 && line.rule == Rule::Public;
            let good = (waits || !matches!(status, 401 | 403 | 429 | 500..)) && !to_login;
            assert!(good, "{} {path} as {who:?}: {status}", line.method);
            if line.method == Method::GET && bound {
                assert_eq!(status, 200, "{path} as {who:?}");
            }
            let said = body(answer).await;
            assert!(!said.contains(MARK), "{} {path} as {who:?} shows another area: {said}", line.method);
            shown += usize::from(said.contains("moc"));
        }
    }
    assert!(shown > 50, "only {shown} answers show anything of the own area: the search finds nothing");
}

#[tokio::test]
async fn the_province_sees_both() {
    let asking = Asking::start().await;
    let world = &asking.world;
    let session = world.session("admin").await;
    for path in [
        "/areas",
        "/stations",
        "/overview",
        "/alarms",
        "/webhooks",
        "/accounts",
        "/audit",
        "/api/stations",
        "/api/overview",
    ] {
        let request = asking.client.get(format!("{}{path}", world.hub.url));
        let answer = request.header("cookie", format!("__Host-loaxa={session}")).send().await.unwrap();
        let said = answer.text().await.unwrap();
        assert!(SIDES.iter().all(|side| said.contains(side)), "{path}: {said}");
    }
}
