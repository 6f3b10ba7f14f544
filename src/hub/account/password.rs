//! Passwords: argon2id (RFC 9106) with the crate's defaults, 19 MiB and two passes, as OWASP asks of a login page.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::hub::Fail;

/// The fewest and the most letters of a password.
pub const LETTERS: std::ops::RangeInclusive<usize> = 10..=200;

/// Of no account: verified when a login is unknown, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$\
                      4cC2P7TNoPjYJ5ZC6PjK3zp0u9RXC6XnVgRmkJGkTSk";

/// The PHC string to keep.
///
/// # Errors
/// The system gives no random numbers.
pub fn hash(password: &str) -> Result<String, Fail> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(Fail::machine)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one of `kept`; none: of an unknown login, never.
pub fn is_right(password: &str, kept: Option<&str>) -> bool {
    let parsed = PasswordHash::new(kept.unwrap_or(NOBODY));
    let right =
        parsed.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    right && kept.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_opens_and_nobody_has_none() {
        let kept = hash("một mật khẩu đủ dài").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_right("một mật khẩu đủ dài", Some(&kept)));
        assert!(!is_right("một mật khẩu đủ dai", Some(&kept)));
        assert!(!is_right("nobody-nobody", None));
        assert!(PasswordHash::new(NOBODY).is_ok(), "an unknown login costs as much as a known one");
    }
}
