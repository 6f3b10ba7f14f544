//! A box that lives by signed files: policy, registry, two areas' schedules and recordings go through the real reader,
//! check and planner, while everything befalls it. What the planner says is owed has one outcome each, and only that.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use loaxa::{
    asrun::record::{Body, ClockTrust, OutcomeRecord, Why},
    feed::UrgentOrder,
    schedule::{
        check::{Given, check},
        file::Schedule,
        occurrence::{Occurrence, Planned},
        plan::plan,
        world::World,
    },
    station::controller::Event,
};

use crate::{
    files::{AIRTIME, Version, recordings, schedule},
    signed,
    sim::{self, Sim},
};

/// A plan in force over a span of the box's clock.
struct Segment {
    world: Arc<World>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

struct Life {
    sim: Sim,
    dice: fastrand::Rng,
    version: Version,
    worlds: BTreeMap<Version, Arc<World>>,
    segments: Vec<Segment>,
    /// Spans passed before the clock went back over them.
    undone: Vec<Segment>,
    urgents: u64,
    befell: BTreeMap<&'static str, usize>,
}

fn local(at: DateTime<Utc>) -> chrono::DateTime<chrono_tz::Tz> {
    at.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh)
}

impl Life {
    fn begin(seed: u64) -> Self {
        let version = Version { year: 2026, schedule: 0, narrow: false, withdrawn: BTreeSet::new() };
        let mut life = Self {
            sim: Sim::at("2026-12-01 00:07:00"),
            dice: fastrand::Rng::with_seed(seed),
            version,
            worlds: BTreeMap::new(),
            segments: Vec::new(),
            undone: Vec::new(),
            urgents: 0,
            befell: BTreeMap::new(),
        };
        life.sim.library = recordings().iter().map(|b| b.sha256).collect();
        life.apply();
        life.sim.feed(Event::Trust(ClockTrust::Synced));
        life
    }

    fn span(&mut self, most: i64) -> TimeDelta {
        TimeDelta::seconds(self.dice.i64(1..most))
    }

    fn wall(&self) -> DateTime<Utc> {
        self.sim.now.wall
    }

    fn run(&mut self, span: TimeDelta) {
        let end = self.wall() + span;
        self.sim.run_to(end);
        self.passed();
    }

    /// The plan in force covers time up to now.
    fn passed(&mut self) {
        let now = self.wall();
        if let Some(last) = self.segments.last_mut() {
            last.to = last.to.max(now);
        }
    }

    /// The files of `version` come into force.
    fn apply(&mut self) {
        self.passed();
        let (version, now) = (self.version.clone(), self.wall());
        let world = self.worlds.entry(version).or_insert_with_key(|v| Arc::new(v.bench().world()));
        self.sim.planner = Some(world.clone());
        self.segments.push(Segment { world: world.clone(), from: now, to: now });
        self.sim.withdrawn = &self.version.withdrawn | &self.sim.withdrawn;
        self.sim.push();
    }

    fn step(&mut self, by: TimeDelta) {
        self.passed();
        self.sim.step_clock(by);
        if by < TimeDelta::zero() {
            self.went_back();
        }
        self.passed();
    }

    /// What is future again is owed when it comes again; what has its outcome keeps it.
    fn went_back(&mut self) {
        let now = self.wall();
        let world = self.segments.last().unwrap().world.clone();
        for segment in &mut self.segments {
            if segment.to > now {
                let (from, to) = (segment.from.max(now), segment.to);
                self.undone.push(Segment { world: segment.world.clone(), from, to });
                segment.to = now;
            }
        }
        self.segments.retain(|s| s.from <= s.to);
        self.segments.push(Segment { world, from: now, to: now });
    }

    fn cut(&mut self, span: TimeDelta) {
        let back = self.wall() + span;
        self.sim.power_cut_to(back);
        self.passed();
    }

    fn note(&mut self, what: &'static str) {
        *self.befell.entry(what).or_default() += 1;
    }

    /// One thing that happens, some time after the last: anywhere, or about when something is due.
    fn befall(&mut self) {
        let pause = if self.dice.bool() {
            self.span(12 * 3600)
        } else {
            let next = self.sim.controller.view().next.map_or(self.wall(), |next| next.of.due);
            let about = TimeDelta::milliseconds(self.dice.i64(-20_000..200_000));
            (next + about - self.wall()).max(TimeDelta::seconds(1))
        };
        self.run(pause);
        match self.dice.u32(0..22) {
            0..=2 => self.power(),
            3 => {
                self.note("step forward");
                let by = self.span(5400);
                self.step(by);
            }
            4 => {
                self.note("step back");
                let by = self.span(5400);
                self.step(-by);
            }
            5 => self.wrong_year(),
            6 => {
                self.note("suspend");
                let wake = self.wall() + self.span(4 * 3600);
                self.sim.suspend_to(wake);
                self.passed();
            }
            7 => self.distrusted(),
            8 | 9 => self.people(),
            10..=12 => self.push(),
            13 => self.withdraw(),
            14 => self.late_audio(),
            15 => self.device(),
            16 => self.sigterm(),
            17 => self.recall(),
            _ => self.urgent(),
        }
    }

