//! One province from its first key to a stick for a station, by two people on two PCs who pass one folder, with the wrong
//! moves that people make; typed into the real program, in both languages.

use std::os::unix::fs::PermissionsExt;

use super::{
    pc::Desk,
    world::{SCHEDULE, WORDS, copy_dir},
};

/// Lan's PC is `lan/`, Nam's `nam/`; the office folder is `tinh` on either.
fn story(lang: &'static str) -> Desk {
    let mut desk = Desk::new(lang);
    for pc in ["lan", "nam"] {
        std::fs::create_dir(desk.path(pc)).unwrap();
    }
    keys_and_first_feed(&mut desk);
    recordings(&mut desk);
    approval(&mut desk);
    stations(&mut desk);
    schedule(&mut desk);
    urgent_and_withdrawal(&mut desk);
    areas(&mut desk);
    away(&mut desk);
    assert!(!desk.story.contains(WORDS), "a passphrase is never told");
    std::fs::remove_file(desk.path(".words")).unwrap();
    let found =
        std::process::Command::new("grep").args(["-rlF", WORDS]).arg(desk.dir.path()).output().unwrap();
    assert!(found.stdout.is_empty(), "nor written");
    assert!(desk.wrong.is_empty(), "{}", desk.wrong.join("\n"));
    desk
}

