//! The report: the same figures on paper, in CSV and XLSX, and they are those of the raw records.

use loaxa::bulletin::Category;

use crate::{
    export::{csv, table},
    inspect::{page, told, visible},
    seed::{STATIONS, sent},
};

const MONTH: &str = "from=2026-11-01&to=2026-11-30";

/// Tenths of a minute, as a person rounds.
fn tenths(frames: u64) -> f64 {
    ((frames as f64 / 48_000.0 / 6.0) + 0.5).floor() / 10.0
}

fn vietnamese(figure: f64) -> String {
    format!("{figure:.1}").replace('.', ",")
}

#[tokio::test]
async fn every_face_of_the_report_has_the_figures_of_the_raw_records() {
    let (hub, story) = told().await;
    let admin = hub.as_login("admin").await;
    let html = page(&admin, &format!("/inspect/report?{MONTH}")).await;
    let text = visible(&html);
    let lines: Vec<&str> = text.lines().collect();
    let after = |name: &str, n: usize| {
        let at = lines.iter().position(|l| *l == name).unwrap_or_else(|| panic!("no {name} in {text}"));
        lines[at + 1..=at + n].to_vec()
    };
    let planned: i64 = story.planned.values().sum();
    assert_eq!(after("Lần phát theo lịch", 1), [planned.to_string()]);
    let share =
        |n: i64| format!("{n} ({}%)", vietnamese((n as f64 * 1000.0 / planned as f64 + 0.5).floor() / 10.0));
    assert_eq!(after("Lần đã phát", 1), [share(story.count(sent))]);
    assert_eq!(after("Không phát được", 1), [share(story.count(|t| t.outcome == "missed"))]);
    assert_eq!(after("Chưa có nhật ký", 1), [share(planned - story.count(|_| true))]);
    let (airings, frames, hotline) = story.aired(|_, _, _| true);
    assert_eq!(after("Lượt bản tin", 1), [airings.to_string()]);
    assert_eq!(after("Phút đã phát", 1), [vietnamese(tenths(frames))]);
    assert_eq!(after("Phút có xác nhận", 1), ["0,0"]);
    assert_eq!(after("Lượt nhắc đường dây nóng", 1), [hotline.to_string()]);
    for (name, category) in [
        ("pháp luật, chính sách", Category::Law),
        ("hỗ trợ nạn nhân", Category::Support),
        ("điều tra, xét xử", Category::Justice),
    ] {
        let (airings, frames, hotline) = story.aired(|_, c, _| c == category);
        let reached = ["xuan-luong", "dong-ky", "nghia-phuong"]
            .iter()
            .filter(|commune| story.aired(|t, c, _| c == category && t.commune == **commune).1 > 0)
            .count();
        let told = [
            airings.to_string(),
            vietnamese(tenths(frames)),
            "0,0".into(),
            hotline.to_string(),
            format!("{reached}/4 ({},0%)", reached * 25),
        ];
        assert_eq!(after(name, 5), told, "{name}");
    }
    assert_eq!(after("không phát được: máy tắt", 1), [story.count(|t| t.why == "off").to_string()]);
    assert_eq!(after("4 trên 20 ngày có lịch", 1), ["05/11–08/11"], "the days of which nothing came");
    for head in story.heads.values() {
        assert!(text.contains(&head.hash.to_string()));
    }
    for must in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Từ ngày 01/11/2026 đến hết ngày 30/11/2026",
    ] {
        assert!(text.contains(must), "{must}");
    }

    let rows = csv(&page(&admin, &format!("/inspect/report.csv?{MONTH}")).await);
    let sheet =
        table(admin.get(&format!("/inspect/report.xlsx?{MONTH}")).await.bytes().await.unwrap().to_vec());
    assert_eq!((rows.len(), sheet.len()), (1 + STATIONS.len(), 1 + STATIONS.len()));
    for (row, cells) in rows.iter().zip(&sheet).skip(1) {
        let station = row[2].as_str();
        let of = |t: &crate::seed::Truth| t.station == station;
        let (airings, frames, hotline) = story.aired(|t, _, _| of(t));
        let figures = [
            40.0,
            story.count(|t| of(t) && sent(t)) as f64,
            story.count(|t| of(t) && t.outcome == "played") as f64,
            story.count(|t| of(t) && ["partial", "preempted"].contains(&t.outcome)) as f64,
            story.count(|t| of(t) && t.outcome == "missed") as f64,
            story.count(|t| of(t) && t.outcome == "skipped") as f64,
            airings as f64,
            tenths(frames),
            0.0,
            hotline as f64,
            if station == "nghia-phuong-1" { 4.0 } else { 0.0 },
        ];
        let number = |text: &str| text.parse::<f64>().unwrap();
        assert_eq!(row[3..].iter().map(|c| number(c)).collect::<Vec<_>>(), figures, "{station} in CSV");
        assert_eq!(
            cells[3..].iter().map(|c| number(&c.to_string())).collect::<Vec<_>>(),
            figures,
            "{station} in XLSX"
        );
        let printed = after(station, 8);
        assert_eq!(printed[1], story.count(|t| of(t) && sent(t)).to_string());
        assert_eq!(printed[6], vietnamese(tenths(frames)), "{station} on paper");
    }
}

#[tokio::test]
async fn a_period_that_is_too_long_is_refused_in_words() {
    let (hub, _) = told().await;
    let admin = hub.as_login("admin").await.english();
    let long = admin.get("/inspect/report?from=2025-01-01&to=2026-11-30").await;
    assert_eq!(long.status(), 422);
    assert!(long.text().await.unwrap().contains("longer than 366 days"));
}
