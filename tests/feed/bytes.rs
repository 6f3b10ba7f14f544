//! A host that alters, swaps, cuts or never ends files.

use loaxa::feed::refusal::Why;

use crate::{
    repo::Repo,
    station::{Station, ids, province, told, told_of},
};

/// Each file that a first sync asks for.
fn asked(repo: &Repo) -> Vec<String> {
    let host = repo.source();
    Station::enrolled(repo).sync(&host).unwrap();
    let mut asked = host.take_asked();
    asked.retain(|name| repo.files.contains_key(name));
    asked
}

#[test]
fn one_byte_flipped_anywhere_changes_nothing_that_counts() {
    let mut repo = province();
    repo.edit("root", |_| ()).publish();
    let good = Station::synced(&repo).load();
    let (mut tried, mut harmless) = (0, 0);
    for name in asked(&repo) {
        let length = repo.files[&name].len();
        // About a dozen places a file, at odd steps so that each kind of place is met, and one of three bits.
        for place in (0..length).step_by(length / 12 + 1) {
            let mut host = repo.source();
            host.alter(&name, |bytes| bytes[place] ^= [1, 4, 0x20][place % 3]);
            tried += 1;
            match Station::enrolled(&repo).sync(&host) {
                Err(refusal) => assert!(!refusal.text().vi.is_empty()),
                // Named, or the same in every respect: a hex digit in capitals.
                Ok(feed) if feed.stale.is_empty() => {
                    harmless += 1;
                    assert_eq!(feed, good, "byte {place} of {name}");
                }
                Ok(feed) => assert!(feed.bulletins.iter().all(|(id, b)| good.bulletins.get(id) == Some(b))),
            }
        }
    }
    assert!(tried > 100 && harmless * 10 < tried, "{harmless} of {tried}");
}

#[test]
fn swapped_files_are_noticed() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.schedule("bac-giang", "format: 1\n# one\n").schedule("yen-the", "format: 1\n# two\n").publish();
    let mut host = repo.source();
    let (a, b) = (repo.file("area-bac-giang"), repo.file("area-yen-the"));
    host.files.insert(a.clone(), repo.files[&b].clone());
    host.files.insert(b, repo.files[&a].clone());
    let feed = station.sync(&host).unwrap();
    assert_eq!(feed.schedules["yen-the".parse::<loaxa::ids::AreaId>().as_ref().unwrap()].version, 1);
    insta::assert_snapshot!(told(&feed.stale));
}

#[test]
fn a_snapshot_cannot_pass_for_a_timestamp() {
    let repo = province();
    let mut station = Station::synced(&repo);
    let mut host = repo.source();
    host.files.insert("metadata/timestamp.json".into(), repo.files[&repo.file("snapshot")].clone());
    assert!(matches!(station.sync(&host).unwrap_err().why, Why::Malformed(_)));
}

#[test]
fn no_file_may_be_endless_and_none_may_be_missing() {
    let mut messages = String::new();
    let top = ["root", "timestamp", "snapshot", "targets"];
    for role in top.into_iter().chain(["withdrawals", "bulletins", "registry", "area-yen-the"]) {
        let mut repo = province();
        let mut station = Station::synced(&repo);
        repo.edit(role, |_| ()).publish();
        for endless in [true, false] {
            let mut host = repo.source();
            let list = if endless { &mut host.endless } else { &mut host.absent };
            list.insert(repo.file(role));
            // Without a next root there is none; everything else must be there.
            if role == "root" && !endless {
                continue;
            }
            match station.sync(&host) {
                Err(refusal) => {
                    assert!(top.contains(&role), "{role}: {refusal}");
                    messages += &told_of(&refusal);
                }
                Ok(feed) => {
                    assert!(
                        !top.contains(&role) && ids(&feed).len() == 3 && feed.schedules.len() == 2,
                        "{role}"
                    );
                    messages += &told(&feed.stale);
                }
            }
        }
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn the_caps_hold_even_for_lengths_that_a_stolen_online_key_signed() {
    let mut repo = province();
    let mut station = Station::synced(&repo);
    repo.edit("snapshot", |s| s["padding"] = "x".repeat(2 << 20).into()).publish();
    assert!(matches!(station.sync(&repo.source()).unwrap_err().why, Why::Limits(_)));
}

#[test]
fn a_small_file_that_is_missing_or_altered_leaves_the_old_one_in_force() {
    for (path, what) in
        [("policy.yaml", "policy"), ("stations.yaml", "registry"), ("schedule.yaml", "schedule")]
    {
        for altered in [true, false] {
            let mut repo = province();
            let mut station = Station::synced(&repo);
            let old = station.load();
            let policy = format!("{}# new\n", crate::repo::policy());
            repo.policy(&policy)
                .station("xa-moi", [9; 32], &["yen-the"])
                .schedule("yen-the", "format: 1\n# new\n")
                .publish();
            let mut host = repo.source();
            for (name, bytes) in host.files.iter_mut().filter(|(name, _)| name.ends_with(path)) {
                match altered {
                    true => bytes[0] ^= 1,
                    false => {
                        host.absent.insert(name.clone());
                    }
                }
            }
            let feed = station.sync(&host).unwrap();
            let part = |feed: &loaxa::feed::Feed| match what {
                "policy" => feed.policy.clone(),
                "registry" => feed.registry.clone(),
                _ => feed.schedules.values().nth(1).cloned(),
            };
            assert_eq!(part(&feed), part(&old), "{what}");
            assert_eq!(part(&station.reboot().load()), part(&old), "{what} after a reboot");
            assert!(feed.stale.keys().any(|k| k.ends_with(path)), "{:?}", feed.stale);
        }
    }
}
