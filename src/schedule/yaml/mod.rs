//! YAML with positions: every fault of a file at once, each with file:line:column, in the reader's language.
//!
//! `tree` turns saphyr-parser's events into nodes with positions and refuses what configuration never needs (aliases,
//! tags, duplicate keys, depth). serde_yaml then deserialises exactly that tree, so that two parsers cannot read one
//! file in two ways. `explain` says in words what serde found. [`read_like`] mends each fault from an example and tries
//! again, so that one run names them all.

mod explain;
mod repair;
mod tree;

use serde::de::DeserializeOwned;

use self::tree::Node;
pub use self::{
    explain::nearest,
    tree::{BLANK, Only, Positions},
};
use crate::{
    fault::{Faults, Place},
    text::schedule as words,
};

/// Bytes of the longest file that is read: a registry of 10,000 stations has about 3 MB.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Faults of shape that one run names; more are of no use to a reader.
const MAX_FAULTS: usize = 64;

/// A file as far as it could be read.
#[derive(Debug)]
pub struct Loaded<T> {
    /// Its content; what was missing or wrong was put in from the example.
    pub value: T,
    /// Where each value stands.
    pub positions: Positions,
    /// What is wrong with its shape. Empty: `value` is the file.
    pub faults: Faults,
}

/// Reads `text` as a `T` and tells where each of its values stands.
///
/// # Errors
/// All unknown fields, and the first fault of another kind. [`read_like`] goes on after those too.
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<(T, Positions), Faults> {
    let loaded = read_tree(file, text, None, None)?;
    loaded.faults.or((loaded.value, loaded.positions))
}

/// Like [`read`], with a valid `example` of the same kind of file: remedies quote it, and every fault is named, since
/// what is missing or wrong is replaced from it for the rest of the reading. The list entry of an example stands for all.
///
/// # Errors
/// Everything that is wrong with the shape of the file.
pub fn read_like<T: DeserializeOwned>(
    file: &str,
    text: &str,
    example: &str,
) -> Result<(T, Positions), Faults> {
    let loaded = load(file, text, example)?;
    loaded.faults.or((loaded.value, loaded.positions))
}

/// Like [`read_like`], but hands over what could be mended too, so that the meaning of the rest can be checked.
///
/// # Errors
/// When nothing can be mended: not YAML, too long, another kind of file.
pub fn load<T: DeserializeOwned>(file: &str, text: &str, example: &str) -> Result<Loaded<T>, Faults> {
    let (example, _) = tree::parse("example", example)?;
    read_tree(file, text, Some(&example), None)
}

/// Like [`load`], with `only` some entries of one list. Of the others only the syntax is looked at.
///
/// # Errors
/// As [`load`].
pub fn load_only<T: DeserializeOwned>(
    file: &str,
    text: &str,
    example: &str,
    only: Only<'_>,
) -> Result<Loaded<T>, Faults> {
    let (example, _) = tree::parse("example", example)?;
    read_tree(file, text, Some(&example), Some(only))
}

/// Like [`read`], with `only` some entries of one list.
///
/// # Errors
/// As [`read`].
pub fn read_only<T: DeserializeOwned>(file: &str, text: &str, only: Only<'_>) -> Result<T, Faults> {
    let loaded = read_tree(file, text, None, Some(only))?;
    loaded.faults.or(loaded.value)
}

/// The keys of the top level, to recognise the kind of a file.
///
/// # Errors
/// The file is no YAML, or not of the simple kind that is read here.
pub fn top_keys(file: &str, text: &str) -> Result<Vec<String>, Faults> {
    let (node, _) = tree::parse(file, text)?;
    Ok(node.keys().map(str::to_owned).collect())
}

fn read_tree<T: DeserializeOwned>(
    file: &str,
    text: &str,
    example: Option<&Node>,
    only: Option<Only<'_>>,
) -> Result<Loaded<T>, Faults> {
    if text.len() > MAX_BYTES {
        let what = words::file_too_long(text.len().div_ceil(1024), MAX_BYTES / 1024);
        return Err(Faults::one(Place::file(file), what, words::file_too_long_remedy()));
    }
    let (mut node, mut positions) = tree::parse_some(file, text, only)?;
    let mut faults = Faults::default();
    while faults.0.len() < MAX_FAULTS {
        let wrong = match explain::deserialize::<T>(&node) {
            Ok(value) => return Ok(Loaded { value, positions, faults: sorted(faults) }),
            Err(wrong) => wrong,
        };
        let fault = wrong.fault(&positions, example);
        if faults.0.contains(&fault) {
            break;
        }
        faults.0.push(fault);
        if !repair::mend(&mut node, &mut positions, &wrong, example) {
            break;
        }
    }
    Err(sorted(faults))
}

/// In the order of places, as [`Faults::or`] leaves them.
fn sorted(mut faults: Faults) -> Faults {
    faults.0.sort_by(|a, b| a.place.cmp(&b.place));
    faults
}

#[cfg(test)]
mod tests;
