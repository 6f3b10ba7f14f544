//! Lines of as-run logs as they were received, what was sent of each bulletin, and the sums of both.
//!
//! [`take`] is the only writer of `record`, `airing`, `day_outcome` and `day_airing`, and writes them in one transaction:
//! the sums are the raw rows' at every instant.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::{Db, Result, reading, writing};
use crate::{asrun::chain::Head, digest::Digest};

/// A line that was verified, and what is asked of it. Times in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the log.
    pub seq: i64,
    /// When it was written, by the box.
    pub at: i64,
    /// The due instant of its occurrence, else `at`.
    pub ts: i64,
    /// The day of `ts` in the province's zone, days since 1970-01-01.
    pub day: i64,
    /// As in the line.
    pub kind: String,
    /// Of its occurrence; empty when there is none.
    pub area: String,
    /// Likewise.
    pub slot: String,
    /// Of an outcome: its word. Empty otherwise.
    pub outcome: String,
    /// Of an outcome: its reason, if any.
    pub why: String,
    /// How many occurrences it is the outcome of.
    pub count: i64,
    /// Frames that it says were sent.
    pub frames: i64,
    /// The bytes, without the newline.
    pub line: Vec<u8>,
    /// What was sent of each bulletin.
    pub airings: Vec<Airing>,
}

/// What was sent of one bulletin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Airing {
    /// Its id.
    pub bulletin: String,
    /// What it was called then.
    pub title: String,
    /// Its category; empty for a chime.
    pub category: String,
    /// The first of its languages.
    pub language: String,
    /// Frames sent.
    pub frames: i64,
    /// Whether it names a hotline: 1 or 0.
    pub hotline: i64,
}

/// Whose lines they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source<'a> {
    /// The log.
    pub log: Digest,
    /// The station.
    pub station: &'a str,
    /// Where it belongs now: the rows keep this.
    pub commune: &'a str,
    /// When they were received.
    pub received_at: i64,
}

/// Adds `rows`, which follow `before`, to the log and to all sums; the head becomes `after`. Returns the head that is held:
/// `after`, or another when `before` is not the head any more (another upload of the same log came first) and nothing
/// was added.
///
/// # Errors
/// The database; nothing was added.
pub async fn take(db: &Db, from: &Source<'_>, before: Head, rows: &[Row], after: Head) -> Result<Head> {
    take_signed(db, from, before, rows, after, "").await
}

