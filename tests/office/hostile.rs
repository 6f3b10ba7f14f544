//! The folder passes through many hands, and one of them means ill: what people see and hear is what they sign.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use loaxa::{
    digest::Digest,
    feed::roles::{REGISTRY, bulletin_path, target_name},
    office::{
        approve::{self, Choice, Proposal},
        desk::Desk,
        draft, merge,
        registry::Deed,
        staging::{self, Shelf},
    },
    text::Lang,
};

use super::{
    station::KEY,
    world::{LAN, NAM, World, copy_dir, sound},
};

fn proposal(desk: &Desk<'_>, world: &World, who: &str) -> Proposal {
    let hand = world.hand(desk, "bulletins", who);
    approve::propose(desk, Shelf::Bulletins, &Choice::default(), &hand).unwrap()
}

/// Where the office keeps the audio of a recording that waits.
fn kept(world: &World, id: &str) -> PathBuf {
    let staged = staging::all(&world.office).unwrap();
    world.office.file(&staged.iter().find(|s| s.id.as_str() == id).unwrap().sha256)
}

#[test]
fn the_second_person_cannot_be_played_another_recording_than_the_one_that_he_signs() {
    let world = World::new();
    world.stage("luat-1");
    world.approve(LAN).unwrap();
    let file = kept(&world, "luat-1");
    let real = fs::read(&file).unwrap();
    fs::write(&file, sound("harmless", 50)).unwrap();
    let desk = world.desk();
    let hand = world.hand(&desk, "bulletins", NAM);
    let refused = approve::propose(&desk, Shelf::Bulletins, &Choice::default(), &hand).unwrap_err();
    assert!(format!("{refused:?}").contains("bulletins/luat-1.opus"), "{refused:?}");
    let sha256 = Digest::of(&real);
    assert_eq!(desk.office.content_path(&sha256, "bulletins/luat-1.opus"), None);
    fs::write(&file, real).unwrap();
    proposal(&desk, &world, NAM);
    assert_eq!(desk.office.content_path(&sha256, "bulletins/luat-1.opus"), Some(file));
}

#[test]
fn a_registry_that_somebody_altered_in_the_folder_is_not_signed_on() {
    let world = World::new();
    world.register();
    let (_, target) = world
        .desk()
        .files()
        .find(|(name, _)| *name == REGISTRY)
        .map(|(n, t)| (n.to_owned(), t.clone()))
        .unwrap();
    let sha256 = Digest(target.hashes.sha256.as_ref().try_into().unwrap());
    let file = world.office.feed().join(target_name(REGISTRY, &sha256));
    let altered = fs::read_to_string(&file).unwrap().replace(&hex::encode(KEY), &hex::encode([9; 32]));
    fs::write(&file, altered).unwrap();
    let refused = world.registry(Deed::Add(World::station("xuan-luong-2", [8; 32]))).unwrap_err();
    assert!(format!("{refused:?}").contains(REGISTRY), "{refused:?}");
}

#[test]
fn what_lies_in_the_feed_under_a_name_that_is_to_come_is_replaced_by_what_was_signed() {
    let world = World::new();
    let staged = world.stage("luat-1");
    let goal = world.office.feed().join(target_name(&bulletin_path(&staged.id), &staged.sha256));
    fs::create_dir_all(goal.parent().unwrap()).unwrap();
    fs::write(&goal, "something else").unwrap();
    world.approve(LAN).unwrap();
    world.approve(NAM).unwrap();
    world.publish().unwrap();
    assert_eq!(Digest::of(&fs::read(goal).unwrap()), staged.sha256);
}

#[test]
fn pipes_links_and_circles_in_the_folder_hold_nobody_up() {
    let world = World::new();
    let drafts = world.office.drafts();
    let pipe = |path: &Path| rustix::fs::mkfifoat(rustix::fs::CWD, path, 0o600.into()).unwrap();
    let zeros = |path: &Path| symlink("/dev/zero", path).unwrap();
    let other = |path: &Path| symlink("/etc/hostname", path).unwrap();
    let dir = |path: &Path| fs::create_dir(path).unwrap();
    for make in [&pipe as &dyn Fn(&Path), &zeros, &other, &dir] {
        let path = world.office.draft("urgent");
        make(&path);
        let refused = draft::all(&world.office).unwrap_err();
        assert!(format!("{refused:?}").contains(path.to_str().unwrap()), "{refused:?}");
        fs::remove_file(&path).or_else(|_| fs::remove_dir(&path)).unwrap();
    }
    // Circles: two links to one folder would be 2^40 ways through it.
    for link in ["a", "b"] {
        symlink(".", world.office.feed().join(link)).unwrap();
        symlink(world.office.dir(), drafts.join(link)).unwrap();
    }
    drop(world.desk());
    world.stage("luat-1");
    world.approve(LAN).unwrap();
    world.approve(NAM).unwrap();
    world.publish().unwrap();
    let copy = world.dir.path().join("copy");
    copy_dir(world.office.staging().as_path(), &copy.join("staging"));
    for dir in ["drafts", "files", "recordings/canonical", "keys"] {
        fs::create_dir_all(copy.join(dir)).unwrap();
    }
    fs::copy(world.office.marker(), copy.join("office.json")).unwrap();
    symlink("/dev/zero", copy.join("files").join(Digest::of(b"x").to_string())).unwrap();
    assert!(merge::merge(&world.office, &copy).is_err());
}

#[test]
fn nothing_in_a_description_moves_the_approvers_terminal_or_passes_for_a_line_of_ours() {
    let world = World::new();
    world.stage_with("luat-1", |staged| {
        staged.meta.title.vi = "Luật\u{1b}[2J\u{1b}]0;x\u{7}\n    ĐÃ DUYỆT\u{202e}gnôhk".into();
        staged.meta.transcript =
            "Kính thưa.\nXÓA bulletins/luat-1.opus\n    người duyệt: ai đó\r\u{9b}1A".into();
    });
    let desk = world.desk();
    let changes = proposal(&desk, &world, LAN).changes;
    for lang in [Lang::Vi, Lang::En] {
        let shown = changes.iter().map(|c| c.text.to(lang)).collect::<Vec<_>>().join("\n");
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown:?}");
        assert!(!shown.contains('\u{202e}'), "{shown:?}");
        let ours: Vec<&str> = shown.lines().filter(|line| !line.starts_with("    │ ")).collect();
        assert_eq!(ours.len(), 3, "{shown}");
        assert!(ours[0].contains("[2J") && ours[0].contains("ĐÃ DUYỆTgnôhk”"), "{shown}");
    }
}
