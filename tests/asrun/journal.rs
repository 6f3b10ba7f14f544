//! The writer: what it keeps, what it refuses, what a restart knows.

use std::{fs, path::Path};

use chrono::TimeDelta;
use loaxa::{
    asrun::{
        canon,
        journal::{HORIZON, Journal, JournalError, Session},
        key::LogKey,
        progress::{self, Mark, Progress},
        record::*,
        recover::Recovered,
    },
    bulletin::Frames,
    digest::Digest,
    text::Lang,
};

use crate::support::*;

fn session(when: &str) -> Session {
    Session {
        station: station(),
        version: "0.1.0".into(),
        boot_id: Some("boot-a".into()),
        at: at(when),
        horizon: HORIZON,
    }
}

fn open_with(dir: &Path, k: LogKey, when: &str) -> (Journal, Recovered) {
    Journal::open(dir, k, session(when)).unwrap()
}

fn open(dir: &Path, when: &str) -> (Journal, Recovered) {
    open_with(dir, key(1), when)
}

fn verify(dir: &Path) -> String {
    let keys = tempfile::tempdir().unwrap();
    let k = keys.path().join("k");
    fs::write(&k, public(&key(1)).hex()).unwrap();
    let args = ["log", "verify", &dir.display().to_string(), "--key", &k.display().to_string()];
    loaxa(&args, false, Lang::En).1
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_log_goes_on_over_restarts_and_months_and_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-11-30T23:59:00Z");
    journal.append(at("2026-11-30T23:59:59.999999Z"), &clock_trusted("2026-11-30T23:59:59Z")).unwrap();
    journal.append(at("2026-12-01T00:00:00Z"), &intent(slot("2026-12-01T00:00:00Z"))).unwrap();
    let head = journal.head();
    assert!(journal.verify_all().unwrap().ok());
    drop(journal);
    let (journal, recovered) = open(dir.path(), "2026-12-01T00:05:00Z");
    assert_eq!((recovered.head.seq, recovered.cut), (head.seq + 1, 0));
    assert_eq!(journal.head(), recovered.head);
    assert_eq!(names(dir.path()), ["000000000001-2026-11.jsonl", "000000000003-2026-12.jsonl", "public.pem"]);
    assert!(verify(dir.path()).starts_with("VERIFIED"), "{}", verify(dir.path()));
}

#[test]
fn a_torn_tail_is_cut_and_told_and_closed_segments_stay_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-11-30T23:00:00Z");
    journal.append(at("2026-12-01T00:00:00Z"), &clock_trusted("2026-12-01T00:00:00Z")).unwrap();
    drop(journal);
    let newest = dir.path().join("000000000002-2026-12.jsonl");
    let closed = fs::read(dir.path().join("000000000001-2026-11.jsonl")).unwrap();
    for (tail, cut) in [(&b"{\"format\":1,\"se"[..], 15), (b"\0\0\0\0", 4), (b"\0\0\0\n", 4)] {
        let mut torn = fs::read(&newest).unwrap();
        torn.extend_from_slice(tail);
        fs::write(&newest, &torn).unwrap();
        let (journal, recovered) = open(dir.path(), "2026-12-01T01:00:00Z");
        assert_eq!(recovered.cut, cut);
        drop(journal);
        assert!(verify(dir.path()).starts_with("VERIFIED"));
        let text = fs::read_to_string(&newest).unwrap();
        assert!(text.lines().last().unwrap().contains(&format!("\"cut\":{cut},")));
    }
    assert_eq!(fs::read(dir.path().join("000000000001-2026-11.jsonl")).unwrap(), closed);
}

#[test]
fn a_segment_that_is_nothing_but_a_torn_line_goes() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path(), "2026-11-30T23:00:00Z"));
    fs::write(dir.path().join("000000000002-2026-12.jsonl"), b"{\"form").unwrap();
    let (_, recovered) = open(dir.path(), "2027-01-01T00:00:00Z");
    assert_eq!((recovered.head.seq, recovered.cut), (2, 6));
    assert!(verify(dir.path()).starts_with("VERIFIED"));
    assert!(!names(dir.path()).contains(&"000000000002-2026-12.jsonl".to_owned()));
}

