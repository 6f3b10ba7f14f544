//! Stations to measure, and what a process costs.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::json;

use crate::{
    r#box::{Station, now},
    server::Server,
    world::noise,
};

/// A sixty-second programme of the repository's recordings: canonical Opus, and mp3 for others.
pub fn sixty_seconds(dir: &Path) -> (PathBuf, PathBuf) {
    let (opus, mp3) = (dir.join("sixty.opus"), dir.join("sixty.mp3"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("audio/viec-nhe-luong-cao.ogg");
    let wav = dir.join("sixty.wav");
    let looped = ["-stream_loop", "9", "-i", text(&source), "-t", "60", "-ar", "48000", "-ac", "1"];
    ffmpeg(&looped, &wav);
    let canonical = ["-c:a", "libopus", "-b:a", "32k", "-application", "audio", "-frame_duration", "20"];
    ffmpeg(&[&["-i", text(&wav)], &canonical[..], &["-map_metadata", "-1", "-f", "ogg"]].concat(), &opus);
    ffmpeg(&["-i", text(&wav), "-ar", "44100", "-c:a", "libmp3lame", "-b:a", "64k"], &mp3);
    (opus, mp3)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub fn ffmpeg(args: &[&str], to: &Path) {
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y"]).args(args).arg(to);
    assert!(ffmpeg.status().unwrap().success(), "ffmpeg cannot make {}", to.display());
}

/// Sets the station's device.
pub fn device(station: &Station, device: &str) {
    let file = station.path("station.yaml");
    let text =
        std::fs::read_to_string(&file).unwrap().replace("device: wav:pa.wav", &format!("device: {device}"));
    std::fs::write(file, text).unwrap();
}

/// A schedule of the area with these slots: id, crontab line with seconds, bulletin.
pub fn schedule(station: &mut Station, slots: &[(&str, String, &str)]) {
    let day = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    let (from, until) = (day - chrono::TimeDelta::days(1), day + chrono::TimeDelta::days(20));
    let mut yaml = format!(
        "format: 1\narea: yen-the\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: {from}, until: {until} }}\nslots:\n"
    );
    for (id, cron, bulletin) in slots {
        yaml += &format!(
            "  - id: {id}\n    title: {{ vi: \"{id}\" }}\n    cron: \"{cron}\"\n    class: priority\n    stations: all\n    \
             start_within: 1m\n    max_duration: 2m\n    level: 0dB\n    playlist:\n      - bulletin: {bulletin}\n"
        );
    }
    station.repo.schedule("yen-the", &yaml);
}

/// A station as in the field: a hundred bulletins with transcripts, a hundred stations in the registry, four slots a
/// day, all hours away, and the feed over TLS.
pub fn commune() -> Station {
    let mut station = Station::new();
    let words = "Bà con chú ý: khi nghi ngờ có người bị lừa bán, hãy gọi ngay tổng đài 111. ".repeat(8);
    for i in 0..100 {
        let id = format!("ban-tin-{i}");
        station.repo.bulletin(&id, &noise(&id, 20_000));
        station.repo.describe(&id, |meta| {
            meta["transcript"] = json!(words);
            meta["category"] = json!(["law", "tricks", "justice", "support", "models"][i % 5]);
        });
        station.repo.station(&format!("dai-{i}"), [i as u8; 32], &["tinh", "yen-the"]);
    }
    let slots = [6, 9, 12, 15].map(|hours| {
        use chrono::Timelike;
        let at = (now() + chrono::TimeDelta::hours(hours)).with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
        (format!("khung-{hours}"), format!("{} {} * * *", at.minute(), at.hour()))
    });
    let slots = slots.iter().map(|(id, cron)| (id.as_str(), cron.clone(), "ban-tin-1")).collect::<Vec<_>>();
    schedule(&mut station, &slots);
    station.publish();
    let [ca, cert, key] = ["ca.pem", "localhost.pem", "localhost.key"]
        .map(|file| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls").join(file));
    station.server = Server::start_tls(&station.path("feed"), &cert, &key);
    station.configure(&format!("ca: {}\n", ca.display()));
    station
}

/// Memory of a process in MiB: resident, of that its own, of that from files.
pub fn memory(pid: u32) -> [f64; 3] {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    ["VmRSS:", "RssAnon:", "RssFile:"].map(|name| {
        let line = status.lines().find_map(|l| l.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1_024.0
    })
}

/// Processor time of a process so far, to 10 ms.
pub fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields = stat.rsplit_once(") ").unwrap().1.split(' ').collect::<Vec<_>>();
    Duration::from_millis((fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()) * 10)
}

/// Processor time of a process's living threads so far, exact.
pub fn threads_cpu(pid: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap().flatten();
    let spent = threads.filter_map(|t| std::fs::read_to_string(t.path().join("schedstat")).ok());
    Duration::from_nanos(spent.map(|s| s.split(' ').next().unwrap().parse::<u64>().unwrap()).sum())
}

/// Whether a program can be found.
pub fn installed(program: &str) -> Result<(), String> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let dirs = std::env::split_paths(&paths).chain(["/usr/sbin".into()]);
    let found = dirs.map(|dir| dir.join(program)).any(|file| file.exists());
    found.then_some(()).ok_or_else(|| "not installed".into())
}

/// A bulletin of a finished canonical file.
pub fn bulletin(station: &mut Station, id: &str, file: &Path) {
    let audio = std::fs::read(file).unwrap();
    let frames = loaxa::playout::decode::frames(&audio).unwrap().0;
    station.repo.bulletin(id, &audio);
    station.repo.describe(id, |meta| meta["frames"] = frames.into());
}