fn keys_and_first_feed(desk: &mut Desk) {
    desk.words = "hoa".into();
    desk.types("nam", r#"loaxa office key "Hoàng Văn Nam" --keys keys"#, 2);
    desk.words = WORDS.into();
    desk.types("nam", r#"loaxa office key "Hoàng Văn Nam" --keys keys"#, 0);
    desk.types("nam", r#"loaxa office key "Hoàng Văn Nam" --keys keys"#, 1);
    desk.types("nam", r#"loaxa office key "$(printf 'N\033[2Jam')" --keys keys"#, 2);
    let init = r#"loaxa office init tinh --root "Giàng A Páo" --root "Lò Thị Mai""#;
    desk.types("lan", &format!(r#"{init} --editor "Nguyễn Thị Lan" --editor "Nguyễn Thị Lan""#), 2);
    desk.types(
        "lan",
        &format!(r#"{init} --editor "Nguyễn Thị Lan" --editor ../nam/keys/khong-co.pub.json"#),
        3,
    );
    desk.types("lan", &format!(r#"{init} --editor "Nguyễn Thị Lan""#), 2);
    desk.types("lan", "loaxa office list --dir tinh", 2);
    let init = format!(
        r#"{init} --editor "Nguyễn Thị Lan" --editor ../nam/keys/hoang-van-nam.pub.json --area yen-the="Đặng Thị Hoa""#
    );
    desk.types("lan", &init, 0);
    desk.types("lan", &init, 1);
    desk.types("lan", "loaxa office publish --dir tinh", 1);
    to_nam(desk);
    desk.types("nam", "loaxa office sign bulletins --dir tinh --keys keys", 0);
    desk.types("nam", "loaxa office sign urgent-audio --dir tinh --keys keys --yes", 0);
    desk.types("nam", "loaxa office sign urgent-audio --dir tinh --keys keys --yes", 1);
    desk.types("nam", "loaxa office sign chua-co --dir tinh --keys keys", 2);
    desk.types("nam", "loaxa office publish --dir tinh --keys keys", 2);
    desk.types("lan", "loaxa office merge ../nam/tinh --dir tinh", 0);
    desk.types("lan", "loaxa office publish --dir tinh", 0);
}

/// Lan hands her folder over, without her keys.
fn to_nam(desk: &Desk) {
    std::fs::remove_dir_all(desk.path("nam/tinh")).ok();
    copy_dir(&desk.path("lan/tinh"), &desk.path("nam/tinh"));
    std::fs::remove_dir_all(desk.path("nam/tinh/keys")).unwrap();
}

fn recordings(desk: &mut Desk) {
    let audio = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("audio");
    for ending in ["ogg", "txt", "yaml"] {
        let name = format!("duong-day-nong-111.{ending}");
        std::fs::copy(audio.join(&name), desk.path("lan").join(&name)).unwrap();
    }
    desk.write("lan/trang.mp3", "<!DOCTYPE html><html><title>404</title></html>");
    desk.write("lan/trang.yaml", "title: { vi: \"Trang\" }\ncategory: law\nlanguages: [vi]\n");
    desk.types("lan", "loaxa office import trang.mp3 --dir tinh", 1);
    desk.types("lan", "loaxa office import khong-co.mp3 --dir tinh", 3);
    desk.types("lan", "loaxa office import duong-day-nong-111.ogg --dir tinh --category meo", 2);
    desk.types("lan", "loaxa office approve --dir tinh", 1);
    desk.types("lan", "loaxa office import duong-day-nong-111.ogg --dir tinh", 0);
    desk.types("lan", "loaxa office import duong-day-nong-111.ogg --dir tinh", 0);
    desk.types("lan", "loaxa office list --dir tinh", 0);
    desk.types("lan", r#"loaxa office list --dir tinh --search "day nong""#, 0);
    desk.types("lan", r#"loaxa office list --dir tinh --search "xa lạ""#, 0);
}

fn approval(desk: &mut Desk) {
    desk.words = "hoa cúc vàng".into();
    desk.types("lan", "loaxa office approve --dir tinh", 1);
    desk.words = WORDS.into();
    desk.types("lan", "loaxa office approve khac --dir tinh", 2);
    desk.answer = "?";
    desk.types("lan", "loaxa office approve --dir tinh", 1);
    desk.answer = "y";
    desk.types("lan", "loaxa office approve --dir tinh", 0);
    desk.types("lan", "loaxa office approve --dir tinh", 1);
    desk.types("lan", "loaxa office list --dir tinh", 0);
    desk.types("lan", "loaxa office publish --dir tinh", 0);
    to_nam(desk);
    let pem = desk.path("nam/keys/hoang-van-nam.pem");
    std::fs::set_permissions(&pem, std::fs::Permissions::from_mode(0o644)).unwrap();
    desk.types("nam", "loaxa office approve --dir tinh --keys keys", 1);
    std::fs::set_permissions(&pem, std::fs::Permissions::from_mode(0o600)).unwrap();
    desk.types("nam", "loaxa office approve --dir tinh --keys keys --passphrase-fd 9", 2);
    desk.types("nam", "loaxa office approve --dir tinh --keys keys", 0);
    desk.types("lan", "loaxa office merge ../nam/tinh --dir tinh", 0);
    desk.types("lan", "loaxa office publish --dir tinh", 0);
    desk.types("lan", "loaxa office list --dir tinh", 0);
}

fn stations(desk: &mut Desk) {
    let key = "07".repeat(32);
    let add = "loaxa office registry add xuan-luong-1 --dir tinh --languages vi --tags vung-cao";
    desk.types("lan", &format!(r#"{add} --commune "Xã Xuân Lương" --areas yen-the --key 0707"#), 2);
    desk.types("lan", &format!(r#"{add} --commune "Xã Xuân Lương" --areas yen-the"#), 2);
    desk.types("lan", &format!(r#"{add} --commune "Xã Xuân Lương" --areas tan-yen --key {key}"#), 1);
    desk.types("lan", &format!(r#"{add} --commune "Xã Xuân Lương" --areas yen-the --key {key}"#), 0);
    desk.types("lan", &format!(r#"{add} --commune "Xã Xuân Lương" --areas yen-the --key {key}"#), 2);
    desk.types(
        "lan",
        r#"loaxa office registry edit xuan-luong-1 --dir tinh --place "Nhà văn hóa bản Rắn""#,
        0,
    );
    desk.types("lan", "loaxa office registry remove xuan-luong-9 --dir tinh", 2);
    desk.types("lan", "loaxa office registry show --dir tinh", 0);
    desk.types("lan", "loaxa office publish --dir tinh", 0);
}

fn schedule(desk: &mut Desk) {
    let (from, until) = (day(0), day(30));
    let good = SCHEDULE.replace("2026-12-01", &from).replace("2026-12-31", &until);
    let good = good.replace("bulletin: luat-1", "bulletin: duong-day-nong-111");
    desk.write("lan/sai.yaml", &good.replace("0 6 * * *", "0 6 31 2 *"));
    desk.write("lan/lich.yaml", &good);
    desk.write("lan/khac.yaml", &good.replace("area: yen-the", "area: tan-yen"));
    desk.types("lan", "loaxa office check sai.yaml --feed tinh/feed", 1);
    desk.types("lan", "loaxa office push sai.yaml --dir tinh", 1);
    desk.types("lan", "loaxa office push khac.yaml --dir tinh", 1);
    desk.types("lan", "loaxa office push duong-day-nong-111.txt --dir tinh", 1);
    desk.types("lan", "loaxa office check lich.yaml --feed tinh/feed", 0);
    desk.types("lan", "loaxa office push lich.yaml --dir tinh", 0);
    desk.types("lan", "loaxa office publish --dir tinh", 0);
    let span = format!("--from {from}T00:00:00+07:00 --to {}T00:00:00+07:00", day(2));
    let plan = format!("loaxa office plan --feed tinh/feed --station xuan-luong-1 {span}");
    let planned = desk.types("lan", &format!("{plan} --json"), 0).json();
    assert_eq!(planned["occurrences"].as_array().unwrap().len(), 2, "{planned}");
    assert_eq!(planned["occurrences"][0]["items"][0]["bulletin"], "duong-day-nong-111");
    desk.types("lan", "loaxa office plan --feed tinh/feed --station ban-khac", 1);
    desk.types(
        "lan",
        r#"loaxa office cron --from 2026-12-01T00:00:00+07:00 --to 2026-12-03T00:00:00+07:00 -- "0 6 * * *""#,
        0,
    );
    desk.types("lan", r#"loaxa office cron -- "0 25 * * *""#, 1);
}

fn urgent_and_withdrawal(desk: &mut Desk) {
    let until = at(2);
    let order = format!("loaxa office urgent --dir tinh --until {until} --repeats 2 --gap 60");
    desk.types(
        "lan",
        &format!(r#"{order} bao-1 --audio duong-day-nong-111 --areas tan-yen --reason "Bão số 3""#),
        1,
    );
    desk.types("lan", &format!(r#"{order} bao-1 --audio khong-co --areas yen-the --reason " ""#), 1);
    desk.types(
        "lan",
        &format!(r#"{order} bao-1 --audio duong-day-nong-111 --areas yen-the --reason "Bão số 3""#),
        0,
    );
    desk.types(
        "lan",
        &format!(r#"{order} bao-1 --audio duong-day-nong-111 --areas yen-the --reason "Bão số 3""#),
        1,
    );
    desk.types("lan", r#"loaxa office recall bao-1 --dir tinh --reason "Bão đã tan""#, 0);
    desk.types("lan", r#"loaxa office withdraw khong-co --dir tinh --reason "Sai""#, 2);
    desk.types("lan", r#"loaxa office withdraw duong-day-nong-111 --dir tinh --reason " ""#, 2);
    desk.types(
        "lan",
        r#"loaxa office withdraw duong-day-nong-111 --dir tinh --reason "Sai số điện thoại""#,
        0,
    );
    desk.types("lan", r#"loaxa office withdraw duong-day-nong-111 --dir tinh --reason "Lần nữa""#, 1);
    desk.types("lan", "loaxa office import duong-day-nong-111.ogg --dir tinh", 1);
    desk.types("lan", "loaxa office approve --dir tinh", 0);
    desk.types("lan", "loaxa office list --dir tinh", 0);
}

fn areas(desk: &mut Desk) {
    desk.types("lan", r#"loaxa office key "Lý Thị Sen" --keys hop"#, 0);
    desk.types("lan", "loaxa office delegate tan-yen --public hop/ly-thi-sen.pub.json --dir tinh", 2);
    let pao = r#"--dir tinh --as "Giàng A Páo""#;
    desk.types("lan", &format!("loaxa office delegate urgent --public hop/ly-thi-sen.pub.json {pao}"), 1);
    desk.types("lan", &format!("loaxa office delegate ban-khac --revoke {pao}"), 2);
    desk.types("lan", &format!("loaxa office delegate tan-yen --public hop/ly-thi-sen.pub.json {pao}"), 0);
    desk.types("lan", r#"loaxa office sign targets --dir tinh --as Mai"#, 0);
    desk.types("lan", "loaxa office publish --dir tinh", 1);
    desk.types("lan", "loaxa office sign area-tan-yen --dir tinh --keys hop", 0);
    desk.types("lan", "loaxa office publish --dir tinh", 0);
    desk.types("lan", "loaxa office delegate --list --dir tinh", 0);
    desk.types("lan", &format!("loaxa office rotate bulletins {pao}"), 2);
    desk.types("lan", &format!(r#"loaxa office rotate bulletins --remove "Hoàng Văn Nam" {pao}"#), 2);
    desk.types("lan", &format!(r#"loaxa office rotate root --threshold 1 {pao}"#), 0);
    desk.types("lan", r#"loaxa office sign root --dir tinh --as "Giàng A Páo""#, 1);
    desk.types("lan", r#"loaxa office sign root --dir tinh --as "Lò Thị Mai""#, 0);
    desk.types("lan", r#"loaxa office sign targets --dir tinh --as "Lò Thị Mai""#, 0);
    desk.types("lan", "loaxa office publish --dir tinh", 0);
}

fn away(desk: &mut Desk) {
    desk.types("lan", "loaxa office renew --dir tinh", 0);
    desk.types("nam", "loaxa office renew --dir tinh --keys keys", 2);
    desk.types("lan", "loaxa office export usb --dir tinh", 0);
    desk.types("lan", "loaxa office export usb --dir tinh", 0);
    desk.types("lan", "loaxa office export . --dir tinh", 1);
    desk.types("lan", "loaxa office export lich.yaml/usb --dir tinh", 3);
    desk.types("lan", "loaxa office bay --dir tinh", 2);
    let listed = desk.shell(&desk.path("lan"), "loaxa office list --dir tinh --json", "").json();
    assert_eq!(listed["bulletins"][0]["state"], "withdrawn");
    assert_eq!(listed["bulletins"][0]["meta"]["category"], "support", "codes stay codes");
    let published = desk.shell(&desk.path("lan"), "loaxa office publish --dir tinh --json", "").json();
    assert_eq!((&published["ok"], &published["waiting"]["bulletins"]), (&true.into(), &1.into()));
    assert_eq!(published["warnings"].as_array().unwrap().len(), 1, "one root key of one: a lasting warning");
}

/// A local day from today on.
fn day(after: i64) -> String {
    let now = crate::pc_now() + chrono::TimeDelta::hours(7) + chrono::TimeDelta::days(after);
    now.format("%Y-%m-%d").to_string()
}

fn at(hours: i64) -> String {
    (crate::pc_now() + chrono::TimeDelta::hours(hours)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

#[test]
fn two_people_pass_one_folder_from_the_first_key_to_a_stick_in_vietnamese() {
    insta::assert_snapshot!("story_vi", story("vi").story);
}

#[test]
fn two_people_pass_one_folder_from_the_first_key_to_a_stick_in_english() {
    insta::assert_snapshot!("story_en", story("en").story);
}
