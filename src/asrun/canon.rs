//! The one way in which a line may be written, and the strict reading of it. Pure.
//!
//! Lines are judged as bytes: what is read is printed again by a generic printer, never by today's types, so that
//! kinds and keys of a newer writer still verify.

use std::{collections::BTreeSet, fmt, io};

use aws_lc_rs::signature::ED25519_PUBLIC_KEY_LEN;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use serde_json::ser::{CharEscape, Formatter};

/// Bytes of the longest line, newline not counted. Bounds what a reader must hold.
pub const MAX_LINE: usize = 1 << 20;

/// How deep lists and objects may nest; the line itself is 1.
pub const MAX_DEPTH: usize = 16;

/// Integers lie within ±(2^53 - 1), so that every JSON reader keeps them exact (RFC 7493 §2.2).
pub const MAX_INT: i64 = (1 << 53) - 1;

/// `,"sig":"`, 128 hex digits, `"}`.
const SIG_KEY: &[u8] = b",\"sig\":\"";
const SIG_LEN: usize = 64;
const TAIL_LEN: usize = SIG_KEY.len() + 2 * SIG_LEN + 2;

/// A raw Ed25519 public key (RFC 8032 §5.1.5).
pub type PublicKey = [u8; ED25519_PUBLIC_KEY_LEN];

/// A value of the few forms that a line may hold. Objects keep the order in which they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `true` or `false`.
    Bool(bool),
    /// Within ±[`MAX_INT`].
    Int(i64),
    /// Any Unicode text.
    Text(String),
    /// `[…]`
    List(Vec<Json>),
    /// `{…}`, no key twice.
    Map(Vec<(String, Json)>),
}

/// The bytes are not what the canonical printer would write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not canonical JSON near byte {at}")]
pub struct NotCanonical {
    /// Where reading stopped, or where the printer would have written something else; from 0.
    pub at: usize,
}

impl Json {
    /// Reads bytes that are exactly what [`print`] writes.
    pub fn read(bytes: &[u8]) -> Result<Self, NotCanonical> {
        let value: Self =
            serde_json::from_slice(bytes).map_err(|e| NotCanonical { at: e.column().saturating_sub(1) })?;
        if value.depth() > MAX_DEPTH {
            return Err(NotCanonical { at: 0 });
        }
        let again = print(&value)?;
        if again == bytes {
            return Ok(value);
        }
        let same = again.iter().zip(bytes).take_while(|(a, b)| a == b).count();
        Err(NotCanonical { at: same })
    }

    /// The member `key` of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The text of a member.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Self::Text(s)) => Some(s),
            _ => None,
        }
    }

    fn depth(&self) -> usize {
        match self {
            Self::List(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Self::Map(members) => 1 + members.iter().map(|(_, v)| v.depth()).max().unwrap_or(0),
            _ => 0,
        }
    }
}

/// Compact JSON in the order of `value`'s keys; fails for a float, a `null` and an integer out of range.
pub fn print(value: &impl Serialize) -> Result<Vec<u8>, NotCanonical> {
    let mut out = Vec::with_capacity(512);
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, Canon);
    match value.serialize(&mut serializer) {
        Ok(()) => Ok(out),
        Err(_) => Err(NotCanonical { at: out.len() }),
    }
}

/// The line (without newline) of an object: `unsigned` is its compact JSON, `sign` makes an Ed25519 signature.
pub fn seal(mut unsigned: Vec<u8>, sign: impl FnOnce(&[u8]) -> [u8; SIG_LEN]) -> Vec<u8> {
    unsigned.pop();
    let sig = hex::encode(sign(&unsigned));
    unsigned.extend_from_slice(SIG_KEY);
    unsigned.extend_from_slice(sig.as_bytes());
    unsigned.extend_from_slice(b"\"}");
    unsigned
}

/// The bytes that a line's signature covers, and the signature.
pub fn split(line: &[u8]) -> Option<(&[u8], [u8; SIG_LEN])> {
    let (signed, tail) = line.split_at_checked(line.len().checked_sub(TAIL_LEN)?)?;
    let digits = tail.strip_prefix(SIG_KEY)?.strip_suffix(b"\"}")?;
    let mut sig = [0; SIG_LEN];
    if digits.iter().any(u8::is_ascii_uppercase) || hex::decode_to_slice(digits, &mut sig).is_err() {
        return None;
    }
    Some((signed, sig))
}

