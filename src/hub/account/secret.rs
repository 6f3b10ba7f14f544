//! Random secrets that go to one person, of which only the hash is kept.

use aws_lc_rs::rand;

use crate::{digest::Digest, hub::Fail};

/// Bytes of a session's or a token's secret.
const LENGTH: usize = 32;

/// `N` random bytes.
///
/// # Errors
/// The system gives none.
pub fn random<const N: usize>() -> Result<[u8; N], Fail> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| Fail::machine("the system gives no random numbers"))?;
    Ok(bytes)
}

/// A new secret as its holder keeps it, and the hash that the hub keeps.
///
/// # Errors
/// The system gives no random numbers.
pub fn new() -> Result<(String, Digest), Fail> {
    let secret = hex::encode(random::<LENGTH>()?);
    let hash = hash(&secret);
    Ok((secret, hash))
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> Digest {
    Digest::of(secret.as_bytes())
}
