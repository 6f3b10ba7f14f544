//! Files of other rooms have typed fields: serde's own sentences, in words for people.

use serde::Deserialize;

use super::{read, read_like};
use crate::{ids::StationId, text::Lang};

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Config {
    station: StationId,
    #[serde(default)]
    budget_mb: Option<u32>,
    #[serde(default)]
    loud: bool,
    #[serde(default)]
    trust: Trust,
    #[serde(default)]
    ratio: f64,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Trust {
    #[default]
    Synced,
    Rtc,
}

const EXAMPLE: &str = "station: xuan-luong-1\nbudget_mb: 500\nloud: true\ntrust: rtc\nratio: 0.5\n";

#[test]
fn typed_fields_are_read() {
    let (config, positions) = read::<Config>("c.yaml", EXAMPLE).unwrap();
    assert_eq!(
        (config.budget_mb, config.loud, config.trust, config.ratio),
        (Some(500), true, Trust::Rtc, 0.5)
    );
    assert_eq!(positions.at("trust").to_string(), "c.yaml:4:8");
    assert_eq!(positions.key("trust").to_string(), "c.yaml:4:1");
    assert_eq!(positions.inside("station", 6).to_string(), "c.yaml:1:15");
    let (config, _) = read::<Config>("c.yaml", "station: a\nbudget_mb: ~\n").unwrap();
    assert_eq!(config.budget_mb, None);
}

#[test]
fn faults_of_typed_fields_are_told_in_words() {
    let bad = "station: Đài\nbudget_mb: -5\nloud: yes\ntrust: maybe\nratio: much\nstaton: x\n";
    let faults = read_like::<Config>("c.yaml", bad, EXAMPLE).unwrap_err();
    let vi = faults.to(Lang::Vi);
    let expected = "\
c.yaml:1:10: `station` không đúng: tên gồm 1 đến 64 chữ thường không dấu a-z, chữ số, dấu gạch nối ở giữa
    Cách sửa: viết theo mẫu: station: xuan-luong-1
c.yaml:2:12: `budget_mb` đang là `-5`, cần là số nguyên
    Cách sửa: viết theo mẫu: budget_mb: 500
c.yaml:3:7: `loud` đang là `yes`, cần là `true` hoặc `false`
    Cách sửa: viết theo mẫu: loud: true
c.yaml:4:8: `trust` không nhận giá trị `maybe`
    Cách sửa: dùng một trong các giá trị: `synced`, `rtc`
c.yaml:5:8: `ratio` đang là `much`, cần là số
    Cách sửa: viết theo mẫu: ratio: 0.5
c.yaml:6:1: không có mục nào tên là `staton`
    Cách sửa: có phải ý bạn là `station`?
";
    assert_eq!(vi, expected);
}

#[test]
fn without_an_example_the_first_fault_is_told() {
    let faults = read::<Config>("c.yaml", "loud: 3\n").unwrap_err();
    assert_eq!(faults.0.len(), 1);
    let missing = read::<Config>("c.yaml", "loud: true\n").unwrap_err();
    assert!(missing.to(Lang::En).starts_with("c.yaml:1:1: the field `station` is missing"));
}
