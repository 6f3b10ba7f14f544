use proptest::prelude::*;

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn nothing_inside_a_network_is_reached() {
    let inside = [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "2001::1",
        "2001:db8::1",
        "fec0::1",
        "::127.0.0.1",
    ];
    for text in inside {
        assert!(!is_public(ip(text)), "{text}");
    }
    for text in
        ["1.1.1.1", "172.32.0.1", "100.128.0.1", "203.162.4.190", "2606:4700::1111", "64:ff9b::101:101"]
    {
        assert!(is_public(ip(text)), "{text}");
    }
}

#[test]
fn an_address_has_no_secrets_no_other_scheme_and_no_name_of_this_machine() {
    let refused = [
        "http://hook.example.vn/",
        "ftp://hook.example.vn/",
        "https://u:p@hook.example.vn/",
        "https://localhost/",
        "https://hub.localhost/",
        "https://printer.local/",
        "https://intranet/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://127.1/",
        "https://hook.example.vn/#x",
        "file:///etc/passwd",
        "",
    ];
    for text in refused {
        assert!(address(text, false).is_none(), "{text}");
    }
    assert!(address(" https://hook.example.vn:8443/a?b=c ", false).is_some());
    assert!(address("http://127.0.0.1:9/", true).is_some());
}

#[test]
fn the_signature_covers_time_and_body() {
    let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let signed = signature(b"secret", at, r#"{"kind":"silent"}"#);
    // openssl: printf '1800000000.{"kind":"silent"}' | openssl dgst -sha256 -hmac secret
    assert_eq!(signed, format!("t=1800000000,v1={OPENSSL}"));
    assert_ne!(signed, signature(b"secret", at, r#"{"kind":"back"}"#));
}

const OPENSSL: &str = "5e202a30a126261df40932e2e450e12fdeb1dad4cc5361e9adc3447cdf2e5fd8";

#[test]
fn tries_go_on_for_more_than_two_days() {
    let waits: Vec<_> = (1..MOST).map(pause).collect();
    assert_eq!((waits[0], waits[1]), (TimeDelta::seconds(30), TimeDelta::seconds(60)));
    assert!(waits.is_sorted() && *waits.last().unwrap() == TimeDelta::hours(6));
    let all: TimeDelta = waits.into_iter().sum();
    assert!(all > TimeDelta::hours(48) && all < TimeDelta::hours(84), "{all}");
}

fn alarm(n: u8, kind: &str, at: i64, commune: &str) -> Alarm {
    let (kind, commune) = (kind.into(), commune.into());
    Alarm {
        id: vec![n; 16],
        at,
        kind,
        station: "x".into(),
        commune,
        detail: "".into(),
        seen_by: "".into(),
        seen_at: None,
    }
}

fn hook(n: u8, kinds: &str, area: &str) -> Webhook {
    let (url, kinds, area) = ("https://h.example/".into(), kinds.into(), area.into());
    Webhook { id: vec![n; 16], url, area, kinds, secret: vec![], made_at: 10, closed_at: None }
}

#[test]
fn a_webhook_is_told_of_its_kinds_in_its_area_since_it_was_made() {
    let alarms = [
        alarm(1, "silent", 11, "a"),
        alarm(2, "fork", 12, "a"),
        alarm(3, "silent", 13, "b"),
        alarm(4, "silent", 9, "a"),
        alarm(5, "back", 14, "b"),
    ];
    let told = |hook: &Webhook| {
        let all = deliveries(std::slice::from_ref(hook), &alarms, |commune, area| commune == area);
        all.iter()
            .map(|d| {
                serde_json::from_str::<serde_json::Value>(&d.body).unwrap()["alarm"].as_str().unwrap()[..2]
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&hook(9, "silent", "a")), ["01"]);
    assert_eq!(told(&hook(9, "log stale", "a")), ["02"]);
    assert_eq!(told(&hook(9, "silent back urgent log stale", "a")), ["01", "02"]);
    assert!(told(&Webhook { closed_at: Some(1), ..hook(9, "silent", "a") }).is_empty());
}

proptest! {
    #[test]
    fn an_ipv4_address_is_judged_alike_in_every_dress(n in any::<u32>()) {
        let [a, b] = [(n >> 16) as u16, n as u16];
        let plain = is_public(IpAddr::from(n.to_be_bytes()));
        prop_assert_eq!(plain, is_public(IpAddr::from([0, 0, 0, 0, 0, 0xffff, a, b])));
        prop_assert_eq!(plain, is_public(IpAddr::from([0x64, 0xff9b, 0, 0, 0, 0, a, b])));
        prop_assert_eq!(plain, is_public(IpAddr::from([0x2002, a, b, 0, 0, 0, 0, 1])));
    }
}