/// serde_json's printer, with the freedoms of JSON taken away.
struct Canon;

impl Formatter for Canon {
    fn write_null<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        Err(io::ErrorKind::InvalidData.into())
    }

    fn write_i64<W: ?Sized + io::Write>(&mut self, w: &mut W, n: i64) -> io::Result<()> {
        if n.unsigned_abs() > MAX_INT.unsigned_abs() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        write!(w, "{n}")
    }

    fn write_u64<W: ?Sized + io::Write>(&mut self, w: &mut W, n: u64) -> io::Result<()> {
        self.write_i64(w, i64::try_from(n).map_err(|_| io::ErrorKind::InvalidData)?)
    }

    fn write_f32<W: ?Sized + io::Write>(&mut self, _: &mut W, _: f32) -> io::Result<()> {
        Err(io::ErrorKind::InvalidData.into())
    }

    fn write_f64<W: ?Sized + io::Write>(&mut self, _: &mut W, _: f64) -> io::Result<()> {
        Err(io::ErrorKind::InvalidData.into())
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, w: &mut W, escape: CharEscape) -> io::Result<()> {
        let control = match escape {
            CharEscape::Quote => return w.write_all(b"\\\""),
            CharEscape::ReverseSolidus => return w.write_all(b"\\\\"),
            CharEscape::Solidus => return w.write_all(b"/"),
            CharEscape::Backspace => 0x08,
            CharEscape::FormFeed => 0x0c,
            CharEscape::LineFeed => 0x0a,
            CharEscape::CarriageReturn => 0x0d,
            CharEscape::Tab => 0x09,
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(w, "\\u{control:04x}")
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(b) => s.serialize_bool(*b),
            Self::Int(n) => s.serialize_i64(*n),
            Self::Text(t) => s.serialize_str(t),
            Self::List(items) => s.collect_seq(items),
            Self::Map(members) => {
                let mut map = s.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> de::Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, list, text, whole number, true or false")
    }

    fn visit_bool<E: de::Error>(self, b: bool) -> Result<Json, E> {
        Ok(Json::Bool(b))
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Json, E> {
        Ok(Json::Int(n))
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Json, E> {
        i64::try_from(n).map(Json::Int).map_err(E::custom)
    }

    fn visit_str<E: de::Error>(self, s: &str) -> Result<Json, E> {
        Ok(Json::Text(s.to_owned()))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = Vec::new();
        let mut seen = BTreeSet::new();
        while let Some((key, value)) = map.next_entry::<String, Json>()? {
            if !seen.insert(key.clone()) {
                return Err(de::Error::custom("a key stands twice"));
            }
            members.push((key, value));
        }
        Ok(Json::Map(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_spelling_is_read() {
        for good in [r#"{"a":1}"#, r#"{"a":"\"\\\u000a/đài"}"#, r#"{"a":[-9007199254740991,true,{}]}"#, "{}"]
        {
            let value = Json::read(good.as_bytes());
            assert!(value.is_ok(), "{good}: {value:?}");
        }
        for bad in [
            r#"{"a": 1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e3}"#,
            r#"{"a":-0}"#,
            r#"{"a":01}"#,
            r#"{"a":null}"#,
            r#"{"a":9007199254740992}"#,
            r#"{"a":99999999999999999999}"#,
            r#"{"a":"\n"}"#,
            r#"{"a":"\u000A"}"#,
            r#"{"a":"\u0041"}"#,
            r#"{"a":"\u0111"}"#,
            r#"{"a":"\/"}"#,
            r#"{"a":1,"a":2}"#,
            "{\"a\":\"\u{1}\"}",
            "\u{feff}{}",
            "{}\r",
            "{} ",
            "",
            "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
        ] {
            assert!(Json::read(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Json::read(b"{\"a\":\"\xff\"}").is_err());
    }

    #[test]
    fn a_refusal_points_at_the_byte() {
        assert_eq!(Json::read(br#"{"a":1,"b": 2}"#), Err(NotCanonical { at: 11 }));
    }
}
