//! `station.yaml`, as `loaxa station check` reads it.

use loaxa::{station::config::Config, text::Lang};

const GOOD: &str = include_str!("../../config/station.yaml");

/// A name for the fault, what stands in the example, what stands there instead.
type Case = (&'static str, &'static str, &'static str);

const CASES: &[Case] = &[
    ("empty", "", ""),
    ("only spaces", "", "  \n\n"),
    ("not YAML", "", "format: 1\nstation: [\n"),
    ("a list", "", "- station: xa-dong-ky-1\n"),
    ("a schedule in its place", "", "format: 1\narea: yen-the\nslots: []\n"),
    ("everything missing", "", "format: 1\n"),
    ("format of the future", "format: 1", "format: 2"),
    ("format is a word", "format: 1", "format: một"),
    ("station missing", "station: xa-dong-ky-1\n", ""),
    ("station with accents", "station: xa-dong-ky-1", "station: Xã Đông Kỳ 1"),
    ("station in capitals", "station: xa-dong-ky-1", "station: XA-DONG-KY-1"),
    ("station is a list", "station: xa-dong-ky-1", "station: [xa-dong-ky-1]"),
    ("station left blank", "station: xa-dong-ky-1", "station:"),
    ("feed missing", "feed: https://loa.example.vn/feed/\n", ""),
    ("feed without scheme", "https://loa.example.vn/feed/", "loa.example.vn/feed"),
    ("feed by ftp", "https://loa.example.vn/feed/", "ftp://loa.example.vn/feed/"),
    ("feed is a folder", "https://loa.example.vn/feed/", "/media/usb/feed"),
    ("feed with a password", "https://loa.example.vn/feed/", "https://xa:matkhau@loa.example.vn/feed/"),
    ("feed with a question", "https://loa.example.vn/feed/", "https://loa.example.vn/feed/?token=1"),
    ("feed with spaces", "https://loa.example.vn/feed/", "https://loa example.vn/"),
    ("certificates left blank", "# ca: /etc/loaxa/ca.pem", "ca: \"\""),
    ("state left blank", "state: /var/lib/loaxa", "state: \" \""),
    ("socket is a block", "socket: /run/loaxa/station.sock", "socket: { path: x }"),
    ("device missing", "device: alsa:plughw:CARD=Audio,DEV=0\n", ""),
    ("device by number", "alsa:plughw:CARD=Audio,DEV=0", "alsa:hw:0"),
    ("device by its raw name", "alsa:plughw:CARD=Audio,DEV=0", "alsa:hw:CARD=Audio,DEV=0"),
    ("device of an unknown kind", "alsa:plughw:CARD=Audio,DEV=0", "jack:system"),
    ("device without a name", "alsa:plughw:CARD=Audio,DEV=0", "\"alsa:\""),
    ("wav without a file", "alsa:plughw:CARD=Audio,DEV=0", "\"wav:\""),
    ("volume above the end", "volume: 80", "volume: 101"),
    ("volume with a sign", "volume: 80", "volume: 80%"),
    ("volume below zero", "volume: 80", "volume: -5"),
    ("warm_up too long", "warm_up: 2s", "warm_up: 2m"),
    ("warm_up without a unit", "warm_up: 2s", "warm_up: 2"),
    ("trust in another word", "trust: synced", "trust: yes"),
    ("clock is a word", "clock:\n  # synced", "clock: synced\n#"),
    ("trust missing", "  trust: synced", "  {}"),
    ("poll too often", "poll: 5m", "poll: 5s"),
    ("poll too seldom", "poll: 5m", "poll: 48h"),
    ("budget of nothing", "data_budget_mb: 200", "data_budget_mb: 0"),
    ("budget with a unit", "data_budget_mb: 200", "data_budget_mb: 200MB"),
    ("budget with a comma", "disk_budget_mb: 2000", "disk_budget_mb: 2,5"),
    ("budget beyond any disk", "disk_budget_mb: 2000", "disk_budget_mb: 99999999999999999999"),
    ("misspelt field", "device: alsa", "devise: alsa"),
    ("field twice", "volume: 80", "volume: 80\nvolume: 70"),
    ("tab", "  trust: synced", "\ttrust: synced"),
    ("quote not closed", "device: alsa:plughw:CARD=Audio,DEV=0", "device: \"alsa:plughw:CARD=Audio,DEV=0"),
    ("colon without a space", "poll: 5m", "poll:5m"),
    ("alias", "poll: 5m", "poll: &a 5m"),
    ("two documents", "poll: 5m", "---\npoll: 5m"),
    (
        "many at once",
        "",
        "format: 1\nstation: Xã\nfeed: x\ndevice: y\nvolume: to\nwarm_up: z\nclock: { trust: no }\npoll: 0\ndata_budget_mb: x\nport: 80\n",
    ),
];

#[test]
fn faults_of_a_configuration_are_named_with_place_and_remedy() {
    Config::read("station.yaml", GOOD).unwrap();
    let mut out = String::new();
    for (name, from, to) in CASES {
        let bad = match *from {
            "" => (*to).to_owned(),
            from => {
                assert!(GOOD.contains(from), "{name}: {from:?} is not in the example");
                GOOD.replacen(from, to, 1)
            }
        };
        let faults = Config::read("station.yaml", &bad).expect_err(name);
        assert!(!faults.0.is_empty(), "{name}");
        out.push_str(&format!("## {name}\n{}{}\n", faults.to(Lang::Vi), faults.to(Lang::En)));
    }
    insta::assert_snapshot!("config_faults", out);
}
