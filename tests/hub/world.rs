//! A hub of one test: the real program on a folder of its own and a free port.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use reqwest::{Client, Response, redirect::Policy};

pub const PASSWORD: &str = "mật khẩu dài để thử";

/// A running hub; it ends with the value.
pub struct Hub {
    /// `postgres://…` of its own, when the tests run on a server.
    pub database: Option<String>,
    pub dir: tempfile::TempDir,
    /// Where it answers, without a slash at the end.
    pub url: String,
    process: Option<Child>,
}

/// A browser without scripts: it keeps cookies and does not follow redirects.
pub struct Browser {
    client: Client,
    url: String,
    cookie: Option<String>,
    lang: Option<&'static str>,
}

impl Hub {
    /// Started on SQLite, with a province `bac-ninh` and its admin `admin`.
    pub fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut hub = Self { dir, url: String::new(), process: None, database: own_database() };
        hub.configure("127.0.0.1:0");
        hub.account("admin", "admin", "bac-ninh", Some("Tỉnh Bắc Ninh"));
        hub.run();
        hub
    }

    /// Runs the program once beside the hub; what it says as JSON.
    pub fn says(&self, args: &[&str]) -> serde_json::Value {
        let out = self.loaxa().arg("--json").args(args).output().unwrap();
        serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{out:?}"))
    }

    /// From now on it answers where it answers now, however often it starts.
    pub fn stay(&self) {
        self.configure(&format!("127.0.0.1:{}", self.url.rsplit(':').next().unwrap()));
    }

    fn configure(&self, listen: &str) {
        let database = self.database.iter().map(|url| format!("database: {url}\n")).collect::<String>();
        let config = format!("format: 1\nlisten: {listen}\ndata: data\n{database}");
        std::fs::write(self.config(), config).unwrap();
    }

    /// SIGTERM; waits until it has ended.
    pub fn stop(&mut self) {
        let mut child = self.process.take().unwrap();
        let pid = rustix::process::Pid::from_raw(child.id() as i32).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(child.wait().unwrap().success());
    }

    /// Keeps everything of a hub that is not running.
    pub fn back_up(&self) {
        copy(&self.data(), &self.dir.path().join("backup"));
        self.database_from("", "_backup");
    }

    /// Puts back what was kept.
    pub fn restore(&self) {
        std::fs::remove_dir_all(self.data()).unwrap();
        copy(&self.dir.path().join("backup"), &self.data());
        self.database_from("_backup", "");
    }

    fn database_from(&self, from: &str, to: &str) {
        let Some((server, name)) = self.database.as_ref().and_then(|url| url.rsplit_once('/')) else {
            return;
        };
        sql(server, &format!("DROP DATABASE IF EXISTS {name}{to}"));
        sql(server, &format!("CREATE DATABASE {name}{to} TEMPLATE {name}{from}"));
    }

    fn loaxa(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loaxa"));
        command.args(["--lang", "en", "--config"]).arg(self.config());
        command
    }

    pub fn config(&self) -> PathBuf {
        self.dir.path().join("hub.yaml")
    }

    /// The hub's own folder.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Makes an account with [`PASSWORD`], as the server's operator does.
    pub fn account(&self, login: &str, role: &str, area: &str, founds: Option<&str>) {
        let mut add = self.loaxa();
        add.args(["hub", "admin", "add", login, "--name", login, "--role", role, "--area", area]);
        add.args(["--password-fd", "0"]);
        if let Some(title) = founds {
            add.args(["--area-title", title]);
        }
        let mut child = add.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(child.wait().unwrap().success(), "no account {login}");
    }

    /// Starts the program and waits until it says where it answers.
    pub fn run(&mut self) {
        let mut run = self.loaxa();
        run.args(["--json", "hub", "run"]).env_remove("JOURNAL_STREAM");
        let mut child = run.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).expect("the hub says where it is");
        self.url = said["url"].as_str().unwrap().to_owned();
        self.process = Some(child);
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.process.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// A browser that has not logged in.
    pub fn browser(&self) -> Browser {
        let client = Client::builder().redirect(Policy::none()).pool_max_idle_per_host(0).build().unwrap();
        Browser { client, url: self.url.clone(), cookie: None, lang: None }
    }

    /// A browser that has logged in as `login`.
    pub async fn as_login(&self, login: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.log_in(login, PASSWORD).await;
        assert_eq!(answer.status(), 303, "{login} cannot log in");
        browser
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Browser {
    pub fn english(mut self) -> Self {
        self.lang = Some("en");
        self
    }

    fn with_cookies(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let session = self.cookie.iter().map(|c| format!("__Host-loaxa={c}"));
        let lang = self.lang.iter().map(|l| format!("loaxa-lang={l}"));
        let cookies: Vec<_> = session.chain(lang).collect();
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    /// The secret of its session.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// With a session that was begun elsewhere.
    pub fn with_cookie(mut self, cookie: &str) -> Self {
        self.cookie = Some(cookie.to_owned());
        self
    }

    pub async fn get(&self, path: &str) -> Response {
        self.with_cookies(self.client.get(format!("{}{path}", self.url))).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let body: Vec<_> = form.iter().map(|(k, v)| format!("{k}={}", encoded(v))).collect();
        let request = self.client.post(format!("{}{path}", self.url)).body(body.join("&"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.with_cookies(request).send().await.unwrap()
    }

    pub async fn log_in(&mut self, login: &str, password: &str) -> Response {
        let answer = self.post("/login", &[("login", login), ("password", password)]).await;
        let set = answer.headers().get("set-cookie").and_then(|v| v.to_str().ok());
        let value = set.and_then(|v| v.strip_prefix("__Host-loaxa=")).and_then(|v| v.split(';').next());
        self.cookie = value.map(str::to_owned);
        answer
    }
}

/// With `LOAXA_TEST_POSTGRES=postgres://user@host:port` every hub gets a new database on that server.
fn own_database() -> Option<String> {
    let server = std::env::var("LOAXA_TEST_POSTGRES").ok()?;
    let name = format!("hub_{:016x}", fastrand::u64(..));
    sql(&server, &format!("CREATE DATABASE {name}"));
    Some(format!("{server}/{name}"))
}

fn sql(server: &str, statement: &str) {
    let done = Command::new("psql").args(["-qc", statement, &format!("{server}/postgres")]).status();
    assert!(done.unwrap().success(), "{statement}");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        match from.is_dir() {
            true => copy(&from, &to),
            false => assert!(std::fs::copy(&from, &to).is_ok()),
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Whether any file below `dir` holds `secret`.
pub fn holds(dir: &Path, secret: &str) -> bool {
    std::fs::read_dir(dir).unwrap().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, secret);
        }
        std::fs::read(&path).unwrap().windows(secret.len()).any(|w| w == secret.as_bytes())
    })
}
