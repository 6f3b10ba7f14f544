//! Search: outcomes by area, station, period and what was sent, a hundred a page; the same as CSV and XLSX.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{Query, State},
    response::{Html, IntoResponse},
};
use tokio::sync::mpsc;

use super::{
    CSV, XLSX,
    ask::{self, Asked},
    figures, file,
    scope::{Choice, Scope},
};
use crate::{
    bulletin::{Category, RATE},
    hub::{
        Fail, Hub, Reply,
        db::{
            Db,
            inspect::{self, Found, Search, Sent, Station},
        },
        export::{Cell, Sheet, csv},
        pages::Frame,
        routes::{Route, get},
        rule::Rule,
        who::Person,
    },
    text::{Lang, Text, bulletin, hub as say, hub_inspect as words, plain},
};

const PATH: &str = "/inspect";
/// Rows of a page.
const PAGE: i64 = 100;
/// Rows that are read at once for a file.
const PIECE: i64 = 1000;
/// Rows of a spreadsheet file, which is made whole in memory.
const MOST_ROWS: i64 = 100_000;
/// Stations that a form lists by name; where there are more, their id is typed.
const MOST_STATIONS: i64 = 500;

pub fn routes() -> Vec<Route> {
    vec![
        get(PATH, Rule::Anyone, page),
        get("/inspect/search.csv", Rule::Anyone, as_csv),
        get("/inspect/search.xlsx", Rule::Anyone, as_xlsx),
    ]
}

#[derive(Template)]
#[template(path = "search.html")]
struct Page {
    frame: Frame,
    asked: Asked,
    areas: Vec<Choice>,
    stations: Vec<Station>,
    categories: Vec<Choice>,
    languages: Vec<Choice>,
    endings: Vec<Choice>,
    from: String,
    to: String,
    rows: Vec<Row>,
    told: Text,
    more: Option<String>,
    first: Option<String>,
    csv: String,
    xlsx: String,
    filtered: bool,
}

struct Row {
    time: String,
    station: String,
    commune: String,
    day: String,
    slot: String,
    mark: &'static str,
    ending: Text,
    runs: Option<Text>,
    sent: Vec<Item>,
    length: String,
    record: String,
    record_no: Text,
}

struct Item {
    title: String,
    about: Text,
    link: String,
}

async fn page(State(hub): State<Hub>, lang: Lang, person: Person, Query(asked): Query<Asked>) -> Reply {
    let scope = Scope::of(&hub, &person).await?;
    let area = scope.area(asked.area.as_deref())?.id.clone();
    let today = figures::today(hub.now());
    let period = asked.period(today)?;
    let search = asked.search(scope.cut(&area, asked.now()), period)?;
    let mut found = inspect::search(&hub.db, &search, PAGE + 1).await?;
    let further = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let sent = sent_in(&hub.db, &found).await?;
    let more = found
        .last()
        .filter(|_| further)
        .map(|last| Asked { after: Some(ask::written(&last.key())), ..asked.clone() }.at(PATH));
    let start = Asked { after: None, ..asked.clone() };
    let page = Page {
        areas: scope.choices(&area, lang),
        stations: inspect::stations(&hub.db, scope.inside(&scope.top).as_deref(), MOST_STATIONS).await?,
        categories: categories(asked.category.as_deref(), lang),
        languages: languages(asked.language.as_deref(), lang),
        endings: ask::endings(asked.outcome.as_deref(), lang),
        from: figures::iso(period.from),
        to: figures::iso(period.to),
        rows: found.iter().map(|f| row(f, &scope, &sent, &start, lang)).collect(),
        told: words::found(figures::day(period.from), figures::day(period.to)),
        more,
        first: asked.after.as_ref().map(|_| start.at(PATH)),
        csv: start.at("/inspect/search.csv"),
        xlsx: start.at("/inspect/search.xlsx"),
        filtered: asked.station.is_some()
            || asked.category.is_some()
            || asked.language.is_some()
            || asked.bulletin.is_some()
            || asked.by.is_some(),
        frame: Frame::new(lang, Some(person), asked.at(PATH)),
        asked,
    };
    Ok(Html(page.render()?).into_response())
}

