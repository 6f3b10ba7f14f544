//! One file of metadata, and whether those who may sign it did. Pure. Clauses are those of TUF 1.0.34.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Debug,
};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use tough::schema::{
    DelegatedRole, Delegations, Metafile, Role, Root, Signed, Target, Targets,
    decoded::{Decoded, Hex},
    key::Key,
};

use super::refusal::{Refusal, Why};
use crate::{
    digest::Digest,
    text::{Text, feed as say, machine::json},
};

/// What identifies a person: the raw public key. A key id is not enough, since an extra field gives one key a second id.
pub type Signers = BTreeSet<Vec<u8>>;

/// Reads metadata of the type `T`. `what` names it in refusals.
///
/// `_type` must be the role's (§4.3 to §4.6): without that check, a snapshot could pass for a timestamp. The major
/// version of the specification must be 1 (§4.3, SPEC_VERSION).
pub fn parse<T: Role + DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<Signed<T>, Refusal> {
    #[derive(Deserialize)]
    struct Envelope {
        signed: Head,
    }
    #[derive(Deserialize)]
    struct Head {
        #[serde(rename = "_type")]
        kind: String,
        spec_version: String,
    }
    let malformed = |detail: Text| Refusal::new(what, Why::Malformed(detail));
    let head = serde_json::from_slice::<Envelope>(bytes).map_err(|e| malformed(json(&e)))?.signed;
    if head.kind != T::TYPE.to_string() {
        return Err(malformed(say::other_type(head.kind)));
    }
    if head.spec_version.split('.').next() != Some("1") {
        return Err(malformed(say::other_spec(head.spec_version)));
    }
    serde_json::from_slice(bytes).map_err(|e| malformed(json(&e)))
}

/// Checks that enough of `root`'s keys for this role signed (§5.3.4, §5.4.2, §5.5.3, §5.6.3); gives those who did.
pub fn by_root<T: Role>(root: &Root, signed: &Signed<T>, what: &str) -> Result<Signers, Refusal> {
    let Some(keys) = root.roles.get(&T::TYPE) else {
        return Err(Refusal::new(what, Why::NotListed));
    };
    let need = keys.threshold.get();
    root.verify_role(signed).map_err(|_| Refusal::new(what, Why::Signatures { need }))?;
    enough(people(&root.keys, &keys.keyids, signed), need, what)
}

/// Checks that enough of the keys that `role` names signed (§5.6.3 for delegated roles); gives those who did.
pub fn by_delegation(
    delegations: &Delegations,
    role: &DelegatedRole,
    signed: &Signed<Targets>,
) -> Result<Signers, Refusal> {
    let need = role.threshold.get();
    let few = |_| Refusal::new(&role.name, Why::Signatures { need });
    delegations.verify_role(signed, &role.name).map_err(few)?;
    enough(people(&delegations.keys, &role.keyids, signed), need, &role.name)
}

fn enough(signers: Signers, need: u64, what: &str) -> Result<Signers, Refusal> {
    if signers.len() as u64 >= need { Ok(signers) } else { Err(Refusal::new(what, Why::Signatures { need })) }
}

/// The distinct public keys among `ids` whose signature on `signed` is good. tough counts key ids, of which one key
/// can have two.
fn people<T: Role>(keys: &HashMap<Decoded<Hex>, Key>, ids: &[Decoded<Hex>], signed: &Signed<T>) -> Signers {
    let Ok(message) = signed.signed.canonical_form() else {
        return Signers::new();
    };
    let good = |id: &Decoded<Hex>, sig: &[u8]| {
        let (algorithm, public) = raw(keys.get(id).filter(|_| ids.contains(id))?);
        UnparsedPublicKey::new(algorithm, public).verify(&message, sig).is_ok().then(|| public.to_vec())
    };
    signed.signatures.iter().filter_map(|s| good(&s.keyid, &s.sig)).collect()
}

/// The algorithm and the raw public key.
fn raw(key: &Key) -> (&'static dyn VerificationAlgorithm, &[u8]) {
    match key {
        Key::Ed25519 { keyval, .. } => (&ED25519, &keyval.public),
        Key::Ecdsa { keyval, .. } | Key::EcdsaOld { keyval, .. } => (&ECDSA_P256_SHA256_ASN1, &keyval.public),
        Key::Rsa { keyval, .. } => (&RSA_PSS_2048_8192_SHA256, &keyval.public),
    }
}

/// The raw public keys that `root` names for `role`.
pub fn keys_of(root: &Root, role: tough::schema::RoleType) -> Signers {
    root.keys(role).map(|key| raw(key).1.to_vec()).collect()
}

/// Checks length and SHA-256 as far as the listing gives them (§5.5.2, §5.6.2).
pub fn listed(what: &str, bytes: &[u8], listing: &Metafile) -> Result<(), Refusal> {
    let length = listing.length.is_none_or(|n| n == bytes.len() as u64);
    let hash = listing.hashes.as_ref().is_none_or(|h| h.sha256.as_ref() == Digest::of(bytes).0);
    if length && hash { Ok(()) } else { Err(Refusal::new(what, Why::Hash)) }
}

/// Checks that the version inside is the one that was asked for (§5.3.5, §5.5.4, §5.6.4).
pub fn version<T: Role>(what: &str, role: &T, listed: u64) -> Result<(), Refusal> {
    let found = role.version().get();
    if found == listed { Ok(()) } else { Err(Refusal::new(what, Why::Version { listed, found })) }
}

/// Checks that the role outlives `start`, the fixed time at which the update began (§5.1, §5.3.10, §5.4.4, §5.5.6, §5.6.5).
pub fn unexpired<T: Role>(what: &str, role: &T, start: DateTime<Utc>) -> Result<(), Refusal> {
    let at = expires(role);
    if at > start { Ok(()) } else { Err(Refusal::new(what, Why::Expired { at })) }
}

/// When the role expires.
pub fn expires<T: Role>(role: &T) -> DateTime<Utc> {
    let at = role.expires();
    let nanos = u32::try_from(at.subsec_nanosecond()).unwrap_or(0);
    DateTime::from_timestamp(at.as_second(), nanos).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// The extra signed field `signed_at` of a role.
pub fn signed_at(extra: &HashMap<String, serde_json::Value>) -> Option<DateTime<Utc>> {
    extra.get("signed_at")?.as_str()?.parse().ok()
}

/// The hash of a target, if it is a SHA-256.
pub fn target_digest(target: &Target) -> Option<Digest> {
    Some(Digest(target.hashes.sha256.as_ref().try_into().ok()?))
}

/// Whole metadata that passed every check of its step.
#[derive(Debug, Clone)]
pub struct Verified<T> {
    /// What was signed.
    pub role: T,
    /// Who signed it, as far as the delegator names them.
    pub signers: Signers,
}
