//! An ordinary day, and people who need the PA.

use chrono::TimeDelta;
use loaxa::{schedule::occurrence::Class, station::controller::Event};

use crate::sim::{Sim, at};

fn daily() -> TimeDelta {
    TimeDelta::days(1)
}

#[test]
fn a_slot_sounds_at_its_instant_and_is_logged_as_played() {
    let mut sim = Sim::at("2026-12-01 05:00:00").slot("sang", "2026-12-01 05:30:00", daily(), &[3, 40]).up();
    sim.run_until("2026-12-01 05:31:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 played"]);
    assert_eq!(sim.sound[0].1, at("2026-12-01 05:30:00"));
}

#[test]
fn two_slots_at_once_play_one_after_the_other_and_never_together() {
    let mut sim = Sim::at("2026-12-01 05:00:00")
        .slot("b", "2026-12-01 05:30:00", daily(), &[60])
        .slot("a", "2026-12-01 05:30:00", daily(), &[60])
        .with(|s| s.class = Class::Normal)
        .slot("c", "2026-12-01 05:30:30", daily(), &[60])
        .up();
    sim.run_until("2026-12-01 05:40:00");
    assert_eq!(sim.outcomes(), ["b 05:30:00 played", "c 05:30:30 played", "a 05:30:00 played"]);
    for pair in sim.sound.windows(2) {
        assert!(pair[0].2 <= pair[1].1, "two sources at once: {pair:?}");
    }
}

#[test]
fn what_waits_too_long_for_another_is_missed_busy() {
    let mut sim = Sim::at("2026-12-01 05:00:00")
        .slot("dai", "2026-12-01 05:30:00", daily(), &[600])
        .slot("ngan", "2026-12-01 05:31:00", daily(), &[20])
        .with(|s| s.start_within = TimeDelta::minutes(2))
        .up();
    sim.run_until("2026-12-01 05:45:00");
    assert_eq!(sim.outcomes(), ["ngan 05:31:00 missed busy", "dai 05:30:00 played"]);
}

#[test]
fn a_hold_fades_what_sounds_and_lets_what_is_due_wait() {
    let mut sim = Sim::at("2026-12-01 05:00:00")
        .slot("sang", "2026-12-01 05:30:00", daily(), &[60])
        .slot("hai", "2026-12-01 05:35:00", daily(), &[30])
        .slot("ba", "2026-12-01 05:36:00", daily(), &[30])
        .with(|s| s.start_within = TimeDelta::minutes(1))
        .up();
    sim.run_until("2026-12-01 05:30:20");
    sim.hold(10);
    sim.run_until("2026-12-01 05:50:00");
    assert_eq!(
        sim.outcomes(),
        ["sang 05:30:00 partial hold", "ba 05:36:00 missed hold", "hai 05:35:00 played"]
    );
    assert_eq!(
        sim.sound[1].1,
        at("2026-12-01 05:40:20") + TimeDelta::milliseconds(1700) - TimeDelta::milliseconds(500)
    );
}

#[test]
fn only_a_normal_slot_can_be_declined_and_only_once() {
    let mut sim = Sim::at("2026-12-01 05:00:00")
        .slot("sang", "2026-12-01 05:30:00", daily(), &[60])
        .slot("tu-chon", "2026-12-01 06:30:00", daily(), &[60])
        .with(|s| s.class = Class::Normal)
        .up();
    let now = sim.now;
    assert!(sim.controller.decline(now, &"sang".parse().unwrap(), "bận").is_err());
    let (due, orders) = sim.controller.decline(now, &"tu-chon".parse().unwrap(), "bận").unwrap();
    sim.obey(orders);
    assert_eq!(due, at("2026-12-01 06:30:00"));
    sim.run_until("2026-12-02 07:00:00");
    assert_eq!(
        sim.outcomes(),
        [
            "tu-chon 06:30:00 skipped declined",
            "sang 05:30:00 played",
            "sang 05:30:00 played",
            "tu-chon 06:30:00 played"
        ]
    );
}

