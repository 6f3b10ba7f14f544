//! The systemd units, judged by systemd itself.

use std::{fs, path::PathBuf, process::Command};

use crate::{loaxa, root, run};

/// The units as installed, but with the program where it lies here, so that `verify` finds it.
fn installed() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for unit in ["loaxa-station.service", "loaxa-renew.service", "loaxa-renew.timer", "loaxa-hub.service"] {
        let text = fs::read_to_string(root().join("systemd").join(unit)).unwrap();
        fs::write(dir.path().join(unit), text.replace("/usr/bin/loaxa", loaxa().to_str().unwrap())).unwrap();
    }
    dir
}

/// Overall exposure, 0.0 (safe) to 10.0, as `systemd-analyze security` counts it; the text is its whole answer.
fn exposure(unit: &str) -> (f64, String) {
    let dir = installed();
    let path: PathBuf = dir.path().join(unit);
    let said =
        run(Command::new("systemd-analyze").args(["security", "--no-pager", "--offline=true"]).arg(path));
    let line = said.lines().find(|line| line.contains("Overall exposure level")).expect(&said).to_owned();
    let figure = line.rsplit(": ").next().unwrap().split(' ').next().unwrap().parse().expect(&line);
    (figure, said)
}

#[test]
fn the_station_is_confined_to_an_exposure_of_at_most_1_5() {
    let (figure, said) = exposure("loaxa-station.service");
    assert!(figure <= 1.5, "{said}");
}

#[test]
fn renewing_a_feed_is_confined_to_an_exposure_of_at_most_1_0() {
    let (figure, said) = exposure("loaxa-renew.service");
    assert!(figure <= 1.0, "{said}");
}

#[test]
fn the_hub_is_confined_to_an_exposure_of_at_most_1_5() {
    let (figure, said) = exposure("loaxa-hub.service");
    assert!(figure <= 1.5, "{said}");
}

#[test]
fn systemd_finds_no_fault_in_any_unit() {
    let dir = installed();
    for unit in ["loaxa-station.service", "loaxa-renew.service", "loaxa-renew.timer", "loaxa-hub.service"] {
        let output = Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .arg(dir.path().join(unit))
            .output()
            .unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        let ours: Vec<_> =
            complaints.lines().filter(|line| line.contains("loaxa") && !is_too_new(line)).collect();
        assert!(output.status.success() && ours.is_empty(), "{unit}: {complaints}");
    }
}

/// Settings of systemd 254, which Debian 12 (252) ignores: there the pause between two starts does not grow.
fn is_too_new(complaint: &str) -> bool {
    ["RestartSteps", "RestartMaxDelaySec"]
        .iter()
        .any(|name| complaint.contains("Unknown key") && complaint.contains(&format!("'{name}'")))
}

/// What `key` is set to in a unit; the last one counts.
fn setting(unit: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(root().join("systemd").join(unit)).unwrap();
    let found = text.lines().rev().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    found.map(str::to_owned)
}

/// What the program ends with when the box is at fault, by its own exit code, and whether systemd starts it again.
#[test]
fn a_box_that_nobody_visits_tries_again_for_ever_but_does_not_spin() {
    let unit = "loaxa-station.service";
    assert_eq!(setting(unit, "Restart").as_deref(), Some("always"));
    assert_eq!(setting(unit, "StartLimitIntervalSec").as_deref(), Some("0"), "it would give up");
    let pause: u32 = setting(unit, "RestartSec").unwrap().parse().unwrap();
    assert!((5..=30).contains(&pause), "{pause}");
    let given_up = setting(unit, "RestartPreventExitStatus").unwrap();

    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("station.yaml");
    let run = |text: &str| {
        fs::write(&config, text).unwrap();
        let mut command = Command::new(loaxa());
        command.arg("--config").arg(&config).args(["--lang", "en", "station", "run"]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.lines().count() <= 4 && said.contains("Remedy"), "{said}");
        output.status.code().unwrap().to_string()
    };
    let good = "format: 1\nstation: xa-1\nfeed: https://loa.example.vn/\ndevice: default\nsocket: sock\n";
    let refused = run("format: 1\nstation: xa-1\n");
    let not_enrolled = run(&format!("{good}state: state\n"));
    let no_disk = run(&format!("{good}state: /proc/nowhere\n"));
    assert_eq!((refused.as_str(), not_enrolled.as_str(), no_disk.as_str()), ("1", "1", "3"));
    for code in [refused, not_enrolled, no_disk] {
        assert!(!given_up.split(' ').any(|c| c == code), "exit {code} would leave the box silent for ever");
    }
}

