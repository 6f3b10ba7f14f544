//! What the control socket asks for, done; and the Status put together.

use std::sync::PoisonError;

use chrono::TimeDelta;

use super::{
    config::Config,
    control::{Deed, Reply, Request},
    controller::{Order, action},
    hub_link::HubLink,
    run::Daemon,
    start, status,
    trusted_time::judge,
};
use crate::{
    asrun::record::{Body, ClockChange, ClockEvent},
    bulletin::{Frames, Kind},
    cli::Failure,
    schedule::occurrence::Planned,
    text::{Text, station as say},
};

/// Answers one request.
///
/// # Errors
/// The log cannot be written: the station ends.
pub fn answer(daemon: &mut Daemon, request: Request) -> Result<Reply, Failure> {
    let now = daemon.clock.now();
    let asked = match request {
        Request::Status => return Ok(Reply::Status { status: Box::new(daemon.status()) }),
        Request::Sync => {
            daemon.feeding.nudge();
            return Ok(Reply::Done { text: say::asking_feed() });
        }
        Request::Reload => return reload(daemon),
        Request::ClockSet { reason, from, override_proof } => {
            return clock_set(daemon, reason, from, override_proof);
        }
        Request::Deed { what, of } => {
            let what = match what {
                Deed::Test => "test",
                Deed::Volume => "volume",
            };
            Ok((vec![action(what, of.as_deref(), "")], say::noted()))
        }
        Request::Hold { seconds, reason } => {
            let span = TimeDelta::seconds(i64::try_from(seconds).unwrap_or(i64::MAX / 1000).min(1 << 40));
            let until = daemon.local(now.wall + span.min(TimeDelta::days(1)));
            daemon.controller.hold(now, span, &reason).map(|orders| (orders, say::held_until(until)))
        }
        Request::Release => daemon.controller.release(now).map(|orders| (orders, say::released())),
        Request::Stop { reason } => {
            daemon.controller.stop(now, &reason).map(|orders| (orders, say::stopped()))
        }
        Request::Decline { slot, reason } => {
            let declined = daemon.controller.decline(now, &slot, &reason);
            declined.map(|(due, orders)| (orders, say::declined(&slot, daemon.local(due))))
        }
    };
    match asked {
        Ok((orders, text)) => {
            daemon.obey(now, orders)?;
            Ok(Reply::Done { text })
        }
        Err(text) => Ok(Reply::No { text }),
    }
}

/// A bad configuration is refused whole; a good one is taken up, sink and warm-up once nothing sounds.
fn reload(daemon: &mut Daemon) -> Result<Reply, Failure> {
    let file = daemon.config_file.clone();
    let read = std::fs::read_to_string(&file).map_err(|e| start::disk(file.as_ref(), &e));
    let config = match read.and_then(|text| Ok(Config::read(&file, &text)?)) {
        Ok(config) => config,
        Err(failure) => {
            let text = Text { vi: failure.to(crate::text::Lang::Vi), en: failure.to(crate::text::Lang::En) };
            return Ok(Reply::No { text: say::reload_refused(&text) });
        }
    };
    let old = &daemon.config;
    let fixed = config.station == old.station && config.state == old.state && config.socket == old.socket;
    let feed =
        config.feed == old.feed && config.hub == old.hub && config.ca == old.ca && config.poll == old.poll;
    let budgets = config.data_budget_mb == old.data_budget_mb && config.disk_budget_mb == old.disk_budget_mb;
    if !(fixed && feed && budgets) {
        return Ok(Reply::No { text: say::reload_needs_restart() });
    }
    let now = daemon.clock.now();
    daemon.config.clock = config.clock;
    daemon.reloaded = Some(config);
    daemon.obey(now, vec![action("reload", None, "")])?;
    daemon.judge_clock()?;
    Ok(Reply::Done { text: say::reloaded() })
}

/// A person has set the clock. It is believed from now on, unless feed or log prove a later instant past and the person
/// does not override that; then nothing is latched.
fn clock_set(
    daemon: &mut Daemon,
    reason: String,
    from: chrono::DateTime<chrono::Utc>,
    override_proof: bool,
) -> Result<Reply, Failure> {
    daemon.judge_clock()?;
    let now = daemon.clock.now();
    let before = daemon.before;
    let believed = before.is_none() || override_proof;
    if believed {
        daemon.latch.set = true;
        daemon.latch.overridden |= before.is_some();
        let run = super::layout::Layout::new(&daemon.config.state).run();
        daemon.memory.set_latch(&daemon.latch).map_err(|e| start::disk(&run, &e))?;
    }
    let proven = daemon.feed.signed_at.max(daemon.logged_until);
    let change = ClockChange {
        event: ClockEvent::Set,
        trust: judge(daemon.config.clock, &daemon.latch, proven, now.wall).0,
        from: Some(from),
        to: now.wall,
        reason: Some(reason),
        alarm: believed && before.is_some(),
    };
    daemon.obey(now, vec![Order::Record(Body::Clock(change))])?;
    daemon.judge_clock()?;
    Ok(match daemon.before {
        Some(proven) => Reply::No { text: say::clock_before_proof(daemon.local(proven)) },
        None => Reply::Done { text: say::clock_is_set(daemon.local(now.wall)) },
    })
}

