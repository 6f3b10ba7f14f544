//! How many bad inputs have their messages kept, by kind.

use std::{collections::BTreeSet, fs, path::Path};

/// Each kind, and the snapshots that hold its cases.
const KINDS: &[(&str, &[&str])] = &[
    (
        "schedule",
        &[
            "schedule/snapshots/schedule__bad_input__schedule_faults.snap",
            "schedule/snapshots/schedule__crontab__crontab_refused.snap",
        ],
    ),
    ("policy", &["schedule/snapshots/schedule__bad_input__policy_faults.snap"]),
    (
        "registry",
        &[
            "schedule/snapshots/schedule__bad_input__registry_faults.snap",
            "schedule/snapshots/schedule__bad_input__area_stations_faults.snap",
        ],
    ),
    ("config", &["bad_input/snapshots/bad_input__config__config_faults.snap"]),
    (
        "recordings",
        &[
            "bad_input/snapshots/bad_input__recordings__recording_faults.snap",
            "import/snapshots/import__field__every_recording_of_the_field_has_its_right_outcome.snap",
        ],
    ),
    ("feed", &["bad_input/snapshots/bad_input__feed__feed_refusals.snap"]),
    (
        "log",
        &[
            "bad_input/snapshots/bad_input__log__log_findings.snap",
            "bad_input/snapshots/bad_input__log__log_keys_and_receipts.snap",
        ],
    ),
];

/// Cases of a snapshot: name and message. Recordings that were accepted are none.
fn cases(path: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    // After insta's head, which ends with a line of its own.
    let body = text.splitn(3, "---\n").nth(2).unwrap();
    let mut cases = Vec::<(String, String)>::new();
    for line in body.lines() {
        let name = line.strip_prefix("## ").or_else(|| line.starts_with('"').then_some(line));
        match (name, cases.last_mut()) {
            (Some(name), _) => cases.push((name.to_owned(), String::new())),
            (None, Some((_, said))) => *said += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    cases.retain(|(_, said)| !said.starts_with("accepted"));
    cases
}

#[test]
fn a_hundred_bad_inputs_of_seven_kinds_have_their_messages_kept() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut sum = 0;
    for (kind, snapshots) in KINDS {
        let all: Vec<_> = snapshots.iter().flat_map(|path| cases(&tests.join(path))).collect();
        let names: BTreeSet<_> = all.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), all.len(), "{kind}: a case stands there twice");
        for (name, said) in &all {
            let accented = |c: char| !c.is_ascii() && c.is_alphabetic();
            assert!(said.contains(accented), "{kind}, {name}: no Vietnamese");
            // What a person wrote is quoted in both.
            let own = |line: &str| line.split('`').step_by(2).collect::<String>();
            let english = said.lines().map(own).any(|l| !l.contains(accented) && l.split(' ').count() >= 3);
            assert!(english, "{kind}, {name}: no English:\n{said}");
        }
        println!("{kind:>10} {:>4}", all.len());
        assert!(all.len() >= 15, "{kind}");
        sum += all.len();
    }
    println!("{:>10} {sum:>4}", "all");
    assert!(sum >= 100);
}
