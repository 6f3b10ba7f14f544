//! What a station fetches: all that the planner may pick for it, and as little else as can be.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use loaxa::{
    bulletin::{Bulletin, Category, Kind},
    feed::{Feed, Who},
    schedule::{plan::plan, world::World},
    station::{
        sync::Want,
        wants::{Needs, Wants},
    },
};
use proptest::prelude::*;

use crate::support::{Bench, OPEN, Rng, at, bulletin, chime, slot};

const LANGUAGES: [&str; 5] = ["vi", "tyz", "nut", "yue", "mlc"];
const NOW: &str = "2026-12-01 05:00";

fn who(bench: &Bench) -> Who {
    let key = bench.world().entry.key;
    Who { station: "xuan-luong-1".parse().unwrap(), key }
}

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> Vec<&'a str> {
    from.iter().copied().filter(|_| rng.below(3) == 0).collect()
}

/// Up to 30 recordings of a few works, in no, one or more languages.
fn recordings(rng: &mut Rng) -> Vec<Bulletin> {
    let mut all = vec![chime("open", 3), chime("close", 3)];
    for i in 0..rng.below(30) {
        let mut one = bulletin(&format!("b{i}"), Category::ALL[rng.below(Category::ALL.len())], "vi", 10);
        one.meta.work = format!("w{}", rng.below(8)).parse().unwrap();
        one.meta.languages = pick(rng, &LANGUAGES).iter().map(|l| l.parse().unwrap()).collect();
        one.meta.valid_from = at("2026-11-20 00:00") + TimeDelta::hours(rng.below(600) as i64);
        one.meta.valid_until = one.meta.valid_from + TimeDelta::hours(1 + rng.below(600) as i64);
        all.push(one);
    }
    all
}

fn slots(rng: &mut Rng, of: &[Bulletin], names: bool) -> String {
    let entry = |rng: &mut Rng| match rng.below(if names { 3 } else { 2 }) {
        0 => format!("{{ chime: {} }}", ["open", "close"][rng.below(2)]),
        1 => {
            let category = ["law", "tricks", "justice", "support", "models"][rng.below(5)];
            let how = ["rotate", "newest"][rng.below(2)];
            format!("{{ category: {category}, pick: {how}, count: {} }}", 1 + rng.below(3))
        }
        _ => match of.iter().filter(|b| b.meta.kind == Kind::Bulletin).nth(rng.below(30)) {
            Some(named) => format!("{{ bulletin: {} }}", named.id),
            None => "{ category: law }".into(),
        },
    };
    // Some every hour, so that each validity begins and ends between two airings.
    let hour = |rng: &mut Rng| if rng.below(2) == 0 { "*".into() } else { rng.below(24).to_string() };
    (0..1 + rng.below(4))
        .map(|i| {
            let more = (0..rng.below(4)).map(|_| entry(rng)).collect::<Vec<_>>();
            let entries = [vec!["{ category: tricks }".into()], more].concat().join(", ");
            slot(&format!("s{i}"), &format!("{} {} * * *", rng.below(60), hour(rng)), "", &entries)
        })
        .collect()
}

fn province(rng: &mut Rng) -> (Bench, Vec<Bulletin>) {
    let all = recordings(rng);
    let listed = [vec![LANGUAGES[rng.below(5)]], pick(rng, &LANGUAGES)].concat();
    let listed = listed.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
    let policy = OPEN.replace("languages: [vi]", &format!("languages: [{listed}]"));
    let mut bench = Bench::new(&policy);
    let registry = bench.feed.registry.as_mut().unwrap();
    registry.text = registry
        .text
        .replace("languages: [vi]", &format!("languages: [{}]", pick(rng, &LANGUAGES).join(", ")));
    let added = format!(
        "format: 1\narea: yen-the\nstations:\n  - {{ id: xuan-luong-1, languages: [{}] }}\n",
        pick(rng, &LANGUAGES).join(", ")
    );
    bench.feed.area_stations.insert("yen-the".parse().unwrap(), crate::support::signed(&added));
    (bench.slots(&slots(rng, &all, true)).holds(all.clone()), all)
}

