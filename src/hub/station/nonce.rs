//! Nonces that the hub need not remember: when it is over, and an HMAC that only the hub can make. Pure.

use aws_lc_rs::hmac;

use crate::digest::Digest;

/// A nonce is good for so long, in seconds.
pub const LASTS: i64 = 3600;

/// Makes and recognises nonces.
pub struct Nonces(hmac::Key);

impl std::fmt::Debug for Nonces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nonces")
    }
}

impl Nonces {
    /// By the hub's secret.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// A nonce for a log; `now` in seconds since 1970.
    pub fn make(&self, log: &Digest, now: i64) -> String {
        let until = now + LASTS;
        let tag = hmac::sign(&self.0, text(log, until).as_bytes());
        format!("{until:x}.{}", hex::encode(tag.as_ref()))
    }

    /// Whether it was made here for this log, and is not over.
    pub fn is_good(&self, nonce: &str, log: &Digest, now: i64) -> bool {
        let Some((until, tag)) = nonce.split_once('.') else { return false };
        let (Ok(until), Ok(tag)) = (i64::from_str_radix(until, 16), hex::decode(tag)) else { return false };
        hmac::verify(&self.0, text(log, until).as_bytes(), &tag).is_ok()
            && now < until
            && until <= now + LASTS
    }
}

fn text(log: &Digest, until: i64) -> String {
    format!("loaxa nonce 1\n{log}\n{until}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_for_one_log_and_for_an_hour() {
        let (nonces, other) = (Nonces::new(&[1; 32]), Nonces::new(&[2; 32]));
        let (log, another) = (Digest::of(b"a"), Digest::of(b"b"));
        let nonce = nonces.make(&log, 1_000_000);
        assert!(nonces.is_good(&nonce, &log, 1_000_000) && nonces.is_good(&nonce, &log, 1_003_599));
        assert!(!nonces.is_good(&nonce, &log, 1_003_600), "it is over");
        assert!(!nonces.is_good(&nonce, &log, 999_000), "the hub's clock went back: ask anew");
        assert!(!nonces.is_good(&nonce, &another, 1_000_000));
        assert!(!other.is_good(&nonce, &log, 1_000_000));
        for bad in ["", ".", "ff", "ff.", "zz.00", &nonce.replace('.', "0."), &nonce[..nonce.len() - 2]] {
            assert!(!nonces.is_good(bad, &log, 1_000_000), "{bad}");
        }
    }
}
