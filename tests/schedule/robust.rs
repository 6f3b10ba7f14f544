//! No input panics, whatever it is.

use loaxa::schedule::{
    crontab::CronLine,
    file::Schedule,
    policy::Policy,
    registry::{AreaStations, Registry},
};
use proptest::prelude::*;

const GOOD: [&str; 3] = [
    include_str!("../data/schedule-good.yaml"),
    include_str!("../data/policy-good.yaml"),
    include_str!("../data/registry-good.yaml"),
];

/// Reads as everything; faults must be there and printable.
fn read(text: &str) {
    for faults in [
        Schedule::read("f", text).err(),
        Policy::read("f", text).err(),
        Registry::read("f", text).err(),
        AreaStations::read("f", text).err(),
    ]
    .into_iter()
    .flatten()
    {
        assert!(!faults.0.is_empty());
        assert!(!faults.to_string().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn any_heap_of_yaml_signs_is_read_or_refused(text in "([a-z]{1,3}|[-:?,\\[\\]{}#&*!|>'\"%@`~<=]|[ \t\r\n]|\u{feff}|\u{85}|0){0,80}") {
        read(&text);
    }

    #[test]
    fn any_bytes_in_a_good_file_are_read_or_refused(
        which in 0usize..3,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..6),
    ) {
        let mut bytes = GOOD[which].as_bytes().to_vec();
        for (at, byte, how) in edits {
            // Nothing is left to edit.
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_lines_of_a_good_file_in_any_order_are_read_or_refused(
        which in 0usize..3,
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6),
    ) {
        let mut lines: Vec<&str> = GOOD[which].lines().collect();
        for (from, to) in moves {
            let line = lines[from.index(lines.len())];
            lines.insert(to.index(lines.len()), line);
        }
        read(&lines.join("\n"));
    }

    #[test]
    fn any_line_is_cron_or_refused(line in "([0-9]{1,3}|[*/,@?#LW-]|[a-zA-Z]{1,3}| ){0,24}|.*") {
        if let Ok(parsed) = CronLine::parse(&line) {
            // What is accepted fires within the 28 years in which the calendar repeats.
            let from = "2028-03-01T00:00:00Z".parse().unwrap();
            let to = "2056-03-01T00:00:00Z".parse().unwrap();
            prop_assert!(parsed.fires(chrono_tz::UTC, from, to).next().is_some(), "{}", line);
        }
    }
}
