//! A schedule against policy, recordings and stations: what would not sound as written is refused before it is signed.

use std::sync::Arc;

use loaxa::{
    bulletin::{Bulletin, Category},
    fault::Faults,
    schedule::{
        check::{Given, check},
        file::Schedule,
    },
    text::Lang,
};

use crate::support::{Bench, POLICY, at, bulletin, chime, december, slot};

fn holdings() -> Vec<Bulletin> {
    let mut soon = bulletin("het-han", Category::Support, "vi", 60);
    soon.meta.valid_until = at("2026-12-20 00:00");
    let mut later = bulletin("chua-den", Category::Support, "vi", 60);
    later.meta.valid_from = at("2026-12-10 00:00");
    let mut models = bulletin("guong", Category::Models, "vi", 60);
    models.meta.valid_until = at("2026-12-25 00:00");
    vec![
        chime("open", 5),
        bulletin("ngan", Category::Tricks, "vi", 60),
        bulletin("dai-12-phut", Category::Law, "vi", 720),
        bulletin("tieng-mong", Category::Justice, "mlc", 60),
        soon,
        later,
        models,
    ]
}

fn bench() -> Bench {
    let province =
        december("bac-ninh", &slot("tinh", "0 18 * * *", "class: priority", "bulletin: dai-12-phut"));
    Bench::new(POLICY)
        .station("bo-ha-1", "bac-ninh, yen-the", "vi", "gan-cho")
        .schedule("bac-ninh", &province)
        .holds(holdings())
}

fn given() -> Given {
    let mut bench = bench();
    bench.feed.withdrawn.insert("thu-hoi".into());
    Given::from_feed(&bench.feed).unwrap()
}

fn of_text(text: &str, given: &Given, now: &str) -> Result<(), Faults> {
    let (schedule, positions) = Schedule::read("lich.yaml", text)?;
    check(&Arc::new(schedule), &positions, given, at(now))
}

fn of(slots: &str) -> Result<(), Faults> {
    of_text(&december("yen-the", slots), &given(), "2026-11-25 00:00")
}

#[test]
fn a_schedule_that_fits_is_accepted() {
    let slots = slot(
        "sang",
        "0 6 * * *",
        "start_within: 5m",
        "{ chime: open }, { category: tricks }, { bulletin: ngan }",
    ) + &slot("trua", "20 6 * * *", "stations: { tags: [gan-cho] }", "bulletin: ngan");
    of(&slots).unwrap();
}

