//! saphyr-parser's events as a tree of nodes with positions.

use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::explain::{self, Step};
use crate::{
    fault::{Faults, Place},
    text::schedule as words,
};

/// Lists and blocks within each other. A schedule needs five.
const MAX_DEPTH: usize = 16;
/// How a value that is not there reaches a field that must be text: no text of ours is only this.
pub const BLANK: &str = "~";
/// Characters of a key; libyaml wants fewer than 1,024.
const MAX_KEY: usize = 200;

/// A value of the file.
#[derive(Debug, Clone)]
pub enum Node {
    /// Text as meant (quotes and escapes undone), and whether it stood without quotes.
    Scalar { text: String, plain: bool },
    /// `[a, b]` or lines that begin with `-`.
    List(Vec<Node>),
    /// `key: value` lines or `{ key: value }`.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The keys of a map; none otherwise.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let entries: &[(String, Node)] = if let Self::Map(entries) = self { entries } else { &[] };
        entries.iter().map(|(key, _)| key.as_str())
    }

    /// Whether it is a map whose `id` is this.
    fn has_id(&self, wanted: &str) -> bool {
        let entries: &[(String, Self)] = if let Self::Map(entries) = self { entries } else { &[] };
        let is = |value: &Self| matches!(value, Self::Scalar { text, .. } if text == wanted);
        entries.iter().any(|(key, value)| key == "id" && is(value))
    }

    /// The same tree in flow style on one line: what serde_yaml gets to read, and what remedies quote.
    pub fn emit(&self, out: &mut String) {
        match self {
            Self::Scalar { text, plain } => emit_scalar(text, *plain, out),
            Self::List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    item.emit(out);
                }
                out.push(']');
            }
            Self::Map(entries) => {
                out.push('{');
                for (i, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    quote(key, out);
                    out.push_str(": ");
                    value.emit(out);
                }
                out.push('}');
            }
        }
    }
}

/// Unquoted words that are not text (YAML 1.2.2 §10.3.2, core schema) stay unquoted; all else is quoted.
fn emit_scalar(text: &str, plain: bool, out: &mut String) {
    let number = || {
        text.bytes().any(|b| b.is_ascii_digit())
            && text.len() <= 64
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b'_'))
    };
    match text {
        "" | "~" | "null" | "Null" | "NULL" if plain => out.push_str(BLANK),
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" if plain => out.push_str(text),
        _ if plain && number() => out.push_str(text),
        _ => quote(text, out),
    }
}

/// In double quotes (YAML 1.2.2 §7.3.1). C1 controls and line separators are escaped as libyaml wants.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\U{:08X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[derive(Debug, Clone, Copy)]
struct Mark {
    line: u32,
    column: u32,
    /// Characters before the text itself, where each character of the text stands for itself in the file.
    lead: Option<u32>,
}

/// Where each value of a file stands. Paths are like `slots[2].cron`; the whole is the empty path.
#[derive(Debug, Clone, Default)]
pub struct Positions {
    file: String,
    values: HashMap<String, Mark>,
    keys: HashMap<String, Mark>,
}

impl Positions {
    /// The place of the value at `path`, or of the nearest thing around it that the file has.
    pub fn at(&self, path: &str) -> Place {
        let mut path = path;
        loop {
            if let Some(mark) = self.values.get(path) {
                return self.place(mark, 0);
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None if path.is_empty() => return Place::file(&*self.file),
                None => path = "",
            }
        }
    }

    /// The place of the key that names the value at `path`; like [`Positions::at`] for list entries.
    pub fn key(&self, path: &str) -> Place {
        self.keys.get(path).map_or_else(|| self.at(path), |mark| self.place(mark, 0))
    }

    /// The place of the `column`-th character, from 1, of the text at `path`.
    pub fn inside(&self, path: &str, column: u32) -> Place {
        match self.values.get(path) {
            Some(mark) => self.place(mark, mark.lead.map_or(0, |lead| lead + column.saturating_sub(1))),
            None => self.at(path),
        }
    }

    /// Whether the file has a value at `path`.
    pub fn has(&self, path: &str) -> bool {
        self.values.contains_key(path)
    }

