//! A record with its proof: the line as it was received, and checks that are made while the page is.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse},
};

use super::{day::bundle_of, figures, file, scope::Scope, search::record_path};
use crate::{
    asrun::{canon, key::Verifying, receipt::Receipt, record::Record, show, words::ZONE},
    digest::Digest,
    hub::{
        Fail, Hub, Reply,
        db::{
            inspect::{self, Kept},
            instant, micros, records,
        },
        pages::Frame,
        routes::{Route, get},
        rule::Rule,
        who::Person,
    },
    text::{Lang, Text, hub as say, hub_inspect as words, plain},
};

pub fn routes() -> Vec<Route> {
    vec![
        get("/inspect/record/{log}/{seq}", Rule::Anyone, page),
        get("/inspect/record/{log}/{seq}/record.json", Rule::Anyone, line),
        get("/inspect/record/{log}/{seq}/public.pem", Rule::Anyone, key),
    ]
}

#[derive(Template)]
#[template(path = "record.html")]
struct Page {
    frame: Frame,
    title: Text,
    what: Text,
    time: String,
    day: String,
    checks: Vec<Check>,
    facts: Vec<(Text, String)>,
    line: String,
    here: String,
    bundle: String,
    bundle_name: String,
}

/// A check: it holds, it does not, or nobody can tell.
struct Check {
    holds: Option<bool>,
    text: Text,
}

impl Check {
    fn class(&self) -> &'static str {
        match self.holds {
            Some(true) => "whole",
            Some(false) => "none",
            None => "off",
        }
    }

    fn word(&self) -> Text {
        match self.holds {
            Some(true) => words::check_good(),
            Some(false) => words::check_bad(),
            None => words::check_open(),
        }
    }
}

/// The record and its log, if they are the person's to see.
async fn seen(hub: &Hub, person: &Person, log: &str, seq: i64) -> Result<(Scope, Kept, records::Log), Fail> {
    let id: Digest = log.parse().map_err(|_| Fail::NotFound)?;
    let kept = inspect::record(&hub.db, &id.0, seq).await?.ok_or(Fail::NotFound)?;
    let scope = Scope::of(hub, person).await?;
    if !scope.sees(&kept.commune) {
        scope.station(hub, &kept.station).await?;
    }
    let log = records::log(&hub.db, &id).await?.ok_or(Fail::NotFound)?;
    Ok((scope, kept, log))
}

async fn page(
    State(hub): State<Hub>,
    lang: Lang,
    person: Person,
    Path((log, seq)): Path<(String, i64)>,
) -> Reply {
    let (scope, kept, log) = seen(&hub, &person, &log, seq).await?;
    let record = Record::read(&kept.line);
    let checks = checks(&hub, &kept, &log, record.as_ref()).await?;
    // The day by which it is found: that of its occurrence, else that on which it was written.
    let at = record.as_ref().map(|r| r.occurrence().map_or(r.at, |of| of.due));
    let day = at.map_or(0, figures::today);
    let here = record_path(&kept.log, kept.seq);
    let bundle = bundle_of(&kept.station, day);
    let page = Page {
        frame: Frame::new(lang, Some(person), here.clone()),
        title: words::record_title(kept.seq, &kept.station),
        what: record.as_ref().map_or_else(crate::text::asrun::shows_newer, |r| show::sentence(r, ZONE)),
        time: record.as_ref().map(|r| figures::time(micros(r.at))).unwrap_or_default(),
        day: format!("/inspect/day/{}/{}", kept.station, figures::iso(day)),
        checks,
        facts: facts(&kept, &log, record.as_ref(), &scope, lang),
        line: plain(&String::from_utf8_lossy(&kept.line)),
        here,
        bundle_name: super::bundle::name(&figures::iso(day), &figures::iso(day)),
        bundle,
    };
    Ok(Html(page.render()?).into_response())
}

async fn checks(
    hub: &Hub,
    kept: &Kept,
    log: &records::Log,
    record: Option<&Record>,
) -> Result<Vec<Check>, Fail> {
    let key = <[u8; 32]>::try_from(log.key.as_slice()).ok().and_then(Verifying::new);
    let signed = canon::split(&kept.line)
        .zip(key.as_ref())
        .is_some_and(|((signed, sig), key)| key.verify(signed, &sig));
    // The log's id is the hash of its key: another key cannot have been put in its place.
    let own = key.as_ref().is_some_and(|key| key.id().0.as_slice() == log.id);
    let mut checks = vec![Check { holds: Some(signed && own), text: words::check_signature() }];
    let prev = record.map(|r| r.prev);
    checks.push(if kept.seq == 1 {
        Check { holds: Some(prev == Some(Digest::ZERO)), text: words::check_first() }
    } else {
        let before = inspect::record(&hub.db, &kept.log, kept.seq - 1).await?;
        Check { holds: before.map(|b| prev == Some(Digest::of(&b.line))), text: words::check_prev() }
    });
    let next = inspect::record(&hub.db, &kept.log, kept.seq + 1).await?;
    checks.push(match next.as_ref().and_then(|n| Record::read(&n.line)) {
        Some(next) => Check { holds: Some(next.prev == Digest::of(&kept.line)), text: words::check_next() },
        None => Check { holds: None, text: words::check_last() },
    });
    let registered = inspect::registered_log(&hub.db, &kept.station).await?;
    let present = registered.as_deref() == Some(log.id.as_slice());
    checks.push(Check {
        holds: present.then_some(true),
        text: if present { words::check_registered() } else { words::check_older_key() },
    });
    let receipt = Receipt::read(log.receipt.as_bytes(), None).ok();
    checks.push(match receipt.filter(|r| r.seq >= kept.seq.unsigned_abs() && r.log.0.as_slice() == log.id) {
        Some(receipt) => {
            let text = words::check_receipt(receipt.seq, figures::time(micros(receipt.at)));
            Check { holds: Some(true), text }
        }
        None => Check { holds: None, text: words::check_no_receipt() },
    });
    Ok(checks)
}

fn facts(
    kept: &Kept,
    log: &records::Log,
    record: Option<&Record>,
    scope: &Scope,
    lang: Lang,
) -> Vec<(Text, String)> {
    let mut facts = vec![
        (words::fact_log(), hex::encode(&kept.log)),
        (words::fact_key(), hex::encode(&log.key)),
        (words::fact_hash(), Digest::of(&kept.line).to_string()),
        (words::fact_prev(), record.map(|r| r.prev.to_string()).unwrap_or_default()),
        (words::fact_received(), figures::time(micros(instant(kept.received_at)))),
        (words::fact_commune(), scope.title(&kept.commune, lang)),
    ];
    if log.receipt_seq >= kept.seq {
        facts.push((words::fact_receipt(), plain(&log.receipt)));
    }
    facts
}

async fn line(State(hub): State<Hub>, person: Person, Path((log, seq)): Path<(String, i64)>) -> Reply {
    let (_, kept, _) = seen(&hub, &person, &log, seq).await?;
    // Never to be shown in the hub's name: what stands in it, a station wrote.
    file("record.json", "application/octet-stream", kept.line)
}

async fn key(State(hub): State<Hub>, person: Person, Path((log, seq)): Path<(String, i64)>) -> Reply {
    let (_, _, log) = seen(&hub, &person, &log, seq).await?;
    let key = <[u8; 32]>::try_from(log.key.as_slice()).ok().and_then(Verifying::new).ok_or(Fail::NotFound)?;
    file("public.pem", "application/x-pem-file", key.pem())
}
