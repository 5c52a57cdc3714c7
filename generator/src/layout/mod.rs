//! The canonical order and layout of declarations, which `dynamorm fmt` and `dynamorm import` write.
//!
//! Only meaningless order changes. Declarations, fields, variants and rules keep their order. A table's indexes follow the table,
//! and settings get their documented order.

mod columns;
mod gap;
mod order;
mod value;

use columns::{Cell, Row, width};
use gap::Gap;
use order::Place;
use std::collections::BTreeMap;
use toml_edit::{DocumentMut, Item, Key, Table, Value};

/// The declarations in their canonical form; `None` if the text is not TOML.
///
/// All lines end like the first one, so a file keeps its line ends.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let ends_in_crlf = text.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r'));
    let canonical = with_line_feeds(&text.replace("\r\n", "\n"))?;
    Some(if ends_in_crlf { canonical.replace('\n', "\r\n") } else { canonical })
}

fn with_line_feeds(text: &str) -> Option<String> {
    let document: DocumentMut = text.parse().ok()?;
    let end = Gap::before(document.trailing().as_str().unwrap_or_default()).lines;
    let mut sections = sections(document.as_table());
    let header = take_header(&mut sections);
    sort(&mut sections);
    let mut writer = Writer::default();
    writer.lines(&header);
    for section in &sections {
        writer.section(section);
    }
    writer.lines(&end);
    Some(writer.finish())
}

/// A header with its content. The first section is the root, which has no header.
struct Section<'d> {
    path: Vec<&'d Key>,
    table: &'d Table,
    /// Whether it is `[[…]]`, which declarations do not have.
    is_element: bool,
    /// Comments and blank lines before the header.
    before: Vec<String>,
    values: Vec<Assignment<'d>>,
    /// Comments after the last value that a blank line separates from the next header.
    after: Vec<String>,
}

/// A key with its value.
struct Assignment<'d> {
    path: Vec<&'d Key>,
    value: &'d Value,
    /// Comments and blank lines before the key.
    before: Vec<String>,
}

impl<'d> Section<'d> {
    fn new(path: Vec<&'d Key>, table: &'d Table, is_element: bool) -> Self {
        let prefix = table.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default();
        let assignment = |(path, value): (Vec<&'d Key>, &'d Value)| {
            let before = Gap::before(prefix_of(&path)).lines;
            Assignment { path, value, before }
        };
        Section {
            path,
            table,
            is_element,
            before: Gap::before(prefix).lines,
            values: table.get_values().into_iter().map(assignment).collect(),
            after: Vec::new(),
        }
    }

    fn position(&self) -> isize {
        self.table.position().unwrap_or(-1)
    }
}

/// All sections in the order of the text.
fn sections(root: &Table) -> Vec<Section<'_>> {
    let mut sections = vec![Section::new(Vec::new(), root, false)];
    collect(root, &[], &mut sections);
    sections[1..].sort_by_key(Section::position);
    for next in 1..sections.len() {
        let is_first = next == 1 && sections[0].values.is_empty();
        let before = &mut sections[next].before;
        let blank = before.iter().position(String::is_empty);
        // The first comment of a file is about the file.
        if let Some(blank) = blank.filter(|_| !is_first) {
            sections[next - 1].after = before.drain(..blank).collect();
        }
    }
    sections
}

fn is_first_line_blank(lines: &[String]) -> bool {
    lines.first().is_some_and(String::is_empty)
}

fn collect<'d>(table: &'d Table, path: &[&'d Key], sections: &mut Vec<Section<'d>>) {
    for (name, item) in table.iter() {
        let Some(key) = table.key(name) else { continue };
        let path: Vec<&Key> = path.iter().copied().chain([key]).collect();
        match item {
            Item::Table(below) => {
                if !below.is_implicit() && !below.is_dotted() {
                    sections.push(Section::new(path.clone(), below, false));
                }
                collect(below, &path, sections);
            }
            Item::ArrayOfTables(tables) => {
                for below in tables {
                    sections.push(Section::new(path.clone(), below, true));
                    collect(below, &path, sections);
                }
            }
            Item::None | Item::Value(_) => {}
        }
    }
}

/// Puts settings first, and the parts of a declaration after it. Declarations keep their order.
fn sort(sections: &mut [Section<'_>]) {
    for section in sections.iter_mut() {
        let place = place_of(section);
        section.values.sort_by_key(|assignment| place.rank(assignment.path[0].get()));
    }
    // Only the order tells which element a table belongs to.
    if sections.iter().any(|section| section.is_element) {
        return;
    }
    let declaration = |section: &Section<'_>| -> Vec<String> {
        section.path.iter().take(2).map(|key| key.get().to_owned()).collect()
    };
    let mut first: BTreeMap<Vec<String>, isize> = BTreeMap::new();
    for section in &sections[1..] {
        first.entry(declaration(section)).or_insert(section.position());
    }
    sections[1..].sort_by_key(|section| {
        let names: Vec<&str> = section.path.iter().map(|key| key.get()).collect();
        let of_declaration = first[&declaration(section)];
        (order::of_section(&names), of_declaration, order::within_declaration(&names), section.position())
    });
}

