//! What a receipt proves: that no tail is cut, that nothing was written again, that a beginning may be gone.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::*;

const OCT: &str = "000000000001-2026-10.jsonl";
const NOV: &str = "000000000007-2026-11.jsonl";
const DEC: &str = "000000000013-2026-12.jsonl";

struct Bench {
    both: Both,
    dir: tempfile::TempDir,
    log: Log,
    key: String,
    registry: String,
}

impl Bench {
    /// The registry lists key 3 for receipts.
    fn new() -> Self {
        let both = Both::start();
        let (key, registry) = (both.key_file(1), both.registry(&[("tram-xa-an-thuong", 1)], &[3]));
        Self { both, dir: tempfile::tempdir().unwrap(), log: Log::sample(), key, registry }
    }

    fn judge(&mut self, files: &BTreeMap<String, Vec<u8>>, receipt: &[u8], options: &[&str]) -> Value {
        write(self.dir.path(), files);
        let receipt = self.both.keep("receipt", receipt);
        self.both.judge(self.dir.path(), &[options, &["--receipt", &receipt]].concat())
    }

    fn by_feed(&mut self, files: &BTreeMap<String, Vec<u8>>, receipt: &[u8]) -> Value {
        let registry = self.registry.clone();
        self.judge(files, receipt, &["--feed", &registry])
    }
}

/// The last `n` lines gone.
fn cut(log: &Log, n: usize) -> BTreeMap<String, Vec<u8>> {
    let mut log = log.clone();
    for _ in 0..n {
        let (_, lines) = log.segments.last_mut().unwrap();
        lines.pop();
        if lines.is_empty() {
            log.segments.pop();
        }
    }
    log.files()
}

#[test]
fn a_cut_tail_shows_with_a_receipt_and_only_with_one() {
    let mut bench = Bench::new();
    let log = bench.log.clone();
    let last = log.lines().len();
    let receipt = log.receipt(last as u64, 3);
    let verdict = bench.by_feed(&log.files(), &receipt);
    assert_eq!((bad(&verdict), &verdict["out"]["receipt"]["proven"]), (String::new(), &true.into()));
    for n in 1..last {
        let files = cut(&log, n);
        let verdict = bench.by_feed(&files, &receipt);
        let (name, content) = files.last_key_value().unwrap();
        let line = content.iter().filter(|b| **b == b'\n').count() + 1;
        assert_eq!(bad(&verdict), format!("{name}:{line} cut"), "{n} lines cut");
        let key = bench.key.clone();
        assert_eq!(bench.both.judge(bench.dir.path(), &["--key", &key])["exit"], 0);
    }
    // A torn last line does not hide that it was whole once.
    let mut files = cut(&log, 1);
    files.get_mut(DEC).unwrap().extend_from_slice(&log.lines()[last - 1]);
    let verdict = bench.by_feed(&files, &receipt);
    assert!(bad(&verdict).ends_with(" cut"), "{verdict}");
    assert_eq!(notes(&verdict), ["open-intent", "torn"], "the line that was torn was an outcome");
}

#[test]
fn a_log_written_again_by_its_own_key_shows() {
    let mut bench = Bench::new();
    let receipt = bench.log.receipt(6, 3);
    let mut again = Log::new(1);
    again.add("2026-10-30T22:00:00Z", &boot(&key(1)));
    for _ in 0..8 {
        again.add("2026-10-30T22:00:00Z", &clock_trusted("2026-10-30T22:00:00Z"));
    }
    assert_eq!(bad(&bench.by_feed(&again.files(), &receipt)), format!("{OCT}:6 rewritten"));
    let key = bench.key.clone();
    assert_eq!(
        bench.both.judge(bench.dir.path(), &["--key", &key])["exit"],
        0,
        "without it, nobody can tell"
    );
}

