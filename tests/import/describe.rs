//! What people write beside recordings.

use std::{fmt::Write, fs, path::PathBuf};

use loaxa::{
    bulletin::Kind,
    office::import::{Description, Overrides, Setting, describe},
    text::Lang,
};
use tempfile::TempDir;
use unicode_normalization::UnicodeNormalization;

fn setting() -> Setting {
    Setting { zone: chrono_tz::Asia::Ho_Chi_Minh, today: "2026-11-25".parse().unwrap() }
}

/// Names and contents.
type Files<'a> = &'a [(&'a str, &'a [u8])];

/// A recording `tin.mp3` with these files beside it.
fn recording(files: Files) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    let path = dir.path().join("tin.mp3");
    (dir, path)
}

fn said(yaml: &str) -> Description {
    let (_dir, path) = recording(&[("tin.yaml", yaml.as_bytes())]);
    describe(&path, &Overrides::default(), setting()).unwrap_or_else(|f| panic!("{f}"))
}

const FULL: &str = "id: tin-1\nwork: tin\ntitle: { vi: \"Bản tin số 1\", en: News }\ncategory: law\nlanguages: [vi, tyz]\n\
                    hotline: 111\ndirective: 4219/UBND-NC\nvalid_from: 2026-11-01\nvalid_until: 2027-12-31\ntranscript: \"Chào bà con.\"\n";

#[test]
fn a_sidecar_becomes_a_description() {
    let said = said(FULL);
    assert_eq!((said.id.as_str(), said.work.as_str(), said.kind), ("tin-1", "tin", Kind::Bulletin));
    assert_eq!((said.title.vi.as_str(), said.title.en.as_deref()), ("Bản tin số 1", Some("News")));
    assert_eq!((said.hotline.as_deref(), said.directive.as_deref()), (Some("111"), Some("4219/UBND-NC")));
    assert_eq!(said.transcript, "Chào bà con.");
    // Whole local days: from midnight in Vietnam to the midnight after the last day.
    assert_eq!(said.valid_from.to_rfc3339(), "2026-10-31T17:00:00+00:00");
    assert_eq!(said.valid_until.to_rfc3339(), "2027-12-31T17:00:00+00:00");
}

#[test]
fn what_is_not_said_is_derived() {
    let said = said("title: { vi: \"Đường dây nóng 111\" }\ncategory: support\nlanguages: [vi]\n");
    assert_eq!((said.id.as_str(), said.work.as_str()), ("duong-day-nong-111", "duong-day-nong-111"));
    assert_eq!(said.valid_from.to_rfc3339(), "2026-11-24T17:00:00+00:00");
    assert_eq!((said.valid_until - said.valid_from).num_days(), 365);
    assert_eq!(said.transcript, "");
}

#[test]
fn names_in_either_normal_form_are_one() {
    let title = "Cảnh giác với “việc nhẹ”, lương cao";
    let nfd: String = title.nfd().collect();
    assert_ne!(title, nfd);
    let yaml =
        |t: &str| format!("title: {{ vi: '{t}' }}\ncategory: tricks\nlanguages: [vi]\ntranscript: '{t}'\n");
    assert_eq!(said(&yaml(title)), said(&yaml(&nfd)));
    assert_eq!(said(&yaml(&nfd)).title.vi, title);
}

#[test]
fn a_sidecar_is_found_whichever_normal_form_its_name_and_the_recordings_are_in() {
    let name = "Bản tin sáng";
    let nfd: String = name.nfd().collect();
    for (recording, beside) in [(name, nfd.as_str()), (&nfd, name)] {
        let dir = tempfile::tempdir().unwrap();
        let text = format!(
            "title: {{ vi: 'Tin' }}\ncategory: law\nlanguages: [vi]\ntranscript_file: '{name}.txt'\n"
        );
        fs::write(dir.path().join(format!("{beside}.yaml")), text).unwrap();
        fs::write(dir.path().join(format!("{beside}.txt")), "Chào bà con.").unwrap();
        let path = dir.path().join(format!("{recording}.mp3"));
        let said = describe(&path, &Overrides::default(), setting()).unwrap_or_else(|f| panic!("{f}"));
        assert_eq!(said.transcript, "Chào bà con.");
    }
}

