//! What one process holds at a time, while others come and go: a child that is just starting has a copy of every open
//! file for a moment, which must not look like somebody else at work.

use std::{
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use loaxa::{
    asrun::{
        journal::{HORIZON, Journal, Session},
        key::LogKey,
    },
    durable::Incoming,
    feed::Store,
    office::folder::Office,
    playout::sink::wav_file::WavFile,
};

use crate::{r#box::now, repo::Repo};

/// Tells the others to end, however the test does.
struct AtEnd<'a>(&'a AtomicBool);

impl Drop for AtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn log_store_office_virtual_pa_and_downloads_open_again_at_once_while_children_start() {
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key.pem");
    LogKey::create(&key).unwrap();
    let repo = Repo::new("2026-12-01T00:00:00Z");
    let office = Office::at(&dir.path().join("office"), None);
    office.create().unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    Command::new("true").status().unwrap();
                }
            });
        }
        let _end = AtEnd(&done);
        for _ in 0..40 {
            let session = Session {
                station: "xa-1".parse().unwrap(),
                version: "0".into(),
                boot_id: None,
                at: now(),
                horizon: HORIZON,
            };
            Journal::open(&dir.path().join("asrun"), LogKey::load(&key).unwrap(), session).unwrap();
            Store::enrol(&dir.path().join("feed"), repo.root()).unwrap();
            drop(office.lock().unwrap());
            WavFile::open(&dir.path().join("pa.wav"), now()).unwrap();
            Incoming::resume(&dir.path().join("a.part"), 0).unwrap();
        }
    });
}