/// [`take`], with the receipt for `after` kept in the same transaction; empty: none is given.
///
/// # Errors
/// The database; nothing was added.
pub async fn take_signed(
    db: &Db,
    from: &Source<'_>,
    before: Head,
    rows: &[Row],
    after: Head,
    receipt: &str,
) -> Result<Head> {
    Ok(writing!(db, tx => {
        // Locks the log's row on either engine.
        let held: (i64, Vec<u8>) = sqlx::query_as("UPDATE log SET seq = seq WHERE id = $1 RETURNING seq, hash")
            .bind(from.log.0.as_slice())
            .fetch_one(&mut *tx)
            .await?;
        let held = head(&held);
        if held != before {
            held
        } else {
            for row in rows {
                sqlx::query(
                    "INSERT INTO record (log, seq, station, commune, ts, at, kind, area, slot, outcome, why, count, \
                     frames, received_at, line) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                )
                .bind(from.log.0.as_slice())
                .bind(row.seq)
                .bind(from.station)
                .bind(from.commune)
                .bind(row.ts)
                .bind(row.at)
                .bind(&row.kind)
                .bind(&row.area)
                .bind(&row.slot)
                .bind(&row.outcome)
                .bind(&row.why)
                .bind(row.count)
                .bind(row.frames)
                .bind(from.received_at)
                .bind(&row.line)
                .execute(&mut *tx)
                .await?;
                for (item, airing) in row.airings.iter().enumerate() {
                    sqlx::query(
                        "INSERT INTO airing (log, seq, item, station, commune, ts, bulletin, title, category, language, \
                         outcome, frames, hotline) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                    )
                    .bind(from.log.0.as_slice())
                    .bind(row.seq)
                    .bind(item as i64)
                    .bind(from.station)
                    .bind(from.commune)
                    .bind(row.ts)
                    .bind(&airing.bulletin)
                    .bind(&airing.title)
                    .bind(&airing.category)
                    .bind(&airing.language)
                    .bind(&row.outcome)
                    .bind(airing.frames)
                    .bind(airing.hotline)
                    .execute(&mut *tx)
                    .await?;
                }
            }
            for ((day, outcome, why), (count, frames)) in outcomes(rows) {
                sqlx::query(
                    "INSERT INTO day_outcome (commune, day, station, outcome, why, count, frames) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (commune, day, station, outcome, why) \
                     DO UPDATE SET count = day_outcome.count + excluded.count, \
                     frames = day_outcome.frames + excluded.frames",
                )
                .bind(from.commune)
                .bind(day)
                .bind(from.station)
                .bind(outcome)
                .bind(why)
                .bind(count)
                .bind(frames)
                .execute(&mut *tx)
                .await?;
            }
            for ((day, category, language, outcome), sum) in airings(rows) {
                sqlx::query(
                    "INSERT INTO day_airing (commune, day, station, category, language, outcome, airings, frames, \
                     hotline) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                     ON CONFLICT (commune, day, station, category, language, outcome) DO UPDATE SET \
                     airings = day_airing.airings + excluded.airings, frames = day_airing.frames + excluded.frames, \
                     hotline = day_airing.hotline + excluded.hotline",
                )
                .bind(from.commune)
                .bind(day)
                .bind(from.station)
                .bind(category)
                .bind(language)
                .bind(outcome)
                .bind(sum.airings)
                .bind(sum.frames)
                .bind(sum.hotline)
                .execute(&mut *tx)
                .await?;
            }
            sqlx::query("UPDATE log SET seq = $1, hash = $2 WHERE id = $3")
                .bind(after.seq as i64)
                .bind(after.hash.0.as_slice())
                .bind(from.log.0.as_slice())
                .execute(&mut *tx)
                .await?;
            if !receipt.is_empty() {
                sqlx::query("UPDATE log SET receipt_seq = $1, receipt = $2 WHERE id = $3")
                    .bind(after.seq as i64)
                    .bind(receipt)
                    .bind(from.log.0.as_slice())
                    .execute(&mut *tx)
                    .await?;
            }
            after
        }
    }))
}

/// What one transaction adds to `day_outcome`.
fn outcomes(rows: &[Row]) -> BTreeMap<(i64, &str, &str), (i64, i64)> {
    let mut sums = BTreeMap::new();
    for row in rows.iter().filter(|r| r.count > 0) {
        let sum: &mut (i64, i64) = sums.entry((row.day, row.outcome.as_str(), row.why.as_str())).or_default();
        sum.0 += row.count;
        sum.1 += row.frames;
    }
    sums
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Aired {
    airings: i64,
    frames: i64,
    hotline: i64,
}

/// What one transaction adds to `day_airing`.
fn airings(rows: &[Row]) -> BTreeMap<(i64, &str, &str, &str), Aired> {
    let mut sums = BTreeMap::new();
    for row in rows {
        for airing in &row.airings {
            let key = (row.day, airing.category.as_str(), airing.language.as_str(), row.outcome.as_str());
            let sum: &mut Aired = sums.entry(key).or_default();
            sum.airings += 1;
            sum.frames += airing.frames;
            sum.hotline += airing.hotline;
        }
    }
    sums
}

fn head((seq, hash): &(i64, Vec<u8>)) -> Head {
    let mut bytes = [0; 32];
    if hash.len() == 32 {
        bytes.copy_from_slice(hash);
    }
    Head { seq: *seq as u64, hash: Digest(bytes) }
}

/// A log that is known here.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Log {
    /// SHA-256 of its key.
    pub id: Vec<u8>,
    /// Whose.
    pub station: String,
    /// The raw Ed25519 public key.
    pub key: Vec<u8>,
    /// The last line held.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// The last line that a receipt covers.
    pub receipt_seq: i64,
    /// The newest receipt, a line of docs/asrun.md section 6; empty when none was given.
    pub receipt: String,
    /// Why nothing more is taken; empty while all is well.
    pub stopped: String,
}

impl Log {
    /// What is held.
    pub fn head(&self) -> Head {
        head(&(self.seq, self.hash.clone()))
    }
}

/// The log of this id.
///
/// # Errors
/// The database.
pub async fn log(db: &Db, id: &Digest) -> Result<Option<Log>> {
    Ok(reading!(db, pool => {
        sqlx::query_as("SELECT id, station, key, seq, hash, receipt_seq, receipt, stopped FROM log WHERE id = $1")
            .bind(id.0.as_slice())
            .fetch_optional(pool)
            .await?
    }))
}

/// Makes a log known; nothing when it is already.
///
/// # Errors
/// The database.
pub async fn begin(db: &Db, id: &Digest, station: &str, key: &[u8; 32], now: i64) -> Result<()> {
    writing!(db, tx => {
        sqlx::query(
            "INSERT INTO log (id, station, key, begun_at, seq, hash, receipt_seq, receipt, stopped) \
             VALUES ($1, $2, $3, $4, 0, $5, 0, '', '') ON CONFLICT (id) DO NOTHING",
        )
        .bind(id.0.as_slice())
        .bind(station)
        .bind(key.as_slice())
        .bind(now)
        .bind(Digest::ZERO.0.as_slice())
        .execute(&mut *tx)
        .await?;
    });
    Ok(())
}

/// The lines `first` to `last` that are held, by number.
///
/// # Errors
/// The database.
pub async fn lines(db: &Db, log: &Digest, first: u64, last: u64) -> Result<Vec<(i64, Vec<u8>)>> {
    Ok(reading!(db, pool => {
        sqlx::query_as("SELECT seq, line FROM record WHERE log = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq")
            .bind(log.0.as_slice())
            .bind(first as i64)
            .bind(last as i64)
            .fetch_all(pool)
            .await?
    }))
}

/// Intents of a slot of a station, the newest first: those due at `ts`, or with `ts` none (an urgent order, whose due
/// instant may differ) the newest ones.
///
/// # Errors
/// The database.
pub async fn intents(
    db: &Db,
    station: &str,
    (area, slot): (&str, &str),
    ts: Option<i64>,
) -> Result<Vec<Vec<u8>>> {
    /// An urgent order airs at most twenty times.
    const MOST: i64 = 64;
    let rows: Vec<(Vec<u8>,)> = reading!(db, pool => {
        sqlx::query_as(
            "SELECT line FROM record WHERE station = $1 AND ts >= $2 AND ts <= $3 AND kind = 'intent' AND area = $4 \
             AND slot = $5 ORDER BY ts DESC, seq DESC LIMIT $6",
        )
        .bind(station)
        .bind(ts.unwrap_or(i64::MIN))
        .bind(ts.unwrap_or(i64::MAX))
        .bind(area)
        .bind(slot)
        .bind(MOST)
        .fetch_all(pool)
        .await?
    });
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Keeps lines of another branch of a log; those that are kept already stay as they are.
///
/// # Errors
/// The database.
pub async fn keep_branch(db: &Db, log: &Digest, now: i64, lines: &[(u64, &[u8])]) -> Result<()> {
    writing!(db, tx => {
        for (seq, line) in lines {
            sqlx::query(
                "INSERT INTO branch (log, seq, hash, received_at, line) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (log, seq, hash) DO NOTHING",
            )
            .bind(log.0.as_slice())
            .bind(*seq as i64)
            .bind(Digest::of(line).0.as_slice())
            .bind(now)
            .bind(*line)
            .execute(&mut *tx)
            .await?;
        }
    });
    Ok(())
}

/// The number of the first line of another branch; none when the log has none.
///
/// # Errors
/// The database.
pub async fn branches_at(db: &Db, log: &Digest) -> Result<Option<i64>> {
    let found: Option<(i64,)> = reading!(db, pool => {
        sqlx::query_as("SELECT seq FROM branch WHERE log = $1 ORDER BY seq LIMIT 1")
            .bind(log.0.as_slice())
            .fetch_optional(pool)
            .await?
    });
    Ok(found.map(|row| row.0))
}
