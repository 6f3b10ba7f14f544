//! What a start clears away: the torn end of a log, the log of a lost key, recordings that came by half or wrong; with a
//! fault at each durable step of that which an ordinary day does not pass. All scenes together pass every step.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Write,
    time::Duration,
};

use loaxa::digest::Digest;
use serde_json::{Value, json};

use super::{
    Copy, Evening, Fault, KINDS, PATIENCE, SLOTS, Scene, commands, copy_dir, each, evening, lines,
    next_morning, said, steps_of_durable, whole_command,
};
use crate::after;

const KIB: usize = 1024;

/// Bytes that nobody plays; they are told apart by `seed`.
fn recording(seed: u64, len: usize) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    (0..len).map(|_| random.u8(..)).collect()
}

impl Copy {
    /// This box as it stands, once more.
    fn again(&self) -> Self {
        let copy = Copy { dir: tempfile::tempdir().unwrap(), recordings: self.recordings };
        for name in ["station.yaml", "root.json"] {
            fs::copy(self.path(name), copy.path(name)).unwrap();
        }
        copy_dir(&self.path("state"), &copy.path("state"));
        copy
    }

    /// Goes on the air, and loses power then.
    fn cut_off_after_a_broadcast(&self) {
        let already = self.log().matches("\"outcome\":\"played\"").count();
        let mut evening = Evening::begin(self, None);
        let played = |e: &Evening<'_>| e.copy.log().matches("\"outcome\":\"played\"").count() > already;
        assert!(evening.until(PATIENCE, played), "{}", evening.said());
        drop(evening);
        self.tear_the_log();
    }

    /// The last line of the log is half written.
    fn tear_the_log(&self) {
        let segments = fs::read_dir(self.path("state/asrun")).unwrap().flatten().map(|e| e.path());
        let newest = segments.filter(|p| p.extension().is_some_and(|e| e == "jsonl")).max().unwrap();
        let mut log = fs::File::options().append(true).open(newest).unwrap();
        log.write_all(b"{\"v\":1,\"seq\":").unwrap();
    }

    /// The key of the log is lost, and another made.
    fn enrol_again(&self, scene: &mut Scene) {
        fs::remove_file(self.path("state/keys/log.key")).unwrap();
        let url = scene.station.server.url.clone();
        let words = ["station", "enroll", "--again", "--station", "xa-1", "--root", "root.json", "--feed"];
        let out = self.run(&[&words[..], &[&url, "--json"]].concat(), None);
        let answer: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", said(&out)));
        let mut key = [0; 32];
        hex::decode_to_slice(answer["log_key"].as_str().unwrap(), &mut key).unwrap();
        scene.station.repo.station("xa-1", key, &["tinh", "yen-the"]);
        scene.station.publish();
    }

    /// What lies in the library of a recording that has not come yet.
    fn part(&self, whole: &[u8], there: &[u8], sure: Option<usize>) {
        let path = |ending: &str| self.path(&format!("state/library/{}.{ending}", Digest::of(whole)));
        fs::write(path("part"), there).unwrap();
        if let Some(have) = sure {
            fs::write(path("note"), json!({ "tag": null, "have": have }).to_string()).unwrap();
        }
    }

    /// The logs of this box, the one in use last.
    fn logs(&self) -> Vec<String> {
        let folders = fs::read_dir(self.path("state/asrun")).unwrap().flatten().map(|e| e.path());
        let older = folders.filter(|path| path.is_dir()).map(|path| path.display().to_string());
        older.chain(["state/asrun".to_owned()]).collect()
    }

    /// The records of all logs of this box, by time.
    fn all_records(&self) -> Vec<Value> {
        let records = |log: String| {
            let shown = self.run(&["log", "show", &log, "--json"], None);
            let shown: Value = serde_json::from_slice(&shown.stdout).unwrap_or_else(|_| panic!("{shown:?}"));
            shown["records"].as_array().unwrap().clone()
        };
        let mut all: Vec<Value> = self.logs().into_iter().flat_map(records).collect();
        all.sort_by_key(|record| after::instant(&record["at"]));
        all
    }
}

