//! Logging in: passwords (argon2id), sessions kept in the database, lock-out of whoever guesses.
//!
//! A login takes the same time whether the account exists or not. After a few wrong passwords a login waits, and so does
//! an address; both waits are in the database, so that they hold for all hubs and over a restart.

pub mod bucket;
pub mod lockout;
pub mod login;
pub mod password;
pub mod secret;
