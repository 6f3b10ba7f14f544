//! A province at a hub: its people with their keys, each with a folder and a token of his own, and the real program.
#![allow(dead_code, reason = "not every story needs every helper")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use chrono::{DateTime, Utc};
use loaxa::{
    hub::{
        account::secret,
        db::{Db, areas, sessions},
    },
    office::{folder::Office, init, keys::PublicKey},
};
use reqwest::{Method, Response};
use serde_json::Value;

use crate::{pc_now, world::Hub};

#[path = "../office/world.rs"]
pub mod office;

/// What `office::world` registers.
pub mod station {
    pub const KEY: [u8; 32] = [7; 32];
}

use office::{World, words};

/// Accounts: login, role, area. Each has the token `<login>-token`.
const ACCOUNTS: [(&str, &str, &str); 6] = [
    ("admin", "admin", "bac-ninh"),
    ("lan", "editor", "bac-ninh"),
    ("nam", "approver", "bac-ninh"),
    ("hoa", "area", "yen-the"),
    ("sau", "area", "son-dong"),
    ("thanh", "inspector", "bac-ninh"),
];

pub struct Province {
    pub hub: Hub,
    /// Where `init` was run: all keys lie here.
    pub world: World,
}

/// What the program said.
pub struct Said {
    pub code: i32,
    pub json: Value,
    pub err: String,
}

impl Province {
    /// The hub has its keys; nothing was made yet.
    pub async fn unfounded() -> Self {
        let hub = Hub::start();
        let db = Db::sqlite(&hub.data().join("hub.sqlite")).await.unwrap();
        for area in ["yen-the", "son-dong"] {
            let id = area.parse().unwrap();
            areas::put(&db, &id, Some("bac-ninh"), area, "area").await.unwrap();
        }
        for (login, role, area) in ACCOUNTS {
            if login != "admin" {
                hub.account(login, role, area, None);
            }
            let id = secret::hash(&format!("{login}-token"));
            sessions::make_token(&db, &id, login, "office", pc_now()).await.unwrap();
        }
        db.close().await;
        for (login, ..) in ACCOUNTS {
            std::fs::write(hub.dir.path().join(format!("{login}.token")), format!("{login}-token\n"))
                .unwrap();
        }
        std::fs::write(hub.dir.path().join("words"), format!("{}\n", office::WORDS)).unwrap();
        let dir = office::tempdir();
        let office = Office::at(&dir.path().join("tinh"), None);
        Self { hub, world: World { dir, office, now: pc_now() } }
    }

    /// Founded and published: the online keys were made at the hub, all others here.
    pub async fn new() -> Self {
        let province = Self::unfounded().await;
        let online = province.hub_keys();
        let (office, now) = (&province.world.office, pc_now());
        init::init_with(office, &office::setup(), Some(online), now, &mut |_| Ok(words())).unwrap();
        let said = province.tinh("admin", &["publish"]);
        assert_eq!(said.code, 0, "{}", said.err);
        province
    }

    /// `hub key`, as the server's operator gives it.
    pub fn hub_keys(&self) -> [PublicKey; 2] {
        let said = self.at_server(&["key"]);
        assert_eq!(said.code, 0, "{}", said.err);
        let key = |n: usize| said.json["keys"][n]["public"].as_str().unwrap().parse().unwrap();
        [key(0), key(1)]
    }

    /// `loaxa hub …` on the server.
    pub fn at_server(&self, args: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loaxa"));
        command.args(["--lang", "en", "--json", "--config"]).arg(self.hub.config()).arg("hub").args(args);
        Said::of(command.output().unwrap())
    }

    /// The folder of somebody at his own PC.
    pub fn folder(&self, login: &str) -> PathBuf {
        self.world.dir.path().join(login)
    }

    /// His folder with the keys of all, as the library sees it.
    pub fn at(&self, login: &str) -> World {
        let office = Office::at(&self.folder(login), Some(self.world.office.keys()));
        World { dir: office::tempdir(), office, now: pc_now() }
    }

