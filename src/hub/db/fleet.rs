//! Stations as offices keep them: which there are, where they stand, their one-time codes.

use sqlx::FromRow;

use super::{Db, Result, reading, writing};
use crate::digest::Digest;

/// A station.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Station {
    /// Its id, for ever.
    pub id: String,
    /// Where it belongs now.
    pub commune: String,
    /// Words, space-separated.
    pub tags: String,
    /// BCP 47, space-separated.
    pub languages: String,
    /// Where it stands.
    pub place: String,
    /// Whom to call.
    pub contact: String,
    /// The log that the registry names for it.
    pub log: Option<Vec<u8>>,
    /// When it was revoked, microseconds.
    pub revoked_at: Option<i64>,
    /// When its newest heartbeat came.
    pub seen_at: Option<i64>,
    /// What the newest look at it said, see `overview`.
    pub state: String,
    /// Since when.
    pub state_since: i64,
    /// Why nothing more is taken of a log of its; empty while all is well.
    pub stopped: String,
}

/// The stations of `top` and below, by commune and id.
///
/// # Errors
/// The database.
pub async fn within(db: &Db, top: &str) -> Result<Vec<Station>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "WITH RECURSIVE below (id) AS (SELECT id FROM area WHERE id = $1 \
             UNION SELECT a.id FROM area a JOIN below b ON a.parent = b.id) \
             SELECT s.id, s.commune, s.tags, s.languages, s.place, s.contact, s.log, s.revoked_at, s.seen_at, s.state, \
             s.state_since, COALESCE((SELECT MAX(l.stopped) FROM log l WHERE l.station = s.id), '') AS stopped \
             FROM station s WHERE s.commune IN (SELECT id FROM below) ORDER BY s.commune, s.id",
        )
        .bind(top)
        .fetch_all(pool)
        .await?
    }))
}

/// All stations, by id.
///
/// # Errors
/// The database.
pub async fn all(db: &Db) -> Result<Vec<Station>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT s.id, s.commune, s.tags, s.languages, s.place, s.contact, s.log, s.revoked_at, s.seen_at, s.state, \
             s.state_since, COALESCE((SELECT MAX(l.stopped) FROM log l WHERE l.station = s.id), '') AS stopped \
             FROM station s ORDER BY s.id",
        )
        .fetch_all(pool)
        .await?
    }))
}

/// The station of this id.
///
/// # Errors
/// The database.
pub async fn get(db: &Db, id: &str) -> Result<Option<Station>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT s.id, s.commune, s.tags, s.languages, s.place, s.contact, s.log, s.revoked_at, s.seen_at, s.state, \
             s.state_since, COALESCE((SELECT MAX(l.stopped) FROM log l WHERE l.station = s.id), '') AS stopped \
             FROM station s WHERE s.id = $1",
        )
        .bind(id)
        .fetch_optional(pool)
        .await?
    }))
}

/// The newest heartbeat of a station, as it came: the station's one Status, JSON.
///
/// # Errors
/// The database.
pub async fn status(db: &Db, id: &str) -> Result<Option<String>> {
    let found: Option<(Option<String>,)> = reading!(db, pool => {
        sqlx::query_as("SELECT status FROM station WHERE id = $1").bind(id).fetch_optional(pool).await?
    });
    Ok(found.and_then(|row| row.0))
}

/// Adds a station that nobody has heard of yet; false when the id is taken.
///
/// # Errors
/// The database; a commune that does not exist is refused by it.
pub async fn add(db: &Db, station: &Station) -> Result<bool> {
    let added = writing!(db, tx => {
        let added = sqlx::query(
            "INSERT INTO station (id, commune, tags, languages, place, contact, state, state_since) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&station.id)
        .bind(&station.commune)
        .bind(&station.tags)
        .bind(&station.languages)
        .bind(&station.place)
        .bind(&station.contact)
        .bind(&station.state)
        .bind(station.state_since)
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if added == 1 {
            sqlx::query("INSERT INTO station_home (station, since, commune) VALUES ($1, $2, $3)")
                .bind(&station.id)
                .bind(station.state_since)
                .bind(&station.commune)
                .execute(&mut *tx)
                .await?;
        }
        added
    });
    Ok(added == 1)
}

/// Another commune for a station. Lines written before `now`, microseconds, keep counting for the one before.
///
/// # Errors
/// The database; a commune that does not exist is refused by it.
pub async fn shift(db: &Db, id: &str, commune: &str, now: i64) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("UPDATE station SET commune = $1 WHERE id = $2").bind(commune).bind(id).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO station_home (station, since, commune) VALUES ($1, $2, $3) \
             ON CONFLICT (station, since) DO UPDATE SET commune = excluded.commune",
        )
        .bind(id)
        .bind(now)
        .bind(commune)
        .execute(&mut *tx)
        .await?;
    });
    Ok(())
}

/// Revokes a station here: its codes end and nothing more of it is believed. False when it was before.
///
/// # Errors
/// The database.
pub async fn revoke(db: &Db, id: &str, now: i64) -> Result<bool> {
    let revoked = writing!(db, tx => {
        sqlx::query("DELETE FROM enrolment WHERE station = $1 AND used_at IS NULL")
            .bind(id)
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE station SET revoked_at = $1, log = NULL WHERE id = $2 AND revoked_at IS NULL")
            .bind(now)
            .bind(id)
            .execute(&mut *tx)
            .await?
            .rows_affected()
    });
    Ok(revoked == 1)
}

/// Keeps the hash of a new one-time code of a station; those before it end, and a revoked station may come back by it.
///
/// # Errors
/// The database.
pub async fn keep_code(
    db: &Db,
    code: &Digest,
    station: &str,
    login: &str,
    now: i64,
    until: i64,
) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("DELETE FROM enrolment WHERE station = $1 AND used_at IS NULL")
            .bind(station)
            .execute(&mut *tx)
            .await?;
        sqlx::query("INSERT INTO enrolment (code, station, login, made_at, until_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(code.0.as_slice())
            .bind(station)
            .bind(login)
            .bind(now)
            .bind(until)
            .execute(&mut *tx)
            .await?;
        sqlx::query("UPDATE station SET revoked_at = NULL WHERE id = $1").bind(station).execute(&mut *tx).await?;
    });
    Ok(())
}
