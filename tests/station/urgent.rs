//! Urgent orders: at once, over what sounds, never twice.

use chrono::TimeDelta;
use loaxa::feed::UrgentOrder;

use crate::sim::{Sim, at, bulletin};

fn order(id: &str, from: &str, until: &str, repeats: u32) -> UrgentOrder {
    UrgentOrder {
        id: id.parse().unwrap(),
        audio: format!("{id}-audio").parse().unwrap(),
        areas: ["yen-the".parse().unwrap()].into(),
        not_before: at(from),
        until: at(until),
        repeats,
        gap_s: 60,
        reason: "trẻ mất tích".into(),
    }
}

fn station() -> Sim {
    Sim::at("2026-12-01 05:20:00").slot("sang", "2026-12-01 05:30:00", TimeDelta::days(1), &[120]).up()
}

fn publish(sim: &mut Sim, order: UrgentOrder) {
    let audio = bulletin(order.audio.as_str(), 30);
    sim.urgents.push((order, audio));
    sim.push();
}

#[test]
fn an_urgent_order_cuts_in_and_what_it_cuts_is_not_resumed() {
    let mut sim = station();
    sim.run_until("2026-12-01 05:30:40");
    publish(&mut sim, order("khan", "2026-12-01 05:00:00", "2026-12-01 07:00:00", 1));
    sim.run_until("2026-12-01 05:50:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 preempted by khan", "khan 05:30:42 played"]);
    assert_eq!(sim.sound[1].1, at("2026-12-01 05:30:40") + TimeDelta::milliseconds(2500));
}

#[test]
fn each_repeat_is_due_a_gap_after_the_end_before_and_then_it_is_over_for_good() {
    let mut sim = station();
    publish(&mut sim, order("khan", "2026-12-01 05:00:00", "2026-12-01 07:00:00", 3));
    sim.run_until("2026-12-01 05:29:00");
    let airings = sim.outcomes();
    assert_eq!(airings.len(), 3);
    sim.push();
    sim.power_cut_until("2026-12-01 06:00:00");
    sim.run_until("2026-12-01 06:30:00");
    assert_eq!(sim.outcomes().iter().filter(|o| o.starts_with("khan")).count(), 3);
}

#[test]
fn a_power_cut_between_repeats_forgets_none_and_repeats_none() {
    let mut sim = station();
    publish(&mut sim, order("khan", "2026-12-01 05:00:00", "2026-12-01 07:00:00", 2));
    sim.run_until("2026-12-01 05:20:50").power_cut_until("2026-12-01 05:25:00");
    sim.run_until("2026-12-01 05:29:00");
    assert_eq!(sim.outcomes(), ["khan 05:20:02 played", "khan 05:21:32 played"]);
}

#[test]
fn it_waits_for_an_operators_hold_and_is_missed_when_its_time_is_over() {
    let mut sim = station();
    sim.hold(60);
    publish(&mut sim, order("khan", "2026-12-01 05:00:00", "2026-12-01 05:50:00", 1));
    sim.run_until("2026-12-01 06:30:00");
    assert!(sim.outcomes().contains(&"khan 05:20:02 missed hold".to_owned()), "{:?}", sim.outcomes());
}

#[test]
fn an_altered_file_does_not_cut_what_sounds() {
    let mut sim = station();
    sim.run_until("2026-12-01 05:30:40");
    let urgent = order("khan", "2026-12-01 05:00:00", "2026-12-01 07:00:00", 1);
    sim.altered.insert(bulletin(urgent.audio.as_str(), 30).sha256);
    publish(&mut sim, urgent);
    sim.run_until("2026-12-01 05:50:00");
    assert_eq!(sim.outcomes(), ["khan 05:30:42 missed integrity", "sang 05:30:00 played"]);
}

#[test]
fn recalled_on_the_air_it_fades_and_never_comes_back() {
    let mut sim = station();
    let urgent = order("khan", "2026-12-01 05:00:00", "2026-12-01 07:00:00", 3);
    publish(&mut sim, urgent);
    sim.run_until("2026-12-01 05:20:10");
    sim.urgents.clear();
    sim.withdrawn.insert("khan".into());
    sim.push();
    sim.run_until("2026-12-01 05:29:00");
    assert_eq!(sim.outcomes(), ["khan 05:20:02 partial withdrawn"]);
}

#[test]
fn a_commune_that_was_without_audio_until_the_end_has_one_miss() {
    let mut sim = station();
    let urgent = order("khan", "2026-12-01 05:00:00", "2026-12-01 05:40:00", 2);
    sim.absent.insert(bulletin(urgent.audio.as_str(), 30).sha256);
    publish(&mut sim, urgent);
    sim.run_until("2026-12-01 06:30:00");
    let airings: Vec<_> = sim.outcomes().into_iter().filter(|o| o.starts_with("khan")).collect();
    assert_eq!(airings, ["khan 05:00:00 missed nothing-to-play"]);
}

#[test]
fn pushes_while_it_waits_and_while_it_sounds_do_not_air_it_again() {
    let mut sim = station();
    publish(&mut sim, order("khan", "2026-12-01 05:00:00", "2026-12-01 07:00:00", 1));
    for second in [1, 2, 3, 10, 25, 40, 70] {
        sim.run_to(at("2026-12-01 05:20:00") + TimeDelta::seconds(second));
        sim.push();
    }
    sim.hold(3);
    publish(&mut sim, order("khan-2", "2026-12-01 05:00:00", "2026-12-01 07:00:00", 1));
    for second in [100, 150, 200, 270, 290] {
        sim.run_to(at("2026-12-01 05:20:00") + TimeDelta::seconds(second));
        sim.push();
    }
    sim.run_until("2026-12-01 05:29:00");
    assert_eq!(sim.outcomes().len(), 2, "{:?}", sim.outcomes());
    assert_eq!(sim.sound.len(), 2);
}