    /// `loaxa office …` of `login` in his own folder, with his token and his key.
    pub fn pc(&self, login: &str, name: &str, args: &[&str]) -> Said {
        let dir = self.folder(login);
        self.office(login, &dir, &[args, &["--as", name]].concat())
    }

    /// `loaxa office …` where `init` was run.
    pub fn tinh(&self, login: &str, args: &[&str]) -> Said {
        self.office(login, self.world.office.dir(), args)
    }

    pub fn office(&self, login: &str, dir: &Path, args: &[&str]) -> Said {
        self.at_pc(login, dir, self.world.office.keys(), args)
    }

    /// The same with other keys.
    pub fn at_pc(&self, login: &str, dir: &Path, keys: &Path, args: &[&str]) -> Said {
        let signs = !matches!(args[0], "list" | "import");
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 3<\"$WORDS\""]).arg(env!("CARGO_BIN_EXE_loaxa"));
        command.env("WORDS", self.hub.dir.path().join("words")).env_remove("LOAXA_HUB_TOKEN");
        command.args(["--lang", "en", "--json", "office"]).args(args);
        command.arg("--dir").arg(dir).args(["--hub", &self.hub.url]);
        command.arg("--token-file").arg(self.hub.dir.path().join(format!("{login}.token")));
        if signs {
            command.arg("--keys").arg(keys).args(["--passphrase-fd", "3"]);
        }
        Said::of(command.stdin(Stdio::null()).output().unwrap())
    }

    /// A request with the token of `login`; of a stranger when it is empty.
    pub async fn ask(&self, login: &str, method: Method, path: &str, body: Vec<u8>) -> Response {
        let mut request = reqwest::Client::new().request(method, format!("{}{path}", self.hub.url));
        if !login.is_empty() {
            request = request.bearer_auth(format!("{login}-token"));
        }
        request.header("content-type", "application/json").body(body).send().await.unwrap()
    }

    pub async fn get(&self, login: &str, path: &str) -> Response {
        self.ask(login, Method::GET, path, Vec::new()).await
    }

    pub async fn state(&self, login: &str) -> Value {
        serde_json::from_slice(&self.get(login, "/api/feed/state").await.bytes().await.unwrap()).unwrap()
    }

    /// The office's side of the wire, with the token of `login`.
    pub fn wire(&self, login: &str) -> loaxa::office::remote::Hub {
        let token = zeroize::Zeroizing::new(format!("{login}-token"));
        loaxa::office::remote::Hub::new(&self.hub.url, token).unwrap()
    }

    /// The recording `id`, approved by two people at two PCs and published.
    pub fn bulletin(&self, id: &str) {
        assert_eq!(self.office("lan", &self.folder("lan"), &["list"]).code, 0);
        self.at("lan").stage(id);
        let first = self.pc("lan", office::LAN, &["approve", "--yes"]);
        assert_eq!((first.code, &first.json["published"]), (0, &false.into()), "{}", first.err);
        let second = self.pc("nam", office::NAM, &["approve", "--yes"]);
        assert_eq!((second.code, &second.json["published"]), (0, &true.into()), "{}", second.err);
    }
}

impl Said {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            json: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A schedule of `area` from today on, which plays `bulletin` at six.
pub fn schedule(area: &str, bulletin: &str, title: &str) -> String {
    let day = |at: DateTime<Utc>| at.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    let (from, until) = (day(pc_now()), day(pc_now()) + chrono::Days::new(30));
    format!(
        "format: 1\narea: {area}\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: {from}, until: {until} }}\nslots:\n  \
         - id: ban-tin-sang\n    title: {{ vi: \"{title}\" }}\n    cron: \"0 6 * * *\"\n    max_duration: 15m\n    \
         playlist:\n      - bulletin: {bulletin}\n"
    )
}