#[test]
fn options_override_the_sidecar() {
    let (_dir, path) = recording(&[("tin.yaml", FULL.as_bytes())]);
    let options = Overrides {
        id: Some("khac".parse().unwrap()),
        title: Some(" Tên\nkhác ".into()),
        languages: vec!["yue".parse().unwrap()],
        valid_until: Some("2026-12-01".parse().unwrap()),
        ..Overrides::default()
    };
    let said = describe(&path, &options, setting()).unwrap();
    assert_eq!((said.id.as_str(), said.work.as_str(), said.title.vi.as_str()), ("khac", "tin", "Tên khác"));
    assert_eq!(said.title.en.as_deref(), Some("News"));
    assert_eq!(said.languages, ["yue".parse().unwrap()]);
    assert_eq!(said.valid_until.to_rfc3339(), "2026-12-01T17:00:00+00:00");
}

#[test]
fn a_text_beside_is_the_transcript() {
    let yaml = FULL.replace("transcript: \"Chào bà con.\"\n", "");
    let (_dir, path) = recording(&[
        ("tin.yaml", yaml.as_bytes()),
        ("tin.txt", "\u{feff}Kính thưa\r\nbà con.\r\n".as_bytes()),
    ]);
    assert_eq!(describe(&path, &Overrides::default(), setting()).unwrap().transcript, "Kính thưa\nbà con.");
    let named = format!("{yaml}transcript_file: loi.txt\n");
    let (_dir, path) = recording(&[("tin.yaml", named.as_bytes()), ("loi.txt", b"Xin"), ("tin.txt", b"no")]);
    assert_eq!(describe(&path, &Overrides::default(), setting()).unwrap().transcript, "Xin");
}

#[test]
fn faults_name_line_and_column_all_at_once_in_both_languages() {
    let cases: &[(&str, Files)] = &[
        ("nothing beside", &[]),
        ("not YAML", &[("tin.yaml", b"title: [")]),
        ("another kind of file", &[("tin.yaml", b"slots: []\n")]),
        ("many faults", &[("tin.yaml", b"id: Tin 1\ntitle: { vi: \"a\\u0007b\" }\ncategory: laws\nlanguages: [vi, Vietnamese]\nvalid_from: 1/11/2026\nlanguage: vi\n")]),
        ("no meaning", &[("tin.yaml", b"title: { vi: \" \\n \" }\nvalid_from: 2027-01-01\nvalid_until: 2026-12-01\n")]),
        ("ended", &[("tin.yaml", b"title: { vi: a }\ncategory: law\nlanguages: [vi]\nvalid_from: 2026-01-01\nvalid_until: 2026-11-24\n")]),
        ("wild year", &[("tin.yaml", b"title: { vi: a }\ncategory: law\nlanguages: [vi]\nvalid_until: 20270-01-01\n"), ]),
        ("no id from such a title", &[("tin.yaml", "title: { vi: \"販賣人口\" }\ncategory: law\nlanguages: [yue]\n".as_bytes())]),
        ("a chime that speaks", &[("tin.yaml", b"kind: chime\ntitle: { vi: a }\ncategory: law\nlanguages: [vi]\n")]),
        ("text elsewhere", &[("tin.yaml", b"title: { vi: a }\ncategory: law\nlanguages: [vi]\ntranscript_file: ../x.txt\n")]),
        ("text absent", &[("tin.yaml", b"title: { vi: a }\ncategory: law\nlanguages: [vi]\ntranscript_file: x.txt\n")]),
        ("text in TCVN3", &[("tin.yaml", b"title: { vi: a }\ncategory: law\nlanguages: [vi]\n"), ("tin.txt", b"K\xDDnh th\xADa b\xB5 con")]),
        ("hidden direction", &[("tin.yaml", b"title: { vi: \"a\\u202Eb\" }\ncategory: law\nlanguages: [vi]\n")]),
    ];
    let mut messages = String::new();
    for (name, files) in cases {
        let (dir, path) = recording(files);
        let faults = describe(&path, &Overrides::default(), setting()).expect_err(name);
        let clean = |lang| faults.to(lang).replace(&dir.path().display().to_string(), "…");
        writeln!(messages, "## {name}\n{}{}", clean(Lang::Vi), clean(Lang::En)).unwrap();
    }
    insta::assert_snapshot!(messages);
}
