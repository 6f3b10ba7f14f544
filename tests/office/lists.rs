//! Registry, delegation, schedules, renewal, export, tidying, two machines.

use chrono::TimeDelta;
use loaxa::office::{
    Error, delegate, export,
    keys::{Cost, KeyFile, Public, SecretKey},
    list, merge, publish,
    registry::{Deed, Edit},
    renew,
};

use super::{
    station::Station,
    world::{LAN, MAI, NAM, PAO, SCHEDULE, World, copy_dir, faults, words},
};

#[test]
fn two_people_on_two_machines_pass_one_folder() {
    let world = World::new();
    // Nam's machine has a copy of the folder, with his key alone.
    let there = World { dir: super::world::tempdir(), office: world.office.clone(), now: world.now };
    world.stage("luat-1");
    world.approve(LAN).unwrap();
    let copy = there.dir.path().join("tinh");
    copy_dir(world.office.dir(), &copy);
    for (file, _) in KeyFile::all(&copy.join("keys")).unwrap() {
        if file.stem() != "hoang-van-nam" {
            std::fs::remove_file(file.secret()).unwrap();
        }
    }
    let there = World { office: loaxa::office::folder::Office::at(&copy, None), ..there };
    assert_eq!(there.approve(NAM).unwrap().missing, 0);
    assert!(matches!(there.publish(), Err(Error::Usage(_))), "the online keys are not there");
    let merged = merge::merge(&world.office, &copy).unwrap();
    assert_eq!(merged.drafts, ["bulletins"]);
    world.register();
    assert!(Station::of(&world).accepts(&world).versions.contains_key("bulletins"));
}

#[test]
fn drafts_of_different_content_never_merge() {
    let world = World::new();
    world.stage("luat-1");
    let copy = world.dir.path().join("ban-sao");
    copy_dir(world.office.dir(), &copy);
    world.approve(LAN).unwrap();
    let other = World {
        dir: super::world::tempdir(),
        office: loaxa::office::folder::Office::at(&copy, None),
        now: world.now,
    };
    other.stage("luat-2");
    other.approve(NAM).unwrap();
    let before = world.draft("bulletins");
    assert!(matches!(merge::merge(&world.office, &copy), Err(Error::Refused(_))));
    assert_eq!(world.draft("bulletins"), before);
}

#[test]
fn a_new_area_gets_its_key_by_the_province_and_signs_its_own_list() {
    let world = World::new();
    let file = KeyFile::new(world.office.keys(), "hiep-hoa");
    SecretKey::generate().unwrap().save(&file, "Ngô Thị Thu", Some((&words(), Cost::FOR_TESTS))).unwrap();
    let public = Public::load(&file.public()).unwrap();
    let area: loaxa::ids::AreaId = "hiep-hoa".parse().unwrap();
    {
        let mut desk = world.desk();
        let hand = world.hand(&desk, "targets", PAO);
        delegate::delegate(&mut desk, delegate::Deed::Grant(area.clone(), public), &hand).unwrap();
    }
    world.sign("targets", MAI).unwrap();
    let waiting = faults(world.publish());
    assert_eq!(waiting.0[0].place.file, "area-hiep-hoa", "its first list is not signed yet");
    world.sign("area-hiep-hoa", "hiep-hoa").unwrap();
    world.publish().unwrap();
    assert!(world.feed().roles.contains_key("area-hiep-hoa"));
    {
        let mut desk = world.desk();
        let hand = world.hand(&desk, "targets", PAO);
        delegate::delegate(&mut desk, delegate::Deed::Revoke(area), &hand).unwrap();
    }
    world.sign("targets", MAI).unwrap();
    world.publish().unwrap();
    assert!(!world.feed().roles.contains_key("area-hiep-hoa"));
    world.register();
    Station::of(&world).accepts(&world);
}

#[test]
fn titles_as_people_write_them_are_kept_and_found_by_what_people_type() {
    let world = World::new();
    for (id, title) in [
        ("a", "=HYPERLINK(\"x\"), “việc nhẹ”"),
        ("b", "Chú ý, bà con: 🎵 \"Đường dây nóng\""),
        ("c", "Bản tin sáng"),
    ] {
        world.stage_with(id, |s| s.meta.title.vi = title.into());
    }
    let desk = world.desk();
    let found = |typed: &str| {
        let all = list::list(&desk, Some(typed)).unwrap();
        all.into_iter().map(|e| e.id).collect::<Vec<_>>()
    };
    assert_eq!(found("viec nhe"), ["a"]);
    assert_eq!(found("=hyperlink"), ["a"]);
    assert_eq!(found("duong day nong"), ["b"]);
    assert_eq!(found("ĐƯỜNG  DÂY"), ["b"]);
    assert_eq!(found("Bản tin sa\u{301}ng"), ["c"], "typed in NFD");
}

/// Figures: `cargo test --release --test office five_hundred -- --ignored --nocapture`.
#[test]
#[ignore = "a figure, not a promise"]
fn five_hundred_bulletins_are_approved_published_and_listed() {
    let world = World::new();
    for n in 0..500 {
        world.stage(&format!("luat-{n}"));
    }
    let timed = |what: &str, deed: &dyn Fn()| {
        let started = std::time::Instant::now();
        deed();
        println!("{what}: {:.3} s", started.elapsed().as_secs_f64());
    };
    timed("first approval", &|| assert_eq!(world.approve(LAN).unwrap().missing, 1));
    timed("second approval", &|| assert_eq!(world.approve(NAM).unwrap().missing, 0));
    timed("publication of 500", &|| drop(world.publish().unwrap()));
    timed("list", &|| {
        let desk = world.desk();
        assert_eq!(list::list(&desk, None).unwrap().len(), 500);
    });
    world.stage("luat-500");
    world.approve(LAN).unwrap();
    world.approve(NAM).unwrap();
    timed("publication of one more", &|| drop(world.publish().unwrap()));
}

