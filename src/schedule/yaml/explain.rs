//! What serde says of a tree, in words for people.
//!
//! serde's own sentences are its interface here (serde 1: `unknown field`, `missing field`, `invalid type`, …); each
//! shape has a test, so a change of wording cannot pass unnoticed.

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::{
    repair,
    tree::{Node, Positions},
};
use crate::{
    fault::Fault,
    text::{Text, schedule as words},
};

/// One step into a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
}

/// What serde stumbled over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A key that the type has not, and those it has.
    Unknown { field: String, known: Vec<String> },
    /// A key that must be there.
    Missing { field: String },
    /// A list where text belongs, and the like: found, expected.
    Type { found: String, expected: String },
    /// A word outside a closed list, and the list.
    Variant { found: String, known: Vec<String> },
    /// What a type's own reader says.
    Other(String),
}

/// A fault of shape: where, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The value meant; of an unknown or missing field, the block that has or lacks it.
    pub path: Vec<Step>,
    /// What is wrong with it.
    pub kind: Kind,
}

/// serde_yaml's reading of the tree.
pub fn deserialize<T: DeserializeOwned>(node: &Node) -> Result<T, Wrong> {
    let mut text = String::new();
    node.emit(&mut text);
    serde_path_to_error::deserialize(serde_yaml::Deserializer::from_str(&text)).map_err(|e| {
        let mut path: Vec<Step> = e.path().iter().filter_map(step).collect();
        let kind = kind(&e.inner().to_string(), &e.path().to_string());
        if let Kind::Unknown { field, .. } | Kind::Missing { field } = &kind
            && path.last() == Some(&Step::Key(field.clone()))
        {
            path.pop();
        }
        Wrong { path, kind }
    })
}

