//! Lines of an as-run log that anyone may hand in: no panic, and what is canonical prints as the same bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loaxa::asrun::{
    canon::{self, Json},
    verify::{Expect, Verifier, receipts},
};

fuzz_target!(|data: &[u8]| {
    if let Ok(value) = Json::read(data) {
        assert_eq!(canon::print(&value).as_deref(), Ok(data));
    }
    drop(receipts("receipts.jsonl", data, None, true));
    let mut verifier = Verifier::new(Expect::Anyone, Vec::new());
    verifier.take("000000000001-2026-12.jsonl", data);
    drop(verifier.finish());
});
