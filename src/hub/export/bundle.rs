//! A bundle: logs of a period with all that a laptop needs to verify them, as one tar archive that is sent while it is
//! read. What it holds is said first (`bundle.json`), so that one that was cut off is known as such (`asrun::bundle`).

use std::{
    io,
    path::{Path, PathBuf},
};

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{
    asrun::{
        key::Verifying,
        receipt::Receipt,
        segment::{self, Month, SegmentName},
    },
    digest::Digest,
    feed::roles,
    hub::{
        Fail, Hub,
        db::{
            inspect::{self, Cut},
            instant, records,
        },
    },
    schedule::occurrence::micros,
    text::{Lang, hub_inspect as words},
};

/// Logs of one bundle.
pub const MOST_LOGS: i64 = 2_000;
/// Lines that are read at once. A line is at most 1 MiB.
const PIECE: i64 = 64;
/// A segment of a bundle ends after so many bytes.
const SEGMENT: usize = 1 << 20;
/// The longest file of the feed that is packed.
const MOST_FEED: u64 = 16 << 20;

/// One log of a bundle.
#[derive(Debug, Clone)]
pub struct Part {
    log: records::Log,
    first: i64,
    last: i64,
}

/// The part of a log that tells of `first..=last`, widened so that it verifies: it begins where a receipt ends or
/// before, and reaches what the newest receipt covers.
fn widened(log: &records::Log, first: i64, last: i64) -> (i64, i64) {
    (first.min(log.receipt_seq + 1).max(1), last.max(log.receipt_seq).min(log.seq))
}

/// What a bundle will hold.
///
/// # Errors
/// The database, or more logs than a bundle takes.
pub async fn parts(
    hub: &Hub,
    cut: &Cut,
    station: Option<&str>,
    from: i64,
    to: i64,
) -> Result<Vec<Part>, Fail> {
    let extents = inspect::extents(&hub.db, cut, station, from, to, MOST_LOGS + 1).await?;
    if extents.len() as i64 > MOST_LOGS {
        return Err(Fail::Refused(words::bundle_many(MOST_LOGS)));
    }
    let mut parts = Vec::new();
    for extent in extents {
        let Ok(id) = <[u8; 32]>::try_from(extent.log.as_slice()) else { continue };
        if let Some(log) = records::log(&hub.db, &Digest(id)).await? {
            let (first, last) = widened(&log, extent.first, extent.last);
            parts.push(Part { log, first, last });
        }
    }
    Ok(parts)
}

/// Packs and sends; ends early when the reader goes away or something cannot be read, without the archive's end.
pub async fn send(hub: Hub, parts: Vec<Part>, out: mpsc::Sender<io::Result<Bytes>>) {
    let mut packer = Packer { tar: tar::Builder::new(Vec::new()), out, made_at: hub.now() };
    if let Err(error) = packer.pack(&hub, &parts).await {
        tracing::error!(?error, "a bundle was cut off");
        packer.out.send(Err(io::Error::other("cut off"))).await.ok();
    }
}

struct Packer {
    tar: tar::Builder<Vec<u8>>,
    out: mpsc::Sender<io::Result<Bytes>>,
    made_at: DateTime<Utc>,
}

impl Packer {
    async fn pack(&mut self, hub: &Hub, parts: &[Part]) -> Result<(), Fail> {
        self.add("bundle.json", self.about(parts).to_string().as_bytes()).await?;
        let readme = words::bundle_readme();
        let readme = format!("{}\n\n{}\n", readme.to(Lang::Vi), readme.to(Lang::En));
        self.add("README.txt", readme.as_bytes()).await?;
        let folder = hub.config.data.join("feed");
        let feed = tokio::task::spawn_blocking(move || feed_files(&folder)).await.map_err(Fail::machine)?;
        for (name, content) in feed.map_err(Fail::machine)? {
            self.add(&format!("feed/{name}"), &content).await?;
        }
        for part in parts {
            self.log(hub, part).await?;
        }
        self.tar.finish().map_err(Fail::machine)?;
        self.flush().await
    }

    fn about(&self, parts: &[Part]) -> Value {
        let logs = parts.iter().map(|p| {
            json!({"log": hex::encode(&p.log.id), "station": p.log.station, "first": p.first, "last": p.last})
        });
        json!({"format": 1, "made_at": micros::text(&self.made_at), "logs": logs.collect::<Vec<_>>()})
    }

