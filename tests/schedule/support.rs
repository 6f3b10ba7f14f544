//! Builders of feeds, and a small generator of numbers.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use loaxa::{
    bulletin::{Bulletin, Category, Frames, Kind, Meta, Title},
    digest::Digest,
    feed::{Feed, Signed},
    schedule::{
        occurrence::{Planned, Will},
        plan::plan,
        world::World,
    },
};

/// xorshift64*: the same numbers in every run.
pub struct Rng(pub u64);

impl Rng {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n
    }
}

/// An instant, at +07:00 unless it says otherwise.
pub fn at(text: &str) -> DateTime<Utc> {
    let text = text.replace(' ', "T");
    let text = if text.len() == 16 { text + ":00" } else { text };
    let text = if text.ends_with('Z') || text[10..].contains(['+', '-']) { text } else { text + "+07:00" };
    text.parse().unwrap()
}

pub fn bulletin(id: &str, category: Category, language: &str, seconds: u64) -> Bulletin {
    let meta = Meta {
        kind: Kind::Bulletin,
        work: id.trim_end_matches(&format!("-{language}")).parse().unwrap(),
        title: Title { vi: format!("Bản tin {id}"), en: Some(format!("Bulletin {id}")) },
        category: Some(category),
        languages: vec![language.parse().unwrap()],
        frames: Frames(seconds * 48_000),
        loudness_clufs: -1600,
        true_peak_cdb: -150,
        hotline: None,
        directive: None,
        valid_from: at("2026-01-01 00:00"),
        valid_until: at("2028-01-01 00:00"),
        approved_by: vec!["a".into(), "b".into()],
        transcript: "…".into(),
        original_sha256: Digest::ZERO,
    };
    Bulletin { id: id.parse().unwrap(), sha256: Digest::of(id.as_bytes()), length: 1, meta }
}

pub fn chime(id: &str, seconds: u64) -> Bulletin {
    let mut chime = bulletin(id, Category::Law, "vi", seconds);
    chime.meta = Meta { kind: Kind::Chime, category: None, languages: Vec::new(), ..chime.meta };
    chime
}

pub const POLICY: &str = r#"
format: 1
timezone: Asia/Ho_Chi_Minh
airtime: [{ from: "05:00", to: "08:00" }, { from: "16:00", to: "19:00" }]
quiet_hours: [{ from: "05:00", to: "05:30", level: -9dB }]
silent_days: ["2026-12-24"]
longest_session: 30m
daily_cap: 2h
languages: [vi, tyz]
hotlines: ["111"]
urgent: { level: 0dB, daily_cap: 1h }
"#;

/// A policy that forbids nothing.
pub const OPEN: &str = r#"
format: 1
timezone: Asia/Ho_Chi_Minh
airtime: [{ from: "00:00", to: "24:00" }]
longest_session: 12h
daily_cap: 24h
languages: [vi]
urgent: { level: 0dB, daily_cap: 1h }
"#;

pub fn signed(text: &str) -> Signed {
    Signed { text: text.to_owned(), sha256: Digest::of(text.as_bytes()), version: 1 }
}

/// A schedule of December 2026 with these slots, as YAML lines below `slots:`.
pub fn december(area: &str, slots: &str) -> String {
    format!(
        "format: 1\narea: {area}\ntimezone: Asia/Ho_Chi_Minh\nvalid: {{ from: 2026-12-01, until: 2026-12-31 }}\nslots:\n{slots}"
    )
}

/// A slot in one line of YAML.
pub fn slot(id: &str, cron: &str, rest: &str, playlist: &str) -> String {
    let rest = if rest.is_empty() { String::new() } else { format!("{rest}, ") };
    format!("  - {{ id: {id}, cron: \"{cron}\", {rest}playlist: [{playlist}] }}\n")
}

/// A feed for the station `xuan-luong-1` of yen-the in bac-ninh, and more stations on demand.
#[derive(Clone)]
pub struct Bench {
    pub feed: Feed,
    stations: String,
}

impl Bench {
    pub fn new(policy: &str) -> Self {
        let feed = Feed { policy: Some(signed(policy)), ..Feed::default() };
        let bench = Self { feed, stations: "format: 1\nreceipt_keys: []\nstations:\n".into() };
        bench.station("xuan-luong-1", "bac-ninh, yen-the", "vi", "vung-cao")
    }

    pub fn station(mut self, id: &str, areas: &str, languages: &str, tags: &str) -> Self {
        let key = Digest::of(id.as_bytes());
        self.stations.push_str(&format!(
            "  - {{ id: {id}, key: \"{key}\", areas: [{areas}], languages: [{languages}], tags: [{tags}], commune: \"Xã {id}\" }}\n"
        ));
        self.feed.registry = Some(signed(&self.stations));
        self
    }

    pub fn schedule(mut self, area: &str, text: &str) -> Self {
        self.feed.schedules.insert(area.parse().unwrap(), signed(text));
        self
    }

    pub fn slots(self, slots: &str) -> Self {
        let text = december("yen-the", slots);
        self.schedule("yen-the", &text)
    }

    pub fn holds(mut self, bulletins: impl IntoIterator<Item = Bulletin>) -> Self {
        self.feed.bulletins.extend(bulletins.into_iter().map(|b| (b.id.clone(), b.into())));
        self
    }

    pub fn world_of(&self, station: &str) -> World {
        World::for_station(&self.feed, &station.parse().unwrap()).unwrap()
    }

    pub fn world(&self) -> World {
        self.world_of("xuan-luong-1")
    }

    pub fn plan(&self, from: &str, to: &str) -> Vec<Planned> {
        plan(&self.world(), at(from)..at(to))
    }

    /// `01T06:00 slot will` of each occurrence.
    pub fn brief(&self, from: &str, to: &str) -> Vec<String> {
        self.plan(from, to).iter().map(brief).collect()
    }
}

pub fn brief(p: &Planned) -> String {
    let local = p.of.due.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).format("%dT%H:%M");
    let will = match &p.will {
        Will::Play => "play".to_owned(),
        Will::Skip(why) => format!("skip: {}", why.en),
        Will::Collide(why) => format!("collide: {}", why.en),
    };
    format!("{local} {} {will}", p.of.slot)
}

pub fn ids(p: &Planned) -> Vec<String> {
    p.items.iter().map(|b| b.id.to_string()).collect()
}

pub fn tags(tags: &[&str]) -> BTreeSet<String> {
    tags.iter().map(|t| (*t).to_owned()).collect()
}
