//! The only room that speaks SQL. One text and one set of migrations for SQLite and PostgreSQL; a function a question.
//!
//! What both read alike, and so the rule for every line here (measured, see docs/performance.md): `$1` placeholders, each
//! bound once and in order; BIGINT, TEXT, BYTEA; times as microseconds, days as days since 1970-01-01; no auto-increment;
//! `CAST(SUM(x) AS BIGINT)`; `ON CONFLICT … DO NOTHING RETURNING`. Never ANALYZE the bundled SQLite: its plans get worse.

pub mod accounts;
pub mod alarms;
pub mod areas;
pub mod audit;
pub mod copy;
pub mod feed;
pub mod fleet;
pub mod inspect;
pub mod records;
pub mod sessions;
pub mod stations;
pub mod webhooks;

use std::{path::Path, str::FromStr, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::{
    PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// Connections that read at once.
const READERS: u32 = 8;
/// A writer waits so long for another before it gives up.
const PATIENCE: Duration = Duration::from_secs(10);

/// One of the two engines.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file beside the feed. One writer, as SQLite wants it, and readers that never wait for it.
    Sqlite {
        /// Many connections.
        read: SqlitePool,
        /// One connection.
        write: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

/// Runs `$body` on the pool of whichever engine it is; the body is compiled for both. It must not write.
macro_rules! reading {
    ($db:expr, $pool:ident => $body:expr) => {
        match $db {
            $crate::hub::db::Db::Sqlite { read: $pool, .. } => $body,
            $crate::hub::db::Db::Postgres($pool) => $body,
        }
    };
}

/// Runs `$body` in one transaction, committed when it ends; an error rolls it back.
macro_rules! writing {
    ($db:expr, $tx:ident => $body:block) => {
        match $db {
            $crate::hub::db::Db::Sqlite { write, .. } => {
                let mut $tx = write.begin_with("BEGIN IMMEDIATE").await?;
                let out = $body;
                $tx.commit().await?;
                out
            }
            $crate::hub::db::Db::Postgres(pool) => {
                let mut $tx = pool.begin().await?;
                let out = $body;
                $tx.commit().await?;
                out
            }
        }
    };
}
pub(crate) use {reading, writing};

/// What goes wrong here.
pub type Result<T> = std::result::Result<T, sqlx::Error>;

impl Db {
    /// Opens (and makes) the SQLite file, and brings its tables up to date.
    ///
    /// # Errors
    /// The file cannot be opened or is newer than this program.
    pub async fn sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged outlives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE);
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!("src/hub/db/migrations").run(&write).await?;
        let read = options.read_only(true).create_if_missing(false);
        let read = SqlitePoolOptions::new().max_connections(READERS).connect_with(read).await?;
        Ok(Self::Sqlite { read, write })
    }

    /// Connects to the server of `postgres://…`, and brings its tables up to date.
    ///
    /// # Errors
    /// The server does not answer or refuses, or its tables are newer than this program.
    pub async fn postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?;
        let pool = PgPoolOptions::new()
            .max_connections(READERS * 2)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await?;
        sqlx::migrate!("src/hub/db/migrations").run(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    /// What people call the engine.
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Ends all connections in order.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// As stored: microseconds since 1970-01-01 UTC.
pub fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// As read.
pub fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MIN_UTC)
}
