//! The power goes, or the disk fails, at every durable step of an approval and its publication (`cargo test --features
//! faults`).

use std::{
    path::Path,
    process::{Command, Output},
    sync::atomic::{AtomicUsize, Ordering},
};

use loaxa::office::{error::Error, feed_files::Published, folder::Office};

use super::{
    station::Station,
    world::{LAN, NAM, World, copy_dir, tempdir},
};

const DIR: &str = "LOAXA_TEST_OFFICE";

fn at(dir: &Path) -> World {
    World { dir: tempdir(), office: Office::at(dir, None), now: "2026-12-01T01:00:00Z".parse().unwrap() }
}

/// Not a test by itself: what the child process does until its power goes or its disk fails.
#[test]
#[ignore = "the other test runs it in a process of its own"]
fn second_approval_and_publication() {
    let Some(dir) = std::env::var_os(DIR) else { return };
    let world = at(Path::new(&dir));
    if world.desk().drafts.roles.contains_key("bulletins") {
        // After a restart she may find that she signed already.
        if let Err(Error::Machine(why)) = world.approve(NAM) {
            panic!("the machine: {}", why.en);
        }
        match world.publish() {
            Err(Error::Machine(why)) => panic!("the machine: {}", why.en),
            published => drop(published.unwrap()),
        }
    }
}

fn run(dir: &Path, env: &[(&str, &str)]) -> Output {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["crash::second_approval_and_publication", "--exact", "--ignored"]).env(DIR, dir);
    child.envs(env.iter().copied()).output().unwrap()
}

/// The power goes at every step, and in turn (`LOAXA_FAULTS=all`: always) each other fault hits it.
fn faults(steps: usize) -> Vec<(usize, &'static str)> {
    let all = std::env::var("LOAXA_FAULTS").is_ok_and(|v| v == "all");
    let others = ["torn", "eio", "enospc", "dead", "full"];
    let of = |step: usize| {
        let turn = others.into_iter().enumerate().filter(move |(i, _)| all || step % others.len() == *i);
        std::iter::once("abort").chain(turn.map(|(_, kind)| kind)).map(move |kind| (step, kind))
    };
    (1..=steps).flat_map(of).collect()
}

fn before_or_after_and_it_goes_on(world: &World, step: usize, kind: &str) {
    let dir = tempdir();
    copy_dir(world.office.dir(), dir.path());
    let hit = run(dir.path(), &[("LOAXA_FAULT", &format!("{step}:{kind}"))]);
    let said = String::from_utf8_lossy(&hit.stdout) + String::from_utf8_lossy(&hit.stderr);
    let of_the_disk = said.contains("the machine: ") && said.contains("(os error ");
    let died = hit.status.code().is_none();
    let well = if matches!(kind, "abort" | "torn") { died } else { hit.status.success() || of_the_disk };
    assert!(well, "{step}:{kind}: {said}");
    let after = at(dir.path());
    let feed = Published::load(&after.office).unwrap().unwrap();
    let version = feed.roles["bulletins"].signed.version.get();
    assert!((1..=2).contains(&version));
    let mut station = Station::of(&after);
    assert_eq!(station.accepts(&after).bulletins.len() as u64, version - 1, "{step}:{kind}");
    let again = run(dir.path(), &[]);
    assert!(again.status.success(), "{step}:{kind}: the same command again: {again:?}");
    assert_eq!(station.accepts(&after).bulletins.len(), 1, "{step}:{kind}");
    let left = Command::new("find").arg(dir.path()).args(["-name", ".unfinished-*"]).output().unwrap();
    assert!(left.stdout.is_empty(), "{step}:{kind}: {}", String::from_utf8_lossy(&left.stdout));
}

#[test]
fn a_fault_at_any_step_leaves_a_feed_of_before_or_after_and_the_work_can_go_on() {
    let world = World::new();
    world.register();
    world.stage("luat-1");
    world.approve(LAN).unwrap();
    let whole = tempdir();
    copy_dir(world.office.dir(), whole.path());
    let told = tempdir();
    let told = told.path().join("steps");
    assert!(run(whole.path(), &[("LOAXA_STEPS", told.to_str().unwrap())]).status.success());
    let steps = std::fs::read_to_string(told).unwrap().lines().count();
    assert!(steps > 40, "only {steps} steps");
    let faults = faults(steps);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((step, kind)) = faults.get(next.fetch_add(1, Ordering::SeqCst)) {
                    before_or_after_and_it_goes_on(&world, *step, kind);
                }
            });
        }
    });
    println!("{steps} steps, {} faults", faults.len());
}
