//! What the daemon tells a service manager, by a false one that listens on NOTIFY_SOCKET.

use std::{
    os::unix::net::{UnixDatagram, UnixStream},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use loaxa::playout::sink::wav_file;

use crate::{
    r#box::{Station, now},
    listen,
};

const SPEECH: &str = "viec-nhe-luong-cao.ogg";
/// How long a message may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// The watchdog's limit: the daemon feeds it three times as often.
const LIMIT: Duration = Duration::from_millis(1_500);

/// What systemd hears.
struct Manager(UnixDatagram);

impl Manager {
    /// Listens; the station will speak to it.
    fn of(station: &mut Station) -> Self {
        let path = station.path("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        station.env.push(("NOTIFY_SOCKET", path.to_str().unwrap().to_owned()));
        station.env.push(("WATCHDOG_USEC", LIMIT.as_micros().to_string()));
        Self(socket)
    }

    /// The next message, if one comes within `patience`.
    fn hear(&self, patience: Duration) -> Option<String> {
        self.0.set_read_timeout(Some(patience)).unwrap();
        let mut bytes = [0; 4096];
        let length = self.0.recv(&mut bytes).ok()?;
        Some(String::from_utf8(bytes[..length].to_vec()).unwrap())
    }

    /// All that comes until `wanted`, which comes.
    fn until(&self, wanted: &str) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            let Some(message) = self.hear(PATIENCE) else { panic!("no {wanted} after {heard:?}") };
            let done = message.lines().any(|line| line == wanted);
            heard.push(message);
            if done {
                return heard;
            }
        }
    }

    /// Whether the watchdog is fed within three limits.
    fn is_fed(&self) -> bool {
        let mut left = 12;
        while left > 0 {
            match self.hear(LIMIT * 3) {
                Some(message) if message.contains("WATCHDOG=1") => return true,
                Some(_) => left -= 1,
                None => return false,
            }
        }
        false
    }

    fn forget(&self) {
        while self.hear(Duration::from_millis(1)).is_some() {}
    }
}

#[test]
fn it_says_ready_once_the_log_is_open_and_the_socket_answers_and_then_feeds_the_watchdog() {
    let mut station = Station::new();
    let manager = Manager::of(&mut station);
    station.spawn();
    let before = manager.until("READY=1");
    assert_eq!(before.len(), 1, "{before:?}");
    assert!(before[0].contains("STATUS="), "{before:?}");
    // At that instant, not a moment later.
    assert!(UnixStream::connect(station.path("sock")).is_ok());
    assert_eq!(station.records()[0]["kind"], "boot");
    for _ in 0..5 {
        assert!(manager.is_fed());
    }
    assert!(station.status().is_some());
    station.signal(rustix::process::Signal::TERM);
    manager.until("STOPPING=1");
    station.stop();
}

#[cfg(feature = "faults")]
#[test]
fn the_watchdog_starves_when_the_player_or_the_controller_stands_still() {
    for who in ["player", "controller"] {
        let mut station = Station::new();
        let manager = Manager::of(&mut station);
        let hang = station.path("hang");
        station.env.push(("LOAXA_HANG", format!("{who}:{}", hang.display())));
        station.spawn();
        manager.until("READY=1");
        assert!(manager.is_fed() && manager.is_fed(), "{who}");
        std::fs::write(&hang, "").unwrap();
        // What was asked before it stood still may still be answered.
        let mut fed = 0;
        while manager.is_fed() {
            fed += 1;
            assert!(fed < 5, "the watchdog is fed although the {who} stands still");
        }
        station.kill();
    }
}

#[test]
fn the_watchdog_is_fed_while_a_bulletin_sounds() {
    let mut station = Station::new();
    let manager = Manager::of(&mut station);
    station.bulletin("viec-nhe", SPEECH, 6);
    station.publish();
    station.start().until_held(1);
    station.schedule_soon("sang", 10, &["viec-nhe"]);
    station.until(PATIENCE, "it sounds", |s| s["now"]["frames"].as_u64() > Some(24_000));
    manager.forget();
    assert!(manager.is_fed() && manager.is_fed());
    assert_eq!(station.until_outcomes(1, PATIENCE), ["sang played"]);
    station.stop();
}

/// Judged by the sound and by the log, not by when this test looks.
#[test]
fn sigterm_while_it_sounds_is_silence_and_a_record_within_two_seconds() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 30);
    station.publish();
    station.start().until_held(1);
    station.schedule_soon("sang", 10, &["viec-nhe"]);
    station.until(PATIENCE, "it sounds", |s| s["now"]["frames"].as_u64() > Some(96_000));
    let told = now();
    station.signal(rustix::process::Signal::TERM);
    station.stop();

    let limit = told + TimeDelta::seconds(2);
    let outcome = station.records().into_iter().find(|r| r["kind"] == "outcome").unwrap();
    assert_eq!((&outcome["outcome"], &outcome["why"]), (&"interrupted".into(), &"sigterm".into()));
    let at: DateTime<Utc> = outcome["at"].as_str().unwrap().parse().unwrap();
    assert!(at < limit, "logged at {at}, told at {told}");

    let first = wav_file::first_frame(&station.path("pa.wav")).unwrap().0;
    let heard = listen::read_wav(&station.path("pa.wav")).samples;
    let last = heard.iter().rposition(|s| s.abs() > 0.001).unwrap();
    let silent = first + TimeDelta::microseconds(last as i64 * 1_000_000 / 48_000);
    assert!(told < silent + TimeDelta::seconds(1) && silent < limit, "silent at {silent}, told at {told}");
    // A fade: the loudest of the last 20 ms is far below the loudest of the second before.
    let peak = |samples: &[f32]| samples.iter().fold(0f32, |peak, s| peak.max(s.abs()));
    let (body, end) = (peak(&heard[last - 48_000..last - 24_000]), peak(&heard[last - 960..=last]));
    assert!(end < body / 4.0, "{end} after {body}");
    station.assert_log_verifies();
}
