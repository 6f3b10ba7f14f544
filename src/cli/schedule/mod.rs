//! `office cron`, `office check`, `office plan`, and how a plan is printed (`station plan` prints the same).

mod check;
mod plan;

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;

pub use self::{
    check::{CheckArgs, Report, check, report},
    plan::{PlanArgs, SpanArgs, json, page, plan, print_plan},
};
use super::{Answer, Context, Exit, Failure};
use crate::{
    fault::{Faults, Place},
    schedule::crontab::{CronFault, CronLine},
    text::schedule as words,
};

/// Where loaxa is at home, when nothing says otherwise.
pub const HOME: Tz = Tz::Asia__Ho_Chi_Minh;

/// `office cron LINE`.
#[derive(Debug, clap::Args)]
pub struct CronArgs {
    /// The line.
    #[arg(value_name = "LINE", help = words::help_cron_line().here())]
    pub line: String,
    /// A name of the tz database.
    #[arg(long, value_name = "ZONE", help = words::help_cron_timezone().here())]
    pub timezone: Option<String>,
    /// The span.
    #[command(flatten)]
    pub span: SpanArgs,
}

/// Prints when a line fires, in its zone.
///
/// # Errors
/// A zone or time that cannot be read (wrong use), a line that is refused (1), a closed output.
pub fn cron(ctx: &Context, args: &CronArgs) -> Answer {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let answer = cron_to(ctx, args, &mut out)?;
    out.flush().map_err(output)?;
    Ok(answer)
}

/// [`cron`], to another output.
///
/// # Errors
/// As [`cron`].
pub fn cron_to(ctx: &Context, args: &CronArgs, out: &mut impl Write) -> Answer {
    let zone: Tz = match &args.timezone {
        None => HOME,
        Some(name) => name.parse().map_err(|_| Failure::Usage(words::unknown_zone(name)))?,
    };
    let (from, to) = args.span.read(ctx)?;
    let line = match CronLine::parse(&args.line) {
        Ok(line) => line,
        Err(fault) => return refused(ctx, &args.line, fault, out),
    };
    if ctx.json {
        cron_json(out, &line, zone, from, to).map_err(output)?;
    } else if cron_text(out, &line, zone, from, to).map_err(output)? == 0 {
        eprintln!("{}", words::no_fires().to(ctx.lang));
    }
    Ok(Exit::Yes)
}

fn cron_json(
    out: &mut impl Write,
    line: &CronLine,
    zone: Tz,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> io::Result<u64> {
    let mut count = 0;
    write!(out, "{{\"ok\":true,\"fires\":[")?;
    for at in line.fires(zone, from, to) {
        write!(out, "{}\"{}\"", if count > 0 { "," } else { "" }, rfc3339(zone, at))?;
        count += 1;
    }
    writeln!(out, "]}}")?;
    Ok(count)
}

fn cron_text(
    out: &mut impl Write,
    line: &CronLine,
    zone: Tz,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> io::Result<u64> {
    let mut count = 0;
    for at in line.fires(zone, from, to) {
        writeln!(out, "{}", rfc3339(zone, at))?;
        count += 1;
    }
    Ok(count)
}

fn refused(ctx: &Context, line: &str, fault: CronFault, out: &mut impl Write) -> Answer {
    if !ctx.json {
        let place = match fault.column {
            0 => Place::file("LINE"),
            column => Place { file: "LINE".to_owned(), line: 1, column },
        };
        return Err(Faults::one(place, fault.what, fault.remedy).into());
    }
    let answer = serde_json::json!({
        "ok": false,
        "line": line,
        "error": fault.what.to(ctx.lang),
        "hint": fault.remedy.to(ctx.lang),
        "column": fault.column,
    });
    writeln!(out, "{answer}").map_err(output)?;
    Ok(Exit::No)
}

/// RFC 3339 with the zone's offset, whole seconds.
fn rfc3339(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// To stdout.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(output)
}

fn output(e: io::Error) -> Failure {
    Failure::Machine(words::output_closed(&e))
}

impl SpanArgs {
    /// The span asked for; from now for 24 hours where nothing is said. Half-open.
    ///
    /// # Errors
    /// A time that is not RFC 3339, an end before the start (wrong use).
    pub fn read(&self, ctx: &Context) -> Result<(DateTime<Utc>, DateTime<Utc>), Failure> {
        let read = |text: &Option<String>| {
            let at = text.as_ref().map(|text| {
                let at = DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc));
                at.map_err(|_| Failure::Usage(words::not_a_time(text)))
            });
            at.transpose()
        };
        let from = read(&self.from)?.unwrap_or_else(|| ctx.clock.now().wall);
        let to = match read(&self.to)? {
            Some(to) => to,
            None => from.checked_add_signed(TimeDelta::hours(24)).unwrap_or(from),
        };
        if to < from {
            return Err(Failure::Usage(words::span_backwards()));
        }
        Ok((from, to))
    }
}
