//! A one-time code makes a box a station, and nobody can guess one.

use loaxa::{
    asrun::key::LogKey,
    link::{Applicant, ENROL},
};
use reqwest::Method;
use serde_json::Value;

use crate::{
    r#box::loaxa,
    province::{Province, Talker},
};

fn give_code(province: &Province, station: &str) -> Value {
    province.hub.says(&["hub", "station", "add", station, "--commune", "bac-ninh", "--place", "Nhà văn hóa"])
}

async fn try_code(url: &str, code: &str, seed: u8) -> (u16, Value) {
    let key = hex::encode(LogKey::from_seed(&[seed; 32]).unwrap().public());
    let body = serde_json::to_vec(&Applicant { code: code.into(), key }).unwrap();
    Talker::new(url, "xa-1", seed).ask(Method::POST, ENROL, &body).await.unwrap()
}

#[test]
fn a_box_shows_its_code_and_both_sides_show_the_same_fingerprint() {
    let mut province = Province::start();
    let given = give_code(&province, "xa-1");
    let code = given["code"].as_str().unwrap();
    assert_eq!(code.len(), 9, "{code}");
    let dir = tempfile::tempdir().unwrap();
    let config = format!(
        "format: 1\nstation: xa-1\nfeed: {0}/feed/\nhub: {0}\nstate: state\ndevice: wav:pa.wav\n",
        province.hub.url
    );
    std::fs::write(dir.path().join("station.yaml"), config).unwrap();
    let enroll = |code: &str| {
        let mut command = loaxa();
        command.current_dir(dir.path()).args(["--config", "station.yaml", "--json", "station", "enroll"]);
        command.args(["--hub", &province.hub.url, "--code", code]).output().unwrap()
    };
    let wrong = enroll("ACDE-FGHJ");
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
    let done = enroll(&code.to_lowercase());
    let said: Value = serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"));
    assert_eq!(said["station"], "xa-1");
    assert_eq!(said["root_sha256"], given["root_sha256"], "what people compare");
    assert_eq!(said["feed"], format!("{}/feed/", province.hub.url));
    let waiting = province.hub.says(&["hub", "station", "list"]);
    assert_eq!(waiting["waiting"][0]["key"], said["log_key"], "{waiting}");
    let mut key = [0; 32];
    hex::decode_to_slice(said["log_key"].as_str().unwrap(), &mut key).unwrap();
    province.repo.station("xa-1", key, &["bac-ninh"]);
    province.publish();
    let signed = province.hub.says(&["hub", "station", "list"]);
    assert_eq!(signed["waiting"].as_array().unwrap().len(), 0, "{signed}");
}

#[tokio::test]
async fn a_code_is_for_one_key() {
    let province = Province::start();
    let code = give_code(&province, "xa-1")["code"].as_str().unwrap().to_owned();
    assert_eq!(try_code(&province.hub.url, &code, 7).await.0, 200);
    assert_eq!(try_code(&province.hub.url, &code, 7).await.0, 200, "the reply was lost");
    assert_eq!(try_code(&province.hub.url, &code, 8).await.0, 422, "somebody saw it");
    let newer = province.hub.says(&["hub", "station", "code", "xa-1"])["code"].as_str().unwrap().to_owned();
    let newest = province.hub.says(&["hub", "station", "code", "xa-1"])["code"].as_str().unwrap().to_owned();
    assert_eq!(try_code(&province.hub.url, &newer, 8).await.0, 422, "a newer one was given");
    assert_eq!(try_code(&province.hub.url, &newest, 8).await.0, 200);
    assert!(!crate::world::holds(&province.hub.data(), &newest.replace('-', "")), "only its hash is kept");
}

#[tokio::test]
async fn who_guesses_codes_waits() {
    let province = Province::start();
    let code = give_code(&province, "xa-1")["code"].as_str().unwrap().to_owned();
    let mut guesses = 0;
    while try_code(&province.hub.url, "ACDE-FGHJ", 7).await.0 != 429 {
        guesses += 1;
        assert!(guesses < 20, "nobody waits");
    }
    assert!(guesses >= 5, "people mistype");
    assert_eq!(try_code(&province.hub.url, &code, 7).await.0, 429, "not even the right one helps now");
}
