//! `station setup`, as an operator meets it: on a terminal, through a pipe, with wrong answers, twice, on a full disk.

use std::{
    io::Write,
    path::Path,
    process::{Output, Stdio},
};

use loaxa::{digest::Digest, station::enroll::fingerprint};

use crate::{
    r#box::{Station, loaxa},
    terminal::Terminal,
};

/// A box that was never set up, beside a feed: its folders are in `new/`, not where a real box has them.
struct NewBox(Station);

const SEED: &str = "format: 1\nstate: state\nsocket: sock\nwarm_up: 0s\n";

impl NewBox {
    fn new() -> Self {
        let feed = Station::new();
        for dir in ["new", "new/tmp"] {
            std::fs::create_dir(feed.path(dir)).unwrap();
        }
        std::fs::copy(feed.path("root.json"), feed.path("new/root.json")).unwrap();
        std::fs::write(feed.path("new/station.yaml"), SEED).unwrap();
        Self(feed)
    }

    fn dir(&self) -> std::path::PathBuf {
        self.0.path("new")
    }

    fn root(&self) -> Digest {
        Digest::of(&std::fs::read(self.0.path("root.json")).unwrap())
    }

    fn config(&self) -> String {
        std::fs::read_to_string(self.dir().join("station.yaml")).unwrap()
    }

    /// Good answers for a card that plays at once: ALSA's own null.
    fn answers(&self) -> Vec<String> {
        let root = self.root().to_string();
        ["xa-1", "root.json", &root[..8], &self.0.server.url, "alsa:null", "c", "70"]
            .map(str::to_owned)
            .into()
    }

    fn piped(&self, answers: &[String], env: &[(&str, &str)]) -> Output {
        piped(&self.dir(), answers, env)
    }

    /// What a transcript shows, without what differs from run to run.
    fn plain(&self, shown: &str) -> String {
        let root = fingerprint(&self.root());
        let mut plain = String::new();
        for line in shown.lines().filter(|line| !is_card(line)) {
            plain += line.trim_end();
            plain.push('\n');
        }
        plain = plain.replace(&self.0.server.url, "http://FEED/").replace(&root, "<fingerprint>");
        plain = plain.replace(&root.replace(' ', "")[..8], "<8 digits>");
        plain = plain.replace(&root[..9].to_uppercase(), "<8 DIGITS>");
        plain = plain.replace(&*self.dir().to_string_lossy(), "/BOX");
        let key = plain.find("key: \"").map(|at| plain[at + 6..at + 70].to_owned());
        key.map_or(plain.clone(), |key| plain.replace(&key, "<log key>"))
    }
}

fn piped(dir: &Path, answers: &[String], env: &[(&str, &str)]) -> Output {
    let mut command = loaxa();
    command.current_dir(dir).args(["--config", "station.yaml", "station", "setup"]);
    command.env("TMPDIR", dir.join("tmp")).envs(env.iter().copied());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut keys = child.stdin.take().unwrap();
    for answer in answers {
        // It may have ended already.
        writeln!(keys, "{answer}").ok();
    }
    drop(keys);
    child.wait_with_output().unwrap()
}

