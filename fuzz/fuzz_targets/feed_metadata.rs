//! Metadata and small signed files as any server may send them: no panic, and nothing counts as signed by itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loaxa::feed::{
    UrgentOrder,
    formats::Withdrawals,
    verify::{by_root, parse},
};
use tough::schema::{Root, Snapshot, Targets, Timestamp};

fuzz_target!(|data: &[u8]| {
    let Some((which, bytes)) = data.split_first() else { return };
    match which % 6 {
        0 => {
            if let Ok(root) = parse::<Root>("root", bytes) {
                // The fuzzer has no keys: whoever it counts, it counts from signatures that it was given.
                let signers = by_root(&root.signed, &root, "root").map_or(0, |signers| signers.len());
                assert!(signers <= root.signatures.len());
            }
        }
        1 => drop(parse::<Timestamp>("timestamp", bytes)),
        2 => drop(parse::<Snapshot>("snapshot", bytes)),
        3 => drop(parse::<Targets>("targets", bytes)),
        4 => drop(Withdrawals::read(bytes)),
        _ => {
            if let Ok(order) = UrgentOrder::read("order", bytes) {
                assert!(order.check().is_ok());
            }
        }
    }
});
