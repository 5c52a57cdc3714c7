//! The canonical order and layout of declarations: what `dynamorm fmt` makes of them.
//!
//! Only order without a meaning is changed. Declarations, fields, variants and rules stay in the order in which they were
//! written; a table's indexes follow it, and settings stand in the order in which they are documented.

mod gap;
mod order;
mod value;

use gap::Gap;
use order::Place;
use std::collections::BTreeMap;
use toml_edit::{DocumentMut, Item, Key, Table, Value};

/// The declarations in their canonical form. The text is TOML; nothing if it is not.
pub(super) fn canonical(text: &str) -> Option<String> {
    let document: DocumentMut = text.parse().ok()?;
    let mut sections = vec![Section { path: Vec::new(), table: document.as_table(), is_element: false }];
    collect(document.as_table(), &[], &mut sections);
    let header = take_header(&sections, document.trailing().as_str().unwrap_or_default());
    sort(&mut sections);
    let mut writer = Writer { text: String::new(), header: header.clone() };
    writer.header(&header);
    for section in &sections {
        writer.section(section);
    }
    let mut end = Gap::before(document.trailing().as_str().unwrap_or_default()).lines;
    if sections.len() == 1 && sections[0].table.is_empty() {
        end.drain(..header.len().min(end.len()));
    }
    writer.end(&end);
    Some(writer.text)
}

/// A header with what stands under it. The first section is the root, which has no header.
struct Section<'d> {
    path: Vec<&'d Key>,
    table: &'d Table,
    /// Whether it is `[[…]]`, which declarations do not have.
    is_element: bool,
}

fn collect<'d>(table: &'d Table, path: &[&'d Key], sections: &mut Vec<Section<'d>>) {
    for (name, item) in table.iter() {
        let Some(key) = table.key(name) else { continue };
        let path: Vec<&Key> = path.iter().copied().chain([key]).collect();
        match item {
            Item::Table(below) => {
                if !below.is_implicit() && !below.is_dotted() {
                    sections.push(Section { path: path.clone(), table: below, is_element: false });
                }
                collect(below, &path, sections);
            }
            Item::ArrayOfTables(tables) => {
                for below in tables {
                    sections.push(Section { path: path.clone(), table: below, is_element: true });
                    collect(below, &path, sections);
                }
            }
            Item::None | Item::Value(_) => {}
        }
    }
}

/// Puts settings first, and what belongs to a declaration behind it. Declarations stay in their order.
fn sort(sections: &mut [Section<'_>]) {
    let position = |section: &Section<'_>| section.table.position().unwrap_or(-1);
    sections[1..].sort_by_key(position);
    // Which element a table belongs to is told by their order alone.
    if sections.iter().any(|section| section.is_element) {
        return;
    }
    let declaration = |section: &Section<'_>| -> Vec<String> {
        section.path.iter().take(2).map(|key| key.get().to_owned()).collect()
    };
    let mut first: BTreeMap<Vec<String>, isize> = BTreeMap::new();
    for section in &sections[1..] {
        first.entry(declaration(section)).or_insert(position(section));
    }
    sections[1..].sort_by_key(|section| {
        let names: Vec<&str> = section.path.iter().map(|key| key.get()).collect();
        (order::of_section(&names), first[&declaration(section)], order::within_declaration(&names), position(section))
    });
}

/// The comment about the file as a whole: what a blank line parts from the first key or header, and a line for editors.
fn take_header(sections: &[Section<'_>], trailing: &str) -> Vec<String> {
    let root = sections[0].table.get_values();
    let first = match root.first() {
        Some((path, _)) => prefix_of(path).to_owned(),
        None => sections[1..].iter().min_by_key(|section| section.table.position()).map_or_else(
            || trailing.to_owned(),
            |section| section.table.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default().to_owned(),
        ),
    };
    let lines = Gap::before(&first).lines;
    let parted = lines.iter().rposition(String::is_empty).map_or(0, |blank| blank + 1);
    let directive = lines.iter().position(|line| line.starts_with("#:")).map_or(0, |line| line + 1);
    lines[..parted.max(directive)].to_vec()
}

/// What stands before a key.
fn prefix_of<'k>(path: &[&'k Key]) -> &'k str {
    path.last().and_then(|key| key.leaf_decor().prefix()).and_then(|raw| raw.as_str()).unwrap_or_default()
}

struct Writer {
    text: String,
    /// Lines that are written already, and stand before whatever came first in the file.
    header: Vec<String>,
}

impl Writer {
    fn header(&mut self, lines: &[String]) {
        for line in lines {
            self.line(line);
        }
    }

    fn section(&mut self, section: &Section<'_>) {
        let values = section.table.get_values();
        if !section.path.is_empty() {
            let prefix = section.table.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default();
            let lines = self.new_lines(prefix);
            self.blank();
            self.comments(&lines);
            let path = value::path(&section.path);
            let suffix = section.table.decor().suffix().and_then(|raw| raw.as_str()).unwrap_or_default();
            let header = if section.is_element { format!("[[{path}]]") } else { format!("[{path}]") };
            self.line(&with_comment(&header, Gap::after(suffix).same_line.as_deref()));
        }
        let place = section.path.iter().fold(Place::Root, |place, key| place.of_key(key.get()));
        let mut ordered: Vec<&(Vec<&Key>, &Value)> = values.iter().collect();
        ordered.sort_by_key(|(path, _)| place.rank(path[0].get()));
        for (number, (path, value)) in ordered.into_iter().enumerate() {
            let mut lines = self.new_lines(prefix_of(path));
            if number == 0 && lines.first().is_some_and(String::is_empty) {
                lines.remove(0);
            }
            for line in &lines {
                self.line(line);
            }
            let inner = path.iter().fold(place, |place, key| place.of_key(key.get()));
            let suffix = value.decor().suffix().and_then(|raw| raw.as_str()).unwrap_or_default();
            let line = format!("{} = {}", value::path(path), value::text(value, inner, 0));
            self.line(&with_comment(&line, Gap::after(suffix).same_line.as_deref()));
        }
    }

    /// The comments and blank lines before something, without those that were written at the beginning.
    fn new_lines(&mut self, prefix: &str) -> Vec<String> {
        let lines = Gap::before(prefix).lines;
        if !self.header.is_empty() && lines.starts_with(&self.header) {
            let header = std::mem::take(&mut self.header);
            return lines[header.len()..].to_vec();
        }
        lines
    }

    /// Comments before a header, which a blank line parts from what came before.
    fn comments(&mut self, lines: &[String]) {
        let skipped = lines.iter().take_while(|line| line.is_empty()).count();
        for line in &lines[skipped..] {
            self.line(line);
        }
    }

    fn end(&mut self, lines: &[String]) {
        for line in lines {
            self.line(line);
        }
        self.text.truncate(self.text.trim_end().len());
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() {
            return self.blank();
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// One blank line, not at the beginning and not two.
    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
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
    fn dotted_keys_and_quotes_are_kept() {
        assert_formats(
            "table.books.partition_key='isbn'\n[type.Line]\nsku  = \"string\"\n\"@doc\"= \"A line.\"\n",
            "table.books.partition_key = 'isbn'\n\n[type.Line]\n\"@doc\" = \"A line.\"\nsku = \"string\"\n",
        );
    }
}