    /// The file as the person named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What stands at `old` in the block at `path` is found as `new` too.
    pub(super) fn rename(&mut self, path: &[Step], old: &str, new: &str) {
        let path = explain::show(path);
        let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let (old, new) = (below(old), below(new));
        for marks in [&mut self.values, &mut self.keys] {
            let moved: Vec<_> =
                marks.iter().filter_map(|(at, mark)| Some((at.strip_prefix(&old)?, *mark))).collect();
            let moved: Vec<_> =
                moved.into_iter().map(|(rest, mark)| (format!("{new}{rest}"), mark)).collect();
            marks.extend(moved);
        }
    }

    fn place(&self, mark: &Mark, right: u32) -> Place {
        Place { file: self.file.clone(), line: mark.line, column: mark.column + right }
    }
}

/// Which entries of one list of the top level are kept: those whose `id` is this.
#[derive(Debug, Clone, Copy)]
pub struct Only<'a> {
    /// The list's key.
    pub list: &'a str,
    /// The wanted id.
    pub id: &'a str,
}

/// Parses `text`, after a byte order mark if there is one.
pub fn parse(file: &str, text: &str) -> Result<(Node, Positions), Faults> {
    parse_some(file, text, None)
}

/// Parses `text` and keeps `only` some entries: memory then does not grow with the others.
pub fn parse_some<'a>(
    file: &str,
    text: &'a str,
    only: Option<Only<'a>>,
) -> Result<(Node, Positions), Faults> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let positions = Positions { file: file.to_owned(), ..Positions::default() };
    let mut builder =
        Builder { parser: Parser::new_from_str(text), text, positions, faults: Faults::default(), only };
    match builder.document() {
        Ok(node) => builder.faults.or((node, builder.positions)),
        Err(Stop) => Err(super::sorted(builder.faults)),
    }
}

/// A fault after which the rest of the file cannot be read; it has been noted.
struct Stop;

struct Builder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    text: &'a str,
    positions: Positions,
    faults: Faults,
    only: Option<Only<'a>>,
}

