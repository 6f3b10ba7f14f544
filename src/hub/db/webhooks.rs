//! Alarms as people see them, and the systems that are told of them.

use sqlx::FromRow;

use super::{Db, Result, reading, writing};

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Alarm {
    /// Its id.
    pub id: Vec<u8>,
    /// When, microseconds.
    pub at: i64,
    /// `silent`, `back`, `urgent`, `stale`, `log-…`.
    pub kind: String,
    /// Of which station; empty when of none.
    pub station: String,
    /// Where the station belonged.
    pub commune: String,
    /// More, as written by whoever raised it.
    pub detail: String,
    /// The login of whoever saw to it; empty while it is open.
    pub seen_by: String,
    /// When that was.
    pub seen_at: Option<i64>,
}

/// The newest `limit` alarms within `top`, those before (`at`, `id`); `open`: only those that nobody has seen to.
///
/// # Errors
/// The database.
pub async fn alarms(db: &Db, top: &str, open: bool, before: (i64, &[u8]), limit: i64) -> Result<Vec<Alarm>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "WITH RECURSIVE below (id) AS (SELECT id FROM area WHERE id = $1 \
             UNION SELECT a.id FROM area a JOIN below b ON a.parent = b.id) \
             SELECT id, at, kind, station, commune, detail, seen_by, seen_at FROM alarm \
             WHERE (at < $2 OR (at = $3 AND id < $4)) AND (seen_at IS NULL OR $5 = 0) \
             AND commune IN (SELECT id FROM below) ORDER BY at DESC, id DESC LIMIT $6",
        )
        .bind(top)
        .bind(before.0)
        .bind(before.0)
        .bind(before.1)
        .bind(i64::from(open))
        .bind(limit)
        .fetch_all(pool)
        .await?
    }))
}

/// The alarm of this id.
///
/// # Errors
/// The database.
pub async fn alarm(db: &Db, id: &[u8]) -> Result<Option<Alarm>> {
    Ok(reading!(db, pool => {
        sqlx::query_as("SELECT id, at, kind, station, commune, detail, seen_by, seen_at FROM alarm WHERE id = $1")
            .bind(id)
            .fetch_optional(pool)
            .await?
    }))
}

/// How many alarms within `top` nobody has seen to.
///
/// # Errors
/// The database.
pub async fn open_alarms(db: &Db, top: &str) -> Result<i64> {
    let found: (i64,) = reading!(db, pool => {
        sqlx::query_as(
            "WITH RECURSIVE below (id) AS (SELECT id FROM area WHERE id = $1 \
             UNION SELECT a.id FROM area a JOIN below b ON a.parent = b.id) \
             SELECT COUNT(*) FROM alarm WHERE seen_at IS NULL AND commune IN (SELECT id FROM below)",
        )
        .bind(top)
        .fetch_one(pool)
        .await?
    });
    Ok(found.0)
}

/// Somebody sees to an alarm; false when somebody did before.
///
/// # Errors
/// The database.
pub async fn see(db: &Db, id: &[u8], login: &str, now: i64) -> Result<bool> {
    let seen = writing!(db, tx => {
        sqlx::query("UPDATE alarm SET seen_by = $1, seen_at = $2 WHERE id = $3 AND seen_at IS NULL")
            .bind(login)
            .bind(now)
            .bind(id)
            .execute(&mut *tx)
            .await?
            .rows_affected()
    });
    Ok(seen == 1)
}

/// When a station last had an alarm of a kind.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Last {
    /// Which station.
    pub station: String,
    /// Which kind.
    pub kind: String,
    /// When, microseconds.
    pub at: i64,
}

/// The last `silent`, `back` and `stale` of each station.
///
/// # Errors
/// The database.
pub async fn last_turns(db: &Db) -> Result<Vec<Last>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT station, kind, MAX(at) AS at FROM alarm WHERE kind IN ('silent', 'back', 'stale') \
             GROUP BY station, kind",
        )
        .fetch_all(pool)
        .await?
    }))
}

/// Keeps alarms, each once; how many are new.
///
/// # Errors
/// The database.
pub async fn keep(db: &Db, all: &[Alarm]) -> Result<u64> {
    Ok(writing!(db, tx => {
        let mut kept = 0;
        for alarm in all {
            kept += sqlx::query(
                "INSERT INTO alarm (id, at, kind, station, commune, detail, seen_by, seen_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
            )
            .bind(&alarm.id)
            .bind(alarm.at)
            .bind(&alarm.kind)
            .bind(&alarm.station)
            .bind(&alarm.commune)
            .bind(&alarm.detail)
            .bind(&alarm.seen_by)
            .bind(alarm.seen_at)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        }
        kept
    }))
}

/// A system that is told.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Webhook {
    /// Its id.
    pub id: Vec<u8>,
    /// Where it is told.
    pub url: String,
    /// Alarms of this area and below.
    pub area: String,
    /// Of which kinds, space-separated.
    pub kinds: String,
    /// What signs.
    pub secret: Vec<u8>,
    /// When it was made, microseconds.
    pub made_at: i64,
    /// When it was closed.
    pub closed_at: Option<i64>,
}

/// All webhooks, the newest first; closed ones too.
///
/// # Errors
/// The database.
pub async fn all(db: &Db) -> Result<Vec<Webhook>> {
    Ok(reading!(db, pool => {
        sqlx::query_as("SELECT id, url, area, kinds, secret, made_at, closed_at FROM webhook ORDER BY made_at DESC, id")
            .fetch_all(pool)
            .await?
    }))
}

