//! `hub.yaml`: what the person who runs the server decides. Without it a hub runs on a folder.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{
    fault::Faults,
    schedule::{
        scalar::{Form, Rule},
        yaml,
    },
    text::hub as say,
};

/// Where it listens unless the configuration says otherwise.
const LISTEN: &str = "127.0.0.1:8787";
/// Where it keeps everything unless the configuration says otherwise.
const DATA: &str = "hub-data";

/// The hub's own settings, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Address and port.
    pub listen: SocketAddr,
    /// As browsers and stations see it, without a slash at the end; none: `http://` and where it listens.
    pub url: Option<String>,
    /// Feed, keys and, with SQLite, the database.
    pub data: PathBuf,
    /// `postgres://…`; none: SQLite in `data`. May hold a password: never shown.
    pub database: Option<Secret>,
    /// Certificate chain and private key, PEM; none: plain HTTP, behind a proxy or on this machine alone.
    pub tls: Option<Tls>,
    /// Whether the last entry of `X-Forwarded-For` is believed.
    pub behind_proxy: bool,
    /// Whether a webhook may reach this machine and private networks.
    pub private_webhooks: bool,
}

/// A text that no message and no journal shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// Files of certificate and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The chain, the server's own first.
    pub certificate: PathBuf,
    /// Its key, PKCS#8.
    pub key: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            url: None,
            data: PathBuf::from(DATA),
            database: None,
            tls: None,
            behind_proxy: false,
            private_webhooks: false,
        }
    }
}

const EXAMPLE: &str = include_str!("../../config/hub.yaml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    format: String,
    listen: Option<String>,
    url: Option<String>,
    data: Option<String>,
    database: Option<String>,
    tls: Option<RawTls>,
    behind_proxy: Option<String>,
    private_webhooks: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTls {
    certificate: String,
    key: String,
}

const ADDRESS: Rule = Rule { says: say::rule_listen, like: LISTEN };
const URL: Rule = Rule { says: say::rule_url, like: "https://loa.example.vn" };
const PATH: Rule = Rule { says: say::rule_path, like: "/var/lib/loaxa-hub" };
const DATABASE: Rule = Rule { says: say::rule_database, like: "postgres://loaxa@localhost/loaxa" };
const YES_NO: Rule = Rule { says: say::rule_yes_no, like: "true" };

impl Config {
    /// Reads a configuration; paths in it are taken from the folder of `file`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(file: &str, text: &str) -> Result<Self, Faults> {
        let loaded = yaml::load::<Raw>(file, text, EXAMPLE)?;
        let mut form = Form::new(&loaded.positions, loaded.faults);
        let base = Path::new(file).parent().unwrap_or(Path::new(""));
        let config = check(&mut form, loaded.value, base);
        let faults = form.faults;
        faults.or(config)
    }

    /// As browsers and stations see it.
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        self.url.clone().unwrap_or_else(|| format!("{scheme}://{}", self.listen))
    }
}

fn check(form: &mut Form<'_>, raw: Raw, base: &Path) -> Config {
    form.format(&raw.format);
    let usual = Config::default();
    let path = |s: &str| (!s.trim().is_empty() && !s.contains('\0')).then(|| base.join(s));
    let mut config = usual.clone();
    if let Some(text) = &raw.listen {
        config.listen = form.value("listen", text, ADDRESS, |s| s.parse().ok()).unwrap_or(usual.listen);
    }
    if let Some(text) = &raw.url {
        config.url = form.value("url", text, URL, url);
    }
    if let Some(text) = &raw.data {
        config.data = form.value("data", text, PATH, path).unwrap_or(usual.data);
    }
    if let Some(text) = &raw.database {
        config.database = form.value("database", text, DATABASE, |s| {
            (s.starts_with("postgres://") || s.starts_with("postgresql://")).then(|| Secret(s.to_owned()))
        });
    }
    if let Some(tls) = &raw.tls {
        let certificate = form.value("tls.certificate", &tls.certificate, PATH, path);
        let key = form.value("tls.key", &tls.key, PATH, path);
        config.tls = certificate.zip(key).map(|(certificate, key)| Tls { certificate, key });
    }
    if let Some(text) = &raw.behind_proxy {
        config.behind_proxy = form.value("behind_proxy", text, YES_NO, |s| s.parse().ok()).unwrap_or(false);
    }
    if let Some(text) = &raw.private_webhooks {
        config.private_webhooks =
            form.value("private_webhooks", text, YES_NO, |s| s.parse().ok()).unwrap_or(false);
    }
    config
}

fn url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let plain =
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_graphic()) && !rest.contains(['?', '#', '@']);
    plain.then(|| text.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_good_and_its_database_is_never_shown() {
        Config::read("config/hub.yaml", EXAMPLE).unwrap();
        let secret = EXAMPLE.replace("# database: postgres://loaxa@", "database: postgres://loaxa:geheim@");
        let config = Config::read("config/hub.yaml", &secret).unwrap();
        assert!(config.database.is_some());
        assert!(!format!("{config:?}").contains("geheim"));
    }
}
