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

/// Letters and digits that nobody mistakes for another, read aloud or written by hand.
const PLAIN: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz-";

/// `groups` groups of four such letters, joined by hyphens: 20 bits (a little less) a group. For first passwords and one-time codes.
///
/// # Errors
/// The system gives no random numbers.
pub fn readable(groups: usize) -> Result<String, Fail> {
    let mut letters = String::new();
    while letters.len() < groups * 4 {
        let [byte] = random::<1>()?;
        // The 32nd, a hyphen, is thrown away: each of the 31 is as likely as the others.
        match PLAIN[usize::from(byte % 32)] {
            b'-' => {}
            letter => letters.push(char::from(letter)),
        }
    }
    let mut out = String::new();
    for (n, letter) in letters.chars().enumerate() {
        if n > 0 && n % 4 == 0 {
            out.push('-');
        }
        out.push(letter);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_copy_by_hand_has_no_look_alikes_and_never_comes_twice() {
        let all: std::collections::BTreeSet<_> = (0..200).map(|_| readable(4).unwrap()).collect();
        assert_eq!(all.len(), 200);
        assert!(
            all.iter().all(|code| code.len() == 19 && !code.contains(['0', 'o', '1', 'l', 'i'])),
            "{all:?}"
        );
    }
}
