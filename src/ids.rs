//! Names that cross rooms. All are ASCII slugs, so that they are safe as file names, TUF target names and YAML keys.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is not a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 64 of a-z, 0-9 and inner hyphens")]
pub struct NotASlug;

/// 1 to 64 characters of `a-z`, `0-9` and `-`, with no hyphen at either end.
pub fn is_slug(s: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=64).contains(&s.len()) && s.bytes().all(inner) && !s.starts_with('-') && !s.ends_with('-')
}

macro_rules! slugs {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Box<str>);

        impl $name {
            /// The name as written in files.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NotASlug;
            fn from_str(s: &str) -> Result<Self, NotASlug> {
                if is_slug(s) { Ok(Self(s.into())) } else { Err(NotASlug) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

slugs! {
    /// An office's area in the free tree province > area > commune. `urgent` is reserved, see [`AreaId::urgent`].
    AreaId;
    /// A slot of a schedule, unique within its area; for an urgent order, the order's id.
    SlotId;
    /// One recording: one language version of a work, or a chime.
    BulletinId;
    /// What translations share: one work is one bulletin in several languages.
    WorkId;
    /// One box on one PA.
    StationId;
}

impl AreaId {
    /// The name that stands for an area in the occurrence of an urgent order. No office may have it.
    pub fn urgent() -> Self {
        Self("urgent".into())
    }

    /// Whether this is the reserved name of urgent orders.
    pub fn is_urgent(&self) -> bool {
        &*self.0 == "urgent"
    }
}

impl StationId {
    /// Who reads a feed without being a station.
    pub fn nobody() -> Self {
        Self("nobody".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_can_leave_no_folder_and_needs_no_quoting() {
        for good in ["a", "yen-the", "9-tin", &"x".repeat(64)] {
            assert!(good.parse::<AreaId>().is_ok(), "{good}");
        }
        for bad in ["", "-a", "a-", "A", "yên-thế", "a/b", "..", "a.b", "a b", &"x".repeat(65)] {
            assert_eq!(bad.parse::<AreaId>(), Err(NotASlug), "{bad}");
        }
    }
}
