//! Two verifiers, one written in Rust and one in Python from docs/asrun.md, over the same logs, good and tampered.

use std::collections::BTreeMap;

use loaxa::asrun::record::{Body, Outcome, OutcomeRecord, Run, Why};

use crate::support::*;

type Files = BTreeMap<String, Vec<u8>>;

const OCT: &str = "000000000001-2026-10.jsonl";
const NOV: &str = "000000000007-2026-11.jsonl";
const DEC: &str = "000000000013-2026-12.jsonl";

struct Bench {
    both: Both,
    dir: tempfile::TempDir,
    key: String,
}

impl Bench {
    fn new() -> Self {
        let both = Both::start();
        let key = both.key_file(1);
        Self { both, dir: tempfile::tempdir().unwrap(), key }
    }

    fn judge(&mut self, files: &Files) -> serde_json::Value {
        write(self.dir.path(), files);
        let key = self.key.clone();
        self.both.judge(self.dir.path(), &["--key", &key])
    }

    fn judge_without_key(&mut self, files: &Files) -> serde_json::Value {
        write(self.dir.path(), files);
        self.both.judge(self.dir.path(), &[])
    }
}

fn lines_of(files: &Files, name: &str) -> Vec<Vec<u8>> {
    files[name].split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}

#[test]
fn an_untouched_log_verifies_by_key_by_registry_and_by_nothing() {
    let mut bench = Bench::new();
    let files = Log::sample().files();
    assert_eq!(files.keys().collect::<Vec<_>>(), [OCT, NOV, DEC]);
    let verdict = bench.judge(&files);
    assert_eq!((bad(&verdict), notes(&verdict)), (String::new(), vec![]));
    assert_eq!(verdict["out"]["signer"], "key");
    let unproven = bench.judge_without_key(&files);
    assert_eq!((&unproven["exit"], &unproven["out"]["signer"]), (&0.into(), &"unproven".into()));
    let mut with_key = files.clone();
    with_key.insert("public.pem".into(), public(&key(1)).pem().into_bytes());
    assert_eq!(bench.judge_without_key(&with_key)["out"]["signer"], "enclosed");
    let registry = bench.both.registry(&[("tram-khac", 2), ("tram-xa-an-thuong", 1)], &[3]);
    let registered = bench.both.judge(bench.dir.path(), &["--feed", &registry]);
    assert_eq!((&registered["exit"], &registered["out"]["signer"]), (&0.into(), &"registry".into()));
    let hex = bench.both.keep("k", public(&key(1)).hex().as_bytes());
    assert_eq!(bench.both.judge(bench.dir.path(), &["--key", &hex])["exit"], 0);
}

#[test]
fn another_key_another_station_and_a_re_signed_log_are_named() {
    let mut bench = Bench::new();
    write(bench.dir.path(), &Log::sample().files());
    let other = bench.both.key_file(2);
    assert_eq!(bad(&bench.both.judge(bench.dir.path(), &["--key", &other])), format!("{OCT}:1 signature"));
    let registry = bench.both.registry(&[("tram-khac", 1)], &[]);
    let verdict = bench.both.judge(bench.dir.path(), &["--feed", &registry]);
    assert_eq!(bad(&verdict), format!("{OCT}:1 other-station"));
    let registry = bench.both.registry(&[("tram-khac", 2)], &[]);
    let verdict = bench.both.judge(bench.dir.path(), &["--feed", &registry]);
    assert_eq!(bad(&verdict), format!("{OCT}:1 unregistered"));
    // Signed by another hand, but claiming the log id of the first.
    let mut forged = Log::new(2);
    forged.add("2026-10-30T22:00:00Z", &boot(&key(1)));
    write(bench.dir.path(), &forged.files());
    assert_eq!(bad(&bench.both.judge(bench.dir.path(), &["--key", &other])), format!("{OCT}:1 other-log"));
}

#[test]
fn every_flipped_byte_is_named_at_its_line_or_the_next() {
    let mut bench = Bench::new();
    let files = Log::sample().files();
    let mut judged = 0;
    for (name, content) in &files {
        let lines = lines_of(&files, name).len();
        // A prime stride meets every part of a line; the bit changes with the place.
        for at in (0..content.len()).step_by(29) {
            let mut files = files.clone();
            let byte = &mut files.get_mut(name).unwrap()[at];
            *byte ^= 1 << (at % 8);
            let verdict = bench.judge(&files);
            let line = content[..at].iter().filter(|b| **b == b'\n').count() + 1;
            if at == content.len() - 1 && name == DEC {
                assert_eq!((bad(&verdict), notes(&verdict)), (String::new(), vec!["torn".to_owned()]));
            } else {
                let place = format!("{name}:{line} ");
                assert!(bad(&verdict).starts_with(&place), "byte {at} of {name}: {verdict}");
            }
            judged += 1;
        }
        assert!(lines > 3);
    }
    assert!(judged > 250, "{judged}");
}

