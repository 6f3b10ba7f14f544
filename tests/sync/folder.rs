//! A feed from a USB stick: the same checks, and nothing but plain files.

use std::{os::unix::fs::symlink, process::Command, time::Duration};

use loaxa::{
    feed::{
        audio::AudioSource,
        download::{Download, Ended, Failed},
        folder::FolderSource,
        library::Library,
        source::{FetchError, Source},
    },
    text::Lang,
};
use tokio_util::sync::CancellationToken;

use crate::world::{RealClock, bulletin, name, noise, put, run};

fn refused(done: Result<Vec<u8>, FetchError>) -> String {
    match done {
        Err(FetchError::Refused(why)) => why.to(Lang::En).to_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn files_come_plain_or_gzipped_under_the_same_cap() {
    let stick = tempfile::tempdir().unwrap();
    put(stick.path(), "metadata/1.root.json", b"plain");
    put(stick.path(), "metadata/2.root.json.gz", &gzip(&[b'x'; 5_000]));
    put(stick.path(), "metadata/3.root.json.gz", b"no gzip");
    put(stick.path(), "metadata/4.root.json.gz", &gzip(&vec![0; 30_000_000]));
    let folder = FolderSource::new(stick.path()).unwrap();
    run(async {
        assert_eq!(folder.fetch("metadata/1.root.json", 5).await.unwrap(), b"plain");
        assert!(refused(folder.fetch("metadata/1.root.json", 4).await).contains("longer"));
        assert_eq!(folder.fetch("metadata/2.root.json", 5_000).await.unwrap(), [b'x'; 5_000]);
        assert!(refused(folder.fetch("metadata/2.root.json", 4_999).await).contains("longer"));
        assert!(matches!(folder.fetch("metadata/3.root.json", 99).await, Err(FetchError::Broken(_))));
        assert!(refused(folder.fetch("metadata/4.root.json", 1_000_000).await).contains("longer"));
        assert!(matches!(folder.fetch("metadata/5.root.json", 99).await, Err(FetchError::Absent)));
        assert!(matches!(folder.fetch("nowhere/5.root.json", 99).await, Err(FetchError::Absent)));
    });
}

#[test]
fn links_pipes_devices_folders_and_paths_out_of_it_are_refused_without_waiting() {
    let (stick, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put(outside.path(), "secret", b"secret");
    put(outside.path(), "deep/secret", b"secret");
    put(stick.path(), "kept", b"kept");
    let at = |name: &str| stick.path().join(name);
    symlink(outside.path().join("secret"), at("link")).unwrap();
    symlink("kept", at("inner-link")).unwrap();
    symlink(outside.path().join("deep"), at("folder-link")).unwrap();
    symlink("loop", at("loop")).unwrap();
    std::fs::create_dir(at("folder")).unwrap();
    assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    let folder = FolderSource::new(stick.path()).unwrap();
    run(async {
        for name in ["link", "inner-link", "folder-link/secret", "loop", "folder", "pipe", "socket", "kept/x"]
        {
            assert!(refused(folder.fetch(name, 99).await).contains("not a plain file"), "{name}");
        }
        let absolute = outside.path().join("secret").display().to_string();
        for name in ["../secret", "folder/../kept", "./kept", absolute.as_str(), "kept\0", ""] {
            assert!(refused(folder.fetch(name, 99).await).contains("unsafe"), "{name}");
        }
        // A device, where the test may make one.
        if Command::new("mknod").arg(at("zero")).args(["c", "1", "5"]).output().unwrap().status.success() {
            assert!(refused(folder.fetch("zero", 99).await).contains("not a plain file"));
        }
        assert_eq!(folder.fetch("kept", 99).await.unwrap(), b"kept");
    });
}

#[test]
fn audio_comes_from_the_folder_too_and_completes_what_a_line_began() {
    let (stick, state) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (good, wrong) = (noise("tin", 900_000), noise("sai", 1_000));
    let (tin, sai, ngan) = (bulletin("tin", &good), bulletin("sai", b"right"), bulletin("ngan", &wrong));
    put(stick.path(), &name(&tin), &good);
    put(stick.path(), &name(&sai), b"wrong");
    put(stick.path(), &name(&ngan), &wrong[..999]);
    let library = Library::open(state.path()).unwrap();
    std::fs::write(state.path().join(format!("{}.part", tin.sha256)), &good[..600_000]).unwrap();
    let (folder, clock) = (FolderSource::new(stick.path()).unwrap(), RealClock::shared());
    run(async {
        let download = Download {
            source: &folder,
            library: &library,
            clock: &*clock,
            attempts: 1,
            pause: Duration::ZERO,
            stop: CancellationToken::new(),
            may_go_on: &|_| true,
            progress: &|_| (),
        };
        assert_eq!(download.run(&tin).await, Ok(Ended::Whole));
        let why = |done: Result<Ended, Failed>| done.unwrap_err().why.en;
        assert!(why(download.run(&sai).await).contains("not what was approved"));
        assert!(why(download.run(&ngan).await).contains("not the 1000 that are signed"));
    });
    assert_eq!(folder.wire(), 0);
    assert!(library.check(&tin.sha256).unwrap() && !library.has(&sai) && !library.has(&ngan));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let why = FolderSource::new(std::path::Path::new("/nonexistent/usb")).unwrap_err();
    assert!(why.vi.contains("/nonexistent/usb"));
    assert!(FolderSource::new(std::path::Path::new("/etc/hostname")).is_err());
}
