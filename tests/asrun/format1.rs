//! Logs are read for ten years: what format 1 was in 2026 is kept in tests/data/asrun/format-1, and must verify.

use std::{fs, path::PathBuf};

use loaxa::asrun::record::{Body, Record};

use crate::support::*;

fn kept() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/asrun/format-1")
}

#[test]
fn the_kept_segments_of_format_1_verify_with_every_record_understood() {
    let mut both = Both::start();
    let (key, receipt) = (kept().join("public.pem"), kept().join("receipt.json"));
    let hub = kept().join("receipt-key.hex");
    let options = ["--key", key.to_str().unwrap(), "--receipt", receipt.to_str().unwrap()];
    let verdict = both.judge(&kept(), &[&options[..], &["--receipt-key", hub.to_str().unwrap()]].concat());
    assert_eq!((bad(&verdict), notes(&verdict)), (String::new(), vec![]));
    assert_eq!(verdict["out"]["last"], 22);
    assert_eq!(verdict["out"]["receipt"]["seq"], 22);
    let mut kinds = std::collections::HashSet::new();
    for entry in fs::read_dir(kept()).unwrap().map(|e| e.unwrap().path()) {
        if entry.extension().is_some_and(|e| e == "jsonl") {
            for line in fs::read_to_string(&entry).unwrap().lines() {
                let body = Record::read(line.as_bytes()).unwrap().body.expect(line);
                kinds.insert(std::mem::discriminant(&body));
                if let Body::Intent(intent) = body {
                    assert!(!intent.items.is_empty());
                }
            }
        }
    }
    assert_eq!(kinds.len(), 10, "every kind of 2026 is among them");
}

/// The kept files are as this writer writes them: a change of the format of today shows here first.
#[test]
fn today_s_writer_writes_the_kept_segments_byte_by_byte() {
    for (name, content) in Log::sample().files() {
        let path = kept().join(&name);
        if std::env::var_os("LOAXA_KEEP_FORMAT").is_some() {
            fs::create_dir_all(kept()).unwrap();
            fs::write(&path, &content).unwrap();
            fs::write(kept().join("public.pem"), public(&key(1)).pem()).unwrap();
            fs::write(kept().join("receipt-key.hex"), public(&key(3)).hex() + "\n").unwrap();
            fs::write(kept().join("receipt.json"), [Log::sample().receipt(22, 3), b"\n".to_vec()].concat())
                .unwrap();
        }
        assert!(fs::read(&path).unwrap() == content, "{name}: new format? Keep the old files, add a folder.");
    }
}
