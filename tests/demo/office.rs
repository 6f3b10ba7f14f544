//! The province's office: keys, recordings in the formats that people bring, two approvals, the feed.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use serde_json::Value;

pub const AREA: &str = "yen-the";
pub const STATION: &str = "xuan-luong-1";
const EDITORS: [&str; 2] = ["Phạm Thị Dung", "Hoàng Văn Em"];
const HEAD: &str = "Nguyễn Văn An";
const DUTY: &str = "Vũ Thị Giang";
const AREA_OFFICER: &str = "Đặng Thị Hoa";
const PASSPHRASE: &str = "mot cau du dai cho buoi dien tap\n";

/// What is brought, and in which form: id, suffix, how ffmpeg makes it.
const BROUGHT: [(&str, &str, &[&str]); 6] = [
    ("open", "wav", &["-c:a", "pcm_s16le", "-ar", "44100"]),
    ("close", "ogg", &["-c:a", "copy"]),
    ("duong-day-nong-111", "mp3", &["-c:a", "libmp3lame", "-q:a", "2"]),
    ("viec-nhe-luong-cao", "m4a", &["-c:a", "aac", "-b:a", "128k"]),
    ("dien-tap-thong-bao-khan", "wav", &["-c:a", "pcm_s16le", "-ac", "2"]),
    ("dieu-tra-va-xet-xu", "ogg", &["-c:a", "copy"]),
];

/// The evening's slots: id, title, playlist.
const SLOTS: [(&str, &str, &[&str]); 3] = [
    ("ban-tin-chieu", "Bản tin chiều", &["chime: open", "bulletin: duong-day-nong-111", "chime: close"]),
    ("canh-giac", "Cảnh giác", &["bulletin: viec-nhe-luong-cao"]),
    ("phap-luat", "Pháp luật", &["bulletin: dieu-tra-va-xet-xu"]),
];

