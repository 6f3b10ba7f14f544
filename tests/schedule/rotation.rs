//! Which works come up, and in which language.

use std::collections::BTreeSet;

use loaxa::bulletin::{Bulletin, Category};
use proptest::prelude::*;

use crate::support::{Bench, OPEN, Rng, at, bulletin, december, ids, slot};

fn works(names: &[&str]) -> Vec<Bulletin> {
    names.iter().map(|name| bulletin(name, Category::Tricks, "vi", 10)).collect()
}

fn days(bench: &Bench, station: &str, n: i64) -> Vec<String> {
    let from = at("2026-12-01 00:00");
    let plan = loaxa::schedule::plan::plan(&bench.world_of(station), from..from + chrono::TimeDelta::days(n));
    plan.iter().map(|p| ids(p).join(" ")).collect()
}

#[test]
fn works_take_turns_by_id_from_the_first_day_on() {
    let bench = Bench::new(OPEN)
        .slots(&slot("sang", "0 6 * * *", "", "{ category: tricks, pick: rotate, count: 2 }"))
        .holds(works(&["c", "a", "b"]));
    assert_eq!(days(&bench, "xuan-luong-1", 4), ["a b", "c a", "b c", "a b"]);
}

#[test]
fn with_fewer_works_than_asked_each_comes_once() {
    let bench = Bench::new(OPEN)
        .slots(&slot("sang", "0 6 * * *", "", "{ category: tricks, count: 5 }"))
        .holds(works(&["a", "b"]));
    // (k·5 + j) mod 2
    assert_eq!(days(&bench, "xuan-luong-1", 3), ["a b", "b a", "a b"]);
}

#[test]
fn days_without_an_occurrence_take_no_turn() {
    let text = december("yen-the", &slot("sang", "0 6,7 * * *", "", "category: tricks"))
        .replace("slots:", "except: [2026-12-02]\nslots:");
    let policy = OPEN.replace("airtime", "silent_days: [2026-12-04]\nairtime");
    let bench = Bench::new(&policy).schedule("yen-the", &text).holds(works(&["a", "b", "c"]));
    assert_eq!(days(&bench, "xuan-luong-1", 5), ["a", "b", "c", "a", "b", "c"]);
}

#[test]
fn newest_is_by_validity_then_by_work() {
    let mut all = works(&["a", "b", "c", "d"]);
    all[1].meta.valid_from = at("2026-11-20 00:00");
    all[2].meta.valid_from = at("2026-11-20 00:00");
    all[3].meta.valid_from = at("2026-12-03 00:00");
    let bench = Bench::new(OPEN)
        .slots(&slot("sang", "0 6 * * *", "", "{ category: tricks, pick: newest, count: 2 }"))
        .holds(all);
    assert_eq!(days(&bench, "xuan-luong-1", 3), ["b c", "b c", "d b"]);
}

#[test]
fn a_work_that_expires_leaves_the_turn_to_the_others() {
    let mut all = works(&["a", "b"]);
    all[0].meta.valid_until = at("2026-12-02 00:00");
    let bench = Bench::new(OPEN).slots(&slot("sang", "0 6 * * *", "", "category: tricks")).holds(all);
    assert_eq!(days(&bench, "xuan-luong-1", 3), ["a", "b", "b"]);
}

#[test]
fn the_station_s_language_comes_first_then_the_policy_s() {
    let policy = OPEN.replace("[vi]", "[vi, tyz]");
    let all = [
        bulletin("a-vi", Category::Tricks, "vi", 10),
        bulletin("a-nut", Category::Tricks, "nut", 10),
        bulletin("b-vi", Category::Tricks, "vi", 10),
        bulletin("b-tyz", Category::Tricks, "tyz", 10),
        bulletin("c-tyz", Category::Tricks, "tyz", 10),
        bulletin("d-mlc", Category::Tricks, "mlc", 10),
    ];
    let bench = Bench::new(&policy)
        .station("nung", "bac-ninh, yen-the", "nut, tyz", "")
        .station("none", "bac-ninh, yen-the", "", "")
        .slots(&slot("sang", "0 6 * * *", "", "{ category: tricks, count: 9 }, { bulletin: a-vi }"))
        .holds(all);
    assert_eq!(days(&bench, "xuan-luong-1", 1), ["a-vi b-vi c-tyz a-vi"]);
    assert_eq!(days(&bench, "nung", 1), ["a-nut b-tyz c-tyz a-nut"]);
    assert_eq!(days(&bench, "none", 1), ["a-vi b-vi c-tyz a-vi"]);
}

#[test]
fn a_bulletin_named_outright_plays_even_where_nobody_lists_its_language() {
    let bench = Bench::new(OPEN).slots(&slot("sang", "0 6 * * *", "", "bulletin: d-mlc")).holds([bulletin(
        "d-mlc",
        Category::Tricks,
        "mlc",
        10,
    )]);
    assert_eq!(days(&bench, "xuan-luong-1", 1), ["d-mlc"]);
}

#[test]
fn of_two_bulletins_in_one_language_the_one_that_speaks_it_first_suits_better() {
    let mut mixed = bulletin("a-both", Category::Tricks, "vi", 10);
    mixed.meta.work = "a".parse().unwrap();
    mixed.meta.languages = vec!["nut".parse().unwrap(), "vi".parse().unwrap()];
    let plain = bulletin("a-vi", Category::Tricks, "vi", 10);
    let bench =
        Bench::new(OPEN).slots(&slot("sang", "0 6 * * *", "", "category: tricks")).holds([mixed, plain]);
    assert_eq!(days(&bench, "xuan-luong-1", 1), ["a-vi"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_work_comes_up_and_boxes_agree(n in 1usize..30, count in 1usize..6, seed in 1u64..u64::MAX) {
        let names: Vec<_> = (0..n).map(|i| format!("work-{i}")).collect();
        let mut all: Vec<_> = names.iter().map(|name| bulletin(name, Category::Law, "vi", 5)).collect();
        let slots = slot("sang", "0 6 * * *", "", &format!("{{ category: law, count: {count} }}"));
        let bench = Bench::new(OPEN).slots(&slots).holds(all.clone());
        let rounds = n.div_ceil(count.min(n)) as i64;
        let plan = days(&bench, "xuan-luong-1", 31);
        // In any run of that many days each work was there.
        for window in plan.windows(rounds as usize) {
            let heard: BTreeSet<_> = window.iter().flat_map(|day| day.split(' ')).collect();
            prop_assert_eq!(heard.len(), n);
        }
        // No work twice in one airing.
        for day in &plan {
            prop_assert_eq!(day.split(' ').collect::<BTreeSet<_>>().len(), count.min(n));
        }
        // A neighbour that got its feed in another order, and was asked for one day only, airs the same.
        let mut rng = Rng(seed);
        for i in (1..all.len()).rev() {
            all.swap(i, rng.below(i + 1));
        }
        let neighbour = Bench::new(OPEN).station("hang-xom", "yen-the, bac-ninh", "vi", "x").slots(&slots).holds(all);
        let from = at("2026-12-17 00:00");
        let day = loaxa::schedule::plan::plan(&neighbour.world_of("hang-xom"), from..from + chrono::TimeDelta::days(1));
        prop_assert_eq!(ids(&day[0]).join(" "), &*plan[16]);
    }
}