#[test]
fn a_segment_that_was_made_and_never_begun_goes() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-10-31T23:00:00Z");
    journal.append(at("2026-12-01T00:00:00Z"), &clock_trusted("2026-12-01T00:00:00Z")).unwrap();
    drop(journal);
    fs::write(dir.path().join("000000000002-2026-11.jsonl"), b"").unwrap();
    assert!(verify(dir.path()).contains("000000000002-2026-11.jsonl:1"));
    drop(open(dir.path(), "2026-12-01T01:00:00Z"));
    assert!(verify(dir.path()).starts_with("VERIFIED"), "{}", verify(dir.path()));
}

#[test]
fn a_second_writer_is_refused_while_the_first_lives() {
    let dir = tempfile::tempdir().unwrap();
    let (first, _) = open(dir.path(), "2026-12-01T00:00:00Z");
    let refused = Journal::open(dir.path(), key(1), session("2026-12-01T00:00:01Z")).unwrap_err();
    assert!(matches!(refused, JournalError::Locked(_)), "{refused}");
    drop(first);
    open(dir.path(), "2026-12-01T00:00:02Z");
}

#[test]
fn nothing_is_added_to_a_log_that_does_not_verify() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-11-30T23:00:00Z");
    journal.append(at("2026-12-01T00:00:00Z"), &clock_trusted("2026-12-01T00:00:00Z")).unwrap();
    drop(journal);
    let before = files(dir.path());
    for name in ["000000000001-2026-11.jsonl", "000000000002-2026-12.jsonl"] {
        let text = fs::read_to_string(dir.path().join(name)).unwrap();
        let changed = text.replacen("\"0.1.0\"", "\"0.1.1\"", 1).replacen("synced", "always", 1);
        assert_ne!(text, changed);
        fs::write(dir.path().join(name), changed).unwrap();
        let refused = Journal::open(dir.path(), key(1), session("2026-12-01T01:00:00Z")).unwrap_err();
        let JournalError::Broken { place, .. } = &refused else { panic!("{refused}") };
        assert_eq!(place, "000000000002-2026-12.jsonl:1");
        let said = refused.text();
        assert!(said.en.contains("enrol the station again") && said.vi.contains("ghi danh lại"), "{said:?}");
        write(dir.path(), &before);
    }
    open(dir.path(), "2026-12-01T01:00:00Z");
}

fn files(dir: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    names(dir).into_iter().map(|n| (n.clone(), fs::read(dir.join(n)).unwrap())).collect()
}

#[test]
fn the_last_signature_vouches_for_all_and_must_be_the_key_s() {
    let dir = tempfile::tempdir().unwrap();
    let mut forged = Log::new(2);
    forged.add("2026-12-01T00:00:00Z", &boot(&key(1)));
    write(dir.path(), &forged.files());
    let refused = Journal::open(dir.path(), key(1), session("2026-12-01T01:00:00Z")).unwrap_err();
    assert!(refused.text().en.contains("000000000001-2026-12.jsonl:1: The signature"), "{refused}");
    let mut moved = boot(&key(1));
    if let Body::Boot(boot) = &mut moved {
        boot.station = "tram-khac".parse().unwrap();
    }
    let mut other = Log::new(1);
    other.add("2026-12-01T00:00:00Z", &moved);
    write(dir.path(), &other.files());
    let refused = Journal::open(dir.path(), key(1), session("2026-12-01T01:00:00Z")).unwrap_err();
    assert!(refused.text().en.contains("another station (tram-khac)"), "{refused}");
}