fn left_out(feed: &Feed, needs: &Needs) -> BTreeSet<String> {
    feed.bulletins.keys().filter(|id| needs.want(id) == Want::No).map(|id| id.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_the_planner_may_pick_is_left_out(seed in 1u64..) {
        let mut rng = Rng(seed);
        let (bench, all) = province(&mut rng);
        let spared = left_out(&bench.feed, &Needs::of(&bench.feed, &who(&bench), at(NOW)));
        // The schedule in force, and another one that names no single recording.
        let other = bench.clone().slots(&slots(&mut rng, &all, false));
        for world in [bench.world(), other.world()] {
            for occurrence in plan(&world, at(NOW)..at("2027-01-01 00:00")) {
                for item in &occurrence.items {
                    prop_assert!(!spared.contains(item.id.as_str()), "{} of {:?}", item.id, occurrence.of);
                }
            }
        }
        // What is spared is spoken in no language of this place, or another translation stands for it.
        let world: World = bench.world();
        let spoken = |b: &&Bulletin| b.meta.languages.iter().any(|l| world.languages.contains(l));
        for bulletin in all.iter().filter(|b| spared.contains(b.id.as_str())).filter(spoken) {
            let same = |b: &&Bulletin| b.meta.work == bulletin.meta.work && b.id != bulletin.id;
            prop_assert!(all.iter().filter(same).any(|b| spoken(&b)), "{} is spared", bulletin.id);
        }
    }
}

#[test]
fn a_station_fetches_its_languages_and_first_what_it_airs_within_a_day() {
    let morning = slot("sang", "0 6 * * *", "", "{ chime: open }, { bulletin: ten-yue }");
    let bench = Bench::new(OPEN).slots(&morning).holds([
        chime("open", 3),
        chime("close", 3),
        bulletin("luat-vi", Category::Law, "vi", 9),
        bulletin("luat-yue", Category::Law, "yue", 9),
        bulletin("rieng-yue", Category::Law, "yue", 9),
        bulletin("ten-yue", Category::Law, "yue", 9),
        bulletin("khan-yue", Category::Law, "yue", 9),
    ]);
    let mut feed = bench.feed.clone();
    feed.urgent_audio.insert("khan-yue".parse().unwrap());
    let wants = Wants::new(who(&bench));
    let want = |feed: &Feed, id: &str, now| wants.want(feed, &feed.bulletins[&id.parse().unwrap()], at(now));
    let due = at("2026-12-01 06:00");
    assert_eq!((want(&feed, "luat-yue", NOW), want(&feed, "rieng-yue", NOW)), (Want::No, Want::No));
    assert_eq!(want(&feed, "luat-vi", NOW), Want::SomeTime);
    assert_eq!(want(&feed, "close", NOW), Want::SomeTime);
    assert_eq!(want(&feed, "khan-yue", NOW), Want::SomeTime);
    assert_eq!((want(&feed, "open", NOW), want(&feed, "ten-yue", NOW)), (Want::At(due), Want::At(due)));
    // An hour later the next day's are looked up; another policy counts at once.
    let next = due + TimeDelta::days(1);
    assert_eq!(want(&feed, "ten-yue", "2026-12-01 06:30"), Want::At(next));
    let spoken = OPEN.replace("languages: [vi]", "languages: [vi, yue]");
    feed.policy = Some(crate::support::signed(&spoken));
    assert_eq!(want(&feed, "rieng-yue", NOW), Want::SomeTime);
    // That work is there in Vietnamese too, which goes first.
    assert_eq!(want(&feed, "luat-yue", NOW), Want::No);
    // Not registered yet: whatever comes may be needed.
    feed.registry = None;
    assert_eq!(want(&feed, "khan-yue", NOW), Want::SomeTime);
}
