//! What a person is protected from when he signs: by the real program, over folders that somebody else prepared.

use std::io::{Read, Write};

use clap::{CommandFactory, Parser};
use loaxa::{
    cli::office,
    office::{approve::Choice, draft, meta},
};
use tough::schema::{
    Signed, Targets,
    decoded::{Decoded, Hex},
    key::Key,
};

use super::{
    pc::{Desk, Said},
    world::{LAN, NAM, WORDS, World, setup, sound},
};

#[derive(Debug, Parser)]
struct Words {
    #[command(subcommand)]
    command: office::Command,
}

#[test]
fn every_verb_has_help_in_both_languages() {
    let mut command = Words::command();
    command.build();
    for verb in command.get_subcommands() {
        assert!(verb.get_about().is_some_and(|a| !a.to_string().is_empty()), "{}", verb.get_name());
        for arg in verb.get_arguments().filter(|a| !a.is_global_set()) {
            assert!(arg.get_help().is_some(), "{} {}", verb.get_name(), arg.get_id());
        }
    }
}

/// A published province, and somebody at the PC that has all its keys.
struct Pc {
    world: World,
    desk: Desk,
}

impl Pc {
    fn new() -> Self {
        Self { world: World::ago(0, &setup()), desk: Desk::new("en") }
    }

    fn types(&self, line: &str) -> Said {
        let line = line.strip_prefix("loaxa ").unwrap();
        self.desk.shell(self.world.office.dir(), &format!("loaxa {line}"), "--passphrase-fd 3")
    }

    fn draft_exists(&self, role: &str) -> bool {
        self.world.office.draft(role).exists()
    }
}

#[test]
fn a_wrong_passphrase_or_a_no_signs_nothing() {
    let mut pc = Pc::new();
    let line = "loaxa office sign withdrawals --fresh --as nguyen-thi-lan";
    pc.desk.words = "hoa cúc vàng".into();
    let wrong = pc.types(line);
    assert_eq!((wrong.code, pc.draft_exists("withdrawals")), (1, false), "{}", wrong.err);
    pc.desk.words = WORDS.into();
    for no in ["", "n", "k", "không", "x"] {
        pc.desk.answer = no;
        let said = pc.types(line);
        assert_eq!((said.code, pc.draft_exists("withdrawals")), (1, false), "{}", said.err);
    }
    for yes in ["y", "có"] {
        pc.desk.answer = yes;
        let said = pc.types(line);
        assert_eq!(said.code, 0, "{}", said.err);
        std::fs::remove_file(pc.world.office.draft("withdrawals")).unwrap();
    }
}

/// Puts `change` of the published `targets` into the folder as a draft, signed by nobody.
fn slip_in(world: &World, change: impl FnOnce(&mut Targets)) {
    let mut next = world.desk().next("targets").unwrap();
    change(&mut next);
    draft::save(&world.office, "targets", &Signed { signed: next, signatures: Vec::new() }).unwrap();
}

#[test]
fn whoever_changes_delegations_does_not_sign_unseen_what_somebody_slipped_into_the_folder() {
    let pc = Pc::new();
    slip_in(&pc.world, |next| next.delegations.as_mut().unwrap().roles[4].threshold = meta::version(1));
    let said =
        pc.types("loaxa office rotate registry --add keys/vang-seo-din.pub.json --as root-giang-a-pao");
    assert_eq!(said.code, 1, "{}{}", said.err, said.out);
    assert!(said.err.contains("drafts/targets.json"), "{}", said.err);
    // Signed by one of the two, it is built on, and shown whole.
    let shown = pc.types("loaxa office sign targets --as root-giang-a-pao");
    assert!(shown.err.contains("signatures 2 becomes 1"), "{}", shown.err);
    let next = pc.types("loaxa office rotate registry --add keys/vang-seo-din.pub.json --as root-lo-thi-mai");
    assert!(next.err.contains("signatures 2 becomes 1"), "{}", next.err);
}

