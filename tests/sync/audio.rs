//! One recording over HTTP: resumed, verified, never longer than signed.

use std::{
    sync::atomic::{AtomicU64, Ordering::SeqCst},
    time::Duration,
};

use loaxa::{
    bulletin::Bulletin,
    digest::Digest,
    feed::{
        audio::AudioSource,
        download::{Download, Ended, Failed},
        library::Library,
    },
    text::Lang,
};
use tokio_util::sync::CancellationToken;

use crate::{
    server::Fault,
    world::{RealClock, World, described, name, names, noise, put, run},
};

/// Downloads with few tries; stops once `stop_at` bytes are here.
async fn fetch_until(
    source: &dyn AudioSource,
    library: &Library,
    bulletin: &Bulletin,
    stop_at: u64,
) -> Result<Ended, Failed> {
    let clock = RealClock::shared();
    let stop = CancellationToken::new();
    let progress = |have| {
        if have >= stop_at {
            stop.cancel();
        }
    };
    let download = Download {
        source,
        library,
        clock: &*clock,
        attempts: 3,
        pause: Duration::from_millis(2),
        stop: stop.clone(),
        may_go_on: &|_| true,
        progress: &progress,
    };
    download.run(bulletin).await
}

async fn fetch(world: &World, bulletin: &Bulletin) -> Result<Ended, Failed> {
    fetch_until(&world.source(), &world.library, bulletin, u64::MAX).await
}

fn english(done: Result<Ended, Failed>) -> String {
    done.expect_err("it was accepted").why.to(Lang::En).to_owned()
}

#[test]
fn audio_arrives_whole_under_its_hash_and_nothing_else_stays() {
    let world = World::new();
    let bulletin = world.publish("tin", &noise("tin", 300_000));
    let at_urgent = described("loi-keu", Digest::of(b"khan"), 4);
    put(world.feed.path(), &name(&at_urgent).replace("targets/bulletins", "targets/urgent-audio"), b"khan");
    run(async {
        assert_eq!(fetch(&world, &bulletin).await, Ok(Ended::Whole));
        assert_eq!(
            fetch(&world, &at_urgent).await,
            Ok(Ended::Whole),
            "recordings for urgent orders lie elsewhere"
        );
    });
    let mut want = vec![format!("{}.opus", bulletin.sha256), format!("{}.opus", at_urgent.sha256)];
    want.sort();
    assert_eq!(names(&world.library_dir()), want);
    assert!(world.library.has(&bulletin) && world.library.check(&bulletin.sha256).unwrap());
}

#[test]
fn a_line_that_breaks_again_and_again_still_brings_the_file_without_paying_twice() {
    let world = World::new();
    let audio = noise("dai", 1_000_000);
    let bulletin = world.publish("dai", &audio);
    world.server.fault(&name(&bulletin), Fault::CutAfter(65_536));
    run(async {
        assert_eq!(fetch(&world, &bulletin).await, Ok(Ended::Whole));
    });
    let seen = world.server.take_seen();
    assert_eq!(seen.len(), 16, "one request for each 64 KiB");
    assert!(seen[1..].iter().all(|s| s.status == 206 && s.if_range.is_some()), "{seen:?}");
    assert!(world.server.wire() < 1_010_000, "{}", world.server.wire());
}

#[test]
fn a_stopped_download_goes_on_in_another_process_where_it_stopped() {
    let world = World::new();
    let bulletin = world.publish("dai", &noise("dai", 2_000_000));
    // Without a limit the loopback's buffers hold megabytes that nobody read yet.
    world.server.rate(20_000_000);
    let mut ranges = Vec::new();
    run(async {
        for stop_at in [100_000, 700_000, 1_300_000] {
            assert_eq!(
                fetch_until(&world.source(), &world.library, &bulletin, stop_at).await,
                Ok(Ended::Stopped)
            );
            let have = world.library.part_len(&bulletin.sha256);
            assert!(have >= stop_at);
            ranges.push(format!("bytes={have}-"));
        }
        let again = Library::open(&world.library_dir()).unwrap();
        assert_eq!(fetch_until(&world.source(), &again, &bulletin, u64::MAX).await, Ok(Ended::Whole));
    });
    let asked: Vec<String> = world.server.take_seen().into_iter().filter_map(|s| s.range).collect();
    assert_eq!(asked, ranges);
}

#[test]
fn after_a_power_cut_at_any_length_the_file_still_comes_right() {
    let world = World::new();
    let audio = noise("mat-dien", 700_000);
    let bulletin = world.publish("mat-dien", &audio);
    let part = world.library_dir().join(format!("{}.part", bulletin.sha256));
    run(async {
        for (len, torn) in
            [(0, false), (1, true), (262_143, true), (262_144, false), (600_000, true), (700_000, false)]
        {
            std::fs::remove_file(world.library.path_of(&bulletin.sha256)).ok();
            let mut left = audio[..len].to_vec();
            if torn && len > 0 {
                // A tail that never reached the medium reads as zeros.
                let from = loaxa::feed::library::part::last_mark(len as u64) as usize;
                left[from..].fill(0);
            }
            std::fs::write(&part, left).unwrap();
            world.server.take_seen();
            let library = Library::open(&world.library_dir()).unwrap();
            assert_eq!(
                fetch_until(&world.source(), &library, &bulletin, u64::MAX).await,
                Ok(Ended::Whole),
                "{len}"
            );
            assert!(world.server.take_seen().len() <= 1, "no second download for {len}");
            assert_eq!(names(&world.library_dir()).len(), 1, "{len}");
        }
    });
}

