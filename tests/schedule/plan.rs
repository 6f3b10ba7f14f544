//! What a station owes.

use std::process::Command;

use chrono::{TimeDelta, Utc};
use loaxa::{
    bulletin::{Category, Frames},
    schedule::{
        occurrence::{Class, Will},
        plan::{self, Verdict},
    },
};
use proptest::prelude::*;

use crate::support::{Bench, OPEN, POLICY, at, brief, bulletin, chime, december, ids, slot};

fn tricks(seconds: u64) -> loaxa::bulletin::Bulletin {
    bulletin("a", Category::Tricks, "vi", seconds)
}

#[test]
fn a_day_of_the_station_is_the_local_day() {
    let slots =
        slot("som", "30 5 * * *", "", "bulletin: a") + &slot("khuya", "59 23 * * *", "", "bulletin: a");
    let bench = Bench::new(OPEN).slots(&slots).holds([tricks(20)]);
    let got = bench.brief("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(got, ["01T05:30 som play", "01T23:59 khuya play"]);
    assert_eq!(bench.plan("2026-12-01 00:00", "2026-12-02 00:00")[0].of.due, at("2026-11-30T22:30:00Z"));
}

#[test]
fn start_within_counts_on_over_midnight() {
    let bench = Bench::new(OPEN)
        .slots(&slot("khuya", "55 23 * * *", "start_within: 20m", "bulletin: a"))
        .holds([tricks(20)]);
    let plan = bench.plan("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(plan[0].start_by, at("2026-12-02 00:15"));
}

#[test]
fn nothing_is_due_outside_valid_on_exceptions_and_on_silent_days() {
    let text = december("yen-the", &slot("sang", "0 6 * * *", "", "bulletin: a"))
        .replace("slots:", "except: [2026-12-22]\nslots:");
    let bench = Bench::new(POLICY).schedule("yen-the", &text).holds([tricks(20)]);
    let got = bench.brief("2026-11-01 00:00", "2027-02-01 00:00");
    assert_eq!(got.len(), 31 - 2);
    assert!(!got.iter().any(|o| o.starts_with("22") || o.starts_with("24")), "{got:?}");
    assert_eq!((&*got[0], got.last().unwrap().as_str()), ("01T06:00 sang play", "31T06:00 sang play"));
}

#[test]
fn a_slot_for_others_is_silence() {
    let slots = slot("tag", "0 6 * * *", "stations: { tags: [gan-cho] }", "bulletin: a")
        + &slot("ids", "0 7 * * *", "stations: [bo-ha-1]", "bulletin: a")
        + &slot("mine", "0 17 * * *", "stations: { tags: [vung-cao, gan-cho] }", "bulletin: a");
    let bench = Bench::new(POLICY)
        .station("bo-ha-1", "bac-ninh, yen-the", "vi", "")
        .slots(&slots)
        .holds([tricks(20)]);
    assert_eq!(bench.brief("2026-12-01 00:00", "2026-12-02 00:00"), ["01T17:00 mine play"]);
    let theirs = plan::plan(&bench.world_of("bo-ha-1"), at("2026-12-01 00:00")..at("2026-12-02 00:00"));
    assert_eq!(theirs.iter().map(brief).collect::<Vec<_>>(), ["01T07:00 ids play"]);
}

#[test]
fn outside_airtime_nothing_plays() {
    let slots = slot("dem", "15 3 * * *", "", "bulletin: a") + &slot("sang", "0 6 * * *", "", "bulletin: a");
    let bench = Bench::new(POLICY).slots(&slots).holds([tricks(20)]);
    let got = bench.brief("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(got, ["01T03:15 dem skip: outside airtime", "01T06:00 sang play"]);
}

#[test]
fn what_would_end_after_airtime_does_not_start() {
    let slots = slot("cuoi", "58 7 * * *", "", "chime: open, bulletin: a, bulletin: b");
    // Flow lists of several entries need braces; written out here.
    let slots = slots.replace(
        "[chime: open, bulletin: a, bulletin: b]",
        "[{ chime: open }, { bulletin: a }, { bulletin: b }]",
    );
    let bench = Bench::new(POLICY).slots(&slots).holds([
        chime("open", 5),
        tricks(60),
        bulletin("b", Category::Law, "vi", 60),
    ]);
    let plan = bench.plan("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(plan[0].airtime_end, at("2026-12-01 08:00"));
    assert_eq!(plan[0].items.len(), 3, "the plan keeps what was chosen");
    let starting = |after: i64| plan[0].starting(plan[0].of.due + TimeDelta::seconds(after)).len();
    assert_eq!(starting(0), 2);
    assert_eq!(starting(55), 2);
    assert_eq!(starting(56), 0, "a chime alone never plays");
    let late = Bench::new(POLICY).slots(&slot("cuoi", "59 7 * * *", "", "bulletin: a")).holds([tricks(61)]);
    let got = late.brief("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(got, ["01T07:59 cuoi skip: it would not end within airtime"]);
}

#[test]
fn airtime_may_run_over_midnight_but_not_into_a_silent_day() {
    let policy = POLICY.replace("{ from: \"05:00\", to: \"08:00\" }", "{ from: \"22:00\", to: \"02:00\" }");
    let bench =
        Bench::new(&policy).slots(&slot("khuya", "50 23 * * *", "", "bulletin: a")).holds([tricks(20 * 60)]);
    let plan = bench.plan("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(
        (brief(&plan[0]).as_str(), plan[0].airtime_end),
        ("01T23:50 khuya play", at("2026-12-02 00:20"))
    );
    // The session of 30 minutes is shorter than what is left of airtime; a longer one shows where that ends.
    let long = policy.replace("longest_session: 30m", "longest_session: 6h");
    let mut bench = bench;
    bench.feed.policy = Some(crate::support::signed(&long));
    let plan = bench.plan("2026-12-01 00:00", "2026-12-24 00:00");
    assert_eq!(plan[0].airtime_end, at("2026-12-02 02:00"));
    let eve = plan.last().unwrap();
    assert_eq!(eve.of.due, at("2026-12-23 23:50"));
    assert_eq!(eve.airtime_end, at("2026-12-24 00:00"), "the 24th is silent");
    assert!(matches!(eve.will, Will::Skip(_)));
}

#[test]
fn max_duration_counts_from_the_start() {
    let bench = Bench::new(OPEN)
        .slots(&slot("sang", "0 6 * * *", "max_duration: 100s", "{ bulletin: a }, { bulletin: b }"))
        .holds([tricks(60), bulletin("b", Category::Law, "vi", 60)]);
    let plan = bench.plan("2026-12-01 00:00", "2026-12-02 00:00");
    let late = plan[0].of.due + TimeDelta::minutes(9);
    assert_eq!((plan[0].starting(plan[0].of.due).len(), plan[0].starting(late).len()), (1, 1));
    assert_eq!(plan[0].starting(plan[0].start_by + TimeDelta::seconds(1)).len(), 0);
    assert_eq!(plan[0].max_duration, Frames(100 * 48_000));
}

#[test]
fn quiet_hours_are_a_ceiling() {
    let slots = slot("a", "0 5 * * *", "level: -3dB", "bulletin: a")
        + &slot("b", "15 5 * * *", "level: -12dB", "bulletin: a")
        + &slot("c", "45 5 * * *", "level: -4.5dB", "bulletin: a")
        + &slot("d", "29 5 * * *", "level: 0dB", "bulletin: a");
    let bench = Bench::new(POLICY).slots(&slots).holds([tricks(20)]);
    let plan = bench.plan("2026-12-01 00:00", "2026-12-02 00:00");
    let levels: Vec<_> = plan.iter().map(|p| (p.of.slot.as_str(), p.level_cdb)).collect();
    assert_eq!(levels, [("a", -900), ("b", -1200), ("d", -900), ("c", -450)]);
}

#[test]
fn two_slots_that_collide_never_sound_at_once() {
    let slots =
        slot("b-dai", "0 6 * * *", "", "bulletin: a") + &slot("a-sau", "5 6 * * *", "", "bulletin: a");
    let bench = Bench::new(POLICY).slots(&slots).holds([tricks(10 * 60)]);
    let got = bench.brief("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(
        got,
        ["01T06:00 b-dai play", "01T06:05 a-sau collide: waits for `b-dai` of `yen-the`, starts at 06:10:00",]
    );
    let longer = Bench::new(POLICY).slots(&slots).holds([tricks(16 * 60)]);
    let got = longer.brief("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(
        got[1],
        "01T06:05 a-sau collide: the PA is taken by `b-dai` of `yen-the` until it is too late to start"
    );
}

#[test]
fn who_goes_first_is_class_then_province_then_due_then_name() {
    let one = |id: &str, rest: &str| slot(id, "0 6 * * *", rest, "bulletin: a");
    let area = one("z-normal", "") + &one("a-normal", "") + &one("prio", "class: priority");
    let province = december("bac-ninh", &(one("tinh", "") + &one("tinh-prio", "class: priority")));
    let early = slot("som", "59 5 * * *", "", "bulletin: a");
    let bench =
        Bench::new(POLICY).schedule("bac-ninh", &province).slots(&(area + &early)).holds([tricks(90)]);
    let world = bench.world();
    let mut judged = plan::judged(&world, at("2026-12-01 00:00")..at("2026-12-02 00:00"));
    judged.sort_by_key(|j| match j.verdict {
        Verdict::Starts(at) => at,
        _ => panic!("{:?}", j.verdict),
    });
    let order: Vec<_> = judged.iter().map(|j| j.planned.of.slot.as_str()).collect();
    assert_eq!(order, ["som", "tinh-prio", "prio", "tinh", "a-normal", "z-normal"]);
    assert!(judged.iter().all(|j| j.planned.class != Class::Urgent));
    assert_eq!(judged[1].planned.rank, 0);
}

#[test]
fn a_session_ends_with_a_pause_of_five_minutes() {
    // 20 minutes, no pause, 20 minutes: the second has 10 of the 30 left.
    let slots = slot("mot", "0 6 * * *", "", "bulletin: a") + &slot("hai", "24 6 * * *", "", "bulletin: a");
    let bench = Bench::new(POLICY).slots(&slots).holds([tricks(20 * 60)]);
    let got = bench.brief("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(got[1], "01T06:24 hai skip: over the longest session");
    let apart = slots.replace("24 6", "25 6");
    let got = Bench::new(POLICY)
        .slots(&apart)
        .holds([tricks(20 * 60)])
        .brief("2026-12-01 00:00", "2026-12-02 00:00");
    assert_eq!(got[1], "01T06:25 hai play");
}

#[test]
fn the_daily_cap_ends_the_day() {
    let policy = POLICY.replace("daily_cap: 2h", "daily_cap: 30m");
    let slots = slot("mot", "0 6 * * *", "", "bulletin: a") + &slot("hai", "0 17 * * *", "", "bulletin: a");
    let bench = Bench::new(&policy).slots(&slots).holds([tricks(20 * 60)]);
    let got = bench.brief("2026-12-01 00:00", "2026-12-03 00:00");
    let over = "hai skip: over the daily cap";
    assert_eq!(
        got,
        [
            "01T06:00 mot play".to_owned(),
            format!("01T17:00 {over}"),
            "02T06:00 mot play".to_owned(),
            format!("02T17:00 {over}"),
        ]
    );
}

#[test]
fn without_a_bulletin_there_is_nothing_to_play() {
    let playlist = "{ chime: open }, { bulletin: gone }, { category: law }, { chime: open }";
    let bench = Bench::new(POLICY).slots(&slot("sang", "0 6 * * *", "", playlist)).holds([chime("open", 3)]);
    let plan = bench.plan("2026-12-01 00:00", "2026-12-02 00:00");
    assert!(plan[0].items.is_empty());
    assert_eq!(brief(&plan[0]), "01T06:00 sang skip: no bulletin to play is valid then");
}

#[test]
fn a_withdrawn_recording_is_not_planned() {
    let mut bench =
        Bench::new(POLICY).slots(&slot("sang", "0 6 * * *", "", "bulletin: a")).holds([tricks(9)]);
    bench.feed.withdrawn.insert("a".into());
    let plan = bench.plan("2026-12-01 00:00", "2026-12-02 00:00");
    assert!(matches!(plan[0].will, Will::Skip(_)) && plan[0].items.is_empty());
}

#[test]
fn clocks_that_change_make_one_occurrence_and_rotation_goes_on() {
    let policy = OPEN.replace("Asia/Ho_Chi_Minh", "Europe/Paris");
    let text = december("yen-the", &slot("dem", "30 2 * * *", "", "category: tricks"))
        .replace("Asia/Ho_Chi_Minh", "Europe/Paris")
        .replace("from: 2026-12-01, until: 2026-12-31", "from: 2027-03-27, until: 2027-11-02");
    let bench = Bench::new(&policy)
        .schedule("yen-the", &text)
        .holds([tricks(9), bulletin("b", Category::Tricks, "vi", 9)]);
    let show = |p: &loaxa::schedule::occurrence::Planned| {
        format!(
            "{} {}",
            p.of.due.with_timezone(&chrono_tz::Europe::Paris).format("%d %H:%M"),
            ids(p).join("+")
        )
    };
    let of = |from: &str, to: &str| bench.plan(from, to).iter().map(show).collect::<Vec<_>>();
    let spring = of("2027-03-27T00:00:00+01:00", "2027-03-30T00:00:00+02:00");
    assert_eq!(spring, ["27 02:30 a", "28 03:00 b", "29 02:30 a"]);
    let autumn = of("2027-10-30T00:00:00+02:00", "2027-11-02T00:00:00+01:00");
    assert_eq!(autumn, ["30 02:30 b", "31 02:30 a", "01 02:30 b"]);
}

/// Two areas, four slots, several lengths: enough for everything to meet.
fn busy(seed: &[(u8, u8, u8, u8)]) -> Bench {
    let line = |(i, (minute, hour, kind, length)): (usize, &(u8, u8, u8, u8))| {
        let class = if kind % 2 == 0 { "normal" } else { "priority" };
        let within = 1 + u32::from(kind / 2) * 4;
        let list = if kind % 3 == 0 {
            format!("bulletin: len{}", length % 4)
        } else {
            "category: tricks".to_owned()
        };
        let cron =
            format!("{}-59/{} {},{} * * *", minute % 60, 7 + kind % 30, hour % 24, (hour % 24 + 1) % 24);
        slot(&format!("s{i}"), &cron, &format!("class: {class}, start_within: {within}m"), &list)
    };
    let half = seed.len() / 2;
    let of = |part: &[(u8, u8, u8, u8)]| part.iter().enumerate().map(line).collect::<String>();
    let policy = OPEN.replace("12h", "40m").replace("daily_cap: 24h", "daily_cap: 4h");
    let lengths = [40, 170, 400, 900].into_iter().enumerate();
    Bench::new(&policy)
        .schedule("bac-ninh", &december("bac-ninh", &of(&seed[..half])))
        .slots(&of(&seed[half..]))
        .holds(lengths.map(|(i, s)| bulletin(&format!("len{i}"), Category::Tricks, "vi", s)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn sound_never_overlaps_and_never_starts_early_or_late(
        seed in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 4..8),
    ) {
        let bench = busy(&seed);
        let judged = plan::judged(&bench.world(), at("2026-12-03 00:00")..at("2026-12-05 00:00"));
        let mut sound: Vec<_> = judged.iter().filter_map(|j| match j.verdict {
            Verdict::Starts(at) => {
                let frames: u64 = j.planned.starting(at).iter().map(|b| b.meta.frames.0).sum();
                Some((at, at + Frames(frames).span(), j))
            }
            _ => None,
        }).collect();
        sound.sort_by_key(|s| s.0);
        for pair in sound.windows(2) {
            prop_assert!(pair[0].1 <= pair[1].0);
        }
        for (start, end, j) in &sound {
            let p = &j.planned;
            prop_assert!(p.of.due <= *start && *start <= p.start_by && start < end && *end <= p.must_end_by(*start));
            prop_assert_eq!(p.will == Will::Play, *start == p.of.due);
        }
        for j in judged.iter().filter(|j| j.verdict == Verdict::Loses) {
            // It lost since something sounded when its time was up.
            let late = j.planned.start_by;
            prop_assert!(sound.iter().any(|(start, end, _)| *start <= late && late < *end), "{:?}", j.planned.of);
        }
    }

    #[test]
    fn any_two_spans_agree_on_what_they_share(
        seed in prop::collection::vec(any::<(u8, u8, u8, u8)>(), 4..8),
        cut in 1i64..5 * 24 * 60,
    ) {
        let bench = busy(&seed);
        let world = bench.world();
        let (start, end) = (at("2026-12-02 00:00"), at("2026-12-07 00:00"));
        let whole = plan::plan(&world, start..end);
        let middle = start + TimeDelta::minutes(cut);
        let mut parts = plan::plan(&world, start..middle);
        parts.extend(plan::plan(&world, middle..end));
        prop_assert_eq!(whole, parts);
    }
}

#[test]
fn an_empty_or_strange_span_is_an_empty_plan() {
    let bench = Bench::new(POLICY).slots(&slot("sang", "0 6 * * *", "", "bulletin: a")).holds([tricks(9)]);
    let world = bench.world();
    for span in [
        at("2026-12-02 00:00")..at("2026-12-02 00:00"),
        at("2026-12-03 00:00")..at("2026-12-02 00:00"),
        chrono::DateTime::<Utc>::MIN_UTC..chrono::DateTime::<Utc>::MIN_UTC + TimeDelta::days(1),
        chrono::DateTime::<Utc>::MAX_UTC - TimeDelta::days(1)..chrono::DateTime::<Utc>::MAX_UTC,
    ] {
        assert!(plan::plan(&world, span).is_empty());
    }
}

/// Run by the test below in processes of their own.
#[test]
#[ignore = "only prints"]
fn prints_a_plan() {
    let bench = Bench::new(POLICY)
        .slots(
            &(slot("sang", "30 5 * * 4", "", "category: tricks")
                + &slot("chieu", "@daily", "", "bulletin: a")),
        )
        .holds([tricks(9), bulletin("b", Category::Tricks, "vi", 9)]);
    let plan = bench.plan("2026-12-01 00:00", "2027-01-01 00:00");
    let zone = chrono_tz::Asia::Ho_Chi_Minh;
    let station = "xuan-luong-1".parse().unwrap();
    println!("{}", loaxa::cli::schedule::json(loaxa::text::Lang::Vi, &station, zone, &plan));
    let utc = loaxa::schedule::crontab::CronLine::parse("30 1 * * *").unwrap();
    for at in utc.fires(chrono_tz::UTC, at("2027-10-30T00:00:00Z"), at("2027-11-01T00:00:00Z")) {
        println!("fires {at}");
    }
}

#[test]
fn the_plan_is_the_same_under_every_tz_and_lang() {
    let run = |tz: Option<&str>, lang: &str| {
        let mut me = Command::new(std::env::current_exe().unwrap());
        me.args(["--exact", "plan::prints_a_plan", "--ignored", "--nocapture", "--test-threads=1"]);
        me.env_remove("TZ").env("LANG", lang).env("LC_ALL", lang);
        if let Some(tz) = tz {
            me.env("TZ", tz);
        }
        let out = String::from_utf8(me.output().unwrap().stdout).unwrap();
        let lines = out.lines().filter(|l| l.contains("occurrences") || l.contains("fires "));
        lines.map(|l| l.trim_start_matches("test plan::prints_a_plan ... ").to_owned()).collect::<Vec<_>>()
    };
    let want = run(None, "C");
    assert_eq!(want[1..], ["fires 2027-10-30 01:30:00 UTC", "fires 2027-10-31 01:30:00 UTC"]);
    assert!(want[0].contains("2026-12-03T05:30:00+07:00"), "{want:?}");
    for tz in [
        "UTC",
        "America/New_York",
        "Europe/London",
        "Europe/Paris",
        "Asia/Ho_Chi_Minh",
        "Pacific/Apia",
        "nonsense",
    ] {
        for lang in ["C", "vi_VN.UTF-8", "en_US.UTF-8", "ar_EG.UTF-8"] {
            assert_eq!(run(Some(tz), lang), want, "{tz} {lang}");
        }
    }
}
