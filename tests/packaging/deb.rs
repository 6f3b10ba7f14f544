//! The Debian package, in a clean Debian: installed, upgraded over changed settings, removed, purged.
//!
//! It packs the program under test (scripts/deb with `--binary`), not a release build: what is shown here is the
//! packaging. Services are not started: no systemd runs in the tree.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{loaxa, root, run};

/// The release to install in, and its name for ALSA's library. A program asks for the C library that it was linked to,
/// or a later one: so on Debian 12 it is Debian 12, elsewhere Debian 13. `LOAXA_DEBIAN=trixie` asks for Debian 13.
fn release() -> (&'static str, &'static str) {
    let os = fs::read_to_string("/etc/os-release").unwrap();
    let is = |line: &str| os.lines().any(|l| l == line);
    let older = env::var("LOAXA_DEBIAN").map_or(true, |asked| asked != "trixie");
    if older && is("ID=debian") && is("VERSION_CODENAME=bookworm") {
        ("bookworm", "libasound2")
    } else {
        ("trixie", "libasound2t64")
    }
}

/// A Debian without loaxa, made once by mmdebstrap and kept under target/ as a tar file.
fn debian() -> PathBuf {
    let (name, alsa) = release();
    let tar = root().join(format!("target/{name}-1.tar"));
    if !tar.exists() {
        let mirror =
            env::var("LOAXA_DEBIAN_MIRROR").unwrap_or_else(|_| "http://deb.debian.org/debian".into());
        let unfinished = root().join(format!("target/debian-{}.unfinished", std::process::id()));
        run(Command::new("mmdebstrap")
            .args(["--quiet", "--variant=minbase", "--format=tar", "--aptopt=Acquire::Retries \"3\""])
            // What the package depends on, so that installing it needs no network.
            .arg(format!("--include=ca-certificates,dbus,{alsa},systemd"))
            .arg(name)
            .arg(&unfinished)
            .arg(mirror));
        fs::rename(&unfinished, &tar).unwrap();
    }
    tar
}

/// `sh` in namespaces of its own, so that mounts vanish with it; root there, whoever runs the test.
fn sh(code: &str) -> Command {
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user", "--map-auto"]);
    }
    command.args(["--mount", "--pid", "--fork", "sh", "-ec", code, "sh"]);
    command
}