/// Cards differ from machine to machine.
fn is_card(line: &str) -> bool {
    line.trim_start()
        .split_once(". ")
        .is_some_and(|(n, _)| line.starts_with("  ") && n.parse::<u32>().is_ok())
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The whole conversation, with every kind of wrong answer on the way.
fn conversation(lang: &str, words: [&str; 7]) -> String {
    let new = NewBox::new();
    let [step_1, step_2, digits, step_3, anyway, card, heard] = words;
    let tmp = new.dir().join("tmp");
    let env = [("TMPDIR", tmp.to_str().unwrap()), ("PULSE_SERVER", "/nowhere")];
    let args = format!("--lang {lang} --config station.yaml station setup");
    let mut terminal = Terminal::run(&new.dir(), &args, &env);
    terminal.answer(step_1, "").answer(step_1, "Xã Một").answer(step_1, "xa-1");
    terminal.answer(step_2, "nowhere.json").answer(step_2, "station.yaml").answer(step_2, "root.json");
    terminal.answer(digits, "mã số").answer(digits, "00000000");
    let mine = fingerprint(&new.root())[..9].to_uppercase();
    terminal.answer(step_2, "root.json").answer(digits, &mine);
    terminal.answer(step_3, "ftp://loa.example.vn").answer(step_3, "https://an:bi-mat@loa.example.vn/");
    terminal.answer(step_3, "http://127.0.0.1:1/").answer(anyway, "").answer(anyway, "k");
    terminal.answer(step_3, &new.0.server.url);
    terminal.answer(card, "99").answer(card, "alsa:hw:0,0").answer(card, "wav:nowhere/pa.wav");
    terminal.answer("Enter", "wav:pa.wav").answer(heard, "k").answer("Enter", "").answer(heard, "c");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
    assert!(names(&tmp).is_empty(), "{:?}", names(&tmp));
    let check =
        loaxa().current_dir(new.dir()).args(["--config", "station.yaml", "station", "check"]).output();
    assert!(check.unwrap().status.success(), "{}", new.config());
    new.plain(&format!("{shown}\n--- station.yaml\n{}", new.config()))
}

#[test]
fn an_operator_is_led_through_five_steps_in_vietnamese() {
    let words =
        ["Bước 1/5", "Bước 2/5", "Mã đối chiếu", "Bước 3/5", "Vẫn dùng", "Gõ số của card", "Bạn có nghe"];
    insta::assert_snapshot!(conversation("vi", words));
}

#[test]
fn an_operator_is_led_through_five_steps_in_english() {
    let words =
        ["Step 1", "Step 2", "fingerprint as", "Step 3", "all the same", "card's number", "Did you hear"];
    insta::assert_snapshot!(conversation("en", words));
}

#[test]
fn the_end_of_the_answers_at_any_step_leaves_the_box_as_it_was() {
    let new = NewBox::new();
    let answers = new.answers();
    for given in 0..answers.len() {
        let out = new.piped(&answers[..given], &[]);
        assert_eq!(out.status.code(), Some(2), "{given}: {}", said(&out));
        assert!(said(&out).contains("nothing is changed"), "{given}: {}", said(&out));
        assert_eq!(new.config(), SEED, "{given}");
        assert_eq!(names(&new.dir()), ["root.json", "station.yaml", "tmp"], "{given}");
        assert!(names(&new.dir().join("tmp")).is_empty(), "{given}");
    }
    let out = new.piped(&answers, &[]);
    assert!(out.status.success(), "{}", said(&out));
}

#[test]
fn control_d_in_the_middle_ends_it_with_nothing_changed() {
    let new = NewBox::new();
    let tmp = new.dir().join("tmp");
    let env = [("TMPDIR", tmp.to_str().unwrap())];
    let mut terminal = Terminal::run(&new.dir(), "--lang en --config station.yaml station setup", &env);
    terminal.answer("Step 1", "xa-1").await_question("Step 2").press("\u{4}");
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("nothing is changed"), "{shown}");
    assert_eq!(new.config(), SEED);
}

#[test]
fn a_volume_out_of_range_is_asked_again_and_enter_takes_the_one_tried() {
    let new = NewBox::new();
    let mut answers = new.answers();
    answers.pop();
    answers.extend(["999", "-1", "tám mươi", ""].map(str::to_owned));
    let out = new.piped(&answers, &[]);
    assert!(out.status.success(), "{}", said(&out));
    assert_eq!(said(&out).matches("A number from 0 to 100.").count(), 3, "{}", said(&out));
    assert!(new.config().contains("\nvolume: 80\n"), "{}", new.config());
}

#[test]
fn an_answer_that_is_wrong_again_and_again_ends_it_with_the_remedy() {
    let new = NewBox::new();
    let out = new.piped(&vec!["XÃ".to_owned(); 9], &[]);
    assert_eq!(out.status.code(), Some(1), "{}", said(&out));
    assert!(
        said(&out).contains("nothing is changed") || said(&out).contains("Nothing is changed"),
        "{}",
        said(&out)
    );
    assert_eq!(new.config(), SEED);
}