fn step(segment: &Segment) -> Option<Step> {
    match segment {
        Segment::Seq { index } => Some(Step::Index(*index)),
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

fn kind(message: &str, path: &str) -> Kind {
    let message = message.strip_prefix(path).and_then(|m| m.strip_prefix(": ")).unwrap_or(message);
    let message = message.rfind(" at line ").map_or(message, |end| &message[..end]);
    let ticked = |s: &str| s.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let after = |lead: &str| message.find(lead).map(|at| &message[at + lead.len()..]);
    if let Some(rest) = after("unknown field ") {
        let mut names = ticked(rest);
        let field = if names.is_empty() { String::new() } else { names.remove(0) };
        Kind::Unknown { field, known: names }
    } else if let Some(rest) = after("unknown variant ") {
        let mut names = ticked(rest);
        let found = if names.is_empty() { String::new() } else { names.remove(0) };
        Kind::Variant { found, known: names }
    } else if let Some(rest) = after("missing field ") {
        Kind::Missing { field: ticked(rest).into_iter().next().unwrap_or_default() }
    } else if let Some((found, expected)) = after("invalid type: ").and_then(|r| r.rsplit_once(", expected "))
    {
        Kind::Type { found: found.to_owned(), expected: expected.to_owned() }
    } else if let Some((found, expected)) =
        after("invalid value: ").and_then(|r| r.rsplit_once(", expected "))
    {
        Kind::Type { found: found.to_owned(), expected: expected.to_owned() }
    } else {
        Kind::Other(message.to_owned())
    }
}

impl Wrong {
    /// For people, with the example's value where there is one.
    pub fn fault(&self, positions: &Positions, example: Option<&Node>) -> Fault {
        let path = show(&self.path);
        let below = |field: &str| if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") };
        match &self.kind {
            Kind::Unknown { field, known } => Fault {
                place: positions.key(&below(field)),
                what: words::unknown_field(field),
                remedy: match nearest(field, known) {
                    Some(near) => words::unknown_field_near(near),
                    None if known.is_empty() => words::unknown_field_remove(),
                    None => words::unknown_field_known(known.join("`, `")),
                },
            },
            Kind::Missing { field } => Fault {
                place: positions.at(&path),
                what: words::missing_field(field),
                remedy: words::missing_field_remedy(self.example(field, example)),
            },
            Kind::Type { found, .. } if self.path.is_empty() => Fault {
                place: positions.at(""),
                what: words::wrong_file(found_word(found)),
                remedy: words::see_examples(),
            },
            Kind::Type { found, expected } => Fault {
                place: positions.at(&path),
                what: words::wrong_type(self.name(), found_word(found), expected_word(expected)),
                remedy: self.like(example),
            },
            Kind::Variant { found, known } => Fault {
                place: positions.at(&path),
                what: words::wrong_word(self.name(), found),
                remedy: words::wrong_word_remedy(known.join("`, `")),
            },
            Kind::Other(message) => Fault {
                place: positions.at(&path),
                what: words::wrong_value(self.name(), rule(message)),
                remedy: self.like(example),
            },
        }
    }

    fn name(&self) -> String {
        let named = self.path.iter().rev().find_map(|s| match s {
            Step::Key(key) => Some(key.clone()),
            Step::Index(_) => None,
        });
        named.unwrap_or_else(|| "-".to_owned())
    }

    fn like(&self, example: Option<&Node>) -> Text {
        let Some(Step::Key(key)) = self.path.last() else { return self.entry_like(example) };
        let above = Wrong { path: self.path[..self.path.len() - 1].to_vec(), kind: self.kind.clone() };
        words::write_like(above.example(key, example))
    }

    fn entry_like(&self, example: Option<&Node>) -> Text {
        match example.and_then(|e| repair::counterpart(e, &self.path)) {
            Some(node) => words::write_like(format!("- {}", brief(node))),
            None => words::see_examples(),
        }
    }

    /// `field: value` as the example has it below this path.
    fn example(&self, field: &str, example: Option<&Node>) -> String {
        let mut path = self.path.clone();
        path.push(Step::Key(field.to_owned()));
        match example.and_then(|e| repair::counterpart(e, &path)) {
            Some(node) => format!("{field}: {}", brief(node)),
            None => format!("{field}: …"),
        }
    }
}

/// A path as [`Positions`] writes it.
pub fn show(path: &[Step]) -> String {
    let mut out = String::new();
    for step in path {
        match step {
            Step::Index(i) => out.push_str(&format!("[{i}]")),
            Step::Key(key) if out.is_empty() => out.push_str(key),
            Step::Key(key) => out.push_str(&format!(".{key}")),
        }
    }
    out
}

/// A value of the example on one line, as a person would write it; of a list of blocks the first, long ones cut.
fn brief(node: &Node) -> String {
    let text = match node {
        Node::Scalar { text, plain: true } => text.clone(),
        Node::Scalar { .. } => {
            let mut out = String::new();
            node.emit(&mut out);
            out
        }
        Node::List(items) => match items.as_slice() {
            [first @ Node::Map(_), rest @ ..] => {
                format!("[{}{}]", brief(first), if rest.is_empty() { "" } else { ", …" })
            }
            items => format!("[{}]", items.iter().map(brief).collect::<Vec<_>>().join(", ")),
        },
        Node::Map(entries) => {
            let fields: Vec<_> =
                entries.iter().map(|(key, value)| format!("{key}: {}", brief(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    };
    if text.chars().count() > 100 {
        format!("{}…", text.chars().take(97).collect::<String>())
    } else {
        text
    }
}

fn found_word(found: &str) -> Text {
    match found {
        "map" => words::a_block(),
        "sequence" => words::a_list(),
        "unit value" | "null" | "Option value" => words::nothing(),
        other => {
            let value = other.split_once(['`', '"']).map(|(_, v)| v.trim_end_matches(['`', '"']));
            words::the_value(value.unwrap_or(other))
        }
    }
}

fn expected_word(expected: &str) -> Text {
    match expected {
        "a string" | "string" | "str" => words::a_text(),
        "a sequence" => words::a_list(),
        "a boolean" => words::a_bool(),
        "a map" | "map" => words::a_block(),
        e if e.starts_with("struct ") => words::a_block(),
        // A word of a closed list, in serde_yaml's terms.
        e if e.starts_with("a YAML tag") => words::a_text(),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => words::an_integer(),
        "f32" | "f64" => words::a_number(),
        other => Text::same(other),
    }
}

/// The rules that types of ours state in English, in both languages.
fn rule(message: &str) -> Text {
    // Of an item in a list serde_yaml names the list before the message.
    let message = message.rsplit_once(": ").map_or(message, |(_, said)| said);
    if message == crate::ids::NotASlug.to_string() {
        words::rule_slug()
    } else if message == crate::bulletin::NotALanguage.to_string() {
        words::rule_language()
    } else if message == crate::digest::NotADigest.to_string() {
        words::rule_hex()
    } else if CHRONO.contains(&message) {
        words::rule_date()
    } else {
        Text::same(message)
    }
}

/// All that chrono 0.4 says of a day that it cannot read.
const CHRONO: [&str; 6] = [
    "input is out of range",
    "no possible date and time matching input",
    "input is not enough for unique date and time",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];

/// The known name that is meant, if one is near enough: at most a third of the letters differ.
pub fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let (distance, best) = known
        .iter()
        .map(|k| (distance(&name.to_lowercase().replace('-', "_"), k), k))
        .min_by_key(|(d, _)| *d)?;
    (distance <= 1 + best.len() / 4).then_some(best)
}

/// Levenshtein's distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let swap = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = swap.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