#[test]
fn a_new_key_begins_a_new_log_that_continues_the_old_one() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-12-01T00:00:00Z");
    let end = journal.append(at("2026-12-01T00:01:00Z"), &clock_trusted("2026-12-01T00:01:00Z")).unwrap();
    drop(journal);
    let (journal, recovered) = open_with(dir.path(), key(2), "2026-12-01T02:00:00Z");
    assert_eq!(journal.head().seq, 1);
    assert!(recovered.trusted_until.is_none());
    let line = fs::read(dir.path().join("000000000001-2026-12.jsonl")).unwrap();
    let Some(Body::Boot(boot)) = Record::read(line.trim_ascii_end()).unwrap().body else { panic!() };
    let continues = boot.continues.unwrap();
    assert_eq!((continues.log, continues.seq, continues.hash), (key(1).id(), end.seq, end.hash));
    let old = dir.path().join(key(1).id().to_string());
    assert_eq!(names(&old), ["000000000001-2026-12.jsonl", "public.pem"]);
    assert!(verify(&old).starts_with("VERIFIED"));
    drop(journal);
    let key_file = old.join("public.pem").display().to_string();
    let (exit, said, _) =
        loaxa(&["log", "verify", &dir.path().display().to_string(), "--key", &key_file], false, Lang::En);
    assert!(exit == 1 && said.contains(&format!("lies in {}", old.display())), "{said}");
    // A third key continues the second, not the first; and only a log's first record says so.
    drop(open_with(dir.path(), key(2), "2026-12-01T02:30:00Z"));
    let (journal, _) = open_with(dir.path(), key(3), "2026-12-01T01:00:00Z");
    drop(journal);
    let line = fs::read(dir.path().join("000000000001-2026-12.jsonl")).unwrap();
    let Some(Body::Boot(boot)) = Record::read(line.trim_ascii_end()).unwrap().body else { panic!() };
    assert_eq!(boot.continues.map(|c| (c.log, c.seq)), Some((key(2).id(), 2)));
}

#[test]
fn a_clock_that_goes_back_is_written_down_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-12-01T00:00:00Z");
    journal.append(at("2026-11-30T23:00:00Z"), &clock_trusted("2026-11-30T23:00:00Z")).unwrap();
    journal.append(at("1970-01-01T00:00:00Z"), &boot(&key(1))).unwrap();
    journal.append(at("2026-12-01T00:00:00Z"), &boot(&key(1))).unwrap();
    drop(journal);
    let said = verify(dir.path());
    assert!(said.starts_with("VERIFIED") && said.contains("clock went back 2 times"), "{said}");
    assert_eq!(names(dir.path()).len(), 5);
    let (_, recovered) = open(dir.path(), "2026-12-02T00:00:00Z");
    assert_eq!(recovered.trusted_until, Some(at("2026-11-30T23:00:00Z")));
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, b"").unwrap();
    let refused = Journal::open(&file.join("asrun"), key(1), session("2026-12-01T00:00:00Z")).unwrap_err();
    assert!(
        refused.text().en.contains("file/asrun") && refused.text().vi.contains("file/asrun"),
        "{refused}"
    );
}

#[test]
fn a_record_that_no_line_can_hold_is_refused_and_leaves_the_log_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-12-01T00:00:00Z");
    let head = journal.head();
    let reason = "x".repeat(canon::MAX_LINE);
    let long = Body::Action(Action { what: "stop".into(), of: None, reason: Some(reason), occurrence: None });
    assert!(journal.append(at("2026-12-01T00:00:01Z"), &long).is_err());
    assert!(journal.append(at("1969-12-31T23:59:59Z"), &boot(&key(1))).is_err());
    let mut huge = outcome(slot("2026-12-01T06:00:00Z"), Outcome::Played, None);
    if let Body::Outcome(outcome) = &mut huge {
        outcome.items[0].frames = Frames(1 << 53);
    }
    assert!(journal.append(at("2026-12-01T00:00:01Z"), &huge).is_err());
    assert_eq!(journal.head(), head);
    journal.append(at("2026-12-01T00:00:02Z"), &clock_trusted("2026-12-01T00:00:02Z")).unwrap();
    drop(journal);
    assert!(verify(dir.path()).starts_with("VERIFIED"));
}