#[test]
fn a_flipped_newline_is_named_wherever_it_stood() {
    let mut bench = Bench::new();
    let files = Log::sample().files();
    for (name, content) in &files {
        let newlines = content.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at);
        for (line, at) in newlines.enumerate() {
            let mut files = files.clone();
            files.get_mut(name).unwrap()[at] = b' ';
            let verdict = bench.judge(&files);
            let last_of_all = name == DEC && at == content.len() - 1;
            let said = if last_of_all { String::new() } else { format!("{name}:{} ", line + 1) };
            assert!(bad(&verdict).starts_with(&said) && bad(&verdict).is_empty() == last_of_all, "{verdict}");
        }
    }
}

#[test]
fn without_a_key_a_changed_line_is_still_named_unless_it_is_the_last() {
    let mut bench = Bench::new();
    let files = Log::sample().files();
    let change = |name: &str, line: usize| {
        let mut files = files.clone();
        let mut lines = lines_of(&files, name);
        let text = String::from_utf8(lines[line - 1].clone()).unwrap();
        lines[line - 1] = text.replace("\"outcome\":\"missed\"", "\"outcome\":\"played\"").into_bytes();
        assert_ne!(lines[line - 1], text.into_bytes());
        files.insert(name.into(), lines.concat());
        files
    };
    assert_eq!(bad(&bench.judge_without_key(&change(OCT, 6))), format!("{NOV}:1 prev"));
    assert_eq!(bad(&bench.judge(&change(OCT, 6))), format!("{OCT}:6 signature"));
    assert_eq!(bad(&bench.judge_without_key(&change(NOV, 3))), format!("{NOV}:4 prev"));
}

#[test]
fn every_removed_doubled_and_swapped_line_is_named() {
    let mut bench = Bench::new();
    let files = Log::sample().files();
    for name in files.keys() {
        let lines = lines_of(&files, name);
        for i in 0..lines.len() {
            let last = name == DEC && i + 1 == lines.len();
            let mut edited = |edit: &dyn Fn(&mut Vec<Vec<u8>>)| {
                let mut lines = lines.clone();
                edit(&mut lines);
                let mut files = files.clone();
                files.insert(name.clone(), lines.concat());
                bad(&bench.judge(&files))
            };
            let removed = edited(&|l| drop(l.remove(i)));
            assert_eq!(removed.is_empty(), last, "removed {name}:{}: {removed}", i + 1);
            let doubled = edited(&|l| l.insert(i, l[i].clone()));
            assert_eq!(doubled, format!("{name}:{} repeated", i + 2));
            if i + 1 < lines.len() {
                let swapped = edited(&|l| l.swap(i, i + 1));
                assert_eq!(swapped, format!("{name}:{} gap", i + 1));
            }
        }
    }
}

