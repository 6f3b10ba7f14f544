//! What offices write beside recordings, as `loaxa office import` reads it. (Damaged recordings: `tests/import/field.rs`.)

use loaxa::{
    office::import::{Overrides, Setting, describe},
    text::Lang,
};

const GOOD: &str = "id: tin-1\nwork: tin\nkind: bulletin\ntitle: { vi: \"Bản tin số 1\", en: News }\ncategory: law\n\
    languages: [vi, tyz]\nhotline: 111\ndirective: 4219/UBND-NC\nvalid_from: 2026-11-01\nvalid_until: 2027-12-31\n\
    transcript: \"Chào bà con.\"\n";

/// A name for the fault, what stands in the good file, what stands there instead.
const CASES: &[(&str, &str, &str)] = &[
    ("id with accents", "id: tin-1", "id: Tin số 1"),
    ("id too long", "id: tin-1", "id: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ("work with a slash", "work: tin", "work: tin/1"),
    ("kind in Vietnamese", "kind: bulletin", "kind: bản tin"),
    ("title is text", "title: { vi: \"Bản tin số 1\", en: News }", "title: Bản tin số 1"),
    ("title in English alone", "vi: \"Bản tin số 1\", ", ""),
    ("title left blank", "\"Bản tin số 1\"", "\"\""),
    ("category in Vietnamese", "category: law", "category: pháp luật"),
    ("category is a list", "category: law", "category: [law, tricks]"),
    ("category missing", "category: law\n", ""),
    ("language by name", "[vi, tyz]", "[tiếng Việt]"),
    ("one language without a list", "[vi, tyz]", "vi"),
    ("no language", "[vi, tyz]", "[]"),
    ("language twice", "[vi, tyz]", "[vi, vi]"),
    ("hotline in words", "hotline: 111", "hotline: một một một"),
    ("hotline is a list", "hotline: 111", "hotline: [111]"),
    ("day the other way", "2026-11-01", "01-11-2026"),
    ("day that does not exist", "2026-11-01", "2026-11-31"),
    ("an instant for a day", "2026-11-01", "2026-11-01T00:00:00+07:00"),
    ("a day in words", "2027-12-31", "cuối năm"),
    ("ends before it begins", "2027-12-31", "2026-10-31"),
    (
        "ended already",
        "valid_from: 2026-11-01\nvalid_until: 2027-12-31",
        "valid_from: 2026-01-01\nvalid_until: 2026-02-01",
    ),
    ("text file in another folder", "transcript: \"Chào bà con.\"", "transcript_file: /etc/passwd"),
    ("misspelt field", "directive:", "directiv:"),
    ("field twice", "category: law", "category: law\ncategory: law"),
    ("quote not closed", "\"Chào bà con.\"", "\"Chào bà con."),
];

#[test]
fn faults_beside_a_recording_are_named_with_place_and_remedy() {
    let setting = Setting { zone: chrono_tz::Asia::Ho_Chi_Minh, today: "2026-11-25".parse().unwrap() };
    let dir = tempfile::tempdir().unwrap();
    let recording = dir.path().join("tin.mp3");
    std::fs::write(dir.path().join("tin.yaml"), GOOD).unwrap();
    describe(&recording, &Overrides::default(), setting).unwrap();
    let mut out = String::new();
    for (name, from, to) in CASES {
        assert!(GOOD.contains(from), "{name}");
        std::fs::write(dir.path().join("tin.yaml"), GOOD.replacen(from, to, 1)).unwrap();
        let faults = describe(&recording, &Overrides::default(), setting).expect_err(name);
        let clean = |lang| faults.to(lang).replace(&format!("{}/", dir.path().display()), "");
        out.push_str(&format!("## {name}\n{}{}\n", clean(Lang::Vi), clean(Lang::En)));
    }
    insta::assert_snapshot!("recording_faults", out);
}