#[test]
fn a_receipt_must_be_signed_well_written_and_for_this_log() {
    let mut bench = Bench::new();
    let log = bench.log.clone();
    let files = log.files();
    let good = log.receipt(8, 3);
    let text = String::from_utf8(good.clone()).unwrap();
    let mut case = |receipt: &[u8]| bad(&bench.by_feed(&files, receipt));
    assert_eq!(case(&log.receipt(8, 2)), "receipt:1 receipt-signature");
    assert_eq!(case(text.replace("\"seq\":8", "\"seq\":7").as_bytes()), "receipt:1 receipt-signature");
    assert_eq!(case(text.replace("\"seq\":8", "\"seq\": 8").as_bytes()), "receipt:1 receipt-malformed");
    assert_eq!(case(text.replace("{\"log\"", "{\"lag\"").as_bytes()), "receipt:1 receipt-malformed");
    assert_eq!(case(b"{}"), "receipt:1 receipt-malformed");
    assert_eq!(case(b"\n"), "receipt:1 receipt-malformed");
    assert_eq!(case(&[&good, &b"\n"[..], &good[..40]].concat()), "receipt:2 receipt-malformed");
    assert_eq!(case(&[&good, &b"\n"[..], &log.receipt(20, 3), b"\n"].concat()), "");
    let mut other = Log::new(2);
    other.add("2026-10-30T22:00:00Z", &boot(&key(2)));
    assert_eq!(case(&other.receipt(1, 3)), "receipt:1 receipt-other-log");
    for at in (0..good.len()).step_by(3) {
        let mut flipped = good.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(!case(&flipped).is_empty(), "byte {at}");
    }
}

#[test]
fn a_receipt_of_an_unknown_signer_is_compared_and_called_unproven() {
    let mut bench = Bench::new();
    let log = bench.log.clone();
    let key = bench.key.clone();
    let verdict = bench.judge(&log.files(), &log.receipt(9, 2), &["--key", &key]);
    assert_eq!((bad(&verdict), &verdict["out"]["receipt"]["proven"]), (String::new(), &false.into()));
    let verdict = bench.judge(&cut(&log, 14), &log.receipt(9, 2), &["--key", &key]);
    assert!(bad(&verdict).ends_with(" cut"), "{verdict}");
    let hub = bench.both.key_file(3);
    let options = ["--key", &key, "--receipt-key", &hub];
    assert_eq!(bad(&bench.judge(&log.files(), &log.receipt(9, 2), &options)), "receipt:1 receipt-signature");
    let verdict = bench.judge(&log.files(), &log.receipt(9, 3), &options);
    assert_eq!(verdict["out"]["receipt"]["proven"], true);
}

#[test]
fn a_beginning_may_be_gone_only_where_a_proven_receipt_covers_it() {
    let mut bench = Bench::new();
    let log = bench.log.clone();
    let mut pruned = log.files();
    pruned.remove(OCT);
    let missing = format!("{NOV}:1 missing-start");
    assert_eq!(bad(&bench.by_feed(&pruned, &log.receipt(5, 3))), missing);
    for seq in [6, 7, 20] {
        assert_eq!(bad(&bench.by_feed(&pruned, &log.receipt(seq, 3))), "", "{seq}");
    }
    let key = bench.key.clone();
    assert_eq!(bad(&bench.judge(&pruned, &log.receipt(6, 3), &["--key", &key])), missing);
    // The station keeps the newest receipt beside the log.
    let mut kept = pruned.clone();
    kept.insert("receipts.jsonl".into(), [&log.receipt(9, 3)[..], b"\n", b"{\"log\":\"torn"].concat());
    let registry = bench.registry.clone();
    write(bench.dir.path(), &kept);
    assert_eq!(bad(&bench.both.judge(bench.dir.path(), &["--feed", &registry])), "");
    // Pruned, and what is left written again: the line before the first is not the one that was signed for.
    let (own, mut forged) = (crate::support::key(1), Log::new(1));
    for _ in 0..6 {
        forged.add("2026-10-30T22:00:00Z", &boot(&own));
    }
    forged.add("2026-11-01T06:00:00Z", &boot(&own));
    let mut files = forged.files();
    files.remove(OCT);
    assert_eq!(bad(&bench.by_feed(&files, &log.receipt(6, 3))), format!("{NOV}:1 rewritten"));
    pruned.remove(NOV);
    assert_eq!(bad(&bench.by_feed(&pruned, &log.receipt(11, 3))), format!("{DEC}:1 missing-start"));
}