fn place_of(section: &Section<'_>) -> Place {
    section.path.iter().fold(Place::Root, |place, key| place.of_key(key.get()))
}

/// Takes the comment about the whole file from the first comments: everything before a blank line, and a line for editors.
fn take_header(sections: &mut [Section<'_>]) -> Vec<String> {
    let is_rootless = sections[0].values.is_empty();
    let first = match sections {
        [_, first, ..] if is_rootless => &mut first.before,
        [root, ..] => match root.values.first_mut() {
            Some(first) => &mut first.before,
            None => return Vec::new(),
        },
        [] => return Vec::new(),
    };
    let parted = first.iter().rposition(String::is_empty).map_or(0, |blank| blank + 1);
    let directive = first.iter().position(|line| line.starts_with("#:")).map_or(0, |line| line + 1);
    first.drain(..parted.max(directive)).collect()
}

/// The gap before a key.
fn prefix_of<'k>(path: &[&'k Key]) -> &'k str {
    path.last().and_then(|key| key.leaf_decor().prefix()).and_then(|raw| raw.as_str()).unwrap_or_default()
}

/// A key with its value, as cells that can be aligned.
fn row(assignment: &Assignment<'_>, place: Place, block: usize) -> Row {
    let Assignment { path, value, .. } = assignment;
    let place = path.iter().fold(place, |place, key| place.of_key(key.get()));
    let key = value::path(path);
    let suffix = path.last().and_then(|key| key.leaf_decor().suffix()).and_then(|raw| raw.as_str());
    let equals = width(&key) + width(suffix.unwrap_or_default());
    let written = value.to_string();
    let end = equals + 1 + width(written.trim_end_matches(value::suffix(value)));
    let comment = Gap::after(value::suffix(value)).same_line.map(|text| {
        let gap = value::suffix(value);
        Cell { text, column: end + width(gap) - width(gap.trim_start()) }
    });
    let start = equals + 1 + width(value::prefix(value));
    let entries = value.as_inline_table().and_then(|table| value::cells(table, place));
    let (mut cells, mut rest) = (vec![Cell { text: key, column: 0 }], String::new());
    match entries {
        Some(entries) => {
            let last = entries.len() - 1;
            cells.extend(entries.into_iter().enumerate().map(|(number, Cell { text, column })| Cell {
                text: format!(
                    "{}{text}{}",
                    if number == 0 { "= { " } else { "" },
                    if number == last { " }" } else { "," }
                ),
                column: if number == 0 { equals } else { start + column },
            }));
        }
        None => {
            let mut text = format!("= {}", value::text(value, place, 0));
            if let Some(end) = text.find('\n') {
                rest = text.split_off(end);
            }
            cells.push(Cell { text, column: equals });
        }
    }
    Row { cells, comment, block, rest }
}

#[derive(Default)]
struct Writer {
    text: String,
}

impl Writer {
    fn section(&mut self, section: &Section<'_>) {
        if !section.path.is_empty() {
            self.line("");
            self.lines(&section.before);
            let path = value::path(&section.path);
            let suffix = section.table.decor().suffix().and_then(|raw| raw.as_str()).unwrap_or_default();
            let header = if section.is_element { format!("[[{path}]]") } else { format!("[{path}]") };
            self.line(&with_comment(&header, Gap::after(suffix).same_line.as_deref()));
        }
        let place = place_of(section);
        let mut block = 0;
        let rows = section.values.iter().map(|assignment| {
            block += usize::from(!assignment.before.is_empty());
            row(assignment, place, block)
        });
        let rows: Vec<Row> = rows.collect();
        for (number, (assignment, line)) in section.values.iter().zip(columns::lines(&rows)).enumerate() {
            let before = &assignment.before;
            let skipped = usize::from(number == 0 && is_first_line_blank(before));
            self.lines(&before[skipped..]);
            self.line(&line);
        }
        self.lines(&section.after);
    }

    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.line(line);
        }
    }

    /// Adds a line. A blank line is dropped at the beginning and after another.
    fn line(&mut self, line: &str) {
        if !line.is_empty() || !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text
    }
}

