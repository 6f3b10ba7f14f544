use serde_json::json;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

#[test]
fn a_station_is_as_it_last_said_until_it_is_silent() {
    let base =
        json!({"station": "xa-1", "at": at(0), "clock": {"trust": "synced", "before": null}, "newer": 1});
    let with = |key: &str, value: serde_json::Value| {
        let mut status = base.clone();
        status[key] = value;
        serde_json::from_value::<Heard>(status).unwrap()
    };
    let waits =
        |since: i64| json!([{"occurrence": {"area": "a", "slot": "s", "due": at(-since)}, "why": "busy"}]);
    for (heard, expected) in [
        (with("newer", json!(2)), State::Idle),
        (with("now", json!({"title": null, "item": 1})), State::OnAir),
        (with("hold", json!(at(9))), State::Held),
        (with("waiting", waits(5)), State::Idle),
        (with("waiting", waits(31)), State::Late),
        (with("stale", json!({"timestamp": {"vi": "x", "en": "x"}})), State::Stale),
        (with("clock", json!({"trust": "no"})), State::ClockNotTrusted),
        (with("clock", json!({"trust": "set", "before": at(9)})), State::ClockNotTrusted),
    ] {
        let state = |age: i64, alarm| state(Some(&heard), Some(at(0)), at(age), alarm);
        assert_eq!((state(0, false), state(899, false), state(-500, false)), (expected, expected, expected));
        assert_eq!(state(900, false), State::Silent);
        assert_eq!(state(900, true), State::LogAlarm, "a broken log is worse than silence");
        assert_eq!(
            aged(Some(expected), Some(at(0)), at(899), false),
            expected,
            "the kept word says the same"
        );
    }
}

#[test]
fn who_never_spoke_is_new_and_what_was_silent_is_not_so_after_a_word() {
    assert_eq!(state(None, None, at(0), false), State::New);
    assert_eq!(aged(Some(State::Silent), Some(at(0)), at(1), false), State::Idle);
    assert_eq!(aged(Some(State::LogAlarm), Some(at(0)), at(1), false), State::Idle, "somebody saw to it");
}

#[test]
fn each_state_has_a_word_of_its_own_and_the_worst_comes_first() {
    for state in State::ALL {
        assert_eq!(State::parse(state.word()), Some(state));
        assert_eq!(
            serde_json::to_value(state).unwrap(),
            state.word(),
            "programs read the word that is stored"
        );
    }
    assert!(State::ALL.is_sorted());
}
