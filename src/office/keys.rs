//! Ed25519 keys in files: PKCS#8 in PEM, encrypted by scrypt and AES-256-CBC (RFC 5958, RFC 8018 §6.2, RFC 7914 §7),
//! mode 0600, so that `openssl pkey` reads them too. The public half lies beside it in clear, as JSON.
//!
//! A passphrase comes in as a [`Passphrase`], never from an argument or the environment, and is wiped when dropped.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    str::FromStr,
};

use aws_lc_rs::{
    rand::fill,
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};
use pkcs8::{
    EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, SecretDocument,
    der::{Decode, pem::LineEnding},
    pkcs5::{EncryptionScheme, pbes2, scrypt},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

use super::{Error, Result};
use crate::{durable, text::office as say};

const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
const PLAIN: &str = "PRIVATE KEY";
/// The shortest passphrase that is taken, in characters.
pub const SHORTEST: usize = 8;

/// Words that open a key file. Wiped from memory when dropped; never printed.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes the words over.
    pub fn new(words: String) -> Self {
        Self(Zeroizing::new(words))
    }

    /// Whether it is long enough to protect a new key.
    pub fn is_long_enough(&self) -> bool {
        self.0.chars().count() >= SHORTEST
    }

    fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl PartialEq for Passphrase {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// How dear it is to try one passphrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    log_n: u8,
    p: u32,
}

impl Cost {
    /// N = 2^14, r = 8, p = 5: of equal strength to N = 2^17, p = 1 (OWASP Password Storage Cheat Sheet), and within
    /// the 32 MiB that OpenSSL 3 grants scrypt in PKCS#8.
    pub const STRONG: Self = Self { log_n: 14, p: 5 };
    /// For tests alone: worthless as protection. No command line reaches it.
    pub const FOR_TESTS: Self = Self { log_n: 4, p: 1 };
}

/// The raw public half of an Ed25519 key. People are counted by it, never by a key id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// Whether `sig` is this key's signature of `message`.
    pub fn verifies(&self, message: &[u8], sig: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0).verify(message, sig).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = hex::FromHexError;
    fn from_str(s: &str) -> std::result::Result<Self, Self::Err> {
        let mut out = [0; 32];
        hex::decode_to_slice(s, &mut out)?;
        Ok(Self(out))
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// A key that can sign, opened and in memory.
pub struct SecretKey(Ed25519KeyPair);

impl SecretKey {
    /// A new one from the system's random source.
    pub fn generate() -> Result<Self> {
        Ed25519KeyPair::generate().map(Self).map_err(|_| Error::Machine(say::no_random()))
    }

    /// Its public half.
    pub fn public(&self) -> PublicKey {
        let mut out = [0; 32];
        out.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(out)
    }

    /// Signs `message` (RFC 8032 §5.1.6).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }

    /// PEM; encrypted if there is a passphrase.
    fn to_pem(&self, guard: Option<(&Passphrase, Cost)>) -> Option<Zeroizing<String>> {
        // Version 1 of PKCS#8: OpenSSL 3.0 does not read the second.
        let der = self.0.to_pkcs8v1().ok()?;
        let info = PrivateKeyInfoRef::from_der(der.as_ref()).ok()?;
        let Some((words, cost)) = guard else {
            return SecretDocument::encode_msg(&info).ok()?.to_pem(PLAIN, LineEnding::LF).ok();
        };
        let (mut salt, mut iv) = ([0; 16], [0; 16]);
        fill(&mut salt).ok()?;
        fill(&mut iv).ok()?;
        let params = scrypt::Params::new(cost.log_n, 8, cost.p).ok()?;
        let params = pbes2::Parameters::generate_scrypt_aes256cbc(params, &salt, iv).ok()?;
        info.encrypt_with_params(params, words.bytes()).ok()?.to_pem(ENCRYPTED, LineEnding::LF).ok()
    }

    /// Writes the key (mode 0600) and, beside it, its public half with the holder's name. A file that exists is not
    /// overwritten: the key in it may be the only one.
    pub fn save(&self, at: &KeyFile, name: &str, guard: Option<(&Passphrase, Cost)>) -> Result<()> {
        if at.secret().exists() {
            return Err(Error::Refused(say::key_exists(at.secret().display())));
        }
        if guard.is_some_and(|(words, _)| !words.is_long_enough()) {
            return Err(Error::Usage(say::passphrase_short(SHORTEST)));
        }
        let pem = self.to_pem(guard).ok_or_else(|| Error::Machine(say::no_random()))?;
        let secret = at.secret();
        durable::replace_with_mode(&secret, pem.as_bytes(), 0o600).map_err(Error::io(&secret))?;
        let public = Public { name: name.to_owned(), public: self.public(), protected: guard.is_some() };
        public.save(&at.public())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public())
    }
}

/// The public half as it is handed to others: a small JSON file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Public {
    /// Who holds the key, as people call him.
    pub name: String,
    /// The key.
    pub public: PublicKey,
    /// Whether the secret half needs a passphrase.
    #[serde(default)]
    pub protected: bool,
}

