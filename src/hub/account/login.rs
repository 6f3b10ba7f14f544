//! One attempt to log in.

use chrono::TimeDelta;

use super::{
    lockout::{self, Of},
    password, secret,
};
use crate::{
    hub::{
        Fail, Hub,
        db::{accounts, micros, sessions},
    },
    text::hub as say,
};

/// How long a session lasts at most: a working day.
pub const LASTS: TimeDelta = TimeDelta::hours(12);
/// A session that is not used for so long is over.
pub const IDLE: TimeDelta = TimeDelta::hours(2);
/// How exactly its last use is known.
pub const LOOK: TimeDelta = TimeDelta::minutes(5);

/// Logs in from `address`; the secret of the new session.
///
/// # Errors
/// Refused: wrong login or password (which of them is not said), a first password that waited too long, or locked out.
pub async fn login(hub: &Hub, login: &str, password: &str, address: &str) -> Result<String, Fail> {
    let now = hub.now();
    let (by_login, by_address) = (format!("login {login}"), format!("address {address}"));
    for who in [&by_login, &by_address] {
        let until = accounts::locked_until(&hub.db, who).await?;
        if until > micros(now) {
            let seconds = (until - micros(now)).div_euclid(1_000_000) + 1;
            return Err(Fail::Slow(say::locked_out(seconds)));
        }
    }
    let account = accounts::get(&hub.db, login).await?.filter(|a| a.closed_at.is_none());
    // A first password that nobody used in time opens nothing any more.
    let account = account.filter(|a| a.first_until.is_none_or(|until| until > micros(now)));
    let (typed, kept) = (password.to_owned(), account.map(|a| a.password));
    // A hash takes tens of milliseconds of a core: not on the threads that serve.
    let right = tokio::task::spawn_blocking(move || password::is_right(&typed, kept.as_deref())).await;
    if !right.map_err(Fail::machine)? {
        for (who, of) in [(&by_login, Of::Login), (&by_address, Of::Address)] {
            let lock = |failures| micros(now + lockout::wait(of, failures));
            accounts::failed(&hub.db, who, now, lockout::FORGET, lock).await?;
        }
        return Err(Fail::Refused(say::wrong_password()));
    }
    accounts::succeeded(&hub.db, &by_login).await?;
    let (cookie, id) = secret::new()?;
    sessions::begin_session(&hub.db, &id, login, now, LASTS).await?;
    Ok(cookie)
}
