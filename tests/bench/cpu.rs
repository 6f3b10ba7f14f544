//! Processor time of a minute's programme: the daemon, from before it opens the device until it has closed it, beside
//! mpg123; both through ALSA's pulse plugin to the same null sink.

use std::{path::Path, process::Command, thread, time::Duration};

use crate::{
    Scale,
    r#box::{Station, now},
    offsets::pulse_dir,
    programme::{self, cpu, installed},
    pulse_server::Pulse,
    table::Line,
};

pub fn measure(scale: &Scale) -> Vec<Line> {
    let dir = pulse_dir();
    let (opus, mp3) = programme::sixty_seconds(&dir);
    let pulse = Pulse::start(&dir);
    let recorder = pulse.record();
    let mpg123 = thread::spawn({
        let plays = scale.plays;
        move || installed("mpg123").map(|()| (0..plays).map(|_| mpg123(&mp3)).collect::<Vec<_>>())
    });
    let mut station = Station::new();
    programme::bulletin(&mut station, "phut", &opus);
    programme::device(&station, "alsa:town");
    let at = now() + chrono::TimeDelta::seconds(15);
    let slots = (0..scale.plays as i64).map(|i| slot(i, at + chrono::TimeDelta::seconds(70 * i)));
    let slots = slots.collect::<Vec<_>>();
    let slots = slots.iter().map(|(id, cron)| (id.as_str(), cron.clone(), "phut")).collect::<Vec<_>>();
    programme::schedule(&mut station, &slots);
    station.publish();
    station.start().until_held(1);
    let pid = station.daemon.as_ref().unwrap().id();
    let mut spent = Vec::new();
    for i in 0..scale.plays as i64 {
        let due = at + chrono::TimeDelta::seconds(70 * i);
        sleep_until(due - chrono::TimeDelta::milliseconds(3_500));
        let before = cpu(pid);
        sleep_until(due + chrono::TimeDelta::milliseconds(63_000));
        spent.push((cpu(pid) - before).as_secs_f64());
    }
    let outcomes = station.until_outcomes(scale.plays, Duration::from_secs(5));
    let whole = outcomes.iter().filter(|o| o.ends_with("played")).count();
    if whole < scale.plays {
        eprintln!("the sink was starved (is the machine busy?): {outcomes:?}");
    }
    let peer = mpg123.join().unwrap();
    drop(recorder.stop());
    let mut line = Line::new("CPU of playing 60 s, ALSA", "s", 2, spent);
    line.lost = scale.plays - whole;
    vec![line.beside("mpg123", peer).at_most_times_peer(1.0)]
}

fn slot(i: i64, at: chrono::DateTime<chrono::Utc>) -> (String, String) {
    use chrono::Timelike;
    let at = at.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
    (format!("phut-{i}"), format!("{} {} {} * * *", at.second(), at.minute(), at.hour()))
}

fn sleep_until(at: chrono::DateTime<chrono::Utc>) {
    thread::sleep((at - now()).to_std().unwrap_or_default());
}

/// User and system seconds.
fn mpg123(file: &Path) -> f64 {
    let line = "TIMEFORMAT='%3U %3S'; time mpg123 -q -o alsa -a town \"$0\"";
    let out = Command::new("bash").args(["-c", line]).arg(file).env("LC_ALL", "C").output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "mpg123: {said}");
    said.lines().last().unwrap().split(' ').map(|s| s.parse::<f64>().expect("seconds")).sum()
}