    fn power(&mut self) {
        self.note("power cut");
        let most = *self.dice.choice([40, 40, 8 * 3600, 8 * 3600, 60 * 3600].iter()).unwrap();
        let span = self.span(most);
        self.cut(span);
        if self.dice.u32(0..4) == 0 {
            // And once more while it is still catching up.
            let span = self.span(60);
            self.run(span);
            self.cut(span);
        }
    }

    fn wrong_year(&mut self) {
        let days = TimeDelta::days(self.dice.i64(2..200));
        self.step(days);
        let span = if self.dice.bool() { TimeDelta::seconds(300) } else { TimeDelta::seconds(1_500) };
        self.note(if span.num_minutes() < 15 { "wrong year, mended" } else { "wrong year, written off" });
        self.run(span);
        self.step(-days);
    }

    /// A start whose clock is not known at first, and far too early.
    fn distrusted(&mut self) {
        self.note("clock not known");
        let (off, behind) = (self.span(10 * 3600), self.span(30 * 3600));
        self.sim.trust = ClockTrust::No;
        self.passed();
        let lost = self.wall();
        self.sim.power_cut_to(lost - behind);
        let waited = self.span(3600);
        let wait = self.wall() + waited;
        self.sim.run_to(wait);
        self.sim.trust = ClockTrust::Synced;
        self.sim.step_clock(behind + off);
        assert_eq!(self.wall(), lost + off + waited);
        self.sim.feed(Event::Trust(ClockTrust::Synced));
        self.passed();
    }

    fn people(&mut self) {
        let now = self.sim.now;
        let done = match self.dice.u32(0..4) {
            0 => {
                let minutes = self.dice.i64(1..200);
                self.sim.hold(minutes);
                self.note("hold");
                return;
            }
            1 => self.sim.controller.release(now).map(|orders| ("release", orders)),
            2 => self.sim.controller.stop(now, "khiếu nại").map(|orders| ("stop", orders)),
            _ => {
                let slot = *self.dice.choice(["trua", "nhac", "sang-som", "tinh-tuan"].iter()).unwrap();
                let declined = self.sim.controller.decline(now, &slot.parse().unwrap(), "bận");
                declined.map(|(_, orders)| ("decline", orders))
            }
        };
        if let Ok((what, orders)) = done {
            self.sim.obey(orders);
            self.note(what);
        }
    }

    fn push(&mut self) {
        self.note("new files");
        self.version.year = local(self.wall()).year();
        self.version.schedule = self.dice.u64(0..3);
        self.version.narrow = self.dice.u32(0..4) == 0;
        self.apply();
    }

    fn withdraw(&mut self) {
        self.note("withdrawn");
        let all: Vec<_> = recordings().into_iter().map(|b| b.id.to_string()).collect();
        let id = self.dice.choice(all.iter()).unwrap().clone();
        // Of a whole year not everything may go.
        self.version.withdrawn = BTreeSet::from([id]);
        self.sim.withdrawn.clear();
        self.apply();
    }

    fn late_audio(&mut self) {
        self.note("late audio");
        let all = self.sim.library.iter().copied().collect::<Vec<_>>();
        let late: BTreeSet<_> = all.iter().copied().filter(|_| self.dice.bool()).collect();
        let rest = self.sim.held.difference(&late).copied().collect();
        self.sim.held = rest;
        let held = self.sim.held.clone();
        self.sim.feed(Event::Library(held));
        let span = self.span(4 * 3600);
        self.run(span);
        self.sim.held.extend(all);
        let held = self.sim.held.clone();
        self.sim.feed(Event::Library(held));
    }

    fn device(&mut self) {
        self.note("device lost");
        self.sim.device_lost = true;
        let span = self.span(10 * 3600);
        self.run(span);
        self.sim.device_lost = false;
    }

    fn sigterm(&mut self) {
        self.note("SIGTERM");
        self.sim.feed(Event::Terminate);
        self.run(TimeDelta::seconds(2));
        assert!(self.sim.exited);
        let span = self.span(600);
        self.cut(span);
    }

