//! An office in a temporary folder, with people and a clock that the test moves.
#![allow(dead_code, reason = "not every story needs every helper")]

use std::{fs, path::Path};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::{
    bulletin::{Category, Frames, Kind, Meta, Title},
    digest::Digest,
    office::{
        Error, Result,
        approve::{self, Choice, Signature},
        desk::Desk,
        feed_files::Published,
        folder::Office,
        hand::{self, Hand},
        init::{self, Holder, Setup},
        keys::{Cost, KeyFile, Passphrase, SecretKey},
        policy,
        publish::{self, Publication},
        root,
        staging::{self, Shelf, Staged},
    },
};
use tough::schema::{Signed, Targets};

pub const WORDS: &str = "hoa sen trong đầm";
pub const REGISTRY: &str = "format: 1\nstations: []\n";
pub const LAN: &str = "Nguyễn Thị Lan";
pub const NAM: &str = "Hoàng Văn Nam";
pub const DIN: &str = "Vàng Seo Dín";
pub const PAO: &str = "Giàng A Páo";
pub const MAI: &str = "Lò Thị Mai";
pub const MINH: &str = "Trần Văn Minh";
pub const HOA: &str = "Đặng Thị Hoa";

/// In memory where there is such a place: thousands of fsyncs are not what is tested here.
pub fn tempdir() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

pub fn words() -> Passphrase {
    Passphrase::new(WORDS.to_owned())
}

pub fn setup() -> Setup {
    let new = |names: &[&str]| names.iter().map(|n| Holder::New((*n).to_owned())).collect::<Vec<_>>();
    Setup {
        root: new(&[PAO, MAI, MINH]),
        root_threshold: 2,
        editors: new(&[LAN, NAM]),
        duty: new(&[LAN, DIN]),
        registrars: new(&[NAM]),
        areas: vec![("yen-the".parse().unwrap(), Holder::New(HOA.into()))],
        policy: policy::FIRST.into(),
        registry: REGISTRY.into(),
        protect_online: false,
        cost: Cost::FOR_TESTS,
    }
}

pub struct World {
    pub dir: tempfile::TempDir,
    pub office: Office,
    pub now: DateTime<Utc>,
}

impl World {
    /// After `init`, before the first publication.
    pub fn unpublished() -> Self {
        Self::made("2026-12-01T01:00:00Z".parse().unwrap(), &setup())
    }

    pub fn made(now: DateTime<Utc>, setup: &Setup) -> Self {
        let dir = tempdir();
        let office = Office::at(&dir.path().join("tinh"), None);
        init::init(&office, setup, now, &mut |_| Ok(words())).unwrap();
        Self { dir, office, now }
    }

    /// Published by the clock that the program under test goes by, or so long before.
    pub fn ago(days: i64, setup: &Setup) -> Self {
        let world = Self::made(crate::pc_now() - TimeDelta::days(days), setup);
        world.publish().unwrap();
        world
    }

    pub fn new() -> Self {
        let world = Self::unpublished();
        world.publish().unwrap();
        world
    }

    pub fn pass(&mut self, span: TimeDelta) {
        self.now += span;
    }

    pub fn key(&self, stem: &str) -> SecretKey {
        KeyFile::new(self.office.keys(), stem).open(|| Ok(words())).unwrap()
    }