impl<'a> Builder<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Stop> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(self.broken(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn document(&mut self) -> Result<Node, Stop> {
        let root = loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
                Event::StreamEnd => return Err(self.empty()),
                event => break self.node(event, span, String::new(), 0)?,
            }
        };
        if matches!(&root, Node::Scalar { text, plain: true } if text.is_empty()) {
            return Err(self.empty());
        }
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(root),
                (Event::DocumentStart(_), span) => {
                    let place = self.place(span);
                    self.faults.push(place, words::second_document(), words::second_document_remedy());
                    return Err(Stop);
                }
                _ => {}
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, path: String, depth: usize) -> Result<Node, Stop> {
        let place = self.place(span);
        let mark = Mark { line: place.line, column: place.column, lead: None };
        if depth > MAX_DEPTH {
            self.faults.push(place, words::too_deep(MAX_DEPTH), words::too_deep_remedy());
            return Err(Stop);
        }
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag)
            | Event::SequenceStart(anchor, tag)
            | Event::MappingStart(anchor, tag) => (*anchor, tag.is_some()),
            Event::Alias(_) => (1, false),
            _ => (0, false),
        };
        if anchor != 0 {
            self.faults.push(place.clone(), words::alias(), words::alias_remedy());
        } else if tag {
            self.faults.push(place.clone(), words::tag(), words::tag_remedy());
        }
        match event {
            Event::Scalar(text, style, ..) => {
                let text = text.into_owned();
                let lead = u32::from(style != ScalarStyle::Plain);
                let length = text.chars().count() + 2 * lead as usize;
                let exact = span.start.line() == span.end.line() && span.len() == length;
                self.positions.values.insert(path, Mark { lead: exact.then_some(lead), ..mark });
                Ok(Node::Scalar { text, plain: style == ScalarStyle::Plain })
            }
            Event::SequenceStart(..) => {
                self.positions.values.insert(path.clone(), mark);
                self.list(&path, depth)
            }
            Event::MappingStart(..) => {
                self.positions.values.insert(path.clone(), mark);
                self.map(&path, depth)
            }
            _ => {
                self.positions.values.insert(path, mark);
                Ok(Node::Scalar { text: String::new(), plain: true })
            }
        }
    }

    fn list(&mut self, path: &str, depth: usize) -> Result<Node, Stop> {
        let only = self.only.filter(|only| only.list == path);
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd | Event::StreamEnd) {
                return Ok(Node::List(items));
            }
            let here = format!("{path}[{}]", items.len());
            let Some(only) = only else {
                items.push(self.node(event, span, here, depth + 1)?);
                continue;
            };
            let own = Positions { file: self.positions.file.clone(), ..Positions::default() };
            let others = std::mem::replace(&mut self.positions, own);
            let item = self.node(event, span, here, depth + 1);
            let own = std::mem::replace(&mut self.positions, others);
            let item = item?;
            if item.has_id(only.id) {
                self.positions.values.extend(own.values);
                self.positions.keys.extend(own.keys);
                items.push(item);
            }
        }
    }

    fn map(&mut self, path: &str, depth: usize) -> Result<Node, Stop> {
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd | Event::StreamEnd) {
                return Ok(Node::Map(entries));
            }
            let place = self.place(span);
            let key = match event {
                Event::Scalar(text, ..) if text.chars().count() <= MAX_KEY => text.into_owned(),
                _ => {
                    self.faults.push(place, words::odd_key(), words::odd_key_remedy());
                    return Err(Stop);
                }
            };
            let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let mark = Mark { line: place.line, column: place.column, lead: None };
            let (event, span) = self.next()?;
            if seen.insert(key.clone()) {
                self.positions.keys.insert(below.clone(), mark);
                let value = self.node(event, span, below, depth + 1)?;
                entries.push((key, value));
            } else {
                self.faults.push(place, words::duplicate_key(&key), words::duplicate_key_remedy());
                self.node(event, span, format!("{below}#again"), depth + 1)?;
            }
        }
    }

    fn place(&self, span: Span) -> Place {
        let line = u32::try_from(span.start.line()).unwrap_or(u32::MAX);
        let column = u32::try_from(span.start.col() + 1).unwrap_or(u32::MAX);
        Place { file: self.positions.file.clone(), line, column }
    }

    fn empty(&mut self) -> Stop {
        self.faults.push(Place::file(&*self.positions.file), words::empty_file(), words::empty_file_remedy());
        Stop
    }

    /// The commonest slips by name; else what the parser says.
    fn broken(&mut self, error: &ScanError) -> Stop {
        let mark = *error.marker();
        let mut place = self.place(Span::empty(mark));
        let line = self.text.lines().nth(mark.line().saturating_sub(1)).unwrap_or_default();
        let indent: String = line.chars().take_while(|c| c.is_whitespace()).collect();
        if let Some(tab) = indent.chars().position(|c| c == '\t') {
            place.column = u32::try_from(tab + 1).unwrap_or(u32::MAX);
            self.faults.push(place, words::tab(), words::tab_remedy());
        } else if let Some((at, c)) = needs_quotes(line) {
            place.column = u32::try_from(at + 1).unwrap_or(u32::MAX);
            self.faults.push(place, words::needs_quotes(c.to_string()), words::needs_quotes_remedy());
        } else {
            self.faults.push(
                place,
                words::unreadable(crate::text::machine::yaml(error.info())),
                words::unreadable_remedy(),
            );
        }
        Stop
    }
}

/// An unquoted value of this line that begins with a sign that YAML reserves, such as `*/5` or `@daily`:
/// its column from 0 and the sign.
fn needs_quotes(line: &str) -> Option<(usize, char)> {
    let chars: Vec<char> = line.chars().collect();
    let starts = |i: usize| {
        let before = &chars[..i];
        let gap = before.iter().rev().take_while(|c| **c == ' ').count();
        let lead = i.checked_sub(gap + 1).map(|at| before[at]);
        gap > 0 && matches!(lead, Some(':' | '-' | '[' | ',' | '{'))
            || matches!(lead, Some('[' | '{') if gap == 0)
    };
    (0..chars.len())
        .find(|&i| matches!(chars[i], '*' | '@' | '&' | '%' | '`' | '!') && starts(i))
        .map(|i| (i, chars[i]))
}
