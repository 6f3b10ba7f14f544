//! Drives the player by ear: `cargo run --example play -- SINK FILE.opus…` plays canonical files one after another and
//! prints what the player tells; `SINK tone` plays the test tone; `devices` lists devices.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[cfg(feature = "station")]
#[path = "clock.rs"]
mod clock;

#[cfg(not(feature = "station"))]
fn main() {}

#[cfg(feature = "station")]
fn main() {
    use loaxa::{
        digest::Digest,
        playout::{
            Command, Event, Program, ProgramItem, decode,
            player::Player,
            sink::{Settings, SinkSpec, list},
            sound_test::sound_test,
        },
    };

    let args = std::env::args().skip(1).collect::<Vec<_>>();
    let Some(sink) = args.first().filter(|a| *a != "devices") else {
        for device in list::devices() {
            println!("{}\t{}", device.spec, device.name);
        }
        return;
    };
    let sink = SinkSpec::parse(sink).unwrap_or_else(|faults| panic!("{faults}"));
    let clock = clock::real();
    if args.get(1).is_some_and(|a| a == "tone") {
        let span = std::time::Duration::from_secs(2);
        println!("{:?}", sound_test(&sink, &Settings::default(), clock, span));
        return;
    }
    let items = args[1..].iter().map(|path| {
        let bytes = std::fs::read(path).unwrap();
        let (sha256, frames) = (Digest::of(&bytes), decode::frames(&bytes).unwrap());
        ProgramItem { bulletin: "by-ear".parse().unwrap(), path: path.into(), sha256, frames }
    });
    let must_end_by = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    let program = Program { token: 1, items: items.collect(), level_cdb: 0, must_end_by };
    let (player, mut events) = Player::spawn(sink, clock.clone(), Settings::default()).unwrap();
    player.send(Command::Open);
    player.send(Command::Load(program));
    while let Some(event) = events.blocking_recv() {
        println!("{} {event:?}", clock.now().wall);
        match event {
            Event::Opened(_) => player.send(Command::Start { token: 1, at: clock.now().wall }),
            Event::Finished { .. } => player.send(Command::Shutdown),
            _ => {}
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS")).for_each(|l| println!("{l}"));
}
