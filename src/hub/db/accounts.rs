//! Accounts, and who is locked out.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;

use super::{Db, Result, micros, reading, writing};

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
    /// The password is a first one, seen by an admin, and opens until then, microseconds.
    pub first_until: Option<i64>,
}

/// The account of this login, a closed one too.
///
/// # Errors
/// The database.
pub async fn get(db: &Db, login: &str) -> Result<Option<Account>> {
    Ok(reading!(db, pool => {
        sqlx::query_as("SELECT login, name, role, area, password, closed_at, first_until FROM account WHERE login = $1")
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
        sqlx::query_as("SELECT login, name, role, area, password, closed_at, first_until FROM account ORDER BY login")
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
            "INSERT INTO account (login, name, role, area, password, made_at, first_until) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (login) DO NOTHING",
        )
        .bind(&account.login)
        .bind(&account.name)
        .bind(&account.role)
        .bind(&account.area)
        .bind(&account.password)
        .bind(micros(now))
        .bind(account.first_until)
        .execute(&mut *tx)
        .await?
        .rows_affected()
    });
    Ok(made == 1)
}

/// Another password; every session of the account ends, and its lock-out too. `first_until`: it is a first one.
///
/// # Errors
/// The database.
pub async fn set_password(db: &Db, login: &str, password: &str, first_until: Option<i64>) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("UPDATE account SET password = $1, first_until = $2 WHERE login = $3")
            .bind(password)
            .bind(first_until)
            .bind(login)
            .execute(&mut *tx)
            .await?;
        sqlx::query("DELETE FROM login_session WHERE login = $1").bind(login).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM attempt WHERE who = $1")
            .bind(format!("login {login}"))
            .execute(&mut *tx)
            .await?;
    });
    Ok(())
}

/// Another name, role and area.
///
/// # Errors
/// The database; an area that does not exist is refused by it.
pub async fn change(db: &Db, login: &str, name: &str, role: &str, area: &str) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("UPDATE account SET name = $1, role = $2, area = $3 WHERE login = $4")
            .bind(name)
            .bind(role)
            .bind(area)
            .bind(login)
            .execute(&mut *tx)
            .await?;
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
