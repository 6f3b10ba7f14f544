//! Verified sync of 400 MB beside curl and sha256sum, from the same server, to the same disk, turn by turn.

use std::{
    process::Command,
    sync::Mutex,
    time::{Duration, Instant},
};

use loaxa::{
    feed::Mode,
    station::{
        budget::Ledger,
        sync::{Rules, Tools, Want, pass},
    },
};

use crate::{
    Scale,
    programme::installed,
    table::Line,
    world::{RealClock, World, name, noise, now, run, who},
};

const FILES: usize = 20;
const BYTES: usize = 400_000_000;

pub fn measure(scale: &Scale) -> Vec<Line> {
    let world = World::new();
    let all = (0..FILES).map(|n| format!("f{n}"));
    let all = all.map(|n| world.publish(&n, &noise(&n, BYTES / FILES))).collect::<Vec<_>>();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let there = installed("curl");
    for _ in 0..scale.runs.min(5) {
        if there.is_ok() {
            let began = Instant::now();
            let dir = tempfile::tempdir_in(world.state.path()).unwrap();
            for bulletin in &all {
                let line = format!("curl -sS -o out {}{} && sha256sum out", world.server.url, name(bulletin));
                let sum = Command::new("sh").args(["-c", &line]).current_dir(dir.path()).output().unwrap();
                assert!(String::from_utf8_lossy(&sum.stdout).starts_with(&bulletin.sha256.to_string()));
            }
            theirs.push(began.elapsed().as_secs_f64());
        }
        let began = Instant::now();
        run(whole_pass(&world));
        ours.push(began.elapsed().as_secs_f64());
        all.iter().for_each(|b| world.library.discard(&b.sha256).unwrap());
    }
    let peer = there.map(|()| theirs);
    vec![
        Line::new("verified sync of 400 MB, 20 files", "s", 2, ours)
            .beside("curl + sha256sum", peer)
            .at_most_times_peer(1.15),
    ]
}

async fn whole_pass(world: &World) {
    let (clock, who) = (RealClock::shared(), who());
    let file = world.state.path().join("run/data-use.json");
    let source = world.source();
    let tools = Tools {
        source: &source,
        mode: Mode::Online,
        library: &world.library,
        ledger: &Mutex::new(Ledger::open(&file, chrono_tz::Asia::Ho_Chi_Minh, None).unwrap().0),
        who: &who,
        now: &now,
        clock: &*clock,
        rules: Rules {
            disk: 1_000_000_000,
            poll: Duration::from_secs(600),
            attempts: 2,
            pause: Duration::from_millis(2),
        },
        want: &|_, _| Want::SomeTime,
        watch: &|_| (),
        nudge: &tokio::sync::Notify::new(),
        cancel: tokio_util::sync::CancellationToken::new(),
    };
    assert!(pass(&mut world.told.clone(), &tools).await.is_complete());
}
