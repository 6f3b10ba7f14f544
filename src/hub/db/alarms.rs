//! Alarms about logs: raised once, kept for ever, seen by people.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{Db, Result, micros, reading, writing};

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Alarm {
    /// Its id.
    pub id: Vec<u8>,
    /// When it was raised, microseconds.
    pub at: i64,
    /// A word of [`crate::hub::station::alarm::Kind`].
    pub kind: String,
    /// Whose log.
    pub station: String,
    /// Where the station belonged then.
    pub commune: String,
    /// What was seen, JSON.
    pub detail: String,
    /// Who has seen it; empty while nobody has.
    pub seen_by: String,
    /// When, microseconds.
    pub seen_at: Option<i64>,
}

/// What is to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New<'a> {
    /// Its kind's word.
    pub kind: &'a str,
    /// Whose log.
    pub station: &'a str,
    /// Where the station belongs.
    pub commune: &'a str,
    /// What was seen, JSON; the same words for the same thing, so that it is raised once.
    pub detail: &'a str,
}

/// Raises an alarm; false when the same one stands and nobody has seen it yet.
///
/// # Errors
/// The database.
pub async fn raise(db: &Db, id: [u8; 16], now: DateTime<Utc>, new: &New<'_>) -> Result<bool> {
    Ok(writing!(db, tx => {
        let stands: Option<(i64,)> = sqlx::query_as(
            "SELECT at FROM alarm WHERE station = $1 AND kind = $2 AND detail = $3 AND seen_at IS NULL LIMIT 1",
        )
        .bind(new.station)
        .bind(new.kind)
        .bind(new.detail)
        .fetch_optional(&mut *tx)
        .await?;
        if stands.is_some() {
            false
        } else {
            sqlx::query(
                "INSERT INTO alarm (id, at, kind, station, commune, detail, seen_by) \
                 VALUES ($1, $2, $3, $4, $5, $6, '')",
            )
            .bind(id.as_slice())
            .bind(micros(now))
            .bind(new.kind)
            .bind(new.station)
            .bind(new.commune)
            .bind(new.detail)
            .execute(&mut *tx)
            .await?;
            true
        }
    }))
}

/// Whether a station has an alarm that nobody has seen yet.
///
/// # Errors
/// The database.
pub async fn stands(db: &Db, station: &str) -> Result<bool> {
    let found: Option<(i64,)> = reading!(db, pool => {
        sqlx::query_as("SELECT at FROM alarm WHERE station = $1 AND seen_at IS NULL \
             AND kind NOT IN ('silent', 'back', 'stale', 'urgent') LIMIT 1")
            .bind(station)
            .fetch_optional(pool)
            .await?
    });
    Ok(found.is_some())
}

/// The newest `limit` that were raised before `before`.
///
/// # Errors
/// The database.
pub async fn newest(db: &Db, before: i64, limit: i64) -> Result<Vec<Alarm>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT id, at, kind, station, commune, detail, seen_by, seen_at FROM alarm WHERE at < $1 \
             ORDER BY at DESC, id DESC LIMIT $2",
        )
        .bind(before)
        .bind(limit)
        .fetch_all(pool)
        .await?
    }))
}

/// Somebody has seen it; the first one counts.
///
/// # Errors
/// The database.
pub async fn see(db: &Db, id: &[u8], login: &str, now: DateTime<Utc>) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("UPDATE alarm SET seen_by = $1, seen_at = $2 WHERE id = $3 AND seen_at IS NULL")
            .bind(login)
            .bind(micros(now))
            .bind(id)
            .execute(&mut *tx)
            .await?;
    });
    Ok(())
}
