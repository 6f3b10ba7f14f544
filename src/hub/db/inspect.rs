//! Questions of inspectors. Read only. Texts are put together from fixed pieces, so that each question is asked by the
//! index that fits it; values are always bound.

use sqlx::{AssertSqlSafe, FromRow};

use super::{Db, Result, reading};
use crate::hub::report::{AiringRow, OutcomeRow, PlannedRow};

/// Up to so many communes are asked one by one, each by its index and bounded; more are found in order of time.
const ONE_BY_ONE: usize = 60;

/// Whose records: those of these communes, as it was when they were received or as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// By `station.commune` instead of the row's own.
    pub now: bool,
    /// None: all there are.
    pub communes: Option<Vec<String>>,
}

#[derive(Clone)]
enum Bind {
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Bind {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
impl From<&str> for Bind {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}
impl From<&[u8]> for Bind {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

/// A statement while it is put together.
#[derive(Default)]
struct Statement {
    sql: String,
    binds: Vec<Bind>,
}

impl Statement {
    fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), binds: Vec::new() }
    }

    /// Adds `piece`, each `?` in it a value.
    fn push(&mut self, piece: &str, values: impl IntoIterator<Item = Bind>) -> &mut Self {
        let mut values = values.into_iter();
        for (index, part) in piece.split('?').enumerate() {
            if index > 0 {
                self.binds.extend(values.next());
                self.sql.push_str(&format!("${}", self.binds.len()));
            }
            self.sql.push_str(part);
        }
        self
    }

    /// ` AND column IN (…)`.
    fn among(&mut self, column: &str, values: &[String]) -> &mut Self {
        if let [one] = values {
            return self.push(&format!(" AND {column} = ?"), [one.as_str().into()]);
        }
        let marks = vec!["?"; values.len()].join(", ");
        // An empty list is no SQL: nothing is among nothing.
        let piece =
            if values.is_empty() { " AND 1 = 0".into() } else { format!(" AND {column} IN ({marks})") };
        self.push(&piece, values.iter().map(|v| v.as_str().into()))
    }

    /// Cuts rows of a table, named `r`, with columns `commune` and `station`.
    fn cut(&mut self, cut: &Cut) -> &mut Self {
        match (&cut.communes, cut.now) {
            (None, _) => self,
            (Some(communes), false) => self.among("r.commune", communes),
            (Some(communes), true) => {
                self.push(" AND r.station IN (SELECT id FROM station WHERE 1 = 1", []);
                self.among("commune", communes).push(")", [])
            }
        }
    }
}

macro_rules! bound {
    ($statement:expr) => {{
        let mut query = sqlx::query_as(AssertSqlSafe($statement.sql.clone()));
        for bind in &$statement.binds {
            query = match bind {
                Bind::Int(value) => query.bind(*value),
                Bind::Text(value) => query.bind(value.clone()),
                Bind::Bytes(value) => query.bind(value.clone()),
            };
        }
        query
    }};
}

macro_rules! all {
    ($db:expr, $statement:expr) => {
        Ok(reading!($db, pool => bound!($statement).fetch_all(pool).await?))
    };
}

/// What is looked for. Times in microseconds, `from` included, `to` not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// Whose.
    pub cut: Cut,
    /// Only this station.
    pub station: Option<String>,
    /// Due from then on.
    pub from: i64,
    /// Due before.
    pub to: i64,
    /// Only occurrences in which a bulletin of this category was sent.
    pub category: Option<String>,
    /// In this first language.
    pub language: Option<String>,
    /// This bulletin.
    pub bulletin: Option<String>,
    /// Only this outcome.
    pub outcome: Option<String>,
    /// With this reason.
    pub why: Option<String>,
    /// What comes after this one in order: later ones come first.
    pub after: Option<Key>,
}

/// The place of a record in the order of [`search`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Microseconds.
    pub ts: i64,
    /// The log's id.
    pub log: Vec<u8>,
    /// Its number there.
    pub seq: i64,
}

/// A record without its line.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[allow(missing_docs, reason = "the columns of `record`, defined with the table")]
pub struct Found {
    pub log: Vec<u8>,
    pub seq: i64,
    pub station: String,
    pub commune: String,
    pub ts: i64,
    pub area: String,
    pub slot: String,
    pub outcome: String,
    pub why: String,
    pub count: i64,
    pub frames: i64,
}

