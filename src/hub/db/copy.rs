//! The whole database into files and back, of one moment, while others read and write.
//!
//! SQLite: `VACUUM INTO`, which copies one snapshot into a compact file. PostgreSQL: each table as JSON lines out of one
//! REPEATABLE READ transaction, made and read by the server's own `row_to_json` and `json_populate_recordset`: so a hub
//! needs no pg_dump of the server's version beside it, and the copy goes into any later server. Who runs PostgreSQL at
//! scale has its own archive, and needs this only for moving.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::Path,
};

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use super::Db;
use crate::durable::{self, Incoming};

/// As [`Db::engine`] names it.
pub const SQLITE: &str = "SQLite";
/// As [`Db::engine`] names it.
pub const POSTGRES: &str = "PostgreSQL";
/// Rows that go in by one statement.
const ROWS: usize = 1000;

/// What stopped a copy.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The disk.
    #[error(transparent)]
    Disk(#[from] std::io::Error),
}

/// Writes the database into the folder `to`; how many files.
///
/// # Errors
/// Database or disk.
pub async fn dump(db: &Db, to: &Path) -> Result<usize, Broken> {
    match db {
        Db::Sqlite { read, .. } => {
            let path = to.join(crate::hub::backup::SQLITE);
            let name = path.to_str().ok_or(std::io::Error::from(std::io::ErrorKind::InvalidFilename))?;
            sqlx::query("VACUUM INTO $1").bind(name).execute(read).await?;
            // SQLite leaves it to whoever wants the copy to last.
            Incoming::resume(&path, path.metadata()?.len())?.sync()?;
            Ok(1)
        }
        Db::Postgres(pool) => dump_tables(pool, &to.join("postgres")).await,
    }
}

async fn dump_tables(pool: &PgPool, dir: &Path) -> Result<usize, Broken> {
    durable::create_dir(dir)?;
    let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?;
    let tables = tables(&mut tx).await?;
    for (table, _) in &tables {
        let mut file = BufWriter::new(Incoming::create_with_mode(dir, 0o600)?);
        let sql = format!("SELECT row_to_json(t)::text FROM \"{table}\" t");
        let mut rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch(&mut *tx);
        while let Some(row) = rows.try_next().await? {
            // PostgreSQL writes a line end within a text as \n.
            file.write_all(row.as_bytes())?;
            file.write_all(b"\n")?;
        }
        let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.commit(&dir.join(format!("{table}.jsonl")))?;
    }
    tx.rollback().await?;
    Ok(tables.len())
}

/// Reads what [`dump`] wrote into an empty PostgreSQL database; none, and nothing done, when it is not empty.
///
/// # Errors
/// Database or disk: nothing was changed.
pub async fn load(db: &Db, from: &Path) -> Result<Option<usize>, Broken> {
    let Db::Postgres(pool) = db else { return Ok(None) };
    let mut tx = pool.begin().await?;
    let tables = tables(&mut tx).await?;
    for (table, _) in &tables {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM \"{table}\")");
        if sqlx::query_scalar::<_, bool>(AssertSqlSafe(sql)).fetch_one(&mut *tx).await? {
            return Ok(None);
        }
    }
    let mut count = 0;
    for (table, own) in &tables {
        let path = from.join("postgres").join(format!("{table}.jsonl"));
        // A table that the copy's program did not know yet stays empty.
        let Ok(file) = File::open(&path) else { continue };
        // Rows that name rows of the same table go in together: the server checks at the statement's end.
        let most = if *own { usize::MAX } else { ROWS };
        let mut batch: Vec<String> = Vec::new();
        for line in BufReader::new(file).lines() {
            batch.push(line?);
            if batch.len() >= most {
                insert(&mut tx, table, &std::mem::take(&mut batch)).await?;
            }
        }
        insert(&mut tx, table, &batch).await?;
        count += 1;
    }
    tx.commit().await?;
    Ok(Some(count))
}

async fn insert(tx: &mut PgConnection, table: &str, rows: &[String]) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO \"{table}\" SELECT * FROM json_populate_recordset(NULL::\"{table}\", $1::text::json)"
    );
    let json = format!("[{}]", rows.join(","));
    sqlx::query(AssertSqlSafe(sql)).bind(json).execute(tx).await.map(|_| ())
}

/// Our tables, each after those that it refers to, and whether it refers to itself.
async fn tables(tx: &mut PgConnection) -> Result<Vec<(String, bool)>, sqlx::Error> {
    let all: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() \
         AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations' ORDER BY table_name",
    )
    .fetch_all(&mut *tx)
    .await?;
    let refers: Vec<(String, String)> = sqlx::query_as(
        "SELECT a.relname::text, b.relname::text FROM pg_constraint c JOIN pg_class a ON a.oid = c.conrelid \
         JOIN pg_class b ON b.oid = c.confrelid WHERE c.contype = 'f'",
    )
    .fetch_all(&mut *tx)
    .await?;
    Ok(in_order(&all, &refers))
}

fn in_order(all: &[String], refers: &[(String, String)]) -> Vec<(String, bool)> {
    let mut wants: BTreeMap<&str, BTreeSet<&str>> =
        all.iter().map(|t| (t.as_str(), BTreeSet::new())).collect();
    for (from, to) in refers.iter().filter(|(from, to)| from != to) {
        if let Some(wanted) = wants.get_mut(from.as_str()) {
            wanted.insert(to);
        }
    }
    let own = |table: &str| refers.iter().any(|(from, to)| from == table && to == table);
    let mut out: Vec<(String, bool)> = Vec::new();
    while !wants.is_empty() {
        let done = |t: &&str| out.iter().any(|(o, _)| o == *t) || !all.iter().any(|a| a == *t);
        let free = wants.iter().find(|(_, wanted)| wanted.iter().all(done));
        // A circle cannot be ordered; then the server says so.
        let Some(next) = free.or(wants.iter().next()).map(|(t, _)| *t) else { break };
        wants.remove(next);
        out.push((next.to_owned(), own(next)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_after_those_that_it_refers_to() {
        let all = ["account", "area", "token"].map(str::to_owned);
        let refers = [("token", "account"), ("account", "area"), ("area", "area")];
        let refers = refers.map(|(a, b)| (a.to_owned(), b.to_owned()));
        let order = in_order(&all, &refers);
        assert_eq!(order, [("area".into(), true), ("account".into(), false), ("token".into(), false)]);
    }
}