    fn urgent(&mut self) {
        self.note("urgent");
        self.urgents += 1;
        let id = format!("khan-{}", self.urgents);
        let order = UrgentOrder {
            id: id.parse().unwrap(),
            audio: format!("{id}-tieng").parse().unwrap(),
            areas: ["yen-the".parse().unwrap()].into(),
            not_before: self.wall() + TimeDelta::seconds(self.dice.i64(-600..1200)),
            until: self.wall() + TimeDelta::hours(3),
            repeats: self.dice.u32(1..4),
            gap_s: self.dice.u32(0..600),
            reason: "diễn tập".into(),
        };
        let audio = sim::bulletin(order.audio.as_str(), self.dice.u64(10..60));
        let now = self.wall();
        // The feed drops orders that ended long ago.
        self.sim.urgents.retain(|(order, _)| order.until > now - TimeDelta::days(300));
        self.sim.urgents.push((order, audio));
        self.sim.push();
    }

    fn recall(&mut self) {
        let Some((order, _)) = self.sim.urgents.pop() else { return };
        self.note("recall");
        self.sim.withdrawn.insert(order.id.to_string());
        self.sim.push();
    }

    fn outcomes(&self) -> Vec<&OutcomeRecord> {
        let outcome = |(_, body): &'_ (DateTime<Utc>, Body)| matches!(body, Body::Outcome(_));
        let all = self.sim.log.iter().filter(|entry| outcome(entry));
        all.map(|(_, b)| if let Body::Outcome(o) = b { o } else { unreachable!() }).collect()
    }

    fn judge(&self, seed: u64) -> Judged {
        let owed = owed(&self.segments);
        // What a change of files found about to sound, and what the clock passed before it went back.
        let lead = TimeDelta::seconds(2);
        let about: Vec<Segment> = self
            .segments
            .iter()
            .map(|s| Segment { world: s.world.clone(), from: s.to, to: s.to + lead })
            .collect();
        let allowed = &owed_ids(&about) | &owed_ids(&self.undone);
        let mut counted: BTreeMap<&Occurrence, usize> = BTreeMap::new();
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        let mut repeats = BTreeSet::new();
        for o in self.outcomes() {
            let word = serde_json::to_value(o.outcome).unwrap().as_str().unwrap().to_owned();
            *words.entry(word).or_default() += o.run.as_ref().map_or(1, |r| r.count as usize);
            if o.occurrence.area.is_urgent() {
                let new = repeats.insert((o.occurrence.slot.clone(), o.occurrence.repeat));
                assert!(new, "seed {seed}: twice {:?}", o.occurrence);
                continue;
            }
            let Some(run) = &o.run else {
                *counted.entry(&o.occurrence).or_default() += 1;
                // What was declined in advance stays declined, whatever files came later.
                let known = owed.contains_key(&o.occurrence)
                    || allowed.contains(&o.occurrence)
                    || o.why == Some(Why::Declined);
                assert!(known, "seed {seed}: nobody asked for {o:?}\n{}", self.told(&o.occurrence));
                continue;
            };
            let within = |of: &&Occurrence| {
                of.area == o.occurrence.area
                    && of.slot == o.occurrence.slot
                    && (run.first..=run.last).contains(&of.due)
            };
            let known: BTreeSet<&Occurrence> = owed.keys().chain(&allowed).filter(within).collect();
            assert!(known.len() as u64 >= run.count, "seed {seed}: {} of {o:?}", known.len());
            for of in known.into_iter() {
                *counted.entry(of).or_default() += 1;
            }
        }
        for (of, n) in &counted {
            assert_eq!(*n, 1, "seed {seed}: {of:?}\n{}", self.told(of));
        }
        for of in owed.keys() {
            assert!(counted.contains_key(of), "seed {seed}: no outcome of {of:?}\n{}", self.told(of));
        }
        self.judge_sound(seed, &owed);
        Judged { owed: owed.len(), words, sounded: self.sim.aired.len() }
    }

    /// The log about that occurrence, for whoever looks into a failure.
    fn told(&self, of: &Occurrence) -> String {
        let day = TimeDelta::hours(18);
        let concerns = |body: &Body| {
            matches!(body, Body::Outcome(o) if o.occurrence.slot == of.slot && (o.occurrence == *of
            || o.run.as_ref().is_some_and(|r| (r.first..=r.last).contains(&of.due))))
        };
        let about = |(at, body): &&(DateTime<Utc>, Body)| concerns(body) || (*at - of.due).abs() < day;
        let line = |(at, body): &(DateTime<Utc>, Body)| match body {
            Body::Outcome(o) => format!(
                "{at} outcome {} {} {:?} {:?} {:?}",
                o.occurrence.slot, o.occurrence.due, o.outcome, o.why, o.run
            ),
            Body::Clock(c) => format!("{at} clock {:?} {:?} {}", c.event, c.from, c.to),
            Body::Intent(i) => format!("{at} intent {} {}", i.occurrence.slot, i.occurrence.due),
            Body::Applied(_) => format!("{at} applied"),
            other => format!("{at} {other:?}"),
        };
        self.sim.log.iter().filter(about).map(line).collect::<Vec<_>>().join("\n")
    }