#[test]
fn segments_taken_away_renamed_joined_or_emptied_are_named() {
    let mut bench = Bench::new();
    let files = Log::sample().files();
    let mut said = Vec::new();
    let mut case = |what: &str, edit: &dyn Fn(&mut Files)| {
        let mut files = files.clone();
        edit(&mut files);
        said.push(format!("{what}: {}", bad(&bench.judge(&files))));
    };
    case("first gone", &|f| drop(f.remove(OCT)));
    case("middle gone", &|f| drop(f.remove(NOV)));
    case("last gone", &|f| drop(f.remove(DEC)));
    case("all gone", &|f| f.clear());
    case("middle emptied", &|f| drop(f.insert(NOV.into(), Vec::new())));
    case("last emptied", &|f| drop(f.insert(DEC.into(), Vec::new())));
    case("joined", &|f| {
        let nov = f.remove(NOV).unwrap();
        f.get_mut(OCT).unwrap().extend(nov);
    });
    case("wrong number", &|f| {
        let nov = f.remove(NOV).unwrap();
        f.insert("000000000008-2026-11.jsonl".into(), nov);
    });
    case("wrong month", &|f| {
        let nov = f.remove(NOV).unwrap();
        f.insert("000000000007-2026-09.jsonl".into(), nov);
    });
    case("a copy", &|f| drop(f.insert("000000000007-2026-12.jsonl".into(), f[NOV].clone())));
    case("odd name", &|f| drop(f.insert("zz.jsonl".into(), Vec::new())));
    case("other files", &|f| drop(f.insert("notes.txt".into(), b"x".to_vec())));
    case("middle torn", &|f| assert_eq!(f.get_mut(NOV).unwrap().pop(), Some(b'\n')));
    case("a line of 1 MiB", &|f| {
        drop(f.insert(DEC.into(), [vec![b'x'; 1_048_577], b"\n".to_vec()].concat()))
    });
    case("a tail of 1 MiB", &|f| drop(f.insert(DEC.into(), vec![b'x'; 1_048_577])));
    insta::assert_snapshot!(said.join("\n"), @r"
    first gone: 000000000007-2026-11.jsonl:1 missing-start
    middle gone: 000000000013-2026-12.jsonl:1 gap
    last gone: 
    all gone: :0 no-log
    middle emptied: 000000000007-2026-11.jsonl:1 empty
    last emptied: 
    joined: 000000000001-2026-10.jsonl:7 month
    wrong number: 000000000008-2026-11.jsonl:1 gap
    wrong month: 000000000007-2026-09.jsonl:1 month
    a copy: 000000000007-2026-12.jsonl:1 repeated
    odd name: zz.jsonl:1 segment-name
    other files: 
    middle torn: 000000000007-2026-11.jsonl:6 unterminated
    a line of 1 MiB: 000000000013-2026-12.jsonl:1 too-long
    a tail of 1 MiB: 000000000013-2026-12.jsonl:1 too-long
    ");
}

#[test]
fn spellings_that_mean_the_same_are_refused_even_when_signed() {
    let mut bench = Bench::new();
    let mut said = Vec::new();
    let cases: [(&str, &str, &str); 21] = [
        ("as it is", "", ""),
        ("escaped letter", "Đường", "\\u0110ường"),
        ("escaped ASCII", "duong", "\\u0064uong"),
        ("short escape", "Đường", "\\tĐường"),
        ("upper-case escape", "Đường", "\\u000AĐường"),
        ("escaped slash", "Đường", "\\/Đường"),
        ("a float", "\"length\":2400000", "\"length\":2400000.0"),
        ("an exponent", "\"length\":2400000", "\"length\":24e5"),
        ("minus zero", "\"length\":2400000", "\"length\":-0"),
        ("a leading zero", "\"length\":2400000", "\"length\":02400000"),
        ("a huge number", "\"length\":2400000", "\"length\":9007199254740992"),
        ("a huge huge number", "\"length\":2400000", "\"length\":99999999999999999999999"),
        ("null", "\"category\":\"support\"", "\"category\":null"),
        ("white space", ",\"kind\"", ", \"kind\""),
        ("a key twice", "\"level_cdb\":-600", "\"level_cdb\":-600,\"level_cdb\":-600"),
        ("a BOM", "{\"format\"", "\u{feff}{\"format\""),
        ("raw DEL is fine", "Đường", "\u{7f}Đường"),
        ("a lone surrogate", "Đường", "\\ud800"),
        ("a pair of surrogates", "Đường", "\\ud83d\\ude00"),
        ("raw emoji is fine", "Đường", "😀"),
        ("NFD is fine", "Đường", "Đu\u{31b}o\u{31b}\u{300}ng"),
    ];
    for (what, from, to) in cases {
        let mut log = Log::new(1);
        log.add("2026-10-30T22:00:00Z", &boot(&key(1)));
        let of = slot("2026-10-31T06:00:00Z");
        log.add_edited("2026-10-31T06:00:00Z", &intent(of), |line| {
            assert!(line.contains(from), "{what}");
            line.replacen(from, to, 1)
        });
        said.push(format!("{what}: {}", bad(&bench.judge(&log.files()))));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    as it is: 
    escaped letter: 000000000001-2026-10.jsonl:2 not-canonical
    escaped ASCII: 000000000001-2026-10.jsonl:2 not-canonical
    short escape: 000000000001-2026-10.jsonl:2 not-canonical
    upper-case escape: 000000000001-2026-10.jsonl:2 not-canonical
    escaped slash: 000000000001-2026-10.jsonl:2 not-canonical
    a float: 000000000001-2026-10.jsonl:2 not-canonical
    an exponent: 000000000001-2026-10.jsonl:2 not-canonical
    minus zero: 000000000001-2026-10.jsonl:2 not-canonical
    a leading zero: 000000000001-2026-10.jsonl:2 not-canonical
    a huge number: 000000000001-2026-10.jsonl:2 not-canonical
    a huge huge number: 000000000001-2026-10.jsonl:2 not-canonical
    null: 000000000001-2026-10.jsonl:2 not-canonical
    white space: 000000000001-2026-10.jsonl:2 not-canonical
    a key twice: 000000000001-2026-10.jsonl:2 not-canonical
    a BOM: 000000000001-2026-10.jsonl:2 not-canonical
    raw DEL is fine: 
    a lone surrogate: 000000000001-2026-10.jsonl:2 not-canonical
    a pair of surrogates: 000000000001-2026-10.jsonl:2 not-canonical
    raw emoji is fine: 
    NFD is fine:
    ");
}

#[test]
fn carriage_returns_blank_lines_and_trailing_space_are_refused() {
    let mut bench = Bench::new();
    let files = Log::sample().files();
    for (from, to) in [("\n", "\r\n"), ("\n", "\n\n"), ("\n", " \n")] {
        let mut files = files.clone();
        let text = String::from_utf8(files[OCT].clone()).unwrap();
        files.insert(OCT.into(), text.replace(from, to).into_bytes());
        let line = if to == "\n\n" { 2 } else { 1 };
        assert_eq!(bad(&bench.judge(&files)), format!("{OCT}:{line} not-canonical"));
    }
}

#[test]
fn what_a_newer_writer_adds_still_verifies_and_what_it_may_not_do_does_not() {
    let mut bench = Bench::new();
    let mut said = Vec::new();
    let cases: [(&str, &str, &str); 20] = [
        ("another kind", "\"kind\":\"intent\"", "\"kind\":\"heard\""),
        ("a later key", ",\"device\":\"plughw:CARD=Device,DEV=0\"", ",\"device\":\"x\",\"zone\":\"loa-1\""),
        ("a later key within", "\"length\":2400000", "\"length\":2400000,\"heard\":[{\"cc\":-98}]"),
        ("a later key of the occurrence", "00.000000Z\"},\"class\"", "00.000000Z\",\"part\":2},\"class\""),
        ("another word", "\"class\":\"priority\"", "\"class\":\"solemn\""),
        ("a word that is none", "\"class\":\"priority\"", "\"class\":\"So Lemn\""),
        (
            "a key out of place",
            "\"level_cdb\":-600,\"clock\":\"synced\"",
            "\"clock\":\"synced\",\"level_cdb\":-600",
        ),
        ("a new key between", "\"level_cdb\":-600", "\"zone\":1,\"level_cdb\":-600"),
        ("a key missing", "\"level_cdb\":-600,", ""),
        ("another type", "\"level_cdb\":-600", "\"level_cdb\":\"-600\""),
        ("a bool for a number", "\"length\":2400000", "\"length\":true"),
        ("a negative length", "\"length\":2400000", "\"length\":-1"),
        ("a bad id", "\"slot\":\"ban-tin-sang\"", "\"slot\":\"../ban\""),
        ("a map out of order", "\"bulletins\":12,\"snapshot\":400", "\"snapshot\":400,\"bulletins\":12"),
        ("an instant that is none", "\"due\":\"2026-10-31T", "\"due\":\"2026-02-30T"),
        ("a leap second", "T06:00:00.000000Z\"}", "T06:00:60.000000Z\"}"),
        ("an instant with a zone", "T06:00:00.000000Z\"}", "T06:00:00.000000+00:00\"}"),
        ("another format", "{\"format\":1", "{\"format\":2"),
        ("no format", "{\"format\":1,\"seq\":2", "{\"seq\":2"),
        ("a key in the envelope", "\"kind\":\"intent\"", "\"by\":1,\"kind\":\"intent\""),
    ];
    for (what, from, to) in cases {
        let mut log = Log::new(1);
        log.add("2026-10-30T22:00:00Z", &boot(&key(1)));
        let of = slot("2026-10-31T06:00:00Z");
        log.add_edited("2026-10-31T06:00:00Z", &intent(of.clone()), |line| {
            assert!(line.contains(from), "{what}");
            line.replacen(from, to, 1)
        });
        log.add("2026-10-31T06:01:00Z", &outcome(of, Outcome::Played, None));
        let verdict = bench.judge(&log.files());
        said.push(format!("{what}: {} {}", bad(&verdict), notes(&verdict).join(" ")));
    }
    insta::assert_snapshot!(said.join("\n"), @r"
    another kind:  newer
    a later key:  newer
    a later key within:  newer
    a later key of the occurrence:  newer
    another word:  newer
    a word that is none: 000000000001-2026-10.jsonl:2 shape 
    a key out of place: 000000000001-2026-10.jsonl:2 shape 
    a new key between: 000000000001-2026-10.jsonl:2 shape 
    a key missing: 000000000001-2026-10.jsonl:2 shape 
    another type: 000000000001-2026-10.jsonl:2 shape 
    a bool for a number: 000000000001-2026-10.jsonl:2 shape 
    a negative length: 000000000001-2026-10.jsonl:2 shape 
    a bad id: 000000000001-2026-10.jsonl:2 shape 
    a map out of order: 000000000001-2026-10.jsonl:2 shape 
    an instant that is none: 000000000001-2026-10.jsonl:2 shape 
    a leap second: 000000000001-2026-10.jsonl:2 shape 
    an instant with a zone: 000000000001-2026-10.jsonl:2 shape 
    another format: 000000000001-2026-10.jsonl:2 format 
    no format: 000000000001-2026-10.jsonl:2 shape 
    a key in the envelope: 000000000001-2026-10.jsonl:2 shape
    ");
}

#[test]
fn lines_of_other_months_other_boots_and_no_boot_are_named() {
    let mut bench = Bench::new();
    let mut no_boot = Log::new(1);
    no_boot.add("2026-10-30T22:00:00Z", &clock_trusted("2026-10-30T22:00:00Z"));
    assert_eq!(bad(&bench.judge(&no_boot.files())), format!("{OCT}:1 no-boot"));
    let mut two = Log::new(1);
    two.add("2026-10-30T22:00:00Z", &boot(&key(1)));
    let mut other = boot(&key(1));
    if let Body::Boot(boot) = &mut other {
        boot.station = "tram-khac".parse().unwrap();
    }
    two.add("2026-10-30T22:00:00Z", &other);
    assert_eq!(bad(&bench.judge(&two.files())), format!("{OCT}:2 other-station"));
    let mut month = Log::sample();
    let (_, december) = month.segments.pop().unwrap();
    month.segments.last_mut().unwrap().1.extend(december);
    assert_eq!(bad(&bench.judge(&month.files())), format!("{NOV}:7 month"));
}

#[test]
fn oddities_of_content_are_notes_and_leave_the_log_good() {
    let mut bench = Bench::new();
    let mut log = Log::new(1);
    let due = "2026-10-31T06:00:00Z";
    let run = |first: &str, last: &str| {
        let Body::Outcome(missed) = outcome(slot(first), Outcome::Missed, Some(Why::Off)) else {
            unreachable!()
        };
        let run = Run { first: at(first), last: at(last), count: 12 };
        Body::Outcome(OutcomeRecord { run: Some(run), ..missed })
    };
    log.add(due, &boot(&key(1)));
    log.add(due, &intent(slot(due)));
    log.add(due, &intent(slot(due)));
    log.add(due, &outcome(slot(due), Outcome::Played, None));
    log.add(due, &outcome(slot(due), Outcome::Missed, Some(Why::Late)));
    log.add(due, &intent(slot(due)));
    log.add("2026-10-30T06:00:00Z", &run("2026-10-31T05:00:00Z", "2026-10-31T05:50:00Z"));
    log.add(due, &run("2026-10-31T05:55:00Z", "2026-10-31T06:30:00Z"));
    log.add(due, &run("2026-10-31T06:30:00Z", "2026-10-31T06:40:00Z"));
    log.add(due, &outcome(slot("2026-10-31T05:10:00Z"), Outcome::Played, None));
    log.add(due, &outcome(urgent(1, due), Outcome::Played, None));
    log.add(due, &outcome(urgent(2, due), Outcome::Played, None));
    log.add(due, &outcome(urgent(2, "2026-10-31T08:00:00Z"), Outcome::Played, None));
    let mut files = log.files();
    files.get_mut(OCT).unwrap().extend_from_slice(b"{\"format\":1,\"seq\":14");
    let verdict = bench.judge(&files);
    assert_eq!(verdict["exit"], 0);
    let notes = verdict["out"]["notes"].as_array().unwrap();
    let said: Vec<_> =
        notes.iter().map(|n| format!("{} {}", n["line"], n["what"].as_str().unwrap())).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    3 intent-again
    5 two-outcomes
    6 intent-again
    7 time-back
    8 two-outcomes
    9 two-outcomes
    10 two-outcomes
    13 two-outcomes
    6 open-intent
    14 torn
    ");
}