    async fn log(&mut self, hub: &Hub, part: &Part) -> Result<(), Fail> {
        let folder = format!("logs/{}", hex::encode(&part.log.id));
        let raw = <[u8; 32]>::try_from(part.log.key.as_slice()).map_err(Fail::machine)?;
        if let Some(key) = Verifying::new(raw) {
            self.add(&format!("{folder}/{}", segment::PUBLIC_KEY), key.pem().as_bytes()).await?;
        }
        if Receipt::read(part.log.receipt.as_bytes(), None).is_ok() {
            let line = format!("{}\n", part.log.receipt);
            self.add(&format!("{folder}/{}", segment::RECEIPTS), line.as_bytes()).await?;
        }
        let mut open = Open { name: None, content: Vec::new() };
        let mut next = part.first;
        loop {
            let lines = inspect::lines(&hub.db, &part.log.id, next, part.last, PIECE).await?;
            let Some((last, ..)) = lines.last() else { break };
            next = last + 1;
            for (seq, at, line) in lines {
                let month = Month::of(instant(at));
                let other = open.name.is_some_and(|name| name.month != month);
                if other || open.content.len() >= SEGMENT {
                    self.segment(&folder, &mut open).await?;
                }
                open.name.get_or_insert(SegmentName { first: seq.unsigned_abs(), month });
                open.content.extend_from_slice(&line);
                open.content.push(b'\n');
            }
        }
        self.segment(&folder, &mut open).await
    }

    async fn segment(&mut self, folder: &str, open: &mut Open) -> Result<(), Fail> {
        if let Some(name) = open.name.take() {
            self.add(&format!("{folder}/{name}"), &open.content).await?;
        }
        open.content.clear();
        Ok(())
    }

    async fn add(&mut self, name: &str, content: &[u8]) -> Result<(), Fail> {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        header.set_mtime(self.made_at.timestamp().unsigned_abs());
        self.tar.append_data(&mut header, name, content).map_err(Fail::machine)?;
        self.flush().await
    }

    async fn flush(&mut self) -> Result<(), Fail> {
        let piece = std::mem::take(self.tar.get_mut());
        if piece.is_empty() {
            return Ok(());
        }
        // A full channel is a slow reader: wait for it, hold no more than this piece.
        self.out.send(Ok(Bytes::from(piece))).await.map_err(|_| Fail::machine("the reader went away"))
    }
}

struct Open {
    name: Option<SegmentName>,
    content: Vec<u8>,
}

/// What proves who signs: all roots, the newest metadata of each role, the policy and the registry. Never audio. An
/// empty list when there is no feed.
fn feed_files(folder: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for version in 1.. {
        if !take(folder, roles::metadata_name("root", Some(version)), &mut files)? {
            break;
        }
    }
    if !take(folder, roles::metadata_name("timestamp", None), &mut files)? {
        return Ok(files);
    }
    let version = |of: &Value, file: &str| of["signed"]["meta"][file]["version"].as_u64();
    let Some(snapshot) = files.last().and_then(parsed).and_then(|t| version(&t, "snapshot.json")) else {
        return Ok(files);
    };
    take(folder, roles::metadata_name("snapshot", Some(snapshot)), &mut files)?;
    let Some(snapshot) = files.last().and_then(parsed) else { return Ok(files) };
    let roles_of = snapshot["signed"]["meta"].as_object().cloned().unwrap_or_default();
    for (name, about) in roles_of {
        let (Some(role), Some(version)) = (name.strip_suffix(".json"), about["version"].as_u64()) else {
            continue;
        };
        if !take(folder, roles::metadata_name(role, Some(version)), &mut files)? {
            continue;
        }
        let Some(metadata) = files.last().and_then(parsed) else { continue };
        for target in [roles::POLICY, roles::REGISTRY] {
            let hash = metadata["signed"]["targets"][target]["hashes"]["sha256"].as_str();
            if let Some(Ok(hash)) = hash.map(str::parse) {
                take(folder, roles::target_name(target, &hash), &mut files)?;
            }
        }
    }
    Ok(files)
}

fn parsed((_, content): &(String, Vec<u8>)) -> Option<Value> {
    serde_json::from_slice(content).ok()
}

/// Adds a file of the folder, if it is there. Names come from verified metadata and are checked all the same.
fn take(folder: &Path, name: String, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<bool> {
    if !crate::feed::audio::is_safe_name(&name) {
        return Ok(false);
    }
    let path: PathBuf = folder.join(&name);
    match std::fs::metadata(&path) {
        Ok(about) if about.is_file() && about.len() <= MOST_FEED => {
            files.push((name, std::fs::read(&path)?));
            Ok(true)
        }
        Ok(_) => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_reaches_its_receipt_on_both_sides() {
        let log = |receipt_seq| records::Log {
            id: vec![0; 32],
            station: "tram-1".into(),
            key: vec![0; 32],
            seq: 100,
            hash: vec![0; 32],
            receipt_seq,
            receipt: String::new(),
            stopped: String::new(),
        };
        assert_eq!(widened(&log(0), 40, 50), (1, 50), "without a receipt from the first line on");
        assert_eq!(widened(&log(90), 40, 50), (40, 90), "a receipt for a later line would find the tail cut");
        assert_eq!(widened(&log(20), 40, 50), (21, 50));
        assert_eq!(widened(&log(100), 1, 100), (1, 100));
    }
}
