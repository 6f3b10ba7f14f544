//! Whole passes: what comes first, what makes way, what a budget holds back, what is mended.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::{TimeDelta, Utc};
use loaxa::{
    digest::{Digest, Hasher},
    feed::{Mode, audio::AudioSource},
    station::{
        budget::Ledger,
        sync::{Event, Rules, Synced, Tools, Want, pass},
    },
    text::Lang,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    server::Fault,
    world::{RealClock, World, described, name, names, noise, now, put, run, who},
};

/// A pass over a world, with handles to disturb it.
struct Story<'a> {
    world: &'a World,
    ledger: Mutex<Ledger>,
    disk: u64,
    poll: Duration,
    nudge: Arc<Notify>,
    cancel: CancellationToken,
}

impl<'a> Story<'a> {
    fn new(world: &'a World) -> Self {
        Self::with_budget(world, None)
    }

    fn with_budget(world: &'a World, mb: Option<u64>) -> Self {
        let file = world.state.path().join("run/data-use.json");
        let ledger = Ledger::open(&file, chrono_tz::Asia::Ho_Chi_Minh, mb).unwrap().0;
        Self {
            world,
            ledger: Mutex::new(ledger),
            disk: 1_000_000_000,
            poll: Duration::from_secs(600),
            nudge: Arc::default(),
            cancel: CancellationToken::new(),
        }
    }

    async fn pass(&self) -> Synced {
        self.watched(&self.world.source(), &|_| ()).await
    }

