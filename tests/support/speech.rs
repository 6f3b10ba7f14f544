//! Small canonical recordings, made once a process by espeak-ng and ffmpeg.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use loaxa::{
    bulletin::Frames,
    digest::Digest,
    playout::{ProgramItem, decode},
};

/// Names a folder in which another process made them already.
pub const DIR_NAME: &str = "LOAXA_TEST_SPEECH";

static DIR: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

/// Where they lie.
pub fn dir() -> PathBuf {
    std::env::var_os(DIR_NAME).map_or_else(|| DIR.path().to_owned(), PathBuf::from)
}

/// Makes those that are not made yet.
pub fn make_all() {
    for speech in [&OPEN, &CLOSE, &LONG, &OTHER, &URGENT, &SHORT] {
        LazyLock::force(speech);
    }
}

/// A recording and what it decodes to.
#[derive(Clone)]
pub struct Speech {
    pub path: PathBuf,
    pub samples: Vec<f32>,
}

fn run(program: &str, args: &[&str]) {
    let out = Command::new(program).args(args).output().unwrap_or_else(|e| panic!("{program}: {e}"));
    assert!(out.status.success(), "{program}: {}", String::from_utf8_lossy(&out.stderr));
}

fn encode(wav: &str, name: &str, filter: &str) -> Speech {
    let path = dir().join(format!("{name}.opus"));
    let to = path.to_string_lossy();
    let args = [
        "-v",
        "error",
        "-i",
        wav,
        "-af",
        filter,
        "-ar",
        "48000",
        "-ac",
        "1",
        "-c:a",
        "libopus",
        "-b:a",
        "32k",
        "-application",
        "audio",
        "-frame_duration",
        "20",
        "-map_metadata",
        "-1",
        "-y",
        &to,
    ];
    run("ffmpeg", &args);
    Speech::read(&path)
}

fn made(name: &str) -> Option<Speech> {
    let path = dir().join(format!("{name}.opus"));
    path.exists().then(|| Speech::read(&path))
}

/// `text` as spoken by a voice of espeak-ng.
pub fn say(name: &str, text: &str) -> Speech {
    if let Some(made) = made(name) {
        return made;
    }
    let wav = dir().join(format!("{name}.wav")).to_string_lossy().into_owned();
    run("espeak-ng", &["-v", "vi", "-s", "170", "-w", &wav, text]);
    encode(&wav, name, "volume=-3dB")
}

/// Two tones that die away.
pub fn chime(name: &str, seconds: &str, first: u32, second: u32) -> Speech {
    if let Some(made) = made(name) {
        return made;
    }
    let wav = dir().join(format!("{name}.wav")).to_string_lossy().into_owned();
    let (a, b) = (first.to_string(), second.to_string());
    run(
        "sox",
        &[
            "-n", "-r", "48000", "-b", "16", &wav, "synth", seconds, "sine", &a, "sine", &b, "remix", "-",
            "fade", "0.01", seconds, "0.3", "gain", "-9",
        ],
    );
    encode(&wav, name, "anull")
}

impl Speech {
    pub fn read(path: &Path) -> Self {
        Self { path: path.to_owned(), samples: decode::decode_file(path).unwrap() }
    }

    pub fn item(&self) -> ProgramItem {
        let id = self.path.file_stem().unwrap().to_string_lossy().parse().unwrap();
        let bytes = std::fs::read(&self.path).unwrap();
        let frames = Frames(self.samples.len() as u64);
        ProgramItem { bulletin: id, path: self.path.clone(), sha256: Digest::of(&bytes), frames }
    }
}

pub static OPEN: LazyLock<Speech> = LazyLock::new(|| chime("chime-open", "1.2", 523, 659));
pub static CLOSE: LazyLock<Speech> = LazyLock::new(|| chime("chime-close", "0.9", 659, 440));
pub static LONG: LazyLock<Speech> = LazyLock::new(|| {
    say(
        "hotline",
        "Bà con chú ý. Khi nghi ngờ có người bị lừa bán, hãy gọi ngay tổng đài quốc gia một một một, miễn phí, cả ngày lẫn đêm. Không tin lời hứa việc nhẹ lương cao ở nước ngoài.",
    )
});
pub static OTHER: LazyLock<Speech> = LazyLock::new(|| {
    say(
        "law",
        "Luật Phòng, chống mua bán người năm hai nghìn không trăm hai mươi bốn có hiệu lực từ ngày một tháng bảy.",
    )
});
pub static URGENT: LazyLock<Speech> =
    LazyLock::new(|| say("urgent", "Tin khẩn cấp. Nước sông đang lên nhanh. Mời bà con rời khỏi vùng thấp."));
pub static SHORT: LazyLock<Speech> = LazyLock::new(|| say("short", "Kính chào bà con."));
