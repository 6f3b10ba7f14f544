//! The programs that read and write sound, and the bounds that each run of them gets.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::process::Command;

use super::{fault::ImportFault, limits::Limits};

/// Containers that ffmpeg may open (its demuxers' names). Not hls, concat, dash, image2, …: those open other files.
const FORMATS: &str = "wav,w64,aiff,mp3,flac,ogg,mov,matroska,aac,asf,amr,caf";

/// Absolute paths of the programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    /// Decodes, measures, encodes.
    pub ffmpeg: PathBuf,
    /// Says what a file claims to be.
    pub ffprobe: PathBuf,
    /// Bounds both (util-linux).
    pub prlimit: PathBuf,
}

impl Tools {
    /// Looks for them in `path`, a list of folders as in the variable PATH.
    pub fn find(path: &OsStr) -> Result<Self, ImportFault> {
        let find = |name: &'static str| {
            std::env::split_paths(path)
                .filter(|dir| dir.is_absolute())
                .map(|dir| dir.join(name))
                .find(|p| p.is_file())
                .ok_or(ImportFault::NoTool(name))
        };
        Ok(Self { ffmpeg: find("ffmpeg")?, ffprobe: find("ffprobe")?, prlimit: find("prlimit")? })
    }

    /// [`Tools::find`] in this process's PATH.
    pub fn from_env() -> Result<Self, ImportFault> {
        Self::find(&std::env::var_os("PATH").unwrap_or_default())
    }

    /// `program` under `limits` in `cwd`: no input, no environment, dead when dropped.
    pub(super) fn bounded(&self, program: &Path, limits: &Limits, cwd: &Path) -> Command {
        let mut command = Command::new(&self.prlimit);
        command
            .arg(format!("--as={}", limits.child_memory))
            // Softly first, so that the signal tells the cause.
            .arg(format!("--cpu={}:{}", limits.child_cpu_s, limits.child_cpu_s + 5))
            .arg(format!("--fsize={}", limits.child_file()))
            .args(["--core=0", "--nofile=64", "--"])
            .arg(program)
            .env_clear()
            .env("LC_ALL", "C")
            .current_dir(cwd)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C is for the import, which then drops the child.
            .process_group(0)
            .kill_on_drop(true);
        command
    }
}

/// Input options that keep a file from reading other files, the network, or all memory.
/// `-protocol_whitelist` alone does not: a playlist under another name read local files until formats were listed too.
pub(super) fn guarded() -> [&'static str; 6] {
    ["-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-max_alloc", "100000000"]
}
