//! What a station and its hub say to each other; docs/hub-api.md is the specification. Pure: both sides use it.
//!
//! A station proves each request by its log's key, over a text that names method, path, nonce and body. The nonce comes
//! from the hub, so that no clock is needed, and is bound to the log.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    asrun::{
        chain::Head,
        key::{LogKey, Verifying},
    },
    digest::Digest,
    ids::StationId,
};

/// Scheme of `Authorization` and `WWW-Authenticate`.
pub const SCHEME: &str = "Loaxa";
/// What every signed text begins with: a signature made for this is good for nothing else.
const DOMAIN: &str = "loaxa station request 1";
/// Lines of the log: `GET` tells what is held, `POST` brings what follows.
pub const LOG: &str = "/station/log";
/// The station's one Status.
pub const HEARTBEAT: &str = "/station/heartbeat";
/// Publications, as they happen.
pub const EVENTS: &str = "/station/events";
/// A one-time code against the feed's root.
pub const ENROL: &str = "/station/enrol";
/// A batch of lines has at most so many bytes, unless it is one line alone.
pub const BATCH: usize = 256 * 1024;
/// The longest body of lines that a hub reads: one line of the longest kind, and its newline.
pub const LONGEST_BATCH: usize = 1_048_577;
/// The longest other body.
pub const LONGEST_BODY: usize = 64 * 1024;
/// Letters of a one-time code: none that is taken for another, or for a digit.
pub const LETTERS: &[u8] = b"ACDEFGHJKMNPQRTUVWXY";
/// Letters of one code.
pub const CODE: usize = 8;

/// What is signed.
fn text(method: &str, path: &str, nonce: &str, body: &Digest) -> String {
    format!("{DOMAIN}\n{method}\n{path}\n{nonce}\n{body}\n")
}

/// The value of `Authorization`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Whose log: SHA-256 of the raw public key.
    pub log: Digest,
    /// As the hub gave it; empty when the station has none yet.
    pub nonce: String,
    sig: [u8; 64],
}

impl Proof {
    /// Signs a request; `path` with its query.
    pub fn sign(key: &LogKey, method: &str, path: &str, nonce: &str, body: &[u8]) -> Self {
        let sig = key.sign(text(method, path, nonce, &Digest::of(body)).as_bytes());
        Self { log: key.id(), nonce: nonce.to_owned(), sig }
    }

    /// Whether `key`, which must be the log's, signed this request.
    pub fn is_by(&self, key: &Verifying, method: &str, path: &str, body: &[u8]) -> bool {
        let text = text(method, path, &self.nonce, &Digest::of(body));
        key.id() == self.log && key.verify(text.as_bytes(), &self.sig)
    }

    /// Reads the header's value; none when it is another scheme or not whole.
    pub fn read(value: &str) -> Option<Self> {
        let rest = value.strip_prefix(SCHEME)?.strip_prefix(' ')?;
        let mut parts = rest.splitn(3, ',').map(str::trim);
        let mut next = |name: &str| parts.next()?.strip_prefix(name)?.strip_prefix('=');
        let (log, nonce, digits) = (next("log")?, next("nonce")?, next("sig")?);
        let mut sig = [0; 64];
        hex::decode_to_slice(digits, &mut sig).ok()?;
        let plain = nonce.len() <= 128 && nonce.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
        plain.then_some(Self { log: log.parse().ok()?, nonce: nonce.to_owned(), sig })
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME} log={}, nonce={}, sig={}", self.log, self.nonce, hex::encode(self.sig))
    }
}

/// The nonce of a `WWW-Authenticate` value.
pub fn nonce(value: &str) -> Option<&str> {
    value.strip_prefix(SCHEME)?.trim().strip_prefix("nonce=")
}

/// What the hub holds of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The last line; seq 0 before the first.
    pub head: Head,
    /// The newest receipt, a line of docs/asrun.md section 6; none before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

/// A box that wants to become a station.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// The one-time code, as [`code`] writes it.
    pub code: String,
    /// The raw Ed25519 public key of its log, 64 hex digits.
    pub key: String,
}

/// What it gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// Which station it is.
    pub station: StationId,
    /// Where the feed lies.
    pub feed: String,
    /// The feed's root, byte for byte; people compare its fingerprint.
    pub root: String,
}

/// A code as typed, in its one spelling: capitals without spaces and hyphens. None if it cannot be one.
pub fn code(typed: &str) -> Option<String> {
    let code: String =
        typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    (code.len() == CODE && code.bytes().all(|b| LETTERS.contains(&b))).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_for_one_request_by_one_key() -> Result<(), crate::asrun::key::KeyError> {
        let key = LogKey::from_seed(&[7; 32])?;
        let other = LogKey::from_seed(&[8; 32])?;
        let public = |key: &LogKey| Verifying::new(key.public()).unwrap();
        let proof = Proof::sign(&key, "POST", LOG, "65.ab", b"lines");
        let read = Proof::read(&proof.to_string()).unwrap();
        assert_eq!(read, proof);
        assert!(read.is_by(&public(&key), "POST", LOG, b"lines"));
        assert!(!read.is_by(&public(&other), "POST", LOG, b"lines"));
        assert!(!read.is_by(&public(&key), "GET", LOG, b"lines"));
        assert!(!read.is_by(&public(&key), "POST", HEARTBEAT, b"lines"));
        assert!(!read.is_by(&public(&key), "POST", LOG, b"Lines"));
        let elsewhere = Proof { nonce: "66.ab".into(), ..read };
        assert!(!elsewhere.is_by(&public(&key), "POST", LOG, b"lines"));
        Ok(())
    }

    #[test]
    fn what_is_no_proof_is_not_read() {
        let sig = "0".repeat(128);
        let log = "0".repeat(64);
        for bad in [
            String::new(),
            "Bearer x".into(),
            format!("Loaxa log={log}, sig={sig}"),
            format!("Loaxa log={log}, nonce=a\nb, sig={sig}"),
            format!("Loaxa log={log}, nonce=, sig={sig}00"),
            format!("Loaxa log=00, nonce=, sig={sig}"),
        ] {
            assert_eq!(Proof::read(&bad), None, "{bad}");
        }
        assert!(Proof::read(&format!("Loaxa log={log}, nonce=, sig={sig}")).is_some());
        assert_eq!(nonce("Loaxa nonce=65.ab"), Some("65.ab"));
    }

    #[test]
    fn a_code_is_typed_as_people_type() {
        assert_eq!(code(" acde-fghj ").as_deref(), Some("ACDEFGHJ"));
        for bad in ["ACDEFGH", "ACDEFGHI", "ACDEFGH1", "ACDEFGHJK", "đCDEFGHJ"] {
            assert_eq!(code(bad), None, "{bad}");
        }
    }
}
