//! `loaxa log show`, `loaxa log verify`: for inspectors; no network, no writing.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::{Value, json};

mod bundle;

use super::{Answer, Context, Exit, Failure};
use crate::{
    asrun::{
        bundle::Bundle,
        findings::{Findings, Spot},
        inspect::{self, Known, Unreadable},
        key::{KeyError, Verifying},
        record::Record,
        shelf,
        show::{self, Filter},
        verify::{Expect, Registry},
        words::{ZONE, local},
    },
    schedule::occurrence::micros,
    text::{Lang, asrun as words, plain, plain_lines},
};

/// How `--feed DIR` is turned into keys: verified by the room `feed`, which this one does not know.
/// The feed is judged as of an instant: now, if none is given.
pub type FeedKeys = fn(&Path, Option<DateTime<Utc>>) -> Result<Registry, Failure>;

/// The grammar of `log`, its help in `lang`.
pub fn command(lang: Lang) -> Command {
    let dir = |name: &'static str, help: crate::text::Text| {
        Arg::new("dir")
            .value_name(name)
            .required(true)
            .value_parser(value_parser!(PathBuf))
            .help(help.to(lang).to_owned())
    };
    let option = |name: &'static str, value: &'static str, help: crate::text::Text| {
        Arg::new(name).long(name).value_name(value).help(help.to(lang).to_owned())
    };
    let file = |arg: Arg| arg.value_parser(value_parser!(PathBuf));
    let show = Command::new("show")
        .about(words::help_show().to(lang).to_owned())
        .arg(dir("DIR", words::help_dir()))
        .arg(option("from", "T", words::help_from()))
        .arg(option("to", "T", words::help_to()))
        .arg(option("outcome", "O", words::help_outcome()))
        .arg(option("slot", "S", words::help_slot()))
        .arg(option("timezone", "Z", words::help_timezone()).default_value(ZONE.name()))
        .arg(
            Arg::new("csv")
                .long("csv")
                .action(ArgAction::SetTrue)
                .help(words::help_csv().to(lang).to_owned()),
        );
    let verify = Command::new("verify")
        .about(words::help_verify().to(lang).to_owned())
        .arg(dir("DIR|BUNDLE", words::help_dir_or_bundle()))
        .arg(file(option("key", "F", words::help_key())).conflicts_with("feed"))
        .arg(file(option("feed", "DIR", words::help_feed())))
        .arg(file(option("receipt", "F", words::help_receipt())))
        .arg(file(option("receipt-key", "F", words::help_receipt_key())).conflicts_with("feed"));
    Command::new("log")
        .about(words::help_log().to(lang).to_owned())
        .subcommand_required(true)
        .subcommand(show)
        .subcommand(verify)
}