    async fn watched(&self, source: &dyn AudioSource, watch: &(dyn Fn(Event<'_>) + Sync)) -> Synced {
        let (clock, who) = (RealClock::shared(), who());
        let tools = Tools {
            source,
            mode: Mode::Online,
            library: &self.world.library,
            ledger: &self.ledger,
            who: &who,
            now: &now,
            clock: &*clock,
            rules: Rules { disk: self.disk, poll: self.poll, attempts: 2, pause: Duration::from_millis(2) },
            want: &|_, _| Want::SomeTime,
            watch,
            nudge: &self.nudge,
            cancel: self.cancel.clone(),
        };
        pass(&mut self.world.told.clone(), &tools).await
    }
}

fn ids(synced: &Synced) -> Vec<&str> {
    synced.fetched.iter().map(|id| id.as_str()).collect()
}

fn whys(synced: &Synced) -> Vec<(&str, &str)> {
    synced.missing.iter().map(|m| (m.id.as_str(), m.why.to(Lang::En))).collect()
}

#[test]
fn a_pass_brings_all_and_the_next_one_costs_a_304() {
    let world = World::new();
    world.publish("lon", &noise("lon", 200_000));
    world.publish("nho", &noise("nho", 1_000));
    let khan = world.publish("khan", &noise("khan", 90_000));
    world.told.order(&khan);
    run(async {
        let story = Story::new(&world);
        let first = story.pass().await;
        assert!(first.is_complete(), "{first:?}");
        assert_eq!(ids(&first), ["khan", "nho", "lon"]);
        assert!((291_000..320_000).contains(&first.bytes), "{}", first.bytes);
        assert_eq!(first.usage.today, first.bytes);
        let second = story.pass().await;
        assert!(second.is_complete() && second.fetched.is_empty());
        assert!(second.bytes < 1_500, "{}", second.bytes);
        assert_eq!(second.usage.this_month, first.bytes + second.bytes);
    });
    assert_eq!(world.server.take_seen().last().map(|s| s.status), Some(304));
    let again =
        Ledger::open(&world.state.path().join("run/data-use.json"), chrono_tz::Asia::Ho_Chi_Minh, None);
    assert!(again.unwrap().0.usage(Utc::now()).today > 291_000, "the count is on disk");
}

/// 200 MB of zeros, listed; its file has a hole in place of content.
fn two_hundred_mb(world: &World) -> loaxa::bulletin::Bulletin {
    const LENGTH: u64 = 200_000_000;
    let mut hasher = Hasher::new();
    for _ in 0..200 {
        hasher.update(&[0; 1_000_000]);
    }
    let big = described("tai-lieu-dai", hasher.finish(), LENGTH);
    put(world.feed.path(), &name(&big), b"");
    let file = std::fs::File::options().write(true).open(world.feed.path().join(name(&big))).unwrap();
    file.set_len(LENGTH).unwrap();
    world.told.list(&big);
    big
}

#[test]
fn an_urgent_bulletin_overtakes_a_200_mb_download_that_then_goes_on_where_it_stopped() {
    let world = World::new();
    let big = two_hundred_mb(&world);
    // At this rate the large one would take 100 s, longer than this test may.
    world.server.rate(2_000_000);
    let story = Story::new(&world);
    let order = Mutex::new(Vec::new());
    run(async {
        let source = world.source();
        let synced = story
            .watched(&source, &|event| match event {
                Event::Progress(b, have) if b.id == big.id && have > 500_000 => {
                    if world.told.0.lock().unwrap().urgents.is_empty() {
                        let khan = world.publish("khan", &noise("khan", 100_000));
                        world.told.order(&khan);
                        story.nudge.notify_one();
                    } else if !order.lock().unwrap().is_empty() {
                        story.cancel.cancel();
                    }
                }
                Event::Fetched(b) => order.lock().unwrap().push(b.id.to_string()),
                _ => {}
            })
            .await;
        assert_eq!(ids(&synced), ["khan"]);
        assert!(synced.cancelled);
        assert_eq!(synced.missing.len(), 1);
        assert!(synced.missing[0].have > 500_000, "what came of the large one stays");
        let requests = world.server.take_seen();
        let audio: Vec<_> = requests.iter().filter(|s| s.path.starts_with("targets/")).collect();
        assert_eq!(audio.len(), 3, "large, urgent, large again: {audio:?}");
        assert!(audio[1].path.contains("khan"));
        assert!(audio[2].range.is_some() && audio[2].status == 206);

        world.server.rate(0);
        let story = Story::new(&world);
        let rest = story.pass().await;
        assert!(rest.is_complete(), "{:?}", whys(&rest));
        assert_eq!(rest.usage.today, rest.bytes + synced.bytes);
        assert!(rest.bytes < 215_000_000, "{}", rest.bytes);
    });
}

#[test]
fn metadata_is_looked_at_while_a_large_file_comes_and_a_delisted_one_is_stopped() {
    let world = World::new();
    let slow = world.publish("cham", &noise("cham", 3_000_000));
    world.server.rate(300_000);
    let mut story = Story::new(&world);
    story.poll = Duration::from_millis(100);
    run(async {
        let feeds = Mutex::new(0);
        let source = world.source();
        let synced = story
            .watched(&source, &|event| {
                if let Event::Feed(_) = event {
                    *feeds.lock().unwrap() += 1;
                    if *feeds.lock().unwrap() == 3 {
                        world.told.0.lock().unwrap().bulletins.remove(&slow.id);
                    }
                }
            })
            .await;
        assert_eq!(*feeds.lock().unwrap(), 4);
        assert!(synced.is_complete() && synced.fetched.is_empty());
    });
    assert!(names(&world.library_dir()).iter().any(|n| n.ends_with(".part")));
    run(async {
        story.pass().await;
    });
    assert!(names(&world.library_dir()).is_empty(), "the next pass sweeps the part");
}

#[test]
fn the_budget_holds_ordinary_audio_back_and_nothing_else() {
    let world = World::new();
    let dai = world.publish("dai", &noise("dai", 3_000_000));
    world.server.rate(20_000_000);
    run(async {
        let story = Story::with_budget(&world, Some(1));
        let synced = story.pass().await;
        assert_eq!(whys(&synced), [("dai", "the data budget of today is used up; it goes on tomorrow")]);
        assert!((800_000..1_200_000).contains(&synced.missing[0].have), "{:?}", synced.missing);
        assert!((1_000_000..1_300_000).contains(&synced.usage.today), "{:?}", synced.usage);
        // Metadata goes on, and so does what is urgent.
        let khan = world.publish("khan", &noise("khan", 400_000));
        world.told.order(&khan);
        let synced = story.pass().await;
        assert_eq!(ids(&synced), ["khan"]);
        assert!(synced.refused.is_none());
        assert_eq!(synced.missing.len(), 1);
        // Another day.
        let tomorrow =
            Ledger::open(&world.state.path().join("other.json"), chrono_tz::UTC, Some(9)).unwrap().0;
        *story.ledger.lock().unwrap() = tomorrow;
        let synced = story.pass().await;
        assert_eq!(ids(&synced), ["dai"]);
        assert!(synced.bytes < 2_500_000, "it went on where it stopped: {}", synced.bytes);
    });
    assert!(world.library.check(&dai.sha256).unwrap());
}

#[test]
fn the_disk_budget_lets_old_ones_go_and_names_what_does_not_fit() {
    let world = World::new();
    let old = world.publish("cu", &noise("cu", 400_000));
    run(async {
        let mut story = Story::new(&world);
        story.disk = 1_000_000;
        assert!(story.pass().await.is_complete());
        world.told.0.lock().unwrap().bulletins.remove(&old.id);
        world.publish("moi-1", &noise("moi-1", 500_000));
        world.publish("moi-2", &noise("moi-2", 450_000));
        world.publish("moi-3", &noise("moi-3", 700_000));
        let synced = story.pass().await;
        assert_eq!(ids(&synced), ["moi-2", "moi-1"]);
        assert_eq!(synced.collected, 1);
        assert_eq!(whys(&synced), [("moi-3", "the disk lacks 1 MB, and no old bulletin may go")]);
        assert!(!world.library.has(&old));
    });
}

#[test]
fn a_file_altered_on_disk_is_found_and_fetched_again() {
    let world = World::new();
    let audio = noise("tin", 100_000);
    let tin = world.publish("tin", &audio);
    run(async {
        let story = Story::new(&world);
        story.pass().await;
        let mut flipped = audio.clone();
        flipped[50_000] ^= 1;
        std::fs::write(world.library.path_of(&tin.sha256), flipped).unwrap();
        let synced = story.pass().await;
        assert_eq!(synced.damaged, std::slice::from_ref(&tin.id));
        assert_eq!(ids(&synced), ["tin"]);
        assert_eq!(Digest::of(&std::fs::read(world.library.path_of(&tin.sha256)).unwrap()), tin.sha256);
    });
}

#[test]
fn a_404_in_the_middle_and_wrong_bytes_hurt_only_themselves() {
    let world = World::new();
    for id in ["a", "b", "c", "d"] {
        world.publish(id, &noise(id, 10_000));
    }
    let path = |id: &str| name(&world.told.0.lock().unwrap().bulletins[&id.parse().unwrap()]);
    world.server.fault(&path("b"), Fault::Absent);
    world.server.fault(&path("c"), Fault::Bytes(noise("khac", 10_000)));
    run(async {
        let story = Story::new(&world);
        let synced = story.pass().await;
        assert_eq!(ids(&synced).len(), 2);
        assert_eq!(
            whys(&synced),
            [
                ("b", "The feed does not hold the audio of bulletin b yet."),
                ("c", "The content of c is not what was approved; the download was dropped."),
            ]
        );
        world.server.heal();
        assert!(story.pass().await.is_complete());
    });
}

#[test]
fn many_recordings_that_are_not_there_do_not_starve_the_one_that_is() {
    let world = World::new();
    for n in 0..6 {
        let bulletin = world.publish(&format!("vang-{n}"), &noise("vang", 100 + n));
        std::fs::remove_file(world.feed.path().join(name(&bulletin))).unwrap();
    }
    world.publish("co", &noise("co", 9_000));
    run(async {
        let synced = Story::new(&world).pass().await;
        assert_eq!((ids(&synced), synced.missing.len()), (vec!["co"], 6));
    });
}

#[test]
fn a_line_that_goes_down_in_the_middle_is_not_tried_for_each_recording() {
    let world = World::new();
    for n in 0..9 {
        let bulletin = world.publish(&format!("b{n}"), &noise("b", 100 + n));
        world.server.fault(&name(&bulletin), Fault::Status(502));
    }
    run(async {
        let synced = Story::new(&world).pass().await;
        assert_eq!((synced.fetched.len(), synced.missing.len()), (0, 9));
    });
    let asked = world.server.take_seen().into_iter().filter(|s| s.path.starts_with("targets/")).count();
    assert_eq!(asked, 6, "three recordings, two tries each");
}

#[test]
fn without_a_line_the_old_state_stays_and_no_audio_is_tried() {
    let world = World::new();
    world.publish("tin", &noise("tin", 10_000));
    world.server.fault("metadata/timestamp.json", Fault::Status(502));
    run(async {
        let story = Story::new(&world);
        let synced = story.pass().await;
        assert!(synced.refused.as_ref().is_some_and(|r| r.try_again()), "{:?}", synced.refused);
        assert_eq!(whys(&synced), [("tin", "the feed cannot be reached")]);
        assert_eq!(synced.feed.bulletins.len(), 1, "what was held is in force");
        assert!(world.server.take_seen().iter().all(|s| !s.path.starts_with("targets/")));
        // Metadata that is refused for what it is does not keep missing audio away.
        world.server.fault("metadata/timestamp.json", Fault::Endless);
        let synced = story.pass().await;
        assert!(synced.refused.is_some() && ids(&synced) == ["tin"]);
    });
}

#[test]
fn cancelling_ends_a_pass_at_once_and_keeps_what_came() {
    let world = World::new();
    let dai = world.publish("dai", &noise("dai", 1_000_000));
    world.server.fault(&name(&dai), Fault::StallAfter(400_000));
    let story = Story::new(&world);
    run(async {
        let source = crate::world::source(&world.server.url, None, Default::default());
        let synced = story
            .watched(&source, &|event| {
                if let Event::Progress(_, 400_000) = event {
                    story.cancel.cancel();
                }
            })
            .await;
        assert!(synced.cancelled);
        assert_eq!(synced.missing[0].have, 400_000);
    });
}

#[test]
fn an_order_that_is_over_is_not_urgent_any_more() {
    let world = World::new();
    let khan = world.publish("khan", &noise("khan", 50_000));
    world.publish("nho", &noise("nho", 10));
    world.told.order(&khan);
    let over = |order: &mut loaxa::feed::UrgentOrder| order.until = Utc::now() - TimeDelta::seconds(1);
    world.told.0.lock().unwrap().urgents.values_mut().for_each(over);
    run(async {
        assert_eq!(ids(&Story::new(&world).pass().await), ["nho", "khan"]);
    });
}

/// Prints what `scripts/bench` shows. Run it in release: `cargo test --release --test sync -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a promise"]
fn bench_400_mb_verified_beside_curl_and_sha256sum() {
    for files in [1, 20] {
        let world = World::new();
        let length = 400_000_000 / files;
        let all: Vec<_> =
            (0..files).map(|n| world.publish(&format!("f{n}"), &noise(&format!("f{n}"), length))).collect();
        let mut ratios = Vec::new();
        for _ in 0..5 {
            let began = std::time::Instant::now();
            let dir = tempfile::tempdir_in(world.state.path()).unwrap();
            for bulletin in &all {
                let (url, file) = (format!("{}{}", world.server.url, name(bulletin)), dir.path().join("out"));
                let line = format!("curl -sS -o {0} {url} && sha256sum {0}", file.display());
                let sum = std::process::Command::new("sh").args(["-c", &line]).output().unwrap();
                assert!(String::from_utf8_lossy(&sum.stdout).starts_with(&bulletin.sha256.to_string()));
            }
            let peer = began.elapsed();
            let began = std::time::Instant::now();
            run(async { assert!(Story::new(&world).pass().await.is_complete()) });
            let ours = began.elapsed();
            all.iter().for_each(|b| world.library.discard(&b.sha256).unwrap());
            println!("{files} files: curl + sha256sum {peer:.2?}, loaxa {ours:.2?}");
            ratios.push(ours.as_secs_f64() / peer.as_secs_f64());
        }
        ratios.sort_by(f64::total_cmp);
        println!("{files} files, median: {:.2} times curl + sha256sum", ratios[2]);
    }
}
