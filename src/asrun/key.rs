//! The Ed25519 key pair that signs a log. Its id, the SHA-256 of the raw public key, is the log's id.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    signature::{ED25519, Ed25519KeyPair, KeyPair, ParsedPublicKey},
};
use pem::{EncodeConfig, LineEnding, Pem};

use super::canon::PublicKey;
use crate::{
    digest::Digest,
    durable,
    text::{Text, asrun as words},
};

/// What the SubjectPublicKeyInfo of every Ed25519 key begins with (RFC 8410 §4, §10.1).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file does not open, or cannot be made.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// It holds something else.
    #[error("{0}: not an Ed25519 key")]
    NotAKey(PathBuf),
    /// Others may read a private key.
    #[error("{0}: others may read this private key (mode {1:o})")]
    Open(PathBuf, u32),
    /// The system gives no random bytes.
    #[error("no random bytes for a new key")]
    NoRandom,
}

impl KeyError {
    /// For people, remedy included.
    pub fn text(&self) -> Text {
        match self {
            Self::File(path, e) => words::key_file(path.display(), e),
            Self::NotAKey(path) => words::not_a_key(path.display()),
            Self::Open(path, mode) => words::key_open(path.display(), format!("{mode:o}")),
            Self::NoRandom => words::no_random(),
        }
    }
}

/// The private half. Signs records; never printed.
pub struct LogKey(Ed25519KeyPair);

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogKey({})", self.id())
    }
}

impl LogKey {
    /// A new key.
    pub fn generate() -> Result<Self, KeyError> {
        Ed25519KeyPair::generate().map(Self).map_err(|_| KeyError::NoRandom)
    }

    /// The key of a 32-byte seed (RFC 8032 §5.1.5). For tests and for keys that are kept elsewhere.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        Ed25519KeyPair::from_seed_unchecked(seed).map(Self).map_err(|_| KeyError::NoRandom)
    }

    /// Reads a PKCS#8 PEM file (as `openssl genpkey -algorithm ed25519` writes) that its owner alone may read.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        use std::os::unix::fs::PermissionsExt;
        let failed = |e| KeyError::File(path.to_owned(), e);
        let mode = std::fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::Open(path.to_owned(), mode));
        }
        let text = std::fs::read(path).map_err(failed)?;
        let der = pem::parse(text).ok().filter(|p| p.tag() == "PRIVATE KEY");
        der.and_then(|p| Ed25519KeyPair::from_pkcs8_maybe_unchecked(p.contents()).ok())
            .map(Self)
            .ok_or_else(|| KeyError::NotAKey(path.to_owned()))
    }

    /// Makes a key and keeps it at `path` (PKCS#8 PEM, mode 0600), durably.
    pub fn create(path: &Path) -> Result<Self, KeyError> {
        let key = Self::generate()?;
        let der = key.0.to_pkcs8v1().map_err(|_| KeyError::NoRandom)?;
        durable::replace_with_mode(path, armour("PRIVATE KEY", der.as_ref()).as_bytes(), 0o600)
            .map_err(|e| KeyError::File(path.to_owned(), e))?;
        Ok(key)
    }

    /// The raw public key: what the registry lists.
    pub fn public(&self) -> PublicKey {
        let mut raw = [0; 32];
        raw.copy_from_slice(self.0.public_key().as_ref());
        raw
    }

    /// The log's id.
    pub fn id(&self) -> Digest {
        Digest::of(&self.public())
    }

    /// An Ed25519 signature (RFC 8032).
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        let mut sig = [0; 64];
        sig.copy_from_slice(self.0.sign(bytes).as_ref());
        sig
    }
}

/// The public half, ready to verify.
#[derive(Clone)]
pub struct Verifying {
    raw: PublicKey,
    parsed: std::sync::Arc<ParsedPublicKey>,
}

impl fmt::Debug for Verifying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifying({})", self.hex())
    }
}

impl PartialEq for Verifying {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Verifying {}

impl Verifying {
    /// From 32 raw bytes; none if they are not a point of the curve.
    pub fn new(raw: PublicKey) -> Option<Self> {
        let parsed = ParsedPublicKey::new(&ED25519, raw).ok()?;
        Some(Self { raw, parsed: std::sync::Arc::new(parsed) })
    }

    /// From a key file's content: 64 hex digits, or a PEM block `PUBLIC KEY` (as `openssl pkey -pubout` writes).
    pub fn read(content: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(content).ok()?.trim();
        let mut raw = [0; 32];
        if hex::decode_to_slice(text, &mut raw).is_ok() {
            return Self::new(raw);
        }
        let block = pem::parse(text).ok().filter(|p| p.tag() == "PUBLIC KEY")?;
        let key = block.contents().strip_prefix(&SPKI)?;
        Self::new(key.try_into().ok()?)
    }

    /// [`Verifying::read`] of a file.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let content = std::fs::read(path).map_err(|e| KeyError::File(path.to_owned(), e))?;
        Self::read(&content).ok_or_else(|| KeyError::NotAKey(path.to_owned()))
    }

    /// The raw key.
    pub fn raw(&self) -> &PublicKey {
        &self.raw
    }

    /// The id of the log that it verifies.
    pub fn id(&self) -> Digest {
        Digest::of(&self.raw)
    }

    /// The raw key as 64 hex digits.
    pub fn hex(&self) -> String {
        hex::encode(self.raw)
    }

    /// The key as a PEM block.
    pub fn pem(&self) -> String {
        armour("PUBLIC KEY", &[SPKI.as_slice(), &self.raw].concat())
    }

    /// Whether `sig` is this key's signature of `bytes`.
    pub fn verify(&self, bytes: &[u8], sig: &[u8; 64]) -> bool {
        self.parsed.verify_sig(bytes, sig).is_ok()
    }
}

fn armour(tag: &str, der: &[u8]) -> String {
    pem::encode_config(&Pem::new(tag, der), EncodeConfig::new().set_line_ending(LineEnding::LF))
}

/// The SPKI form that the crypto library itself prints; a test holds ours against it.
#[doc(hidden)]
pub fn spki(key: &LogKey) -> Option<Vec<u8>> {
    let der: PublicKeyX509Der<'_> = key.0.public_key().as_der().ok()?;
    Some(der.as_ref().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_made_here_is_read_back_and_its_public_half_verifies() -> Result<(), KeyError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.key");
        let made = LogKey::create(&path)?;
        let read = LogKey::load(&path)?;
        assert_eq!(made.public(), read.public());
        let public = Verifying::new(made.public()).unwrap();
        assert!(public.verify(b"sent", &read.sign(b"sent")));
        assert!(!public.verify(b"sent", &read.sign(b"Sent")));
        for form in [public.pem(), public.hex(), format!("{}\n", public.hex())] {
            assert_eq!(Verifying::read(form.as_bytes()).as_ref(), Some(&public));
        }
        assert_eq!(spki(&made).unwrap()[12..], made.public());
        assert_eq!(pem::parse(public.pem()).unwrap().contents(), spki(&made).unwrap());
        Ok(())
    }

    #[test]
    fn a_private_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("log.key");
        LogKey::create(&path).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(LogKey::load(&path), Err(KeyError::Open(_, 0o640))));
    }
}
