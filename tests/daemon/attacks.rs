//! Attacks on a running station: what is refused is named in both languages, what was approved plays on, and nothing else
//! is ever heard. docs/threat-model.md lists every attack beside its tests; here they meet the whole daemon.

use chrono::TimeDelta;
use loaxa::playout::decode;
use serde_json::json;

use crate::{
    r#box::now,
    repo::{BROWSERS, EDITORS, key_id, tuf_key},
    server::Fault,
    siege::{At, Heard, Siege, approve, schedule, signal, sound},
};

#[test]
fn nobody_alone_puts_anything_on_the_air() {
    let mut siege = Siege::begin();
    let wrong = siege.wrong.clone();
    let people = ("cần chữ ký của 2 người", "2 needed, each by another person");
    let bulletins = At::Stale("bulletins");
    let alias = format!("{}+alias", EDITORS[0]);
    for signers in [&[EDITORS[0]][..], &[EDITORS[0], EDITORS[0]], &[EDITORS[0], &alias]] {
        siege.attack(|repo| {
            approve(repo, "sai", &wrong, "models");
            repo.signed_by("bulletins", signers);
            let (id, key) = tuf_key(&alias);
            repo.edit("targets", |t| {
                t["delegations"]["keys"][&id] = key;
                let roles = t["delegations"]["roles"].as_array_mut().unwrap();
                let role = roles.iter_mut().find(|r| r["name"] == "bulletins").unwrap();
                role["keyids"].as_array_mut().unwrap().push(json!(key_id(&alias)));
            });
        });
        siege.refused(bulletins, people.0, people.1).heal();
    }
    siege.attack(|repo| {
        approve(repo, "sai", &wrong, "models");
        repo.signed_by("bulletins", &BROWSERS);
    });
    siege
        .refused(bulletins, "chỉ có chữ ký bằng khóa trong trình duyệt", "only by keys that live in browsers")
        .heal();
    siege.end(&[("what one person signed", &wrong)]);
}

#[test]
fn an_area_says_nothing_but_its_own_and_a_broken_one_harms_no_other() {
    let mut siege = Siege::begin();
    let (wrong, unasked) = (siege.wrong.clone(), siege.unasked.clone());
    let area = At::Stale("area-ke-ben");
    let other = schedule("yen-the", "khong-ai-hen");
    siege.attack(|repo| {
        repo.target("area-ke-ben", "areas/yen-the/schedule.yaml", other.as_bytes(), None);
    });
    siege.refused(
        area,
        "không thuộc quyền của nơi ký",
        "lists `areas/yen-the/schedule.yaml`, which is not its own",
    );

    siege.heal().attack(|repo| {
        let custom = repo.meta("ngan", "bulletin", &wrong);
        repo.target("area-ke-ben", "bulletins/ngan.opus", &wrong, Some(custom));
    });
    siege.refused(
        area,
        "`bulletins/ngan.opus`, không thuộc quyền",
        "lists `bulletins/ngan.opus`, which is not its own",
    );

    // Signed by somebody else than the office; and the file of another, under the right name.
    siege.heal().attack(|repo| {
        repo.schedule("ke-ben", &schedule("ke-ben", "khong-ai-hen")).signed_by("area-ke-ben", &["nguoi-la"]);
    });
    siege.refused(area, "cần chữ ký của 1 người", "1 needed, each by another person");
    siege.heal().attack(|repo| {
        repo.schedule("ke-ben", &other);
    });
    siege.until("it is left out", |s| s["warnings"].to_string().contains("areas/ke-ben/schedule.yaml"));
    siege.plays_on();

    // An area that the registry does not name claims the station: nobody even asks for its files.
    siege.heal().station.server.take_seen();
    siege.attack(|repo| {
        repo.area_stations("xa-la", "format: 1\narea: xa-la\nstations:\n  - id: xa-1\n    tags: [cua-toi]\n");
        repo.schedule("xa-la", &schedule("xa-la", "khong-ai-hen"));
    });
    let version = siege.station.repo.version("timestamp");
    siege.until("it was seen", |s| s["feed"]["timestamp"] == version);
    siege.plays_on();
    let seen = siege.station.server.take_seen();
    assert!(seen.iter().all(|s| !s.path.contains("xa-la")), "{seen:?}");
    siege.heal();
    siege.end(&[("a re-listed bulletin", &wrong), ("what no area of this station asked for", &unasked)]);
}

