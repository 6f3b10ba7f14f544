//! The periodic report: what `hub::report` counted, as a page to print, CSV and XLSX.

use askama::Template;
use axum::{
    body::Body,
    extract::{Query, State},
    http::HeaderMap,
};

use super::{
    CSV, XLSX,
    ask::{Asked, LONGEST, Period},
    figures, file, long_page,
    scope::{Choice, Scope},
};
use crate::{
    hub::{
        Fail, Hub, Reply,
        db::{inspect, micros},
        export::{self, Cell, Sheet, csv},
        pages::Frame,
        report::{self, Aired, Ended, Report, Rows},
        routes::{Route, get},
        rule::Rule,
        who::Person,
    },
    text::{Lang, Text, hub as say, hub_inspect as words},
};

const PATH: &str = "/inspect/report";
/// A map of days that is longer is told by its number.
const MOST_RUNS: usize = 12;

pub fn routes() -> Vec<Route> {
    vec![
        get(PATH, Rule::Anyone, page),
        get("/inspect/report.csv", Rule::Anyone, as_csv),
        get("/inspect/report.xlsx", Rule::Anyone, as_xlsx),
    ]
}

/// What was counted, and of what.
struct Counted {
    scope: Scope,
    area: String,
    period: Period,
    report: Report,
}

async fn counted(hub: &Hub, person: &Person, asked: &Asked) -> Result<Counted, Fail> {
    let scope = Scope::of(hub, person).await?;
    let area = scope.area(asked.area.as_deref())?.id.clone();
    let today = figures::today(hub.now());
    // Reports are of whole months: the one that goes on, until somebody says otherwise.
    let asked = match (&asked.from, &asked.to) {
        (None, None) => Asked { from: Some(figures::iso(asked.month(today)?.0)), ..asked.clone() },
        _ => asked.clone(),
    };
    let period = asked.period(today)?;
    if period.to - period.from >= LONGEST {
        return Err(Fail::Refused(words::long_period(LONGEST)));
    }
    // As it was: a merger changes no past figure.
    let cut = scope.cut(&area, false);
    let (from, to) = (period.from, period.to + 1);
    let stations = inspect::stations(&hub.db, scope.inside(&area).as_deref(), i64::MAX).await?;
    let rows = Rows {
        communes: scope.communes(&area),
        stations: stations.into_iter().map(|s| (s.id, s.commune)).collect(),
        planned: inspect::planned(&hub.db, &cut, from, to).await?,
        outcomes: inspect::outcomes(&hub.db, &cut, from, to).await?,
        airings: inspect::airings(&hub.db, &cut, from, to).await?,
    };
    let report = report::report(&rows);
    Ok(Counted { scope, area, period, report })
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    frame: Frame,
    areas: Vec<Choice>,
    from: String,
    to: String,
    csv: String,
    xlsx: String,
    office: String,
    period: Text,
    made: Text,
    sums: Vec<(Text, String)>,
    categories: Vec<CategoryRow>,
    languages: Vec<LanguageRow>,
    communes: Vec<CommuneRow>,
    total: Figures,
    reasons: Vec<(Text, String)>,
    silent: Vec<SilentRow>,
    definitions: Vec<Text>,
    heads: Vec<HeadRow>,
}

struct CategoryRow {
    name: Text,
    aired: AiredShown,
    reached: Text,
}

struct LanguageRow {
    name: Text,
    aired: AiredShown,
}

struct AiredShown {
    airings: String,
    minutes: String,
    confirmed: String,
    hotline: String,
}

struct CommuneRow {
    title: String,
    sum: Figures,
    stations: Vec<(String, Figures)>,
}

/// One line of the table by station.
struct Figures {
    planned: String,
    sent: String,
    part: String,
    missed: String,
    skipped: String,
    aired: AiredShown,
}

struct SilentRow {
    commune: String,
    station: String,
    days: Text,
    list: String,
}

struct HeadRow {
    station: String,
    log: String,
    seq: String,
    hash: String,
    receipt: String,
}

fn aired(aired: &Aired, lang: Lang) -> AiredShown {
    AiredShown {
        airings: figures::number(aired.airings, lang),
        minutes: figures::minutes(aired.frames, lang),
        confirmed: figures::minutes(aired.confirmed, lang),
        hotline: figures::number(aired.hotline, lang),
    }
}

fn line(ended: &Ended, of: &Aired, lang: Lang) -> Figures {
    let n = |n| figures::number(n, lang);
    Figures {
        planned: n(ended.planned),
        sent: n(ended.sent()),
        part: n(ended.part),
        missed: n(ended.missed),
        skipped: n(ended.skipped),
        aired: aired(of, lang),
    }
}