    pub fn desk(&self) -> Desk<'_> {
        Desk::open(&self.office, self.now).unwrap()
    }

    pub fn online(&self) -> Vec<SecretKey> {
        hand::online(&KeyFile::all(self.office.keys()).unwrap(), &mut |_| Ok(words())).unwrap()
    }

    pub fn publish(&self) -> Result<Publication> {
        publish::publish(&self.office, self.now, &self.online(), None)
    }

    pub fn feed(&self) -> Published {
        Published::load(&self.office).unwrap().unwrap()
    }

    /// A recording as `import` leaves it.
    pub fn stage(&self, id: &str) -> Staged {
        self.stage_with(id, |_| {})
    }

    pub fn stage_with(&self, id: &str, change: impl FnOnce(&mut Staged)) -> Staged {
        let bytes = sound(id, 50);
        let sha256 = self.office.keep(&bytes).unwrap();
        let meta = Meta {
            kind: Kind::Bulletin,
            work: id.parse().unwrap(),
            title: Title { vi: format!("Bản tin {id}"), en: None },
            category: Some(Category::Law),
            languages: vec!["vi".parse().unwrap()],
            frames: Frames(48_000),
            loudness_clufs: -1600,
            true_peak_cdb: -150,
            hotline: Some("111".into()),
            directive: None,
            valid_from: self.now,
            valid_until: self.now + TimeDelta::days(90),
            approved_by: Vec::new(),
            transcript: "Kính thưa bà con.\nGọi 111.".into(),
            original_sha256: Digest::of(id.as_bytes()),
        };
        let length = bytes.len() as u64;
        let mut staged = Staged { id: id.parse().unwrap(), shelf: Shelf::Bulletins, sha256, length, meta };
        change(&mut staged);
        staging::put(&self.office, &staged).unwrap();
        staged
    }

    pub fn hand(&self, desk: &Desk<'_>, role: &str, who: &str) -> Hand {
        desk.hand(role, Some(who), &mut |_| Ok(words())).unwrap()
    }

    pub fn approve(&self, who: &str) -> Result<Signature> {
        self.approve_with(who, &Choice::default())
    }

    pub fn approve_with(&self, who: &str, choice: &Choice) -> Result<Signature> {
        let mut desk = self.desk();
        let hand = self.hand(&desk, "bulletins", who);
        let proposal = approve::propose(&desk, Shelf::Bulletins, choice, &hand)?;
        approve::sign(&mut desk, proposal, &hand)
    }

    pub fn sign(&self, role: &str, who: &str) -> Result<Signature> {
        let mut desk = self.desk();
        let hand = self.hand(&desk, role, who);
        if role == "root" {
            return root::sign_draft(&mut desk, &hand);
        }
        let proposal = approve::propose_waiting(&desk, role, &hand)?;
        approve::sign(&mut desk, proposal, &hand)
    }

    /// Imported, approved by two, published.
    pub fn bulletin(&self, id: &str) {
        self.stage(id);
        self.approve(LAN).unwrap();
        self.approve(NAM).unwrap();
        self.publish().unwrap();
    }

    /// The draft of `role` altered by `change` and signed by these keys.
    pub fn forge(&self, role: &str, stems: &[&str], change: impl FnOnce(&mut Targets)) {
        let mut next = self.desk().next(role).unwrap();
        change(&mut next);
        let keys: Vec<_> = stems.iter().map(|s| self.key(s)).collect();
        let signed = loaxa::office::meta::signed_by(next, &keys).unwrap();
        loaxa::office::draft::save(&self.office, role, &signed).unwrap();
    }

    pub fn draft(&self, role: &str) -> Signed<Targets> {
        loaxa::office::draft::load(&self.office, role).unwrap().unwrap()
    }
}

