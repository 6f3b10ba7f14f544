//! The signed files of a story: a policy, a registry, schedules of a province and of an area, recordings in two languages.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta};
use loaxa::bulletin::{Bulletin, Category};

use crate::signed::{self, Bench, chime, slot};

/// Local hours in which the policy lets sound.
pub const AIRTIME: [(u32, u32); 3] = [(5, 8), (11, 13), (16, 21)];

/// `narrow`: the province closed the noon.
fn policy(narrow: bool) -> String {
    let mut airtime =
        AIRTIME.map(|(from, to)| format!("{{ from: \"{from:02}:00\", to: \"{to:02}:00\" }}")).to_vec();
    if narrow {
        airtime.remove(1);
    }
    let silent: Vec<String> =
        (0..120).map(|m| format!("\"{}-{:02}-09\"", 2026 + m / 12, m % 12 + 1)).collect();
    format!(
        "format: 1\ntimezone: Asia/Ho_Chi_Minh\nairtime: [{}]\nquiet_hours: [{{ from: \"05:00\", to: \"05:30\", level: -9dB }}]\nsilent_days: [{}]\nlongest_session: 45m\ndaily_cap: 3h\nlanguages: [vi, tyz]\nhotlines: [\"111\"]\nurgent: {{ level: 0dB, daily_cap: 2h }}\n",
        airtime.join(", "),
        silent.join(", ")
    )
}

pub fn recordings() -> Vec<Bulletin> {
    let mut all = vec![chime("mo", 4), chime("dong", 4)];
    let categories =
        [Category::Law, Category::Tricks, Category::Justice, Category::Support, Category::Models];
    for (i, category) in categories.into_iter().enumerate() {
        for k in 0..3 + i % 2 {
            for language in ["vi", "tyz"] {
                let id = format!("{}-{k}-{language}", ["luat", "meo", "an", "giup", "guong"][i]);
                let mut bulletin = signed::bulletin(&id, category, language, 25 + (17 * i + 11 * k) as u64);
                bulletin.meta.valid_from = DateTime::UNIX_EPOCH;
                bulletin.meta.valid_until = DateTime::UNIX_EPOCH + TimeDelta::days(365 * 90);
                all.push(bulletin);
            }
        }
    }
    for chime in &mut all[..2] {
        chime.meta.valid_from = DateTime::UNIX_EPOCH;
        chime.meta.valid_until = DateTime::UNIX_EPOCH + TimeDelta::days(365 * 90);
    }
    all
}

/// What the area's office pushes, in versions; the province pushes the last.
fn slots(version: u64) -> String {
    let bulletins = "{ chime: mo }, { category: tricks, pick: rotate, count: 2 }, { chime: dong }";
    match version {
        0 => {
            slot("sang", "0 6 * * *", "class: priority, start_within: 10m, max_duration: 15m", bulletins)
                + &slot("trua", "30 11 * * 1-6", "", "{ category: law, pick: newest }")
                + &slot(
                    "chieu",
                    "0 17 * * *",
                    "class: priority, start_within: 1h",
                    "{ bulletin: giup-0-vi }, { category: models, pick: rotate }",
                )
                + &slot(
                    "nhac",
                    "15,45 16-19 * * *",
                    "start_within: 3m",
                    "{ category: support, pick: rotate }",
                )
        }
        1 => {
            slot("sang", "30 6 * * *", "class: priority, start_within: 10m, max_duration: 15m", bulletins)
                + &slot("sang-som", "10 5 * * 1-5", "level: -3dB", "{ category: justice, pick: rotate }")
                + &slot(
                    "nhac",
                    "5,25,45 16-20 * * *",
                    "start_within: 2m",
                    "{ category: support, pick: rotate }",
                )
                + &slot(
                    "ban-toi",
                    "0 18 * * 6,0",
                    "class: priority",
                    "{ category: models, pick: rotate, count: 3 }",
                )
        }
        2 => slot(
            "chieu",
            "0 17 * * *",
            "class: priority, start_within: 30m",
            "{ category: law, pick: rotate, count: 4 }",
        ),
        _ => {
            slot(
                "tinh",
                "0 17 * * *",
                "class: priority, start_within: 20m",
                "{ chime: mo }, { category: law, pick: rotate }",
            ) + &slot("tinh-tuan", "45 12 * * 3", "", "{ category: justice, pick: newest }")
        }
    }
}

pub fn schedule(area: &str, version: u64, year: i32) -> String {
    format!(
        "format: 1\narea: {area}\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: {year}-01-01, until: {}-01-20 }}\nexcept: [{year}-03-{:02}, {year}-12-22]\nslots:\n{}",
        year + 1,
        version + 10,
        slots(version)
    )
}

/// Which files are in force.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub year: i32,
    pub schedule: u64,
    pub narrow: bool,
    pub withdrawn: BTreeSet<String>,
}

impl Version {
    pub fn bench(&self) -> Bench {
        let mut bench = Bench::new(&policy(self.narrow))
            .schedule("bac-ninh", &schedule("bac-ninh", 3, self.year))
            .schedule("yen-the", &schedule("yen-the", self.schedule, self.year))
            .holds(recordings());
        bench.feed.withdrawn = self.withdrawn.clone();
        bench
    }
}