/// Two states of a box after bad days, over one feed: with a torn log beside another key, and with a torn log and a
/// library that downloads were cut off in.
fn bad_days(scene: &mut Scene) -> [Copy; 2] {
    let mut lost_key = scene.copy(true);
    lost_key.cut_off_after_a_broadcast();
    lost_key.enrol_again(scene);
    let mut torn = lost_key.again();
    torn.cut_off_after_a_broadcast();
    let (half, wrong) = (recording(1, 600 * KIB), recording(2, 40 * KIB));
    scene.station.repo.bulletin("nua", &half).bulletin("sai", &wrong);
    scene.station.publish();
    // Behind what is surely on the medium a power cut leaves anything.
    torn.part(&half, &[&half[..256 * KIB], &[0; 5 * KIB]].concat(), None);
    torn.part(&wrong, &[0; 30 * KIB], Some(30 * KIB));
    (lost_key.recordings, torn.recordings) = (4, 4);
    [lost_key, torn]
}

/// A start, until all recordings are here or that failed, and SIGTERM.
fn night(copy: &Copy, fault: Option<&Fault>) -> (Option<i32>, String) {
    let mut night = Evening::begin(copy, fault);
    let patience = if fault.is_some() { Duration::from_secs(12) } else { PATIENCE };
    night.until(patience, |e| e.has_all() || e.said().contains("could not be brought up to date"));
    let code = night.end(false);
    (code, night.said())
}

/// Each log of the box is whole, and together they tell each occurrence once.
fn logs_agree(copy: &Copy) -> Result<(), String> {
    for log in copy.logs() {
        let verified = copy.run(&["log", "verify", &log], None);
        if !verified.status.success() {
            return Err(format!("{log}: {}", said(&verified)));
        }
    }
    let records = copy.all_records();
    // A key that is not registered yet has no schedule: nothing is owed for the time between two logs.
    let account = after::account(&records, &SLOTS, after::instant(&records[0]["at"]));
    account.map(drop).map_err(|why| format!("{why}\n{}", after::told(&records)))
}

#[test]
fn what_bad_days_left_is_cleared_through_any_fault_and_no_durable_step_is_left_out() {
    let mut scene = Scene::new();
    let mut passed = BTreeSet::new();
    for command in commands(&scene) {
        passed.extend(lines(&whole_command(&scene, &command)));
    }
    let usual = scene.copy(true);
    evening(&usual, None);
    passed.extend(lines(&usual.steps()));
    let states = bad_days(&mut scene);
    let mut faults = Vec::new();
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for (state, begins) in states.iter().enumerate() {
        let whole = begins.again();
        let (code, told) = night(&whole, None);
        assert_eq!(code, Some(0), "{told}");
        let steps = whole.steps();
        let new: Vec<u32> = lines(&steps).difference(&passed).copied().collect();
        for line in new {
            let times = steps.iter().filter(|step| **step == line).count();
            *counts.entry(line).or_default() += times;
            let each = (1..=times)
                .flat_map(|step| KINDS.map(|kind| (state, Fault { step, line: Some(line), kind })));
            faults.extend(each);
        }
    }
    let all: BTreeSet<u32> = passed.iter().chain(counts.keys()).copied().collect();
    let unseen: Vec<_> = steps_of_durable().difference(&all).copied().collect();
    assert!(unseen.is_empty(), "no scene passes the steps at {unseen:?} of durable.rs");
    let runs = each(faults, |(state, fault)| {
        let copy = states[*state].again();
        let (code, told) = night(&copy, Some(fault));
        fault.ended_well(code, &told)?;
        if matches!(fault.kind, "abort" | "torn") && code.is_some() {
            return Err(format!("it was not hit: {told}"));
        }
        next_morning(&copy, fault.kind == "full")?;
        logs_agree(&copy)
    });
    println!("{runs} faults at lines {counts:?}");
}
