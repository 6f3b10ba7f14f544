//! Accounts, their sessions, their tokens, and who is locked out.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;

use super::{Db, Result, micros, reading, writing};
use crate::digest::Digest;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Account {
    /// What its holder types.
    pub login: String,
    /// What people call the holder.
    pub name: String,
    /// The word of a [`crate::hub::rule::Role`].
    pub role: String,
    /// The area that it is for: it sees this and what is below.
    pub area: String,
    /// PHC string of the password's argon2id hash.
    pub password: String,
    /// When it was closed, microseconds.
    pub closed_at: Option<i64>,
}

/// The account of this login, a closed one too.
///
/// # Errors
/// The database.
pub async fn get(db: &Db, login: &str) -> Result<Option<Account>> {
    Ok(reading!(db, pool => {
        sqlx::query_as("SELECT login, name, role, area, password, closed_at FROM account WHERE login = $1")
            .bind(login)
            .fetch_optional(pool)
            .await?
    }))
}

/// All, by login.
///
/// # Errors
/// The database.
pub async fn all(db: &Db) -> Result<Vec<Account>> {
    Ok(reading!(db, pool => {
        sqlx::query_as("SELECT login, name, role, area, password, closed_at FROM account ORDER BY login")
            .fetch_all(pool)
            .await?
    }))
}

/// Makes one; false when the login is taken.
///
/// # Errors
/// The database.
pub async fn make(db: &Db, account: &Account, now: DateTime<Utc>) -> Result<bool> {
    let made = writing!(db, tx => {
        sqlx::query(
            "INSERT INTO account (login, name, role, area, password, made_at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (login) DO NOTHING",
        )
        .bind(&account.login)
        .bind(&account.name)
        .bind(&account.role)
        .bind(&account.area)
        .bind(&account.password)
        .bind(micros(now))
        .execute(&mut *tx)
        .await?
        .rows_affected()
    });
    Ok(made == 1)
}

/// Another password; every session of the account ends.
///
/// # Errors
/// The database.
pub async fn set_password(db: &Db, login: &str, password: &str) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("UPDATE account SET password = $1 WHERE login = $2")
            .bind(password)
            .bind(login)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM login_session WHERE login = $1").bind(login).execute(&mut *tx).await?;
    });
    Ok(())
}

/// Closes an account, its sessions and its tokens. It is never deleted: the audit log names it.
///
/// # Errors
/// The database.
pub async fn close(db: &Db, login: &str, now: DateTime<Utc>) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("UPDATE account SET closed_at = $1 WHERE login = $2 AND closed_at IS NULL")
            .bind(micros(now))
            .bind(login)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM login_session WHERE login = $1").bind(login).execute(&mut *tx).await?;
        sqlx::query("UPDATE token SET closed_at = $1 WHERE login = $2 AND closed_at IS NULL")
            .bind(micros(now))
            .bind(login)
            .execute(&mut *tx)
            .await?;
    });
    Ok(())
}

/// Begins a session; `id` is the hash of what the cookie holds.
///
/// # Errors
/// The database.
pub async fn begin_session(
    db: &Db,
    id: &Digest,
    login: &str,
    now: DateTime<Utc>,
    lasts: TimeDelta,
) -> Result<()> {
    writing!(db, tx => {
        // Those that are over go when somebody comes.
        sqlx::query("DELETE FROM login_session WHERE until_at < $1").bind(micros(now)).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO login_session (id, login, made_at, seen_at, until_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(id.0.as_slice())
        .bind(login)
        .bind(micros(now))
        .bind(micros(now))
        .bind(micros(now + lasts))
        .execute(&mut *tx)
        .await?;
    });
    Ok(())
}

/// The open account whose session this is.
///
/// # Errors
/// The database.
pub async fn by_session(db: &Db, id: &Digest, now: DateTime<Utc>) -> Result<Option<Account>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT a.login, a.name, a.role, a.area, a.password, a.closed_at FROM login_session s \
             JOIN account a ON a.login = s.login WHERE s.id = $1 AND s.until_at > $2 AND a.closed_at IS NULL",
        )
        .bind(id.0.as_slice())
        .bind(micros(now))
        .fetch_optional(pool)
        .await?
    }))
}

/// Ends a session.
///
/// # Errors
/// The database.
pub async fn end_session(db: &Db, id: &Digest) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("DELETE FROM login_session WHERE id = $1").bind(id.0.as_slice()).execute(&mut *tx).await?;
    });
    Ok(())
}

/// The open account whose token this is.
///
/// # Errors
/// The database.
pub async fn by_token(db: &Db, id: &Digest) -> Result<Option<Account>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT a.login, a.name, a.role, a.area, a.password, a.closed_at FROM token t \
             JOIN account a ON a.login = t.login WHERE t.id = $1 AND t.closed_at IS NULL AND a.closed_at IS NULL",
        )
        .bind(id.0.as_slice())
        .fetch_optional(pool)
        .await?
    }))
}

/// Makes a token for an account.
///
/// # Errors
/// The database.
pub async fn make_token(db: &Db, id: &Digest, login: &str, title: &str, now: DateTime<Utc>) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("INSERT INTO token (id, login, title, made_at) VALUES ($1, $2, $3, $4)")
            .bind(id.0.as_slice())
            .bind(login)
            .bind(title)
            .bind(micros(now))
            .execute(&mut *tx)
            .await?;
    });
    Ok(())
}

/// Until when `who` (a login or an address) is locked out, microseconds; 0 when it never failed.
///
/// # Errors
/// The database.
pub async fn locked_until(db: &Db, who: &str) -> Result<i64> {
    let found: Option<(i64,)> = reading!(db, pool => {
        sqlx::query_as("SELECT locked_until FROM attempt WHERE who = $1").bind(who).fetch_optional(pool).await?
    });
    Ok(found.map_or(0, |row| row.0))
}

/// Counts a wrong password of `who`; `lock` says from the new count until when, microseconds, it is locked.
/// A failure longer ago than `forget` no longer counts.
///
/// # Errors
/// The database.
pub async fn failed(
    db: &Db,
    who: &str,
    now: DateTime<Utc>,
    forget: TimeDelta,
    lock: impl Fn(i64) -> i64,
) -> Result<()> {
    writing!(db, tx => {
        let held: Option<(i64, i64)> = sqlx::query_as("SELECT failures, last_at FROM attempt WHERE who = $1")
            .bind(who)
            .fetch_optional(&mut *tx)
            .await?;
        let before = held.filter(|(_, last)| *last > micros(now - forget)).map_or(0, |(failures, _)| failures);
        sqlx::query(
            "INSERT INTO attempt (who, failures, last_at, locked_until) VALUES ($1, $2, $3, $4) ON CONFLICT (who) \
             DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at, \
             locked_until = excluded.locked_until",
        )
        .bind(who)
        .bind(before + 1)
        .bind(micros(now))
        .bind(lock(before + 1))
        .execute(&mut *tx)
        .await?;
    });
    Ok(())
}

/// A right password: the failures of `who` are forgotten.
///
/// # Errors
/// The database.
pub async fn succeeded(db: &Db, who: &str) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("DELETE FROM attempt WHERE who = $1").bind(who).execute(&mut *tx).await?;
    });
    Ok(())
}
