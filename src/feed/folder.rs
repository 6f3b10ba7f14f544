//! A feed in a folder, such as on a USB stick: the same files, the same caps, and nothing but plain files below it.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    os::fd::OwnedFd,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use bytes::Bytes;
use rustix::{
    fs::{CWD, FileType, Mode, OFlags, fstat, openat},
    io::Errno,
};

use super::{
    audio::{AudioSource, Body, Opened, is_safe_name},
    http::unzip::Unzip,
    source::{FetchError, Source},
};
use crate::text::{self, Text};

const PIECE: usize = 64 * 1024;

/// A folder that somebody brought. Links, devices and pipes in it are refused, never followed or waited for.
#[derive(Debug)]
pub struct FolderSource {
    root: PathBuf,
}

impl FolderSource {
    /// The folder itself may be reached through a link: the person named it.
    pub fn new(root: &Path) -> Result<Self, Text> {
        match std::fs::metadata(root) {
            Ok(meta) if meta.is_dir() => Ok(Self { root: root.to_owned() }),
            Ok(_) => Err(text::sync::no_folder(root.display())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Err(text::sync::no_folder(root.display())),
            Err(e) => Err(text::sync::disk(root.display(), &e)),
        }
    }

    /// Opens a plain file below the folder, part by part without following links.
    fn file(&self, name: &str) -> Result<(File, u64), FetchError> {
        if !is_safe_name(name) {
            return Err(FetchError::Refused(text::sync::bad_name(name)));
        }
        let failed = |e: Errno| self.failed(name, e);
        let folder = OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC;
        let mut at: OwnedFd = openat(CWD, &self.root, folder, Mode::empty()).map_err(failed)?;
        let (folders, last) = name.rsplit_once('/').map_or(("", name), |(f, l)| (f, l));
        for part in folders.split('/').filter(|p| !p.is_empty()) {
            at = openat(&at, part, folder | OFlags::NOFOLLOW, Mode::empty()).map_err(failed)?;
        }
        // O_NONBLOCK: a pipe without a writer must not hold the station.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
        let file = openat(&at, last, flags, Mode::empty()).map_err(failed)?;
        let stat = fstat(&file).map_err(failed)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Err(FetchError::Refused(text::sync::not_a_file(name)));
        }
        Ok((File::from(file), stat.st_size.try_into().unwrap_or(0)))
    }

    fn failed(&self, name: &str, error: Errno) -> FetchError {
        match error {
            Errno::NOENT => FetchError::Absent,
            // A folder that is a link gives ENOTDIR with O_NOFOLLOW, and so does a file in a folder's place.
            Errno::LOOP | Errno::NOTDIR | Errno::NXIO => FetchError::Refused(text::sync::not_a_file(name)),
            e => FetchError::Broken(text::sync::disk(
                self.root.join(name).display(),
                io::Error::from(e).to_string(),
            )),
        }
    }

    fn read(&self, name: &str, gzip: bool, max: u64) -> Result<Vec<u8>, FetchError> {
        let (file, length) = self.file(name)?;
        if length > max.saturating_add(if gzip { max / 1_000 + 1_024 } else { 0 }) {
            return Err(FetchError::Refused(text::sync::too_long(name, max)));
        }
        let mut out = Unzip::new(gzip, max);
        // A file that grows while it is read is still capped.
        let mut file = file.take(length);
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece) {
                Ok(0) => break,
                Ok(n) => out.write(&piece[..n]).map_err(|e| e.to_fetch(name, max))?,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(FetchError::Broken(text::sync::disk(name, &e))),
            }
        }
        out.finish().map_err(|e| e.to_fetch(name, max))
    }
}

#[async_trait]
impl Source for FolderSource {
    async fn fetch(&self, name: &str, max: u64) -> Result<Vec<u8>, FetchError> {
        match self.read(name, false, max) {
            Err(FetchError::Absent) => self.read(&format!("{name}.gz"), true, max),
            done => done,
        }
    }
}

#[async_trait]
impl AudioSource for FolderSource {
    async fn open(
        &self,
        name: &str,
        from: u64,
        _tag: Option<&str>,
        length: u64,
    ) -> Result<Opened, FetchError> {
        let (mut file, found) = self.file(name)?;
        if found != length {
            return Err(FetchError::Refused(text::sync::other_length(name, found, length)));
        }
        file.seek(SeekFrom::Start(from)).map_err(|e| FetchError::Broken(text::sync::disk(name, &e)))?;
        let body = FolderBody { name: name.to_owned(), file: file.take(length.saturating_sub(from)) };
        Ok(Opened { from, tag: None, body: Box::new(body) })
    }

    fn wire(&self) -> u64 {
        0
    }
}

struct FolderBody {
    name: String,
    file: io::Take<File>,
}

#[async_trait]
impl Body for FolderBody {
    async fn next(&mut self) -> Result<Option<Bytes>, FetchError> {
        let mut piece = vec![0; PIECE];
        loop {
            match self.file.read(&mut piece) {
                Ok(0) => return Ok(None),
                Ok(n) => {
                    piece.truncate(n);
                    // Lets others run between pieces of a large file.
                    tokio::task::yield_now().await;
                    return Ok(Some(piece.into()));
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => {
                    return Err(FetchError::Broken(text::sync::disk(self.name.as_str(), &e)));
                }
            }
        }
    }
}
