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

/// What is asked of the audit log. An empty text asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Whose deeds.
    pub login: String,
    /// Which.
    pub what: String,
    /// From when, microseconds, included.
    pub from: i64,
    /// To when, microseconds, excluded.
    pub to: i64,
}

/// A deed, and where it stands in the list.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Row {
    /// Its id.
    pub id: Vec<u8>,
    /// The deed.
    #[sqlx(flatten)]
    pub deed: Deed,
}

/// The newest `limit` deeds within `top`, those before (`at`, `id`).
///
/// # Errors
/// The database.
pub async fn page(db: &Db, top: &str, filter: &Filter, before: (i64, &[u8]), limit: i64) -> Result<Vec<Row>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "WITH RECURSIVE below (id) AS (SELECT id FROM area WHERE id = $1 \
             UNION SELECT a.id FROM area a JOIN below b ON a.parent = b.id) \
             SELECT id, at, login, address, area, what, detail FROM audit \
             WHERE at >= $2 AND at < $3 AND (at < $4 OR (at = $5 AND id < $6)) \
             AND ($7 = '' OR login = $8) AND ($9 = '' OR what = $10) \
             AND area IN (SELECT id FROM below) ORDER BY at DESC, id DESC LIMIT $11",
        )
        .bind(top)
        .bind(filter.from)
        .bind(filter.to)
        .bind(before.0)
        .bind(before.0)
        .bind(before.1)
        .bind(&filter.login)
        .bind(&filter.login)
        .bind(&filter.what)
        .bind(&filter.what)
        .bind(limit)
        .fetch_all(pool)
        .await?
    }))
}
