use loaxa::office::feed_files::Published;

use super::world::World;

#[test]
fn init_and_publish_make_a_feed_that_verifies() {
    let world = World::new();
    let publication = world.publish().unwrap();
    assert_eq!((publication.snapshot, publication.timestamp), (1, 1));
    assert!(publication.waiting.is_empty());
    let feed = Published::load(&world.office).unwrap().unwrap();
    let roles: Vec<_> = feed.roles.keys().map(String::as_str).collect();
    assert_eq!(roles, ["area-yen-the", "bulletins", "registry", "urgent", "urgent-audio", "withdrawals"]);
    for (name, target) in feed.files() {
        let path =
            loaxa::feed::roles::target_name(name, &loaxa::office::meta::target_digest(target).unwrap());
        assert_eq!(std::fs::metadata(world.office.feed().join(path)).unwrap().len(), target.length);
    }
}
