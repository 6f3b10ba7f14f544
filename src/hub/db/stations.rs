//! Stations, where they belong, their one-time codes, and how they were when last heard of.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;

use super::{Db, Result, micros, reading, writing};
use crate::digest::Digest;

/// A station.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Station {
    /// Its id in the registry.
    pub id: String,
    /// The commune that it belongs to now.
    pub commune: String,
    /// Words that selectors of slots ask for, space-separated.
    pub tags: String,
    /// Language tags in order of preference, space-separated.
    pub languages: String,
    /// Where the loudspeakers hang.
    pub place: String,
    /// Whom to call.
    pub contact: String,
    /// The log that the registry named when it was last heard of.
    pub log: Option<Vec<u8>>,
    /// When the hub stopped taking anything from it, microseconds.
    pub revoked_at: Option<i64>,
    /// The newest heartbeat, microseconds.
    pub seen_at: Option<i64>,
    /// What it said, JSON.
    pub status: Option<String>,
    /// A word of [`crate::hub::station::state::State`].
    pub state: String,
    /// Since when, microseconds.
    pub state_since: i64,
}

/// A box that came with a code.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Enrolled {
    /// As which station.
    pub station: String,
    /// The raw public key of its log.
    pub key: Option<Vec<u8>>,
    /// When, microseconds.
    pub used_at: Option<i64>,
}

/// The station of this id.
///
/// # Errors
/// The database.
pub async fn get(db: &Db, id: &str) -> Result<Option<Station>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT id, commune, tags, languages, place, contact, log, revoked_at, seen_at, status, state, state_since \
             FROM station WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(pool)
        .await?
    }))
}

/// All, by id.
///
/// # Errors
/// The database.
pub async fn all(db: &Db) -> Result<Vec<Station>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT id, commune, tags, languages, place, contact, log, revoked_at, seen_at, status, state, state_since \
             FROM station ORDER BY id",
        )
        .fetch_all(pool)
        .await?
    }))
}

/// Those whose state may have changed without their doing: not heard of since `before` (microseconds) and not known to be
/// silent, or with an alarm that somebody may have seen meanwhile.
///
/// # Errors
/// The database.
pub async fn to_look_at(db: &Db, before: i64) -> Result<Vec<Station>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT id, commune, tags, languages, place, contact, log, revoked_at, seen_at, status, state, state_since \
             FROM station WHERE state = 'log-alarm' OR seen_at <= $1 AND state <> 'silent' ORDER BY id",
        )
        .bind(before)
        .fetch_all(pool)
        .await?
    }))
}

/// Adds a station; false when there is one of this id.
///
/// # Errors
/// The database; a commune that does not exist is refused by it.
pub async fn add(db: &Db, station: &Station, now: DateTime<Utc>) -> Result<bool> {
    Ok(writing!(db, tx => {
        let added = sqlx::query(
            "INSERT INTO station (id, commune, tags, languages, place, contact, state, state_since) \
             VALUES ($1, $2, $3, $4, $5, $6, 'new', $7) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&station.id)
        .bind(&station.commune)
        .bind(&station.tags)
        .bind(&station.languages)
        .bind(&station.place)
        .bind(&station.contact)
        .bind(micros(now))
        .execute(&mut *tx)
        .await?
        .rows_affected();
        if added == 1 {
            // Whatever it wrote before it was added here counts for its first commune.
            sqlx::query("INSERT INTO station_home (station, since, commune) VALUES ($1, 0, $2)")
                .bind(&station.id)
                .bind(&station.commune)
                .execute(&mut *tx)
                .await?;
        }
        added == 1
    }))
}

/// Moves a station to another commune. Lines that were written before `now` keep counting for the one before.
///
/// # Errors
/// The database; a commune that does not exist is refused by it.
pub async fn move_to(db: &Db, id: &str, commune: &str, now: DateTime<Utc>) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("UPDATE station SET commune = $1 WHERE id = $2")
            .bind(commune)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO station_home (station, since, commune) VALUES ($1, $2, $3) \
             ON CONFLICT (station, since) DO UPDATE SET commune = excluded.commune",
        )
        .bind(id)
        .bind(micros(now))
        .bind(commune)
        .execute(&mut *tx)
        .await?;
    });
    Ok(())
}

