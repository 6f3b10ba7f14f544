//! Manual pages and completions, made by the program and read by the programs that they are for.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use crate::{loaxa, run};

fn generated(what: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    run(Command::new(loaxa()).args(["generate", what]).arg(dir.path()));
    dir
}

fn names(dir: &Path) -> BTreeSet<String> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn each_verb_has_a_page_in_both_languages_and_hidden_ones_have_none() {
    let dir = generated("man");
    let (english, vietnamese) = (names(&dir.path().join("man1")), names(&dir.path().join("vi/man1")));
    assert_eq!(english, vietnamese);
    assert!(english.contains("loaxa.1"));
    assert!(!english.iter().any(|name| name.contains("generate")), "{english:?}");
}

#[test]
fn every_page_is_well_formed_and_reads_in_its_language() {
    let dir = generated("man");
    for (folder, heading) in [("man1", "EXIT STATUS"), ("vi/man1", "MÃ KẾT THÚC")] {
        for name in names(&dir.path().join(folder)) {
            let path = dir.path().join(folder).join(&name);
            let output = Command::new("man")
                .env("LC_ALL", "C.UTF-8")
                .env("MANROFFSEQ", "")
                .env("MANWIDTH", "100")
                .args(["--warnings=w", "--local-file", "--encoding=UTF-8", "--pager=cat"])
                .arg(&path)
                .output()
                .unwrap();
            let (page, complaints) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success() && complaints.is_empty(), "{folder}/{name}: {complaints}");
            assert!(
                page.contains(heading) && page.contains("/etc/loaxa/station.yaml"),
                "{folder}/{name}:\n{page}"
            );
        }
    }
}

#[test]
fn the_three_shells_get_completions_and_bash_reads_its_own() {
    let dir = generated("completions");
    assert_eq!(names(dir.path()), ["_loaxa", "loaxa", "loaxa.fish"].map(String::from).into());
    run(Command::new("bash").arg("-n").arg(dir.path().join("loaxa")));
}
