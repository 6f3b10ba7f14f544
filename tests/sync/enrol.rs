//! A box becomes a station, once.

use std::os::unix::fs::PermissionsExt;

use chrono::Utc;
use loaxa::{
    asrun::key::LogKey,
    digest::Digest,
    feed::Store,
    station::{
        enroll::{Enrolment, NotEnrolled, Request, enroll},
        layout::Layout,
    },
    text::Lang,
};

use crate::{repo::Repo, world::names};

struct Office {
    repo: Repo,
    dir: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let (repo, dir) = (Repo::new("2026-12-01T00:00:00Z"), tempfile::tempdir().unwrap());
        std::fs::write(dir.path().join("root.json"), repo.root()).unwrap();
        Self { repo, dir }
    }

    fn layout(&self) -> Layout {
        Layout::new(self.dir.path().join("state"))
    }

    fn enrol(&self, station: &str, feed: &str, again: bool) -> Result<Enrolment, NotEnrolled> {
        let root = self.dir.path().join("root.json");
        let request = Request { station: station.parse().unwrap(), root: &root, feed, again };
        enroll(&self.layout(), &request, Utc::now())
    }
}

fn refused(done: Result<Enrolment, NotEnrolled>) -> String {
    match done {
        Err(NotEnrolled::Refused(why)) => why.to(Lang::En).to_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn enrolment_pins_the_root_and_makes_a_key_that_its_owner_alone_can_read() {
    let office = Office::new();
    let enrolment = office.enrol("xa-tan-tien", "https://loa.example.vn/feed", false).unwrap();
    assert_eq!(enrolment.feed, "https://loa.example.vn/feed/");
    assert_eq!(enrolment.root_sha256, Digest::of(office.repo.root()), "as sha256sum shows it");
    assert_eq!(enrolment.fingerprint().replace(' ', ""), enrolment.root_sha256.to_string());
    let layout = office.layout();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&layout.log_key()), 0o600);
    assert_eq!(mode(layout.log_key().parent().unwrap()), 0o700);
    let key = LogKey::load(&layout.log_key()).unwrap();
    assert_eq!((Some(key.public()), key.id()), (enrolment.key(), enrolment.log));
    assert!(Store::open(&layout.feed()).is_ok());
    assert_eq!(Enrolment::load(&layout).unwrap(), Some(enrolment.clone()));
    assert_eq!(names(layout.state()), ["asrun", "enrolment.json", "feed", "keys", "library", "run"]);
    let printed = serde_json::to_string(&enrolment).unwrap() + &enrolment.yaml();
    let secret = std::fs::read_to_string(layout.log_key()).unwrap();
    assert!(secret.lines().filter(|l| !l.starts_with('-')).all(|line| !printed.contains(line)));
}

#[test]
fn the_block_to_register_is_yaml_of_one_station() {
    let office = Office::new();
    let enrolment = office.enrol("xa-tan-tien", "https://loa.example.vn/", false).unwrap();
    let file = format!("format: 1\nstations:\n{}", enrolment.yaml());
    let registry: serde_json::Value = serde_yaml::from_str(&file).unwrap();
    let station = &registry["stations"][0];
    assert_eq!(station["id"], "xa-tan-tien");
    assert_eq!(station["key"], enrolment.log_key);
    assert!(station["areas"].as_array().unwrap().is_empty());
}

#[test]
fn an_enrolment_is_not_overwritten_unless_asked_and_the_log_goes_on_under_its_key() {
    let office = Office::new();
    let first = office.enrol("xa-tan-tien", "https://loa.example.vn/", false).unwrap();
    assert!(refused(office.enrol("xa-khac", "https://loa.example.vn/", false)).contains("xa-tan-tien"));
    assert_eq!(Enrolment::load(&office.layout()).unwrap().as_ref(), Some(&first));
    let again = office.enrol("xa-khac", "https://khac.example.vn/", true).unwrap();
    assert_eq!((again.station.as_str(), &again.log_key), ("xa-khac", &first.log_key));
    std::fs::write(office.layout().enrolment(), b"{torn").unwrap();
    assert!(refused(office.enrol("xa-khac", "https://loa.example.vn/", false)).contains("damaged"));
    assert!(office.enrol("xa-khac", "https://loa.example.vn/", true).is_ok());
}

#[test]
fn a_wrong_root_or_address_leaves_nothing_behind() {
    let office = Office::new();
    let with_secret = "https://an:mat-khau@loa.example.vn/";
    let why = refused(office.enrol("xa-tan-tien", with_secret, false));
    assert!(why.contains("password") && !why.contains("mat-khau"), "{why}");
    for root in [
        b"{}".to_vec(),
        b"<html>".to_vec(),
        vec![b' '; 600_000],
        office.repo.files["metadata/timestamp.json"].clone(),
    ] {
        std::fs::write(office.dir.path().join("root.json"), root).unwrap();
        refused(office.enrol("xa-tan-tien", "https://loa.example.vn/", false));
        assert_eq!(Enrolment::load(&office.layout()).unwrap(), None);
    }
    let mut one_signature = serde_json::from_slice::<serde_json::Value>(office.repo.root()).unwrap();
    one_signature["signatures"].as_array_mut().unwrap().truncate(1);
    std::fs::write(office.dir.path().join("root.json"), one_signature.to_string()).unwrap();
    assert!(refused(office.enrol("xa-tan-tien", "https://loa.example.vn/", false)).contains("root"));
    std::fs::write(office.dir.path().join("root.json"), office.repo.root()).unwrap();
    assert!(office.enrol("xa-tan-tien", "https://loa.example.vn/", false).is_ok());
}
