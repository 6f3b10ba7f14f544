//! The library on disk: what stays, what goes, what is found altered.

use std::sync::Arc;

use chrono::{TimeDelta, Utc};
use loaxa::{
    bulletin::Bulletin,
    feed::{
        Feed,
        library::{Library, room::Room},
    },
};

use crate::world::{bulletin, names, noise};

struct Shelf {
    dir: tempfile::TempDir,
    library: Library,
    feed: Feed,
}

impl Shelf {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(dir.path()).unwrap();
        Self { dir, library, feed: Feed::default() }
    }

    /// A file of 1,000 bytes, last used so many days ago; listed, if at all, until so many days from now.
    fn keep(&mut self, id: &str, used_days_ago: i64, valid_days: Option<i64>) {
        let audio = noise(id, 1_000);
        let mut bulletin = bulletin(id, &audio);
        std::fs::write(self.library.path_of(&bulletin.sha256), &audio).unwrap();
        self.library.used(&bulletin.sha256, Utc::now() - TimeDelta::days(used_days_ago)).unwrap();
        if let Some(days) = valid_days {
            bulletin.meta.valid_until = Utc::now() + TimeDelta::days(days);
            self.feed.bulletins.insert(bulletin.id.clone(), bulletin.into());
        }
    }

    fn has(&self, id: &str) -> bool {
        self.library.has(&bulletin(id, &noise(id, 1_000)))
    }

    fn room(&self, more: u64, budget: u64, urgent: bool) -> Room {
        self.library.make_room(&self.feed, Utc::now(), more, budget, urgent).unwrap()
    }
}

#[test]
fn room_is_made_by_what_is_unlisted_then_expired_and_never_by_what_is_valid() {
    let mut shelf = Shelf::new();
    shelf.keep("hop-le", 90, Some(10));
    shelf.keep("het-han", 80, Some(-1));
    shelf.keep("go-bo-cu", 9, None);
    shelf.keep("go-bo-moi", 2, None);
    assert_eq!(shelf.room(1_000, 5_000, false), Room::Made(0), "nothing goes before it must");
    assert_eq!(shelf.room(1_001, 5_000, false), Room::Made(1));
    assert!(!shelf.has("go-bo-cu") && shelf.has("go-bo-moi"), "the one that was not used for longest");
    assert_eq!(shelf.room(3_000, 5_000, false), Room::Made(1));
    assert!(!shelf.has("go-bo-moi") && shelf.has("het-han"), "an expired one may be listed again");
    assert_eq!(shelf.room(4_500, 5_000, false), Room::Lacking(500));
    assert!(!shelf.has("het-han") && shelf.has("hop-le"));
    assert_eq!(shelf.room(4_500, 5_000, true), Room::Made(0), "an urgent order does not wait for the budget");
}

#[test]
fn what_is_to_become_valid_stays_and_a_feed_that_was_never_seen_removes_nothing() {
    let mut shelf = Shelf::new();
    shelf.keep("sap-toi", 90, Some(10));
    let id = "sap-toi".parse().unwrap();
    let listed = shelf.feed.bulletins.get_mut(&id).unwrap();
    Arc::make_mut(listed).meta.valid_from = Utc::now() + TimeDelta::days(5);
    assert_eq!(shelf.room(1_000, 1_000, false), Room::Lacking(1_000));
    assert!(shelf.has("sap-toi"));
    shelf.feed = Feed::default();
    assert_eq!(shelf.room(1_000, 1_000, false), Room::Lacking(1_000));
    assert!(shelf.has("sap-toi"));
}

#[test]
fn the_same_audio_under_two_ids_stays_while_one_is_valid() {
    let mut shelf = Shelf::new();
    shelf.keep("cu", 9, Some(-1));
    let mut twin = Bulletin::clone(shelf.feed.bulletins.values().next().unwrap());
    twin.id = "moi".parse().unwrap();
    twin.meta.valid_until = Utc::now() + TimeDelta::days(1);
    shelf.feed.bulletins.insert(twin.id.clone(), twin.into());
    assert_eq!(shelf.room(1_000, 1_000, false), Room::Lacking(1_000));
    assert!(shelf.has("cu"));
}

#[test]
fn an_altered_file_is_found_and_removed_whatever_was_altered() {
    let mut shelf = Shelf::new();
    for id in ["lat-bit", "cat-ngan", "thay-the", "lien-ket", "nguyen-ven"] {
        shelf.keep(id, 1, Some(10));
    }
    let path = |id: &str| shelf.library.path_of(&bulletin(id, &noise(id, 1_000)).sha256);
    let digest = |id: &str| bulletin(id, &noise(id, 1_000)).sha256;
    let mut flipped = noise("lat-bit", 1_000);
    flipped[500] ^= 4;
    std::fs::write(path("lat-bit"), flipped).unwrap();
    std::fs::write(path("cat-ngan"), &noise("cat-ngan", 1_000)[..999]).unwrap();
    std::fs::remove_file(path("thay-the")).unwrap();
    std::fs::rename(path("nguyen-ven"), path("thay-the")).unwrap();
    std::fs::write(path("nguyen-ven"), noise("nguyen-ven", 1_000)).unwrap();
    std::fs::rename(path("lien-ket"), shelf.dir.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(shelf.dir.path().join("elsewhere"), path("lien-ket")).unwrap();
    for id in ["lat-bit", "cat-ngan", "thay-the", "lien-ket"] {
        assert!(!shelf.library.check(&digest(id)).unwrap(), "{id}");
        assert!(!path(id).exists(), "{id}");
    }
    assert!(shelf.library.check(&digest("nguyen-ven")).unwrap());
    let missing: Vec<String> =
        shelf.library.missing(&shelf.feed, Utc::now()).iter().map(|b| b.id.to_string()).collect();
    assert_eq!(missing, ["cat-ngan", "lat-bit", "lien-ket", "thay-the"]);
}

#[test]
fn opening_sweeps_what_was_unfinished_and_parts_go_with_their_bulletin() {
    let mut shelf = Shelf::new();
    shelf.keep("con", 1, Some(10));
    let listed = bulletin("con", &noise("con", 1_000)).sha256;
    let gone = bulletin("mat", b"x").sha256;
    for file in
        [format!("{gone}.part"), format!("{gone}.note"), format!("{listed}.note"), ".unfinished-1-2".into()]
    {
        std::fs::write(shelf.dir.path().join(file), b"{}").unwrap();
    }
    shelf.library = Library::open(shelf.dir.path()).unwrap();
    assert_eq!(shelf.library.sweep_parts(&shelf.feed).unwrap(), 3);
    assert_eq!(names(shelf.dir.path()), [format!("{listed}.opus")]);
}

#[test]
fn what_another_process_is_writing_is_neither_taken_nor_swept() {
    let dir = tempfile::tempdir().unwrap();
    let (one, digest) = (Library::open(dir.path()).unwrap(), bulletin("tin", b"tin").sha256);
    let part = one.part(&digest, 3).unwrap();
    let incoming = loaxa::durable::Incoming::create(dir.path()).unwrap();
    let other = Library::open(dir.path()).unwrap();
    assert!(incoming.path().exists());
    assert_eq!(other.part(&digest, 3).err().map(|e| e.kind()), Some(std::io::ErrorKind::WouldBlock));
    drop(part);
    assert!(other.part(&digest, 3).is_ok());
}
