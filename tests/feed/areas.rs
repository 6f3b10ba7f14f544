//! Offices of areas, and the registry that says whom a station obeys.

use serde_json::json;

use crate::{
    repo::Repo,
    station::{ID, Station, areas, ids, province, told},
};

/// A synced station, and what it says after `yen-the` did `deed`: the other area and the bulletins are untouched, and
/// what `yen-the` had in force before stays.
fn deed(deed: impl FnOnce(&mut Repo)) -> String {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    let old = station.load();
    repo.schedule("bac-giang", "format: 1\n# newer\n");
    deed(&mut repo);
    repo.publish();
    let feed = station.sync(&repo.source()).unwrap();
    let [bac_giang, yen_the] = ["bac-giang", "yen-the"].map(|a| a.parse::<loaxa::ids::AreaId>().unwrap());
    assert_eq!(feed.schedules[&bac_giang].text, "format: 1\n# newer\n");
    assert_eq!(feed.schedules[&yen_the], old.schedules[&yen_the]);
    assert_eq!(feed.bulletins, old.bulletins);
    assert_eq!(feed.stale.keys().collect::<Vec<_>>(), ["area-yen-the"]);
    assert_eq!(station.reboot().load().schedules, feed.schedules);
    told(&feed.stale)
}

#[test]
fn an_area_that_re_lists_a_bulletin_gets_nothing() {
    insta::assert_snapshot!(deed(|repo| {
        repo.schedule("yen-the", "format: 1\n# mine\n");
        repo.target("area-yen-the", "bulletins/phap-luat-1.opus", b"other audio", None);
    }));
}

#[test]
fn an_area_that_writes_for_another_gets_nothing() {
    insta::assert_snapshot!(deed(|repo| {
        repo.schedule("yen-the", "format: 1\n# mine\n");
        repo.target("area-yen-the", "areas/bac-giang/schedule.yaml", b"theirs", None);
    }));
}

#[test]
fn a_slip_of_the_province_in_the_delegation_gives_an_area_no_more_than_its_own() {
    deed(|repo| {
        repo.edit("targets", |t| {
            let roles = t["delegations"]["roles"].as_array_mut().unwrap();
            roles.iter_mut().find(|r| r["name"] == "area-yen-the").unwrap()["paths"] =
                json!(["*", "*/*", "*/*/*"]);
        });
        repo.target("area-yen-the", "policy.yaml", b"airtime: all night", None);
    });
}

#[test]
fn an_area_may_not_delegate_on() {
    insta::assert_snapshot!(deed(|repo| {
        repo.edit("area-yen-the", |r| {
            let (id, key) = crate::repo::tuf_key("nguoi-la");
            let role = json!({"name": "x", "keyids": [id], "threshold": 1, "terminating": false, "paths": ["areas/yen-the/*"]});
            r["delegations"] = json!({"keys": {id: key}, "roles": [role]});
        });
    }));
}

#[test]
fn an_area_signed_by_another_office_gets_nothing() {
    insta::assert_snapshot!(deed(|repo| {
        repo.schedule("yen-the", "format: 1\n# not ours\n").signed_by("area-yen-the", &["khu-vuc-bac-giang"]);
    }));
}

#[test]
fn a_station_obeys_only_the_areas_that_its_registry_entry_names() {
    let mut repo = province();
    repo.area_stations(
        "dong-ky",
        &format!("format: 1\narea: dong-ky\nstations:\n  - id: {ID}\n    tags: [cua-toi]\n"),
    );
    repo.publish();
    let mut station = Station::enrolled(&repo);
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!(areas(&feed), ["bac-giang", "yen-the"]);
    assert!(feed.area_stations.is_empty(), "an area claimed a station that is not its own");
}

#[test]
fn an_entry_without_the_own_key_is_not_the_own_entry() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.station(ID, [66; 32], &["bac-giang"]).publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert!(feed.areas.is_empty() && feed.schedules.is_empty());
    insta::assert_snapshot!(told(&feed.stale));
}

#[test]
fn a_station_that_is_not_registered_yet_says_so() {
    let mut repo = Repo::new(crate::station::DAWN);
    repo.bulletin("phap-luat-1", b"law").publish();
    let feed = Station::enrolled(&repo).sync(&repo.source()).unwrap();
    assert_eq!(ids(&feed), ["phap-luat-1"]);
    insta::assert_snapshot!(told(&feed.stale));
}

#[test]
fn a_registry_that_is_none_leaves_the_old_one_in_force() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.target("registry", "registry/stations.yaml", b"stations: [{id: 1", None).publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!(areas(&feed), ["bac-giang", "yen-the"]);
    assert!(feed.stale.contains_key("registry/stations.yaml"));
}

#[test]
fn an_area_that_the_province_dissolved_is_obeyed_no_more() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.edit("targets", |t| {
        t["delegations"]["roles"].as_array_mut().unwrap().retain(|r| r["name"] != "area-yen-the");
    });
    repo.publish();
    let feed = station.sync(&repo.source()).unwrap();
    assert_eq!(areas(&feed), ["bac-giang"]);
    insta::assert_snapshot!(told(&feed.stale));
}