#[test]
fn a_key_of_another_kind_a_wider_path_another_order_and_another_name_are_shown() {
    let pc = Pc::new();
    let foreign: Key = serde_json::from_value(serde_json::json!({
        "keytype": "ecdsa", "scheme": "ecdsa-sha2-nistp256",
        "keyval": {"public": "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAErHmu0iVUc1oAKDwzNS8BcFW7hPgN\nYk0BWvVIRpS3dV9/+uI2F1y3pRJg0Pj6vO8kFdE8CkM7m8rYuDEwSXr1GA==\n-----END PUBLIC KEY-----\n"}
    }))
    .unwrap();
    slip_in(&pc.world, |next| {
        let id: Decoded<Hex> = foreign.key_id().unwrap();
        let delegations = next.delegations.as_mut().unwrap();
        delegations.keys.insert(id.clone(), foreign);
        let roles = &mut delegations.roles;
        roles.iter_mut().find(|r| r.name == "bulletins").unwrap().keyids.push(id);
        let area = roles.iter_mut().find(|r| r.name == "area-yen-the").unwrap();
        let wide = vec![tough::schema::PathPattern::new("*").unwrap()];
        area.paths = tough::schema::PathSet::Paths(wide);
        roles.rotate_right(1);
        let people = next._extra.get_mut("people").unwrap().as_object_mut().unwrap();
        let lan = people.values_mut().find(|name| *name == LAN).unwrap();
        *lan = "Ai Đó".into();
    });
    let said = pc.types("loaxa office sign targets --as root-giang-a-pao");
    for seen in ["1 KEY(S) OF ANOTHER KIND", "may list “*”", "order of roles", "becomes “Ai Đó”"] {
        assert!(said.err.contains(seen), "{seen}: {}", said.err);
    }
    assert!(!said.err.contains("Its content is unchanged"));
}

#[test]
fn what_cannot_be_heard_as_it_is_signed_is_not_signed() {
    let pc = Pc::new();
    let staged = pc.world.stage("luat-1");
    std::fs::write(pc.world.office.file(&staged.sha256), sound("another", 50)).unwrap();
    let said = pc.types("loaxa office approve --as nguyen-thi-lan --second Nam");
    assert_eq!((said.code, pc.draft_exists("bulletins")), (1, false), "{}", said.err);
    assert!(said.err.contains("bulletins/luat-1.opus"), "{}", said.err);
}

#[test]
fn while_one_looks_another_can_withdraw_and_what_was_seen_is_then_not_signed() {
    let pc = Pc::new();
    pc.world.bulletin("luat-0");
    pc.world.stage("luat-1");
    let dir = pc.world.office.dir();
    let line = "loaxa office approve --as nguyen-thi-lan";
    let mut looking = pc.desk.spawn(dir, line, "--passphrase-fd 3");
    let mut seen = Vec::new();
    let mut byte = [0];
    while !String::from_utf8_lossy(&seen).contains("(y/N)") {
        assert_eq!(looking.stderr.as_mut().unwrap().read(&mut byte).unwrap(), 1);
        seen.push(byte[0]);
    }
    let withdrawn = pc.types("loaxa office withdraw luat-0 --as vang-seo-din --reason Sai");
    assert_eq!(withdrawn.code, 0, "{}", withdrawn.err);
    writeln!(looking.stdin.take().unwrap(), "y").unwrap();
    let said = Said::of(looking);
    assert_eq!((said.code, pc.draft_exists("bulletins")), (1, false), "{}", said.err);
    assert!(said.err.contains("changed while you were looking"), "{}", said.err);
}

#[test]
fn of_those_who_publish_at_once_each_publishes_whole_or_is_told_to_wait() {
    let pc = Pc::new();
    let all: Vec<_> =
        (0..4).map(|_| pc.desk.spawn(pc.world.office.dir(), "loaxa office publish", "")).collect();
    let said: Vec<_> = all.into_iter().map(Said::of).collect();
    let done = said.iter().filter(|s| s.code == 0).count() as u64;
    assert!(done >= 1);
    for told in said.iter().filter(|s| s.code != 0) {
        assert!(told.code == 1 && told.err.contains("another command is at work"), "{}", told.err);
    }
    assert_eq!(pc.world.feed().snapshot.signed.version.get(), 1 + done);
}

#[test]
fn a_title_can_neither_steer_the_terminal_nor_make_a_line_of_its_own() {
    let pc = Pc::new();
    pc.world.stage_with("luat-1", |s| {
        s.meta.title.vi = "Luật\u{1b}[2J\nREMOVED bulletins/luat-9.opus\u{202e}\u{9b}31m".into();
        s.meta.transcript = "Một\u{1b}]0;x\u{7}\nhai\r\u{202e}".into();
    });
    let list = pc.desk.shell(pc.world.office.dir(), "loaxa office list", "");
    let seen = pc.types("loaxa office approve --as nguyen-thi-lan --second Nam");
    assert_eq!((list.code, seen.code), (0, 0), "{}{}", list.err, seen.err);
    for text in [&list.out, &seen.err, &seen.out] {
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{7}', '\r', '\u{202e}']), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("REMOVED")), "{text}");
    }
}

