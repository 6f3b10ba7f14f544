//! Old segments that the hub holds may go; nothing else may.

use std::{fs, path::Path};

use loaxa::asrun::{
    journal::{HORIZON, Journal, Session},
    prune::{PruneError, prune},
    receipt::Receipt,
    record::*,
    shelf,
};

use crate::support::*;

fn four_years(dir: &Path) -> Journal {
    let session = Session {
        station: station(),
        version: "0.1.0".into(),
        boot_id: None,
        at: at("2026-01-01T00:00:00Z"),
        horizon: HORIZON,
    };
    let (mut journal, _) = Journal::open(dir, key(1), session).unwrap();
    for year in 2026..2030 {
        for month in 1..=12 {
            let due = format!("{year}-{month:02}-15T06:00:00Z");
            journal.append(at(&due), &outcome(slot(&due), Outcome::Played, None)).unwrap();
        }
    }
    journal
}

fn receipt(journal: &Journal, seq: u64, signer: u8) -> Vec<u8> {
    let line = lines(journal.dir()).swap_remove(seq as usize - 1);
    let hash = loaxa::digest::Digest::of(&line);
    Receipt { log: journal.id(), seq, hash, at: at("2029-12-31T00:00:00Z") }.line(&key(signer)).unwrap()
}

fn lines(dir: &Path) -> Vec<Vec<u8>> {
    let names = shelf::segments(dir).unwrap();
    let read = |name: &loaxa::asrun::segment::SegmentName| fs::read(dir.join(name.to_string())).unwrap();
    let text = names.iter().map(read).collect::<Vec<_>>().concat();
    text.split_inclusive(|b| *b == b'\n').map(|l| l.trim_ascii_end().to_vec()).collect()
}

#[test]
fn what_is_old_and_receipted_goes_and_the_rest_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let journal = four_years(dir.path());
    let keys = [public(&key(3))];
    let now = at("2029-12-20T00:00:00Z");
    // Line 1 is the boot record, so that line n + 1 is of the n-th month.
    let gone = prune(&journal, now, &receipt(&journal, 7, 3), &keys).unwrap();
    assert_eq!(gone.iter().map(|n| n.month.to_string()).collect::<Vec<_>>().join(" "), months(1..=6));
    let gone = prune(&journal, now, &receipt_of_head(&journal), &keys).unwrap();
    assert_eq!(gone.iter().map(|n| n.month.to_string()).collect::<Vec<_>>().join(" "), months(7..=11));
    assert_eq!(prune(&journal, now, &receipt_of_head(&journal), &keys).unwrap(), []);
    drop(journal);
    let mut both = Both::start();
    let registry = both.registry(&[("tram-xa-an-thuong", 1)], &[3]);
    let verdict = both.judge(dir.path(), &["--feed", &registry]);
    assert_eq!((bad(&verdict), &verdict["out"]["first"]), (String::new(), &13.into()));
    assert_eq!(bad(&both.judge(dir.path(), &[])), "000000000013-2026-12.jsonl:1 missing-start");
    let again =
        Session { station: station(), version: "0.1.0".into(), boot_id: None, at: now, horizon: HORIZON };
    let (journal, _) = Journal::open(dir.path(), key(1), again).unwrap();
    assert_eq!(journal.head().seq, 50);
}

fn months(range: std::ops::RangeInclusive<u32>) -> String {
    range.map(|m| format!("2026-{m:02}")).collect::<Vec<_>>().join(" ")
}

fn receipt_of_head(journal: &Journal) -> Vec<u8> {
    let (seq, hash) = (journal.head().seq, journal.head().hash);
    Receipt { log: journal.id(), seq, hash, at: at("2029-12-31T00:00:00Z") }.line(&key(3)).unwrap()
}

#[test]
fn without_a_proven_receipt_for_this_log_nothing_goes() {
    let dir = tempfile::tempdir().unwrap();
    let journal = four_years(dir.path());
    let before = shelf::segments(dir.path()).unwrap();
    let keys = [public(&key(3))];
    let now = at("2029-12-20T00:00:00Z");
    let unsigned = receipt(&journal, 49, 2);
    assert!(matches!(prune(&journal, now, &unsigned, &keys), Err(PruneError::Receipt(_))));
    let hash = journal.head().hash;
    for (log, seq) in [(key(2).id(), 49), (key(1).id(), 48), (key(1).id(), 50)] {
        let other = Receipt { log, seq, hash, at: now }.line(&key(3)).unwrap();
        assert!(matches!(prune(&journal, now, &other, &keys), Err(PruneError::Disagrees)));
    }
    // Young enough: 36 months after its own month it is still there.
    assert_eq!(prune(&journal, at("2029-01-31T00:00:00Z"), &receipt_of_head(&journal), &keys).unwrap(), []);
    assert_eq!(shelf::segments(dir.path()).unwrap(), before);
}
