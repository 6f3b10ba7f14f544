//! Small files over HTTP.

use std::time::Duration;

use loaxa::{
    clock::{Clock, SimClock},
    feed::{
        audio::AudioSource,
        http::{HttpSource, Limits, Setup},
        source::{FetchError, Source},
    },
    text::Lang,
};

use crate::{
    server::{Fault, Server},
    world::{World, limits, put, run, source},
};

fn refused(done: Result<Vec<u8>, FetchError>) -> String {
    match done {
        Err(FetchError::Refused(why)) => why.to(Lang::En).to_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

fn broken(done: Result<Vec<u8>, FetchError>) -> String {
    match done {
        Err(FetchError::Broken(why)) => why.to(Lang::En).to_owned(),
        other => panic!("not broken: {other:?}"),
    }
}

#[test]
fn json_comes_gzipped_and_an_unchanged_file_costs_a_304() {
    let world = World::new();
    let long = "{\"a\":\"".to_owned() + &"x".repeat(20_000) + "\"}";
    put(world.feed.path(), "metadata/timestamp.json", long.as_bytes());
    run(async {
        let source = world.source();
        let name = "metadata/timestamp.json";
        assert_eq!(source.fetch(name, 30_000).await.unwrap(), long.as_bytes());
        assert!(world.server.wire() < 1_500, "{} bytes", world.server.wire());
        // Another process, later.
        let source = world.source();
        assert_eq!(source.fetch(name, 30_000).await.unwrap(), long.as_bytes());
        let seen = world.server.take_seen();
        assert_eq!(seen.iter().map(|s| s.status).collect::<Vec<_>>(), [200, 304]);
        assert!(seen[1].if_none_match.is_some());
        // What is kept counts against the cap too.
        assert!(refused(source.fetch(name, 10_000).await).contains("10000"));
    });
}

#[test]
fn an_unchanged_poll_costs_under_3_kb() {
    let world = World::new();
    put(world.feed.path(), "metadata/timestamp.json", &[b'x'; 600]);
    run(async {
        world.source().fetch("metadata/timestamp.json", 16_384).await.unwrap();
        let before = world.server.wire();
        let source = world.source();
        assert!(matches!(source.fetch("metadata/2.root.json", 16_384).await, Err(FetchError::Absent)));
        source.fetch("metadata/timestamp.json", 16_384).await.unwrap();
        let http = world.server.wire() - before;
        println!("unchanged poll: {http} bytes of HTTP, {} with TCP/IP by rule", source.wire());
        assert!(http < 1_000 && source.wire() < 3_000 - 1_500, "{http} {}", source.wire());
        assert_eq!(world.server.connections(), 2, "one connection a poll");
    });
}

#[test]
fn the_estimate_of_the_wire_is_near_what_sockets_carried() {
    let world = World::new();
    put(world.feed.path(), "metadata/7.bulletins.json", &crate::world::noise("b", 300_000));
    run(async {
        let source = world.source();
        for n in 1..30 {
            source.fetch(&format!("metadata/{n}.root.json"), 9_999).await.ok();
        }
        source.fetch("metadata/7.bulletins.json", 400_000).await.unwrap();
        // TCP/IP is added by rule; HTTP alone is what the server sees.
        let (rule, http) = (source.wire() as f64, world.server.wire() as f64);
        assert!(rule > http && rule < http * 1.15 + 6_000.0, "{rule} for {http}");
    });
}

#[test]
fn endless_and_too_long_files_are_refused_at_the_cap() {
    let world = World::new();
    put(world.feed.path(), "metadata/1.root.json", &[b'x'; 5_000]);
    run(async {
        let source = world.source();
        world.server.fault("metadata/2.root.json", Fault::Endless);
        assert!(refused(source.fetch("metadata/2.root.json", 100_000).await).contains("longer"));
        assert!(source.wire() < 1_000_000);
        assert!(refused(source.fetch("metadata/1.root.json", 4_999).await).contains("longer"));
        assert_eq!(source.fetch("metadata/1.root.json", 5_000).await.unwrap().len(), 5_000);
    });
}

#[test]
fn a_gzip_bomb_is_refused_by_what_comes_out_of_it() {
    let world = World::new();
    world.server.fault("metadata/2.root.json", Fault::Bomb(50_000_000));
    world.server.fault("metadata/3.root.json", Fault::NotGzip);
    run(async {
        let source = world.source();
        assert!(refused(source.fetch("metadata/2.root.json", 1_000_000).await).contains("longer"));
        assert!(broken(source.fetch("metadata/3.root.json", 1_000_000).await).contains("compression"));
    });
}

#[test]
fn silence_a_stall_and_a_crawl_are_given_up() {
    let world = World::new();
    put(world.feed.path(), "metadata/1.root.json", &[b'x'; 5_000]);
    let name = "metadata/1.root.json";
    run(async {
        let source = world.source();
        world.server.fault(name, Fault::StallAfter(100));
        assert!(broken(source.fetch(name, 9_999).await).contains("No answer"));
        let patient = Limits {
            connect: Duration::from_millis(50),
            min_rate: 4_000,
            window: Duration::from_millis(200),
            attempts: 1,
            ..limits()
        };
        let source = crate::world::source(&world.server.url, None, patient);
        world.server.fault(name, Fault::Rate(400));
        assert!(broken(source.fetch(name, 9_999).await).contains("too slow"));
        world.server.fault(name, Fault::Silent);
        assert!(broken(source.fetch(name, 9_999).await).contains("No answer"));
    });
}

#[test]
fn every_wait_asks_the_injected_clock() {
    let world = World::new();
    world.server.fault("metadata/1.root.json", Fault::Silent);
    let clock = SimClock::at("2026-12-01T00:00:00Z".parse().unwrap());
    let source = HttpSource::new(Setup {
        url: world.server.url.clone(),
        cache: None,
        ca: None,
        limits: Limits { attempts: 2, ..Limits::default() },
        clock: std::sync::Arc::new(clock.clone()),
    })
    .unwrap();
    run(async {
        let fetching = source.fetch("metadata/1.root.json", 9_999);
        let time = async {
            loop {
                clock.pass(Duration::from_secs(1));
                tokio::task::yield_now().await;
            }
        };
        let done = tokio::select! {
            done = fetching => done,
            () = time => unreachable!(),
        };
        assert!(broken(done).contains("No answer for 30 s"));
    });
    // Two tries of 45 s each, and a pause of 1 to 3 s.
    let passed = clock.now().up.0;
    assert!((91..=95).contains(&passed.as_secs()), "{passed:?}");
}

#[test]
fn a_passing_fault_is_tried_again_and_a_lasting_one_is_named() {
    let world = World::new();
    put(world.feed.path(), "metadata/1.root.json", b"{}");
    let name = "metadata/1.root.json";
    run(async {
        let source = world.source();
        for fault in [Fault::Status(503), Fault::CutAfter(1), Fault::NotGzip] {
            world.server.fault_times(name, fault.clone(), 1);
            assert_eq!(source.fetch(name, 99).await.unwrap(), b"{}", "{fault:?}");
        }
        world.server.fault(name, Fault::Status(500));
        assert!(broken(source.fetch(name, 99).await).contains("500"));
        for status in [403, 404, 410] {
            world.server.fault(name, Fault::Status(status));
            assert!(matches!(source.fetch(name, 99).await, Err(FetchError::Absent)), "{status}");
        }
    });
}

#[test]
fn redirects_stay_on_the_same_origin() {
    let (world, other) = (World::new(), World::new());
    put(world.feed.path(), "metadata/1.root.json", b"{}");
    put(other.feed.path(), "metadata/1.root.json", b"stranger");
    let name = "metadata/9.root.json";
    run(async {
        let source = world.source();
        world.server.fault(name, Fault::Redirect("/metadata/1.root.json".into()));
        assert_eq!(source.fetch(name, 99).await.unwrap(), b"{}");
        world.server.fault(name, Fault::Redirect(format!("{}metadata/1.root.json", other.server.url)));
        assert!(refused(source.fetch(name, 99).await).contains("another site"));
        world.server.fault(name, Fault::Redirect("/metadata/9.root.json".into()));
        assert!(refused(source.fetch(name, 99).await).contains("another site"), "a loop ends");
        let with_user = world.server.url.replace("http://", "http://u:secret@") + "metadata/1.root.json";
        world.server.fault(name, Fault::Redirect(with_user));
        assert!(!refused(source.fetch(name, 99).await).contains("secret"));
    });
    assert!(other.server.take_seen().is_empty());
}

#[test]
fn a_server_that_is_not_there_is_named_without_the_whole_address() {
    let server = Server::start(std::path::Path::new("/nonexistent"));
    let url = server.url.clone();
    drop(server);
    run(async {
        let why = broken(source(&url, None, limits()).fetch("metadata/timestamp.json", 99).await);
        assert!(why.contains("127.0.0.1 cannot be reached"), "{why}");
    });
}

#[test]
fn unsafe_names_never_reach_the_server() {
    let world = World::new();
    run(async {
        for name in ["../x", "/etc/passwd", "a/%2e%2e/b", "http://127.0.0.1/x", "a?b"] {
            assert!(refused(world.source().fetch(name, 99).await).contains("unsafe"), "{name}");
        }
    });
    assert!(world.server.take_seen().is_empty());
}

/// An authority and a certificate for `localhost`, good until 2126.
fn tls() -> [std::path::PathBuf; 3] {
    ["ca.pem", "localhost.pem", "localhost.key"]
        .map(|file| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls").join(file))
}

#[test]
fn over_tls_with_an_own_authority_a_poll_stays_under_3_kb_and_a_stranger_is_refused() {
    let feed = tempfile::tempdir().unwrap();
    put(feed.path(), "metadata/timestamp.json", &[b'x'; 600]);
    let [ca, cert, key] = tls();
    let server = Server::start_tls(feed.path(), &cert, &key);
    let with = |ca| {
        HttpSource::new(Setup {
            url: server.url.clone(),
            cache: Some(feed.path().join("etags")),
            ca,
            limits: Limits { rest: Duration::from_millis(30), ..limits() },
            clock: crate::world::RealClock::shared(),
        })
    };
    run(async {
        assert!(
            broken(with(None).unwrap().fetch("metadata/timestamp.json", 999).await).contains("localhost")
        );
        let source = with(Some(ca)).unwrap();
        for poll in 1..=3 {
            let (before, rule) = (server.wire(), source.wire());
            assert!(matches!(source.fetch("metadata/2.root.json", 999).await, Err(FetchError::Absent)));
            source.fetch("metadata/timestamp.json", 999).await.unwrap();
            let (wire, rule) = (server.wire() - before, source.wire() - rule);
            println!("poll {poll} over TLS: {wire} bytes, {rule} by rule with TCP/IP");
            assert!(wire < 2_200 && rule > wire, "{wire} {rule}");
            assert!(poll == 1 || (wire < 1_600 && rule < 3_000), "its session is resumed: {wire} {rule}");
            // Longer than a connection may rest: the next poll begins a new one, as after ten minutes.
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    });
    assert!(
        HttpSource::new(Setup {
            url: server.url.clone(),
            cache: None,
            ca: Some(key),
            limits: limits(),
            clock: crate::world::RealClock::shared(),
        })
        .is_err()
    );
}
