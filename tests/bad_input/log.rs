//! Logs that were altered, as `loaxa log verify` and `loaxa log show` read them.

use std::collections::BTreeMap;

use loaxa::{
    asrun::record::{Body, Outcome, Release, Why},
    text::Lang,
};

use crate::log_support::{Log, boot, intent, key, loaxa, outcome, public, slot, write};

const OCT: &str = "000000000001-2026-10.jsonl";
const NOV: &str = "000000000007-2026-11.jsonl";
const DEC: &str = "000000000013-2026-12.jsonl";

type Files = BTreeMap<String, Vec<u8>>;

/// Alters the sample of three segments.
type Alter = fn(&mut Files);

fn text(files: &mut Files, name: &str, change: impl FnOnce(String) -> String) {
    let said = String::from_utf8(files.remove(name).unwrap()).unwrap();
    files.insert(name.to_owned(), change(said).into_bytes());
}

fn lines(files: &mut Files, name: &str, change: impl FnOnce(&mut Vec<String>)) {
    text(files, name, |said| {
        let mut lines: Vec<String> = said.split_inclusive('\n').map(str::to_owned).collect();
        change(&mut lines);
        lines.concat()
    });
}

/// A log made anew, its lines edited before they were signed: what only the holder of the key can write.
fn forged(files: &mut Files, make: impl FnOnce(&mut Log)) {
    let mut log = Log::new(1);
    make(&mut log);
    *files = log.files();
}

fn with_boot(log: &mut Log) {
    log.add("2026-12-01T06:00:00Z", &boot(&key(1)));
}

const RELEASE: Body = Body::Release(Release { area: None, expired: true });

