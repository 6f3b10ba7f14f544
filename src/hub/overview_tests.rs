use super::*;

const LIMITS: Limits = Limits { late: TimeDelta::minutes(15), silent: TimeDelta::hours(1) };

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + minutes * 60, 0).unwrap()
}

fn heard(json: &str) -> Heard {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_heartbeat_names_the_worst_that_it_tells() {
    let fine = r#""clock":{"trust":"synced","before":null}"#;
    let cases = [
        (format!("{{{fine}}}"), State::Idle),
        (format!(r#"{{{fine},"now":{{"title":null}}}}"#), State::OnAir),
        (format!(r#"{{{fine},"now":{{}},"hold":"2026-11-25T01:00:00Z"}}"#), State::Held),
        (format!(r#"{{{fine},"hold":"2026-11-25T01:00:00Z","stale":{{"root":{{"vi":"x","en":"x"}}}}}}"#), State::Stale),
        (r#"{"clock":{"trust":"no"},"stale":{"root":{"vi":"x","en":"x"}}}"#.into(), State::Clock),
        (r#"{"clock":{"trust":"set","before":"2026-11-25T01:00:00Z"}}"#.into(), State::Clock),
        ("{}".into(), State::Idle),
    ];
    for (json, state) in cases {
        assert_eq!(told(&heard(&json)), state, "{json}");
    }
}

#[test]
fn a_word_grows_old_and_a_broken_log_is_worse_than_silence() {
    let state = |age, stopped| state(Some(State::OnAir), Some(at(0)), stopped, at(age), LIMITS);
    assert_eq!(state(0, false), State::OnAir);
    assert_eq!(state(15, false), State::OnAir);
    assert_eq!(state(16, false), State::Late);
    assert_eq!(state(60, false), State::Late);
    assert_eq!(state(61, false), State::Silent);
    assert_eq!(state(100_000, true), State::LogAlarm);
    assert_eq!(state(-500, false), State::OnAir, "the hub's clock was set back");
}

#[test]
fn who_never_spoke_is_new_and_what_was_silent_is_not_so_after_a_word() {
    assert_eq!(state(None, None, false, at(0), LIMITS), State::New);
    assert_eq!(state(Some(State::Silent), Some(at(0)), false, at(1), LIMITS), State::Idle);
    assert_eq!(state(Some(State::LogAlarm), Some(at(0)), false, at(1), LIMITS), State::Idle, "it was resolved");
}

#[test]
fn each_state_has_a_word_of_its_own_and_the_worst_comes_first() {
    for state in State::ALL {
        assert_eq!(State::parse(state.word()), Some(state));
    }
    assert!(State::ALL.is_sorted());
}