#[test]
fn old_bytes_that_were_wrong_are_dropped_and_the_file_fetched_anew() {
    let world = World::new();
    let audio = noise("sai", 600_000);
    let bulletin = world.publish("sai", &audio);
    let mut wrong = audio[..300_000].to_vec();
    wrong[7] ^= 1;
    std::fs::write(world.library_dir().join(format!("{}.part", bulletin.sha256)), wrong).unwrap();
    run(async {
        assert_eq!(fetch(&world, &bulletin).await, Ok(Ended::Whole));
    });
    assert_eq!(world.server.take_seen().iter().map(|s| s.status).collect::<Vec<_>>(), [206, 200]);
}

#[test]
fn a_file_that_changed_on_the_server_is_not_glued_together() {
    let world = World::new();
    let audio = noise("doi", 600_000);
    let bulletin = world.publish("doi", &audio);
    run(async {
        assert_eq!(
            fetch_until(&world.source(), &world.library, &bulletin, 300_000).await,
            Ok(Ended::Stopped)
        );
        // The same bytes, put there again: another ETag, so If-Range gives the whole.
        std::fs::remove_file(world.feed.path().join(name(&bulletin))).unwrap();
        put(world.feed.path(), "x", b"takes the inode");
        put(world.feed.path(), &name(&bulletin), &audio);
        world.server.take_seen();
        assert_eq!(fetch(&world, &bulletin).await, Ok(Ended::Whole));
    });
    assert_eq!(world.server.take_seen().iter().map(|s| s.status).collect::<Vec<_>>(), [200]);
}

#[test]
fn servers_without_ranges_and_with_wrong_ones_do_no_harm() {
    let world = World::new();
    let audio = noise("khoang", 600_000);
    let bulletin = world.publish("khoang", &audio);
    run(async {
        for fault in [Fault::NoRange, Fault::WrongRange] {
            std::fs::remove_file(world.library.path_of(&bulletin.sha256)).ok();
            world.server.heal();
            assert_eq!(
                fetch_until(&world.source(), &world.library, &bulletin, 300_000).await,
                Ok(Ended::Stopped)
            );
            world.server.fault(&name(&bulletin), fault);
            assert_eq!(fetch(&world, &bulletin).await, Ok(Ended::Whole));
        }
    });
}

#[test]
fn wrong_bytes_never_enter_the_library() {
    let world = World::new();
    let audio = noise("that", 100_000);
    let bulletin = world.publish("that", &audio);
    let mut flipped = audio.clone();
    flipped[99_999] ^= 0x80;
    let cases = [
        (Fault::Bytes(flipped), "not what was approved"),
        (Fault::Bytes(noise("khac", 100_000)), "not what was approved"),
        (Fault::Bytes(audio[..99_999].to_vec()), "not the 100000 that are signed"),
        (Fault::Bytes([&audio[..], b"x"].concat()), "not the 100000 that are signed"),
        (Fault::Endless, "longer than allowed (100000 bytes)"),
        (Fault::Bomb(100_000), "unsupported encoding"),
        (Fault::Absent, "does not hold the audio"),
        (Fault::Status(503), "503"),
        (Fault::CutAfter(0), "broke off"),
        (Fault::StallAfter(50), "No answer"),
    ];
    run(async {
        for (fault, why) in cases {
            world.server.fault(&name(&bulletin), fault.clone());
            let said = english(fetch(&world, &bulletin).await);
            assert!(said.contains(why), "{fault:?}: {said}");
            assert!(!world.library.has(&bulletin), "{fault:?}");
            assert!(names(&world.library_dir()).iter().all(|n| !n.ends_with(".opus")), "{fault:?}");
        }
        world.server.heal();
        assert_eq!(fetch(&world, &bulletin).await, Ok(Ended::Whole));
        assert_eq!(names(&world.library_dir()).len(), 1);
    });
}

#[test]
fn two_files_swapped_on_the_server_are_both_refused() {
    let world = World::new();
    let (a, b) = (noise("a", 50_000), noise("b", 50_000));
    let (first, second) = (world.publish("a", &a), world.publish("b", &b));
    put(world.feed.path(), &name(&first), &b);
    put(world.feed.path(), &name(&second), &a);
    run(async {
        assert!(english(fetch(&world, &first).await).contains("not what was approved"));
        assert!(english(fetch(&world, &second).await).contains("not what was approved"));
    });
    assert!(names(&world.library_dir()).is_empty());
}

#[test]
fn progress_is_told_and_the_budget_is_asked_for_every_piece() {
    let world = World::new();
    let bulletin = world.publish("dai", &noise("dai", 1_000_000));
    let (clock, told) = (RealClock::shared(), AtomicU64::new(0));
    run(async {
        let source = world.source();
        let download = Download {
            source: &source,
            library: &world.library,
            clock: &*clock,
            attempts: 3,
            pause: Duration::from_millis(2),
            stop: CancellationToken::new(),
            may_go_on: &|wire| wire < 400_000,
            progress: &|have| told.store(have, SeqCst),
        };
        assert_eq!(download.run(&bulletin).await, Ok(Ended::Spent));
    });
    let have = world.library.part_len(&bulletin.sha256);
    assert_eq!(told.load(SeqCst), have);
    assert!((250_000..950_000).contains(&have), "{have}");
}
