//! The strings of src/text, read from the source.

use std::{fs, path::Path};

use unicode_normalization::UnicodeNormalization;

use crate::is_vietnamese;

struct Pair {
    place: String,
    vi: String,
    en: String,
}

/// Messages whose Vietnamese has no accent and needs none.
const PLAIN: &[&str] = &["Loa  ", "ghi là: ", "ghi `"];

/// English words that betray a sentence left untranslated; none is a Vietnamese word.
const ENGLISH: &[&str] = &[
    "the", "is", "are", "was", "of", "and", "or", "not", "with", "from", "file", "missing", "invalid",
    "error", "failed", "cannot", "must", "unknown", "expected", "found", "please",
];

/// All pairs `"…" / "…"` below src/text.
fn pairs() -> Vec<Pair> {
    let mut all = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text");
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                read(&path, &mut all);
            }
        }
    }
    all
}

fn read(path: &Path, all: &mut Vec<Pair>) {
    let source = fs::read_to_string(path).unwrap();
    // Tests and examples in comments are no messages.
    let source = source.split("#[cfg(test)]").next().unwrap();
    let lines: Vec<&str> =
        source.lines().map(|l| if l.trim_start().starts_with("//") { "" } else { l }).collect();
    let source = lines.join("\n");
    let name = path.file_name().unwrap().to_string_lossy();
    let (mut rest, mut before): (&str, Option<(String, usize)>) = (&source, None);
    while let Some(open) = rest.find('"') {
        let (text, end) = literal(&rest[open + 1..]);
        let at = source.len() - rest.len() + open;
        let line = source[..at].matches('\n').count() + 1;
        let between = &rest[..open];
        match before.take() {
            Some((vi, line)) if between.trim() == "/" => {
                all.push(Pair { place: format!("{name}:{line}"), vi, en: text });
            }
            _ => before = Some((text, line)),
        }
        rest = &rest[open + 1 + end..];
    }
}

/// A string literal behind its opening quote: its value, and where it ends.
fn literal(source: &str) -> (String, usize) {
    let (mut value, mut chars) = (String::new(), source.char_indices());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, at + 1),
            '\\' => match chars.next().map(|(_, c)| c) {
                Some('n') => value.push('\n'),
                Some(other) => value.push(other),
                None => break,
            },
            c => value.push(c),
        }
    }
    panic!("a string that does not end: {value}");
}

/// The words of a message, without placeholders, code in backticks, addresses and options.
fn words(text: &str) -> Vec<String> {
    let mut plain = String::new();
    let (mut depth, mut code) = (0, false);
    for c in text.chars() {
        match c {
            '`' => code = !code,
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 && !code => plain.push(c),
            _ => plain.push(' '),
        }
    }
    let own = |w: &&str| !w.starts_with("--") && !w.contains(['/', ':', '=', '.', '_', '@']);
    let split = plain
        .split_whitespace()
        .filter(|w| !w.starts_with("--"))
        .map(|w| w.trim_matches(|c: char| c.is_ascii_punctuation()))
        .filter(own)
        .flat_map(|w| w.split(|c: char| !c.is_alphabetic()));
    split.filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
}

/// Names of peoples and their languages, which English takes over; words that have no accent.
const NAMES: [&str; 7] = ["Nùng", "Tày", "Cao Lan", "Dao", "Webhook", "Xem", "SAI"];

#[test]
fn every_message_is_written_in_vietnamese_with_its_accents() {
    let all = pairs();
    assert!(all.len() > 600, "{}", all.len());
    let mut wrong = Vec::new();
    for Pair { place, vi, en } in &all {
        let mut fault = |what: &str| wrong.push(format!("{place}: {what}: {vi:?}"));
        if *vi != vi.nfc().collect::<String>() || *en != en.nfc().collect::<String>() {
            fault("not NFC");
        }
        if words(vi).is_empty() || NAMES.contains(&vi.as_str()) {
            continue;
        }
        if vi == en {
            fault("the same as in English");
        }
        if !words(vi).iter().any(|w| w.contains(is_vietnamese)) && !PLAIN.iter().any(|p| vi.contains(p)) {
            fault("no accent");
        }
        if let Some(word) = words(vi).iter().find(|w| ENGLISH.contains(&w.as_str())) {
            fault(&format!("English `{word}`"));
        }
        if words(en).iter().any(|w| w.contains(is_vietnamese)) && !en.contains("=\"") {
            fault("Vietnamese in English");
        }
        if let Some(word) = words(vi).iter().find(|w| has_the_other_tone_place(w)) {
            fault(&format!("the tone of `{word}` stands elsewhere in the other messages"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

/// `khoá`, `uỷ`: the catalogue writes `khóa`, `ủy`.
fn has_the_other_tone_place(word: &str) -> bool {
    let ends = |ends: &[&str]| ends.iter().any(|e| word.ends_with(e));
    ends(&["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ"])
        || ends(&["uỳ", "uý", "uỷ", "uỹ", "uỵ"]) && !ends(&["quỳ", "quý", "quỷ", "quỹ", "quỵ"])
}

#[test]
fn one_thing_has_one_name() {
    // The word that is used, and others for the same thing that are not.
    let names = [
        ("danh bạ đài", ["sổ đăng ký", "danh sách đăng ký"].as_slice()),
        ("quy định", &["chính sách phát"]),
        ("khung giờ phát", &["suất phát", "khe phát"]),
        ("nhật ký phát sóng", &["nhật kí", "sổ phát sóng"]),
        ("nguồn phát", &["nguồn cấp", "feed phát"]),
        ("nhạc hiệu", &["chuông báo"]),
        ("khẩn cấp", &["khẩn thiết"]),
    ];
    let wrong: Vec<String> = pairs()
        .iter()
        .flat_map(|pair| {
            let vi = pair.vi.to_lowercase();
            let others = names.iter().flat_map(|(is, others)| others.iter().map(move |other| (is, other)));
            let found =
                others.filter(|(_, other)| vi.contains(**other)).map(|(is, _)| *is).collect::<Vec<_>>();
            found.into_iter().map(|is| format!("{}: say {is}: {}", pair.place, pair.vi)).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
