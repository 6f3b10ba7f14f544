//! The systemd units, judged by systemd itself.

use std::{fs, path::PathBuf, process::Command};

use crate::{loaxa, root, run};

/// The units as installed, but with the program where it lies here, so that `verify` finds it.
fn installed() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for unit in ["loaxa-station.service", "loaxa-renew.service", "loaxa-renew.timer"] {
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
fn systemd_finds_no_fault_in_any_unit() {
    let dir = installed();
    for unit in ["loaxa-station.service", "loaxa-renew.service", "loaxa-renew.timer"] {
        let output = Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .arg(dir.path().join(unit))
            .output()
            .unwrap();
        let complaints = String::from_utf8_lossy(&output.stderr);
        let ours: Vec<_> = complaints.lines().filter(|line| line.contains("loaxa")).collect();
        assert!(output.status.success() && ours.is_empty(), "{unit}: {complaints}");
    }
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
}
