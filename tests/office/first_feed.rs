use loaxa::{
    feed::roles::target_name,
    office::{Error, approve::Choice, meta},
};

use super::world::{LAN, NAM, World, faults};

#[test]
fn init_and_publish_make_a_feed_that_verifies() {
    let world = World::unpublished();
    let publication = world.publish().unwrap();
    assert_eq!((publication.snapshot, publication.timestamp), (1, 1));
    assert!(publication.waiting.is_empty());
    let feed = world.feed();
    let roles: Vec<_> = feed.roles.keys().map(String::as_str).collect();
    assert_eq!(roles, ["area-yen-the", "bulletins", "registry", "urgent", "urgent-audio", "withdrawals"]);
    for (name, target) in feed.files() {
        let path = target_name(name, &meta::target_digest(target).unwrap());
        assert_eq!(std::fs::metadata(world.office.feed().join(path)).unwrap().len(), target.length);
    }
}

#[test]
fn two_people_approve_and_the_feed_names_both() {
    let world = World::new();
    world.stage("luat-1");
    let first = world.approve(LAN).unwrap();
    assert_eq!((first.missing, first.signed_by), (1, vec![LAN.to_owned()]));
    let held = world.publish().unwrap();
    assert_eq!(held.waiting.get("bulletins"), Some(&1), "one signature is not enough");
    assert!(world.feed().roles["bulletins"].signed.targets.is_empty());
    let second = world.approve(NAM).unwrap();
    assert_eq!(second.missing, 0);
    let done = world.publish().unwrap();
    assert_eq!(done.roles.get("bulletins"), Some(&2));
    let feed = world.feed();
    let (name, target) = feed.files().find(|(n, _)| n.starts_with("bulletins/")).unwrap();
    assert_eq!(name, "bulletins/luat-1.opus");
    assert_eq!(target.custom["approved_by"], serde_json::json!([LAN, NAM]));
    assert!(loaxa::office::staging::all(&world.office).unwrap().is_empty(), "it no longer waits");
}

#[test]
fn nobody_approves_twice_nor_in_the_name_of_another() {
    let world = World::new();
    world.stage("luat-1");
    world.approve(LAN).unwrap();
    assert!(matches!(world.approve(LAN), Err(Error::Refused(_))));
    // Lan alone, under the name of both: the signatures are counted, not the names.
    world.forge("bulletins", &["nguyen-thi-lan"], |_| {});
    assert_eq!(world.publish().unwrap().waiting.get("bulletins"), Some(&1));
}

#[test]
fn what_a_draft_changes_is_told_in_words() {
    let world = World::new();
    world.bulletin("luat-1");
    world.bulletin("luat-2");
    world.stage("luat-3");
    world.stage_with("luat-2", |s| s.meta.title.vi = "Bản tin sửa".into());
    let desk = world.desk();
    let hand = world.hand(&desk, "bulletins", NAM);
    let choice = Choice { remove: ["luat-1".parse().unwrap()].into(), ..Choice::default() };
    let shelf = loaxa::office::staging::Shelf::Bulletins;
    let proposal = loaxa::office::approve::propose(&desk, shelf, &choice, &hand).unwrap();
    let text = |f: fn(&loaxa::text::Text) -> &str| {
        proposal.changes.iter().map(|c| f(&c.text)).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!("changes_in_words", format!("{}\n---\n{}", text(|t| &t.vi), text(|t| &t.en)));
}

#[test]
fn an_expired_bulletin_leaves_the_list_with_the_next_approval() {
    let mut world = World::new();
    world.bulletin("luat-1");
    world.pass(chrono::TimeDelta::days(91));
    world.bulletin("luat-2");
    let feed = world.feed();
    let names: Vec<_> = feed.roles["bulletins"].signed.targets.keys().map(|n| n.raw().to_owned()).collect();
    assert_eq!(names, ["bulletins/luat-2.opus"]);
}

#[test]
fn a_recording_that_changed_after_the_first_signature_is_refused() {
    let world = World::new();
    let staged = world.stage("luat-1");
    world.approve(LAN).unwrap();
    let (file, whole) = (world.office.file(&staged.sha256), super::world::sound("luat-1", 50));
    // What the second person would hear is not what he would sign.
    std::fs::write(&file, b"other sound").unwrap();
    assert!(matches!(world.approve(NAM), Err(Error::Refused(_))));
    std::fs::write(&file, whole).unwrap();
    world.approve(NAM).unwrap();
    std::fs::write(&file, b"other sound").unwrap();
    let faults = faults(world.publish());
    assert_eq!(faults.0[0].place.file, "bulletins/luat-1.opus");
    assert_eq!(world.feed().roles["bulletins"].signed.version.get(), 1, "the feed is as it was");
}
