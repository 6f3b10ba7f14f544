//! Clocks that jump, boxes that sleep, power that goes.

use chrono::TimeDelta;
use loaxa::{
    asrun::record::ClockTrust,
    station::controller::{Event, Settled},
};

use crate::sim::{Sim, at};

fn daily() -> TimeDelta {
    TimeDelta::days(1)
}

#[test]
fn power_back_within_start_within_plays_late_and_later_is_missed() {
    let mut sim = Sim::at("2026-12-01 05:20:00")
        .slot("mot", "2026-12-01 05:30:00", daily(), &[20])
        .slot("hai", "2026-12-01 05:40:00", daily(), &[20])
        .up();
    sim.run_until("2026-12-01 05:25:00")
        .power_cut_until("2026-12-01 05:45:00")
        .run_until("2026-12-01 06:00:00");
    assert_eq!(sim.outcomes(), ["mot 05:30:00 missed off", "hai 05:40:00 played"]);
}

#[test]
fn power_cut_in_the_middle_is_interrupted_and_never_resumed() {
    let mut sim = Sim::at("2026-12-01 05:20:00").slot("sang", "2026-12-01 05:30:00", daily(), &[60]).up();
    sim.run_until("2026-12-01 05:30:20")
        .power_cut_until("2026-12-01 05:31:00")
        .run_until("2026-12-01 05:50:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 interrupted power"]);
    assert_eq!(sim.sound.len(), 1);
}

#[test]
fn more_than_ten_misses_of_one_slot_in_one_downtime_are_one_record() {
    let mut sim =
        Sim::at("2026-12-01 05:00:00").slot("gio", "2026-12-01 05:30:00", TimeDelta::hours(1), &[20]).up();
    sim.run_until("2026-12-01 05:10:00")
        .power_cut_until("2026-12-01 20:00:00")
        .run_until("2026-12-01 20:50:00");
    assert_eq!(sim.outcomes(), ["gio 05:30:00 missed off x15", "gio 20:30:00 played"]);
}

#[test]
fn after_days_without_power_misses_are_written_once_the_clock_has_proved_itself() {
    let mut sim = Sim::at("2026-12-01 05:00:00").slot("sang", "2026-12-01 05:30:00", daily(), &[20]).up();
    sim.run_until("2026-12-01 05:10:00").power_cut_until("2026-12-04 05:20:00");
    sim.run_until("2026-12-04 05:34:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 played"]);
    sim.run_until("2026-12-04 05:36:00");
    assert_eq!(sim.outcomes().len(), 4);
    assert!(sim.outcomes()[1..].iter().all(|o| o.ends_with("missed off")));
}

#[test]
fn a_year_typed_wrong_and_mended_in_time_misses_nothing() {
    let mut sim =
        Sim::at("2026-12-01 05:00:00").slot("gio", "2026-12-01 05:30:00", TimeDelta::hours(1), &[20]).up();
    sim.run_until("2026-12-01 05:10:00").step_clock(TimeDelta::days(20));
    sim.run_until("2026-12-21 05:15:00").step_clock(TimeDelta::days(-20));
    sim.run_until("2026-12-01 06:40:00");
    assert_eq!(sim.outcomes(), ["gio 05:30:00 played", "gio 06:30:00 played"]);
}

#[test]
fn untrusted_nothing_plays_and_nothing_is_written_off_until_the_time_is_known() {
    let mut sim = Sim::at("2026-12-01 05:00:00");
    sim.trust = ClockTrust::No;
    let mut sim = sim
        .slot("mot", "2026-12-01 05:30:00", daily(), &[20])
        .slot("hai", "2026-12-01 06:00:00", daily(), &[20])
        .up();
    sim.settled = Some(Settled { until: sim.now.wall, open: Vec::new() });
    sim.power_cut_until("2026-12-01 05:20:00");
    sim.run_until("2026-12-01 05:55:00");
    assert!(sim.outcomes().is_empty() && sim.sound.is_empty());
    sim.feed(Event::Trust(ClockTrust::Synced));
    sim.run_until("2026-12-01 06:10:00");
    assert_eq!(sim.outcomes(), ["mot 05:30:00 missed clock", "hai 06:00:00 played"]);
}