impl Found {
    /// Where it stands in order.
    pub fn key(&self) -> Key {
        Key { ts: self.ts, log: self.log.clone(), seq: self.seq }
    }
}

const FOUND: &str =
    "r.log, r.seq, r.station, r.commune, r.ts, r.area, r.slot, r.outcome, r.why, r.count, r.frames";

/// Outcomes, the latest due first, at most `limit`.
///
/// # Errors
/// The database.
pub async fn search(db: &Db, search: &Search, limit: i64) -> Result<Vec<Found>> {
    let statement = search_statement(search, limit);
    all!(db, statement)
}

/// How many there are, `most` at most.
///
/// # Errors
/// The database.
pub async fn count(db: &Db, search: &Search, most: i64) -> Result<i64> {
    let found = search_statement(search, most);
    let statement = Statement { sql: format!("SELECT COUNT(*) FROM ({}) n", found.sql), binds: found.binds };
    let rows: Result<Vec<(i64,)>> = all!(db, statement);
    Ok(rows?.first().map_or(0, |(count,)| *count))
}

fn search_statement(search: &Search, limit: i64) -> Statement {
    let by_content = search.category.is_some() || search.language.is_some() || search.bulletin.is_some();
    let mut statement = Statement::default();
    // Keys first, from one index; the records of those that are shown afterwards.
    statement.push(&format!("SELECT {FOUND} FROM ("), []);
    let one_by_one = match &search.cut {
        Cut { now: false, communes: Some(all) } if search.station.is_none() && search.bulletin.is_none() => {
            Some(all).filter(|all| (2..=ONE_BY_ONE).contains(&all.len()))
        }
        _ => None,
    };
    match one_by_one {
        Some(communes) => {
            for (index, commune) in communes.iter().enumerate() {
                let union = if index > 0 { " UNION ALL " } else { "" };
                statement.push(&format!("{union}SELECT * FROM ("), []);
                let one = Cut { now: false, communes: Some(vec![commune.clone()]) };
                keys(&mut statement, &Search { cut: one, ..search.clone() }, by_content, limit);
                statement.push(&format!(") c{index}"), []);
            }
        }
        None => keys(&mut statement, search, by_content, limit),
    }
    statement.push(
        ") k JOIN record r ON r.log = k.log AND r.seq = k.seq ORDER BY r.ts DESC, r.log DESC, r.seq DESC LIMIT ?",
        [limit.into()],
    );
    statement
}

/// The keys of at most `limit` outcomes, from `airing` or from `record`.
fn keys(statement: &mut Statement, search: &Search, by_content: bool, limit: i64) {
    let table = if by_content { "airing" } else { "record" };
    statement.push(
        &format!("SELECT r.log, r.seq FROM {table} r WHERE r.ts >= ? AND r.ts < ?"),
        [search.from.into(), search.to.into()],
    );
    if !by_content {
        statement.push(" AND r.kind = 'outcome'", []);
    }
    statement.cut(&search.cut);
    for (column, value) in [
        ("r.station", &search.station),
        ("r.category", &search.category),
        ("r.language", &search.language),
        ("r.bulletin", &search.bulletin),
        ("r.outcome", &search.outcome),
    ] {
        if let Some(value) = value {
            statement.push(&format!(" AND {column} = ?"), [value.as_str().into()]);
        }
    }
    if let Some(why) = &search.why {
        let of = if by_content {
            " AND EXISTS (SELECT 1 FROM record w WHERE w.log = r.log AND w.seq = r.seq AND w.why = ?)"
        } else {
            " AND r.why = ?"
        };
        statement.push(of, [why.as_str().into()]);
    }
    if by_content {
        first_item_only(statement, search);
    }
    if let Some(after) = &search.after {
        let key = [after.ts.into(), after.ts.into(), after.log.as_slice().into(), after.seq.into()];
        statement.push(" AND r.ts <= ? AND (r.ts, r.log, r.seq) < (?, ?, ?)", key);
    }
    statement.push(" ORDER BY r.ts DESC, r.log DESC, r.seq DESC LIMIT ?", [limit.into()]);
}

