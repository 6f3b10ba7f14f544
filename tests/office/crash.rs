//! The power goes at every durable step of an approval and its publication (`cargo test --features faults`).

use std::{path::Path, process::Command};

use loaxa::office::{feed_files::Published, folder::Office};

use super::{
    station::Station,
    world::{LAN, NAM, World, copy_dir, tempdir},
};

const DIR: &str = "LOAXA_TEST_OFFICE";

fn at(dir: &Path) -> World {
    World { dir: tempdir(), office: Office::at(dir, None), now: "2026-12-01T01:00:00Z".parse().unwrap() }
}

/// Not a test by itself: what the child process does until its power goes.
#[test]
#[ignore = "the other test runs it in a process of its own"]
fn second_approval_and_publication() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let world = at(Path::new(&dir));
    if world.desk().drafts.roles.contains_key("bulletins") {
        // After a restart she may find that she signed already.
        let _ = world.approve(NAM);
        world.publish().unwrap();
    }
}

fn run(dir: &Path, fault: Option<String>) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["crash::second_approval_and_publication", "--exact", "--ignored"]).env(DIR, dir);
    if let Some(fault) = fault {
        child.env("LOAXA_FAULT", fault);
    }
    child.output().unwrap().status.success()
}

#[test]
fn a_power_cut_at_any_step_leaves_a_feed_of_before_or_after_and_the_work_can_go_on() {
    let world = World::new();
    world.register();
    world.stage("luat-1");
    world.approve(LAN).unwrap();
    let (mut cuts, mut step) = (0, 1);
    loop {
        let dir = tempdir();
        copy_dir(world.office.dir(), dir.path());
        let survived = run(dir.path(), Some(format!("{step}:abort")));
        let after = at(dir.path());
        let feed = Published::load(&after.office).unwrap().unwrap();
        let version = feed.roles["bulletins"].signed.version.get();
        assert!((1..=2).contains(&version));
        let mut station = Station::of(&after);
        assert_eq!(station.accepts(&after).bulletins.len() as u64, version - 1);
        assert!(run(dir.path(), None), "step {step}: the same command again");
        assert_eq!(station.accepts(&after).bulletins.len(), 1, "step {step}");
        let left = Command::new("find").arg(dir.path()).args(["-name", ".unfinished-*"]).output().unwrap();
        assert!(left.stdout.is_empty(), "{}", String::from_utf8_lossy(&left.stdout));
        if survived {
            break;
        }
        (cuts, step) = (cuts + 1, step + 1);
    }
    assert!(cuts > 40, "only {cuts} steps");
    println!("{cuts} power cuts");
}
