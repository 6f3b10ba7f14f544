//! The month grid: communes by days, sent of planned in each cell; the same as CSV and XLSX.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    body::Body,
    extract::{Path, Query, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect},
};

use super::{
    CSV, XLSX,
    ask::{self, Asked},
    figures, file, long_page,
    scope::{Choice, Scope},
};
use crate::{
    hub::{
        Fail, Hub, Reply,
        db::inspect,
        export::{self, Cell, Sheet, csv},
        pages::Frame,
        report::Ended,
        routes::{Route, get},
        rule::Rule,
        who::Person,
    },
    text::{Lang, Text, hub as say, hub_inspect as words},
};

const PATH: &str = "/inspect/grid";

pub fn routes() -> Vec<Route> {
    vec![
        get(PATH, Rule::Anyone, page),
        get("/inspect/d/{commune}/{day}", Rule::Anyone, cell),
        get("/inspect/grid.csv", Rule::Anyone, as_csv),
        get("/inspect/grid.xlsx", Rule::Anyone, as_xlsx),
    ]
}

/// The figures of a month.
struct Grid {
    first: i64,
    end: i64,
    /// By commune id, then day.
    rows: BTreeMap<String, BTreeMap<i64, Ended>>,
}

async fn grid(hub: &Hub, scope: &Scope, asked: &Asked) -> Result<(String, Grid), Fail> {
    let area = scope.area(asked.area.as_deref())?.id.clone();
    let (first, end) = asked.month(figures::today(hub.now()))?;
    let cells = inspect::grid(&hub.db, &scope.cut(&area, asked.now()), first, end).await?;
    let mut rows: BTreeMap<String, BTreeMap<i64, Ended>> =
        scope.communes(&area).into_iter().map(|commune| (commune, BTreeMap::new())).collect();
    let mut planned = BTreeMap::new();
    for cell in cells {
        let day = rows.entry(cell.commune.clone()).or_default().entry(cell.day).or_default();
        if cell.what == "planned" {
            planned.insert((cell.commune, cell.day), cell.count);
        } else {
            day.count(&cell.what, cell.count);
        }
    }
    for (commune, days) in &mut rows {
        for (day, ended) in days {
            ended.owed(planned.get(&(commune.clone(), *day)).copied().unwrap_or_default());
        }
    }
    Ok((area, Grid { first, end, rows }))
}

#[derive(Template)]
#[template(path = "grid.html")]
struct Page {
    frame: Frame,
    asked: Asked,
    areas: Vec<Choice>,
    title: Text,
    month: String,
    before: String,
    after: String,
    csv: String,
    xlsx: String,
    days: Vec<(i64, Text)>,
    rows: Vec<Row>,
    totals: Vec<Shown>,
    total: Shown,
}

struct Row {
    title: String,
    link: String,
    cells: Vec<Shown>,
    total: Shown,
}

/// A cell: its class is its shape and colour, its text says the same.
struct Shown {
    class: &'static str,
    text: String,
    link: String,
}

impl Shown {
    fn new(ended: &Ended, link: String) -> Self {
        let class = match (ended.planned, ended.sent()) {
            (0, _) => "",
            (_, 0) if ended.skipped == ended.planned => "o",
            (_, 0) => "x",
            (planned, _) if ended.whole == planned => "w",
            _ => "p",
        };
        let text =
            if class.is_empty() { String::new() } else { format!("{}/{}", ended.sent(), ended.planned) };
        Self { class, text, link }
    }
}

