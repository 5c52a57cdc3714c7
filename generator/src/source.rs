//! A file of declarations: its text, and the places of lines and columns.

use crate::diagnostic::{Code, Diagnostic, FileId, Span, is_invisible, quoted};
use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// The largest file, in bytes.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// A text for a comment of one line. Line ends and invisible characters are escaped.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character.is_control() || is_invisible(character) {
            true => shown.extend(character.escape_unicode()),
            false => shown.push(character),
        }
    }
    shown
}

/// A line and a column, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The first line is 1.
    pub line: usize,
    /// The first character of a line is 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// A file's text without byte order mark and with plain line feeds. That changes no line or column numbers, and generated code
/// cannot depend on them.
#[derive(Clone, Debug)]
pub(crate) struct SourceFile {
    id: FileId,
    name: String,
    label: String,
    text: String,
    line_starts: Vec<usize>,
}

impl SourceFile {
    /// Takes a text in memory. `name` is the file's name in findings, and `label` its name in generated code, which must not
    /// depend on the machine.
    pub(crate) fn from_text(id: FileId, name: &str, label: &str, text: &str) -> Result<Self, Diagnostic> {
        if text.len() as u64 > LARGEST_FILE {
            return Err(too_large(name));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Ok(SourceFile { id, name: name.to_owned(), label: visible(label), text, line_starts })
    }

    /// Reads a file of at most 4 MiB.
    pub(crate) fn read(id: FileId, path: &Path, label: &str) -> Result<Self, Diagnostic> {
        let name = path.display().to_string();
        let bytes = match read_bounded(path) {
            Ok(bytes) => bytes,
            Err(_) if path.is_dir() => {
                return Err(Diagnostic::new(
                    Code::FileIsDirectory,
                    format!("{} is a directory", quoted(&name)),
                )
                .help(format!(
                    "name the file in it, such as {}",
                    quoted(&path.join("models.toml").display().to_string())
                )));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Diagnostic::new(Code::FileMissing, format!("{} does not exist", quoted(&name))));
            }
            Err(error) => {
                return Err(Diagnostic::new(
                    Code::FileUnreadable,
                    format!("{} cannot be read: {error}", quoted(&name)),
                )
                .help("make it a file that this user may read"));
            }
        };
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(too_large(&name));
        }
        match String::from_utf8(bytes) {
            Ok(text) => SourceFile::from_text(id, &name, label, &text),
            Err(error) => Err(not_utf8(&name, error.as_bytes(), error.utf8_error().valid_up_to())),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn span(&self, range: std::ops::Range<usize>) -> Span {
        let end = range.end.min(self.text.len());
        Span { file: self.id, start: range.start.min(end), end }
    }

    /// The line and column of a byte.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.line_of(offset);
        let before = self.text.get(self.line_starts[line]..offset).unwrap_or_default();
        Position { line: line + 1, column: before.chars().count() + 1 }
    }

    /// The whole lines from one byte to another: their text, its start, and the first line's number.
    pub(crate) fn lines_around(&self, start: usize, end: usize) -> (&str, usize, usize) {
        let first = self.line_of(start);
        let from = self.line_starts[first];
        let to = self.line_starts.get(self.line_of(end) + 1).copied().unwrap_or(self.text.len());
        (&self.text[from..to], from, first + 1)
    }

    /// The place of a part of a string's content: the part itself if the string is written without escapes, and otherwise the
    /// whole string.
    pub(crate) fn part_of_string(&self, string: Span, content: &str, part: std::ops::Range<usize>) -> Span {
        let written = self.text.get(string.start..string.end).unwrap_or_default();
        let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
        let inside = written.get(quotes..written.len().saturating_sub(quotes));
        if inside == Some(content) && part.start <= part.end && part.end <= content.len() {
            let start = string.start + quotes;
            self.span(start + part.start..start + part.end)
        } else {
            string
        }
    }

    fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }
}

/// Reads at most one byte more than allowed, so even an endless file ends.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn too_large(name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::FileTooLarge,
        format!("{} is larger than 4 MiB, the limit for declarations", quoted(name)),
    )
    .help("divide the declarations among several files, and name them under `include`")
}

fn not_utf8(name: &str, bytes: &[u8], valid: usize) -> Diagnostic {
    let before = String::from_utf8_lossy(&bytes[..valid]);
    let line = before.matches('\n').count() + 1;
    let column =
        before.rsplit('\n').next().unwrap_or_default().trim_start_matches('\u{feff}').chars().count() + 1;
    Diagnostic::new(Code::FileNotUtf8, format!("{} is not UTF-8: line {line}, column {column}", quoted(name)))
        .help("save the file in the UTF-8 encoding")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::from_text(FileId::default(), "models.toml", "models.toml", text).expect("a short text")
    }

    #[test]
    fn columns_count_characters() {
        let file = file("é\t字x\n");
        let at = file.text().find('x').expect("an x");
        assert_eq!(file.position(at), Position { line: 1, column: 4 });
    }

    #[test]
    fn neither_a_byte_order_mark_nor_carriage_returns_move_a_position() {
        let plain = file("a\nbc\n");
        let marked = file("\u{feff}a\r\nbc\r\n");
        assert_eq!(plain.text(), marked.text());
        assert_eq!(marked.position(3), Position { line: 2, column: 2 });
    }

    #[test]
    fn an_offset_past_the_end_has_a_position() {
        assert_eq!(file("ab").position(99).line, 1);
    }
}
