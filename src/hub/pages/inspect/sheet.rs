//! The day sheet that hangs beside the amplifier: what is planned, with blanks for what was heard.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse},
};

use super::{ask, figures, plan, scope::Scope};
use crate::{
    asrun::words::ZONE,
    bulletin::Kind,
    hub::{
        Fail, Hub, Reply,
        pages::Frame,
        routes::{Route, get},
        rule::Rule,
        who::Person,
    },
    schedule::occurrence::{Planned, Will},
    text::{Lang, Text, hub as say, hub_inspect as words, plain},
};

pub fn routes() -> Vec<Route> {
    vec![get("/inspect/sheet/{station}/{day}", Rule::Anyone, page)]
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct Page {
    frame: Frame,
    title: Text,
    of: Text,
    path: String,
    before: String,
    after: String,
    none: Option<Text>,
    rows: Vec<Row>,
}

struct Row {
    time: String,
    slot: String,
    items: Vec<String>,
    length: String,
    skips: Option<Text>,
}

async fn page(
    State(hub): State<Hub>,
    lang: Lang,
    person: Person,
    Path((station, date)): Path<(String, String)>,
) -> Reply {
    let scope = Scope::of(&hub, &person).await?;
    let station = scope.station(&hub, &station).await?;
    let day = ask::day(&date).map_err(|_| Fail::NotFound)?;
    let (rows, none) = match plan::of_day(&hub, &station.id, day, lang).await? {
        Ok((planned, _)) if planned.is_empty() => (Vec::new(), Some(words::sheet_nothing())),
        Ok((planned, titles)) => (planned.iter().map(|p| row(p, &titles, lang)).collect(), None),
        Err(why) => (Vec::new(), Some(words::sheet_no_plan(why))),
    };
    let path = |day: i64| format!("/inspect/sheet/{}/{}", station.id, figures::iso(day));
    let page = Page {
        frame: Frame::new(lang, Some(person), path(day)),
        title: Text::join(
            [&words::sheet_title(), &figures::weekday(day), &Text::same(figures::day(day))],
            " · ",
        ),
        of: words::sheet_of(&station.id, &station.place),
        path: scope.tree.path(&station.commune),
        before: path(day - 1),
        after: path(day + 1),
        none,
        rows,
    };
    Ok(Html(page.render()?).into_response())
}

fn row(planned: &Planned, titles: &plan::Titles, lang: Lang) -> Row {
    let key = (planned.of.area.to_string(), planned.of.slot.to_string());
    let spoken = planned.items.iter().filter(|item| item.meta.kind == Kind::Bulletin);
    Row {
        time: planned.of.due.with_timezone(&ZONE).format("%H:%M").to_string(),
        slot: titles.get(&key).map_or(key.1, |title| plain(title)),
        items: spoken.map(|item| plain(item.meta.title.to(lang))).collect(),
        length: figures::clock_length(i64::try_from(planned.frames().0).unwrap_or(0)),
        skips: match &planned.will {
            Will::Skip(why) => Some(words::sheet_skips(why)),
            Will::Play | Will::Collide(_) => None,
        },
    }
}