#[test]
fn the_settings_that_an_operator_finds_in_etc_default_are_those_that_the_program_reads() {
    let text = fs::read_to_string(root().join("systemd/loaxa.default")).unwrap();
    let names: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["LANG", "LOAXA_LOG"]);
    let wrong = |variable: &str, value: &str| {
        let mut command = Command::new(loaxa());
        command
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", "vi_VN.UTF-8")
            .env(variable, value);
        command.args(["--config", "/nowhere.yaml", "station", "run"]);
        String::from_utf8_lossy(&command.output().unwrap().stderr).into_owned()
    };
    assert!(
        wrong("LANG", "en_GB.UTF-8").contains("Remedy") && wrong("LANG", "vi_VN.UTF-8").contains("Cách sửa")
    );
}

#[test]
fn the_station_may_reach_sound_cards_and_nothing_else_below_dev() {
    let unit = fs::read_to_string(root().join("systemd/loaxa-station.service")).unwrap();
    let allowed: Vec<_> = unit.lines().filter(|line| line.starts_with("DeviceAllow=")).collect();
    assert_eq!(allowed, ["DeviceAllow=char-alsa rw"]);
    assert!(unit.lines().any(|line| line == "DevicePolicy=closed"));
    assert!(!unit.contains("PrivateDevices=yes"), "it would hide the cards");
}

#[test]
fn users_and_folders_can_be_made_in_an_empty_system() {
    let tree = tempfile::tempdir().unwrap();
    fs::create_dir_all(tree.path().join("etc")).unwrap();
    let users = root().join("systemd/sysusers.d/loaxa.conf");
    let folders = root().join("systemd/tmpfiles.d/loaxa.conf");
    for _twice in 0..2 {
        run(Command::new("systemd-sysusers").arg("--root").arg(tree.path()).arg(&users));
    }
    let passwd = fs::read_to_string(tree.path().join("etc/passwd")).unwrap();
    assert!(passwd.lines().any(|line| line.starts_with("loaxa:") && line.ends_with("nologin")), "{passwd}");
    let group = fs::read_to_string(tree.path().join("etc/group")).unwrap();
    assert!(group.lines().any(|line| line.starts_with("audio:") && line.ends_with(":loaxa")), "{group}");
    let tmpfiles = fs::read_to_string(folders).unwrap();
    assert!(
        tmpfiles.lines().any(|line| line.starts_with("d /var/lib/loaxa  0750 loaxa loaxa")),
        "{tmpfiles}"
    );
    let users = root().join("systemd/sysusers.d/loaxa-hub.conf");
    run(Command::new("systemd-sysusers").arg("--root").arg(tree.path()).arg(&users));
    let passwd = fs::read_to_string(tree.path().join("etc/passwd")).unwrap();
    assert!(
        passwd.lines().any(|line| line.starts_with("loaxa-hub:") && line.ends_with("nologin")),
        "{passwd}"
    );
    let folders = fs::read_to_string(root().join("systemd/tmpfiles.d/loaxa-hub.conf")).unwrap();
    assert!(
        folders.lines().any(|line| line.starts_with("d /var/lib/loaxa-hub  0700 loaxa-hub")),
        "{folders}"
    );
}