const POLICY: &str = "format: 1
timezone: Asia/Ho_Chi_Minh
airtime: [{ from: \"00:00\", to: \"24:00\" }]
longest_session: 1h
daily_cap: 10h
languages: [vi]
hotlines: [\"111\", \"113\"]
urgent: { level: 0dB, daily_cap: 1h }
";

pub struct Office {
    out: PathBuf,
    dir: PathBuf,
}

impl Office {
    /// Keys, policy, recordings, two approvals, a first publication.
    pub fn found(out: &Path) -> Self {
        let office = Self { out: out.to_owned(), dir: out.join("office") };
        println!("1. Văn phòng tỉnh tạo khóa / the province makes its keys");
        std::fs::write(out.join("policy.yaml"), POLICY).unwrap();
        let policy = out.join("policy.yaml").display().to_string();
        let area = format!("{AREA}={AREA_OFFICER}");
        let dir = office.dir.display().to_string();
        let mut init = vec![
            "init",
            dir.as_str(),
            "--policy",
            &policy,
            "--area",
            &area,
            "--duty",
            DUTY,
            "--duty",
            "Bùi Văn Hải",
        ];
        for who in [HEAD, "Trần Thị Bình", "Lê Văn Cường"] {
            init.extend(["--root", who]);
        }
        for who in EDITORS {
            init.extend(["--editor", who]);
        }
        run(&init, None);
        office.publish();
        println!("2. Nhập bản ghi mp3, wav, m4a, ogg / recordings are imported");
        let brought = office.brought();
        let mut import: Vec<&str> = vec!["import"];
        import.extend(brought.iter().map(String::as_str));
        office.run(&import);
        println!("3. Hai người duyệt / two people approve");
        office.run(&["approve", "--as", EDITORS[0], "--second", EDITORS[1], "--yes"]);
        office.run(&["approve", "--as", EDITORS[1], "--yes"]);
        office.publish();
        std::os::unix::fs::symlink(office.dir.join("feed"), out.join("feed")).unwrap();
        office
    }

    fn brought(&self) -> Vec<String> {
        let audio = Path::new(env!("CARGO_MANIFEST_DIR")).join("audio");
        let desk = self.out.join("brought");
        std::fs::create_dir(&desk).unwrap();
        let mut files = Vec::new();
        for (id, suffix, how) in BROUGHT {
            let file = desk.join(format!("{id}.{suffix}"));
            let mut ffmpeg = Command::new("ffmpeg");
            ffmpeg.args(["-nostdin", "-v", "error", "-y", "-i"]).arg(audio.join(format!("{id}.ogg")));
            assert!(
                ffmpeg.args(how).arg(&file).status().unwrap().success(),
                "ffmpeg cannot make {}",
                file.display()
            );
            for beside in ["yaml", "txt"] {
                std::fs::copy(audio.join(format!("{id}.{beside}")), desk.join(format!("{id}.{beside}")))
                    .unwrap();
            }
            files.push(file.display().to_string());
        }
        files
    }

    /// `loaxa office VERB … --dir …`, the passphrase by file descriptor.
    fn run(&self, args: &[&str]) -> Value {
        run(args, Some(&self.dir))
    }

    /// The published feed becomes a folder of the results.
    pub fn hand_over(&self) {
        std::fs::remove_file(self.out.join("feed")).unwrap();
        std::fs::rename(self.dir.join("feed"), self.out.join("feed")).unwrap();
    }

    pub fn publish(&self) {
        self.run(&["publish"]);
    }

    /// The province registers the box.
    pub fn register(&self, key: &str) {
        println!("5. Tỉnh ghi đài vào danh bạ đài / the province registers the station");
        let commune = ["--languages", "vi", "--tags", "vung-cao", "--commune", "Xã Xuân Lương"];
        let mut add = vec!["registry", "add", STATION, "--key", key, "--areas", AREA, "--as", EDITORS[0]];
        add.extend(commune);
        self.run(&add);
        self.publish();
    }

    /// The area pushes a schedule; due instants of its three slots.
    pub fn push(&self) -> [DateTime<Utc>; 3] {
        let first = crate::station::now() + TimeDelta::seconds(12);
        let first = first - TimeDelta::nanoseconds(i64::from(first.timestamp_subsec_nanos()));
        let dues = [first, first + TimeDelta::seconds(38), first + TimeDelta::seconds(80)];
        let file = self.out.join("schedule.yaml");
        std::fs::write(&file, schedule(&dues)).unwrap();
        self.run(&["push", &file.display().to_string(), "--as", AREA_OFFICER, "--yes"]);
        self.publish();
        dues
    }

    /// The duty officer orders an urgent bulletin.
    pub fn urgent(&self) {
        let until = (crate::station::now() + TimeDelta::hours(1)).to_rfc3339();
        let order = [
            "urgent",
            "dien-tap-1",
            "--audio",
            "dien-tap-thong-bao-khan",
            "--areas",
            AREA,
            "--until",
            &until,
        ];
        let mut order = order.to_vec();
        order.extend(["--reason", "Diễn tập thông báo khẩn", "--as", DUTY]);
        self.run(&order);
        self.publish();
    }
}

/// What people call a slot of the evening; whatever is no slot is the urgent order.
pub fn slot_title(id: Option<&str>) -> &'static str {
    SLOTS.iter().find(|slot| Some(slot.0) == id).map_or("Tin khẩn cấp", |slot| slot.1)
}

fn schedule(dues: &[DateTime<Utc>; 3]) -> String {
    let local = dues.map(|d| d.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh));
    let (from, until) = (local[0].date_naive(), local[0].date_naive() + TimeDelta::days(7));
    let mut yaml = format!(
        "format: 1\narea: {AREA}\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: {from}, until: {until} }}\nslots:\n"
    );
    for ((id, title, playlist), at) in SLOTS.iter().zip(local) {
        let (s, m, h) = (at.second(), at.minute(), at.hour());
        yaml += &format!(
            "  - id: {id}\n    title: {{ vi: \"{title}\" }}\n    cron: \"{s} {m} {h} * * *\"\n    class: priority\n    start_within: 2m\n    max_duration: 5m\n    playlist:\n"
        );
        for entry in *playlist {
            yaml += &format!("      - {entry}\n");
        }
    }
    yaml
}

fn run(args: &[&str], dir: Option<&Path>) -> Value {
    let mut command = crate::loaxa();
    command.arg("office").args(args).args(["--lang", "vi"]);
    if let Some(dir) = dir {
        command.arg("--dir").arg(dir);
    }
    if !matches!(args[0], "import" | "list") {
        command.args(["--passphrase-fd", "0"]);
    }
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(PASSPHRASE.as_bytes()).ok();
    let out = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "loaxa office {args:?}\n{said}");
    serde_json::from_slice(&out.stdout).unwrap_or(Value::Null)
}