#[test]
fn a_new_box_owes_what_came_due_since_its_first_files_though_its_clock_was_never_right_before() {
    // It has no battery: its clock is a day behind when the first files come.
    let mut sim = Sim::at("2026-11-30 05:00:00");
    sim.trust = ClockTrust::No;
    let mut sim = sim
        .slot("truoc", "2026-12-01 05:00:00", daily(), &[20])
        .slot("mot", "2026-12-01 05:30:00", daily(), &[20])
        .slot("hai", "2026-12-01 06:00:00", daily(), &[20])
        .up();
    sim.run_until("2026-11-30 05:50:00");
    assert!(sim.outcomes().is_empty() && sim.settled.is_none());
    sim.step_clock(at("2026-12-01 05:55:00") - at("2026-11-30 05:50:00"));
    sim.feed(Event::Trust(ClockTrust::Synced));
    sim.run_until("2026-12-01 06:10:00");
    assert_eq!(sim.outcomes(), ["mot 05:30:00 missed clock", "hai 06:00:00 played"]);
}

#[test]
fn a_new_box_judges_each_stretch_by_the_files_that_were_in_force_in_it() {
    let mut sim = Sim::at("2026-12-01 05:00:00");
    sim.trust = ClockTrust::No;
    let mut sim = sim.slot("cu", "2026-12-01 05:10:00", TimeDelta::minutes(20), &[20]).up();
    sim.run_until("2026-12-01 05:20:00");
    sim.plans().0.clear();
    let mut sim = sim.slot("moi", "2026-12-01 05:15:00", TimeDelta::minutes(20), &[20]);
    sim.push();
    sim.run_until("2026-12-01 05:50:00");
    sim.feed(Event::Trust(ClockTrust::Set));
    sim.run_until("2026-12-01 05:56:00");
    assert_eq!(
        sim.outcomes(),
        ["cu 05:10:00 missed clock", "moi 05:35:00 missed clock", "moi 05:55:00 played"]
    );
}

#[test]
fn a_step_over_instants_misses_each_by_name_without_a_burst() {
    let mut sim =
        Sim::at("2026-12-01 04:30:00").slot("nam", "2026-12-01 05:00:00", TimeDelta::minutes(5), &[20]).up();
    sim.run_until("2026-12-01 05:01:00").step_clock(TimeDelta::hours(1));
    sim.run_until("2026-12-01 06:04:00");
    assert_eq!(sim.outcomes(), ["nam 05:00:00 played", "nam 05:05:00 missed clock x12"]);
    assert_eq!(sim.sound.len(), 1);
}

#[test]
fn a_step_over_one_slot_is_one_miss_and_back_over_a_played_one_plays_nothing_twice() {
    let mut sim = Sim::at("2026-12-01 05:00:00").slot("sang", "2026-12-01 05:30:00", daily(), &[20]).up();
    sim.run_until("2026-12-01 05:10:00").step_clock(TimeDelta::minutes(65));
    sim.run_until("2026-12-01 06:20:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 missed clock"]);
    sim.run_until("2026-12-02 05:31:00").step_clock(TimeDelta::minutes(-65));
    sim.run_until("2026-12-02 06:00:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 missed clock", "sang 05:30:00 played"]);
}

#[test]
fn four_small_steps_back_in_an_hour_change_nothing() {
    let mut sim = Sim::at("2026-12-01 05:00:00")
        .slot("muoi", "2026-12-01 05:10:00", TimeDelta::minutes(10), &[20])
        .up();
    for minute in [9, 19, 25, 49] {
        sim.run_to(at("2026-12-01 05:00:59") + TimeDelta::minutes(minute));
        sim.step_clock(TimeDelta::seconds(-2));
    }
    sim.run_until("2026-12-01 06:05:00");
    assert_eq!(sim.outcomes().len(), 6);
    assert!(sim.outcomes().iter().all(|o| o.ends_with("played")), "{:?}", sim.outcomes());
}

#[test]
fn asleep_over_two_slots_the_first_plays_on_waking_in_time_and_the_second_is_missed() {
    let mut sim = Sim::at("2026-12-01 05:00:00")
        .slot("mot", "2026-12-01 05:30:00", daily(), &[20])
        .slot("hai", "2026-12-01 06:00:00", daily(), &[20])
        .up();
    sim.run_until("2026-12-01 05:10:00").suspend_until("2026-12-01 05:35:00");
    sim.run_until("2026-12-01 05:37:00").suspend_until("2026-12-01 07:00:00");
    sim.run_until("2026-12-01 07:10:00");
    assert_eq!(sim.outcomes(), ["mot 05:30:00 played", "hai 06:00:00 missed off"]);
}

#[test]
fn woken_early_it_waits_on_and_plays_once() {
    let mut sim = Sim::at("2026-12-01 05:00:00").slot("sang", "2026-12-01 05:30:00", daily(), &[20]).up();
    for second in [-30, -20, -8, -4, -1] {
        sim.run_to(at("2026-12-01 05:30:00") + TimeDelta::seconds(second));
        sim.feed(Event::Tick);
    }
    sim.run_until("2026-12-01 05:31:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 played"]);
    assert_eq!(sim.sound[0].1, at("2026-12-01 05:30:00"));
}