#[test]
fn one_person_with_two_keys_is_one_person() {
    let world = World::ago(0, &setup());
    // Lan's second key stands in the list under her name, as after a careless rotation.
    let file = loaxa::office::keys::KeyFile::new(world.office.keys(), "lan-2");
    let key = loaxa::office::keys::SecretKey::generate().unwrap();
    key.save(&file, LAN, Some((&super::world::words(), loaxa::office::keys::Cost::FOR_TESTS))).unwrap();
    let public = loaxa::office::keys::Public::load(&file.public()).unwrap();
    let mut desk = world.desk();
    let swap = loaxa::office::rotate::Swap { remove: None, add: Some(public), threshold: None };
    let hand = world.hand(&desk, "targets", "root-giang-a-pao");
    loaxa::office::rotate::rotate(&mut desk, "bulletins", &swap, &hand).unwrap();
    drop(desk);
    world.sign("targets", "root-lo-thi-mai").unwrap();
    world.publish().unwrap();
    world.stage("luat-1");
    let choice = Choice { second: Some(NAM.into()), ..Choice::default() };
    assert_eq!(world.approve_with("nguyen-thi-lan", &choice).unwrap().missing, 1);
    let twice = world.approve_with("lan-2", &choice);
    assert!(matches!(twice, Err(loaxa::office::Error::Refused(_))), "{twice:?}");
}

#[test]
fn names_that_differ_by_an_accent_are_two_people_with_two_keys() {
    let mut setup = setup();
    let new = |name: &str| loaxa::office::init::Holder::New(name.into());
    setup.editors = vec![new("Nguyễn Văn Lân"), new("Nguyễn Văn Lan")];
    setup.duty = setup.editors.clone();
    setup.registrars = vec![new("Nguyễn Văn Lan")];
    let world = World::made(crate::pc_now(), &setup);
    world.publish().unwrap();
    world.stage("luat-1");
    assert_eq!(world.approve("Nguyễn Văn Lân").unwrap().missing, 1);
    assert_eq!(world.approve("Nguyễn Văn Lan").unwrap().missing, 0);
    world.publish().unwrap();
}

#[test]
fn expired_lists_are_named_refused_at_publication_and_mended_by_signing_again() {
    let pc = Pc { world: World::ago(400, &setup()), desk: Desk::new("vi") };
    let renewed = pc.types("loaxa office renew");
    assert_eq!(renewed.code, 0, "{}", renewed.err);
    assert!(renewed.err.contains("ĐÃ HẾT HẠN"), "{}", renewed.err);
    let refused = pc.types("loaxa office publish");
    assert_eq!(refused.code, 1, "{}{}", refused.err, refused.out);
    for (role, first, then) in [
        ("bulletins", "nguyen-thi-lan", Some("hoang-van-nam")),
        ("urgent-audio", "nguyen-thi-lan", Some("vang-seo-din")),
        ("urgent", "nguyen-thi-lan", None),
        ("withdrawals", "nguyen-thi-lan", None),
        ("registry", "hoang-van-nam", None),
        ("area-yen-the", "area-yen-the-dang-thi-hoa", None),
    ] {
        let said = pc.types(&format!("loaxa office sign {role} --fresh --as {first}"));
        assert_eq!(said.code, 0, "{}", said.err);
        if let Some(then) = then {
            assert_eq!(pc.types(&format!("loaxa office sign {role} --as {then}")).code, 0);
        }
    }
    let published = pc.types("loaxa office publish");
    assert_eq!(published.code, 0, "{}", published.err);
}

#[test]
fn a_clock_that_is_behind_the_last_publication_is_told() {
    let pc = Pc { world: World::ago(-2, &setup()), desk: Desk::new("en") };
    let said = pc.types("loaxa office renew");
    assert_eq!(said.code, 0, "a wrong date must be mendable by the next publication");
    assert!(said.err.contains("clock of this machine is behind"), "{}", said.err);
}

#[cfg(feature = "station")]
#[test]
fn what_is_approved_can_be_heard_first_on_the_device_that_is_named() {
    let pc = Pc::new();
    pc.world.stage("luat-1");
    let wav = pc.desk.path("nghe.wav");
    let line =
        format!("loaxa office approve --as nguyen-thi-lan --second Nam --listen=wav:{}", wav.display());
    let said = pc.types(&line);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("Playing bulletins/luat-1.opus (1 s)"), "{}", said.err);
    // A second of sound and what comes before it, 16 bit.
    assert!(std::fs::metadata(&wav).unwrap().len() > 2 * 48_000);
    let nowhere = "loaxa office approve --as hoang-van-nam --listen=alsa:khong-co";
    let said = pc.types(nowhere);
    assert_eq!(said.code, 3, "{}{}", said.err, said.out);
    assert_eq!(pc.world.draft("bulletins").signatures.len(), 1, "nothing was signed");
}
