//! Lines of an as-run log that anyone may hand in: no panic, what is canonical prints as the same bytes, and what
//! verifies can be shown, recovered from, and verifies again. Numbers, hashes and signatures that stand at the usual
//! place are mended when the first byte is odd, so that the fuzzer gets behind the chain.
#![no_main]

use chrono_tz::Asia::Ho_Chi_Minh;
use libfuzzer_sys::fuzz_target;
use loaxa::{
    asrun::{
        canon::{self, Json},
        key::{LogKey, Verifying},
        record::Record,
        recover::Recovered,
        show,
        verify::{Expect, Verifier, receipts},
    },
    digest::Digest,
    text::Lang,
};

const SEGMENT: &str = "000000000001-2026-12.jsonl";
/// Of `,"sig":"`, 128 digits, `"}`.
const TAIL: usize = 138;

/// Writes `seq`, `prev` and the signature anew in every line that has them where they belong.
fn chain(data: &[u8], key: &LogKey) -> Vec<u8> {
    let (mut out, mut prev) = (Vec::new(), Digest::ZERO);
    for (i, line) in data.split(|b| *b == b'\n').filter(|line| !line.is_empty()).enumerate() {
        let begin = format!("{{\"format\":1,\"seq\":{},\"prev\":\"{prev}\",", i + 1);
        let body = line.windows(5).position(|w| w == b"\"at\":").map_or(line, |at| &line[at..]);
        let body = match body.len().checked_sub(TAIL) {
            Some(at) if body[at..].starts_with(b",\"sig\":\"") => &body[..at],
            _ => body.strip_suffix(b"}").unwrap_or(body),
        };
        let mut unsigned = [begin.as_bytes(), body].concat();
        unsigned.push(b'}');
        let line = canon::seal(unsigned, |bytes| key.sign(bytes));
        prev = Digest::of(&line);
        out.extend_from_slice(&line);
        out.push(b'\n');
    }
    out
}

fn read(line: &[u8]) {
    if let Ok(value) = Json::read(line) {
        assert_eq!(canon::print(&value).as_deref(), Ok(line));
    }
    if let Some(record) = Record::read(line) {
        let said = show::sentence(&record, Ho_Chi_Minh);
        assert!(!said.vi.is_empty() && !said.en.is_empty());
        assert_eq!(show::csv_row(&record, Ho_Chi_Minh, Lang::Vi).matches('\n').count(), 1, "one row a record");
        let mut recovered = Recovered::default();
        recovered.take(record);
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((how, rest)) = data.split_first() else { return };
    let Ok(key) = LogKey::from_seed(&[7; 32]) else { return };
    let bytes = if how % 2 == 1 { chain(rest, &key) } else { rest.to_vec() };
    for line in bytes.split(|b| *b == b'\n') {
        read(line);
    }
    let held = receipts("receipts.jsonl", rest, None, true).unwrap_or_default();
    let whose = Verifying::new(key.public()).map_or(Expect::Anyone, Expect::Key);
    for expect in [Expect::Anyone, whose] {
        let mut verifier = Verifier::new(expect, held.clone());
        verifier.take(SEGMENT, &bytes);
        let findings = verifier.finish();
        assert!(!findings.to(Lang::Vi).is_empty() && !findings.to(Lang::En).is_empty());
    }
});
