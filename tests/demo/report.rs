//! One page in Vietnamese for a person who was not there.

use std::path::Path;

use askama::Template;
use chrono::{DateTime, Utc};

use crate::{
    measure::{Item, Measured},
    picture,
    station::Evening,
};

#[derive(Template)]
#[template(path = "evening.html")]
struct Page {
    day: String,
    picture: String,
    rows: Vec<Row>,
    records: usize,
    head: String,
    silence_db: String,
    fault: Option<String>,
}

struct Row {
    due: String,
    title: String,
    seconds: String,
    late: String,
    outcome: &'static str,
    kind: &'static str,
}

pub fn write(out: &Path, measured: &Measured, evening: &Evening) {
    let zone = chrono_tz::Asia::Ho_Chi_Minh;
    let page = Page {
        day: measured.first_frame.with_timezone(&zone).format("%d/%m/%Y").to_string(),
        picture: picture::svg(measured),
        rows: measured.items.iter().map(row).collect(),
        records: evening.records.len(),
        head: evening
            .records
            .last()
            .and_then(|r| r["prev"].as_str())
            .unwrap_or_default()
            .chars()
            .take(16)
            .collect(),
        silence_db: if measured.outside_db < -150.0 {
            "im lặng tuyệt đối".into()
        } else {
            comma(format!("{:.0} dBFS", measured.outside_db))
        },
        fault: measured.fault(),
    };
    std::fs::write(out.join("report.html"), page.render().expect("the page")).unwrap();
}

fn row(item: &Item) -> Row {
    let due: DateTime<Utc> = item.occurrence["due"].as_str().unwrap().parse().unwrap();
    let urgent = item.occurrence["area"] == "urgent";
    Row {
        due: due.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).format("%H:%M:%S").to_string(),
        title: item.title.clone(),
        seconds: comma(format!("{:.1}", item.frames as f64 / 48_000.0)),
        late: if item.first_of_occurrence {
            comma(format!("{:+.1}", item.late_ms()))
        } else {
            "nối liền".into()
        },
        outcome: match item.outcome.as_str() {
            "played" => "phát đủ",
            "preempted" => "nhường tin khẩn cấp",
            "interrupted" => "bị ngắt vì mất điện",
            "partial" => "phát một phần",
            _ => "khác",
        },
        kind: if urgent { "khẩn cấp" } else { "theo lịch" },
    }
}

/// Vietnamese decimals.
fn comma(text: String) -> String {
    text.replace('.', ",")
}