#[test]
fn run_again_it_offers_what_stands_and_enter_alone_changes_nothing() {
    let station = Station::new();
    std::fs::create_dir(station.path("tmp")).unwrap();
    // A commented line, settings that nobody is asked for, a sink whose path is relative.
    let mine = "# của xã Một\nvolume: 70 # loa nhỏ\ndata_budget_mb: 50\n";
    station.configure(mine);
    let yaml = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    let yaml = yaml.replace("device: wav:pa.wav", "device: alsa:null");
    std::fs::write(station.path("station.yaml"), &yaml).unwrap();
    let enrolled = std::fs::read(station.path("state/enrolment.json")).unwrap();
    let key = std::fs::read(station.path("state/keys/log.key")).unwrap();

    let keep = ["", "", "", "", "y", ""].map(str::to_owned);
    let out = piped(station.dir.path(), &keep, &[]);
    assert!(out.status.success(), "{}", said(&out));
    let now = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    assert_eq!(now, yaml.replace("volume: 70 # loa nhỏ", "volume: 70"));
    assert_eq!(std::fs::read(station.path("state/enrolment.json")).unwrap(), enrolled);

    // Another card alone: the usual reason to run it again.
    let other = ["", "", "", "wav:other.wav", "y"].map(str::to_owned);
    let out = piped(station.dir.path(), &other, &[]);
    assert!(out.status.success(), "{}", said(&out));
    let now = std::fs::read_to_string(station.path("station.yaml")).unwrap();
    assert!(now.contains("/other.wav\"\n") && !now.contains("volume:"), "{now}");
    assert!(now.contains("# của xã Một\n") && now.contains("data_budget_mb: 50\n"), "{now}");
    assert_eq!(std::fs::read(station.path("state/keys/log.key")).unwrap(), key, "its log goes on");
}

#[test]
fn another_provinces_root_replaces_the_pinned_one_only_when_that_is_wanted() {
    let mut station = Station::new();
    std::fs::create_dir(station.path("tmp")).unwrap();
    let before = std::fs::read(station.path("state/enrolment.json")).unwrap();
    station.repo.rotate("root", &["other-1", "other-2", "other-3"], 2);
    station.publish();
    std::fs::write(station.path("new-root.json"), &station.repo.files["metadata/2.root.json"]).unwrap();
    let key = std::fs::read(station.path("state/keys/log.key")).unwrap();
    let no = ["", "new-root.json", "", "n"].map(str::to_owned);
    let out = piped(station.dir.path(), &no, &[]);
    assert_eq!(out.status.code(), Some(2), "{}", said(&out));
    assert!(said(&out).contains("goes by another root"), "{}", said(&out));
    assert_eq!(std::fs::read(station.path("state/enrolment.json")).unwrap(), before);
    let yes = ["", "new-root.json", "", "y", "", "", "y"].map(str::to_owned);
    let out = piped(station.dir.path(), &yes, &[]);
    assert!(out.status.success(), "{}", said(&out));
    let after = std::fs::read_to_string(station.path("state/enrolment.json")).unwrap();
    let pinned = Digest::of(&station.repo.files["metadata/2.root.json"]).to_string();
    assert!(after.contains(&pinned), "{after}");
    assert_eq!(std::fs::read(station.path("state/keys/log.key")).unwrap(), key, "its log goes on");
}

#[test]
fn with_json_stdout_is_one_document_and_the_questions_go_to_stderr() {
    let new = NewBox::new();
    let mut command = loaxa();
    command.current_dir(new.dir()).args(["--json", "--config", "station.yaml", "station", "setup"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", new.answers().join("\n")).unwrap();
    let out = child.wait_with_output().unwrap();
    let answer: serde_json::Value =
        serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", said(&out)));
    assert_eq!(answer["station"], "xa-1");
    assert!(String::from_utf8_lossy(&out.stderr).contains("Step 1 of 5"));
}

/// Each step of durable.rs once on a full disk: the configuration is the old one or, past its rename, the new one; the
/// next attempt succeeds.
#[cfg(feature = "faults")]
#[test]
fn on_a_full_disk_the_old_configuration_stays_and_the_next_attempt_succeeds() {
    let new = NewBox::new();
    let answers = new.answers();
    let mut at = 1;
    loop {
        let out = new.piped(&answers, &[("LOAXA_FAULT", &format!("{at}:enospc"))]);
        if out.status.success() {
            break;
        }
        assert_ne!(out.status.code(), None, "{at}: {}", said(&out));
        let now = new.config();
        assert!(now == SEED || now.contains("station: xa-1\n"), "{at}: {now}");
        assert!(names(&new.dir().join("tmp")).is_empty(), "{at}");
        if now != SEED {
            std::fs::write(new.dir().join("station.yaml"), SEED).unwrap();
        }
        std::fs::remove_dir_all(new.dir().join("state")).ok();
        // Neighbouring steps are of one kind; each kind is hit, and the run stays short.
        at += 3;
    }
    assert!(at > 30, "only {at} steps");
    let unfinished = names(&new.dir()).into_iter().filter(|n| n.starts_with(".unfinished")).count();
    assert_eq!(unfinished, 0);
}