#[test]
fn a_restart_knows_what_is_done_begun_held_and_declined() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-12-01T00:00:00Z");
    let now = at("2026-12-01T06:00:00Z");
    let mut log = |body: &Body| journal.append(now, body).unwrap();
    log(&clock_trusted("2026-12-01T06:00:00Z"));
    let (played, begun) = (slot("2026-12-01T05:00:00Z"), slot("2026-12-01T06:00:00Z"));
    log(&intent(played.clone()));
    log(&outcome(played.clone(), Outcome::Played, None));
    let Body::Outcome(missed) = outcome(slot("2026-11-30T05:00:00Z"), Outcome::Missed, Some(Why::Off)) else {
        panic!()
    };
    let run = Run { first: at("2026-11-20T05:00:00Z"), last: at("2026-11-30T05:00:00Z"), count: 11 };
    log(&Body::Outcome(OutcomeRecord { run: Some(run), ..missed }));
    log(&outcome(urgent(1, "2026-12-01T05:30:00Z"), Outcome::Played, None));
    let declined = slot("2026-12-02T05:00:00Z");
    let decline = |of: &_| {
        let (what, reason) = (Action::DECLINE.into(), Some("đám tang".into()));
        Body::Action(Action { what, of: None, reason, occurrence: Some(std::clone::Clone::clone(of)) })
    };
    log(&decline(&declined));
    let over = slot("2026-12-01T05:45:00Z");
    log(&decline(&over));
    log(&outcome(over.clone(), Outcome::Skipped, Some(Why::Declined)));
    let until = at("2026-12-01T09:00:00Z");
    let hold =
        |area: Option<&str>| Hold { area: area.map(|a| a.parse().unwrap()), until, reason: "họp".into() };
    log(&Body::Hold(hold(None)));
    log(&Body::Hold(hold(Some("yen-the"))));
    log(&Body::Release(Release { area: None, expired: false }));
    let begin = log(&intent(begun.clone()));
    drop(journal);

    let (_, known) = open(dir.path(), "2026-12-01T06:10:00Z");
    for done in [&played, &over, &slot("2026-11-25T05:00:00Z"), &urgent(1, "2026-12-01T07:00:00Z")] {
        assert!(known.done.is_done(done), "{done:?}");
    }
    for owed in [&begun, &declined, &slot("2026-11-30T05:00:01Z"), &urgent(2, "2026-12-01T05:30:00Z")] {
        assert!(!known.done.is_done(owed), "{owed:?}");
    }
    assert_eq!(known.open.iter().map(|o| o.seq).collect::<Vec<_>>(), [begin.seq]);
    assert_eq!(known.declined.keys().collect::<Vec<_>>(), [&declined]);
    assert_eq!(known.holds.keys().collect::<Vec<_>>(), [&Some("yen-the".parse().unwrap())]);
    assert_eq!(known.trusted_until, Some(now));
    assert_eq!(known.done.urgents().count(), 1);
}

#[test]
fn what_was_played_under_a_lost_key_is_known_under_the_next_ones() {
    let dir = tempfile::tempdir().unwrap();
    let (played, cut_off) = (slot("2026-12-01T06:00:00Z"), slot("2026-12-01T07:00:00Z"));
    let (mut journal, _) = open(dir.path(), "2026-12-01T00:00:00Z");
    journal.append(at("2026-12-01T06:01:00Z"), &outcome(played.clone(), Outcome::Played, None)).unwrap();
    journal.append(at("2026-12-01T07:00:00Z"), &intent(cut_off.clone())).unwrap();
    drop(journal);
    let (mut journal, known) = open_with(dir.path(), key(2), "2026-12-01T07:05:00Z");
    assert!(known.done.is_done(&played) && !known.done.is_done(&cut_off));
    assert_eq!(known.open[0].intent.occurrence, cut_off);
    let interrupted = outcome(cut_off.clone(), Outcome::Interrupted, Some(Why::Power));
    journal.append(at("2026-12-01T07:05:00Z"), &interrupted).unwrap();
    drop(journal);
    for (number, when) in [(2, "2026-12-01T07:06:00Z"), (3, "2026-12-01T07:07:00Z")] {
        let (_, known) = open_with(dir.path(), key(number), when);
        assert!(known.done.is_done(&played) && known.done.is_done(&cut_off) && known.open.is_empty());
    }
}