/// A canonical file of `packets` times 20 ms of silence; `tag` makes it differ from others.
pub fn sound(tag: &str, packets: u64) -> Vec<u8> {
    use ogg::writing::{PacketWriteEndInfo, PacketWriter};
    const SKIP: u64 = 312;
    let mut out = Vec::new();
    let mut writer = PacketWriter::new(&mut out);
    let mut head = b"OpusHead\x01\x01".to_vec();
    head.extend((SKIP as u16).to_le_bytes());
    head.extend(48_000u32.to_le_bytes());
    head.extend([0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    tags.extend((tag.len() as u32).to_le_bytes());
    tags.extend(tag.as_bytes());
    tags.extend(0u32.to_le_bytes());
    writer.write_packet(head, 7, PacketWriteEndInfo::EndPage, 0).unwrap();
    writer.write_packet(tags, 7, PacketWriteEndInfo::EndPage, 0).unwrap();
    for n in 1..=packets + 1 {
        let last = n == packets + 1;
        let end = if last { PacketWriteEndInfo::EndStream } else { PacketWriteEndInfo::NormalPacket };
        let granule = if last { packets * 960 + SKIP } else { n * 960 };
        writer.write_packet(vec![0xf8, 0xff, 0xfe], 7, end, granule).unwrap();
    }
    drop(writer);
    out
}

pub fn copy_dir(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let goal = to.join(path.file_name().unwrap());
        if path.is_dir() { copy_dir(&path, &goal) } else { fs::copy(&path, &goal).map(|_| ()).unwrap() }
    }
}

/// The faults of a refusal, or a failed test.
pub fn faults<T: std::fmt::Debug>(answer: Result<T>) -> loaxa::fault::Faults {
    match answer {
        Err(Error::Faults(faults)) => faults,
        other => panic!("no faults: {other:?}"),
    }
}

pub const SCHEDULE: &str = r#"format: 1
area: yen-the
timezone: Asia/Ho_Chi_Minh
valid: { from: 2026-12-01, until: 2026-12-31 }
slots:
  - id: ban-tin-sang
    title: { vi: "Bản tin sáng" }
    cron: "0 6 * * *"
    max_duration: 15m
    playlist:
      - bulletin: luat-1
"#;

/// Deeds of one person, each leaving a complete draft.
impl World {
    pub fn withdraw(&self, id: &str) -> Result<Signature> {
        let mut desk = self.desk();
        let hand = self.hand(&desk, "withdrawals", DIN);
        loaxa::office::withdraw::withdraw(&mut desk, id, "Sai nội dung", &hand)
    }

    pub fn order(&self, id: &str, audio: &str) -> loaxa::feed::UrgentOrder {
        loaxa::feed::UrgentOrder {
            id: id.parse().unwrap(),
            audio: audio.parse().unwrap(),
            areas: ["yen-the".parse().unwrap()].into(),
            not_before: self.now,
            until: self.now + TimeDelta::hours(2),
            repeats: 2,
            gap_s: 60,
            reason: "Bão số 3".into(),
        }
    }

    pub fn urgent(&self, id: &str, audio: &str) -> Result<Signature> {
        let mut desk = self.desk();
        let hand = self.hand(&desk, "urgent", DIN);
        loaxa::office::urgent::urgent(&mut desk, &self.order(id, audio), &hand)
    }

    pub fn registry(&self, deed: loaxa::office::registry::Deed) -> Result<Signature> {
        let mut desk = self.desk();
        let hand = self.hand(&desk, "registry", NAM);
        loaxa::office::registry::change(&mut desk, deed, &hand)
    }

    pub fn station(id: &str, key: [u8; 32]) -> loaxa::office::registry::Station {
        loaxa::office::registry::Station {
            id: id.parse().unwrap(),
            key: loaxa::office::keys::PublicKey(key),
            areas: vec!["yen-the".parse().unwrap()],
            languages: vec!["vi".parse().unwrap()],
            tags: vec!["vung-cao".into()],
            commune: "Xã Xuân Lương".into(),
            place: None,
            contact: None,
        }
    }

    pub fn register(&self) {
        let station = Self::station("xuan-luong-1", super::station::KEY);
        self.registry(loaxa::office::registry::Deed::Add(station)).unwrap();
        self.publish().unwrap();
    }

    pub fn push(&self, text: &str) -> Result<Signature> {
        let sort = loaxa::office::push::sort("schedule.yaml", text)?;
        let mut desk = self.desk();
        loaxa::office::push::check(&desk, &sort, "schedule.yaml", text)?;
        let hand = desk.hand(&sort.role(), None, &mut |_| Ok(words()))?;
        let (next, _) = loaxa::office::push::plan(&desk, &sort, text)?;
        loaxa::office::push::push(&mut desk, &sort, next, &hand)
    }

    pub fn push_schedule(&self) {
        self.push(SCHEDULE).unwrap();
    }
}
