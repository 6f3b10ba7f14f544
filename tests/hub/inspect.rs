//! What an inspector finds, and what others do not.

use loaxa::digest::Digest;

use crate::{
    seed::{self, DAYS, EVIL, STATIONS, Story, first_day, sent},
    world::{Browser, Hub},
};

const MONTH: &str = "from=2026-11-01&to=2026-11-30";

/// A hub with the story in it.
pub async fn told() -> (Hub, Story) {
    let hub = Hub::start();
    let story = seed::fill(&hub.data()).await;
    (hub, story)
}

pub async fn page(browser: &Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    let status = answer.status();
    let page = answer.text().await.unwrap();
    assert_eq!(status, 200, "{path}: {}", visible(&page));
    page
}

/// What a person reads of a page, a line a piece.
pub fn visible(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page.split_once("<body>").map_or(page, |(_, body)| body);
    while let Some((text, tag)) = rest.split_once('<') {
        out.push_str(text);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        let inline = ["a", "/a", "small", "/small", "strong", "/strong", "span", "/span", "em", "/em"];
        if !inline.contains(&tag.split(' ').next().unwrap_or_default()) {
            out.push('\n');
        }
        rest = after;
    }
    out.push_str(rest);
    let plain = out.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
    let plain = plain.replace("&#38;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let lines = plain.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The rows of a table in the page, cell by cell.
fn rows(page: &str) -> Vec<String> {
    let body = page.split_once("<tbody>").and_then(|(_, b)| b.split_once("</tbody>")).map_or("", |(b, _)| b);
    body.split("</tr>").map(visible).filter(|r| !r.is_empty()).collect()
}

/// All rows of a search, page by page.
async fn found(browser: &Browser, query: &str) -> Vec<String> {
    let mut path = format!("/inspect?{query}");
    let mut all = Vec::new();
    loop {
        let html = page(browser, &path).await;
        let some = rows(&html);
        assert!(some.len() <= 100);
        all.extend(some);
        let Some((_, next)) = html.split_once("rel=\"next\" href=\"") else { return all };
        path = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    }
}

#[tokio::test]
async fn a_search_finds_what_was_put_in_and_no_row_twice() {
    let (hub, story) = told().await;
    let admin = hub.as_login("admin").await;
    let all = found(&admin, MONTH).await;
    assert_eq!(all.len() as i64, story.count(|_| true), "several pages");
    assert!(all.len() > 100);
    let unique: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!(unique.len(), all.len());
    let by = |query: &str| format!("{MONTH}&{query}");
    for (query, count) in [
        ("area=yen-the", story.count(|t| t.commune != "nghia-phuong")),
        ("area=dong-ky", story.count(|t| t.commune == "dong-ky")),
        ("area=dong-ky&by=now", story.count(|t| t.commune == "dong-ky")),
        ("area=tam-di", 0),
        ("station=xuan-luong-2", story.count(|t| t.station == "xuan-luong-2")),
        ("outcome=missed", story.count(|t| t.outcome == "missed")),
        (
            "outcome=partial:hold&area=yen-the",
            story.count(|t| t.why == "hold" && t.commune != "nghia-phuong"),
        ),
        ("outcome=partial:device", 0),
        ("category=law", story.count(|t| t.sent.iter().any(|s| s.0 == 1))),
        ("category=law&outcome=preempted", story.count(|t| t.outcome == "preempted")),
        ("category=tricks&outcome=partial:hold", story.count(|t| t.why == "hold")),
        (
            "language=tyz&area=yen-the",
            story.count(|t| t.commune != "nghia-phuong" && t.sent.iter().any(|s| s.0 == 2)),
        ),
        ("bulletin=ho-tro-tay", story.count(|t| t.sent.iter().any(|s| s.0 == 2))),
        (
            "bulletin=thu-doan-1&area=nghia-phuong&by=now",
            story.count(|t| t.commune == "nghia-phuong" && t.sent.iter().any(|s| s.0 == 0)),
        ),
        ("language=vi", story.count(|t| t.sent.iter().any(|s| s.0 < 2))),
    ] {
        assert_eq!(found(&admin, &by(query)).await.len() as i64, count, "{query}");
    }
    let day = found(&admin, "from=2026-11-03&to=2026-11-03").await;
    assert_eq!(day.len() as i64, story.count(|t| t.day == first_day() + 2), "a day is Vietnam's");
}

#[tokio::test]
async fn a_wrong_question_is_answered_in_words() {
    let (hub, _) = told().await;
    let admin = hub.as_login("admin").await.english();
    for (query, says) in [
        ("from=2026-02-30", "is no day"),
        ("from=2026-12-02&to=2026-12-01", "before the first"),
        ("outcome=exploded", "there is no `exploded`"),
        ("category=x", "Category"),
        ("language=%3Cb%3E", "Language"),
        ("station=..%2Fx", "Station"),
    ] {
        let answer = admin.get(&format!("/inspect?{query}")).await;
        assert_eq!(answer.status(), 422, "{query}");
        let page = answer.text().await.unwrap();
        assert!(visible(&page).contains(says), "{query}: {}", visible(&page));
    }
    assert_eq!(admin.get("/inspect?area=nowhere").await.status(), 404);
    assert_eq!(admin.get("/inspect?after=1.zz.3").await.status(), 404);
    assert_eq!(admin.get("/inspect/grid?month=2026-13").await.status(), 422);
}

#[tokio::test]
async fn another_communes_operator_sees_nothing_of_it() {
    let (hub, story) = told().await;
    hub.account("dong-ky", "operator", "dong-ky", None);
    let operator = hub.as_login("dong-ky").await;
    let all = found(&operator, MONTH).await;
    assert_eq!(all.len() as i64, story.count(|t| t.commune == "dong-ky"));
    let log = seed::key("xuan-luong-1").id();
    for path in [
        "/inspect?area=xuan-luong".to_owned(),
        "/inspect?area=bac-ninh".into(),
        "/inspect/grid?area=yen-the".into(),
        "/inspect/report?area=xuan-luong".into(),
        "/inspect/search.csv?area=xuan-luong".into(),
        "/inspect/bundle.tar?area=xuan-luong".into(),
        "/inspect/day/xuan-luong-1/2026-11-03".into(),
        "/inspect/sheet/xuan-luong-1/2026-11-03".into(),
        format!("/inspect/record/{log}/3"),
        format!("/inspect/record/{log}/3/record.json"),
        format!("/inspect/record/{log}/3/public.pem"),
    ] {
        assert_eq!(operator.get(&path).await.status(), 404, "{path}");
    }
    for path in ["/inspect", "/inspect/grid", "/inspect/report", "/inspect/bundle"] {
        let text = page(&operator, &format!("{path}?month=2026-11&{MONTH}")).await;
        assert!(!text.contains("xuan-luong") && !text.contains("Xuân Lương"), "{path}");
    }
    // Its own filters find nothing of others either.
    assert!(found(&operator, &format!("{MONTH}&station=xuan-luong-1")).await.is_empty());
    let csv = page(&operator, &format!("/inspect/search.csv?{MONTH}")).await;
    assert!(!csv.contains("xuan-luong"));
    let bundle = operator.get(&format!("/inspect/bundle.tar?{MONTH}&station=xuan-luong-1")).await;
    assert_eq!(bundle.status(), 422, "nothing to pack");
    let stranger = hub.browser().get("/inspect").await;
    assert_eq!(stranger.status(), 303, "to the login page");
}

#[tokio::test]
async fn the_grid_counts_as_the_raw_records_do() {
    let (hub, story) = told().await;
    let admin = hub.as_login("admin").await;
    let grid = page(&admin, "/inspect/grid?month=2026-11").await;
    for commune in ["xuan-luong", "dong-ky", "nghia-phuong"] {
        for day in first_day()..first_day() + DAYS {
            let here = |t: &seed::Truth| t.commune == commune && t.day == day;
            let owed: i64 = STATIONS
                .iter()
                .filter(|(_, c)| *c == commune)
                .map(|(s, _)| story.planned[&(*s, day)].max(story.count(|t| here(t) && t.station == *s)))
                .sum();
            let cell =
                format!("<a href=d/{commune}/{day}>{}/{owed}</a>", story.count(|t| here(t) && sent(t)));
            assert!(grid.contains(&cell), "{cell}");
        }
    }
    assert!(visible(&grid).contains("Xã Tam Dị"), "a commune without a station stands there too");
    let all = format!("{}/{}", story.count(sent), story.planned.values().sum::<i64>());
    assert!(grid.contains(&format!("sum\">{all}</td>")), "{all}");
    let cell = admin.get(&format!("/inspect/d/dong-ky/{}", first_day() + 2)).await;
    assert_eq!(cell.headers()["location"], "/inspect?area=dong-ky&from=2026-11-03&to=2026-11-03");
}

#[tokio::test]
async fn a_day_shows_every_record_in_words_and_a_drawing_without_styles() {
    let (hub, story) = told().await;
    let admin = hub.as_login("admin").await.english();
    let day = page(&admin, "/inspect/day/nghia-phuong-1/2026-11-02").await;
    let due = story.count(|t| t.station == "nghia-phuong-1" && t.day == first_day() + 1);
    assert_eq!(day.matches("class=\"planned\"").count() as i64, due);
    assert!(!day.contains("style="), "the policy forbids it");
    assert!(!day.contains("<script"), "not needed");
    let text = visible(&day);
    assert!(text.contains("ban-tin-sang (yen-the) of 02/11/2026 06:00:00"), "{text}");
    let silent = page(&admin, "/inspect/day/nghia-phuong-1/2026-11-06").await;
    assert!(visible(&silent).contains("The hub holds no record"));
    assert_eq!(admin.get("/inspect/day/nowhere/2026-11-06").await.status(), 404);
    assert_eq!(admin.get("/inspect/day/dong-ky-1/yesterday").await.status(), 404);
}

#[tokio::test]
async fn a_record_proves_itself_and_a_changed_one_does_not() {
    let (hub, _) = told().await;
    let admin = hub.as_login("admin").await.english();
    let log = seed::key("dong-ky-1").id();
    let path = format!("/inspect/record/{log}/4");
    let text = visible(&page(&admin, &path).await);
    assert_eq!(text.matches("Holds: ").count(), 5, "{text}");
    assert!(!text.contains("DOES NOT HOLD"), "{text}");
    let line = admin.get(&format!("{path}/record.json")).await;
    assert_eq!(line.headers()["content-disposition"], "attachment; filename=\"record.json\"");
    let line = line.bytes().await.unwrap();
    assert!(text.contains(&Digest::of(&line).to_string()));
    let key = page(&admin, &format!("{path}/public.pem")).await;
    assert!(key.starts_with("-----BEGIN PUBLIC KEY-----"));

    let db = seed::open(&hub.data()).await;
    let forged = String::from_utf8(line.to_vec()).unwrap().replacen("ban-tin", "ban-tim", 1);
    seed::run(&db, "UPDATE record SET line = $1 WHERE log = $2 AND seq = 4", &[forged.as_bytes(), &log.0])
        .await;
    let text = visible(&page(&admin, &path).await);
    assert_eq!(text.matches("DOES NOT HOLD: ").count(), 2, "signature, and the next line: {text}");
    assert_eq!(admin.get(&format!("/inspect/record/{log}/99999")).await.status(), 404);
    assert_eq!(admin.get("/inspect/record/xyz/1").await.status(), 404);
}

#[tokio::test]
async fn a_commune_that_merged_keeps_its_past_under_its_name() {
    let (hub, story) = told().await;
    hub.account("xuan-luong", "operator", "xuan-luong", None);
    let operator = hub.as_login("xuan-luong").await;
    let before = page(&operator, &format!("/inspect/report?area=xuan-luong&{MONTH}")).await;
    assert!(!before.contains("dong-ky"));
    let admin = hub.as_login("admin").await;
    let province = page(&admin, &format!("/inspect/report?{MONTH}")).await;

    let db = seed::open(&hub.data()).await;
    seed::run(&db, "UPDATE area SET merged_into = 'xuan-luong' WHERE id = 'dong-ky'", &[]).await;
    seed::run(&db, "UPDATE station SET commune = 'xuan-luong' WHERE commune = 'dong-ky'", &[]).await;
    let both = story.count(|t| t.commune != "nghia-phuong");
    assert_eq!(found(&operator, MONTH).await.len() as i64, both, "the past came along");
    assert_eq!(found(&operator, &format!("{MONTH}&by=now")).await.len() as i64, both);
    let was = found(&operator, &format!("{MONTH}&area=dong-ky")).await;
    assert_eq!(was.len() as i64, story.count(|t| t.commune == "dong-ky"));
    assert!(was.iter().all(|row| row.contains("Xã Đồng Kỳ (đã sáp nhập)")));
    let after = page(&admin, &format!("/inspect/report?{MONTH}")).await;
    let figures = |page: &str| {
        let text = visible(page).replace(" (đã sáp nhập)", "");
        text.lines().filter(|l| !l.contains("Số liệu lập lúc")).map(str::to_owned).collect::<Vec<_>>()
    };
    // Only the order of the list in the form changes.
    let paper = |lines: Vec<String>| lines.into_iter().skip_while(|l| l != "BÁO CÁO").collect::<Vec<_>>();
    assert_eq!(paper(figures(&province)), paper(figures(&after)), "a merger changes no past figure");
}

#[tokio::test]
async fn what_stations_wrote_is_shown_and_never_run() {
    let (hub, _) = told().await;
    let admin = hub.as_login("admin").await;
    let log = seed::key("xuan-luong-1").id();
    let mut shown = 0;
    for path in [
        format!("/inspect?{MONTH}"),
        "/inspect/day/xuan-luong-1/2026-11-01".into(),
        format!("/inspect/record/{log}/2"),
        format!("/inspect/report?{MONTH}"),
        "/inspect/sheet/xuan-luong-1/2026-11-02".into(),
        "/inspect/bundle".into(),
    ] {
        let html = page(&admin, &path).await;
        assert!(!html.contains("<script") && !html.contains("<thôn"), "{path}");
        shown += usize::from(visible(&html).contains(EVIL));
    }
    assert!(shown >= 3, "and it is shown as it is");
}

#[tokio::test]
async fn a_page_tells_the_same_in_both_languages() {
    let (hub, _) = told().await;
    let log = seed::key("xuan-luong-1").id();
    let vietnamese = hub.as_login("admin").await;
    let english = hub.as_login("admin").await.english();
    for (name, path) in [
        ("search", "/inspect?from=2026-11-01&to=2026-11-02".to_owned()),
        ("grid", "/inspect/grid?month=2026-11&area=yen-the".into()),
        ("day", "/inspect/day/xuan-luong-1/2026-11-02".into()),
        ("record", format!("/inspect/record/{log}/2")),
        ("report", format!("/inspect/report?{MONTH}")),
        ("sheet", "/inspect/sheet/xuan-luong-1/2026-11-02".into()),
        ("bundle", "/inspect/bundle?from=2026-11-01&to=2026-11-02".into()),
    ] {
        for (lang, browser) in [("vi", &vietnamese), ("en", &english)] {
            let text = visible(&page(browser, &path).await);
            // The hour of making is the only thing that no story fixes.
            let made = text.lines().filter(|l| !l.contains("Số liệu lập lúc") && !l.contains("Counted on"));
            insta::assert_snapshot!(format!("inspect_{name}_{lang}"), made.collect::<Vec<_>>().join("\n"));
        }
    }
}
