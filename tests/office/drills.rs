//! docs/key-drills.md: the commands of each drill, as they stand there, through the real program, each by the person named
//! above it; a station that knew only the first root goes on.

use std::{collections::BTreeMap, path::PathBuf};

use loaxa::office::{
    Error,
    folder::Office,
    init::{Holder, Setup},
    keys::{Cost, KeyFile, Public, SecretKey},
    meta, people,
    rotate::{self, Swap},
};

use super::{
    pc::Desk,
    station::Station,
    world::{DIN, HOA, LAN, MAI, MINH, NAM, PAO, World, setup, words},
};

const PAGE: &str = include_str!("../../docs/key-drills.md");
const SERVER: &str = "server";

/// The n-th list of commands below the heading that starts with `heading`.
fn commands(heading: &str, n: usize) -> Vec<(String, String)> {
    let section = PAGE.split("\n## ").find(|s| s.starts_with(heading)).unwrap();
    let block = section.split("```sh\n").nth(n + 1).unwrap().split("```").next().unwrap();
    let (mut who, mut out) = (String::new(), Vec::new());
    for line in block.lines() {
        match line.strip_prefix("# ") {
            Some(person) => who = person.to_owned(),
            None => out.push((who.clone(), line.to_owned())),
        }
    }
    out
}

/// A province at its desks: the office folder `tinh`, and a folder of keys for each person and for the server.
struct Province {
    desk: Desk,
    world: World,
    station: Station,
    /// Where a person's keys are; who made a new one has it in a new place.
    keys: BTreeMap<String, PathBuf>,
}

impl Province {
    fn new(world: World) -> Self {
        let mut station = Station::of(&world);
        world.register();
        world.bulletin("luat-1");
        assert_eq!(station.accepts(&world).bulletins.len(), 1);
        let mut keys = BTreeMap::new();
        let folder = world.dir.path().join("pc");
        for (file, public) in KeyFile::all(world.office.keys()).unwrap() {
            let online = ["snapshot", "timestamp"].contains(&file.stem());
            let who = if online { SERVER.to_owned() } else { public.name };
            let pc = folder.join(people::stem(&who));
            std::fs::create_dir_all(&pc).unwrap();
            for path in [file.secret(), file.public()] {
                std::fs::rename(&path, pc.join(path.file_name().unwrap())).unwrap();
            }
            keys.insert(who, pc);
        }
        let again = world.dir.path().to_owned();
        let World { dir, office: _, now } = world;
        let office = Office::at(&again.join("tinh"), Some(&keys[SERVER]));
        // The folder is removed by the desk, which outlives the world.
        let desk = Desk::over(dir, "en");
        let world = World { dir: tempfile::tempdir().unwrap(), office, now };
        Self { desk, world, station, keys }
    }

    /// One command of a drill; a key is made where it is to live, and its public half carried into the office.
    fn runs(&mut self, who: &str, line: &str) -> String {
        let office = self.desk.path("tinh");
        let said = if line.starts_with("loaxa office key ") {
            let pc = if who == SERVER {
                self.keys[who].clone()
            } else {
                self.desk.path("pc").join(people::stem(who) + "-moi")
            };
            std::fs::create_dir_all(&pc).unwrap();
            let fd = if line.contains("--unprotected") { "" } else { "--passphrase-fd 3" };
            let said = self.desk.shell(&pc, line, fd);
            for (file, _) in KeyFile::all(&pc).unwrap() {
                std::fs::copy(file.public(), office.join(file.public().file_name().unwrap())).unwrap();
            }
            self.keys.insert(who.to_owned(), pc);
            said
        } else {
            let keys = self.keys[who].display().to_string();
            self.desk.shell(&office, line, &format!("--keys {keys} --passphrase-fd 3"))
        };
        assert_eq!(said.code, 0, "{who}: {line}\n{}{}", said.err, said.out);
        said.err + &said.out
    }

    /// A drill to its end. Before its last command, the publication, the station goes on with what it has.
    fn drill(&mut self, heading: &str, n: usize) -> String {
        let (mut all, mut told) = (commands(heading, n), String::new());
        let (who, last) = all.pop().unwrap();
        assert_eq!((who.as_str(), last.as_str()), (SERVER, "loaxa office publish"));
        for (who, line) in all {
            told += &self.runs(&who, &line);
            if line.starts_with("loaxa office rotate") || line.starts_with("loaxa office delegate") {
                self.station.sync(self.world.now).unwrap();
            }
        }
        told += &self.runs(&who, &last);
        assert!(!told.contains("Not published"), "{told}");
        self.world.now = crate::pc_now();
        let feed = self.station.accepts(&self.world);
        assert!(feed.bulletins.keys().any(|id| id.as_str() == "luat-1"));
        told
    }

    fn two_of_three() -> Self {
        Self::new(World::ago(0, &setup()))
    }
}

#[test]
fn a_lost_editor_key_is_replaced_and_whoever_follows_signs() {
    let mut province = Province::two_of_three();
    province.drill("1. ", 0);
    let old = Office::at(&province.desk.path("tinh"), Some(&province.desk.path("pc/nguyen-thi-lan")));
    let desk = loaxa::office::desk::Desk::open(&old, province.world.now).unwrap();
    assert!(matches!(desk.whose("bulletins", None), Err(Error::Usage(_))), "the lost key signs nothing");
    drop(desk);
    province.drill("1. ", 1);
}

#[test]
fn one_of_three_root_keys_is_lost_and_replaced_by_the_other_two() {
    let mut province = Province::two_of_three();
    province.drill("2. ", 0);
    assert!(province.world.office.feed().join("metadata/2.root.json").exists());
}

