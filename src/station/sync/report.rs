//! A pass in words and as JSON.

use serde_json::{Value, json};

use super::Synced;
use crate::text::{Lang, Text, feed, sync as words};

impl Synced {
    /// What a person reads after a pass, a line each.
    pub fn lines(&self) -> Vec<Text> {
        let mut lines = vec![match &self.refused {
            Some(refusal) => words::done_refused(refusal.text()),
            None => words::done_fresh(self.feed.versions.get("timestamp").copied().unwrap_or(0)),
        }];
        lines.extend(self.feed.stale.iter().map(|(what, why)| words::done_stale(feed::name(what), why)));
        if !self.feed.stale.is_empty() {
            lines.push(words::done_tell());
        }
        lines.extend(self.feed.warnings.values().cloned());
        lines.extend(self.damaged.iter().map(words::done_damaged));
        if !self.fetched.is_empty() {
            lines.push(words::done_fetched(self.fetched.len()));
        }
        if !self.missing.is_empty() {
            lines.push(words::done_missing(self.missing.len()));
        }
        let kb = |bytes: u64| bytes.div_ceil(1_000);
        for missing in &self.missing {
            let (have, length) = (kb(missing.have), kb(missing.length));
            lines.push(words::done_missing_one(&missing.id, have, length, &missing.why));
        }
        lines.extend(self.faults.iter().cloned());
        let mb = |bytes: u64| format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000);
        lines.push(words::done_used(kb(self.bytes), mb(self.usage.today), mb(self.usage.this_month)));
        lines
    }

    /// The answer of `station sync --json`, its sentences in `lang`.
    pub fn json(&self, lang: Lang) -> Value {
        let words = |text: &Text| text.to(lang).to_owned();
        let missing: Vec<Value> = self
            .missing
            .iter()
            .map(|m| json!({"id": m.id, "have": m.have, "length": m.length, "urgent": m.urgent, "why": words(&m.why)}))
            .collect();
        let stale: serde_json::Map<String, Value> =
            self.feed.stale.iter().map(|(what, why)| (what.clone(), words(why).into())).collect();
        json!({
            "ok": self.is_complete(),
            "refused": self.refused.as_ref().map(|r| words(&r.text())),
            "versions": self.feed.versions,
            "stale": stale,
            "fetched": self.fetched,
            "missing": missing,
            "damaged": self.damaged,
            "collected": self.collected,
            "bytes": self.bytes,
            "used_today": self.usage.today,
            "used_this_month": self.usage.this_month,
            "data_budget": self.usage.budget,
            "faults": self.faults.iter().map(words).collect::<Vec<_>>(),
            "cancelled": self.cancelled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        feed::refusal::{Refusal, Why},
        station::{budget::Usage, sync::Missing},
    };

    fn synced() -> Synced {
        let refused = Refusal::new("timestamp", Why::Broken(words::silent("timestamp.json", 30u32)));
        let missing = Missing {
            id: "tin-111".parse().unwrap(),
            have: 1_000,
            length: 223_400,
            urgent: false,
            failed: true,
            why: words::spent(),
        };
        let usage = Usage { today: 1_260_000, this_month: 23_000_000, budget: Some(50_000_000) };
        Synced {
            refused: Some(refused),
            missing: vec![missing],
            damaged: vec!["cu".parse().unwrap()],
            bytes: 1_435,
            usage,
            ..Synced::default()
        }
    }

    #[test]
    fn a_pass_reads_plainly_in_both_languages() {
        let said = |lang| synced().lines().iter().map(|l| l.to(lang).to_owned()).collect::<Vec<_>>();
        let (vi, en) = (said(Lang::Vi), said(Lang::En));
        assert!(vi[0].starts_with("Không cập nhật được nguồn phát, vẫn dùng bản đang có: "), "{}", vi[0]);
        assert_eq!(vi[1], "Tệp của bản tin cu trên ổ đĩa bị sai khác, đã xóa.");
        assert_eq!(
            vi[3],
            "    tin-111: có 1 trong 224 kB; đã dùng hết mức dữ liệu của ngày hôm nay, ngày mai tải tiếp"
        );
        assert_eq!(vi[4], "Lần này dùng 2 kB mạng; hôm nay 1.2 MB, tháng này 23.0 MB.");
        assert_eq!(en[2], "Recordings still missing: 1");
        assert_eq!(en[4], "This pass used 2 kB of the line; today 1.2 MB, this month 23.0 MB.");
    }

    #[test]
    fn the_json_has_a_reason_for_everything() {
        let json = synced().json(Lang::En);
        assert_eq!(
            (&json["ok"], &json["bytes"], &json["used_today"]),
            (&json!(false), &json!(1_435), &json!(1_260_000))
        );
        assert!(json["refused"].as_str().is_some_and(|why| why.contains("No answer for 30 s")));
        assert!(json["missing"][0]["why"].as_str().is_some_and(|why| why.contains("tomorrow")));
    }
}
