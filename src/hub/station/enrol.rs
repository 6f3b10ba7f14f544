//! A box becomes a station: a one-time code against the feed's root, the log's key for the province to sign.

use axum::{
    Json,
    extract::{Request, State},
    response::IntoResponse,
};
use chrono::TimeDelta;

use super::{auth, registry};
use crate::{
    asrun::key::Verifying,
    digest::Digest,
    hub::{
        Fail, Hub, Reply,
        account::{
            lockout::{self, Of},
            secret,
        },
        db::{accounts, micros, stations},
        who::Address,
    },
    ids::StationId,
    link::{self, Applicant, Welcome},
    text::hub_station as say,
};

/// A code is good for so long.
pub const LASTS: TimeDelta = TimeDelta::hours(72);

/// A new code for a station, as people read it. Only its hash is kept.
///
/// # Errors
/// The database, or no random numbers.
pub async fn give_code(hub: &Hub, station: &str, login: &str) -> Result<String, Fail> {
    let mut code = String::new();
    while code.len() < link::CODE {
        // Bytes that would favour some letters are left out.
        let fair = 256 - 256 % link::LETTERS.len();
        let bytes = secret::random::<16>()?.into_iter().map(usize::from).filter(|b| *b < fair);
        code.extend(bytes.map(|b| char::from(link::LETTERS[b % link::LETTERS.len()])));
    }
    code.truncate(link::CODE);
    stations::give_code(&hub.db, &hash(&code), station, login, hub.now(), LASTS).await?;
    Ok(format!("{}-{}", &code[..link::CODE / 2], &code[link::CODE / 2..]))
}

fn hash(code: &str) -> Digest {
    Digest::of(format!("loaxa enrolment 1\n{code}").as_bytes())
}

/// Where the hub serves the feed.
pub fn feed_url(hub: &Hub) -> String {
    format!("{}/feed/", hub.config.address())
}

/// `POST /station/enrol`: the box proves its key; the code says which station it is.
pub(super) async fn welcome(State(hub): State<Hub>, address: Address, request: Request) -> Reply {
    let proof = auth::proof(&hub, request.headers())?;
    let read = auth::read(&hub, request, proof, link::LONGEST_BODY).await?;
    let bad_key = || Fail::Refused(say::not_a_key());
    let applicant: Applicant = serde_json::from_slice(&read.body).map_err(|_| bad_key())?;
    let mut raw = [0; 32];
    hex::decode_to_slice(&applicant.key, &mut raw).map_err(|_| bad_key())?;
    let key = Verifying::new(raw).ok_or_else(bad_key)?;
    if !read.is_by(&key) {
        return Err(Fail::Closed(say::unproven()));
    }
    let station = redeem(&hub, &address, &applicant.code, &raw).await?;
    let known = registry::known(&hub).await?;
    if known.root.is_empty() {
        return Err(Fail::Refused(say::no_feed_yet()));
    }
    let root = String::from_utf8(known.root.clone()).map_err(Fail::machine)?;
    tracing::info!(station.id = %station, log.id = %key.id(), "station {station} came with its code");
    Ok(Json(Welcome { station, feed: feed_url(&hub), root }).into_response())
}

/// Which station a code is for. Who guesses waits, as with passwords.
async fn redeem(hub: &Hub, address: &Address, typed: &str, key: &[u8; 32]) -> Result<StationId, Fail> {
    let who = format!("enrol {}", address.0);
    let now = hub.now();
    let locked = accounts::locked_until(&hub.db, &who).await? - micros(now);
    if locked > 0 {
        return Err(Fail::Slow(crate::text::hub::locked_out((locked / 1_000_000 + 1) as u64)));
    }
    let station = match link::code(typed) {
        Some(code) => stations::use_code(&hub.db, &hash(&code), key, now).await?,
        None => None,
    };
    let Some(station) = station else {
        let lock = |failures| micros(now + lockout::wait(Of::Login, failures));
        accounts::failed(&hub.db, &who, now, lockout::FORGET, lock).await?;
        return Err(Fail::Refused(say::wrong_code()));
    };
    accounts::succeeded(&hub.db, &who).await?;
    station.parse().map_err(|_| Fail::machine("a station's id that is none"))
}