impl Public {
    /// Reads a `.pub.json`.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(Error::io(path))?;
        serde_json::from_slice(&bytes)
            .map_err(|e| Error::Refused(say::not_a_public_key(path.display(), e.to_string())))
    }

    fn save(&self, path: &Path) -> Result<()> {
        let mut text =
            serde_json::to_vec_pretty(self).map_err(|e| Error::Machine(say::other(e.to_string())))?;
        text.push(b'\n');
        durable::replace(path, &text).map_err(Error::io(path))
    }
}

/// Where a key lies: `<stem>.pem` and `<stem>.pub.json` in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFile {
    dir: PathBuf,
    stem: String,
}

impl KeyFile {
    /// The key called `stem` in `dir`.
    pub fn new(dir: &Path, stem: &str) -> Self {
        Self { dir: dir.to_owned(), stem: stem.to_owned() }
    }

    /// Its name without folder and ending.
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The file that must stay secret.
    pub fn secret(&self) -> PathBuf {
        self.dir.join(format!("{}.pem", self.stem))
    }

    /// The file that may be given away.
    pub fn public(&self) -> PathBuf {
        self.dir.join(format!("{}.pub.json", self.stem))
    }

    /// All keys of a folder whose secret half is there, by name.
    pub fn all(dir: &Path) -> Result<Vec<(Self, Public)>> {
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(Error::io(dir)(e)),
        };
        let mut out = Vec::new();
        for entry in entries {
            let name = entry.map_err(Error::io(dir))?.file_name();
            if let Some(stem) = name.to_str().and_then(|n| n.strip_suffix(".pem")) {
                let file = Self::new(dir, stem);
                let public = Public::load(&file.public())?;
                out.push((file, public));
            }
        }
        out.sort_by(|a, b| a.0.stem.cmp(&b.0.stem));
        Ok(out)
    }

    /// Opens the key. `words` is asked only if the file is encrypted.
    ///
    /// # Errors
    /// Refused: others may read the file, the passphrase is wrong, or it is no Ed25519 key.
    pub fn open(&self, words: impl FnOnce() -> Result<Passphrase>) -> Result<SecretKey> {
        use std::os::unix::fs::PermissionsExt;
        let path = self.secret();
        let mode = fs::metadata(&path).map_err(Error::io(&path))?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(Error::Refused(say::key_too_open(path.display(), format!("{mode:04o}"))));
        }
        let pem = Zeroizing::new(fs::read_to_string(&path).map_err(Error::io(&path))?);
        let broken = || Error::Refused(say::key_broken(path.display()));
        let (label, document) = SecretDocument::from_pem(&pem).map_err(|_| broken())?;
        let document = match label {
            PLAIN => document,
            ENCRYPTED => {
                let info = EncryptedPrivateKeyInfoRef::from_der(document.as_bytes()).map_err(|_| broken())?;
                if !bearable(&info.encryption_algorithm) {
                    return Err(broken());
                }
                let wrong = |_| Error::Refused(say::passphrase_wrong(path.display()));
                info.decrypt(words()?.bytes()).map_err(wrong)?
            }
            _ => return Err(broken()),
        };
        Ed25519KeyPair::from_pkcs8_maybe_unchecked(document.as_bytes()).map(SecretKey).map_err(|_| broken())
    }
}

/// Whether trying the passphrase costs less than 1 GiB and a few seconds: the file's parameters are not trusted.
fn bearable(scheme: &EncryptionScheme) -> bool {
    let Some(scrypt) = scheme.pbes2().and_then(|p| p.kdf.scrypt()) else {
        return false;
    };
    (2..=1 << 20).contains(&scrypt.cost_parameter) && scrypt.block_size <= 8 && scrypt.parallelization <= 16
}

#[cfg(test)]
mod tests;
