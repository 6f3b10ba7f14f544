//! Other systems are told of alarms: a POST of JSON, signed, tried again until it arrives, for more than two days.
//!
//! `Loaxa-Signature: t=<unix seconds>,v1=<hex>`, where `<hex>` is HMAC-SHA256 (RFC 2104, FIPS 180-4) by the webhook's secret
//! over `<unix seconds>.<body>`; `Loaxa-Delivery` names webhook and alarm and is the same for each try.
//! An alarm is queued by its id, so each is told once however often it is looked for, and none that a killed hub had not queued
//! is forgotten. A webhook reaches public addresses only, unless `private_webhooks: true`: the address that was checked is the
//! one that is connected to, redirects are not followed, and no proxy is taken from the environment.

use std::{
    collections::HashSet,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use aws_lc_rs::hmac;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Client, Url, redirect};
use serde_json::json;

use super::{
    Fail, Hub,
    db::{
        areas, instant, micros,
        webhooks::{self, Alarm, Delivery, Webhook},
    },
    live::News,
    turns,
};
use crate::digest::Digest;

/// An alarm older than this is news no more.
const NEWS: TimeDelta = TimeDelta::hours(24);
/// Deliveries are forgotten after this; longer than [`NEWS`], so that none is queued twice.
const KEPT: TimeDelta = TimeDelta::days(14);
/// So often it is tried: with [`pause`] 56 hours.
const MOST: i64 = 19;
/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often it is looked for what is due.
const LOOK: Duration = Duration::from_secs(5);
/// How often all stations are looked at.
const TURNS: Duration = Duration::from_secs(30);
/// An alarm seldom comes alone.
const SOON: Duration = Duration::from_millis(200);
/// So many at once.
const BATCH: i64 = 32;

/// What a webhook is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A station is silent.
    Silent,
    /// It is back.
    Back,
    /// An urgent order was sent.
    Urgent,
    /// A log has a gap, a fork, was rewritten or cut.
    Log,
    /// A station's feed is stale.
    Stale,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 5] = [Self::Silent, Self::Back, Self::Urgent, Self::Log, Self::Stale];

    /// As stored and typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Back => "back",
            Self::Urgent => "urgent",
            Self::Log => "log",
            Self::Stale => "stale",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The kind of an alarm of that word: what is none of the others is about a log (`gap`, `fork`, …).
    pub fn of(alarm: &str) -> Self {
        Self::parse(alarm).unwrap_or(Self::Log)
    }
}

/// The address of a webhook, if it may be one: https, or http where private ones are allowed; no credentials, no other port
/// than a number, no name of this machine or of its network.
pub fn address(text: &str, private: bool) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let scheme = url.scheme() == "https" || (private && url.scheme() == "http");
    // A host that is a number in any dress (`0x7f000001`, `127.1`) has been made an address by the parser.
    let name = url.host_str()?;
    let host = private
        || match name.trim_matches(['[', ']']).parse() {
            Ok(ip) => is_public(ip),
            Err(_) => {
                name.contains('.')
                    && ![".localhost", ".local"].iter().any(|end| name.trim_end_matches('.').ends_with(end))
            }
        };
    (plain && scheme && host && text.len() <= 2000).then_some(url)
}

/// Whether an address belongs to the internet at large (IANA's special-purpose registries, RFC 6890): not this machine, a
/// private network, a link, a group, nor a tunnel or translator that may lead to one.
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.segments() {
            // NAT64 (RFC 6052) and 6to4 (RFC 3056) lead to the IPv4 address that they hold.
            [0x64, 0xff9b, 0, 0, 0, 0, a, b] => is_public_v4(joined(a, b)),
            [0x2002, a, b, ..] => is_public_v4(joined(a, b)),
            // Teredo, benchmarks, ORCHID and other protocol assignments; documentation.
            [0x2001, a, ..] if a < 0x200 => false,
            [0x2001, 0xdb8, ..] => false,
            [0x3fff, a, ..] if a < 0x1000 => false,
            // Global unicast.
            [a, ..] => a & 0xe000 == 0x2000,
        },
    }
}

fn joined(a: u16, b: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(a) << 16) | u32::from(b))
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, ..)
    )
}

/// The wait after the `failures`th failure: 30 s, doubled each time, 6 h at most.
pub fn pause(failures: i64) -> TimeDelta {
    TimeDelta::seconds(30i64 << (failures - 1).clamp(0, 20)).min(TimeDelta::hours(6))
}

/// The header `Loaxa-Signature`.
pub fn signature(secret: &[u8], at: DateTime<Utc>, body: &str) -> String {
    let t = at.timestamp();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let tag = hmac::sign(&key, format!("{t}.{body}").as_bytes());
    format!("t={t},v1={}", hex::encode(tag))
}

