//! What opens the hub: sessions of browsers and tokens of programs. Only their hashes are kept.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;

use super::{Db, Result, accounts::Account, micros, reading, writing};
use crate::digest::Digest;

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

/// The open account whose session this is; none once it was unused for longer than `idle`.
///
/// # Errors
/// The database.
pub async fn by_session(
    db: &Db,
    id: &Digest,
    now: DateTime<Utc>,
    idle: TimeDelta,
) -> Result<Option<Account>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT a.login, a.name, a.role, a.area, a.password, a.closed_at, a.first_until FROM login_session s \
             JOIN account a ON a.login = s.login WHERE s.id = $1 AND s.until_at > $2 AND s.seen_at > $3 AND a.closed_at IS NULL",
        )
        .bind(id.0.as_slice())
        .bind(micros(now))
        .bind(micros(now - idle))
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
            "SELECT a.login, a.name, a.role, a.area, a.password, a.closed_at, a.first_until FROM token t \
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

/// A session, as its holder sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Session {
    /// The hash of what its cookie holds.
    pub id: Vec<u8>,
    /// When it began, microseconds.
    pub made_at: i64,
    /// When it was last used, within a few minutes.
    pub seen_at: i64,
    /// When it ends at the latest.
    pub until_at: i64,
}

/// The sessions of `login` that still open something, the newest first.
///
/// # Errors
/// The database.
pub async fn sessions(db: &Db, login: &str, now: DateTime<Utc>, idle: TimeDelta) -> Result<Vec<Session>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT id, made_at, seen_at, until_at FROM login_session \
             WHERE login = $1 AND until_at > $2 AND seen_at > $3 ORDER BY made_at DESC, id",
        )
        .bind(login)
        .bind(micros(now))
        .bind(micros(now - idle))
        .fetch_all(pool)
        .await?
    }))
}

/// Notes that a session was used now.
///
/// # Errors
/// The database.
pub async fn touch(db: &Db, id: &Digest, now: DateTime<Utc>, every: TimeDelta) -> Result<()> {
    // Most requests write nothing: a look of the same few minutes is already noted.
    let due: Option<(i64,)> = reading!(db, pool => {
        sqlx::query_as("SELECT seen_at FROM login_session WHERE id = $1 AND seen_at <= $2")
            .bind(id.0.as_slice())
            .bind(micros(now - every))
            .fetch_optional(pool)
            .await?
    });
    if due.is_some() {
        writing!(db, tx => {
            sqlx::query("UPDATE login_session SET seen_at = $1 WHERE id = $2")
                .bind(micros(now))
                .bind(id.0.as_slice())
                .execute(&mut *tx)
                .await?;
        });
    }
    Ok(())
}

/// Ends a session of `login`; false when it has no such one.
///
/// # Errors
/// The database.
pub async fn end_of(db: &Db, login: &str, id: &Digest) -> Result<bool> {
    let ended = writing!(db, tx => {
        sqlx::query("DELETE FROM login_session WHERE id = $1 AND login = $2")
            .bind(id.0.as_slice())
            .bind(login)
            .execute(&mut *tx)
            .await?
            .rows_affected()
    });
    Ok(ended == 1)
}

/// A token, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Token {
    /// The hash of what its holder keeps.
    pub id: Vec<u8>,
    /// Whose.
    pub login: String,
    /// What for.
    pub title: String,
    /// When it was made, microseconds.
    pub made_at: i64,
    /// When it was last used, within an hour.
    pub used_at: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<i64>,
}

/// The tokens of `login`, the newest first.
///
/// # Errors
/// The database.
pub async fn tokens(db: &Db, login: &str) -> Result<Vec<Token>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT id, login, title, made_at, used_at, closed_at FROM token WHERE login = $1 \
             ORDER BY made_at DESC, id",
        )
        .bind(login)
        .fetch_all(pool)
        .await?
    }))
}

/// Closes a token of `login`; false when it has no such open one.
///
/// # Errors
/// The database.
pub async fn close_token(db: &Db, login: &str, id: &Digest, now: DateTime<Utc>) -> Result<bool> {
    let closed = writing!(db, tx => {
        sqlx::query("UPDATE token SET closed_at = $1 WHERE id = $2 AND login = $3 AND closed_at IS NULL")
            .bind(micros(now))
            .bind(id.0.as_slice())
            .bind(login)
            .execute(&mut *tx)
            .await?
            .rows_affected()
    });
    Ok(closed == 1)
}

/// Notes that a token was used, at most once in `every`.
///
/// # Errors
/// The database.
pub async fn touch_token(db: &Db, id: &Digest, now: DateTime<Utc>, every: TimeDelta) -> Result<()> {
    let due: Option<(i64,)> = reading!(db, pool => {
        sqlx::query_as("SELECT made_at FROM token WHERE id = $1 AND (used_at IS NULL OR used_at <= $2)")
            .bind(id.0.as_slice())
            .bind(micros(now - every))
            .fetch_optional(pool)
            .await?
    });
    if due.is_some() {
        writing!(db, tx => {
            sqlx::query("UPDATE token SET used_at = $1 WHERE id = $2")
                .bind(micros(now))
                .bind(id.0.as_slice())
                .execute(&mut *tx)
                .await?;
        });
    }
    Ok(())
}