/// Makes one.
///
/// # Errors
/// The database.
pub async fn make(db: &Db, hook: &Webhook) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("INSERT INTO webhook (id, url, area, kinds, secret, made_at) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(&hook.id)
            .bind(&hook.url)
            .bind(&hook.area)
            .bind(&hook.kinds)
            .bind(&hook.secret)
            .bind(hook.made_at)
            .execute(&mut *tx)
            .await?;
    });
    Ok(())
}

/// Closes one; what waits to be delivered is not delivered any more.
///
/// # Errors
/// The database.
pub async fn close(db: &Db, id: &[u8], now: i64) -> Result<bool> {
    let closed = writing!(db, tx => {
        sqlx::query("UPDATE webhook SET closed_at = $1 WHERE id = $2 AND closed_at IS NULL")
            .bind(now)
            .bind(id)
            .execute(&mut *tx)
            .await?
            .rows_affected()
    });
    Ok(closed == 1)
}

/// Alarms since `since` that a webhook made before them may concern.
///
/// # Errors
/// The database.
pub async fn alarms_since(db: &Db, since: i64) -> Result<Vec<Alarm>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT id, at, kind, station, commune, detail, seen_by, seen_at FROM alarm WHERE at >= $1 ORDER BY at, id",
        )
        .bind(since)
        .fetch_all(pool)
        .await?
    }))
}

/// What is to be delivered.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Delivery {
    /// Of webhook and alarm: the same for each try, so that who is told twice can see it.
    pub id: Vec<u8>,
    /// To whom.
    pub webhook: Vec<u8>,
    /// JSON.
    pub body: String,
    /// Failures so far.
    pub tries: i64,
}

/// Queues deliveries, each once however often it is asked for.
///
/// # Errors
/// The database.
pub async fn queue(db: &Db, all: &[Delivery], now: i64) -> Result<u64> {
    if all.is_empty() {
        return Ok(0);
    }
    Ok(writing!(db, tx => {
        let mut queued = 0;
        for delivery in all {
            queued += sqlx::query(
                "INSERT INTO delivery (id, webhook, body, made_at, next_at, tries) VALUES ($1, $2, $3, $4, $5, 0) \
                 ON CONFLICT (id) DO NOTHING",
            )
            .bind(&delivery.id)
            .bind(&delivery.webhook)
            .bind(&delivery.body)
            .bind(now)
            .bind(now)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        }
        queued
    }))
}

/// Which of these deliveries are queued or done already.
///
/// # Errors
/// The database.
pub async fn known(db: &Db, since: i64) -> Result<Vec<Vec<u8>>> {
    let rows: Vec<(Vec<u8>,)> = reading!(db, pool => {
        sqlx::query_as("SELECT id FROM delivery WHERE made_at >= $1").bind(since).fetch_all(pool).await?
    });
    Ok(rows.into_iter().map(|row| row.0).collect())
}

/// Up to `limit` deliveries that are due, of open webhooks, tried less than `most` times.
///
/// # Errors
/// The database.
pub async fn due(db: &Db, now: i64, most: i64, limit: i64) -> Result<Vec<Delivery>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT d.id, d.webhook, d.body, d.tries FROM delivery d JOIN webhook w ON w.id = d.webhook \
             WHERE d.next_at <= $1 AND d.done_at IS NULL AND d.tries < $2 AND w.closed_at IS NULL \
             ORDER BY d.next_at, d.id LIMIT $3",
        )
        .bind(now)
        .bind(most)
        .bind(limit)
        .fetch_all(pool)
        .await?
    }))
}

/// How a try ended: `next_at` when it is tried again, none when it arrived.
///
/// # Errors
/// The database.
pub async fn tried(db: &Db, id: &[u8], said: &str, next_at: Option<i64>, now: i64) -> Result<()> {
    let done = next_at.is_none().then_some(now);
    writing!(db, tx => {
        sqlx::query("UPDATE delivery SET tries = tries + 1, said = $1, next_at = $2, done_at = $3 WHERE id = $4")
            .bind(said)
            .bind(next_at.unwrap_or(now))
            .bind(done)
            .bind(id)
            .execute(&mut *tx)
            .await?;
    });
    Ok(())
}

/// Forgets deliveries made before `before`.
///
/// # Errors
/// The database.
pub async fn forget(db: &Db, before: i64) -> Result<()> {
    writing!(db, tx => {
        sqlx::query("DELETE FROM delivery WHERE made_at < $1").bind(before).execute(&mut *tx).await?;
    });
    Ok(())
}

/// How the deliveries of a webhook went.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Went {
    /// Of which webhook.
    pub webhook: Vec<u8>,
    /// How many arrived.
    pub arrived: i64,
    /// How many wait or were given up.
    pub open: i64,
}

/// How the deliveries of each webhook went.
///
/// # Errors
/// The database.
pub async fn went(db: &Db) -> Result<Vec<Went>> {
    Ok(reading!(db, pool => {
        sqlx::query_as(
            "SELECT webhook, CAST(SUM(CASE WHEN done_at IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS arrived, \
             CAST(SUM(CASE WHEN done_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS open FROM delivery GROUP BY webhook",
        )
        .fetch_all(pool)
        .await?
    }))
}
