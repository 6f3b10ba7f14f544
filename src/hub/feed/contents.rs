//! Contents that a draft lists: received piece by piece, hashed on the way, kept only when whole.

use std::{io::Write, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;

use super::{drafts::Books, may};
use crate::{
    digest::{Digest, Hasher},
    durable::Incoming,
    hub::{Fail, Hub, who::Person},
    office::{
        Error,
        folder::{Office, read_plain},
        handover::CONTENT_MAX,
        meta,
    },
    text::hub_feed as say,
};

/// A sender that says nothing for so long has gone.
const IDLE: Duration = Duration::from_secs(30);
/// A content takes no longer: 32 MB at 18 kB a second.
const LONGEST: Duration = Duration::from_secs(1800);
/// So much is gathered before it is written.
const PIECE: usize = 256 << 10;

/// What a draft says of a content.
struct Listed {
    length: u64,
}

/// Takes the content `sha256` from `body`. True when it is new here.
///
/// # Errors
/// Not found: no draft that this account may hand over lists it. Refused: it is not what was signed.
pub async fn take(hub: &Hub, who: &Person, sha256: Digest, body: Body) -> Result<bool, Fail> {
    let person = who.clone();
    let listed = super::glance(hub, move |office| {
        let books = Books::open(office)?;
        let all = books.drafts.roles.iter().filter(|(role, _)| may::write(&person, role));
        let mut targets = all.flat_map(|(_, draft)| draft.signed.targets.values());
        let found = targets.find(|t| meta::target_digest(t) == Some(sha256));
        Ok(found.map(|t| Listed { length: t.length }))
    });
    let Some(listed) = listed.await? else { return Err(Fail::Refused(say::not_listed(sha256))) };
    if listed.length > CONTENT_MAX {
        return Err(Fail::Refused(say::too_large(CONTENT_MAX >> 20)));
    }
    if super::glance(hub, move |office| Ok(super::drafts::held(office, &sha256))).await? {
        return Ok(false);
    }
    tokio::select! {
        taken = receive(hub, sha256, listed.length, body) => taken.map(|()| true),
        () = hub.clock.sleep(LONGEST) => Err(Fail::Refused(say::too_slow())),
    }
}

async fn receive(hub: &Hub, sha256: Digest, length: u64, body: Body) -> Result<(), Fail> {
    let dir = hub.feed.office.dir().join("files");
    let failed = |e: std::io::Error| Fail::machine(e);
    let mut file = tokio::task::spawn_blocking(move || Incoming::create(&dir)).await;
    let mut open = file.map_err(Fail::machine)?.map_err(failed)?;
    let (mut body, mut hasher, mut count) = (body.into_data_stream(), Hasher::new(), 0_u64);
    let mut gathered = Vec::with_capacity(PIECE);
    loop {
        let piece: Option<Bytes> = tokio::select! {
            piece = body.next() => piece.transpose().map_err(|_| Fail::Refused(say::broke_off()))?,
            () = hub.clock.sleep(IDLE) => return Err(Fail::Refused(say::too_slow())),
        };
        if let Some(piece) = &piece {
            count += piece.len() as u64;
            if count > length {
                return Err(Fail::Refused(say::not_it(sha256)));
            }
            hasher.update(piece);
            gathered.extend_from_slice(piece);
        }
        if gathered.len() >= PIECE || (piece.is_none() && !gathered.is_empty()) {
            let bytes = std::mem::replace(&mut gathered, Vec::with_capacity(PIECE));
            let written = tokio::task::spawn_blocking(move || open.write_all(&bytes).map(|()| open));
            file = written.await;
            open = file.map_err(Fail::machine)?.map_err(failed)?;
        }
        if piece.is_none() {
            break;
        }
    }
    if count != length || hasher.finish() != sha256 {
        return Err(Fail::Refused(say::not_it(sha256)));
    }
    let goal = hub.feed.office.file(&sha256);
    tokio::task::spawn_blocking(move || open.commit(&goal)).await.map_err(Fail::machine)?.map_err(failed)
}

/// The content `sha256`, if a draft that this account may see lists it.
///
/// # Errors
/// The machine.
pub async fn give(hub: &Hub, who: &Person, sha256: Digest) -> Result<Option<Vec<u8>>, Fail> {
    let person = who.clone();
    super::glance(hub, move |office| {
        let books = Books::open(office)?;
        let all = books.drafts.roles.iter().filter(|(role, _)| may::read(&person, role));
        let mut names = all.flat_map(|(_, draft)| &draft.signed.targets);
        let Some((name, _)) = names.find(|(_, t)| meta::target_digest(t) == Some(sha256)) else {
            return Ok(None);
        };
        content(office, &sha256, name.raw())
    })
    .await
}

fn content(office: &Office, sha256: &Digest, name: &str) -> Result<Option<Vec<u8>>, Error> {
    let path = office.file(sha256);
    match read_plain(&path) {
        Ok(bytes) if Digest::of(&bytes) == *sha256 => Ok(Some(bytes)),
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io(&path)(e)),
        _ => Ok(office.content(sha256, name)),
    }
}
