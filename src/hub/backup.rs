//! `hub backup DIR` and `hub restore DIR`. A copy is taken while the hub runs, and is of one moment where that matters:
//! the database by its own means (`db::copy`), lists, drafts and keys while nobody may change them. Contents and everything
//! else in the data folder are only ever added, so they are copied after. The public copy of the feed is left out: it
//! is made anew from the office folder.
//!
//! ```text
//! DIR/backup.json      written last: what the rest is
//! DIR/hub.sqlite       or DIR/postgres/<table>.jsonl
//! DIR/data/            the data folder, with the online keys: keep it as safe as the server
//! ```

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Hub,
    config::Config,
    db::{Db, copy},
    feed::{self, OFFICE, PUBLIC},
};
use crate::{
    cli::Failure,
    clock::Clock,
    durable::{self, Incoming},
    feed::roles::TARGETS_DIR,
    office::{
        Error,
        feed_files::{Published, walk},
        renew,
    },
    text::{hub as words, hub_feed as say},
};

/// The newest layout of a copy.
const FORMAT: u32 = 1;
/// Marks a finished copy.
const MARK: &str = "backup.json";
/// The database file, in the data folder and in a copy.
pub const SQLITE: &str = "hub.sqlite";
/// A restored feed takes numbers so far ahead: stations may have seen some of those after the copy, and never go back.
const LEAP: u64 = 10_000;

/// What a copy is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    format: u32,
    engine: String,
    made_at: DateTime<Utc>,
    program: String,
}

/// Copies a hub, which may be running, into the empty folder `to`. How many files that were.
///
/// # Errors
/// Refused: `to` is not empty. Machine: disk or database; the copy then has no mark, and is none.
pub async fn backup(hub: &Hub, to: &Path) -> Result<usize, Failure> {
    empty(to)?;
    durable::create_dir(to).map_err(io_at(to))?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).map_err(io_at(to))?;
    let mut count = copy::dump(&hub.db, to).await.map_err(database)?;
    let (data, goal) = (hub.config.data.clone(), to.join("data"));
    let turn = feed::turn(hub).await.map_err(|f| Failure::Machine(f.text()))?;
    let first = {
        let (data, goal) = (data.clone(), goal.clone());
        blocking(move || copy_all(&data, &goal, of_the_moment)).await?
    };
    drop(turn);
    count +=
        first + blocking(move || copy_all(&data, &goal, |file| !of_the_moment(file) && lasts(file))).await?;
    let mark = Mark {
        format: FORMAT,
        engine: hub.db.engine().to_owned(),
        made_at: hub.now(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let json = serde_json::to_vec_pretty(&mark).map_err(|e| Failure::Machine(crate::text::Text::same(e)))?;
    let path = to.join(MARK);
    durable::replace(&path, &json).map_err(io_at(&path))?;
    Ok(count + 1)
}

/// Lists, drafts and keys.
fn of_the_moment(file: &Path) -> bool {
    file.starts_with(OFFICE)
        && !file.starts_with(Path::new(OFFICE).join("feed").join(TARGETS_DIR))
        && !file.starts_with(Path::new(OFFICE).join("files"))
}

/// What is neither the database nor made anew.
fn lasts(file: &Path) -> bool {
    let database = file.as_os_str().to_string_lossy().starts_with(SQLITE);
    !database && !file.starts_with(PUBLIC)
}

/// Builds a hub from the copy `from`: its data folder must be absent or empty, and so must its database. The hub is
/// there whole or not at all.
///
/// # Errors
/// Refused: see above, or `from` is no finished copy, or of the other engine.
pub async fn restore(config: Config, clock: Arc<dyn Clock>, from: &Path) -> Result<usize, Failure> {
    let mark = mark(from)?;
    empty(&config.data)?;
    let want = if config.database.is_some() { copy::POSTGRES } else { copy::SQLITE };
    if mark.engine != want {
        return Err(Failure::Refused(say::other_engine(mark.engine, want)));
    }
    let mut name = config.data.as_os_str().to_owned();
    name.push(OsString::from(".unfinished"));
    let arriving = PathBuf::from(name);
    match fs::remove_dir_all(&arriving) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(io_at(&arriving)(e)),
        _ => durable::create_dir(&arriving).map_err(io_at(&arriving))?,
    }
    fs::set_permissions(&arriving, fs::Permissions::from_mode(0o700)).map_err(io_at(&arriving))?;
    let (source, goal) = (from.join("data"), arriving.clone());
    let mut count = blocking(move || copy_all(&source, &goal, |_| true)).await?;
    match &config.database {
        None => count += usize::from(copy_file(&from.join(SQLITE), &arriving.join(SQLITE))?),
        Some(url) => {
            let db = Db::postgres(&url.0).await.map_err(|e| database(e.into()))?;
            count += copy::load(&db, from)
                .await
                .map_err(database)?
                .ok_or_else(|| Failure::Refused(say::database_not_empty()))?;
            db.close().await;
        }
    }
    let (now, office) = (clock.now().wall, feed::folder(&arriving));
    blocking(move || {
        if office.marker().exists() && Published::load(&office)?.is_some() {
            let online = feed::online(&office)?;
            let _lock = office.lock()?;
            renew::leap(&office, now, &online, LEAP)?;
        }
        Ok(())
    })
    .await?;
    durable::relocate(&arriving, &config.data).map_err(io_at(&config.data))?;
    Ok(count)
}

fn mark(from: &Path) -> Result<Mark, Failure> {
    let none = || Failure::Refused(say::not_a_backup(from.display()));
    let bytes = fs::read(from.join(MARK)).map_err(|_| none())?;
    let mark: Mark = serde_json::from_slice(&bytes).map_err(|_| none())?;
    if mark.format == FORMAT { Ok(mark) } else { Err(none()) }
}

fn empty(dir: &Path) -> Result<(), Failure> {
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(Failure::Refused(say::not_empty(dir.display()))),
        },
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(io_at(dir)(e)),
    }
}

/// Copies what `wanted` says of the files below `from`, with their permissions.
fn copy_all(from: &Path, to: &Path, wanted: impl Fn(&Path) -> bool) -> crate::office::Result<usize> {
    let mut count = 0;
    for file in walk(from)?.iter().filter(|file| wanted(file)) {
        let copied = copy_file(&from.join(file), &to.join(file)).map_err(|f| match f {
            Failure::Machine(text) => Error::Machine(text),
            Failure::Refused(text) | Failure::Usage(text) => Error::Refused(text),
            Failure::Faults(faults) => Error::Faults(faults),
        })?;
        count += usize::from(copied);
    }
    Ok(count)
}

/// False when it went meanwhile: what is superseded is tidied away, and nothing names it any more.
fn copy_file(from: &Path, to: &Path) -> Result<bool, Failure> {
    let mut source = match File::open(from) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(io_at(from)(e)),
    };
    let mode = source.metadata().map_err(io_at(from))?.mode() & 0o777;
    let dir = to.parent().unwrap_or(Path::new("."));
    durable::create_dir(dir).map_err(io_at(dir))?;
    let mut copy = Incoming::create_with_mode(dir, mode).map_err(io_at(to))?;
    io::copy(&mut source, &mut copy).map_err(io_at(to))?;
    copy.commit(to).map_err(io_at(to))?;
    Ok(true)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> crate::office::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|e| Failure::Machine(crate::text::Text::same(e)))??)
}

fn io_at(path: &Path) -> impl FnOnce(io::Error) -> Failure + '_ {
    move |e| Error::io(path)(e).into()
}

fn database(error: copy::Broken) -> Failure {
    Failure::Machine(words::no_database(error.to_string()))
}