#[test]
fn a_hostile_server_brings_nothing_wrong_and_stops_nothing() {
    let mut siege = Siege::begin();
    let (wrong, unasked) = (siege.wrong.clone(), siege.unasked.clone());
    let old = std::fs::read(siege.station.path("feed/metadata/timestamp.json")).unwrap();
    siege.heal();

    // Older metadata, with a torn store beside it.
    siege.station.kill();
    for torn in ["feed/memory.1", "feed/timestamp.json"] {
        let path = siege.station.path("state").join(torn);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    }
    siege.station.server.fault("metadata/timestamp.json", Fault::Bytes(old));
    siege.station.start();
    siege.look().refused(At::Failed, "có thể ai đó đưa lại bản cũ", "somebody may be replaying old files");

    siege.heal().station.server.fault("metadata/timestamp.json", Fault::Endless);
    siege.look().refused(At::Failed, "dài hơn mức cho phép", "longer than allowed");
    for (fault, vi, en) in [
        (Fault::Bomb(16 << 20), "dài hơn mức cho phép", "longer than allowed"),
        (Fault::Absent, "nguồn phát không có tệp này", "the feed has no such file"),
        (Fault::Redirect("http://127.0.0.2/".into()), "sang một trang khác", "to another site"),
    ] {
        siege.heal();
        let mut evil = siege.good.clone();
        approve(&mut evil, "sai", &wrong, "models");
        evil.publish();
        siege.station.server.fault(&evil.file("bulletins"), fault);
        siege.station.repo = evil;
        siege.serve().refused(At::Stale("bulletins"), vi, en);
    }

    siege.end(&[("what the server slipped in", &wrong), ("what nobody scheduled", &unasked)]);
}

#[test]
fn altered_files_are_noticed_and_a_server_that_never_ends_holds_nothing_up() {
    let mut siege = Siege::begin();
    let wrong = siege.wrong.clone();
    // A byte flipped in each kind of metadata, and one file in another's place.
    for role in ["timestamp", "snapshot", "targets", "bulletins"] {
        siege.heal();
        let mut evil = siege.good.clone();
        evil.overtake(&siege.good);
        let mut bytes = evil.files[&evil.file(role)].clone();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        siege.station.server.fault(&evil.file(role), Fault::Bytes(bytes));
        siege.station.repo = evil;
        let place = if role == "bulletins" { At::Stale("bulletins") } else { At::Failed };
        siege.serve().named(place, "", "");
    }
    siege.plays_on();
    siege.heal();
    let mut evil = siege.good.clone();
    evil.overtake(&siege.good);
    let other = evil.files[&evil.file("urgent")].clone();
    siege.station.server.fault(&evil.file("bulletins"), Fault::Bytes(other));
    siege.station.repo = evil;
    siege.serve().refused(At::Stale("bulletins"), "không khớp với bản đã ký", "is not what was signed");

    // Approved audio whose file on the server is another's.
    siege.heal();
    let swapped = signal(&siege.station, sound::RIGHT);
    approve(&mut siege.station.repo, "bi-trao", &swapped, "law");
    siege.station.repo.publish();
    let name = siege.station.repo.files.keys().find(|n| n.ends_with(".bi-trao.opus")).unwrap().clone();
    let padded = [&wrong[..], &vec![0; swapped.len().saturating_sub(wrong.len())]].concat();
    siege.station.server.fault(&name, Fault::Bytes(padded[..swapped.len()].to_vec()));
    siege.serve().refused(
        At::Audio("bi-trao"),
        "không khớp với bản đã được duyệt",
        "is not what was approved",
    );

    // Last, a server that never ends its answers: the pass waits, the station does not.
    siege.heal().station.server.fault_times("metadata/timestamp.json", Fault::StallAfter(100), 1);
    siege.station.repo = siege.good.clone();
    siege.serve().plays_on().plays_on().plays_on();
    let log = std::fs::read_to_string(siege.station.path("stderr")).unwrap();
    assert!(!log.contains("panicked"), "{log}");
    siege.station.stop();
    siege.station.start();
    siege.end(&[("what the server slipped in", &wrong)]);
}

