//! One recording from a source into the library: resumed where it stopped, hashed as it comes, never longer than signed.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{
    audio::AudioSource,
    http::backoff,
    library::{
        Library,
        part::{Part, PartError},
    },
    roles,
    source::FetchError,
};
use crate::{
    bulletin::Bulletin,
    clock::Clock,
    text::{self, Text},
};

/// A try that gained fewer bytes than this counts as in vain.
const GAIN: u64 = 16 * 1024;

/// How a download ended without a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The file is in the library.
    Whole,
    /// It was asked to stop; what came is kept.
    Stopped,
    /// No more bytes are allowed today; what came is kept.
    Spent,
}

/// Why a recording did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// For people.
    pub why: Text,
    /// The line or the server failed, so that other recordings will hardly fare better just now.
    pub line: bool,
    /// This machine's disk failed.
    pub disk: bool,
}

impl Failed {
    /// This recording alone.
    fn alone(why: Text) -> Self {
        Self { why, line: false, disk: false }
    }
}

/// What a download works with.
pub struct Download<'a> {
    /// Where the bytes come from.
    pub source: &'a dyn AudioSource,
    /// Where they go.
    pub library: &'a Library,
    /// Where time comes from.
    pub clock: &'a dyn Clock,
    /// Tries in a row that may be in vain.
    pub attempts: u32,
    /// The wait after the first of them, see [`backoff`].
    pub pause: Duration,
    /// Cancelled: pause, keep what came.
    pub stop: CancellationToken,
    /// Asked before each piece: may more bytes come? The argument is the source's count of wire bytes.
    pub may_go_on: &'a (dyn Fn(u64) -> bool + Sync),
    /// Told how many bytes are here.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// The names under which audio may lie in the feed: ordinary, or made for urgent orders.
pub fn names(bulletin: &Bulletin) -> [String; 2] {
    [roles::bulletin_path(&bulletin.id), roles::urgent_audio_path(&bulletin.id)]
        .map(|path| roles::target_name(&path, &bulletin.sha256))
}

/// One stretch of a download.
enum Stretch {
    Full,
    Ended(Ended),
}

/// Why a stretch broke.
enum Broke {
    Fetch(FetchError),
    Part(PartError),
}

impl From<FetchError> for Broke {
    fn from(error: FetchError) -> Self {
        Self::Fetch(error)
    }
}

impl<E: Into<PartError>> From<E> for Broke {
    fn from(error: E) -> Self {
        Self::Part(error.into())
    }
}

impl Download<'_> {
    /// Brings one recording. The error is for people; the library stays right, and what came of the file stays unless it
    /// proved wrong.
    pub async fn run(&self, bulletin: &Bulletin) -> Result<Ended, Failed> {
        let disk = |e: std::io::Error| Failed {
            why: self.disk(bulletin, &e),
            line: false,
            disk: e.kind() != std::io::ErrorKind::WouldBlock,
        };
        let names = names(bulletin);
        let (mut name, mut in_vain, mut clean) = (0, 0, false);
        loop {
            let mut part = self.library.part(&bulletin.sha256, bulletin.length).map_err(disk)?;
            let before = part.have();
            let fetched = match self.stretch(&names[name], &mut part).await {
                Ok(Stretch::Ended(ended)) => return part.pause().map(|()| ended).map_err(disk),
                Ok(Stretch::Full) => part.finish().map_err(Broke::Part),
                Err(broke) => {
                    let gained = part.have().saturating_sub(before);
                    in_vain = if gained >= GAIN.min(bulletin.length) { 1 } else { in_vain + 1 };
                    part.pause().map_err(disk)?;
                    Err(broke)
                }
            };
            let why = match fetched {
                Ok(()) => return Ok(Ended::Whole),
                Err(Broke::Part(PartError::Disk(e))) => return Err(disk(e)),
                Err(Broke::Fetch(FetchError::Absent)) if name + 1 < names.len() => {
                    (name, in_vain) = (name + 1, 0);
                    continue;
                }
                Err(Broke::Fetch(FetchError::Absent)) => {
                    return Err(Failed::alone(text::sync::not_there(bulletin.id.as_str())));
                }
                Err(Broke::Fetch(FetchError::Broken(why))) => why,
                // What was here from before may be at fault: one try from the start.
                Err(broke) if before > 0 && !clean => {
                    self.library.drop_part(&bulletin.sha256).map_err(disk)?;
                    (clean, in_vain) = (true, 0);
                    tracing::info!(bulletin.id = %bulletin.id, "{} is fetched from its start: {}", bulletin.id, reason(broke, bulletin).en);
                    continue;
                }
                Err(broke) => {
                    self.library.drop_part(&bulletin.sha256).map_err(disk)?;
                    return Err(Failed::alone(reason(broke, bulletin)));
                }
            };
            if in_vain >= self.attempts {
                return Err(Failed { why, line: true, disk: false });
            }
            tokio::select! {
                () = self.clock.sleep(backoff(self.pause, in_vain, fastrand::f64())) => {}
                () = self.stop.cancelled() => return Ok(Ended::Stopped),
            }
        }
    }

    fn disk(&self, bulletin: &Bulletin, error: &std::io::Error) -> Text {
        if error.kind() == std::io::ErrorKind::WouldBlock {
            return text::sync::in_use(bulletin.id.as_str());
        }
        text::sync::disk(self.library.path_of(&bulletin.sha256).display(), error)
    }

    /// As much as one answer of the source brings.
    async fn stretch(&self, name: &str, part: &mut Part) -> Result<Stretch, Broke> {
        if part.is_full() {
            return Ok(Stretch::Full);
        }
        let mut opened = tokio::select! {
            opened = self.source.open(name, part.have(), part.tag(), part.length()) => opened?,
            () = self.stop.cancelled() => return Ok(Stretch::Ended(Ended::Stopped)),
        };
        part.begin(opened.from, opened.tag)?;
        loop {
            (self.progress)(part.have());
            if !(self.may_go_on)(self.source.wire()) {
                return Ok(Stretch::Ended(Ended::Spent));
            }
            let piece = tokio::select! {
                piece = opened.body.next() => piece?,
                () = self.stop.cancelled() => return Ok(Stretch::Ended(Ended::Stopped)),
            };
            match piece {
                Some(piece) => part.write(&piece)?,
                None if part.is_full() => return Ok(Stretch::Full),
                None => {
                    let short = text::sync::too_short(name, part.have(), part.length());
                    return Err(FetchError::Broken(short).into());
                }
            }
        }
    }
}

fn reason(broke: Broke, bulletin: &Bulletin) -> Text {
    let id = bulletin.id.as_str();
    match broke {
        Broke::Fetch(FetchError::Absent) => text::sync::not_there(id),
        Broke::Fetch(FetchError::Broken(why) | FetchError::Refused(why)) => why,
        Broke::Part(PartError::TooLong) => text::sync::too_long(id, bulletin.length),
        Broke::Part(PartError::Wrong) => text::sync::wrong_bytes(id),
        Broke::Part(PartError::Disk(e)) => text::sync::disk(id, &e),
    }
}
