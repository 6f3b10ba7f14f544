//! What root types at the box leaves nothing that the service, which is not root, cannot use.

use std::{
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::r#box::Station;

/// The service's user, who needs no entry in /etc/passwd.
const SERVICE: u32 = 61_234;

fn owners(dir: &Path, into: &mut Vec<(String, u32)>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let meta = std::fs::symlink_metadata(&path).unwrap();
        into.push((path.display().to_string(), meta.uid()));
        if meta.is_dir() {
            owners(&path, into);
        }
    }
}

#[test]
fn after_sudo_enroll_sync_and_import_everything_is_the_services_and_it_starts() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("not root: nothing to show here");
        return;
    }
    let mut station = Station::new();
    station.bulletin("viec-nhe", "viec-nhe-luong-cao.ogg", 2);
    station.publish();
    // As the package leaves it: an empty folder that is the service's.
    std::fs::remove_dir_all(station.path("state")).unwrap();
    std::fs::create_dir(station.path("state")).unwrap();
    for dir in [station.dir.path(), &station.path("state")] {
        std::fs::set_permissions(dir, PermissionsExt::from_mode(0o755)).unwrap();
        chown(dir, Some(SERVICE), Some(SERVICE)).unwrap();
    }
    let url = station.server.url.clone();
    let enrolled = station.run(
        &["station", "enroll", "--json", "--station", "xa-1", "--root", "root.json", "--feed", &url],
        |_| {},
    );
    let answer: serde_json::Value = serde_json::from_slice(&enrolled.stdout).unwrap();
    let mut key = [0; 32];
    hex::decode_to_slice(answer["log_key"].as_str().unwrap(), &mut key).unwrap();
    station.repo.station("xa-1", key, &["tinh", "yen-the"]);
    station.publish();
    std::fs::rename(station.path("feed"), station.path("stick")).unwrap();
    for verb in [&["station", "sync"][..], &["station", "import", "stick"], &["station", "plan"]] {
        let out = station.run(verb, |_| {});
        // Without a line `sync` fails, after it has opened all its files.
        assert!(verb[1] == "sync" || out.status.success(), "{verb:?}: {out:?}");
    }
    let mut all = Vec::new();
    owners(&station.path("state"), &mut all);
    assert!(all.len() > 15, "{all:?}");
    let foreign: Vec<_> = all.iter().filter(|(_, owner)| *owner != SERVICE).collect();
    assert!(foreign.is_empty(), "{foreign:?}");

    // The service, as itself. The program is copied to where it may be read.
    let program = station.path("loaxa");
    std::fs::copy(env!("CARGO_BIN_EXE_loaxa"), &program).unwrap();
    let log = std::fs::File::create(station.path("stderr")).unwrap();
    let mut daemon = Command::new(program)
        .args(["--config", "station.yaml", "station", "run"])
        .current_dir(station.dir.path())
        .uid(SERVICE)
        .gid(SERVICE)
        .stdin(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let start = Instant::now();
    while station.status().is_none() {
        let ended = daemon.try_wait().unwrap();
        let said = std::fs::read_to_string(station.path("stderr")).unwrap();
        assert!(ended.is_none() && start.elapsed() < Duration::from_secs(30), "{ended:?}\n{said}");
        std::thread::sleep(Duration::from_millis(50));
    }
    daemon.kill().unwrap();
    daemon.wait().unwrap();
}
