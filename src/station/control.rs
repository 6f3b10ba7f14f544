//! How `loaxa station …` talks to the daemon: one JSON line each way over a Unix socket that only the service's
//! user and group reach. Nothing that comes in here can make anything sound.

use std::{
    os::unix::fs::{FileTypeExt, PermissionsExt},
    path::Path,
    sync::Arc,
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::{Semaphore, mpsc, oneshot},
};

use super::status::Status;
use crate::{
    clock::Clock,
    ids::SlotId,
    text::{Text, station as say},
};

/// A longer line is not ours.
const LONGEST: u64 = 64 * 1024;
/// The daemon answers at once; a reload may wait for a disk.
const PATIENCE: Duration = Duration::from_secs(20);
/// Whoever connects says at once what he wants.
const TYPING: Duration = Duration::from_secs(1);
/// Connections served at once. More wait: they must not use up the descriptors that the log and the library need.
const AT_ONCE: usize = 256;

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// How are you?
    Status,
    /// Take the PA for so many seconds.
    Hold {
        /// For how long.
        seconds: u64,
        /// For the log.
        reason: String,
    },
    /// Give it back.
    Release,
    /// Leave out the next occurrence of a normal slot.
    Decline {
        /// Its id.
        slot: SlotId,
        /// For the log.
        reason: String,
    },
    /// Fade what sounds.
    Stop {
        /// For the log.
        reason: String,
    },
    /// Read the configuration again.
    Reload,
    /// A person set the clock; `override_proof` if it is earlier than what is proven past.
    ClockSet {
        /// For the log.
        reason: String,
        /// What it showed before.
        from: chrono::DateTime<chrono::Utc>,
        /// It was set before what is proven past, knowingly.
        override_proof: bool,
    },
    /// A person played the test tone, or set the volume.
    Deed {
        /// What.
        what: Deed,
        /// With which value.
        of: Option<String>,
    },
    /// Ask the feed now.
    Sync,
}

/// What a person did outside the daemon, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// `loaxa station test`.
    Test,
    /// `loaxa station volume`.
    Volume,
}

/// What the daemon says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Reply {
    /// The status.
    Status {
        /// All of it.
        status: Box<Status>,
    },
    /// Done; in words.
    Done {
        /// For people.
        text: Text,
    },
    /// Refused; in words.
    No {
        /// For people, with the remedy.
        text: Text,
    },
}

/// A request, and where its reply goes.
pub type Asked = (Request, oneshot::Sender<Reply>);

/// Opens the socket at `path` in place of one that a dead process left.
///
/// # Errors
/// A living daemon listens there, something else than a socket lies there, or the folder cannot be written.
pub fn listen(path: &Path) -> std::io::Result<UnixListener> {
    if std::fs::symlink_metadata(path).is_ok_and(|found| !found.file_type().is_socket()) {
        return Err(std::io::Error::from(std::io::ErrorKind::AlreadyExists));
    }
    if std::os::unix::net::UnixStream::connect(path).is_ok() {
        return Err(std::io::Error::from(std::io::ErrorKind::AddrInUse));
    }
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
    Ok(listener)
}

/// Serves until the daemon ends. Each connection carries one request.
pub async fn serve(listener: UnixListener, asked: mpsc::Sender<Asked>, clock: Arc<dyn Clock>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut failed = false;
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                failed = false;
                let asked = asked.clone();
                tokio::spawn(async move {
                    let _place = place;
                    let answered = tokio::time::timeout(PATIENCE, answer(stream, asked)).await;
                    if let Ok(Err(error)) = answered {
                        tracing::debug!(%error, "a request on the control socket broke off");
                    }
                });
            }
            // The machine may be out of descriptors for a moment: told once, tried again.
            Err(error) => {
                if !std::mem::replace(&mut failed, true) {
                    tracing::error!(%error, "the control socket failed; `loaxa station status` does not answer");
                }
                clock.sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn answer(stream: UnixStream, asked: mpsc::Sender<Asked>) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    let mut reader = BufReader::new(read.take(LONGEST));
    tokio::time::timeout(TYPING, reader.read_line(&mut line))
        .await
        .map_err(|_| std::io::ErrorKind::TimedOut)??;
    let reply = match serde_json::from_str(&line) {
        Err(_) => Reply::No { text: say::not_understood() },
        Ok(request) => {
            let (tell, told) = oneshot::channel();
            if asked.send((request, tell)).await.is_err() {
                return Ok(());
            }
            told.await.unwrap_or_else(|_| Reply::No { text: say::ending() })
        }
    };
    let mut bytes = serde_json::to_vec(&reply)?;
    bytes.push(b'\n');
    write.write_all(&bytes).await
}

/// Asks the daemon at `path`.
///
/// # Errors
/// `NotFound` or `ConnectionRefused`: no daemon; `PermissionDenied`: not for this user; else the line broke.
pub async fn ask(path: &Path, request: &Request) -> std::io::Result<Reply> {
    let mut stream = UnixStream::connect(path).await?;
    let mut bytes = serde_json::to_vec(request)?;
    bytes.push(b'\n');
    stream.write_all(&bytes).await?;
    let mut line = String::new();
    let mut reader = BufReader::new(stream.take(16 * LONGEST));
    tokio::time::timeout(PATIENCE, reader.read_line(&mut line))
        .await
        .map_err(|_| std::io::ErrorKind::TimedOut)??;
    serde_json::from_str(&line).map_err(std::io::Error::from)
}