/// With the station's key given.
const CASES: &[(&str, Alter)] = &[
    ("no file at all", |f| f.clear()),
    ("an empty file", |f| *f = Files::from([(OCT.into(), Vec::new())])),
    ("an outcome improved", |f| text(f, OCT, |s| s.replacen("\"why\":\"hold\"", "\"why\":\"busy\"", 1))),
    ("missed made played", |f| text(f, DEC, |s| s.replacen("\"missed\"", "\"played\"", 1))),
    ("a title altered", |f| text(f, NOV, |s| s.replacen("Đường dây", "Đương dây", 1))),
    ("a space put in", |f| text(f, OCT, |s| s.replacen(":1,", ": 1,", 1))),
    ("saved by a Windows editor", |f| text(f, NOV, |s| s.replace('\n', "\r\n"))),
    ("a byte order mark", |f| text(f, OCT, |s| format!("\u{feff}{s}"))),
    ("a blank line", |f| lines(f, OCT, |l| l.insert(1, "\n".into()))),
    ("a line removed", |f| {
        lines(f, NOV, |l| {
            l.remove(2);
        })
    }),
    ("the first line removed", |f| {
        lines(f, OCT, |l| {
            l.remove(0);
        })
    }),
    ("several lines removed", |f| {
        lines(f, DEC, |l| {
            l.drain(1..4);
        })
    }),
    ("a line twice", |f| lines(f, NOV, |l| l.insert(2, l[1].clone()))),
    ("two lines swapped", |f| lines(f, NOV, |l| l.swap(1, 2))),
    ("a month's file lost", |f| {
        f.remove(NOV);
    }),
    ("the first month's file lost", |f| {
        f.remove(OCT);
    }),
    ("a file renamed to another month", |f| {
        let dec = f.remove(DEC).unwrap();
        f.insert("000000000013-2027-01.jsonl".into(), dec);
    }),
    ("a file renamed by hand", |f| {
        let dec = f.remove(DEC).unwrap();
        f.insert("thang-12.jsonl".into(), dec);
    }),
    ("a copy under another number", |f| {
        let dec = f[DEC].clone();
        f.insert("000000000014-2026-12.jsonl".into(), dec);
    }),
    ("an empty file in the middle", |f| {
        f.insert("000000000013-2026-11.jsonl".into(), Vec::new());
    }),
    ("cut in the middle of a line, more behind", |f| {
        text(f, OCT, |s| s[..s.len() - 40].to_owned());
    }),
    ("a signature of another line", |f| {
        lines(f, OCT, |l| {
            let sig = l[2][l[2].len() - 139..].to_owned();
            let keep = l[1].len() - 139;
            l[1] = format!("{}{sig}", &l[1][..keep]);
        });
    }),
    ("signature in capitals", |f| {
        lines(f, OCT, |l| {
            let (body, sig) = l[1].split_at(l[1].len() - 131);
            l[1] = format!("{body}{}", sig.to_uppercase());
        });
    }),
    ("rubbish", |f| {
        f.insert(OCT.into(), b"\x00\x01\x02rubbish\n".to_vec());
    }),
    ("a web page", |f| {
        f.insert(OCT.into(), b"<html>404</html>\n".to_vec());
    }),
    ("signed by another key", |f| {
        let mut log = Log::new(2);
        log.add("2026-12-01T06:00:00Z", &boot(&key(2)));
        *f = log.files();
    }),
    ("another station's boot", |f| {
        forged(f, |log| {
            with_boot(log);
            log.add_edited("2026-12-01T07:00:00Z", &boot(&key(1)), |s| {
                s.replace("tram-xa-an-thuong", "tram-khac")
            });
        });
    }),
    ("another log's boot", |f| {
        forged(f, |log| {
            with_boot(log);
            log.add("2026-12-01T07:00:00Z", &boot(&key(2)));
        });
    }),
    ("no boot at the beginning", |f| {
        forged(f, |log| {
            log.add("2026-12-01T06:00:00Z", &RELEASE);
        });
    }),
    ("a format to come", |f| {
        forged(f, |log| {
            log.add_edited("2026-12-01T06:00:00Z", &boot(&key(1)), |s| {
                s.replace("\"format\":1", "\"format\":9")
            });
        });
    }),
    ("a key missing", |f| {
        forged(f, |log| {
            with_boot(log);
            let edit = |s: &str| s.replace(",\"expired\":true", "");
            log.add_edited("2026-12-01T07:00:00Z", &RELEASE, edit);
        });
    }),
    ("a value of another type", |f| {
        forged(f, |log| {
            with_boot(log);
            log.add_edited("2026-12-01T07:00:00Z", &RELEASE, |s| s.replace("true", "1"));
        });
    }),
    ("a fraction", |f| {
        forged(f, |log| {
            with_boot(log);
            log.add_edited("2026-12-01T07:00:00Z", &RELEASE, |s| s.replace("true", "1.5"));
        });
    }),
    ("a line beyond all bounds", |f| {
        forged(f, |log| {
            with_boot(log);
            let long = "x".repeat(1 << 20);
            log.add_edited("2026-12-01T07:00:00Z", &RELEASE, |s| s.replace("true", &format!("\"{long}\"")));
        });
    }),
    // Not bad, but worth a word.
    ("the last line torn by a power cut", |f| text(f, DEC, |s| s[..s.len() - 40].to_owned())),
    ("something newer than this program", |f| {
        forged(f, |log| {
            with_boot(log);
            log.add_edited("2026-12-01T07:00:00Z", &RELEASE, |s| s.replace("\"release\"", "\"weather\""));
        });
    }),
    ("the clock went back", |f| {
        forged(f, |log| {
            with_boot(log);
            log.add("2026-12-01T05:00:00Z", &RELEASE);
        });
    }),
    ("two outcomes of one occurrence", |f| {
        forged(f, |log| {
            with_boot(log);
            let missed = outcome(slot("2026-12-01T06:30:00Z"), Outcome::Missed, Some(Why::Busy));
            log.add("2026-12-01T07:00:00Z", &missed).add("2026-12-01T07:00:01Z", &missed);
        });
    }),
    ("begun twice, never ended", |f| {
        forged(f, |log| {
            with_boot(log);
            let begun = intent(slot("2026-12-01T06:30:00Z"));
            log.add("2026-12-01T06:30:00Z", &begun).add("2026-12-01T06:31:00Z", &begun);
        });
    }),
];