/// Where a station belonged: since when (microseconds), and where; oldest first.
///
/// # Errors
/// The database.
pub async fn homes(db: &Db, id: &str) -> Result<Vec<(i64, String)>> {
    Ok(reading!(db, pool => {
        sqlx::query_as("SELECT since, commune FROM station_home WHERE station = $1 ORDER BY since")
            .bind(id)
            .fetch_all(pool)
            .await?
    }))
}

/// Gives a station a one-time code, by its hash; older codes that nobody used are good for nothing from now on.
///
/// # Errors
/// The database.
pub async fn give_code(
    db: &Db,
    code: &Digest,
    station: &str,
    login: &str,
    now: DateTime<Utc>,
    lasts: TimeDelta,
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
            .bind(micros(now))
            .bind(micros(now + lasts))
            .execute(&mut *tx)
            .await?;
    });
    Ok(())
}

/// Uses a code for a key; the same box may ask again until it is over. None: unknown, over, or used by another key.
///
/// # Errors
/// The database.
pub async fn use_code(db: &Db, code: &Digest, key: &[u8; 32], now: DateTime<Utc>) -> Result<Option<String>> {
    Ok(writing!(db, tx => {
        let used: Option<(String,)> = sqlx::query_as(
            "UPDATE enrolment SET used_at = COALESCE(used_at, $1), key = COALESCE(key, $2) \
             WHERE code = $3 AND until_at > $4 AND (key IS NULL OR key = $5) RETURNING station",
        )
        .bind(micros(now))
        .bind(key.as_slice())
        .bind(code.0.as_slice())
        .bind(micros(now))
        .bind(key.as_slice())
        .fetch_optional(&mut *tx)
        .await?;
        used.map(|row| row.0)
    }))
}

/// The boxes that came with a code, the newest first. Whether the registry names their key says whether they still wait
/// for the province's signature.
///
/// # Errors
/// The database.
pub async fn enrolled(db: &Db) -> Result<Vec<Enrolled>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT station, key, used_at FROM enrolment WHERE key IS NOT NULL ORDER BY used_at DESC, station",
        )
        .fetch_all(pool)
        .await?
    }))
}

/// Keeps a heartbeat. Returns the state that it had, and since when; none when there is no such station.
///
/// # Errors
/// The database.
pub async fn heard(
    db: &Db,
    id: &str,
    log: &Digest,
    status: &str,
    state: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    Ok(writing!(db, tx => {
        let before: Option<(String,)> =
            sqlx::query_as("SELECT state FROM station WHERE id = $1").bind(id).fetch_optional(&mut *tx).await?;
        sqlx::query(
            "UPDATE station SET log = $1, status = $2, seen_at = $3, \
             state_since = CASE WHEN state = $4 THEN state_since ELSE $5 END, state = $6 WHERE id = $7",
        )
        .bind(log.0.as_slice())
        .bind(status)
        .bind(micros(now))
        .bind(state)
        .bind(micros(now))
        .bind(state)
        .bind(id)
        .execute(&mut *tx)
        .await?;
        before.map(|row| row.0)
    }))
}

/// Marks a station whose state changed without its doing; false when it was heard of meanwhile.
///
/// # Errors
/// The database.
pub async fn mark(db: &Db, id: &str, seen_at: Option<i64>, state: &str, now: DateTime<Utc>) -> Result<bool> {
    let marked = writing!(db, tx => {
        sqlx::query(
            "UPDATE station SET state = $1, state_since = $2 WHERE id = $3 AND state <> $4 \
             AND COALESCE(seen_at, -1) = $5",
        )
        .bind(state)
        .bind(micros(now))
        .bind(id)
        .bind(state)
        .bind(seen_at.unwrap_or(-1))
        .execute(&mut *tx)
        .await?
        .rows_affected()
    });
    Ok(marked == 1)
}