/// An occurrence with two bulletins that fit is found once.
fn first_item_only(statement: &mut Statement, search: &Search) {
    statement.push(
        " AND NOT EXISTS (SELECT 1 FROM airing b WHERE b.log = r.log AND b.seq = r.seq AND b.item < r.item",
        [],
    );
    for (column, value) in
        [("b.category", &search.category), ("b.language", &search.language), ("b.bulletin", &search.bulletin)]
    {
        if let Some(value) = value {
            statement.push(&format!(" AND {column} = ?"), [value.as_str().into()]);
        }
    }
    statement.push(")", []);
}

/// What was sent of one bulletin.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[allow(missing_docs, reason = "the columns of `airing`, defined with the table")]
pub struct Sent {
    pub log: Vec<u8>,
    pub seq: i64,
    pub bulletin: String,
    pub title: String,
    pub category: String,
    pub language: String,
    pub frames: i64,
    pub hotline: i64,
}

/// What was sent in these records, item by item.
///
/// # Errors
/// The database.
pub async fn sent(db: &Db, of: &[(&[u8], i64)]) -> Result<Vec<Sent>> {
    let mut all = Vec::new();
    // Bounded texts: few plans to keep, few values to bind.
    for some in of.chunks(100) {
        let mut statement = Statement::new(
            "SELECT log, seq, bulletin, title, category, language, frames, hotline FROM airing WHERE (log, seq) IN (",
        );
        statement.push(if some.is_empty() { "" } else { "VALUES " }, []);
        for (index, (log, seq)) in some.iter().enumerate() {
            let piece = if index > 0 { ", (?, ?)" } else { "(?, ?)" };
            statement.push(piece, [(*log).into(), (*seq).into()]);
        }
        statement.push(") ORDER BY log, seq, item", []);
        let rows: Result<Vec<Sent>> = all!(db, statement);
        all.extend(rows?);
    }
    Ok(all)
}

/// A record as it was received.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
#[allow(missing_docs, reason = "the columns of `record`, defined with the table")]
pub struct Kept {
    pub log: Vec<u8>,
    pub seq: i64,
    pub station: String,
    pub commune: String,
    pub received_at: i64,
    pub line: Vec<u8>,
}

/// One record.
///
/// # Errors
/// The database.
pub async fn record(db: &Db, log: &[u8], seq: i64) -> Result<Option<Kept>> {
    let mut statement =
        Statement::new("SELECT log, seq, station, commune, received_at, line FROM record WHERE ");
    statement.push("log = ? AND seq = ?", [log.into(), seq.into()]);
    let rows: Result<Vec<Kept>> = all!(db, statement);
    Ok(rows?.pop())
}

/// Records of a station that are due, or were written, in a span: at most `limit`, in order of time.
///
/// # Errors
/// The database.
pub async fn of_station(db: &Db, station: &str, from: i64, to: i64, limit: i64) -> Result<Vec<Kept>> {
    let mut statement =
        Statement::new("SELECT log, seq, station, commune, received_at, line FROM record WHERE ");
    let binds = [station.into(), from.into(), to.into(), limit.into()];
    statement.push("station = ? AND ts >= ? AND ts < ? ORDER BY ts, log, seq LIMIT ?", binds);
    all!(db, statement)
}

/// Lines of a log from `seq` on, at most `limit`.
///
/// # Errors
/// The database.
pub async fn lines(db: &Db, log: &[u8], from: i64, to: i64, limit: i64) -> Result<Vec<(i64, i64, Vec<u8>)>> {
    let mut statement = Statement::new("SELECT seq, at, line FROM record WHERE ");
    let binds = [log.into(), from.into(), to.into(), limit.into()];
    statement.push("log = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT ?", binds);
    all!(db, statement)
}

/// Which lines of which logs tell of a span.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Extent {
    /// The log.
    pub log: Vec<u8>,
    /// Whose.
    pub station: String,
    /// First line of the span.
    pub first: i64,
    /// Last line of the span.
    pub last: i64,
}

/// The extents of all logs of a cut (and station) in a span.
///
/// # Errors
/// The database.
pub async fn extents(
    db: &Db,
    cut: &Cut,
    station: Option<&str>,
    from: i64,
    to: i64,
    limit: i64,
) -> Result<Vec<Extent>> {
    let mut statement = Statement::new(
        "SELECT r.log AS log, r.station AS station, MIN(r.seq) AS first, MAX(r.seq) AS last FROM record r WHERE ",
    );
    statement.push("r.ts >= ? AND r.ts < ?", [from.into(), to.into()]).cut(cut);
    if let Some(station) = station {
        statement.push(" AND r.station = ?", [station.into()]);
    }
    statement.push(" GROUP BY r.log, r.station ORDER BY r.station, r.log LIMIT ?", [limit.into()]);
    all!(db, statement)
}

