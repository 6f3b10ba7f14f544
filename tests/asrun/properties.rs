//! What holds for every log, not only for those that somebody thought of.

use loaxa::asrun::{
    findings::Findings,
    record::Record,
    show::{self, Filter},
    verify::{Expect, Verifier, receipts},
    words::ZONE,
};
use loaxa::text::Lang;
use proptest::{collection::vec, prelude::*};

use crate::{
    bodies::{body, boot_body, instant},
    support::*,
};

fn judge(files: &std::collections::BTreeMap<String, Vec<u8>>) -> Findings {
    let mut verifier = Verifier::new(Expect::Key(public(&key(1))), Vec::new());
    for (name, content) in files {
        verifier.take(name, content);
    }
    verifier.finish()
}

fn any_log() -> impl Strategy<Value = (Log, Vec<loaxa::asrun::record::Body>)> {
    let rest = vec((instant(), body()), 0..12);
    (instant(), boot_body(), rest).prop_map(|(first, boot, rest)| {
        let mut log = Log::new(1);
        let mut bodies = Vec::new();
        for (when, body) in std::iter::once((first, boot)).chain(rest) {
            log.add(&when.to_rfc3339(), &body);
            bodies.push(body);
        }
        (log, bodies)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_verifies_and_reads_back((log, bodies) in any_log()) {
        let findings = judge(&log.files());
        prop_assert_eq!(&findings.bad, &None);
        prop_assert_eq!(findings.last, Some(log.head));
        prop_assert!(!findings.notes.iter().any(|n| n.what.word() == "newer"), "{:?}", findings.notes);
        let read: Vec<_> = log.lines().iter().map(|l| Record::read(l).and_then(|r| r.body)).collect();
        prop_assert_eq!(read, bodies.into_iter().map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn any_change_of_any_byte_is_found((log, _) in any_log(), place: prop::sample::Index, bits in 1u8..) {
        let mut files = log.files();
        let names: Vec<_> = files.keys().cloned().collect();
        let name = &names[place.index(names.len())];
        let content = files.get_mut(name).unwrap();
        let at = place.index(content.len());
        content[at] ^= bits;
        let torn = name == names.last().unwrap() && at == content.len() - 1;
        prop_assert_eq!(judge(&files).ok(), torn && log.lines().len() > 1);
    }

    #[test]
    fn any_line_left_out_or_moved_is_found((log, _) in any_log(), from: prop::sample::Index, to: prop::sample::Index) {
        let lines = log.lines();
        let (from, to) = (from.index(lines.len()), to.index(lines.len()));
        let mut moved = log.clone();
        let mut all = lines.clone();
        let line = all.remove(from);
        all.insert(to, line);
        let mut rest = all.into_iter();
        for (_, lines) in &mut moved.segments {
            *lines = rest.by_ref().take(lines.len()).collect();
        }
        prop_assert_eq!(judge(&moved.files()).ok(), from == to);
    }

    #[test]
    fn arbitrary_bytes_are_judged_and_shown_without_a_panic(
        bytes in vec(any::<u8>(), 0..400), name in "[ -~]{0,30}", cut: prop::sample::Index, n in 0usize..3
    ) {
        let mut verifier = Verifier::new(Expect::Anyone, Vec::new());
        let mut content = Log::sample().files().into_values().next().unwrap();
        let at = cut.index(content.len());
        content.splice(at..at, bytes.iter().copied().take(n * 9));
        verifier.take("000000000001-2026-10.jsonl", &content);
        verifier.take(&name, &bytes);
        let findings = verifier.finish();
        for lang in [Lang::Vi, Lang::En] {
            prop_assert!(!findings.to(lang).is_empty());
        }
        for line in content.split(|b| *b == b'\n').chain([&bytes[..]]) {
            if let Some(record) = Record::read(line) {
                Filter::default().takes(&record);
                show::csv_row(&record, ZONE, Lang::Vi);
            }
        }
        receipts("r", &bytes, None, n == 0).ok();
    }

    #[test]
    fn every_record_has_words_in_both_languages_and_a_safe_row(body in body(), when in instant()) {
        let record = Record { seq: 1, prev: loaxa::digest::Digest::ZERO, at: when, body: Some(body) };
        let said = show::sentence(&record, ZONE);
        prop_assert!(!said.vi.is_empty() && !said.en.is_empty());
        let row = show::csv_row(&record, ZONE, Lang::Vi);
        prop_assert!(row.ends_with("\"\r\n") && row.matches("\r\n").count() == 1);
        for cell in row.trim_end().split("\",\"") {
            let cell = cell.trim_matches('"');
            let formula = cell.starts_with(['=', '+', '@']) || (cell.starts_with('-') && cell.parse::<i64>().is_err());
            prop_assert!(!formula, "{row}");
        }
    }
}
