//! Files with faults. Their messages are kept in both languages: a change of wording is a decision.

use loaxa::{
    fault::Faults,
    schedule::{
        file::Schedule,
        policy::Policy,
        registry::{AreaStations, Registry},
    },
    text::Lang,
};

const SCHEDULE: &str = include_str!("../data/schedule-good.yaml");
const POLICY: &str = include_str!("../data/policy-good.yaml");
const REGISTRY: &str = include_str!("../data/registry-good.yaml");

/// A name for the fault, what stands in the good file, what stands there instead.
type Case = (&'static str, &'static str, &'static str);

fn story<T>(
    cases: &[Case],
    good: &str,
    file: &str,
    read: impl Fn(&str, &str) -> Result<T, Faults>,
) -> String {
    if let Err(faults) = read(file, good) {
        panic!("the good file is refused: {faults}");
    }
    let mut out = String::new();
    for (name, from, to) in cases {
        let bad = match *from {
            "" => (*to).to_owned(),
            from => {
                assert!(good.contains(from), "{name}: {from:?} is not in the file");
                good.replacen(from, to, 1)
            }
        };
        let Err(faults) = read(file, &bad) else { panic!("{name} was accepted") };
        assert!(!faults.0.is_empty(), "{name}");
        out.push_str(&format!("## {name}\n{}{}\n", faults.to(Lang::Vi), faults.to(Lang::En)));
    }
    out
}

#[test]
fn faults_of_a_schedule_are_named_with_place_and_remedy() {
    let cases: &[Case] = &[
        ("empty", "", ""),
        ("only a comment", "", "# lịch phát\n"),
        ("a list at the top", "", "- 1\n- 2\n"),
        ("a word at the top", "", "xin chào\n"),
        (
            "no slots",
            "",
            "format: 1\narea: yen-the\ntimezone: Asia/Ho_Chi_Minh\nvalid: { from: 2026-12-01, until: 2026-12-31 }\nslots: []\n",
        ),
        ("everything missing", "", "format: 1\n"),
        ("unclosed quote", "\"0 6 * * *\"", "\"0 6 * * *"),
        ("unclosed bracket", "[\"2026-12-22\"]", "[\"2026-12-22\""),
        ("tab", "    class: priority", "\tclass: priority"),
        ("star without quotes", "\"0 6 * * *\"", "*/5 6 * * *"),
        ("nickname without quotes", "\"0 6 * * *\"", "@daily"),
        ("wrong indentation", "    class: priority", "   class: priority"),
        ("missing colon", "    class: priority", "    class priority"),
        ("alias", "area: yen-the", "area: &a yen-the"),
        ("tag", "area: yen-the", "area: !!str yen-the"),
        ("merge key", "    class: priority", "    <<: {}"),
        ("duplicate key", "    class: priority", "    class: priority\n    class: normal"),
        ("two documents", "slots:", "---\nslots:"),
        ("too deep", "      - chime: open", "      - [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]"),
        ("a key that is a list", "    class: priority", "    [a, b]: priority"),
        ("misspelt field", "    start_within: 10m", "    start_whitin: 10m"),
        ("hyphen for underscore", "    max_duration: 15m", "    max-duration: 15m"),
        ("strange field", "    class: priority", "    volume: 11"),
        ("field of another level", "    class: priority", "    timezone: UTC"),
        ("missing cron", "    cron: \"0 6 * * *\"\n", ""),
        ("empty cron", "\"0 6 * * *\"", ""),
        ("cron is a list", "\"0 6 * * *\"", "[0, 6]"),
        ("never", "\"0 6 * * *\"", "\"30 5 31 2 *\""),
        ("cron out of range", "\"0 6 * * *\"", "\"0 25 * * *\""),
        ("unknown format", "format: 1", "format: 2"),
        ("area with accents", "area: yen-the", "area: Yên Thế"),
        ("reserved area", "area: yen-the", "area: urgent"),
        ("unknown zone", "timezone: Asia/Ho_Chi_Minh", "timezone: Asia/Hanoi"),
        ("no such day", "until: 2026-12-31", "until: 2026-02-30"),
        ("date the other way", "from: 2026-12-01", "from: 01/12/2026"),
        ("valid backwards", "until: 2026-12-31", "until: 2026-11-30"),
        ("valid too long", "until: 2026-12-31", "until: 2028-12-31"),
        ("valid is a word", "valid: { from: 2026-12-01, until: 2026-12-31 }", "valid: always"),
        ("until missing", ", until: 2026-12-31", ""),
        ("exception outside", "[\"2026-12-22\"]", "[\"2027-01-01\"]"),
        ("exception twice", "[\"2026-12-22\"]", "[\"2026-12-22\", 2026-12-22]"),
        ("exceptions are a word", "[\"2026-12-22\"]", "2026-12-22"),
        ("slot id with a dot", "id: ban-tin-sang", "id: ban.tin.sang"),
        ("slot twice", "id: ban-tin-chieu", "id: ban-tin-sang"),
        ("title is text", "title: { vi: \"Bản tin sáng\", en: \"Morning bulletin\" }", "title: Bản tin sáng"),
        ("title empty", "vi: \"Bản tin sáng\"", "vi: \"  \""),
        ("urgent", "class: priority", "class: urgent"),
        ("unknown class", "class: priority", "class: high"),
        ("selector word", "stations: { tags: [vung-cao] }", "stations: everyone"),
        ("selector empty", "stations: { tags: [vung-cao] }", "stations: []"),
        ("selector tags empty", "stations: { tags: [vung-cao] }", "stations: { tags: [] }"),
        ("selector misspelt", "stations: { tags: [vung-cao] }", "stations: { tag: [vung-cao] }"),
        ("selector tag with accents", "[vung-cao]", "[vùng-cao]"),
        ("selector id twice", "stations: { tags: [vung-cao] }", "stations: [xuan-luong-1, xuan-luong-1]"),
        ("minutes without unit", "start_within: 10m", "start_within: 10"),
        ("start_within too long", "start_within: 10m", "start_within: 13h"),
        ("negative duration", "max_duration: 15m", "max_duration: -15m"),
        ("units out of order", "max_duration: 15m", "max_duration: 5m1h"),
        ("huge duration", "max_duration: 15m", "max_duration: 99999999999h"),
        ("level above zero", "level: -6dB", "level: 3dB"),
        ("level too low", "level: -6dB", "level: -21dB"),
        ("level without unit", "level: -6dB", "level: -6"),
        (
            "playlist empty",
            "    playlist:\n      - chime: open\n      - bulletin: duong-day-nong-111\n",
            "    playlist: []\n",
        ),
        ("chimes only", "      - bulletin: duong-day-nong-111\n", ""),
        (
            "entry of two kinds",
            "      - chime: open\n      - category",
            "      - chime: open\n        category",
        ),
        ("entry of no kind", "      - bulletin: duong-day-nong-111", "      - {}"),
        ("entry is text", "      - bulletin: duong-day-nong-111", "      - duong-day-nong-111"),
        ("entry misspelt", "      - bulletin: duong-day-nong-111", "      - buletin: duong-day-nong-111"),
        ("unknown category", "category: tricks", "category: weather"),
        ("unknown pick", "pick: rotate", "pick: random"),
        ("count zero", "count: 2", "count: 0"),
        ("count in words", "count: 2", "count: hai"),
        (
            "count with a bulletin",
            "      - bulletin: duong-day-nong-111",
            "      - bulletin: duong-day-nong-111\n        count: 2",
        ),
        (
            "many at once",
            "",
            "format: 3\narea: Yên Thế\ntimezone: Mars\nvalid: { from: x }\nexcpt: []\nslots:\n  - id: a\n    cron: \"60 * * * *\"\n    clas: normal\n    playlist:\n      - chime: open\n  - title: { vi: B }\n    cron: [1]\n    level: 9dB\n    playlist: x\n",
        ),
    ];
    let out = story(cases, SCHEDULE, "schedule.yaml", |file, text| Schedule::read(file, text).map(|_| ()));
    insta::assert_snapshot!("schedule_faults", out);
}

#[test]
fn faults_of_a_policy_are_named_with_place_and_remedy() {
    let cases: &[Case] = &[
        ("empty", "", "\n"),
        (
            "no airtime",
            "airtime:\n  - { from: \"05:00\", to: \"07:30\" }\n  - { from: \"16:30\", to: \"19:00\" }\n",
            "airtime: []\n",
        ),
        (
            "airtime missing",
            "airtime:\n  - { from: \"05:00\", to: \"07:30\" }\n  - { from: \"16:30\", to: \"19:00\" }\n",
            "",
        ),
        ("airtime of no length", "to: \"07:30\"", "to: \"05:00\""),
        ("hour 25", "to: \"07:30\"", "to: \"25:00\""),
        ("after the end of the day", "to: \"07:30\"", "to: \"24:01\""),
        ("hour of one digit", "from: \"05:00\", to: \"07:30\"", "from: 5:00, to: \"07:30\""),
        ("hour as a number", "from: \"05:00\", to: \"07:30\"", "from: 5, to: \"07:30\""),
        ("window misspelt", "from: \"05:00\", to: \"07:30\"", "form: \"05:00\", to: \"07:30\""),
        ("quiet level", "level: -9dB", "level: quiet"),
        ("silent day", "silent_days: []", "silent_days: [2026-12-32]"),
        ("session", "longest_session: 45m", "longest_session: long"),
        ("cap missing", "daily_cap: 3h\n", ""),
        ("no language", "languages: [vi, tyz]", "languages: []"),
        ("language by name", "languages: [vi, tyz]", "languages: [vi, \"tiếng Tày\"]"),
        ("language twice", "languages: [vi, tyz]", "languages: [vi, vi]"),
        ("hotline", "hotlines: [\"111\", \"113\"]", "hotlines: [call us]"),
        ("key short", "browser_keys: []", "browser_keys: [abc]"),
        (
            "key in capitals",
            "browser_keys: []",
            "browser_keys: [ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD]",
        ),
        ("urgent level", "urgent: { level: 0dB", "urgent: { level: +3dB"),
        ("urgent missing", "urgent: { level: 0dB, daily_cap: 1h }\n", ""),
        ("zone", "timezone: Asia/Ho_Chi_Minh", "timezone: +07:00"),
        (
            "many at once",
            "",
            "format: 1\nairtime: [{ from: x, to: y }]\nlanguages: vi\nurgent: { level: 1dB }\nhotline: 111\n",
        ),
    ];
    let out = story(cases, POLICY, "policy.yaml", |file, text| Policy::read(file, text).map(|_| ()));
    insta::assert_snapshot!("policy_faults", out);
}

#[test]
fn faults_of_a_registry_are_named_with_place_and_remedy() {
    let cases: &[Case] = &[
        ("empty", "", ""),
        (
            "key missing",
            "    key: \"2222222222222222222222222222222222222222222222222222222222222222\"\n",
            "",
        ),
        (
            "key of a person",
            "\"2222222222222222222222222222222222222222222222222222222222222222\"",
            "ssh-ed25519 AAAA",
        ),
        (
            "key of another station",
            "\"3333333333333333333333333333333333333333333333333333333333333333\"",
            "\"2222222222222222222222222222222222222222222222222222222222222222\"",
        ),
        ("id twice", "id: bo-ha-1", "id: xuan-luong-1"),
        ("id with a slash", "id: bo-ha-1", "id: bo-ha/1"),
        ("no area", "areas: [bac-ninh, yen-the]", "areas: []"),
        ("areas are a word", "areas: [bac-ninh, yen-the]", "areas: yen-the"),
        ("reserved area", "areas: [bac-ninh, yen-the]", "areas: [bac-ninh, urgent]"),
        ("area twice", "areas: [bac-ninh, yen-the]", "areas: [yen-the, yen-the]"),
        ("language", "languages: [nut, vi]", "languages: [Nùng]"),
        ("commune missing", "    commune: \"Xã Bố Hạ\"\n", ""),
        (
            "commune too long",
            "\"Xã Bố Hạ\"",
            "\"Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ Xã Bố Hạ\"",
        ),
        ("misspelt", "    place:", "    plase:"),
        (
            "receipt key",
            "receipt_keys: [\"1111111111111111111111111111111111111111111111111111111111111111\"]",
            "receipt_keys: [hub]",
        ),
        ("stations are a map", "", "format: 1\nstations: { xuan-luong-1: {} }\n"),
    ];
    let out = story(cases, REGISTRY, "registry.yaml", |file, text| Registry::read(file, text).map(|_| ()));
    insta::assert_snapshot!("registry_faults", out);
}

#[test]
fn faults_of_what_an_area_adds_are_named_with_place_and_remedy() {
    let good = "format: 1\narea: yen-the\nstations:\n  - id: bo-ha-1\n    tags: [gan-cho]\n";
    let cases: &[Case] = &[
        ("area missing", "area: yen-the\n", ""),
        ("areas", "area: yen-the", "area: [yen-the]"),
        ("key is not the area's to give", "    tags:", "    key: \"00\"\n    tags:"),
        ("tag", "[gan-cho]", "[gần chợ]"),
        ("twice", "    tags: [gan-cho]\n", "    tags: [gan-cho]\n  - id: bo-ha-1\n"),
    ];
    let out = story(cases, good, "stations.yaml", |file, text| AreaStations::read(file, text).map(|_| ()));
    insta::assert_snapshot!("area_stations_faults", out);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let windows = format!("\u{feff}{}", SCHEDULE.replace('\n', "\r\n"));
    let (schedule, positions) = Schedule::read("schedule.yaml", &windows).unwrap();
    assert_eq!(schedule, Schedule::read("schedule.yaml", SCHEDULE).unwrap().0);
    assert_eq!(positions.at("slots[0].id").to_string(), "schedule.yaml:7:9");
}

#[test]
fn a_file_beyond_the_cap_is_refused_unread() {
    let long = "[".repeat(loaxa::schedule::yaml::MAX_BYTES + 1);
    let before = std::time::Instant::now();
    let faults = Schedule::read("schedule.yaml", &long).unwrap_err();
    assert!(faults.to_string().contains("kB"), "{faults}");
    let brackets = "[".repeat(200_000);
    assert!(Schedule::read("schedule.yaml", &brackets).is_err());
    assert!(before.elapsed().as_millis() < 500, "{:?}", before.elapsed());
}

#[test]
fn words_that_yaml_has_its_own_ideas_of_stay_text() {
    let text = REGISTRY.replace("\"Xã Bố Hạ\"", "no").replace("\"Ban Văn hóa xã\"", "0123456789");
    let (registry, _) = Registry::read("registry.yaml", &text).unwrap();
    let of = |id: &str| registry.stations[&id.parse().unwrap()].clone();
    assert_eq!(of("bo-ha-1").commune, "no");
    assert_eq!(of("xuan-luong-1").contact.as_deref(), Some("0123456789"));
}

#[test]
fn a_registry_written_reads_the_same() {
    let (registry, _) = Registry::read("registry.yaml", REGISTRY).unwrap();
    assert_eq!(Registry::read("again", &registry.to_yaml()).unwrap().0, registry);
    let empty = Registry::default();
    assert_eq!(Registry::read("empty", &empty.to_yaml()).unwrap().0, empty);
}

#[test]
fn a_schedule_cannot_fill_a_station_with_occurrences() {
    let slot = |i: usize, cron: &str, playlist: &str| {
        format!("  - id: s{i}\n    cron: \"{cron}\"\n    playlist: [{playlist}]\n")
    };
    let file = |slots: String| {
        format!(
            "format: 1\narea: yen-the\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: 2026-12-01, until: 2026-12-31 }}\nslots:\n{slots}"
        )
    };
    let read = |slots: String| Schedule::read("s.yaml", &file(slots)).map(|_| ());
    let one = "{ bulletin: a }";
    let many = vec!["{ category: law, count: 20 }"; 50].join(", ");
    for flood in [
        slot(0, "* * * * * *", one),
        (0..200).map(|i| slot(i, "* * * * * *", one)).collect(),
        (0..3).map(|i| slot(i, "* * * * *", one)).collect(),
        slot(0, "* * * * *", &many),
    ] {
        let faults = read(flood).unwrap_err();
        assert!(faults.to(Lang::En).contains("s.yaml:6:3: the slots add up to too much"), "{faults}");
        assert!(faults.to(Lang::Vi).contains("cộng lại quá nhiều"), "{faults}");
    }
    assert_eq!(read((0..2).map(|i| slot(i, "* * * * *", one)).collect()), Ok(()));
    assert_eq!(read(slot(0, "0 * * * *", &many)), Ok(()));
}