#[test]
fn a_new_root_of_new_people_is_signed_by_the_old_and_by_the_new() {
    let mut province = Province::two_of_three();
    let told = province.drill("3. ", 0);
    assert!(told.contains("1 more must sign: root, version 2"), "{told}");
}

#[test]
fn one_root_key_becomes_two_of_three_and_the_warning_ends() {
    let one = Setup { root: vec![Holder::New(PAO.into())], root_threshold: 1, ..setup() };
    let mut province = Province::new(World::ago(0, &one));
    let warned = province.runs(SERVER, "loaxa office renew");
    assert!(warned.contains("--threshold 2"), "{warned}");
    let told = province.drill("3. ", 1);
    assert!(!told.contains("--threshold 2"), "{told}");
    assert!(!province.runs(SERVER, "loaxa office renew").contains("--threshold 2"));
}

#[test]
fn stolen_online_keys_are_replaced_by_root_without_a_gap() {
    let mut province = Province::two_of_three();
    province.drill("4. ", 0);
    assert_eq!(province.world.feed().timestamp.signatures.len(), 2, "for one publication both sign");
    let server = province.keys[SERVER].clone();
    let thief = KeyFile::new(&server, "timestamp").open(|| Ok(words())).unwrap();
    for old in ["snapshot", "timestamp"] {
        std::fs::remove_file(KeyFile::new(&server, old).secret()).unwrap();
    }
    province.runs(SERVER, "loaxa office publish");
    assert_eq!(province.world.feed().timestamp.signatures.len(), 1);
    // The thief signs a newer timestamp with the old key: nobody who knows the new root takes it.
    let path = province.world.office.feed().join("metadata/timestamp.json");
    let mut forged = province.world.feed().timestamp.signed;
    forged.version = meta::version(forged.version.get() + 10);
    std::fs::write(&path, meta::to_json(&meta::signed_by(forged, [&thief]).unwrap()).unwrap()).unwrap();
    assert!(province.station.sync(province.world.now).is_err());
}

#[test]
fn a_lost_area_key_is_replaced_and_an_area_is_closed() {
    let mut province = Province::two_of_three();
    province.drill("5. ", 0);
    for (who, line) in commands("5. ", 1) {
        province.runs(&who, &line);
    }
    // The box is nobody's now, and knows it; the feed itself is taken.
    let feed = province.station.sync(crate::pc_now()).unwrap();
    assert_eq!(feed.stale.keys().collect::<Vec<_>>(), ["registry/stations.yaml"]);
    // Opened again: the numbers of its lists go on, so stations take it.
    province.runs(PAO, "loaxa office delegate yen-the --public dang-thi-hoa.pub.json");
    province.runs(MAI, "loaxa office sign targets");
    province.runs(HOA, "loaxa office sign area-yen-the");
    province.runs(SERVER, "loaxa office publish");
    let key = "07".repeat(32);
    province.runs(
        NAM,
        &format!("loaxa office registry add xuan-luong-1 --key {key} --areas yen-the --commune X"),
    );
    province.runs(SERVER, "loaxa office publish");
    province.world.now = crate::pc_now();
    province.station.accepts(&province.world);
    assert_eq!(province.world.feed().roles["area-yen-the"].signed.version.get(), 3);
}

#[test]
fn what_expires_is_told_in_time_and_signed_again() {
    let mut province = Province::new(World::ago(320, &setup()));
    province.station = Station::of(&province.world);
    // The bulletin of that day has ended; the lists have not.
    let (mut all, mut told) = (commands("6. ", 0), String::new());
    let (server, publish) = all.pop().unwrap();
    for (who, line) in all {
        told += &province.runs(&who, &line);
    }
    for role in ["bulletins", "urgent-audio", "withdrawals", "urgent", "registry", "area-yen-the"] {
        assert!(told.contains(&format!("loaxa office sign {role} --fresh")), "{told}");
    }
    let last = province.runs(&server, &publish);
    assert!(!last.contains("--fresh"), "{last}");
    province.world.now = crate::pc_now();
    province.station.accepts(&province.world);
}

#[test]
fn every_role_can_be_rotated_and_a_role_is_never_left_with_fewer_people_than_must_sign() {
    for (role, remove) in [
        ("root", MAI),
        ("targets", MINH),
        ("bulletins", LAN),
        ("urgent", DIN),
        ("urgent-audio", DIN),
        ("withdrawals", DIN),
        ("registry", NAM),
        ("area-yen-the", HOA),
    ] {
        let world = World::new();
        let mut desk = world.desk();
        let by = if matches!(role, "root" | "targets") { "root" } else { "targets" };
        let hand = world.hand(&desk, by, PAO);
        let file = KeyFile::new(world.office.keys(), "moi");
        SecretKey::generate().unwrap().save(&file, "Bế Văn Tùng", Some((&words(), Cost::FOR_TESTS))).unwrap();
        let add = Some(Public::load(&file.public()).unwrap());
        let alone = Swap { remove: Some(remove.into()), add: None, threshold: None };
        let few = rotate::plan(&desk, role, &alone);
        let enough = matches!(role, "root" | "targets");
        assert_eq!(few.is_ok(), enough, "{role}: {few:?}");
        assert!(matches!(
            rotate::plan(&desk, role, &Swap { remove: Some("Ai Đó".into()), ..alone.clone() }),
            Err(Error::Usage(_))
        ));
        let done = rotate::rotate(&mut desk, role, &Swap { add, ..alone }, &hand).unwrap();
        assert!(!done.signed.is_empty(), "{role}");
    }
}
