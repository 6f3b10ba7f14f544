//! A pass in words and as JSON.

use serde_json::{Value, json};

use super::Synced;
use crate::text::{Lang, Text, sync as words};

impl Synced {
    /// What a person reads after a pass, a line each.
    pub fn lines(&self) -> Vec<Text> {
        let mut lines = vec![match &self.refused {
            Some(refusal) => words::done_refused(refusal.text()),
            None => words::done_fresh(self.feed.versions.get("timestamp").copied().unwrap_or(0)),
        }];
        lines.extend(self.feed.stale.iter().map(|(what, why)| words::done_stale(what, why)));
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