#[test]
fn the_registry_knows_each_station_and_key_once() {
    let world = World::new();
    world.register();
    assert!(matches!(
        world.registry(Deed::Add(World::station("xuan-luong-1", [8; 32]))),
        Err(Error::Usage(_))
    ));
    assert!(matches!(
        world.registry(Deed::Add(World::station("xuan-luong-2", [7; 32]))),
        Err(Error::Refused(_))
    ));
    let id = || "xuan-luong-1".parse().unwrap();
    let edit = Edit { commune: Some("Xã Tân Tiến".into()), ..Edit::default() };
    world.registry(Deed::Edit(id(), edit)).unwrap();
    world.publish().unwrap();
    assert_eq!(loaxa::office::registry::current(&world.desk()).unwrap().stations[0].commune, "Xã Tân Tiến");
    world.registry(Deed::Remove(id())).unwrap();
    assert!(matches!(world.registry(Deed::Remove(id())), Err(Error::Usage(_))));
}

#[test]
fn a_schedule_that_check_refuses_is_neither_signed_nor_published() {
    let world = World::new();
    world.register();
    let refused = faults(world.push(SCHEDULE));
    assert!(refused.0[0].place.line > 0, "the bulletin is unknown, and the place is named");
    assert!(!world.desk().drafts.roles.contains_key("area-yen-the"));
    world.bulletin("luat-1");
    world.push(SCHEDULE).unwrap();
    world.publish().unwrap();
}

#[test]
fn renewing_signs_a_timestamp_each_time_and_a_snapshot_when_due() {
    let mut world = World::new();
    world.register();
    let mut station = Station::of(&world);
    world.pass(TimeDelta::days(1));
    let first = renew::renew(&world.office, world.now, &world.online()).unwrap();
    assert_eq!((first.timestamp, first.snapshot), (3, None));
    world.pass(TimeDelta::days(2));
    let second = renew::renew(&world.office, world.now, &world.online()).unwrap();
    assert_eq!((second.timestamp, second.snapshot), (4, Some(3)));
    station.accepts(&world);
    assert!(second.warnings.is_empty());
    world.pass(TimeDelta::days(365 - 59));
    let late = renew::renew(&world.office, world.now, &world.online()).unwrap();
    assert_eq!(late.warnings.len(), 6, "all that expires within 60 days is named");
}

#[test]
fn an_offline_role_is_signed_again_before_it_expires() {
    let mut world = World::new();
    world.pass(TimeDelta::days(320));
    let mut desk = world.desk();
    let hand = world.hand(&desk, "withdrawals", LAN);
    loaxa::office::approve::fresh(&mut desk, "withdrawals", &hand).unwrap();
    drop(desk);
    world.publish().unwrap();
    let expires = loaxa::office::meta::instant(world.feed().roles["withdrawals"].signed.expires);
    assert_eq!(expires, world.now + TimeDelta::days(365));
}

#[test]
fn what_the_feed_no_longer_names_stays_for_thirty_days() {
    let mut world = World::new();
    let old = world.office.feed().join("metadata/1.bulletins.json");
    world.bulletin("luat-1");
    world.pass(TimeDelta::days(29));
    world.bulletin("luat-2");
    assert!(old.exists());
    world.pass(TimeDelta::days(2));
    world.bulletin("luat-3");
    assert!(!old.exists());
    assert!(world.office.feed().join("metadata/1.root.json").exists(), "roots stay for ever");
}

#[test]
fn a_stick_carries_the_feed_and_only_the_feed() {
    let world = World::new();
    world.bulletin("luat-1");
    let stick = world.dir.path().join("usb");
    let first = export::export(&world.office, &stick).unwrap();
    assert!(first.written > 0 && stick.join(export::README).exists());
    world.bulletin("luat-2");
    let second = export::export(&world.office, &stick).unwrap();
    assert!(second.written < second.files);
    let metadata = |dir: std::path::PathBuf| std::fs::read(dir.join("metadata/timestamp.json")).unwrap();
    assert_eq!(metadata(stick.clone()), metadata(world.office.feed()));
    let text = std::process::Command::new("grep").args(["-rl", "PRIVATE KEY"]).arg(&stick).output().unwrap();
    assert!(text.stdout.is_empty());
    let other = world.dir.path().join("khac");
    std::fs::create_dir_all(&other).unwrap();
    std::fs::write(other.join("anh.jpg"), b"x").unwrap();
    assert!(matches!(export::export(&world.office, &other), Err(Error::Refused(_))));
}

#[test]
fn the_list_finds_what_was_typed_without_accents() {
    let world = World::new();
    world.stage_with("dd-111", |s| s.meta.title.vi = "Đường dây nóng 111".into());
    world.approve(LAN).unwrap();
    world.approve(NAM).unwrap();
    world.publish().unwrap();
    world.stage("luat-9");
    let desk = world.desk();
    let found = list::list(&desk, Some("duong day")).unwrap();
    assert_eq!(
        found.iter().map(|e| (e.id.as_str(), e.state)).collect::<Vec<_>>(),
        [("dd-111", list::State::Published)]
    );
    assert_eq!(list::list(&desk, None).unwrap().len(), 2);
}

#[test]
fn while_one_works_another_is_told_to_wait() {
    let world = World::new();
    let desk = world.desk();
    let refused = publish::publish(&world.office, world.now, &Vec::new(), None).unwrap_err();
    assert!(refused.text().en.contains("another command is at work"), "{refused}");
    drop(desk);
}
