//! The search of TUF 1.0.34 §5.6.7, which a generic client needs; stations ask roles by name.

use loaxa::feed::{
    Mode, Now,
    disk::Disk,
    refusal::Refusal,
    trust::{Rules, Update, VISITS_MAX},
};
use serde_json::json;

use crate::{
    repo::{Repo, tuf_key},
    station::{DAWN, Station, block_on},
};

/// Delegations as (delegator, role, paths, terminating), in order.
type Graph<'g> = [(&'g str, &'g str, &'g [&'g str], bool)];

fn repo(graph: &Graph<'_>, targets: &[(&str, &str)]) -> Repo {
    let mut repo = Repo::new(DAWN);
    repo.edit("targets", |t| t["delegations"] = json!({"keys": {}, "roles": []}));
    for (delegator, role, paths, terminating) in graph {
        if !repo.roles.contains_key(*role) {
            // Delegated by targets first, so that the role exists; that delegation is then taken out.
            repo.delegate(role, paths, &["ai-do"], 1, 365);
            repo.edit("targets", |t| drop(t["delegations"]["roles"].as_array_mut().unwrap().pop()));
        }
        let (id, key) = tuf_key("ai-do");
        repo.edit(delegator, |d| {
            if d["delegations"].is_null() {
                d["delegations"] = json!({"keys": {}, "roles": []});
            }
            d["delegations"]["keys"][&id] = key;
            let entry = json!({"name": role, "keyids": [id], "threshold": 1, "terminating": terminating, "paths": paths});
            d["delegations"]["roles"].as_array_mut().unwrap().push(entry);
        });
    }
    for (role, path) in targets {
        repo.target(role, path, role.as_bytes(), None);
    }
    repo.publish();
    repo
}

/// Whose description of `path` is found, and which delegated roles were asked for on the way.
fn find(repo: &Repo, path: &str) -> (Result<Option<String>, Refusal>, Vec<String>) {
    let station = Station::enrolled(repo);
    let host = repo.source();
    let disk = Disk::new(&station.folder());
    let now = Now { wall: repo.now, trusted: true };
    let found = block_on(async {
        let mut update = Update::begin(&disk, Some(&host), Mode::Online, now, Rules { signed_at: false })?;
        update.top_level().await?;
        host.take_asked();
        match update.find(path).await? {
            Some(target) => {
                let bytes = update.fetch_target(path, &target, 1 << 20).await?;
                Ok(Some(String::from_utf8(bytes).unwrap()))
            }
            None => Ok(None),
        }
    });
    let role = |name: &String| Some(name.strip_prefix("metadata/1.")?.strip_suffix(".json")?.to_owned());
    (found, host.take_asked().iter().filter_map(role).collect())
}

const ANY: &[&str] = &["*"];

#[test]
fn roles_are_visited_in_pre_order_each_once_and_no_further_than_a_terminating_one() {
    let cases: [(&Graph<'_>, &[&str]); 7] = [
        (&[("targets", "a", ANY, false), ("targets", "b", ANY, false)], &["a", "b"]),
        (
            &[("targets", "a", ANY, false), ("targets", "b", ANY, false), ("a", "c", ANY, false)],
            &["a", "c", "b"],
        ),
        (
            &[
                ("targets", "a", ANY, false),
                ("targets", "b", ANY, false),
                ("a", "c", ANY, true),
                ("a", "d", ANY, false),
            ],
            &["a", "c"],
        ),
        (
            &[
                ("targets", "a", ANY, false),
                ("targets", "b", ANY, false),
                ("a", "c", ANY, true),
                ("c", "d", ANY, false),
            ],
            &["a", "c", "d"],
        ),
        (&[("targets", "a", &["*.py"], false), ("targets", "b", ANY, false), ("a", "c", ANY, false)], &["b"]),
        (&[("targets", "a", ANY, false), ("a", "b", ANY, false), ("b", "a", ANY, false)], &["a", "b"]),
        (
            &[
                ("targets", "a", ANY, false),
                ("targets", "b", ANY, false),
                ("b", "c", ANY, false),
                ("a", "c", ANY, false),
            ],
            &["a", "c", "b"],
        ),
    ];
    for (graph, visited) in cases {
        let (found, asked) = find(&repo(graph, &[]), "missing");
        assert_eq!(found, Ok(None));
        assert_eq!(asked, visited, "{graph:?}");
    }
}

#[test]
fn a_target_counts_only_if_every_delegation_on_the_way_covers_it() {
    let graph: &Graph<'_> = &[
        ("targets", "a", &["*.md", "foo-?.tgz"], false),
        ("targets", "b", &["releases/*/*"], false),
        ("b", "c", &["releases/x/*"], false),
        ("b", "d", &["releases/y/*.zip"], false),
    ];
    let targets =
        [("a", "README.md"), ("a", "releases/README.md"), ("c", "releases/x/v1"), ("d", "releases/z/v1.zip")];
    let repo = repo(graph, &targets);
    for (path, found, visited) in [
        ("README.md", Some("a"), &["a"][..]),
        ("README.MD", None, &[]),
        ("releases/README.md", None, &[]),
        ("releases/x/v1", Some("c"), &["b", "c"]),
        ("releases/z/v1.zip", None, &["b"]),
        ("foo-12.tgz", None, &[]),
    ] {
        assert_eq!(
            find(&repo, path),
            (Ok(found.map(str::to_owned)), visited.iter().map(|s| s.to_string()).collect()),
            "{path}"
        );
    }
}

#[test]
fn a_role_that_cannot_be_verified_ends_the_search() {
    let mut repo = repo(&[("targets", "a", ANY, false), ("targets", "b", ANY, false)], &[("b", "x")]);
    repo.signed_by("a", &["nguoi-la"]).publish();
    let (found, _) = find(&repo, "x");
    assert_eq!(found.unwrap_err().what, "a");
}

#[test]
fn a_role_named_like_one_of_the_four_never_overwrites_it() {
    let mut repo = repo(&[("targets", "a", ANY, false)], &[]);
    let snapshot_entry = repo.roles["snapshot"].signed["meta"]["a.json"].clone();
    repo.edit("targets", |t| t["delegations"]["roles"][0]["name"] = json!("timestamp"));
    repo.edit("snapshot", |s| s["meta"]["timestamp.json"] = snapshot_entry).publish();
    assert_eq!(find(&repo, "x").0.unwrap_err().what, "timestamp");
}

#[test]
fn a_search_counts_only_roles_whose_paths_match() {
    let mut repo = Repo::new(DAWN);
    for n in 0..300 {
        repo.schedule(&format!("khu-{n}"), "format: 1\n");
    }
    repo.publish();
    assert!(
        repo.roles["targets"].signed["delegations"]["roles"].as_array().unwrap().len() > 10 * VISITS_MAX - 20
    );
    for n in [0, 31, 32, 299] {
        let (found, asked) = find(&repo, &format!("areas/khu-{n}/schedule.yaml"));
        assert_eq!((found, asked), (Ok(Some("format: 1\n".into())), vec![format!("area-khu-{n}")]));
    }
}

#[test]
fn a_search_through_matching_roles_ends_after_so_many() {
    let names: Vec<String> = (0..VISITS_MAX + 8).map(|n| format!("r{n}")).collect();
    let graph: Vec<_> = names.iter().map(|name| ("targets", name.as_str(), ANY, false)).collect();
    let repo = repo(&graph, &[(names.last().unwrap(), "x")]);
    let (found, asked) = find(&repo, "x");
    assert_eq!(found, Ok(None));
    // Top-level targets is the first.
    assert_eq!(asked.len(), VISITS_MAX - 1);
}

#[test]
fn no_name_of_a_role_leads_out_of_the_folder_or_to_another_file() {
    for (role, file) in [
        ("?", "%3F"),
        ("#", "%23"),
        ("/delegatedrole", "%2Fdelegatedrole"),
        ("../delegatedrole", "..%2Fdelegatedrole"),
        ("%2e%2e", "%252e%252e"),
        ("Bắc", "B%E1%BA%AFc"),
    ] {
        let mut repo = repo(&[("targets", role, ANY, false)], &[(role, "x")]);
        let served = repo.files.remove(&format!("metadata/1.{role}.json")).unwrap();
        repo.files.insert(format!("metadata/1.{file}.json"), served);
        assert_eq!(find(&repo, "x"), (Ok(Some(role.to_owned())), vec![file.to_owned()]));
    }
}