async fn page(
    State(hub): State<Hub>,
    lang: Lang,
    person: Person,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Reply {
    let scope = Scope::of(&hub, &person).await?;
    let (area, grid) = grid(&hub, &scope, &asked).await?;
    let days: Vec<i64> = (grid.first..grid.end).collect();
    let mut totals = vec![Ended::default(); days.len()];
    let mut total = Ended::default();
    let mut rows = Vec::new();
    for (commune, by_day) in &grid.rows {
        let mut sum = Ended::default();
        let mut cells = Vec::new();
        for (day, total) in days.iter().zip(&mut totals) {
            let ended = by_day.get(day).copied().unwrap_or_default();
            sum.add(&ended);
            total.add(&ended);
            cells.push(Shown::new(&ended, format!("d/{commune}/{day}")));
        }
        total.add(&sum);
        rows.push(Row {
            title: scope.title(commune, lang),
            link: month_of(commune, &grid, &asked),
            cells,
            total: Shown::new(&sum, String::new()),
        });
    }
    rows.sort_by_key(|row| figures::order(&row.title));
    let month = |day: i64| figures::iso(day)[..7].to_owned();
    let other = |day: i64| Asked { month: Some(month(day)), ..asked.clone() }.at(PATH);
    let page = Page {
        areas: scope.choices(&area, lang),
        title: words::grid_title(figures::month(grid.first), scope.title(&area, lang)),
        month: month(grid.first),
        before: other(ask::previous_month(grid.first)),
        after: other(grid.end),
        csv: asked.at("/inspect/grid.csv"),
        xlsx: asked.at("/inspect/grid.xlsx"),
        days: days.iter().map(|day| (day - grid.first + 1, figures::weekday(*day))).collect(),
        totals: totals.iter().map(|ended| Shown::new(ended, String::new())).collect(),
        total: Shown::new(&total, String::new()),
        rows,
        frame: Frame::new(lang, Some(person), asked.at(PATH)),
        asked,
    };
    long_page(&headers, page.render()?)
}

fn month_of(commune: &str, grid: &Grid, asked: &Asked) -> String {
    let asked = Asked {
        area: Some(commune.to_owned()),
        from: Some(figures::iso(grid.first)),
        to: Some(figures::iso(grid.end - 1)),
        by: asked.by.clone(),
        ..Asked::default()
    };
    asked.at("/inspect")
}

/// Where a cell leads: short in the grid, since a province's has thousands of them.
async fn cell(Path((commune, day)): Path<(String, i64)>) -> Reply {
    if !crate::ids::is_slug(&commune) || !(0..47_482).contains(&day) {
        return Err(Fail::NotFound);
    }
    let day = figures::iso(day);
    let asked = Asked { area: Some(commune), from: Some(day.clone()), to: Some(day), ..Asked::default() };
    Ok(Redirect::to(&asked.at("/inspect")).into_response())
}

fn header() -> Vec<Text> {
    vec![
        words::commune(),
        words::column_commune_id(),
        words::day(),
        words::planned(),
        words::sent_count(),
        words::whole(),
        words::part(),
        words::missed(),
        words::skipped(),
    ]
}

async fn table(hub: &Hub, person: &Person, asked: &Asked, lang: Lang) -> Result<Vec<Vec<Cell>>, Fail> {
    let scope = Scope::of(hub, person).await?;
    let (_, grid) = grid(hub, &scope, asked).await?;
    let row = |commune: &String, day: &i64, ended: &Ended| {
        let counts = [ended.planned, ended.sent(), ended.whole, ended.part, ended.missed, ended.skipped];
        let mut cells =
            vec![Cell::Text(scope.title(commune, lang)), Cell::Text(commune.clone()), Cell::Day(*day)];
        cells.extend(counts.map(Cell::Number));
        cells
    };
    let rows = grid.rows.iter().flat_map(|(commune, days)| days.iter().map(move |(d, e)| (commune, d, e)));
    Ok(rows.map(|(commune, day, ended)| row(commune, day, ended)).collect())
}

async fn as_csv(State(hub): State<Hub>, lang: Lang, person: Person, Query(asked): Query<Asked>) -> Reply {
    let rows = table(&hub, &person, &asked, lang).await?;
    let mut out = format!("\u{feff}{}", csv::header(&header(), lang));
    out.extend(rows.iter().map(|row| csv::row(row)));
    file("loaxa-bang-thang.csv", CSV, out)
}

async fn as_xlsx(State(hub): State<Hub>, lang: Lang, person: Person, Query(asked): Query<Asked>) -> Reply {
    let rows = table(&hub, &person, &asked, lang).await?;
    let _turn = export::turn().await?;
    let mut sheet = Sheet::new(words::nav_grid().to(lang), &header(), lang)?;
    for row in &rows {
        sheet.row(row)?;
    }
    file("loaxa-bang-thang.xlsx", XLSX, Body::from(sheet.finish()?))
}