    /// One at a time, none twice, and of a schedule only within airtime.
    fn judge_sound(&self, seed: u64, owed: &BTreeMap<Occurrence, Planned>) {
        let mut once = BTreeSet::new();
        for aired in &self.sim.aired {
            assert!(once.insert(&aired.of), "seed {seed}: sounded twice: {aired:?}");
            if aired.of.area.is_urgent() || aired.stepped {
                continue;
            }
            let (from, to) = (local(aired.wall.0), local(aired.wall.1));
            let minute = |t: &DateTime<chrono_tz::Tz>| t.num_seconds_from_midnight();
            let inside = AIRTIME.iter().any(|(a, b)| a * 3600 <= minute(&from) && minute(&to) <= b * 3600);
            assert!(inside && from.date_naive() == to.date_naive(), "seed {seed}: outside airtime {aired:?}");
            assert_ne!(from.day(), 9, "seed {seed}: on a silent day {aired:?}");
            if let Some(planned) = owed.get(&aired.of) {
                let late = aired.wall.0 - planned.start_by;
                assert!(late <= TimeDelta::seconds(1), "seed {seed}: late {aired:?}");
            }
        }
        let mut spans: Vec<_> = self.sim.aired.iter().collect();
        spans.sort_by_key(|a| a.span);
        for pair in spans.windows(2) {
            assert!(pair[0].span.1 <= pair[1].span.0, "seed {seed}: two at once: {pair:?}");
        }
    }
}

struct Judged {
    owed: usize,
    words: BTreeMap<String, usize>,
    sounded: usize,
}

/// What the planner says that a box owes over these spans, each occurrence once.
fn owed(segments: &[Segment]) -> BTreeMap<Occurrence, Planned> {
    let moment = TimeDelta::microseconds(1);
    let plans = segments.iter().flat_map(|s| plan(&s.world, s.from + moment..s.to + moment));
    plans.map(|p| (p.of.clone(), p)).collect()
}

fn owed_ids(segments: &[Segment]) -> BTreeSet<Occurrence> {
    owed(segments).into_keys().collect()
}

fn live(days: i64, seed: u64) -> Judged {
    let mut life = Life::begin(seed);
    let start = life.wall();
    while life.sim.elapsed < TimeDelta::days(days) && life.wall() < start + TimeDelta::days(days) {
        life.befall();
    }
    // Misses after a long gap wait until the clock has proved itself; slots with an hour of patience wait too.
    life.sim.feed(Event::Tick);
    let rest = TimeDelta::hours(30);
    life.run(rest);
    let end = life.wall() - TimeDelta::hours(2);
    for segment in &mut life.segments {
        segment.to = segment.to.min(end);
    }
    let after = Segment {
        world: life.segments.last().unwrap().world.clone(),
        from: end,
        to: end + TimeDelta::hours(3),
    };
    life.undone.push(after);
    life.segments.retain(|s| s.from <= s.to);
    let judged = life.judge(seed);
    println!(
        "seed {seed}: {} owed, {} sounded, {:?}; {} urgent orders; {:?}",
        judged.owed, judged.sounded, judged.words, life.urgents, life.befell
    );
    judged
}

#[test]
fn the_schedules_of_this_story_pass_the_offices_check() {
    for number in 0..3 {
        let version = Version { year: 2026, schedule: number, narrow: false, withdrawn: BTreeSet::new() };
        let given = Given::from_feed(&version.bench().feed).unwrap();
        for (area, number) in [("bac-ninh", 3), ("yen-the", number)] {
            let text = schedule(area, number, 2026);
            let (read, positions) = Schedule::read("schedule.yaml", &text).unwrap();
            let checked = check(&Arc::new(read), &positions, &given, signed::at("2026-12-01 00:00"));
            assert!(checked.is_ok(), "{area} {number}: {}", checked.unwrap_err());
        }
    }
}

#[test]
fn a_month_by_signed_files_gives_every_planned_occurrence_one_outcome() {
    let lives: Vec<_> = (1..=8).map(|seed| live(30, seed)).collect();
    for word in ["played", "missed", "interrupted", "partial", "skipped", "preempted"] {
        assert!(lives.iter().any(|l| l.words.contains_key(word)), "never {word}");
    }
    assert!(lives.iter().all(|l| l.owed > 120 && l.sounded > 40));
}

#[test]
#[ignore = "ten years; run by hand: cargo test --test station -- --ignored years_by_signed_files --nocapture"]
fn ten_years_by_signed_files_give_every_planned_occurrence_one_outcome() {
    let owed: usize = (100..110).map(|seed| live(365, seed).owed).sum();
    println!("{owed} occurrences");
    assert!(owed > 15_000);
}
