//! Whoever hosts a feed, and what may be wrong with him.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use loaxa::{
    feed::source::{FetchError, Source},
    text::Text,
};

/// A host that may lie, fail or break off. Remembers what was asked of it.
#[derive(Default, Clone)]
pub struct Host {
    /// What it serves.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Names that it says it does not have.
    pub absent: BTreeSet<String>,
    /// Names whose transfer breaks off.
    pub broken: BTreeSet<String>,
    /// Names that never end.
    pub endless: BTreeSet<String>,
    /// Names asked for, in order.
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Host {
    /// Changes one file.
    pub fn alter(&mut self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        change(self.files.get_mut(name).unwrap_or_else(|| panic!("no file {name}")));
    }

    /// What was asked so far; forgets it.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

#[async_trait]
impl Source for Host {
    async fn fetch(&self, name: &str, max: u64) -> Result<Vec<u8>, FetchError> {
        self.asked.lock().unwrap().push(name.to_owned());
        if self.broken.contains(name) {
            return Err(FetchError::Broken(Text::same("connection reset")));
        }
        if self.endless.contains(name) {
            return Err(FetchError::Refused(Text::same(format!("more than {max} bytes"))));
        }
        match self.files.get(name) {
            Some(bytes) if self.absent.contains(name) || bytes.is_empty() => Err(FetchError::Absent),
            Some(bytes) if bytes.len() as u64 > max => {
                Err(FetchError::Refused(Text::same(format!("more than {max} bytes"))))
            }
            Some(bytes) => Ok(bytes.clone()),
            None => Err(FetchError::Absent),
        }
    }
}
