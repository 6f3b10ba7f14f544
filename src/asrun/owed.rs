//! Whether each occurrence ends in one outcome, as far as a log alone can tell. Pure.
//!
//! Works on lines as read, not on today's types, so that a newer word in a record hides nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    canon::Json,
    findings::{Remark, Spot},
};

/// What has been begun and what has ended so far.
#[derive(Debug, Default)]
pub(super) struct Owed {
    open: BTreeMap<Of, Spot>,
    slots: BTreeMap<(String, String), Slot>,
}

#[derive(Debug, Default)]
struct Slot {
    ended: BTreeSet<When>,
    runs: Vec<(String, String)>,
}

/// What tells the occurrences of a slot apart: the due instant or, of an urgent order, which repeat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum When {
    Due(String),
    Repeat(i64),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Of {
    slot: (String, String),
    when: When,
}

impl Of {
    fn read(json: &Json) -> Option<Self> {
        let of = json.get("occurrence")?;
        let (area, slot, due) = (of.text("area")?, of.text("slot")?, of.text("due")?);
        let when = match of.get("repeat") {
            Some(Json::Int(n)) if area == "urgent" => When::Repeat(*n),
            _ => When::Due(due.to_owned()),
        };
        Some(Self { slot: (area.to_owned(), slot.to_owned()), when })
    }

    fn name(&self) -> String {
        let (area, slot) = &self.slot;
        match &self.when {
            When::Due(due) => format!("{area}/{slot} {due}"),
            When::Repeat(n) => format!("{area}/{slot} #{n}"),
        }
    }
}

impl Slot {
    fn has(&self, when: &When) -> bool {
        let in_run = |due: &String| self.runs.iter().any(|(first, last)| first <= due && due <= last);
        self.ended.contains(when) || matches!(when, When::Due(due) if in_run(due))
    }

    fn has_within(&self, first: &str, last: &str) -> bool {
        let inside = |when: &When| matches!(when, When::Due(due) if first <= &**due && &**due <= last);
        self.ended.iter().any(inside)
            || self.runs.iter().any(|(from, to)| from.as_str() <= last && first <= to.as_str())
    }
}

impl Owed {
    /// Takes in the next line; tells what is odd about it.
    pub(super) fn take(&mut self, json: &Json, spot: &Spot) -> Option<Remark> {
        let of = Of::read(json)?;
        match json.text("kind")? {
            "intent" => self.begin(of, spot),
            "outcome" => self.end(of, json.get("run")),
            _ => None,
        }
    }

    /// Broadcasts begun that have no outcome, in the order of their lines.
    pub(super) fn open(&self) -> Vec<(Spot, String)> {
        let mut open: Vec<_> = self.open.iter().map(|(of, spot)| (spot.clone(), of.name())).collect();
        open.sort_by_key(|(spot, _)| spot.seq);
        open
    }

    fn begin(&mut self, of: Of, spot: &Spot) -> Option<Remark> {
        let ended = self.slots.get(&of.slot).is_some_and(|slot| slot.has(&of.when));
        let again = ended || self.open.contains_key(&of);
        let name = of.name();
        self.open.insert(of, spot.clone());
        again.then_some(Remark::IntentAgain { of: name })
    }

    fn end(&mut self, of: Of, run: Option<&Json>) -> Option<Remark> {
        let name = of.name();
        let slot = self.slots.entry(of.slot.clone()).or_default();
        let run = run.and_then(|run| Some((run.text("first")?, run.text("last")?)));
        let twice = match run {
            Some((first, last)) => {
                let twice = slot.has_within(first, last);
                slot.runs.push((first.to_owned(), last.to_owned()));
                twice
            }
            None => slot.has(&of.when) || !slot.ended.insert(of.when.clone()),
        };
        self.open.remove(&of);
        twice.then_some(Remark::TwoOutcomes { of: name })
    }
}
