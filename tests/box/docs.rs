//! Every command in the documents for people is one that the program understands, and an operator's do what they say.

use std::{path::Path, time::Duration};

use chrono::TimeDelta;
use loaxa::{cli::grammar::grammar, text::Lang};

use crate::{
    r#box::{Station, now},
    bus::Bus,
};

/// The commands of a document: in blocks of shell, and between backticks in a line. `sudo`, redirections and comments
/// are left out.
fn commands(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    // A span may go on in the next line, as text does; a block may not.
    let (mut spans, mut block, mut prose) = (Vec::new(), false, String::new());
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            block = !block;
        } else if block {
            spans.push(line.split(" #").next().unwrap().to_owned());
        } else {
            prose += line;
            prose.push(' ');
        }
    }
    spans.extend(prose.split('`').skip(1).step_by(2).map(str::to_owned));
    let bare = spans.iter().map(|span| span.trim().trim_start_matches("sudo ").to_owned());
    // A synopsis is not a command.
    let is_command = |s: &String| s.starts_with("loaxa ") && s.split(' ').count() > 2 && !s.contains('[');
    bare.filter(is_command).collect()
}

/// Words of a shell line whose only quotes are double ones.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (i, part) in line.split('"').enumerate() {
        match i % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// What stands for something else in a document.
fn filled_in(line: &str) -> String {
    let line = line.replace("AREA", "yen-the").replace("ROLE", "bulletins").replace(" N", " 2");
    line.replace("TÊN-KHUNG-GIỜ", "sang").replace("SLOT", "sang")
}

#[test]
fn the_program_understands_every_command_in_the_documents() {
    for (file, least) in [
        ("README.md", 2),
        ("README.vi.md", 2),
        ("docs/operators.md", 15),
        ("docs/operators.vi.md", 15),
        ("docs/key-drills.md", 15),
        ("docs/asrun.md", 0),
        ("docs/threat-model.md", 0),
        ("docs/ARCHITECTURE.md", 0),
    ] {
        let commands = commands(file);
        assert!(commands.len() >= least, "{file}: {commands:?}");
        for line in commands {
            let parsed = grammar(Lang::En).try_get_matches_from(words(&filled_in(&line)));
            assert!(parsed.is_ok(), "{file}: {line}: {}", parsed.unwrap_err());
        }
    }
}

#[test]
fn both_languages_of_a_document_show_the_same_commands() {
    for (english, vietnamese) in
        [("docs/operators.md", "docs/operators.vi.md"), ("README.md", "README.vi.md")]
    {
        let verbs = |file: &str| {
            let plain =
                |line: String| words(&filled_in(&line)).into_iter().take(4).collect::<Vec<_>>().join(" ");
            commands(file).into_iter().map(plain).collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(verbs(english), verbs(vietnamese), "{english}");
    }
}

#[test]
fn every_command_of_the_operators_guide_does_what_it_says_on_a_living_station() {
    let dir = tempfile::tempdir().unwrap();
    let bus = Bus::new(dir.path());
    let mut station = Station::new();
    station.env.push(("DBUS_SYSTEM_BUS_ADDRESS", bus.address()));
    station.bulletin("viec-nhe", "viec-nhe-luong-cao.ogg", 2);
    station.schedule(&[("sang", now() + TimeDelta::hours(2), &["viec-nhe"])]);
    station.publish();
    station.repo.write(&station.path("stick"));
    station.start().until_held(1);
    // These may say no here: nothing sounds, the slot is of class priority, a virtual PA has no volume, and the loudspeaker
    // was given back already.
    let no = ["stop", "decline", "volume", "release"].map(|verb| format!("loaxa station {verb}"));
    for line in commands("docs/operators.vi.md") {
        if line.starts_with("loaxa station setup") {
            continue; // See setup.rs.
        }
        let now = now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let line = filled_in(&line).replace("/var/lib/loaxa", "state").replace("/media/usb/feed", "stick");
        let mut args = words(&line);
        if line.starts_with("loaxa station clock set") {
            args[4] = now;
        }
        let args: Vec<_> = args.iter().skip(1).map(String::as_str).collect();
        let out = station.run(&args, |_| {});
        let said = String::from_utf8_lossy(&out.stderr);
        let may_say_no = no.iter().any(|begin| line.starts_with(begin.as_str()));
        let good = out.status.success() || may_say_no && out.status.code() == Some(1);
        assert!(good, "{line}: {said}{}", String::from_utf8_lossy(&out.stdout));
        station.until(Duration::from_secs(20), "the device is closed again", |s| {
            s["device"]["state"] == "closed"
        });
    }
    station.stop();
    station.assert_log_verifies();
}
