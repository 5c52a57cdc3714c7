//! The layout of a value. Arrays and inline tables on several lines keep one element per line.

use super::columns::{Cell, width};
use super::gap::Gap;
use super::order::Place;
use super::prefix_of;
use toml_edit::{Array, InlineTable, Key, Value};

const INDENT: &str = "    ";

/// A key as it was written, with dots between its parts.
pub(super) fn path(keys: &[&Key]) -> String {
    keys.iter().map(|key| key.display_repr()).collect::<Vec<_>>().join(".")
}

/// The text of a value in a place, within so many levels of elements on separate lines.
pub(super) fn text(value: &Value, place: Place, depth: usize) -> String {
    match value {
        Value::String(value) => value.display_repr().into_owned(),
        Value::Integer(value) => value.display_repr().into_owned(),
        Value::Float(value) => value.display_repr().into_owned(),
        Value::Boolean(value) => value.display_repr().into_owned(),
        Value::Datetime(value) => value.display_repr().into_owned(),
        Value::Array(array) => elements_of(array, place, depth).text(["[", "]"], depth),
        Value::InlineTable(table) => {
            let mut elements = entries_of(table, place, depth);
            elements.all.sort_by_key(|element| element.rank);
            elements.text(["{", "}"], depth)
        }
    }
}

/// The entries of an inline table on one line, each with its original column, relative to the table. `None` if its order or
/// layout changes, or if it has fewer than two entries.
pub(super) fn cells(table: &InlineTable, place: Place) -> Option<Vec<Cell>> {
    let elements = entries_of(table, place, 0);
    let values = table.get_values();
    let is_plain = values.iter().all(|(path, _)| path.len() == 1) && values.len() == elements.all.len();
    if elements.on_lines || !is_plain || values.len() < 2 || !elements.all.is_sorted_by_key(|one| one.rank) {
        return None;
    }
    let mut column = 1;
    let cells = values.iter().zip(elements.all).map(|((path, value), element)| {
        let key = path[0];
        column += width(prefix_of(path));
        let cell = Cell { text: element.text, column };
        let suffix = key.leaf_decor().suffix().and_then(|raw| raw.as_str()).unwrap_or_default();
        column += width(&key.display_repr()) + width(suffix) + "=,".len() + width(&value.to_string());
        cell
    });
    Some(cells.collect())
}

/// The content of brackets.
struct Elements {
    /// A comment after the opening bracket.
    opening: Option<String>,
    all: Vec<Element>,
    /// Comments before the closing bracket.
    closing: Vec<String>,
    on_lines: bool,
}

struct Element {
    rank: usize,
    before: Vec<String>,
    text: String,
    comments: Vec<String>,
}

impl Elements {
    fn new(on_lines: bool) -> Self {
        Elements { opening: None, all: Vec::new(), closing: Vec::new(), on_lines }
    }

    /// Adds an element with the gaps before and after it, up to the comma.
    fn push(&mut self, rank: usize, prefix: &str, text: String, suffix: &str) {
        let gap = Gap::after(prefix);
        self.end_line(gap.same_line);
        let behind = Gap::after(suffix);
        let comments = behind.same_line.into_iter().chain(behind.lines).filter(|line| !line.is_empty());
        self.all.push(Element { rank, before: gap.lines, text, comments: comments.collect() });
    }

    /// Takes the gap before the closing bracket.
    fn close(&mut self, trailing: &str) {
        let gap = Gap::after(trailing);
        self.end_line(gap.same_line);
        self.closing = gap.lines;
    }

    /// Gives a comment to the element or bracket on the same line.
    fn end_line(&mut self, comment: Option<String>) {
        match self.all.last_mut() {
            Some(last) => last.comments.extend(comment),
            None => self.opening = comment,
        }
    }

    fn text(&self, [open, close]: [&str; 2], depth: usize) -> String {
        if !self.on_lines {
            let inside = self.all.iter().map(|element| element.text.as_str()).collect::<Vec<_>>().join(", ");
            let space = if open == "{" && !inside.is_empty() { " " } else { "" };
            return format!("{open}{space}{inside}{space}{close}");
        }
        let indent = INDENT.repeat(depth + 1);
        let mut text = open.to_owned();
        if let Some(comment) = &self.opening {
            text += &format!(" {comment}");
        }
        text.push('\n');
        for (number, element) in self.all.iter().enumerate() {
            for line in element.before.iter().skip_while(|line| number == 0 && line.is_empty()) {
                text += &commented(&indent, line);
            }
            text += &format!("{indent}{},", element.text);
            let (first, more) = element.comments.split_first().unzip();
            text += &first.map(|comment| format!(" {comment}")).unwrap_or_default();
            text.push('\n');
            for line in more.into_iter().flatten() {
                text += &commented(&indent, line);
            }
        }
        let closing: Vec<&String> = self.closing.iter().collect();
        let blanks = closing.iter().rev().take_while(|line| line.is_empty()).count();
        for line in &closing[..closing.len() - blanks] {
            text += &commented(&indent, line);
        }
        text + &INDENT.repeat(depth) + close
    }
}

fn commented(indent: &str, line: &str) -> String {
    if line.is_empty() { String::from("\n") } else { format!("{indent}{line}\n") }
}

fn elements_of(array: &Array, place: Place, depth: usize) -> Elements {
    let gaps = array.iter().flat_map(|value| [prefix(value), suffix(value)]);
    let on_lines = gaps.chain([array.trailing().as_str().unwrap_or_default()]).any(|gap| gap.contains('\n'));
    let mut elements = Elements::new(on_lines);
    for value in array {
        elements.push(0, prefix(value), text(value, place, depth + usize::from(on_lines)), suffix(value));
    }
    elements.close(array.trailing().as_str().unwrap_or_default());
    elements
}

fn entries_of(table: &InlineTable, place: Place, depth: usize) -> Elements {
    let values = table.get_values();
    let gaps = values.iter().flat_map(|(path, value)| [prefix_of(path), suffix(value)]);
    let on_lines = gaps.chain([table.trailing().as_str().unwrap_or_default()]).any(|gap| gap.contains('\n'));
    let mut elements = Elements::new(on_lines);
    for (keys, value) in &values {
        let inner = keys.iter().fold(place, |place, key| place.of_key(key.get()));
        let line = format!("{} = {}", path(keys), text(value, inner, depth + usize::from(on_lines)));
        elements.push(place.rank(keys[0].get()), prefix_of(keys), line, suffix(value));
    }
    elements.close(table.trailing().as_str().unwrap_or_default());
    elements
}

pub(super) fn prefix(value: &Value) -> &str {
    value.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default()
}

pub(super) fn suffix(value: &Value) -> &str {
    value.decor().suffix().and_then(|raw| raw.as_str()).unwrap_or_default()
}
