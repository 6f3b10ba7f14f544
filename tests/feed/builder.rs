//! The feed that the other tests alter is itself in order.

use crate::repo::{Repo, key_id};

#[test]
fn the_same_story_gives_the_same_bytes() {
    let story = || {
        let mut repo = Repo::new("2026-12-01T00:00:00Z");
        repo.station("xa-tan-tien", [7; 32], &["yen-the"]).bulletin("phap-luat-1", b"audio").publish();
        repo.files
    };
    assert_eq!(story(), story());
}

#[test]
fn an_alias_of_a_key_has_another_id() {
    assert_ne!(key_id("bien-tap-1"), key_id("bien-tap-1+alias"));
}
