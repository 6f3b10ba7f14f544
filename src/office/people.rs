//! Who holds which key. The list is signed: it stands in the extra field `people` of top-level `targets`
//! (`{"<public key, hex>": "<name>"}`), beside the delegations that it explains, so that whoever verifies the feed
//! can say by whom a bulletin was approved. TUF 1.0.34 §4 lets a signed object carry further fields.
//!
//! One person may hold several keys (an everyday one, one for root); two people never share one.

use std::collections::BTreeMap;

use serde_json::Value;
use tough::schema::Targets;

use super::{
    import::{fold, suggest_id},
    keys::PublicKey,
};

/// The extra field of `targets`.
pub const FIELD: &str = "people";

/// Names by public key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People(pub BTreeMap<PublicKey, String>);

impl People {
    /// The list signed in `targets`; what is not a key with a name is left out.
    pub fn of(targets: &Targets) -> Self {
        let entries = targets._extra.get(FIELD).and_then(Value::as_object).into_iter().flatten();
        Self(entries.filter_map(|(key, name)| Some((key.parse().ok()?, name.as_str()?.to_owned()))).collect())
    }

    /// Puts the list into `targets`, in place of the one there.
    pub fn put_into(&self, targets: &mut Targets) {
        let map = self.0.iter().map(|(k, name)| (k.to_string(), Value::from(name.as_str()))).collect();
        targets._extra.insert(FIELD.to_owned(), Value::Object(map));
    }

    /// Who holds `key`.
    pub fn name(&self, key: &PublicKey) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The names of these keys' holders, sorted; `?` for one without a name.
    pub fn names<'a>(&self, keys: impl IntoIterator<Item = &'a PublicKey>) -> Vec<String> {
        let mut names: Vec<_> = keys.into_iter().map(|k| self.name(k).unwrap_or("?").to_owned()).collect();
        names.sort();
        names
    }
}

/// Whether somebody who types `typed` means the person `name`: the whole name or the given name, which stands last;
/// accents and capitals aside.
pub fn means(typed: &str, name: &str) -> bool {
    let (typed, name) = (fold(typed), fold(name));
    name == typed || name.ends_with(&format!(" {typed}"))
}

/// A file name for a person: without accents, hyphens between words; `khoa` ("key") if nothing is left.
pub fn stem(name: &str) -> String {
    suggest_id(name).map_or_else(|| "khoa".to_owned(), |id| id.as_str().chars().take(48).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_without_its_accents_and_makes_a_file_name() {
        assert_eq!(fold("Đặng Thị LAN"), "dang thi lan");
        assert_eq!(fold("Nguye\u{302}\u{303}n"), fold("Nguyễn"));
        assert_eq!(stem("Đặng Thị Lan (trực)"), "dang-thi-lan-truc");
        assert_eq!(stem("阿"), "khoa");
        assert!(crate::ids::is_slug(&stem(&"a b".repeat(40))));
    }
}
