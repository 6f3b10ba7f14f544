#![allow(clippy::disallowed_methods, reason = "tests make and damage files")]

use std::os::unix::fs::PermissionsExt;

use super::*;

fn words(s: &str) -> Passphrase {
    Passphrase::new(s.to_owned())
}

fn saved(dir: &Path, cost: Cost) -> (KeyFile, SecretKey) {
    let (key, file) = (SecretKey::generate().unwrap(), KeyFile::new(dir, "lan"));
    key.save(&file, "Nguyễn Thị Lan", Some((&words("hoa sen nở"), cost))).unwrap();
    (file, key)
}

#[test]
fn a_key_opens_with_its_passphrase_and_with_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let (file, key) = saved(dir.path(), Cost::FOR_TESTS);
    let opened = file.open(|| Ok(words("hoa sen nở"))).unwrap();
    assert_eq!(opened.public(), key.public());
    assert!(key.public().verifies(b"tin", &opened.sign(b"tin")));
    assert!(!key.public().verifies(b"tin", &opened.sign(b"tim")));
    let refused = file.open(|| Ok(words("hoa sen no"))).unwrap_err();
    assert_eq!(refused, Error::Refused(say::passphrase_wrong(file.secret().display())));
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (file, _) = saved(dir.path(), Cost::FOR_TESTS);
    let mode = fs::metadata(file.secret()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(file.secret(), fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(file.open(|| unreachable!()), Err(Error::Refused(_))));
}

#[test]
fn a_key_is_never_overwritten_and_a_short_passphrase_is_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    let (file, key) = saved(dir.path(), Cost::FOR_TESTS);
    let new = SecretKey::generate().unwrap();
    assert!(matches!(new.save(&file, "x", None), Err(Error::Refused(_))));
    assert_eq!(Public::load(&file.public()).unwrap().public, key.public());
    let other = KeyFile::new(dir.path(), "other");
    assert!(matches!(
        new.save(&other, "x", Some((&words("1234567"), Cost::FOR_TESTS))),
        Err(Error::Usage(_))
    ));
    assert!(!other.secret().exists());
}

#[test]
fn openssl_reads_a_key_of_full_strength() {
    let dir = tempfile::tempdir().unwrap();
    let (file, key) = saved(dir.path(), Cost::STRONG);
    let pass = dir.path().join("pass");
    fs::write(&pass, "hoa sen nở\n").unwrap();
    let out = std::process::Command::new("openssl")
        .args(["pkey", "-pubout", "-outform", "DER", "-passin"])
        .arg(format!("file:{}", pass.display()))
        .arg("-in")
        .arg(file.secret())
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(out.stdout[out.stdout.len() - 32..], key.public().0);
}

#[test]
fn a_key_file_of_any_content_never_panics_nor_eats_the_memory() {
    let dir = tempfile::tempdir().unwrap();
    let (file, _) = saved(dir.path(), Cost::FOR_TESTS);
    let pem = fs::read(file.secret()).unwrap();
    for at in 0..pem.len() {
        let mut bad = pem.clone();
        bad[at] ^= 1;
        fs::write(file.secret(), &bad).unwrap();
        if let Ok(key) = file.open(|| Ok(words("hoa sen nở"))) {
            drop(key);
        }
    }
}