fn with_comment(text: &str, comment: Option<&str>) -> String {
    match comment {
        Some(comment) => format!("{text} {comment}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_formats(written: &str, expected: &str) {
        let text = canonical(written).expect("TOML");
        assert_eq!(text, expected);
        assert_eq!(canonical(&text).as_deref(), Some(expected), "not idempotent");
    }

    #[test]
    fn settings_stand_in_the_documented_order() {
        assert_formats(
            "[table.books]\nsort_key=\"year\"\n  partition_key   =  \"isbn\"\n",
            "[table.books]\npartition_key = \"isbn\"\nsort_key = \"year\"\n",
        );
    }

    #[test]
    fn fields_and_rules_stay_in_their_order() {
        let text = "[model.Book.schema]\nz = \"string\"\na = { type = \"string\", validate = { email = true, ascii = true } }\n";
        assert_formats(text, text);
    }

    #[test]
    fn indexes_follow_their_table_and_a_schema_its_model() {
        assert_formats(
            "[model.A.schema]\nid = \"u8\"\n[table.a.global_index.by-x]\npartition_key = \"x\"\n[model.A]\ntable = \"a\"\n[table.a]\npartition_key = \"id\"\n[generate]\noutput = \"src\"\n",
            "[generate]\noutput = \"src\"\n\n[model.A]\ntable = \"a\"\n\n[model.A.schema]\nid = \"u8\"\n\n[table.a]\npartition_key = \"id\"\n\n[table.a.global_index.by-x]\npartition_key = \"x\"\n",
        );
    }

    #[test]
    fn comments_stay_with_what_they_are_about() {
        assert_formats(
            "# The file.\n\n# The table.\n[table.a]   # here\nsort_key = \"b\"# sorted\n# The key.\npartition_key = \"a\"\n\n\n# The end.\n",
            "# The file.\n\n# The table.\n[table.a] # here\n# The key.\npartition_key = \"a\"\nsort_key = \"b\" # sorted\n\n# The end.\n",
        );
    }

    #[test]
    fn settings_in_comments_stay_in_their_section() {
        assert_formats(
            "[table.a]\npartition_key = \"a\"\n# sort_key = \"b\"\n\n[model.A]\ntable = \"a\"\n# The end.\n",
            "[table.a]\npartition_key = \"a\"\n# sort_key = \"b\"\n\n[model.A]\ntable = \"a\"\n# The end.\n",
        );
    }

    #[test]
    fn the_line_for_editors_stays_first() {
        assert_formats(
            "#:schema ./models.schema.json\n[table.a]\npartition_key = \"a\"\n[generate]\noutput = \"x\"\n",
            "#:schema ./models.schema.json\n\n[generate]\noutput = \"x\"\n\n[table.a]\npartition_key = \"a\"\n",
        );
    }

    #[test]
    fn arrays_of_several_lines_keep_them_and_their_comments() {
        assert_formats(
            "[enum.A]\nvariants = [ # all\n\"a\", # first\n  # before b\n  {name=\"b\"} # second\n # last\n]\n",
            "[enum.A]\nvariants = [ # all\n    \"a\", # first\n    # before b\n    { name = \"b\" }, # second\n    # last\n]\n",
        );
    }

    #[test]
    fn a_file_of_comments_is_kept() {
        assert_formats("# Nothing yet.\n\n\n# Really.", "# Nothing yet.\n\n# Really.\n");
        assert_formats("", "");
    }

    #[test]
    fn what_stands_below_each_other_stays_so() {
        assert_formats(
            "[table.a]\nsort_key      = \"b\"   # sorted\npartition_key = \"a\"   # kept\n",
            "[table.a]\npartition_key = \"a\" # kept\nsort_key      = \"b\" # sorted\n",
        );
        let text = "[model.A.schema]\nisbn   = { type = \"string\",  doc = \"An ISBN.\" }\nauthor = { type = \"string?\", doc = \"Who.\" }  # also\ntags   = \"set<string>\"                       # both\n";
        let expected = text.replace("}  # also", "} # also").replace("  # both", " # both");
        assert_formats(text, &expected);
    }

    #[test]
    fn blocks_are_aligned_by_themselves_or_all_together() {
        let text =
            "[model.A.schema]\na   = \"u8\"\nbcd = \"u8\"\n\n# More.\nlonger = \"u8\"\nx      = \"u8\"\n";
        assert_formats(text, text);
        let text = "[model.A.schema]\na      = \"u8\"\nbcd    = \"u8\"\n\n# More.\nlonger = \"u8\"\n";
        assert_formats(text, text);
    }

    #[test]
    fn what_was_not_aligned_is_not() {
        assert_formats(
            "[model.A.schema]\na  = \"u8\"\nbcd = \"u8\"   # one\ne = { type=\"u8\",   doc = \"x\" }\n",
            "[model.A.schema]\na = \"u8\"\nbcd = \"u8\" # one\ne = { type = \"u8\", doc = \"x\" }\n",
        );
    }

    #[test]
    fn line_ends_stay_what_they_are() {
        let text = "[model.A]\ndoc = \"\"\"\nOne.\n\nTwo.\"\"\"\nserde = [\n    1, # one\n]\n";
        assert_formats(text, text);
        let crlf = text.replace('\n', "\r\n");
        assert_formats(&crlf, &crlf);
        assert_formats(
            "[model.A]\r\ndoc = \"\"\"\nOne.\"\"\"\n",
            "[model.A]\r\ndoc = \"\"\"\r\nOne.\"\"\"\r\n",
        );
    }

    #[test]
    fn dotted_keys_and_quotes_are_kept() {
        assert_formats(
            "table.books.partition_key='isbn'\n[type.Line]\nsku  = \"string\"\n\"@doc\"= \"A line.\"\n",
            "table.books.partition_key = 'isbn'\n\n[type.Line]\n\"@doc\" = \"A line.\"\nsku = \"string\"\n",
        );
    }
}
