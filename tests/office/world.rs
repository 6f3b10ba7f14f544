//! An office in a temporary folder, with people and a clock that the test moves.

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::office::{
    folder::Office,
    init::{self, Holder, Setup},
    keys::{Cost, KeyFile, Passphrase, SecretKey},
    publish::{self, Publication},
};

pub const WORDS: &str = "hoa sen trong đầm";
pub const POLICY: &str = "format: 1\n";
pub const REGISTRY: &str = "format: 1\nstations: {}\n";

pub fn words() -> Passphrase {
    Passphrase::new(WORDS.to_owned())
}

pub struct World {
    pub dir: tempfile::TempDir,
    pub office: Office,
    pub now: DateTime<Utc>,
}

pub fn setup() -> Setup {
    let new = |names: &[&str]| names.iter().map(|n| Holder::New((*n).to_owned())).collect::<Vec<_>>();
    Setup {
        root: new(&["Giàng A Páo", "Lò Thị Mai", "Trần Văn Minh"]),
        root_threshold: 2,
        editors: new(&["Nguyễn Thị Lan", "Hoàng Văn Nam"]),
        duty: new(&["Nguyễn Thị Lan", "Vàng Seo Dín"]),
        registrars: new(&["Hoàng Văn Nam"]),
        areas: vec![("yen-the".parse().unwrap(), Holder::New("Đặng Thị Hoa".into()))],
        policy: POLICY.into(),
        registry: REGISTRY.into(),
        protect_online: false,
        cost: Cost::FOR_TESTS,
    }
}

impl World {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let office = Office::at(&dir.path().join("tinh"), None);
        let now = "2026-12-01T01:00:00Z".parse().unwrap();
        init::init(&office, &setup(), now, &mut |_| Ok(words())).unwrap();
        Self { dir, office, now }
    }

    pub fn pass(&mut self, span: TimeDelta) {
        self.now += span;
    }

    pub fn key(&self, stem: &str) -> SecretKey {
        KeyFile::new(self.office.keys(), stem).open(|| Ok(words())).unwrap()
    }

    pub fn publish(&self) -> loaxa::office::Result<Publication> {
        let online = vec![self.key("snapshot"), self.key("timestamp")];
        publish::publish(&self.office, self.now, &online, None)
    }
}
