//! Metadata by hand, on the public types of `tough`: build, sign, count signatures by public key.

use std::{
    collections::{BTreeSet, HashMap},
    num::NonZeroU64,
};

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use tough::schema::{
    Delegations, Hashes, Metafile, Role, RoleKeys, RoleType, Root, Signature, Signed, Target, Targets,
    decoded::{Decoded, Hex},
    key::{Ed25519Key, Ed25519Scheme, Key},
};

use super::{
    Error, Result,
    keys::{PublicKey, SecretKey},
    people::People,
};
use crate::{digest::Digest, text::office as say};

/// The version of the TUF specification that the metadata names.
pub const SPEC: &str = "1.0.34";
/// Key ids and keys, as they stand in root and in delegations.
pub type KeyMap = HashMap<Decoded<Hex>, Key>;

/// Whole seconds of `at`, as metadata writes it.
pub fn stamp(at: DateTime<Utc>) -> Result<jiff::Timestamp> {
    jiff::Timestamp::from_second(at.timestamp()).map_err(|e| Error::Machine(say::other(e.to_string())))
}

/// `expires` as the rest of loaxa counts time.
pub fn instant(at: jiff::Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp(at.as_second(), 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// `days` after `now`, for `expires`.
pub fn in_days(now: DateTime<Utc>, days: u64) -> Result<jiff::Timestamp> {
    stamp(now + chrono::TimeDelta::days(days as i64))
}

/// A version from a number that is at least 1.
pub fn version(n: u64) -> NonZeroU64 {
    NonZeroU64::new(n).unwrap_or(NonZeroU64::MIN)
}

/// The public key as TUF writes it.
pub fn tuf_key(key: &PublicKey) -> Key {
    let keyval = Ed25519Key { public: key.0.to_vec().into(), _extra: HashMap::new() };
    Key::Ed25519 { keyval, scheme: Ed25519Scheme::Ed25519, _extra: HashMap::new() }
}

/// The raw key, if it is an Ed25519 one without further fields (those would give one key a second id).
pub fn raw_key(key: &Key) -> Option<PublicKey> {
    match key {
        Key::Ed25519 { keyval, _extra, .. } if _extra.is_empty() && keyval._extra.is_empty() => {
            Some(PublicKey(keyval.public.as_ref().try_into().ok()?))
        }
        _ => None,
    }
}

/// TUF's id of a key.
pub fn key_id(key: &PublicKey) -> Result<Decoded<Hex>> {
    tuf_key(key).key_id().map_err(|e| Error::Machine(say::other(e.to_string())))
}

/// A map of these keys by id.
pub fn key_map<'a>(keys: impl IntoIterator<Item = &'a PublicKey>) -> Result<KeyMap> {
    keys.into_iter().map(|k| Ok((key_id(k)?, tuf_key(k)))).collect()
}

/// Who may sign a role, and how many must.
pub fn role_keys<'a>(keys: impl IntoIterator<Item = &'a PublicKey>, threshold: u64) -> Result<RoleKeys> {
    let keyids = keys.into_iter().map(key_id).collect::<Result<_>>()?;
    Ok(RoleKeys { keyids, threshold: version(threshold), _extra: HashMap::new() })
}

/// The bytes that are signed.
pub fn canonical<T: Role>(signed: &T) -> Result<Vec<u8>> {
    signed.canonical_form().map_err(|e| Error::Machine(say::other(e.to_string())))
}

/// Adds the signature of `key`, in place of an older one by it.
pub fn sign<T: Role>(role: &mut Signed<T>, key: &SecretKey) -> Result<()> {
    let keyid = key_id(&key.public())?;
    let sig = key.sign(&canonical(&role.signed)?).into();
    role.signatures.retain(|s| s.keyid != keyid);
    role.signatures.push(Signature { keyid, sig });
    Ok(())
}

/// Signs with each of `keys`.
pub fn signed_by<'a, T: Role>(signed: T, keys: impl IntoIterator<Item = &'a SecretKey>) -> Result<Signed<T>> {
    let mut role = Signed { signed, signatures: Vec::new() };
    for key in keys {
        sign(&mut role, key)?;
    }
    Ok(role)
}