type SentIn = BTreeMap<(Vec<u8>, i64), Vec<Sent>>;

async fn sent_in(db: &Db, found: &[Found]) -> Result<SentIn, Fail> {
    let keys: Vec<_> = found.iter().map(|f| (f.log.as_slice(), f.seq)).collect();
    let mut sent = SentIn::new();
    for item in inspect::sent(db, &keys).await? {
        sent.entry((item.log.clone(), item.seq)).or_default().push(item);
    }
    Ok(sent)
}

fn row(found: &Found, scope: &Scope, sent: &SentIn, asked: &Asked, lang: Lang) -> Row {
    let items = sent.get(&(found.log.clone(), found.seq)).map(Vec::as_slice).unwrap_or_default();
    // The day that the record lies in, by its due instant.
    let day = figures::today(crate::hub::db::instant(found.ts));
    Row {
        time: figures::time(found.ts),
        station: found.station.clone(),
        commune: scope.title(&found.commune, lang),
        day: format!("/inspect/day/{}/{}", found.station, figures::iso(day)),
        slot: found.slot.clone(),
        mark: figures::mark(&found.outcome),
        ending: figures::ending(&found.outcome, &found.why),
        runs: (found.count > 1).then(|| words::runs(figures::number(found.count, lang))),
        sent: items.iter().filter(|i| !i.category.is_empty()).map(|i| item(i, asked)).collect(),
        length: if found.frames > 0 { figures::clock_length(found.frames) } else { String::new() },
        record: record_path(&found.log, found.seq),
        record_no: words::record_no(found.seq),
    }
}

fn item(sent: &Sent, asked: &Asked) -> Item {
    let only = Asked { bulletin: Some(sent.bulletin.clone()), ..asked.clone() };
    Item {
        title: plain(&sent.title),
        about: Text::join([&figures::category(&sent.category), &figures::language(&sent.language)], ", "),
        link: only.at(PATH),
    }
}

/// Where a record and its proof are shown.
pub fn record_path(log: &[u8], seq: i64) -> String {
    format!("/inspect/record/{}/{seq}", hex::encode(log))
}

fn categories(chosen: Option<&str>, lang: Lang) -> Vec<Choice> {
    let choice = |category: Category| Choice {
        value: category.as_str().to_owned(),
        title: bulletin::category(category).to(lang).to_owned(),
        chosen: chosen == Some(category.as_str()),
    };
    Category::ALL.map(choice).into()
}

/// The languages of the seed's province; another one may be typed into the URL.
fn languages(chosen: Option<&str>, lang: Lang) -> Vec<Choice> {
    let known = ["vi", "nut", "tyz", "mlc", "yue", "ium"];
    let other = chosen.filter(|tag| !known.contains(tag));
    let choice = |tag: &str| Choice {
        value: tag.to_owned(),
        title: figures::language(tag).to(lang).to_owned(),
        chosen: chosen == Some(tag),
    };
    known.into_iter().chain(other).map(choice).collect()
}

fn header() -> Vec<Text> {
    vec![
        words::due(),
        words::commune(),
        words::column_commune_id(),
        words::station(),
        words::column_area(),
        words::slot(),
        words::outcome(),
        words::reason(),
        words::times(),
        words::column_seconds(),
        words::column_bulletins(),
        words::column_titles(),
        words::column_categories(),
        words::column_languages(),
        words::fact_log(),
        words::column_seq(),
    ]
}

