//! The verbs `cron`, `check` and `plan`: what they print, in both languages and as JSON.

use std::{path::PathBuf, sync::Arc};

use loaxa::{
    bulletin::Category,
    cli::{
        Context, Exit, Failure,
        schedule::{CheckArgs, CronArgs, SpanArgs, cron_to, json, page, report},
    },
    clock::SimClock,
    feed::Feed,
    text::Lang,
};
use serde_json::Value;

use crate::support::{Bench, POLICY, at, bulletin, chime, slot};

fn context(lang: Lang, json: bool) -> Context {
    Context { lang, json, config: None, clock: Arc::new(SimClock::at(at("2026-11-25 08:00"))) }
}

fn cron(
    json: bool,
    line: &str,
    zone: Option<&str>,
    span: [Option<&str>; 2],
) -> (Result<Exit, Failure>, String) {
    let [from, to] = span.map(|t| t.map(str::to_owned));
    let args = CronArgs { line: line.into(), timezone: zone.map(str::to_owned), span: SpanArgs { from, to } };
    let mut out = Vec::new();
    let answer = cron_to(&context(Lang::En, json), &args, &mut out);
    (answer, String::from_utf8(out).unwrap())
}

#[test]
fn cron_json_is_the_document_that_outside_checks_read() {
    let span = [Some("2026-12-01T00:00:00+07:00"), Some("2026-12-03T06:00:00+07:00")];
    let (answer, out) = cron(true, "0 6 * * *", None, span);
    assert_eq!(answer.unwrap(), Exit::Yes);
    assert_eq!(
        out,
        "{\"ok\":true,\"fires\":[\"2026-12-01T06:00:00+07:00\",\"2026-12-02T06:00:00+07:00\"]}\n"
    );
    let (answer, out) = cron(true, "5/10 * * * *", None, span);
    assert_eq!(answer.unwrap(), Exit::No);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["ok"], false);
    assert_eq!(document["error"], "crons differ on what `5/10` means");
    assert_eq!(document["hint"], "write 5-59/10");
}

#[test]
fn cron_takes_vietnam_and_a_day_from_now_when_nothing_is_said() {
    let (_, out) = cron(false, "0 */8 * * *", None, [None, None]);
    assert_eq!(out, "2026-11-25T08:00:00+07:00\n2026-11-25T16:00:00+07:00\n2026-11-26T00:00:00+07:00\n");
    let (_, out) = cron(false, "@daily", Some("UTC"), [None, None]);
    assert_eq!(out, "2026-11-26T00:00:00+00:00\n");
}

#[test]
fn wrong_use_is_exit_2_and_a_refused_line_exit_1() {
    let code = |answer: Result<Exit, Failure>| answer.unwrap_err().code();
    assert_eq!(code(cron(false, "* * * * *", Some("Mars/Olympus"), [None, None]).0), 2);
    assert_eq!(code(cron(false, "* * * * *", None, [Some("tomorrow"), None]).0), 2);
    assert_eq!(code(cron(false, "* * * * *", None, [None, Some("2020-01-01T00:00:00Z")]).0), 2);
    let failure = cron(false, "0 25 * * *", None, [None, None]).0.unwrap_err();
    assert_eq!(failure.code(), 1);
    assert!(failure.to(Lang::En).starts_with("LINE:1:3: the field hour"), "{}", failure.to(Lang::En));
}

fn evening() -> (loaxa::ids::StationId, Vec<loaxa::schedule::occurrence::Planned>) {
    let slots = slot(
        "sang",
        "0 6 * * *",
        "class: priority",
        "{ chime: open }, { category: tricks }, { chime: open }",
    ) + &slot("trung", "1 6 * * *", "", "{ bulletin: b }")
        + &slot("muon", "1 6 * * *", "start_within: 1s", "{ bulletin: b }")
        + &slot("dem", "15 3 * * *", "", "{ bulletin: b }");
    let bench = Bench::new(POLICY).slots(&slots).holds([
        chime("open", 4),
        bulletin("a", Category::Tricks, "vi", 65),
        bulletin("b", Category::Law, "vi", 30),
    ]);
    ("xuan-luong-1".parse().unwrap(), bench.plan("2026-12-01 00:00", "2026-12-02 04:00"))
}

#[test]
fn a_plan_is_printed_for_people_and_as_json() {
    let (station, plan) = evening();
    let zone = chrono_tz::Asia::Ho_Chi_Minh;
    let people = [Lang::Vi, Lang::En].map(|lang| page(lang, &station, zone, &plan)).join("\n");
    insta::assert_snapshot!("plan_page", people + "\n" + &page(Lang::Vi, &station, zone, &[]));
    let document: Value = serde_json::from_str(&json(Lang::En, &station, zone, &plan)).unwrap();
    insta::assert_snapshot!("plan_json", serde_json::to_string_pretty(&document).unwrap());
}

