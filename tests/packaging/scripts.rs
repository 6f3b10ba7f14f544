//! The shell scripts: their grammar, and the promises of scripts/lib.sh.

use std::{fs, os::unix::fs::PermissionsExt, process::Command};

use crate::{root, run};

/// Runs `code` in bash with scripts/lib.sh read, in a scratch repository with `fake` programs first in PATH.
fn with_lib(fake: &[(&str, &str)], code: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let bin = dir.path().join("bin");
    fs::create_dir_all(&bin).unwrap();
    for (name, body) in fake {
        let path = bin.join(name);
        fs::write(&path, format!("#!/bin/bash\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let lib = root().join("scripts/lib.sh");
    let whole = format!("set -euo pipefail; . '{}'; sleep() {{ :; }}; {code}", lib.display());
    run(Command::new("bash")
        .arg("-c")
        .arg(whole)
        .current_dir(dir.path())
        .env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())))
}

#[test]
fn every_script_is_good_bash_and_can_be_run() {
    for script in [
        "scripts/test",
        "scripts/bench",
        "scripts/deb",
        ".ci/run",
        "systemd/deb/postinst",
        "systemd/deb/postrm",
    ] {
        let path = root().join(script);
        run(Command::new("bash").arg("-n").arg(&path));
        assert_ne!(fs::metadata(&path).unwrap().permissions().mode() & 0o111, 0, "{script} cannot be run");
    }
}

#[test]
fn nothing_is_installed_when_all_is_there() {
    let said = with_lib(
        &[("dpkg-query", "echo -n installed"), ("apt-get", "echo apt-get was called >&2; exit 1")],
        "need_packages 'cmake: builds libopus'",
    );
    assert_eq!(said, "all Debian packages are there\n");
}

#[test]
fn what_is_missing_is_named_with_its_reason_and_installed_once_the_lists_are_fetched() {
    // An apt whose lists are too old: it refuses to install until `update` was run.
    let apt = r#"case "$*" in
        *" update"*) touch "$PWD/updated" ;;
        *" install "*) [ -e "$PWD/updated" ] && echo "$*" >"$PWD/asked" ;;
    esac"#;
    let said = with_lib(
        &[
            ("dpkg-query", r#"[ "${@: -1}" = sox ] || echo -n installed"#),
            ("apt-get", apt),
            ("sudo", r#"exec "$@""#),
        ],
        "need_packages 'cmake: builds libopus' 'sox: cuts recordings' 'sox: and damages them'; cat asked",
    );
    assert!(said.contains("  sox: cuts recordings\n"), "{said}");
    assert!(!said.contains("cmake"), "{said}");
    assert!(said.contains("installed: sox\n"), "{said}");
    assert!(said.trim_end().ends_with("--no-install-recommends sox"), "{said}");
}

#[test]
fn an_older_toolchain_is_named_with_the_remedy() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("Cargo.toml"), "rust-version = \"1.89\"\n").unwrap();
    let lib = root().join("scripts/lib.sh");
    let code = format!(
        "set -euo pipefail; . '{}'; cargo() {{ :; }}; rustc() {{ echo 'rustc 1.85.0 (abc)'; }}; need_rust",
        lib.display()
    );
    let output = Command::new("bash").arg("-c").arg(code).current_dir(dir.path()).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("Rust 1.85.0 is older than 1.89") && said.contains("rustup update"), "{said}");
}