/// A station, for lists.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Station {
    /// Its id.
    pub id: String,
    /// Where it belongs now.
    pub commune: String,
    /// Where it stands.
    pub place: String,
}

/// Stations of these communes now.
///
/// # Errors
/// The database.
pub async fn stations(db: &Db, communes: Option<&[String]>, limit: i64) -> Result<Vec<Station>> {
    let mut statement = Statement::new("SELECT id, commune, place FROM station WHERE 1 = 1");
    if let Some(communes) = communes {
        statement.among("commune", communes);
    }
    statement.push(" ORDER BY id LIMIT ?", [limit.into()]);
    all!(db, statement)
}

/// One station.
///
/// # Errors
/// The database.
pub async fn station(db: &Db, id: &str) -> Result<Option<Station>> {
    let mut statement = Statement::new("SELECT id, commune, place FROM station WHERE ");
    statement.push("id = ?", [id.into()]);
    let rows: Result<Vec<Station>> = all!(db, statement);
    Ok(rows?.pop())
}

/// What was owed in `from..to` (days).
///
/// # Errors
/// The database.
pub async fn planned(db: &Db, cut: &Cut, from: i64, to: i64) -> Result<Vec<PlannedRow>> {
    let mut statement =
        Statement::new("SELECT r.commune, r.day, r.station, r.count FROM day_planned r WHERE ");
    statement.push("r.day >= ? AND r.day < ?", [from.into(), to.into()]).cut(cut);
    all!(db, statement)
}

/// How it ended.
///
/// # Errors
/// The database.
pub async fn outcomes(db: &Db, cut: &Cut, from: i64, to: i64) -> Result<Vec<OutcomeRow>> {
    let mut statement = Statement::new(
        "SELECT r.commune, r.day, r.station, r.outcome, r.why, r.count, r.frames FROM day_outcome r WHERE ",
    );
    statement.push("r.day >= ? AND r.day < ?", [from.into(), to.into()]).cut(cut);
    all!(db, statement)
}

/// What was sent, the days of the span together.
///
/// # Errors
/// The database.
pub async fn airings(db: &Db, cut: &Cut, from: i64, to: i64) -> Result<Vec<AiringRow>> {
    let mut statement = Statement::new(
        "SELECT r.commune, r.station, r.category, r.language, CAST(SUM(r.airings) AS BIGINT) AS airings, \
         CAST(SUM(r.frames) AS BIGINT) AS frames, CAST(SUM(r.hotline) AS BIGINT) AS hotline FROM day_airing r WHERE ",
    );
    statement.push("r.day >= ? AND r.day < ?", [from.into(), to.into()]).cut(cut);
    statement.push(" GROUP BY r.commune, r.station, r.category, r.language", []);
    all!(db, statement)
}

/// One outcome of one commune's day.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Cell {
    /// As the cut says: then, or now.
    pub commune: String,
    /// Days since 1970-01-01.
    pub day: i64,
    /// `planned`, or an outcome.
    pub what: String,
    /// Occurrences.
    pub count: i64,
}

/// The month grid: sums by commune and day, of outcomes and of what was planned.
///
/// # Errors
/// The database.
pub async fn grid(db: &Db, cut: &Cut, from: i64, to: i64) -> Result<Vec<Cell>> {
    let (column, join) =
        if cut.now { ("s.commune", " JOIN station s ON s.id = r.station") } else { ("r.commune", "") };
    let mut statement = Statement::default();
    for (index, (table, what)) in
        [("day_outcome", "r.outcome"), ("day_planned", "'planned'")].iter().enumerate()
    {
        let union = if index > 0 { " UNION ALL " } else { "" };
        statement.push(
            &format!(
                "{union}SELECT {column} AS commune, r.day AS day, {what} AS what, CAST(SUM(r.count) AS BIGINT) AS count \
                 FROM {table} r{join} WHERE r.day >= ? AND r.day < ?"
            ),
            [from.into(), to.into()],
        );
        statement.cut(cut);
        statement
            .push(&format!(" GROUP BY {column}, r.day{}", if index > 0 { "" } else { ", r.outcome" }), []);
    }
    all!(db, statement)
}