#[test]
fn a_freeze_by_a_stolen_online_key_shows_and_it_dates_nothing_forward() {
    // All offline roles were signed forty days ago, and the thief signs the online ones again and again.
    let mut siege = Siege::begin_after(TimeDelta::days(40));
    siege.until("the freeze shows", |s| {
        let age = |key: &str| s[key].as_i64().unwrap_or_default();
        age("offline_age_s") >= 40 * 86_400 && age("feed_age_s") < 3_600
    });
    for (lang, words) in [("vi", "40 ngày"), ("en", "40 days")] {
        let shown = siege.station.run(&["--lang", lang, "station", "status"], |_| {});
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.contains(words), "{shown}");
    }
    let wrong = siege.wrong.clone();
    siege.attack(|repo| {
        repo.pass(TimeDelta::hours(1));
    });
    siege.refused(At::Failed, "muộn hơn giờ hiện tại", "which is still to come");
    siege.heal();
    let status = siege.status();
    assert!(status["offline_age_s"].as_i64().unwrap() < 3_600, "{status}");
    siege.end(&[("what nobody signed", &wrong)]);
}

#[test]
fn what_was_taken_away_never_comes_back() {
    let mut siege = Siege::begin();
    let (wrong, alarm) = (siege.wrong.clone(), signal(&siege.station, sound::UNASKED));
    // A bulletin airs, and is withdrawn by one person.
    approve(&mut siege.good, "thu-hoi", &wrong, "models");
    siege.heal();
    siege.until_aired("thu-hoi");
    siege.good.withdraw("thu-hoi");
    siege.heal().plays_on();
    // An order airs once, and is recalled.
    siege.good.urgent_audio("bao-dong", &alarm);
    let frames = decode::frames(&alarm).unwrap().0;
    siege.good.edit("urgent-audio", |r| {
        r["targets"]["urgent-audio/bao-dong.opus"]["custom"]["frames"] = frames.into();
    });
    siege.good.now = now();
    let mut order = siege.good.order("bao", "bao-dong", &["yen-the"]);
    (order.repeats, order.gap_s) = (20, 3_600);
    siege.good.urgent(&order);
    siege.heal();
    siege.until_aired("bao-dong");
    siege.good.withdraw("bao");
    siege.heal().plays_on();
    let taken = now();

    // A shorter list, and the same order once more, as if nothing had been.
    order.gap_s = 0;
    siege.attack(|repo| {
        repo.forget_withdrawal("thu-hoi").forget_withdrawal("bao").urgent(&order);
    });
    let version = siege.station.repo.version("timestamp");
    siege.until("it was seen", |s| s["feed"]["timestamp"] == version);
    siege.plays_on().plays_on();
    siege.station.kill();
    siege.station.start();
    siege.plays_on();
    siege.station.stop();
    siege.station.assert_log_verifies();

    let heard = Heard::by(&siege.station);
    let speech = siege.speech();
    let sounds: [(&str, &[u8]); 3] = [("ngan", &speech), ("thu-hoi", &wrong), ("bao-dong", &alarm)];
    heard.is_what_the_log_says(&siege.outcomes(), &sounds);
    let after = Heard { first: taken, samples: heard.samples[heard.frame(taken)..].to_vec() };
    for (what, sound) in [("the withdrawn bulletin", &wrong), ("the recalled order", &alarm)] {
        assert!(heard.find(sound).score > 0.6, "{what} was never heard at all");
        let found = after.find(sound);
        assert!(found.score < 0.3, "{what} came back: {found:?}");
    }
    assert!(after.find(&speech).score > 0.6);
}