/// Nobody compares log ids and hashes by eye.
fn short(said: &str, dir: &str) -> String {
    let said = said.replace(dir, "asrun");
    let mut out = String::new();
    let mut hex = String::new();
    for c in said.chars().chain(['\0']) {
        if c.is_ascii_digit() || ('a'..='f').contains(&c) {
            hex.push(c);
            continue;
        }
        let long = hex.len() == 64;
        out.push_str(if long { &hex[..8] } else { &hex });
        if long {
            out.push('…');
        }
        hex.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

/// What `loaxa log …` says, both languages, answers and messages.
fn said(args: &[&str], dir: &str) -> String {
    let both = [Lang::Vi, Lang::En].map(|lang| {
        let (exit, out, err) = loaxa(args, false, lang);
        (exit, short(&format!("{out}{err}"), dir))
    });
    assert_eq!(both[0].0, both[1].0);
    format!("exit {}\n{}\n{}\n", both[0].0, both[0].1.trim_end(), both[1].1.trim_end())
}

#[test]
fn what_was_done_to_a_log_is_named_by_its_line() {
    let dir = tempfile::tempdir().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let pem = keys.path().join("dai.pem");
    std::fs::write(&pem, public(&key(1)).pem()).unwrap();
    let mut out = String::new();
    for (name, alter) in CASES {
        let mut files = Log::sample().files();
        alter(&mut files);
        write(dir.path(), &files);
        let at = dir.path().display().to_string();
        let heard = said(&["log", "verify", &at, "--key", &pem.display().to_string()], &at);
        out.push_str(&format!("## {name}\n{heard}\n"));
    }
    insta::assert_snapshot!("log_findings", out);
}

#[test]
fn what_is_wrong_with_keys_receipts_and_folders_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let log = Log::sample();
    write(dir.path(), &log.files());
    let at_dir = dir.path().display().to_string();
    let keys = tempfile::tempdir().unwrap();
    let keep = |name: &str, content: &[u8]| {
        std::fs::write(keys.path().join(name), content).unwrap();
        keys.path().join(name).display().to_string()
    };
    let hub = keep("hub.pem", public(&key(3)).pem().as_bytes());
    let mut other = Log::new(2);
    other.add("2026-12-01T06:00:00Z", &boot(&key(2)));
    let mut rewritten = Log::sample();
    rewritten.segments[2].1.pop();
    rewritten.add("2026-12-02T06:02:00Z", &RELEASE);
    let registry = keep("registry.json", br#"{"stations":{},"receipt_keys":[]}"#);
    let cases: &[(&str, Vec<String>)] = &[
        ("a key that is none", vec!["--key".into(), keep("khoa.txt", "xin chào".as_bytes())]),
        ("a key file that is absent", vec!["--key".into(), "khong-co.pem".into()]),
        ("the key of another station", vec!["--key".into(), hub.clone()]),
        ("a registry without this station", vec!["--feed".into(), registry]),
        ("a receipt that is none", vec!["--receipt".into(), keep("r1", b"{}\n")]),
        ("a receipt that is absent", vec!["--receipt".into(), "khong-co.json".into()]),
        (
            "a receipt of another hub",
            vec!["--receipt".into(), keep("r2", &log.receipt(20, 2)), "--receipt-key".into(), hub.clone()],
        ),
        ("a receipt of another log", vec!["--receipt".into(), keep("r3", &other.receipt(1, 3))]),
        (
            "a receipt beyond the end",
            vec![
                "--receipt".into(),
                keep("r4", &{
                    let mut longer = Log::sample();
                    longer.add("2026-12-02T07:00:00Z", &RELEASE).add("2026-12-02T08:00:00Z", &RELEASE);
                    longer.receipt(longer.head.seq, 3)
                }),
                "--receipt-key".into(),
                hub.clone(),
            ],
        ),
        (
            "a receipt that shows a rewritten line",
            vec![
                "--receipt".into(),
                keep("r5", &rewritten.receipt(22, 3)),
                "--receipt-key".into(),
                hub.clone(),
            ],
        ),
        ("a receipt that is not proven", vec!["--receipt".into(), keep("r6", &log.receipt(20, 3))]),
    ];
    let mut out = String::new();
    for (name, options) in cases {
        let args: Vec<&str> =
            ["log", "verify", &at_dir].into_iter().chain(options.iter().map(String::as_str)).collect();
        let heard = said(&args, &at_dir).replace(&keys.path().display().to_string(), "keys");
        out.push_str(&format!("## {name}\n{heard}\n"));
    }
    for (name, args) in [
        ("a folder that is absent", ["log", "verify", "khong-co-thu-muc"].as_slice()),
        ("a file in place of a folder", &["log", "verify", &hub]),
        ("show: an instant that is none", &["log", "show", &at_dir, "--from", "hôm qua"]),
        ("show: an outcome that is none", &["log", "show", &at_dir, "--outcome", "tốt"]),
        ("show: a zone that is none", &["log", "show", &at_dir, "--timezone", "Hà Nội"]),
    ] {
        let heard = said(args, &at_dir).replace(&keys.path().display().to_string(), "keys");
        out.push_str(&format!("## {name}\n{heard}\n"));
    }
    insta::assert_snapshot!("log_keys_and_receipts", out);
}