/// Does what was typed after `log`. Answers go to `out`, messages to `err`.
pub fn run(
    matches: &ArgMatches,
    context: &Context,
    feed_keys: FeedKeys,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Answer {
    match matches.subcommand() {
        Some(("show", args)) => show(args, context, out, err),
        Some(("verify", args)) => verify(args, context, feed_keys, out),
        _ => Err(Failure::Usage(words::help_log())),
    }
}

fn verify(args: &ArgMatches, context: &Context, feed_keys: FeedKeys, out: &mut dyn Write) -> Answer {
    if let Some(path) = args.get_one::<PathBuf>("dir").filter(|path| Bundle::is_one(path)) {
        return bundle::verify(path, args, context, feed_keys, out);
    }
    let dir = folder(args)?;
    let path = |name: &str| args.get_one::<PathBuf>(name);
    let mut known = Known::default();
    if let Some(feed) = path("feed") {
        by_registry(&mut known, &feed_keys(feed, None)?)?;
    } else if let Some(key) = path("key") {
        known.expect = Expect::Key(load_key(key)?);
    } else {
        known.expect = inspect::enclosed(dir);
    }
    if let Some(key) = path("receipt-key") {
        known.receipt_keys = Some(vec![load_key(key)?]);
    }
    if let Some(receipt) = path("receipt") {
        let content =
            fs::read(receipt).map_err(|e| unreadable(Unreadable { path: receipt.clone(), why: e }))?;
        let name = receipt.file_name().unwrap_or_default().to_string_lossy().into_owned();
        known.receipt = Some((name, content));
    }
    let findings = inspect::folder(dir, known, |_, _, _| {}).map_err(unreadable)?;
    let said = if context.json {
        format!("{}\n", findings_json(&findings, context.lang))
    } else {
        plain_lines(&findings.to(context.lang)) + &older(dir, context.lang)
    };
    wrote(out.write_all(said.as_bytes()).and_then(|()| out.flush()))?;
    Ok(if findings.ok() { Exit::Yes } else { Exit::No })
}

/// Whose logs a registry knows, and whose receipts.
fn by_registry(known: &mut Known, registry: &Registry) -> Result<(), Failure> {
    known.expect = Expect::Registry(stations(registry)?);
    known.receipt_keys = Some(registry.receipt_keys.iter().filter_map(|k| Verifying::new(*k)).collect());
    Ok(())
}

/// Logs of earlier keys of this station are logs of their own: named, so that nobody forgets them.
fn older(dir: &Path, lang: Lang) -> String {
    let logs = shelf::older_logs(dir).unwrap_or_default();
    logs.iter().map(|(_, path)| format!("{}\n", words::older_log(path.display()).to(lang))).collect()
}

fn show(args: &ArgMatches, context: &Context, out: &mut dyn Write, err: &mut dyn Write) -> Answer {
    let dir = folder(args)?;
    let text = |name: &str| args.get_one::<String>(name).map(String::as_str);
    let outcome = |t| show::parse_outcome(t).ok_or_else(|| Failure::Usage(words::bad_outcome(t)));
    let filter = Filter {
        from: text("from").map(instant).transpose()?,
        to: text("to").map(instant).transpose()?,
        outcome: text("outcome").map(outcome).transpose()?,
        slot: text("slot").map(str::to_owned),
    };
    let zone = text("timezone").unwrap_or(ZONE.name());
    let zone: Tz = zone.parse().map_err(|_| Failure::Usage(words::bad_zone(zone)))?;
    let form = match (context.json, args.get_flag("csv")) {
        (true, _) => Form::Json,
        (false, true) => Form::Csv,
        (false, false) => Form::Table,
    };
    let mut printer = Printer { out, form, zone, lang: context.lang, shown: 0, failed: None };
    printer.begin();
    let mut left_out = 0u64;
    let mut messages = Vec::new();
    let known = Known { expect: inspect::enclosed(dir), any_start: true, ..Known::default() };
    let findings = inspect::folder(dir, known, |file, number, line| match Record::read(line) {
        Some(record) if filter.takes(&record) => printer.record(&record, line),
        Some(_) => left_out += 1,
        None => messages.push(words::show_unreadable(format!("{file}:{number}"))),
    });
    let findings = findings.map_err(unreadable)?;
    printer.end(left_out);
    if let Some(failed) = printer.failed {
        wrote(Err(failed))?;
    }
    if let Some(bad) = &findings.bad {
        messages.push(words::show_bad(bad.spot.place(), bad.why.text()));
    }
    for message in messages {
        // Nothing more can be done when stderr is gone.
        writeln!(err, "{}", plain(message.to(context.lang))).ok();
    }
    Ok(if findings.ok() { Exit::Yes } else { Exit::No })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Table,
    Csv,
    Json,
}

struct Printer<'a> {
    out: &'a mut dyn Write,
    form: Form,
    zone: Tz,
    lang: Lang,
    shown: u64,
    failed: Option<io::Error>,
}