fn cells(found: &Found, scope: &Scope, sent: &SentIn, lang: Lang) -> Vec<Cell> {
    let items = sent.get(&(found.log.clone(), found.seq)).map(Vec::as_slice).unwrap_or_default();
    let spoken: Vec<&Sent> = items.iter().filter(|i| !i.category.is_empty()).collect();
    let join = |of: &dyn Fn(&Sent) -> String, by: &str| {
        Cell::Text(spoken.iter().map(|i| of(i)).collect::<Vec<_>>().join(by))
    };
    vec![
        Cell::Time(found.ts),
        Cell::Text(scope.title(&found.commune, lang)),
        Cell::Text(found.commune.clone()),
        Cell::Text(found.station.clone()),
        Cell::Text(found.area.clone()),
        Cell::Text(found.slot.clone()),
        Cell::Text(figures::outcome(&found.outcome).to(lang).to_owned()),
        Cell::Text(if found.why.is_empty() {
            String::new()
        } else {
            figures::why(&found.why).to(lang).to_owned()
        }),
        Cell::Number(found.count),
        Cell::Number(found.frames / i64::from(RATE)),
        join(&|i| i.bulletin.clone(), " "),
        join(&|i| plain(&i.title), "; "),
        join(&|i| figures::category(&i.category).to(lang).to_owned(), "; "),
        join(&|i| figures::language(&i.language).to(lang).to_owned(), "; "),
        Cell::Text(hex::encode(&found.log)),
        Cell::Number(found.seq),
    ]
}

/// All that was found, piece by piece.
struct Reader {
    hub: Hub,
    scope: Scope,
    search: Search,
    lang: Lang,
    ended: bool,
}

impl Reader {
    async fn new(hub: Hub, lang: Lang, person: &Person, asked: &Asked) -> Result<Self, Fail> {
        let scope = Scope::of(&hub, person).await?;
        let area = scope.area(asked.area.as_deref())?.id.clone();
        let period = asked.period(figures::today(hub.now()))?;
        let search = Asked { after: None, ..asked.clone() }.search(scope.cut(&area, asked.now()), period)?;
        Ok(Self { hub, scope, search, lang, ended: false })
    }

    /// The next rows; empty at the end.
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, Fail> {
        if self.ended {
            return Ok(Vec::new());
        }
        let found = inspect::search(&self.hub.db, &self.search, PIECE).await?;
        let sent = sent_in(&self.hub.db, &found).await?;
        self.ended = (found.len() as i64) < PIECE;
        self.search.after = found.last().map(Found::key).or(self.search.after.take());
        Ok(found.iter().map(|f| cells(f, &self.scope, &sent, self.lang)).collect())
    }
}

async fn as_csv(State(hub): State<Hub>, lang: Lang, person: Person, Query(asked): Query<Asked>) -> Reply {
    let mut reader = Reader::new(hub, lang, &person, &asked).await?;
    let mut head = String::from("\u{feff}");
    head.push_str(&csv::header(&header(), lang));
    // What cannot be read any more ends the connection early: a file that looks whole is whole.
    let (out, into) = mpsc::channel::<Result<Bytes, std::io::Error>>(2);
    tokio::spawn(async move {
        let mut piece = head;
        loop {
            if out.send(Ok(Bytes::from(piece))).await.is_err() {
                return;
            }
            match reader.next().await {
                Ok(rows) if rows.is_empty() => return,
                Ok(rows) => piece = rows.iter().map(|row| csv::row(row)).collect(),
                Err(fail) => {
                    tracing::error!(?fail, "a CSV file was cut off");
                    out.send(Err(std::io::Error::other("cut off"))).await.ok();
                    return;
                }
            }
        }
    });
    file("loaxa-tra-cuu.csv", CSV, super::bundle::stream(into))
}

async fn as_xlsx(State(hub): State<Hub>, lang: Lang, person: Person, Query(asked): Query<Asked>) -> Reply {
    let mut reader = Reader::new(hub, lang, &person, &asked).await?;
    let most = MOST_ROWS;
    if inspect::count(&reader.hub.db, &reader.search, most + 1).await? > most {
        return Err(Fail::Refused(words::too_many_rows(Text {
            vi: figures::number(most, Lang::Vi),
            en: figures::number(most, Lang::En),
        })));
    }
    let _turn = crate::hub::export::turn().await?;
    let mut sheet = Sheet::new(words::nav_search().to(lang), &header(), lang)?;
    // What came in since it was counted is left out.
    while (sheet.rows() as i64) < most {
        let rows = reader.next().await?;
        if rows.is_empty() {
            break;
        }
        for row in rows.iter().take(usize::try_from(most).unwrap_or_default() - sheet.rows()) {
            sheet.row(row)?;
        }
    }
    file("loaxa-tra-cuu.xlsx", XLSX, Body::from(sheet.finish()?))
}
