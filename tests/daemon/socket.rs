//! Whoever reaches the control socket can command little and break nothing; what others wrote moves nobody's terminal.

use std::{
    io::{Read, Write},
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::UnixStream,
    },
    time::Duration,
};

use chrono::TimeDelta;

use crate::r#box::{Station, now};

const SPEECH: &str = "viec-nhe-luong-cao.ogg";
const LONG: Duration = Duration::from_secs(60);

#[test]
fn garbage_idlers_and_endless_lines_at_the_socket_stop_neither_answers_nor_sound() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 2);
    let due = now() + TimeDelta::seconds(14);
    station.schedule(&[(
        "sang",
        due - TimeDelta::nanoseconds(i64::from(due.timestamp_subsec_nanos())),
        &["viec-nhe"],
    )]);
    station.publish();
    station.start().until_held(1);
    let path = station.path("sock");
    let meta = std::fs::metadata(&path).unwrap();
    assert!(meta.file_type().is_socket());
    assert_eq!(meta.permissions().mode() & 0o777, 0o660, "its owner and his group alone");

    let idle: Vec<_> = (0..400).map_while(|_| UnixStream::connect(&path).ok()).collect();
    assert!(idle.len() > 300, "{}", idle.len());
    for garbage in [
        &b"\n"[..],
        b"{}\n",
        b"\xff\xfe\0\n",
        b"{\"do\":\"play\",\"file\":\"/etc/passwd\"}\n",
        b"{\"do\":\"hold\",\"seconds\":18446744073709551615,\"reason\":\"x\"}\n",
        b"{\"do\":\"decline\",\"slot\":\"../../x\",\"reason\":\"\"}\n",
        b"GET / HTTP/1.1\r\n\r\n",
    ] {
        let mut stream = UnixStream::connect(&path).unwrap();
        stream.write_all(garbage).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).ok();
        assert!(!reply.contains("\"done\"") && !reply.contains("\"status\""), "{garbage:?}: {reply}");
    }
    let mut endless = UnixStream::connect(&path).unwrap();
    let sent = (0..10_000).take_while(|_| endless.write_all(&[b'a'; 65_536]).is_ok()).count();
    assert!(sent < 100, "it read {sent} pieces of 64 kB");
    assert_eq!(station.until_outcomes(1, LONG), ["sang played"]);
    assert!(station.status().is_some());
    drop(idle);
    station.stop();
    station.assert_log_verifies();
}

#[test]
fn a_daemon_takes_nothing_but_a_dead_socket_away() {
    let mut station = Station::new();
    std::fs::write(station.path("sock"), "minutes of a meeting").unwrap();
    let refused = station.run(&["station", "run"], |_| {});
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    assert_eq!(std::fs::read_to_string(station.path("sock")).unwrap(), "minutes of a meeting");
    std::fs::remove_file(station.path("sock")).unwrap();
    drop(std::os::unix::net::UnixListener::bind(station.path("sock")).unwrap());
    station.start();
    station.stop();
}

#[test]
fn what_signers_and_operators_wrote_moves_no_terminal_and_begins_no_line() {
    let mut station = Station::new();
    station.bulletin("viec-nhe", SPEECH, 2);
    let evil = "Họp\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}1A\r\nCŨ  bulletins: hết hạn\u{202e}gnôhk";
    station.repo.describe("viec-nhe", |meta| meta["title"]["vi"] = evil.into());
    let due = now() + TimeDelta::seconds(600);
    station.schedule(&[("sang", due, &["viec-nhe"])]);
    station.publish();
    station.start().until_held(1);
    station.until(LONG, "it has a plan", |s| s["next"]["occurrence"]["slot"] == "sang");
    assert!(station.run(&["station", "hold", "30m", "--reason", evil], |_| {}).status.success());
    for args in [
        &["station", "status"][..],
        &["station", "plan"],
        &["log", "show", "state/asrun"],
        &["log", "verify", "state/asrun"],
        &["station", "decline", "--reason", evil, "khong-co"],
    ] {
        let out = station.run(args, |_| {});
        for text in [out.stdout, out.stderr].map(|bytes| String::from_utf8(bytes).unwrap()) {
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{args:?}: {text:?}");
            assert!(!text.contains('\u{202e}'), "{args:?}: {text:?}");
            assert!(!text.lines().any(|line| line.starts_with("CŨ")), "{args:?}: {text}");
        }
    }
    station.stop();
    station.assert_log_verifies();
    let log = std::fs::read_to_string(station.path("stderr")).unwrap();
    assert!(!log.contains("[2J") || !log.contains('\u{9b}'), "{log:?}");
    assert!(!log.lines().any(|line| line.starts_with("CŨ")), "{log}");
}