#[test]
fn start_within_counts_on_over_midnight() {
    let mut sim = Sim::at("2026-12-01 16:30:00").slot("dem", "2026-12-01 16:55:00", daily(), &[20]).up();
    sim.run_until("2026-12-01 16:50:00")
        .power_cut_until("2026-12-01 17:03:00")
        .run_until("2026-12-01 17:10:00");
    assert_eq!(sim.outcomes(), ["dem 16:55:00 played"]);
}

#[test]
fn new_files_and_a_power_cut_soon_after_lose_nothing_that_was_due() {
    let mut sim = Sim::at("2026-12-01 05:00:00").slot("sang", "2026-12-01 05:30:00", daily(), &[20]).up();
    sim.run_until("2026-12-01 05:10:00");
    // Due within the time that the plan is held ready: it was not in it when that was last written down.
    let mut sim = sim
        .slot("them", "2026-12-01 05:10:08", daily(), &[20])
        .with(|s| s.start_within = TimeDelta::minutes(1));
    sim.push();
    sim.run_until("2026-12-01 05:10:02").power_cut_until("2026-12-01 05:15:00");
    sim.run_until("2026-12-01 05:16:00");
    assert_eq!(sim.outcomes(), ["them 05:10:08 missed off"]);
}

#[test]
fn what_new_files_bring_is_not_owed_for_the_time_before_them_even_after_a_power_cut() {
    let mut sim = Sim::at("2026-12-01 05:00:00").slot("sang", "2026-12-01 05:20:00", daily(), &[20]).up();
    sim.hold(60);
    sim.run_until("2026-12-01 05:25:00");
    let mut sim = sim.slot("them", "2026-12-01 05:22:00", daily(), &[20]);
    sim.push();
    sim.run_until("2026-12-01 05:25:01").power_cut_until("2026-12-01 05:26:00");
    sim.run_until("2026-12-01 06:30:00");
    assert_eq!(sim.outcomes(), ["sang 05:20:00 missed hold"]);
}

#[test]
fn after_a_wrong_day_was_mended_what_new_files_bring_plays() {
    let mut sim = Sim::at("2026-12-01 05:00:00").slot("sang", "2026-12-01 05:30:00", daily(), &[20]).up();
    sim.run_until("2026-12-01 05:10:00").step_clock(TimeDelta::days(40));
    sim.run_until("2027-01-10 05:28:00").step_clock(TimeDelta::days(-40));
    let mut sim = sim.slot("them", "2026-12-01 06:00:00", daily(), &[20]);
    sim.push();
    sim.run_until("2026-12-01 05:40:00").power_cut_until("2026-12-01 05:41:00");
    sim.run_until("2026-12-01 06:10:00");
    assert_eq!(sim.outcomes(), ["sang 05:30:00 missed clock x40", "them 06:00:00 played"]);
}

#[test]
fn files_that_came_before_the_time_was_known_do_not_judge_the_time_before_them() {
    let mut sim = Sim::at("2026-12-01 05:00:00").slot("cu", "2026-12-01 05:30:00", daily(), &[20]).up();
    sim.run_until("2026-12-01 05:10:00");
    sim.trust = ClockTrust::No;
    sim.power_cut_until("2026-12-01 05:40:00");
    sim.plans().0.clear();
    let mut sim = sim.slot("moi", "2026-12-01 05:35:00", daily(), &[20]);
    sim.push();
    sim.run_until("2026-12-01 05:44:00");
    sim.feed(Event::Trust(ClockTrust::Synced));
    sim.run_until("2026-12-01 06:00:00");
    assert_eq!(sim.outcomes(), ["cu 05:30:00 missed off"]);
}

#[test]
fn one_record_for_many_misses_never_spans_an_outcome_of_its_own() {
    let five = TimeDelta::minutes(5);
    let mut sim = Sim::at("2026-12-01 04:30:00").slot("nam", "2026-12-01 05:00:00", five, &[20]).up();
    sim.run_until("2026-12-01 04:40:00").step_clock(TimeDelta::minutes(80));
    sim.run_until("2026-12-01 06:00:30").step_clock(TimeDelta::minutes(-50));
    sim.plans().0.clear();
    let mut sim = sim.slot("nam", "2026-12-01 04:01:00", five, &[20]);
    sim.push();
    sim.run_until("2026-12-01 05:12:00").power_cut_until("2026-12-01 07:33:00");
    sim.run_until("2026-12-01 07:34:00");
    let runs: Vec<_> = sim.outcomes().into_iter().filter(|o| o.contains(" x")).collect();
    assert_eq!(runs, ["nam 05:00:00 missed clock x13", "nam 06:01:00 missed off x17"]);
}
