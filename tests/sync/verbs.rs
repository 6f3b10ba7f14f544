//! `station enroll`, `sync` and `import` as the command line calls them.

use std::time::Duration;

use loaxa::{
    cli::{
        Context, Exit, Failure,
        sync::{EnrollArgs, ImportArgs, enroll, import, sync},
    },
    clock::SimClock,
    station::sync::Settings,
    text::Lang,
};

use crate::{server::Fault, signed::Province};

fn context(province: &Province) -> Context {
    Context {
        lang: Lang::Vi,
        json: true,
        config: None,
        clock: std::sync::Arc::new(SimClock::at(province.repo.now)),
    }
}

fn settings(province: &Province) -> Settings {
    Settings {
        station: "xa-tan-tien".parse().unwrap(),
        feed_url: province.server.url.clone(),
        ca: None,
        state: province.state.path().to_owned(),
        data_mb_day: Some(0),
        disk_mb: 100,
        poll: Duration::from_secs(600),
        zone: chrono_tz::Asia::Ho_Chi_Minh,
    }
}

fn refused(answer: Result<Exit, Failure>) -> String {
    match answer {
        Err(failure @ Failure::Refused(_)) => failure.to(Lang::En),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn exit_codes_tell_yes_no_and_broken_apart() {
    let province = Province::new();
    let (ctx, mut settings) = (context(&province), settings(&province));
    assert!(matches!(sync(&ctx, &settings, true), Ok(Exit::No)), "a budget of nothing holds audio back");
    settings.data_mb_day = Some(50);
    assert!(matches!(sync(&ctx, &settings, true), Ok(Exit::Yes)));
    province.server.fault("metadata/timestamp.json", Fault::Bytes(b"{}".to_vec()));
    assert!(matches!(sync(&ctx, &settings, true), Ok(Exit::No)), "refused");
    settings.station = "xa-khac".parse().unwrap();
    assert!(refused(sync(&ctx, &settings, true)).contains("xa-tan-tien"));
    settings.state = province.feed.path().join("empty");
    assert!(refused(sync(&ctx, &settings, true)).contains("not enrolled"));
    settings.feed_url = "https://u:mat-khau@example.vn/".into();
    let failure = sync(&ctx, &settings, true).unwrap_err();
    assert!(failure.code() == 2 && !failure.to(Lang::Vi).contains("mat-khau"));
}

#[test]
fn import_does_not_ask_the_data_budget() {
    let province = Province::new();
    let stick = tempfile::tempdir().unwrap();
    province.repo.write(stick.path());
    let args = ImportArgs { dir: stick.path().to_owned() };
    assert!(matches!(import(&context(&province), &args, &settings(&province), true), Ok(Exit::Yes)));
    assert!(province.server.take_seen().is_empty());
    let args = ImportArgs { dir: stick.path().join("nowhere") };
    assert_eq!(import(&context(&province), &args, &settings(&province), true).unwrap_err().code(), 3);
}

#[test]
fn enrolling_twice_is_refused_without_again() {
    let province = Province::new();
    let args = EnrollArgs {
        station: Some("xa-tan-tien".parse().unwrap()),
        root: Some(province.state.path().join("root.json")),
        feed: Some(province.server.url.clone()),
        hub: None,
        code: None,
        ca: None,
        again: false,
    };
    let ctx = context(&province);
    assert!(refused(enroll(&ctx, &args, province.state.path())).contains("--again"));
    assert!(matches!(
        enroll(&ctx, &EnrollArgs { again: true, ..args }, province.state.path()),
        Ok(Exit::Yes)
    ));
}