/// An unpacked system in which commands can be run.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("loaxa-deb-").tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        run(sh(r#"tar -xpf "$1" -C "$2" --exclude=./dev/*"#).arg(debian()).arg(dir.path()));
        Self(dir)
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside.trim_start_matches('/'))
    }

    /// Runs `code` by sh inside; gives what it printed, errors too.
    #[track_caller]
    fn sh(&self, code: &str) -> String {
        let enter = r#"mount -t proc proc "$1/proc"; touch "$1/dev/null"; mount --bind /dev/null "$1/dev/null"
            cd /; exec chroot "$1" sh -ec "exec 2>&1; $2""#;
        run(sh(enter)
            .arg(self.0.path())
            .arg(code)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("LC_ALL", "C.UTF-8"))
    }

    fn write(&self, inside: &str, text: &str) {
        let beside = tempfile::NamedTempFile::new().unwrap();
        fs::write(beside.path(), text).unwrap();
        run(sh(r#"cat "$1" >"$2""#).arg(beside.path()).arg(self.path(inside)));
    }

    fn take(&self, deb: &Path) -> String {
        fs::copy(deb, self.path("/tmp/loaxa.deb")).unwrap();
        // Conffiles that were changed stay as they are, as an unattended upgrade does it.
        self.sh("dpkg --force-confold --install /tmp/loaxa.deb")
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        // Its files may belong to other users of the namespace.
        sh(r#"rm -rf "$1"/*"#).arg(self.0.path()).status().ok();
    }
}

/// As an operator does it, as root; afterwards everything is the service's, which starts with it.
fn set_up(tree: &Tree) {
    let repo = crate::repo::Repo::new("2026-12-01T00:00:00Z");
    tree.write("/tmp/root.json", std::str::from_utf8(repo.root()).unwrap());
    // No feed answers here, and the card is ALSA's own null.
    let said = tree.sh(
        "printf 'xa-1\\n/tmp/root.json\\n\\nhttp://127.0.0.1:9/\\ny\\nalsa:null\\ny\\n70\\n' | loaxa --lang en station setup",
    );
    assert!(said.contains("systemctl start loaxa-station"), "{said}");
    assert_eq!(tree.sh("find /var/lib/loaxa ! -user loaxa; find /var/lib/loaxa ! -group loaxa"), "");
    assert_eq!(tree.sh("stat -c '%a' /var/lib/loaxa/keys/log.key").trim(), "600");
    assert_eq!(tree.sh("stat -c '%U %a' /etc/loaxa/station.yaml").trim(), "root 644");
    let said = tree.sh(
        "install -d -o loaxa -g loaxa /run/loaxa; (setpriv --reuid=loaxa --regid=loaxa --init-groups loaxa --lang en station run & \
         echo $! >/run/pid; for i in $(seq 100); do loaxa station status >/dev/null && break; sleep 0.1; done; \
         loaxa --lang en station status; kill $(cat /run/pid); wait)",
    );
    assert!(said.contains("Station xa-1"), "{said}");
    tree.sh("rm -rf /run/loaxa /run/pid /tmp/root.json");
    assert_eq!(tree.sh("find /var/lib/loaxa ! -user loaxa"), "");
}

fn build(version: &str, out: &Path) -> PathBuf {
    let said = run(Command::new(root().join("scripts/deb"))
        .arg("--binary")
        .arg(loaxa())
        .arg("--out")
        .arg(out)
        .args(["--deb-version", version]));
    PathBuf::from(said.lines().last().expect("the path of the package"))
}

#[test]
fn the_package_installs_upgrades_and_purges_in_a_clean_debian_and_never_takes_the_log() {
    let out = tempfile::tempdir().unwrap();
    let (first, second) = (build("0.0.1-1", out.path()), build("0.0.2-1", out.path()));
    let tree = Tree::new();

    // Installed: the program runs, user and folders are there, the unit is enabled, the operator is told what is next.
    let said = tree.take(&first);
    assert!(said.contains("loaxa station setup"), "{said}");
    assert!(
        tree.sh("dpkg-query -W -f '${Depends}' loaxa").contains("libc6 (>= "),
        "libraries are not declared"
    );
    assert!(tree.sh("loaxa --version").starts_with("loaxa "));
    assert!(tree.sh("id loaxa").contains("(audio)"));
    assert_eq!(tree.sh("stat -c '%U %a' /var/lib/loaxa").trim(), "loaxa 750");
    assert!(tree.path("/etc/systemd/system/multi-user.target.wants/loaxa-station.service").is_symlink());
    assert!(!tree.path("/etc/systemd/system/timers.target.wants/loaxa-renew.timer").is_symlink());
    assert!(tree.path("/usr/share/man/vi/man1/loaxa.1.gz").exists());
    for file in [
        "/usr/share/man/man1/loaxa-station-hold.1.gz",
        "/usr/share/bash-completion/completions/loaxa",
        "/usr/share/zsh/vendor-completions/_loaxa",
        "/usr/share/fish/vendor_completions.d/loaxa.fish",
        "/usr/share/doc/loaxa/operators.vi.md",
        "/usr/share/doc/loaxa/examples/station.yaml",
    ] {
        assert!(tree.path(file).exists(), "no {file}");
    }
    assert_eq!(
        tree.sh("dpkg-query -W -f '${Conffiles}' loaxa").trim().split(' ').next(),
        Some("/etc/default/loaxa")
    );
    assert_eq!(tree.sh("dpkg --audit"), "");

    set_up(&tree);

    // Lived in.
    let mine = "LANG=en_GB.UTF-8\n";
    tree.write("/etc/default/loaxa", mine);
    tree.sh(
        "cd /var/lib/loaxa; rm -rf asrun library keys; mkdir asrun library; echo '{}' >asrun/000000000001-2026-12.jsonl; echo x >library/a; echo k >log.key
         chown -R loaxa: .",
    );

    // Upgraded: the operator's settings stay.
    tree.take(&second);
    assert!(tree.sh("dpkg-query -W loaxa").contains("0.0.2-1"));
    assert_eq!(fs::read_to_string(tree.path("/etc/default/loaxa")).unwrap(), mine);
    assert!(tree.path("/etc/loaxa/station.yaml").exists());

    // Removed: everything of the station's own stays.
    tree.sh("dpkg --remove loaxa");
    assert!(!tree.path("/usr/bin/loaxa").exists());
    assert!(tree.path("/etc/loaxa/station.yaml").exists() && tree.path("/var/lib/loaxa/log.key").exists());

    // Purged: all is gone but the log, and that is said.
    let said = tree.sh("dpkg --purge loaxa");
    assert!(said.contains("/var/lib/loaxa/asrun"), "{said}");
    let left = tree.sh(
        "find / -xdev -not -path '/proc/*' -not -path '/tmp/*' -not -path '/var/lib/dpkg/*' -not -path '/var/log/*' \
         -name '*loaxa*'; find /var/lib/loaxa -type f",
    );
    assert_eq!(left, "/var/lib/loaxa\n/var/lib/loaxa/asrun/000000000001-2026-12.jsonl\n");

    // And again over what was kept; a second purge with an empty log leaves nothing.
    tree.take(&second);
    tree.sh("rm /var/lib/loaxa/asrun/*; dpkg --purge loaxa; test ! -e /var/lib/loaxa");
}

#[test]
fn the_hubs_package_adds_a_unit_and_its_user_to_the_program_and_asks_for_it() {
    let out = tempfile::tempdir().unwrap();
    let mut pack = Command::new(root().join("scripts/deb"));
    let said = run(pack.args(["--variant", "hub", "--deb-version", "0.0.1-1", "--out"]).arg(out.path()));
    let deb = PathBuf::from(said.lines().last().expect("the path of the package"));
    let listed = run(Command::new("dpkg-deb").arg("--contents").arg(&deb));
    for file in [
        "loaxa-hub.service",
        "usr/lib/sysusers.d/loaxa-hub.conf",
        "usr/lib/tmpfiles.d/loaxa-hub.conf",
        "usr/share/doc/loaxa-hub/hub.vi.md",
        "usr/share/doc/loaxa-hub/examples/hub.yaml",
    ] {
        assert!(listed.contains(file), "no {file} in {listed}");
    }
    assert!(
        !listed.contains("usr/bin/") && !listed.contains("etc/"),
        "the program is the other package's: {listed}"
    );
    let field = |name: &str| run(Command::new("dpkg-deb").arg("--field").arg(&deb).arg(name));
    assert_eq!(field("Package").trim(), "loaxa-hub");
    assert!(field("Depends").split(", ").any(|one| one.trim() == "loaxa"), "{}", field("Depends"));
    let scripts = tempfile::tempdir().unwrap();
    run(Command::new("dpkg-deb").arg("--control").arg(&deb).arg(scripts.path()));
    let first = fs::read_to_string(scripts.path().join("postinst")).unwrap();
    let user = first.find("systemd-sysusers loaxa-hub.conf").expect("the user is made");
    assert!(first[user..].contains("deb-systemd-helper"), "before the unit is enabled: {first}");
}
