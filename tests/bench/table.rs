//! What was measured, as one table for people and as JSON. Nothing is printed here that was not measured in this run.

use serde_json::{Value, json};

/// Several measurements of one thing.
#[derive(Debug, Clone, Default)]
pub struct Series(pub Vec<f64>);

impl Series {
    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// The middle one; none of none.
    pub fn median(&self) -> Option<f64> {
        self.sorted().get(self.0.len() / 2).copied()
    }

    fn text(&self, digits: usize) -> String {
        let sorted = self.sorted();
        match (&sorted[..], self.median()) {
            ([least, .., most], Some(median)) => {
                let n = sorted.len();
                format!("{median:.digits$} ({least:.digits$} to {most:.digits$}, n {n})")
            }
            ([one], _) => format!("{one:.digits$} (n 1)"),
            _ => "nothing measured".into(),
        }
    }

    fn json(&self) -> Value {
        let sorted = self.sorted();
        json!({ "median": self.median(), "least": sorted.first(), "most": sorted.last(), "n": sorted.len() })
    }
}

/// What the same thing costs elsewhere.
pub enum Peer {
    /// There is none to compare with.
    None,
    /// There is one, but not on this machine: its name and why not.
    Absent(&'static str, String),
    /// Measured in this run.
    Is(&'static str, Series),
}

/// One line of the table.
pub struct Line {
    pub what: &'static str,
    pub unit: &'static str,
    /// Decimals that the measurement bears.
    pub digits: usize,
    pub ours: Series,
    /// So many of what was to be measured did not sound whole.
    pub lost: usize,
    pub peer: Peer,
    /// What is promised, and whether it is so.
    pub goal: Option<(String, bool)>,
}

impl Line {
    pub fn new(what: &'static str, unit: &'static str, digits: usize, ours: Vec<f64>) -> Self {
        Self { what, unit, digits, ours: Series(ours), lost: 0, peer: Peer::None, goal: None }
    }

    pub fn beside(mut self, name: &'static str, peer: Result<Vec<f64>, String>) -> Self {
        self.peer = match peer {
            Ok(series) if !series.is_empty() => Peer::Is(name, Series(series)),
            Ok(_) => Peer::Absent(name, "nothing measured".into()),
            Err(why) => Peer::Absent(name, why),
        };
        self
    }

    /// The median is to be at most this.
    pub fn at_most(mut self, limit: f64) -> Self {
        let met = self.ours.median().is_some_and(|m| m <= limit);
        self.goal = Some((format!("at most {limit}"), met));
        self
    }

    /// The worst is to be this near to 0.
    pub fn all_within(mut self, limit: f64) -> Self {
        let met = !self.ours.0.is_empty() && self.lost == 0 && self.ours.0.iter().all(|v| v.abs() <= limit);
        self.goal = Some((format!("all within {limit}"), met));
        self
    }

    /// The median is to be at most so many times the peer's; without a peer nothing can be said.
    pub fn at_most_times_peer(mut self, factor: f64) -> Self {
        if let Peer::Is(name, series) = &self.peer
            && let (Some(ours), Some(theirs)) = (self.ours.median(), series.median())
        {
            self.goal = Some((format!("at most {factor} x {name}"), ours <= factor * theirs));
        }
        self
    }

    fn cells(&self) -> [String; 4] {
        let peer = match &self.peer {
            Peer::None => "-".into(),
            Peer::Absent(name, why) => format!("{name}: {why}"),
            Peer::Is(name, series) => format!("{name}: {}", series.text(self.digits)),
        };
        let goal = match &self.goal {
            None => "-".into(),
            Some((goal, met)) => format!("{goal}: {}", if *met { "met" } else { "NOT MET" }),
        };
        let lost = if self.lost > 0 { format!(", {} NOT WHOLE", self.lost) } else { String::new() };
        [format!("{}, {}", self.what, self.unit), self.ours.text(self.digits) + &lost, peer, goal]
    }

    fn json(&self) -> Value {
        let peer = match &self.peer {
            Peer::None => Value::Null,
            Peer::Absent(name, why) => json!({ "name": name, "absent": why }),
            Peer::Is(name, series) => json!({ "name": name, "figures": series.json() }),
        };
        let goal = self.goal.as_ref().map(|(goal, met)| json!({ "text": goal, "met": met }));
        json!({ "what": self.what, "unit": self.unit, "figures": self.ours.json(), "lost": self.lost, "peer": peer, "goal": goal })
    }
}

/// The table in Markdown, so that it can be put into a page as it is.
pub fn text(lines: &[Line]) -> String {
    let head = ["figure", "loaxa", "beside it", "goal"].map(str::to_owned);
    let mut rows = vec![head];
    rows.extend(lines.iter().map(Line::cells));
    let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3].map(width);
    let mut out = String::new();
    for (i, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(widths) {
            out += &format!("| {cell:<width$} ");
        }
        out += "|\n";
        if i == 0 {
            out += &widths.map(|w| format!("|{}", "-".repeat(w + 2))).concat();
            out += "|\n";
        }
    }
    out
}

pub fn json(machine: &str, lines: &[Line]) -> Value {
    json!({ "machine": machine, "lines": lines.iter().map(Line::json).collect::<Vec<_>>() })
}