#[test]
fn a_stop_ends_what_sounds_and_the_next_slot_plays() {
    let mut sim =
        Sim::at("2026-12-01 05:00:00").slot("gio", "2026-12-01 05:30:00", TimeDelta::hours(1), &[60]).up();
    sim.run_until("2026-12-01 05:30:20");
    let now = sim.now;
    let orders = sim.controller.stop(now, "khiếu nại").unwrap();
    sim.obey(orders);
    sim.run_until("2026-12-01 06:40:00");
    assert_eq!(sim.outcomes(), ["gio 05:30:00 partial stopped", "gio 06:30:00 played"]);
}

#[test]
fn pushes_of_the_same_slots_in_between_make_no_onset_twice() {
    let minute = TimeDelta::minutes(1);
    let mut sim = Sim::at("2026-12-01 05:29:00").slot("phut", "2026-12-01 05:30:00", minute, &[20]).up();
    for second in [5, 59, 61, 118, 119, 121, 150, 179, 180, 181, 200] {
        sim.run_to(at("2026-12-01 05:29:00") + TimeDelta::seconds(second));
        sim.push();
    }
    sim.run_until("2026-12-01 05:34:30");
    assert_eq!(sim.outcomes().len(), 5);
    assert!(sim.outcomes().iter().all(|o| o.ends_with("played")), "{:?}", sim.outcomes());
    assert_eq!(sim.sound.len(), 5);
}

#[test]
fn fifty_versions_of_a_schedule_before_a_slot_make_one_outcome() {
    let mut sim = Sim::at("2026-12-01 05:20:00").slot("sang", "2026-12-01 05:30:00", daily(), &[20]).up();
    for i in 0..50 {
        sim.run_to(at("2026-12-01 05:20:00") + TimeDelta::seconds(i * 12));
        sim.push();
    }
    sim.run_until("2026-12-01 05:40:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 played"]);
}

#[test]
fn a_slot_that_is_gone_while_it_waits_is_skipped() {
    let mut sim = Sim::at("2026-12-01 05:20:00").slot("sang", "2026-12-01 05:30:00", daily(), &[20]).up();
    sim.hold(15);
    sim.run_until("2026-12-01 05:31:00");
    sim.plans().0.clear();
    sim.push();
    sim.run_until("2026-12-01 05:50:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 skipped slot-gone"]);
}

#[test]
fn a_withdrawn_bulletin_fades_and_never_sounds_again() {
    let mut sim = Sim::at("2026-12-01 05:20:00").slot("sang", "2026-12-01 05:30:00", daily(), &[60]).up();
    sim.run_until("2026-12-01 05:30:10");
    sim.withdrawn.insert("sang-0".into());
    sim.push();
    sim.run_until("2026-12-02 05:40:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 partial withdrawn", "sang 05:30:00 missed nothing-to-play"]);
    assert_eq!(sim.sound.len(), 1);
}

#[test]
fn chimes_alone_never_play() {
    let mut sim = Sim::at("2026-12-01 05:20:00").slot("chime", "2026-12-01 05:30:00", daily(), &[3, 3]).up();
    sim.run_until("2026-12-01 05:40:00");
    assert_eq!(sim.outcomes(), ["chime 05:30:00 missed nothing-to-play"]);
}

#[test]
fn without_a_device_a_slot_is_missed_and_the_next_one_plays_when_it_is_back() {
    let mut sim =
        Sim::at("2026-12-01 05:20:00").slot("gio", "2026-12-01 05:30:00", TimeDelta::hours(1), &[20]).up();
    sim.device_lost = true;
    sim.run_until("2026-12-01 05:50:00");
    sim.device_lost = false;
    sim.run_until("2026-12-01 06:40:00");
    assert_eq!(sim.outcomes(), ["gio 05:30:00 missed device", "gio 06:30:00 played"]);
}

#[test]
fn sigterm_fades_logs_and_ends() {
    let mut sim = Sim::at("2026-12-01 05:20:00").slot("sang", "2026-12-01 05:30:00", daily(), &[60]).up();
    sim.run_until("2026-12-01 05:30:10");
    sim.feed(Event::Terminate);
    assert!(!sim.exited);
    sim.run_until("2026-12-01 05:30:12");
    assert!(sim.exited);
    assert_eq!(sim.outcomes(), ["sang 05:30:00 interrupted sigterm"]);
}