/// The head of a log and the newest receipt, for reports.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct LogHead {
    /// The log.
    pub id: Vec<u8>,
    /// Whose.
    pub station: String,
    /// Last line.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// What the receipt covers.
    pub receipt_seq: i64,
    /// The receipt.
    pub receipt: String,
}

/// All logs of stations that are in these communes now.
///
/// # Errors
/// The database.
pub async fn heads(db: &Db, communes: Option<&[String]>) -> Result<Vec<LogHead>> {
    let mut statement = Statement::new(
        "SELECT l.id, l.station, l.seq, l.hash, l.receipt_seq, l.receipt FROM log l JOIN station s ON s.id = l.station \
         WHERE l.seq > 0",
    );
    if let Some(communes) = communes {
        statement.among("s.commune", communes);
    }
    statement.push(" ORDER BY l.station, l.id", []);
    all!(db, statement)
}

/// The log that the registry names for a station.
///
/// # Errors
/// The database.
pub async fn registered_log(db: &Db, station: &str) -> Result<Option<Vec<u8>>> {
    let mut statement = Statement::new("SELECT log FROM station WHERE log IS NOT NULL AND ");
    statement.push("id = ?", [station.into()]);
    let rows: Result<Vec<(Vec<u8>,)>> = all!(db, statement);
    Ok(rows?.pop().map(|(log,)| log))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(communes: Option<&[&str]>, now: bool) -> Cut {
        Cut { now, communes: communes.map(|all| all.iter().map(|c| (*c).to_owned()).collect()) }
    }

    fn any(cut: Cut) -> Search {
        Search {
            cut,
            station: None,
            from: 0,
            to: i64::MAX,
            category: None,
            language: None,
            bulletin: None,
            outcome: None,
            why: None,
            after: None,
        }
    }

    /// What SQLite is going to do, a step a line.
    async fn plan(db: &Db, statement: &Statement) -> String {
        let Db::Sqlite { read, .. } = db else { return String::new() };
        let explained = Statement {
            sql: format!("EXPLAIN QUERY PLAN {}", statement.sql),
            binds: statement.binds.clone(),
        };
        let rows: Vec<(i64, i64, i64, String)> = bound!(explained).fetch_all(read).await.unwrap();
        rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn every_search_goes_by_an_index_and_none_reads_a_whole_table() {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::sqlite(&dir.path().join("hub.sqlite")).await.unwrap();
        let word = |w: &str| Some(w.to_owned());
        let area = || any(cut(Some(&["a", "b", "c"]), false));
        let key = Key { ts: 5, log: vec![0; 32], seq: 3 };
        for (search, by) in [
            (any(cut(None, false)), "record_ts"),
            (
                Search { outcome: word("missed"), after: Some(key.clone()), ..any(cut(None, false)) },
                "record_ts",
            ),
            (area(), "record_commune"),
            (Search { outcome: word("missed"), after: Some(key), ..area() }, "record_commune"),
            (Search { station: word("s"), ..any(cut(None, false)) }, "record_station"),
            (Search { station: word("s"), ..area() }, "record_"),
            (Search { category: word("law"), ..any(cut(None, false)) }, "airing_ts"),
            (Search { category: word("law"), language: word("vi"), ..area() }, "airing_commune"),
            (Search { bulletin: word("x"), ..any(cut(None, false)) }, "airing_bulletin"),
            (Search { bulletin: word("x"), ..area() }, "airing_"),
        ] {
            let plan = plan(&db, &search_statement(&search, 101)).await;
            assert!(
                plan.contains(&format!("USING INDEX {by}")) || plan.contains(&format!("COVERING INDEX {by}")),
                "{by}: {plan}"
            );
            let whole = plan
                .lines()
                .any(|l| l.starts_with("SCAN r") || l.starts_with("SCAN b") || l.starts_with("SCAN airing"));
            assert!(!whole, "{plan}");
        }
    }

    #[test]
    fn nothing_is_among_nothing() {
        let mut statement = Statement::new("SELECT 1 WHERE 1 = 1");
        statement.among("x", &[]).push(" AND y = ?", [Bind::Int(1)]);
        assert_eq!(statement.sql, "SELECT 1 WHERE 1 = 1 AND 1 = 0 AND y = $1");
    }
}
