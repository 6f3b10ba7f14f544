//! What a station takes from its feed, and what it leaves out.

use loaxa::{bulletin::Category, ids::StationId, schedule::world::World, text::Lang};

use crate::support::{Bench, POLICY, at, bulletin, december, signed, slot, tags};

fn bench() -> Bench {
    Bench::new(POLICY)
        .slots(&slot("sang", "0 6 * * *", "", "bulletin: a"))
        .schedule("bac-ninh", &december("bac-ninh", &slot("tinh", "0 17 * * *", "", "bulletin: a")))
        .holds([bulletin("a", Category::Tricks, "vi", 20)])
}

const DAY: (&str, &str) = ("2026-12-01 00:00", "2026-12-02 00:00");

#[test]
fn a_broken_area_hurts_itself_alone() {
    for bad in [
        "slots: [",
        "format: 1\narea: yen-the\n",
        &december("yen-the", &slot("sang", "61 6 * * *", "", "bulletin: a")),
    ] {
        let bench = bench().schedule("yen-the", bad);
        assert_eq!(bench.brief(DAY.0, DAY.1), ["01T17:00 tinh play"], "{bad}");
        let warnings = bench.world().warnings;
        assert!(
            warnings.0.iter().all(|f| f.place.file == "areas/yen-the/schedule.yaml")
                && !warnings.0.is_empty()
        );
    }
}

#[test]
fn a_schedule_in_the_wrong_place_is_left_out() {
    let bench =
        bench().schedule("yen-the", &december("bac-ninh", &slot("sang", "0 6 * * *", "", "bulletin: a")));
    assert_eq!(bench.brief(DAY.0, DAY.1), ["01T17:00 tinh play"]);
    let en = bench.world().warnings.to(Lang::En);
    assert!(en.contains("says area `bac-ninh` but lies in area `yen-the`"), "{en}");
}

#[test]
fn a_schedule_of_another_zone_is_left_out() {
    let text =
        december("yen-the", &slot("sang", "0 6 * * *", "", "bulletin: a")).replace("Asia/Ho_Chi_Minh", "UTC");
    let bench = bench().schedule("yen-the", &text);
    assert_eq!(bench.brief(DAY.0, DAY.1), ["01T17:00 tinh play"]);
    assert!(
        bench.world().warnings.to(Lang::En).starts_with("areas/yen-the/schedule.yaml:3:11: the zone UTC")
    );
}

#[test]
fn only_areas_that_the_registry_names_are_obeyed() {
    let bench =
        bench().schedule("gia-binh", &december("gia-binh", &slot("la", "30 6 * * *", "", "bulletin: a")));
    assert_eq!(bench.brief(DAY.0, DAY.1), ["01T06:00 sang play", "01T17:00 tinh play"]);
    // An area cannot make a foreign station its own, nor tag it.
    let mut claimed = bench.clone();
    let text = "format: 1\narea: gia-binh\nstations: [{ id: xuan-luong-1, tags: [cua-toi] }]";
    claimed.feed.area_stations.insert("gia-binh".parse().unwrap(), signed(text));
    assert_eq!(claimed.world().tags, tags(&["vung-cao"]));
}

#[test]
fn areas_add_tags_and_languages_after_the_registry_s() {
    let mut bench = bench();
    let text =
        "format: 1\narea: yen-the\nstations: [{ id: xuan-luong-1, tags: [gan-cho], languages: [nut, vi] }]";
    bench.feed.area_stations.insert("yen-the".parse().unwrap(), signed(text));
    let world = bench.world();
    assert_eq!(world.tags, tags(&["gan-cho", "vung-cao"]));
    let languages: Vec<_> = world.languages.iter().map(|l| l.as_str()).collect();
    assert_eq!(languages, ["vi", "nut", "tyz"]);
}

#[test]
fn the_first_area_of_the_entry_goes_first() {
    let world = bench().world();
    let ranks: Vec<_> = world.areas.iter().map(|a| (a.rank, a.schedule.area.as_str())).collect();
    assert_eq!(ranks, [(0, "bac-ninh"), (1, "yen-the")]);
    let mut without = bench();
    without.feed.schedules.remove(&"bac-ninh".parse().unwrap());
    assert_eq!(without.world().areas[0].rank, 1);
}

#[test]
fn without_policy_registry_or_entry_there_is_silence_with_a_reason() {
    let station: StationId = "xuan-luong-1".parse().unwrap();
    let why = |bench: &Bench, station: &StationId| {
        World::for_station(&bench.feed, station).unwrap_err().to(Lang::En)
    };
    let mut no_policy = bench();
    no_policy.feed.policy = None;
    assert!(why(&no_policy, &station).starts_with("policy.yaml: the feed has no"));
    let mut no_registry = bench();
    no_registry.feed.registry = None;
    assert!(why(&no_registry, &station).starts_with("registry/stations.yaml: the feed has no"));
    assert!(why(&bench(), &"nobody".parse().unwrap()).contains("`nobody` is not in the registry"));
    let mut broken = bench();
    broken.feed.policy = Some(signed("format: 1"));
    assert!(why(&broken, &station).starts_with("policy.yaml:1:1:"));
}

#[test]
fn wanted_names_every_recording_that_the_slots_can_reach() {
    let playlist = "{ chime: open }, { category: law }, { bulletin: a-vi }";
    let bench = Bench::new(POLICY).slots(&slot("sang", "0 6 * * *", "", playlist)).holds([
        bulletin("a-vi", Category::Tricks, "vi", 9),
        bulletin("a-tyz", Category::Tricks, "tyz", 9),
        bulletin("a-mlc", Category::Tricks, "mlc", 9),
        bulletin("b-vi", Category::Law, "vi", 9),
        bulletin("c-vi", Category::Models, "vi", 9),
        crate::support::chime("open", 3),
    ]);
    let wanted: Vec<_> = bench.world().wanted().into_keys().map(|id| id.to_string()).collect();
    assert_eq!(wanted, ["a-tyz", "a-vi", "b-vi", "open"]);
    assert_eq!(bench.plan(DAY.0, DAY.1)[0].of.due, at("2026-12-01 06:00"));
}
