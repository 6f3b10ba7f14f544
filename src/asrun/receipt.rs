//! What the hub signs to say that it holds a log up to a line. With it, a tail cannot be cut unnoticed. Pure.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    canon::{self, Json, NotCanonical},
    chain::Head,
    key::{LogKey, Verifying},
    schema,
};
use crate::{digest::Digest, schedule::occurrence::micros};

/// The hub holds `log` up to line `seq`, whose hash is `hash`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Log id.
    pub log: Digest,
    /// The last line held.
    pub seq: u64,
    /// SHA-256 of that line.
    pub hash: Digest,
    /// When the hub signed it, by its own clock.
    #[serde(with = "micros")]
    pub at: DateTime<Utc>,
}

/// Why a receipt is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Not a receipt in its one spelling.
    Malformed,
    /// None of the receipt keys signed it.
    Signature,
}

impl Receipt {
    /// The head that it vouches for.
    pub fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash }
    }

    /// The signed line, without its newline.
    pub fn line(&self, key: &LogKey) -> Result<Vec<u8>, NotCanonical> {
        Ok(canon::seal(canon::print(self)?, |bytes| key.sign(bytes)))
    }

    /// Reads a line. With `keys`, one of them must have signed it; without, the signer stays unproven.
    pub fn read(line: &[u8], keys: Option<&[Verifying]>) -> Result<Self, Refused> {
        let read = || {
            let (signed, sig) = canon::split(line)?;
            let Json::Map(mut members) = Json::read(line).ok()? else { return None };
            members.pop();
            schema::object(&members, &schema::RECEIPT).ok()?;
            Some((signed, sig, serde_json::from_slice(line).ok()?))
        };
        let (signed, sig, receipt) = read().ok_or(Refused::Malformed)?;
        if keys.is_some_and(|keys| !keys.iter().any(|k| k.verify(signed, &sig))) {
            return Err(Refused::Signature);
        }
        Ok(receipt)
    }
}