fn example(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), name].iter().collect()
}

fn no_feed(_: &std::path::Path) -> Result<Feed, Failure> {
    panic!("no feed was asked for")
}

#[test]
fn check_knows_each_kind_of_file_by_its_content() {
    let names = ["policy", "registry", "area-stations", "schedule", "schedule-province"];
    let files = names.map(|name| example(&format!("config/{name}.yaml"))).to_vec();
    let report = report(&context(Lang::En, false), &CheckArgs { files, feed: None }, no_feed).unwrap();
    assert!(report.is_good(), "{}", report.bad(Lang::En));
    let good = report.good(Lang::En);
    let kinds: Vec<_> =
        good.lines().filter_map(|l| l.split_once(": a good ")).map(|(_, kind)| kind).collect();
    assert_eq!(kinds, ["policy", "registry", "list of an area's stations", "schedule", "schedule"]);
}

#[test]
fn files_given_together_are_checked_against_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let night = std::fs::read_to_string(example("config/schedule.yaml"))
        .unwrap()
        .replace("\"0 6 * * *\"", "\"15 3 * * *\"");
    let files = vec![
        example("config/policy.yaml"),
        file("dem.yaml", night.as_bytes()),
        file("la.yaml", b"xin: chao\n"),
        file("nhi-phan.yaml", &[0xff, 0xfe, 0, 1]),
        file("hong.yaml", b"slots: [\n"),
    ];
    let args = CheckArgs { files, feed: None };
    let report = report(&context(Lang::En, true), &args, no_feed).unwrap();
    assert!(!report.is_good());
    let document: Value = serde_json::from_str(&report.json(Lang::En)).unwrap();
    let first = |i: usize| document["files"][i]["faults"][0]["what"].as_str().unwrap_or_default().to_owned();
    assert_eq!(document["files"][0]["ok"], true);
    assert_eq!(first(1), "slot `ban-tin-sang`: 03:15 on 2026-12-01 is outside airtime");
    assert_eq!(first(2), "this is no kind of file that is known here");
    assert_eq!(first(3), "the file is not UTF-8");
    assert!(first(4).starts_with("the YAML cannot be read"));
}

#[test]
fn a_file_that_is_not_there_is_the_machine_s_failure() {
    let args = CheckArgs { files: vec!["/nowhere/lich.yaml".into()], feed: None };
    let failure = report(&context(Lang::En, false), &args, no_feed).unwrap_err();
    assert_eq!(failure.code(), 3);
    assert!(failure.to(Lang::En).contains("/nowhere/lich.yaml"));
}

#[test]
fn check_uses_the_feed_where_the_files_are_silent() {
    let load = |_: &std::path::Path| Ok(Bench::new(POLICY).feed);
    let args = CheckArgs { files: vec![example("config/schedule.yaml")], feed: Some("feed".into()) };
    let report = report(&context(Lang::En, false), &args, load).unwrap();
    let bad = report.bad(Lang::En);
    assert!(bad.contains("there is no approved recording `duong-day-nong-111`"), "{bad}");
}

#[test]
fn the_grammar_takes_the_words_of_the_manual() {
    use clap::{Args, FromArgMatches};
    let cron = CronArgs::augment_args(clap::Command::new("cron"));
    let words = ["cron", "--from", "2026-12-01T00:00:00Z", "--", "*/5 6 * * *"];
    let args = CronArgs::from_arg_matches(&cron.clone().get_matches_from(words)).unwrap();
    assert_eq!(
        (args.line.as_str(), args.span.from.as_deref()),
        ("*/5 6 * * *", Some("2026-12-01T00:00:00Z"))
    );
    cron.clone().debug_assert();
    assert!(cron.clone().render_long_help().to_string().contains("múi giờ (mặc định Asia/Ho_Chi_Minh)"));
    let check = CheckArgs::augment_args(clap::Command::new("check"));
    check.clone().debug_assert();
    assert!(check.try_get_matches_from(["check"]).is_err(), "a file must be named");
    let plan = loaxa::cli::schedule::PlanArgs::augment_args(clap::Command::new("plan"));
    plan.clone().debug_assert();
    assert!(plan.try_get_matches_from(["plan", "--feed", "d", "--station", "a", "--to", "x"]).is_ok());
}
