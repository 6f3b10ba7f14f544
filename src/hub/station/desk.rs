//! What the hub needs to answer stations: its secret for nonces, its receipt key, and what it last saw of each log.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{nonce::Nonces, registry::Cache};
use crate::{
    asrun::key::{KeyError, LogKey},
    cli::Failure,
    digest::Digest,
    durable,
    text::hub as say,
};

/// See the module.
#[derive(Debug)]
pub struct Desk {
    pub(super) nonces: Nonces,
    /// Signs receipts; the registry lists its public half.
    pub receipts: LogKey,
    pub(super) registry: Cache,
    strikes: Mutex<HashMap<(Digest, Odd), u64>>,
}

/// What may happen once on an honest way (a reply lost, a request late), and means something the second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Odd {
    /// Lines began past those that are held.
    Gap,
    /// A station said that its log is shorter than what a receipt covers.
    Short,
}

impl Desk {
    /// Opens the keys in the hub's data folder, or makes them.
    ///
    /// # Errors
    /// The disk, or a key that others may read.
    pub fn open(data: &Path) -> Result<Self, Failure> {
        let keys = data.join("keys");
        let disk = |e: std::io::Error| Failure::Machine(say::no_data(keys.display(), e.to_string()));
        durable::create_dir(&keys).map_err(disk)?;
        durable::sweep(&keys).map_err(disk)?;
        let bad = |e: KeyError| Failure::Machine(e.text());
        let path = keys.join("receipts.key");
        let receipts =
            if path.exists() { LogKey::load(&path) } else { LogKey::create(&path) }.map_err(bad)?;
        let nonces = Nonces::new(&secret(&keys.join("nonces.key")).map_err(disk)?);
        let registry = Cache::new(data);
        Ok(Self { nonces, receipts, registry, strikes: Mutex::default() })
    }

    /// Notes something odd about a log at line `at`; true when it is the second time at the same line.
    pub(super) fn is_second(&self, log: &Digest, odd: Odd, at: u64) -> bool {
        let mut strikes = self.strikes.lock().unwrap_or_else(PoisonError::into_inner);
        strikes.insert((*log, odd), at) == Some(at)
    }

    /// All is well in this respect: the next odd thing is a first one.
    pub(super) fn is_well(&self, log: &Digest, odd: Odd) {
        self.strikes.lock().unwrap_or_else(PoisonError::into_inner).remove(&(*log, odd));
    }
}

/// Random bytes of this hub's own, made at first start.
fn secret(path: &PathBuf) -> std::io::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    match std::fs::read_to_string(path) {
        Ok(text) if hex::decode_to_slice(text.trim(), &mut bytes).is_ok() => return Ok(bytes),
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
        // Nonces that were given are good for nothing then: stations ask again.
        _ => {}
    }
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| std::io::Error::other("no random numbers"))?;
    durable::replace_with_mode(path, hex::encode(bytes).as_bytes(), 0o600)?;
    Ok(bytes)
}
