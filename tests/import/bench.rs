//! A folder of raw material, made once, and an office to import into.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::LazyLock,
};

use loaxa::office::import::{self, ImportFault, Imported, Options, Progress, Store, Tools};
use tempfile::TempDir;

/// `s10.wav` (10 s of speech, 44.1 kHz) and `x.mp3` made of it.
pub static MATERIAL: LazyLock<Material> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let text = "Bà con chú ý. Khi có người lạ rủ đi làm xa, việc nhẹ lương cao, xin hãy hỏi cho kỹ. Hãy gọi một một một \
                nếu thấy nghi ngờ. Nhớ giữ số điện thoại của người thân, và hẹn gặp lại trong bản tin sau.";
    let material = Material { dir };
    material.sh(&format!("espeak-ng -v vi -a 60 -w sp.wav '{text}'"));
    material.sh("sox -D sp.wav -r 44100 -c 1 -b 16 s10.wav trim 0 10");
    material.sh("ffmpeg -i s10.wav -c:a libmp3lame -q:a 4 x.mp3");
    material
});

pub struct Material {
    dir: TempDir,
}

impl Material {
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Runs a line of shell in the folder; ffmpeg is quiet and overwrites.
    pub fn sh(&self, line: &str) {
        let quiet = "ffmpeg() { command ffmpeg -nostdin -v error -y \"$@\"; }; ";
        let done = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &format!("{quiet}{line}")])
            .current_dir(self.dir.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// A file that `line` makes as `$1`.
    pub fn made(&self, name: &str, line: &str) -> PathBuf {
        self.sh(&format!("set -- '{name}'; {line}"));
        self.path(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

/// A store of its own.
pub struct Office {
    pub dir: TempDir,
    pub store: Store,
    pub tools: Tools,
}

impl Office {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { store: Store::open(dir.path()).unwrap(), dir, tools: Tools::from_env().unwrap() }
    }

    pub fn import(&self, source: &Path) -> Result<Imported, ImportFault> {
        self.import_with(source, Options::default(), &mut |_| ())
    }

    pub fn import_with(
        &self,
        source: &Path,
        options: Options,
        told: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<Imported, ImportFault> {
        runtime().block_on(import::import(&self.tools, source, &self.store, options, told))
    }

    /// Names of everything below the store, sorted.
    pub fn files(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut todo = vec![self.dir.path().to_owned()];
        while let Some(dir) = todo.pop() {
            for entry in fs::read_dir(dir).unwrap().flatten() {
                match entry.path() {
                    p if p.is_dir() => todo.push(p),
                    p => out.push(p.strip_prefix(self.dir.path()).unwrap().display().to_string()),
                }
            }
        }
        out.sort();
        out
    }
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Integrated loudness and true peak of a file as ffmpeg's ebur128 finds them, by a line of its own.
pub fn loudness(file: &Path) -> (f64, f64) {
    let out = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostdin", "-i"])
        .arg(file)
        .args(["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    let summary = &said[said.rfind("Summary:").unwrap()..];
    let number = |key: &str| -> f64 {
        summary
            .lines()
            .find_map(|l| l.trim().strip_prefix(key))
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    (number("I:"), number("Peak:"))
}

/// Samples of a file at 48 kHz, as ffmpeg's own libopus decoder gives them.
pub fn samples(file: &Path) -> Vec<f32> {
    let out = Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin", "-c:a", "libopus", "-i"])
        .arg(file)
        .args(["-f", "f32le", "-ac", "1", "-ar", "48000", "-"])
        .output()
        .unwrap();
    assert!(out.status.success());
    out.stdout.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}
