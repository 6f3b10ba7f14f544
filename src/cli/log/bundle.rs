//! `loaxa log verify BUNDLE`: every log of a bundle, by the keys of the feed that lies in it, or of one given.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::ArgMatches;
use serde_json::{Value, json};

use super::{
    Answer, Context, Exit, Failure, FeedKeys, by_registry, findings_json, load_key, unreadable, wrote,
};
use crate::{
    asrun::{
        bundle::{BadBundle, Bundle, Listed},
        findings::Findings,
        inspect::Known,
        verify::Expect,
    },
    cli::feed_folder::Scratch,
    digest::Digest,
    feed::roles,
    text::{asrun as words, cli as say, plain_lines},
};

pub fn verify(
    path: &Path,
    args: &ArgMatches,
    context: &Context,
    feed_keys: FeedKeys,
    out: &mut dyn Write,
) -> Answer {
    if args.contains_id("receipt") {
        return Err(Failure::Usage(words::bundle_one_log()));
    }
    let bundle = Bundle::open(path).map_err(bad)?;
    let (known, root) = known(&bundle, args, feed_keys)?;
    let mut said = if context.json { String::new() } else { heading(root.as_ref(), context) };
    let mut all = Vec::new();
    let mut wrong = 0usize;
    for listed in &bundle.logs {
        let findings = bundle.verify(&listed.log, known.clone()).map_err(unreadable)?;
        let whole = is_whole(listed, &findings);
        wrong += usize::from(!(whole && findings.ok()));
        if context.json {
            all.push(entry(listed, &findings, whole, context));
        } else {
            said.push_str(&told(listed, &findings, whole, context));
        }
    }
    if context.json {
        let document = json!({"ok": wrong == 0, "root": root, "logs": all});
        said = format!("{document}\n");
    } else {
        let verdict = match wrong {
            0 => words::bundle_good(bundle.logs.len()),
            _ => words::bundle_bad(wrong, bundle.logs.len()),
        };
        said.push_str(&format!("{}\n", verdict.to(context.lang)));
    }
    wrote(out.write_all(said.as_bytes()).and_then(|()| out.flush()))?;
    Ok(if wrong == 0 { Exit::Yes } else { Exit::No })
}

/// Whether all lines are there that the bundle says it holds. A fault in them is told by the findings.
fn is_whole(listed: &Listed, findings: &Findings) -> bool {
    let last = findings.last.map_or(0, |head| head.seq);
    !findings.ok()
        || (findings.first == listed.first && last == listed.last && findings.log == Some(listed.log))
}

/// What is known beside the logs, and the fingerprint of the bundle's own root where keys come from there.
fn known(
    bundle: &Bundle,
    args: &ArgMatches,
    feed_keys: FeedKeys,
) -> Result<(Known, Option<Digest>), Failure> {
    let path = |name: &str| args.get_one::<PathBuf>(name);
    let mut known = Known::default();
    let mut root = None;
    if let Some(feed) = path("feed") {
        by_registry(&mut known, &feed_keys(feed, None)?)?;
    } else if let Some(key) = path("key") {
        known.expect = Expect::Key(load_key(key)?);
    } else {
        let scratch = Scratch::new()
            .map_err(|e| Failure::Machine(say::cannot_write(std::env::temp_dir().display(), &e)))?;
        if let Some(feed) = bundle.feed(&scratch.0).map_err(bad)? {
            by_registry(&mut known, &feed_keys(&feed, Some(bundle.made_at))?)?;
            let first = feed.join(roles::metadata_name("root", Some(1)));
            root = std::fs::read(first).ok().map(|content| Digest::of(&content));
        }
    }
    if let Some(key) = path("receipt-key") {
        known.receipt_keys = Some(vec![load_key(key)?]);
    }
    Ok((known, root))
}

fn heading(root: Option<&Digest>, context: &Context) -> String {
    root.map(|root| format!("{}\n\n", words::bundle_root(root).to(context.lang))).unwrap_or_default()
}

fn told(listed: &Listed, findings: &Findings, whole: bool, context: &Context) -> String {
    let mut said = format!("{}\n", words::bundle_log(&listed.station, listed.log).to(context.lang));
    if !whole {
        said.push_str(&format!("{}\n", words::bundle_lacks(listed.first, listed.last).to(context.lang)));
    }
    said.push_str(&plain_lines(&findings.to(context.lang)));
    said.push('\n');
    said
}

/// The document of one log, as `verify DIR --json` gives it, and whether it is all there.
fn entry(listed: &Listed, findings: &Findings, whole: bool, context: &Context) -> Value {
    let mut value = findings_json(findings, context.lang);
    value["ok"] = json!(findings.ok() && whole);
    value["listed"] =
        json!({"log": listed.log, "station": listed.station, "first": listed.first, "last": listed.last});
    value["whole"] = json!(whole);
    value
}

fn bad(error: BadBundle) -> Failure {
    match error {
        BadBundle::Unreadable(e) => unreadable(e),
        BadBundle::Refused(text) => Failure::Refused(text),
    }
}