impl Daemon {
    /// An instant in the station's zone, as people write it.
    pub(super) fn local(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        at.with_timezone(&self.zone).format("%H:%M:%S %d/%m/%Y").to_string()
    }

    /// One line for `systemctl status`.
    pub(super) fn status_line(&self) -> String {
        let view = self.controller.view();
        match (&view.now, &view.next) {
            (Some(now), _) => format!("on the air: {}", now.planned.of.slot),
            (None, Some(next)) => format!("next: {} at {}", next.of.slot, self.local(next.of.due)),
            (None, None) => "nothing planned".to_owned(),
        }
    }

    /// See [`status::Status`].
    pub fn status(&self) -> status::Status {
        let now = self.clock.now();
        let view = self.controller.view();
        let age = |t: chrono::DateTime<chrono::Utc>| (now.wall - t).num_seconds();
        let (id, head) = self.hands.log();
        let usage = self.feeding.ledger.lock().unwrap_or_else(PoisonError::into_inner).usage(now.wall);
        status::Status {
            station: self.config.station.clone(),
            version: env!("CARGO_PKG_VERSION").into(),
            at: now.wall,
            zone: self.zone.name().into(),
            now: view.now.as_ref().map(on_air),
            next: view.next.as_ref().map(next),
            waiting: view
                .waiting
                .into_iter()
                .filter(|(of, _)| of.due <= now.wall)
                .map(|(occurrence, why)| status::Waiting { occurrence, why })
                .collect(),
            hold: view.hold,
            feed_age_s: self.feed.signed_at.map(age),
            offline_age_s: self.feed.offline_signed_at.map(age),
            stale: self.feed.stale.clone(),
            feed: self.feed.versions.clone(),
            clock: status::Clock { trust: view.trust, before: self.before },
            device: status::Device {
                name: self.config.device.clone(),
                state: view.device.into(),
                why: self.hands.lost.clone(),
            },
            log: status::Log { id, seq: head.seq, hash: head.hash },
            data: status::Data {
                today_bytes: usage.today,
                month_bytes: usage.this_month,
                day_budget_bytes: usage.budget,
                synced_at: self.synced_at,
                failed: self.sync_failed.clone(),
            },
            library: status::Library {
                held: self.held.len(),
                missing: self.missing,
                failed: self.failed_audio.clone(),
            },
            warnings: self.warnings(),
        }
    }

    fn warnings(&self) -> Vec<Text> {
        let mut warnings: Vec<Text> = self.silent.iter().cloned().collect();
        if self.trust == crate::asrun::record::ClockTrust::No {
            warnings.push(match self.before {
                Some(proven) => say::clock_before_proof(self.local(proven)),
                None => say::clock_not_trusted(),
            });
            warnings.extend(self.clock_unasked.clone());
        }
        if self.config.clock == super::config::ClockSetting::Always {
            warnings.push(say::clock_always());
        }
        warnings.extend(self.feed.warnings.values().cloned());
        warnings.extend(self.left_out.iter().cloned());
        warnings.extend(self.link.as_ref().and_then(HubLink::trouble));
        warnings
    }
}

fn on_air(view: &super::controller::OnAirView) -> status::Now {
    let item = view.item.and_then(|i| view.planned.items.get(i));
    status::Now {
        occurrence: view.planned.of.clone(),
        class: view.planned.class,
        bulletin: item.map(|b| b.id.clone()),
        title: item.map(|b| b.meta.title.vi.clone()),
        frames: view.frames,
        length: item.map_or(Frames(0), |b| b.meta.frames),
        item: view.item.map_or(0, |i| i + 1),
        items: view.planned.items.len(),
    }
}

fn next(planned: &Planned) -> status::Next {
    let bulletins = planned.items.iter().filter(|b| b.meta.kind == Kind::Bulletin);
    status::Next {
        occurrence: planned.of.clone(),
        class: planned.class,
        titles: bulletins.map(|b| b.meta.title.vi.clone()).collect(),
        seconds: planned.frames().seconds_up(),
    }
}