#[test]
fn what_is_known_reaches_back_the_horizon_and_no_further() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2026-01-01T00:00:00Z");
    let day = |n: i64| slot("2026-01-01T06:00:00Z").due + TimeDelta::days(n);
    let occurrence =
        |n| loaxa::schedule::occurrence::Occurrence { due: day(n), ..slot("2026-01-01T06:00:00Z") };
    for n in 0..365 {
        journal.append(day(n), &outcome(occurrence(n), Outcome::Missed, Some(Why::Off))).unwrap();
    }
    drop(journal);
    let (_, known) = open(dir.path(), "2026-12-31T07:00:00Z");
    assert!((275..365).all(|n| known.done.is_done(&occurrence(n))));
    assert!((0..180).all(|n| !known.done.is_done(&occurrence(n))));
}

#[test]
fn an_overridden_clock_forgets_the_later_instants() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path(), "2030-01-01T00:00:00Z");
    journal.append(at("2030-01-01T00:00:00Z"), &clock_trusted("2030-01-01T00:00:00Z")).unwrap();
    let set = ClockChange {
        event: ClockEvent::Set,
        trust: ClockTrust::Set,
        from: Some(at("2030-01-01T00:01:00Z")),
        to: at("2026-12-01T00:00:00Z"),
        reason: Some("đồng hồ sai năm".into()),
        alarm: true,
    };
    journal.append(at("2026-12-01T00:00:00Z"), &Body::Clock(set)).unwrap();
    drop(journal);
    let (mut journal, known) = open(dir.path(), "2026-12-01T01:00:00Z");
    assert_eq!(known.trusted_until, Some(at("2026-12-01T00:00:00Z")));
    // A boot is not trusted until a record says so.
    journal
        .append(at("2026-12-01T05:00:00Z"), &Body::Release(Release { area: None, expired: true }))
        .unwrap();
    drop(journal);
    assert_eq!(open(dir.path(), "2026-12-01T06:00:00Z").1.trusted_until, Some(at("2026-12-01T00:00:00Z")));
}

#[test]
fn a_broadcast_cut_by_power_or_kill_ends_with_its_last_mark() {
    let dir = tempfile::tempdir().unwrap();
    let (asrun, side) = (dir.path().join("asrun"), dir.path().join("progress"));
    let (mut journal, _) = open(&asrun, "2026-12-01T06:00:00Z");
    let due = "2026-12-01T06:00:00Z";
    let head = journal.append(at(due), &intent(slot(due))).unwrap();
    let (mut progress, none) = Progress::open(&side).unwrap();
    assert_eq!(none, None);
    let sent = |frames| SentItem {
        bulletin: "duong-day-nong-111".parse().unwrap(),
        sha256: Digest::of(b"audio"),
        frames: Frames(frames),
        first_frame: Some(at("2026-12-01T06:00:00.000412Z")),
    };
    for n in 1..=3 {
        // The wall clock may be set back meanwhile: the last mark is the last one written.
        let when = at(due) - TimeDelta::seconds(n);
        let mark =
            Mark { log: journal.id(), intent: head.seq, at: when, items: vec![sent(n as u64 * 240_000)] };
        progress.keep(&mark).unwrap();
    }
    drop(journal);
    let (journal, known) = open(&asrun, "2026-12-01T06:10:00Z");
    let (_, mark) = Progress::open(&side).unwrap();
    let end = |boot| progress::interrupted(&known.open[0], &journal.id(), mark.as_ref(), boot);
    let killed = end(Some("boot-a"));
    assert_eq!((killed.outcome, killed.why), (Outcome::Interrupted, Some(Why::Kill)));
    assert_eq!((killed.items.as_slice(), killed.late_us), (&[sent(720_000)][..], Some(412)));
    assert_eq!((end(Some("boot-b")).why, end(None).why), (Some(Why::Power), Some(Why::Power)));
    // Torn: the mark before it counts.
    let mut bytes = fs::read(&side).unwrap();
    bytes[65_536 + 100] ^= 1;
    fs::write(&side, &bytes).unwrap();
    let (_, mark) = Progress::open(&side).unwrap();
    assert_eq!(mark.map(|m| m.items[0].frames), Some(Frames(480_000)));
    // Of another broadcast: nothing is known to have sounded.
    let foreign = Mark { log: journal.id(), intent: head.seq - 1, at: at(due), items: vec![sent(1)] };
    let none = progress::interrupted(&known.open[0], &journal.id(), Some(&foreign), None);
    assert_eq!((none.items.len(), none.late_us), (0, None));
}
