//! Does this root fit the feed at this address? Tried in a folder of its own, which is gone afterwards.

use std::{
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    cli::{Failure, runtime},
    clock::Clock,
    durable,
    feed::{
        Mode, Now, Store, Who,
        http::{HttpSource, Limits, Setup},
    },
    ids::StationId,
    station::enroll::LONGEST_ROOT,
    text::{Text, cli as say},
};

/// What is to be tried.
pub struct Trial<'a> {
    /// Which station asks.
    pub id: &'a StationId,
    /// The root's bytes.
    pub root: &'a [u8],
    /// The feed's address.
    pub url: &'a str,
    /// Further certificates, of the configuration that is there.
    pub ca: Option<PathBuf>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
}

/// A folder for one trial.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Text> {
        let dir = std::env::temp_dir().join(format!("loaxa-setup-{:016x}", fastrand::u64(..)));
        let made = durable::create_dir(&dir).map(|()| Self(dir.clone()));
        made.map_err(|e| crate::text::sync::disk(dir.display(), &e))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// The bytes of a root that verifies by its own keys.
///
/// # Errors
/// No such file, or it is something else; in words.
pub fn read_root(path: &Path) -> Result<Vec<u8>, Text> {
    let mut bytes = Vec::new();
    let file = match std::fs::File::open(path) {
        Ok(file) if !path.is_dir() => file,
        _ => return Err(say::setup_no_file(path.display())),
    };
    file.take(LONGEST_ROOT + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| crate::text::sync::disk(path.display(), &e))?;
    if bytes.len() as u64 > LONGEST_ROOT {
        return Err(say::setup_no_root(path.display()));
    }
    let scratch = Scratch::new()?;
    match Store::enrol(&scratch.0, &bytes) {
        Ok(_) => Ok(bytes),
        Err(refusal) => {
            tracing::debug!("{}", refusal.text().en);
            Err(say::setup_no_root(path.display()))
        }
    }
}

impl Trial<'_> {
    /// Asks the feed once, as the station will. The inner error is for people: the address may be right all the same.
    ///
    /// # Errors
    /// This machine's disk.
    pub fn run(self) -> Result<Result<(), Text>, Failure> {
        let scratch = Scratch::new().map_err(Failure::Machine)?;
        let mut store = Store::enrol(&scratch.0, self.root).map_err(|r| Failure::Machine(r.text()))?;
        let limits = Limits { attempts: 1, ..Limits::default() };
        let now = Now { wall: self.clock.now().wall, trusted: false };
        let setup = Setup { url: self.url.to_owned(), cache: None, ca: self.ca, limits, clock: self.clock };
        let source = match HttpSource::new(setup) {
            Ok(source) => source,
            Err(why) => return Ok(Err(why)),
        };
        let who = Who { station: self.id.clone(), key: [0; 32] };
        let asked = runtime()?.block_on(store.refresh(&source, Mode::Online, &who, now));
        Ok(match asked {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.try_again() => Err(say::setup_feed_silent(refusal.text())),
            Err(refusal) => Err(say::setup_feed_other(refusal.text())),
        })
    }
}
