//! What the keeper of the feed leaves for people.

use chrono::{DateTime, Utc};

use super::{Db, Result, micros, writing};

/// The kind of alarm that says that the feed is not renewed.
pub const NOT_RENEWED: &str = "feed-not-renewed";

/// Raises the alarm that the feed is not renewed; it concerns no station.
///
/// # Errors
/// The database.
pub async fn alarm(db: &Db, id: [u8; 16], at: DateTime<Utc>, detail: &str) -> Result<()> {
    writing!(db, tx => {
        sqlx::query(
            "INSERT INTO alarm (id, at, kind, station, commune, detail, seen_by) VALUES ($1, $2, $3, '', '', $4, '')",
        )
        .bind(id.as_slice())
        .bind(micros(at))
        .bind(NOT_RENEWED)
        .bind(detail)
        .execute(&mut *tx)
        .await?;
    });
    Ok(())
}
