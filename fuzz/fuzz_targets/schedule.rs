//! YAML that an office or a province writes, and crontab lines: no panic, and what is read is read the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loaxa::{
    schedule::{
        file::Schedule,
        policy::Policy,
        registry::{AreaStations, Registry},
    },
    text::Lang,
};

fuzz_target!(|data: &[u8]| {
    let Some((which, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let faults = match which % 4 {
        0 => Schedule::read("f.yaml", text).err(),
        1 => Policy::read("f.yaml", text).err(),
        2 => AreaStations::read("f.yaml", text).err(),
        _ => match Registry::read("f.yaml", text) {
            Err(faults) => Some(faults),
            Ok((registry, _)) => {
                // What the office writes back must be what it read.
                let again = Registry::read("f.yaml", &registry.to_yaml()).map(|(again, _)| again.to_yaml());
                assert_eq!(again.ok(), Some(registry.to_yaml()));
                None
            }
        },
    };
    if let Some(faults) = faults {
        assert!(!faults.to(Lang::Vi).is_empty() && !faults.to(Lang::En).is_empty(), "refused without a word");
    }
});