/// What is to be told of `alarms` to `hooks`; `within` says whether a commune lies in an area.
pub fn deliveries(hooks: &[Webhook], alarms: &[Alarm], within: impl Fn(&str, &str) -> bool) -> Vec<Delivery> {
    let mut all = Vec::new();
    for hook in hooks.iter().filter(|h| h.closed_at.is_none()) {
        let wanted = |a: &&Alarm| {
            let kind = Kind::of(&a.kind);
            let wanted = hook.kinds.split(' ').any(|word| word == kind.word());
            wanted && a.at >= hook.made_at && within(&a.commune, &hook.area)
        };
        all.extend(alarms.iter().filter(wanted).map(|alarm| Delivery {
            id: Digest::of(&[&hook.id[..], &alarm.id[..]].concat()).0.to_vec(),
            webhook: hook.id.clone(),
            body: body(alarm),
            tries: 0,
        }));
    }
    all
}

fn body(alarm: &Alarm) -> String {
    json!({
        "alarm": hex::encode(&alarm.id),
        "kind": alarm.kind,
        "at": instant(alarm.at),
        "station": alarm.station,
        "commune": alarm.commune,
        "detail": alarm.detail,
    })
    .to_string()
}

/// Queues and delivers, for as long as the hub runs.
pub async fn run(hub: Hub) {
    let mut news = hub.live.news();
    let mut turned: Option<Duration> = None;
    loop {
        let up = hub.clock.now().up.0;
        if turned.is_none_or(|at| up.saturating_sub(at) >= TURNS) {
            turned = Some(up);
            if let Err(fail) = turns::look(&hub).await {
                tracing::warn!(error = ?fail, "stations could not be looked at");
            }
        }
        if let Err(fail) = look(&hub).await {
            tracing::warn!(error = ?fail, "webhooks wait");
        }
        let tick = hub.clock.sleep(LOOK);
        tokio::pin!(tick);
        loop {
            tokio::select! {
                () = &mut tick => break,
                // An alarm is told at once; who missed news looks as well.
                told = news.recv() => if !matches!(told, Ok(News::Station(_))) {
                    hub.clock.sleep(SOON).await;
                    break;
                },
            }
        }
    }
}

/// Queues what is new and tries what is due.
///
/// # Errors
/// The database.
pub async fn look(hub: &Hub) -> Result<(), Fail> {
    let now = hub.now();
    let hooks: Vec<_> = webhooks::all(&hub.db).await?.into_iter().filter(|h| h.closed_at.is_none()).collect();
    if hooks.is_empty() {
        return Ok(());
    }
    let alarms = webhooks::alarms_since(&hub.db, micros(now - NEWS)).await?;
    let tree = areas::tree(&hub.db).await?;
    let known: HashSet<_> = webhooks::known(&hub.db, micros(now - NEWS - NEWS)).await?.into_iter().collect();
    let mut new = deliveries(&hooks, &alarms, |commune, area| tree.is_within(commune, area));
    new.retain(|d| !known.contains(&d.id));
    if webhooks::queue(&hub.db, &new, micros(now)).await? > 0 {
        webhooks::forget(&hub.db, micros(now - KEPT)).await?;
    }
    let due = webhooks::due(&hub.db, micros(now), MOST, BATCH).await?;
    // One that does not answer must not keep the others waiting.
    let tries = due.into_iter().filter_map(|delivery| {
        let hook = hooks.iter().find(|h| h.id == delivery.webhook)?;
        Some(attempt(hub, hook, delivery))
    });
    for ended in futures_util::future::join_all(tries).await {
        ended?;
    }
    Ok(())
}

async fn attempt(hub: &Hub, hook: &Webhook, delivery: Delivery) -> Result<(), Fail> {
    let now = hub.now();
    let sent = send(hub, hook, &delivery, now).await;
    let (said, next) = match sent {
        Ok(status) => (status, None),
        Err(why) => {
            let wait = pause(delivery.tries + 1);
            tracing::warn!(url = %hook.url, tries = delivery.tries + 1, %why, "a webhook was not reached");
            (why, Some(micros(hub.now() + wait)))
        }
    };
    webhooks::tried(&hub.db, &delivery.id, &said, next, micros(hub.now())).await?;
    Ok(())
}

/// One try: what came back, or why nothing did.
async fn send(hub: &Hub, hook: &Webhook, delivery: &Delivery, now: DateTime<Utc>) -> Result<String, String> {
    let private = hub.config.private_webhooks;
    let url = address(&hook.url, private).ok_or("address not allowed")?;
    let host = url.host_str().ok_or("address without a host")?.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().ok_or("address without a port")?;
    let found: Vec<SocketAddr> =
        tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host.as_str(), port)))
            .await
            .map_err(|_| "name not resolved in time")?
            .map_err(|e| format!("name not resolved: {e}"))?
            .collect();
    // One public address beside a private one would be a door: all must be public.
    if found.is_empty() || (!private && !found.iter().all(|a| is_public(a.ip()))) {
        return Err("private address".into());
    }
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .resolve_to_addrs(&host, &found)
        .build()
        .map_err(|e| e.to_string())?;
    let answer = client
        .post(url)
        .header("content-type", "application/json")
        .header("loaxa-delivery", hex::encode(&delivery.id))
        .header("loaxa-signature", signature(&hook.secret, now, &delivery.body))
        .body(delivery.body.clone())
        .send()
        .await
        .map_err(|e| e.without_url().to_string())?;
    let status = answer.status();
    if status.is_success() { Ok(status.as_u16().to_string()) } else { Err(status.as_u16().to_string()) }
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