#[test]
fn what_would_not_sound_as_written_is_refused() {
    let cases: &[(&str, String)] = &[
        ("unknown bulletin", slot("s", "0 6 * * *", "", "bulletin: khong-co")),
        ("misspelt bulletin", slot("s", "0 6 * * *", "", "bulletin: nganh")),
        ("unknown chime", slot("s", "0 6 * * *", "", "{ chime: opem }, { bulletin: ngan }")),
        ("withdrawn", slot("s", "0 6 * * *", "", "bulletin: thu-hoi")),
        ("expiring", slot("s", "0 6 * * *", "", "bulletin: het-han")),
        ("not yet valid", slot("s", "0 6 * * *", "", "bulletin: chua-den")),
        ("a chime as a bulletin", slot("s", "0 6 * * *", "", "{ bulletin: open }, { bulletin: ngan }")),
        ("a bulletin as a chime", slot("s", "0 6 * * *", "", "{ chime: ngan }, { bulletin: ngan }")),
        ("a category that runs out", slot("s", "0 6 * * *", "", "category: models")),
        ("a category in no language of the station", slot("s", "0 6 * * *", "", "category: justice")),
        ("unknown station", slot("s", "0 6 * * *", "stations: [bo-ha-1, bo-ha-2]", "bulletin: ngan")),
        ("unknown tag", slot("s", "0 6 * * *", "stations: { tags: [gan-song] }", "bulletin: ngan")),
        ("never in these days", slot("s", "0 6 29 2 *", "", "bulletin: ngan")),
        ("outside airtime", slot("s", "15 3 * * *", "", "bulletin: ngan")),
        ("sometimes outside airtime", slot("s", "0 5-8 * * *", "", "bulletin: ngan")),
        ("beyond the end of airtime", slot("s", "55 7 * * *", "", "bulletin: dai-12-phut")),
        ("12 minutes every 5", slot("s", "*/5 6 * * *", "", "bulletin: dai-12-phut")),
        ("12 minutes in 10", slot("s", "0 6 * * *", "max_duration: 10m", "bulletin: dai-12-phut")),
        (
            "two that cannot both fit",
            slot("s", "0 6 * * *", "", "bulletin: dai-12-phut")
                + &slot("t", "1 6 * * *", "start_within: 5m", "bulletin: ngan"),
        ),
        ("the province is first", slot("s", "0 18 * * *", "start_within: 5m", "bulletin: ngan")),
        (
            "too much at a stretch",
            slot("s", "0 6 * * *", "", "{ bulletin: dai-12-phut }, { bulletin: dai-12-phut }")
                + &slot("t", "25 6 * * *", "", "bulletin: dai-12-phut"),
        ),
        ("too much in a day", slot("s", "0,20,40 6,7,16,17 * * *", "", "bulletin: dai-12-phut")),
        (
            "many at once",
            slot("s", "15 3 * * *", "", "{ chime: x }, { bulletin: y }")
                + &slot("t", "0 6 * * *", "stations: { tags: [z] }", "category: models"),
        ),
    ];
    let mut out = String::new();
    for (name, slots) in cases {
        let Err(faults) = of(slots) else { panic!("{name} was accepted") };
        out.push_str(&format!("## {name}\n{}{}\n", faults.to(Lang::Vi), faults.to(Lang::En)));
    }
    let whole: &[(&str, String)] = &[
        (
            "another zone",
            december("yen-the", &slot("s", "0 6 * * *", "", "bulletin: ngan"))
                .replace("Asia/Ho_Chi_Minh", "Asia/Bangkok"),
        ),
        ("an area without stations", december("gia-binh", &slot("s", "0 6 * * *", "", "bulletin: ngan"))),
        (
            "over",
            december("yen-the", &slot("s", "0 6 * * *", "", "bulletin: ngan")).replace("2026-12", "2026-10"),
        ),
    ];
    for (name, text) in whole {
        let Err(faults) = of_text(text, &given(), "2026-11-25 00:00") else { panic!("{name} was accepted") };
        out.push_str(&format!("## {name}\n{}{}\n", faults.to(Lang::Vi), faults.to(Lang::En)));
    }
    insta::assert_snapshot!("check_faults", out);
}

#[test]
fn what_is_past_is_not_held_against_a_schedule() {
    // Valid from the 1st, pushed on the 12th: the recording that came on the 10th is there for all that is left.
    let text = december("yen-the", &slot("s", "0 6 * * *", "", "bulletin: chua-den"));
    assert!(of_text(&text, &given(), "2026-11-25 00:00").is_err());
    of_text(&text, &given(), "2026-12-12 10:00").unwrap();
}

#[test]
fn slots_of_different_stations_do_not_collide() {
    let slots = slot("s", "0 6 * * *", "stations: [bo-ha-1], start_within: 1m", "bulletin: dai-12-phut")
        + &slot("t", "1 6 * * *", "stations: [xuan-luong-1], start_within: 1m", "bulletin: dai-12-phut");
    of(&slots).unwrap();
}

#[test]
fn without_a_feed_the_file_alone_is_checked() {
    let text = december("yen-the", &slot("s", "15 3 * * *", "", "bulletin: khong-co"));
    of_text(&text, &Given::default(), "2030-01-01 00:00").unwrap();
    let policy = Given { policy: given().policy, ..Given::default() };
    assert_eq!(of_text(&text, &policy, "2026-11-25 00:00").unwrap_err().0.len(), 1);
}
