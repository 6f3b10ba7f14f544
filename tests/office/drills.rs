//! docs/key-drills.md, each drill to its end: a station that knew only the first root goes on.

use loaxa::office::{
    Error, delegate,
    keys::{Cost, KeyFile, Public, SecretKey},
    meta,
    rotate::{self, Rotation, Swap},
};
use tough::schema::RoleType;

use super::{
    station::Station,
    world::{DIN, LAN, MAI, MINH, NAM, PAO, World, words},
};

/// A new key of `name`, made at his own machine.
fn newcomer(world: &World, stem: &str, name: &str) -> Public {
    let file = KeyFile::new(world.office.keys(), stem);
    SecretKey::generate().unwrap().save(&file, name, Some((&words(), Cost::FOR_TESTS))).unwrap();
    Public::load(&file.public()).unwrap()
}

fn rotate(
    world: &World,
    role: &str,
    remove: Option<&str>,
    add: Option<Public>,
) -> loaxa::office::Result<Rotation> {
    let mut desk = world.desk();
    let hand = world.hand(&desk, if role == "root" { "root" } else { "targets" }, PAO);
    rotate::rotate(&mut desk, role, &Swap { remove: remove.map(str::to_owned), add, threshold: None }, &hand)
}

/// A province with a bulletin, a station that knows it, and what is published after `drill` for it to take.
fn drill(story: impl FnOnce(&World, &mut Station)) {
    let world = World::new();
    let mut station = Station::of(&world);
    world.register();
    world.bulletin("luat-1");
    assert_eq!(station.accepts(&world).bulletins.len(), 1);
    story(&world, &mut station);
    assert!(station.accepts(&world).bulletins.keys().any(|id| id.as_str() == "luat-1"));
}

#[test]
fn a_lost_editor_key_is_replaced_and_the_list_signed_again() {
    drill(|world, station| {
        let new = newcomer(world, "lan-2", LAN);
        let first = rotate(world, "bulletins", Some(LAN), Some(new)).unwrap();
        assert_eq!(first.signed[0].missing, 1);
        let mut again = first.sign_again.clone();
        again.sort();
        assert_eq!(again, ["bulletins", "urgent-audio"], "both that needed her");
        world.sign("targets", MAI).unwrap();
        // Nothing goes out while the lists lack signatures: stations keep the feed of before.
        assert!(world.publish().is_err());
        station.accepts(world);
        world.sign("bulletins", "lan-2").unwrap();
        world.sign("bulletins", NAM).unwrap();
        world.sign("urgent-audio", "lan-2").unwrap();
        world.sign("urgent-audio", DIN).unwrap();
        world.publish().unwrap();
    });
}

#[test]
fn a_revoked_key_signs_nothing_any_more() {
    drill(|world, station| {
        let new = newcomer(world, "quang", "Phạm Quang");
        rotate(world, "bulletins", Some(NAM), Some(new)).unwrap();
        world.sign("targets", MINH).unwrap();
        world.sign("bulletins", LAN).unwrap();
        world.sign("bulletins", "quang").unwrap();
        if world.desk().drafts.roles.contains_key("registry") {
            world.sign("registry", "quang").unwrap();
        }
        world.publish().unwrap();
        station.accepts(world);
        world.stage("luat-2");
        let desk = world.desk();
        let refused = desk.hand("bulletins", Some("hoang-van-nam"), &mut |_| Ok(words()));
        assert!(matches!(refused, Err(Error::Usage(_))));
        drop(desk);
        // With the old key all the same: the list does not reach its threshold.
        world.forge("bulletins", &["nguyen-thi-lan", "hoang-van-nam"], |_| {});
        assert_eq!(world.publish().unwrap().waiting.get("bulletins"), Some(&1));
    });
}

