//! What people did here, one row a deed. Rows are only ever added.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{Db, Result, micros, reading, writing};

/// A deed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Deed {
    /// When, microseconds.
    pub at: i64,
    /// Who.
    pub login: String,
    /// From which address.
    pub address: String,
    /// The area that it concerned.
    pub area: String,
    /// A word: `login`, `account-made`, …
    pub what: String,
    /// On what: never a secret.
    pub detail: String,
}

/// Adds one.
///
/// # Errors
/// The database.
pub async fn add(db: &Db, id: [u8; 16], at: DateTime<Utc>, deed: &Deed) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("INSERT INTO audit (id, at, login, address, area, what, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)")
            .bind(id.as_slice())
            .bind(micros(at))
            .bind(&deed.login)
            .bind(&deed.address)
            .bind(&deed.area)
            .bind(&deed.what)
            .bind(&deed.detail)
            .execute(&mut *tx)
            .await?;
    });
    Ok(())
}

/// The newest `limit`, those before `before` first.
///
/// # Errors
/// The database.
pub async fn newest(db: &Db, before: i64, limit: i64) -> Result<Vec<Deed>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT at, login, address, area, what, detail FROM audit WHERE at < $1 ORDER BY at DESC, id DESC LIMIT $2",
        )
        .bind(before)
        .bind(limit)
        .fetch_all(pool)
        .await?
    }))
}