async fn page(
    State(hub): State<Hub>,
    lang: Lang,
    person: Person,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Reply {
    let counted = counted(&hub, &person, &asked).await?;
    let heads = inspect::heads(&hub.db, counted.scope.inside(&counted.area).as_deref()).await?;
    let Counted { scope, area, period, report } = &counted;
    let n = |n| figures::number(n, lang);
    let asked = Asked {
        from: Some(figures::iso(period.from)),
        to: Some(figures::iso(period.to)),
        area: Some(area.clone()),
        ..Asked::default()
    };
    let page = Page {
        areas: scope.choices(area, lang),
        from: figures::iso(period.from),
        to: figures::iso(period.to),
        csv: asked.at("/inspect/report.csv"),
        xlsx: asked.at("/inspect/report.xlsx"),
        office: scope.title(area, lang),
        period: words::report_period(figures::day(period.from), figures::day(period.to)),
        made: words::report_made(figures::time(micros(hub.now()))),
        sums: sums(report, lang),
        categories: categories(report, lang),
        languages: report
            .languages
            .iter()
            .map(|(tag, of)| LanguageRow { name: figures::language(tag), aired: aired(of, lang) })
            .collect(),
        communes: communes(report, scope, lang),
        total: line(&report.ended, &report.aired, lang),
        reasons: report
            .reasons
            .iter()
            .map(|((out, why), count)| (figures::ending(out, why), n(*count)))
            .collect(),
        silent: silent(report, scope, lang),
        definitions: definitions(),
        heads: heads
            .into_iter()
            .map(|head| HeadRow {
                station: head.station,
                log: hex::encode(head.id),
                seq: n(head.seq),
                hash: hex::encode(head.hash),
                receipt: if head.receipt_seq > 0 { n(head.receipt_seq) } else { "–".into() },
            })
            .collect(),
        frame: Frame::new(lang, Some(person), asked.at(PATH)),
    };
    long_page(&headers, page.render()?)
}

fn sums(report: &Report, lang: Lang) -> Vec<(Text, String)> {
    let n = |n| figures::number(n, lang);
    let part = |of: i64| match Report::share(of, report.ended.planned) {
        Some(share) => format!("{} ({}%)", n(of), figures::decimal(share, lang)),
        None => n(of),
    };
    vec![
        (
            words::communes_stations(),
            format!("{} / {}", n(report.commune_count() as i64), n(report.station_count() as i64)),
        ),
        (words::planned(), n(report.ended.planned)),
        (words::sent_count(), part(report.ended.sent())),
        (words::part_of_sent(), part(report.ended.part)),
        (words::missed(), part(report.ended.missed)),
        (words::skipped(), part(report.ended.skipped)),
        (words::unknown(), part(report.ended.unknown())),
        (words::airings(), n(report.aired.airings)),
        (words::minutes_sent(), figures::minutes(report.aired.frames, lang)),
        (words::minutes_confirmed(), figures::minutes(report.aired.confirmed, lang)),
        (words::hotline_mentions(), n(report.aired.hotline)),
    ]
}

fn categories(report: &Report, lang: Lang) -> Vec<CategoryRow> {
    let whole = report.commune_count() as i64;
    // The province's five in the order of its letter, then what newer stations may have brought.
    let order =
        |word: &str| crate::bulletin::Category::ALL.iter().position(|c| c.as_str() == word).unwrap_or(99);
    let mut all: Vec<_> = report.categories.iter().collect();
    all.sort_by_key(|(word, _)| order(word));
    let row = |(word, (of, reached)): (&String, &(Aired, std::collections::BTreeSet<String>))| {
        let part = reached.len() as i64;
        let share = Report::share(part, whole).unwrap_or(0);
        let told = |lang| figures::decimal(share, lang);
        CategoryRow {
            name: figures::category(word),
            aired: aired(of, lang),
            reached: words::reached_of(part, whole, Text { vi: told(Lang::Vi), en: told(Lang::En) }),
        }
    };
    all.into_iter().map(row).collect()
}

fn communes(report: &Report, scope: &Scope, lang: Lang) -> Vec<CommuneRow> {
    let row = |(commune, (ended, sum)): (&String, &(Ended, Aired))| {
        let stations = report.lines.get(commune).into_iter().flatten();
        CommuneRow {
            title: scope.title(commune, lang),
            sum: line(ended, sum, lang),
            stations: stations.map(|(id, of)| (id.clone(), line(&of.ended, &of.aired, lang))).collect(),
        }
    };
    let mut rows: Vec<_> = report.communes.iter().map(row).collect();
    rows.sort_by_key(|row| figures::order(&row.title));
    rows
}

fn silent(report: &Report, scope: &Scope, lang: Lang) -> Vec<SilentRow> {
    let mut rows = Vec::new();
    for (commune, lines) in &report.lines {
        for (station, of) in lines {
            let unheard = report.unheard.contains(station);
            if of.silent_days.is_empty() && !unheard {
                continue;
            }
            let n = |n: usize| figures::number(n as i64, lang);
            rows.push(SilentRow {
                commune: scope.title(commune, lang),
                station: station.clone(),
                days: match unheard {
                    true => words::unheard(),
                    false => words::silent_of(n(of.silent_days.len()), figures::number(of.owed_days, lang)),
                },
                list: runs(&of.silent_days),
            });
        }
    }
    rows.sort_by_key(|row| (figures::order(&row.commune), row.station.clone()));
    rows
}

/// `01/12–03/12, 07/12`.
fn runs(days: &[i64]) -> String {
    let short = |day: i64| figures::day(day)[..5].to_owned();
    let mut runs = Vec::<(i64, i64)>::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *day => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    let more = runs.len() > MOST_RUNS;
    runs.truncate(MOST_RUNS);
    let told = |(first, last): &(i64, i64)| match first == last {
        true => short(*first),
        false => format!("{}–{}", short(*first), short(*last)),
    };
    let all = runs.iter().map(told).collect::<Vec<_>>().join(", ");
    if more { format!("{all}, …") } else { all }
}

fn definitions() -> Vec<Text> {
    vec![
        words::define_planned(),
        words::define_sent(),
        words::define_missed(),
        words::define_airing(),
        words::define_minutes(),
        words::define_confirmed(),
        words::define_reached(),
        words::define_silent(),
        words::define_commune(),
    ]
}

fn header() -> Vec<Text> {
    vec![
        words::commune(),
        words::column_commune_id(),
        words::station(),
        words::planned(),
        words::sent_count(),
        words::whole(),
        words::part(),
        words::missed(),
        words::skipped(),
        words::airings(),
        words::minutes_sent(),
        words::minutes_confirmed(),
        words::hotline_mentions(),
        words::silent_days(),
    ]
}

/// A row a station; sums are the spreadsheet's own to make.
async fn table(hub: &Hub, person: &Person, asked: &Asked, lang: Lang) -> Result<Vec<Vec<Cell>>, Fail> {
    let Counted { scope, report, .. } = counted(hub, person, asked).await?;
    let mut rows = Vec::new();
    for (commune, lines) in &report.lines {
        for (station, of) in lines {
            let text = |text: &str| Cell::Text(text.to_owned());
            let ended = &of.ended;
            let counts = [ended.planned, ended.sent(), ended.whole, ended.part, ended.missed, ended.skipped];
            let mut cells = vec![Cell::Text(scope.title(commune, lang)), text(commune), text(station)];
            cells.extend(counts.map(Cell::Number));
            cells.push(Cell::Number(of.aired.airings));
            cells.push(Cell::Tenths(report::tenths(of.aired.frames)));
            cells.push(Cell::Tenths(report::tenths(of.aired.confirmed)));
            cells.push(Cell::Number(of.aired.hotline));
            cells.push(Cell::Number(of.silent_days.len() as i64));
            rows.push(cells);
        }
    }
    Ok(rows)
}

async fn as_csv(State(hub): State<Hub>, lang: Lang, person: Person, Query(asked): Query<Asked>) -> Reply {
    let rows = table(&hub, &person, &asked, lang).await?;
    let mut out = format!("\u{feff}{}", csv::header(&header(), lang));
    out.extend(rows.iter().map(|row| csv::row(row)));
    file("loaxa-bao-cao.csv", CSV, out)
}

async fn as_xlsx(State(hub): State<Hub>, lang: Lang, person: Person, Query(asked): Query<Asked>) -> Reply {
    let rows = table(&hub, &person, &asked, lang).await?;
    let _turn = export::turn().await?;
    let mut sheet = Sheet::new(words::nav_report().to(lang), &header(), lang)?;
    for row in &rows {
        sheet.row(row)?;
    }
    file("loaxa-bao-cao.xlsx", XLSX, Body::from(sheet.finish()?))
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn silent_days_are_told_as_runs() {
        assert_eq!(runs(&[20_788, 20_789, 20_790, 20_794]), "01/12–03/12, 07/12");
        assert_eq!(runs(&[]), "");
    }
}