/// Who may sign: the keys that a delegator names for one role, with the threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The keys, each once.
    pub keys: BTreeSet<PublicKey>,
    /// How many of them must sign.
    pub threshold: u64,
    /// Keys of other kinds, which loaxa never makes. Stations would count them, so a person must see them.
    pub other: usize,
}

impl Authority {
    /// For a top-level role.
    pub fn in_root(root: &Root, role: RoleType) -> Option<Self> {
        root.roles.get(&role).map(|keys| Self::new(&root.keys, &keys.keyids, keys.threshold.get()))
    }

    /// For a delegated role.
    pub fn in_targets(targets: &Targets, role: &str) -> Option<Self> {
        let delegations = targets.delegations.as_ref()?;
        let found = delegations.roles.iter().find(|r| r.name == role)?;
        Some(Self::new(&delegations.keys, &found.keyids, found.threshold.get()))
    }

    fn new(keys: &KeyMap, ids: &[Decoded<Hex>], threshold: u64) -> Self {
        let raw: Vec<_> = ids.iter().filter_map(|id| raw_key(keys.get(id)?)).collect();
        let other = ids.len() - raw.len();
        Self { keys: raw.into_iter().collect(), threshold, other }
    }

    /// Those whose signature on `role` is good. One key counts once, under however many ids.
    pub fn signers<T: Role>(&self, role: &Signed<T>) -> Result<BTreeSet<PublicKey>> {
        let bytes = canonical(&role.signed)?;
        let good = |key: &&PublicKey| role.signatures.iter().any(|s| key.verifies(&bytes, &s.sig));
        Ok(self.keys.iter().filter(good).copied().collect())
    }

    /// How many people must still sign. Two keys of one person are one signature: names count, as they do at the gates.
    pub fn missing<T: Role>(&self, role: &Signed<T>, people: &People) -> Result<u64> {
        let signers = self.signers(role)?;
        let names: BTreeSet<_> = signers.iter().map(|key| people.name(key).ok_or(key)).collect();
        Ok(self.threshold.saturating_sub(names.len() as u64))
    }

    /// Whether enough of them signed.
    pub fn is_met_by<T: Role>(&self, role: &Signed<T>) -> Result<bool> {
        Ok(self.signers(role)?.len() as u64 >= self.threshold)
    }
}

/// All names of the roles that `targets` delegates, in order.
pub fn delegated(targets: &Targets) -> impl Iterator<Item = &str> {
    targets.delegations.iter().flat_map(|d: &Delegations| &d.roles).map(|r| r.name.as_str())
}

/// The JSON file of a signed object: keys sorted, one trailing newline. What is signed is the canonical form, not this.
pub fn to_json<T: Serialize>(role: &T) -> Result<Vec<u8>> {
    let fail = |e: serde_json::Error| Error::Machine(say::other(e.to_string()));
    let mut bytes = serde_json::to_vec(&serde_json::to_value(role).map_err(fail)?).map_err(fail)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a metadata file; `name` is for the message.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8], name: &str) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|e| Error::Refused(say::metadata_unreadable(name, &e)))
}

/// What a target is: length and hash, with the signed description.
pub fn target(length: u64, sha256: &Digest, custom: HashMap<String, serde_json::Value>) -> Target {
    Target { length, hashes: hashes(sha256), custom, _extra: HashMap::new() }
}

/// The hash that a target's content must have.
pub fn target_digest(target: &Target) -> Option<Digest> {
    Some(Digest(target.hashes.sha256.as_ref().try_into().ok()?))
}

/// How a file of metadata is named in snapshot and timestamp.
pub fn metafile(version: NonZeroU64, bytes: &[u8]) -> Metafile {
    let hashes = Some(hashes(&Digest::of(bytes)));
    Metafile { length: Some(bytes.len() as u64), hashes, version, _extra: HashMap::new() }
}

fn hashes(sha256: &Digest) -> Hashes {
    Hashes { sha256: sha256.0.to_vec().into(), _extra: HashMap::new() }
}
