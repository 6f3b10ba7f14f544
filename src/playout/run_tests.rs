use std::path::PathBuf;

use chrono::Utc;
use rtrb::RingBuffer;

use super::*;
use crate::{
    digest::Digest,
    playout::{ProgramItem, feeder::Fed},
};

fn piece(item: usize, from: u64, start: u64, length: u64) -> Piece {
    Piece { item, from, start, length, short: false }
}

/// Three items of 1,000 frames, of which `pieces` were fed.
fn run(pieces: Vec<Piece>, end: Option<End>) -> Run {
    let item = |id: &str| ProgramItem {
        bulletin: id.parse().unwrap(),
        path: PathBuf::new(),
        sha256: Digest::ZERO,
        frames: Frames(1_000),
    };
    let items = ["a", "b", "c"].map(item).to_vec();
    let program = Program { token: 1, items, level_cdb: 0, must_end_by: chrono::DateTime::<Utc>::MAX_UTC };
    Run::new(program, Feeder::that_fed(Fed { pieces, end }), RingBuffer::new(1).1)
}

fn whole() -> Vec<Piece> {
    (0..3).map(|i| piece(i, 0, i as u64 * 1_000, 1_000)).collect()
}

fn heard(heard: u64) -> DeckPicture {
    DeckPicture { first: Some(7), anchor: 0, handed: heard, heard, done: true }
}

fn frames(run: &Run) -> Vec<u64> {
    run.sent().iter().map(|s| s.frames.0).collect()
}

#[test]
fn each_item_begins_once_and_is_counted_by_what_was_heard() {
    let mut run = run(whole(), Some(End::All));
    assert_eq!(run.account(heard(0)), []);
    let began = run.account(heard(1_500));
    assert_eq!(began.iter().map(|s| s.item).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(began[0].first_frame, Some(DateTime::from_timestamp_nanos(7)));
    assert_eq!(began[1].first_frame, Some(DateTime::from_timestamp_nanos(nanos(1_000))));
    assert_eq!(frames(&run), [1_000, 500]);
    assert_eq!(run.account(heard(3_000)).len(), 1);
    assert_eq!((frames(&run), run.how()), (vec![1_000; 3], Ended::Complete));
}

#[test]
fn an_under_run_is_subtracted_from_what_sounded_and_makes_it_short() {
    let mut run = run(whole(), Some(End::All));
    run.account(heard(1_500));
    run.tear(200);
    run.account(heard(3_000));
    assert_eq!((frames(&run), run.how()), (vec![1_000, 800, 1_000], Ended::Short));
}

#[test]
fn a_lost_device_is_gone_on_from_the_frame_that_was_heard() {
    let mut run = run(whole(), Some(End::All));
    run.account(heard(1_500));
    assert_eq!(run.resume_from(heard(1_500)), Some(From { item: 1, frame: 500 }));
    assert_eq!(run.resume_from(heard(2_000)), Some(From { item: 2, frame: 0 }));
    assert_eq!(run.resume_from(heard(3_000)), None);
    let again = vec![piece(1, 500, 0, 500), piece(2, 0, 500, 1_000)];
    let fed = Fed { pieces: again, end: Some(End::All) };
    run.resume(From { item: 1, frame: 500 }, Feeder::that_fed(fed), RingBuffer::new(1).1);
    run.account(heard(300));
    assert_eq!(frames(&run), [1_000, 800]);
    run.account(heard(1_500));
    assert_eq!((frames(&run), run.how()), (vec![1_000; 3], Ended::Complete));
}

#[test]
fn an_item_that_dropped_out_at_its_turn_is_not_where_to_go_on() {
    let mut pieces = whole();
    pieces[1] = Piece { short: true, ..piece(1, 0, 1_000, 0) };
    pieces[2].start = 1_000;
    let run = run(pieces, Some(End::All));
    assert_eq!(run.resume_from(heard(1_000)), Some(From { item: 2, frame: 0 }));
}

#[test]
fn how_it_ended_is_told_by_what_was_not_sent() {
    let ended = |end, faded: bool, lost: bool| {
        let mut run = run(whole()[..2].to_vec(), end);
        run.account(heard(1_500));
        (run.faded, run.interrupted) = (faded, lost);
        run.how()
    };
    assert_eq!(ended(Some(End::Time), false, false), Ended::Time);
    assert_eq!(ended(Some(End::Time), false, true), Ended::Device);
    assert_eq!(ended(Some(End::Time), true, true), Ended::Faded);
    // All was sent before the fade could take anything away.
    let mut late = run(whole(), Some(End::All));
    late.account(heard(3_000));
    late.faded = true;
    assert_eq!(late.how(), Ended::Complete);
}