impl Printer<'_> {
    fn write(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.out.write_all(bytes).err();
        }
    }

    fn begin(&mut self) {
        match self.form {
            Form::Json => self.write(b"{\"records\":["),
            Form::Csv => self.write(format!("\u{feff}{}", show::csv_header(self.lang)).as_bytes()),
            Form::Table => self.write(format!("{}\n", words::table_header().to(self.lang)).as_bytes()),
        }
    }

    fn record(&mut self, record: &Record, line: &[u8]) {
        match self.form {
            // As written, signature and all: the line is JSON already.
            Form::Json => {
                let comma: &[u8] = if self.shown > 0 { b",\n" } else { b"\n" };
                self.write(comma);
                self.write(line);
            }
            Form::Csv => self.write(show::csv_row(record, self.zone, self.lang).as_bytes()),
            Form::Table => {
                let (seq, at) = (record.seq, local(&record.at, self.zone));
                let what = show::sentence(record, self.zone);
                let row = format!("{seq:>6}  {at}  {}\n", plain(what.to(self.lang)));
                self.write(row.as_bytes());
            }
        }
        self.shown += 1;
    }

    fn end(&mut self, left_out: u64) {
        match self.form {
            Form::Json => self.write(b"\n]}\n"),
            Form::Csv => {}
            Form::Table => {
                let total = words::table_total(self.shown, left_out);
                self.write(format!("{}\n", total.to(self.lang)).as_bytes());
            }
        }
        if self.failed.is_none() {
            self.failed = self.out.flush().err();
        }
    }
}

fn findings_json(f: &Findings, lang: Lang) -> Value {
    let spot = |s: &Spot, key: &str, word: &str, text: crate::text::Text| json!({"segment": s.file, "line": s.line, "seq": s.seq, key: word, "text": text.to(lang)});
    json!({
        "ok": f.ok(),
        "log": f.log,
        "station": f.station,
        "signer": f.signer.word(),
        "first": (f.segments > 0).then_some(f.first),
        "last": f.last.map(|h| h.seq),
        "hash": f.last.map(|h| h.hash),
        "records": f.records,
        "segments": f.segments,
        "receipt": f.receipt.map(|r| json!({"seq": r.seq, "at": micros::text(&r.at), "proven": r.proven})),
        "bad": f.bad.as_ref().map(|b| spot(&b.spot, "why", b.why.word(), b.why.text())),
        "notes": f.notes.iter().map(|n| spot(&n.spot, "what", n.what.word(), n.what.text())).collect::<Vec<_>>(),
    })
}

fn folder(args: &ArgMatches) -> Result<&PathBuf, Failure> {
    let dir = args.get_one::<PathBuf>("dir").ok_or_else(|| Failure::Usage(words::help_dir()))?;
    if dir.is_file() {
        return Err(Failure::Usage(words::bundle_is_a_file(dir.display())));
    }
    Ok(dir)
}

fn stations(registry: &Registry) -> Result<Vec<(crate::ids::StationId, Verifying)>, Failure> {
    let ready = |(id, raw): &(crate::ids::StationId, _)| match Verifying::new(*raw) {
        Some(key) => Ok((id.clone(), key)),
        None => Err(Failure::Refused(words::feed_key_bad(id))),
    };
    registry.stations.iter().map(ready).collect()
}

fn load_key(path: &Path) -> Result<Verifying, Failure> {
    Verifying::load(path).map_err(|e| match e {
        KeyError::File(..) => Failure::Machine(e.text()),
        _ => Failure::Usage(e.text()),
    })
}

fn instant(text: &str) -> Result<DateTime<Utc>, Failure> {
    text.parse().map_err(|_| Failure::Usage(words::bad_instant(text)))
}

fn unreadable(e: Unreadable) -> Failure {
    Failure::Machine(words::unreadable(e.path.display(), &e.why))
}

/// A reader that went away (`| head`) is no fault.
fn wrote(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::Machine(words::unreadable("stdout", &e)))
        }
        _ => Ok(()),
    }
}