#[test]
fn one_of_three_root_keys_is_lost_and_replaced_by_the_other_two() {
    drill(|world, _| {
        let new = newcomer(world, "root-moi", "Bế Văn Tùng");
        let done = rotate(world, "root", Some(MINH), Some(new)).unwrap();
        assert_eq!(done.signed.iter().map(|s| s.missing).collect::<Vec<_>>(), [1, 1]);
        world.sign("root", MAI).unwrap();
        world.sign("targets", MAI).unwrap();
        let done = world.publish().unwrap();
        assert_eq!(done.roles.get("root"), Some(&2));
        assert!(world.office.feed().join("metadata/2.root.json").exists());
    });
}

#[test]
fn a_new_root_of_new_people_is_signed_by_the_old_and_by_the_new() {
    drill(|world, _| {
        for (stem, name, goes) in [("r-1", "Bế Văn Tùng", MAI), ("r-2", "Hà Thị Sen", MINH)] {
            rotate(world, "root", Some(goes), Some(newcomer(world, stem, name))).unwrap();
        }
        // Páo (of both) has signed; the old root wants one more, the new one too.
        assert_eq!(world.sign("root", MAI).unwrap().missing, 1);
        assert_eq!(world.sign("root", "r-1").unwrap().missing, 0);
        world.sign("targets", "r-1").unwrap();
        world.publish().unwrap();
    });
}

#[test]
fn stolen_online_keys_are_replaced_by_root_without_a_gap() {
    drill(|world, station| {
        for role in [RoleType::Snapshot, RoleType::Timestamp] {
            let mut desk = world.desk();
            let hand = world.hand(&desk, "root", PAO);
            let (key, file) = rotate::new_online(&desk, role).unwrap();
            key.save(&file, &role.to_string(), None).unwrap();
            let plan = rotate::plan_online(&desk, role, &key.public()).unwrap();
            rotate::sign(&mut desk, plan, &hand).unwrap();
        }
        world.sign("root", MAI).unwrap();
        world.publish().unwrap();
        let feed = world.feed();
        assert_eq!(feed.timestamp.signatures.len(), 2, "for one publication both sign");
        station.accepts(world);
        let thief = world.key("timestamp");
        for old in ["snapshot", "timestamp"] {
            std::fs::remove_file(KeyFile::new(world.office.keys(), old).secret()).unwrap();
        }
        world.bulletin("luat-2");
        assert_eq!(world.feed().timestamp.signatures.len(), 1);
        // The thief signs a newer timestamp with the old key: nobody who knows the new root takes it.
        let path = world.office.feed().join("metadata/timestamp.json");
        let good = std::fs::read(&path).unwrap();
        let mut forged = world.feed().timestamp.signed;
        forged.version = meta::version(forged.version.get() + 10);
        std::fs::write(&path, meta::to_json(&meta::signed_by(forged, [&thief]).unwrap()).unwrap()).unwrap();
        assert!(station.sync(world.now).is_err());
        std::fs::write(&path, good).unwrap();
    });
}

#[test]
fn a_role_is_never_left_with_fewer_people_than_must_sign() {
    let world = World::new();
    assert!(matches!(rotate(&world, "bulletins", Some(LAN), None), Err(Error::Usage(_))));
    assert!(matches!(rotate(&world, "bulletins", Some("Ai Đó"), None), Err(Error::Usage(_))));
}

#[test]
fn a_lost_area_key_is_replaced_and_the_area_signs_its_list_again() {
    drill(|world, station| {
        world.push_schedule();
        world.publish().unwrap();
        assert_eq!(station.accepts(world).schedules.len(), 1);
        let new = newcomer(world, "hoa-2", "Đặng Thị Hoa");
        {
            let mut desk = world.desk();
            let hand = world.hand(&desk, "targets", PAO);
            let deed = delegate::Deed::Grant("yen-the".parse().unwrap(), new);
            delegate::delegate(&mut desk, deed, &hand).unwrap();
        }
        world.sign("targets", MAI).unwrap();
        assert!(world.publish().is_err(), "the old signature does not count any more");
        world.sign("area-yen-the", "hoa-2").unwrap();
        world.publish().unwrap();
        assert_eq!(station.accepts(world).schedules.len(), 1);
    });
}
