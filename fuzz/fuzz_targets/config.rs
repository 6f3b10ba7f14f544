//! The station's own configuration: no panic, and never refused without a word.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loaxa::{station::config::Config, text::Lang};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(faults) = Config::read("station.yaml", text) {
        assert!(!faults.to(Lang::Vi).is_empty() && !faults.to(Lang::En).is_empty());
    }
});
