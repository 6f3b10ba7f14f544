//! What is over soon: bytes of an unchanged poll, the plan of a year, start to ready.

use std::{
    os::unix::net::UnixDatagram,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use loaxa::{
    bulletin::Category,
    schedule::{plan::plan, world::World},
    station::control::{Request, ask},
};

use crate::{
    Scale,
    r#box::loaxa,
    programme::commune,
    support::{Bench, OPEN, at, bulletin, chime, december, slot},
    table::Line,
};

pub fn measure(scale: &Scale) -> Vec<Line> {
    vec![poll(), year(scale), ready(scale)]
}

/// Bytes through the server's sockets, TLS included, and what TCP and IP add by the rule that the data budget counts
/// with; each poll on a connection of its own.
fn poll() -> Line {
    let mut station = commune();
    station.start().until_held(100);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let used = || station.status().map_or(0, |s| s["data"]["month_bytes"].as_u64().unwrap_or(0));
    let mut bytes = Vec::new();
    for _ in 0..3 {
        // Longer than a connection rests.
        sleep(Duration::from_secs(22));
        let (before, connections) = (used(), station.server.connections());
        runtime.block_on(ask(&station.path("sock"), &Request::Sync)).unwrap();
        let began = Instant::now();
        while used() == before {
            assert!(began.elapsed() < Duration::from_secs(10), "no poll came");
            sleep(Duration::from_millis(100));
        }
        sleep(Duration::from_millis(300));
        assert_eq!(station.server.connections(), connections + 1);
        bytes.push((used() - before) as f64 / 1_000.0);
    }
    Line::new("an unchanged poll over TLS, with TCP/IP", "kB", 2, bytes).at_most(3.0)
}

/// 20 slots a day, 501 recordings.
fn year(scale: &Scale) -> Line {
    let playlist =
        "{ chime: open }, { category: tricks, count: 2 }, { category: law, pick: newest }, { chime: open }";
    let slots: String = (0..20)
        .map(|i| slot(&format!("s{i}"), &format!("{} {} * * *", i * 7 % 60, 5 + i % 14), "", playlist))
        .collect();
    let text = december("yen-the", &slots)
        .replace("from: 2026-12-01, until: 2026-12-31", "from: 2027-01-01, until: 2027-12-31");
    let recording = |i: usize| bulletin(&format!("w{i}-vi"), Category::ALL[i % 5], "vi", 30);
    let bench = Bench::new(OPEN).schedule("yen-the", &text).holds((0..500).map(recording));
    let bench = bench.holds([chime("open", 5)]);
    let station = "xuan-luong-1".parse().unwrap();
    let spent = (0..scale.runs).map(|_| {
        let began = Instant::now();
        let world = World::for_station(&bench.feed, &station).unwrap();
        let planned = plan(&world, at("2027-01-01 00:00")..at("2028-01-01 00:00"));
        assert_eq!(planned.len(), 20 * 365);
        began.elapsed().as_secs_f64() * 1_000.0
    });
    Line::new("plan of a year, 20 slots a day", "ms", 1, spent.collect()).at_most(50.0)
}

/// From the start of the process until it tells systemd `READY=1`.
fn ready(scale: &Scale) -> Line {
    let mut station = commune();
    station.start().until_held(100);
    station.stop();
    let socket = station.path("notify");
    let notify = UnixDatagram::bind(&socket).unwrap();
    notify.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let spent = (0..scale.runs).map(|_| {
        let mut command = loaxa();
        command.current_dir(station.dir.path()).args(["--config", "station.yaml", "station", "run"]);
        command.env("NOTIFY_SOCKET", &socket);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let mut child = command.spawn().unwrap();
        let mut told = [0; 4_096];
        loop {
            let length = notify.recv(&mut told).unwrap();
            if String::from_utf8_lossy(&told[..length]).lines().any(|l| l == "READY=1") {
                break;
            }
        }
        let spent = began.elapsed().as_secs_f64();
        child.kill().unwrap();
        child.wait().unwrap();
        spent
    });
    Line::new("start to ready", "s", 3, spent.collect()).at_most(0.2)
}
